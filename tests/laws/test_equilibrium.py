"""What holds for every equilibrium: flow is conserved, nobody could go cheaper, the optimum is one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from tests.roads import Floats, roads, worlds
from transcaspian.assignment.standard import equilibrium
from transcaspian.network.standard import StandardNetwork

World = tuple[StandardNetwork, Floats]
PRINCIPLES = st.sampled_from(["user", "system"])


def relative_gap(network: StandardNetwork, demand: Floats, volume: Floats, cost: Floats) -> float:
    """Return the relative gap by scipy's shortest ways; of lines side by side the cheapest, 0 as nearly 0."""
    ends = np.column_stack([network.tail, network.head]) - 1
    order = np.lexsort((cost, ends[:, 1], ends[:, 0]))
    kept = order[np.append(True, np.diff(ends[order], axis=0).any(axis=1))]
    weight = np.maximum(cost[kept], 1e-300)
    least = dijkstra(coo_array((weight, ends[kept].T), shape=(network.nodes,) * 2).tocsr())
    apart = np.where(np.eye(network.zones, dtype=bool), 0, demand)
    total = volume @ cost
    return 1 - float((apart * least[: network.zones, : network.zones]).sum() / total) if total > 0 else 0.0


def marginal(network: StandardNetwork, volume: Floats) -> Floats:
    """Return what one unit more costs all together, by a difference quotient."""
    step = 1e-5 * network.capacity
    low, high = np.maximum(volume - step, 0), volume + step
    return (high * network.times(high) - low * network.times(low)) / (high - low)


@given(worlds(), PRINCIPLES)
@settings(max_examples=60, deadline=None)
def test_flow_is_conserved_at_every_node(world: World, principle: str) -> None:
    network, demand = world
    answer = equilibrium(network, demand, principle=principle, gap=1e-8)
    inflow = np.bincount(network.head, answer.volume, network.nodes + 1)[1:]
    outflow = np.bincount(network.tail, answer.volume, network.nodes + 1)[1:]
    wanted = np.zeros(network.nodes)
    wanted[: network.zones] = demand.sum(axis=0) - demand.sum(axis=1)
    assert inflow - outflow == pytest.approx(wanted, abs=1e-9)
    assert (answer.volume >= 0).all()


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_nobody_could_go_cheaper(world: World) -> None:
    network, demand = world
    answer = equilibrium(network, demand, gap=1e-8)
    found = relative_gap(network, demand, answer.volume, answer.cost)
    assert found == pytest.approx(answer.gap, abs=1e-12)
    assert found <= 1e-8 + 1e-12


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_at_the_optimum_nobody_could_cost_all_together_less(world: World) -> None:
    network, demand = world
    answer = equilibrium(network, demand, principle="system", gap=1e-8)
    # The difference quotient is off by its step squared, some 1e-9 of the cost.
    assert relative_gap(network, demand, answer.volume, marginal(network, answer.volume)) <= 1e-7


@given(worlds(), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_capacity_never_harms_the_optimum(world: World, chosen: int) -> None:
    network, demand = world
    wider = network.capacity.copy()
    wider[chosen % len(wider)] *= 3
    before = equilibrium(network, demand, principle="system", gap=1e-9).total_cost
    assert equilibrium(replace(network, capacity=wider), demand, principle="system", gap=1e-9).total_cost <= before * (
        1 + 1e-8
    )


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_the_optimum_costs_no_more_than_the_equilibrium(world: World) -> None:
    network, demand = world
    user, system = (equilibrium(network, demand, principle=p, gap=1e-9) for p in ("user", "system"))
    assert system.total_cost <= user.total_cost * (1 + 1e-8)


@given(worlds(), PRINCIPLES)
@settings(max_examples=30, deadline=None)
def test_a_start_changes_the_way_and_not_the_end(world: World, principle: str) -> None:
    network, demand = world
    cold = equilibrium(network, demand, principle=principle, gap=1e-10)
    other = equilibrium(network, demand.T * 3, principle="user", gap=1e-3)
    warm = equilibrium(network, demand, principle=principle, gap=1e-10, start=other)
    assert warm.total_cost == pytest.approx(cold.total_cost, rel=1e-8)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_network_that_is_its_own_mirror_image_has_such_flows(seed: int) -> None:
    # A grid of 3 x 3 nodes, every line both ways and with a twin across the diagonal; so is demand between corners.
    rng = np.random.default_rng(seed)
    node = {
        (i, j): n
        for n, (i, j) in enumerate([(0, 0), (2, 2), (0, 2), (2, 0), (1, 1), (0, 1), (1, 0), (1, 2), (2, 1)], 1)
    }
    steps = [
        ((i, j), (i + a, j + b))
        for i, j in node
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))
        if (i + a, j + b) in node
    ]
    values = {step: rng.uniform(1, 5, 3) for step in steps}
    mirrored = {((i, j), (k, m)): values[min(((i, j), (k, m)), ((j, i), (m, k)))] for (i, j), (k, m) in steps}
    rows = [(node[a], node[b], *mirrored[a, b][:2], 2 * mirrored[a, b][2], 4.0) for a, b in steps]
    wanted = np.array([[0, 9, 5, 5], [7, 0, 3, 3], [2, 4, 0, 6], [2, 4, 6, 0]], float)
    volume = dict(zip(steps, equilibrium(roads(4, 9, rows), wanted, gap=1e-13).volume.tolist(), strict=True))
    for (i, j), (k, m) in steps:
        assert volume[(i, j), (k, m)] == pytest.approx(volume[(j, i), (m, k)], abs=1e-3)
