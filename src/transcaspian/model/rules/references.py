"""This module owns the rules about ids: what a row names exists, and what exists is named."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.rules.geometry import runs
from transcaspian.model.rules.sound import LeftOut
from transcaspian.model.schema import Column, columns, key_of

GROUND = ("yard", "tank")
"""States in which cargo may stand without having come by a service."""


def missing(corridor: Corridor, column: Column, value: Any) -> str:
    """Return what would be right where a value names no row of the tables its column refers to, else an empty text."""
    tables = column.mark.ref.split("|") if column.mark.ref else []
    if value is None or not tables or any(value in corridor.table(t) for t in tables):
        return ""
    known = [key for t in tables for key in corridor.table(t)]
    return f"the key of a row of {' or '.join(tables)}: {nearest(value, known, f'data list {tables[0]}')}"


def unknown_references(corridor: Corridor, left_out: LeftOut | None = None) -> Iterator[Problem]:
    """Find values that name a row which does not exist, and is not among those that could not be read."""
    unread = (left_out or LeftOut()).explains()
    near: dict[tuple[str, Any], str] = {}  # many rows may name the same one, and to look for near names takes a while
    for name, cls in TABLES.items():
        named = [(c, c.mark.ref.split("|")) for c in columns(cls) if c.mark.ref]
        for row in corridor.table(name).rows if named else ():
            for column, tables in named:
                value = getattr(row, column.name)
                if value is None or any(value in corridor.table(t) for t in tables) or unread(tables, value):
                    continue
                at = column.mark.ref, value
                if at not in near:
                    near[at] = missing(corridor, column, value)
                yield Problem(name, key_of(row), column.name, str(value), near[at])
    for row in corridor.closures.rows:
        table, _, key = row.target.partition(":")
        if key not in corridor.table(table) and not unread([table], key):
            right = f"a row of {table}: {nearest(key, corridor.table(table), f'data list {table}')}"
            yield Problem("closures", key_of(row), "target", row.target, right)


def unused_rows(corridor: Corridor) -> Iterator[Problem]:
    """Find places no link or step uses, services without links or forms, crossings without steps."""
    used: set[str] = {p for link in corridor.links.rows for p in (link.origin, link.destination)}
    used |= {step.place for step in corridor.steps.rows} | {row.place for row in corridor.link_passes.rows}
    for place in corridor.places.rows:
        if place.id not in used:
            yield Problem("places", place.id, "", place.name, "a place that a link, a step or a passage uses")
    for table, what in (("service_links", "a link it runs over"), ("service_forms", "a group of forms it carries")):
        having = {row.service for row in corridor.table(table).rows}
        for service in corridor.services.rows:
            if service.id not in having:
                yield Problem("services", service.id, "", service.name, f"at least {what}, in {table}")
    staged = {row.crossing for row in corridor.stages.rows}
    for crossing in corridor.crossings.rows:
        if crossing.id not in staged:
            yield Problem("crossings", crossing.id, "", crossing.name, "at least one step, in stages")


def idle_steps(corridor: Corridor) -> Iterator[Problem]:
    """Find procedures that no crossing has as a stage, and handlings of cargo that never stands there in that state.

    A procedure with a variant may stand by for another: the corridor runs one of them.
    """
    staged = {row.step for row in corridor.stages.rows}
    states: set[tuple[str, str | None]] = {
        (step.place, step.to_state) for step in corridor.steps.rows if step.kind == "handling"
    }
    for service, hops in runs(corridor).items():
        carrier = corridor.services[service].carrier
        states |= {(place, carrier) for _, a, b in hops for place in (a, b)}
    for step in corridor.steps.rows:
        if step.kind == "procedure" and step.id not in staged and step.variant is None:
            yield Problem("steps", step.id, "", step.name, "a stage of a crossing")
        elif step.kind == "handling" and step.from_state not in GROUND and (step.place, step.from_state) not in states:
            right = f"a state in which a service or another step leaves cargo at {step.place}"
            yield Problem("steps", step.id, "from_state", str(step.from_state), right)


def circular_scenarios(corridor: Corridor) -> Iterator[Problem]:
    """Find scenarios that extend themselves, by others."""
    extends: dict[str, str | None] = {row.id: row.extends for row in corridor.scenarios.rows}
    for scenario in extends:
        line = [scenario]
        while (at := extends.get(line[-1])) is not None and at not in line:
            line.append(at)
        if at == scenario:
            circle = " extends ".join([*line, at])
            yield Problem("scenarios", scenario, "extends", circle, "a scenario that does not extend itself")


def unused_sources(corridor: Corridor) -> Iterator[Problem]:
    """Find sources nobody cites."""
    cited = {getattr(row, "source", None) for name in TABLES for row in corridor.table(name).rows}
    for source in corridor.sources.rows:
        if source.id not in cited:
            yield Problem("sources", source.id, "", source.title, "a source that some row cites")


def unknown_zones(corridor: Corridor) -> Iterator[Problem]:
    """Find time zones that the IANA database does not have."""
    for name in ("places", "calendars"):
        for row in corridor.table(name).rows:
            try:
                ZoneInfo(row.timezone)
            except (ZoneInfoNotFoundError, ValueError):
                yield Problem(name, row.id, "timezone", row.timezone, "an IANA zone such as Asia/Almaty")


def unexplained_closures(corridor: Corridor) -> Iterator[Problem]:
    """Find links, services and crossings that are not open and do not say why."""
    for name in ("links", "services", "crossings"):
        for row in corridor.table(name).rows:
            if row.status != "open" and not row.reason:
                yield Problem(name, row.id, "reason", "", f"why it is {row.status}")
