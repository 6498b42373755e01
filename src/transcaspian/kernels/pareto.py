"""This module owns the search for every trade-off of arrival, cost and emissions.

Label setting after Martins (1984), with the arrival time as the label's clock (first in, first out holds, see
``world``) and lower bounds towards the target as in the NAMOA* of Mandow and Perez de la Cruz (2010): a label that, at
its best, would be no better at the target than one already there is dropped.

Rounding is stated, not hidden: two labels at a vertex are compared in cells of ``grid`` hours, EUR and kg; with a grid
of zero the front is exact to the digit.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import inner, kernel
from transcaspian.kernels.paths import pop, push
from transcaspian.kernels.world import FULL, NEVER, OK, Task, World, pass_arc


class Labels(NamedTuple):
    """Scratch of a search; L labels. A label is a way to reach a vertex; ``parent`` and ``arc`` lead back."""

    value: NDArray[np.float64]  # (L, 3) arrival h, cost EUR, kg CO2e
    vertex: NDArray[np.int32]
    arc: NDArray[np.int32]
    parent: NDArray[np.int32]
    bits: NDArray[np.uint64]
    following: NDArray[np.int32]  # next label at the same vertex
    dead: NDArray[np.bool_]
    front: NDArray[np.int32]  # (V,) first label at each vertex
    keys: NDArray[np.float64]  # (L,) heap
    items: NDArray[np.int32]  # (L,)


@inner
def cell(value: float, grid: float) -> float:
    """Return the value rounded down to the grid."""
    return np.floor(value / grid) if grid > 0.0 else value


@inner
def covers(a: Any, b: Any, grid: Any) -> bool:
    """Return whether ``a`` is at least as good as ``b`` in all three, cell by cell."""
    for i in range(3):
        if cell(a[i], grid[i]) > cell(b[i], grid[i]):
            return False
    return True


@inner
def ahead(low: Any, via: Any, wanted: Any, bits: Any, vertex: int, i: int) -> float:
    """Return a lower bound of what is ahead: to a target, and by way of every needed thing not yet passed."""
    best = low[vertex, i]
    for b in range(wanted.shape[0]):
        if bits & wanted[b] == 0:
            best = max(best, via[b, vertex, i])
    return float(best)


@inner
def covered(labels: Labels, vertex: int, value: Any, bits: Any, needed: Any, grid: Any) -> bool:
    """Return whether a label at the vertex covers a new one, and has passed every needed thing that one has."""
    other = labels.front[vertex]
    while other >= 0:
        if (bits & needed) & ~labels.bits[other] == 0 and covers(labels.value[other], value, grid):
            return True
        other = labels.following[other]
    return False


@inner
def unseat(labels: Labels, vertex: int, value: Any, bits: Any, needed: Any, grid: Any) -> None:
    """Kill the labels at a vertex that a new one covers."""
    before = -1
    other = labels.front[vertex]
    while other >= 0:
        after = labels.following[other]
        if (labels.bits[other] & needed) & ~bits == 0 and covers(value, labels.value[other], grid):
            labels.dead[other] = True
            if before < 0:
                labels.front[vertex] = after
            else:
                labels.following[before] = after
        else:
            before = other
        other = after


@inner
def seat(labels: Labels, label: int, vertex: int, arc: int, parent: int, bits: Any) -> None:
    """Enter a label at a vertex, before those that are there."""
    labels.vertex[label], labels.arc[label], labels.parent[label] = vertex, arc, parent
    labels.bits[label], labels.dead[label] = bits, False
    labels.following[label], labels.front[vertex] = labels.front[vertex], label


@inner
def enter(labels: Labels, sources: Any, start: float, begin: float, low: Any, via: Any, wanted: Any) -> int:
    """Start a search: a label at each source from which there is a way, its key counted from ``begin``."""
    labels.front[:] = -1
    count, zero = 0, np.uint64(0)
    for source in sources:
        best = ahead(low, via, wanted, zero, source, 0)
        if best >= NEVER:
            continue
        labels.value[count, 0], labels.value[count, 1], labels.value[count, 2] = start, 0.0, 0.0
        seat(labels, count, source, -1, -1, zero)
        push(labels.keys, labels.items, count, begin + best, count)
        count += 1
    return count


@kernel
def pareto(
    world: World,
    task: Task,
    sources: Any,
    is_target: Any,
    start: float,
    needed: Any,
    latest: float,
    low: Any,
    via: Any,
    wanted: Any,
    grid: Any,
    labels: Labels,
    ends: Any,
) -> tuple[int, int]:
    """Find the non-dominated ways from the sources to any target.

    Parameters
    ----------
    sources : vertices where the shipment may start, at time ``start`` [h]
    is_target : (V,) bool
    needed : bits every answer must have passed
    latest : arrivals after it are dropped [h]
    low : (V, 3) least hours, cost and kg from each vertex to a target; ``NEVER`` where there is no way
    via, wanted : (B, V, 3) the same by way of each of B needed bits ``wanted``
    grid : (3,) rounding in h, EUR, kg
    labels : scratch; its size bounds the search
    ends : labels at targets, filled; front order is arrival, then cost

    Returns
    -------
    status, number of ends
    """
    count = size = enter(labels, sources, start, start, low, via, wanted)
    found = 0
    value, best = np.empty(3), np.empty(3)
    while size > 0:
        label = labels.items[0]
        size = pop(labels.keys, labels.items, size)
        if labels.dead[label]:
            continue
        vertex = labels.vertex[label]
        if is_target[vertex] and labels.bits[label] & needed == needed:
            # The goal front holds the best of all targets; a popped label may have been covered since it was pushed.
            good = True
            for e in range(found):
                if not labels.dead[ends[e]] and covers(labels.value[ends[e]], labels.value[label], grid):
                    good = False
                    break
            if good:
                for e in range(found):
                    if covers(labels.value[label], labels.value[ends[e]], grid):
                        labels.dead[ends[e]] = True
                if found == ends.shape[0]:
                    return FULL, found
                ends[found] = label
                found += 1
            continue  # nothing gets better beyond the target
        for arc in range(world.first[vertex], world.first[vertex + 1]):
            head = world.head[arc]
            if not task.allowed[arc]:
                continue
            bits = labels.bits[label] | task.bits[arc]
            for i in range(3):
                best[i] = ahead(low, via, wanted, bits, head, i)
            if best[0] >= NEVER:
                continue
            value[0] = pass_arc(world, task, arc, labels.value[label, 0])
            value[1] = labels.value[label, 1] + task.cost[arc]
            value[2] = labels.value[label, 2] + task.carbon[arc]
            if value[0] + best[0] > latest:
                continue
            if covered(labels, head, value, bits, needed, grid):
                continue
            for i in range(3):
                best[i] += value[i]
            hopeless = False
            for e in range(found):
                if not labels.dead[ends[e]] and covers(labels.value[ends[e]], best, grid):
                    hopeless = True
                    break
            if hopeless:
                continue
            if count == labels.vertex.shape[0]:
                return FULL, found
            unseat(labels, head, value, bits, needed, grid)
            labels.value[count] = value
            seat(labels, count, head, arc, label, bits)
            size = push(labels.keys, labels.items, size, best[0], count)
            count += 1
    kept = 0
    for e in range(found):
        if not labels.dead[ends[e]]:
            ends[kept] = ends[e]
            kept += 1
    return OK, kept


@kernel
def trace(labels: Labels, label: int, out: Any) -> int:
    """Fill ``out`` with the arcs of a label from the start; return how many, or -1 if ``out`` is too short."""
    count = 0
    at = label
    while labels.arc[at] >= 0:
        count += 1
        at = labels.parent[at]
    if count > out.shape[0]:
        return -1
    at = label
    for i in range(count - 1, -1, -1):
        out[i] = labels.arc[at]
        at = labels.parent[at]
    return count
