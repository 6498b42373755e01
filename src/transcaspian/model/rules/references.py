"""This module owns the rules about ids: what a row names exists, and what exists is named."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.schema import columns, key_of


def unknown_references(corridor: Corridor) -> Iterator[Problem]:
    """Find values that name a row which does not exist."""
    for name, cls in TABLES.items():
        named = [(c.name, c.mark.ref.split("|")) for c in columns(cls) if c.mark.ref]
        for row in corridor.table(name).rows:
            for attribute, tables in named:
                value = getattr(row, attribute)
                if value is not None and not any(value in corridor.table(t) for t in tables):
                    known = [key for t in tables for key in corridor.table(t)]
                    right = f"the key of a row of {' or '.join(tables)}: {nearest(value, known)}"
                    yield Problem(name, key_of(row), attribute, str(value), right)
    for row in corridor.closures.rows:
        table, _, key = row.target.partition(":")
        if key not in corridor.table(table):
            yield Problem(
                "closures",
                key_of(row),
                "target",
                row.target,
                f"a row of {table}: {nearest(key, corridor.table(table))}",
            )


def unused_rows(corridor: Corridor) -> Iterator[Problem]:
    """Find places no link or step uses, services without links or forms, and steps at places that lead nowhere."""
    used = {p for link in corridor.links.rows for p in (link.origin, link.destination)}
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
