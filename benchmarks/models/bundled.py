"""What must hold on the bundled corridor: a shipment from Xi'an to Constanța, and the questions around it."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import transcaspian as tc
from benchmarks.measure import ROOT, allocated, medians, processes, seconds, table
from transcaspian.errors import DataError

WINDOW = tc.months(date(2026, 12, 1))
ENDS = ("Xi'an", "Constanta")
QUESTION: dict[str, Any] = {"cargo": "12x40HC", "commodity": "electronics", "depart": "2026-12-01"}

LIMITS = {
    "`plan`, expected times": 0.020,
    "`plan` with P50 and P90 of 1,000 draws": 0.200,
    "a place closed, planned again with P50 and P90": 0.150,
    "all places to all places": 0.500,
    "corridor to network": 0.100,
    "cold `./go plan`, after the first run": 2.5,
    "`./go --help`": 0.4,
}
"""Seconds that each may take."""


def questions(corridor: tc.Corridor) -> dict[str, Callable[[], object]]:
    """Return the warm questions by name."""
    return {
        "`plan`, expected times": lambda: tc.plan(corridor, *ENDS, draws=0, **QUESTION),
        "`plan` with P50 and P90 of 1,000 draws": lambda: tc.plan(corridor, *ENDS, **QUESTION),
        "a place closed, planned again with P50 and P90": lambda: tc.plan(
            corridor, *ENDS, without=["kuryk"], **QUESTION
        ),
        "all places to all places": lambda: tc.matrix(corridor, depart="2026-12-01"),
        "corridor to network": lambda: tc.compile_network(corridor, WINDOW),
        "reading the corridor": tc.load,
    }


def commands() -> dict[str, list[str]]:
    """Return the questions that are whole processes by name."""
    go = [sys.executable, str(ROOT / "go")]
    told = ["--cargo", QUESTION["cargo"], "--commodity", QUESTION["commodity"], "--depart", QUESTION["depart"]]
    return {"cold `./go plan`, after the first run": [*go, "plan", *ENDS, *told], "`./go --help`": [*go, "--help"]}


def report() -> str:
    """Return the table of what must hold, or why there is none."""
    try:
        corridor = tc.load()
    except DataError as error:
        return f"The bundled corridor cannot be read, so nothing was measured on it: {error}"
    calls = questions(corridor)
    rows = [(name, taken, allocated(calls[name])) for name, taken in medians(calls).items()]
    rows += [(name, taken, memory) for name, (taken, memory) in processes(commands()).items()]
    network = tc.compile_network(corridor, WINDOW)
    answer = tc.plan(corridor, *ENDS, draws=0, **QUESTION)
    return "\n\n".join(
        [
            f"{network.vertices:,} vertices, {network.arcs:,} arcs; {len(answer.itineraries)} ways in {answer.families} "
            "route families. Memory is the most a question holds at once, or the peak of the whole process.",
            table(("question", "median", "limit", "holds", "memory"), [_row(*row) for row in rows]),
        ]
    )


def _row(name: str, taken: float, memory: float) -> tuple[str, ...]:
    limit = LIMITS.get(name)
    holds = ("yes" if taken <= limit else "**no**") if limit else ""
    return name, seconds(taken), seconds(limit) if limit else "", holds, f"{memory:.0f} MB"
