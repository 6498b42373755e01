"""This module owns the use cases around scenarios: find one by name or file, apply it on a day, compare two."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from transcaspian.errors import Problem, ScenarioError, nearest
from transcaspian.io.tables import parse_value
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import ChangeRow
from transcaspian.model.scenario import (
    BASE,
    Difference,
    Scenario,
    apply_on,
    bundled_changes,
    change_of,
    differences,
    flatten,
)
from transcaspian.results.text import aligned

FILE_KEYS = ("name", "extends", "note", "change")
CHANGE_KEYS = ("target", "attribute", "operation", "value", "unit", "from", "until", "reason")


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
            (d.table, d.key, d.attribute or "(row)", d.after or "-", d.before or "-", d.unit) for d in self.differences
        ]
        return head + "\n" + aligned(("table", "row", "attribute", self.first, self.second, "unit"), rows)


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
        own, parent, rows = _read(Path(name))
        problems: list[Problem] = []
        changes[own] = [c for row in rows if (c := change_of(row, parse_value, problems)) is not None]
        extends[own] = parent if parent != BASE else None
        if problems:
            raise ScenarioError(problems)
        return flatten(own, extends, changes)
    return flatten(name, extends, changes)


def _read(path: Path) -> tuple[str, str | None, list[ChangeRow]]:
    """Return name, parent and changes of a scenario file."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise ScenarioError(
            [Problem("scenario", str(path), "", str(error.strerror), "a file that can be read")]
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError([Problem("scenario", str(path), "", str(error), "a file in TOML")]) from None
    problems = [Problem("scenario", str(path), k, k, nearest(k, FILE_KEYS)) for k in content if k not in FILE_KEYS]
    name = str(content.get("name", path.stem))
    listed = content.get("change", [])
    if not isinstance(listed, list) or not listed:
        problems.append(Problem("scenario", str(path), "change", "", "at least one [[change]]"))
        listed = []
    rows = [row for n, item in enumerate(listed, 1) if (row := _row(name, n, item, path, problems)) is not None]
    if problems:
        raise ScenarioError(problems)
    return name, content.get("extends"), rows


def _row(name: str, number: int, item: dict[str, Any], path: Path, problems: list[Problem]) -> ChangeRow | None:
    where = f"{path} change {number}"
    before = len(problems)
    problems += [Problem("scenario", where, k, k, nearest(k, CHANGE_KEYS)) for k in item if k not in CHANGE_KEYS]
    problems += [
        Problem("scenario", where, k, "", f"a value for {k!r}")
        for k in ("target", "attribute", "value")
        if k not in item
    ]
    operation = item.get("operation", "set")
    if operation not in ("set", "scale", "add"):
        problems.append(Problem("scenario", where, "operation", str(operation), "'set', 'scale' or 'add'"))
    days = {k: item.get(k) for k in ("from", "until")}
    problems += [
        Problem("scenario", where, k, str(v), "a day such as 2026-12-01, without quotes")
        for k, v in days.items()
        if v is not None and type(v) is not date
    ]
    if len(problems) > before:
        return None
    value = item["value"]
    return ChangeRow(
        owner=name,
        seq=number,
        target=str(item["target"]),
        attribute=str(item["attribute"]),
        operation=operation,
        value=("yes" if value else "no") if isinstance(value, bool) else str(value),
        unit=item.get("unit"),
        from_date=days["from"],
        until_date=days["until"],
        reason=item.get("reason"),
    )


def on_day(corridor: Corridor, name: str | None, day: date) -> Corridor:
    """Return the corridor as a scenario makes it on a day; the corridor itself where there is none."""
    scenario = resolve(corridor, name)
    return apply_on(corridor, scenario, day) if scenario.changes else corridor


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
