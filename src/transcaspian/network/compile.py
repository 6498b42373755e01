"""This module owns the translation of a corridor into a network; it is the only place that knows both.

Always a full compile: a scenario is applied to the corridor first, so what is here is what is in force on the first
day of the window. Closures with dates become intervals that every engine reads.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import DataError, Problem
from transcaspian.kernels.world import FILL, HEADWAY, TIMETABLE, World
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.service import Departure, Service
from transcaspian.network import calendars
from transcaspian.network.builder import Arc, Draft, column, luck_of
from transcaspian.network.calendars import Intervals
from transcaspian.network.fill import filler
from transcaspian.network.money import exchange
from transcaspian.network.network import DIMENSIONS, OWNERS, SCOPES, SLOT_ARRAYS, Ids, Network, Slots
from transcaspian.network.offers import Offers
from transcaspian.network.prices import PriceBook
from transcaspian.network.terminals import add_handlings, chains
from transcaspian.network.window import Window

RULES = {"timetable": TIMETABLE, "headway": HEADWAY, "fill": FILL}


def compile_network(corridor: Corridor, window: Window) -> Network:
    """Compile a corridor for a window.

    Raises
    ------
    DataError
        If the tables cannot be compiled: a rate is missing, there are too many gateways.
    """
    draft = _draft(corridor, window)
    handlings = add_handlings(draft)
    _add_services(draft, handlings)
    order = sorted(range(len(draft.arcs)), key=lambda i: (draft.arcs[i].tail, draft.arcs[i].head, i))
    arcs = [draft.arcs[i] for i in order]
    return _network(draft, arcs)


def _draft(corridor: Corridor, window: Window) -> Draft:
    fill, rates = filler(corridor), exchange(corridor)
    gateways = {p.id: i for i, p in enumerate(p for p in corridor.places.rows if p.gateway)}
    if len(gateways) > 48:  # noqa: PLR2004 - 64 bits less those kept for required things
        raise DataError([Problem("places", "", "gateway", str(len(gateways)), "at most 48 gateways")])
    groups = dict.fromkeys(form.group for form in corridor.forms.rows)
    shut = {
        target: calendars.shut_times(rows, _zone(corridor, target), window)
        for target, rows in calendars.closures_by_target(corridor).items()
        if not target.startswith("calendars:")
    }
    return Draft(
        corridor=corridor,
        window=window,
        filler=fill,
        exchange=rates,
        prices=PriceBook(corridor, rates, fill, window.start.date()),
        places=_index(corridor.places),
        groups=_index(groups),
        links=_index(corridor.links),
        steps=_index(corridor.steps),
        services=_index(corridor.services),
        crossings=_index(corridor.crossings),
        sites=_index(corridor.weather_sites),
        modes=_index(("rail", "road", "sea", "waterway", "pipeline")),
        gateways=gateways,
        ranged=frozenset((e.table, e.id, e.attribute) for e in corridor.evidence.rows if e.low is not None or e.high is not None),
        shut={target: times for target, times in shut.items() if times},
    )


def _index(keys: object) -> dict[str, int]:
    return {str(key): number for number, key in enumerate(keys)}  # type: ignore[call-overload]


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


def _add_services(draft: Draft, handlings: dict[tuple[str, str], list[tuple[object, str]]]) -> None:  # type: ignore[type-arg]
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
    factors = {(f.mode, f.traction, f.country): f.wtw for f in corridor.emission_factors.rows if f.default}
    offers = Offers(draft, chains(draft), handlings, passes, factors, set())  # type: ignore[arg-type]
    for service in corridor.services.rows:
        series = [(link, reverse) for _, link, reverse in sorted(rows.get(service.id, ()))]
        if series:
            offers.add(service, series, frozenset(stops.get(service.id, ())), groups.get(service.id, []))


def _network(draft: Draft, arcs: list[Arc]) -> Network:
    corridor, window = draft.corridor, draft.window
    count, forms, periods = len(arcs), corridor.forms.rows, len(window.periods)
    keys = sorted({arc.calendar for arc in arcs if arc.calendar})
    calendar_number = {key: number for number, key in enumerate(keys)}
    base = {c.id: number + len(keys) for number, c in enumerate(corridor.calendars.rows)}
    intervals = [_opening(draft, key) for key in keys] + [_opening(draft, (f"calendars:{c}",)) for c in base]
    world, slots_wait = _world(draft, arcs, calendar_number, intervals)
    price, cost = np.zeros((len(OWNERS), count, len(forms))), np.zeros((len(OWNERS), count, len(forms)))
    for number, arc in enumerate(arcs):
        if arc.vector is not None:
            price[:, number, :] = arc.vector.price * arc.weight
            cost[:, number, :] = arc.vector.resource * arc.weight
    vertices = list(draft.vertices)
    states = tuple(dict.fromkeys(v[1] for v in vertices))
    state_number = _index(states)
    use = _uses(draft, arcs)
    servers, background = _resources(draft)
    resources = corridor.resources.rows
    network_services = _services(draft)
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
        vertex_group=np.array([draft.groups[v[2]] for v in vertices], dtype=np.int8),
        vertex_service=np.array([draft.services[v[3]] if v[3] else -1 for v in vertices], dtype=np.int32),
        vertex_rest=np.array([not v[3] and not v[5] for v in vertices], dtype=np.bool_),
        group=column(arcs, "group", "i1"),
        mode=column(arcs, "mode", "i1"),
        step=column(arcs, "step", "i4"),
        link=column(arcs, "link", "i4"),
        crossing=column(arcs, "crossing", "i4"),
        stage=column(arcs, "stage", "i2"),
        gauge_break=column(arcs, "gauge_break", "?"),
        hours=column(arcs, "hours", "f8"),
        batch=column(arcs, "batch", "f8"),
        km=column(arcs, "km", "f8"),
        gateway=column(arcs, "gateway", "u8"),
        price=price,
        resource_cost=cost,
        price_basis=np.array([a.vector.basis if a.vector else 0 for a in arcs], dtype=np.int8),
        carbon_tonne=column(arcs, "carbon_tonne", "f8"),
        carbon_unit=column(arcs, "carbon_unit", "f8"),
        use_first=use[0],
        use_resource=use[1],
        use_scope=use[2],
        use_amount=use[3],
        servers=servers,
        background=background,
        buffer=np.array([-2 if r.buffer is None else -1 if np.isinf(r.buffer) else int(r.buffer) for r in resources], dtype=np.int32),
        resource_calendar=np.array([base[r.calendar] if r.calendar else -1 for r in resources], dtype=np.int32),
        resource_site=np.array([draft.sites[r.weather] if r.weather else -1 for r in resources], dtype=np.int32),
        form_group=np.array([draft.groups[f.group] for f in forms], dtype=np.int8),
        form_size=np.array([[f.teu, f.payload_max_t + f.tare_t, f.wagons, f.lane_m, f.moves] for f in forms], dtype=np.float64).reshape(len(forms), len(DIMENSIONS)),
        cuts=tuple(draft.cuts),
        fills=tuple(draft.filler.filled.values()),
        slots=_slots(draft, arcs, slots_wait, (len(OWNERS), count, len(forms)), periods),
        **network_services,
    )


def _opening(draft: Draft, key: tuple[str, ...]) -> Intervals:
    """Return when everything of a key is open: calendars intersected, closures taken out."""
    times: Intervals = [(-48.0, draft.window.hours(draft.window.end) + 48.0)]
    hours = draft.corridor.calendar_hours.rows
    shut = calendars.closures_by_target(draft.corridor)
    for target in key:
        table, _, name = target.partition(":")
        if table == "calendars":
            calendar = draft.corridor.calendars[name]
            rows = [row for row in hours if row.calendar == name]
            open_hours = calendars.opening(calendar, rows, shut.get(target, []), draft.window)
            gaps = calendars.without([(-72.0, times[-1][1] + 72.0)] if times else [], open_hours)
            times = calendars.without(times, gaps)
        else:
            times = calendars.without(times, draft.shut.get(target, []))
    return times


def _world(draft: Draft, arcs: Sequence[Arc], calendar_number: dict[tuple[str, ...], int], intervals: list[Intervals]) -> tuple[World, list[tuple[int, str, int]]]:
    corridor, window = draft.corridor, draft.window
    count, vertices = len(arcs), len(draft.vertices)
    tail, head = column(arcs, "tail", "i4"), column(arcs, "head", "i4")
    first = np.zeros(vertices + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=vertices), out=first[1:])
    in_first = np.zeros(vertices + 1, dtype=np.int32)
    np.cumsum(np.bincount(head, minlength=vertices), out=in_first[1:])
    wait, wait_sd, where = _waits(draft, arcs)
    departures = _departures(draft)
    share, spell = _weather(draft)
    sites = corridor.weather_sites.rows
    rules = _rules(draft)
    world = World(
        first=first,
        tail=tail,
        head=head,
        in_first=in_first,
        in_arc=np.argsort(head, kind="stable").astype(np.int32),
        kind=column(arcs, "kind", "i1"),
        calendar=np.array([calendar_number[a.calendar] if a.calendar else -1 for a in arcs], dtype=np.int32),
        site=column(arcs, "site", "i4"),
        service=column(arcs, "service", "i4"),
        offset=column(arcs, "offset", "f8"),
        scv=column(arcs, "scv", "f8"),
        least=column(arcs, "least", "f8"),
        wait=wait,
        wait_sd=wait_sd,
        rule=np.array([RULES[rules[s].rule] if s in rules else HEADWAY for s in corridor.services], dtype=np.int8),
        cutoff=np.array([rules[s].cutoff_h if s in rules else 0.0 for s in corridor.services], dtype=np.float64),
        dep_first=_first([len(d) for d in departures]),
        dep_time=np.array([t for d in departures for t in d], dtype=np.float64),
        open_first=_first([len(i) for i in intervals]),
        opens=np.array([i[0] for times in intervals for i in times], dtype=np.float64),
        closes=np.array([i[1] for times in intervals for i in times], dtype=np.float64),
        weather_share=share,
        weather_spell=spell,
        centre=np.array(window.centres(), dtype=np.float64),
        luck=column(arcs, "luck", "u8"),
        site_luck=np.array([luck_of(f"weather_sites:{s.id}") for s in sites], dtype=np.uint64),
        site_group=np.array([luck_of(f"weather_groups:{s.group}") for s in sites], dtype=np.uint64),
        site_loading=np.array([s.loading for s in sites], dtype=np.float64),
    )
    assert count == world.in_arc.shape[0]
    return world, where


def _first(lengths: Sequence[int]) -> NDArray[np.int32]:
    first = np.zeros(len(lengths) + 1, dtype=np.int32)
    first[1:] = np.cumsum(lengths)
    return first


def _rules(draft: Draft) -> dict[str, Departure]:
    """Return the departure row that gives a service its rule: its first."""
    rules: dict[str, Departure] = {}
    for row in draft.corridor.departures.rows:
        rules.setdefault(row.service, row)
    return rules


def _waits(draft: Draft, arcs: Sequence[Arc]) -> tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[int, str, int]]]:
    """Return mean and standard deviation of waits by (arc, period), and (arc, wait row, period) of those observed."""
    months = [edge.month for edge in draft.window.periods]
    rows: dict[str, dict[int, tuple[float, float, str]]] = {}
    for row in draft.corridor.waits.rows:
        rows.setdefault(row.target, {})[row.month] = (row.hours, row.sd_h, f"{row.target}:{row.month}")
    rules = _rules(draft)
    known: dict[str, tuple[list[float], list[float], list[str]]] = {}
    for target, by_month in rows.items():
        series = [by_month.get(m, by_month.get(0, (0.0, 0.0, ""))) for m in months]
        known[target] = [s[0] for s in series], [s[1] for s in series], [s[2] for s in series]
    for service, rule in rules.items():
        if service not in known and rule.headway_h is not None:
            half, sd = rule.headway_h / 2, rule.headway_h / 12**0.5
            known[service] = [half] * len(months), [sd] * len(months), [""] * len(months)
    mean, spread = np.zeros((len(arcs), len(months))), np.zeros((len(arcs), len(months)))
    where = []
    for number, arc in enumerate(arcs):
        found = known.get(arc.wait) if arc.wait else None
        if found is not None:
            mean[number], spread[number] = found[0], found[1]
            where += [(number, key, p) for p, key in enumerate(found[2]) if key]
    return mean, spread, where


def _departures(draft: Draft) -> list[list[float]]:
    by_service: dict[str, list[Departure]] = {}
    for row in draft.corridor.departures.rows:
        if row.rule == "timetable":
            by_service.setdefault(row.service, []).append(row)
    first_link = {}
    for link in draft.corridor.service_links.rows:
        if link.service not in first_link or link.seq < first_link[link.service].seq:
            first_link[link.service] = link
    found = []
    for service in draft.corridor.services:
        rows = by_service.get(service, [])
        if not rows or service not in first_link:
            found.append([])
            continue
        row = first_link[service]
        link = draft.corridor.links[row.link]
        zone = draft.corridor.places[link.destination if row.reverse else link.origin].timezone
        found.append(calendars.departures(rows, zone, draft.shut.get(f"services:{service}", []), draft.window))
    return found


def _weather(draft: Draft) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    months = [edge.month for edge in draft.window.periods]
    share, spell = np.zeros((len(draft.sites), len(months))), np.ones((len(draft.sites), len(months)))
    for site, number in draft.sites.items():
        for p, month in enumerate(months):
            row = draft.corridor.weather.get(f"{site}:{month}")
            if row is not None:
                share[number, p], spell[number, p] = row.closed_share, row.mean_spell_h
    return share, spell


def _uses(draft: Draft, arcs: Sequence[Arc]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]:
    """Return the uses of resources by arc: a step's on its arcs, a service's on boarding, a link's on moves over it."""
    resource = _index(draft.corridor.resources)
    by_user: dict[str, list[tuple[int, int, float]]] = {}
    for row in draft.corridor.uses.rows:
        by_user.setdefault(row.user, []).append((resource[row.resource], SCOPES.index(row.scope), row.amount))
    links, steps, services = tuple(draft.links), tuple(draft.steps), tuple(draft.services)
    lengths, flat = [], []
    for arc in arcs:
        found: list[tuple[int, int, float]] = []
        if arc.step >= 0:
            found = by_user.get(steps[arc.step], found)
        elif arc.link >= 0:
            found = by_user.get(links[arc.link], found)
        elif arc.wait:
            found = by_user.get(services[arc.service], found)
        lengths.append(len(found))
        flat += found
    return (
        _first(lengths),
        np.array([f[0] for f in flat], dtype=np.int32),
        np.array([f[1] for f in flat], dtype=np.int8),
        np.array([f[2] for f in flat], dtype=np.float64),
    )


def _resources(draft: Draft) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return servers and the share of capacity that others use, by (resource, period)."""
    rows, periods = draft.corridor.resources.rows, draft.window.periods
    servers, background = np.full((len(rows), len(periods)), np.nan), np.full((len(rows), len(periods)), np.nan)
    by_resource: dict[str, list] = {}  # type: ignore[type-arg]
    for row in draft.corridor.backgrounds.rows:
        by_resource.setdefault(row.resource, []).append(row)
    for number, resource in enumerate(rows):
        filled = resource.servers
        if filled is None:
            filled = draft.filler.value("resources", resource.id, "servers", {"kind": resource.kind}, float("nan"))
        servers[number] = filled
        for p, period in enumerate(periods):
            background[number, p] = _share(resource.capacity, by_resource.get(resource.id, []), period.year, period.month)
    return servers, background


def _share(capacity: float | None, rows: list, year: int, month: int) -> float:  # type: ignore[type-arg]
    """Return the share of a capacity that others use in a month; nan where it is not known."""
    by_whose: dict[str, list] = {}  # type: ignore[type-arg]
    for row in rows:
        by_whose.setdefault(row.what, []).append(row)
    total = 0.0
    for series in by_whose.values():
        row = min(series, key=lambda r: (abs(r.year - year), r.month != month, r.month != 0))
        grown = row.amount * (1.0 + (row.growth or 0.0)) ** (year - row.year)
        if row.unit == "share":
            total += grown
        elif capacity:
            total += grown / capacity
        else:
            return float("nan")
    return total if rows else float("nan")


def _services(draft: Draft) -> dict[str, NDArray]:  # type: ignore[type-arg]
    corridor, rules = draft.corridor, _rules(draft)
    fleet = _index(corridor.fleets)
    services = corridor.services.rows

    def rule(service: Service, name: str, otherwise: float) -> float:
        value = getattr(rules[service.id], name) if service.id in rules else None
        return otherwise if value is None else float(value)

    capacity = np.full((len(services), len(DIMENSIONS)), np.nan)
    for number, service in enumerate(services):
        if service.fleet:
            kind = corridor.vehicle_types[corridor.fleets[service.fleet].vehicle_type]
            values = (kind.teu, kind.tonnes, kind.wagons, kind.lane_m, None)
            capacity[number] = [np.nan if v is None else v for v in values]
    layups = {(row.fleet, row.month): row.vehicles for row in corridor.fleet_layups.rows}
    rotations = sorted(corridor.rotations.rows, key=lambda r: (fleet[r.fleet], r.seq))
    return {
        "service_fleet": np.array([fleet[s.fleet] if s.fleet else -1 for s in services], dtype=np.int32),
        "capacity": capacity,
        "headway": np.array([rule(s, "headway_h", np.nan) for s in services], dtype=np.float64),
        "fill": np.array([rule(s, "fill", np.nan) for s in services], dtype=np.float64),
        "max_wait": np.array([rule(s, "max_wait_h", np.inf) for s in services], dtype=np.float64),
        "train_units": np.array([rule(s, "train_units", np.inf) for s in services], dtype=np.float64),
        "own_wait": np.array(
            [draft.filler.value("departures", s.id, "own_wait_h", {"mode": s.mode, "product": s.product}, 24.0) for s in services],
            dtype=np.float64,
        ),
        "vehicles": np.array(
            [
                [max(0.0, f.vehicles - layups.get((f.id, p.month), 0.0)) * f.availability for p in draft.window.periods]
                for f in corridor.fleets.rows
            ],
            dtype=np.float64,
        ).reshape(len(fleet), len(draft.window.periods)),
        "rotation_first": _first([sum(r.fleet == f for r in rotations) for f in fleet]),
        "rotation_service": np.array([draft.services[r.service] for r in rotations], dtype=np.int32),
    }


def _slots(draft: Draft, arcs: Sequence[Arc], waits: list[tuple[int, str, int]], shape: tuple[int, int, int], periods: int) -> Slots:
    """Return where every uncertain datum stands in the arrays."""
    corridor = draft.corridor
    number: dict[tuple[str, str, str], int] = {}
    columns: tuple[list[int], list[int], list[int], list[float], list[int]] = ([], [], [], [], [])

    def put(array: str, key: tuple[str, str, str], index: int, factor: float, power: int = 1) -> None:
        if key in draft.ranged:
            row = (number.setdefault(key, len(number)), SLOT_ARRAYS.index(array), index, factor, power)
            for values, value in zip(columns, row, strict=True):
                values.append(value)  # type: ignore[arg-type]

    _, count, forms = shape
    for a, arc in enumerate(arcs):
        for array, table, key, attribute, factor, power in arc.parts:
            put(array, (table, key, attribute), a, factor, power)
        for table, key, attribute, entries, factor in arc.vector.parts if arc.vector else ():
            if (table, key, attribute) in draft.ranged:
                for entry in entries.tolist():
                    owner, form = divmod(entry, forms)
                    put("price", (table, key, attribute), (owner * count + a) * forms + form, factor * arc.weight)
    for a, key, p in waits:
        put("wait", ("waits", key, "hours"), a * periods + p, 1.0)
    for s, site in enumerate(draft.sites):
        for p, period in enumerate(draft.window.periods):
            put("weather_share", ("weather", f"{site}:{period.month}", "closed_share"), s * periods + p, 1.0)
            put("weather_spell", ("weather", f"{site}:{period.month}", "mean_spell_h"), s * periods + p, 1.0)
    for r, resource in enumerate(corridor.resources.rows):
        for p in range(periods if resource.servers is not None else 0):
            put("servers", ("resources", resource.id, "servers"), r * periods + p, 1.0)
    for g, fleet in enumerate(corridor.fleets.rows):
        for p in range(periods):
            put("vehicles", ("fleets", fleet.id, "availability"), g * periods + p, fleet.vehicles)
    central = [float(getattr(corridor.table(t)[k], a)) for t, k, a in number]
    value, array, index, factor, power = columns
    return Slots(
        evidence=tuple(":".join(key) for key in number),
        central=np.array(central, dtype=np.float64),
        value=np.array(value, dtype=np.int32),
        array=np.array(array, dtype=np.int16),
        index=np.array(index, dtype=np.int64),
        factor=np.array(factor, dtype=np.float64),
        power=np.array(power, dtype=np.int8),
    )
