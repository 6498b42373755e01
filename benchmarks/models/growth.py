"""How compile time, plan time and memory grow with the size of a corridor; each size in a process of its own."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import transcaspian as tc
from benchmarks.measure import FEWEST, exponents, medians, process, say, seconds, table
from benchmarks.models.generated import across, corners, generated
from transcaspian.model.corridor import Corridor
from transcaspian.network import Network
from transcaspian.routing import ask
from transcaspian.routing import plan as route_plan

SIZES = (1_000, 10_000, 100_000)
WINDOW = tc.months(date(2026, 12, 1))
QUESTION: dict[str, Any] = {"cargo": "12x40HC", "commodity": "electronics", "depart": "2026-12-01", "draws": 0}


@dataclass(frozen=True)
class Measured:
    """What was measured on one corridor: times in s, memory in MB."""

    arcs: int
    vertices: int
    compile: float
    across: float
    corners: float
    memory: float


def times(size: int) -> dict[str, float]:
    """Measure one size in this process; memory apart, which whoever started it knows."""
    corridor = generated(size)
    network = tc.compile_network(corridor, WINDOW)
    taken = medians(
        {
            "compile": lambda: tc.compile_network(corridor, WINDOW),
            "across": lambda: answer(network, corridor, across(corridor)),
        },
        FEWEST,
    )
    # The kernels are warm by now, and the largest takes half a minute.
    taken |= medians({"corners": lambda: answer(network, corridor, corners(corridor))}, FEWEST, warm=True)
    return {"arcs": network.arcs, "vertices": network.vertices, **taken}


def answer(network: Network, corridor: Corridor, ends: tuple[str, str]) -> int:
    """Return how many ways are found between two places."""
    return len(route_plan(network, corridor, ask(corridor, *ends, **QUESTION)).itineraries)


def report() -> str:
    """Return the table of growth."""
    found = []
    for size in SIZES:
        say(f"  {size:,} arcs")
        _, memory, printed = process([sys.executable, "-m", "benchmarks.models.growth", str(size)])
        found.append(Measured(**json.loads(printed), memory=memory))
    rows = [
        (
            f"{m.arcs:,}",
            f"{m.vertices:,}",
            *(seconds(t) for t in (m.compile, m.across, m.corners)),
            f"{m.memory:.0f} MB",
        )
        for m in found
    ]
    sizes = [m.arcs for m in found]
    grown = [
        ", ".join(f"{e:.1f}" for e in exponents(sizes, [getattr(m, name) for m in found]))
        for name in ("compile", "across", "corners", "memory")
    ]
    head = ("arcs", "vertices", "compile", "`plan` across the sea", "`plan` corner to corner", "peak memory")
    return "\n\n".join(
        [
            "Expected times, no draws. Across the sea the way is as long in every size; corner to corner it grows with "
            "the side of the square, and so do the trade-offs. Growth is the exponent from one size to the next.",
            table(head, [*rows, ("growth", "", *grown)]),
        ]
    )


if __name__ == "__main__":
    print(json.dumps(times(int(sys.argv[1]))))
