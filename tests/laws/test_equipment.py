# mypy: disable-error-code="arg-type"
"""Laws of equipment: what goes loaded comes back, empty or not, has room to, takes its time, and is paid for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import transcaspian as tc
from tests.worlds.sketch import sketch, with_rows
from transcaspian.assignment.answer import OWNERS_OF_BOXES
from transcaspian.assignment.flows import Model
from transcaspian.kernels.world import BOARD
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.network import compile_network, months
from transcaspian.network.fill import filler
from transcaspian.network.limits import ROOM, SIZES, LimitTable, limits_of
from transcaspian.network.money import exchange
from transcaspian.network.network import DIMENSIONS
from transcaspian.results.flows import Flows
from transcaspian.study.assign import assign, model_for

YEARS = 2024, 2025


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return tc.load()


@pytest.fixture(scope="module")
def years(corridor: Corridor) -> dict[int, tuple[Flows, Model]]:
    return {year: (assign(corridor, year), model_for(corridor, year, None)) for year in YEARS}


def ends(corridor: Corridor, service: str) -> tuple[str, str]:
    """Return where a service begins and where it ends."""
    rows = sorted((r for r in corridor.service_links.rows if r.service == service), key=lambda r: r.seq)
    first, last = (corridor.links[rows[n].link] for n in (0, -1))
    start = first.destination if rows[0].reverse else first.origin
    return str(start), str(last.origin if rows[-1].reverse else last.destination)


def left_over(corridor: Corridor, services: Iterable[str]) -> Counter[str]:
    """Return how many more vehicles come to a place than leave it, when each run is made once."""
    found: Counter[str] = Counter()
    for start, end in {ends(corridor, service) for service in services}:
        found[start] -= 1
        found[end] += 1
    return Counter({place: count for place, count in found.items() if count})


def test_as_many_vehicles_come_to_every_place_as_leave_it(
    corridor: Corridor, years: dict[int, tuple[Flows, Model]]
) -> None:
    empty = set()
    for flows, _ in years.values():
        for line in flows.lines:
            runs = {ends(corridor, service) for service in line.services}
            over = left_over(corridor, line.services)
            # A line with one run comes back empty, or it would gather where it ends.
            assert not over or len(runs) == 1, line.line
            empty |= {line.fleet} if over else set()
        # Each service is on one line, so no ship is in two places.
        every = [service for line in flows.lines for service in line.services]
        assert len(every) == len(set(every))
        aboard = {s for way in flows.ways if sum(way.units) > 0 for s in way.services}
        fleets = {r.fleet for r in corridor.rotations.rows if r.fleet in {line.fleet for line in flows.lines}}
        assert {r.service for r in corridor.rotations.rows if r.fleet in fleets} & aboard <= set(every)
    assert empty == {"caspian-tankers", "caspian-dry-cargo"}


def loads_of(model: Model, flows: Flows) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return vehicle loads aboard, and of what is aboard in boxes and wagons, (P,), by service and dimension."""
    network = model.network
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for way, flow in zip(model.listed, flows.ways, strict=True):
        for at, arc in enumerate(way.chain.tolist()):
            if network.world.kind[arc] != BOARD:
                continue
            service, group = int(network.world.service[arc]), network.ids.groups[network.group[arc]]
            for size in ROOM[group]:
                room = network.capacity[service, DIMENSIONS.index(size)]
                if np.isfinite(room) and room > 0:
                    loads, back = found.setdefault(network.ids.services[service], ({}, {}))
                    taken = np.array(flow.units) * way.sizes[at, SIZES.index(size)] / room
                    loads[size] = loads.get(size, 0.0) + taken
                    if group in ("container", "wagon"):
                        back[size] = back.get(size, 0.0) + taken
                    break
    return found


def test_what_went_loaded_has_room_to_come_back_empty_on_the_vehicles_that_brought_it(
    corridor: Corridor, years: dict[int, tuple[Flows, Model]]
) -> None:
    busy = 0
    for flows, model in years.values():
        loads = loads_of(model, flows)
        for line in flows.lines:
            runs = {service: ends(corridor, service) for service in line.services if service in loads}
            for service, (start, end) in runs.items():
                aboard, equipment = loads[service]
                made = np.array(line.departures)
                for size, taken in aboard.items():
                    # What goes empty are the rounds less the loads: never less than none.
                    assert (taken <= made * (1 + 1e-6) + 1e-6).all(), (line.line, service)
                    busy += taken.max() > 1
                    # Boxes and wagons: what comes back loaded and the empties that are left over there, in vehicle loads.
                    other = [loads[s] for s, (a, b) in runs.items() if (a, b) == (end, start)]
                    back = sum((x.get(size, 0.0) for x, _ in other), np.zeros(len(made)))
                    empties = np.maximum(equipment.get(size, 0.0) - sum(x.get(size, 0.0) for _, x in other), 0.0)
                    # A month in which cargo waits for the ships leaves the last empties, a few in a thousand, for the next.
                    assert (back + empties <= made * 1.005 + 1e-6).all(), (line.line, service)
    assert busy > 20


def test_a_flat_car_is_taken_for_its_whole_turn(corridor: Corridor, years: dict[int, tuple[Flows, Model]]) -> None:
    flows, model = years[2024]
    uses = {(str(r.user), str(r.resource)): r for r in corridor.uses.rows}
    turn = filler(corridor).value("services", "ktz-flat-cars", "turn_h", {"kind": "flat-car"})
    cars = next(x for x in flows.limits if x.limit == "ktz-flat-cars")
    hours, world = np.zeros(12), model.network.world
    for way, flow in zip(model.listed, flows.ways, strict=True):
        for at, arc in enumerate(way.chain.tolist()):
            service = model.network.ids.services[world.service[arc]]
            use = uses.get((service, "ktz-flat-cars"))
            if world.kind[arc] == BOARD and use is not None:
                turns = np.array(flow.units) * use.amount * way.sizes[at, SIZES.index("wagon")]
                hours += turns * (2 * _hours(model, service) + turn)
    assert cars.corridor == pytest.approx(hours) and hours.min() > 0


def _hours(model: Model, service: str) -> float:
    """Return the running time of a service over its links, once."""
    network = model.network
    number = network.ids.services.index(service)
    arcs = np.flatnonzero((network.world.service == number) & (network.link >= 0))
    return float(sum({int(network.link[a]): float(network.hours[a]) for a in arcs}.values()))


def test_every_box_and_wagon_is_paid_for_on_its_way_back(
    corridor: Corridor, years: dict[int, tuple[Flows, Model]]
) -> None:
    rates = exchange(corridor)
    for flows, _ in years.values():
        demands = {d.demand: d for d in flows.demands}
        owed = paid = 0.0
        for way in flows.ways:
            demand = demands[way.demand]
            group, country = corridor.forms[demand.form].group, corridor.places[demand.destination].country
            if group not in ("container", "wagon"):
                continue
            home = corridor.returns.get(f"{country}:{group}:carrier")
            # In China boxes are wanted: nobody pays there, which the row says.
            assert home is not None, (demand.demand, "nobody pays for what comes back empty")
            owed += sum(way.units) * rates.eur(home.amount, home.currency, home.price_year)
            paid += sum(way.units) * sum(p.price for p in way.parts if p.operator == OWNERS_OF_BOXES)
        # Beside the way back there is the hire beyond the free days.
        assert paid >= owed > 1e6


# --- worlds ----------------------------------------------------------------------------------------------------------

TRIANGLE = "A~~B~~C\nC~~A"
SERVICES = "a-b-sea", "b-a-sea", "b-c-sea", "c-b-sea", "c-a-sea", "a-c-sea"


def table(services: Iterable[str]) -> tuple[Corridor, LimitTable]:
    """Return three ports and a ship that runs some services between them."""
    drawn, named = sketch(TRIANGLE), tuple(services)
    rows = [
        TABLES["vehicle_types"](id="ship", name="Ship", teu=2.0, mode="sea"),
        TABLES["fleets"](id="ships", name="Ships", vehicle_type="ship", vehicles=1.0, availability=1.0),
        *(TABLES["rotations"](fleet="ships", seq=n, service=s) for n, s in enumerate(named, 1)),
        *(replace(drawn.services[s], fleet="ships") for s in named),
    ]
    made = with_rows(drawn, *rows)
    return made, limits_of(compile_network(made, months(date(2026, 1, 1), 1)), made)


@given(st.lists(st.sampled_from(SERVICES), min_size=1, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_round_ends_where_it_began_whatever_a_ship_runs(services: list[str]) -> None:
    made, limits = table(services)
    named = [service.id for service in made.services.rows]
    seen = [str(named[s]) for line in limits.lines for s in line.services]
    assert sorted(seen) == sorted(services)
    for line in limits.lines:
        own = [str(named[s]) for s in line.services]
        over = left_over(made, own)
        assert not over or len(own) == 1
        # Every run takes 10 h, loading nothing; who has no cargo back sails as long without.
        assert line.cycle == pytest.approx([10.0 * (len(own) + bool(over))])
        # A run one way and one the other are never in two lines.
        assert not {f"{b}-{a}-sea" for a, b in (ends(made, s) for s in own)} & (set(services) - set(own))


def test_a_ship_without_cargo_back_makes_no_more_trips_than_one_with() -> None:
    one, two = (table(named)[1] for named in (("a-b-sea",), ("a-b-sea", "b-a-sea")))
    alone, both = (x.limits[x.index["ships:a-b-sea"]] for x in (one, two))
    assert alone.capacity == pytest.approx(both.capacity) and alone.service == pytest.approx([20.0])
    # Three ports one after the other are one round; two runs of one ship that each come back empty share its hours.
    (line,) = table(("a-b-sea", "b-c-sea", "c-a-sea"))[1].lines
    assert [len(run) for run in line.runs] == [1, 1, 1] and line.cycle == pytest.approx([30.0])
    shared = table(("a-b-sea", "a-c-sea"))[1]
    assert [len(x.runs) for x in shared.lines] == [1, 1]
    assert {shared.limits[use.limit].id for use in shared.uses} == {"ships:out"}


def test_decks_of_a_ship_sail_together() -> None:
    drawn = sketch("A~~B")
    deck = replace(drawn.services["a-b-sea"], id="a-b-deck", fleet="ships")
    link = next(r for r in drawn.service_links.rows if r.service == "a-b-sea")
    board = next(r for r in drawn.departures.rows if r.service == "a-b-sea")
    forms = next(r for r in drawn.service_forms.rows if r.service == "a-b-sea")
    rows = [
        TABLES["vehicle_types"](id="ship", name="Ship", teu=2.0, mode="sea"),
        TABLES["fleets"](id="ships", name="Ships", vehicle_type="ship", vehicles=1.0, availability=1.0),
        *(
            TABLES["rotations"](fleet="ships", seq=n, service=s)
            for n, s in enumerate(("a-b-sea", "a-b-deck", "b-a-sea"), 1)
        ),
        *(replace(drawn.services[s], fleet="ships") for s in ("a-b-sea", "b-a-sea")),
        deck,
        *(replace(row, service="a-b-deck") for row in (link, board, forms)),
    ]
    made = with_rows(drawn, *rows)
    network = compile_network(made, months(date(2026, 1, 1), 1))
    limits = limits_of(network, made)
    (line,) = limits.lines
    assert [len(run) for run in line.runs] == [2, 1] and line.cycle == pytest.approx([20.0])
    # What one deck takes the other has not: both draw on the hours of one ship, out and back.
    drawn_on: dict[str, set[str]] = {}
    for use in limits.uses:
        if limits.limits[use.limit].kind == "fleet":
            drawn_on.setdefault(str(network.ids.services[network.world.service[use.arc]]), set()).add(
                limits.limits[use.limit].id
            )
    assert drawn_on == {"a-b-sea": {"ships:a-b-sea"}, "a-b-deck": {"ships:a-b-sea"}, "b-a-sea": {"ships:b-a-sea"}}
