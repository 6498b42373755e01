"""This module owns who goes first where something runs out: priorities, quotas, bans and prices, as data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.demands import Segment
from transcaspian.assignment.way import Way
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Ration
from transcaspian.network.limits import LimitTable
from transcaspian.network.network import Network

FIRST = 1e9
"""Urgency of what has priority: above whatever an hour is worth."""


@dataclass(frozen=True)
class Quota:
    """A right to part of a capacity: which ways need it, and the share of the capacity in each period."""

    number: int
    ways: frozenset[int]
    share: NDArray[np.float64]  # (P,)


@dataclass(frozen=True)
class Rationing:
    """The rules of a year: the share of each period in which a way may start, its rank, and quotas with their limit."""

    open: NDArray[np.float64]  # (K, P)
    rank: NDArray[np.int32]  # (K,)
    quotas: tuple[tuple[Quota, int], ...]


def rationing_of(network: Network, corridor: Corridor, segments: Sequence[Segment], table: LimitTable) -> Rationing:
    """Return the rules for all ways of all segments, in order."""
    every = [(s, way) for s in segments for way in s.ways]
    by_resource: dict[str, list[int]] = {}
    for number, limit in enumerate(table.limits):
        by_resource.setdefault(limit.resource, []).append(number)
    rules: dict[str, list[Ration]] = {}
    for row in sorted(corridor.rations.rows, key=lambda r: r.seq):
        rules.setdefault(row.resource, []).append(row)
    ways = [(k, s, _resources(way, table)) for k, (s, way) in enumerate(every)]
    may = np.array([_open_days(network, way) for _, way in every])
    urgency = np.zeros(len(every))
    quotas: list[tuple[Quota, int]] = []
    for resource, rows in rules.items():
        members: dict[int, set[int]] = {}
        for k, segment in ((k, s) for k, s, used in ways if resource in used):
            for row, force in _applied(network, rows, segment):
                if row.rule == "ban":
                    may[k] *= 1.0 - force
                elif row.rule == "quota":
                    members.setdefault(row.seq, set()).add(k)
                else:
                    urgency[k] = max(urgency[k], FIRST if row.rule == "priority" else segment.hour)
        for row in (r for r in rows if r.seq in members):
            share = 1.0 - _in_force(network, row) * (1.0 - (row.amount or 0.0))
            for of in by_resource.get(resource, ()):
                quotas.append((Quota(len(quotas), frozenset(members[row.seq]), share), of))
    levels = sorted(set(urgency.tolist()), reverse=True)
    rank = np.array([levels.index(u) for u in urgency.tolist()], np.int32)
    return Rationing(may, rank, tuple(quotas))


def _applied(
    network: Network, rows: Sequence[Ration], segment: Segment
) -> Iterator[tuple[Ration, NDArray[np.float64]]]:
    """Yield the rules of a resource that fit a cargo, with the share of each period that no earlier rule has taken."""
    demand, left = segment.demand, np.ones(len(network.window.periods))
    for row in rows:
        if row.commodity in (None, demand.commodity) and row.kind in (None, demand.kind):
            force = np.minimum(_in_force(network, row), left)
            left = left - force
            if force.any():
                yield row, force


def _resources(way: Way, table: LimitTable) -> frozenset[str]:
    return frozenset(
        table.limits[use.limit].resource for arc in way.chain.tolist() for use in table.by_arc.get(arc, ())
    )


def _in_force(network: Network, row: Ration) -> NDArray[np.float64]:
    """Return the share of each period in which a rule is in force."""
    return np.array(network.window.in_force(row.from_date, row.until_date))


def _open_days(network: Network, way: Way) -> NDArray[np.float64]:
    """Return the share of each period's days on which everything on a way opens at some hour."""
    world, edges = network.world, network.window.edges
    found = np.ones(len(edges) - 1)
    for calendar in set(world.calendar[way.chain].tolist()) - {-1}:
        first, last = world.open_first[calendar], world.open_first[calendar + 1]
        opens, closes = world.opens[first:last], world.closes[first:last]
        for p, (a, b) in enumerate(pairwise(edges)):
            days = np.arange(network.window.hours(a), network.window.hours(b), 24.0)
            first_close = np.searchsorted(closes, days, side="right")
            later = np.append(opens, np.inf)[first_close]
            found[p] = min(found[p], float((later < days + 24.0).mean()))
    return found
