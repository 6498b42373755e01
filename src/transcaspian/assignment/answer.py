"""This module owns the reading of a solution: flows by demand and way, what binds, counts beside published ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.bans import Held, taken
from transcaspian.assignment.demands import Segment
from transcaspian.assignment.flows import Model, Pivot, Solution, held_in, queues_of
from transcaspian.assignment.rounds import lines_of
from transcaspian.assignment.shortage import Shortage, shortage_of
from transcaspian.assignment.way import Way, payee_of
from transcaspian.kernels.flows import FILLING, Year
from transcaspian.kernels.world import BOARD, NEVER, PROCEDURE
from transcaspian.model.corridor import Corridor
from transcaspian.model.counter import HOURS, Counter, parse_counter
from transcaspian.network.limits import SIZES
from transcaspian.results.flows import (
    Condition,
    Counted,
    DemandFlow,
    Flows,
    LimitFlow,
    LineFlow,
    LinkRun,
    Part,
    WayFlow,
)

TONNE, TEU = SIZES.index("t"), SIZES.index("TEU")

SPAN = re.compile(r"(\d{4})(?:-M(\d\d)(?:\.\.M(\d\d))?|-(Q[1-4]|H[12]))?")
"""How observations write their period: a year, a month, months from January on, a quarter, a half."""

IN = {"t": 1.0, "kt": 1e-3, "Mt": 1e-6, "TEU": 1.0, "kTEU": 1e-3, "wagons": 1.0, "trucks": 1.0}

OWNERS_OF_BOXES = "owners of boxes and wagons"
"""Who is paid for the hire and the way back of what cargo is in."""

TRAIN_TEU = 100.0
"""TEU of a block train, as the railways of the corridor plan: the size that trains are counted by."""


def answer_of(
    model: Model, pivot: Pivot, solutions: Sequence[Solution], year: int, scenario: str | None, starts: int
) -> Flows:
    """Return the first of some solutions as an answer, with what the others say."""
    best = solutions[0]
    longer, barred = longer_than(pivot, model, best), barred_longer(pivot, model, best)
    short = shortage_of(model.ways, model.limits, best.year)
    lines = tuple(lines_of(model, best))
    return Flows(
        year=year,
        scenario=scenario,
        months=tuple(f"{p:%b}" for p in model.network.window.periods),
        demands=tuple(_demands(model, pivot, best)),
        ways=tuple(_ways(model, longer, barred, best)),
        limits=tuple(_limits(model, best, short)),
        lines=lines,
        counts=tuple(_counts(model, best, lines, year)),
        conditions=tuple(conditions_of(model, longer, barred)),
        fits=_series(short.fits),
        short_demands=tuple(model.segments[n].name if n >= 0 else "" for n in short.demand),
        short_limits=tuple(_short_at(model, d, n) for d, n in zip(short.demand, short.limit, strict=True)),
        most=_series(short.most),
        gap=best.gap,
        rounds=best.rounds,
        starts=starts,
        solutions=len(solutions),
        unknown=model.table.unknown,
        notes=(*_queues(model, best), *model.notes),
        corridor_id="",
    )


def _queues(model: Model, solution: Solution) -> Iterator[str]:
    """Yield what is to be known of every queue of the year: how long what it stands before takes to serve it."""
    year, hours = solution.year, model.limits.hours
    days: dict[str, float] = {}
    named = {}
    for segment, limit, amount in queues_of(model.segments, model.table, model.ways):
        p = segment.demand.month - 1
        served = max(float(year.capacity[limit, p] - model.limits.others[limit, p]), 1e-9) / hours[p] * 24.0
        days[segment.name] = max(days.get(segment.name, 0.0), float(segment.volume[p]) * amount / served)
        named[segment.name] = segment
    for name, segment in named.items():
        here, units = segment.demand, float(segment.volume.sum())
        if units > 0:
            month = f"{model.network.window.periods[here.month - 1]:%B}"
            yield (
                f"{name}: {units:,.0f} {here.form} stand before {here.stands_at} as {month} begins: "
                f"{days[name]:.1f} days of what it can serve"
            )


def _short_at(model: Model, demand: int, limit: int) -> str:
    if demand < 0:
        return ""
    return _limit_name(model, limit) if limit >= 0 else "ways shut"


def _series(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def longer_than(pivot: Pivot, model: Model, solution: Solution) -> NDArray[np.float64]:
    """Return how much longer cargo waits at every limit than in the base year, (L, P) [h]; a quota has no wait."""
    found = np.zeros_like(solution.wait)
    for number, row in enumerate(model.names.rows(pivot.names)[0]):
        found[number] = solution.wait[number] - (pivot.wait[row] if row >= 0 else 0.0)
    return found


def barred_longer(pivot: Pivot, model: Model, solution: Solution) -> tuple[Held, ...]:
    """Return how much longer bans make cargo wait than in the base year."""
    limits, nothing = model.table.limits, np.zeros(len(model.limits.hours))
    return tuple(
        replace(held, hours=held.hours - pivot.barred.get((limits[held.limit].id, ban.commodity, ban.kind), nothing))
        for held in held_in(model, solution.year)
        for ban in [held.ban]
    )


def hours_of(model: Model, longer: NDArray[np.float64], barred: Sequence[Held]) -> NDArray[np.float64]:
    """Return how long every way takes from door to door, (K, P) [h]; infinite where nothing can pass.

    It is the time of the dataset, whose waits are those of the base year, and what longer waits at limits, (L, P), and
    bans add.
    """
    ways = model.ways
    found = np.array([np.where(way.hours < NEVER, way.hours, np.inf) for way in model.listed])
    np.add.at(found, np.repeat(np.arange(len(found)), np.diff(ways.use_first)), longer[ways.use_limit])
    for ban in barred:
        own = ban.ban.ways
        found[own[taken(ways, ban.limit)[own] > 0]] += ban.hours
    return found


def _ways(model: Model, longer: NDArray[np.float64], barred: Sequence[Held], solution: Solution) -> Iterator[WayFlow]:
    year, number, hours = solution.year, 0, hours_of(model, longer, barred)
    for segment in model.segments:
        for group in segment.groups:
            for way in group.ways:
                stuck = dict.fromkeys(year.stuck[number].tolist())
                held = ["a ban" if s == -2 else _limit_name(model, s) for s in stuck if s != -1]
                yield WayFlow(
                    number,
                    segment.name,
                    group.name,
                    way.family,
                    way.services,
                    tuple(sorted(way.places | _limits_of(model, number))),
                    group.share if group.like is None else None,
                    _series(year.carried[number]),
                    _series(year.want[number] - year.carried[number]),
                    tuple(held),
                    segment.tonnes,
                    float(way.sizes[:, TEU].max()),
                    _series(hours[number]),
                    segment.hour * segment.tonnes,
                    way.price,
                    way.spent,
                    way.carbon,
                    tuple(_parts(model, segment, way)),
                    tuple(_runs(model, way)),
                )
                number += 1


def _parts(model: Model, segment: Segment, way: Way) -> Iterator[Part]:
    """Yield what a way takes of each operator in each country, its box or wagon at last."""
    network, corridor = model.network, model.corridor
    found: dict[tuple[str, str, str], NDArray[np.float64]] = {}
    km, taken = np.nan_to_num(network.km[way.chain]), way.by_arc.copy()
    rides = np.cumsum(network.world.kind[way.chain] == BOARD)
    for number in range(rides[-1] + 1):  # a ride is paid at one of its arcs, and earned along all
        ride = np.flatnonzero((rides == number) & (network.world.service[way.chain] >= 0))
        if km[ride].sum() > 0:
            taken[:2, ride] = taken[:2, ride].sum(axis=1, keepdims=True) * km[ride] / km[ride].sum()
    for at, arc in enumerate(way.chain.tolist()):
        mode = network.ids.modes[network.mode[arc]] if network.mode[arc] >= 0 else "place"
        key = *payee_of(network, corridor, arc), mode
        found[key] = found.get(key, 0.0) + np.append(km[at], taken[:, at])
    if way.equipment > 0:
        key = OWNERS_OF_BOXES, corridor.places[segment.demand.destination].country or "", "place"
        found[key] = np.array([0.0, way.equipment, way.equipment, 0.0])
    for (operator, country, mode), values in found.items():
        yield Part(operator, country, mode, *values.tolist())


def _runs(model: Model, way: Way) -> Iterator[LinkRun]:
    """Yield the links that a way runs over."""
    network, tail = model.network, model.network.ends[0]
    for at, arc in enumerate(way.chain.tolist()):
        if network.link[arc] >= 0:
            link = model.corridor.links[network.ids.links[network.link[arc]]]
            forward = network.ids.places[tail[arc]] == link.origin
            yield LinkRun(link.id, forward, float(way.sizes[at, TEU]))


def _limits_of(model: Model, number: int) -> frozenset[str]:
    """Return the limits that a way uses, and the resources and fleets behind them."""
    rows = model.table.limits
    used = model.ways.use_limit[model.ways.use_first[number] : model.ways.use_first[number + 1]]
    return frozenset(name for n in used.tolist() if n < len(rows) for name in (rows[n].id, rows[n].resource))


def _limit_name(model: Model, number: int) -> str:
    limits = model.table.limits
    if number < len(limits):
        return limits[number].id
    return "quota of " + limits[model.rationing.quotas[number - len(limits)][1]].id


def _demands(model: Model, pivot: Pivot, solution: Solution) -> Iterator[DemandFlow]:
    year, first = solution.year, model.ways.way_first[model.ways.group_first]
    before, group = _before(pivot), 0
    for number, segment in enumerate(model.segments):
        here = slice(int(first[number]), int(first[number + 1]))
        want, carried, stuck = year.want[here], year.carried[here], year.stuck[here]
        total = np.maximum(want.sum(axis=0), 1e-12)
        lost = dict(before.get((segment.demand.id, segment.shuns), {}))
        for g in segment.groups:
            bounds = slice(int(model.ways.way_first[group]), int(model.ways.way_first[group + 1]))
            group += 1
            if g.name in lost:
                lost[g.name] = np.maximum(lost[g.name] - year.want[bounds].sum(axis=0) / total, 0.0)
        shares = sum(lost.values(), np.zeros(want.shape[1]))
        demand = segment.demand
        # What a ban held back, and what found nothing open at all: as much of it as came new.
        shut = year.backlog[number] - np.where(stuck == -2, 0.0, want - carried).sum(axis=0)
        yield DemandFlow(
            segment.name,
            demand.origin,
            demand.destination,
            demand.commodity,
            demand.form,
            demand.kind,
            _series(year.fresh[number]),
            _series(carried.sum(axis=0)),
            _series(year.backlog[number]),
            _series(np.clip(shut, 0.0, year.fresh[number])),
            _series(shares * total),
            _series(np.maximum(segment.volume - year.fresh[number], 0.0)),
            segment.tonnes,
        )


def _before(pivot: Pivot) -> dict[tuple[str, str | None], dict[str, NDArray[np.float64]]]:
    """Return by segment the share of each of its groups in the base year, (P,): of those that are gone as well."""
    found: dict[tuple[str, str | None], dict[str, NDArray[np.float64]]] = {}
    for (demand, shuns, name), units in zip(pivot.names.groups, pivot.want, strict=True):
        found.setdefault((demand, shuns), {})[name] = units
    whole = {of: np.maximum(np.sum(list(groups.values()), axis=0), 1e-12) for of, groups in found.items()}
    return {of: {name: units / whole[of] for name, units in groups.items()} for of, groups in found.items()}


def _limits(model: Model, solution: Solution, short: Shortage) -> Iterator[LimitFlow]:
    year, limits = solution.year, model.limits
    every = [s for s in model.segments for _ in s.ways]
    tonnes = np.array([s.tonnes for s in every])
    worth = np.array([s.tonnes * s.hour for s in every])
    wait = _mean_waits(model, year)
    for number, limit in enumerate(model.table.limits):
        capacity, load = year.capacity[number], year.load[number]
        others = np.minimum(limits.others[number], np.maximum(capacity - load, 0.0))
        rows = year.stuck == number
        held = np.where(rows, year.want - year.carried, 0.0)
        if limit.mode == FILLING:
            with np.errstate(divide="ignore", invalid="ignore"):
                used = np.where(load + others > 0, 1.0, 0.0)
        else:
            used = np.divide(load + others, capacity, out=np.full_like(load, np.inf), where=capacity > 0)
        yield LimitFlow(
            limit.id,
            limit.name,
            limit.kind,
            limit.unit,
            limit.resource,
            _series(capacity),
            _series(load),
            _series(others),
            limit.assumed_others,
            _series(used),
            _series(wait[number]),
            _series((held * tonnes[:, None]).sum(axis=0)),
            _series((held * worth[:, None]).sum(axis=0) * limits.hours),
            _series(short.shadow[number]),
        )


def _mean_waits(model: Model, year: Year) -> NDArray[np.float64]:
    """Return the wait of the mean unit that asks for a limit, (L, P) [h]: in its queue, and for the end of bans."""
    wait = year.wait.copy()
    for held in held_in(model, year):
        every = taken(model.ways, held.limit) @ year.want
        wait[held.limit] += held.hours * np.divide(held.asked, every, out=np.zeros_like(every), where=every > 0)
    return wait


def counts_of(model: Model, solution: Solution, year: int) -> tuple[Counted, ...]:
    """Return the published counts of the year, and every bound, beside the model's, each on its own basis."""
    return tuple(_counts(model, solution, tuple(lines_of(model, solution)), year))


def _counts(model: Model, solution: Solution, lines: Sequence[LineFlow], year: int) -> Iterator[Counted]:
    corridor, carried = model.corridor, solution.year.carried
    every = [(s, way) for s in model.segments for way in s.ways]
    for row in corridor.observations.rows:
        span = slice(0, 12) if row.role == "bound" else _months(row.period, year)
        if not row.counter or span is None:
            continue
        counter = parse_counter(row.counter)
        if counter.unit in HOURS:
            hours = _round_trip(lines, counter.round, span)
            if hours is not None:  # else what a simulation shows
                modelled = hours / HOURS[counter.unit]
                yield Counted(row.series, row.period, row.unit, row.value, modelled, row.role, row.source)
            continue
        total, whole = _counted(corridor, every, carried[:, span], counter)
        if counter.unit == "%":
            total *= 100.0 / whole if whole else 0.0
        yield Counted(row.series, row.period, row.unit, row.value, total, row.role, row.source)


def _round_trip(lines: Sequence[LineFlow], services: tuple[str, ...], span: slice) -> float | None:
    """Return the hours of the mean round in some months on the line of these services, None where there is none."""
    line = next((line for line in lines if services and set(services) <= set(line.services)), None)
    if line is None:
        return None
    made = np.array(line.departures[span])
    spent = made * np.array(line.round_trip[span])
    return float(spent.sum() / made.sum()) if made.all() else None


def counted(model: Model, solution: Solution, counter: Counter) -> float:
    """Return what a counter counts of all that is carried in a year, in its unit."""
    every = [(segment, way) for segment in model.segments for way in segment.ways]
    return _counted(model.corridor, every, solution.year.carried, counter)[0]


def _counted(
    corridor: Corridor, every: Sequence[tuple[Segment, Way]], carried: NDArray[np.float64], counter: Counter
) -> tuple[float, float]:
    """Return what a counter counts of what ways carry, (k, p), and what of its demands is carried by any way."""
    unit = "t" if counter.unit == "%" else counter.unit
    total = whole = 0.0
    for (segment, way), units in zip(every, carried.sum(axis=1).tolist(), strict=True):
        if _demand_counts(corridor, counter, segment):
            amount = units * _in_unit(corridor, unit, segment)
            whole += amount
            if _way_counts(corridor, counter, way):
                total += amount
    return total, whole


def _months(period: str, year: int) -> slice | None:
    """Return the months of a period as a slice of the year, or None if it lies in another or is written otherwise.

    >>> _months("2024-M01..M07", 2024), _months("2024-Q2", 2024), _months("2023", 2024)
    (slice(0, 7, None), slice(3, 6, None), None)
    """
    found = SPAN.fullmatch(period)
    if found is None or int(found[1]) != year:
        return None
    if found[4]:
        length, number = (3 if found[4][0] == "Q" else 6), int(found[4][1])
        return slice(length * (number - 1), length * number)
    if found[2]:
        return slice(int(found[2]) - 1, int(found[3] or found[2]))
    return slice(0, 12)


def _demand_counts(corridor: Corridor, counter: Counter, segment: Segment) -> bool:
    demand = segment.demand
    ends = ((counter.origin, demand.origin), (counter.destination, demand.destination))
    return (
        (not counter.commodity or demand.commodity in counter.commodity)
        and (not counter.group or corridor.forms[demand.form].group in counter.group)
        and (not counter.kind or demand.kind in counter.kind)
        and all(not wanted or place in wanted or corridor.places[place].country in wanted for wanted, place in ends)
    )


def _way_counts(corridor: Corridor, counter: Counter, way: Way) -> bool:
    return (
        set(counter.passes) <= way.places
        and set(counter.leg) <= way.places
        and (not counter.over or bool(set(counter.over) & set(way.services)))
        and (not counter.mode or any(corridor.services[s].mode in counter.mode for s in way.services))
    )


def _in_unit(corridor: Corridor, unit: str, segment: Segment) -> float:
    """Return how much of a counter's unit one load unit of a demand is."""
    if unit in ("t", "kt", "Mt"):
        return segment.tonnes * IN[unit]
    if unit in ("TEU", "kTEU"):
        return corridor.forms[segment.demand.form].teu * IN[unit]
    if unit == "trains":
        return corridor.forms[segment.demand.form].teu / TRAIN_TEU
    return 1.0


def conditions_of(model: Model, longer: NDArray[np.float64], barred: Sequence[Held] = ()) -> Iterator[Condition]:
    """Yield the waits of services and steps as these flows make them: those of the dataset, what limits and bans add.

    Where bans tell commodities apart, what waits otherwise than the rest has rows of its own.
    """
    network, world = model.network, model.network.world
    bans, nothing = _bans_by_arc(model, barred), np.zeros((2, len(network.window.periods)))
    shut = {_target(model, arc): own for arc, own in bans.items()}
    done = set()
    for arc in dict.fromkeys((*model.table.by_arc, *bans)):
        target = _target(model, arc)
        if not target or target in done or network.link[arc] >= 0:
            continue
        done.add(target)
        limits = [use.limit for use in model.table.by_arc.get(arc, ())]
        more = longer[limits].sum(axis=0)
        spread = (model.limits.risk[limits][:, None] * longer[limits]).sum(axis=0)
        by_goods = {"": nothing, **shut.get(target, {})}
        for commodity, (ban, ban_sd) in by_goods.items():
            than = by_goods[""][0] if commodity else -more
            for p, month in enumerate(network.window.periods):
                before, sd = float(world.wait[arc, p]), float(world.wait_sd[arc, p])
                if abs(float(ban[p] - than[p])) > 1e-6:
                    hours = max(0.0, before + float(more[p]) + float(ban[p]))
                    sd_h = float(np.hypot(max(0.0, sd + float(spread[p])), ban_sd[p]))
                    yield Condition(target, month.month, hours, sd_h, before, commodity)


def _target(model: Model, arc: int) -> str:
    """Return the step of an arc, else its service, that cargo waits for."""
    network = model.network
    step, service = int(network.step[arc]), int(network.world.service[arc])
    return network.ids.steps[step] if step >= 0 else network.ids.services[service] if service >= 0 else ""


def _bans_by_arc(model: Model, barred: Sequence[Held]) -> dict[int, dict[str, NDArray[np.float64]]]:
    """Return what bans add to the wait before arcs, mean and standard deviation (2, P) [h], by commodity; "" is any.

    Bans of one kind of demand alone are not among it: a shipment is of no kind.
    """
    found: dict[int, dict[str, NDArray[np.float64]]] = {}
    for limit in dict.fromkeys(held.limit for held in barred):
        here = [held for held in barred if held.limit == limit]
        ways = (model.listed[k] for k in np.concatenate([held.ban.ways for held in here]))
        for arc in dict.fromkeys(arc for way in ways for arc in _barred_at(model, limit, way)):
            for held in (h for h in here if h.ban.kind is None):
                own = found.setdefault(arc, {}).setdefault(held.ban.commodity or "", np.zeros((2, len(held.hours))))
                own += held.hours, held.sd_h
    return found


def _barred_at(model: Model, limit: int, way: Way) -> Iterator[int]:
    """Yield the arc at which a way waits for a limit: where it uses it, or, for a link, the border on it or the line.

    A service of an area runs over other links too, so it has no wait of one of them.
    """
    network, kind = model.network, model.network.world.kind[way.chain]
    arcs = way.chain.tolist()
    at = [n for n, arc in enumerate(arcs) if any(use.limit == limit for use in model.table.by_arc.get(arc, ()))]
    if not at:
        return
    if network.link[arcs[at[0]]] < 0:
        yield arcs[at[0]]
        return
    near = range(max(at[0] - 1, 0), min(at[-1] + 2, len(arcs)))
    borders = [n for n in near if kind[n] == PROCEDURE]
    boards = [n for n in range(at[0]) if kind[n] == BOARD]
    if borders:
        yield arcs[borders[0]]
    elif boards and model.corridor.services[_target(model, arcs[boards[-1]])].pattern == "line":
        yield arcs[boards[-1]]
