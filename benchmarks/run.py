"""Measure what must hold, beside rivals in the same run: ``./go bench`` prints it, ``./go bench --write`` keeps it.

Medians of at least five alternating runs (conventions, sections 12 and 14).
"""

import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import rustworkx as rx
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import transcaspian as tc
from benchmarks.models.generated import generated
from transcaspian.kernels.paths import one_to_one
from transcaspian.network import Network, compile_network, months
from transcaspian.routing import ask
from transcaspian.routing import plan as route_plan
from transcaspian.study.plan import matrix, plan

ROOT = Path(__file__).parents[1]
MARK = "<!-- measured -->"
RUNS = 7
WINDOW = months(date(2026, 12, 1))
QUESTION: dict[str, Any] = {"cargo": "12x40HC", "commodity": "electronics", "depart": "2026-12-01"}


def median(calls: dict[str, Callable[[], Any]], runs: int = RUNS) -> dict[str, float]:
    """Return the median seconds of each call, asked in turn after one warm-up."""
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


def bundled() -> list[str]:
    """Return the rows of what must hold on the bundled corridor."""
    corridor = tc.load()
    network = compile_network(corridor, WINDOW)
    expected = ask(corridor, "Xi'an", "Constanta", draws=0, **QUESTION)
    drawn = ask(corridor, "Xi'an", "Constanta", draws=1000, **QUESTION)
    answer = route_plan(network, corridor, expected)
    calls: dict[str, Callable[[], Any]] = {
        f"`plan`, {len(answer.itineraries)} ways, expected times": lambda: route_plan(network, corridor, expected),
        "`plan` with P50 and P90 of 1,000 draws": lambda: route_plan(network, corridor, drawn),
        "a place closed, planned again with P90": lambda: plan(corridor, "Xi'an", "Constanta", without=["kuryk"], **QUESTION),
        "all places to all places": lambda: matrix(corridor, depart="2026-12-01"),
        "corridor to network": lambda: compile_network(corridor, WINDOW),
        "reading the corridor": tc.load,
    }  # fmt: skip
    limits = ("20 ms", "200 ms", "150 ms", "500 ms", "100 ms", "")
    rows = [
        f"| {name} | {t * 1000:.0f} ms | {limit} |"
        for (name, t), limit in zip(median(calls).items(), limits, strict=True)
    ]
    go = [sys.executable, str(ROOT / "go")]
    whole = {
        "cold `./go plan`": [*go, "plan", "Xi'an", "Constanta", "--cargo", "12x40HC", "--commodity", "electronics", "--depart", "2026-12-01"],
        "`./go --help`": [*go, "--help"],
    }  # fmt: skip
    cold = median(
        {n: lambda c=c: subprocess.run(c, check=True, capture_output=True, cwd=ROOT) for n, c in whole.items()}, 5
    )  # type: ignore[misc]
    rows += [
        f"| {n} | {t * 1000:.0f} ms | {limit} |"
        for (n, t), limit in zip(cold.items(), ("2,500 ms", "400 ms"), strict=True)
    ]
    return ["| question | median | limit |", "|---|---:|---:|", *rows]


def growth() -> list[str]:
    """Return compile time, plan time and memory on generated corridors; at 10⁵ arcs a plan takes minutes, so none is timed."""
    rows = ["| arcs | vertices | compile | `plan`, expected times | memory so far |", "|---:|---:|---:|---:|---:|"]
    base = tc.load()
    for size in (1_000, 10_000):
        world = generated(base, size)
        network = compile_network(world, WINDOW)
        places = network.ids.places
        request = ask(world, places[0], places[len(places) // 2], draws=0, most=5, **QUESTION)
        calls: dict[str, Callable[[], Any]] = {
            "compile": lambda world=world: compile_network(world, WINDOW),  # type: ignore[misc]
            "plan": lambda n=network, w=world, r=request: route_plan(n, w, r),  # type: ignore[misc]
        }
        taken = median(calls, 5)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            f"| {network.arcs:,} | {network.vertices:,} | {taken['compile']:.2f} s | {taken['plan'] * 1000:.0f} ms | {memory:.0f} MB |"
        )
    return rows


def rivals() -> list[str]:
    """Return the single-criterion question beside three graph libraries, answers compared first."""
    rows = ["| arcs | ours | scipy | rustworkx | networkx | ours ahead by |", "|---:|---:|---:|---:|---:|---|"]
    base = tc.load()
    for size in (1_000, 10_000, 100_000):
        network = compile_network(generated(base, size), WINDOW)
        rows.append(_race(network))
    return rows


def _race(network: Network) -> str:
    world, weight = network.world, np.maximum(network.hours, 0.01) + network.world.wait[:, 0]
    count = network.vertices
    rests = np.flatnonzero(network.vertex_rest)
    source, target = int(rests[0]), int(rests[len(rests) // 2])
    order = np.lexsort((weight, world.head, world.tail))
    pairs = np.stack([world.tail[order], world.head[order]], axis=1)
    keep = order[np.append(True, (np.diff(pairs, axis=0) != 0).any(axis=1))]
    graph = csr_array(
        (weight[keep], (world.tail[keep].astype(np.int32), world.head[keep].astype(np.int32))), shape=(count, count)
    )
    graph.indices, graph.indptr = graph.indices.astype(np.int32), graph.indptr.astype(np.int32)
    edges = list(zip(world.tail[keep].tolist(), world.head[keep].tolist(), weight[keep].tolist(), strict=True))
    nxg = nx.DiGraph()
    nxg.add_nodes_from(range(count))
    nxg.add_weighted_edges_from(edges)
    rxg = rx.PyDiGraph()
    rxg.add_nodes_from(range(count))
    rxg.add_edges_from(edges)
    out, via = np.empty(count), np.empty(count, np.int32)
    keys, items = np.empty(len(weight) + count), np.empty(len(weight) + count, np.int32)

    def ours() -> float:
        one_to_one(world.first, world.head, weight, source, target, out, via, keys, items)
        return float(out[target])

    calls: dict[str, Callable[[], float]] = {
        "ours": ours,
        "scipy": lambda: float(dijkstra(graph, indices=source)[target]),
        "rustworkx": lambda: float(rx.dijkstra_shortest_path_lengths(rxg, source, float, target)[target]),
        "networkx": lambda: float(nx.bidirectional_dijkstra(nxg, source, target)[0]),
    }
    answers = {name: call() for name, call in calls.items()}
    assert np.allclose(list(answers.values()), answers["ours"]), answers
    taken = median(calls)
    ratios = ", ".join(f"{n} {taken[n] / taken['ours']:.1f}x" for n in ("scipy", "rustworkx", "networkx"))
    cells = " | ".join(f"{taken[n] * 1000:.2f} ms" for n in calls)
    return f"| {network.arcs:,} | {cells} | {ratios} |"


def main() -> None:
    """Measure, print, and with ``--write`` keep the tables in README.md."""
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, networkx {nx.__version__}, rustworkx {rx.__version__}"
    text = "\n\n".join(
        [
            f"Measured with `./go bench --write` on 2 cores; {versions}; medians of at least five runs (three at 10⁵ arcs).",
            "### What must hold, on the bundled corridor", "\n".join(bundled()),
            "### How it grows, on generated corridors", "\n".join(growth()),
            "### One origin, one destination, fixed weights, beside graph libraries", "\n".join(rivals()),
        ]
    )  # fmt: skip
    print(text)
    if "--write" in sys.argv:
        page = ROOT / "benchmarks" / "README.md"
        kept = page.read_text(encoding="utf-8").split(MARK)[0].rstrip()
        page.write_text(f"{kept}\n\n{MARK}\n\n## Measured\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
