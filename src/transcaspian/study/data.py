"""This module owns the use cases around a dataset: check it, show one thing of it, say how far it can be trusted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from transcaspian.errors import Problem, RequestError, nearest
from transcaspian.io import read
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.evidence import Trust, trust_of
from transcaspian.model.schema import columns, key_of
from transcaspian.model.spelling import plain
from transcaspian.network import compile_network, months
from transcaspian.results.text import aligned
from transcaspian.routing.places import places_beginning, which_of

# --- check ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every problem of a dataset."""

    folder: str
    rows: int
    left_out: int
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        count = len(self.problems)
        found = "no problem found" if not count else f"{count} problem{'s' if count > 1 else ''}"
        lines = [f"{self.folder}: {self.rows:,} rows, {found}"]
        if self.left_out:
            rows = f"{self.left_out} row{'s' if self.left_out > 1 else ''}"
            lines.append(f"{rows} cannot be read: what names them, and what would lack without them, is not judged")
        return "\n".join([*lines, *(f"- {p}" for p in self.problems)])


def check_dataset(path: Path) -> CheckReport:
    """Return every problem of a dataset in any format at once: of reading it, and of what it says."""
    found = read(path)
    rows = sum(len(found.corridor.table(name)) for name in TABLES)
    return CheckReport(str(path), rows, len(found.left_out.rows), found.problems())


# --- show ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """One noun: its attributes, its evidence, its sources in full, and the rows that name it."""

    table: str
    key: str
    what: str
    attributes: tuple[tuple[str, str, str], ...]
    evidence: tuple[tuple[str, str, str, str], ...]
    sources: tuple[tuple[str, str], ...]
    used_by: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        lines = [f"{self.table} {self.key}: {self.what}"]
        lines += [
            f"  {name}: {value}{' ' + unit if unit and value != 'unknown' else ''}"
            for name, value, unit in self.attributes
        ]
        lines += ["evidence"] * bool(self.evidence)
        lines += [f"  {name}: {span} ({grade}) {reason}" for name, span, grade, reason in self.evidence]
        lines += ["sources"] * bool(self.sources)
        lines += [f"  {source}: {text}" for source, text in self.sources]
        lines += [f"used by {len(self.used_by)} rows"]
        lines += [f"  {table} {key}" for table, key in self.used_by[:40]]
        lines += [f"  and {len(self.used_by) - 40} more"] * (len(self.used_by) > 40)
        return "\n".join(lines)


def show(corridor: Corridor, name: str) -> tuple[Shown, ...]:
    """Return every row that goes by this name, in whatever table.

    Parameters
    ----------
    corridor : where to look
    name : an id or key, with ``table:`` before it if wanted; or what people call it, as `plan` understands it: in any
        language or spelling, by an alias or a UN/LOCODE

    Raises
    ------
    RequestError
        If nothing has it; the nearest ids and names are told.
    """
    table, colon, key = name.partition(":")
    if colon and table in TABLES and key in corridor.table(table):
        return (_shown(corridor, table, key),)
    known_as = called(corridor)
    found = [(t, name) for t in TABLES if name in corridor.table(t)] + known_as.get(plain(name), [])
    if not found:
        known = [k for t in TABLES for k in corridor.table(t)] + [*known_as]
        alike = places_beginning(corridor, name)
        right = which_of(corridor, alike) if alike else "an id, key or name in the dataset: " + nearest(name, known)
        raise RequestError([Problem("request", "", "id", name, right)])
    return tuple(_shown(corridor, *row) for row in dict.fromkeys(found))


NAMED = ("name", "name_ru", "locode")
"""The columns that say what people call a row."""


def called(corridor: Corridor) -> dict[str, list[tuple[str, str]]]:
    """Return the rows that people call by each plain name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, place in corridor.places_by_name.items():
        found.setdefault(name, []).append(("places", place))
    for table, cls in TABLES.items():
        having = [c.name for c in columns(cls) if c.name in NAMED and not c.mark.key]
        for row in corridor.table(table).rows if having else ():
            for name in {plain(getattr(row, column) or "") for column in having} - {""}:
                found.setdefault(name, []).append((table, key_of(row)))
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a table by key and name; or the tables themselves, with what they hold."""

    table: str
    rows: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return aligned(("table" if not self.table else "key", "what it is"), self.rows)


def listed(corridor: Corridor, table: str | None) -> Listed:
    """Return the keys and names of the rows of a table; without one, the tables.

    Raises
    ------
    RequestError
        If there is no such table.
    """
    if table is None:
        counts = {name: len(corridor.table(name)) for name in TABLES}
        docs = {name: (cls.__doc__ or "").split("\n")[0] for name, cls in TABLES.items()}
        return Listed("", tuple((name, f"{counts[name]:,} rows. {docs[name]}") for name in TABLES))
    if table not in TABLES:
        right = "a table: " + nearest(table, TABLES, "data list")
        raise RequestError([Problem("request", "", "table", table, right)])
    rows = corridor.table(table).items()
    return Listed(table, tuple((key, str(getattr(row, "name", getattr(row, "title", "")))) for key, row in rows))


def _shown(corridor: Corridor, table: str, key: str) -> Shown:
    row = corridor.table(table)[key]
    facts = [(c.name, _said(getattr(row, c.name), c.required), c.unit) for c in columns(TABLES[table])]
    evidence = [e for e in corridor.evidence.rows if (e.table, e.id) == (table, key)]
    cited = dict.fromkeys([getattr(row, "source", None), *(e.source for e in evidence)])
    return Shown(
        table=table,
        key=key,
        what=(TABLES[table].__doc__ or "").split("\n")[0],
        attributes=tuple(facts),
        evidence=tuple(
            (e.attribute, f"{_said(e.low, False)} to {_said(e.high, False)}", e.grade, e.reason or "") for e in evidence
        ),
        sources=tuple((s, _source(corridor, s)) for s in cited if s),
        used_by=tuple(_users(corridor, table, key)),
    )


def _said(value: Any, required: bool) -> str:
    if value is None:
        return "" if required else "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unlimited" if value == float("inf") else f"{value:g}" if isinstance(value, float) else str(value)


def _source(corridor: Corridor, key: str) -> str:
    s = corridor.sources[key]
    return ", ".join(x for x in (s.publisher, s.title, s.date, s.url, f"licence {s.licence}", f"grade {s.grade}") if x)


def _users(corridor: Corridor, table: str, key: str) -> Iterator[tuple[str, str]]:
    for name, cls in TABLES.items():
        naming = [c.name for c in columns(cls) if table in c.mark.ref.split("|")]
        for row in corridor.table(name).rows if naming else ():
            if any(getattr(row, n) == key for n in naming):
                yield name, key_of(row)
    for name in ("closures", "changes"):  # their targets name rows of any table
        for row in corridor.table(name).rows:
            if row.target == f"{table}:{key}" or (table == "places" and row.target == key):
                yield name, key_of(row)


# --- coverage ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """How many values of something are measured, derived and assumed."""

    what: str
    values: int
    measured: float
    derived: float
    assumed: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a dataset rests on: by table, and the capacity and other traffic of each route."""

    tables: tuple[Share, ...]
    capacity: tuple[Share, ...]
    background: tuple[Share, ...]
    filled: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        header = ("", "values", "measured", "derived", "assumed")
        right = frozenset({1, 2, 3, 4})
        parts = []
        titles = ("rows by table", "capacity of what each route uses", "other traffic on what each route uses")
        for title, shares in zip(titles, (self.tables, self.capacity, self.background), strict=True):
            rows = [
                (s.what, str(s.values), f"{s.measured:.0%}", f"{s.derived:.0%}", f"{s.assumed:.0%}") for s in shares
            ]
            parts.append(f"{title}\n{aligned(header, rows, right)}")
        filled = ", ".join(f"{what} {count}" for what, count in self.filled)
        parts.append(f"missing values filled from defaults when compiled: {filled or 'none'}")
        parts.append("measured: a source, graded H or M; derived: a source, graded L; assumed: no source, or graded U")
        return "\n\n".join(parts)


def coverage(corridor: Corridor) -> Coverage:
    """Return what share of a dataset is measured, derived or assumed.

    A route is a gateway together with every resource that services calling there, their links and its steps use.
    """
    tables = [
        _share(name, (trust_of(row) for row in corridor.table(name).rows))
        for name, cls in TABLES.items()
        if "source" in {f.name for f in fields(cls)}
        and name not in ("evidence", "observations", "defaults")
        and corridor.table(name)
    ]
    routes = _routes(corridor)
    background: dict[str, list[Trust]] = {}
    for row in corridor.backgrounds.rows:
        background.setdefault(row.resource, []).append(trust_of(row))
    capacity = [_share(route, (_capacity(corridor, r) for r in resources)) for route, resources in routes]
    others = [
        _share(route, (t for r in resources for t in background.get(r, ["assumed"]))) for route, resources in routes
    ]
    return Coverage(tuple(tables), tuple(capacity), tuple(others), tuple(_filled(corridor)))


def _capacity(corridor: Corridor, resource: str) -> Trust:
    row = corridor.resources[resource]
    return "assumed" if row.capacity is None and row.servers is None else trust_of(row)


def _routes(corridor: Corridor) -> list[tuple[str, list[str]]]:
    uses: dict[str, set[str]] = {}
    for use in corridor.uses.rows:
        uses.setdefault(use.user, set()).add(use.resource)
    links: dict[str, list[str]] = {}
    for run in corridor.service_links.rows:
        if corridor.services[run.service].pattern == "line":
            links.setdefault(run.service, []).append(run.link)
    found = []
    for gateway in (p for p in corridor.places.rows if p.gateway):
        users: set[str] = {s.id for s in corridor.steps.rows if s.place == gateway.id}
        for service, run_over in links.items():
            ends = {p for link in run_over for p in (corridor.links[link].origin, corridor.links[link].destination)}
            if gateway.id in ends:
                users |= {service, *run_over}
        resources = sorted({r for user in users for r in uses.get(user, ())})
        if resources:
            found.append((f"over {gateway.name}", resources))
    return found


def _share(what: str, trusts: Iterable[Trust]) -> Share:
    listed = list(trusts)
    count = max(len(listed), 1)
    return Share(what, len(listed), *(listed.count(t) / count for t in ("measured", "derived", "assumed")))


def _filled(corridor: Corridor) -> Iterator[tuple[str, int]]:
    day = next(iter(corridor.about.rows)).released
    counts: dict[str, int] = {}
    for fill in compile_network(corridor, months(day)).fills:
        what = f"{fill.table}.{fill.attribute}"
        counts[what] = counts.get(what, 0) + 1
    yield from sorted(counts.items(), key=lambda c: -c[1])
