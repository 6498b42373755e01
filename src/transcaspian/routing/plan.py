"""This module owns ``plan``: the ways of a shipment door to door, in order of preference.

Three searches make the candidates: the exact front of arrival, cost and emissions; the front of arrival and emissions
over the gateways of a through rate; and the best of each route family. They are priced, and what another of its kind
beats is dropped. The rest are described and travelled with drawn luck; then they are ranked, the first of every family
before seconds.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from operator import le
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import BOARD, MOVE
from transcaspian.model.corridor import Corridor
from transcaspian.network.cargo import departures_of
from transcaspian.network.network import Network
from transcaspian.network.search import Chain, arrivals_of, family_chains, pareto_chains
from transcaspian.network.through import LAST_MILE_KM, trucked
from transcaspian.results.itinerary import Crossed, Itinerary, Leg, Plan, Shipment
from transcaspian.results.text import days
from transcaspian.routing.describe import Describer
from transcaspian.routing.explain import no_route
from transcaspian.routing.pricing import Prices, charged, price_of, prices_of, value_of_time
from transcaspian.routing.reliability import reliability_of
from transcaspian.routing.request import Point, Request, said, zone_of
from transcaspian.routing.task import DESTINATION, ORIGIN, Job, job_of, with_ends

FAR_KM = 100.0
"""A truck ride over a longer link is a long haul, not an access leg."""

Haul = Literal["train", "truck", "train and truck"]
"""What carries cargo over land: trucks for more than half of it, or for more than the last mile, or not."""

SLACK = 4.0
"""Families whose weighted sum is more than this many times the best are not shown."""

Grid = tuple[float, float, float]
"""Rounding of a front in h, EUR and kg."""

KEYS: dict[str, Callable[[Itinerary], float]] = {
    "value": lambda i: i.price.logistics,
    "fast": lambda i: i.hours if i.p50_hours is None else i.p50_hours,
    "cheap": lambda i: i.price.total,
    "green": lambda i: i.co2e,
    "sure": lambda i: i.hours if i.p90_hours is None else i.p90_hours,
}
"""What each preference ranks by."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A chain on its way to become an itinerary."""

    chain: Chain
    total: tuple[float, float, float]  # arrival h, price EUR, kg CO2e
    family: tuple[str, ...]
    haul: Haul
    pareto: bool = False

    @property
    def kind(self) -> tuple[str, ...]:
        """What makes it differ in kind: its gateways, and whether trains, trucks or both carry it over land."""
        return *self.family, self.haul


def plan(network: Network, corridor: Corridor, request: Request) -> Plan:
    """Return the ways of a shipment, best first.

    Parameters
    ----------
    network : the corridor compiled for a window that holds the journey
    corridor : the corridor it was compiled from, for names, papers and rates
    request : the question

    Returns
    -------
    at least one itinerary; the first of every route family stands before the second of any

    Raises
    ------
    NoRouteError
        If nothing is left; it names the constraints that cut it.
    RequestError
        If the cargo cannot stand at an end.

    References
    ----------
    ISO 14083:2023 for the elements of a transport chain; Martins (1984) for the search.
    """
    network, start, end = with_ends(network, corridor, request)
    job = job_of(network, corridor, request, start, end)
    prices = prices_of(corridor, request, network.ids.place_country[end])
    describer = Describer(network, corridor, request, job)
    grid = request.grid or default_grid(job)
    candidates = _candidates(network, job, prices, describer, grid, back=False)
    if not candidates and job.needed:  # what is required may lie at the end of a line
        candidates = _candidates(network, job, prices, describer, grid, back=True)
    if not candidates:
        raise no_route(network, corridor, request, job)
    made = [_itinerary(network, job, c, describer, prices) for c in _chosen(candidates, request.most)]
    ranked = _told_apart(_ranked(made, KEYS[request.prefer]), corridor)
    ends = (ORIGIN, request.origin), (DESTINATION, request.destination)
    doors = {name: door for at, door in ends if isinstance(door, Point) for name in (at, said(door))}
    return Plan(
        shipment=_shipment(request, job, value_of_time(prices)),
        itineraries=tuple(replace(i, rank=n) for n, i in enumerate(ranked, start=1)),
        names=_names(corridor, ranked) | {door: said(point) for door, point in doors.items()},
        zones=_zones(corridor, ranked) | {door: zone_of(corridor, point) for door, point in doors.items()},
        families=len({c.family for c in candidates}),
        filled=len(network.fills),
        grid=grid,
        scenario=None,
        corridor_id="",
        seed=request.seed,
    )


def default_grid(job: Job) -> Grid:
    """Return the rounding of the front: 6 hours, 25 EUR and 10 kg for every load unit."""
    units = float(job.units.max())
    return 6.0, 25.0 * units, 10.0 * units


def _weights(prefer: str, hour: float, units: float) -> tuple[float, float, float]:
    """Return what an hour, a euro and a kilogram weigh in a preference; a little of the rest settles ties."""
    return {
        "fast": (50.0 * units + hour, 0.05, 0.001),
        "sure": (50.0 * units + hour, 0.2, 0.001),
        "cheap": (0.01 * hour, 1.0, 0.001),
        "green": (0.01 * hour, 0.01, 5.0),
    }.get(prefer, (hour, 1.0, 0.001))


def _candidates(
    network: Network, job: Job, prices: Prices, describer: Describer, grid: Grid, *, back: bool
) -> list[Candidate]:
    """Return the ways worth showing, best first; they may come ``back`` to a place where they were."""
    request, hour = prices.request, value_of_time(prices)
    most = max(3 * request.most, 12)
    weights = _weights(request.prefer, hour, float(job.units.max()))
    chains: list[Chain] = []
    on_truck = trucked(network, prices.corridor)
    for one in job.searches:
        chains += pareto_chains(network, one, grid, back=back)
        for sold, cells in _sold_whole(network, one, prices, grid, on_truck):
            chains += pareto_chains(network, sold, cells, back=back)
        for part in _parts(network, one):
            chains += family_chains(network, part, weights, most, SLACK, back=back)
    different = list({chain.tobytes(): chain for chain in chains}.values())
    found = _undominated(list(_priced(network, job, different, describer, prices, on_truck)))
    value = sorted(found, key=lambda c: sum(w * x for w, x in zip(weights, _net(c, job), strict=True)))
    return _without_detours(value, job)


def _sold_whole(
    network: Network, job: Job, prices: Prices, grid: Grid, on_truck: NDArray[np.bool_]
) -> Iterator[tuple[Job, Grid]]:
    """Yield the job over the gateways of each through rate, with the cells of its front.

    The price is the same however it runs, so what counts beside time and emissions is that it stays within the rate:
    the km on trucks take the place of the cost.
    """
    for passes in dict.fromkeys(passes for _, passes in prices.through if passes <= set(network.ids.gateways)):
        needed = job.needed
        for gateway in passes:
            needed |= np.uint64(1) << np.uint64(network.ids.gateways.index(gateway))
        allowed = job.task.allowed & ~(on_truck & (network.km > LAST_MILE_KM))
        task = job.task._replace(allowed=allowed, cost=np.where(on_truck, network.km, 0.0))
        yield replace(job, task=task, needed=needed), (grid[0], LAST_MILE_KM / 4.0, grid[2])


def _parts(network: Network, job: Job) -> list[Job]:
    """Return the job as it is, without long road hauls, and without trains: so that each land mode shows its best."""
    moves = network.world.kind == MOVE
    road, rail = (network.mode == network.ids.modes.index(m) for m in ("road", "rail"))
    far = moves & road & (network.km > FAR_KM)
    masks = [barred for barred in (far, moves & rail) if (job.task.allowed & barred).any()]
    tasks = [job.task._replace(allowed=job.task.allowed & ~barred) for barred in masks]
    return [job, *(replace(job, task=task) for task in tasks)]


def _priced(
    network: Network,
    job: Job,
    chains: list[Chain],
    describer: Describer,
    prices: Prices,
    on_truck: NDArray[np.bool_],
) -> Iterator[Candidate]:
    """Yield chains with what they are and come to."""
    if not chains:
        return
    every, first = np.concatenate(chains), np.cumsum([0, *map(len, chains)])
    km, mode = network.km[every], network.mode[every]
    modes = (mode == network.ids.modes.index(m) for m in ("road", "rail"))
    road, rail, truck = (np.add.reduceat(km * there, first[:-1]).tolist() for there in (*modes, on_truck[every]))
    cost, carbon = (np.add.reduceat(x[every], first[:-1]).tolist() for x in (job.task.cost, job.task.carbon))
    arrivals, families = arrivals_of(network, job, every, first), describer.families(every, first)
    for n, chain in enumerate(chains):
        family, arrival = families[n], arrivals[n]
        haul: Haul = "train" if road[n] <= LAST_MILE_KM else "truck" if road[n] > rail[n] else "train and truck"
        price = charged(prices, family, truck[n], cost[n], arrival - job.start)
        yield Candidate(chain, (arrival, price, carbon[n]), family, haul)


def _undominated(candidates: list[Candidate]) -> list[Candidate]:
    """Drop what another of its kind beats, as it is priced; mark what none at all beats."""
    if not candidates:
        return []
    columns = np.array([c.total for c in candidates]).T
    beats = np.logical_and.reduce([x[:, None] <= x for x in columns])
    beats &= np.logical_or.reduce([x[:, None] < x for x in columns])
    number: dict[tuple[str, ...], int] = {}
    kind = np.array([number.setdefault(c.kind, len(number)) for c in candidates])
    front = ~np.logical_or.reduce(beats, axis=0)
    kept = ~np.logical_or.reduce(beats & np.equal.outer(kind, kind), axis=0)
    return [replace(candidates[n], pareto=True) if front[n] else candidates[n] for n in np.flatnonzero(kept)]


def _net(candidate: Candidate, job: Job) -> tuple[float, float, float]:
    arrival, cost, carbon = candidate.total
    return arrival - job.start, cost, carbon


def _without_detours(candidates: list[Candidate], job: Job) -> list[Candidate]:
    """Drop a family that passes all gateways of another and is worse in every respect: it is a detour of it."""
    kept: list[Candidate] = []
    passed: dict[frozenset[str], list[tuple[float, float, float]]] = {}
    for c in candidates:
        here = frozenset(c.family)
        shorter = (total for gateways, totals in passed.items() if gateways < here for total in totals)
        if not any(all(map(le, total, c.total)) for total in shorter):
            kept.append(c)
            passed.setdefault(here, []).append(c.total)
    return kept


def _chosen(candidates: list[Candidate], most: int) -> list[Candidate]:
    """Return the best of every family, then other kinds, then trade-offs that differ enough.

    Where there are more families than asked for, the best over every first gateway stand before the rest: by another
    sea or another border is another kind, from another port of one sea hardly.
    """
    first: dict[tuple[str, ...], Candidate] = {}
    for c in candidates:
        first.setdefault(c.family, c)
    trunk: dict[tuple[str, ...], tuple[str, ...]] = {}
    for family in first:
        trunk.setdefault(family[:1], family)
    first = {family: first[family] for family in dict.fromkeys((*trunk.values(), *first))}
    kinds = {c.kind: c for c in reversed(candidates)}
    others = [
        c for c in candidates if kinds[c.kind] is c and first[c.family] is not c and _not_worse(c, first[c.family])
    ]
    chosen = [*first.values(), *others][:most]
    for c in candidates:
        if len(chosen) >= most:
            break
        if c.pareto and c not in chosen and all(_differs(c, other) for other in chosen):
            chosen.append(c)
    return chosen


def _not_worse(c: Candidate, other: Candidate) -> bool:
    """Return whether a candidate is better than another in at least one respect."""
    return any(a < b for a, b in zip(c.total, other.total, strict=True))


def _differs(a: Candidate, b: Candidate) -> bool:
    """Return whether two candidates differ by more than a siding: a twelfth in time, price or emissions."""
    return any(abs(x - y) > max(x, y) / 12.0 for x, y in zip(a.total, b.total, strict=True))


def _ranked(itineraries: list[Itinerary], key: Callable[[Itinerary], float]) -> list[Itinerary]:
    """Return itineraries by preference, the first of every family before the second of any."""
    by_key = sorted(itineraries, key=lambda i: (key(i), i.hours, i.label))
    firsts: dict[tuple[str, ...], Itinerary] = {}
    for i in by_key:
        firsts.setdefault(i.family, i)
    head = list(firsts.values())
    return head + [i for i in by_key if not any(i is h for h in head)]


def _told_apart(itineraries: list[Itinerary], corridor: Corridor) -> list[Itinerary]:
    """Return itineraries with labels that differ, where they differ in where they change vehicles, or in the rides."""

    def changes(i: Itinerary) -> list[str]:
        ends = (leg.destination for leg in i.legs[:-1])
        return ["change at " + short_name(corridor.places[p].name) for p in ends if p in corridor.places]

    def rides(i: Itinerary) -> list[str]:
        return ["with " + leg.name for leg in i.legs]

    for said_of in (changes, rides):
        alike: dict[str, list[list[str]]] = {}
        for i in itineraries:
            alike.setdefault(i.label, []).append(said_of(i))
        if len(alike) == len(itineraries):
            break
        own = [[word for word in said_of(i) if not all(word in o for o in alike[i.label])] for i in itineraries]
        itineraries = [replace(i, label=", ".join([i.label, *w[:2]])) for i, w in zip(itineraries, own, strict=True)]
    return itineraries


def _itinerary(network: Network, job: Job, candidate: Candidate, describer: Describer, prices: Prices) -> Itinerary:
    request = prices.request
    parts = describer.parts(candidate.chain)
    arrival, _, carbon = candidate.total
    hours = arrival - job.start
    sure = reliability_of(network, job, candidate.chain, request.draws, request.seed) if request.draws else None
    legs = [p for p in parts if isinstance(p, Leg)]
    hubs = sum(a.co2e for p in parts if not isinstance(p, Leg) for a in p.activities)
    crossed = describer.crossed(parts)
    return Itinerary(
        rank=0,
        label=_label(candidate, legs, crossed, describer.corridor),
        family=candidate.family,
        haul=candidate.haul,
        departs=request.departs,
        arrives=network.window.moment(arrival),
        hours=hours,
        km=sum(leg.km for leg in legs),
        p50=sure.p50 if sure else None,
        p90=sure.p90 if sure else None,
        price=price_of(prices, parts, candidate.family, hours),
        co2e=carbon,
        co2e_hubs=hubs,
        reliability=sure,
        chain=parts,
        crossings=crossed,
        countries=describer.countries(candidate.chain),
        notes=tuple(_notes(candidate.chain, describer)),
        pareto=candidate.pareto,
    )


def _label(candidate: Candidate, legs: list[Leg], crossed: tuple[Crossed, ...], corridor: Corridor) -> str:
    """Return what a person would call the way: the first land border and its gateways, or how it goes without any."""
    border = _first_border(crossed, candidate.family, corridor)
    passed = [short_name(corridor.places[p].name) for p in (*border, *candidate.family)]
    if not candidate.family:
        trucked = " + truck" if candidate.haul == "train and truck" else ""
        return ", ".join([f"by {max(legs, key=lambda leg: leg.km).mode}", *passed]) + trucked
    return (
        "via " + ", ".join(passed) + {"train": "", "truck": " by truck", "train and truck": " + truck"}[candidate.haul]
    )


def _first_border(crossed: tuple[Crossed, ...], family: tuple[str, ...], corridor: Corridor) -> list[str]:
    """Return the border point where the first border is crossed, on its far side, if by land and at no gateway.

    Two ways over the same gateways may begin at different borders (Altynkol, Dostyk): one family, but not one answer.
    """
    if not crossed or corridor.crossings[crossed[0].crossing].mode not in ("rail", "road"):
        return []
    pair = crossed[0].from_country, crossed[0].to_country
    places = [c.place for c in crossed if (c.from_country, c.to_country) == pair]
    points = [p for p in places if corridor.places[p].kind == "border"]  # customs may stand in a town behind it
    return [] if {*places} & {*family} else (points or places)[-1:]


@cache
def short_name(name: str) -> str:
    """Return a place's name without what stands in brackets or after a slash, and without the word port or station.

    >>> short_name("Port of Baku at Alat"), short_name("Dostyk station / TransTerminal"), short_name("Khorgos dry port")
    ('Alat', 'Dostyk', 'Khorgos')
    """
    bare = re.split(r" \(| / ", name, maxsplit=1)[0].removeprefix("Port of Baku at ")
    return re.sub(r" (dry port|port|station)$", "", bare)


def _notes(chain: Chain, describer: Describer) -> Iterable[str]:
    """Yield what a reader should know: what is held still; a lot that more than one departure takes."""
    network, job = describer.network, describer.job
    yield from network.held
    boards = chain[network.world.kind[chain] == BOARD]
    filled = departures_of(network, job.form, job.units, boards)
    for arc, part in zip(boards[filled > 1.0 + 1e-9].tolist(), filled[filled > 1.0 + 1e-9].tolist(), strict=True):
        service = describer.corridor.services[network.ids.services[network.world.service[arc]]]
        if service.mode != "road":
            later = f"; the last is timed, {days(job.task.hours[arc])} after the first" if job.task.hours[arc] else ""
            yield f"{service.name}: the lot takes {math.ceil(part - 1e-9)} departures{later}"


def _shipment(request: Request, job: Job, hour: float) -> Shipment:
    tonnes = request.units * request.tonnes_per_unit
    return Shipment(
        origin=said(request.origin),
        destination=said(request.destination),
        units=request.units,
        form=request.form,
        commodity=request.commodity,
        tonnes=tonnes,
        departs=request.departs,
        owner=request.owner,
        prefer=request.prefer,
        value_of_time=hour * 24.0 / tonnes if tonnes else 0.0,
        constraints=tuple(str(c) for c in request.constraints),
        latest=request.latest,
    )


def _zones(corridor: Corridor, itineraries: Iterable[Itinerary]) -> dict[str, str]:
    """Return the time zone of every place where an itinerary stops or changes."""
    parts = [part for i in itineraries for part in i.chain]
    places = {
        p for part in parts for p in ((part.origin, part.destination) if isinstance(part, Leg) else (part.place,))
    }
    return {p: corridor.places[p].timezone for p in sorted(places) if p in corridor.places}


def _names(corridor: Corridor, itineraries: Iterable[Itinerary]) -> dict[str, str]:
    """Return the names of every place, country, operator and document that the itineraries mention."""
    names: dict[str, str] = {}
    for i in itineraries:
        ids = {*i.family, *([i.price.returned_to] if i.price.returned_to else [])}
        for part in i.chain:
            if isinstance(part, Leg):
                ids |= {part.origin, part.destination, *(a.place for a in part.borders)}
                if part.operator in corridor.operators:
                    names[part.operator] = corridor.operators[part.operator].name
            else:
                ids.add(part.place)
        new = sorted(ids - names.keys())
        names |= {p: short_name(corridor.places[p].name) for p in new if p in corridor.places}
        names |= {c: corridor.countries[c].name for c in i.countries if c in corridor.countries}
        names |= {d: corridor.documents[d].name for c in i.crossings for d in c.documents if d in corridor.documents}
    return names
