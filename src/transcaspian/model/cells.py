"""This module owns a value as text: how each kind of attribute is written in a cell, and read back.

One spelling for files, changes of a scenario and the identity of a corridor, so that the three cannot drift apart.

- ``text_of(value)`` gives the text of a value.
- ``parser(column)`` makes a function from text to value; it says what would be right where a text is wrong.
- ``parse_value(cls, attribute, text)`` reads one text for an attribute of a noun.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from transcaspian.errors import nearest
from transcaspian.model.schema import UNLIMITED, Column, columns

WORD_UNLIMITED = "unlimited"
TRUTH = {"yes": True, "no": False}

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?").fullmatch
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


class WrongCellError(ValueError):
    """Raised for a text that is no value; its message is what would have been right."""


def text_of(value: Any) -> str:
    """Return a value as the text of a cell; what is unknown is empty.

    >>> [text_of(v) for v in (None, True, 3.0, 0.25, UNLIMITED, date(2026, 12, 1))]
    ['', 'yes', '3', '0.25', 'unlimited', '2026-12-01']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value == UNLIMITED:
            return WORD_UNLIMITED
        # Whole numbers are written without a point, as a person would; beyond 2**53 that would claim digits.
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def parse_value(cls: type, attribute: str, text: str) -> Any:
    """Return the value a text stands for in an attribute of a noun.

    Raises
    ------
    WrongCellError
        Whose message says what would be right.

    Examples
    --------
    >>> from transcaspian.model.corridor.link import Link
    >>> parse_value(Link, "km", "468")
    468.0
    >>> parse_value(Link, "mode", "see")
    Traceback (most recent call last):
    ...
    transcaspian.model.cells.WrongCellError: one of 'sea'
    """
    column, parse = parsers(cls)[attribute]
    if text == "":
        if column.required:
            raise WrongCellError(f"a value: {column.mark.doc}")
        return column.default
    return parse(text)


@cache
def parsers(cls: Any) -> dict[str, tuple[Column, Callable[[str], Any]]]:
    """Return the columns of a noun by name, with the parser of each, bound once."""
    return {column.name: (column, parser(column)) for column in columns(cls)}


def parser(column: Column) -> Callable[[str], Any]:
    """Return the function that reads a filled cell of a column; it raises WrongCellError."""
    if column.kind in ("number", "integer"):
        return _number(column)
    return {"string": _word(column), "boolean": _boolean, "date": _date}[column.kind]


def _number(column: Column) -> Callable[[str], Any]:
    mark = column.mark
    matches, convert = (_WHOLE, int) if column.kind == "integer" else (_NUMBER, float)
    low = -math.inf if mark.low is None else mark.low
    high = math.inf if mark.high is None else mark.high
    above = -math.inf if mark.above is None else mark.above
    said = bounds(column)

    def parse(text: str) -> float | int:
        if text == WORD_UNLIMITED and mark.unlimited:
            return UNLIMITED
        if not matches(text):
            raise WrongCellError(f"{said}; 'unlimited' has no meaning here" if text == WORD_UNLIMITED else said)
        value: float | int = convert(text)
        if not (low <= value <= high and above < value < math.inf):
            raise WrongCellError(said)
        return value

    return parse


def bounds(column: Column) -> str:
    """Return in words which numbers a column takes.

    >>> from transcaspian.model.corridor.link import Link
    >>> bounds(next(c for c in columns(Link) if c.name == "km"))
    'a number above 0 up to 40000 (km)'
    """
    mark = column.mark
    said = "a whole number" if column.kind == "integer" else "a number"
    if mark.above is not None:
        said += f" above {mark.above:g}"
    if mark.low is not None:
        said += f" from {mark.low:g}"
    if mark.high is not None:
        said += f" up to {mark.high:g}"
    if mark.unlimited:
        said += ", or the word 'unlimited'"
    return said + (f" ({column.unit})" if column.unit else "")


def _word(column: Column) -> Callable[[str], Any]:
    choices, pattern = frozenset(column.choices), column.mark.pattern
    matches = re.compile(pattern).fullmatch if pattern else None

    def parse(text: str) -> str:
        if choices and text not in choices:
            raise WrongCellError(nearest(text, choices))
        if matches is not None and not matches(text):
            raise WrongCellError(f"text of the form {pattern}")
        return text

    return parse if choices or pattern else str


def _boolean(text: str) -> bool:
    if text not in TRUTH:
        raise WrongCellError("'yes' or 'no'")
    return TRUTH[text]


def _date(text: str) -> date:
    try:
        if _DAY(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WrongCellError("a day such as 2026-12-01")
