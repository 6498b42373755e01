"""This module owns what services add to a network: boarding, moves over links, borders on the way, alighting."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from transcaspian.kernels.world import ALIGHT, BOARD, MOVE
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Place
from transcaspian.model.corridor.price import EmissionFactor
from transcaspian.model.corridor.service import Service
from transcaspian.model.corridor.step import Step
from transcaspian.network.builder import Draft, Vertex, Work, luck_of
from transcaspian.network.network import Cut
from transcaspian.network.prices import FREE, Vector
from transcaspian.network.terminals import Chain, add_procedures, add_work, arrived, cleared

SHIPS = ("sea", "waterway")

Border = tuple[Chain | None, Chain | None]
"""The crossings at the start and at the end of a link."""


class Hop(NamedTuple):
    """One link as a service runs it."""

    link: Link
    start: Place
    end: Place
    hours: float
    grams: float
    factor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A service along its links, in order: with the crossings of each, its hours there, and its km in all."""

    service: Service
    hops: list[Hop]
    borders: list[Border]
    stations: list[int]  # index of the place at each call and passing point, one more than hops
    hours: list[float]
    km: float


@dataclass(slots=True)
class Offers:
    """Adds services to a draft."""

    draft: Draft
    chains: dict[tuple[str, str, str, str], Chain]
    handlings: dict[tuple[str, str], list[tuple[Step, str]]]
    passes: dict[str, list[str]]
    factors: dict[tuple[str, str | None, str | None], EmissionFactor]
    copied: set[tuple[str, str, str, str, str]] = field(default_factory=set)
    spreads: dict[str, float] = field(default_factory=dict)

    def add(self, service: Service, rows: list[tuple[str, bool]], stops: frozenset[str], groups: list[str]) -> None:
        """Add a service, or note why it cannot run."""
        if service.status != "open":
            self.draft.cuts.append(
                Cut(f"service {service.id}", service.reason or f"is {service.status}", self._ends(rows))
            )
            return
        if service.pattern == "area":
            self._area(service, rows, groups)
        else:
            self._line(service, rows, stops, groups)

    def _ends(self, rows: list[tuple[str, bool]]) -> tuple[str, ...]:
        links = [self.draft.corridor.links[link] for link, _ in rows]
        return tuple(dict.fromkeys(p for link in links for p in (link.origin, link.destination)))

    # --- hops -----------------------------------------------------------------------------------------------------

    def _hop(self, service: Service, link: Link, reverse: bool) -> Hop:
        places = self.draft.corridor.places
        start, end = places[link.origin], places[link.destination]
        if reverse:
            start, end = end, start
        return Hop(link, start, end, link.km / self._speed(service, link), *self._factor(service, link, start))

    def _speed(self, service: Service, link: Link) -> float:
        if service.speed_km_h is not None:
            return service.speed_km_h
        if link.speed_km_h is not None:
            return link.speed_km_h
        facts: dict[str, object] = {
            "mode": link.mode,
            "product": service.product,
            "gauge": link.gauge,
            "tracks": link.tracks,
            "terrain": link.terrain,
            "country": self.draft.corridor.places[link.origin].country,
        }
        return self.draft.filler.value("links", link.id, "speed_km_h", facts)

    def _factor(self, service: Service, link: Link, start: Place) -> tuple[float, str]:
        """Return g CO2e per net tonne and km, and the id of the emission factor it is from."""
        if service.factor:
            return self.draft.corridor.emission_factors[service.factor].wtw, service.factor
        traction = {"yes": "electric", "no": "diesel", "partly": "mixed"}.get(link.electrified or "no")
        wanted = [(link.mode, traction, start.country), (link.mode, traction, None), (link.mode, None, None)]
        if link.mode == "rail":
            wanted.insert(2, (link.mode, "diesel", None))
        found = next((self.factors[w] for w in wanted if w in self.factors), None)
        if found is None:
            facts: dict[str, object] = {"mode": link.mode, "product": service.product}
            return self.draft.filler.value("emission_factors", link.mode, "wtw", facts), ""
        return found.wtw, found.id

    def _border(self, service: Service, hop: Hop) -> Border | None:
        """Return the crossings at the start and end of a hop, or None (and a cut) if it cannot be crossed there."""
        a, b = hop.start, hop.end
        if a.country == b.country:
            return None, None
        key = ("sea" if service.mode in SHIPS else service.mode, a.country, b.country)
        tail, head = self.chains.get((a.id, *key)), self.chains.get((b.id, *key))
        countries = self.draft.corridor.countries
        same = countries[a.country].customs == countries[b.country].customs
        if tail is None and head is None and not same:
            self.draft.cuts.append(
                Cut(f"border {a.name} - {b.name} ({key[0]})", self._no_crossing(a, b, key), (a.id, b.id))
            )
            return None
        return tail, head

    def _no_crossing(self, a: Place, b: Place, key: tuple[str, str, str]) -> str:
        closed = [
            c
            for c in self.draft.corridor.crossings.rows
            if c.place in (a.id, b.id) and (c.mode, c.from_country, c.to_country) == key and c.status != "open"
        ]
        return closed[0].reason or f"crossing is {closed[0].status}" if closed else "no crossing is known there"

    def _move(self, service: Service, hop: Hop, total: float | None) -> Work:
        """Return the run over a hop; ``total`` are its hours on a line."""
        draft = self.draft
        hours = hop.hours if total is None else total
        power = draft.slot("hours", "services", service.id, "speed_km_h", hop.link.km, -1) if service.speed_km_h else ()
        if not power and service.speed_km_h is None and hop.link.speed_km_h is not None:
            power = draft.slot("hours", "links", hop.link.id, "speed_km_h", hop.link.km, -1)
        if total is not None and service.hours:
            power = draft.slot("hours", "services", service.id, "hours", total / service.hours)
        shut = draft.closed_by(
            f"links:{hop.link.id}",
            f"services:{service.id}",
            f"places:{hop.start.id}",
            f"places:{hop.end.id}",
            *(f"places:{p}" for p in self.passes.get(hop.link.id, ())),
        )
        carbon_slot = draft.slot("carbon_tonne", "emission_factors", hop.factor, "wtw", hop.link.km / 1000.0)
        return Work(
            MOVE,
            hours=hours,
            scv=self._spread(service),
            least=0.7,  # a run is never much faster than its mean
            km=hop.link.km,
            mode=draft.modes[service.mode],
            service=draft.services[service.id],
            link=draft.links[hop.link.id],
            gateway=self._passed(service, hop),
            carbon_tonne=hop.grams * hop.link.km / 1000.0,
            luck=luck_of(f"services:{service.id}"),
            calendar=shut,
            parts=power + carbon_slot,
        )

    def _spread(self, service: Service) -> float:
        """Return the squared coefficient of variation of a service's run."""
        if service.scv is not None:
            return service.scv
        if service.id not in self.spreads:
            facts = {"mode": service.mode, "product": service.product}
            self.spreads[service.id] = self.draft.filler.value("services", service.id, "scv", facts)
        return self.spreads[service.id]

    def _passed(self, service: Service, hop: Hop) -> int:
        """Return the gateways of a run: what its link passes, and over land where a border is crossed.

        A terminal stands for the border station behind it: who runs from one to the other will cross.
        """
        bits, start, end = 0, hop.start, hop.end
        if service.mode not in SHIPS:
            crossed = start.country != end.country
            for place, other in ((start, end), (end, start)):
                behind = other.kind == "border" and place.kind != "border"
                bits |= self.draft.bit(place) if (crossed or behind) and place.kind != "seaport" else 0
        for passed in self.passes.get(hop.link.id, ()):
            bits |= self.draft.bit(self.draft.corridor.places[passed])
        return bits

    # --- lines ----------------------------------------------------------------------------------------------------

    def _line(self, service: Service, rows: list[tuple[str, bool]], stops: frozenset[str], groups: list[str]) -> None:
        draft = self.draft
        hops = [self._hop(service, draft.corridor.links[link], reverse) for link, reverse in rows]
        barred = self._barred(hops)
        if barred:
            draft.cuts.append(Cut(f"service {service.id}", barred, self._ends(rows)))
            return
        borders: list[Border] = []
        for hop in hops:
            border = self._border(service, hop)
            if border is None:
                return
            borders.append(border)
        km = sum(hop.link.km for hop in hops)
        runs = [hop.link.km / km * service.hours if service.hours else hop.hours for hop in hops]
        calls = [0, *(i + 1 for i, hop in enumerate(hops[:-1]) if hop.end.id in stops), len(hops)]
        stations = [draft.places[place.id] for place in (*(hop.start for hop in hops), hops[-1].end)]
        line = Line(service, hops, borders, stations, runs, km)
        for group in groups:
            for number, call in enumerate(calls[:-1]):
                self._ride(line, call, frozenset(calls[number + 1 :]), group)

    def _barred(self, hops: Iterable[Hop]) -> str:
        for hop in hops:
            if hop.link.status != "open":
                return f"{hop.link.id}: {hop.link.reason or hop.link.status}"
            for place in (hop.start, hop.end):
                if place.status != "open":
                    return f"{place.name} is {place.status}"
        return ""

    def _ride(self, line: Line, call: int, exits: frozenset[int], group: str) -> None:
        """Add boarding at one call, the run behind it and alighting at every later call."""
        draft, service, hops, last = self.draft, line.service, line.hops, len(line.hops)

        def aboard(position: int, crossing: str = "", stage: int = -1) -> Vertex:
            return (line.stations[position], service.carrier, group, service.id, call, crossing, stage)

        at = draft.vertex(aboard(call))
        self._board(line, call, at, group)
        run = 0.0
        for position in range(call, last):
            hop, (tail_chain, head_chain) = hops[position], line.borders[position]
            if tail_chain and position > call:
                after = aboard(position, tail_chain.crossing.id, 0)
                add_procedures(draft, tail_chain, at, after, group)
                at = draft.vertex(after)
            run += hop.link.km
            yard = head_chain is not None and position + 1 == last
            after = aboard(position + 1)
            if head_chain and not yard:
                head = draft.vertex(aboard(position + 1, head_chain.crossing.id, 1))
                add_procedures(draft, head_chain, head, after, group)
                draft.join(at, head, self._over(line, position))
                at = draft.vertex(after)
            else:
                at, before = draft.vertex(after), at
                draft.join(before, at, self._over(line, position))
            if position + 1 in exits:
                self._alight(line, call, position, run, head_chain if yard else None, at, group)

    def _over(self, line: Line, position: int) -> Work:
        """Return the run of a line over one of its hops; the weather at its end can stop the last."""
        service = line.service
        key = ("move", service.id, position)
        work = self.draft.made.get(key)
        if work is None:
            work = self.draft.made[key] = self._move(service, line.hops[position], line.hours[position])
            if position + 1 == len(line.hops) and service.weather_to:
                work.site = self.draft.sites[service.weather_to]
        return work

    def _board(self, line: Line, call: int, aboard: int, group: str) -> None:
        """Add boarding a line at a call, after the procedures where its link begins at a border."""
        draft, service, place, chain = self.draft, line.service, line.hops[call].start, line.borders[call][0]
        if chain is None:
            ready = draft.at(place.id, service.carrier, group)
        else:
            ready = draft.vertex(cleared(place, service.carrier, group, chain, draft))
            self._clear(place, service.carrier, group, chain)
        key = ("board", service.id, call)
        work = draft.made.get(key)
        if work is None:
            work = draft.made[key] = self._boarding(service, place)
            work.offset = sum(line.hours[:call])
            work.site = draft.sites[service.weather_from] if call == 0 and service.weather_from else -1
        draft.join(ready, aboard, work)

    def _boarding(self, service: Service, place: Place) -> Work:
        draft = self.draft
        return Work(
            BOARD,
            mode=draft.modes[service.mode],
            service=draft.services[service.id],
            gateway=draft.bit(place) if service.mode in SHIPS else 0,
            luck=luck_of(f"departures:{service.id}:{place.id}"),
            calendar=draft.closed_by(f"services:{service.id}", f"places:{place.id}"),
            wait=service.id,
        )

    def _alight(
        self, line: Line, call: int, position: int, run: float, chain: Chain | None, aboard: int, group: str
    ) -> None:
        """Add leaving a line behind one of its hops, ``run`` km from the call where cargo boarded."""
        draft, service, place = self.draft, line.service, line.hops[position].end
        key = ("alight", service.id, call, position)
        work = draft.made.get(key)
        if work is None:
            vector = draft.prices.run(service, line.hops[call].start.id, place.id, run / line.km)
            gateway = draft.bit(place) if service.mode in SHIPS else 0
            work = draft.made[key] = self._alighting(service, gateway, vector)
        if chain is None:
            off = draft.at(place.id, service.carrier, group)
        else:
            off = draft.vertex(arrived(place, service.carrier, group, chain, draft))
            self._enter(place, service.carrier, group, chain)
        draft.join(aboard, off, work)

    def _alighting(self, service: Service, gateway: int, vector: Vector) -> Work:
        mode, number = self.draft.modes[service.mode], self.draft.services[service.id]
        return Work(ALIGHT, mode=mode, service=number, gateway=gateway, vector=vector)

    def _clear(self, place: Place, carrier: str, group: str, chain: Chain) -> None:
        """Add the procedures before leaving: in the state of the chain, then loading of what is cleared."""
        if not self._first_time("out", place, carrier, group, chain):
            return
        draft = self.draft
        state, loading = self._ground(place, carrier, group, chain, out=True)
        after = cleared(place, state, group, chain, draft)
        add_procedures(draft, chain, draft.at(place.id, state, group), after, group)
        head = draft.vertex(cleared(place, carrier, group, chain, draft))
        for step in loading:
            add_work(draft, step, draft.vertex(after), head, group)

    def _enter(self, place: Place, carrier: str, group: str, chain: Chain) -> None:
        """Add unloading of what has arrived, then the procedures in the state of the chain."""
        if not self._first_time("in", place, carrier, group, chain):
            return
        draft = self.draft
        state, unloading = self._ground(place, carrier, group, chain, out=False)
        tail = draft.vertex(arrived(place, carrier, group, chain, draft))
        head = draft.vertex(arrived(place, state, group, chain, draft))
        for step in unloading:
            add_work(draft, step, tail, head, group)
        after: Vertex = (draft.places[place.id], state, group, "", -1, "", -1)
        add_procedures(draft, chain, head, after, group)

    def _ground(self, place: Place, carrier: str, group: str, chain: Chain, *, out: bool) -> tuple[str, list[Step]]:
        """Return where a carrier's cargo passes a crossing, and the handlings between there and the carrier.

        Boxes of a feeder are cleared in the yard; wagons of the rail ferry at the same port never stand there, so
        theirs is done on the carrier.
        """
        state = chain.state
        if state is None or state == carrier:
            return carrier, []
        before, after = (state, carrier) if out else (carrier, state)
        found = [
            step
            for step, served in self.handlings.get((place.id, before), ())
            if served == group and step.to_state == after and not step.to_group
        ]
        return (state, found) if found else (carrier, [])

    def _first_time(self, way: str, place: Place, carrier: str, group: str, chain: Chain) -> bool:
        key = (way, place.id, carrier, chain.crossing.id, group)
        if key in self.copied:
            return False
        self.copied.add(key)
        return True

    # --- areas ----------------------------------------------------------------------------------------------------

    def _area(self, service: Service, rows: list[tuple[str, bool]], groups: list[str]) -> None:
        draft = self.draft
        hops = []
        for link_id, _ in rows:
            link = draft.corridor.links[link_id]
            for reverse in (False, True) if link.direction == "both" else (False,):
                hop = self._hop(service, link, reverse)
                barred = self._barred([hop])
                if barred:
                    draft.cuts.append(Cut(f"link {link.id}", barred, (link.origin, link.destination)))
                    continue
                border = self._border(service, hop)
                if border is not None:
                    hops.append((hop, border))
        calls = dict.fromkeys(p.id for hop, _ in hops for p in (hop.start, hop.end))
        boardings = {place_id: self._boarding(service, draft.corridor.places[place_id]) for place_id in calls}
        off = self._alighting(service, 0, FREE)
        for group in groups:
            aboard: dict[str, Vertex] = {}
            for place_id in calls:
                aboard[place_id] = (draft.places[place_id], service.carrier, group, service.id, 0, "", -1)
                inside = draft.vertex(aboard[place_id])
                ground = draft.at(place_id, service.carrier, group)
                draft.join(ground, inside, boardings[place_id])
                draft.join(inside, ground, off)
            for hop, border in hops:
                self._area_hop(service, hop, border, aboard[hop.start.id], aboard[hop.end.id])

    def _area_hop(self, service: Service, hop: Hop, border: Border, start: Vertex, end: Vertex) -> None:
        draft, group = self.draft, start[2]
        tail_chain, head_chain = border
        tail, head = draft.vertex(start), draft.vertex(end)
        if tail_chain:
            after = (*start[:5], f"{tail_chain.crossing.id}>{hop.link.id}", 0)
            add_procedures(draft, tail_chain, tail, after, group)
            tail = draft.vertex(after)
        if head_chain:
            head = draft.vertex((*end[:5], f"{head_chain.crossing.id}>{hop.link.id}", 1))
            add_procedures(draft, head_chain, head, end, group)
        key = ("move", service.id, hop.link.id, hop.start.id)
        work = draft.made.get(key)
        if work is None:
            work = draft.made[key] = self._move(service, hop, None)
            work.vector = draft.prices.per_km(service, hop.start.country, hop.end.country)
            work.weight = hop.link.km
        draft.join(tail, head, work)
