"""This module owns a period of flows: choice, loading, rationing and waits, for given waits.

``period`` is one evaluation of the fixed point; ``costs`` is its choice alone. In every period:

0. waits for berths lengthen the rounds of ships, which leaves these fewer trips;
1. what is new and what waits at its origin is shared among ways by an incremental path-size logit, nested by group;
2. what wants to move loads limits; where they are too small, all who want to pass them, others included, are served in
   the same proportion, those with a higher rank first (progressive filling, Bertsekas and Gallager 1992, section
   6.5.2);
3. what is not served waits: the contracted on its way, the rest at its origin, to choose again;
4. loads and backlogs give the waits at every limit, which the caller feeds back.

D demands, G groups of ways, K ways, L limits, P periods. Loads are in each limit's own unit.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.delays import filling, timed
from transcaspian.kernels.world import OK

QUEUE, FILLING, QUOTA = 0, 1, 2
"""Kinds of limits: what is waited for and can run out, a vehicle that fills, a right that runs out without a queue."""

CONTRACTED = 0

NEARLY = 0.05
"""Room left, as a share of all room, below which a limit is on its way to hold back what another stopped."""


class Ways(NamedTuple):
    """Demands and their ways."""

    group_first: NDArray[np.uint32]  # (D + 1,)
    way_first: NDArray[np.uint32]  # (G + 1,)
    kind: NDArray[np.int8]  # (D,) CONTRACTED, or another that chooses
    volume: NDArray[np.float64]  # (D, P) load units
    tonnes: NDArray[np.float64]  # (D,) of a load unit, by which units of different forms are weighed
    scale: NDArray[np.float64]  # (D,) per EUR/t
    nest: NDArray[np.float64]  # (D,)
    hour: NDArray[np.float64]  # (D,) EUR per tonne and hour
    sure: NDArray[np.float64]  # (D,) value of an hour of standard deviation over that of an hour
    elasticity: NDArray[np.float64]  # (D,)
    worth: NDArray[np.float64]  # (D,) EUR/t
    elsewhere: NDArray[np.float64]  # (D,) what the same sellers sell elsewhere, over the volume
    market: NDArray[np.float64]  # (D,) scale between buyers here and elsewhere, per EUR/t
    cost: NDArray[np.float64]  # (K, P) EUR/t without the waits that change
    size: NDArray[np.float64]  # (K,) log of the path size, times its weight
    open: NDArray[np.float64]  # (K, P) share of what wants it that may start
    rank: NDArray[np.int32]  # (K, P) 0 is served first
    use_first: NDArray[np.uint32]  # (K + 1,)
    use_limit: NDArray[np.uint32]
    use_amount: NDArray[np.float64]  # of the limit's unit, by one load unit
    pull: NDArray[np.float64]  # (G,) log of the share in the pivot
    pivot: NDArray[np.float64]  # (G, P) composite cost of the group in the pivot, EUR/t
    whole: NDArray[np.float64]  # (D, P) composite cost of the demand in the pivot; nan: the demand does not answer


class Limits(NamedTuple):
    """What can run out."""

    kind: NDArray[np.int8]  # (L,)
    capacity: NDArray[np.float64]  # (L, P) in a period; a filling limit's is the load of one vehicle
    others: NDArray[np.float64]  # (L, P) used by others
    standing: NDArray[np.float64]  # (L, P) of what is new in the period, what stands there when it begins
    servers: NDArray[np.float64]  # (L,)
    service: NDArray[np.float64]  # (L, P) h
    spread: NDArray[np.float64]  # (L,) mean of both squared coefficients of variation
    risk: NDArray[np.float64]  # (L,) standard deviation of the wait over its mean
    longest: NDArray[np.float64]  # (L,) h, longest wait of a filling limit
    call_first: NDArray[np.uint32]  # (L + 1,)
    call_limit: NDArray[np.uint32]  # berths at which the vehicles of a limit call in a round; ``service`` is the round
    hours: NDArray[np.float64]  # (P,) h


class Year(NamedTuple):
    """What a year gives; ``period`` fills a column."""

    want: NDArray[np.float64]  # (K, P) units that want to pass, backlog included
    carried: NDArray[np.float64]  # (K, P) units
    stuck: NDArray[np.int32]  # (K, P) limit that holds back what waits, -1 none, -2 a ban
    capacity: NDArray[np.float64]  # (L, P) that waits for berths leave
    fresh: NDArray[np.float64]  # (D, P) units that came new
    backlog: NDArray[np.float64]  # (D, P) units that wait at the end
    load: NDArray[np.float64]  # (L, P) by the corridor, carried
    asked: NDArray[np.float64]  # (L, P) by the corridor, wanted
    wait: NDArray[np.float64]  # (L, P) h, that these loads make
    composite: NDArray[np.float64]  # (G, P) EUR/t
    whole: NDArray[np.float64]  # (D, P) EUR/t


class Left(NamedTuple):
    """What waits between two periods."""

    on_way: NDArray[np.float64]  # (K,) units that keep to their way
    at_origin: NDArray[np.float64]  # (D,) units that choose again
    at_limit: NDArray[np.float64]  # (L,) the same units, in the limit's own, as they stand before it


class Scratch(NamedTuple):
    """Room to work in; U are all uses of limits by ways."""

    felt: NDArray[np.float64]  # (K,) EUR/t
    share: NDArray[np.float64]  # (K,)
    want: NDArray[np.float64]  # (K,)
    served: NDArray[np.float64]  # (K,)
    stuck: NDArray[np.int32]  # (K,)
    group_cost: NDArray[np.float64]  # (G,)
    group_share: NDArray[np.float64]  # (G,)
    capacity: NDArray[np.float64]  # (L,)
    service: NDArray[np.float64]  # (L,) h
    used: NDArray[np.float64]  # (L,)
    asked: NDArray[np.float64]  # (L,)
    room: NDArray[np.float64]  # (L,)
    rate: NDArray[np.float64]  # (L,)
    hot: NDArray[np.bool_]  # (L,) asked for too much, or nearly
    users: NDArray[np.uint32]  # (L,) held ways of the rank that pass it and nothing has stopped
    tight: NDArray[np.uint32]  # (L,) the limits that any of them passes
    begin: NDArray[np.uint32]  # (L,) of the held ways of the rank that pass it, in ``by_limit``
    end: NDArray[np.uint32]  # (L,)
    wait: NDArray[np.float64]  # (L,) h
    heavy: NDArray[np.float64]  # (L,) the wait with what its spread is worth beside an hour, h
    held: NDArray[np.uint32]  # (K,) ways that something may hold back
    stopped: NDArray[np.bool_]  # (K,) of the held ways
    ban: NDArray[np.uint32]  # (K,) held ways of the rank that may start only in part of the period
    first: NDArray[np.uint32]  # (K + 1,) of the uses of hot limits by a held way
    limit: NDArray[np.uint32]  # (U,)
    amount: NDArray[np.float64]  # (U,)
    by_limit: NDArray[np.uint32]  # (U,) held ways


NUMBERS = ("users", "tight", "begin", "end", "held", "ban", "first", "limit", "by_limit")
FLAGS = ("hot", "stopped")
"""What of the scratch counts or points, and what is yes or no.

What points has no sign: a number with one is looked at, at every use, whether it counts from the end.
"""


@inner
def shares_of(ways: Ways, d: int, p: int, felt: Any, group_cost: Any, out: Any, group_out: Any) -> float:
    """Fill ``out`` (K,) with the shares of a demand's ways; return its composite cost [EUR/t]."""
    inside = ways.scale[d] / ways.nest[d]
    first, last = ways.group_first[d], ways.group_first[d + 1]
    best = np.inf
    for g in range(first, last):
        least = np.inf
        for k in range(ways.way_first[g], ways.way_first[g + 1]):
            if ways.open[k, p] > 0.0:
                least = min(least, felt[k])
        group_out[g] = 0.0
        group_cost[g] = np.inf
        if least == np.inf:
            continue
        total = 0.0
        for k in range(ways.way_first[g], ways.way_first[g + 1]):
            out[k] = math.exp(ways.size[k] - inside * (felt[k] - least)) if ways.open[k, p] > 0.0 else 0.0
            total += out[k]
        for k in range(ways.way_first[g], ways.way_first[g + 1]):
            out[k] /= total
        group_cost[g] = least - math.log(total) / inside
        level = ways.scale[d] * (group_cost[g] - ways.pivot[g, p]) - ways.pull[g]
        best = min(best, level)
    if best == np.inf:
        return math.inf
    total = 0.0
    for g in range(first, last):
        if group_cost[g] < np.inf:
            group_out[g] = math.exp(best - ways.scale[d] * (group_cost[g] - ways.pivot[g, p]) + ways.pull[g])
            total += group_out[g]
    for g in range(first, last):
        group_out[g] /= total
        for k in range(ways.way_first[g], ways.way_first[g + 1]):
            out[k] *= group_out[g]
    return float((best - math.log(total)) / ways.scale[d])


@inner
def ration(ways: Ways, limits: Limits, p: int, s: Scratch) -> None:
    """Fill ``served`` (K,) with the units that pass, and ``stuck`` (K,) with what holds back the rest.

    Only a limit that all wants together overload can hold anything back, so the filling looks at no other. ``used``
    (L,) is what passes, ``asked`` (L,) what also stands before the limit.
    """
    many = _held(ways, limits, p, s)
    top = 0
    for k in range(s.want.shape[0]):
        s.served[k], s.stuck[k] = s.want[k], -1
    for i in range(many):
        s.served[s.held[i]] = 0.0
        top = max(top, ways.rank[s.held[i], p])
    s.used[:] = 0.0
    for rank in range(top + 1):
        _fill(ways, p, rank, many, s)
    for limit in range(s.used.shape[0]):
        s.used[limit] = s.asked[limit]
    for i in range(many):
        k = s.held[i]
        left = s.want[k] - s.served[k]
        if left > 0.0:
            for u in range(ways.use_first[k], ways.use_first[k + 1]):
                s.used[ways.use_limit[u]] -= ways.use_amount[u] * left
    for limit in range(s.used.shape[0]):
        s.used[limit] = max(0.0, s.used[limit])
    _queue_up(ways, p, many, s)


@inner
def _held(ways: Ways, limits: Limits, p: int, s: Scratch) -> int:
    """Return how many ways something may hold back; put them, and their uses of hot limits, into the scratch."""
    for k in range(s.want.shape[0]):
        if s.want[k] > 0.0:
            for u in range(ways.use_first[k], ways.use_first[k + 1]):
                s.asked[ways.use_limit[u]] += ways.use_amount[u] * s.want[k]
    for limit in range(s.room.shape[0]):
        every, left = s.asked[limit] + limits.others[limit, p], s.capacity[limit] - limits.others[limit, p]
        if every > s.capacity[limit]:  # others are served in the same proportion
            left = s.capacity[limit] * s.asked[limit] / every
        s.room[limit] = np.inf if limits.kind[limit] == FILLING else left
        s.hot[limit] = s.asked[limit] >= (1.0 - NEARLY) * s.room[limit]
    many = uses = 0
    s.first[0] = 0
    for k in range(s.want.shape[0]):
        if s.want[k] <= 0.0:
            continue
        for u in range(ways.use_first[k], ways.use_first[k + 1]):
            if s.hot[ways.use_limit[u]]:
                s.limit[uses], s.amount[uses] = ways.use_limit[u], ways.use_amount[u]
                uses += 1
        if uses > s.first[many] or ways.open[k, p] < 1.0:
            s.held[many] = k
            many += 1
            s.first[many] = uses
    return many


@inner
def _fill(ways: Ways, p: int, rank: int, many: int, s: Scratch) -> None:
    """Serve all held ways of a rank in the same proportion, until something stops each of them."""
    going, bans, tight = _line_up(ways, p, rank, many, s)
    part = 0.0
    while part < 1.0 and going > 0:
        step, first = 1.0 - part, -1
        for n in range(bans):
            i = s.ban[n]
            left = ways.open[s.held[i], p] - part
            if left < step and not s.stopped[i]:  # a way that may start only in part of the period stops there
                step, first = max(0.0, left), -2
        for n in range(tight):
            limit = s.tight[n]
            if s.users[limit] > 0 and s.room[limit] - s.used[limit] < step * s.rate[limit]:
                step, first = max(0.0, (s.room[limit] - s.used[limit]) / s.rate[limit]), limit
        part = 1.0 if first == -1 else part + step
        for n in range(tight):
            if s.users[s.tight[n]] > 0:
                s.used[s.tight[n]] += step * s.rate[s.tight[n]]
        if first == -2:
            for n in range(bans):
                if ways.open[s.held[s.ban[n]], p] <= part:
                    going -= _stop(s.ban[n], part, first, s)
        elif first >= 0:
            for n in range(s.begin[first], s.end[first]):
                going -= _stop(s.by_limit[n], part, first, s)
    for i in range(many):
        if ways.rank[s.held[i], p] == rank and not s.stopped[i]:
            s.served[s.held[i]] = s.want[s.held[i]]


@inner
def _line_up(ways: Ways, p: int, rank: int, many: int, s: Scratch) -> tuple[int, int, int]:
    """Return how many held ways have a rank, how many of them have a ban, and how many limits any of them passes."""
    going = bans = tight = at = 0
    for limit in range(s.rate.shape[0]):
        s.rate[limit], s.users[limit] = 0.0, 0
    for i in range(many):
        k = s.held[i]
        if ways.rank[k, p] != rank:
            continue
        s.stopped[i] = False
        going += 1
        if ways.open[k, p] < 1.0:
            s.ban[bans] = i
            bans += 1
        for u in range(s.first[i], s.first[i + 1]):
            s.rate[s.limit[u]] += s.amount[u] * s.want[k]
            s.users[s.limit[u]] += 1
    for limit in range(s.rate.shape[0]):
        if s.users[limit] > 0:
            s.tight[tight] = limit
            tight += 1
            s.begin[limit] = s.end[limit] = at
            at += s.users[limit]
    for i in range(many):
        if ways.rank[s.held[i], p] == rank:
            for u in range(s.first[i], s.first[i + 1]):
                s.by_limit[s.end[s.limit[u]]] = i
                s.end[s.limit[u]] += 1
    return going, bans, tight


@inner
def _stop(i: int, part: float, first: int, s: Scratch) -> int:
    """Stop a held way after a part of it was served; return 1, or 0 if it was stopped before."""
    if s.stopped[i]:
        return 0
    k = s.held[i]
    s.stopped[i], s.stuck[k], s.served[k] = True, first, min(1.0, part) * s.want[k]
    for u in range(s.first[i], s.first[i + 1]):
        s.rate[s.limit[u]] -= s.amount[u] * s.want[k]
        s.users[s.limit[u]] -= 1
    return 1


@inner
def _queue_up(ways: Ways, p: int, many: int, s: Scratch) -> None:
    """Fill ``asked`` with what passes a limit and what stands before it.

    What is held back stands before each limit of its way that is full, in equal parts, and the less so the more room is
    left, so that no small change moves a queue from one place to another at once. A ban takes its part like a limit.
    """
    for limit in range(s.used.shape[0]):
        s.asked[limit] = s.used[limit]
    for i in range(many):
        k = s.held[i]
        left = s.want[k] - s.served[k]
        if left <= 0.0:
            continue
        total = 1.0 if s.stuck[k] == -2 else 0.0
        if s.stuck[k] != -2 and ways.open[k, p] < 1.0:
            shut = ways.open[k, p] - s.served[k] / s.want[k]
            total = max(0.0, 1.0 - shut / (NEARLY * max(ways.open[k, p], 1e-9)))
        for u in range(s.first[i], s.first[i + 1]):
            total += _full(s.limit[u], s.stuck[k], s)
        for u in range(s.first[i], s.first[i + 1]):
            s.asked[s.limit[u]] += _full(s.limit[u], s.stuck[k], s) / total * s.amount[u] * left


@inner
def _full(limit: int, first: int, s: Scratch) -> float:
    """Return 1 for a limit that is full, as the first that stopped a way is, and less the more room is left."""
    if limit == first or s.room[limit] <= 0.0:
        return 1.0
    return float(max(0.0, 1.0 - (s.room[limit] - s.used[limit]) / (NEARLY * s.room[limit])))


@lean_kernel
def period(ways: Ways, limits: Limits, p: int, wait: Any, before: Left, out: Year, after: Left, s: Scratch) -> int:
    """Evaluate a period for given waits at limits, ``wait`` (L,) [h]; fill column ``p`` of ``out``, and ``after``."""
    for limit in range(wait.shape[0]):
        s.wait[limit] = wait[limit]
    _evaluate(ways, limits, p, before, out, after, s)
    return OK


@lean_kernel
def costs(ways: Ways, limits: Limits, wait: Any, composite: Any, whole: Any, fresh: Any, s: Scratch) -> int:
    """Fill what waits at limits, ``wait`` (L, P) [h], make users bear, and how many come: the choice of every period.

    ``composite`` (G, P) and ``whole`` (D, P) are composite costs [EUR/t], ``fresh`` (D, P) units that come new.
    """
    for p in range(limits.hours.shape[0]):
        for limit in range(wait.shape[0]):
            s.wait[limit] = wait[limit, p]
        for d in range(ways.kind.shape[0]):
            whole[d, p], fresh[d, p] = _demand(ways, limits, d, p, s)
            for g in range(ways.group_first[d], ways.group_first[d + 1]):
                composite[g, p] = s.group_cost[g]
    return OK


@lean_kernel
def feel(ways: Ways, limits: Limits, wait: Any, out: Any) -> int:
    """Fill ``out`` (K, P) with what waits at limits, ``wait`` (L, P) [h], are worth to whoever takes a way [EUR/t]."""
    for d in range(ways.kind.shape[0]):
        hour = ways.hour[d] if ways.kind[d] != CONTRACTED else 0.0
        for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
            out[k, :] = 0.0
            for u in range(ways.use_first[k], ways.use_first[k + 1]):
                limit = ways.use_limit[u]
                weight = 1.0 + ways.sure[d] * limits.risk[limit]
                for p in range(wait.shape[1]):
                    out[k, p] += wait[limit, p] * weight
            for p in range(wait.shape[1]):
                out[k, p] *= hour
    return OK


@inner
def _evaluate(ways: Ways, limits: Limits, p: int, before: Left, out: Year, after: Left, s: Scratch) -> None:
    """Evaluate a period; ``before`` and ``after`` may be one."""
    _call(limits, p, s)
    _choose(ways, limits, p, before, out, after, s)
    s.asked[:] = 0.0
    ration(ways, limits, p, s)
    for limit in range(s.asked.shape[0]):
        used, asked = s.used[limit], s.asked[limit]
        out.load[limit, p], out.asked[limit, p], out.capacity[limit, p] = used, asked, s.capacity[limit]
        begun = min(before.at_limit[limit] + limits.standing[limit, p], asked)
        out.wait[limit, p] = _wait(limits, limit, p, asked, begun, s)
        after.at_limit[limit] = asked - used
    for d in range(ways.kind.shape[0]):
        out.backlog[d, p] = after.at_origin[d]
        for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
            left = s.want[k] - s.served[k]
            out.want[k, p], out.carried[k, p], out.stuck[k, p] = s.want[k], s.served[k], s.stuck[k]
            out.backlog[d, p] += left
            after.on_way[k] = left if ways.kind[d] == CONTRACTED else 0.0
            if ways.kind[d] != CONTRACTED:
                after.at_origin[d] += left


@inner
def _call(limits: Limits, p: int, s: Scratch) -> None:
    """Fill ``capacity`` and ``service`` (L,): a round is longer by the waits at its berths, so there are fewer of them.

    Cargo may wait for months before a berth that is too small, but not aboard: no ship waits longer than where its
    berth is just full all the period, which is the ``timed`` wait of a load of one, or a little more.
    """
    for limit in range(s.capacity.shape[0]):
        s.capacity[limit], s.service[limit] = limits.capacity[limit, p], limits.service[limit, p]
        for c in range(limits.call_first[limit], limits.call_first[limit + 1]):
            berth = limits.call_limit[c]
            each = limits.spread[berth] * limits.service[berth, p] / max(limits.servers[berth], 1.0)
            s.service[limit] += min(s.wait[berth], math.sqrt(0.5 * each * limits.hours[p]))
        if s.service[limit] > limits.service[limit, p]:
            s.capacity[limit] *= limits.service[limit, p] / s.service[limit]


@inner
def _choose(ways: Ways, limits: Limits, p: int, before: Left, out: Year, after: Left, s: Scratch) -> None:
    """Fill ``want`` (K,), what waited before included; what finds nothing open stays ``after`` at its origin."""
    for d in range(ways.kind.shape[0]):
        whole, fresh = _demand(ways, limits, d, p, s)
        out.whole[d, p], out.fresh[d, p] = whole, fresh
        for g in range(ways.group_first[d], ways.group_first[d + 1]):
            out.composite[g, p] = s.group_cost[g]
        waiting = before.at_origin[d]
        after.at_origin[d] = waiting + fresh if whole == np.inf else 0.0
        for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
            s.want[k] = before.on_way[k] + ((waiting + fresh) * s.share[k] if whole < np.inf else 0.0)


@inner
def _demand(ways: Ways, limits: Limits, d: int, p: int, s: Scratch) -> tuple[float, float]:
    """Fill ``share`` (K,) of a demand's ways; return its composite cost [EUR/t] and the units that come new.

    Demands are to be taken in turn: those after one another mostly weigh reliability alike.
    """
    if d == 0 or ways.sure[d] != ways.sure[d - 1]:
        for limit in range(s.wait.shape[0]):
            s.heavy[limit] = s.wait[limit] * (1.0 + ways.sure[d] * limits.risk[limit])
    for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
        hours = _hours(ways, k, s) if ways.kind[d] != CONTRACTED else 0.0
        s.felt[k] = ways.cost[k, p] + ways.hour[d] * hours
    whole = shares_of(ways, d, p, s.felt, s.group_cost, s.share, s.group_share)
    fresh = ways.volume[d, p]
    if ways.whole[d, p] < np.inf:  # so not for who found nothing open in the pivot, nor for nan
        if ways.elasticity[d] > 0.0 and whole < np.inf:
            reference = max(1e-9, ways.worth[d] - ways.whole[d, p])
            fresh *= (max(0.0, ways.worth[d] - whole) / reference) ** ways.elasticity[d]
        if ways.elsewhere[d] > 0.0:
            lost = ways.elsewhere[d] * math.exp(ways.market[d] * (whole - ways.whole[d, p]))
            fresh *= (1.0 + ways.elsewhere[d]) / (1.0 + lost)
    return whole, fresh


@inner
def _hours(ways: Ways, k: int, s: Scratch) -> float:
    """Return the waits [h] along a way, with what their spread is worth beside an hour.

    Two sums, taken in turn: a sum that waits for itself at every use takes twice as long.
    """
    first, last = ways.use_first[k], ways.use_first[k + 1]
    one, other = 0.0, 0.0
    for u in range(first, last - (last - first) % 2, 2):
        one += s.heavy[ways.use_limit[u]]
        other += s.heavy[ways.use_limit[u + 1]]
    if (last - first) % 2 == 1:
        one += s.heavy[ways.use_limit[last - 1]]
    return one + other


@inner
def _wait(limits: Limits, limit: int, p: int, asked: float, begun: float, s: Scratch) -> float:
    """Return the wait [h] at a limit in a period: of what is asked, ``begun`` was there at its start."""
    hours, capacity, others = limits.hours[p], s.capacity[limit], limits.others[limit, p]
    if limits.kind[limit] == QUOTA or not np.isfinite(capacity):
        return 0.0
    if limits.kind[limit] == FILLING:
        return filling(asked + others, capacity, hours, limits.longest[limit])
    if capacity <= 0.0:
        return 0.0 if asked <= 0.0 else 8760.0
    rho, begin = (asked - begun + others) / capacity, begun / capacity * hours
    return timed(rho, begin, hours, limits.servers[limit], s.service[limit], limits.spread[limit])
