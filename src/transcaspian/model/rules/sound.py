"""This module owns which rows of a broken dataset the rules can judge, so that one problem does not pass for several.

Some rows cannot be read, some name rows that do not exist, and others hang on those. All of them are left out of the
rules that look at several rows together. The rows they name are near them: that something lacks there is not told,
since it may be what was left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from transcaspian.errors import Problem
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.schema import columns, key_names

Keys = dict[str, set[str]]
"""Keys of rows by table."""


@dataclass
class LeftOut:
    """What the files of a dataset hold and its corridor does not, since it could not be read.

    Parameters
    ----------
    rows : table and texts of the cells, as far as there are any, of each row with a problem
    tables : tables that may lack any number of rows: a file is torn or lost, or its header is wrong
    """

    rows: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)

    def keys(self) -> Keys:
        """Return the keys of the rows, as far as they can be read."""
        found: Keys = {}
        for table, cells in self.rows:
            key = ":".join(cells.get(name, "") for name in key_names(TABLES[table]))
            found.setdefault(table, set()).add(key)
        return found

    def explains(self) -> Callable[[Iterable[str], str], bool]:
        """Return a function that says whether a row of some tables may be among what could not be read, by its key."""
        lost = self.keys()
        return lambda tables, key: any(table in self.tables or key in lost.get(table, ()) for table in tables)

    def __bool__(self) -> bool:
        return bool(self.rows or self.tables)


@dataclass(frozen=True)
class Part:
    """The part of a corridor that can be judged, and what stands near the rest.

    Parameters
    ----------
    corridor : the rows that name only rows that are there
    near : ids that rows left out have or name
    near_tables : tables of which any row may be near
    """

    corridor: Corridor
    near: frozenset[str] = frozenset()
    near_tables: frozenset[str] = frozenset()

    def is_near(self, problem: Problem) -> bool:
        """Return whether a problem of something that lacks may come from what was left out."""
        if problem.table in self.near_tables or {problem.row, problem.found, *_parts(problem.row)} & self.near:
            return True
        row = self.corridor.table(problem.table).get(problem.row) if problem.table in TABLES else None
        return getattr(row, "place", None) in self.near


def part_of(corridor: Corridor, left_out: LeftOut) -> Part:
    """Return the part of a corridor whose rows name only rows that are there."""
    rows = {name: dict(corridor.table(name)) for name in TABLES}
    dropped: list[tuple[str, Any]] = []
    while gone := [(name, key) for name in TABLES for key, row in rows[name].items() if _hangs(rows, row)]:
        dropped += [(name, rows[name].pop(key)) for name, key in gone]
    named = {(name, key) for name in TABLES for key in corridor.table(name).keys() - rows[name].keys()}
    named |= {(table, key) for table, keys in left_out.keys().items() for key in keys}
    for key, told in corridor.evidence.items():  # evidence for nothing at all stays: it is a problem of its own
        lost = (told.table, told.id) in named or told.table in left_out.tables
        if lost and told.id not in rows.get(told.table, ()):
            rows["evidence"].pop(key, None)
    near = set(named)
    for table, cells in left_out.rows:
        near |= set(_named(corridor, table, cells.get))
    for table, row in dropped:
        near |= set(_named(corridor, table, partial(getattr, row)))
        if table == "service_links" and row.link in corridor.links:  # its ends lose a service
            near |= set(_named(corridor, "links", partial(getattr, corridor.links[row.link])))
    _without_matrices(rows, left_out, dropped)
    made = Corridor(**{name: Table(rows[name].values()) for name in TABLES})
    words = {key for _, key in near} | {word for _, key in near for word in _parts(key) if not word.isdigit()}
    return Part(made, frozenset(words), _behind(left_out.tables))


def _without_matrices(rows: dict[str, dict[Any, Any]], left_out: LeftOut, dropped: list[tuple[str, Any]]) -> None:
    """Take away the totals a matrix is fitted to where any of its rows or totals is left out: the rest is not all."""
    sums = ("demand", "margins")
    lost = {cells.get("matrix") for table, cells in left_out.rows if table in sums}
    lost |= {row.matrix for table, row in dropped if table in sums}
    every = not left_out.tables.isdisjoint(sums)
    for key, row in list(rows["margins"].items()):
        if every or row.matrix in lost:
            del rows["margins"][key]
    for key, row in rows["demand"].items():
        if row.matrix is not None and (every or row.matrix in lost):
            rows["demand"][key] = replace(row, matrix=None)


def _hangs(rows: Mapping[str, Mapping[str, Any]], row: Any) -> bool:
    """Return whether a row names a row that is not there."""
    cls: Any = type(row)
    for name, tables in _references(cls):
        value = getattr(row, name)
        if value is not None and not any(value in rows[table] for table in tables):
            return True
    table, _, key = row.target.partition(":") if cls is TABLES["closures"] else ("", "", "")
    return bool(table) and key not in rows[table]


def _named(corridor: Corridor, table: str, value_of: Callable[[str], Any]) -> Iterator[tuple[str, str]]:
    """Give the rows that a row names."""
    for name, tables in _references(TABLES[table]):
        value = value_of(name)
        yield from ((t, value) for t in tables if value in corridor.table(t))


@cache
def _references(cls: Any) -> list[tuple[str, list[str]]]:
    """Return the attributes of a noun that name rows, each with the tables they may be of."""
    return [(c.name, c.mark.ref.split("|")) for c in columns(cls) if c.mark.ref]


def _behind(tables: Iterable[str]) -> frozenset[str]:
    """Return the tables whose rows some rows of these may name, by others too."""
    found: set[str] = set()
    waiting = list(tables)
    while waiting:
        if (at := waiting.pop()) not in found:
            found.add(at)
            waiting += [table for _, named in _references(TABLES[at]) for table in named]
    return frozenset(found)


def _parts(key: str) -> list[str]:
    """Return the ids in a key, or in the words for a row.

    >>> _parts("b-c-sea:1"), _parts("aktau - alat")
    (['b-c-sea', '1'], ['aktau', 'alat'])
    """
    return re.split(":| - ", key)
