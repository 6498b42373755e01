"""This module owns how demand becomes choice sets: what wants to move each month, and the ways it can take.

A demand of which a share keeps out of a country becomes two, with choice sets of their own. Its ways are grouped as the
observed shares of the base year group them, by the places they pass; where nothing was observed, by route family.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.kept import Found, Key, Memory
from transcaspian.assignment.lines import Lines
from transcaspian.assignment.way import Way
from transcaspian.errors import DataError, Problem
from transcaspian.kernels.world import NEVER, PROCEDURE, Task
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import Choice, Demand, RouteShare
from transcaspian.model.rules.demand import wrong_markets, wrong_queues
from transcaspian.network.cargo import Cargo, Errand, country_arcs, forms_of, marked, place_arcs, stands_at, task_of
from transcaspian.network.equipment import equipment
from transcaspian.network.fill import filler
from transcaspian.network.limits import SIZES
from transcaspian.network.money import exchange
from transcaspian.network.network import DIMENSIONS, OWNERS, Network
from transcaspian.network.search import Chain, Reach, durations_of, families_within, family_chains
from transcaspian.network.through import Through, rate_over, through_rates, trucked

FAMILIES = 4
"""Ways in the choice set of a group at most."""

SLACK = 1.3
"""Ways of a group that cost more than this many times its best are not chosen by anybody."""

FAR = 2.5
"""The same where nothing was observed, and every route family is a group."""

VIA = 48
"""First bit of the place that ways of an observed share must pass; those below are gateways."""

STARTS = (0.25, 0.75)
"""Moments of a month, as parts of it, whose travel times are averaged: timetables and weekends even out."""


@dataclass(frozen=True)
class Group:
    """Ways between which shippers see little difference, and the share observed for them; None is not observed.

    What a change opened has the share of the group it is ``like``: that of the base year whose constant it takes.
    """

    name: str
    share: float | None
    ways: tuple[Way, ...]
    like: str | None = None


@dataclass(frozen=True)
class Segment:
    """A demand, or the part of it that keeps out of a country, with its choice set."""

    demand: Demand
    part: float  # of the demand's volume
    shuns: str | None
    volume: NDArray[np.float64]  # (P,) load units
    choice: Choice
    hour: float  # EUR per tonne and hour
    worth: float  # EUR/t
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        """Its demand, and the country it keeps out of."""
        return self.demand.id if self.shuns is None else f"{self.demand.id} (not through {self.shuns})"

    @property
    def tonnes(self) -> float:
        """Net tonnes of a load unit."""
        return self.demand.tonnes / self.demand.units

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """All its ways, group by group."""
        return tuple(way for group in self.groups for way in group.ways)


def segments_of(
    network: Network,
    corridor: Corridor,
    year: int,
    memory: Memory | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> tuple[list[Segment], list[str]]:
    """Return the demand of a year with its choice sets, and what a reader should know of them.

    What a ``memory`` holds of another network is taken from it where it would be found again. Services ``without`` are
    taken by nobody.

    Raises
    ------
    DataError
        With every volume that is negative or missing, and every demand that has no way or no choice parameters.
    """
    found, notes, problems = judged(network, corridor, year, memory, without=without)
    if problems:
        raise DataError(problems)
    return found, notes


def judged(
    network: Network,
    corridor: Corridor,
    year: int,
    memory: Memory | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> tuple[list[Segment], list[str], list[Problem]]:
    """Return what ``segments_of`` does, and all that is wrong with it.

    What is wrong with a row hides nothing else: with a unit of a tonne, or a choice of its own, it is judged on.
    """
    maker = _Maker(network, corridor, year, memory, without)
    problems = [*wrong_queues(corridor), *wrong_markets(corridor)]  # a scenario may have added them
    found: list[Segment] = []
    for demand in corridor.demand.rows:
        wrong = _volumes(demand)
        problems += wrong
        if demand.units == 0 and not wrong:
            continue
        row = replace(demand, units=1.0, tonnes=1.0) if wrong else demand
        choice = maker.choice(row)
        if choice is None:
            problems.append(Problem("choices", "", "", demand.id, f"a row that fits {demand.commodity}"))
        parts = maker.able(row, choice or Choice(id="none", scale=1.0, reason=""))
        if not parts:
            right = f"a way for {demand.form} from {demand.origin} to {demand.destination}, or no such demand"
            problems.append(Problem("demand", demand.id, "destination", demand.destination, right))
        found += parts
    if not (found or problems):
        problems.append(Problem("demand", "", "", "no row", "at least one volume that wants to move"))
    return found, maker.notes, problems


def _volumes(demand: Demand) -> list[Problem]:
    """Return what is wrong with the volumes of a demand."""
    found = []
    for name, right in (("units", "0 or more"), ("tonnes", "0 or more, above 0 where there are units")):
        value = getattr(demand, name)
        if not 0 <= value < np.inf or (name == "tonnes" and value == 0 < demand.units):
            found.append(Problem("demand", demand.id, name, f"{value:g}", right))
    return found


class _Maker:
    def __init__(
        self, network: Network, corridor: Corridor, year: int, memory: Memory | None, without: frozenset[str]
    ) -> None:
        self.network, self.corridor, self.year = network, corridor, year
        numbers = [n for n, service in enumerate(network.ids.services) if service in without]
        self.kept_out = np.isin(network.world.service, numbers) if numbers else None
        self.recall = (memory or Memory()).recall(network, corridor)
        # The same places, countries and cargoes come up for many demands.
        self.at = cache(lambda place: place_arcs(network, corridor, place))
        self.within = cache(lambda country: country_arcs(network, corridor, country))
        self.task = cache(self._task)
        day = network.window.start.date()
        self.through_rates = cache(
            lambda origin, destination, form: through_rates(
                corridor, origin, destination, corridor.forms[form], OWNERS[0], day
            )
        )
        self.rates, self.fill = exchange(corridor), filler(corridor)
        self.lines = Lines(network, corridor)
        self.notes: list[str] = []
        self.seasons: dict[str, dict[int, float]] = {}
        for row in corridor.season_months.rows:
            self.seasons.setdefault(row.season, {})[row.month] = row.share
        self.observed: dict[str, list[RouteShare]] = {}
        for share in sorted(corridor.shares.rows, key=lambda s: s.seq):
            self.observed.setdefault(share.demand, []).append(share)
        self.passes: dict[str, list[str]] = {}
        for passed in corridor.link_passes.rows:
            self.passes.setdefault(passed.link, []).append(passed.place)
        edges = network.window.edges
        self.starts = np.array(
            [network.window.hours(a + (b - a) * part) for a, b in pairwise(edges) for part in STARTS]
        )

    def choice(self, demand: Demand) -> Choice | None:
        """Return the choice parameters with the most conditions that fit a demand."""
        group = self.corridor.forms[demand.form].group
        fitting = [
            c
            for c in self.corridor.choices.rows
            if c.commodity in (None, demand.commodity) and c.group in (None, group)
        ]
        return max(fitting, key=lambda c: (c.commodity is not None) + (c.group is not None), default=None)

    def segment(self, demand: Demand, choice: Choice) -> Segment:
        """Return a demand as one segment without ways."""
        good = self.corridor.commodities[demand.commodity]
        worth = self.rates.eur(good.value, good.currency, good.price_year)
        hour = worth * good.time_share_per_day / 24.0
        return Segment(demand, 1.0, None, self.volume(demand), choice, hour, worth, ())

    def able(self, demand: Demand, choice: Choice) -> list[Segment]:
        """Return the segments of a demand that have a way; if a change shut all it ever had, one that waits."""
        found = [segment for segment in self.parts(demand, choice) if segment.groups]
        if not found and self.recall.knew(demand.id):
            self.notes.append(f"{demand.id}: no way is left; it waits at {demand.origin}")
            return [self.segment(demand, choice)]
        return found

    def parts(self, demand: Demand, choice: Choice) -> list[Segment]:
        """Return a demand as one segment, or as two if a share of it keeps out of a country."""
        whole = self.segment(demand, choice)
        volume, hour = whole.volume, whole.hour
        rows = self.observed.get(demand.id, [])
        aside = demand.avoids_share if demand.avoids else 0.0
        if aside <= 0.0:
            free = self.free(demand, self.groups(demand, rows, hour, None, None))
            return [self.with_opened(replace(whole, groups=free), rows, free)]
        shy = self.groups(demand, rows, hour, demand.avoids, None)
        shares = {g.name: aside * (g.share or 0.0) for g in shy}
        free = self.groups(demand, rows, hour, None, shares if rows else None)
        if shy and not free:  # nothing of what they took is left: they divide as those do who keep out
            free = self.groups(demand, rows, hour, None, None)
        free = self.free(demand, free)
        found = [
            replace(whole, part=aside, shuns=demand.avoids, volume=volume * aside, groups=shy),
            *([replace(whole, part=1.0 - aside, volume=volume * (1.0 - aside), groups=free)] if aside < 1.0 else []),
        ]
        return [self.with_opened(segment, rows, (*shy, *free)) for segment in found]

    def free(self, demand: Demand, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """Return the groups of those who keep out of no country, with the shares that these had in the base year.

        However many keep out now: the observed shares are of all together, as many as kept out of it then.
        """
        own = {g.name: g.share for g in groups if g.share is not None}
        known = self.recall.shares.setdefault(demand.id, own) if own else {}
        total = sum(known.get(name, 0.0) for name in own)
        if total <= 0.0:
            return groups
        return tuple(replace(g, share=known.get(g.name, 0.0) / total) for g in groups if known.get(g.name, 0.0) > 0.0)

    def volume(self, demand: Demand) -> NDArray[np.float64]:
        """Return the load units that want to move in every period; of a queue, in its own year."""
        periods = self.network.window.periods
        if demand.stands_at is not None and demand.year != self.year:
            return np.zeros(len(periods))
        grown = demand.units * (1.0 + demand.growth) ** (self.year - demand.year)
        if demand.month:
            return np.array([grown if p.month == demand.month else 0.0 for p in periods])
        profile = self.seasons.get(demand.season or "", {})
        return np.array([grown * profile.get(p.month, 0.0 if profile else 1 / 12) for p in periods])

    def groups(
        self, demand: Demand, rows: list[RouteShare], hour: float, shuns: str | None, taken: dict[str, float] | None
    ) -> tuple[Group, ...]:
        """Return the choice set of a demand, without a country if some keep out of it.

        ``taken`` are the shares of the whole demand that those who keep out of it have: the rest is left for others.
        """
        if not self.stands(demand):
            return ()
        errand = cache(lambda: self.errand(demand, shuns))
        if not rows:
            ways = self.ways((demand.id, shuns, "all", -1), errand, demand, hour, FAR)
            by_family: dict[tuple[str, ...], tuple[Way, ...]] = {}
            for way in ways:
                by_family[way.family] = (*by_family.get(way.family, ()), way)
            return tuple(Group("+".join(family) or "direct", None, own) for family, own in by_family.items())
        found, lost = [], 0.0
        passed: list[str] = []
        for row in rows:
            name = row.via or "other"
            share = row.share - (taken or {}).get(name, 0.0)
            here = partial(self.through, errand, row, tuple(passed))
            if share > 1e-12 and (shuns is None or self.free_of(demand, row, hour, tuple(passed), shuns)):
                ways = self.ways((demand.id, shuns, name, row.seq), here, demand, hour, SLACK)
                if ways:
                    found.append(Group(name, share, ways))
                else:
                    lost += share
            if row.via is not None:
                passed.append(row.via)
        total = sum(g.share or 0.0 for g in found)
        if lost >= 0.005 and shuns is None:  # what would be said as 0 % is not said
            self.notes.append(f"{demand.id}: no way for {lost:.0%} of its observed shares; the others have it")
        return tuple(replace(g, share=(g.share or 0.0) / total) for g in found)

    def with_opened(self, segment: Segment, rows: list[RouteShare], every: tuple[Group, ...]) -> Segment:
        """Return a segment whose route is free with one more group: of ways that nobody could take in the base year.

        They pass a gateway over a service or crossing that a change opened, and no place of the observed shares. Nobody
        was seen to like or dislike them, so beside their cost they are to shippers what that group is, of ``every`` one
        of the demand, whose best way shares most km with theirs (of equals, the one taken more): at its cost of the
        base year they would be taken as often. A segment that does not take that group does not take them.
        """
        demand, groups = segment.demand, segment.groups
        if not (rows and self.opened.any() and demand.kind == "contestable" and self.stands(demand)):
            return segment
        if any(row.via is None for row in rows):  # it holds every way that is left
            return segment

        def made() -> Errand:
            base = self.errand(demand, segment.shuns)
            allowed = base.task.allowed.copy()
            for row in rows:
                allowed &= ~self.at(row.via)
            return _needing(replace(base, task=base.task._replace(allowed=allowed)), self.opened)

        ways = self.ways((demand.id, segment.shuns, "opened", 0), made, demand, segment.hour, SLACK)
        if not ways:
            return segment
        if not every:
            return replace(segment, groups=(Group("opened", None, ways),))
        alike = max(every, key=lambda g: (self.common_km(g.ways[0], ways[0]), g.share or 0.0))
        own = next((g for g in groups if g.name == alike.name), None)
        if own is None:
            return segment
        note = (
            "nobody could take some ways before: to shippers they are what those most like them are, which is assumed"
        )
        if note not in self.notes:
            self.notes.append(note)
        return replace(segment, groups=(*groups, Group("opened", own.share, ways, own.name)))

    @cached_property
    def opened(self) -> NDArray[np.bool_]:
        """The arcs that pass a gateway over a service or crossing that was not there in the base year, (A,)."""
        network, offered = self.network, self.recall.offered
        service, crossing = (
            np.array([*((table, name) not in offered for name in ids), False])  # the last is none
            for table, ids in (("services", network.ids.services), ("crossings", network.ids.crossings))
        )
        return np.asarray((service[network.world.service] | crossing[network.crossing]) & (network.gateway > 0))

    def common_km(self, first: Way, second: Way) -> float:
        """Return the km of links that two ways have in common."""
        links = (set(self.network.link[way.chain].tolist()) - {-1} for way in (first, second))
        return sum(self.corridor.links[self.network.ids.links[n]].km for n in set.intersection(*links))

    def free_of(self, demand: Demand, row: RouteShare, hour: float, passed: tuple[str, ...], country: str) -> bool:
        """Return whether the ways that a row means keep out of a country: not whether some detour would."""
        key = (demand.id, country, "free", row.seq)
        kept = self.recall.get(key)
        if kept is not None:
            return kept.free
        barred = self.within(country)
        errand = self.through(lambda: self.errand(demand, None), row, passed, barred)
        chains, reach = self.search(errand, hour * demand.tonnes / demand.units, SLACK)
        free = any(not barred[chain].any() for chain in chains)
        self.recall.put(key, Found((), free, reach))
        return free

    def through(
        self,
        errand: Callable[[], Errand],
        row: RouteShare,
        passed: tuple[str, ...],
        besides: NDArray[np.bool_] | None = None,
    ) -> Errand:
        """Return an errand that must pass the place of a row in what it says, and none ``passed`` but over ``besides``.

        These are arcs, (A,).
        """
        base = errand()
        allowed = base.task.allowed.copy()
        for place in passed:
            allowed &= ~self.at(place) if besides is None else ~self.at(place) | besides
        if row.group is not None:
            allowed &= self.network.group == self.network.ids.groups.index(row.group)
        task = base.task._replace(allowed=allowed)
        if row.via is None:
            return replace(base, task=task)
        if row.via in self.network.ids.gateways:
            # Not a run into the port and out again, on the way to another.
            return replace(base, task=task, needed=np.uint64(1 << self.network.ids.gateways.index(row.via)))
        return _needing(replace(base, task=task), self.at(row.via))

    def ends(self, demand: Demand) -> list[NDArray[np.int32]]:
        """Return the vertices where a demand stands ready at its origin and at its destination."""
        network = self.network
        places = (network.ids.places.index(p) for p in (demand.origin, demand.destination))
        return [stands_at(network, demand.form, place) for place in places]

    def stands(self, demand: Demand) -> bool:
        """Return whether a demand can stand at both its ends."""
        return all(vertices.size for vertices in self.ends(demand))

    def _task(self, cargo: Cargo) -> tuple[NDArray[np.int32], NDArray[np.float64], Task, NDArray[np.bool_]]:
        # Wagons and boxes are whole by the lot: half a train of oil fills its wagons, one truck's goods do not.
        facts = {"group": self.corridor.forms[cargo.form].group}
        lot = self.fill.value("demand", cargo.form, "lot_units", facts)
        form, units = forms_of(self.network, self.corridor, replace(cargo, units=lot))
        units /= lot
        return (form, units, *task_of(self.network, self.corridor, cargo, form, units))

    def errand(self, demand: Demand, shuns: str | None) -> Errand:
        """Return a load unit of a demand as an errand."""
        origin, destination = self.ends(demand)
        form, units, task, base = self.task(Cargo(demand.form, demand.commodity, 1.0, demand.tonnes / demand.units))
        if shuns is not None:
            task = task._replace(allowed=task.allowed & ~self.within(shuns))
        if self.kept_out is not None:
            task = task._replace(allowed=task.allowed & ~self.kept_out)
        middle = float(self.starts[len(self.starts) // 2])
        target = marked(self.network, destination)
        return Errand(task, origin, target, middle, 1e17, np.uint64(0), form, units, base)

    def search(self, errand: Errand, worth: float, slack: float) -> tuple[list[Chain], Reach | None]:
        """Return the best way of each route family, by price and time, and how far the search looked if that is kept.

        ``worth`` is of an hour of a unit.
        """
        weights = max(worth, 1e-3), 1.0, 0.0
        if self.recall.writes:
            return families_within(self.network, errand, weights, FAMILIES, slack)
        return family_chains(self.network, errand, weights, FAMILIES, slack), None

    def ways(self, key: Key, made: Callable[[], Errand], demand: Demand, hour: float, slack: float) -> tuple[Way, ...]:
        """Return the best way of each route family, and what an alike network offered that can still be passed."""
        known = self.recall.get(key)
        if known is not None:
            return self.priced(demand, known.ways)
        errand = made()
        chains, reach = self.search(errand, hour * demand.tonnes / demand.units, slack)
        before = self.recall.before(key)
        same = {way.chain.tobytes(): way for way, unchanged in before if unchanged}

        def way(chain: Chain) -> Way:
            return same.get(chain.tobytes()) or self.way(errand, demand, chain, hour)

        ways = [way(chain) for chain in chains]
        there = {w.family for w in ways}
        still = [w.chain for w, _ in before if w.beside is None and w.family not in there]
        ways += [way(chain) for chain in still if errand.task.allowed[chain].all()]
        kept = tuple(
            way(chain).standing(None if chain is first.chain else first.chain, part)
            for first in self.recall.judge(key, ways)
            for chain, part in self.beside(errand, first.chain)
        )
        self.recall.put(key, Found(kept, False, reach))
        return self.priced(demand, kept)

    def beside(self, errand: Errand, chain: Chain) -> list[tuple[Chain, float]]:
        """Return a chain and those over lines side by side with its own that an errand may take, with their parts."""
        open_to = [(own, part) for own, part in self.lines.of(chain) if errand.task.allowed[own].all()]
        whole = sum(part for _, part in open_to)
        return [(own, part / whole) for own, part in open_to]

    def priced(self, demand: Demand, ways: tuple[Way, ...]) -> tuple[Way, ...]:
        """Return ways at what a shipper pays: the through rate in force as the year begins, else the sum of legs.

        What is kept for other networks has the sum of legs, so that a rate may change where nothing else does.
        """
        rates = self.through_rates(demand.origin, demand.destination, demand.form)
        return tuple(self.sold(demand, way, rates) for way in ways) if rates else ways

    def sold(self, demand: Demand, way: Way, rates: Through) -> Way:
        """Return a way at the through rate for it, if there is one.

        What it is more or less than its legs falls on all who are paid for them, in proportion; what they spend stays.
        """
        on_truck = way.chain[self.trucked[way.chain]]
        tariff = rate_over(rates, way.family, float(self.network.km[on_truck].sum()))
        if tariff is None:
            return way
        note = f"{demand.id}: sold at the through rate {tariff.id}"
        if note not in self.notes:
            self.notes.append(note)
        amount, legs = self.rates.eur(tariff.amount, tariff.currency, tariff.price_year), way.by_arc[0]
        whole = float(legs.sum())
        part = legs / whole if whole > 0 else np.full(len(legs), 1.0 / len(legs))
        cost = way.cost + (amount - whole) * demand.units / demand.tonnes
        return replace(way, cost=cost, by_arc=np.array([amount * part, *way.by_arc[1:]]))

    @cached_property
    def trucked(self) -> NDArray[np.bool_]:
        """The arcs that are passed on a truck, (A,)."""
        return trucked(self.network, self.corridor)

    def way(self, errand: Errand, demand: Demand, chain: Chain, hour: float) -> Way:
        """Return a chain with what it costs a load unit, and what it passes."""
        network, tonnes = self.network, demand.tonnes / demand.units
        hours = durations_of(network, errand, chain, self.starts)
        by_period = hours.reshape(-1, len(STARTS)).mean(axis=1)
        price = errand.task.cost[chain]
        group = network.group[chain]
        sizes = np.zeros((len(chain), len(SIZES)))
        ratio = errand.units[group]
        form = errand.form[group]
        sizes[:, : len(DIMENSIONS)] = network.form_size[form] * ratio[:, None]
        sizes[:, SIZES.index("t")] = tonnes
        sizes[:, SIZES.index("unit")] = ratio
        sizes[:, SIZES.index("consignment")] = network.form_consignments[form] * ratio
        tail, head = network.ends
        named = {network.ids.places[p] for p in (*tail[chain].tolist(), *head[chain].tolist())}
        links = [network.ids.links[i] for i in network.link[chain].tolist() if i >= 0]
        named |= {p for link in links for p in self.passes.get(link, ())}
        bits = np.uint64(0)
        for arc in chain:
            bits |= network.gateway[arc]
        family = tuple(g for n, g in enumerate(network.ids.gateways) if int(bits) >> n & 1)
        services = dict.fromkeys(network.ids.services[s] for s in network.world.service[chain].tolist() if s >= 0)
        # A border is paid by the consignment, all else by the load unit, as prices are.
        paid = np.where(network.world.kind[chain] == PROCEDURE, SIZES.index("consignment"), SIZES.index("unit"))
        cost = network.resource_cost[0, chain, form] * sizes[np.arange(len(chain)), paid]
        country = self.corridor.places[demand.destination].country
        own = self.corridor.forms[demand.form].group
        known = by_period[by_period < NEVER]
        usual = float(known.mean()) if known.size else 0.0
        box = equipment(self.corridor, self.rates, country, own, OWNERS[0], 1.0).after(usual).cost
        return Way(
            chain,
            family,
            frozenset({*named, *links, *services}),
            tuple(services),
            by_period,
            (float(price.sum()) + box) / tonnes + hour * by_period,
            np.array([price, np.nan_to_num(cost), errand.task.carbon[chain]]),
            sizes,
            box,
        )


def _needing(errand: Errand, arcs: NDArray[np.bool_]) -> Errand:
    """Return an errand that must pass one of some arcs, (A,)."""
    bit = np.uint64(1) << np.uint64(VIA)
    bits = errand.task.bits.copy()
    bits[arcs] |= bit
    return replace(errand, needed=bit, task=errand.task._replace(bits=bits))
