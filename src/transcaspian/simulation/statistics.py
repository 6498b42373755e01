"""This module owns what replications show together: quantiles, use, delay by cause, ladders, and how sure it is."""

from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.network.limits import POOLS, ROOM
from transcaspian.network.network import DIMENSIONS
from transcaspian.results.events import CAUSES, LeadTime, LineUse, Rung, Series, StationUse
from transcaspian.simulation.lines import Leg
from transcaspian.simulation.play import Played
from transcaspian.simulation.sites import alive
from transcaspian.simulation.world import World

Floats = NDArray[np.float64]

PRECISE = 0.05
"""Half of the confidence interval, as a share of the mean, that is called enough."""

T_95 = (
    12.71,
    4.30,
    3.18,
    2.78,
    2.57,
    2.45,
    2.36,
    2.31,
    2.26,
    2.23,
    2.20,
    2.18,
    2.16,
    2.14,
    2.13,
    2.12,
    2.11,
    2.10,
    2.09,
)
"""Quantiles of Student's t for 95 % both sides, 1 to 19 degrees of freedom; 1.96 and a little beyond."""


def student(count: int) -> float:
    """Return the factor on the standard error of ``count`` replications; not finite for one.

    >>> student(2), student(100)
    (12.71, 2.0)
    """
    if count < 2:
        return float("inf")
    return T_95[count - 2] if count - 2 < len(T_95) else 2.0


def quantiles(hours: Floats, weights: Floats, at: Sequence[float]) -> list[float]:
    """Return weighted quantiles; what has not come counts as never.

    >>> quantiles(np.array([1.0, 2.0, np.inf]), np.array([1.0, 2.0, 1.0]), (0.5, 0.9))
    [2.0, inf]
    """
    order = np.argsort(hours, kind="stable")
    total = np.cumsum(weights[order])
    if not len(total) or total[-1] <= 0:
        return [float("nan")] * len(at)
    places = np.minimum(np.searchsorted(total, np.array(at) * total[-1]), len(total) - 1)
    return [float(x) for x in hours[order][places]]


def lead_times(world: World, parts: Sequence[Played], *, antithetic: bool = False) -> Iterator[LeadTime]:
    """Yield the lead time of every flow, for the year and by month; ``antithetic`` parts go in pairs."""
    tonnes = tonnes_of_flows(world)
    pooled = [np.concatenate([getattr(p, name) for p in parts]) for name in ("flow", "month", "hours", "units")]
    flow, month, hours, units = (np.asarray(a, np.float64) for a in pooled)
    hours = np.where(np.isfinite(hours), hours, np.inf)
    spent = np.mean([p.spent for p in parts], axis=0)
    order = np.lexsort((month, flow))
    flow, month, hours, units = (a[order] for a in (flow, month, hours, units))
    bounds = np.searchsorted(flow, np.arange(len(world.flows) + 1))
    means = [_means(p, len(world.flows)) for p in parts]
    for number, key in enumerate(world.flows):
        here = slice(int(bounds[number]), int(bounds[number + 1]))
        for m in (0, *range(1, spent.shape[1] + 1)):
            rows = slice(here.start, here.stop)
            picked = np.arange(rows.start, rows.stop) if m == 0 else rows.start + np.flatnonzero(month[rows] == m - 1)
            if not len(picked):
                continue
            h, u = hours[picked], units[picked]
            come = np.isfinite(h)
            share = spent[number].sum(axis=0) if m == 0 else spent[number, m - 1]
            arrived = float(u[come].sum()) / len(parts)
            sample = [x[number] for x in means] if m == 0 else []
            p50, p90, p99 = quantiles(h, u, (0.5, 0.9, 0.99))
            yield LeadTime(
                *key, m, float(u.sum()) / len(parts), float(u.sum()) / len(parts) * tonnes[number],
                float(np.average(h[come], weights=u[come])) if come.any() else float("nan"), p50, p90, p99,
                half_width(independent(sample) if antithetic else sample), float(u[~come].sum() / u.sum()),
                {cause: float(x) / max(arrived, 1e-12) for cause, x in zip(CAUSES, share, strict=True)},
            )  # fmt: skip


def tonnes_of_flows(world: World) -> Floats:
    """Return the net tonnes of a load unit of every flow, (flow,)."""
    number = {key: n for n, key in enumerate(world.flows)}
    tonnes = np.zeros(len(world.flows))
    for load in world.loads:
        tonnes[number[load.origin, load.destination, load.commodity, load.form]] = load.tonnes
    return tonnes


def _means(part: Played, flows: int) -> Floats:
    """Return the mean lead time of every flow in a replication, (flow,)."""
    come = np.isfinite(part.hours)
    weight = np.bincount(part.flow[come], part.units[come], flows)
    total = np.bincount(part.flow[come], part.units[come] * part.hours[come], flows)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = total / weight
    return found


def independent(sample: Sequence[float]) -> list[float]:
    """Return the means of pairs of opposite luck: two of a pair are not independent, pairs are; a single one is left.

    >>> independent([1.0, 3.0, 2.0, 4.0, 9.0])
    [2.0, 3.0]
    """
    return [(a + b) / 2 for a, b in zip(sample[::2], sample[1::2], strict=False)]


def half_width(sample: Sequence[float]) -> float:
    """Return half of the 95 % confidence interval of the mean of independent replications; not finite for one."""
    values = np.array([x for x in sample if np.isfinite(x)])
    if len(values) < 2:
        return float("inf")
    return float(student(len(values)) * values.std(ddof=1) / sqrt(len(values)))


def needed(times: Sequence[LeadTime], replications: int, *, antithetic: bool = False) -> int:
    """Return the replications at which the mean of each of the twenty largest flows is within 5 %; 0 if unknown."""
    largest = sorted((t for t in times if t.month == 0), key=lambda t: -t.tonnes)[:20]
    wide = [t.error / t.mean for t in largest if np.isfinite(t.error) and t.mean > 0]
    if not wide:
        return 0
    each = 2 if antithetic else 1
    count = replications // each
    deviation = max(wide) * sqrt(count) / student(count)
    return each * max(2, ceil((1.96 * deviation / PRECISE) ** 2))


def stations(world: World, parts: Sequence[Played]) -> Iterator[StationUse]:
    """Yield the use of every resource and of every fleet whose vehicles can run out."""
    axis = world.play.axis
    months = np.flatnonzero((axis.edges[:-1] >= 0) & (axis.edges[:-1] < axis.year[1]))
    hours = np.diff(axis.edges)[months]
    for number, limit in enumerate(world.sites.limits):
        row = world.sites.table.limits[limit]
        tally = np.array([p.tally[number] for p in parts])
        able = tally["able"].sum(axis=0)
        work = tally["work"].sum(axis=0) / np.maximum(able, 1e-9)
        dense = 0.0 if world.sites.streams(row) else float(world.sites.share(row).mean())
        if row.kind in POOLS:  # what others take of a pool is not at work here
            work, dense = dense + (1.0 - dense) * work, 0.0
        used = np.where(alive(row), np.maximum(work, dense), 0.0)
        yield StationUse(
            row.id, row.name, row.kind, _series(used), *_waited(tally[:, None], hours),
            float(np.mean([p.queue[number] for p in parts])), world.corridor.resources[row.resource].source is None,
        )  # fmt: skip
    for number, fleet in enumerate(world.fleets):
        count = world.lines.counts(fleet)[axis.periods][months]
        if not np.isfinite(count).all():
            continue
        row_ = world.corridor.fleets[world.network.ids.fleets[fleet]]
        busy = np.mean([p.fleet_hours[number] for p in parts], axis=0) / (count * hours)
        legs = [n for n, leg in enumerate(world.lines.legs.values()) if leg.fleet == fleet]
        tally = np.array([p.tally[len(world.sites.limits) :][legs] for p in parts])
        left = float(np.mean([p.waiting[legs].sum() for p in parts]))
        yield StationUse(row_.id, row_.name, "fleet", _series(busy), *_waited(tally, hours), left, row_.source is None)


def _waited(tally: NDArray[Any], hours: Floats) -> tuple[Series, Series, Series, Series]:
    """Return the wait, who was served, the mean and the longest queue by month; of (replication, place, month)."""
    served, wait, queue = (tally[name].sum(axis=(0, 1)) for name in ("served", "wait", "queue"))
    mean = queue / (len(tally) * hours)
    longest = tally["longest"].max(axis=(0, 1))
    return _series(wait / np.maximum(served, 1)), _series(served / len(tally)), _series(mean), _series(longest)


def _series(values: Floats) -> Series:
    return tuple(values.astype(float).tolist())


def lines(world: World, parts: Sequence[Played]) -> Iterator[LineUse]:
    """Yield every line over water whose vehicles can run out and that sails both ways."""
    legs = list(world.lines.legs.values())
    by_ends: dict[tuple[int, int, str], list[int]] = {}
    for number, leg in enumerate(legs):
        service = world.corridor.services[world.network.ids.services[leg.services[0]]]
        if service.mode == "sea" and np.isfinite(world.lines.vehicles(leg.fleet)):
            by_ends.setdefault((leg.origin, leg.destination, service.product), []).append(number)
    for (a, b, product), out in by_ends.items():
        back = by_ends.get((b, a, product), [])
        alone = all(not world.lines.by_demand(legs[n].fleet) for n in out)
        if back and alone and (a, b) != (b, a) and min(out) < min(back):
            name = f"{world.network.ids.places[a]}-{world.network.ids.places[b]} {product}"
            yield _line(world, parts, name, [legs[n] for n in out], (out, back))


def _line(
    world: World, parts: Sequence[Played], name: str, legs: list[Leg], numbers: tuple[list[int], list[int]]
) -> LineUse:
    """Return the ladder of a line.

    Hours of a round trip are what its vehicles spent, so the rungs multiply to what was carried: capacity one way is
    vehicles x hours of a year / hours of a round trip x what a vehicle holds, or may hold at low water.
    """
    out, back = (_sums(parts, of) for of in numbers)
    rounds = max((out[0] + back[0]) / 2, 1e-9)
    year = world.play.axis.year[1]
    fleets = tuple(dict.fromkeys(world.network.ids.fleets[leg.fleet] for leg in legs))
    vehicles = sum(float(world.lines.counts(leg.fleet).mean()) for leg in {leg.fleet: leg for leg in legs}.values())
    spent = (out[3] + back[3]) / rounds
    stood = (out[2] + back[2]) / rounds
    group, room = _room(world, legs[0])
    working = float(spent[CAUSES.index("moving")])
    calls = float(spent[CAUSES.index("loading aboard")])
    full = min(max((out[1] + back[1]) / (2 * rounds), 0.2), 1.0)  # below a fifth a call says little of a full one
    nominal = working + calls / full
    ladder = [Rung("nominal: running and full calls, no wait", vehicles * year / nominal * room, nominal)]
    total, aboard = nominal, room * (1.0 - float(out[4] + back[4]) / max(float(out[0] + back[0]), 1e-9))
    ladder.append(Rung("low water", vehicles * year / nominal * aboard, 0.0))
    rest = vehicles * year / rounds - (nominal + float(spent.sum()) - working - calls + stood)
    for loss, hours in (
        ("repairs", float(spent[CAUSES.index("in repair")])),
        ("weather", float(spent[CAUSES.index("weather")])),
        ("wait for a berth", float(spent[CAUSES.index("for a berth")])),
        ("slow cycle: wait for cargo", stood),
        ("calls shorter than full", calls - calls / full),
        ("under way at the ends of the year, empty runs", rest - (calls - calls / full)),
    ):
        total += hours
        ladder.append(Rung(loss, vehicles * year / max(total, 1e-9) * aboard, hours))
    ladder.append(Rung("out: not full", float(out[1]) * room, 0.0))
    ladder.append(Rung("back: not full (imbalance)", float(back[1]) * room, 0.0))
    waiting = float(np.mean([p.waiting[[*numbers[0], *numbers[1]]].sum() for p in parts]))
    every = list(world.lines.legs.values())
    services = tuple(world.network.ids.services[s] for of in numbers for n in of for s in every[n].services)
    return LineUse(
        name, fleets, services, group, vehicles, vehicles * year / rounds, rounds, working / 2,
        float(out[1] / max(out[0], 1e-9)), float(back[1] / max(back[0], 1e-9)), waiting, tuple(ladder),
    )  # fmt: skip


def _sums(parts: Sequence[Played], legs: list[int]) -> list[Any]:
    """Return departures, vehicle loads carried, hours stood, hours by cause and loads left ashore, in the mean."""
    names = ("count", "carried", "stood", "spent", "shallow")
    return [np.mean([p.legs[name][legs] for p in parts], axis=0).sum(axis=0) for name in names]


def _room(world: World, leg: Leg) -> tuple[str, float]:
    """Return the unit that fills a vehicle of a leg, and how much of it it holds."""
    for sizes in ROOM.values():
        for size in sizes:
            room = world.network.capacity[leg.services[0], DIMENSIONS.index(size)]
            if np.isfinite(room) and room > 0:
                return size, float(room)
    return "vehicle", 1.0


def assumed(world: World) -> tuple[float, int]:
    """Return the share of the rows of the dataset behind a simulation that have no source, and how many there are.

    Counted once each: resources of stations, other traffic in them, services, fleets, vehicle types, weather,
    steps that cargo passes, and the defaults that fill what is missing.
    """
    corridor, ids = world.corridor, world.network.ids
    names: dict[str, set[str]] = {"resources": {world.sites.table.limits[n].resource for n in world.sites.limits}}
    names["services"] = {ids.services[s] for leg in world.lines.legs.values() for s in leg.services}
    names["fleets"] = {ids.fleets[f] for f in world.fleets}
    names["vehicle_types"] = {corridor.fleets[f].vehicle_type for f in names["fleets"]}
    used = {int(a) for load in world.loads if load.units.sum() >= 0.01 for a in load.chain}
    names["steps"] = {ids.steps[world.network.step[a]] for a in used if world.network.step[a] >= 0}
    found = [row.source is None for table, keys in names.items() for row in _rows(corridor, table, keys)]
    found += [row.source is None for row in corridor.backgrounds.rows if row.resource in names["resources"]]
    found += [row.source is None for row in corridor.weather.rows]
    found += [fill.default not in corridor.defaults or corridor.defaults[fill.default].source is None
              for fill in world.lines.fill.filled.values()]  # fmt: skip
    return float(np.mean(found)) if found else 0.0, len(found)


def _rows(corridor: Corridor, table: str, keys: set[str]) -> Iterator[Any]:
    rows = getattr(corridor, table)
    return (rows[key] for key in sorted(keys) if key in rows)


def overloads(uses: Sequence[StationUse], lines_: Sequence[LineUse]) -> Iterator[str]:
    """Yield what is asked for beyond its capacity over the year, with the shortage."""
    for use in uses:
        mean = float(np.mean(use.utilisation)) if use.utilisation else 0.0
        if use.kind != "fleet" and mean >= 0.97 and use.queue_at_end >= 20:
            yield f"{use.id}: overloaded over the year, {mean:.0%} used and {use.queue_at_end:,.0f} wait at its end"
    for line in lines_:
        if line.waiting_at_end >= 5:
            yield f"{line.line}: short of vehicles, {line.waiting_at_end:,.0f} vehicle loads wait at its end"
