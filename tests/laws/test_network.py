"""Laws of the compiled network: a draw equals a recompile, arrays are in order, nothing is aboard two things."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.worlds import two_ways
from transcaspian.io import load
from transcaspian.kernels.world import ALIGHT, BOARD, MOVE
from transcaspian.model.change import Revise, apply_all
from transcaspian.model.corridor import Corridor, Table
from transcaspian.network import Network, compile_network, drawn, months
from transcaspian.network.network import SLOT_ARRAYS

WINDOW = months(date(2026, 12, 1), 3)


def revised(world: Corridor, key: str, value: float) -> Corridor:
    """Return the corridor with one datum of a slot changed; ``key`` is table:row:attribute."""
    table, rest = key.split(":", 1)
    row, attribute = rest.rsplit(":", 1)
    rows = [replace(r, **{attribute: value}) if k == row else r for k, r in world.table(table).items()]
    return replace(world, **{table: Table(rows)})


def same(a: Network, b: Network) -> bool:
    """Return whether two networks agree in every array that a draw may touch."""
    for name in SLOT_ARRAYS:
        one, other = (getattr(n.world if hasattr(n.world, name) else n, name) for n in (a, b))
        if not np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True):
            return False
    return True


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return load()


@pytest.fixture(scope="module")
def network(corridor: Corridor) -> Network:
    return compile_network(corridor, WINDOW)


def test_a_draw_is_a_recompile_for_every_kind_of_datum(corridor: Corridor, network: Network) -> None:
    # One datum of every (table, attribute) that has slots, moved by a tenth.
    slots = network.slots
    kinds: dict[tuple[str, str], int] = {}
    for number, key in enumerate(slots.evidence):
        kinds.setdefault((key.split(":")[0], key.rsplit(":", 1)[1]), number)
    assert {t for t, _ in kinds} >= {"steps", "services", "tariffs", "waits", "weather", "emission_factors"}
    for number in kinds.values():
        values = slots.central.copy()
        values[number] *= 1.1 if not slots.evidence[number].endswith("closed_share") else 1.01
        again = compile_network(revised(corridor, slots.evidence[number], float(values[number])), WINDOW)
        assert same(drawn(network, values), again), slots.evidence[number]
        assert not same(drawn(network, values), network) or slots.evidence[number].startswith("resources"), (
            slots.evidence[number]
        )


def test_a_draw_of_the_central_values_changes_nothing(network: Network) -> None:
    assert same(drawn(network, network.slots.central), network)


def test_arcs_are_in_order_and_point_back(network: Network) -> None:
    world = network.world
    assert (world.tail[1:] >= world.tail[:-1]).all()
    for vertex in range(0, network.vertices, 97):
        assert (world.tail[world.first[vertex] : world.first[vertex + 1]] == vertex).all()
        assert (world.head[world.in_arc[world.in_first[vertex] : world.in_first[vertex + 1]]] == vertex).all()


def test_cargo_moves_only_aboard_and_changes_place_only_by_moving(network: Network) -> None:
    world = network.world
    tail, head = network.ends
    moves = world.kind == MOVE
    assert (tail[moves] != head[moves]).all()
    assert (tail[~moves] == head[~moves]).all()
    aboard = network.vertex_service >= 0
    assert aboard[world.tail[moves]].all() and aboard[world.head[moves]].all()
    assert (~aboard[world.tail[world.kind == BOARD]]).all() and aboard[world.head[world.kind == BOARD]].all()
    assert aboard[world.tail[world.kind == ALIGHT]].all() and (~aboard[world.head[world.kind == ALIGHT]]).all()


def test_every_customs_border_costs_a_procedure(corridor: Corridor, network: Network) -> None:
    # A move between customs territories must have a procedure of some crossing at its tail or its head.
    ids, world = network.ids, network.world
    customs = np.array([corridor.countries[c].customs for c in ids.place_country])
    tail, head = network.ends
    crossed = set(world.head[network.crossing >= 0].tolist())
    asked = set(world.tail[network.crossing >= 0].tolist())
    for arc in np.flatnonzero((world.kind == MOVE) & (customs[tail] != customs[head])):
        ready = {int(world.tail[arc])} | {
            int(world.tail[b])
            for b in world.in_arc[world.in_first[world.tail[arc]] : world.in_first[world.tail[arc] + 1]]
        }
        after = {int(world.head[arc])} | {
            int(world.head[b]) for b in range(world.first[world.head[arc]], world.first[world.head[arc] + 1])
        }
        # Loading may stand between the procedure and boarding, unloading between alighting and the procedure.
        ready |= {
            int(world.tail[b]) for v in list(ready) for b in world.in_arc[world.in_first[v] : world.in_first[v + 1]]
        }
        after |= {int(world.head[b]) for v in list(after) for b in range(world.first[v], world.first[v + 1])}
        assert ready & crossed or after & asked, (ids.links[network.link[arc]], ids.services[world.service[arc]])


def test_resources_reach_the_arcs_that_use_them() -> None:
    network = compile_network(two_ways.with_berth(two_ways.corridor()), WINDOW)
    arcs = np.repeat(np.arange(network.arcs), np.diff(network.use_first))
    assert [network.ids.resources[r] for r in network.use_resource] == ["b-berth"]
    assert (network.world.kind[arcs] == BOARD).all()
    assert network.ids.services[network.world.service[arcs[0]]] == "ship-bc"


def test_compiling_twice_gives_the_same(corridor: Corridor, network: Network) -> None:
    again = compile_network(corridor, WINDOW)
    assert same(network, again)
    assert network.ids == again.ids and network.cuts == again.cuts


def test_each_period_is_that_of_the_corridor_it_was_compiled_from(corridor: Corridor) -> None:
    # Arrays with periods do not look across them: a column is that of a network compiled from its corridor alone.
    spring = [
        Revise("waits:month=0", "hours", "scale", 2.0),
        Revise("weather:month=2", "closed_share", "scale", 0.5),
        Revise(f"fleets:{next(iter(corridor.fleets))}", "vehicles", "add", 1.0),
        Revise("resources:kind=berth", "servers", "set", 7.0),
    ]
    later, problems = apply_all(corridor, spring, WINDOW.start.date())
    assert problems == []
    both = compile_network(corridor, WINDOW, [corridor, later])
    assert both.held == ()
    for periods, alone in (([0, 1], corridor), ([2], later)):
        one = compile_network(alone, WINDOW)
        for name in ("wait", "wait_sd", "weather_share", "weather_spell"):
            assert np.array_equal(getattr(both.world, name)[:, periods], getattr(one.world, name)[:, periods])
        for name in ("servers", "background", "vehicles"):
            assert np.array_equal(getattr(both, name)[:, periods], getattr(one, name)[:, periods], equal_nan=True)
    for changed in (both.world.wait, both.vehicles, both.servers):
        assert not np.array_equal(changed[:, 1], changed[:, 2], equal_nan=True)
