"""This module owns changes: small values that, applied to a corridor, give another one. Nothing is ever altered.

- ``Revise``: set, scale or add to an attribute of the rows a target names.
- ``Close``: shut what a target names, for good or for some days.
- ``Open``: open what is closed or planned.

A target is written one way everywhere: ``table:key`` (``links:rail-beyneu-mangystau``), ``table:attribute=value``
(``places:water=caspian``), the id of a place, or ``attribute=value`` of a place (``water=caspian``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.resource import Closure
from transcaspian.model.schema import Column, columns, key_of

CLOSABLE = ("links", "services", "crossings", "places")
ALWAYS = date(1900, 1, 1)
FOREVER = date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows a target names: a table and the keys in it."""

    table: str
    keys: tuple[str, ...]


def find(corridor: Corridor, target: str) -> Found | Problem:
    """Return the rows a target names, or the problem with the nearest names.

    >>> find(Corridor(), "lnks:a")
    Problem(table='change', row='lnks:a', column='target', found='lnks', right="a table: one of 'links'")
    """
    table, colon, rest = target.partition(":")
    if not colon:
        table, rest = "places", target
    if table not in TABLES:
        return Problem("change", target, "target", table, "a table: " + nearest(table, TABLES))
    attribute, equals, value = rest.partition("=")
    if equals:
        known = [c.name for c in columns(TABLES[table])]
        if attribute not in known:
            return Problem(
                "change", target, "target", attribute, f"an attribute of {table}: {nearest(attribute, known)}"
            )
        rows = corridor.table(table)
        return Found(table, tuple(k for k, row in rows.items() if str(getattr(row, attribute)) == value))
    if rest not in corridor.table(table):
        return Problem(
            "change", target, "target", rest, f"the key of a row of {table}: {nearest(rest, corridor.table(table))}"
        )
    return Found(table, (rest,))


def _replaced(corridor: Corridor, table: str, rows: dict[str, Any]) -> Corridor:
    """Return a corridor with some rows of a table in the place of those with the same keys."""
    kept = (rows.get(key, row) for key, row in corridor.table(table).items())
    return replace(corridor, **{table: Table(kept)})


@dataclass(frozen=True, slots=True)
class Revise:
    """Set an attribute of what a target names, scale it, or add to it."""

    target: str
    attribute: str
    operation: Literal["set", "scale", "add"]
    value: Any
    unit: str | None = None
    from_date: date | None = None
    until_date: date | None = None

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor; changing nothing is a problem."""
        found = find(corridor, self.target)
        if isinstance(found, Problem):
            return [found]
        known = {c.name: c for c in columns(TABLES[found.table])}
        column = known.get(self.attribute)
        if column is None:
            return [
                self._problem(
                    "attribute", self.attribute, f"an attribute of {found.table}: {nearest(self.attribute, known)}"
                )
            ]
        problems = self._fits(column)
        if not found.keys:
            problems.append(self._problem("target", self.target, f"a target that names a row of {found.table}"))
        if column.mark.key:
            problems.append(self._problem("attribute", self.attribute, "an attribute that is no part of the key"))
        return problems or self._values(corridor, found, column)

    def _fits(self, column: Column) -> list[Problem]:
        problems = []
        if self.unit is not None and self.unit != column.unit:
            problems.append(self._problem("unit", self.unit, f"the attribute's unit {column.unit!r}"))
        number = column.kind in ("number", "integer")
        if self.operation != "set" and (not number or not isinstance(self.value, (int, float))):
            problems.append(self._problem("operation", self.operation, f"'set', since {column.name} is no number"))
        return problems

    def _values(self, corridor: Corridor, found: Found, column: Column) -> list[Problem]:
        """Return the problems of the values that would come out."""
        problems = []
        for key in found.keys:
            before = getattr(corridor.table(found.table)[key], self.attribute)
            if before is None and self.operation != "set":
                problems.append(
                    self._problem("operation", self.operation, f"'set': the {column.name} of {key} is not known")
                )
                continue
            right = outside(column, self._new(before))
            if right:
                problems.append(self._problem("value", f"{key}: {self._new(before)}", right))
        return problems

    def _problem(self, column: str, found: str, right: str) -> Problem:
        return Problem("change", f"{self.target} {self.attribute}", column, str(found), right)

    def _new(self, before: Any) -> Any:
        if self.operation == "set":
            return self.value
        return before * self.value if self.operation == "scale" else before + self.value

    def touched(self, corridor: Corridor) -> int:
        """Return how many values the change alters."""
        found = find(corridor, self.target)
        if isinstance(found, Problem):
            return 0
        values = (getattr(corridor.table(found.table)[key], self.attribute) for key in found.keys)
        return sum(self._new(v) != v for v in values)

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor."""
        found = find(corridor, self.target)
        assert isinstance(found, Found)
        rows = {key: corridor.table(found.table)[key] for key in found.keys}
        changed = {
            k: replace(row, **{self.attribute: self._new(getattr(row, self.attribute))}) for k, row in rows.items()
        }
        return _replaced(corridor, found.table, changed)


def outside(column: Column, value: Any) -> str:
    """Return what would be right where a value does not fit a column, else an empty text."""
    mark = column.mark
    if value is None:
        return "a value" if column.required else ""
    if column.choices and value not in column.choices:
        return nearest(str(value), column.choices)
    kinds = {"number": (int, float), "integer": (int,), "boolean": (bool,), "date": (date,), "string": (str,)}
    if not isinstance(value, kinds[column.kind]):
        return f"a {column.kind}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if mark.low is not None and value < mark.low:
            return f"{mark.low:g} or more"
        if mark.high is not None and value > mark.high and not (mark.unlimited and value == float("inf")):
            return f"{mark.high:g} or less"
        if mark.above is not None and value <= mark.above:
            return f"more than {mark.above:g}"
    return ""


@dataclass(frozen=True, slots=True)
class Close:
    """Shut links, services, crossings or places, for good or between two days."""

    target: str
    reason: str = "closed by a scenario"
    from_date: date | None = None
    until_date: date | None = None

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor."""
        found = find(corridor, self.target)
        if isinstance(found, Problem):
            return [found]
        if found.table not in CLOSABLE:
            return [
                Problem(
                    "change", self.target, "target", found.table, f"something that can be shut: {', '.join(CLOSABLE)}"
                )
            ]
        return (
            [] if found.keys else [Problem("change", self.target, "target", self.target, "a target that names a row")]
        )

    def touched(self, corridor: Corridor) -> int:
        """Return how many things the change shuts."""
        found = find(corridor, self.target)
        return 0 if isinstance(found, Problem) else len(found.keys)

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor, with a row in ``closures`` for each thing shut."""
        found = find(corridor, self.target)
        assert isinstance(found, Found)
        shut = [
            Closure(
                target=f"{found.table}:{key}",
                from_date=self.from_date or ALWAYS,
                until_date=self.until_date or FOREVER,
                reason=self.reason,
            )
            for key in found.keys
        ]
        kept = [row for row in corridor.closures.rows if key_of(row) not in {key_of(s) for s in shut}]
        return replace(corridor, closures=Table([*kept, *shut]))


@dataclass(frozen=True, slots=True)
class Open:
    """Open links, services, crossings or places that are closed or planned."""

    target: str
    from_date: date | None = None
    until_date: date | None = None

    def _revise(self) -> Revise:
        return Revise(self.target, "status", "set", "open", None, self.from_date, self.until_date)

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor."""
        return self._revise().problems(corridor)

    def touched(self, corridor: Corridor) -> int:
        """Return how many things the change opens."""
        return self._revise().touched(corridor)

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor."""
        return self._revise().apply(corridor)


Change = Revise | Close | Open


def in_force(change: Change, day: date) -> bool:
    """Return whether a change counts on a day; a dated closure always does, since it carries its dates with it."""
    if isinstance(change, Close):
        return True
    return (change.from_date is None or change.from_date <= day) and (
        change.until_date is None or day < change.until_date
    )


def apply_all(corridor: Corridor, changes: Sequence[Change], day: date) -> tuple[Corridor, list[Problem]]:
    """Fold changes over a corridor in their order; return the result and every problem met."""
    problems: list[Problem] = []
    for change in changes:
        if not in_force(change, day):
            continue
        found = change.problems(corridor)
        if not found and change.touched(corridor) == 0:
            found = [
                Problem(
                    "change", change.target, "value", str(change), "a change that alters something: it changes no value"
                )
            ]
        problems += found
        if not found:
            corridor = change.apply(corridor)
    return corridor, problems
