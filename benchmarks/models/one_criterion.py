"""The one question every graph library answers: the shortest way between two vertices on fixed weights.

The weights are hours of a static network: run or work, and the mean wait of the first month. All four search the very
same graph (of arcs side by side the shortest is kept, as the others hold no more) and must find the same lengths.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import transcaspian as tc
from benchmarks.measure import FEWEST, RUNS, medians, say, seconds, table
from benchmarks.models.generated import generated
from benchmarks.models.growth import SIZES, WINDOW
from transcaspian.kernels.paths import one_to_one
from transcaspian.network import Network

PAIRS = 10
"""Questions asked in each run, so that no library is lucky with one."""

Pair = tuple[int, int]
Answer = Callable[[int, int], float]


@dataclass(frozen=True)
class Graph:
    """A graph without arcs side by side, sorted by tail: A arcs, V vertices."""

    first: NDArray[np.int32]  # (V + 1,)
    tail: NDArray[np.int32]  # (A,)
    head: NDArray[np.int32]  # (A,)
    weight: NDArray[np.float64]  # (A,) h


def graph_of(network: Network) -> Graph:
    """Return the static graph of a network."""
    world = network.world
    weight = network.hours + world.wait[:, 0]
    order = np.lexsort((weight, world.head, world.tail))
    tail, head = world.tail[order], world.head[order]
    kept = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    tail, head, weight = tail[kept], head[kept], weight[order][kept]
    first = np.zeros(network.vertices + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=network.vertices), out=first[1:])
    return Graph(first, tail, head, weight)


def pairs_of(network: Network, graph: Graph, count: int = PAIRS, seed: int = 1) -> list[Pair]:
    """Return pairs of places' vertices, drawn from those with a way."""
    rng = np.random.default_rng(seed)
    rests = np.flatnonzero(network.vertex_rest & (network.vertex_group == network.ids.groups.index("container")))
    asked = ours(graph)
    pairs: list[Pair] = []
    while len(pairs) < count:
        source, target = (int(v) for v in rng.choice(rests, 2, replace=False))
        if np.isfinite(asked(source, target)):
            pairs.append((source, target))
    return pairs


def ours(graph: Graph) -> Answer:
    """Return our kernel, with its scratch."""
    vertices, size = len(graph.first) - 1, len(graph.head) + len(graph.first)
    out, via, keys = np.empty(vertices), np.empty(vertices, np.int32), np.empty(size)
    items = np.empty(size, np.int32)

    def ask(source: int, target: int) -> float:
        one_to_one(graph.first, graph.head, graph.weight, source, target, out, via, keys, items)
        return float(out[target])

    return ask


def rivals(graph: Graph) -> dict[str, Answer]:
    """Return each rival's way of answering, its graph built beforehand."""
    vertices = len(graph.first) - 1
    sparse = csr_array((graph.weight, graph.head, graph.first), shape=(vertices, vertices))
    edges = list(zip(graph.tail.tolist(), graph.head.tolist(), graph.weight.tolist(), strict=True))
    plain = nx.DiGraph()
    plain.add_nodes_from(range(vertices))
    plain.add_weighted_edges_from(edges)
    rust = rx.PyDiGraph()
    rust.add_nodes_from(range(vertices))
    rust.add_edges_from(edges)
    return {
        "scipy": lambda s, t: float(dijkstra(sparse, indices=s, min_only=True)[t]),
        "rustworkx": lambda s, t: float(rx.dijkstra_shortest_path_lengths(rust, s, float, goal=t)[t]),
        "networkx": lambda s, t: float(nx.dijkstra_path_length(plain, s, t)),
        "networkx, both ends": lambda s, t: float(nx.bidirectional_dijkstra(plain, s, t)[0]),
    }


def _asked(answer: Answer, pairs: list[Pair]) -> Callable[[], Any]:
    return lambda: [answer(source, target) for source, target in pairs]


def race(network: Network, runs: int) -> dict[str, float]:
    """Return the median seconds of one question by library, ours first, after comparing the answers."""
    graph = graph_of(network)
    pairs = pairs_of(network, graph)
    calls = {name: _asked(answer, pairs) for name, answer in {"ours": ours(graph), **rivals(graph)}.items()}
    wanted = calls["ours"]()
    for name, call in calls.items():
        np.testing.assert_allclose(call(), wanted, rtol=1e-9, err_msg=name)
    return {name: taken / len(pairs) for name, taken in medians(calls, runs).items()}


def report() -> str:
    """Return the table of ratios."""
    rows = []
    for size in SIZES:
        say(f"  {size:,} arcs")
        network = tc.compile_network(generated(size), WINDOW)
        taken = race(network, RUNS if size < SIZES[-1] else FEWEST)
        mine = taken.pop("ours")
        cells = [f"{seconds(t)} ({t / mine:.1f}x)" for t in taken.values()]
        rows.append((f"{network.arcs:,}", seconds(mine), *cells))
    head = ("arcs", "ours", "scipy", "rustworkx", "networkx", "networkx, both ends")
    note = f"Mean of {PAIRS} pairs of places; in brackets how many times as long as ours. Same answers, to nine digits."
    return f"{note}\n\n{table(head, rows)}"
