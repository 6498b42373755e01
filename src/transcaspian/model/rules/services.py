"""This module owns the rules about what is operated: lines, gauges, borders, fleets, tariffs, opening hours."""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.service import Departure, Fleet, Service
from transcaspian.model.rules.geometry import Hops, borders, runs

GAUGE = {"rail-1435": 1435, "rail-1520": 1520}

LAND = ("rail", "road", "pipeline")
"""Modes whose links cannot go round a country by water."""


def broken_lines(corridor: Corridor) -> Iterator[Problem]:
    """Find line services whose links do not follow one another, and stops that are not on the line."""
    lines = runs(corridor)
    for service, hops in lines.items():
        if corridor.services[service].pattern != "line":
            continue
        for (_, _, before), (link, start, _) in pairwise(hops):
            if before != start:
                right = f"a link that starts at {before}, where the one before ends"
                yield Problem("service_links", service, "link", link.id, right)
    called = {service: {p for _, a, b in hops for p in (a, b)} for service, hops in lines.items()}
    for stop in corridor.service_stops.rows:
        if stop.place not in called.get(stop.service, set()):
            right = "a place on the line of the service"
            yield Problem("service_stops", f"{stop.service}:{stop.place}", "place", stop.place, right)


def wrong_ways(corridor: Corridor) -> Iterator[Problem]:
    """Find services that run a one-way link backwards, and links that end where they start."""
    for row in corridor.service_links.rows:
        if row.reverse and corridor.links[row.link].direction == "forward":
            right = f"no: {row.link} is one-way from {corridor.links[row.link].origin}"
            yield Problem("service_links", f"{row.service}:{row.seq}", "reverse", "yes", right)
    for link in corridor.links.rows:
        if link.origin == link.destination:
            yield Problem("links", link.id, "destination", link.destination, "another place than the origin")


def gauge_breaks(corridor: Corridor) -> Iterator[Problem]:
    """Find services over links of another mode or gauge than their carrier: a gauge break needs a step."""
    for service, hops in runs(corridor).items():
        offer = corridor.services[service]
        for link, _, _ in hops:
            if link.mode != offer.mode:
                yield Problem("service_links", service, "link", link.id, f"a link of mode {offer.mode}")
            elif offer.carrier in GAUGE and link.gauge != GAUGE[offer.carrier]:
                right = (
                    f"a link of {GAUGE[offer.carrier]} mm; a gauge break ends the service and needs a reloading step"
                )
                yield Problem("service_links", service, "link", f"{link.id} ({link.gauge} mm)", right)


def unjoined_gauges(corridor: Corridor) -> Iterator[Problem]:
    """Find places where a train ends on one gauge and another leaves on the other, and no step reloads what both carry.

    Over the yard cargo would get across too, but as two handlings that nobody asked for: a gauge break is one step.
    """
    carried: dict[str, set[str]] = {}
    for row in corridor.service_forms.rows:
        carried.setdefault(row.service, set()).add(row.group)
    ends: dict[tuple[str, str], set[str]] = {}
    starts: dict[tuple[str, str], set[str]] = {}
    for service, hops in runs(corridor).items():
        offer = corridor.services[service]
        if offer.carrier in GAUGE and offer.pattern == "line" and offer.status == "open":
            starts.setdefault((hops[0][1], offer.carrier), set()).update(carried.get(service, ()))
            ends.setdefault((hops[-1][2], offer.carrier), set()).update(carried.get(service, ()))
    reloads = {(step.place, step.from_state, step.to_state, step.group) for step in corridor.steps.rows}
    for (place, before), arriving in ends.items():
        for after in sorted(GAUGE.keys() - {before}):
            for group in sorted(arriving & starts.get((place, after), set())):
                if not {(place, before, after, group), (place, before, after, None)} & reloads:
                    right = f"a handling from {before} to {after} for {group}: trains of both gauges meet there"
                    yield Problem("steps", place, "to_state", before, right)


def uncrossable_borders(corridor: Corridor) -> Iterator[Problem]:
    """Find borders between customs territories that an open service passes and no crossing describes."""
    known = {(c.place, c.mode, c.from_country, c.to_country) for c in corridor.crossings.rows}
    seen = set()
    for service, mode, start, end in borders(corridor):
        a, b = corridor.places[start], corridor.places[end]
        key = (mode, a.country, b.country)
        if corridor.services[service].mode == "pipeline" or (start, end, mode) in seen:
            continue
        seen.add((start, end, mode))
        if (start, *key) not in known and (end, *key) not in known:
            right = f"a crossing at {start} or {end} with mode {mode} from {a.country} to {b.country}"
            yield Problem("crossings", f"{start} - {end}", "", service, right)


def unnamed_transits(corridor: Corridor) -> Iterator[Problem]:
    """Find links by land that run through a country which nobody names: two in their order share no border.

    A corridor that says of no country whom it borders is not judged.
    """
    joined = {frozenset((row.country, row.neighbour)) for row in corridor.land_borders.rows}
    for link in corridor.links.rows if joined else ():
        start, end = corridor.places[link.origin].country, corridor.places[link.destination].country
        passed = [start, *corridor.between.get(link.id, ()), end]
        for a, b in pairwise(passed) if link.mode in LAND else ():
            if a != b and frozenset((a, b)) not in joined:
                right = f"rows in link_countries for what lies between {a} and {b}, or their border in land_borders"
                yield Problem("links", link.id, "destination", b, right)


def broken_stages(corridor: Corridor) -> Iterator[Problem]:
    """Find crossings whose steps stand elsewhere or whose handlings do not follow one another."""
    stages: dict[str, list[tuple[int, str]]] = {}
    for row in corridor.stages.rows:
        stages.setdefault(row.crossing, []).append((row.seq, row.step))
    for crossing, rows in stages.items():
        state = None
        for seq, step_id in sorted(rows):
            step = corridor.steps[step_id]
            if step.place != corridor.crossings[crossing].place:
                yield Problem(
                    "stages", f"{crossing}:{seq}", "step", step_id, f"a step at {corridor.crossings[crossing].place}"
                )
            if step.kind == "handling":
                if state is not None and step.from_state != state:
                    yield Problem("stages", f"{crossing}:{seq}", "step", step_id, f"a handling from the state {state}")
                state = step.to_state
        if not any(corridor.steps[s].kind == "procedure" for _, s in rows):
            yield Problem(
                "stages", crossing, "step", "handlings only", "at least one procedure; plain handlings need no crossing"
            )


def missing_departures(corridor: Corridor) -> Iterator[Problem]:
    """Find services that never leave, timetables without a time, and rules without their figures."""
    leaving = {row.service for row in corridor.departures.rows}
    for service in corridor.services.rows:
        if service.id not in leaving:
            yield Problem("services", service.id, "", service.name, "a row in departures that says when it leaves")
    waited = {row.target for row in corridor.waits.rows}
    for row in corridor.departures.rows:
        key = f"{row.service}:{row.seq}"
        if row.rule == "timetable" and (row.at is None or row.weekday is None):
            yield Problem("departures", key, "at", "", "a weekday and a time of departure")
        if row.rule != "timetable" and row.headway_h is None and row.service not in waited:
            yield Problem("departures", key, "headway_h", "", "a mean time between departures, or a row in waits")


def too_few_vehicles(corridor: Corridor) -> Iterator[Problem]:
    """Find fleets whose departures need more vehicles than exist.

    A rotation needs cycle over headway vehicles, summed over its services; of those between the same ends, which sail
    together, the one that needs most. A cycle is the run, and the loading and unloading of what must be aboard before a
    service leaves; queues and weather come on top: what is found here cannot be run.
    """
    hops, departures = runs(corridor), _departures(corridor)
    needs: dict[str, dict[tuple[str, str], tuple[float, str, float, float, float]]] = {}
    for turn in corridor.rotations.rows:
        service, fleet = corridor.services[turn.service], corridor.fleets[turn.fleet]
        running = _running(corridor, service, fleet, hops)
        headway = _headway(departures.get(turn.service, []))
        if running and headway:
            aboard = min((row.fill or 0.0 for row in departures[turn.service]), default=0.0)
            working = _working(corridor, service, fleet, hops, aboard)
            run = hops.get(service.id)
            ends = (run[0][1], run[-1][2]) if run else (service.id, "")
            part = ((running + working) / headway, service.id, running, working, headway)
            own = needs.setdefault(turn.fleet, {})
            own[ends] = max(own.get(ends, part), part, key=lambda found: found[0])
    for key, parts in needs.items():
        fleet = corridor.fleets[key]
        need = sum(vehicles for vehicles, *_ in parts.values())
        if need > fleet.vehicles * fleet.availability:
            figures = "; ".join(
                f"{service} runs {r:.0f} h{f', works {w:.0f} h' * (w > 0)} and leaves every {h:g} h"
                for _, service, r, w, h in parts.values()
            )
            found = f"{fleet.vehicles:g} vehicles x {fleet.availability:g}"
            yield Problem("fleets", key, "vehicles", found, f"at least {need:.1f} able to work: {figures}")


def _departures(corridor: Corridor) -> dict[str, list[Departure]]:
    found: dict[str, list[Departure]] = {}
    for row in corridor.departures.rows:
        found.setdefault(row.service, []).append(row)
    return found


def _headway(rows: list[Departure]) -> float | None:
    """Return the mean hours between departures."""
    weekly = sum(7 if row.weekday == "daily" else 1 for row in rows if row.rule == "timetable")
    return 168.0 / weekly if weekly else next((row.headway_h for row in rows if row.headway_h), None)


def _running(corridor: Corridor, service: Service, fleet: Fleet, hops: Hops) -> float | None:
    """Return the hours of one run of a service, or None where a speed is not known."""
    if service.hours is not None:
        return service.hours
    total = 0.0
    for link, _, _ in hops.get(service.id, []):
        speed = service.speed_km_h or corridor.vehicle_types[fleet.vehicle_type].speed_km_h or link.speed_km_h
        if speed is None:
            return None
        total += link.km / speed
    return total


def _working(corridor: Corridor, service: Service, fleet: Fleet, hops: Hops, aboard: float) -> float:
    """Return the hours in which a share of what a vehicle holds is loaded and unloaded, by the quickest cargo.

    The servers of the resources that a step uses work side by side.
    """
    line = hops.get(service.id, [])
    if aboard == 0.0 or not line:
        return 0.0
    groups: set[str] = {row.group for row in corridor.service_forms.rows if row.service == service.id}
    gangs: dict[str, float] = {}
    for use in corridor.uses.rows:
        gangs[use.user] = max(gangs.get(use.user, 1.0), corridor.resources[use.resource].servers or 1.0)
    total = 0.0
    for place, side in ((line[0][1], "to_state"), (line[-1][2], "from_state")):
        times = [
            step.hours * ceil(units * aboard / step.batch) / gangs.get(step.id, 1.0)
            for step in corridor.steps.rows
            if step.place == place and getattr(step, side) == service.carrier and step.to_group is None
            for group in groups & {step.group or ""}
            if (units := _units(corridor, fleet, group)) is not None
        ]
        total += min(times, default=0.0)
    return total


def _units(corridor: Corridor, fleet: Fleet, group: str) -> float | None:
    """Return how many of the largest units of a group a vehicle holds, or None where its size is not known."""
    kind = corridor.vehicle_types[fleet.vehicle_type]
    held = []
    for form in corridor.forms.rows:
        sizes = ((kind.teu, form.teu), (kind.wagons, form.wagons), (kind.lane_m, form.lane_m))
        if form.group == group:
            fits = [room / size for room, size in sizes if room and size]
            if not fits and not any(size for _, size in sizes) and kind.tonnes:
                fits = [kind.tonnes / form.gross_max_t]
            held += [min(fits)] if fits else []
    return min(held, default=None)


def missing_tariffs(corridor: Corridor) -> Iterator[Problem]:
    """Find services that carry a group of forms nobody has a price for."""
    charged: dict[str, set[str]] = {}
    for row in corridor.tariffs.rows:
        key = row.service if row.kind == "service" else f"product:{row.product}" if row.kind == "distance" else None
        if key:
            group = corridor.forms[row.form].group if row.form else row.group or "*"
            charged.setdefault(key, set()).add(group)
    for ride in corridor.service_forms.rows:
        service = corridor.services[ride.service]
        key = service.id if service.pattern == "line" else f"product:{service.product}"
        if not charged.get(key, set()) & {ride.group, "*"}:
            yield Problem(
                "tariffs",
                service.id,
                "",
                ride.group,
                f"a tariff of {key} for {ride.group}, an assumption with a range if none is published",
            )


def never_open(corridor: Corridor) -> Iterator[Problem]:
    """Find calendars without opening hours, and hours that end before they begin."""
    opening = {row.calendar for row in corridor.calendar_hours.rows}
    for calendar in corridor.calendars.rows:
        if calendar.id not in opening:
            yield Problem(
                "calendars", calendar.id, "", calendar.name, "at least one row in calendar_hours: it never opens"
            )
    for row in corridor.calendar_hours.rows:
        if row.closes <= row.opens:
            yield Problem(
                "calendar_hours",
                f"{row.calendar}:{row.weekday}:{row.opens}",
                "closes",
                row.closes,
                f"a time after {row.opens}",
            )
