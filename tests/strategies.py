"""Small corridors drawn by hypothesis, from nothing but the declarations of the nouns.

Ids come from a small pool, so that references often lead somewhere; texts hold commas, quotes, line breaks and any
script, since a file must carry them all.
"""

import math
from typing import Any

from hypothesis import strategies as st

from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.ids import ID_PATTERN
from transcaspian.model.schema import Column, columns, key_of

IDS = st.sampled_from(("a", "b-1", "c2", "d-e-f", "9", "long-name-of-a-thing"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(',"\n\r;\t '), min_size=1, max_size=8)
LICENCES = st.sampled_from(("CC-BY-4.0", "ODbL-1.0", "OGL-UK-3.0", "ogl uk 3.0", "©"))
"""Licences, two of which would give a file the same name, and one no name at all."""

ALWAYS = ("about", "sources", "places", "links", "geometries")
"""Tables that every drawn corridor may have rows in: they decide files and shapes."""


def values(column: Column) -> st.SearchStrategy[Any]:
    """Draw a value of a column; unknown where it may be."""
    drawn = _filled(column)
    return drawn if column.required or column.default is not None else st.none() | drawn


def _filled(column: Column) -> st.SearchStrategy[Any]:
    if column.kind in ("number", "integer"):
        return _numbers(column)
    if column.kind == "string":
        return _words(column)
    return st.booleans() if column.kind == "boolean" else st.dates()


def _numbers(column: Column) -> st.SearchStrategy[Any]:
    mark = column.mark
    if column.kind == "integer":
        return st.integers(int(mark.low or 0), int(mark.high or 10**12))
    low = mark.low if mark.low is not None else mark.above
    drawn = st.floats(low, mark.high, exclude_min=mark.above is not None, allow_nan=False, allow_infinity=False)
    return drawn | st.just(math.inf) if mark.unlimited else drawn


def _words(column: Column) -> st.SearchStrategy[str]:
    mark = column.mark
    if column.choices:
        return st.sampled_from(column.choices)
    if mark.ref or mark.pattern == ID_PATTERN:
        return IDS
    if (column.name, mark.pattern) == ("licence", ""):
        return LICENCES
    return st.from_regex(mark.pattern, fullmatch=True) if mark.pattern else TEXTS


@st.composite
def rows(draw: st.DrawFn, table: str) -> Any:
    """Draw a row of a table; a value that does not apply is unknown."""
    listed = columns(TABLES[table])
    found = {column.name: draw(values(column)) for column in listed}
    for column in listed:
        if column.mark.applies and found[column.mark.applies[0]] not in column.mark.applies[1]:
            found[column.name] = column.default
    return TABLES[table](**found)


@st.composite
def corridors(draw: st.DrawFn, most: int = 3) -> Corridor:
    """Draw a corridor with up to ``most`` rows in a few tables."""
    others = [name for name in TABLES if name not in ALWAYS]
    chosen = (*ALWAYS, *draw(st.lists(st.sampled_from(others), max_size=3, unique=True)))
    return Corridor(
        **{
            name: Table(
                draw(
                    st.lists(
                        rows(name),
                        min_size=int(name == "about"),
                        max_size=1 if name == "about" else most,
                        unique_by=key_of,
                    )
                )
            )
            for name in chosen
        }
    )
