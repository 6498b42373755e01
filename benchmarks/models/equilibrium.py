"""User equilibrium on generated cities, beside AequilibraE's bi-conjugate Frank-Wolfe in the same run.

A city is a grid of streets both ways, some of them fast; zones hang on it by roads that cannot be passed. Its streets
are loaded so that the busiest carry about their capacity and half more.
"""

import os
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import FEWEST, medians, say, seconds, table
from transcaspian.assignment.standard import equilibrium
from transcaspian.network.standard import StandardNetwork
from transcaspian.results.equilibrium import Equilibrium

CITIES = ((10, 24), (20, 60), (40, 150), (50, 400))
"""Streets across, and zones."""
GAPS = (1e-4, 1e-6, 1e-10)
RIVAL_GAP, RIVAL_LIMIT, RIVAL_ROUNDS = 1e-6, 60.0, 20_000
"""What the rival is asked for, and how long a run of it may take to be repeated [s]."""

RIVAL_LINES = 7_000
"""Lines up to which the rival is asked: more take it a quarter of an hour."""

City = tuple[StandardNetwork, NDArray[np.float64]]


def city(side: int, zones: int, seed: int = 1) -> City:
    """Return a city of ``side`` streets each way, and demand between its zones."""
    rng = np.random.default_rng(seed)
    crossing = zones + 1 + np.arange(side * side).reshape(side, side)
    streets = np.vstack([
        np.column_stack([crossing[:, :-1].ravel(), crossing[:, 1:].ravel()]),
        np.column_stack([crossing[:-1].ravel(), crossing[1:].ravel()]),
    ])  # fmt: skip
    streets = np.vstack([streets, streets[:, ::-1]])
    doors = np.column_stack([np.arange(1, zones + 1), rng.choice(crossing.ravel(), zones, replace=False)])
    ends = np.vstack([streets, doors, doors[:, ::-1]])
    count, roads = len(ends), len(streets)
    fast = rng.random(count) < 0.15
    free_time = np.where(fast, 0.6, 1.0) * rng.uniform(0.8, 1.2, count)
    capacity = np.where(fast, 3000.0, 1000.0)
    b = np.full(count, 0.15)
    free_time[roads:], capacity[roads:], b[roads:] = 0.5, 1e6, 0.0
    network = StandardNetwork(
        zones, zones + side * side, zones + 1, ends[:, 0].copy(), ends[:, 1].copy(), capacity, np.zeros(count),
        free_time, b, np.full(count, 4.0), np.zeros(count),
    )  # fmt: skip
    size = rng.lognormal(0, 0.7, zones)
    demand = np.outer(size, size)
    np.fill_diagonal(demand, 0.0)
    # On a grid a trip passes 2/3 of a side each way; capacity is that of streets of 1000.
    return network, demand * (roads * 1000.0 * 0.45 / (side * 2 / 3) / demand.sum())


def rival(network: StandardNetwork, demand: NDArray[np.float64], gap: float) -> Callable[[], tuple[float, float]]:
    """Return AequilibraE's way of answering, one core, no progress bars, no skims; it gives total cost and its gap."""
    os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"
    import pandas as pd  # noqa: PLC0415 - only where the rival is
    from aequilibrae.matrix import AequilibraeMatrix  # noqa: PLC0415
    from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass  # noqa: PLC0415

    lines, zones = len(network.tail), np.arange(1, network.zones + 1)
    graph = Graph()
    graph.network = pd.DataFrame({
        "link_id": np.arange(1, lines + 1), "a_node": network.tail, "b_node": network.head,
        "direction": np.ones(lines, np.int8), "capacity": network.capacity, "free_flow_time": network.free_time,
        "b": network.b, "power": network.power,
    })  # fmt: skip
    graph.network_ok, graph.status, graph.mode = True, "OK", "c"
    graph.prepare_graph(zones)
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(network.first_thru > 1)
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=network.zones, matrix_names=["all"], memory_only=True)
    matrix.index[:] = zones
    matrix.matrix["all"][:, :] = demand
    matrix.computational_view(["all"])

    def solve() -> tuple[float, float]:
        assignment = TrafficAssignment()
        assignment.set_classes([TrafficClass("c", graph, matrix)])
        assignment.set_vdf("BPR")
        assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
        assignment.set_capacity_field("capacity")
        assignment.set_time_field("free_flow_time")
        assignment.set_algorithm("bfw")
        assignment.set_cores(1)
        assignment.max_iter, assignment.rgap_target = RIVAL_ROUNDS, gap
        assignment.execute(log_specification=False)
        found = assignment.results()
        volume = found["PCE_AB"].reindex(np.arange(1, lines + 1)).fillna(0).to_numpy()
        return float(volume @ network.times(volume)), float(assignment.assignment.rgap)

    return solve


def _asked(network: StandardNetwork, demand: NDArray[np.float64], gap: float) -> Callable[[], Equilibrium]:
    return lambda: equilibrium(network, demand, gap=gap)


def raced(network: StandardNetwork, demand: NDArray[np.float64]) -> tuple[str, str]:
    """Return the rival's time in words and as a multiple of ours, after comparing the answers."""
    if len(network.tail) > RIVAL_LINES:
        return "not asked", ""
    try:
        theirs = rival(network, demand, RIVAL_GAP)
    except ImportError:
        return "not installed", ""

    ours = _asked(network, demand, RIVAL_GAP)
    began = time.perf_counter()
    total, gap = theirs()
    taken = time.perf_counter() - began
    assert gap <= RIVAL_GAP, f"the rival got to {gap:g} only"
    np.testing.assert_allclose(total, ours().total_cost, rtol=20 * RIVAL_GAP)
    runs = FEWEST if taken < RIVAL_LIMIT / FEWEST else 1
    found = medians({"ours": ours, "theirs": theirs}, runs, warm=True)
    return seconds(found["theirs"]) + ("" if runs > 1 else " (1 run)"), f"{found['theirs'] / found['ours']:.0f}x"


def report() -> str:
    """Return the table of times."""
    rows = []
    for side, zones in CITIES:
        network, demand = city(side, zones)
        say(f"  {len(network.tail):,} lines, {zones} zones")
        mine = medians({str(gap): _asked(network, demand, gap) for gap in GAPS}, FEWEST)
        rows.append((f"{len(network.tail):,}", zones, *map(seconds, mine.values()), *raced(network, demand)))
    head = ("lines", "zones", *(f"to {gap:.0e}" for gap in GAPS), f"AequilibraE to {RIVAL_GAP:.0e}", "times ours")
    note = (
        "User equilibrium to a relative gap. AequilibraE: bi-conjugate Frank-Wolfe, one core, skims and progress off."
    )
    return f"{note}\n\n{table(head, rows)}"
