"""This module owns one table as text: a CSV file of a noun to rows and back, with every problem at once.

- ``reader(cls)`` makes a function from cells to rows, its parsers bound once for a noun.
- ``read_csv(text, cls, name, problems)`` reads a file; ``csv_text(rows, cls)`` writes one.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from transcaspian.errors import Problem, nearest
from transcaspian.model.schema import UNLIMITED, Column, columns, key_of

WORD_UNLIMITED = "unlimited"
TRUTH = {"yes": True, "no": False}


class _WrongError(ValueError):
    """What would have been right in a cell."""


def _number(column: Column) -> Callable[[str], Any]:
    mark, whole = column.mark, column.kind == "integer"
    said = _bounds(column)

    def parse(text: str) -> float | int:
        if text == WORD_UNLIMITED:
            if mark.unlimited:
                return UNLIMITED
            raise _WrongError(f"{said}; 'unlimited' is not allowed here")
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            raise _WrongError(said) from None
        bad = not math.isfinite(value) or (mark.low is not None and value < mark.low)
        bad = bad or (mark.high is not None and value > mark.high) or (mark.above is not None and value <= mark.above)
        if bad:
            raise _WrongError(said)
        return value

    return parse


def _bounds(column: Column) -> str:
    mark = column.mark
    said = "a whole number" if column.kind == "integer" else "a number"
    if mark.above is not None:
        said += f" above {mark.above:g}"
    if mark.low is not None:
        said += f" from {mark.low:g}"
    if mark.high is not None:
        said += f" up to {mark.high:g}"
    return said + (f" ({column.unit})" if column.unit else "")


def _word(column: Column) -> Callable[[str], Any]:
    choices, pattern = column.choices, re.compile(column.mark.pattern) if column.mark.pattern else None

    def parse(text: str) -> str:
        if choices and text not in choices:
            raise _WrongError(nearest(text, choices))
        if pattern is not None and not pattern.fullmatch(text):
            raise _WrongError(f"text of the form {pattern.pattern}")
        return text

    return parse if choices or pattern else str


def _boolean(text: str) -> bool:
    if text not in TRUTH:
        raise _WrongError("'yes' or 'no'")
    return TRUTH[text]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _WrongError("a day such as 2026-12-01") from None


def _parser(column: Column) -> Callable[[str], Any]:
    if column.kind in ("number", "integer"):
        return _number(column)
    return {"string": _word(column), "boolean": _boolean, "date": _date}[column.kind]


@cache
def parsers(cls: Any) -> dict[str, tuple[Column, Callable[[str], Any]]]:
    """Return the columns of a noun with the parser of each."""
    return {column.name: (column, _parser(column)) for column in columns(cls)}


def parse_value(cls: type, attribute: str, text: str) -> Any:
    """Return the value a text stands for in an attribute of a noun.

    Raises
    ------
    ValueError
        Whose message says what would be right.
    """
    return parsers(cls)[attribute][1](text)


def read_csv(text: str, cls: type, name: str, problems: list[Problem]) -> list[Any]:
    """Return the rows of a CSV file; a row with a problem is left out, and its problems are noted."""
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Any] = []
    try:
        header = next(records, [])
        if not _header_fits(header, cls, name, problems):
            return rows
        build = _builder(header, cls, name, problems)
        for number, cells in enumerate(records, start=2):
            row = build(cells, number)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        problems.append(Problem(name, f"line {records.line_num}", "", str(error), "a complete line of CSV; is the file half-written?"))
    return rows


def _header_fits(header: Sequence[str], cls: type, name: str, problems: list[Problem]) -> bool:
    known = parsers(cls)
    before = len(problems)
    for column in header:
        if column not in known:
            problems.append(Problem(name, "header", column, column, "a column of the table: " + nearest(column, known)))
    problems += [Problem(name, "header", c, c, "each column once") for c in set(header) if header.count(c) > 1]
    for column, (declared, _) in known.items():
        if declared.required and column not in header:
            problems.append(Problem(name, "header", column, "", f"the required column {column!r}"))
    return len(problems) == before


def _builder(header: Sequence[str], cls: type, name: str, problems: list[Problem]) -> Callable[[list[str], int], Any]:
    """Return a function from the cells of a line to a row, or None with its problems noted."""
    known = parsers(cls)
    cellwise = [(c, *known[c]) for c in header]
    conditional = [c for c, _ in known.values() if c.mark.applies]
    keys = [c.name for c, _ in known.values() if c.mark.key]

    def build(cells: list[str], number: int) -> Any:
        if len(cells) != len(header):
            right = f"{len(header)} cells; is the file half-written?"
            problems.append(Problem(name, f"line {number}", "", f"{len(cells)} cells", right))
            return None
        before = len(problems)
        values: dict[str, Any] = {}
        for text, (attribute, column, parse) in zip(cells, cellwise, strict=True):
            if text == "":
                if column.required:
                    where = _where(header, cells, keys, number)
                    problems.append(Problem(name, where, attribute, "", f"a value: {column.mark.doc}"))
                continue
            try:
                values[attribute] = parse(text)
            except _WrongError as wrong:
                problems.append(Problem(name, _where(header, cells, keys, number), attribute, text, str(wrong)))
        for column in conditional:
            other, allowed = column.mark.applies or ("", ())
            if column.name in values and str(values.get(other)) not in allowed:
                where = _where(header, cells, keys, number)
                right = f"an empty cell: it applies only where {other} is {' or '.join(allowed)}"
                problems.append(Problem(name, where, column.name, str(values[column.name]), right))
        return cls(**values) if len(problems) == before else None

    return build


def _where(header: Sequence[str], cells: Sequence[str], keys: Sequence[str], number: int) -> str:
    """Return the key of a line as far as it can be read, with its number."""
    found = dict(zip(header, cells, strict=False))
    return f"{':'.join(found.get(k, '') for k in keys)} (line {number})"


def unique(rows: Iterable[Any], name: str, problems: list[Problem]) -> list[Any]:
    """Return rows with different keys; a second row with a key is a problem and left out."""
    seen: dict[str, Any] = {}
    for row in rows:
        key = key_of(row)
        if key in seen:
            problems.append(Problem(name, key, "", key, "a key that no other row has"))
        else:
            seen[key] = row
    return list(seen.values())


def text_of(value: Any) -> str:
    """Return a value as the text of a cell.

    >>> [text_of(v) for v in (None, True, 3.0, 0.25, UNLIMITED, date(2026, 12, 1))]
    ['', 'yes', '3', '0.25', 'unlimited', '2026-12-01']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isinf(value):
            return WORD_UNLIMITED
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_text(rows: Iterable[Any], cls: type) -> str:
    """Return rows as a CSV file: every column, in order of declaration."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = [c.name for c in columns(cls)]
    writer.writerow(names)
    writer.writerows([text_of(getattr(row, n)) for n in names] for row in rows)
    return out.getvalue()
