"""This module owns a period of flows: choice, loading, rationing and waits, for given waits.

``period`` is one evaluation of the fixed point, ``year`` one of every period in turn. In every period:

1. what is new and what waits at its origin is shared among ways by an incremental path-size logit, nested by group;
2. what wants to move loads limits; where they are too small, all who want to pass them are served in the same
   proportion, those with a higher rank first (progressive filling, Bertsekas and Gallager 1992, section 6.5.2);
3. what is not served waits: the contracted on its way, the rest at its origin, to choose again;
4. loads and backlogs give the waits at every limit, which the caller feeds back.

D demands, G groups of ways, K ways, L limits, P periods. Loads are in each limit's own unit.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import inner, kernel
from transcaspian.kernels.delays import filling, timed
from transcaspian.kernels.world import OK

QUEUE, FILLING, QUOTA = 0, 1, 2
"""Kinds of limits: what is waited for and can run out, a vehicle that fills, a right that runs out without a queue."""

CONTRACTED = 0

NEARLY = 0.05
"""Room left, as a share of all room, below which a limit is on its way to hold back what another stopped."""


class Ways(NamedTuple):
    """Demands and their ways."""

    group_first: NDArray[np.int32]  # (D + 1,)
    way_first: NDArray[np.int32]  # (G + 1,)
    kind: NDArray[np.int8]  # (D,) CONTRACTED, or another that chooses
    volume: NDArray[np.float64]  # (D, P) load units
    scale: NDArray[np.float64]  # (D,) per EUR/t
    nest: NDArray[np.float64]  # (D,)
    hour: NDArray[np.float64]  # (D,) EUR per tonne and hour
    sure: NDArray[np.float64]  # (D,) value of an hour of standard deviation over that of an hour
    elasticity: NDArray[np.float64]  # (D,)
    worth: NDArray[np.float64]  # (D,) EUR/t
    cost: NDArray[np.float64]  # (K, P) EUR/t without the waits that change
    size: NDArray[np.float64]  # (K,) log of the path size, times its weight
    open: NDArray[np.float64]  # (K, P) share of what wants it that may start
    rank: NDArray[np.int32]  # (K,) 0 is served first
    use_first: NDArray[np.int32]  # (K + 1,)
    use_limit: NDArray[np.int32]
    use_amount: NDArray[np.float64]  # of the limit's unit, by one load unit
    pull: NDArray[np.float64]  # (G,) log of the share in the pivot
    pivot: NDArray[np.float64]  # (G, P) composite cost of the group in the pivot, EUR/t
    whole: NDArray[np.float64]  # (D, P) composite cost of the demand in the pivot; nan: the demand does not answer


class Limits(NamedTuple):
    """What can run out."""

    kind: NDArray[np.int8]  # (L,)
    capacity: NDArray[np.float64]  # (L, P) in a period; a filling limit's is the load of one vehicle
    others: NDArray[np.float64]  # (L, P) used by others
    servers: NDArray[np.float64]  # (L,)
    service: NDArray[np.float64]  # (L, P) h
    spread: NDArray[np.float64]  # (L,) mean of both squared coefficients of variation
    risk: NDArray[np.float64]  # (L,) standard deviation of the wait over its mean
    longest: NDArray[np.float64]  # (L,) h, longest wait of a filling limit
    hours: NDArray[np.float64]  # (P,) h


class Year(NamedTuple):
    """What a year gives; filled by ``year``."""

    want: NDArray[np.float64]  # (K, P) units that want to pass, backlog included
    carried: NDArray[np.float64]  # (K, P) units
    stuck: NDArray[np.int32]  # (K, P) limit that holds back what waits, -1 none, -2 a ban
    fresh: NDArray[np.float64]  # (D, P) units that came new
    backlog: NDArray[np.float64]  # (D, P) units that wait at the end
    load: NDArray[np.float64]  # (L, P) by the corridor, carried
    asked: NDArray[np.float64]  # (L, P) by the corridor, wanted
    wait: NDArray[np.float64]  # (L, P) h, that these loads make
    composite: NDArray[np.float64]  # (G, P) EUR/t
    whole: NDArray[np.float64]  # (D, P) EUR/t


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
def ration(ways: Ways, limits: Limits, p: int, want: Any, served: Any, stuck: Any, used: Any, asked: Any) -> None:
    """Fill ``served`` (K,) with the units that pass, and ``stuck`` (K,) with what holds back the rest.

    Only a limit that all wants together overload can hold anything back, so the filling looks at no other. ``used``
    (L,) is what passes, ``asked`` (L,) what also stands before the limit: what is held back stands before each limit of
    its way that is full, in equal parts, and the less so the more room is left, so that no small change moves a queue
    from one place to another at once.
    """
    count = used.shape[0]
    room, rate = np.empty(count), np.zeros(count)
    for limit in range(count):
        room[limit] = np.inf if limits.kind[limit] == FILLING else limits.capacity[limit, p] - limits.others[limit, p]
        room[limit] = max(0.0, room[limit])
    asked[:] = 0.0
    for k in range(want.shape[0]):
        if want[k] > 0.0:
            for u in range(ways.use_first[k], ways.use_first[k + 1]):
                asked[ways.use_limit[u]] += ways.use_amount[u] * want[k]
    held, tight_first, tight_limit, tight_amount = _held(ways, p, want, asked, room)
    served[:] = want
    stuck[:] = -1
    top = 0
    for i in range(held.shape[0]):
        served[held[i]] = 0.0
        top = max(top, ways.rank[held[i]])
    used[:] = 0.0
    frozen = np.zeros(held.shape[0], np.bool_)
    for rank in range(top + 1):
        part = 0.0
        while part < 1.0:
            rate[:] = 0.0
            step, first = 1.0 - part, -1
            for i in range(held.shape[0]):
                k = held[i]
                if ways.rank[k] == rank and not frozen[i]:
                    for u in range(tight_first[i], tight_first[i + 1]):
                        rate[tight_limit[u]] += tight_amount[u] * want[k]
                    if ways.open[k, p] - part < step:  # a way that may start only in part of the period stops there
                        step, first = max(0.0, ways.open[k, p] - part), -2
            for limit in range(count):
                if rate[limit] > 0.0 and room[limit] - used[limit] < step * rate[limit]:
                    step, first = max(0.0, (room[limit] - used[limit]) / rate[limit]), limit
            part = 1.0 if first == -1 else part + step
            for limit in range(count):
                used[limit] += step * rate[limit]
            for i in range(held.shape[0]):
                k = held[i]
                if ways.rank[k] != rank or frozen[i]:
                    continue
                served[k] = want[k] if first == -1 else min(want[k], served[k] + step * want[k])
                if first == -2:
                    if ways.open[k, p] <= part:
                        frozen[i], stuck[k] = True, -2
                    continue
                for u in range(tight_first[i], tight_first[i + 1]):
                    if tight_limit[u] == first:
                        frozen[i], stuck[k] = True, first
    used[:] = asked
    for i in range(held.shape[0]):
        k = held[i]
        for u in range(ways.use_first[k], ways.use_first[k + 1]):
            limit = ways.use_limit[u]
            used[limit] = max(0.0, used[limit] - ways.use_amount[u] * (want[k] - served[k]))
    asked[:] = used
    for i in range(held.shape[0]):
        k = held[i]
        if want[k] > served[k]:
            shut = ways.open[k, p] - served[k] / want[k]  # a ban, too, may have been near
            total = 1.0 if stuck[k] == -2 else 0.0
            if stuck[k] != -2 and ways.open[k, p] < 1.0:
                total = max(0.0, 1.0 - shut / (NEARLY * max(ways.open[k, p], 1e-9)))
            for u in range(tight_first[i], tight_first[i + 1]):
                total += _full(tight_limit[u], stuck[k], room, used)
            for u in range(tight_first[i], tight_first[i + 1]):
                part = _full(tight_limit[u], stuck[k], room, used) / total
                asked[tight_limit[u]] += part * tight_amount[u] * (want[k] - served[k])


@inner
def _full(limit: int, first: int, room: Any, used: Any) -> float:
    """Return 1 for a limit that is full, as the first that stopped a way is, and less the more room is left."""
    if limit == first or room[limit] <= 0.0:
        return 1.0
    return float(max(0.0, 1.0 - (room[limit] - used[limit]) / (NEARLY * room[limit])))


@inner
def _held(ways: Ways, p: int, want: Any, asked: Any, room: Any) -> tuple[Any, Any, Any, Any]:
    """Return the ways that something may hold back, and their uses of limits that are asked for too much."""
    hot = asked >= (1.0 - NEARLY) * room
    held, first = np.empty(want.shape[0], np.int32), np.zeros(want.shape[0] + 1, np.int32)
    many = 0
    for k in range(want.shape[0]):
        if want[k] <= 0.0:
            continue
        uses = 0
        for u in range(ways.use_first[k], ways.use_first[k + 1]):
            uses += hot[ways.use_limit[u]]
        if uses > 0 or ways.open[k, p] < 1.0:
            held[many] = k
            first[many + 1] = first[many] + uses
            many += 1
    limit, amount = np.empty(first[many], np.int32), np.empty(first[many])
    at = 0
    for k in held[:many]:
        for u in range(ways.use_first[k], ways.use_first[k + 1]):
            if hot[ways.use_limit[u]]:
                limit[at], amount[at] = ways.use_limit[u], ways.use_amount[u]
                at += 1
    return held[:many], first[: many + 1], limit, amount


class Left(NamedTuple):
    """What waits between two periods."""

    on_way: NDArray[np.float64]  # (K,) units that keep to their way
    at_origin: NDArray[np.float64]  # (D,) units that choose again
    at_limit: NDArray[np.float64]  # (L,) the same units, in the limit's own, as they stand before it


@kernel
def period(ways: Ways, limits: Limits, p: int, wait: Any, before: Left, out: Year, after: Left) -> int:
    """Evaluate a period for given waits at limits, ``wait`` (L,) [h]; fill column ``p`` of ``out``, and ``after``."""
    _evaluate(ways, limits, p, wait, before, out, after)
    return OK


@kernel
def year(ways: Ways, limits: Limits, wait: Any, out: Year) -> int:
    """Evaluate every period in turn for given waits at limits, ``wait`` (L, P) [h]; fill ``out``."""
    left = Left(np.zeros(ways.rank.shape[0]), np.zeros(ways.kind.shape[0]), np.zeros(wait.shape[0]))
    for p in range(limits.hours.shape[0]):
        _evaluate(ways, limits, p, wait[:, p], left, out, left)
    return OK


@inner
def _evaluate(ways: Ways, limits: Limits, p: int, wait: Any, before: Left, out: Year, after: Left) -> None:
    """Evaluate a period; ``before`` and ``after`` may be one."""
    want, old = np.zeros(ways.rank.shape[0]), before.on_way.copy()
    _choose(ways, limits, p, wait, before, out, old, want, after)
    served, stuck = np.zeros(want.shape[0]), np.full(want.shape[0], -1, np.int32)
    used, asked = np.zeros(wait.shape[0]), np.zeros(wait.shape[0])
    ration(ways, limits, p, want, served, stuck, used, asked)
    for limit in range(wait.shape[0]):
        out.load[limit, p], out.asked[limit, p] = used[limit], asked[limit]
        out.wait[limit, p] = _wait(limits, limit, p, asked[limit], min(before.at_limit[limit], asked[limit]))
        after.at_limit[limit] = asked[limit] - used[limit]
    for d in range(ways.kind.shape[0]):
        out.backlog[d, p] = after.at_origin[d]
        for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
            left = want[k] - served[k]
            out.want[k, p], out.carried[k, p], out.stuck[k, p] = want[k], served[k], stuck[k]
            out.backlog[d, p] += left
            after.on_way[k] = left if ways.kind[d] == CONTRACTED else 0.0
            if ways.kind[d] != CONTRACTED:
                after.at_origin[d] += left


@inner
def _choose(
    ways: Ways, limits: Limits, p: int, wait: Any, before: Left, out: Year, old: Any, want: Any, after: Left
) -> None:
    """Fill ``want`` (K,), of which ``old`` waited before; what finds nothing open stays ``after`` at its origin."""
    felt, share = np.zeros(want.shape[0]), np.zeros(want.shape[0])
    group_cost, group_share = np.empty(ways.pull.shape[0]), np.empty(ways.pull.shape[0])
    for d in range(ways.kind.shape[0]):
        lo, hi = ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]
        for k in range(lo, hi):
            hours = 0.0
            if ways.kind[d] != CONTRACTED:
                for u in range(ways.use_first[k], ways.use_first[k + 1]):
                    limit = ways.use_limit[u]
                    hours += (1.0 + ways.sure[d] * limits.risk[limit]) * wait[limit]
            felt[k] = ways.cost[k, p] + ways.hour[d] * hours
        whole = shares_of(ways, d, p, felt, group_cost, share, group_share)
        fresh = ways.volume[d, p]
        if ways.elasticity[d] > 0.0 and not math.isnan(ways.whole[d, p]) and whole < np.inf:
            reference = max(1e-9, ways.worth[d] - ways.whole[d, p])
            fresh *= (max(0.0, ways.worth[d] - whole) / reference) ** ways.elasticity[d]
        out.fresh[d, p], out.whole[d, p] = fresh, whole
        for g in range(ways.group_first[d], ways.group_first[d + 1]):
            out.composite[g, p] = group_cost[g]
        waiting = before.at_origin[d]
        after.at_origin[d] = waiting + fresh if whole == np.inf else 0.0
        for k in range(lo, hi):
            if whole < np.inf:
                old[k] += waiting * share[k]
                want[k] = old[k] + fresh * share[k]
            else:
                want[k] = old[k]


@inner
def _wait(limits: Limits, limit: int, p: int, asked: float, begun: float) -> float:
    """Return the wait [h] at a limit in a period: of what is asked, ``begun`` was there at its start."""
    hours, capacity, others = limits.hours[p], limits.capacity[limit, p], limits.others[limit, p]
    if limits.kind[limit] == QUOTA or not np.isfinite(capacity):
        return 0.0
    if limits.kind[limit] == FILLING:
        return filling(asked + others, capacity, hours, limits.longest[limit])
    left = max(0.0, capacity - others)
    if left <= 0.0 or capacity <= 0.0:
        return 0.0 if asked <= 0.0 else 8760.0
    rho = (asked - begun + others) / capacity
    begin = begun / left * hours
    return timed(
        rho, left / capacity, begin, hours, limits.servers[limit], limits.service[limit, p], limits.spread[limit]
    )
