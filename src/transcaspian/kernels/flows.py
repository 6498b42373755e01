"""This module owns a year of flows: choice, loading, rationing and waits, month after month, for given waits.

``year`` is one evaluation of the fixed point. In every period:

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
def ration(ways: Ways, limits: Limits, p: int, want: Any, served: Any, stuck: Any, used: Any) -> None:
    """Fill ``served`` (K,) with the units that pass, and ``stuck`` (K,) with what holds back the rest."""
    ways_count, count = want.shape[0], used.shape[0]
    rate = np.zeros(count)
    room = np.empty(count)
    frozen = np.zeros(ways_count, np.bool_)
    for limit in range(count):
        used[limit] = 0.0
        room[limit] = np.inf
        if limits.kind[limit] != FILLING:
            room[limit] = max(0.0, limits.capacity[limit, p] - limits.others[limit, p])
    top = 0
    for k in range(ways_count):
        served[k], stuck[k] = 0.0, -1
        top = max(top, ways.rank[k])
    for rank in range(top + 1):
        part = 0.0
        while part < 1.0:
            rate[:] = 0.0
            for k in range(ways_count):
                if ways.rank[k] == rank and not frozen[k] and want[k] > 0.0:
                    for u in range(ways.use_first[k], ways.use_first[k + 1]):
                        rate[ways.use_limit[u]] += ways.use_amount[u] * want[k]
            step, first = 1.0 - part, -1
            for limit in range(count):
                if rate[limit] > 0.0 and room[limit] - used[limit] < step * rate[limit]:
                    step, first = max(0.0, (room[limit] - used[limit]) / rate[limit]), limit
            for k in range(ways_count):  # a way that may start only in part of the period stops there
                if ways.rank[k] == rank and not frozen[k] and want[k] > 0.0 and ways.open[k, p] - part < step:
                    step, first = max(0.0, ways.open[k, p] - part), -2
            part = 1.0 if first == -1 else part + step
            for limit in range(count):
                used[limit] += step * rate[limit]
            for k in range(ways_count):
                if ways.rank[k] != rank or frozen[k] or want[k] <= 0.0:
                    continue
                served[k] = want[k] if first == -1 else min(want[k], served[k] + step * want[k])
                if first >= 0:
                    for u in range(ways.use_first[k], ways.use_first[k + 1]):
                        if ways.use_limit[u] == first:
                            frozen[k], stuck[k] = True, first
                elif first == -2 and ways.open[k, p] <= part:
                    frozen[k], stuck[k] = True, -2


@kernel
def year(ways: Ways, limits: Limits, wait: Any, out: Year) -> int:
    """Evaluate a year for given waits at limits, ``wait`` (L, P) [h]; fill ``out``."""
    demands, count = ways.kind.shape[0], limits.kind.shape[0]
    periods, all_ways = limits.hours.shape[0], ways.rank.shape[0]
    felt, share, served = np.zeros(all_ways), np.zeros(all_ways), np.zeros(all_ways)
    group_cost, group_share = np.empty(ways.pull.shape[0]), np.empty(ways.pull.shape[0])
    old, want = np.zeros(all_ways), np.zeros(all_ways)  # old: what waited, by way
    stuck, used, begun = np.full(all_ways, -1, np.int32), np.zeros(count), np.zeros(count)
    pool = np.zeros(demands)
    for p in range(periods):
        for d in range(demands):
            lo, hi = ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]
            for k in range(lo, hi):
                felt[k] = ways.cost[k, p]
                if ways.kind[d] != CONTRACTED:
                    for u in range(ways.use_first[k], ways.use_first[k + 1]):
                        limit = ways.use_limit[u]
                        felt[k] += ways.hour[d] * (1.0 + ways.sure[d] * limits.risk[limit]) * wait[limit, p]
            whole = shares_of(ways, d, p, felt, group_cost, share, group_share)
            fresh = ways.volume[d, p]
            if ways.elasticity[d] > 0.0 and not math.isnan(ways.whole[d, p]) and whole < np.inf:
                before = max(1e-9, ways.worth[d] - ways.whole[d, p])
                fresh *= (max(0.0, ways.worth[d] - whole) / before) ** ways.elasticity[d]
            out.fresh[d, p] = fresh
            out.whole[d, p] = whole
            for g in range(ways.group_first[d], ways.group_first[d + 1]):
                out.composite[g, p] = group_cost[g]
            for k in range(lo, hi):
                if whole < np.inf:
                    old[k] += pool[d] * share[k]
                want[k] = old[k] + (fresh * share[k] if whole < np.inf else 0.0)
            if whole == np.inf:
                pool[d] += fresh  # nothing is open: all of it waits at the origin
            else:
                pool[d] = 0.0
        ration(ways, limits, p, want, served, stuck, used)
        for limit in range(count):
            begun[limit] = 0.0
            out.load[limit, p] = used[limit]
            out.asked[limit, p] = 0.0
        for k in range(all_ways):
            for u in range(ways.use_first[k], ways.use_first[k + 1]):
                limit = ways.use_limit[u]
                if stuck[k] == -1 or stuck[k] == limit:
                    out.asked[limit, p] += ways.use_amount[u] * want[k]
                    begun[limit] += ways.use_amount[u] * old[k]
                else:
                    out.asked[limit, p] += ways.use_amount[u] * served[k]
        for limit in range(count):
            out.wait[limit, p] = _wait(limits, limit, p, out.asked[limit, p], begun[limit])
        for d in range(demands):
            for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
                out.want[k, p], out.carried[k, p], out.stuck[k, p] = want[k], served[k], stuck[k]
                old[k] = want[k] - served[k] if ways.kind[d] == CONTRACTED else 0.0
                if ways.kind[d] != CONTRACTED:
                    pool[d] += want[k] - served[k]
            left = pool[d]
            for k in range(ways.way_first[ways.group_first[d]], ways.way_first[ways.group_first[d + 1]]):
                left += old[k]
            out.backlog[d, p] = left
    return OK


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
