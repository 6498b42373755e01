"""This module owns who goes first where something runs out: priorities, quotas, bans and prices, as data."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, partial
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.demands import Segment
from transcaspian.assignment.way import Way
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import Demand
from transcaspian.model.corridor.resource import Ration
from transcaspian.network.limits import LimitTable
from transcaspian.network.network import Network
from transcaspian.network.window import Window

FIRST = 1e9
"""Urgency of what has priority: above whatever an hour is worth."""

OFTEN = 0.5
"""Share of the days of a period from which on a priority or price counts in it, as in simulations."""


@dataclass(frozen=True)
class Quota:
    """A right to part of a capacity: which ways need it, and the share of the capacity in each period."""

    number: int
    ways: frozenset[int]
    share: NDArray[np.float64]  # (P,)


@dataclass(frozen=True)
class Ban:
    """The days on which a resource or fleet is shut to a cargo; None is what no rule of it names."""

    resource: str
    commodity: str | None
    kind: str | None
    days: NDArray[np.bool_]  # (day,)
    ways: NDArray[np.int64]  # of the cargo


@dataclass(frozen=True)
class Rationing:
    """The rules of a year: the share of each period in which a way may start, its rank, and quotas with their limit.

    Where a resource has a ban, every cargo that its rules tell apart has a row in ``bans``, also one that may pass.
    """

    open: NDArray[np.float64]  # (K, P)
    rank: NDArray[np.int32]  # (K, P)
    quotas: tuple[tuple[Quota, int], ...]
    bans: tuple[Ban, ...]


def rationing_of(network: Network, corridor: Corridor, segments: Sequence[Segment], table: LimitTable) -> Rationing:
    """Return the rules for all ways of all segments, in order."""
    window = network.window
    every = [(s, way) for s in segments for way in s.ways]
    by_resource: dict[str, list[int]] = {}
    for number, limit in enumerate(table.limits):
        by_resource.setdefault(limit.resource, []).append(number)
    ruled = rules_of(corridor)
    by_arc = _ruled(table, ruled)
    ways = [(k, s.demand, _resources(way, by_arc)) for k, (s, way) in enumerate(every)]
    hour = [s.hour for s, _ in every]
    barred = np.zeros((len(every), len(_days(window))), np.bool_)
    urgency = np.zeros((len(every), len(window.periods)))
    quotas: list[tuple[Quota, int]] = []
    bans: list[Ban] = []
    for resource, rows in ruled.items():
        members: dict[int, set[int]] = {}
        # A ban keeps cargo from setting out; what stands there has set out.
        users = [(k, d) for k, d, used in ways if resource in used]
        bans += _bans(window, resource, rows, [(k, d) for k, d in users if d.stands_at is None])
        for k, demand in users:
            for row, days in in_turn(window, rows, demand.commodity, demand.kind):
                if row.rule == "ban":
                    barred[k] |= days & (demand.stands_at is None)
                elif row.rule == "quota":
                    members.setdefault(row.seq, set()).add(k)
                else:
                    often = by_period(window, days) >= OFTEN
                    urgency[k, often] = np.maximum(urgency[k, often], FIRST if row.rule == "priority" else hour[k])
        for row in (r for r in rows if r.seq in members):
            share = 1.0 - by_period(window, _in_force(window, row)) * (1.0 - (row.amount or 0.0))
            for of in by_resource.get(resource, ()):
                quotas.append((Quota(len(quotas), frozenset(members[row.seq]), share), of))
    open_ = cache(partial(_open_days, network))
    may = np.array([open_(_calendars(network, way)) for _, way in every]) * (1.0 - by_period(window, barred))
    return Rationing(may, _ranks(urgency), tuple(quotas), tuple(bans))


def _bans(window: Window, resource: str, rows: Sequence[Ration], users: Sequence[tuple[int, Demand]]) -> list[Ban]:
    """Return the days on which a resource is shut to each cargo that its rules tell apart; none where it never is."""
    goods: set[str | None] = {None, *(row.commodity for row in rows)}
    kinds: set[str | None] = {None, *(row.kind for row in rows)}
    ways: dict[tuple[str | None, str | None], list[int]] = {key: [] for key in product(goods, kinds)}
    for k, demand in users:
        own = demand.commodity if demand.commodity in goods else None, demand.kind if demand.kind in kinds else None
        ways[own].append(k)
    found = []
    for (good, kind), members in sorted(ways.items(), key=str):
        shut = [days for row, days in in_turn(window, rows, good, kind) if row.rule == "ban"]
        found.append(
            Ban(
                resource,
                good,
                kind,
                np.any([np.zeros(len(_days(window)), np.bool_), *shut], 0),
                np.array(members, np.int64),
            )
        )
    return found if any(ban.days.any() for ban in found) else []


def rules_of(corridor: Corridor) -> dict[str, list[Ration]]:
    """Return the rules of every resource that has any, in their order."""
    found: dict[str, list[Ration]] = {}
    for row in sorted(corridor.rations.rows, key=lambda r: r.seq):
        found.setdefault(row.resource, []).append(row)
    return found


def in_turn(
    window: Window, rows: Iterable[Ration], commodity: str | None, kind: str | None
) -> Iterator[tuple[Ration, NDArray[np.bool_]]]:
    """Yield the rules of a resource that fit a cargo, with the days that no earlier one has taken, (day,)."""
    left = np.ones(len(_days(window)), np.bool_)
    for row in rows:
        if row.commodity in (None, commodity) and row.kind in (None, kind):
            days = _in_force(window, row) & left
            left &= ~days
            if days.any():
                yield row, days


def by_period(window: Window, days: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of the days of each period, (..., P), that are among some days, (..., day)."""
    first = np.searchsorted(_days(window), [window.hours(edge) for edge in window.edges])
    return np.stack([days[..., a:b].mean(axis=-1) for a, b in pairwise(first)], axis=-1)


def _ranks(urgency: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the rank of every way in every period, (K, P), the most urgent first."""
    return np.stack([np.unique(-column, return_inverse=True)[1] for column in urgency.T], axis=1).astype(np.int32)


def _ruled(table: LimitTable, ruled: Collection[str]) -> dict[int, set[str]]:
    """Return the resources with rules that every arc uses, of arcs that use any."""
    found: dict[int, set[str]] = {}
    for use in table.uses:
        resource = table.limits[use.limit].resource
        if resource in ruled:
            found.setdefault(use.arc, set()).add(resource)
    return found


def _resources(way: Way, by_arc: Mapping[int, set[str]]) -> set[str]:
    return set().union(*(by_arc[arc] for arc in way.chain.tolist() if arc in by_arc))


def _days(window: Window) -> NDArray[np.float64]:
    """Return the hour at which each day of the window begins, (day,)."""
    return np.arange(0.0, window.hours(window.end), 24.0)


def _in_force(window: Window, row: Ration) -> NDArray[np.bool_]:
    """Return whether a rule is in force on each day of the window, (day,)."""
    days, zone = _days(window), window.start.tzinfo
    since, until = (
        None if day is None else window.hours(datetime.combine(day, time.min, zone))
        for day in (row.from_date, row.until_date)
    )
    return (days >= (-np.inf if since is None else since)) & (days < (np.inf if until is None else until))


def _calendars(network: Network, way: Way) -> frozenset[int]:
    return frozenset(network.world.calendar[way.chain].tolist()) - {-1}


def _open_days(network: Network, calendars: Collection[int]) -> NDArray[np.float64]:
    """Return the share of each period's days on which everything with some calendars opens at some hour."""
    world, edges = network.world, network.window.edges
    found = np.ones(len(edges) - 1)
    for calendar in calendars:
        first, last = world.open_first[calendar], world.open_first[calendar + 1]
        opens, closes = world.opens[first:last], world.closes[first:last]
        for p, (a, b) in enumerate(pairwise(edges)):
            days = np.arange(network.window.hours(a), network.window.hours(b), 24.0)
            first_close = np.searchsorted(closes, days, side="right")
            later = np.append(opens, np.inf)[first_close]
            found[p] = min(found[p], float((later < days + 24.0).mean()))
    return found
