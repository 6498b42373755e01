"""This module owns the flows of a year: choice sets and limits become arrays, the fixed point is solved, and read back.

The pivot is the base year with the corridor as it is: observed shares load the limits, the waits of these loads are
what the observed shares answered to. Everything else is a difference to it: a scenario, another year. So the base year
without a change gives its observed shares back exactly, and nothing needs a constant of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.bans import Held, held_by_bans
from transcaspian.assignment.demands import Segment, judged
from transcaspian.assignment.kept import Memory
from transcaspian.assignment.rations import Rationing, rationing_of
from transcaspian.assignment.way import Way
from transcaspian.errors import DataError, NotConvergedError, Problem, nearest
from transcaspian.kernels.flows import (
    FILLING,
    FLAGS,
    NUMBERS,
    QUOTA,
    Left,
    Limits,
    Scratch,
    Ways,
    Year,
    costs,
    feel,
    period,
)
from transcaspian.kernels.world import NEVER
from transcaspian.model.corridor import Corridor
from transcaspian.network.depths import too_deep
from transcaspian.network.limits import Limit, LimitTable, limits_of
from transcaspian.network.network import Network

KINDS = ("contracted", "captive", "contestable")

PASSED = ("track", "road")
"""Kinds of limits that a way passes once, however many links it has along them."""

MEMORY = 5
"""Earlier points that Anderson acceleration looks back at."""

QUICK = 4
"""Rounds with acceleration; a month that needs more is stiff, and goes on wait by wait."""

DAMPING = 0.5
"""Part of the way to the new waits that a round goes at first."""

LONGER, SHORTER, LEAST = 1.2, 0.3, 1e-6
"""By what a step along a secant may lengthen or shorten from one round to the next, and its least length.

A secant also sees what the other waits did in between: without the bounds one odd round stops a wait for many.
"""

FED = 0.3
"""Part of the way that the wait for a vehicle to fill goes in a round of secants."""

HOPELESS = 1000.0
"""A month whose least miss is still this many times the gap sought when half its rounds are over does not settle."""

PIVOTING, STILL = 100, 1e-9
"""Rounds at most in which the waits of the base year settle, and by how many hours the last may move them."""

NEAR = 0.01
"""Two solutions whose flows differ by less than this share of the tonnes are one."""


@dataclass(frozen=True, eq=False)
class Names:
    """What the limits, segments and groups of a year are called, by which they are found in the base year."""

    limits: tuple[str, ...]
    segments: tuple[tuple[str, str | None], ...]  # demand, and the country that it keeps out of
    groups: tuple[tuple[str, str | None, str], ...]
    like: tuple[str, ...]  # the name of the group in the base year that each group stands beside, or its own
    _found: dict["Names", tuple[NDArray[np.intp], ...]] = field(default_factory=dict)

    def rows(self, base: "Names") -> tuple[NDArray[np.intp], ...]:
        """Return where each limit, segment and group stands in the base year, -1 for nowhere; looked up once."""
        if base not in self._found:
            limits, segments, groups = (
                {name: n for n, name in enumerate(x)} for x in (base.limits, base.segments, base.groups)
            )
            # Who had no part in a way is set against those of the same demand who had.
            alike = {(demand, name): n for n, (demand, _, name) in enumerate(base.groups)}
            found = (
                [limits.get(name, -1) for name in self.limits],
                [segments.get(name, -1) for name in self.segments],
                [
                    groups.get((demand, shuns, name), alike.get((demand, name), -1))
                    for (demand, shuns, _), name in zip(self.groups, self.like, strict=True)
                ],
            )
            self._found[base] = tuple(np.array(x, np.intp) for x in found)
        return self._found[base]


def _names(segments: Sequence[Segment], table: LimitTable) -> Names:
    groups = [(s, g) for s in segments for g in s.groups]
    return Names(
        tuple(limit.id for limit in table.limits),
        tuple((s.demand.id, s.shuns) for s in segments),
        tuple((s.demand.id, s.shuns, g.name) for s, g in groups),
        tuple(g.like or g.name for _, g in groups),
    )


@dataclass(frozen=True)
class Model:
    """A year of a network, ready for the kernel: segments, limits, and their arrays."""

    network: Network
    corridor: Corridor
    segments: tuple[Segment, ...]
    table: LimitTable
    names: Names
    rationing: Rationing
    ways: Ways
    limits: Limits
    price: NDArray[np.float64]  # (K,) EUR/t of a way, without the time it takes
    notes: tuple[str, ...]

    @cached_property
    def listed(self) -> tuple[Way, ...]:
        """Every way, in the order of the arrays."""
        return tuple(way for segment in self.segments for way in segment.ways)

    @cached_property
    def owner(self) -> NDArray[np.int64]:
        """The segment of every way, (K,)."""
        return np.repeat(np.arange(len(self.segments)), [len(s.ways) for s in self.segments])


@dataclass(frozen=True)
class Pivot:
    """What the base year was like: waits at limits, composite costs, volumes that filled vehicles.

    Rows are those of its ``names``. ``barred`` are the hours that bans made cargo wait, by limit, commodity and kind.
    """

    names: Names
    wait: NDArray[np.float64]  # (L, P) h, without quotas
    composite: NDArray[np.float64]  # (G, P) EUR/t
    whole: NDArray[np.float64]  # (D, P) EUR/t
    others: NDArray[np.float64]  # (L, P), nan where it is nothing that fills
    want: NDArray[np.float64]  # (G, P) units
    barred: dict[tuple[str, str | None, str | None], NDArray[np.float64]]


@dataclass(frozen=True)
class Solution:
    """A fixed point: the year it gives, the waits, and how near it is."""

    year: Year
    wait: NDArray[np.float64]
    gap: float
    rounds: int


def model_of(network: Network, corridor: Corridor, wanted: int, memory: Memory | None = None) -> Model:
    """Return the model of a year on a network compiled for its months; ``memory`` has choice sets of one that is alike.

    Raises
    ------
    DataError
        With every volume that is wrong, every demand without a way, every capacity of nothing that demand needs, and
        everything that is missing.
    """
    segments, notes, problems = judged(network, corridor, wanted, memory)
    table = limits_of(network, corridor)
    found, segments = segments, [_before(segment, table) for segment in segments]
    problems += [_nowhere(s, table) for s, own in zip(found, segments, strict=True) if s.groups and not own.groups]
    arcs = {arc for s in segments for way in s.ways for arc in way.chain.tolist()}
    users = {use.limit for arc in arcs for use in table.by_arc.get(arc, ())}
    used = (table.limits[n] for n in sorted(users))
    # Nothing of it is left by weather or its hours, or by low water.
    shut: set[str] = {r.id for r in corridor.resources.rows if r.capacity != 0 and r.servers != 0}
    shut |= {name for name, many in zip(network.ids.fleets, network.vehicles, strict=True) if many.any()}
    problems += _aground(network, corridor, table, arcs)
    empty = {x.resource: x for x in used if x.mode != FILLING and not x.capacity.any() and x.resource not in shut}
    problems += [_nothing_there(corridor, empty[name]) for name in sorted(empty)]
    queues = [x for x in table.limits if x.mode != FILLING]
    missing = sorted({x.kind for x in queues if corridor.delay_of(x.resource, x.kind) is None})
    problems += [Problem("delays", kind, "", "no row", "a row for every kind that can run out") for kind in missing]
    if problems:
        raise DataError(problems)
    rationing = rationing_of(network, corridor, segments, table)
    ways, limits = _ways(network, segments, table, rationing), _limits(network, corridor, table, rationing)
    limits = limits._replace(standing=_standing(segments, table, ways, limits))
    price = np.array([way.price / s.tonnes for s in segments for way in s.ways])
    names = _names(segments, table)
    return Model(network, corridor, tuple(segments), table, names, rationing, ways, limits, price, tuple(notes))


def _before(segment: Segment, table: LimitTable) -> Segment:
    """Return a queue with the ways alone that pass what it stands before; any other demand as it is."""
    at = segment.demand.stands_at
    if at is None:
        return segment

    def passes(way: Way) -> bool:
        return any(
            table.limits[u.limit].resource == at for arc in way.chain.tolist() for u in table.by_arc.get(arc, ())
        )

    groups = (replace(g, ways=tuple(way for way in g.ways if passes(way))) for g in segment.groups)
    return replace(segment, groups=tuple(g for g in groups if g.ways))


def _nowhere(segment: Segment, table: LimitTable) -> Problem:
    """Return what is wrong with a queue before something that is on none of its ways."""
    arcs = {arc for way in segment.ways for arc in way.chain.tolist()}
    there = {table.limits[use.limit].resource for arc in arcs for use in table.by_arc.get(arc, ())}
    at, here = str(segment.demand.stands_at), segment.demand
    right = f"a resource or fleet on its way from {here.origin} to {here.destination}: {nearest(at, there)}"
    return Problem("demand", here.id, "stands_at", at, right)


def queues_of(segments: Sequence[Segment], table: LimitTable, ways: Ways) -> Iterator[tuple[Segment, int, float]]:
    """Yield every queue with each limit that it stands before, and what a unit of it takes there."""
    first = 0
    for segment in segments:
        if segment.demand.stands_at is not None:
            taken: dict[int, float] = {}
            for use in range(ways.use_first[first], ways.use_first[first + len(segment.ways)]):
                limit = int(ways.use_limit[use])
                if limit < len(table.limits) and table.limits[limit].resource == segment.demand.stands_at:
                    taken[limit] = max(taken.get(limit, 0.0), float(ways.use_amount[use]))
            for limit, amount in taken.items():
                yield segment, limit, amount
        first += len(segment.ways)


def _standing(segments: Sequence[Segment], table: LimitTable, ways: Ways, limits: Limits) -> NDArray[np.float64]:
    """Return what stands before every limit when a period begins, (L, P), in its unit."""
    found = np.zeros_like(limits.capacity)
    for segment, limit, amount in queues_of(segments, table, ways):
        found[limit] += segment.volume * amount
    return found


def _aground(network: Network, corridor: Corridor, table: LimitTable, arcs: set[int]) -> list[Problem]:
    """Return what is wrong with ships that demand needs and that have water under them in no month."""
    used, ids = {int(network.world.service[arc]) for arc in arcs}, network.ids
    found = (
        too_deep(corridor, ids.fleets[network.service_fleet[s]], ids.places[origin], ids.places[destination])
        for s, origin, destination in table.aground
        if s in used
    )
    return list(dict.fromkeys(found))


def _nothing_there(corridor: Corridor, limit: Limit) -> Problem:
    """Return what is wrong with a limit that demand needs, and of which there is nothing in any month."""
    if limit.resource in corridor.fleets:
        right = "above 0 in some month, or its services closed if nothing is to sail"
        return Problem("fleets", limit.resource, "vehicles", "0, with demand on it", right)
    column = "servers" if corridor.resources[limit.resource].capacity is None else "capacity"
    right = "above 0, or a closure if nothing is to pass"
    return Problem("resources", limit.resource, column, "0, with demand on it", right)


def _ways(network: Network, segments: Sequence[Segment], table: LimitTable, rationing: Rationing) -> Ways:
    groups = [group for s in segments for group in s.groups]
    every = [(s, way) for s in segments for way in s.ways]
    first, limit, amount = _uses(network, [way for _, way in every], table, rationing)
    nan = np.full((len(segments), len(network.window.periods)), np.nan)
    return Ways(
        group_first=_first([len(s.groups) for s in segments]),
        way_first=_first([len(g.ways) for g in groups]),
        kind=np.array([KINDS.index(s.demand.kind) for s in segments], np.int8),
        volume=np.array([s.volume for s in segments]),
        tonnes=np.array([s.tonnes for s in segments]),
        scale=np.array([s.choice.scale for s in segments]),
        nest=np.array([s.choice.nest for s in segments]),
        hour=np.array([s.hour for s in segments]),
        sure=np.array([s.choice.reliability for s in segments]),
        elasticity=np.array([s.demand.elasticity for s in segments]),
        worth=np.array([s.worth for s in segments]),
        elsewhere=np.array([s.demand.elsewhere / s.demand.tonnes if s.demand.elsewhere else 0.0 for s in segments]),
        market=np.array([s.choice.scale * s.choice.market for s in segments]),
        cost=np.array([way.cost for _, way in every]),
        size=np.concatenate([_path_sizes(network, g.ways, s.choice.path_size) for s in segments for g in s.groups]),
        open=np.where(np.array([way.hours for _, way in every]) < NEVER, rationing.open, 0.0),
        rank=rationing.rank,
        use_first=first,
        use_limit=limit,
        use_amount=amount,
        pull=np.array([0.0 if g.share is None else np.log(g.share) for g in groups]),
        pivot=np.zeros((len(groups), len(network.window.periods))),
        whole=nan,
    )


def _uses(
    network: Network, ways: Sequence[Way], table: LimitTable, rationing: Rationing
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float64]]:
    """Return where the uses of every way begin, (K + 1,), and of each its limit and amount, in the order of the way.

    What is passed once counts as its largest use, all else as the sum of its uses; a quota takes what its limit does.
    """
    first_of, limits, amounts, sizes = table.rows(network.arcs)
    many = [len(way.chain) for way in ways]
    chain = np.concatenate([way.chain for way in ways])
    count = first_of[chain + 1] - first_of[chain]
    arc = np.repeat(np.arange(len(chain)), count)
    use = np.arange(len(arc)) - np.repeat(np.cumsum(count) - count, count) + first_of[chain[arc]]
    taken = amounts[use] * np.concatenate([way.sizes for way in ways])[arc, sizes[use]]
    owner, limit = np.repeat(np.arange(len(ways)), many)[arc], limits[use]
    _, begins, which = np.unique(owner * len(table.limits) + limit, return_index=True, return_inverse=True)
    largest = np.zeros(len(begins))
    np.maximum.at(largest, which, taken)
    passed = np.array([row.kind in PASSED for row in table.limits], np.bool_)[limit[begins]]
    amount = np.where(passed, largest, np.bincount(which, taken, len(begins)))
    owner, limit, place = owner[begins], limit[begins], begins
    for quota, of in rationing.quotas:
        bound = np.flatnonzero((limit == of) & np.isin(owner, list(quota.ways)))
        owner, amount = np.append(owner, owner[bound]), np.append(amount, amount[bound])
        limit = np.append(limit, np.full(len(bound), len(table.limits) + quota.number))
        place = np.append(place, np.full(len(bound), len(use) + quota.number))
    order = np.lexsort((place, owner))
    return _first(np.bincount(owner, minlength=len(ways)).tolist()), limit[order].astype(np.uint32), amount[order]


def _first(lengths: Sequence[int]) -> NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)


def _path_sizes(network: Network, ways: Sequence[Way], weight: float) -> NDArray[np.float64]:
    """Return the weighted log of the path sizes of a group's ways: the km each has for itself (Ben-Akiva 1999).

    Ways over lines that run side by side are one way in this, which they divide as the lines sail.
    """
    chains = [way.first for way in ways]
    long = {c.tobytes(): c[network.km[c] > 0] for c in chains}
    km = {key: dict(zip(c.tolist(), network.km[c].tolist(), strict=True)) for key, c in long.items()}
    users: dict[int, int] = {}
    for arcs in km.values():
        for arc in arcs:
            users[arc] = users.get(arc, 0) + 1
    own = {c: sum(x / users[a] for a, x in arcs.items()) / max(sum(arcs.values()), 1e-9) for c, arcs in km.items()}
    sizes = np.array([own[c.tobytes()] for c in chains])
    parts = np.array([way.part for way in ways])
    found: NDArray[np.float64] = weight * np.log(np.maximum(sizes, 1e-6)) + np.log(parts)
    return found


def _limits(network: Network, corridor: Corridor, table: LimitTable, rationing: Rationing) -> Limits:
    edges = network.window.edges
    hours = np.array([(b - a).total_seconds() / 3600 for a, b in pairwise(edges)])
    rows = table.limits
    delays = [corridor.delay_of(limit.resource, limit.kind) for limit in rows]
    quotas = [q for q, _ in rationing.quotas]
    of = [rows[number] for _, number in rationing.quotas]
    one, none = np.ones(len(quotas)), np.zeros(len(quotas))
    flat = np.zeros((len(quotas), len(hours)))
    calls = [[table.index[berth] for berth in limit.calls] for limit in rows] + [[] for _ in quotas]
    return Limits(
        kind=np.array([limit.mode for limit in rows] + [QUOTA] * len(quotas), np.int8),
        capacity=np.array(
            [limit.capacity for limit in rows] + [q.share * r.capacity for q, r in zip(quotas, of, strict=True)]
        ),
        others=np.concatenate([np.array([limit.others for limit in rows]), flat]),
        standing=np.zeros((len(rows) + len(quotas), len(hours))),
        servers=np.concatenate([[limit.servers for limit in rows], one]),
        service=np.concatenate([np.array([limit.service for limit in rows]), flat]),
        spread=np.concatenate([[0.5 * d.scale * (d.arrival_scv + d.service_scv) if d else 0.0 for d in delays], none]),
        risk=np.concatenate([[d.sd_ratio if d else 0.0 for d in delays], none]),
        longest=np.concatenate([[limit.longest for limit in rows], none]),
        call_first=_first([len(c) for c in calls]),
        call_limit=np.array([berth for c in calls for berth in c], np.uint32),
        hours=hours,
    )


def _blank(ways: Ways, limits: Limits) -> Year:
    demands, groups, count = len(ways.kind), len(ways.pull), len(limits.kind)
    many, periods = len(ways.rank), len(limits.hours)
    rows = {"fresh": demands, "backlog": demands, "whole": demands, "composite": groups, "want": many, "carried": many}
    blank = {name: np.zeros((rows.get(name, count), periods)) for name in Year._fields if name != "stuck"}
    return Year(**blank, stuck=np.full((many, periods), -1, np.int32))


def evaluate(ways: Ways, limits: Limits, wait: NDArray[np.float64]) -> Year:
    """Return the year that given waits make."""
    out, scratch, left = _blank(ways, limits), _scratch(ways, limits), _nothing_left(ways, limits)
    for p in range(len(limits.hours)):
        period(ways, limits, p, wait[:, p].copy(), left, out, left, scratch)
    return out


class Costs(NamedTuple):
    """What waits make users bear: composite costs [EUR/t] of groups, (G, P), and demands, (D, P), and who comes new."""

    composite: NDArray[np.float64]
    whole: NDArray[np.float64]
    fresh: NDArray[np.float64]  # (D, P) units


def costs_of(ways: Ways, limits: Limits, wait: NDArray[np.float64]) -> Costs:
    """Return what given waits make users bear: the choice of a year without what it loads."""
    found = Costs(*(np.zeros((rows, len(limits.hours))) for rows in (len(ways.pull), len(ways.kind), len(ways.kind))))
    costs(ways, limits, wait, *found, _scratch(ways, limits))
    return found


def _nothing_left(ways: Ways, limits: Limits) -> Left:
    return Left(*(np.zeros(len(x)) for x in (ways.rank, ways.kind, limits.kind)))


def _scratch(ways: Ways, limits: Limits) -> Scratch:
    many, groups, count, uses = len(ways.rank), len(ways.pull), len(limits.kind), len(ways.use_limit)
    limits_wide = (
        "used",
        "asked",
        "room",
        "rate",
        "hot",
        "capacity",
        "service",
        "users",
        "tight",
        "begin",
        "end",
        "wait",
        "heavy",
    )
    sizes = dict.fromkeys(limits_wide, count) | dict.fromkeys(("limit", "amount", "by_limit"), uses)
    sizes |= {"group_cost": groups, "group_share": groups, "first": many + 1}
    kinds: dict[str, Any] = dict.fromkeys(NUMBERS, np.uint32) | dict.fromkeys(FLAGS, np.bool_) | {"stuck": np.int32}
    return Scratch(**{n: np.zeros(sizes.get(n, many), kinds.get(n, np.float64)) for n in Scratch._fields})


def pivot_of(model: Model) -> Pivot:
    """Return the base year as it was: the waits that the observed shares make, which they answered to."""
    nothing = np.zeros_like(model.limits.capacity)
    # First the composite costs, which are free of what the shares are; then the year with each group at its share.
    composite = costs_of(model.ways, model.limits, nothing).composite
    observed = np.isfinite(composite) & np.array([[g.share is not None] for s in model.segments for g in s.groups])
    ways = model.ways._replace(pivot=np.where(observed, composite, 0.0))
    first = evaluate(ways, model.limits, nothing)
    filling = (model.limits.kind == FILLING)[:, None]
    others = np.where(filling, np.maximum(model.limits.others - first.load, 0.0), model.limits.others)
    base = _settled_rounds(ways, model.limits._replace(others=others))
    keys = model.names.limits
    return Pivot(
        names=model.names,
        wait=base.wait[: len(keys)],
        composite=ways.pivot,
        whole=base.whole,
        others=np.where(filling, others, np.nan)[: len(keys)],
        want=_by_group(model, base.want),
        barred={(keys[h.limit], h.ban.commodity, h.ban.kind): h.hours for h in held_in(model, base)},
    )


def held_in(model: Model, year: Year) -> tuple[Held, ...]:
    """Return what the bans of a model make cargo wait in the flows of a year."""
    return held_by_bans(model.rationing, model.table, model.ways, model.limits, year)


def _settled_rounds(ways: Ways, limits: Limits) -> Year:
    """Return the year in which nobody answers to waits but ships, whose rounds are longer by those for berths."""
    ways = ways._replace(hour=np.zeros_like(ways.hour))
    out, scratch = _blank(ways, limits), _scratch(ways, limits)
    before, after = (_nothing_left(ways, limits) for _ in range(2))
    for p in range(len(limits.hours)):
        wait = np.zeros(len(limits.kind))
        for _ in range(PIVOTING):
            period(ways, limits, p, wait, before, out, after, scratch)
            moved, wait = np.abs(out.wait[:, p] - wait).max(initial=0.0), out.wait[:, p].copy()
            if moved <= STILL:
                break
        before, after = after, before
    return out


def _by_way(ways: Ways, values: NDArray[Any]) -> NDArray[Any]:
    """Return for every way, (K,), what is given for its demand, (D,)."""
    return np.repeat(values, np.diff(ways.way_first[ways.group_first]))


def _by_group(model: Model, units: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.add.reduceat(units, model.ways.way_first[:-1], axis=0)
    return found


def pivoted(model: Model, pivot: Pivot) -> tuple[Model, NDArray[np.float64]]:
    """Return the model as a difference to a pivot, and the waits to start from, (L, P): those of the pivot."""
    ways, limits = model.ways, model.limits
    here, segments, groups = model.names.rows(pivot.names)
    begin, others = np.zeros_like(limits.capacity), limits.others.copy()
    begin[: len(here)] = _taken(pivot.wait, here, 0.0)
    filled = _taken(pivot.others, here, np.nan)
    others[: len(here)] = np.where(np.isnan(filled), others[: len(here)], filled)
    felt = np.empty_like(ways.cost)
    feel(ways, limits, begin, felt)
    ways = ways._replace(
        cost=ways.cost - felt,
        pivot=_taken(pivot.composite, groups, 0.0),
        whole=_taken(pivot.whole, segments, np.nan),
    )
    return replace(model, ways=ways, limits=limits._replace(others=others)), begin


def _taken(values: NDArray[np.float64], rows: NDArray[np.intp], nothing: float) -> NDArray[np.float64]:
    """Return some rows of values, (R, P), and ``nothing`` for what has none, which is row -1."""
    none = np.full((1, values.shape[1]), nothing)
    found: NDArray[np.float64] = np.append(values, none, axis=0)[rows]
    return found


def solve(
    model: Model,
    start: NDArray[np.float64],
    *,
    gap: float = 1e-4,
    most: int = 400,
    alike: bool = True,
    progress: Callable[[int, float], None] | None = None,
) -> Solution:
    """Return the fixed point that damped and accelerated rounds reach from given waits, one month after the other.

    A month depends on the earlier ones by what they left waiting, and on no later one: so each is settled before the
    next begins. The gap is the share of tonnes that would go another way, or wait, if they knew the waits they make.
    Where months are ``alike``, each begins as far from the waits that were given as the one before it ended: what makes
    a year another than that from which it starts is mostly there all the year.

    Raises
    ------
    NotConvergedError
        If the rounds of a month run out; it says how far the gap got.
    """
    found, late = nearest_to(model, start, gap=gap, most=most, alike=alike, progress=progress)
    if late is not None:
        month, reached = late
        raise NotConvergedError(
            f"the flows of month {month} did not settle: a gap of {reached:.2g} after {found.rounds} rounds; "
            f"right would be a gap of {gap:g}; more rounds, or a larger gap",
            found.wait,
        )
    return found


def nearest_to(
    model: Model,
    start: NDArray[np.float64],
    *,
    gap: float,
    most: int,
    alike: bool = True,
    through: bool = False,
    progress: Callable[[int, float], None] | None = None,
) -> tuple[Solution, tuple[int, float] | None]:
    """Return what ``solve`` does, and the first month that did not settle with its gap, None where all did.

    The search stops with that month, or goes ``through`` all, each such month standing at the least gap it had.
    """
    ways, limits = model.ways, model.limits
    late: tuple[int, float] | None = None
    out, then = _blank(ways, limits), _blank(ways, limits)
    before, after = (_nothing_left(ways, limits) for _ in range(2))
    scratch = _scratch(ways, limits)
    wait, missed, rounds = start.copy(), 0.0, 0
    tonnes = _by_way(ways, ways.tonnes)
    for p in range(len(limits.hours)):
        if alike and p > 0:
            wait[:, p] = np.maximum(wait[:, p] + wait[:, p - 1] - start[:, p - 1], 0.0)
        part, count = _settle(ways, limits, p, wait, tonnes, (before, after), (out, then, scratch), (gap, most))
        missed, rounds = missed + part, max(rounds, count)
        before, after = after, before
        reached = part / max(float(tonnes @ out.want[:, p]), 1e-12)
        if reached > gap and late is None:
            late = (p + 1, reached)
            if not through:
                break
        if progress:
            progress(p + 1, reached)
    return Solution(out, wait, missed / max(float(tonnes @ out.want.sum(axis=1)), 1e-12), rounds), late


def _settle(
    ways: Ways,
    limits: Limits,
    p: int,
    wait: NDArray[np.float64],
    tonnes: NDArray[np.float64],
    left: tuple[Left, Left],
    room: tuple[Year, Year, Scratch],
    goal: tuple[float, int],
) -> tuple[float, int]:
    """Fill column ``p`` of ``wait`` and of the first ``room`` with a month's fixed point; return miss [t] and rounds.

    The ``goal`` is a gap, and rounds at most; where these run out, or half of them brought it nowhere near, the point
    with the least miss stands.

    A round looks at two points, the waits it begins with and those they make, and mixes these with earlier ones
    (Walker and Ni 2011, Anderson acceleration for fixed-point iterations, SIAM J. Numer. Anal. 49). Where that does not
    end, as with a queue that empties when a little of its demand leaves, each wait goes on by itself along its own
    secant. Waits for vehicles to fill draw what they feed on: they run to their end by themselves, and are held back.
    """
    (out, then, scratch), (gap, most) = room, goal
    points: list[NDArray[np.float64]] = []
    steps: list[NDArray[np.float64]] = []
    idle = Left(*(np.empty_like(x) for x in left[0]))
    here = wait[:, p].copy()
    best, least = here, np.inf
    length, before, last = np.full_like(here, DAMPING), np.zeros_like(here), here
    queues = limits.kind != FILLING
    for count in range(most + 1):
        period(ways, limits, p, here, left[0], out, left[1], scratch)
        # The column of a month is strided; what it was filled from is not.
        made, want, carried = out.wait[:, p].copy(), scratch.want.copy(), scratch.served.copy()
        period(ways, limits, p, made, left[0], then, idle, scratch)
        missed = float(tonnes @ np.maximum(np.abs(scratch.want - want), np.abs(scratch.served - carried)))
        if missed < least:
            best, least = here, missed
        sought = gap * max(float(tonnes @ want), 1e-12)
        if missed <= sought:
            wait[:, p] = here
            return missed, count
        if 2 * count > most and least > HOPELESS * sought:
            break
        if count < QUICK:
            points = [*points, here, made][-MEMORY - 1 :]
            steps = [*steps, made - here, then.wait[:, p] - made][-MEMORY - 1 :]
            here = np.maximum(_mixed(points, steps), 0.0)
            continue
        moved, away = here - last, made - here
        fell = (before - away) * np.sign(moved)  # positive where a longer wait makes for a shorter one
        secant = np.divide(np.abs(moved), fell, out=np.full_like(fell, np.inf), where=fell > 0)
        length = np.clip(np.clip(secant, SHORTER * length, LONGER * length), LEAST, 1.0)
        fed = here + FED * (then.wait[:, p] - here)
        last, here, before = here, np.where(queues, here + length * away, fed), away
    wait[:, p] = best
    period(ways, limits, p, best, left[0], out, left[1], scratch)
    return least, count


def _mixed(points: list[NDArray[np.float64]], steps: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the next point: Anderson's mix of the earlier ones, each a damped step on."""
    latest = steps[-1]
    plain = points[-1] + DAMPING * latest
    changes = np.array([latest - s for s in steps[:-1]])
    weights = np.linalg.lstsq(changes.T, latest, rcond=1e-8)[0]
    if np.abs(weights).sum() > 10.0:  # the earlier rounds point nowhere: a plain step
        return plain
    moved = np.array([points[-1] - x for x in points[:-1]])
    return np.asarray(plain - weights @ (moved + DAMPING * changes))


def solutions_from(
    model: Model, begin: NDArray[np.float64], *, gap: float, most: int, progress: Callable[[int, float], None] | None
) -> list[Solution]:
    """Return the distinct solutions from three starts: the pivot's waits, none, and thrice the pivot's and a day.

    Every month starts anew, so that each is looked for from far apart.
    """
    found: list[Solution] = []
    tonnes = _by_way(model.ways, model.ways.tonnes)
    for start in (begin, np.zeros_like(begin), 3.0 * begin + 24.0):
        got = solve(model, start, gap=gap, most=most, alike=False, progress=progress)
        apart = ((tonnes @ np.abs(got.year.want - s.year.want), tonnes @ s.year.want) for s in found)
        if all(moved.sum() > NEAR * whole.sum() for moved, whole in apart):
            found.append(got)
    return found
