"""This module owns one table as lines of text: to the rows of a noun and back, with every problem at once.

- ``Reading`` gathers the rows of a table, file by file, and the problems met; a row with a problem is left out.
- ``Read`` is a dataset as far as it can be read: its corridor, the problems met, and what was left out.
- ``csv_text(rows, cls)`` writes a CSV file.
- ``check_values(corridor)`` raises if a value could not be written and read back.

Every format reads through ``Reading``, so one set of rules decides what a good row is.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.model.balance import balanced, broken_margins
from transcaspian.model.cells import WrongCellError, parse_value, parsers, text_of
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.rules import LeftOut, Rule, check
from transcaspian.model.rules.references import unknown_references
from transcaspian.model.schema import columns, key_of

__all__ = ["Read", "Reading", "check_values", "csv_text", "parse_value"]

Line = tuple[str, Sequence[str]]
"""Where a line stands, as ``file:number``, and the texts of its cells."""


@dataclass(frozen=True)
class Read:
    """A dataset as far as it can be read: its corridor, the problems met on the way, and what had to be left out."""

    corridor: Corridor
    unreadable: tuple[Problem, ...]
    left_out: LeftOut

    def problems(self) -> tuple[Problem, ...]:
        """Return every problem: of reading, and of what was read."""
        return (*self.unreadable, *check(self.corridor, self.left_out))

    def whole(self) -> Corridor:
        """Return the corridor if all of it could be read.

        Raises
        ------
        DataError
            With every problem of reading it.
        """
        if self.unreadable:
            raise DataError(self.unreadable)
        return self.corridor

    def answerable(self, rules: Sequence[Rule] = ()) -> Corridor:
        """Return the corridor, its demand fitted to its margins, if all of it could be read and what it names is there.

        Parameters
        ----------
        rules : rules of ``model.rules`` that must hold too

        Raises
        ------
        DataError
            With every problem of the dataset; with those that ``rules`` find if there are no others.
        """
        if self.unreadable or any(unknown_references(self.corridor)) or any(broken_margins(self.corridor)):
            raise DataError(self.problems())
        found = [problem for rule in rules for problem in rule(self.corridor)]
        if found:
            raise DataError(found)
        return balanced(self.corridor)


class Reading:
    """The rows of one table as they are read, and what is wrong with the others.

    >>> problems: list[Problem] = []
    >>> reading = Reading("place_gauges", problems)
    >>> reading.add_csv("place,gauge\\naktau,1520\\naktau,wide\\n", "place_gauges.csv")
    >>> reading.rows
    [PlaceGauge(place='aktau', gauge=1520)]
    >>> print(problems[0])
    place_gauges, row aktau:wide (place_gauges.csv:3), column gauge: found 'wide';
    right would be a whole number from 600 up to 1700 (mm)
    """

    def __init__(self, table: str, problems: list[Problem], left_out: LeftOut | None = None) -> None:
        self.table = table
        self.cls: Any = TABLES[table]
        self.rows: list[Any] = []
        self._problems = problems
        self._left_out = LeftOut() if left_out is None else left_out
        self._seen: dict[str, str] = {}

    def add_csv(self, text: str, file: str) -> None:
        """Read a CSV file: a header, then one line for each row."""
        if text and not text.endswith("\n"):
            start = text.rfind("\n") + 1
            self._wrong("", f"{file}, last line", text[start:][-40:], "a line with an end; is the file half-written?")
            text = text[:start]
            self._left_out.tables.add(self.table)
        records = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(records, None)
            if header is None:
                self._wrong("", file, "an empty file", "a header with the names of the columns")
                self._left_out.tables.add(self.table)
                return
            self.add(header, ((f"{file}:{records.line_num}", cells) for cells in records), file)
        except csv.Error as error:
            where = f"{file}:{records.line_num}"
            self._wrong("", where, str(error), "a complete line of CSV; is the file half-written?")
            self._left_out.tables.add(self.table)

    def add(self, header: Sequence[str], lines: Iterable[Line], file: str) -> None:
        """Read lines of text under a header."""
        whole = self._check_header(header, file)
        if not whole:
            self._left_out.tables.add(self.table)
        build = self._builder(header)
        for where, cells in lines:
            row = build(where, cells)
            key = key_of(row) if row is not None and whole else ""
            if key in self._seen:
                self._wrong("", f"{key} ({where})", key, f"a key of its own: {self._seen[key]} has this one")
            if key in self._seen or not key:
                self._left_out.rows.append((self.table, dict(zip(header, cells, strict=False))))
                continue
            self._seen[key] = where
            self.rows.append(row)

    def _wrong(self, column: str, row: str, found: str, right: str) -> None:
        self._problems.append(Problem(self.table, row, column, found, right))

    def _check_header(self, header: Sequence[str], file: str) -> bool:
        """Return whether rows can be made of the columns of a header."""
        known = parsers(self.cls)
        where = f"header ({file})"
        for name in header:
            if name not in known:
                self._wrong(name, where, name, "a column of the table: " + nearest(name, known))
        for name in sorted({n for n in header if header.count(n) > 1}):
            self._wrong(name, where, name, "each column once")
        missing = [name for name, (column, _) in known.items() if column.required and name not in header]
        for name in missing:
            self._wrong(name, where, "", f"the column {name!r}, which every row needs")
        return not missing

    def _builder(self, header: Sequence[str]) -> Callable[[str, Sequence[str]], Any]:
        """Return a function from a line to a row, or None with its problems noted; all that can be is bound before."""
        known = parsers(self.cls)
        parse_of = [(name, known[name][1]) if name in known else ("", str) for name in header]
        required = frozenset(name for name, (column, _) in known.items() if column.required)
        conditional = _conditions(self.cls)
        width, cls, problems = len(header), self.cls, self._problems

        def build(where: str, cells: Sequence[str]) -> Any:
            if len(cells) != width:
                self._wrong(
                    "", where, f"{len(cells)} cells", f"{width} cells, as the header; is the file half-written?"
                )
                return None
            before = len(problems)
            values: dict[str, Any] = {}
            for text, (name, parse) in zip(cells, parse_of, strict=True):
                if text and name:
                    try:
                        values[name] = parse(text)
                    except WrongCellError as wrong:
                        self._wrong(name, self._where(header, cells, where), text, str(wrong))
                elif name in required:
                    right = f"a value: {known[name][0].mark.doc}"
                    self._wrong(name, self._where(header, cells, where), "", right)
            for name, other, allowed, usual in conditional:
                if name in values and values.get(other, usual) not in allowed:
                    if other not in values and other in required:
                        continue  # its own problem is noted; another about this cell would mislead
                    right = f"an empty cell: it applies only where {other} is {' or '.join(map(text_of, allowed))}"
                    self._wrong(name, self._where(header, cells, where), text_of(values[name]), right)
            return cls(**values) if len(problems) == before and required <= values.keys() else None

        return build

    def _where(self, header: Sequence[str], cells: Sequence[str], where: str) -> str:
        """Return the key of a line, as far as it is filled, and where it stands."""
        found = dict(zip(header, cells, strict=True))
        key = ":".join(found.get(c.name, "") for c in columns(self.cls) if c.mark.key).strip(":")
        return f"{key} ({where})" if key else where


def _conditions(cls: Any) -> list[tuple[str, str, list[Any], Any]]:
    """Return the attributes that apply to some rows only: name, other attribute, values it must have, its default."""
    known = parsers(cls)
    rules = [(column.name, *column.mark.applies) for column, _ in known.values() if column.mark.applies]
    return [(name, other, [known[other][1](w) for w in words], known[other][0].default) for name, other, words in rules]


def cells_of(rows: Iterable[Any], cls: type) -> Iterator[list[str]]:
    """Give the texts of every row, in order of the columns."""
    names = [column.name for column in columns(cls)]
    for row in rows:
        yield [text_of(getattr(row, name)) for name in names]


def csv_text(rows: Iterable[Any], cls: type) -> str:
    """Return rows as a CSV file: every column, in order of declaration, lines ended by a line feed.

    >>> from transcaspian.model.corridor.place import PlaceGauge
    >>> csv_text([PlaceGauge(place="aktau", gauge=1520)], PlaceGauge)
    'place,gauge\\naktau,1520\\n'
    """
    return csv_lines([[column.name for column in columns(cls)], *cells_of(rows, cls)])


def csv_lines(lines: Iterable[Sequence[str]]) -> str:
    """Return lines of cells as CSV; unlike the standard writer it also quotes a lone carriage return."""
    return "".join(",".join(_quoted(cell) for cell in cells) + "\n" for cells in lines)


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def check_values(corridor: Corridor) -> None:
    """Raise if a value of a corridor would not come back from a file as it is.

    Raises
    ------
    DataError
        With every value that no file can hold: an empty text, a number out of its bounds, a word not among the choices.
    """
    problems: list[Problem] = []
    for name, cls in TABLES.items():
        rows = corridor.table(name).rows
        reading = Reading(name, problems)
        lines = ((key_of(row), cells) for row, cells in zip(rows, cells_of(rows, cls), strict=True))
        reading.add([column.name for column in columns(cls)], lines, name)
        for row, same in zip(rows, reading.rows, strict=False):
            if row != same and key_of(row) == key_of(same):
                problems.append(_lost(name, row, same))
    if problems:
        raise DataError(problems)


def _lost(table: str, row: Any, same: Any) -> Problem:
    """Return the problem of a value that would be read back as another."""
    names = [column.name for column in columns(TABLES[table])]
    name = next(n for n in names if getattr(row, n) != getattr(same, n))
    right = f"a value that a file can hold: this would be read as {getattr(same, name)!r}"
    return Problem(table, key_of(row), name, repr(getattr(row, name)), right)
