"""This module owns what services add to a network: boarding, moves over links, borders on the way, alighting."""

from collections.abc import Iterable
from dataclasses import dataclass

from transcaspian.kernels.world import ALIGHT, BOARD, MOVE
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Place
from transcaspian.model.corridor.price import EmissionFactor
from transcaspian.model.corridor.service import Service
from transcaspian.model.corridor.step import Step
from transcaspian.network.builder import Arc, Draft, Vertex, luck_of
from transcaspian.network.network import Cut
from transcaspian.network.prices import Vector
from transcaspian.network.terminals import Chain, add_procedures, arrived, cleared, work_arc

SHIPS = ("sea", "waterway")

Border = tuple[Chain | None, Chain | None]
"""The crossings at the start and at the end of a link."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One link as a service runs it."""

    link: Link
    start: Place
    end: Place
    hours: float
    grams: float
    factor: str


@dataclass(slots=True)
class Offers:
    """Adds services to a draft."""

    draft: Draft
    chains: dict[tuple[str, str, str, str], Chain]
    handlings: dict[tuple[str, str], list[tuple[Step, str]]]
    passes: dict[str, list[str]]
    factors: dict[tuple[str, str | None, str | None], EmissionFactor]
    copied: set[tuple[str, str, str, str, str]]

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

    def _move(self, service: Service, hop: Hop, tail: int, head: int, group: str, total: float | None) -> Arc:
        draft = self.draft
        hours = hop.hours if total is None else total
        power = draft.slot("hours", "services", service.id, "speed_km_h", hop.link.km, -1) if service.speed_km_h else ()
        if not power and service.speed_km_h is None and hop.link.speed_km_h is not None:
            power = draft.slot("hours", "links", hop.link.id, "speed_km_h", hop.link.km, -1)
        if total is not None and service.hours:
            power = draft.slot("hours", "services", service.id, "hours", total / service.hours)
        scv = self._spread(service)
        shut = draft.closed_by(
            f"links:{hop.link.id}",
            f"services:{service.id}",
            f"places:{hop.start.id}",
            f"places:{hop.end.id}",
            *(f"places:{p}" for p in self.passes.get(hop.link.id, ())),
        )
        carbon_slot = draft.slot("carbon_tonne", "emission_factors", hop.factor, "wtw", hop.link.km / 1000.0)
        return Arc(
            tail,
            head,
            MOVE,
            draft.groups[group],
            hours=hours,
            scv=scv,
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
        facts = {"mode": service.mode, "product": service.product}
        return self.draft.filler.value("services", service.id, "scv", facts)

    def _passed(self, service: Service, hop: Hop) -> int:
        bits = 0
        if service.mode not in SHIPS:
            bits |= self.draft.bit(hop.end) if hop.end.kind != "seaport" else 0
        for place in self.passes.get(hop.link.id, ()):
            bits |= self.draft.bit(self.draft.corridor.places[place])
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
        for group in groups:
            for number, call in enumerate(calls[:-1]):
                self._ride(service, hops, borders, runs, call, frozenset(calls[number + 1 :]), group, km)

    def _barred(self, hops: Iterable[Hop]) -> str:
        for hop in hops:
            if hop.link.status != "open":
                return f"{hop.link.id}: {hop.link.reason or hop.link.status}"
            for place in (hop.start, hop.end):
                if place.status != "open":
                    return f"{place.name} is {place.status}"
        return ""

    def _ride(
        self,
        service: Service,
        hops: list[Hop],
        borders: list[Border],
        runs: list[float],
        call: int,
        exits: frozenset[int],
        group: str,
        km: float,
    ) -> None:
        """Add boarding at one call, the run behind it and alighting at every later call."""
        draft, last = self.draft, len(hops)
        start = hops[call].start

        def aboard(position: int, crossing: str = "", stage: int = -1) -> Vertex:
            place = hops[position].start if position < last else hops[-1].end
            return (draft.places[place.id], service.carrier, group, service.id, call, crossing, stage)

        self._board(service, start, borders[call][0], draft.vertex(aboard(call)), group, sum(runs[:call]), call == 0)
        run = 0.0
        at = draft.vertex(aboard(call))
        for position in range(call, last):
            hop, (tail_chain, head_chain) = hops[position], borders[position]
            if tail_chain and position > call:
                after = aboard(position, tail_chain.crossing.id, 0)
                add_procedures(draft, tail_chain, at, after, group)
                at = draft.vertex(after)
            run += hop.link.km
            ends = position + 1 == last
            yard = head_chain is not None and ends
            if head_chain and not yard:
                before = aboard(position + 1, head_chain.crossing.id, 1)
                head = draft.vertex(before)
                add_procedures(draft, head_chain, head, aboard(position + 1), group)
            else:
                head = draft.vertex(aboard(position + 1))
            arc = self._move(service, hop, at, head, group, runs[position])
            if ends and service.weather_to:
                arc.site = draft.sites[service.weather_to]
            draft.arcs.append(arc)
            at = draft.vertex(aboard(position + 1))
            if position + 1 in exits:
                vector = draft.prices.run(service, start.id, hop.end.id, run / km)
                self._alight(service, hop.end, head_chain if yard else None, at, group, vector)

    def _board(
        self, service: Service, place: Place, chain: Chain | None, aboard: int, group: str, offset: float, first: bool
    ) -> None:
        draft = self.draft
        if chain is None:
            ready = draft.at(place.id, service.carrier, group)
        else:
            ready = draft.vertex(cleared(place, service.carrier, group, chain, draft))
            self._clear(place, service.carrier, group, chain)
        draft.arcs.append(
            Arc(
                ready,
                aboard,
                BOARD,
                draft.groups[group],
                mode=draft.modes[service.mode],
                service=draft.services[service.id],
                offset=offset,
                site=draft.sites[service.weather_from] if first and service.weather_from else -1,
                gateway=draft.bit(place) if service.mode in SHIPS else 0,
                luck=luck_of(f"departures:{service.id}:{place.id}"),
                calendar=draft.closed_by(f"services:{service.id}", f"places:{place.id}"),
                wait=service.id,
            )
        )

    def _alight(
        self, service: Service, place: Place, chain: Chain | None, aboard: int, group: str, vector: Vector
    ) -> None:
        draft = self.draft
        if chain is None:
            off = draft.at(place.id, service.carrier, group)
        else:
            off = draft.vertex(arrived(place, service.carrier, group, chain, draft))
            self._enter(place, service.carrier, group, chain)
        draft.arcs.append(
            Arc(
                aboard,
                off,
                ALIGHT,
                draft.groups[group],
                mode=draft.modes[service.mode],
                service=draft.services[service.id],
                gateway=draft.bit(place) if service.mode in SHIPS else 0,
                vector=vector,
            )
        )

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
            draft.arcs.append(work_arc(draft, step, draft.vertex(after), head, group))

    def _enter(self, place: Place, carrier: str, group: str, chain: Chain) -> None:
        """Add unloading of what has arrived, then the procedures in the state of the chain."""
        if not self._first_time("in", place, carrier, group, chain):
            return
        draft = self.draft
        state, unloading = self._ground(place, carrier, group, chain, out=False)
        tail = draft.vertex(arrived(place, carrier, group, chain, draft))
        head = draft.vertex(arrived(place, state, group, chain, draft))
        for step in unloading:
            draft.arcs.append(work_arc(draft, step, tail, head, group))
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
        for group in groups:
            for place_id in calls:
                place = draft.corridor.places[place_id]
                aboard = draft.vertex((draft.places[place_id], service.carrier, group, service.id, 0, "", -1))
                self._board(service, place, None, aboard, group, 0.0, False)
                draft.arcs.append(
                    Arc(
                        aboard,
                        draft.at(place_id, service.carrier, group),
                        ALIGHT,
                        draft.groups[group],
                        mode=draft.modes[service.mode],
                        service=draft.services[service.id],
                    )
                )
            for hop, border in hops:
                self._area_hop(service, hop, border, group)

    def _area_hop(self, service: Service, hop: Hop, border: Border, group: str) -> None:
        draft = self.draft
        tail_chain, head_chain = border

        def aboard(place: Place, crossing: str = "", stage: int = -1) -> Vertex:
            return (draft.places[place.id], service.carrier, group, service.id, 0, crossing, stage)

        tail, head = draft.vertex(aboard(hop.start)), draft.vertex(aboard(hop.end))
        if tail_chain:
            after = aboard(hop.start, f"{tail_chain.crossing.id}>{hop.link.id}", 0)
            add_procedures(draft, tail_chain, tail, after, group)
            tail = draft.vertex(after)
        if head_chain:
            before = draft.vertex(aboard(hop.end, f"{head_chain.crossing.id}>{hop.link.id}", 1))
            add_procedures(draft, head_chain, before, aboard(hop.end), group)
            head = before
        arc = self._move(service, hop, tail, head, group, None)
        vectors = draft.prices.per_km(service, hop.start.country), draft.prices.per_km(service, hop.end.country)
        arc.vector, arc.weight = _mean(*vectors), hop.link.km
        draft.arcs.append(arc)


def _mean(a: Vector, b: Vector) -> Vector:
    """Return the mean of two prices per km: half a border link lies in each country."""
    if a is b:
        return a
    parts = tuple((*part[:4], part[4] / 2) for vector in (a, b) for part in vector.parts)
    return Vector((a.price + b.price) / 2, (a.resource + b.resource) / 2, max(a.basis, b.basis), parts)
