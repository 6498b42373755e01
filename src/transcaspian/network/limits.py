"""This module owns what can run out, in one dimension each: the capacity of a period, its other users, and who uses it.

Resources, the places on vehicles that go round, and vehicles that leave when full all become *limits*. A capacity keeps
the unit it is published in; what a load unit takes of it is worked out here, from sizes, vehicles and step times, so
that engines see plain numbers. Yearly and daily capacities are of a mean day: weather takes from a month what it takes
more than in the mean month. A capacity known only as servers is hours of work, less weather and closing time. A ship
holds what the water at the shallower end of its run lets aboard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.flows import FILLING, QUEUE
from transcaspian.kernels.world import BOARD, FILL, HANDLING, MOVE, PROCEDURE
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Resource
from transcaspian.model.corridor.service import ServiceLink
from transcaspian.network.depths import LEAST, afloat
from transcaspian.network.fill import Fill, Filler, filler
from transcaspian.network.network import DIMENSIONS, SCOPES, Network

SIZES = (*DIMENSIONS, "unit", "consignment")
"""What a load unit is measured in: the dimensions of a form with net tonnes, itself, and as procedures count it."""

PER_HOUR = {
    "trains/day": 1 / 24, "pairs/day": 1 / 24, "vehicles/day": 1 / 24, "vehicles/h": 1.0, "wagons/day": 1 / 24,
    "calls/day": 1 / 24, "t/year": 1 / 8760, "TEU/year": 1 / 8760,
}  # fmt: skip

BY_SIZE = {"t/year": "t", "TEU/year": "TEU", "TEU": "TEU", "wagons/day": "wagon"}
"""Units that are sizes of the cargo itself, whatever it comes in."""

WORK = "server hours"
"""Unit of a capacity that is known by its servers alone."""

TRAINS = ("trains/day", "pairs/day")

ROOM = {
    "container": ("TEU", "wagon", "lane_m", "t"),
    "wagon": ("wagon", "t"),
    "truck": ("lane_m", "t"),
    "dry-bulk": ("t",),
    "liquid-bulk": ("t",),
    "general": ("t",),
}
"""Dimensions in which a group of forms fills a vehicle: the first that the vehicle has."""

POOLS = ("locomotive", "wagon", "flat-car")
"""Kinds of resources that go with the cargo and come back: they are used for a whole turn."""


BERTHS = ("berth", "ramp")
"""Kinds of resources that a ship waits for: a round is longer by the wait."""


@dataclass(frozen=True)
class Limit:
    """Something that can run out."""

    id: str
    name: str
    kind: str  # of the resource, ``fleet`` or ``fill``
    unit: str
    resource: str  # resource, fleet or service behind it
    mode: int  # QUEUE or FILLING
    capacity: NDArray[np.float64]  # (P,) in ``unit`` of a period; of one vehicle for FILLING
    others: NDArray[np.float64]  # (P,)
    servers: float
    service: NDArray[np.float64]  # (P,) h for one arrival at one server
    longest: float = np.inf
    calls: tuple[str, ...] = ()  # limits that the vehicles of a fleet wait for in a round
    assumed_others: bool = False


@dataclass(frozen=True)
class Use:
    """What a load unit takes of a limit on an arc: ``amount`` x its size in ``size``."""

    arc: int
    limit: int
    amount: float
    size: int


@dataclass(frozen=True)
class Line:
    """The runs of a vehicle of a fleet in a round, from where it begins back to there, S services in all.

    Services of one run sail together, as wagons and trucks on a ferry, and share its room. A line with one run alone
    comes back empty.
    """

    fleet: int
    runs: tuple[tuple[int, ...], ...]
    cycle: NDArray[np.float64]  # (P,) h without waits for berths and for cargo
    afloat: NDArray[np.float64]  # (S, P) share of a vehicle load in the hours that it takes of the fleet
    calls: tuple[str, ...]

    @property
    def services(self) -> tuple[int, ...]:
        """Its services, run by run."""
        return tuple(service for run in self.runs for service in run)


Runs = list[list[int]]
"""The runs of a line as it is made, each with its services."""


@dataclass(frozen=True)
class LimitTable:
    """The limits of a network, who uses them, and what had to be filled or is not known."""

    limits: tuple[Limit, ...]
    uses: tuple[Use, ...]
    fills: tuple[Fill, ...]
    unknown: tuple[str, ...]
    aground: tuple[tuple[int, int, int], ...]  # services with water for their ships in no period, with both ends
    lines: tuple[Line, ...] = ()  # of fleets whose number is known

    @cached_property
    def by_arc(self) -> dict[int, list[Use]]:
        """The uses of every arc that has any."""
        found: dict[int, list[Use]] = {}
        for use in self.uses:
            found.setdefault(use.arc, []).append(use)
        return found

    def rows(self, arcs: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
        """Return where the uses of every arc begin, (A + 1,), and the limit, amount and size of each use, by arc."""
        numbers = np.array([(use.arc, use.limit, use.size) for use in self.uses], np.intp).reshape(-1, 3)
        order = np.argsort(numbers[:, 0], kind="stable")
        first = np.append(0, np.cumsum(np.bincount(numbers[:, 0], minlength=arcs)))
        amount = np.array([use.amount for use in self.uses], np.float64)
        return first, numbers[order, 1], amount[order], numbers[order, 2]

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of every limit."""
        return {limit.id: number for number, limit in enumerate(self.limits)}


def limits_of(network: Network, corridor: Corridor) -> LimitTable:
    """Return the limits of a network compiled from a corridor."""
    return _Maker(network, corridor, filler(corridor)).table()


def open_share(network: Network, number: int, hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each period, of so many hours, in which the calendar of a resource is open, (P,)."""
    calendar = int(network.resource_calendar[number])
    if calendar < 0:
        return np.ones(len(hours))
    world, edges = network.world, np.concatenate([[0.0], np.cumsum(hours)])
    first, last = world.open_first[calendar], world.open_first[calendar + 1]
    opens, closes = world.opens[first:last], world.closes[first:last]
    return np.array(
        [np.clip(np.minimum(closes, b) - np.maximum(opens, a), 0.0, None).sum() / (b - a) for a, b in pairwise(edges)]
    )


def _side(line: Runs, service: int) -> str:
    """Return the place of a service on its line: out, back or a later run."""
    (run,) = (n for n, run in enumerate(line) if service in run)
    return ("out", "back")[run] if run < 2 else f"run-{run + 1}"


class _Maker:
    """Gathers limits and uses of one network."""

    def __init__(self, network: Network, corridor: Corridor, fill: Filler) -> None:
        self.network, self.corridor, self.fill = network, corridor, fill
        edges = network.window.edges
        self.hours = np.array([(b - a).total_seconds() / 3600 for a, b in pairwise(edges)])
        self.limits: dict[str, Limit] = {}
        self.uses: list[tuple[int, str, float, int]] = []
        self.unknown: list[str] = []
        self.tracks: dict[str, set[int | None]] = {}
        for row in corridor.uses.rows:
            if row.user in corridor.links:
                self.tracks.setdefault(row.resource, set()).add(corridor.links[row.user].tracks)
        self.load_hours = self._vehicle_hours()
        self.shares: dict[int, NDArray[np.float64]] = {}
        self.lines: list[Line] = []

    def table(self) -> LimitTable:
        """Return all of it."""
        self._resources()
        self._fleets()
        self._fillers()
        place = {key: number for number, key in enumerate(self.limits)}
        ordered = tuple(self.limits.values())
        uses = tuple(Use(arc, place[limit], amount, size) for arc, limit, amount, size in self.uses)
        aground = tuple((s, *self._ends_of(s)) for s, share in self.shares.items() if not share.any())
        fills, unknown = tuple(self.fill.filled.values()), tuple(dict.fromkeys(self.unknown))
        return LimitTable(ordered, uses, fills, unknown, aground, tuple(self.lines))

    def _note(self, arc: int, limit: str, amount: float, size: str) -> None:
        if amount > 0 and np.isfinite(amount):
            self.uses.append((arc, limit, amount, SIZES.index(size)))

    # --- resources ---------------------------------------------------------------------------------------------------

    def _resources(self) -> None:
        network = self.network
        rows = self.corridor.resources.rows
        for arc in range(network.arcs):
            for at in range(network.use_first[arc], network.use_first[arc + 1]):
                number = int(network.use_resource[at])
                scope, amount = SCOPES[network.use_scope[at]], float(network.use_amount[at])
                found = self._take(rows[number], number, arc, scope, amount)
                if found is not None:
                    self._note(arc, *found)

    def _take(self, row: Resource, number: int, arc: int, scope: str, amount: float) -> tuple[str, float, str] | None:
        """Return the limit that an arc uses, how much of it, and the size that counts; None where it is not known."""
        through = self.network.throughput[number]
        if row.kind in POOLS:
            return self._pool(row, number, arc, scope, amount)
        if row.capacity_unit is None or np.isnan(through).any():
            return self._hours_of_work(row, number, arc, scope, amount)
        split, double = self._directions(row)
        key = f"{row.id}:{self._direction(arc)}" if split else row.id
        size, part = self._part(row, arc, scope)
        if key not in self.limits:
            rate = PER_HOUR.get(row.capacity_unit)
            if rate is None:  # slots in a yard, each taken for a while
                rate = 1 / self.fill.value("resources", row.id, "dwell_h", {"kind": row.kind})
            capacity = through * rate * self.hours * (2.0 if double else 1.0) * self._weather(row, relative=True)
            servers = self.network.servers[number]
            many = np.where(np.isfinite(servers) & (servers >= 1), servers, 1.0)
            with np.errstate(divide="ignore"):  # a capacity of nothing is said by who wants to use it
                service = many * self.hours / capacity * self._arrival(row, arc)
            self._add(key, row, number, capacity, float(many[0]), service)
        return key, amount * part, size

    def _add(
        self, key: str, row: Resource, number: int, capacity: NDArray[np.float64], servers: float, service: Any
    ) -> None:
        share = self.network.background[number]
        assumed = bool(np.isnan(share).any())
        if assumed:
            share = np.where(
                np.isnan(share), self.fill.value("resources", row.id, "background", {"kind": row.kind}), share
            )
        self.limits[key] = Limit(
            key,
            row.name,
            row.kind,
            row.capacity_unit or WORK,
            row.id,
            QUEUE,
            capacity,
            share * capacity,
            servers,
            np.broadcast_to(np.asarray(service, dtype=np.float64), self.hours.shape),
            assumed_others=assumed,
        )

    def _hours_of_work(
        self, row: Resource, number: int, arc: int, scope: str, amount: float
    ) -> tuple[str, float, str] | None:
        """Return the use of a resource known by its servers alone: hours of work of a unit, of the hours there are."""
        network = self.network
        servers = network.servers[number]
        if network.step[arc] < 0 or not np.isfinite(servers).all():
            self.unknown.append(row.id)
            return None
        batch = network.batch[arc] if np.isfinite(network.batch[arc]) else 1.0
        work = float(network.hours[arc])
        if row.id not in self.limits:
            capacity = (
                servers * self.hours * self._weather(row, relative=False) * open_share(network, number, self.hours)
            )
            self._add(row.id, row, number, capacity, float(servers[0]), work)
        return row.id, amount * work / batch, "consignment" if network.world.kind[arc] == PROCEDURE else "unit"

    def _pool(self, row: Resource, number: int, arc: int, scope: str, amount: float) -> tuple[str, float, str] | None:
        """Return the use of vehicles that go with the cargo and come back: hours of a turn, of the hours there are."""
        servers, service = self.network.servers[number], int(self.network.world.service[arc])
        if service < 0 or not np.isfinite(servers).all():
            self.unknown.append(row.id)
            return None
        turn = 2 * self._run_hours(service) + self.fill.value("services", row.id, "turn_h", {"kind": row.kind})
        if row.id not in self.limits:
            self._add(row.id, row, number, servers * self.hours, float(servers[0]), turn)
        size, part = ("wagon", 1.0) if scope == "unit" else self._vehicle(arc)
        return row.id, amount * turn * part, size

    def _part(self, row: Resource, arc: int, scope: str) -> tuple[str, float]:
        """Return the size that counts, and how much of the capacity's unit one of it takes."""
        if row.capacity_unit in BY_SIZE:
            return BY_SIZE[str(row.capacity_unit)], 1.0
        counted = "consignment" if self.network.world.kind[arc] == PROCEDURE else "unit"
        if scope == "unit":
            return counted, 1.0
        if scope == "lot" and row.capacity_unit not in TRAINS and np.isfinite(self.network.batch[arc]):
            return counted, 1.0 / float(self.network.batch[arc])
        return self._vehicle(arc)

    def _arrival(self, row: Resource, arc: int) -> float:
        """Return how much of the capacity's unit comes at once, where it is counted in TEU, tonnes or wagons.

        It is a ship's load where a ship calls. Elsewhere it is a lot: boxes come to a terminal by the group, and a
        crane that is free for one box is not free for the eighth of them.
        """
        if row.capacity_unit not in BY_SIZE or row.capacity_unit not in PER_HOUR:
            return 1.0
        counted = BY_SIZE[str(row.capacity_unit)]
        size, part = self._vehicle(arc)
        if size == counted:
            return 1.0 / part
        if self.network.world.service[arc] >= 0:
            return 1.0
        group = self.network.ids.groups[self.network.group[arc]]
        lot = float(self.fill.value("demand", row.id, "lot_units", {"group": group}))
        each = [self.network.form_size[f, DIMENSIONS.index(counted)] for f in self._forms(group)]
        return max(1.0, lot * max((float(x) for x in each if np.isfinite(x)), default=1.0))

    def _directions(self, row: Resource) -> tuple[bool, bool]:
        """Return whether each direction has the capacity for itself, and whether both share twice of it."""
        if row.capacity_scope == "each-way":
            return True, False
        if row.capacity_unit == "pairs/day":
            tracks = self.tracks.get(row.id, {None})
            double = all(t is not None and t >= 2 for t in tracks)
            return double, not double
        return False, False

    def _direction(self, arc: int) -> str:
        """Return a word for the direction in which an arc uses what it uses."""
        network = self.network
        if network.link[arc] >= 0:
            link = self.corridor.links[network.ids.links[network.link[arc]]]
            return "forward" if network.ids.places[network.ends[0][arc]] == link.origin else "back"
        if network.crossing[arc] >= 0:
            crossing = network.ids.crossings[network.crossing[arc]]
            return f"from-{self.corridor.crossings[crossing].from_country}"
        if network.step[arc] >= 0:
            step = self.corridor.steps[network.ids.steps[network.step[arc]]]
            return f"from-{step.from_state}"
        return str(network.ids.services[network.world.service[arc]])

    def _weather(self, row: Resource, *, relative: bool) -> NDArray[np.float64]:
        """Return the share of each period that weather leaves; ``relative`` to the mean of the twelve months."""
        if row.weather is None:
            return np.ones(len(self.hours))
        site = self.network.ids.sites.index(row.weather)
        left: NDArray[np.float64] = 1.0 - self.network.world.weather_share[site]
        if not relative:
            return left
        months = [self.corridor.weather.get(f"{row.weather}:{m}") for m in range(1, 13)]
        mean = float(np.mean([1.0 - m.closed_share for m in months if m is not None] or [1.0]))
        return left / mean if mean > 0 else left

    # --- vehicles ----------------------------------------------------------------------------------------------------

    def _vehicle(self, arc: int) -> tuple[str, float]:
        """Return the size that fills the vehicle of an arc, and the share of it that one of that size takes."""
        network = self.network
        group = network.ids.groups[network.group[arc]]
        service = int(network.world.service[arc])
        if service >= 0:
            for size in ROOM[group]:
                room = network.capacity[service, DIMENSIONS.index(size)]
                if np.isfinite(room) and room > 0:
                    return size, 1.0 / float(room)
        if group == "truck" or (service >= 0 and network.ids.modes[network.mode[arc]] == "road"):
            return (
                ("unit", 1.0) if group == "truck" else ("wagon", 1.0)
            )  # a lorry takes one box of 40 or two of 20 feet
        wagons = self.fill.value("services", network.ids.services[service] if service >= 0 else "-", "train_wagons", {})
        if group in ("container", "wagon"):
            return "wagon", 1.0 / wagons
        return "t", 1.0 / (wagons * 60.0)

    def _afloat(self, service: int) -> NDArray[np.float64]:
        """Return the share of its vehicle that the water at both ends of a service lets aboard, (P,)."""
        if service not in self.shares:
            fleet = int(self.network.service_fleet[service])
            self.shares[service] = (
                afloat(self.network, self.corridor, self.fill, fleet, (service,), self._ends_of(service))
                if fleet >= 0 and self._links_of[service]
                else np.ones(len(self.hours))
            )
        return self.shares[service]

    def _run_hours(self, service: int) -> float:
        """Return the running time of a service over its links."""
        return float(sum(self._links_of[service].values()))

    @cached_property
    def _links_of(self) -> dict[int, dict[int, float]]:
        network = self.network
        found: dict[int, dict[int, float]] = {}
        for arc in np.flatnonzero(network.world.kind == MOVE):
            found.setdefault(int(network.world.service[arc]), {})[int(network.link[arc])] = float(network.hours[arc])
        return {**{s: {} for s in range(len(network.ids.services))}, **found}

    def _vehicle_hours(self) -> dict[tuple[int, str, str, bool], tuple[float, float]]:
        """Return hours and batch of loading onto (True) and off a carrier, by place, carrier and group."""
        network = self.network
        found: dict[tuple[int, str, str, bool], tuple[float, float]] = {}
        tail, head = network.world.tail, network.world.head
        for arc in np.flatnonzero(network.world.kind == HANDLING):
            place, group = int(network.vertex_place[tail[arc]]), network.ids.groups[network.group[arc]]
            work = float(network.hours[arc]), float(network.batch[arc])
            for vertex, on in ((head[arc], True), (tail[arc], False)):
                carrier = network.ids.states[network.vertex_state[vertex]]
                key = (place, carrier, group, on)
                found[key] = min(found.get(key, work), work)
        return found

    def _call_hours(self, service: int) -> float:
        """Return the hours of loading at the first call of a service and unloading at its last, its vehicle full."""
        network, best = self.network, 0.0
        boards = np.flatnonzero((network.world.kind == BOARD) & (network.world.service == service))
        for arc in boards:
            group = network.ids.groups[network.group[arc]]
            size, part = self._vehicle(int(arc))
            each = max((network.form_size[f, DIMENSIONS.index(size)] for f in self._forms(group)), default=0.0)
            if size not in DIMENSIONS or each <= 0:
                continue
            units = 1.0 / (part * each)
            carrier = network.ids.states[network.vertex_state[network.world.head[arc]]]
            ends = int(network.vertex_place[network.world.tail[arc]]), self._last_place(service)
            total = 0.0
            for place, on in zip(ends, (True, False), strict=True):
                hours, batch = self.load_hours.get((place, carrier, group, on), (0.0, np.inf))
                total += hours * (np.ceil(units / batch - 1e-9) if np.isfinite(batch) else 1.0)
            best = max(best, total)
        return best

    def _forms(self, group: str) -> Iterator[int]:
        number = self.network.ids.groups.index(group)
        return (f for f, g in enumerate(self.network.form_group) if g == number)

    @cached_property
    def _links_in_order(self) -> dict[str, list[ServiceLink]]:
        """The links of every line, in their order."""
        found: dict[str, list[ServiceLink]] = {}
        for row in sorted(self.corridor.service_links.rows, key=lambda r: r.seq):
            found.setdefault(row.service, []).append(row)
        return found

    def _ends_of(self, service: int) -> tuple[int, int]:
        rows = self._links_in_order[self.network.ids.services[service]]
        first, last = self.corridor.links[rows[0].link], self.corridor.links[rows[-1].link]
        start = first.destination if rows[0].reverse else first.origin
        end = last.origin if rows[-1].reverse else last.destination
        return self.network.ids.places.index(start), self.network.ids.places.index(end)

    def _last_place(self, service: int) -> int:
        return self._ends_of(service)[1]

    def _storm_hours(self, service: int) -> NDArray[np.float64]:
        """Return the expected wait for weather of one departure and arrival, (P,).

        Ports of one group have the same storms, so a ship that sat out the worse of the two finds the other open.
        """
        row, world = self.corridor.services[self.network.ids.services[service]], self.network.world
        worst: dict[str, NDArray[np.float64]] = {}
        for site in (row.weather_from, row.weather_to):
            if site is not None:
                number = self.network.ids.sites.index(site)
                wait = world.weather_share[number] * world.weather_spell[number]
                group = self.corridor.weather_sites[site].group or site
                worst[group] = np.maximum(worst.get(group, 0.0), wait)
        return np.asarray(sum(worst.values(), np.zeros(len(self.hours))))

    def _fleets(self) -> None:
        """Add the vehicle hours of every fleet whose number is known.

        Its trips follow from the round: running, loading and unloading, weather; waits for berths, which depend on the
        flows, lengthen it further where these are worked out. The fullest run of a line decides how often a vehicle
        goes round, so each has all the trips of the fleet to itself. A trip
        counts with the round of the mean month; a stormy month, whose rounds are longer, has fewer such hours. Low
        water takes from the hours what it leaves ashore. Lines that share a fleet have the hours that it leaves to the
        deepest of them; the others take as much more of these, in the mean of the periods.
        """
        network, berths = self.network, self._berths()
        for number, fleet in enumerate(network.ids.fleets):
            vehicles = network.vehicles[number]
            rounds = network.rotation_service[network.rotation_first[number] : network.rotation_first[number + 1]]
            running = [int(s) for s in dict.fromkeys(rounds.tolist()) if self._links_of[int(s)]]
            if not np.isfinite(vehicles).all() or not running:
                continue
            lines = self._lines(running)
            for line in lines:
                cycle = np.broadcast_to(self._cycle(line), self.hours.shape)
                mean, ways = float(np.mean(cycle)), [s for run in line for s in run]
                calls = tuple(b for run in line for b in dict.fromkeys(b for s in run for b in berths.get(s, ())))
                water = [self._water(lines, line, way) for way in ways]
                self.lines.append(
                    Line(number, tuple(map(tuple, line)), cycle, np.array([most for most, _ in water]), calls)
                )
                for way, (most, more) in zip(ways, water, strict=True):
                    lead = next(run[0] for run in line if way in run)
                    key = f"{fleet}:{network.ids.services[lead] if len(lines) == 1 else _side(line, way)}"
                    if key not in self.limits:
                        self.limits[key] = Limit(
                            key,
                            self.corridor.fleets[fleet].name,
                            "fleet",
                            "vehicle hours",
                            fleet,
                            QUEUE,
                            vehicles * self.hours * mean / cycle * most,
                            np.zeros(len(self.hours)),
                            float(max(vehicles.mean(), 1.0)),
                            cycle,
                            calls=calls,
                        )
                    for arc in np.flatnonzero((network.world.kind == BOARD) & (network.world.service == way)):
                        size, part = self._vehicle(int(arc))
                        self._note(int(arc), key, part * mean * more, size)

    def _cycle(self, line: Runs) -> NDArray[np.float64]:
        """Return the hours of a round without waits for berths and for cargo, (P,); who has no cargo back sails empty.

        A call is as long as that of the service that takes longest aboard.
        """
        sailing = [np.max([self._run_hours(s) + self._storm_hours(s) for s in run], axis=0) for run in line]
        calling = sum(max(self._call_hours(s) for s in run) for run in line)
        away = self._ends_of(line[0][0])[0] != self._ends_of(line[-1][0])[1]
        return np.asarray(sum(sailing) + (sailing[0] if away else 0.0) + calling)

    def _water(self, lines: list[Runs], line: Runs, service: int) -> tuple[NDArray[np.float64], float]:
        """Return what share water leaves of the hours a service uses, (P,), and how many more of them it takes."""
        own = self._afloat(service)
        if len(lines) == 1:
            return own, 1.0
        every = ((other, s) for other in lines for run in other for s in run)
        side = _side(line, service)
        most = np.max([self._afloat(s) for other, s in every if _side(other, s) == side], axis=0)
        there = most > 0
        return most, float(np.mean(most[there] / np.maximum(own[there], LEAST))) if there.any() else 1.0

    def _berths(self) -> dict[int, list[str]]:
        """Return the berths at which the vehicle of each service calls."""
        found: dict[int, dict[str, None]] = {}
        for arc, limit, _, _ in self.uses:
            service = int(self.network.world.service[arc])
            if service >= 0 and self.limits[limit].kind in BERTHS:
                found.setdefault(service, {})[limit] = None
        return {service: list(berths) for service, berths in found.items()}

    def _lines(self, running: list[int]) -> list[Runs]:
        """Return the services of a fleet as lines, whose vehicles end where they began.

        Services between the same ends are one run. A run with one the other way is a line; of the others those that
        follow each other back to where the first began; each that is left over is a line that comes back empty.
        """
        runs: dict[tuple[int, int], list[int]] = {}
        for service in running:
            runs.setdefault(self._ends_of(service), []).append(service)
        lines: list[Runs] = []
        for start, end in list(runs):
            if start != end and (start, end) in runs and (end, start) in runs:
                lines.append([runs.pop((start, end)), runs.pop((end, start))])
        while runs:
            chain = [next(iter(runs))]
            while chain[-1][1] != chain[0][0]:
                onward = next((ends for ends in runs if ends not in chain and ends[0] == chain[-1][1]), None)
                if onward is None:
                    chain = chain[:1]
                    break
                chain.append(onward)
            lines.append([runs.pop(ends) for ends in chain])
        return lines

    def _fillers(self) -> None:
        """Add the vehicles that leave when they are full: services that sail together fill one vehicle."""
        network, world = self.network, self.network.world
        leads = {way: run[0] for line in self.lines for run in line.runs for way in run}
        for arc in np.flatnonzero(world.kind == BOARD):
            service = leads.get(int(world.service[arc]), int(world.service[arc]))
            filled, headway = network.fill[service], network.headway[service]
            if world.rule[service] != FILL or not (np.isfinite(filled) and np.isfinite(headway)):
                continue
            size, part = self._vehicle(int(arc))
            share = self._afloat(service)
            load = float(filled) * np.where(share > 0, share, 1.0)  # what never sails is said by its fleet
            key = f"fill:{network.ids.services[service]}"
            if key not in self.limits:
                name = self.corridor.services[network.ids.services[service]].name
                self.limits[key] = Limit(
                    key,
                    name,
                    "fill",
                    "vehicle loads",
                    network.ids.services[service],
                    FILLING,
                    load,
                    load * self.hours / headway,
                    1.0,
                    np.zeros(len(self.hours)),
                    longest=float(network.max_wait[service]) if np.isfinite(network.max_wait[service]) else 8760.0,
                )
            self._note(int(arc), key, part, size)
