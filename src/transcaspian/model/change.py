"""This module owns changes: small values that, applied to a corridor, give another one. Nothing is ever altered.

- ``Revise``: set, scale or add to an attribute of the rows a target names.
- ``Close``: shut what a target names, for good or for some days.
- ``Open``: open what is closed or planned.
- ``Add``: add a row; ``Remove``: take rows away.

A target is written one way everywhere: ``table:key`` (``links:rail-beyneu-mangystau``), ``table:attribute=value``
(``places:water=caspian``), the id of a place, or ``attribute=value`` of a place (``water=caspian``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from transcaspian.errors import Problem, nearest
from transcaspian.model.cells import WrongCellError, parser, text_of
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.resource import Closure
from transcaspian.model.rules.references import missing, unknown_references
from transcaspian.model.schema import Column, columns, key_of

CLOSABLE = ("links", "services", "crossings", "places")
FITTED = "margins"
"""The table to which demand is fitted when a dataset is read: whoever changes it later changes nothing."""

ALWAYS = date(1900, 1, 1)
FOREVER = date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows a target names: a table and the keys in it."""

    table: str
    keys: tuple[str, ...]


def find(corridor: Corridor, target: str) -> Found | Problem:
    """Return the rows a target names, at least one, or the problem with the nearest names.

    >>> find(Corridor(), "lnks:a")
    Problem(table='change', row='lnks:a', column='target', found='lnks', right="a table: one of 'links'")
    """
    table, colon, rest = target.partition(":")
    if not colon:
        table, rest = "places", target
    if table not in TABLES:
        return _wrong_target(target, table, "a table: " + nearest(table, TABLES))
    rows = corridor.table(table)
    attribute, equals, value = rest.partition("=")
    if equals:
        return _tagged(corridor, target, table, attribute, value)
    if rest in rows:
        return Found(table, (rest,))
    elsewhere = [f"{name}:{rest}" for name in TABLES if rest in corridor.table(name)]
    own = f"the key of a row of {table}: {nearest(rest, rows, f'data list {table}')}"
    right = nearest(target, elsewhere) if elsewhere else own
    return _wrong_target(target, rest, right)


def _tagged(corridor: Corridor, target: str, table: str, attribute: str, value: str) -> Found | Problem:
    """Return the rows that have a value in an attribute."""
    known = [c.name for c in columns(TABLES[table])]
    if attribute not in known:
        return _wrong_target(target, attribute, f"an attribute of {table}: {nearest(attribute, known)}")
    values = {key: text_of(getattr(row, attribute)) for key, row in corridor.table(table).items()}
    keys = tuple(key for key, found in values.items() if found == value)
    return (
        Found(table, keys)
        if keys
        else _wrong_target(target, value, f"a value found: {nearest(value, values.values())}")
    )


def _wrong_target(target: str, found: str, right: str) -> Problem:
    return Problem("change", target, "target", found, right)


def _wrong_dates(change: "Change") -> list[Problem]:
    """Return the problem of a change that ends before it begins."""
    if change.from_date and change.until_date and change.until_date <= change.from_date:
        right = f"a day after {change.from_date}"
        return [Problem("change", change.target, "until", change.until_date.isoformat(), right)]
    return []


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
        """Return what is wrong with the change for a corridor: target, attribute, unit, every value it makes."""
        found = find(corridor, self.target)
        if isinstance(found, Found):
            column, problems = self._column(found.table)
            return problems if problems or column is None else self._values(corridor, found, column)
        # What a target that names nothing was meant to be is known if it says the table.
        table, colon, _ = self.target.partition(":")
        return [found, *(self._column(table)[1] if colon and table in TABLES else [])]

    def _column(self, table: str) -> tuple[Column | None, list[Problem]]:
        """Return the column that is changed, and what is wrong with attribute, dates, operation and unit."""
        known = {c.name: c for c in columns(TABLES[table])}
        column = known.get(self.attribute)
        if column is not None:
            return column, [*_wrong_dates(self), *self._fits(column)]
        problems = [
            self._problem("attribute", self.attribute, f"an attribute of {table}: {nearest(self.attribute, known)}")
        ]
        units = {c.unit for c in known.values() if c.unit}
        if self.unit is not None and self.unit not in units:
            problems.append(self._problem("unit", self.unit, f"a unit of {table}: {nearest(self.unit, units)}"))
        return None, problems

    def _fits(self, column: Column) -> list[Problem]:
        problems = []
        if column.mark.key:
            problems.append(self._problem("attribute", self.attribute, "an attribute that is no part of the key"))
        if self.unit is not None and self.unit != column.unit:
            right = f"the attribute's unit {column.unit!r}" if column.unit else "no unit: the attribute has none"
            problems.append(self._problem("unit", self.unit, right))
        if self.operation != "set":
            if column.kind not in ("number", "integer"):
                problems.append(self._problem("operation", self.operation, f"'set', since {column.name} is no number"))
            elif isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
                problems.append(self._problem("value", text_of(self.value), "a number"))
        return problems

    def _values(self, corridor: Corridor, found: Found, column: Column) -> list[Problem]:
        """Return the problems of the values that would come out."""
        problems = []
        for key in found.keys:
            row = corridor.table(found.table)[key]
            before = getattr(row, self.attribute)
            if before is None and self.operation != "set":
                right = f"'set': the {column.name} of {key} is not known"
                problems.append(self._problem("operation", self.operation, right))
                continue
            right = outside(corridor, row, column, self._new(before))
            if right:
                problems.append(self._problem("value", f"{key}: {text_of(self._new(before))}", right))
        return problems

    def _problem(self, column: str, found: str, right: str) -> Problem:
        return Problem("change", f"{self.target} {self.attribute}", column, found, right)

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


def outside(corridor: Corridor, row: Any, column: Column, value: Any) -> str:
    """Return what would be right where a value does not fit a column of a row, else an empty text."""
    if value is None:
        return f"a value: {column.mark.doc}" if column.required else ""
    try:
        read = parser(column)(text_of(value))
    except WrongCellError as error:
        return str(error)
    if read != value:
        return f"a {column.kind}"
    if column.mark.applies is not None:
        attribute, words = column.mark.applies
        if getattr(row, attribute) not in words:
            return f"nothing: it applies where {attribute} is {' or '.join(words)}"
    return missing(corridor, column, value)


def _not_closable(corridor: Corridor, change: "Close | Open", done: str) -> list[Problem]:
    """Return what is wrong with shutting or opening a change's target."""
    found = find(corridor, change.target)
    if isinstance(found, Problem):
        return [found]
    if found.table not in CLOSABLE:
        return [_wrong_target(change.target, found.table, f"something that can be {done}: {', '.join(CLOSABLE)}")]
    return _wrong_dates(change)


@dataclass(frozen=True, slots=True)
class Close:
    """Shut links, services, crossings or places, for good or between two days.

    A place that is shut shuts with it whatever calls there.
    """

    target: str
    reason: str = "closed by a scenario"
    from_date: date | None = None
    until_date: date | None = None

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor."""
        return _not_closable(corridor, self, "shut")

    def _new(self, corridor: Corridor) -> list[Closure]:
        """Return the closures that the change brings; one that stands and shuts as long already is none of them."""
        found = find(corridor, self.target)
        assert isinstance(found, Found)
        begin, end = self.from_date or ALWAYS, self.until_date or FOREVER
        closures = (
            Closure(target=f"{found.table}:{key}", from_date=begin, until_date=end, reason=self.reason)
            for key in found.keys
        )
        standing = corridor.closures
        return [c for c in closures if key_of(c) not in standing or standing[key_of(c)].until_date < c.until_date]

    def touched(self, corridor: Corridor) -> int:
        """Return how many things the change shuts."""
        return 0 if self.problems(corridor) else len(self._new(corridor))

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor, with a row in ``closures`` for each thing shut."""
        new = {key_of(c): c for c in self._new(corridor)}
        return replace(corridor, closures=Table({**corridor.closures, **new}.values()))


@dataclass(frozen=True, slots=True)
class Open:
    """Open links, services, crossings or places: what is closed or planned, and what a closure shuts."""

    target: str
    from_date: date | None = None
    until_date: date | None = None

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor."""
        found = _not_closable(corridor, self, "opened")
        if found or not (self.from_date or self.until_date):
            return found
        closures = (corridor.closures[key] for key in self._shut(corridor)[2])
        right = "a change without days: this closure returns every year, and no day of one year can be taken out"
        return [Problem("change", self.target, "from", key_of(c), right) for c in closures if c.yearly]

    def _shut(self, corridor: Corridor) -> tuple[str, dict[str, Any], set[str]]:
        """Return the table, the rows whose status keeps them shut, and the keys of closures that shut any."""
        found = find(corridor, self.target)
        assert isinstance(found, Found)
        rows = {k: row for k in found.keys if (row := corridor.table(found.table)[k]).status != "open"}
        targets = {f"{found.table}:{key}" for key in found.keys}
        return found.table, rows, {k for k, closure in corridor.closures.items() if closure.target in targets}

    def touched(self, corridor: Corridor) -> int:
        """Return how many statuses and closures the change does away with."""
        if self.problems(corridor):
            return 0
        _, rows, closures = self._shut(corridor)
        return len(rows) + len(closures)

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor."""
        table, rows, closures = self._shut(corridor)
        opened = _replaced(corridor, table, {k: replace(row, status="open") for k, row in rows.items()})
        return replace(opened, closures=Table(c for k, c in corridor.closures.items() if k not in closures))

    def within(self, corridor: Corridor, begin: date, end: date) -> Corridor:
        """Return the corridor changed for a time: on what days of it the change does not count, closures shut still."""
        table, rows, keys = self._shut(corridor)
        shut = [corridor.closures[key] for key in keys]
        shut += [
            Closure(
                target=f"{table}:{key}",
                from_date=ALWAYS,
                until_date=FOREVER,
                reason=getattr(row, "reason", None) or f"is {row.status}",
            )
            for key, row in rows.items()
        ]
        outside = [(ALWAYS, self.from_date)] if self.from_date and self.from_date > begin else []
        outside += [(self.until_date, FOREVER)] if self.until_date and self.until_date < end else []
        parts = (
            replace(c, from_date=max(c.from_date, a), until_date=min(c.until_date, b)) for c in shut for a, b in outside
        )
        opened = self.apply(corridor)
        kept = {key_of(c): c for c in parts if c.from_date < c.until_date}
        return replace(opened, closures=Table({**opened.closures, **kept}.values()))


@dataclass(frozen=True, slots=True)
class Add:
    """Add a row to a table; its key must be new."""

    table: str
    row: Any
    from_date: date | None = None
    until_date: date | None = None

    @property
    def target(self) -> str:
        """The row as a target: ``table:key``."""
        return f"{self.table}:{key_of(self.row)}"

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor: the key is taken, or a value does not fit its column."""
        cls = TABLES.get(self.table)
        if cls is None or not isinstance(self.row, cls):
            return [_wrong_target(self.table, self.table, "the table of the row")]
        wrong = ((c, outside(corridor, self.row, c, getattr(self.row, c.name))) for c in columns(cls))
        problems = [
            Problem("change", self.target, c.name, text_of(getattr(self.row, c.name)), right)
            for c, right in wrong
            if right
        ]
        problems += _wrong_dates(self)
        if key_of(self.row) in corridor.table(self.table):
            problems.append(
                Problem("change", self.target, "key", key_of(self.row), f"a key that is new in {self.table}")
            )
        return problems

    def touched(self, corridor: Corridor) -> int:
        """Return 1: the row."""
        return 0 if self.problems(corridor) else 1

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor."""
        return replace(corridor, **{self.table: Table([*corridor.table(self.table).rows, self.row])})


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the rows a target names; rows that name them must go too, in the same scenario."""

    target: str
    from_date: date | None = None
    until_date: date | None = None

    def problems(self, corridor: Corridor) -> list[Problem]:
        """Return what is wrong with the change for a corridor."""
        found = find(corridor, self.target)
        return [found] if isinstance(found, Problem) else _wrong_dates(self)

    def touched(self, corridor: Corridor) -> int:
        """Return how many rows the change takes away."""
        found = find(corridor, self.target)
        return 0 if isinstance(found, Problem) else len(found.keys)

    def apply(self, corridor: Corridor) -> Corridor:
        """Return the changed corridor."""
        found = find(corridor, self.target)
        assert isinstance(found, Found)
        kept = (row for key, row in corridor.table(found.table).items() if key not in found.keys)
        return replace(corridor, **{found.table: Table(kept)})


Change = Revise | Close | Open | Add | Remove


def _done(change: Change) -> tuple[str, str]:
    """Return the attribute that a change alters, and what it does to it, in words."""
    if isinstance(change, Revise):
        return change.attribute, " ".join(filter(None, (change.operation, text_of(change.value), change.unit)))
    words = {Close: "set closed", Open: "set open", Add: "add", Remove: "remove"}
    return "status" if isinstance(change, (Close, Open)) else "", words[type(change)]


Span = tuple[date, date]
"""First day of a time, and first day after it."""


def in_force(change: Change, day: date, span: Span | None = None) -> bool:
    """Return whether a change counts on a day; a dated closure always does, since it carries its dates with it.

    Of a day within a ``span``, so does an opening on some day of the span.

    >>> change = Open("aktau", from_date=date(2027, 1, 1))
    >>> in_force(change, date(2026, 12, 31)), in_force(change, date(2027, 1, 1))
    (False, True)
    >>> in_force(change, date(2026, 12, 31), (date(2026, 12, 1), date(2027, 2, 1)))
    True
    """
    if isinstance(change, Close):
        return True
    first, after = span if span and isinstance(change, Open) else (day, day + timedelta(days=1))
    return (change.from_date is None or change.from_date < after) and (
        change.until_date is None or first < change.until_date
    )


def apply_all(
    corridor: Corridor, changes: Sequence[Change], day: date, span: Span | None = None
) -> tuple[Corridor, list[Problem]]:
    """Fold changes over a corridor in their order, on a day or for a day of a span; return every problem met too."""
    # A change that ends before it begins is never in force, and would never be heard of.
    problems = [p for c in changes if not in_force(c, day, span) for p in _wrong_dates(c)]
    in_time = [change for change in changes if in_force(change, day, span)]
    for change in in_time:
        found = change.problems(corridor)
        if not found and change.target.startswith(f"{FITTED}:"):
            found = [_wrong_target(change.target, FITTED, "rows of demand: they are fitted before any change")]
        if not found and change.touched(corridor) == 0:
            right = "a change that alters something: it changes no value"
            found = [Problem("change", change.target, *_done(change), right)]
        problems += found
        if not found:
            corridor = change.within(corridor, *span) if span and isinstance(change, Open) else change.apply(corridor)
    if not problems and any(isinstance(change, Remove) for change in in_time):
        problems += unknown_references(corridor)
    return corridor, problems
