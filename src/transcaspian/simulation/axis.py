"""This module owns the time of a simulated year: months before it in which the world fills, months after it to end in.

The warm-up rule is stated, not fitted: the last ``BEFORE`` months of the same year run first, and what is sent in them
counts for nothing; the longest way of the corridor takes less. Behind the year its first ``AFTER`` months run once
more, so that what was sent in December arrives in the press of January and not in an empty world.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcaspian.network import Network

BEFORE, AFTER = 3, 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """Periods of a simulation: those of the network behind each, and their ``edges`` [h] from the year's start."""

    periods: NDArray[np.int64]
    edges: Floats
    year: tuple[float, float]

    @property
    def begin(self) -> float:
        """First hour of the warm-up."""
        return float(self.edges[0])

    @property
    def end(self) -> float:
        """Last hour of all."""
        return float(self.edges[-1])

    def again(self, times: Floats) -> Floats:
        """Return moments of the year with those of the months that run before and after it, sorted."""
        hours = self.year[1]
        every = np.concatenate([times - hours, times, times + hours])
        found: Floats = np.sort(every[(every >= self.begin) & (every < self.end)])
        return found


def axis_of(network: Network) -> Axis:
    """Return the axis of a network of twelve months."""
    lengths = np.array([(b - a).total_seconds() / 3600 for a, b in pairwise(network.window.edges)])
    count = len(lengths)
    before, after = min(BEFORE, count), min(AFTER, count)
    periods = np.concatenate([np.arange(count - before, count), np.arange(count), np.arange(after)])
    edges = np.concatenate([[0.0], np.cumsum(lengths[periods])]) - lengths[count - before :].sum()
    return Axis(periods, edges, (0.0, float(lengths.sum())))
