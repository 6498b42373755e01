"""Plans on the world of ``two_ways``, every number argued."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from tests.worlds import two_ways
from tests.worlds.sketch import sketch, with_rows
from transcaspian.errors import NoRouteError, RequestError
from transcaspian.kernels.world import BOARD
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.demand import ChangeRow, ScenarioRow
from transcaspian.model.corridor.ids import CountryId, FleetId, LinkId, VehicleTypeId
from transcaspian.model.corridor.link import LinkCountry
from transcaspian.model.corridor.place import Country
from transcaspian.model.corridor.resource import Closure
from transcaspian.model.corridor.service import Fleet, VehicleType
from transcaspian.network import compile_network, months
from transcaspian.report.plan import plan_text
from transcaspian.results.itinerary import Leg, Plan, Stop
from transcaspian.routing import ask, matrix, plan
from transcaspian.study.plan import plan as study_plan

TUESDAY = "2026-12-01"


def planned(world: Corridor, **question: Any) -> Plan:
    asked = {"cargo": "2x40HC", "commodity": "toys", "depart": TUESDAY, "draws": 0, **question}
    request = ask(world, "a", "d", **asked)
    return plan(compile_network(world, months(date(2026, 12, 1))), world, request)


def by_family(answer: Plan) -> dict[tuple[str, ...], Any]:
    return {i.family: i for i in answer.itineraries}


def test_a_country_that_a_link_runs_through_is_passed() -> None:
    # Oil from A in az to B in tr by a link through ge and am: no place lies there, the country is passed all the same.
    world = with_rows(
        sketch("A--B", countries={"a": "az", "b": "tr"}),
        *(Country(id=CountryId(c), name=c.upper(), name_ru=c.upper(), customs=c) for c in ("ge", "am", "ru")),
        LinkCountry(link=LinkId("rail-a-b"), seq=1, country=CountryId("ge")),
        LinkCountry(link=LinkId("rail-a-b"), seq=2, country=CountryId("am")),
    )
    network = compile_network(world, months(date(2026, 12, 1)))

    def countries(origin: str, destination: str, **constraint: Any) -> list[tuple[str, ...]]:
        asked = {"cargo": "1x40HC", "commodity": "general", "depart": TUESDAY, "draws": 0, **constraint}
        answer = plan(network, world, ask(world, origin, destination, **asked))
        return [way.countries for way in answer.itineraries]

    assert countries("a", "b") == countries("a", "b", require=["GE"]) == [("az", "ge", "am", "tr")]
    assert countries("b", "a", avoid=["RU"]) == [("tr", "am", "ge", "az")]
    for name in ("GE", "AM"):
        with pytest.raises(NoRouteError, match=f"avoid {name}"):
            countries("a", "b", avoid=[name])


def test_the_sea_way_takes_what_paper_says() -> None:
    # Tuesday 00:00. Loading two boxes 0.2 h; the train leaves on Wednesday 12:00 (36 h) and runs 10 h: 46 h.
    # At b: unload 0.2, exit 2, load 0.2, wait for the ship 60, sail 22: 130.4 h. At c: unload 0.2, entry 4, load 0.2,
    # wait 24, run 10: 168.8 h. At d: unload 0.2: 169 h.
    sea = by_family(planned(two_ways.corridor()))["b", "c"]
    assert sea.hours == pytest.approx(169.0)
    assert sea.arrives == datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
    # Price: 500 + 1000 + 400 a box, and six handlings of 50: 2,200; two boxes 4,400.
    assert sea.price.total == pytest.approx(4400.0)
    assert (sea.price.carriage, sea.price.handling) == pytest.approx((3800.0, 600.0))
    # 20 t: 800 km at 20 g and 440 km at 45 g a tkm are 320 + 396 kg; six handlings of 5 kg for two boxes are 60 kg.
    assert sea.co2e == pytest.approx(776.0)
    assert sea.co2e_hubs == pytest.approx(60.0)
    assert sea.km == pytest.approx(1240.0)


def test_the_road_way_takes_what_paper_says() -> None:
    # Load 0.2 h, 3000 km at 30 km/h are 100 h, entry 12 h, unload 0.2 h; no wait for a truck is given.
    road = by_family(planned(two_ways.corridor()))["e",]
    assert road.hours == pytest.approx(112.4)
    # 3000 km x 1.5 EUR and two handlings of 50, two boxes.
    assert road.price.total == pytest.approx(2 * 4600.0)
    assert road.haul == "truck"
    # kz to ru is no customs border, ru to az is.
    assert [c.crossing for c in road.crossings] == ["d-in"]


def test_preferences_rank_by_what_they_say() -> None:
    world = two_ways.corridor()
    assert planned(world, prefer="fast").best.family == ("e",)
    assert planned(world, prefer="sure", draws=100).best.family == ("e",)
    assert planned(world, prefer="cheap").best.family == ("b", "c")
    assert planned(world, prefer="green").best.family == ("b", "c")
    # 20 t of 5,000 EUR at 0.1 % a day cost 100 EUR a day: 57 h saved are worth 236 EUR, less than the 4,800 more.
    assert planned(world, prefer="value").best.family == ("b", "c")
    # At 200 EUR a tonne and day the same 56.6 h are worth 9,433 EUR, more than the 4,800.
    assert planned(world, value_of_time=200.0).best.family == ("e",)
    slow, fast = (by_family(planned(world, value_of_time=200.0))[f].price.logistics for f in (("b", "c"), ("e",)))
    assert slow - fast == pytest.approx(4400 - 9200 + 56.6 / 24 * 20 * 200, abs=1.0)


def test_procedures_stand_between_the_handlings_of_their_crossing() -> None:
    sea = by_family(planned(two_ways.corridor()))["b", "c"]
    at_b = next(p for p in sea.chain if isinstance(p, Stop) and p.place == "b")
    assert [a.step for a in at_b.activities] == ["b-rail-1520-yard", "b-exit", "b-yard-vessel"]
    at_c = next(p for p in sea.chain if isinstance(p, Stop) and p.place == "c")
    assert [a.step for a in at_c.activities] == ["c-vessel-yard", "c-entry", "c-yard-rail-1520"]
    assert [c.crossing for c in sea.crossings] == ["b-out", "c-in"]
    # Toys are not dangerous, so the paper for dangerous goods is not asked for.
    assert sea.crossings[0].documents == ("smgs",)


def test_a_lot_that_fills_the_ship_waits_for_its_own() -> None:
    # 100 boxes fill a ship and two trains of 50: own sailing (24 h when no default says otherwise), no waiting for others.
    sea = by_family(planned(two_ways.corridor(), cargo="100x40HC"))["b", "c"]
    offers = {leg.service: leg.offer for leg in sea.legs}
    assert offers["ship-bc"] == "own sailing"
    assert offers["train-cd"] == "own block train"
    assert next(leg for leg in sea.legs if leg.service == "ship-bc").wait == pytest.approx(24.0)


def test_a_lot_that_three_ships_take_is_timed_by_the_last_of_them() -> None:
    # 2 boxes are 4 TEU; a barge of 1.5 TEU takes them in 3 departures, one every 72 h.
    barge = VehicleType(id=VehicleTypeId("barge"), name="Barge", mode="sea", teu=1.5)
    fleet = Fleet(
        id=FleetId("barges"), name="Barges", vehicle_type=VehicleTypeId("barge"), vehicles=9.0, availability=1.0
    )
    world = two_ways.with_rows(two_ways.with_rows(two_ways.corridor(), "vehicle_types", barge), "fleets", fleet)
    ship = replace(world.services["ship-bc"], fleet=FleetId("barges"))
    sea = by_family(planned(two_ways.with_rows(world, "services", ship)))["b", "c"]
    assert sea.hours == pytest.approx(169.0 + 2 * 72.0)
    assert any("takes 3 departures; the last is timed, 6.0 d after the first" in note for note in sea.notes)


def test_weather_adds_share_closed_times_spell() -> None:
    # 0.25 x 40 h = 10 h more at the quay.
    sea = by_family(planned(two_ways.stormy(two_ways.corridor())))["b", "c"]
    assert sea.hours == pytest.approx(179.0)


def test_an_office_opens_on_its_wall() -> None:
    # The ship is in at 130.6 h, Sunday 10:36. The office opens on Monday at 08:00 (152 h): 21.4 h later than asked.
    sea = by_family(planned(two_ways.office_hours(two_ways.corridor())))["b", "c"]
    assert sea.hours == pytest.approx(169.0 + 21.4)


def test_a_through_rate_replaces_the_sum_of_legs_and_says_so() -> None:
    ways = by_family(planned(two_ways.through_rate(two_ways.corridor())))
    assert ways["b", "c"].price.basis == "through rate"
    assert ways["b", "c"].price.total == pytest.approx(3000.0)
    assert ways["b", "c"].price.sum_of_legs == pytest.approx(4400.0)
    assert ways["e",].price.basis == "sum of legs"


def test_the_box_goes_home_at_a_price() -> None:
    world = two_ways.with_return(two_ways.corridor())
    carrier = by_family(planned(world))["b", "c"].price
    assert (carrier.equipment, carrier.returned_to) == (pytest.approx(200.0), "c")
    assert by_family(planned(world, owner="shipper"))["b", "c"].price.equipment == 0.0


def test_constraints_are_kept_or_the_answer_names_them() -> None:
    world = two_ways.corridor()
    assert [i.family for i in planned(world, avoid=["Russia"]).itineraries] == [("b", "c")]
    assert [i.family for i in planned(world, avoid=["sea"]).itineraries] == [("e",)]
    assert {i.family for i in planned(world, require=["b"]).itineraries} == {("b", "c")}
    with pytest.raises(NoRouteError, match=r"Russia.*sea") as both:
        planned(world, avoid=["Russia", "sea", "gauge-break"])
    # Avoiding gauge breaks cuts nothing here, so it is not named.
    assert set(both.value.constraints) == {"avoid Russia", "avoid sea"}
    with pytest.raises(NoRouteError, match="everything required: require pipeline"):
        planned(world, require=["pipeline"])
    with pytest.raises(NoRouteError, match="earliest expected arrival is 2026-12-05"):
        planned(world, latest="2026-12-04")


def test_a_closed_place_is_not_passed() -> None:
    shut = Closure(target="places:b", from_date=date(2026, 1, 1), until_date=date(2028, 1, 1), reason="a test")
    world = two_ways.with_rows(two_ways.corridor(), "closures", shut)
    assert [i.family for i in planned(world).itineraries] == [("e",)]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_shut_for_good_is_shut_to_the_end_in_every_zone(zone: str) -> None:
    world = two_ways.corridor()
    places = Table(replace(place, timezone=zone) for place in world.places.rows)
    shut = Closure(target="places:b", from_date=date(2020, 1, 1), until_date=date(2040, 1, 1), reason="a test")
    world = two_ways.with_rows(replace(world, places=places), "closures", shut)
    network = compile_network(world, months(date(2026, 12, 1)))
    at_b = [n for n, calendar in enumerate(network.ids.calendars) if "places:b" in calendar.split("+")]
    assert at_b and not any(np.diff(network.world.open_first)[at_b])


def test_works_of_some_days_hold_the_train() -> None:
    # The line a-b is shut until Friday 4 December 00:00 (72 h): the train that left at 36 h stands 36 h.
    shut = Closure(target="links:rail-a-b", from_date=date(2026, 12, 1), until_date=date(2026, 12, 4), reason="works")
    world = two_ways.with_rows(two_ways.corridor(), "closures", shut)
    assert by_family(planned(world))["b", "c"].hours == pytest.approx(169.0 + 36.0)


def test_a_line_that_opens_in_the_window_holds_the_train() -> None:
    # As with works until 4 December; but the line was only planned, and a scenario opens it on that day.
    world = two_ways.corridor()
    links = (replace(r, status="planned", reason="a test") if r.id == "rail-a-b" else r for r in world.links.rows)
    opens: Any = ChangeRow(
        owner="new-line", seq=1, target="links:rail-a-b", attribute="status", operation="set", value="open",
        from_date=date(2026, 12, 4),
    )  # fmt: skip
    planned_line = replace(
        world,
        links=Table(links),
        scenarios=Table([ScenarioRow(id="new-line", name="New line")]),
        changes=Table([opens]),
    )
    asked: Any = {"cargo": "2x40HC", "commodity": "toys", "depart": TUESDAY, "draws": 0}
    assert by_family(study_plan(planned_line, "a", "d", **asked)).keys() == {("e",)}
    found = by_family(study_plan(planned_line, "a", "d", scenario="new-line", **asked))
    assert found["b", "c"].hours == pytest.approx(169.0 + 36.0)
    assert found["b", "c"].notes == found["e",].notes == ()


def test_what_has_no_periods_is_said_to_be_held() -> None:
    # The ship of 60 h of waiting takes 90 h from January on: that has periods. A line's km have none.
    world = two_ways.corridor()
    longer: Any = replace(world.links["rail-a-b"], km=500.0)
    waits: Any = (replace(row, hours=90.0) for row in world.waits.rows)
    later = replace(world, links=Table({**world.links, "rail-a-b": longer}.values()), waits=Table(waits))
    network = compile_network(world, months(date(2026, 12, 1), 3), [later, later])
    assert network.held == ("links, km of rail-a-b: other from 2027-01-01 on; counted as at the start",)
    (board,) = np.flatnonzero((network.world.kind == BOARD) & (network.world.service == 1))
    assert network.ids.services[1] == "ship-bc"
    assert network.world.wait[board].tolist() == [60.0, 90.0, 90.0]
    assert compile_network(world, months(date(2026, 12, 1), 3)).held == ()
    answer = plan(network, world, ask(world, "a", "d", cargo="2x40HC", commodity="toys", depart=TUESDAY, draws=0))
    assert all(network.held[0] in i.notes for i in answer.itineraries)


def test_a_tariff_that_ends_in_the_window_is_said_to_be_held() -> None:
    world = two_ways.corridor()
    ends = (replace(row, until_date=date(2027, 1, 15)) if row.id == "t-ab" else row for row in world.tariffs.rows)
    network = compile_network(replace(world, tariffs=Table(ends)), months(date(2026, 12, 1), 3))
    assert network.held == ("tariffs, t-ab: begins or ends on 2027-01-15; counted as at the start",)


def test_a_form_no_route_carries_is_said() -> None:
    with pytest.raises(RequestError, match="handles wagon cargo"):
        planned(two_ways.corridor(), cargo="2xwagon-covered")


def test_a_door_is_reached_by_road() -> None:
    # 0.2 degrees of latitude north of d are 22.2 km; x 1.3 detour at 45 km/h.
    world = two_ways.corridor()
    request = ask(world, "a", "40.2,62.0", cargo="2x40HC", commodity="toys", depart=TUESDAY, draws=0)
    answer = plan(compile_network(world, months(date(2026, 12, 1))), world, request)
    last = answer.best.chain[-1]
    assert isinstance(last, Leg)
    assert last.km == pytest.approx(22.24 * 1.3, rel=0.01)
    assert last.hours == pytest.approx(last.km / 45.0)


def test_a_point_is_said_by_its_numbers_and_keeps_the_time_of_its_place() -> None:
    world = two_ways.corridor()
    places = Table(replace(p, timezone="Asia/Almaty") if p.id == "d" else p for p in world.places.rows)
    answer = study_plan(
        replace(world, places=places), "a", "40.2,62.0", cargo="2x40HC", commodity="toys", depart=TUESDAY, draws=0
    )
    leg = answer.best.legs[-1]
    assert answer.names[leg.destination] == "40.2,62" and answer.zones[leg.destination] == "Asia/Almaty"
    assert "door" not in plan_text(answer)


def test_the_matrix_is_the_best_of_each_pair() -> None:
    world = two_ways.corridor()
    request = ask(world, "a", "d", cargo="1x40HC", commodity="toys", depart=TUESDAY, draws=0)
    answer = matrix(compile_network(world, months(date(2026, 12, 1))), world, request, 2025)
    cell = {(a, b): (h, p) for a, b, h, p in answer.rows()}
    # Fastest by road: 0.1 + 100 + 12 + 0.1 h. Cheapest by sea: 1,900 and six handlings of 50.
    assert cell["a", "d"] == pytest.approx((112.2, 2200.0))


def test_answers_read_well() -> None:
    world = two_ways.corridor()
    answer = planned(world)
    assert "expected" in repr(answer) and "P50" not in repr(answer)
    assert "P50" in repr(planned(world, draws=100))
    assert repr(answer.best).startswith("1. via B, C: 1,240 km, expected 7.0 d, EUR 4,400, 0.8 t CO2e")
    assert "Ship-Bc" in repr(answer.best) and "<table>" in answer.best._repr_html_()
    request = ask(world, "a", "d", cargo="1x40HC", commodity="toys", depart=TUESDAY, draws=0)
    pairs = matrix(compile_network(world, months(date(2026, 12, 1))), world, request, 2025)
    assert repr(pairs).startswith("Matrix of") and "4.7 d, 2,200" in repr(pairs)
    assert "<table>" in pairs._repr_html_()


def test_the_day_is_that_of_the_origin() -> None:
    # Tuesday 00:00 in Almaty is Monday in UTC.
    world = two_ways.corridor()
    east = (replace(p, timezone="Asia/Almaty") if p.id == "a" else p for p in world.places.rows)
    answer = planned(replace(world, places=Table(east)))
    assert answer.shipment.departs < datetime(2026, 12, 1, tzinfo=UTC)
    assert f"ready {TUESDAY}" in repr(answer)


def test_what_cannot_be_missed_is_not_counted() -> None:
    # Trucks and an own ship wait for their cargo; the train of Wednesday does not.
    ways = by_family(planned(two_ways.corridor(), draws=100))
    assert ways["e",].reliability.missed is None
    assert ways["b", "c"].reliability.missed is not None


def test_reliability_draws_what_is_uncertain() -> None:
    # Random are the weather, which makes a quarter of the travels late, and where in its headway the last train is met
    # (24 h, standard deviation 14 h): the median stays near the dry 169 h and the ninetieth in the hundred is later.
    world = two_ways.stormy(two_ways.corridor())
    sea = by_family(planned(world, draws=2000))["b", "c"]
    assert sea.p50_hours == pytest.approx(169.0, abs=6.0)
    assert sea.p90_hours > 190.0
    assert sea.reliability.causes["weather"] == pytest.approx(10.0, abs=2.0)
    assert max(sea.reliability.tail, key=sea.reliability.tail.get) == "weather"


def test_do_nothing_changes_nothing() -> None:
    world = two_ways.corridor()
    assert planned(world, draws=200) == planned(replace(world), draws=200)
