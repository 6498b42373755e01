"""Equilibria against another engine: scipy minimises over the flows of all ways there are."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import LinearConstraint, minimize

from tests.roads import Floats, worlds
from transcaspian.assignment.standard import equilibrium
from transcaspian.network.standard import StandardNetwork


def ways(network: StandardNetwork, origin: int, destination: int) -> list[list[int]]:
    """Return the lines of every way without a repeated node; of lines side by side each."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(1, network.nodes + 1))
    graph.add_edges_from(zip(network.tail.tolist(), network.head.tolist(), range(len(network.tail)), strict=True))
    return [[line for _, _, line in way] for way in nx.all_simple_edge_paths(graph, origin, destination)]


def objective(network: StandardNetwork, volume: Floats, principle: str) -> float:
    """Return what flow minimises: the integral of costs (Beckmann et al. 1956) or all cost."""
    share = 1 if principle == "system" else 1 / (network.power + 1)
    rise = network.b * (volume / network.capacity) ** network.power
    return float((volume * network.free_time * (1 + share * rise)).sum())


def minimum(network: StandardNetwork, demand: Floats, principle: str) -> float:
    """Return the least value of the objective, by a general solver of constrained problems."""
    pairs = [(o, d) for o, d in np.argwhere(demand > 0) if o != d]
    listed = [(number, way) for number, (o, d) in enumerate(pairs) for way in ways(network, o + 1, d + 1)]
    uses, belongs = np.zeros((len(network.tail), len(listed))), np.zeros((len(pairs), len(listed)))
    for column, (number, way) in enumerate(listed):
        uses[way, column] = 1
        belongs[number, column] = 1
    wanted = np.array([demand[o, d] for o, d in pairs])
    begin = belongs.T @ (wanted / belongs.sum(axis=1))
    factor = network.power + 1 if principle == "system" else 1
    scale = objective(network, uses @ begin, principle) or 1.0

    def slope(flows: Floats) -> Floats:
        volume = uses @ flows
        rise = network.b * (volume / network.capacity) ** network.power
        return uses.T @ (network.free_time * (1 + factor * rise)) / scale

    found = minimize(
        lambda flows: objective(network, uses @ np.maximum(flows, 0), principle) / scale, begin, jac=slope, method="SLSQP",
        bounds=[(0, None)] * len(listed), constraints=LinearConstraint(belongs, wanted, wanted),
        options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    return float(found.fun) * scale


@pytest.mark.parametrize("principle", ["user", "system"])
@given(world=worlds(nodes=5))
@settings(max_examples=25, deadline=None)
def test_the_objective_is_as_small_as_another_engine_finds(
    principle: str, world: tuple[StandardNetwork, Floats]
) -> None:
    network, demand = world
    if not (demand * (1 - np.eye(network.zones))).any():
        return
    answer = equilibrium(network, demand, principle=principle, gap=1e-9)
    theirs = minimum(network, demand, principle)
    # Theirs may stop early, and is then the larger; ours is within the gap of the minimum.
    assert objective(network, answer.volume, principle) <= theirs * (1 + 1e-6) + 1e-9
    assert objective(network, answer.volume, principle) >= theirs * (1 - 1e-4) - 1e-9
