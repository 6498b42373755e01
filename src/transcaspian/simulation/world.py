"""This module owns the corridor as a scene: chains of arcs become routes of activities, fleets and stations their rows.

What a chain takes from the network, arc by arc:

- A handling or a procedure is its wait as the dataset says (a shift that ends, an inspection: what is not the queue of
  those before), then each station it uses for as long as it takes of the capacity, then the rest of its hours.
- Behind a procedure that asks for documents, some find that theirs are wrong: they wait until it is put right, and pass
  again.
- A ride with vehicles from end to end is one activity; loading and unloading belong to the call of a ship, whose berth
  they need. The vehicle itself passes the borders and the tracks on the way, a train with the locomotive that its
  service names.
- A ride on a service without vehicles of its own, or boarded on the way, waits as the dataset says and runs; what it
  takes of a track is its share of a train.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels import world
from transcaspian.kernels.scene import (
    ACTIVITY,
    DELAY,
    DISPATCH,
    EXPONENTIAL,
    FIXED,
    FLEET,
    GATE,
    HOURS,
    JUMP,
    KEEP,
    LEG,
    LOADING,
    LOGNORMAL,
    RIDE,
    ROUTE,
    SERVE,
    SOURCE,
    STATION,
    UNLOADING,
    VEHICLE,
    Plan,
    monthly,
)
from transcaspian.model.corridor import Corridor
from transcaspian.network import Network
from transcaspian.network.builder import luck_of
from transcaspian.network.depths import afloat, berth_at
from transcaspian.network.fill import filler
from transcaspian.network.limits import SIZES, WORK, LimitTable
from transcaspian.results.events import CAUSES
from transcaspian.simulation.axis import axis_of
from transcaspian.simulation.engine import Scene, rows
from transcaspian.simulation.lines import Leg, Lines
from transcaspian.simulation.loads import Load, Stream
from transcaspian.simulation.play import Play, in_months, repeated, vehicle_rows
from transcaspian.simulation.ranks import Ranks
from transcaspian.simulation.sites import BERTHED, QUEUED, Sites, alive

Row = dict[str, Any]

MOVING, HANDLED, CLEARED, HELD, FOR_VEHICLE, WEATHER, LOADED, PAPERS = 0, 1, 2, 3, 4, 6, 7, 10
"""Causes; with QUEUED and BERTHED they are named in ``results.events.CAUSES``."""

FITS = 0.5
"""Share of a vehicle that a lot takes at most: larger ones are sent as several."""


@dataclass(frozen=True)
class Named:
    """What an activity is, and the ids of what it is at; a move and a ride are at the place where they begin."""

    activity: str
    place: str | None = None
    resource: str | None = None
    step: str | None = None
    link: str | None = None
    service: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class World:
    """A corridor ready to be simulated: what is played, and what its numbers stand for."""

    play: Play
    sites: Sites
    lines: Lines
    loads: tuple[Load, ...]
    flows: tuple[tuple[str, str, str, str], ...]  # origin, destination, commodity, form: what lead times are told by
    fleets: tuple[int, ...]  # fleet of the network behind each of the scene
    arcs: NDArray[np.int32]  # (activity,) arc of the network behind each, -1 none
    notes: tuple[str, ...]

    @property
    def network(self) -> Network:
        """The compiled network."""
        return self.lines.network

    @property
    def corridor(self) -> Corridor:
        """The corridor it was compiled from."""
        return self.lines.corridor

    @cached_property
    def names(self) -> tuple[Named, ...]:
        """What every activity is and where, by the ids of the corridor, (activity,)."""
        plan, legs = self.play.scene.plan, list(self.lines.legs.values())
        found = [self._named(activity) for activity in range(len(plan.activities))]
        for leg, row in zip(legs, self.play.scene.legs, strict=True):
            first, end = (int(plan.routes[row["route"]][name]) for name in ("first", "end"))
            service = self.network.ids.services[leg.services[0]]
            for at in range(first, end):  # the first and last of a vehicle's route are no arcs: its calls
                own = found[at] if found[at].service else replace(found[at], service=service)
                place = leg.destination if (self.arcs[first:at] >= 0).any() else leg.origin
                found[at] = own if self.arcs[at] >= 0 else replace(own, place=self.network.ids.places[place])
        return tuple(found)

    def _named(self, activity: int) -> Named:
        row, arc, ids = self.play.scene.plan.activities[activity], int(self.arcs[activity]), self.network.ids
        kind, target = int(row["kind"]), int(row["target"])
        found = Named(CAUSES[int(row["works"])])
        if arc >= 0:
            step, link, service = self.network.step[arc], self.network.link[arc], self.network.world.service[arc]
            found = Named(
                found.activity,
                place=ids.places[self.network.ends[0][arc]],
                step=ids.steps[step] if step >= 0 else None,
                link=ids.links[link] if link >= 0 else None,
                service=ids.services[service] if service >= 0 else None,
            )
        if kind == SERVE:
            resource = self.sites.table.limits[self.sites.limits[target]].resource
            return replace(found, resource=resource, place=found.place or self.corridor.resources[resource].place)
        if kind == RIDE:  # two owners of a line take turns: it may be the service of the other
            services = [ids.services[s] for s in list(self.lines.legs.values())[target].services]
            service = found.service if found.service in services else services[0]
            return replace(found, activity="ride", service=service)
        if kind == GATE:
            if 0 <= target < len(ids.sites):
                return replace(found, activity="weather", site=ids.sites[target])
            return replace(found, activity="repair" if target < 0 else "closure")
        return found


@dataclass(frozen=True)
class Papers:
    """What wrong papers do at a procedure: their share, hours of a correction, hours and spread of passing again.

    A consignment passes again until its papers are right, m = share / (1 - share) times in the mean.
    """

    share: float
    correction: float
    hours: float
    scv: float

    @property
    def mean(self) -> float:
        """Hours that a mean consignment spends on corrections and on passing again."""
        return self.share / (1.0 - self.share) * (self.correction + self.hours)

    @property
    def variance(self) -> float:
        """Variance of these hours [h^2]: of a geometric number of rounds, with exponential corrections."""
        rounds = self.share / (1.0 - self.share)
        within = self.correction**2 + self.scv * self.hours**2
        return rounds * within + rounds / (1.0 - self.share) * (self.correction + self.hours) ** 2


@dataclass
class _Maker:
    network: Network
    corridor: Corridor
    sites: Sites
    lines: Lines
    ranks: Ranks
    activities: list[Row] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    arcs: list[int] = field(default_factory=list)

    def of(self, arc: int) -> None:
        """Say that the activities added since the last call are of an arc; -1 for none."""
        self.arcs += [arc] * (len(self.activities) - len(self.arcs))

    def end_route(self) -> int:
        """End a route and return its number."""
        self.ends.append(len(self.activities))
        return len(self.ends) - 2

    def delay(self, noun: str, mean: float, scv: float, cause: int, least: float = 0.0) -> None:
        """Add a time; one of nothing is left out."""
        if mean > 1e-9:
            law = LOGNORMAL if scv > 0 else FIXED
            self.activities.append(
                {"kind": DELAY, "mean": mean, "scv": scv, "least": least, "law": law, "works": cause, "waits": cause,
                 "key": luck_of(noun)}
            )  # fmt: skip

    def serve(self, limit: int, mean: float, loads: Sequence[Load]) -> None:
        """Add a visit to a station by who brings these loads."""
        row = self.sites.table.limits[limit]
        delay = self.corridor.delay_of(row.resource, row.kind)
        cause = BERTHED if row.kind == "berth" else QUEUED
        works = CLEARED if row.kind == "officer" else MOVING if row.kind in ("track", "road") else HANDLED
        self.activities.append(
            {"kind": SERVE, "target": self.sites.at(limit), "mean": mean, "scv": delay.service_scv if delay else 0.0,
             "law": LOGNORMAL, "waits": cause, "works": works, "key": luck_of(f"uses:{row.id}"),
             "rank": self.ranks.of(row.resource, loads)}
        )  # fmt: skip

    # --- cargo -------------------------------------------------------------------------------------------------------

    def route(self, load: Load, lot: float) -> int:
        """Add the route of lots of a load and return its number."""
        chain = load.chain.tolist()
        rides, absorbed = self.rides(chain)
        at, passed = 0, set[int]()
        while at < len(chain):
            arc = chain[at]
            kind = int(self.network.world.kind[arc])
            if at in rides:
                self.ride(load, lot, at, rides[at])
                at = rides[at][1]
            elif kind == world.BOARD:
                self.board(arc)
                passed = set()
            elif kind == world.MOVE:
                passed = self.work(load, lot, at, passed)
                self.gate(int(self.network.world.site[arc]))
            elif kind != world.ALIGHT and at not in absorbed:
                self.work(load, lot, at, set())
            self.of(arc)
            at += 1
        return self.end_route()

    def rides(self, chain: list[int]) -> tuple[dict[int, tuple[int, int]], set[int]]:
        """Return the rides with vehicles by where they begin: leg's service and where they end; and arcs of calls."""
        kinds, service = self.network.world.kind, self.network.world.service
        tail, head = self.network.ends
        found: dict[int, tuple[int, int]] = {}
        absorbed: set[int] = set()
        for at, arc in enumerate(chain):
            if kinds[arc] != world.BOARD:
                continue
            number = int(service[arc])
            until = next(n for n in range(at, len(chain)) if kinds[chain[n]] == world.ALIGHT)
            ends = int(tail[arc]), int(head[chain[until]])
            if self.lines.rides(number) and self.lines.ends[number] == ends:
                found[at] = number, until
                if self.corridor.services[self.network.ids.services[number]].mode == "sea":
                    absorbed |= {n for n in (self.call(chain, at, -1), self.call(chain, until, 1)) if n is not None}
        return found, absorbed

    def call(self, chain: list[int], at: int, step: int) -> int | None:
        """Return where in a chain the loading before, or the unloading behind, a ride is."""
        n = at + step
        while 0 <= n < len(chain) and self.network.world.kind[chain[n]] == world.PROCEDURE:
            n += step
        inside = 0 <= n < len(chain) and self.network.world.kind[chain[n]] == world.HANDLING
        if not inside:
            return None
        vertex = self.network.world.head[chain[n]] if step < 0 else self.network.world.tail[chain[n]]
        state = self.network.ids.states[self.network.vertex_state[vertex]]
        carrier = self.corridor.services[self.network.ids.services[self.network.world.service[chain[at]]]].carrier
        return n if state == carrier else None

    def ride(self, load: Load, lot: float, at: int, found: tuple[int, int]) -> None:
        """Add a ride with a vehicle."""
        service, until = found
        leg = self.lines.leg(service)
        leg.loads.append(load)
        chain = load.chain.tolist()
        if len(chain[at + 1 : until]) > len(leg.run):  # with the borders that cargo passes aboard
            leg.run = tuple(chain[at + 1 : until])
        size, part = self.lines.room(chain[at])
        hours = [0.0, 0.0]
        if self.corridor.services[self.network.ids.services[service]].mode == "sea":
            for n, place in enumerate((self.call(chain, at, -1), self.call(chain, until, 1))):
                if place is not None:
                    hours[n], fixed = self.handled(load, lot, place, lot * load.sizes[at, SIZES.index(size)] * part)
                    leg.fixed[n] = max(leg.fixed[n], fixed)
                    leg.scv = max(leg.scv, float(self.network.world.scv[load.chain[place]]))
        room = lot * float(load.sizes[at, SIZES.index(size)]) * part
        number = list(self.lines.legs).index((leg.fleet, leg.origin, leg.destination))
        self.activities.append(
            {"kind": RIDE, "target": number, "room": room, "load": hours[0],
             "unload": hours[1], "waits": FOR_VEHICLE, "works": MOVING,
             "rank": self.ranks.of(self.network.ids.fleets[leg.fleet], (load,))}
        )  # fmt: skip

    def handled(self, load: Load, lot: float, at: int, room: float) -> tuple[float, float]:
        """Return the hours that a lot adds to a call, and the hours of the call whatever is aboard.

        A batch that is most of a ship (a deck of wagons that is rolled on as one) takes the same time however full.
        """
        arc = int(load.chain[at])
        hours, batch = float(self.network.hours[arc]), float(self.network.batch[arc])
        units = lot * float(load.sizes[at, SIZES.index("unit")])
        if not np.isfinite(batch) or batch * room / max(units, 1e-9) >= FITS:
            return 0.0, hours
        return hours * units / batch, 0.0

    def board(self, arc: int) -> None:
        """Add the wait for a service without vehicles, as the dataset says."""
        network, service = self.network, int(self.network.world.service[arc])
        mean = float(network.world.wait[arc].mean())
        sd = float(network.world.wait_sd[arc].mean())
        name = f"services:{network.ids.services[service]}"
        self.delay(f"{name}:board", mean, (sd / mean) ** 2 if mean > 0 else 0.0, FOR_VEHICLE)
        self.delay(f"{name}:cutoff", float(network.world.cutoff[service]), 0.0, FOR_VEHICLE)
        self.gate(int(network.world.site[arc]))

    def gate(self, site: int) -> None:
        """Add a wait for the weather of a site."""
        if site >= 0:
            self.activities.append({"kind": GATE, "target": site, "waits": WEATHER, "works": WEATHER})

    def closure(self, arc: int) -> None:
        """Add a wait of a vehicle until the service and the link of a move are open."""
        calendar = int(self.network.world.calendar[arc])
        if calendar >= 0 and self.network.world.kind[arc] == world.MOVE:
            target = len(self.network.ids.sites) + calendar
            self.activities.append({"kind": GATE, "target": target, "waits": FOR_VEHICLE, "works": FOR_VEHICLE})

    def work(self, load: Load, lot: float, at: int, passed: set[int]) -> set[int]:
        """Add what a lot does on an arc and return the limits it used; those just ``passed`` are used once."""
        network, arc = self.network, int(load.chain[at])
        units = lot * float(load.sizes[at, SIZES.index("unit")])
        counted = units
        if network.world.kind[arc] == world.PROCEDURE:
            counted = lot * float(load.sizes[at, SIZES.index("consignment")])
        batch = float(network.batch[arc])
        many = np.ceil(counted / batch - 1e-9) if np.isfinite(batch) else 1.0
        left, used = float(network.hours[arc]) * max(float(many), 1.0), set[int]()
        papers = self.papers(arc, left)
        self.held(arc, papers)
        first = len(self.activities)
        for use in self.sites.table.by_arc.get(arc, ()):
            if not self.sites.queues(use.limit):
                continue
            used.add(use.limit)
            if use.limit not in passed:
                taken = use.amount * lot * float(load.sizes[at, use.size]) * self.sites.per_unit(use.limit)
                taken *= self.once(use.limit, papers)
                self.serve(use.limit, taken, (load,))
                left -= taken
        self.rest(arc, left)
        self.rework(arc, papers, first)
        return used

    def held(self, arc: int, papers: Papers | None) -> None:
        """Add the wait of a handling or procedure that the dataset knows, less what of it is spent on wrong papers."""
        network = self.network
        mean, variance = float(network.world.wait[arc].mean()), float(network.world.wait_sd[arc].mean()) ** 2
        if papers is not None:
            mean, variance = mean - papers.mean, max(variance - papers.variance, 0.0)
        if mean > 0:
            name = network.ids.steps[network.step[arc]] if network.step[arc] >= 0 else "-"
            self.delay(f"waits:{name}", mean, variance / mean**2, HELD)

    def papers(self, arc: int, hours: float) -> Papers | None:
        """Return what wrong papers do at a procedure that takes so many hours; None where none can be wrong."""
        network, corridor = self.network, self.corridor
        if network.world.kind[arc] != world.PROCEDURE or network.step[arc] < 0:
            return None
        step = corridor.steps[network.ids.steps[network.step[arc]]]
        if step.id not in self.corridor.papers:
            return None
        fill, facts = self.lines.fill, {"kind": step.variant or step.kind}
        share = fill.value("steps", step.id, "rework", facts) if step.rework is None else step.rework
        if share <= 0:
            return None
        correction = step.correction_h
        if correction is None:
            correction = fill.value("steps", step.id, "correction_h", facts)
        return Papers(share, correction, hours, float(network.world.scv[arc]))

    def once(self, limit: int, papers: Papers | None) -> float:
        """Return the share of what a consignment takes of a limit that one pass takes.

        A throughput counts those who got through, who passed more than once among them; hours of work do not.
        """
        if papers is None or self.sites.table.limits[limit].unit == WORK:
            return 1.0
        return 1.0 - papers.share

    def rework(self, arc: int, papers: Papers | None, first: int) -> None:
        """Let those with wrong papers wait until they are corrected, and pass again from the activity ``first`` on."""
        if papers is None:
            return
        noun, at = f"steps:{self.network.ids.steps[self.network.step[arc]]}", len(self.activities)
        correction: Row = {"kind": DELAY, "mean": papers.correction, "law": EXPONENTIAL}
        self.activities += [
            {"kind": JUMP, "mean": 1.0 - papers.share, "target": at + 3, "key": luck_of(f"{noun}:papers")},
            correction | {"waits": PAPERS, "works": PAPERS, "key": luck_of(f"{noun}:correction")},
            {"kind": JUMP, "mean": 1.0, "target": first},
        ]

    def rest(self, arc: int, left: float) -> None:
        """Add what is left of the time of an arc."""
        network = self.network
        kind = int(network.world.kind[arc])
        cause = {world.MOVE: MOVING, world.PROCEDURE: CLEARED}.get(kind, HANDLED)
        noun = f"steps:{network.ids.steps[network.step[arc]]}" if network.step[arc] >= 0 else self.noun_of_move(arc)
        self.delay(noun, left, float(network.world.scv[arc]), cause, float(network.world.least[arc]))

    def noun_of_move(self, arc: int) -> str:
        """Return the noun by whose luck a move runs."""
        network = self.network
        return f"services:{network.ids.services[network.world.service[arc]]}:{network.ids.links[network.link[arc]]}"

    # --- vehicles ----------------------------------------------------------------------------------------------------

    def voyage(self, leg: Leg) -> int:
        """Add the route of the vehicles of a leg and return its number."""
        first = self.network.ids.services[leg.services[0]]
        row = self.corridor.services[first]
        self.locomotives(leg)
        self.call_at(leg, 0, leg.origin)
        sites = self.network.ids.sites
        self.gate(sites.index(row.weather_from) if row.weather_from else -1)
        if not row.weather_from:  # a gate all the same: the vehicle's own calendar of repairs
            self.activities.append({"kind": GATE, "target": -1, "waits": FOR_VEHICLE, "works": FOR_VEHICLE})
        self.of(-1)
        passed: set[int] = set()
        for arc in leg.run:
            used, left = set[int](), float(self.network.hours[arc])
            self.closure(arc)
            papers = self.papers(arc, left)
            self.held(arc, papers)
            start = len(self.activities)
            for use in self.sites.table.by_arc.get(arc, ()):
                if self.sites.queues(use.limit):
                    used.add(use.limit)
                    if use.limit not in passed:
                        service = self.sites.service(use.limit) * self.once(use.limit, papers)
                        self.serve(use.limit, service, leg.loads)
                        left -= service
            passed = used
            self.rest(arc, left)
            self.rework(arc, papers, start)
            self.of(arc)
        self.gate(sites.index(row.weather_to) if row.weather_to else -1)
        self.call_at(leg, 1, leg.destination)
        self.of(-1)
        return self.end_route()

    @cached_property
    def pulled(self) -> dict[str, str]:
        """The locomotives that a service names, by service."""
        kinds = {row.id: row.kind for row in self.corridor.resources.rows if row.id in self.sites.table.index}
        vehicles = (use for use in self.corridor.uses.rows if use.scope == "vehicle")
        return {use.user: use.resource for use in vehicles if kinds.get(use.resource) == "locomotive"}

    def locomotives(self, leg: Leg) -> None:
        """Let a train wait for the locomotive that its service names, and keep it to the end of its run."""
        named = (self.pulled.get(self.network.ids.services[s]) for s in leg.services)
        resource = next((name for name in named if name is not None), None)
        if resource is not None:
            target, rank = self.sites.at(self.sites.table.index[resource]), self.ranks.of(resource, leg.loads)
            self.activities += [
                {"kind": SERVE, "target": target, "waits": QUEUED, "works": MOVING, "rank": rank},
                {"kind": KEEP},
            ]

    def call_at(self, leg: Leg, end: int, place: int) -> None:
        """Add loading (0) or unloading (1) of a vehicle, at a berth where the place has one for it."""
        row = self.corridor.services[self.network.ids.services[leg.services[0]]]
        if row.mode != "sea":
            return
        limit = self.berth_of(leg, place)
        law = (LOADING, UNLOADING)[end]
        noun = f"services:{row.id}:{('loading', 'unloading')[end]}"
        found: Row = {"law": law, "mean": leg.fixed[end], "scv": leg.scv, "works": LOADED, "key": luck_of(noun)}
        if limit is None:
            self.activities.append(found | {"kind": DELAY, "waits": LOADED})
        else:
            rank = self.ranks.of(self.sites.table.limits[limit].resource, leg.loads)
            self.activities.append(
                found | {"kind": SERVE, "target": self.sites.at(limit), "waits": BERTHED, "rank": rank}
            )

    def afloat(self, leg: Leg) -> NDArray[np.float64]:
        """Return the share of a vehicle that the water at both ends of a leg lets aboard, by period of the axis."""
        ends = leg.origin, leg.destination
        found = afloat(self.network, self.corridor, self.lines.fill, leg.fleet, leg.services, ends)
        return found[self.lines.axis.periods]

    def berth_of(self, leg: Leg, place: int) -> int | None:
        """Return the limit of the berth that a leg's vehicles use at a place."""
        services = {self.network.ids.services[s] for s in leg.services}
        found = berth_at(self.corridor, services, self.network.ids.places[place])
        return self.sites.berth(found) if found is not None else None


def world_of(network: Network, corridor: Corridor, table: LimitTable, loads: Sequence[Load]) -> World:
    """Return a corridor ready to be simulated.

    Parameters
    ----------
    network : compiled for the twelve months of a year
    corridor : the one it was compiled from
    table : limits of the network
    loads : what is sent along which ways
    """
    axis, fill = axis_of(network), filler(corridor)
    lines = Lines(network, corridor, fill, axis)
    sites = Sites(network, corridor, table, axis)
    maker = _Maker(network, corridor, sites, lines, Ranks(network, corridor, loads))
    keys = [(load.origin, load.destination, load.commodity, load.form) for load in loads]
    flows = tuple(dict.fromkeys(keys))
    flow_number = {key: n for n, key in enumerate(flows)}
    made = (_stream(maker, flow_number[key], load) for key, load in zip(keys, loads, strict=True))
    streams = tuple(stream for stream in made if stream is not None)
    lines.complete()
    voyages = [maker.voyage(leg) for leg in lines.legs.values()]
    cargo = max((stream.route for stream in streams), default=-1) + 1
    others, sources, gaps = sites.others()
    for number, activity in enumerate(others):
        resource = table.limits[sites.limits[activity["target"]]].resource
        maker.activities.append(activity | {"rank": maker.ranks.of(resource, ())})
        sources[number]["route"] = maker.end_route()
    maker.of(-1)
    kept = cargo + len(voyages)
    line_rows = lines.rows(voyages)
    calendars = _calendars(network, len(line_rows["vehicles"]), sites.part_time)
    for number, vehicle in enumerate(line_rows["vehicles"]):
        vehicle["calendar"] = calendars.index(f"vehicle:{number}")
    index = {key: number for number, key in enumerate(calendars)}
    plan = Plan(
        activities=rows(ACTIVITY, maker.activities),
        routes=rows(
            ROUTE,
            ({"first": maker.ends[n], "end": maker.ends[n + 1], "kept": n < kept} for n in range(len(maker.ends) - 1)),
        ),
        fleets=rows(FLEET, line_rows["fleets"]),
        turns=np.array(line_rows["turns"], np.int32),
        empty=line_rows["empty"],
        slots=np.array(line_rows["slots"], np.float64),
        dispatches=rows(DISPATCH, []),  # another in each replication
        vehicles=rows(VEHICLE, line_rows["vehicles"]),
        open_first=np.zeros(len(calendars) + 1, np.int32),
        hours=np.zeros(0, HOURS),
        edges=axis.edges,
        mirror=False,
        **monthly(
            sites.pace(),
            np.array(gaps).reshape(len(gaps), len(axis.periods)),
            np.array([maker.afloat(leg) for leg in lines.legs.values()]).reshape(len(voyages), len(axis.periods)),
            np.array(maker.ranks.rows)[:, axis.periods],
        ),
    )
    scene = Scene(plan, rows(STATION, sites.stations(index)), rows(SOURCE, sources), rows(LEG, line_rows["legs"]))
    world_arrays = network.world
    open_times = [repeated(world_arrays, axis, n) for n in range(len(world_arrays.open_first) - 1)]
    limited = tuple(
        (index.get(sites.calendar(limit), -1), in_months(alive(table.limits[limit]), axis)) for limit in sites.part_time
    )
    vehicles = vehicle_rows(lines, line_rows)
    play = Play(scene, axis, world_arrays, tuple(open_times), limited, vehicles, streams)
    fleets = tuple(line_rows["fleet_ids"])
    arcs, notes = np.array(maker.arcs, np.int32), tuple(dict.fromkeys(sites.notes))
    return World(play, sites, lines, tuple(loads), flows, fleets, arcs, notes)


def _stream(maker: _Maker, flow: int, load: Load) -> Stream | None:
    """Return the lots of a load, and add their routes; None for less than a hundredth of a unit."""
    axis, fill = maker.lines.axis, maker.lines.fill
    units = load.units[axis.periods]
    if load.units.sum() < 0.01:
        return None
    facts = {"group": maker.corridor.forms[load.form].group}
    lot = fill.value("demand", load.demand, "lot_units", facts)
    most = min((1.0 / r for r in _room_of_a_unit(maker, load)), default=np.inf)
    lot = load.lot or max(min(lot, FITS * most, float(units.sum())), 1e-6)
    bunch = 1 if load.lot else max(1, round(fill.value("demand", load.demand, "bunch", facts)))
    luck = np.uint64(luck_of(_noun(maker.network, load)))
    return Stream(units, lot, bunch, luck, maker.route(load, lot), flow)


def _noun(network: Network, load: Load) -> str:
    services = dict.fromkeys(network.ids.services[s] for s in network.world.service[load.chain].tolist() if s >= 0)
    return f"demand:{load.demand}:{'+'.join(services)}"


def _room_of_a_unit(maker: _Maker, load: Load) -> list[float]:
    rides, _ = maker.rides(load.chain.tolist())
    found = []
    for at in rides:
        size, part = maker.lines.room(int(load.chain[at]))
        found.append(float(load.sizes[at, SIZES.index(size)]) * part)
    return [room for room in found if room > 0]


def _calendars(network: Network, vehicles: int, limits: Sequence[int]) -> tuple[str, ...]:
    """Return the keys of all calendars: weather sites first, so that a gate's target is its site's number."""
    count = len(network.world.open_first) - 1
    return (
        *(f"site:{s}" for s in network.ids.sites),
        *(f"calendar:{n}" for n in range(count)),
        *(f"limit:{n}" for n in limits),
        *(f"vehicle:{n}" for n in range(vehicles)),
    )
