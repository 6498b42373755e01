"""This module owns the rules about what is operated: lines, gauges, borders, fleets, tariffs, opening hours."""

from collections.abc import Iterator

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules.geometry import borders, runs

GAUGE = {"rail-1435": 1435, "rail-1520": 1520}


def broken_lines(corridor: Corridor) -> Iterator[Problem]:
    """Find line services whose links do not follow one another, and stops that are not on the line."""
    for service, hops in runs(corridor).items():
        if corridor.services[service].pattern != "line":
            continue
        for (_, _, before), (link, start, _) in zip(hops, hops[1:], strict=False):
            if before != start:
                yield Problem(
                    "service_links",
                    service,
                    "link",
                    link.id,
                    f"a link that starts at {before}, where the one before ends",
                )
    called = {service: {p for _, a, b in hops for p in (a, b)} for service, hops in runs(corridor).items()}
    for stop in corridor.service_stops.rows:
        if stop.place not in called.get(stop.service, set()):
            yield Problem(
                "service_stops",
                f"{stop.service}:{stop.place}",
                "place",
                stop.place,
                "a place on the line of the service",
            )


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
    """Find fleets whose departures need more vehicles than exist: cycle time over headway, summed over the rotation."""
    hops = runs(corridor)
    needs: dict[str, float] = {}
    for row in corridor.rotations.rows:
        service = corridor.services[row.service]
        rule = next((d for d in corridor.departures.rows if d.service == row.service), None)
        speed = service.speed_km_h or corridor.vehicle_types[corridor.fleets[row.fleet].vehicle_type].speed_km_h
        if rule is None or (speed is None and service.hours is None):
            continue
        weekly = sum(7 if d.weekday == "daily" else 1 for d in corridor.departures.rows if d.service == row.service)
        headway = 168.0 / weekly if rule.rule == "timetable" else rule.headway_h
        running = service.hours or sum(link.km for link, _, _ in hops.get(row.service, ())) / (speed or 1.0)
        if headway:
            needs[row.fleet] = needs.get(row.fleet, 0.0) + running / headway
    for fleet, need in needs.items():
        row = corridor.fleets[fleet]
        if need > row.vehicles * row.availability:
            found = f"{row.vehicles:g} vehicles x {row.availability:g}"
            yield Problem(
                "fleets",
                fleet,
                "vehicles",
                found,
                f"at least {need:.1f} able to work: running time alone over the headways needs as many",
            )


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
