"""Each rule alone: a sound sketch passes it, and one thing made wrong is found by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.worlds.sketch import sketch, with_rows, without_rows
from transcaspian.model.balance import broken_margins
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.ids import SourceId
from transcaspian.model.rules import RULES, LeftOut, check, demand, projects, reach, references, services, trust
from transcaspian.model.rules.geometry import great_circle

WORLD = sketch("A--300--B~~C==D\nB--E", countries={"c": "az", "d": "az"})

Spoil = Callable[[Corridor], Corridor]


def edit(table: str, key: str, **values: Any) -> Spoil:
    """Return a function that replaces attributes of a row."""
    return lambda c: with_rows(c, replace(c.table(table)[key], **values))


def add(table: str, /, **values: Any) -> Spoil:
    """Return a function that adds a row."""
    return lambda c: with_rows(c, TABLES[table](**values))


def drop(table: str, *keys: str) -> Spoil:
    """Return a function that takes rows away."""
    return lambda c: without_rows(c, table, *keys)


def both(*spoils: Spoil) -> Spoil:
    """Return a function that does one thing after the other."""

    def spoil(corridor: Corridor) -> Corridor:
        for one in spoils:
            corridor = one(corridor)
        return corridor

    return spoil


def evidence(table: str, key: str, attribute: str, low: float, high: float) -> Spoil:
    return add("evidence", table=table, id=key, attribute=attribute, low=low, high=high, reason="drawn")


def place(name: str, **values: Any) -> Spoil:
    given = {"name": name, "country": "kz", "kind": "city", "lat": 10.0, "lon": 10.0, "timezone": "UTC"}
    return add("places", id=name, **{**given, **values})


def scenario(name: str, extends: str) -> Spoil:
    return add("scenarios", id=name, name=name, extends=extends)


PROJECT = add("projects", id="works", name="Works", kind="hard", opens=2028)
PACKAGE = add("packages", id="deal", name="Deal")
SHOWN = add(
    "package_shipments", package="deal", seq=1, origin="a", destination="e", cargo="1xbox", commodity="goods", via="a"
)  # fmt: skip
STRAY = add("perspective_countries", package="deal", perspective="home", country="kz")


def outlay(**values: Any) -> Spoil:
    given = {"kind": "capital", "item": "all", "amount": 100.0, "currency": "EUR", "price_year": 2025}
    return add("outlays", project="works", seq=1, **{**given, "from_year": 2026, "until_year": 2027, **values})


def port(series: str) -> Spoil:
    numbers = ("moves", "cycle", "ships", "teu", "minutes_before", "minutes_after", "cranes", "nominal")
    shares: dict[str, Any] = {"load": 0.8, "wind_before": 0.2, "wind_after": 0.1, "teu_box": 1.8, "quay": 0.0}
    place = {"id": "boxes", "project": "works", "place": "aktau", "series": series}
    return add("port_ladders", **place, **dict.fromkeys(numbers, 2.0), **shares)


def leg(instrument: str, amount: float) -> Spoil:
    return add(
        "financing_legs", project="works", financier="Bank", instrument=instrument, side="ifi", amount=amount,
        currency="EUR", price_year=2025,
    )  # fmt: skip


def need(project: str, other: str) -> Spoil:
    return add("project_needs", project=project, other=other, kind="needs", reason="drawn")


def section(**values: Any) -> Spoil:
    given = {
        "name": "Road", "project": "works", "km": 10.0, "lanes_before": 2, "lanes_after": 4, "rough_before": 6.0,
        "rough_after": 2.0, "age": 5, "strength_before": 3.0, "strength_after": 5.0, "climate": 0.02,
        "limit_before": 80.0, "limit_after": 100.0, "accidents_before": 1.0, "accidents_after": 0.5, "cost": 1e6,
        "currency": "EUR", "price_year": 2025, "starts": 2026, "opens": 2028,
    }  # fmt: skip
    return add("highway_sections", id="road", **{**given, **values})


HULL = add("vehicle_types", id="hull", name="Hull", mode="sea", speed_km_h=1)
FLEET = add("fleets", id="ship", name="Ship", vehicle_type="hull", vehicles=1, availability=1, source="drawn")
TURNS = both(
    add("rotations", fleet="ship", seq=1, service="b-c-sea"), add("rotations", fleet="ship", seq=2, service="c-b-sea")
)
BERTH = add("resources", id="berth", name="Berth", kind="berth", capacity=2, capacity_unit="calls/day")


def season(*shares: float) -> Spoil:
    """Return a function that adds a season with these shares, from January on."""
    rows = [add("season_months", season="flat", month=m, share=share) for m, share in enumerate(shares, 1)]
    return both(add("seasons", id="flat", name="Flat"), *rows)


def cargo(name: str = "cargo", **values: Any) -> Spoil:
    """Return a function that adds ten boxes of 10 t from A to D, and says how cargo waits for vehicles."""
    given = {"origin": "a", "destination": "d", "commodity": "general", "form": "box-40hc", "year": 2025, "month": 0}
    given |= {"kind": "captive", "units": 10, "tonnes": 100, "basis": "crossing", "source": "drawn"}
    fleet = add("delays", kind="fleet", arrival_scv=1, service_scv=1, reason="drawn")
    row = add("demand", id=name, **{**given, **values})
    return lambda c: row(c if "fleet" in c.delays else fleet(c))


def shares(*rows: tuple[str | None, float]) -> Spoil:
    """Return a function that adds the shares of ``cargo`` by place passed."""
    given = {"demand": "cargo", "year": 2025, "source": "drawn"}
    return both(*(add("shares", seq=n, via=via, share=share, **given) for n, (via, share) in enumerate(rows, 1)))


def margins(*rows: tuple[str, str, float], year: int = 2025) -> Spoil:
    """Return a function that adds ``cargo`` with totals to which it is fitted: end, place or country, tonnes."""
    given = {"matrix": "exports", "year": year, "source": "drawn"}
    totals = (add("margins", end=end, at=at, tonnes=tonnes, **given) for end, at, tonnes in rows)
    return both(cargo(matrix="exports"), *totals)


def observed(counter: str) -> Spoil:
    """Return a function that adds an observation in kilotonnes, counted so."""
    given = {"series": "all", "period": "2025", "source": "drawn", "value": 1, "unit": "kt", "role": "calibration"}
    return add("observations", counter=counter, **given)


def border(country: str, neighbour: str) -> Spoil:
    return add("land_borders", country=country, neighbour=neighbour)


def through(link: str, *countries: str) -> Spoil:
    """Return a function that lets a link run through countries, in order."""
    return both(*(add("link_countries", link=link, seq=n, country=c) for n, c in enumerate(countries, 1)))


QUOTA = both(BERTH, add("rations", resource="berth", seq=1, rule="quota", reason="drawn"))

CASES: list[tuple[Any, Spoil, str]] = [
    (references.unknown_references, edit("links", "rail-a-b", origin="zz"), "links, row rail-a-b, column origin"),
    (
        references.unknown_references,
        add("closures", target="places:bb", from_date=date(2026, 1, 1), until_date=date(2026, 1, 2), reason="x"),
        "one of 'b'",
    ),
    (references.unused_rows, place("z"), "places, row z"),
    (references.unused_rows, drop("service_forms", "b-c-sea:container"), "row b-c-sea"),
    (references.unused_rows, drop("stages", "b-c-sea:1"), "crossings, row b-c-sea"),
    (references.idle_steps, drop("stages", "b-c-sea:1"), "row b-c-sea-papers"),
    (references.idle_steps, edit("steps", "b-unload-vessel", from_state="barge"), "row b-unload-vessel"),
    (references.circular_scenarios, both(scenario("calm", "storm"), scenario("storm", "calm")), "calm extends storm"),
    (references.circular_scenarios, scenario("calm", "calm"), "calm extends calm"),
    (references.unused_sources, add("sources", id="lost", publisher="x", title="y"), "sources, row lost"),
    (references.unknown_zones, edit("places", "a", timezone="Asia/Aktua"), "Asia/Aktua"),
    (references.unexplained_closures, edit("links", "rail-a-b", status="closed"), "why it is closed"),
    (services.broken_lines, add("service_links", service="b-c-sea", seq=2, link="rail-a-b"), "starts at c"),
    (services.broken_lines, add("service_stops", service="b-c-sea", place="a"), "service_stops, row b-c-sea:a"),
    (services.wrong_ways, edit("links", "sea-b-c", direction="forward"), "one-way from b"),
    (services.wrong_ways, edit("links", "sea-b-c", destination="b"), "another place"),
    (services.gauge_breaks, edit("links", "rail-b-e", gauge=1435), "rail-b-e (1435 mm)"),
    (services.gauge_breaks, edit("service_links", "b-c-sea:1", link="road-c-d"), "a link of mode sea"),
    (
        services.unjoined_gauges,
        both(edit("services", "b-e-rail", carrier="rail-1435"), edit("services", "e-b-rail", carrier="rail-1435")),
        "a handling from rail-1520 to rail-1435 for container",
    ),
    (services.uncrossable_borders, drop("crossings", "b-c-sea"), "from kz to az"),
    (services.unnamed_transits, both(edit("places", "e", country="az"), border("kz", "ru")), "between kz and az"),
    (
        services.unnamed_transits,  # named, but not all of them: Russia and Armenia share no border
        both(edit("places", "e", country="am"), border("kz", "ru"), through("rail-b-e", "ru")),
        "between ru and am",
    ),
    (services.broken_stages, edit("crossings", "b-c-sea", place="c"), "a step at c"),
    (
        services.broken_stages,
        both(
            add("stages", crossing="b-c-sea", seq=2, step="b-unload-rail-1520"),
            add("stages", crossing="b-c-sea", seq=3, step="b-unload-vessel"),
        ),
        "a handling from the state yard",
    ),
    (services.broken_stages, edit("stages", "b-c-sea:1", step="b-load-vessel"), "at least one procedure"),
    (services.missing_departures, drop("departures", "b-c-sea:1"), "when it leaves"),
    (services.missing_departures, edit("departures", "b-c-sea:1", rule="timetable", headway_h=None), "a weekday"),
    (
        services.missing_departures,
        both(drop("waits", "b-c-sea:0"), edit("departures", "b-c-sea:1", rule="fill", headway_h=None)),
        "or a row in waits",
    ),
    # 10 km at 1 km/h each way, a ship an hour: 20 ships.
    (services.too_few_vehicles, both(HULL, FLEET, TURNS), "at least 20.0 able to work: b-c-sea runs 10 h"),
    (services.missing_tariffs, drop("tariffs", "b-c-sea-rate"), "b-c-sea for container"),
    (services.missing_tariffs, drop("tariffs", "truck-rate"), "product:truck for container"),
    (services.never_open, add("calendars", id="office", name="Office", timezone="UTC"), "never opens"),
    (
        services.never_open,
        both(
            add("calendars", id="office", name="Office", timezone="UTC"),
            add("calendar_hours", calendar="office", weekday="mon", opens="10:00", closes="09:00"),
        ),
        "a time after 10:00",
    ),
    (trust.missing_sources, edit("links", "rail-a-b", source=None), "a source, or a row in evidence"),
    (trust.unsourced_grades, edit("links", "rail-a-b", source=None), "a source, or grade U instead of H"),
    (
        trust.unsourced_grades,
        both(edit("links", "rail-a-b", source=None), evidence("links", "rail-a-b", "km", 200, 400)),
        "links, row rail-a-b, column source",
    ),
    (trust.stray_evidence, evidence("link", "rail-a-b", "km", 1, 400), "'links'"),
    (trust.stray_evidence, evidence("links", "rail-a-c", "km", 1, 400), "'rail-a-b'"),
    (trust.stray_evidence, evidence("links", "rail-a-b", "kms", 1, 400), "'km'"),
    (trust.stray_evidence, evidence("links", "rail-a-b", "km", 310, 400), "holds the value 300"),
    (trust.stray_evidence, evidence("links", "rail-a-b", "km", 400, 200), "at most the high end"),
    (
        trust.mixed_bases,
        both(
            edit("steps", "b-load-vessel", basis="elapsed"),
            add("waits", target="b-load-vessel", month=0, hours=1, sd_h=1, year=2025, source="drawn"),
        ),
        "basis service",
    ),
    (trust.mixed_bases, edit("services", "b-c-sea", hours=5), "the basis of its hours"),
    (trust.wrong_units, both(BERTH, edit("resources", "berth", capacity_unit=None)), "the unit of the capacity 2"),
    (
        trust.wrong_units,
        both(BERTH, add("backgrounds", resource="berth", year=2025, month=0, what="x", amount=1, unit="TEU")),
        "'share' or 'calls/day'",
    ),
    (
        trust.wrong_units,
        both(BERTH, add("backgrounds", resource="berth", year=2025, month=0, what="x", amount=2, unit="share")),
        "up to 1",
    ),
    (trust.wrong_money, edit("steps", "b-load-vessel", price=5, currency=None), "the currency and year"),
    (trust.wrong_money, edit("tariffs", "b-c-sea-rate", currency="USD"), "exchange_rates, row USD:2025"),
    (trust.wrong_money, edit("tariffs", "b-c-sea-rate", price_year=2019), "price_levels, row 2019"),
    # A and B are drawn 0.1 degrees apart at 40 degrees north: 8.5 km.
    (trust.absurd_lengths, edit("links", "rail-a-b", note=None), "great circle 9"),
    (trust.absurd_times, edit("links", "rail-a-b", speed_km_h=150), "at most 120 km/h by rail"),
    (trust.absurd_times, edit("steps", "b-load-vessel", hours=1500), "at most 1440 h"),
    # 10 km at 50 km/h at most.
    (trust.absurd_times, edit("services", "b-c-sea", hours=0.1, basis="service"), "at least 0 h for 10 km by sea"),
    (
        trust.absurd_prices,
        lambda c: with_rows(
            c,
            *(replace(c.tariffs["truck-rate"], id=f"rate-{n}", amount=rate) for n, rate in enumerate((1.0, 1.2, 14.0))),
        ),
        "row rate-2",  # the median of 1, 1, 1.2 and 14 is 1.1
    ),
    (trust.twin_places, edit("places", "b", lon=50.0), "other coordinates than those of a"),
    (trust.backward_dates, edit("tariffs", "truck-rate", from_date=date(2026, 2, 1), until_date=date(2026, 1, 1)), ""),
    # Eleven months, and twelve that add up to 1.2.
    (demand.broken_seasons, season(*11 * [1 / 11]), "a row for month 12"),
    (demand.broken_seasons, season(*12 * [0.1]), "found '1.2'"),
    (demand.broken_shares, both(cargo(), shares(("b", 0.5), (None, 0.4))), "found '0.9'"),
    (demand.broken_shares, both(cargo(kind="contracted"), shares((None, 1))), "captive or contestable"),
    (demand.broken_shares, both(cargo(), shares((None, 0.5), ("b", 0.5))), "no row after the one for all other ways"),
    (demand.broken_shares, both(cargo(), shares(("b", 0.5), ("b", 0.5))), "a place that no row before has"),
    (demand.half_avoided, cargo(avoids_share=0.2), "the country that 0.2 of it keeps out of"),
    (demand.half_avoided, cargo(avoids="az"), "the share that keeps out of az"),
    (demand.wrong_markets, cargo(elsewhere=50, kind="contracted"), "'captive' or 'contestable'"),
    (demand.wrong_markets, cargo(elsewhere=50, elasticity=1), "one curve, not two"),
    (demand.wrong_markets, cargo(elsewhere=50, units=0, tonnes=0), "above 0, for what may be sold elsewhere (50 t)"),
    (demand.wrong_loads, cargo(units=0), "the load units of 100 t"),
    (demand.wrong_loads, cargo(tonnes=0), "the tonnes in 10 load units"),
    (demand.wrong_loads, cargo(tonnes=300), "30 t in one box-40hc"),  # a box holds 26 t
    (demand.clashing_bases, both(cargo(), cargo("other", basis="pool", kind="contestable")), "the basis of cargo"),
    (broken_margins, cargo(matrix="exports"), "rows in margins"),
    (broken_margins, margins(("origin", "b", 50)), "with this origin"),
    (broken_margins, margins(("origin", "a", 50), year=2024), "2025, the year of its rows"),
    (broken_margins, margins(("origin", "a", 50), ("origin", "kz", 50)), "exports:origin:a does not count already"),
    (broken_margins, margins(("origin", "kz", 50), ("destination", "d", 60)), "the same total at both ends"),
    (broken_margins, both(margins(("origin", "a", 50)), cargo("other", matrix="exports", basis="pool")), "of cargo"),
    # All that begins at A ends at D, so it cannot be 50 t there and 60 t here, whatever else ends elsewhere.
    (
        broken_margins,
        both(
            margins(("origin", "a", 50), ("destination", "d", 60)),
            cargo("other", origin="b", destination="c", matrix="exports"),
        ),
        "totals that can hold together",
    ),
    (
        demand.wrong_queues,
        both(BERTH, cargo(stands_at="berth", kind="contracted", month=0)),
        "month that begins with it",
    ),
    (demand.wrong_queues, both(BERTH, cargo(stands_at="berth", kind="captive", month=3)), "it keeps to its way"),
    (demand.wrong_queues, both(BERTH, cargo(stands_at="berth", kind="contracted", month=3, growth=0.1)), "found '0.1'"),
    (demand.empty_quotas, QUOTA, "the share of the capacity"),
    (
        demand.missing_delays,
        add("delays", kind="birth", arrival_scv=1, service_scv=1, reason="drawn"),
        "one of 'berth'",
    ),
    (
        demand.missing_delays,
        both(BERTH, add("uses", user="b-c-sea", resource="berth", scope="vehicle", amount=1), cargo()),
        "a row for berth",
    ),
    (demand.broken_counters, observed("unit=kt; via=b"), "key=value with a key"),
    (demand.broken_counters, observed("unit=t"), "unit=kt"),
    (demand.broken_counters, observed("unit=d; time=a>bb"), "one of 'b'"),
    (demand.broken_counters, observed("unit=d; round=b-c-see"), "'b-c-sea'"),
    (demand.broken_counters, observed("unit=kt; over=b-c-see"), "'b-c-sea'"),
    (projects.undated_outlays, both(PROJECT, outlay(from_year=None)), "the year in which the capital is spent"),
    (projects.undated_outlays, both(PROJECT, outlay(until_year=2020)), "2026 or later"),
    (projects.undated_outlays, both(PROJECT, section(opens=2026)), "after the works start in 2026"),
    (projects.overlapping_financing, both(PROJECT, outlay(), leg("loan", 60.0), leg("grant", 50.0)), "110 EUR in all"),
    (projects.unpriced_money, both(PROJECT, outlay(currency="XAU")), "a rate for 2025"),
    (projects.unpriced_money, add("unit_values", id="v", year=0, value=1, unit="t", currency="EUR"), "the price year"),
    (projects.ranges, both(PROJECT, outlay(low=150.0, high=200.0)), "holds the amount 100"),
    (projects.uncounted_sections, both(PROJECT, section()), "section_traffic"),
    (projects.stray_perspectives, both(PACKAGE, STRAY), "a perspective of deal"),
    (projects.uncounted_ladders, both(PROJECT, port("boxes_at_hand")), "a series of TEU with a counter"),
    (projects.strange_gateways, both(PACKAGE, SHOWN), "package_shipments, row deal:1, column via: found 'a'"),
    (projects.circular_needs, both(PROJECT, need("works", "works")), "do not need one another"),
    (trust.unnamed_series, observed("unit=kt; passes=a"), "a row for all: it has a counter"),
    (trust.unnamed_series, add("series", id="boxes", name="Boxes"), "a series of observations"),
    (reach.unreachable_places, edit("services", "b-e-rail", status="closed"), "places, row e"),
]


@pytest.mark.parametrize("world", [WORLD, sketch("A--B++C")], ids=["three modes", "two gauges"])
def test_a_sketch_is_sound(world: Corridor) -> None:
    assert check(world) == []


@pytest.mark.parametrize(("rule", "spoil", "words"), CASES)
def test_a_rule_finds_what_it_is_for(rule: Any, spoil: Spoil, words: str) -> None:
    assert list(rule(WORLD)) == []
    found = list(rule(spoil(WORLD)))
    assert found
    assert words in "\n".join(map(str, found))


def test_every_rule_is_registered_and_tried() -> None:
    assert {rule for rule, _, _ in CASES} == set(RULES)


def test_what_is_broken_hides_nothing_else() -> None:
    # A link to nowhere: its other problems and those elsewhere are found; that A is cut off by it is none of its own.
    broken = both(
        edit("links", "rail-a-b", destination="zz", source=None),
        edit("places", "d", timezone="Asia/Aktua"),
        edit("services", "b-e-rail", speed_km_h=150),
        drop("tariffs", "truck-rate"),
    )(WORLD)
    found = {(p.table, p.row, p.column) for p in check(broken)}
    assert found == {
        ("links", "rail-a-b", "destination"),
        ("links", "rail-a-b", "km"),  # it has no source
        ("links", "rail-a-b", "source"),  # and is graded H
        ("places", "d", "timezone"),
        ("services", "b-e-rail", "speed_km_h"),
        ("tariffs", "trucks", ""),
    }


def test_what_could_not_be_read_is_not_missed() -> None:
    # The row of B is lost: no link from it dangles, nothing near it lacks; a link to nowhere is still found.
    lost = LeftOut(rows=[("places", {"id": "b", "country": "kz", "lat": "north"})])
    broken = both(drop("places", "b"), edit("links", "road-c-d", destination="zz"))(WORLD)
    assert {(p.table, p.row, p.column) for p in check(broken, lost)} == {("links", "road-c-d", "destination")}
    told = add("evidence", table="places", id="b", attribute="lat", source="lost", reason="drawn")(broken)
    assert ("evidence", "places:b:lat", "source") in {(p.table, p.row, p.column) for p in check(told, lost)}
    torn = LeftOut(tables={"links"})
    assert not check(without_rows(WORLD, "links"), torn)


def test_totals_are_not_missed_by_what_could_not_be_read() -> None:
    # The one row of a matrix is lost: its total counts nothing, but not for want of a row.
    fitted = both(margins(("origin", "a", 50)), drop("demand", "cargo"))(WORLD)
    assert ("margins", "tonnes") in {(p.table, p.column) for p in check(fitted)}
    lost = LeftOut(rows=[("demand", {"id": "cargo", "matrix": "exports", "units": "many"})])
    assert "margins" not in {p.table for p in check(fitted, lost)}
    assert "margins" not in {p.table for p in check(fitted, LeftOut(tables={"demand"}))}


def test_an_assumption_needs_a_reason_not_a_source() -> None:
    bare = edit("links", "rail-a-b", source=None, grade="U", note=None)(WORLD)
    assert list(trust.missing_sources(bare))
    assert not list(trust.missing_sources(edit("links", "rail-a-b", note="guessed")(bare)))
    assert not list(trust.missing_sources(evidence("links", "rail-a-b", "km", 200, 400)(bare)))


def test_a_border_inside_one_customs_territory_needs_no_crossing() -> None:
    union = sketch("A--B", countries={"b": "ru"}, customs={"kz": "eaeu", "ru": "eaeu"})
    assert not list(services.uncrossable_borders(without_rows(union, "crossings")))


def test_a_link_through_named_neighbours_or_over_the_sea_is_no_problem() -> None:
    # From B in kz to E in az by ru and ge, told in either order; the ship from kz to az needs no land between.
    abroad = both(edit("places", "e", country="az"), through("rail-b-e", "ru", "ge"))(WORLD)
    told = both(border("kz", "ru"), border("ge", "ru"), border("az", "ge"))(abroad)
    assert not list(services.unnamed_transits(told))
    assert list(services.unnamed_transits(both(drop("land_borders", "ge:ru"))(told)))
    assert not list(services.unnamed_transits(without_rows(told, "land_borders")))  # nobody says who borders whom


def test_sound_demand_is_no_problem() -> None:
    sound = both(season(*11 * [1 / 12], 1 / 12), cargo(season="flat", avoids="az", avoids_share=0.1))
    counted = observed("unit=kt; passes=b,b-c-sea,rail-a-b; leg=a>c; origin=a,kz; commodity=general; group=container")
    drawn = both(sound, shares(("c", 0.25), (None, 0.75)), counted)(WORLD)
    assert not [problem for rule in RULES if rule.__module__ == demand.__name__ for problem in rule(drawn)]


def test_a_fleet_of_enough_ships_is_no_problem() -> None:
    # 20 ships are needed, see above; 25 of which four in five can work are just enough.
    enough = edit("fleets", "ship", vehicles=25, availability=0.8)(both(HULL, FLEET, TURNS)(WORLD))
    assert not list(services.too_few_vehicles(enough))


def test_loading_and_unloading_keep_a_ship_too() -> None:
    # A hull of 8 TEU holds four boxes and leaves with two of them. A box takes 3 h at either end: 10 h at sea and 12 h
    # of work each way, a ship an hour, are 44 ships. Two cranes at B halve the work there, both ways: 38 ships.
    steps = ("b-load-vessel", "b-unload-vessel", "c-load-vessel", "c-unload-vessel")
    worked = both(
        add("vehicle_types", id="hull", name="Hull", mode="sea", speed_km_h=1, teu=8),
        FLEET,
        TURNS,
        *(edit("departures", f"{s}:1", rule="fill", fill=0.5) for s in ("b-c-sea", "c-b-sea")),
        *(edit("steps", step, hours=3.0) for step in steps),
    )
    (found,) = services.too_few_vehicles(worked(WORLD))
    assert "at least 44.0 able to work: b-c-sea runs 10 h, works 12 h" in found.right
    cranes = both(
        worked,
        add("resources", id="crane", name="Crane", kind="crane", servers=2),
        *(add("uses", user=step, resource="crane", scope="unit", amount=1) for step in steps[:2]),
    )
    (found,) = services.too_few_vehicles(cranes(WORLD))
    assert "at least 38.0 able to work" in found.right


def test_the_great_circle_is_that_of_the_mean_sphere() -> None:
    # A quarter of the circumference of a sphere of 6371.0088 km: 10,007.56 km.
    a = replace(WORLD.places["a"], lat=0.0, lon=0.0, source=SourceId("drawn"))
    assert great_circle(a, replace(a, lat=90.0)) == pytest.approx(10007.557, abs=0.001)
