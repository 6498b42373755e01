"""This module owns the stations of a corridor: what lots and vehicles queue for, and the other traffic in it.

A limit of the network (a resource in one direction, with its capacity in one unit) becomes a station; what a lot or a
vehicle takes of the capacity is the time it is served. Other traffic is a stream of its own, or, where it is dense as
on a road, a slower pace of work.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import LOGNORMAL, SERVE
from transcaspian.model.corridor import Corridor
from transcaspian.network import Network
from transcaspian.network.builder import luck_of
from transcaspian.network.limits import POOLS, Limit, LimitTable, open_share
from transcaspian.simulation.axis import Axis

Row = dict[str, Any]

DENSE = 0.02
"""Hours of one server for one arrival under which nobody queues: a road that takes over a thousand a day."""

STREAM = 0.5
"""Hours between arrivals of other traffic under which it is a slower pace, not a stream."""

FULLEST = 0.95
"""Share of a capacity that other traffic takes at most; more is an overload that the data cannot mean, and is named."""

QUEUED, BERTHED = 5, 8
"""Causes that waiting is booked under; the others are named in ``results.events``."""


def alive(row: Limit) -> NDArray[np.bool_]:
    """Return the periods of the network in which a limit can serve anybody, (P,)."""
    found: NDArray[np.bool_] = (row.capacity > 0) & np.isfinite(row.service)
    return found


def first(row: Limit) -> int:
    """Return the first period in which a limit can serve; 0 where it never can, which is refused before a run."""
    return int(alive(row).argmax())


@dataclass
class Sites:
    """The stations that are used, in the order of their first use."""

    network: Network
    corridor: Corridor
    table: LimitTable
    axis: Axis
    limits: list[int] = field(default_factory=list)
    number: dict[int, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    shares: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def queues(self, limit: int) -> bool:
        """Return whether a limit is something to queue for: not vehicles, which are simulated, nor a wide road."""
        row = self.table.limits[limit]
        if row.kind in ("fleet", "fill", *POOLS):
            return False
        return float(row.service[first(row)]) / max(row.servers, 1.0) >= DENSE or row.kind == "berth"

    def at(self, limit: int) -> int:
        """Return the station of a limit, made at its first use."""
        if limit not in self.number:
            self.number[limit] = len(self.limits)
            self.limits.append(limit)
        return self.number[limit]

    def berth(self, resource: str) -> int | None:
        """Return the limit of a berth, None where its capacity is not known."""
        found = [n for n, row in enumerate(self.table.limits) if row.resource == resource]
        return found[0] if found else None

    def per_unit(self, limit: int) -> float:
        """Return hours of one server for one unit of the capacity of a limit, in the first period that can serve."""
        row = self.table.limits[limit]
        period = first(row)
        hours = np.diff(self.axis.edges)[np.flatnonzero(self.axis.periods == period)[0]]
        return float(max(row.servers, 1.0) * hours / max(row.capacity[period], 1e-12) * self.open(limit)[period])

    def service(self, limit: int) -> float:
        """Return hours of one server for one arrival, in the first period that can serve."""
        row = self.table.limits[limit]
        return float(row.service[first(row)] * self.open(limit)[first(row)])

    def open(self, limit: int) -> NDArray[np.float64]:
        """Return the share of every period of the network in which a limit is open: no storm, and within its hours.

        A capacity is of the whole time, closed hours included. Where the closed hours are simulated, work is done in
        the others, and is as much quicker: else storms were taken from a berth twice.
        """
        if limit in self.shares:
            return self.shares[limit]
        resource = self.corridor.resources[self.table.limits[limit].resource]
        if resource.weather:
            found = 1.0 - self.network.world.weather_share[self.network.ids.sites.index(resource.weather)]
        else:
            hours = np.diff(self.axis.edges)[(self.axis.edges[:-1] >= 0) & (self.axis.edges[:-1] < self.axis.year[1])]
            found = open_share(self.network, self.network.ids.resources.index(resource.id), hours)
        self.shares[limit] = np.maximum(found, 1e-6)
        return self.shares[limit]

    def calendar(self, limit: int) -> str:
        """Return the key of the weather or of the opening hours of a limit; none where it is always open."""
        resource = self.corridor.resources[self.table.limits[limit].resource]
        number = int(self.network.resource_calendar[self.network.ids.resources.index(resource.id)])
        return f"site:{resource.weather}" if resource.weather else f"calendar:{number}" if number >= 0 else ""

    @property
    def part_time(self) -> list[int]:
        """The limits that can serve in some months only: beside their calendar they are shut in the others."""
        found = (limit for limit in self.limits if not alive(self.table.limits[limit]).all())
        return [limit for limit in found if alive(self.table.limits[limit]).any()]

    def stations(self, calendars: dict[str, int]) -> list[Row]:
        """Return the rows of the stations; ``calendars`` are numbered by ``limit:NUMBER`` and ``calendar``."""
        return [
            {
                "servers": self.servers(limit),
                "buffer": -1,
                "calendar": calendars.get(f"limit:{limit}", calendars.get(self.calendar(limit), -1)),
                "batch_least": 1,
                "batch_most": 1,
            }
            for limit in self.limits
        ]

    def servers(self, limit: int) -> int:
        """Return the servers of the station of a limit; of a pool, those that others leave."""
        row = self.table.limits[limit]
        left = 1.0 - float(self.share(row).max()) if row.kind in POOLS else 1.0
        return max(1, round(row.servers * left))

    def share(self, row: Limit) -> NDArray[np.float64]:
        """Return the share of the capacity that other traffic has, by period of the axis."""
        part = row.others / np.maximum(row.capacity, 1e-12)
        if part.max() > FULLEST:
            self.notes.append(f"{row.id}: other traffic alone takes {part.max():.0%} of it; {FULLEST:.0%} is simulated")
        found: NDArray[np.float64] = np.minimum(part, FULLEST)[self.axis.periods]
        return found

    def pace(self) -> NDArray[np.float64]:
        """Return the factor on times of service, (station, period): capacity by month, and dense other traffic."""
        found = np.ones((len(self.limits), len(self.axis.periods)))
        for station, limit in enumerate(self.limits):
            row = self.table.limits[limit]
            if alive(row).any():  # a month that cannot serve is shut; who is served into it keeps the usual pace
                usual = row.service[first(row)] * self.open(limit)[first(row)]
                service = np.where(alive(row), row.service * self.open(limit), usual)
                found[station] = service[self.axis.periods] / usual
            if not self.streams(row):
                found[station] /= 1.0 - self.share(row)
        return found

    def streams(self, row: Limit) -> bool:
        """Return whether other traffic at a limit comes one by one; of a pool others have their part."""
        if row.kind in POOLS:
            return False
        part = float((row.others / np.maximum(row.capacity, 1e-12)).max())
        return part > 0 and float(row.service[first(row)]) / max(row.servers, 1.0) / part >= STREAM

    def others(self) -> tuple[list[Row], list[Row], list[NDArray[np.float64]]]:
        """Return the activities of other traffic, its sources, and their hours between arrivals by period."""
        activities, sources, gaps = [], [], []
        for station, limit in enumerate(self.limits):
            row = self.table.limits[limit]
            if not self.streams(row):
                continue
            delay = self.corridor.delay_of(row.resource, row.kind)
            luck = luck_of(f"backgrounds:{row.id}")
            service = self.service(limit)
            activities.append(
                {"kind": SERVE, "target": station, "law": LOGNORMAL, "mean": service, "waits": QUEUED, "works": 1,
                 "scv": delay.service_scv if delay else 0.0, "key": luck}
            )  # fmt: skip
            sources.append(
                {"law": LOGNORMAL, "scv": delay.arrival_scv if delay else 1.0, "begin": self.axis.begin,
                 "most": np.iinfo(np.int64).max, "key": luck ^ 1}
            )  # fmt: skip
            share = self.share(row)
            pace = row.service[self.axis.periods]
            with np.errstate(divide="ignore"):
                gaps.append(np.where(share > 0, pace / (max(row.servers, 1.0) * np.maximum(share, 1e-12)), 1e15))
        return activities, sources, gaps
