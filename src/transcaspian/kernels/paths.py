"""This module owns shortest paths for one criterion.

- ``bounds``: towards a target, the least hours, cost, emissions, or a weighted sum, from every vertex.
- ``one_to_all``: from one place, expected earliest arrival everywhere, or least cost everywhere.
- ``one_to_one``: a plain shortest path on fixed weights, as every graph library has it.

A heap is two arrays (key, item) and a size; ties are broken by the item, so answers do not depend on luck.
"""

from typing import Any

import numpy as np

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.world import FULL, NEVER, OK, Task, World, least_hours, pass_arc


@inner
def push(keys: Any, items: Any, size: int, key: float, item: int) -> int:
    """Put an item on the heap; return the new size."""
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if keys[up] < key or (keys[up] == key and items[up] <= item):
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return size + 1


@inner
def sink(keys: Any, items: Any, size: int, key: float, item: int) -> None:
    """Put an item in the place of the first one, which the caller has read. Four children to a node."""
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best, least, first = child, keys[child], items[child]
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < least or (keys[other] == least and items[other] < first):
                best, least, first = other, keys[other], items[other]
        if key < least or (key == least and item <= first):
            break
        keys[at], items[at] = least, first
        at = best
    keys[at], items[at] = key, item


@inner
def pop(keys: Any, items: Any, size: int) -> int:
    """Drop the first item, which the caller has read; return the new size."""
    sink(keys, items, size - 1, keys[size - 1], items[size - 1])
    return size - 1


@lean_kernel
def least_weights(world: World, task: Task, start: float, out: Any) -> int:
    """Fill ``out`` (A,) with the least hours of every arc, ``NEVER`` where it cannot be passed from ``start`` on."""
    for arc in range(world.tail.shape[0]):
        shut = pass_arc(world, task, arc, start) >= NEVER
        out[arc] = NEVER if shut else least_hours(world, task, arc)
    return OK


@lean_kernel
def bounds(world: World, allowed: Any, weight: Any, targets: Any, begin: Any, out: Any, queue: Any, waits: Any) -> int:
    """Fill ``out`` (V,) with the least total weight from every vertex to the nearest target, ``NEVER`` where none.

    A target counts from its value in ``begin``. ``queue`` and ``waits`` are scratch, (V,).

    A queue instead of a heap: on a corridor, long chains with few branches, correcting some vertices again costs less
    than keeping all in order. A vertex nearer than the first goes before it (Bertsekas, Networks 23, 1993).
    """
    out[:] = NEVER
    waits[:] = False
    first, count, room = 0, 0, queue.shape[0]
    for number in range(targets.shape[0]):
        vertex = targets[number]
        out[vertex] = min(out[vertex], begin[number])
        if not waits[vertex]:
            queue[count], waits[vertex] = vertex, True
            count += 1
    while count > 0:
        vertex = queue[first]
        first = first + 1 if first + 1 < room else 0
        count -= 1
        waits[vertex] = False
        for at in range(world.in_first[vertex], world.in_first[vertex + 1]):
            arc = world.in_arc[at]
            found = out[vertex] + weight[arc]
            tail = world.tail[arc]
            if found >= out[tail] or not allowed[arc]:
                continue
            out[tail] = found
            if waits[tail]:
                continue
            waits[tail] = True
            if count > 0 and found < out[queue[first]]:
                first = first - 1 if first > 0 else room - 1
                queue[first] = tail
            else:
                last = first + count
                queue[last if last < room else last - room] = tail
            count += 1
    return OK


@lean_kernel
def one_to_all(
    world: World, task: Task, sources: Any, start: float, timed: bool, out: Any, keys: Any, items: Any
) -> int:
    """Fill ``out`` (V,) from the sources: expected earliest arrival [h] if ``timed``, else least cost [EUR]."""
    out[:] = NEVER
    size = 0
    begin = start if timed else 0.0
    for source in sources:
        out[source] = begin
        size = push(keys, items, size, begin, source)
    while size > 0:
        key, vertex = keys[0], items[0]
        size = pop(keys, items, size)
        if key > out[vertex]:
            continue
        for arc in range(world.first[vertex], world.first[vertex + 1]):
            if not task.allowed[arc]:
                continue
            found = pass_arc(world, task, arc, key) if timed else key + task.cost[arc]
            if found < out[world.head[arc]]:
                out[world.head[arc]] = found
                if size == keys.shape[0]:
                    return FULL
                size = push(keys, items, size, found, world.head[arc])
    return OK


@lean_kernel
def one_to_one(
    first: Any, head: Any, weight: Any, source: int, target: int, out: Any, via: Any, keys: Any, items: Any
) -> int:
    """Find a shortest path on fixed weights; ``out`` (V,) distances so far, ``via`` (V,) arc into each vertex."""
    out[:] = np.inf
    out[source] = 0.0
    via[source] = -1
    size = push(keys, items, 0, 0.0, source)
    while size > 0:
        key, vertex = keys[0], items[0]
        if vertex == target:
            return OK
        free = True  # the first place on the heap: what is found first takes it, which saves a pop
        if key <= out[vertex]:
            for arc in range(first[vertex], first[vertex + 1]):
                found = key + weight[arc]
                if found < out[head[arc]]:
                    out[head[arc]] = found
                    via[head[arc]] = arc
                    if free:
                        sink(keys, items, size, found, head[arc])
                        free = False
                    else:
                        size = push(keys, items, size, found, head[arc])
        if free:
            size = pop(keys, items, size)
    return OK
