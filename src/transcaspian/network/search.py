"""This module owns running the search kernels: scratch that grows, bounds, and chains of arcs back."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.choice import families
from transcaspian.kernels.pareto import SHELF, Labels, pareto, trace
from transcaspian.kernels.paths import bounds, least_weights
from transcaspian.kernels.travel import arrivals, durations, expected
from transcaspian.kernels.world import FULL, NEVER, Task, World
from transcaspian.network.cargo import Errand
from transcaspian.network.network import Network

Chain = NDArray[np.int32]
"""Arcs of a way from the start to the end."""

LABELS = 1 << 16
"""Labels a search starts with; it doubles when they run out."""

FRONT = 4096
"""Trade-offs kept at the destination."""


def _labels(size: int, vertices: int, ends: int) -> Labels:
    shelves = size // SHELF + vertices
    return Labels(
        done=np.zeros(5, np.int64),
        value=np.empty((size, 3)),
        vertex=np.empty(size, np.uint32),
        arc=np.empty(size, np.int32),
        parent=np.empty(size, np.int32),
        came=np.empty(size, np.uint32),
        bits=np.empty(size, np.uint64),
        been=np.empty(size, np.uint64),
        dead=np.empty(size, np.bool_),
        keys=np.empty(size),
        items=np.empty(size, np.uint32),
        cells=np.empty((SHELF * shelves, 3)),
        stands=np.empty(SHELF * shelves, np.uint32),
        behind=np.empty(shelves, np.int32),
        shelf=np.empty(vertices, np.int32),
        filled=np.empty(vertices, np.uint32),
        goal=np.empty((ends, 3)),
    )


def least_hours_of(network: Network, job: Errand) -> NDArray[np.float64]:
    """Return a lower bound of the hours over every arc, (A,); ``NEVER`` where it is shut from the start on."""
    least = np.empty(network.arcs)
    least_weights(network.world, job.task, job.start, least)
    return least


def bounds_of(
    network: Network, job: Errand, weight: NDArray[np.float64], allowed: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Return the least total weight from every vertex to the destination, (V,); ``NEVER`` where there is no way."""
    targets = np.flatnonzero(job.is_target).astype(np.int32)
    return _bounds(network, job.task.allowed if allowed is None else allowed, weight, targets, np.zeros(len(targets)))


def _bounds(
    network: Network,
    allowed: NDArray[np.bool_],
    weight: NDArray[np.float64],
    targets: NDArray[np.int32],
    begin: NDArray[np.float64],
) -> NDArray[np.float64]:
    out = np.empty(network.vertices)
    scratch = np.empty(network.vertices, np.uint32), np.empty(network.vertices, np.bool_)
    bounds(network.world, allowed, weight, targets, begin, out, *scratch)
    return out


def _ahead(
    network: Network, job: Errand, weights: list[NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint64]]:
    """Return bounds to the destination (V, weight), the same by way of each needed bit (B, V, weight), and the bits."""
    needed = int(job.needed)
    wanted = np.array([1 << n for n in range(needed.bit_length()) if needed >> n & 1], dtype=np.uint64)
    low = np.stack([bounds_of(network, job, w) for w in weights], axis=1)
    via = np.full((len(wanted), network.vertices, len(weights)), NEVER)
    for b, bit in enumerate(wanted):
        arcs = np.flatnonzero(job.task.allowed & (job.task.bits & bit != 0))
        tails, heads = network.world.tail[arcs].astype(np.int32), network.world.head[arcs]
        for i, weight in enumerate(weights):
            via[b, :, i] = _bounds(network, job.task.allowed, weight, tails, weight[arcs] + low[heads, i])
    return low, via, wanted


def reaches(network: Network, job: Errand, allowed: NDArray[np.bool_]) -> bool:
    """Return whether any way is left when only these arcs may be used (required things and dates apart)."""
    low = bounds_of(network, job, np.ones(network.arcs), allowed)
    return bool((low[job.sources] < NEVER).any())


def _asked(
    network: Network, job: Errand, back: bool
) -> tuple[World, Task, NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_], float, np.uint64, float]:
    """Return the arguments with which every search kernel begins; ``back`` lets ways come back to a place."""
    place = np.zeros_like(network.vertex_place) if back else network.vertex_place  # nobody leaves the only place
    return network.world, job.task, place, job.sources, job.is_target, job.start, job.needed, job.latest


def pareto_chains(
    network: Network, job: Errand, grid: tuple[float, float, float], *, back: bool = False
) -> list[Chain]:
    """Return every trade-off of arrival, cost and emissions, by arrival; exact up to the grid.

    No way is twice at a place, unless it may come ``back``.
    """
    low, via, wanted = _ahead(network, job, [least_hours_of(network, job), job.task.cost, job.task.carbon])

    def run(labels: Labels, ends: NDArray[np.int32]) -> tuple[int, int]:
        return pareto(*_asked(network, job, back), low, via, wanted, np.array(grid), labels, ends)

    return _grown(network, run, FRONT)


def family_chains(
    network: Network, job: Errand, weights: tuple[float, float, float], most: int, slack: float, *, back: bool = False
) -> list[Chain]:
    """Return the best way of each route family by a weighted sum of hours, EUR and kg, the best first.

    No way is twice at a place, unless it may come ``back``.
    """
    return _families(network, job, weights, most, slack, back)[2]


def _families(
    network: Network, job: Errand, weights: tuple[float, float, float], most: int, slack: float, back: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[Chain]]:
    """Return the least sum over every arc, (A,), the least from every vertex, (V, 1), and the chains."""
    hours = least_hours_of(network, job)
    least = weights[0] * hours + weights[1] * job.task.cost + weights[2] * job.task.carbon
    least[hours >= NEVER] = NEVER
    low, via, wanted = _ahead(network, job, [least])

    def run(labels: Labels, ends: NDArray[np.int32]) -> tuple[int, int]:
        return families(*_asked(network, job, back), np.array(weights), low, via, wanted, slack, labels, ends)

    return least, low, _grown(network, run, most)


@dataclass(frozen=True)
class Reach:
    """How far a search for families looked: least sums from its start and to its end, and the sum where it stopped."""

    fore: NDArray[np.float64]  # (V,)
    aft: NDArray[np.float64]  # (V,)
    end: float
    forms: NDArray[np.bool_]  # (group,) whether the cargo has a form in the group

    def misses(self, network: Network, arcs: NDArray[np.intp]) -> bool:
        """Return whether the search comes out the same, whatever some arcs take, cost and emit, or if they are shut.

        A way over them has a first, before which nothing changed, and a last, behind which nothing changed: so it
        costs at least what leads to the nearest and away from the nearest. Labels beyond the end are never read.
        """
        arcs = arcs[self.forms[network.group[arcs]]]
        if not len(arcs):
            return True
        least = self.fore[network.world.tail[arcs]].min() + self.aft[network.world.head[arcs]].min()
        return bool(least > self.end * (1.0 + 1e-9))  # both are the same sums, added in another order


def families_within(
    network: Network, job: Errand, weights: tuple[float, float, float], most: int, slack: float
) -> tuple[list[Chain], Reach | None]:
    """Return what ``family_chains`` does, and how far it looked; None where it found nothing, and looked everywhere."""
    least, low, found = _families(network, job, weights, most, slack, back=False)
    if not found:
        return found, None
    world, best = network.world, found[0]
    times = expected_times(network, job, best)
    spent = weights[1] * job.task.cost[best].sum() + weights[2] * job.task.carbon[best].sum()
    arcs = np.arange(network.arcs, dtype=world.in_arc.dtype)
    back = replace(network, world=world._replace(tail=world.head, in_first=world.first, in_arc=arcs))
    fore = _bounds(back, job.task.allowed, least, job.sources, np.zeros(len(job.sources)))
    end = slack * float(weights[0] * (times[-1] - job.start) + spent)
    return found, Reach(fore, np.ascontiguousarray(low[:, 0]), end, job.form >= 0)


def _grown(network: Network, run: Callable[[Labels, NDArray[np.int32]], tuple[int, int]], front: int) -> list[Chain]:
    """Run a search to its end; its scratch doubles whenever it runs out."""
    size, ends = LABELS, np.empty(front, np.int32)
    labels = _labels(size, network.vertices, front)
    while True:
        status, found = run(labels, ends)
        if status != FULL:
            return _traced(labels, ends[:found])
        if found == len(ends):
            ends = np.append(ends, np.empty_like(ends))
        else:
            size *= 2
        shorter: list[NDArray[Any]] = list(labels)
        labels = _labels(size, network.vertices, len(ends))
        for array in labels:
            before = shorter.pop(0)  # so that few of them are there twice
            array[: len(before)] = before


def _traced(labels: Labels, ends: NDArray[np.int32]) -> list[Chain]:
    """Return the chains that lead to some labels."""
    out, first = np.empty(64 * len(ends), np.int32), np.empty(len(ends) + 1, np.int64)
    if trace(labels, ends, out, first) == FULL:
        out = np.empty(first[-1], np.int32)
        trace(labels, ends, out, first)
    return [out[begin:end] for begin, end in itertools.pairwise(first.tolist())]


def arrivals_of(network: Network, job: Errand, chains: NDArray[np.int32], first: NDArray[np.int64]) -> list[float]:
    """Return the expected arrival of each chain, in hours.

    ``chains`` are their arcs, one behind another, and ``first`` (chain + 1,) is where each begins, and their end.
    """
    out = np.empty(len(first) - 1)
    arrivals(network.world, job.task, chains, first, job.start, out)
    return out.tolist()


def expected_times(network: Network, job: Errand, chain: Chain) -> NDArray[np.float64]:
    """Return the expected time at the start and behind every arc of a chain, in hours, (arcs + 1,)."""
    out = np.empty(len(chain) + 1)
    expected(network.world, job.task, chain, job.start, out)
    return out


def durations_of(network: Network, job: Errand, chain: Chain, starts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the expected hours of a chain from each of several starts, (start,)."""
    out = np.empty(len(starts))
    durations(network.world, job.task, chain, starts, out)
    return out


def totals(network: Network, job: Errand, chain: Chain) -> tuple[float, float, float]:
    """Return expected arrival [h], cost [EUR] and emissions [kg] of a chain."""
    times = expected_times(network, job, chain)
    return float(times[-1]), float(job.task.cost[chain].sum()), float(job.task.carbon[chain].sum())
