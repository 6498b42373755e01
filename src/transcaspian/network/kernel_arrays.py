"""This module owns the arrays that kernels read: graph, waits, departures, weather."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import FILL, HEADWAY, TIMETABLE, World
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.service import Departure, ServiceLink
from transcaspian.network import calendars
from transcaspian.network.builder import Arcs, Draft, first_of, luck_of
from transcaspian.network.calendars import Intervals

NO_WAIT = (0.0, 0.0, "")
RULES = {"timetable": TIMETABLE, "headway": HEADWAY, "fill": FILL}


def kernel_world(
    draft: Draft, arcs: Arcs, calendar_number: Mapping[tuple[str, ...], int], intervals: list[Intervals]
) -> tuple[World, Mapping[str, Sequence[str]]]:
    """Return what kernels read, and the rows of ``waits`` behind what is waited for, by period."""
    corridor, window = draft.corridor, draft.window
    vertices = len(draft.vertices)
    tail, head, column = arcs.tail, arcs.head, arcs.column
    rules = rules_of(draft)
    wait, wait_sd, observed = _waits(draft, arcs, rules)
    departures = _departures(draft)
    share, spell = _weather(draft)
    sites = corridor.weather_sites.rows
    world = World(
        first=first_of(np.bincount(tail, minlength=vertices)).astype(np.uint32),
        tail=tail,
        head=head,
        in_first=first_of(np.bincount(head, minlength=vertices)).astype(np.uint32),
        in_arc=np.argsort(head, kind="stable").astype(np.uint32),
        kind=column("kind", np.int8),
        calendar=np.array([calendar_number.get(w.calendar, -1) for w in arcs.works], dtype=np.int32)[arcs.work],
        site=column("site", np.int32),
        service=column("service", np.int32),
        offset=column("offset", np.float64),
        scv=column("scv", np.float64),
        least=column("least", np.float64),
        wait=wait,
        wait_sd=wait_sd,
        rule=np.array([RULES[rules[s].rule] if s in rules else HEADWAY for s in corridor.services], dtype=np.int8),
        cutoff=np.array([rules[s].cutoff_h if s in rules else 0.0 for s in corridor.services], dtype=np.float64),
        dep_first=first_of([len(d) for d in departures]),
        dep_time=np.array([t for d in departures for t in d], dtype=np.float64),
        open_first=first_of([len(i) for i in intervals]),
        opens=np.array([i[0] for times in intervals for i in times], dtype=np.float64),
        closes=np.array([i[1] for times in intervals for i in times], dtype=np.float64),
        weather_share=share,
        weather_spell=spell,
        centre=np.array(window.centres(), dtype=np.float64),
        luck=column("luck", np.uint64),
        site_luck=np.array([luck_of(f"weather_sites:{s.id}") for s in sites], dtype=np.uint64),
        site_group=np.array([luck_of(f"weather_groups:{s.group}") for s in sites], dtype=np.uint64),
        site_loading=np.array([s.loading for s in sites], dtype=np.float64),
    )
    return world, observed


def rules_of(draft: Draft) -> dict[str, Departure]:
    """Return the departure row that gives a service its rule: its first."""
    rules: dict[str, Departure] = {}
    for row in draft.corridor.departures.rows:
        rules.setdefault(row.service, row)
    return rules


def _waits(
    draft: Draft, arcs: Arcs, rules: Mapping[str, Departure]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, list[str]]]:
    """Return mean and standard deviation of waits by (arc, period), and the rows they are from by what is waited for.

    Where nobody observed a wait it is half a headway, as of somebody who comes at any time.
    """
    months = [edge.month for edge in draft.window.periods]
    observed = {number: _observed(state) for number, state in draft.distinct.items()}
    usual = {s: (r.headway_h / 2, r.headway_h / 12**0.5, "") for s, r in rules.items() if r.headway_h is not None}
    known: dict[str, tuple[list[float], list[float], list[str]]] = {}
    for target in dict.fromkeys((*itertools.chain.from_iterable(observed.values()), *usual)):
        series, otherwise = [], {0: usual.get(target, NO_WAIT)}
        for state, month in zip(draft.states, months, strict=True):
            by_month = observed[id(state)].get(target, otherwise)
            series.append(by_month.get(month, by_month.get(0, NO_WAIT)))
        known[target] = [s[0] for s in series], [s[1] for s in series], [s[2] for s in series]
    none = [0.0] * len(months)
    number = {target: n for n, target in enumerate(known, start=1)}
    which = np.array([number.get(work.wait, 0) for work in arcs.works], dtype=np.int32)[arcs.work]
    mean, spread = (np.array([none, *(series[i] for series in known.values())], dtype=np.float64) for i in (0, 1))
    return mean[which], spread[which], {target: rows for target, (_, _, rows) in known.items()}


def _observed(state: Corridor) -> dict[str, dict[int, tuple[float, float, str]]]:
    """Return mean, standard deviation and row of every wait by what is waited for and month."""
    rows: dict[str, dict[int, tuple[float, float, str]]] = {}
    for key, row in state.waits.items():
        rows.setdefault(row.target, {})[row.month] = (row.hours, row.sd_h, key)
    return rows


def _departures(draft: Draft) -> list[list[float]]:
    by_service: dict[str, list[Departure]] = {}
    for row in draft.corridor.departures.rows:
        if row.rule == "timetable":
            by_service.setdefault(row.service, []).append(row)
    first_link: dict[str, ServiceLink] = {}
    for run in draft.corridor.service_links.rows:
        if run.service not in first_link or run.seq < first_link[run.service].seq:
            first_link[run.service] = run
    found: list[list[float]] = []
    for service in draft.corridor.services:
        rows = by_service.get(service, [])
        if not rows or service not in first_link:
            found.append([])
            continue
        run = first_link[service]
        link = draft.corridor.links[run.link]
        zone = draft.corridor.places[link.destination if run.reverse else link.origin].timezone
        found.append(calendars.departures(rows, zone, draft.shut.get(f"services:{service}", []), draft.window))
    return found


def _weather(draft: Draft) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    months = [edge.month for edge in draft.window.periods]
    share, spell = np.zeros((len(draft.sites), len(months))), np.ones((len(draft.sites), len(months)))
    for site, number in draft.sites.items():
        for p, (state, month) in enumerate(zip(draft.states, months, strict=True)):
            row = state.weather.get(f"{site}:{month}")
            if row is not None:
                share[number, p], spell[number, p] = row.closed_share, row.mean_spell_h
    return share, spell
