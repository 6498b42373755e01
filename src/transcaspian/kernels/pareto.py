"""This module owns the search for every trade-off of arrival, cost and emissions.

Label setting after Martins (1984), with the arrival time as the label's clock (first in, first out holds, see
``world``) and lower bounds towards the target as in the NAMOA* of Mandow and Perez de la Cruz (2010): a label that, at
its best, would be no better at the target than one already there is dropped.

Rounding is stated, not hidden: two labels at a vertex are compared in cells of ``grid`` hours, EUR and kg; with a grid
of zero the front is exact to the digit.

No way comes back to a place it has left: each label knows where its place was entered, and what is left of a way is
walked from entry to entry.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.paths import pop, push
from transcaspian.kernels.world import FULL, NEVER, OK, Task, World, pass_arc

SHELF = 8
"""Labels that lie side by side: a vertex can have thousands, and each new one is compared with all of them."""


class Labels(NamedTuple):
    """Scratch of a search; L labels. A label is a way to reach a vertex; ``parent`` and ``arc`` lead back.

    Labels that others at their vertex are compared with stand on its shelves, all full but the first. There are S =
    L / SHELF + V shelves, which is enough whatever comes. A search that runs out of labels goes on where it was when it
    is called again with what it left, in longer arrays.
    """

    done: NDArray[np.int64]  # (5,) labels made, of them on the heap, ends found, shelves made, first free shelf
    value: NDArray[np.float64]  # (L, 3) arrival h, cost EUR, kg CO2e
    vertex: NDArray[np.uint32]
    arc: NDArray[np.int32]
    parent: NDArray[np.int32]
    came: NDArray[np.uint32]  # the label with which the place where it stands was entered
    bits: NDArray[np.uint64]
    been: NDArray[np.uint64]  # one bit of 64 for every place of its way, so that most need not be looked for
    dead: NDArray[np.bool_]
    keys: NDArray[np.float64]  # (L,) heap
    items: NDArray[np.uint32]  # (L,)
    cells: NDArray[np.float64]  # (SHELF S, 3) what labels are compared by: their cells, or first their weighted sum
    stands: NDArray[np.uint32]  # (SHELF S,) which label stands there
    behind: NDArray[np.int32]  # (S,) the shelf behind a shelf, -1 none
    shelf: NDArray[np.int32]  # (V,) first shelf of each vertex, -1 none
    filled: NDArray[np.uint32]  # (V,) labels on it
    goal: NDArray[np.float64]  # (E, 3) cells of the ends; of the best end its key


@inner
def cell(value: float, grid: float) -> float:
    """Return the value rounded down to the grid."""
    return np.floor(value / grid) if grid > 0.0 else value


@inner
def covers(cells: Any, row: int, x: float, y: float, z: float) -> bool:
    """Return whether a row of cells is at least as good as three others, one by one."""
    return bool(cells[row, 0] <= x and cells[row, 1] <= y and cells[row, 2] <= z)


@inner
def ahead(low: Any, via: Any, wanted: Any, bits: Any, vertex: int, i: int) -> float:
    """Return a lower bound of what is ahead: to a target, and by way of every needed thing not yet passed."""
    best = low[vertex, i]
    for b in range(wanted.shape[0]):
        if bits & wanted[b] == 0:
            best = max(best, via[b, vertex, i])
    return float(best)


@inner
def admit(labels: Labels, vertex: int, x: float, y: float, z: float, bits: Any, needed: Any) -> bool:
    """Return whether no label at the vertex covers new cells and has passed what they have of what is needed.

    If so, those that the new cells cover are killed. If not, the one that covers them moves to the front: what covers
    one way often covers the next.
    """
    cells, shelf, count = labels.cells, labels.shelf[vertex], labels.filled[vertex]
    while shelf >= 0:
        behind, at, end = labels.behind[shelf], SHELF * shelf, SHELF * shelf + count
        while at < end:
            if covers(cells, at, x, y, z) and bits & needed & ~labels.bits[labels.stands[at]] == 0:
                swap(labels, at, SHELF * labels.shelf[vertex])
                return False
            worse = x <= cells[at, 0] and y <= cells[at, 1] and z <= cells[at, 2]
            if worse and labels.bits[labels.stands[at]] & needed & ~bits == 0:
                labels.dead[labels.stands[at]] = True
                if shelf == labels.shelf[vertex]:
                    end -= 1
                take(labels, vertex, at)
            else:
                at += 1
        shelf, count = behind, SHELF
    return True


@inner
def swap(labels: Labels, a: int, b: int) -> None:
    """Let two labels that stand on shelves change places."""
    for i in range(3):
        labels.cells[a, i], labels.cells[b, i] = labels.cells[b, i], labels.cells[a, i]
    labels.stands[a], labels.stands[b] = labels.stands[b], labels.stands[a]


@inner
def take(labels: Labels, vertex: int, at: int) -> None:
    """Take a label from its shelf: the last of the first shelf takes its place, and an empty shelf is free."""
    shelf = labels.shelf[vertex]
    swap(labels, at, SHELF * shelf + labels.filled[vertex] - 1)
    labels.filled[vertex] -= 1
    if labels.filled[vertex] == 0:
        labels.shelf[vertex], labels.filled[vertex] = labels.behind[shelf], SHELF
        labels.behind[shelf], labels.done[4] = labels.done[4], shelf


@inner
def put(labels: Labels, label: int, vertex: int, x: float, y: float, z: float) -> None:
    """Put a label on a shelf of its vertex."""
    if labels.shelf[vertex] < 0 or labels.filled[vertex] == SHELF:
        shelf = labels.done[4]
        if shelf >= 0:
            labels.done[4] = labels.behind[shelf]
        else:
            shelf = labels.done[3]
            labels.done[3] += 1
        labels.behind[shelf], labels.shelf[vertex], labels.filled[vertex] = labels.shelf[vertex], shelf, 0
    at = SHELF * labels.shelf[vertex] + labels.filled[vertex]
    labels.cells[at, 0], labels.cells[at, 1], labels.cells[at, 2] = x, y, z
    labels.stands[at] = label
    labels.filled[vertex] += 1


@inner
def reached(labels: Labels, ends: Any, found: int, last: int, x: float, y: float, z: float) -> int:
    """Return which of the ends found covers three cells, ``found`` if none; ``last`` is tried first."""
    if last < found and not labels.dead[ends[last]] and covers(labels.goal, last, x, y, z):
        return last
    for e in range(found):
        if covers(labels.goal, e, x, y, z) and not labels.dead[ends[e]]:
            return e
    return found


@inner
def seat(labels: Labels, place: Any, label: int, vertex: int, arc: int, parent: int, bits: Any) -> None:
    """Enter a label at a vertex."""
    labels.vertex[label], labels.arc[label], labels.parent[label] = vertex, arc, parent
    labels.bits[label], labels.dead[label], labels.been[label] = bits, False, one_of_64(place[vertex])
    labels.came[label] = label
    if parent >= 0:
        labels.been[label] |= labels.been[parent]
        if place[labels.vertex[parent]] == place[vertex]:
            labels.came[label] = labels.came[parent]


@inner
def one_of_64(place: int) -> Any:
    """Return the bit that a place has in ``been``, with others."""
    return np.uint64(1) << np.uint64(place & 63)


@inner
def returns(labels: Labels, place: Any, label: int, head: int) -> bool:
    """Return whether a step from a label to a vertex leads back to a place that its way has left."""
    there, at = place[head], labels.came[label]
    if labels.been[label] & one_of_64(there) == 0 or place[labels.vertex[at]] == there:
        return False
    while labels.parent[at] >= 0:
        at = labels.came[labels.parent[at]]
        if place[labels.vertex[at]] == there:
            return True
    return False


@inner
def enter(
    labels: Labels, place: Any, sources: Any, start: float, begin: float, clock: float, low: Any, via: Any, wanted: Any
) -> None:
    """Start a search: a label at each source from which there is a way, its key counted from ``begin``.

    ``clock`` is the first of what it is compared by.
    """
    labels.shelf[:] = -1
    labels.done[3], labels.done[4] = 0, -1
    count, zero = 0, np.uint64(0)
    for source in sources:
        best = ahead(low, via, wanted, zero, source, 0)
        if best >= NEVER:
            continue
        labels.value[count, 0], labels.value[count, 1], labels.value[count, 2] = start, 0.0, 0.0
        seat(labels, place, count, source, -1, -1, zero)
        put(labels, count, source, clock, 0.0, 0.0)
        push(labels.keys, labels.items, count, begin + best, count)
        count += 1
    leave(labels, count, count, 0)


@inner
def leave(labels: Labels, count: int, size: int, found: int) -> None:
    """Note how far a search is."""
    labels.done[0], labels.done[1], labels.done[2] = count, size, found


@lean_kernel
def pareto(
    world: World,
    task: Task,
    place: Any,
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
    place : (V,) place of each vertex; no way comes back to one it has left
    sources : vertices where the shipment may start, at time ``start`` [h]
    is_target : (V,) bool
    needed : bits every answer must have passed
    latest : arrivals after it are dropped [h]
    low : (V, 3) least hours, cost and kg from each vertex to a target; ``NEVER`` where there is no way
    via, wanted : (B, V, 3) the same by way of each of B needed bits ``wanted``
    grid : (3,) rounding in h, EUR, kg
    labels : scratch; ``FULL`` where it is too small
    ends : labels at targets, filled; front order is arrival, then cost

    Returns
    -------
    status, number of ends
    """
    if labels.done[0] == 0:
        enter(labels, place, sources, start, start, cell(start, grid[0]), low, via, wanted)
    count, size, found = labels.done[0], labels.done[1], labels.done[2]
    last = 0
    while size > 0:
        label = labels.items[0]
        vertex = labels.vertex[label]
        begin, end = world.first[vertex], world.first[vertex + 1]
        if found == ends.shape[0] or count + end - begin > labels.vertex.shape[0]:
            leave(labels, count, size, found)
            return FULL, found
        size = pop(labels.keys, labels.items, size)
        if labels.dead[label]:
            continue
        if is_target[vertex] and labels.bits[label] & needed == needed:
            # The goal front holds the best of all targets; a popped label may have been covered since it was pushed.
            x = cell(labels.value[label, 0], grid[0])
            y, z = cell(labels.value[label, 1], grid[1]), cell(labels.value[label, 2], grid[2])
            if reached(labels, ends, found, last, x, y, z) == found:
                goal = labels.goal
                for e in range(found):
                    if x <= goal[e, 0] and y <= goal[e, 1] and z <= goal[e, 2]:
                        labels.dead[ends[e]] = True
                goal[found, 0], goal[found, 1], goal[found, 2] = x, y, z
                ends[found] = label
                found += 1
            continue  # nothing gets better beyond the target
        for arc in range(begin, end):
            if not task.allowed[arc]:
                continue
            head = world.head[arc]
            bits = labels.bits[label] | task.bits[arc]
            rest = ahead(low, via, wanted, bits, head, 0)
            if rest >= NEVER:
                continue
            time = pass_arc(world, task, arc, labels.value[label, 0])
            if time + rest > latest:
                continue
            cost = labels.value[label, 1] + task.cost[arc]
            carbon = labels.value[label, 2] + task.carbon[arc]
            x = cell(time + rest, grid[0])
            y = cell(cost + ahead(low, via, wanted, bits, head, 1), grid[1])
            z = cell(carbon + ahead(low, via, wanted, bits, head, 2), grid[2])
            by = reached(labels, ends, found, last, x, y, z)
            if by < found:  # at its best it would be no better at the target than this one
                last = by
                continue
            if returns(labels, place, label, head):
                continue
            x, y, z = cell(time, grid[0]), cell(cost, grid[1]), cell(carbon, grid[2])
            if not admit(labels, head, x, y, z, bits, needed):
                continue
            labels.value[count, 0], labels.value[count, 1], labels.value[count, 2] = time, cost, carbon
            seat(labels, place, count, head, arc, label, bits)
            put(labels, count, head, x, y, z)
            size = push(labels.keys, labels.items, size, time + rest, count)
            count += 1
    kept = 0
    for e in range(found):
        if not labels.dead[ends[e]]:
            ends[kept] = ends[e]
            kept += 1
    return OK, kept


@lean_kernel
def trace(labels: Labels, ends: Any, out: Any, first: Any) -> int:
    """Fill ``out`` with the arcs of some labels from the start, one chain behind another; ``FULL`` if it is too short.

    ``first`` (ends + 1,) is filled with where each chain begins in ``out``, and how many arcs there are.
    """
    first[0] = 0
    for e in range(ends.shape[0]):
        count, at = 0, ends[e]
        while labels.arc[at] >= 0:
            count += 1
            at = labels.parent[at]
        first[e + 1] = first[e] + count
    if first[ends.shape[0]] > out.shape[0]:
        return FULL
    for e in range(ends.shape[0]):
        at = ends[e]
        for i in range(first[e + 1] - 1, first[e] - 1, -1):
            out[i] = labels.arc[at]
            at = labels.parent[at]
    return OK
