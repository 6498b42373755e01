"""This module owns the translation of a corridor into a network; it is the only place that knows both.

Always a full compile: a scenario is applied to the corridor first. Closures with dates become intervals that every
engine reads. What else changes within the window is given as the corridor of each later period: arrays with an axis of
periods follow it (``BY_PERIOD``); the rest is taken as it is at first, and ``Network.held`` says so.
"""

import gc
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import DataError, Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.price import EmissionFactor
from transcaspian.model.corridor.resource import Closure
from transcaspian.model.corridor.step import Step
from transcaspian.model.scenario import differences
from transcaspian.network import calendars
from transcaspian.network.builder import Arcs, Draft, index_of, sort
from transcaspian.network.calendars import Intervals
from transcaspian.network.fill import filler
from transcaspian.network.kernel_arrays import kernel_world
from transcaspian.network.money import exchange
from transcaspian.network.network import DIMENSIONS, OWNERS, Cut, Ids, Network
from transcaspian.network.offers import Offers
from transcaspian.network.prices import PriceBook, Vector
from transcaspian.network.slots import slots_of
from transcaspian.network.stock import resources_of, services_of, uses_of
from transcaspian.network.terminals import add_handlings, chains
from transcaspian.network.window import Window

BY_PERIOD: Mapping[str, tuple[str, ...]] = {
    "backgrounds": (),
    "fleet_layups": (),
    "fleets": ("vehicles", "availability"),
    "resources": ("servers", "capacity", "depth_m"),
    "waits": (),
    "water_levels": (),
    "weather": (),
}
"""Tables whose values may differ from period to period, and which of their attributes; all where none is named."""


def compile_network(corridor: Corridor, window: Window, later: Sequence[Corridor] = ()) -> Network:
    """Compile a corridor for a window.

    Parameters
    ----------
    corridor : as it is in the first period
    window : the time compiled for, in periods
    later : the corridor as it is in each later period; without them nothing but closures changes on the way

    Raises
    ------
    DataError
        If the tables cannot be compiled: a rate is missing, there are too many gateways.

    Examples
    --------
    >>> from datetime import date
    >>> import transcaspian as tc
    >>> compile_network(tc.load(), tc.months(date(2026, 12, 1), 2))
    Network of ... vertices and ... arcs, 2 periods from 2026-12-01
    """
    with _uncollected():
        draft = _draft(corridor, window, later)
        handlings = add_handlings(draft)
        _add_services(draft, handlings)
        draft.cuts += _shut_all_along(draft)
        return _network(draft, sort(draft))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the search for cyclic garbage: a compile makes many objects, all of them kept, and no cycle."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # frozen and thawed, what was made is not searched as if it were young
            gc.freeze()
            gc.unfreeze()
        if searching:
            gc.enable()


def _draft(corridor: Corridor, window: Window, later: Sequence[Corridor]) -> Draft:
    states = (corridor, *later) if later else (corridor,) * len(window.periods)
    if len(states) != len(window.periods):
        raise ValueError(f"{len(later)} later corridors for a window of {len(window.periods)} periods")
    fill, rates = filler(corridor), exchange(corridor)
    gateways: dict[str, int] = {p.id: i for i, p in enumerate(p for p in corridor.places.rows if p.gateway)}
    if len(gateways) > 48:
        raise DataError([Problem("places", "", "gateway", str(len(gateways)), "at most 48 gateways")])
    groups = dict.fromkeys(form.group for form in corridor.forms.rows)
    shut = {
        target: calendars.shut_times(rows, _zone(corridor, target), window)
        for target, rows in calendars.closures_by_target(corridor).items()
        if not target.startswith("calendars:")
    }
    return Draft(
        corridor=corridor,
        states=states,
        window=window,
        filler=fill,
        exchange=rates,
        prices=PriceBook(corridor, rates, fill, window.start.date()),
        places=index_of(corridor.places),
        groups=index_of(groups),
        links=index_of(corridor.links),
        steps=index_of(corridor.steps),
        services=index_of(corridor.services),
        crossings=index_of(corridor.crossings),
        sites=index_of(corridor.weather_sites),
        modes=index_of(("rail", "road", "sea", "waterway", "pipeline")),
        gateways=gateways,
        ranged=frozenset(
            (e.table, e.id, e.attribute) for e in corridor.evidence.rows if e.low is not None or e.high is not None
        ),
        shut={target: times for target, times in shut.items() if times},
    )


def _held(draft: Draft) -> Iterator[str]:
    """Yield in words what changes within the window and has no axis of periods: it is taken as it is at first."""
    days = [period.date() for period in draft.window.periods]
    for (before, after), day in zip(itertools.pairwise(draft.states), days[1:], strict=True):
        rows: dict[tuple[str, str], list[str]] = {}
        for found in differences(before, after) if before is not after else ():
            free = BY_PERIOD.get(found.table)
            if free is None or (free and found.attribute not in free):
                rows.setdefault((found.table, found.attribute or "row"), []).append(found.key)
        for (table, attribute), keys in rows.items():
            named = ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
            yield f"{table}, {attribute} of {named}: other from {day} on; counted as at the start"
    first, end = days[0], draft.window.end.date()
    dates = ((row.id, day) for row in draft.corridor.tariffs.rows for day in (row.from_date, row.until_date) if day)
    for tariff, day in dates:
        if first < day < end:
            yield f"tariffs, {tariff}: begins or ends on {day}; counted as at the start"


def _shut_all_along(draft: Draft) -> list[Cut]:
    """Return what dated closures shut for the whole window, with their reasons."""
    end = draft.window.hours(draft.window.end)
    whole = [t for t, times in draft.shut.items() if times[0][0] <= 0 and times[0][1] >= end]
    reasons = {row.target: row.reason for row in draft.corridor.closures.rows}
    return [Cut(target.replace(":", " "), reasons[target]) for target in whole]


def _zone(corridor: Corridor, target: str) -> str:
    """Return the time zone in which the dates of a closure are meant."""
    table, _, key = target.partition(":")
    row = corridor.table(table).get(key)
    if table == "places" and row:
        return str(row.timezone)
    if table == "links" and row:
        return corridor.places[row.origin].timezone
    if table == "crossings" and row:
        return corridor.places[row.place].timezone
    return "UTC"


def _add_services(draft: Draft, handlings: dict[tuple[str, str], list[tuple[Step, str]]]) -> None:
    corridor = draft.corridor
    rows: dict[str, list[tuple[int, str, bool]]] = {}
    for link in corridor.service_links.rows:
        rows.setdefault(link.service, []).append((link.seq, link.link, link.reverse))
    stops: dict[str, set[str]] = {}
    for stop in corridor.service_stops.rows:
        stops.setdefault(stop.service, set()).add(stop.place)
    groups: dict[str, list[str]] = {}
    for carried in corridor.service_forms.rows:
        if carried.group in draft.groups:
            groups.setdefault(carried.service, []).append(carried.group)
    passes: dict[str, list[str]] = {}
    for passed in corridor.link_passes.rows:
        passes.setdefault(passed.link, []).append(passed.place)
    factors: dict[tuple[str, str | None, str | None], EmissionFactor] = {
        (f.mode, f.traction, f.country): f for f in corridor.emission_factors.rows if f.default
    }
    offers = Offers(draft, chains(draft), handlings, passes, factors)
    for service in corridor.services.rows:
        series = [(link, reverse) for _, link, reverse in sorted(rows.get(service.id, ()))]
        if series:
            offers.add(service, series, frozenset(stops.get(service.id, ())), groups.get(service.id, []))


def _network(draft: Draft, arcs: Arcs) -> Network:
    corridor, window, column = draft.corridor, draft.window, arcs.column
    count, forms = len(arcs), corridor.forms.rows
    keys = sorted({work.calendar for work in arcs.works if work.calendar})
    calendar_number = {key: number for number, key in enumerate(keys)}
    base = {c.id: number + len(keys) for number, c in enumerate(corridor.calendars.rows)}
    closures = calendars.closures_by_target(corridor)
    intervals = [_opening(draft, key, closures) for key in (*keys, *((f"calendars:{c}",) for c in base))]
    world, observed = kernel_world(draft, arcs, calendar_number, intervals)
    price, cost, basis = _prices(arcs, len(forms))
    vertices = list(draft.vertices)
    states = tuple(dict.fromkeys(v[1] for v in vertices))
    state_number = index_of(states)
    vertex_group = np.array([draft.groups[v[2]] for v in vertices], dtype=np.int8)
    use = uses_of(draft, arcs)
    throughput, servers, background, depth = resources_of(draft)
    resources = corridor.resources.rows
    stock = services_of(draft)
    group_names = tuple(draft.groups)
    return Network(
        window=window,
        ids=Ids(
            places=tuple(draft.places),
            place_country=tuple(p.country for p in corridor.places.rows),
            states=states,
            groups=group_names,
            forms=tuple(f.id for f in forms),
            services=tuple(draft.services),
            fleets=tuple(corridor.fleets),
            links=tuple(draft.links),
            steps=tuple(draft.steps),
            crossings=tuple(draft.crossings),
            resources=tuple(corridor.resources),
            calendars=tuple("+".join(key) for key in keys) + tuple(base),
            sites=tuple(draft.sites),
            gateways=tuple(draft.gateways),
            modes=tuple(draft.modes),
        ),
        world=world,
        vertex_place=np.array([v[0] for v in vertices], dtype=np.int32),
        vertex_state=np.array([state_number[v[1]] for v in vertices], dtype=np.int16),
        vertex_group=vertex_group,
        vertex_service=np.array([draft.services[v[3]] if v[3] else -1 for v in vertices], dtype=np.int32),
        vertex_rest=np.array([not v[3] and not v[5] for v in vertices], dtype=np.bool_),
        group=vertex_group[arcs.tail],
        mode=column("mode", np.int8),
        step=column("step", np.int32),
        link=column("link", np.int32),
        crossing=column("crossing", np.int32),
        stage=column("stage", np.int16),
        gauge_break=column("gauge_break", np.bool_),
        hours=column("hours", np.float64),
        batch=column("batch", np.float64),
        km=column("km", np.float64),
        gateway=column("gateway", np.uint64),
        price=price,
        resource_cost=cost,
        price_basis=basis,
        carbon_tonne=column("carbon_tonne", np.float64),
        carbon_unit=column("carbon_unit", np.float64),
        use_first=use[0],
        use_resource=use[1],
        use_scope=use[2],
        use_amount=use[3],
        throughput=throughput,
        servers=servers,
        background=background,
        depth=depth,
        buffer=np.array(
            [-2 if r.buffer is None else -1 if np.isinf(r.buffer) else int(r.buffer) for r in resources], dtype=np.int32
        ),
        resource_calendar=np.array([base[r.calendar] if r.calendar else -1 for r in resources], dtype=np.int32),
        resource_site=np.array([draft.sites[r.weather] if r.weather else -1 for r in resources], dtype=np.int32),
        form_group=np.array([draft.groups[f.group] for f in forms], dtype=np.int8),
        form_size=np.array(
            [[f.teu, f.payload_max_t + f.tare_t, f.wagons, f.lane_m, f.moves] for f in forms], dtype=np.float64
        ).reshape(len(forms), len(DIMENSIONS)),
        form_consignments=np.array([f.consignments for f in forms], dtype=np.float64),
        cuts=tuple(draft.cuts),
        fills=tuple(draft.filler.filled.values()),
        held=tuple(_held(draft)),
        uncertain=partial(slots_of, draft, arcs, observed, (len(OWNERS), count, len(forms))),
        **stock,
    )


def _prices(arcs: Arcs, forms: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int8]]:
    """Return price and resource cost by (owner, arc, form), and how the price of each arc is known."""
    number: dict[Vector, int] = {}
    of_work = [number.setdefault(work.vector, len(number)) for work in arcs.works]
    which = np.array(of_work, dtype=np.int32)[arcs.work]
    price, cost = np.empty((2, len(OWNERS), len(number), forms))
    for vector, row in number.items():
        price[:, row], cost[:, row] = vector.price, vector.resource
    price, cost = np.take(price, which, axis=1), np.take(cost, which, axis=1)
    weight = arcs.column("weight", np.float64)[:, None]
    np.multiply(price, weight, out=price)
    np.multiply(cost, weight, out=cost)
    return price, cost, np.array([vector.basis for vector in number], dtype=np.int8)[which]


def _opening(draft: Draft, key: tuple[str, ...], shut: Mapping[str, Sequence[Closure]]) -> Intervals:
    """Return when everything of a key is open: calendars intersected, closures taken out."""
    times: Intervals = [(-24.0, draft.window.hours(draft.window.end) + 24.0 * draft.window.overrun + 24.0)]
    hours = draft.corridor.calendar_hours.rows
    for target in key:
        table, _, name = target.partition(":")
        if table == "calendars":
            calendar = draft.corridor.calendars[name]
            rows = [row for row in hours if row.calendar == name]
            open_hours = calendars.opening(calendar, rows, shut.get(target, []), draft.window)
            gaps = calendars.without([(-48.0, times[-1][1] + 24.0)] if times else [], open_hours)
            times = calendars.without(times, gaps)
        else:
            times = calendars.without(times, draft.shut.get(target, []))
    return times
