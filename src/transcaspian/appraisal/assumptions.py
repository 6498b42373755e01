"""This module owns what an appraisal assumes: every value of its own that it uses and that nobody published.

The network and the demand that it runs on rest on more, whatever is asked of them: ``data coverage`` has these.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from transcaspian.appraisal.tables import counted
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.demand import ChangeRow
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.model.corridor.project import Project
from transcaspian.model.schema import columns, key_of
from transcaspian.results.appraisal import AssumptionResult

VALUES = {
    "projects": ("opens",),
    "outlays": ("amount",),
    "financing_legs": ("amount",),
    "other_trains": ("pairs", "growth", "hours", "carbon", "tonnes"),
    "discount_rates": ("rate",),
    "highway_sections": ("cost",),
    "section_traffic": ("aadt", "growth"),
    "road_vehicles": ("operating",),
    "port_ladders": ("moves",),
}
"""What is assumed of a row that is assumed as a whole; ``evidence`` tells of single values of other rows."""


@dataclass(frozen=True)
class Used:
    """What an appraisal uses: projects, rows of ``changes``, ids of unit values and defaults, an institution's rate."""

    projects: Collection[str]
    changes: Sequence[ChangeRow]
    values: Collection[str]
    defaults: Collection[str]
    rate: str


def assumptions_of(corridor: Corridor, used: Used) -> Iterator[AssumptionResult]:
    """Give every value that an appraisal uses and that has no source, or the grade U."""
    yield from _unit_values(corridor, used.values)
    if used.rate:
        row = corridor.discount_rates[used.rate]
        yield from _row(corridor, "discount_rates", row, row.institution, row.institution_ru)
    for id_ in used.projects:
        yield from _project(corridor, corridor.projects[id_])
    yield from _roads(corridor, used.projects)
    for change in used.changes:
        yield from _change(corridor, change)
    for default in corridor.defaults.rows:
        if default.id in used.defaults:
            yield AssumptionResult(
                "defaults", default.id, default.attribute, default.mode or "", default.mode or "", default.value,
                default.unit, default.low, default.high, default.reason, default.reason_ru or "",
            )  # fmt: skip


def _unit_values(corridor: Corridor, used: Collection[str]) -> Iterator[AssumptionResult]:
    for row in corridor.unit_values.rows:
        if row.id in used and trust_of(row) == "assumed":
            money = "" if row.currency is None else f"{row.currency} {row.price_year} / "
            yield AssumptionResult(
                "unit_values", key_of(row), row.id, "", "", row.value, money + row.unit, row.low, row.high,
                row.note or "", row.note_ru or "",
            )  # fmt: skip


def _project(corridor: Corridor, project: Project) -> Iterator[AssumptionResult]:
    """Give what is assumed of a project, its money, its port and the trains of others that it helps."""
    yield from _row(corridor, "projects", project, project.name, project.name_ru)
    for table in ("outlays", "financing_legs", "port_ladders"):
        for own in corridor.table(table).rows:
            if own.project == project.id:
                yield from _row(corridor, table, own, project.name, project.name_ru)
    for trains in corridor.other_trains.rows:
        if trains.project == project.id:
            russian = f"{project.name_ru or project.name}: {trains.name_ru or trains.name}"
            yield from _row(corridor, "other_trains", trains, f"{project.name}: {trains.name}", russian)


def _roads(corridor: Corridor, projects: Collection[str]) -> Iterator[AssumptionResult]:
    """Give what is assumed of the sections of projects, of their traffic and of the vehicles on them."""
    sections = {s.id: s for s in corridor.highway_sections.rows if s.project in projects}
    for section in sections.values():
        yield from _row(corridor, "highway_sections", section, section.name, section.name_ru)
    for vehicle in corridor.road_vehicles.rows if sections else ():
        yield from _row(corridor, "road_vehicles", vehicle, vehicle.name, vehicle.name_ru)
    for count in corridor.section_traffic.rows:
        if count.section in sections and not counted(count):
            road, kind = sections[count.section], corridor.road_vehicles[count.vehicle]
            russian = f"{road.name_ru or road.name}, {kind.name_ru or kind.name}"
            yield from _row(corridor, "section_traffic", count, f"{road.name}, {kind.name}", russian)


def _row(corridor: Corridor, table: str, row: Any, name: str, name_ru: str | None) -> Iterator[AssumptionResult]:
    """Give what is assumed of a row: its values, if it is assumed as a whole, and those that ``evidence`` tells of."""
    key = key_of(row)
    whole = VALUES[table] if trust_of(row) == "assumed" else ()
    reasons = getattr(row, "note", None) or "", getattr(row, "note_ru", None) or ""
    for attribute in whole:
        low, high = (getattr(row, end, None) if attribute == whole[0] else None for end in ("low", "high"))
        yield from _value(table, row, attribute, (name, name_ru or name), (low, high), reasons)
    for told in corridor.evidence.rows:
        if (told.table, told.id) == (table, key) and trust_of(told) == "assumed" and told.attribute not in whole:
            ends = told.low, told.high
            yield from _value(table, row, told.attribute, (name, name_ru or name), ends, (told.reason or "", ""))


def _value(
    table: str,
    row: Any,
    attribute: str,
    names: tuple[str, str],
    ends: tuple[float | None, float | None],
    reasons: tuple[str, str],
) -> Iterator[AssumptionResult]:
    """Give a value of a row, if the row has it; of a date it is the year."""
    value = getattr(row, attribute)
    unit = next(c.unit for c in columns(TABLES[table]) if c.name == attribute)
    if attribute in ("amount", "cost"):
        unit = f"{row.currency} {row.price_year}"
    if isinstance(value, date):
        value = value.year
    if value is not None:
        yield AssumptionResult(table, key_of(row), attribute, *names, float(value), unit, *ends, *reasons)


def _change(corridor: Corridor, row: ChangeRow) -> Iterator[AssumptionResult]:
    """Give an effect without a source, and the day of one whose day alone is assumed."""
    owner = corridor.projects.get(row.owner) or corridor.scenarios.get(row.owner)
    owners = (owner.name, owner.name_ru or owner.name) if owner else (row.owner, row.owner)
    names = [": ".join(filter(None, pair)) for pair in zip(owners, names_of_target(corridor, row.target), strict=True)]
    changed = f"{table_of_target(row.target)}.{row.attribute}"
    if row.source is not None:
        for found in _row(corridor, "changes", row, names[0], names[1]):
            yield replace(found, changed=changed)
        return
    yield AssumptionResult(
        "changes", key_of(row), "value", names[0], names[1], _number(row.value),
        "×" if row.operation == "scale" else row.unit or "", None, None, row.reason or "", row.reason_ru or "", changed,
    )  # fmt: skip


def table_of_target(target: str) -> str:
    """Return the table of what a change is of; without one it is a place.

    >>> table_of_target("resources:aktau-crane"), table_of_target("aktau")
    ('resources', 'places')
    """
    table, colon, _ = target.partition(":")
    return table if colon else "places"


def names_of_target(corridor: Corridor, target: str) -> tuple[str, str]:
    """Return what a change is of, in English and in Russian, as far as the dataset has names of it; else nothing.

    What belongs to a service, as departures do, has its name; in Russian a type of vehicle has that of its fleet.
    """
    key = target.partition(":")[2] or target
    row = corridor.table(table_of_target(target)).get(key)
    named = corridor.services.get(getattr(row, "service", "")) or row
    russian: dict[str, str | None] = {r.place: r.name for r in corridor.place_names.rows if r.language == "ru"}
    russian |= {r.vehicle_type: r.name_ru for r in corridor.fleets.rows}
    name_ru = getattr(named, "name_ru", None) or russian.get(getattr(named, "id", ""))
    return getattr(named, "name", None) or "", name_ru or ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
