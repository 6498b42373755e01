"""This module owns the arrays that kernels read, and how one arc is passed in time.

- ``World``: the network, as numpy arrays; the same for every question.
- ``Task``: one question over it: which arcs may be used, and what each costs, emits and takes.
- ``pass_arc(world, task, arc, t)``: the expected time at which a shipment that reaches the tail of an arc at ``t``
  reaches its head. It never decreases in ``t`` (first in, first out), which is what makes label setting exact.

Times are hours since the start of the window, UTC. Waits and weather are given by period and interpolated linearly
between the middles of periods, so that nobody gains by waiting for the first of the month.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import inner

MOVE, HANDLING, PROCEDURE, BOARD, ALIGHT = 0, 1, 2, 3, 4
"""Kinds of arcs."""

TIMETABLE, HEADWAY, FILL = 0, 1, 2
"""Departure rules."""

NEVER = 1e18
"""A time that does not come."""

OK, FULL = 0, 1
"""Status: done; the scratch arrays were too small, call again with larger ones."""


class World(NamedTuple):
    """The network as kernels see it: A arcs, V vertices, S services, C calendars, W weather sites, P periods.

    What only points has no sign: of a number with one, compiled code looks at every use whether it counts from the end.
    """

    first: NDArray[np.uint32]  # (V + 1,) arcs that leave a vertex are first[v]:first[v + 1]
    tail: NDArray[np.uint32]  # (A,)
    head: NDArray[np.uint32]  # (A,)
    in_first: NDArray[np.uint32]  # (V + 1,)
    in_arc: NDArray[np.uint32]  # (A,) arcs that enter a vertex are in_arc[in_first[v]:in_first[v + 1]]
    kind: NDArray[np.int8]  # (A,)
    calendar: NDArray[np.int32]  # (A,) -1 always open
    site: NDArray[np.int32]  # (A,) weather met at the end of a move or the start of a boarding, -1 none
    service: NDArray[np.int32]  # (A,) service of a move, boarding or alighting, -1 none
    offset: NDArray[np.float64]  # (A,) h, boarding: running time from the first call to this one
    scv: NDArray[np.float64]  # (A,) squared coefficient of variation of the time worked or run
    least: NDArray[np.float64]  # (A,) shortest time worked or run, as a share of the mean
    wait: NDArray[np.float64]  # (A, P) h, mean wait before service
    wait_sd: NDArray[np.float64]  # (A, P) h
    rule: NDArray[np.int8]  # (S,)
    cutoff: NDArray[np.float64]  # (S,) h
    dep_first: NDArray[np.int32]  # (S + 1,)
    dep_time: NDArray[np.float64]  # (.,) h, sorted within a service
    open_first: NDArray[np.int32]  # (C + 1,)
    opens: NDArray[np.float64]  # (.,) h, sorted, half-open
    closes: NDArray[np.float64]  # (.,) h
    weather_share: NDArray[np.float64]  # (W, P) share of time closed
    weather_spell: NDArray[np.float64]  # (W, P) h, mean spell
    centre: NDArray[np.float64]  # (P,) h, middle of each period
    luck: NDArray[np.uint64]  # (A,) hash of the noun behind the arc, for draws
    site_luck: NDArray[np.uint64]  # (W,) hash of the weather site
    site_group: NDArray[np.uint64]  # (W,) hash of the group it shares storms with
    site_loading: NDArray[np.float64]  # (W,) correlation with the storms of its group


class Task(NamedTuple):
    """One question: arrays over arcs for one shipment."""

    allowed: NDArray[np.bool_]  # (A,)
    hours: NDArray[np.float64]  # (A,) h, mean time worked or run, for the whole lot; boarding: from first to last part
    own: NDArray[np.float64]  # (A,) h, boarding: wait for an own train or ship; below 0 it is not offered
    cost: NDArray[np.float64]  # (A,) EUR for the lot
    carbon: NDArray[np.float64]  # (A,) kg CO2e for the lot
    bits: NDArray[np.uint64]  # (A,) gateways and required things passed


@inner
def between(table: Any, row: int, centre: Any, t: float) -> float:
    """Return a row's value at ``t``, interpolated between the middles of periods."""
    last = centre.shape[0] - 1
    if t <= centre[0] or last == 0:
        return float(table[row, 0])
    if t >= centre[last]:
        return float(table[row, last])
    p = 0
    while centre[p + 1] < t:
        p += 1
    part = (t - centre[p]) / (centre[p + 1] - centre[p])
    return float(table[row, p] + part * (table[row, p + 1] - table[row, p]))


@inner
def next_open(world: World, calendar: int, t: float) -> Any:
    """Return the first time from ``t`` on at which a calendar is open."""
    low, high = world.open_first[calendar], world.open_first[calendar + 1]
    end = high
    while low < high:  # first interval that closes after t
        middle = (low + high) // 2
        if world.closes[middle] > t:
            high = middle
        else:
            low = middle + 1
    if low == end:
        return NEVER
    opens = float(world.opens[low])
    return opens if opens > t else t


@inner
def next_departure(world: World, service: int, t: float) -> float:
    """Return the first set departure of a service from ``t`` on, at its first call."""
    low, high = world.dep_first[service], world.dep_first[service + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if world.dep_time[middle] >= t:
            high = middle
        else:
            low = middle + 1
    return float(world.dep_time[low]) if low < end else NEVER


@inner
def weather_wait(world: World, site: int, t: float) -> float:
    """Return the expected wait for a site to open: share of time closed x mean time left in a spell.

    Spells are taken as exponential, so the time left in one equals its mean.
    """
    return between(world.weather_share, site, world.centre, t) * between(world.weather_spell, site, world.centre, t)


@inner
def pass_arc(world: World, task: Task, arc: int, t: float) -> float:
    """Return the expected time at the head of an arc for a shipment at its tail at ``t``."""
    kind = world.kind[arc]
    if world.calendar[arc] >= 0:
        t = next_open(world, world.calendar[arc], t)
        if t >= NEVER:
            return NEVER
    if kind == BOARD:
        service = world.service[arc]
        t += world.cutoff[service]
        if task.own[arc] >= 0.0:
            t += task.own[arc]
        elif world.rule[service] == TIMETABLE:
            t = next_departure(world, service, t - world.offset[arc])
            if t >= NEVER:
                return NEVER
            t += world.offset[arc]
        else:
            t += between(world.wait, arc, world.centre, t)
        t += task.hours[arc]
        if world.site[arc] >= 0:
            t += weather_wait(world, world.site[arc], t)
        return t
    if kind == MOVE:
        t += task.hours[arc]
        if world.site[arc] >= 0:
            t += weather_wait(world, world.site[arc], t)
        return t
    if kind == ALIGHT:
        return t
    return float(t + between(world.wait, arc, world.centre, t) + task.hours[arc])


@inner
def least_hours(world: World, task: Task, arc: int) -> float:
    """Return a lower bound of the expected time over an arc, whenever it is passed."""
    kind = world.kind[arc]
    if kind == MOVE:
        return float(task.hours[arc])
    if kind == ALIGHT:
        return 0.0
    if kind == BOARD:
        service = world.service[arc]
        if task.own[arc] >= 0.0:
            return float(world.cutoff[service] + task.own[arc] + task.hours[arc])
        if world.rule[service] == TIMETABLE:
            return float(world.cutoff[service] + task.hours[arc])
    low = world.wait[arc, 0]
    for p in range(1, world.wait.shape[1]):
        low = min(low, world.wait[arc, p])
    if kind == BOARD:
        low += world.cutoff[world.service[arc]]
    return float(low + task.hours[arc])
