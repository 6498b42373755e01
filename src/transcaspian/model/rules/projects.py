"""This module owns the rules about investments: money has years and rates, financing does not overlap, ranges hold."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.project import Outlay
from transcaspian.model.schema import key_of

LENT = ("loan", "grant", "budget", "equity", "not-said")
"""Instruments that pay for something; a guarantee stands behind what others pay."""

EXACT = 1e-6


def missing_years(row: Outlay) -> Iterator[Problem]:
    """Find the years of capital that are not said: no other year can stand for them."""
    for name in ("from_year", "until_year") if row.kind == "capital" else ():
        if getattr(row, name) is None:
            yield Problem("outlays", key_of(row), name, "", "the year in which the capital is spent")


def undated_outlays(corridor: Corridor) -> Iterator[Problem]:
    """Find capital without its years, years in the wrong order, and yearly costs of what never opens."""
    for row in corridor.outlays.rows:
        yield from missing_years(row)
        if row.kind == "operation" and row.from_year is None and corridor.projects[row.project].opens is None:
            yield Problem("outlays", key_of(row), "from_year", "", "a year, or the year in which the project opens")
        if row.from_year is not None and row.until_year is not None and row.until_year < row.from_year:
            yield Problem("outlays", key_of(row), "until_year", str(row.until_year), f"{row.from_year} or later")
    for section in corridor.highway_sections.rows:
        if section.opens <= section.starts:
            right = f"a year after the works start in {section.starts}"
            yield Problem("highway_sections", section.id, "opens", str(section.opens), right)


def overlapping_financing(corridor: Corridor) -> Iterator[Problem]:
    """Find projects that are given more than they cost, in one currency: some leg is counted twice."""
    for project in corridor.projects:
        costs: dict[tuple[str, int], float] = {}
        given: dict[tuple[str, int], float] = {}
        for outlay in corridor.outlays.rows:
            if outlay.project == project and outlay.kind == "capital":
                key = outlay.currency, outlay.price_year
                costs[key] = costs.get(key, 0.0) + outlay.amount
        for leg in corridor.financing_legs.rows:
            if leg.project == project and leg.instrument in LENT and leg.amount is not None:
                given[leg.currency, leg.price_year] = given.get((leg.currency, leg.price_year), 0.0) + leg.amount
        for key, total in given.items():
            if len(costs) == 1 and key in costs and total > costs[key] * (1 + EXACT):
                right = f"at most its capital cost of {costs[key]:,.0f} {key[0]}; is a leg counted twice?"
                yield Problem("financing_legs", project, "amount", f"{total:,.0f} {key[0]} in all", right)


def unpriced_money(corridor: Corridor) -> Iterator[Problem]:
    """Find amounts of projects that no exchange rate or price level brings to euros."""
    rates = {(row.currency, row.year) for row in corridor.exchange_rates.rows}
    levels = {row.year for row in corridor.price_levels.rows}
    for table in ("outlays", "financing_legs", "highway_sections", "unit_values"):
        for row in corridor.table(table).rows:
            if row.currency is None:
                if row.price_year is not None:
                    yield Problem(table, key_of(row), "currency", "", f"the currency of the prices of {row.price_year}")
                continue
            if row.price_year is None:
                yield Problem(table, key_of(row), "price_year", "", f"the price year of the {row.currency}")
                continue
            if row.currency != "EUR" and (row.currency, row.price_year) not in rates:
                right = f"a currency with a rate for {row.price_year} in exchange_rates"
                yield Problem(table, key_of(row), "currency", row.currency, right)
            if levels and row.price_year not in levels:
                yield Problem(table, key_of(row), "price_year", str(row.price_year), "a year with a price level")


def ranges(corridor: Corridor) -> Iterator[Problem]:
    """Find ranges of projects that do not hold their value."""
    of = {"outlays": "amount", "other_trains": "pairs", "section_traffic": "aadt", "unit_values": "value"}
    for table, attribute in of.items():
        for row in corridor.table(table).rows:
            value: Any = getattr(row, attribute)
            low = value if row.low is None else row.low
            high = value if row.high is None else row.high
            if not low <= value <= high:
                right = f"a range that holds the {attribute} {value:g}"
                yield Problem(table, key_of(row), "low", f"{low:g} to {high:g}", right)


def uncounted_sections(corridor: Corridor) -> Iterator[Problem]:
    """Find sections of road without traffic: nobody would gain anything there."""
    counted = {row.section for row in corridor.section_traffic.rows}
    for section in corridor.highway_sections.rows:
        if section.id not in counted:
            yield Problem("highway_sections", section.id, "", section.name, "its traffic, in section_traffic")


def stray_perspectives(corridor: Corridor) -> Iterator[Problem]:
    """Find countries of a perspective that its package does not have."""
    known = {(row.package, row.id) for row in corridor.perspectives.rows}
    for row in corridor.perspective_countries.rows:
        if (row.package, row.perspective) not in known:
            right = f"a perspective of {row.package}"
            yield Problem("perspective_countries", key_of(row), "perspective", row.perspective, right)


def uncounted_ladders(corridor: Corridor) -> Iterator[Problem]:
    """Find ladders of ports that name a series which does not count TEU."""
    known = [row.series for row in corridor.observations.rows if row.counter and row.unit in ("TEU", "kTEU")]
    for row in corridor.port_ladders.rows:
        if row.series is not None and row.series not in known:
            right = f"a series of TEU with a counter: {nearest(row.series, known)}"
            yield Problem("port_ladders", row.id, "series", row.series, right)


def strange_gateways(corridor: Corridor) -> Iterator[Problem]:
    """Find shipments of packages that are to be shown over what is no gateway: only these can be told of any way."""
    known = [place.id for place in corridor.places.rows if place.gateway]
    for row in corridor.package_shipments.rows:
        for gateway in row.gateways:
            if gateway not in known:
                yield Problem("package_shipments", key_of(row), "via", gateway, f"a gateway: {nearest(gateway, known)}")


def circular_needs(corridor: Corridor) -> Iterator[Problem]:
    """Find projects that need themselves, by others."""
    needs: dict[str, list[str]] = {}
    for row in corridor.project_needs.rows:
        if row.kind == "needs":
            needs.setdefault(row.project, []).append(row.other)
        elif row.project == row.other:
            yield Problem("project_needs", key_of(row), "other", row.other, "another project")
    for project, others in needs.items():
        line, seen = list(others), set[str]()
        while line:
            at = line.pop()
            if at == project:
                yield Problem("project_needs", project, "other", project, "projects that do not need one another")
                break
            if at not in seen:
                seen.add(at)
                line += needs.get(at, [])


RULES: tuple[Callable[[Corridor], Iterator[Problem]], ...] = (
    undated_outlays,
    overlapping_financing,
    unpriced_money,
    ranges,
    uncounted_sections,
    stray_perspectives,
    uncounted_ladders,
    strange_gateways,
    circular_needs,
)


def unsound_package(corridor: Corridor, package: str) -> Iterator[Problem]:
    """Find everything that these rules find wrong with the projects of a package, and with what all are judged by."""
    projects = {row.project for row in corridor.package_projects.rows if row.package == package}
    sections = {row.id for row in corridor.highway_sections.rows if row.project in projects}
    own = replace(
        corridor,
        outlays=Table(row for row in corridor.outlays.rows if row.project in projects),
        financing_legs=Table(row for row in corridor.financing_legs.rows if row.project in projects),
        other_trains=Table(row for row in corridor.other_trains.rows if row.project in projects),
        highway_sections=Table(row for row in corridor.highway_sections.rows if row.id in sections),
        section_traffic=Table(row for row in corridor.section_traffic.rows if row.section in sections),
        perspectives=Table(row for row in corridor.perspectives.rows if row.package == package),
        perspective_countries=Table(row for row in corridor.perspective_countries.rows if row.package == package),
        port_ladders=Table(row for row in corridor.port_ladders.rows if row.project in projects),
        package_shipments=Table(row for row in corridor.package_shipments.rows if row.package == package),
        project_needs=Table(row for row in corridor.project_needs.rows if row.project in projects),
    )
    for rule in RULES:
        yield from rule(own)
