"""Small standard networks for tests: lines as rows, or drawn."""

from collections.abc import Iterable, Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from transcaspian.network.standard import StandardNetwork

Floats = NDArray[np.float64]
Row = Sequence[float]


def roads(zones: int, nodes: int, rows: Iterable[Row], first_thru: int = 1) -> StandardNetwork:
    """Return a network of rows: tail, head, free time, b, capacity, power, toll, length; the last four may be left out."""
    usual = (1.0, 1.0, 0.0, 0.0)
    whole = [[*row, *usual[len(row) - 4 :]] for row in rows]
    tail, head, free_time, b, capacity, power, toll, length = np.array(whole, float).T.copy()
    ends = (tail.astype(np.int64), head.astype(np.int64))
    return StandardNetwork(zones, nodes, first_thru, *ends, capacity, length, free_time, b, power, toll)


def demand(zones: int, *trips: tuple[int, int, float]) -> Floats:
    """Return demand from rows: origin, destination, volume."""
    found = np.zeros((zones, zones))
    for origin, destination, volume in trips:
        found[origin - 1, destination - 1] = volume
    return found


@st.composite
def worlds(draw: st.DrawFn, nodes: int = 7) -> tuple[StandardNetwork, Floats]:
    """Draw a network and demand on it: a ring, so that there is a way, and lines across; some cost nothing when empty."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, zones = draw(st.integers(3, nodes)), draw(st.integers(2, 3))
    ring = [(n, n % count + 1) for n in range(1, count + 1)]
    across = [tuple(rng.choice(count, 2, replace=False) + 1) for _ in range(draw(st.integers(0, 12)))]
    ends = np.array([*ring, *across])
    free = rng.uniform(1, 10, len(ends)) * (rng.random(len(ends)) > 0.1)
    made = (rng.uniform(0.1, 2, len(ends)), rng.uniform(2, 10, len(ends)), rng.choice([1.0, 2.0, 4.0], len(ends)))
    network = roads(zones, count, np.column_stack([ends, free, *made]))
    return network, rng.uniform(0, 10, (zones, zones)) * (rng.random((zones, zones)) > 0.2)
