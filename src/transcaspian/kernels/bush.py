"""This module owns deterministic equilibrium on a road network: flow shifted inside bushes, as in Dial's Algorithm B.

A bush is the part of the network that one origin uses: a way to every vertex, and no cycle. It is kept as a list of
arcs with their flow, those into a vertex side by side, vertices in an order in which tails stand before heads.

- ``start``: demand on a shortest tree for each origin, or on the bush it had, in the proportions of its flows.
- ``improve``: one iteration: bushes renewed, then flow shifted between pairs of ways until it costs the same on both.
- ``least_totals``: what demand would cost on shortest ways; it knows nothing of bushes.

Dial (2006), *Transportation Research B* 40; Nie (2010), *Transportation Research B* 44; that pairs of ways are kept and
balanced many times is of Bar-Gera (2010), *Transportation Research B* 44.
"""

from typing import Any, NamedTuple

import numpy as np

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.paths import one_to_one, pop, push
from transcaspian.kernels.world import FULL, OK

CUT = 20
"""Status: an origin has demand for a vertex it cannot reach."""


class Roads(NamedTuple):
    """V vertices, A arcs sorted by tail; the cost of an arc is base + rise * (volume * inverse) ** power."""

    first: Any  # (V + 1,) int32: first arc out of each vertex
    tail: Any  # (A,) int32
    head: Any  # (A,) int32
    base: Any  # (A,)
    rise: Any  # (A,)
    inverse: Any  # (A,) 1 / capacity
    power: Any  # (A,) 0, or 1 and above


class Bushes(NamedTuple):
    """The flows of R origins with any demand, towards D destinations."""

    root: Any  # (R,) int32: vertex of each origin
    target: Any  # (D,) int32: vertex of each destination
    demand: Any  # (R, D)
    least: Any  # (R,) flow up to which an arc counts as not used
    arc: Any  # (R, A) int32: arcs of the bush, by place of their heads
    flow: Any  # (R, A) ... and the flow of the origin on them
    order: Any  # (R, V) int32: vertices of the bush, tails before heads
    begin: Any  # (R, V + 1) int32: where the arcs into each of these begin
    count: Any  # (R,) int32: how many vertices
    volume: Any  # (A,) flow of all origins
    cost: Any  # (A,) at this volume
    slope: Any  # (A,) its derivative


class Room(NamedTuple):
    """Scratch for one origin; where an arc is in the list of a bush is its number."""

    low: Any  # (V,) least cost from the root in the bush
    high: Any  # (V,) greatest cost on arcs that are used or on the way of least cost
    best: Any  # (V,) int32: number of the arc into each vertex on the way of least cost
    worst: Any  # (V,) int32: ... on the used way of greatest cost, -1 where nothing is used
    place: Any  # (V,) int32: place of each vertex in the order
    through: Any  # (V,) flow through each vertex
    fresh: Any  # (A,) int32: arcs to take in
    old_arc: Any  # (A,) int32
    old_flow: Any  # (A,)
    via: Any  # (V,) int32
    keys: Any  # (A + V,)
    items: Any  # (A + V,) int32


class Pairs(NamedTuple):
    """Pairs of ways of one origin between the same two vertices, by the numbers of their arcs; the cheaper first."""

    size: Any  # (1,) int64: how many pairs
    origin: Any  # (P,) int32
    begin: Any  # (P + 1,) int64: where the arcs of a pair begin
    middle: Any  # (P,) int64: where those of its dearer way begin
    number: Any  # (N,) int32


@inner
def price(roads: Roads, bushes: Bushes, arc: int, volume: float) -> None:
    """Set volume, cost and slope of an arc."""
    rise, power = roads.rise[arc], roads.power[arc]
    bushes.volume[arc] = volume
    if rise == 0.0 or power == 0.0:
        bushes.cost[arc], bushes.slope[arc] = roads.base[arc] + rise, 0.0
        return
    inverse = roads.inverse[arc]
    load = volume * inverse
    steep = load * load * load if power == 4.0 else load ** (power - 1.0)
    bushes.cost[arc], bushes.slope[arc] = roads.base[arc] + rise * steep * load, rise * power * steep * inverse


@inner
def add_up(roads: Roads, bushes: Bushes, room: Room) -> None:
    """Set volume, cost and slope of every arc from the flows of all origins."""
    total = room.old_flow
    total[:] = 0.0
    for origin in range(bushes.root.shape[0]):
        arcs, flow = bushes.arc[origin], bushes.flow[origin]
        for number in range(bushes.begin[origin, bushes.count[origin]]):
            total[arcs[number]] += flow[number]
    for arc in range(roads.tail.shape[0]):
        price(roads, bushes, arc, total[arc])


@inner
def tree(roads: Roads, bushes: Bushes, room: Room, origin: int) -> None:
    """Make the bush of an origin a shortest tree without flow; vertices in the order in which they are reached."""
    root, out, via, keys, items = bushes.root[origin], room.low, room.via, room.keys, room.items
    order, begin = bushes.order[origin], bushes.begin[origin]
    out[:] = np.inf
    out[root] = 0.0
    size = push(keys, items, 0, 0.0, root)
    count = 0
    begin[0] = 0
    while size > 0:
        key, vertex = keys[0], items[0]
        size = pop(keys, items, size)
        if key > out[vertex]:
            continue
        order[count] = vertex
        if count > 0:
            bushes.arc[origin, count - 1] = via[vertex]
            bushes.flow[origin, count - 1] = 0.0
            room.best[vertex] = count - 1
        begin[count + 1] = count
        count += 1
        for arc in range(roads.first[vertex], roads.first[vertex + 1]):
            found = key + bushes.cost[arc]
            head = roads.head[arc]
            if found < out[head]:
                out[head] = found
                via[head] = arc
                size = push(keys, items, size, found, head)
    bushes.count[origin] = count


@inner
def load(roads: Roads, bushes: Bushes, room: Room, origin: int) -> int:
    """Load the demand of an origin on its bush in the proportions of its flows; where there are none, on ``best``."""
    arcs, flow, order, begin = bushes.arc[origin], bushes.flow[origin], bushes.order[origin], bushes.begin[origin]
    through = room.through
    through[:] = 0.0
    for number in range(bushes.target.shape[0]):
        wanted = bushes.demand[origin, number]
        if wanted > 0.0 and room.low[bushes.target[number]] == np.inf:
            return CUT
        through[bushes.target[number]] += wanted
    for place in range(bushes.count[origin] - 1, 0, -1):
        vertex = order[place]
        had = 0.0
        for number in range(begin[place], begin[place + 1]):
            had += flow[number]
        if had <= 0.0:
            flow[room.best[vertex]] = had = 1.0
        share = through[vertex] / had
        for number in range(begin[place], begin[place + 1]):
            flow[number] *= share
            through[roads.tail[arcs[number]]] += flow[number]
    return OK


@inner
def label(roads: Roads, bushes: Bushes, room: Room, origin: int) -> float:
    """Fill ``low``, ``best``, ``high``, ``worst`` and ``place``; return what flow costs above the least."""
    arcs, flow, order, begin = bushes.arc[origin], bushes.flow[origin], bushes.order[origin], bushes.begin[origin]
    low, high, best, worst = room.low, room.high, room.best, room.worst
    root, excess, least = order[0], 0.0, bushes.least[origin]
    if bushes.count[origin] < low.shape[0]:
        low[:] = np.inf
    low[root] = high[root] = 0.0
    best[root] = worst[root] = -1
    room.place[root] = 0
    for place in range(1, bushes.count[origin]):
        vertex = order[place]
        room.place[vertex] = place
        cheap, dear, far, near, last = np.inf, -np.inf, 0.0, -1, -1
        paid, taken = 0.0, 0.0
        for number in range(begin[place], begin[place + 1]):
            tail, cost, here = roads.tail[arcs[number]], bushes.cost[arcs[number]], flow[number]
            found = low[tail] + cost
            if found < cheap:
                cheap, near = found, number
            if here <= least:
                continue
            paid += here * found
            taken += here
            found = high[tail] + cost
            far = max(far, found)
            if found > dear and (worst[tail] >= 0 or tail == root):
                dear, last = found, number
        low[vertex], best[vertex], worst[vertex] = cheap, near, last
        high[vertex] = max(far, high[roads.tail[arcs[near]]] + bushes.cost[arcs[near]])
        if taken > 0.0:
            excess += paid - taken * cheap
    return excess


@inner
def renew(roads: Roads, bushes: Bushes, room: Room, origin: int) -> bool:
    """Drop arcs that are not used and take in those that make a vertex cheaper to reach; say whether there were any.

    An arc is taken in only if the longest way to its tail is shorter than that to its head, so there is no cycle.
    """
    low, high, place, cost = room.low, room.high, room.place, bushes.cost
    fresh, sound = 0, True
    for arc in range(roads.tail.shape[0]):
        tail, head = roads.tail[arc], roads.head[arc]
        if low[tail] + cost[arc] < low[head] and high[tail] <= high[head]:
            before = place[tail] < place[head]
            if before or high[tail] < high[head]:
                room.fresh[fresh] = arc
                fresh += 1
                sound = sound and before
    if not sound:
        sort(bushes.order[origin], bushes.count[origin], high, place)
    return rebuild(roads, bushes, room, origin, fresh)


@inner
def sort(order: Any, count: int, high: Any, place: Any) -> None:
    """Sort vertices by ``high`` and where that is equal as they stood (Shell's sort, for they are nearly sorted)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(1 + gap, count):
            vertex = order[at]
            key, was, to = high[vertex], place[vertex], at
            while to > gap:
                other = order[to - gap]
                if high[other] < key or (high[other] == key and place[other] < was):
                    break
                order[to] = other
                to -= gap
            order[to] = vertex
        gap //= 3


@inner
def rebuild(roads: Roads, bushes: Bushes, room: Room, origin: int, fresh: int) -> bool:
    """Make the list of a bush anew, with the fresh arcs and without what is not used; say whether it is another."""
    arcs, flow, order, begin = bushes.arc[origin], bushes.flow[origin], bushes.order[origin], bushes.begin[origin]
    count, at = bushes.count[origin], room.via
    at[:] = 0
    kept = 0
    for number in range(begin[count]):
        head = roads.head[arcs[number]]
        used = flow[number] > bushes.least[origin]
        if used or room.best[head] == number:
            room.old_arc[kept], room.old_flow[kept] = arcs[number], flow[number] if used else 0.0
            at[head] += 1
            kept += 1
    if fresh == 0 and kept == begin[count]:
        return False
    for number in range(fresh):
        room.old_arc[kept], room.old_flow[kept] = room.fresh[number], 0.0
        at[roads.head[room.fresh[number]]] += 1
        kept += 1
    total = 0
    for place in range(count):
        vertex = order[place]
        room.place[vertex] = place
        begin[place] = total
        total += at[vertex]
        at[vertex] = begin[place]
    begin[count] = total
    for number in range(kept):
        head = roads.head[room.old_arc[number]]
        arcs[at[head]], flow[at[head]] = room.old_arc[number], room.old_flow[number]
        at[head] += 1
    return True


@inner
def pair_up(roads: Roads, bushes: Bushes, room: Room, pairs: Pairs, origin: int) -> int:
    """Append a pair of ways for each used arc that is not on the way of least cost to its head."""
    arcs, flow, order, begin = bushes.arc[origin], bushes.flow[origin], bushes.order[origin], bushes.begin[origin]
    place, pool, least, root = room.place, pairs.number, bushes.least[origin], bushes.root[origin]
    count = pairs.size[0]
    start = pairs.begin[count]
    for at in range(bushes.count[origin] - 1, 0, -1):
        if begin[at + 1] == begin[at] + 1 or room.worst[order[at]] < 0:
            continue
        short = room.best[order[at]]
        for far in range(begin[at], begin[at + 1]):
            a, b = roads.tail[arcs[short]], roads.tail[arcs[far]]
            if far == short or flow[far] <= least or (room.worst[b] < 0 and b != root):
                continue
            if start + 2 * (place[a] + 1) + place[b] + 1 > pool.shape[0]:
                return FULL
            low, high = start + 1, start + place[a] + 2
            pool[start], pool[high - 1] = short, far
            while a != b:
                if place[a] > place[b]:
                    pool[low] = room.best[a]
                    a = roads.tail[arcs[room.best[a]]]
                    low += 1
                else:
                    pool[high] = room.worst[b]
                    b = roads.tail[arcs[room.worst[b]]]
                    high += 1
            pairs.origin[count], pairs.middle[count] = origin, low
            for number in range(start + room.place[roads.tail[arcs[short]]] + 1, high):
                pool[low] = pool[number]
                low += 1
            start = low
            count += 1
            pairs.begin[count] = start
    pairs.size[0] = count
    return OK


@inner
def balance(roads: Roads, bushes: Bushes, pairs: Pairs, begin: int, end: int) -> None:
    """Shift flow inside pairs of ways from the dearer to the cheaper: a step of Newton's method each."""
    pool, cost, slope = pairs.number, bushes.cost, bushes.slope
    for pair in range(begin, end):
        flow, arcs = bushes.flow[pairs.origin[pair]], bushes.arc[pairs.origin[pair]]
        first, middle, last = pairs.begin[pair], pairs.middle[pair], pairs.begin[pair + 1]
        gain, steep = 0.0, 0.0
        for at in range(first, middle):
            gain -= cost[arcs[pool[at]]]
            steep += slope[arcs[pool[at]]]
        for at in range(middle, last):
            gain += cost[arcs[pool[at]]]
            steep += slope[arcs[pool[at]]]
        if gain == 0.0:
            continue
        step = abs(gain) / steep if steep > 0.0 else np.inf
        from_first, from_last = (middle, last) if gain > 0.0 else (first, middle)
        for at in range(from_first, from_last):
            step = min(step, flow[pool[at]])
        if step == 0.0:
            continue
        for at in range(first, last):
            number = pool[at]
            change = -step if from_first <= at < from_last else step
            flow[number] += change
            price(roads, bushes, arcs[number], max(bushes.volume[arcs[number]] + change, 0.0))


@lean_kernel
def start(roads: Roads, bushes: Bushes, room: Room, kept: Any) -> int:
    """Load the demand of every origin: in the proportions it had where its bush is ``kept`` (R,), else on a new tree.

    Trees are shortest at the costs of the flows that ``volume`` has and of the origins before. ``CUT`` if an origin has
    no way to a destination.
    """
    for arc in range(roads.tail.shape[0]):
        price(roads, bushes, arc, bushes.volume[arc])
    for origin in range(bushes.root.shape[0]):
        if kept[origin]:
            label(roads, bushes, room, origin)
        else:
            tree(roads, bushes, room, origin)
        if load(roads, bushes, room, origin) != OK:
            return CUT
        if not kept[origin]:
            for number in range(bushes.count[origin] - 1):
                arc = bushes.arc[origin, number]
                price(roads, bushes, arc, bushes.volume[arc] + bushes.flow[origin, number])
    add_up(roads, bushes, room)
    return OK


@lean_kernel
def improve(roads: Roads, bushes: Bushes, room: Room, pairs: Pairs, passes: int, excess: Any) -> int:
    """Renew every bush and pair up its ways, then balance all pairs several times.

    ``excess`` (1,) is what flow cost above the least inside the bushes, each when its turn came. ``FULL`` if there is
    no room for the pairs; the flows are sound nevertheless, and the next call goes on from them.
    """
    pairs.size[0] = pairs.begin[0] = 0
    excess[0] = 0.0
    for origin in range(bushes.root.shape[0]):
        excess[0] += label(roads, bushes, room, origin)
        if renew(roads, bushes, room, origin):
            label(roads, bushes, room, origin)
        done = pairs.size[0]
        if pair_up(roads, bushes, room, pairs, origin) != OK:
            return FULL
        balance(roads, bushes, pairs, done, pairs.size[0])
    for _ in range(passes):
        balance(roads, bushes, pairs, 0, pairs.size[0])
    add_up(roads, bushes, room)
    return OK


@lean_kernel
def least_totals(roads: Roads, bushes: Bushes, room: Room, out: Any) -> int:
    """Fill ``out`` (R,) with what the demand of every origin costs on shortest ways at the costs there are."""
    for origin in range(bushes.root.shape[0]):
        root, low = bushes.root[origin], room.low
        one_to_one(roads.first, roads.head, bushes.cost, root, -1, low, room.via, room.keys, room.items)
        out[origin] = 0.0
        for number in range(bushes.target.shape[0]):
            wanted = bushes.demand[origin, number]
            if wanted > 0.0:
                out[origin] += wanted * low[bushes.target[number]]
    return OK
