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
        return float(row.service[0]) / max(row.servers, 1.0) >= DENSE or row.kind == "berth"

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
        """Return hours of one server for one unit of the capacity of a limit, in the first period."""
        row = self.table.limits[limit]
        hours = np.diff(self.axis.edges)[np.flatnonzero(self.axis.periods == 0)[0]]
        return float(max(row.servers, 1.0) * hours / row.capacity[0] * self.open(limit)[0])

    def service(self, limit: int) -> float:
        """Return hours of one server for one arrival, in the first period."""
        return float(self.table.limits[limit].service[0] * self.open(limit)[0])

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

    def stations(self, calendars: dict[str, int]) -> list[Row]:
        """Return the rows of the stations; ``calendars`` are numbered by ``site:ID`` and ``calendar:NUMBER``."""
        found = []
        for limit in self.limits:
            row = self.table.limits[limit]
            resource = self.corridor.resources[row.resource]
            number = next(n for n, key in enumerate(self.network.ids.resources) if key == row.resource)
            calendar = int(self.network.resource_calendar[number])
            key = f"site:{resource.weather}" if resource.weather else f"calendar:{calendar}" if calendar >= 0 else ""
            found.append(
                {
                    "servers": self.servers(limit),
                    "buffer": -1,
                    "calendar": calendars.get(key, -1),
                    "batch_least": 1,
                    "batch_most": 1,
                }
            )
        return found

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
            service = row.service * self.open(limit)
            found[station] = service[self.axis.periods] / service[0]
            if not self.streams(row):
                found[station] /= 1.0 - self.share(row)
        return found

    def streams(self, row: Limit) -> bool:
        """Return whether other traffic at a limit comes one by one; of a pool others have their part."""
        if row.kind in POOLS:
            return False
        part = float((row.others / np.maximum(row.capacity, 1e-12)).max())
        return part > 0 and float(row.service[0]) / max(row.servers, 1.0) / part >= STREAM

    def others(self) -> tuple[list[Row], list[Row], list[NDArray[np.float64]]]:
        """Return the activities of other traffic, its sources, and their hours between arrivals by period."""
        activities, sources, gaps = [], [], []
        for station, limit in enumerate(self.limits):
            row = self.table.limits[limit]
            if not self.streams(row):
                continue
            delay = self.corridor.delays.get(row.kind)
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
