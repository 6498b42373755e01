"""This module owns legs and fleets: which services are run by vehicles, from where to where, and how they are shared.

Services of one fleet between the same ends are one leg: the wagon deck and the truck deck of a ferry sail together. A
leg is simulated where cargo rides it from end to end; who boards on the way waits as the dataset says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels import scene, world
from transcaspian.kernels.scene import FOREVER
from transcaspian.model.corridor import Corridor
from transcaspian.network import Network
from transcaspian.network.builder import luck_of
from transcaspian.network.fill import Filler
from transcaspian.network.limits import ROOM
from transcaspian.network.network import DIMENSIONS
from transcaspian.simulation.axis import Axis
from transcaspian.simulation.loads import Load

Row = dict[str, Any]
Run = tuple[int, ...]
"""Arcs between boarding and alighting."""

SPREADS = 3.0
"""Squared coefficient of variation of the time between trains at most."""


@dataclass
class Leg:
    """A run of a fleet's vehicles between two places."""

    fleet: int
    origin: int  # place
    destination: int
    services: list[int] = field(default_factory=list)
    run: Run = ()
    fixed: list[float] = field(
        default_factory=lambda: [0.0, 0.0]
    )  # h of a call, whatever is aboard: loading, unloading
    scv: float = 0.0  # of the hours of a call
    loads: list[Load] = field(default_factory=list)  # that ride it


@dataclass
class Lines:
    """The legs and fleets of a corridor."""

    network: Network
    corridor: Corridor
    fill: Filler
    axis: Axis
    legs: dict[tuple[int, int, int], Leg] = field(default_factory=dict)

    @cached_property
    def ends(self) -> dict[int, tuple[int, int]]:
        """First and last place of every line service with a fleet."""
        rows: dict[str, list[Any]] = {}
        for row in self.corridor.service_links.rows:
            rows.setdefault(row.service, []).append(row)
        found, place = {}, self.network.ids.places.index
        for number, name in enumerate(self.network.ids.services):
            service = self.corridor.services[name]
            if service.pattern != "line" or self.network.service_fleet[number] < 0 or name not in rows:
                continue
            links = sorted(rows[name], key=lambda r: r.seq)
            first, last = self.corridor.links[links[0].link], self.corridor.links[links[-1].link]
            start = first.destination if links[0].reverse else first.origin
            end = last.origin if links[-1].reverse else last.destination
            found[number] = place(start), place(end)
        return found

    @cached_property
    def moves(self) -> dict[int, dict[int, int]]:
        """The arc of every (service, link), any group of forms."""
        found: dict[int, dict[int, int]] = {}
        kind = self.network.world.kind
        for arc in np.flatnonzero(kind == world.MOVE).tolist():
            found.setdefault(int(self.network.world.service[arc]), {}).setdefault(int(self.network.link[arc]), arc)
        return found

    def leg(self, service: int) -> Leg:
        """Return the leg that a service is, made at its first use with its own links as the run."""
        fleet = int(self.network.service_fleet[service])
        key = (fleet, *self.ends[service])
        leg = self.legs.setdefault(key, Leg(*key))
        if service not in leg.services:
            leg.services.append(service)
            turns = self.rotation(fleet)  # the first of them says when all leave together
            leg.services.sort(key=lambda s: turns.index(s) if s in turns else len(turns))
        if not leg.run:
            links = [r for r in self.corridor.service_links.rows if r.service == self.network.ids.services[service]]
            links.sort(key=lambda r: r.seq)
            arcs = self.moves.get(service, {})
            numbers = [self.network.ids.links.index(r.link) for r in links]
            leg.run = tuple(arcs[n] for n in numbers if n in arcs)
        return leg

    def vehicles(self, fleet: int) -> float:
        """Return the most vehicles of a fleet in any period, laid up or broken ones among them; inf without limit."""
        return float(self.counts(fleet).max())

    def counts(self, fleet: int) -> NDArray[np.float64]:
        """Return the vehicles of a fleet that are not laid up, by period of the network."""
        row = self.corridor.fleets[self.network.ids.fleets[fleet]]
        found: NDArray[np.float64] = self.network.vehicles[fleet] / row.availability
        return found

    def rides(self, service: int) -> bool:
        """Return whether a service is run by vehicles that can be simulated."""
        if service not in self.ends or self.corridor.services[self.network.ids.services[service]].status != "open":
            return False
        endless = not np.isfinite(self.vehicles(int(self.network.service_fleet[service])))
        rule = self.network.world.rule[service]
        known = np.isfinite(self.network.headway[service]) or rule == world.TIMETABLE
        return bool(known) or (rule == world.FILL and not endless)

    def room(self, arc: int) -> tuple[str, float]:
        """Return the size that fills the vehicle boarded on an arc, and the share of it that one of that size takes."""
        network, service = self.network, int(self.network.world.service[arc])
        group = network.ids.groups[network.group[arc]]
        for size in ROOM[group]:
            room = network.capacity[service, DIMENSIONS.index(size)]
            if np.isfinite(room) and room > 0:
                return size, 1.0 / float(room)
        wagons = self.fill.value("services", network.ids.services[service], "train_wagons", {})
        return ("wagon", 1.0 / wagons) if group in ("container", "wagon") else ("t", 1.0 / (60.0 * wagons))

    # --- arrays ------------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Add the legs that a fleet which goes round must run besides those with cargo."""
        for fleet in sorted({leg.fleet for leg in self.legs.values()}):
            if self.by_demand(fleet) or not np.isfinite(self.vehicles(fleet)):
                continue
            for service in self.rotation(fleet):
                if service in self.ends:
                    self.leg(service)

    def rotation(self, fleet: int) -> list[int]:
        """Return the services of a fleet in turn."""
        first, last = self.network.rotation_first[fleet], self.network.rotation_first[fleet + 1]
        return [int(s) for s in self.network.rotation_service[first:last]]

    def by_demand(self, fleet: int) -> bool:
        """Return whether a fleet goes where most cargo waits."""
        return self.corridor.fleets[self.network.ids.fleets[fleet]].sharing == "by-demand"

    def rows(self, routes: Sequence[int]) -> dict[str, Any]:
        """Return legs, fleets, turns, nodes and vehicles as the kernel has them; ``routes`` are of the vehicles."""
        legs = list(self.legs.values())
        fleets = sorted({leg.fleet for leg in legs})
        nodes: dict[tuple[int, int], int] = {}
        for leg in legs:
            for place in (leg.origin, leg.destination):
                nodes.setdefault((leg.fleet, place), len(nodes))
        slots: list[float] = []
        found = []
        for number, leg in enumerate(legs):
            row = self._leg(leg, fleets, slots)
            row |= {"origin": nodes[leg.fleet, leg.origin], "destination": nodes[leg.fleet, leg.destination]}
            found.append(row | {"route": routes[number]})
        turns: list[int] = []
        rows = []
        for fleet in fleets:
            own = self._turns(fleet, legs)
            endless = not np.isfinite(self.vehicles(fleet))
            rows.append(
                {"leg_first": len(turns), "leg_end": len(turns) + len(own),
                 "by_demand": self.by_demand(fleet) and not endless,
                 "endless": endless}
            )  # fmt: skip
            turns += own
        return {"legs": found, "fleets": rows, "turns": turns, "slots": slots, "empty": self._empty(legs, nodes),
                "vehicles": self._vehicles(fleets, legs, nodes, turns, rows), "fleet_ids": fleets}  # fmt: skip

    def _turns(self, fleet: int, legs: list[Leg]) -> list[int]:
        own: list[int] = []
        for service in self.rotation(fleet):
            for number, leg in enumerate(legs):
                if leg.fleet == fleet and service in leg.services and (not own or own[-1] != number):
                    own.append(number)
        rest = [n for n, leg in enumerate(legs) if leg.fleet == fleet and n not in own]
        return own + rest

    def _leg(self, leg: Leg, fleets: list[int], slots: list[float]) -> Row:
        network, service = self.network, leg.services[0]
        endless = not np.isfinite(self.vehicles(leg.fleet))
        headway, rule = float(network.headway[service]), int(network.world.rule[service])
        luck = luck_of(f"services:{network.ids.services[service]}") ^ 2
        row: Row = {"fleet": fleets.index(leg.fleet), "key": luck, "fill": 1.0, "longest": 8760.0}
        if rule == world.TIMETABLE:
            first, last = network.world.dep_first[service], network.world.dep_first[service + 1]
            times = self.axis.again(network.world.dep_time[first:last])
            row |= {"rule": scene.TIMETABLE, "slot_first": len(slots), "slot_end": len(slots) + len(times)}
            slots += times.tolist()
        elif rule == world.FILL and not endless:
            longest = network.max_wait[service]
            fill = network.fill[service]
            row |= {"rule": scene.FILL, "fill": float(fill) if np.isfinite(fill) else 1.0,
                    "longest": float(longest) if np.isfinite(longest) else 8760.0}  # fmt: skip
        else:
            row |= {"rule": scene.HEADWAY, "headway": headway, "scv": self._scv(service, headway) if endless else 0.0}
        return row

    def _scv(self, service: int, headway: float) -> float:
        """Return the spread of a headway at which who comes at any time waits as the dataset says: h (1 + scv) / 2."""
        boards = (self.network.world.kind == world.BOARD) & (self.network.world.service == service)
        wait = float(self.network.world.wait[boards].mean()) if boards.any() else headway / 2
        return float(np.clip(2.0 * wait / headway - 1.0, 0.0, SPREADS))

    def hours(self, leg: Leg) -> float:
        """Return the running time of a leg [h]."""
        return float(sum(self.network.hours[a] for a in leg.run if self.network.world.kind[a] == world.MOVE))

    def _empty(self, legs: list[Leg], nodes: dict[tuple[int, int], int]) -> NDArray[np.float64]:
        """Return hours of empty runs between nodes: along legs, either way."""
        found = np.full((len(nodes), len(nodes)), FOREVER)
        np.fill_diagonal(found, 0.0)
        for leg in legs:
            a, b = nodes[leg.fleet, leg.origin], nodes[leg.fleet, leg.destination]
            found[a, b] = min(found[a, b], self.hours(leg))
            found[b, a] = min(found[b, a], self.hours(leg))
        for k in range(len(nodes)):
            found = np.minimum(found, found[:, k : k + 1] + found[k : k + 1, :])
        return np.where(found >= FOREVER, FOREVER, found)

    def _vehicles(
        self, fleets: list[int], legs: list[Leg], nodes: dict[tuple[int, int], int], turns: list[int], rows: list[Row]
    ) -> list[Row]:
        found = []
        for number, fleet in enumerate(fleets):
            if rows[number]["endless"]:
                continue
            own = turns[rows[number]["leg_first"] : rows[number]["leg_end"]]
            name = self.network.ids.fleets[fleet]
            for n in range(int(np.ceil(self.vehicles(fleet) - 1e-9))):
                turn = n % len(own)
                node = nodes[fleet, legs[own[turn]].origin]
                found.append({"fleet": number, "node": node, "turn": turn, "luck": luck_of(f"fleets:{name}:{n}")})
        return found
