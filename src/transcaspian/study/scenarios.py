"""This module owns the use cases around scenarios: find one by name or file, apply it on a day, compare two.

A scenario file is TOML: ``name`` and ``extends`` if wanted, then ``[[change]]`` in order. A change revises (``target``,
``attribute``, ``operation``, ``value``), adds a row (``add = "table"``, ``row = {...}``) or takes rows away
(``remove = "target"``); each may say ``from`` and ``until``.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from transcaspian.errors import Problem, ScenarioError, nearest
from transcaspian.io.tables import parse_value
from transcaspian.model.cells import text_of
from transcaspian.model.change import ALWAYS, Add, Change, Remove, Revise
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.demand import ChangeRow
from transcaspian.model.rules.references import missing
from transcaspian.model.scenario import (
    BASE,
    Difference,
    Scenario,
    apply_each,
    apply_on,
    bundled_changes,
    change_of,
    differences,
    flatten,
)
from transcaspian.model.schema import columns
from transcaspian.network import Window
from transcaspian.results.text import aligned

FILE_KEYS = ("name", "extends", "note", "change")
REVISE_KEYS = ("target", "attribute", "operation", "value", "unit", "from", "until", "reason")
ADD_KEYS = ("add", "row", "from", "until", "reason")
REMOVE_KEYS = ("remove", "from", "until", "reason")


@dataclass(frozen=True, slots=True)
class ScenarioDiff:
    """Every value in which two scenarios of a corridor differ."""

    first: str
    second: str
    day: date
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        head = f"{self.first} against {self.second} on {self.day}: {len(self.differences)} values differ"
        if not self.differences:
            return head
        rows = [
            (d.table, _row(d), d.attribute or "(row)", d.after or "-", d.before or "-", d.unit)
            for d in self.differences
        ]
        return head + "\n" + aligned(("table", "row", "attribute", self.first, self.second, "unit"), rows)


def _row(difference: Difference) -> str:
    """Return the key of a row as it is printed: a closure without a first day has none that says anything."""
    return difference.key.removesuffix(f":{ALWAYS}") if difference.table == "closures" else difference.key


def resolve(corridor: Corridor, name: str | None) -> Scenario:
    """Return a scenario by its id in the corridor, or from a file.

    Raises
    ------
    ScenarioError
        With everything that is wrong: unknown, in a circle, broken TOML, unreadable values.
    """
    if name is None or name == BASE:
        return Scenario(BASE)
    extends: dict[str, str | None] = {row.id: row.extends for row in corridor.scenarios.rows}
    changes = {k: list(v) for k, v in bundled_changes(corridor, parse_value).items()}
    if name.endswith(".toml") or "/" in name:
        own, parent, changes[own] = _read(Path(name), corridor, [BASE, *extends])
        extends[own] = parent if parent != BASE else None
        return flatten(own, extends, changes)
    return flatten(name, extends, changes)


def _read(path: Path, corridor: Corridor, known: list[str]) -> tuple[str, str | None, list[Change]]:
    """Return name, parent and changes of a scenario file; ``known`` are the scenarios it may extend."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        found = Problem("scenario", str(path), "", str(error.strerror), "a file that can be read")
        raise ScenarioError([found]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError([Problem("scenario", str(path), "", str(error), "a file in TOML")]) from None
    problems = [Problem("scenario", str(path), k, k, nearest(k, FILE_KEYS)) for k in content if k not in FILE_KEYS]
    name, parent = str(content.get("name", path.stem)), content.get("extends")
    if name in known:
        problems.append(Problem("scenario", str(path), "name", name, "a name that the dataset does not use"))
    if parent is not None and parent not in known:
        problems.append(
            Problem("scenario", str(path), "extends", str(parent), nearest(str(parent), known, "scenario list"))
        )
    listed = content.get("change", [])
    if not isinstance(listed, list) or not listed or not all(isinstance(item, dict) for item in listed):
        problems.append(Problem("scenario", str(path), "change", "", "at least one [[change]]"))
        listed = []
    added = {str(item["row"].get("id")) for item in listed if isinstance(item.get("row"), dict)}
    read = (_change(name, number, item, path, corridor, added, problems) for number, item in enumerate(listed, 1))
    changes = [change for change in read if change is not None]
    if problems:
        raise ScenarioError(problems + (_wrong(changes, corridor) if parent in (None, BASE) else []))
    return name, parent, changes


def _wrong(changes: list[Change], corridor: Corridor) -> list[Problem]:
    """Return what is wrong with changes of a corridor, each after those before it that can be made."""
    problems = []
    for change in changes:
        found = change.problems(corridor)
        problems += found
        corridor = corridor if found else change.apply(corridor)
    return problems


def _change(
    name: str,
    number: int,
    item: dict[str, Any],
    path: Path,
    corridor: Corridor,
    added: set[str],
    problems: list[Problem],
) -> Change | None:
    """Return one change of a file, or None with its problems noted; ``added`` are ids of rows that the file adds."""
    where = f"{path} change {number}"
    keys = ADD_KEYS if "add" in item else REMOVE_KEYS if "remove" in item else REVISE_KEYS
    needed = {ADD_KEYS: ("row",), REMOVE_KEYS: (), REVISE_KEYS: ("target", "attribute", "value")}[keys]
    wrong = [Problem("scenario", where, k, k, nearest(k, keys)) for k in item if k not in keys]
    wrong += [Problem("scenario", where, k, "", f"a value for {k!r}") for k in needed if k not in item]
    operation = item.get("operation", "set")
    if operation not in ("set", "scale", "add"):
        wrong.append(Problem("scenario", where, "operation", str(operation), "'set', 'scale' or 'add'"))
    days = {k: item.get(k) for k in ("from", "until")}
    right = "a day such as 2026-12-01, without quotes"
    wrong += [
        Problem("scenario", where, k, str(v), right) for k, v in days.items() if type(v) not in (date, type(None))
    ]
    problems += wrong
    sound = not wrong
    if any(problem.column != "operation" for problem in wrong):
        return None
    if keys == ADD_KEYS:
        return _add(item, where, corridor, added, problems)
    if keys == REMOVE_KEYS:
        return Remove(str(item["remove"]), days["from"], days["until"])
    row = ChangeRow(
        owner=name,
        seq=number,
        target=str(item["target"]),
        attribute=str(item["attribute"]),
        operation=operation if sound else "set",
        value=text_of(item["value"]),
        unit=item.get("unit"),
        from_date=days["from"],
        until_date=days["until"],
        reason=item.get("reason"),
    )
    own: list[Problem] = []
    change = change_of(row, parse_value, own)
    if change is None or not sound:  # what else is wrong with the row is told too
        seen = Revise(row.target, row.attribute, "set", None, row.unit).problems(corridor)
        own += [problem for problem in seen if problem.column in ("target", "unit")]
    problems += [problem for problem in own if sound or problem.column != "value"]
    return change if sound else None


def _add(item: dict[str, Any], where: str, corridor: Corridor, added: set[str], problems: list[Problem]) -> Add | None:
    """Return the addition of a row, or None with its problems noted."""
    table, told = str(item["add"]), item["row"]
    if table not in TABLES or not isinstance(told, dict):
        right = "a table: " + nearest(table, TABLES) if table not in TABLES else "row = { attribute = value, ... }"
        problems.append(Problem("scenario", where, "add", table, right))
        return None
    known = [c.name for c in columns(TABLES[table])]
    wrong = [
        Problem("scenario", where, k, k, f"an attribute of {table}: {nearest(k, known)}")
        for k in told
        if k not in known
    ]
    values: dict[str, Any] = {}
    for attribute in known:
        try:
            values[attribute] = parse_value(TABLES[table], attribute, text_of(told.get(attribute)))
        except ValueError as error:
            wrong.append(Problem("scenario", where, attribute, text_of(told.get(attribute)), str(error)))
    if wrong:  # the row is judged no further, so what its other cells name is looked at here
        named = ((c, values.get(c.name)) for c in columns(TABLES[table]))
        unknown = ((c.name, value, missing(corridor, c, value)) for c, value in named if value not in added)
        wrong += [Problem("scenario", where, column, str(value), right) for column, value, right in unknown if right]
    problems += wrong
    return None if wrong else Add(table, TABLES[table](**values), item.get("from"), item.get("until"))


def on_day(corridor: Corridor, name: str | None, day: date) -> Corridor:
    """Return the corridor as a scenario makes it on a day; the corridor itself where there is none."""
    scenario = resolve(corridor, name)
    return apply_on(corridor, scenario, day) if scenario.changes else corridor


def through(corridor: Corridor, name: str | None, window: Window, day: date) -> tuple[Corridor, ...]:
    """Return the corridor as a scenario makes it in each period of a window.

    In the first period that is as on a day of it, in each later one as on its first day.
    """
    scenario = resolve(corridor, name)
    days = [day, *(period.date() for period in window.periods[1:])]
    return apply_each(corridor, scenario, days, window.end.date()) if scenario.changes else (corridor,) * len(days)


def diff(corridor: Corridor, first: str, second: str = BASE, on: str | date | None = None) -> ScenarioDiff:
    """Return every value in which two scenarios differ on a day, by default the day the dataset was released."""
    if isinstance(on, str):
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise ScenarioError([Problem("scenario", "diff", "on", on, "a day such as 2026-12-01")]) from None
    else:
        day = on or next((row.released for row in corridor.about.rows), date(2026, 1, 1))
    found = differences(on_day(corridor, second, day), on_day(corridor, first, day))
    return ScenarioDiff(first, second, day, tuple(found))
