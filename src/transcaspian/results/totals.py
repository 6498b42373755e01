"""This module owns sums of flows by what a reader asks for, and the difference of two years of flows.

A key is a commodity, route family, demand, origin or destination (places), or, by parts of a way, a country it runs
through, an operator it pays, or a mode. Tonnes are counted once for every key that they meet: those by country or
operator are not to be added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from transcaspian.errors import InputError, Problem
from transcaspian.results.flows import DemandFlow, Flows, Part, Series, WayFlow


@dataclass(frozen=True, slots=True)
class Total:
    """What flows with one key come to in a year; ``tonnes`` carried run over its months.

    Units: TEU, Mt km, EUR million of prices and of resources, thousand t of CO2e, EUR million of cargo time. What else
    became of cargo, in tonnes by month, is known by keys of demand, and empty by others: a demand that waits has not
    taken a way.
    """

    key: str
    tonnes: Series
    teu: float
    mtkm: float
    price: float
    resource_cost: float
    co2e: float
    time_cost: float
    waiting: Series = ()
    refused: Series = ()
    diverted: Series = ()
    given_up: Series = ()


WHOLE: tuple[str, ...] = ("commodity", "family", "demand", "origin", "destination")
"""Keys of a whole way."""

PARTS: tuple[str, ...] = ("country", "operator", "mode")
"""Keys of parts of a way."""

FATES = ("waiting", "refused", "diverted", "given_up")
"""What becomes of cargo that is not carried as it wanted: at the end of a month, and in it."""


def check_key(by: str) -> None:
    """Raise if there is no such key.

    Raises
    ------
    InputError
        With the keys there are.
    """
    if by not in WHOLE + PARTS:
        raise InputError([Problem("request", "", "by", by, ", ".join(WHOLE + PARTS))])


def totals(flows: Flows, by: str) -> tuple[Total, ...]:
    """Return what is carried by key, the most tonnes first.

    Raises
    ------
    InputError
        If there is no such key.
    """
    check_key(by)
    found: dict[str, list[Total]] = {}
    demands = {d.demand: d for d in flows.demands}
    for way in flows.ways:
        if by in WHOLE:
            named = demands[way.demand]
            key = {"family": "+".join(way.family) or "direct", "demand": way.demand}.get(by) or str(getattr(named, by))
            groups = {key: way.parts}
        else:
            groups = _grouped(way, by)
        for key, parts in groups.items():
            found.setdefault(key, []).append(_total(key, way, parts, by in WHOLE))
    rows = {key: _sum(key, own) for key, own in found.items()}
    if by in WHOLE and by != "family":
        rows = _with_fates(flows, by, rows)
    return tuple(sorted(rows.values(), key=lambda t: -sum(t.tonnes)))


def _with_fates(flows: Flows, by: str, rows: dict[str, Total]) -> dict[str, Total]:
    """Return totals by a key of demand with what else became of it, those of which nothing is carried among them."""
    own: dict[str, list[DemandFlow]] = {}
    for demand in flows.demands:
        own.setdefault(str(getattr(demand, by)), []).append(demand)
    found = dict(rows)
    for key, demands in own.items():
        waiting, refused, diverted, given_up = fates = [_tonnes(demands, name) for name in FATES]
        if key in rows or any(map(any, fates)):
            row = rows.get(key) or _none(key, flows)
            found[key] = replace(row, waiting=waiting, refused=refused, diverted=diverted, given_up=given_up)
    return found


def _tonnes(demands: list[DemandFlow], fate: str) -> Series:
    """Return the tonnes of some demands that had a fate, by month."""
    series = ([units * d.tonnes_per_unit for units in getattr(d, fate)] for d in demands)
    return tuple(sum(month) for month in zip(*series, strict=True))


def _none(key: str, flows: Flows) -> Total:
    """Return the total of a key of which nothing is carried."""
    return Total(key, tuple(0.0 for _ in flows.months), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _grouped(way: WayFlow, by: str) -> dict[str, tuple[Part, ...]]:
    keys = dict.fromkeys(str(getattr(part, by)) for part in way.parts)
    return {key: tuple(p for p in way.parts if getattr(p, by) == key) for key in keys}


def _total(key: str, way: WayFlow, parts: tuple[Part, ...], whole: bool) -> Total:
    units = sum(way.units)
    moved = [u * h for u, h in zip(way.units, way.hours, strict=True) if u > 0]
    time = sum(moved) * way.eur_per_hour if whole else 0.0
    return Total(
        key,
        tuple(u * way.tonnes_per_unit for u in way.units),
        units * way.teu_per_unit,
        units * way.tonnes_per_unit * sum(p.km for p in parts) / 1e6,
        units * sum(p.price for p in parts) / 1e6,
        units * sum(p.resource_cost for p in parts) / 1e6,
        units * sum(p.co2e for p in parts) / 1e6,
        time / 1e6,
    )


def _sum(key: str, rows: list[Total]) -> Total:
    added = [sum(getattr(r, n) for r in rows) for n in ("teu", "mtkm", "price", "resource_cost", "co2e", "time_cost")]
    return Total(key, tuple(sum(c) for c in zip(*(r.tonnes for r in rows), strict=True)), *added)


TOTAL_COLUMNS = ("key", "month", "tonnes", *FATES)
"""Columns of ``total_rows``."""

USE_COLUMNS = ("origin", "destination", "commodity", "month", "tonnes")
"""Columns of the rows of a ``Selection``."""


def total_rows(flows: Flows, by: str) -> list[dict[str, str | float]]:
    """Return ``totals`` as one flat row for each key and month, for a table or a data frame; "" is not known."""
    rows: list[dict[str, str | float]] = []
    for t in totals(flows, by):
        series = [t.tonnes, *(getattr(t, fate) for fate in FATES)]
        for p, month in enumerate(flows.months):
            cells = [round(known[p], 1) if known else "" for known in series]
            rows.append(dict(zip(TOTAL_COLUMNS, (t.key, month, *cells), strict=True)))
    return rows


@dataclass(frozen=True, slots=True)
class Use:
    """What of a commodity goes from one place to another by the thing that was asked for, in tonnes by month."""

    origin: str
    destination: str
    commodity: str
    tonnes: Series


@dataclass(frozen=True, slots=True)
class Selection:
    """Who uses a limit, resource, service, link, place or country (select-link), those with the most tonnes first."""

    year: int
    scenario: str | None
    what: str
    months: tuple[str, ...]
    uses: tuple[Use, ...]

    def to_rows(self) -> list[dict[str, str | float]]:
        """Return one flat row for each use and month, for a table or a data frame."""
        return [
            dict(zip(USE_COLUMNS, (use.origin, use.destination, use.commodity, month, round(tonnes, 1)), strict=True))
            for use in self.uses
            for month, tonnes in zip(self.months, use.tonnes, strict=True)
        ]


def using(flows: Flows, what: str) -> Flows:
    """Return flows with only the ways that use a limit, resource, service, link or place, or run through a country.

    What became of a demand is not said of the part of it that takes them.
    """
    part = tuple(replace(d, waiting=(), refused=(), diverted=(), given_up=()) for d in flows.demands)
    return replace(
        flows, demands=part, ways=tuple(w for w in flows.ways if what in w.uses or what in {p.country for p in w.parts})
    )


def selection(flows: Flows, what: str) -> Selection:
    """Return who uses a limit, resource, service, link, place or country; nobody may."""
    demands = {d.demand: d for d in flows.demands}
    found: dict[tuple[str, str, str], list[Series]] = {}
    for way in using(flows, what).ways:
        if sum(way.units) > 0:
            d = demands[way.demand]
            tonnes = tuple(u * way.tonnes_per_unit for u in way.units)
            found.setdefault((d.origin, d.destination, d.commodity), []).append(tonnes)
    uses = [Use(*key, tuple(sum(column) for column in zip(*rows, strict=True))) for key, rows in found.items()]
    ordered = tuple(sorted(uses, key=lambda use: -sum(use.tonnes)))
    return Selection(flows.year, flows.scenario, what, flows.months, ordered)


@dataclass(frozen=True, slots=True)
class Change:
    """One key in two years of flows; either may lack it."""

    key: str
    before: Total
    after: Total

    @property
    def tonnes(self) -> Series:
        """What the second carries more, by month."""
        return tuple(b - a for a, b in zip(self.before.tonnes, self.after.tonnes, strict=True))


def changes(before: Flows, after: Flows, by: str) -> tuple[Change, ...]:
    """Return every key in both, the greatest change of tonnes first.

    Raises
    ------
    InputError
        If there is no such key, or the two have not the same months.
    """
    if before.months != after.months:
        raise InputError([Problem("flows", "", "months", ", ".join(after.months), ", ".join(before.months))])
    rows = [{t.key: t for t in totals(flows, by)} for flows in (before, after)]

    def pairs() -> Iterator[Change]:
        for key in dict.fromkeys([*rows[0], *rows[1]]):
            a, b = (r.get(key) or _none(key, before) for r in rows)
            yield Change(key, a, b)

    return tuple(sorted(pairs(), key=lambda c: -sum(map(abs, c.tonnes))))


def differences(before: Flows, after: Flows, by: str) -> list[dict[str, str | float]]:
    """Return ``changes`` as one flat row for each key and month, for a table or a data frame."""
    return [
        {"key": c.key, "month": month, "before_t": round(a, 1), "after_t": round(b, 1), "change_t": round(b - a, 1)}
        for c in changes(before, after, by)
        for month, a, b in zip(before.months, c.before.tonnes, c.after.tonnes, strict=True)
    ]
