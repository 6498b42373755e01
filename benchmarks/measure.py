"""How things are measured: in turn, the median of several runs, whole processes with their peak memory."""

import itertools
import json
import math
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RUNS = 7
FEWEST = 5


def medians(calls: Mapping[str, Callable[[], object]], runs: int = RUNS, *, warm: bool = False) -> dict[str, float]:
    """Return the median seconds of each call, asked in turn; after one run that does not count, unless ``warm``."""
    for call in calls.values() if not warm else ():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


def allocated(call: Callable[[], object]) -> float:
    """Return the most memory that a call held at once, beyond what was there before [MB]."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def process(command: Sequence[str]) -> tuple[float, float, str]:
    """Run a command in the root of the checkout; return its seconds, its peak memory [MB] and what it printed."""
    spawn = [sys.executable, str(ROOT / "benchmarks" / "spawn.py")]
    # As at a user's: Python keeps what it compiles, whatever the shell of whoever measures says.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([*spawn, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=kept)
    told = json.loads(done.stdout)
    return told["seconds"], told["memory"], told["printed"]


def processes(commands: Mapping[str, Sequence[str]], runs: int = FEWEST) -> dict[str, tuple[float, float]]:
    """Return the median seconds and peak memory [MB] of whole processes, run in turn after one that does not count."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds, memory, _ = process(command)
            if number:
                found[name].append((seconds, memory))
    return {
        name: (statistics.median(s for s, _ in pairs), statistics.median(m for _, m in pairs))
        for name, pairs in found.items()
    }


def exponents(sizes: Sequence[float], values: Sequence[float]) -> list[float]:
    """Return how each value grew from the one before: 1 with the size, 2 with its square.

    >>> [round(e, 1) for e in exponents([10, 100, 1000], [1, 10, 1000])]
    [1.0, 2.0]
    """
    pairs = list(zip(sizes, values, strict=True))
    return [math.log(v2 / v1) / math.log(s2 / s1) for (s1, v1), (s2, v2) in itertools.pairwise(pairs)]


def seconds(value: float) -> str:
    """Return a time with a unit that a person would choose.

    >>> seconds(0.00004), seconds(0.0123), seconds(0.5), seconds(12.34)
    ('40 µs', '12.3 ms', '500 ms', '12.3 s')
    """
    for factor, unit in ((1.0, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1 or unit == "µs":
            scaled = value * factor
            return f"{scaled:.0f} {unit}" if scaled >= 99.5 or scaled == round(scaled) else f"{scaled:.3g} {unit}"
    raise AssertionError


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table in Markdown, numbers to the right."""
    rule = "|" + "---|" + "---:|" * (len(head) - 1)
    return "\n".join(["| " + " | ".join(head) + " |", rule, *("| " + " | ".join(map(str, r)) + " |" for r in rows)])


def say(words: str) -> None:
    """Tell whoever waits what is being measured."""
    print(words, file=sys.stderr, flush=True)
