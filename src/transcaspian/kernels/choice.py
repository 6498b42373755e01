"""This module owns the choice-set generator: the best chain of each route family, by a weighted sum.

Best-first search on (vertex, gateways passed) with an exact lower bound towards the target, so the first chain that
reaches the target with a new set of gateways is the best of that family; the search stops after ``most`` families or
when what is left costs more than ``slack`` times the best. Routing and assignment both call it.
"""

from typing import Any

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.pareto import SHELF, Labels, ahead, enter, leave, put, returns, seat
from transcaspian.kernels.paths import pop, push
from transcaspian.kernels.world import FULL, NEVER, OK, Task, World, pass_arc


@inner
def better(labels: Labels, label: int, vertex: int, bits: Any, total: float) -> bool:
    """Return whether a sum is better than that of the label there with the same gateways; a new one takes its place."""
    shelf, count = labels.shelf[vertex], labels.filled[vertex]
    while shelf >= 0:
        for at in range(SHELF * shelf, SHELF * shelf + count):
            if labels.bits[labels.stands[at]] == bits:  # there is one label for each vertex and set of gateways
                if labels.cells[at, 0] <= total:
                    return False
                labels.dead[labels.stands[at]] = True
                labels.stands[at], labels.cells[at, 0] = label, total
                return True
        shelf, count = labels.behind[shelf], SHELF
    put(labels, label, vertex, total, 0.0, 0.0)
    return True


@lean_kernel
def families(
    world: World,
    task: Task,
    place: Any,
    sources: Any,
    is_target: Any,
    start: float,
    needed: Any,
    latest: float,
    weights: Any,
    low: Any,
    via: Any,
    wanted: Any,
    slack: float,
    labels: Labels,
    ends: Any,
) -> tuple[int, int]:
    """Find the best way of each family.

    Parameters
    ----------
    place : (V,) place of each vertex; no way comes back to one it has left
    weights : (3,) EUR per hour, per EUR and per kg: the sum that ranks
    low : (V, 1) least weighted sum from each vertex to a target
    via, wanted : (B, V, 1) the same by way of each of B needed bits ``wanted``
    slack : families that cost more than ``slack`` times the best are left out
    ends : labels at targets, best of each family in order; its length is the most wanted

    Returns
    -------
    status, number of families
    """
    if labels.done[0] == 0:
        enter(labels, place, sources, start, 0.0, 0.0, low, via, wanted)
    count, size, found = labels.done[0], labels.done[1], labels.done[2]
    limit = slack * labels.goal[0, 0] if found > 0 else NEVER
    while size > 0 and found < ends.shape[0]:
        key, label = labels.keys[0], labels.items[0]
        vertex = labels.vertex[label]
        begin, end = world.first[vertex], world.first[vertex + 1]
        if count + end - begin > labels.vertex.shape[0]:
            leave(labels, count, size, found)
            return FULL, found
        size = pop(labels.keys, labels.items, size)
        if key > limit:
            break
        if labels.dead[label]:
            continue
        bits = labels.bits[label]
        if is_target[vertex] and bits & needed == needed:
            ends[found] = label
            found += 1
            if found == 1:
                labels.goal[0, 0] = key
                limit = slack * key
            continue
        for arc in range(begin, end):
            if not task.allowed[arc]:
                continue
            head = world.head[arc]
            passed = bits | task.bits[arc]
            best = ahead(low, via, wanted, passed, head, 0)
            if best >= NEVER:
                continue
            arrival = pass_arc(world, task, arc, labels.value[label, 0])
            if arrival > latest:
                continue
            cost = labels.value[label, 1] + task.cost[arc]
            carbon = labels.value[label, 2] + task.carbon[arc]
            # Always the same sum of the same values: a circle that costs nothing must not look better by a rounding.
            total = weights[1] * cost + weights[2] * carbon + weights[0] * (arrival - start)
            if total + best > limit or returns(labels, place, label, head):
                continue
            if not better(labels, count, head, passed, total):
                continue
            labels.value[count, 0], labels.value[count, 1], labels.value[count, 2] = arrival, cost, carbon
            seat(labels, place, count, head, arc, label, passed)
            size = push(labels.keys, labels.items, size, total + best, count)
            count += 1
    return OK, found
