"""This module owns travelling a chain of arcs many times with drawn luck.

What is random: time worked and run (shortest time plus a lognormal rest), waits (lognormal with the given mean and
standard deviation), and weather. A site is closed in a replication when its normal score, which shares a factor with
the other sites of its group, falls below the quantile of the month's closed share; so legs that meet the same storm are
late together, and variances are not simply added. Time left in a spell is exponential.
"""

import math
from typing import Any

import numpy as np

from transcaspian.kernels.cache import inner, lean_kernel
from transcaspian.kernels.draws import WAIT, WEATHER_GROUP, WEATHER_LEFT, WEATHER_SITE, WORK, lognormal, normal, uniform
from transcaspian.kernels.world import (
    BOARD,
    HANDLING,
    MOVE,
    NEVER,
    OK,
    PROCEDURE,
    TIMETABLE,
    Task,
    World,
    between,
    next_departure,
    next_open,
    pass_arc,
)

MOVING, HANDLED, CLEARED, FOR_VEHICLE, IN_QUEUE, CLOSED, BY_WEATHER = 0, 1, 2, 3, 4, 5, 6
"""Causes that time is booked under."""

CAUSES = 7


@inner
def storm(world: World, site: int, t: float, seed: Any, replication: int) -> float:
    """Return the drawn wait at a site reached at ``t``: 0 when it is open."""
    share = between(world.weather_share, site, world.centre, t)
    if share <= 0.0:
        return 0.0
    loading = world.site_loading[site]
    shared = normal(uniform(seed, replication, WEATHER_GROUP, world.site_group[site]))
    alone = normal(uniform(seed, replication, WEATHER_SITE, world.site_luck[site]))
    score = loading * shared + math.sqrt(1.0 - loading * loading) * alone
    if score >= normal(min(share, 1.0 - 1e-9)):
        return 0.0
    left = uniform(seed, replication, WEATHER_LEFT, world.site_luck[site])
    return -between(world.weather_spell, site, world.centre, t) * math.log(left)


@inner
def worked(world: World, task: Task, arc: int, z: float) -> float:
    """Return the time worked or run at a normal score."""
    mean = task.hours[arc]
    if mean <= 0.0 or world.scv[arc] <= 0.0:
        return float(mean)
    least = world.least[arc] * mean
    rest = mean - least
    if rest <= 0.0:
        return float(mean)
    return float(least + lognormal(rest, world.scv[arc] * mean * mean / (rest * rest), z))


@inner
def waited(world: World, arc: int, t: float, seed: Any, replication: int) -> float:
    """Return the drawn wait before an arc."""
    mean = between(world.wait, arc, world.centre, t)
    if mean <= 0.0:
        return 0.0
    sd = between(world.wait_sd, arc, world.centre, t)
    z = normal(uniform(seed, replication, WAIT, world.luck[arc]))
    return lognormal(mean, (sd / mean) ** 2, z)


@lean_kernel
def expected(world: World, task: Task, chain: Any, start: float, out: Any) -> int:
    """Fill ``out`` (arcs + 1,) with the expected time at the start and behind every arc of a chain."""
    out[0] = start
    for i in range(chain.shape[0]):
        out[i + 1] = pass_arc(world, task, chain[i], out[i])
    return OK


@lean_kernel
def arrivals(world: World, task: Task, chains: Any, first: Any, start: float, out: Any) -> int:
    """Fill ``out`` (chain,) with the expected time behind the last arc of each chain.

    ``chains`` are their arcs, one behind another, and ``first`` (chain + 1,) is where each begins, and their end.
    """
    for n in range(out.shape[0]):
        t = start
        for i in range(first[n], first[n + 1]):
            t = pass_arc(world, task, chains[i], t)
        out[n] = t
    return OK


@lean_kernel
def durations(world: World, task: Task, chain: Any, starts: Any, out: Any) -> int:
    """Fill ``out`` (start,) with the expected hours of a chain from each of several starts."""
    for n in range(starts.shape[0]):
        t = starts[n]
        for i in range(chain.shape[0]):
            t = pass_arc(world, task, chain[i], t)
        out[n] = t - starts[n]
    return OK


@lean_kernel
def travel(
    world: World,
    task: Task,
    chain: Any,
    counts: Any,
    start: float,
    seed: Any,
    arrival: Any,
    spent: Any,
    missed: Any,
    planned: Any,
) -> int:
    """Travel a chain ``arrival.shape[0]`` times.

    Parameters
    ----------
    chain : arcs in order
    counts : (arcs,) whether a boarding is of a departure that can be missed
    arrival : (replication,) h, filled
    spent : (replication, cause) h, filled
    missed : (replication,) whether cargo was ready only after a departure that the expected travel takes, filled
    planned : (arcs,) scratch: when that departure leaves, weather apart
    """
    count = chain.shape[0]
    planned[:] = NEVER
    t = start
    for i in range(count):
        arc = chain[i]
        if counts[i]:
            service = world.service[arc]
            opened = next_open(world, world.calendar[arc], t) if world.calendar[arc] >= 0 else t
            ready = opened + world.cutoff[service]
            if world.rule[service] == TIMETABLE:
                planned[i] = next_departure(world, service, ready - world.offset[arc]) + world.offset[arc]
            else:
                planned[i] = ready + between(world.wait, arc, world.centre, ready)
        t = pass_arc(world, task, arc, t)
    for replication in range(arrival.shape[0]):
        t = start
        spent[replication, :] = 0.0
        missed[replication] = False
        last, score = np.uint64(0), 0.0
        for i in range(count):
            arc = chain[i]
            kind = world.kind[arc]
            if world.calendar[arc] >= 0:
                opened = next_open(world, world.calendar[arc], t)
                spent[replication, CLOSED] += opened - t
                t = opened
            if kind == BOARD:
                service = world.service[arc]
                begin = t
                t += world.cutoff[service]
                missed[replication] = missed[replication] or t > planned[i] + 1e-6
                if task.own[arc] >= 0.0:
                    z = normal(uniform(seed, replication, WAIT, world.luck[arc]))
                    t += lognormal(task.own[arc], 0.5, z)
                elif world.rule[service] == TIMETABLE:
                    leaves = next_departure(world, service, t - world.offset[arc])
                    if leaves >= NEVER:
                        t = NEVER
                        break
                    t = leaves + world.offset[arc]
                else:
                    t += waited(world, arc, t, seed, replication)
                t += task.hours[arc]
                spent[replication, FOR_VEHICLE] += t - begin
            elif kind == MOVE:
                if last != world.luck[arc]:  # the links of one ride share its luck
                    last = world.luck[arc]
                    score = normal(uniform(seed, replication, WORK, last))
                run = worked(world, task, arc, score)
                spent[replication, MOVING] += run
                t += run
            elif kind == HANDLING or kind == PROCEDURE:
                queue = waited(world, arc, t, seed, replication)
                work = worked(world, task, arc, normal(uniform(seed, replication, WORK, world.luck[arc])))
                spent[replication, IN_QUEUE] += queue
                spent[replication, HANDLED if kind == HANDLING else CLEARED] += work
                t += queue + work
            if world.site[arc] >= 0:
                blown = storm(world, world.site[arc], t, seed, replication)
                spent[replication, BY_WEATHER] += blown
                t += blown
        arrival[replication] = t
    return OK
