"""This module owns the choice-set generator: the best chain of each route family, by a weighted sum.

Best-first search on (vertex, gateways passed) with an exact lower bound towards the target, so the first chain that
reaches the target with a new set of gateways is the best of that family; the search stops after ``most`` families or
when what is left costs more than ``slack`` times the best. Routing and assignment both call it.
"""

from typing import Any

from transcaspian.kernels.cache import kernel
from transcaspian.kernels.pareto import Labels, ahead, enter, seat
from transcaspian.kernels.paths import pop, push
from transcaspian.kernels.world import FULL, NEVER, OK, Task, World, pass_arc


@kernel
def families(
    world: World,
    task: Task,
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
    weights : (3,) EUR per hour, per EUR and per kg: the sum that ranks
    low : (V, 1) least weighted sum from each vertex to a target
    via, wanted : (B, V, 1) the same by way of each of B needed bits ``wanted``
    slack : families that cost more than ``slack`` times the best are left out
    ends : labels at targets, best of each family in order; its length is the most wanted

    Returns
    -------
    status, number of families
    """
    count = size = enter(labels, sources, start, 0.0, low, via, wanted)
    found = 0
    limit = NEVER
    while size > 0 and found < ends.shape[0]:
        key, label = labels.keys[0], labels.items[0]
        size = pop(labels.keys, labels.items, size)
        if key > limit:
            break
        if labels.dead[label]:
            continue
        vertex = labels.vertex[label]
        bits = labels.bits[label]
        if is_target[vertex] and bits & needed == needed:
            ends[found] = label
            found += 1
            if found == 1:
                limit = slack * key
            continue
        spent = 0.0
        for i in range(3):
            spent += weights[i] * labels.value[label, i]
        spent -= weights[0] * start
        for arc in range(world.first[vertex], world.first[vertex + 1]):
            head = world.head[arc]
            if not task.allowed[arc]:
                continue
            passed = bits | task.bits[arc]
            best = ahead(low, via, wanted, passed, head, 0)
            if best >= NEVER:
                continue
            arrival = pass_arc(world, task, arc, labels.value[label, 0])
            if arrival > latest:
                continue
            step = weights[0] * (arrival - labels.value[label, 0])
            step += weights[1] * task.cost[arc] + weights[2] * task.carbon[arc]
            total = spent + step
            if total + best > limit:
                continue
            # One label per vertex and set of gateways: the better stays.
            other = labels.front[head]
            worse = False
            while other >= 0:
                if labels.bits[other] == passed and not labels.dead[other]:
                    was = weights[1] * labels.value[other, 1] + weights[2] * labels.value[other, 2]
                    was += weights[0] * (labels.value[other, 0] - start)
                    if was <= total:
                        worse = True
                        break
                    labels.dead[other] = True
                other = labels.following[other]
            if worse:
                continue
            if count == labels.vertex.shape[0]:
                return FULL, found
            labels.value[count, 0] = arrival
            labels.value[count, 1] = labels.value[label, 1] + task.cost[arc]
            labels.value[count, 2] = labels.value[label, 2] + task.carbon[arc]
            seat(labels, count, head, arc, label, passed)
            size = push(labels.keys, labels.items, size, total + best, count)
            count += 1
    return OK, found
