"""This module owns scenarios: named, ordered changes that may extend another's; a fold over an untouched corridor."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from transcaspian.errors import Problem, ScenarioError, nearest
from transcaspian.model.cells import text_of
from transcaspian.model.change import Change, Close, Open, Revise, apply_all, in_force
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.demand import ChangeRow
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.schema import columns

BASE = "base"
"""The name of the scenario that changes nothing."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of changes, those of what it extends first."""

    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value in which two corridors differ; a row that only one has differs as a whole."""

    table: str
    key: str
    attribute: str
    before: str
    after: str
    unit: str


def flatten(name: str, extends: Mapping[str, str | None], changes: Mapping[str, Sequence[Change]]) -> Scenario:
    """Return a scenario with the changes of everything it extends before its own.

    Raises
    ------
    ScenarioError
        If a scenario is not known, or they extend one another in a circle.
    """
    line: list[str] = []
    at: str | None = name
    while at is not None:
        if at in line:
            circle = " extends ".join([*line[line.index(at) :], at])
            raise ScenarioError([Problem("scenarios", at, "extends", circle, "a scenario that does not extend itself")])
        if at not in extends:
            where, column = (line[-1], "extends") if line else (at, "id")
            right = "a scenario: " + nearest(at, [BASE, *extends], "scenario list")
            raise ScenarioError([Problem("scenarios", where, column, at, right)])
        line.append(at)
        at = extends[at]
    return Scenario(name, tuple(c for one in reversed(line) for c in changes.get(one, ())))


def bundled_changes(corridor: Corridor, parse: Callable[[type, str, str], Any]) -> dict[str, list[Change]]:
    """Return the changes of every scenario and project of a corridor; ``parse`` reads the text of a value.

    Raises
    ------
    ScenarioError
        With every value that cannot be read.
    """
    found: dict[str, list[Change]] = {}
    problems: list[Problem] = []
    for row in sorted(corridor.changes.rows, key=lambda r: (r.owner, r.seq)):
        change = change_of(row, parse, problems)
        if change is not None:
            found.setdefault(row.owner, []).append(change)
    if problems:
        raise ScenarioError(problems)
    return found


def change_of(row: ChangeRow, parse: Callable[[type, str, str], Any], problems: list[Problem]) -> Change | None:
    """Return the change that a row describes, or None with its problem noted."""
    if row.attribute == "status" and row.operation == "set" and row.value in ("closed", "open"):
        if row.value == "open":
            return Open(row.target, row.from_date, row.until_date)
        return Close(row.target, row.reason or "closed by a scenario", row.from_date, row.until_date)
    where = f"{row.owner}:{row.seq}"
    table = row.target.partition(":")[0] if ":" in row.target else "places"
    known = [c.name for c in columns(TABLES[table])] if table in TABLES else []
    if row.attribute not in known:
        right = (
            f"an attribute of {table}: {nearest(row.attribute, known)}"
            if known
            else "a table: " + nearest(table, TABLES)
        )
        problems.append(Problem("changes", where, "attribute", row.attribute if known else table, right))
        return None
    try:
        value = float(row.value) if row.operation != "set" else parse(TABLES[table], row.attribute, row.value)
    except ValueError as error:
        problems.append(
            Problem("changes", where, "value", row.value, str(error) if row.operation == "set" else "a number")
        )
        return None
    return Revise(row.target, row.attribute, row.operation, value, row.unit, row.from_date, row.until_date)


def apply_on(corridor: Corridor, scenario: Scenario, day: date) -> Corridor:
    """Return the corridor as a scenario makes it on a day.

    Raises
    ------
    ScenarioError
        With every problem of every change.
    """
    changed, problems = apply_all(corridor, scenario.changes, day)
    if problems:
        raise ScenarioError(problems)
    return changed


def apply_each(corridor: Corridor, scenario: Scenario, days: Sequence[date], end: date) -> tuple[Corridor, ...]:
    """Return the corridor as a scenario makes it on each of some days of a time that is over on ``end``.

    Closures and openings carry their days with them: they are in all the corridors, with the days between which they
    count. Days on which the same changes count share one corridor.

    Raises
    ------
    ScenarioError
        With every problem of every change on every day.
    """
    span = days[0], end
    made: dict[tuple[bool, ...], Corridor] = {}
    found: list[Corridor] = []
    problems: list[Problem] = []
    for day in days:
        counting = tuple(in_force(change, day, span) for change in scenario.changes)
        if counting not in made:
            made[counting], wrong = apply_all(corridor, scenario.changes, day, span)
            problems += wrong
        found.append(made[counting])
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return tuple(found)


def scenario_id(corridor: Corridor, scenario: Scenario) -> str:
    """Return the hash of a corridor's id and the flattened changes."""
    text = corridor_id(corridor) + "".join(repr(change) for change in scenario.changes)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def differences(before: Corridor, after: Corridor) -> list[Difference]:
    """Return every value in which two corridors differ, in the order of the tables."""
    found = []
    for name, cls in TABLES.items():
        a, b = before.table(name), after.table(name)
        if a is b:
            continue
        units = {c.name: c.unit for c in columns(cls)}
        for key in dict.fromkeys((*a, *b)):
            if key not in a or key not in b:
                found.append(
                    Difference(name, key, "", "" if key not in a else "row", "" if key not in b else "row", "")
                )
                continue
            for item in fields(cls):
                old, new = getattr(a[key], item.name), getattr(b[key], item.name)
                if old != new:
                    found.append(Difference(name, key, item.name, _said(old), _said(new), units[item.name]))
    return found


def _said(value: Any) -> str:
    return "unknown" if value is None else text_of(value)
