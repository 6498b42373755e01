"""The tables of all benchmarks as one text, printed or kept in README.md between two marks."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import FEWEST, ROOT, RUNS, say
from benchmarks.models import bundled, draws, equilibrium, flows, growth, one_criterion, queues
from benchmarks.patterns import awkward

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
USAGE = "usage: ./go bench [--write] [bundled] [growth] [criterion] [patterns] [flows] [queues] [equilibrium] [draws]"

PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "bundled": ("What must hold, on the bundled corridor", bundled.report),
    "growth": ("How it grows, on generated corridors", growth.report),
    "criterion": ("One origin, one destination, one criterion, beside graph libraries", one_criterion.report),
    "patterns": ("Awkward corridors", awkward.report),
    "flows": ("A year of flows", flows.report),
    "queues": ("Events, beside SimPy and Ciw", queues.report),
    "equilibrium": ("User equilibrium on standard networks, beside AequilibraE", equilibrium.report),
    "draws": ("An appraisal with draws", draws.report),
}


def main(arguments: Sequence[str]) -> None:
    """Measure the parts asked for, or all; print them, and with ``--write`` keep them (then always all)."""
    unknown = [a for a in arguments if a not in (*PARTS, "--write")]
    if unknown:
        say(f"not known: {', '.join(unknown)}; {USAGE}")
        raise SystemExit(2)
    write = "--write" in arguments
    wanted = [name for name in PARTS if write or name in arguments] or list(PARTS)
    pieces = [conditions()]
    for name in wanted:
        say(f"measuring: {name}")
        title, report = PARTS[name]
        pieces += [f"### {title}", report()]
    text = "\n\n".join(pieces)
    print(text)
    if write:
        keep(ROOT / "benchmarks" / "README.md", text)


def conditions() -> str:
    """Return the machine, the versions and the date."""
    packages = ("numpy", "numba", "networkx", "scipy", "rustworkx", "simpy", "ciw")
    versions = ", ".join([f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)])
    return (
        f"Measured {time.strftime('%Y-%m-%d')} on {platform.machine()}, {os.cpu_count()} cores, one thread each; {versions}. "
        f"Medians of {RUNS} alternating runs, of {FEWEST} where a run is a whole process or takes long."
    )


def keep(page: Path, text: str) -> None:
    """Put a text between the marks of a page, behind everything else where it has none."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before.rstrip()}\n\n{BEGIN}\n\n{text}\n\n{END}\n{after.lstrip()}", encoding="utf-8")
