"""Corridors with awkward shapes: a line that calls everywhere, a dense hub, many services side by side."""

import itertools
from dataclasses import replace
from functools import partial

import numpy as np

import transcaspian as tc
from benchmarks.measure import FEWEST, exponents, medians, say, seconds, table
from benchmarks.models.generated import Rows, frame, line, link, place, trucks
from benchmarks.models.growth import WINDOW, answer
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.service import Service, ServiceStop

Ends = tuple[str, str]


def chain(places: int) -> tuple[Corridor, Ends]:
    """Return a chain of places, a train from each to its neighbour and a road beside it, and its two ends.

    >>> corridor, ends = chain(4)
    >>> len(corridor.services), ends
    (7, ('p-0', 'p-3'))
    """
    made, names = _started(places)
    for a, b in itertools.pairwise(names):
        rail = link(made, "rail", a, b, 100.0)
        link(made, "road", a, b, 100.0)
        for back in (False, True):
            line(made, f"train-{b}-{a}" if back else f"train-{a}-{b}", "rail", [rail], back, 100.0)
    trucks(made, ("container",))
    return made.corridor(), (names[0], names[-1])


def long_line(places: int) -> tuple[Corridor, Ends]:
    """Return a chain with one train each way that calls everywhere: every pair of calls can be sold."""
    made, names = _started(places)
    rails = [link(made, "rail", a, b, 100.0) for a, b in itertools.pairwise(names)]
    for name, back in (("down", False), ("up", True)):
        line(made, name, "rail", rails, back, 100.0 * len(rails))
        for call in names[1:-1]:
            made.add(ServiceStop, service=name, place=call)
    return made.corridor(), (names[0], names[-1])


def hub(spokes: int) -> tuple[Corridor, Ends]:
    """Return a hub with a train to and from every spoke and a road beside it, and two spokes."""
    made, names = _started(spokes + 1)
    for spoke in names[1:]:
        rail = link(made, "rail", names[0], spoke, made.drawn(100, 900))
        link(made, "road", names[0], spoke, made.drawn(100, 900))
        for back in (False, True):
            line(made, f"{'from' if back else 'to'}-{spoke}", "rail", [rail], back, 500.0)
    trucks(made, ("container",))
    return made.corridor(), (names[1], names[-1])


def parallel(services: int) -> tuple[Corridor, Ends]:
    """Return a chain of four places with this many trains side by side on each link: slower is cheaper."""
    made, names = _started(4)
    for a, b in itertools.pairwise(names):
        rail = link(made, "rail", a, b, 500.0)
        for number in range(services):
            speed = 20.0 + 60.0 * number / services
            line(made, f"train-{a}-{b}-{number}", "rail", [rail], False, 10.0 * speed)
            made.rows[Service][-1] = replace(made.rows[Service][-1], speed_km_h=speed)
    return made.corridor(), (names[0], names[-1])


def _started(places: int) -> tuple[Rows, list[str]]:
    """Return rows with this many places in one country, and their names."""
    made = Rows(np.random.default_rng(1))
    frame(made, ["kz"])
    names = [f"p-{number}" for number in range(places)]
    for number, name in enumerate(names):
        place(made, name, "kz", (40.0, -170 + 0.03 * number))
    return made, names


PATTERNS = {
    "a chain, a train for each link": (chain, (30, 120)),
    "a line that calls everywhere": (long_line, (20, 70)),
    "a dense hub": (hub, (60, 600)),
    "services side by side": (parallel, (100, 1_000)),
}
"""Each pattern with two sizes: about 10^3 and 10^4 arcs, less where the trade-offs multiply."""


def report() -> str:
    """Return the table of the patterns."""
    rows = []
    for name, (pattern, sizes) in PATTERNS.items():
        say(f"  {name}")
        arcs, compiled, planned = [], [], []
        for size in sizes:
            corridor, ends = pattern(size)
            network = tc.compile_network(corridor, WINDOW)
            taken = medians(
                {
                    "compile": partial(tc.compile_network, corridor, WINDOW),
                    "plan": partial(answer, network, corridor, ends),
                },
                FEWEST,
            )
            arcs.append(network.arcs)
            compiled.append(taken["compile"])
            planned.append(taken["plan"])
        rows.append((name, " → ".join(f"{a:,}" for a in arcs), _grown(arcs, compiled), _grown(arcs, planned)))
    note = "From the smaller to the larger; in brackets the exponent of growth in arcs. Expected times, no draws."
    return f"{note}\n\n{table(('pattern', 'arcs', 'compile', '`plan`'), rows)}"


def _grown(arcs: list[int], taken: list[float]) -> str:
    return f"{' → '.join(map(seconds, taken))} ({exponents(arcs, taken)[0]:.1f})"
