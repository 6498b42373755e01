"""This module owns the appraisal of one project: its cash flow, and its parts by actor, country and commodity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.cashflow import CashFlow, Line, factors, npv, payback
from transcaspian.appraisal.gains import Gains, between, by_country, operators_by_country, ramped
from transcaspian.appraisal.money import CAPITAL, LEFT, RENEWAL, UPKEEP, Debt, Span, debt, outlay_lines
from transcaspian.appraisal.other_trains import saved
from transcaspian.appraisal.surplus import gain
from transcaspian.appraisal.tables import counted
from transcaspian.appraisal.terms import Terms
from transcaspian.model.corridor.project import FinancingLeg, OtherTrains, Outlay, Project
from transcaspian.results.appraisal import (
    AnchorResult,
    DebtResult,
    ExampleResult,
    LegResult,
    LineResult,
    ProjectResult,
    ShareResult,
    TrainsResult,
)

Values = NDArray[np.float64]

USERS, OPERATORS, CARBON, RELIABILITY = "users", "operators", "emissions", "reliability"
HARM, TRAINS = "accidents and pollution", "other trains"

HARMFUL = ("road", "rail")
"""Modes of which it is valued what a tonne-kilometre does to others."""

EXAMPLES = 8
"""Demands that are shown one by one."""

WORLD, TAXPAYERS = "world", "taxpayers-eu"
"""Where emissions are borne, and who gives EU grants."""


@dataclass(frozen=True)
class Case:
    """Everything one project, or a set of them, is judged by."""

    project: Project
    role: str
    outlays: tuple[Outlay, ...]
    legs: tuple[FinancingLeg, ...]
    trains: Mapping[int, tuple[OtherTrains, ...]]  # of others, by the year from which on they save
    gains: Mapping[int, Gains]
    span: Span
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Whose gains count where: the country of each operator, and the countries of each perspective by its name."""

    operators: Mapping[str, str | None]
    perspectives: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Parts:
    """The yearly gains of a case by country, split as they are made, (year,) each."""

    users: dict[str, Values]
    operators: dict[str, Values]
    reliability: dict[str, Values]
    harm: dict[str, Values]  # accidents and pollution where freight runs
    trains: dict[str, Values]  # those of others, with their cargo, harm and emissions
    carbon: Values
    commodities: dict[str, Values]


def parts_of(
    case: Case, terms: Terms, standing: Standing, delay: int = 0, ramp: float = 0.0, trains: float = 1.0
) -> Parts:
    """Return the gains of every year by whom they go to.

    ``delay`` are years by which the project opens later, ``ramp`` years from then on in which its use grows; there are
    ``trains`` times as many trains of others as in the dataset.
    """
    share, years, opens = terms.value("freight-payer"), case.span.years, case.span.opens + delay
    users: dict[str, dict[int, float]] = {}
    reliable: dict[str, dict[int, float]] = {}
    operators: dict[str, dict[int, float]] = {}
    goods: dict[str, dict[int, float]] = {}
    harm: dict[str, dict[int, float]] = {}
    carbon: dict[int, float] = {}
    for year, gains in case.gains.items():
        for table, values in ((users, gains.users), (reliable, gains.reliability)):
            for country, value in by_country(gains, values, share).items():
                table.setdefault(country, {})[year] = value
        for country, value in operators_by_country(gains, standing.operators).items():
            operators.setdefault(country, {})[year] = value
        for commodity in dict.fromkeys(gains.commodities):
            mine = np.array([c == commodity for c in gains.commodities])
            goods.setdefault(commodity, {})[year] = float(gains.users[mine].sum())
        for country, value in harm_of(gains, terms).items():
            harm.setdefault(country, {})[year] = value
        carbon[year] = gains.net
    price = np.array([terms.value("carbon", year) for year in years]) / 1000.0

    used = ramped(years, opens, ramp)

    def spread(table: dict[str, dict[int, float]]) -> dict[str, Values]:
        rows = {key: {y: row.get(y, 0.0) for y in case.gains} for key, row in table.items()}
        return {key: used * between(years, row, opens) for key, row in rows.items()}

    emitted = used * between(years, carbon, opens) if carbon else np.zeros(len(years))
    others = _trains(case, terms, delay, ramp, trains)
    return Parts(
        spread(users), spread(operators), spread(reliable), spread(harm), others, -emitted * price, spread(goods)
    )


def _trains(case: Case, terms: Terms, delay: int, ramp: float, times: float) -> dict[str, Values]:
    """Return what trains of others gain in every year, (year,) [EUR], by country, and by all of the world in carbon."""
    years, found = case.span.years, dict[str, Values]()
    for opens, rows in case.trains.items() if case.gains else ():
        used = times * ramped(years, opens + delay, ramp) * (np.array(years) >= opens + delay)
        money, carbon = saved(rows, years, terms)
        price = np.array([terms.value("carbon", year) for year in years]) / 1000.0
        for country, values in {**money, WORLD: carbon * price}.items():
            found[country] = found.get(country, 0.0) + used * values
    return found


def harm_of(gains: Gains, terms: Terms) -> dict[str, float]:
    """Return by how much accidents and pollution fall, by country; modes without such values have none."""
    worth = {mode: terms.harm(mode) for mode in HARMFUL}
    found: dict[str, float] = {}
    for (mode, country), more in gains.hauled.items():
        if mode in worth and more != 0.0:
            found[country] = found.get(country, 0.0) - more * worth[mode]
    return found


def cash_flow(case: Case, parts: Parts, terms: Terms, overrun: float = 0.0) -> tuple[CashFlow, Line]:
    """Return the economic cash flow without reliability, and the line of reliability apart."""
    nothing = np.zeros(case.span.count)
    lines = (
        *outlay_lines(case.outlays, case.span, terms, overrun),
        Line(USERS, "benefit", sum(parts.users.values(), nothing)),
        Line(OPERATORS, "benefit", sum(parts.operators.values(), nothing)),
        Line(HARM, "benefit", sum(parts.harm.values(), nothing)),
        *([Line(TRAINS, "benefit", sum(parts.trains.values(), nothing))] if parts.trains else []),
        Line(CARBON, "benefit", parts.carbon),
    )
    return CashFlow(case.span.first, lines), Line(RELIABILITY, "benefit", sum(parts.reliability.values(), nothing))


def assess(case: Case, terms: Terms, standing: Standing, rate: float) -> ProjectResult:
    """Return the appraisal of a case at a rate.

    Without a published cost there is no net present value: what users gain stands alone, and the notes say so.
    """
    parts = parts_of(case, terms, standing)
    flow, reliability = cash_flow(case, parts, terms)
    extra = float(npv(reliability.flow, rate))
    worth, switches = flow.values(rate), flow.switches(rate)
    priced = bool(case.outlays) and bool(case.gains)
    total = float(flow.value(rate)) if priced else None
    rates, ratio = flow.rates(), float(flow.ratio(rate))
    lines = [
        LineResult(x.name, x.side, _series(x.flow), float(worth[x.name]), switches[x.name] if priced else None)
        for x in flow.lines
    ]
    lines.append(LineResult(RELIABILITY, "apart", _series(reliability.flow), extra, None))
    project = case.project
    return ProjectResult(
        project.id,
        project.name,
        project.name_ru or project.name,
        case.role,
        project.kind,
        project.status,
        tuple(case.span.years),
        case.span.opens if case.gains else project.opens,
        tuple(lines),
        total,
        None if total is None else total + extra,
        _lacks(case, total, rate),
        float(flow.value(rate)) if case.gains and not priced else None,
        rates.roots if priced else (),
        rates.flag if priced else "none",
        None if not priced or np.isnan(ratio) else ratio,
        payback(flow.net, rate) if priced and bool(flow.net.any()) else None,
        tuple(_anchor(year, gains) for year, gains in sorted(case.gains.items())),
        *_shares(case, flow, parts, standing, terms, rate),
        tuple(LegResult(x.financier, x.instrument, x.amount, x.currency, x.status) for x in case.legs),
        tuple(_debt(d, terms) for d in debts(case, terms)),
        None,
        tuple(_examples(case)),
        _pairs(case, switches),
        case.notes,
    )


def _lacks(case: Case, total: float | None, rate: float) -> float | None:
    """Return what a case that does not pay would have to give more in every year from its opening on [EUR]."""
    open_years = factors(rate, case.span.count)[max(case.span.opens - case.span.first, 0) :]
    return -total / float(open_years.sum()) if total is not None and total < 0 and open_years.size else None


def _pairs(case: Case, switches: Mapping[str, float | None]) -> TrainsResult | None:
    """Return the trains of others that a case counts with, and how many would make it pay."""
    rows = [row for rows in case.trains.values() for row in rows] if case.gains else []
    if not rows:
        return None
    pairs = sum(row.pairs for row in rows)
    low = sum(row.pairs if row.low is None else row.low for row in rows)
    high = sum(row.pairs if row.high is None else row.high for row in rows)
    by = switches.get(TRAINS)
    return TrainsResult(
        pairs, low, high, all(counted(row) for row in rows), None if by is None else max(0.0, pairs * (1.0 + by))
    )


def _examples(case: Case) -> Iterator[ExampleResult]:
    """Give the demands that gain or lose most in the last year worked out, by the tonne."""
    if not case.gains:
        return
    last = case.gains[max(case.gains)]
    total = last.users + last.reliability
    for n in np.argsort(-np.abs(total), kind="stable")[:EXAMPLES].tolist():
        if abs(total[n]) > 0:
            per_tonne = float(total[n] / last.volume[n]) if last.volume[n] > 0 else 0.0
            yield ExampleResult(
                last.demands[n], last.origins[n], last.destinations[n], last.commodities[n], float(total[n]), per_tonne
            )


def _series(values: Values) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _anchor(year: int, gains: Gains) -> AnchorResult:
    total = float((gains.users + gains.reliability).sum())
    return AnchorResult(
        year,
        float(gains.users.sum()),
        float(gains.reliability.sum()),
        float(gains.margins.sum()),
        float(gains.passed.sum()),
        gains.net / 1000.0,
        gains.gross / 1000.0,
        float(gains.tonnes.sum()),
        float(gains.waiting.sum()),
        gain(gains.half, total).rule,
        gains.gap,
        gains.shut,
    )


def _shares(
    case: Case, flow: CashFlow, parts: Parts, standing: Standing, terms: Terms, rate: float
) -> tuple[tuple[ShareResult, ...], tuple[ShareResult, ...], tuple[ShareResult, ...], tuple[ShareResult, ...]]:
    """Return the net present value by actor, by country, by commodity and by perspective; each adds up to it."""
    worth = {name: float(value) for name, value in flow.values(rate).items()}
    owned = sum(worth.get(name, 0.0) for name in (CAPITAL, UPKEEP, RENEWAL, LEFT))
    grants = [leg for leg in case.legs if leg.instrument == "grant" and leg.side == "eu"]
    granted = 0.0 - float(npv(given(case, terms, grants), rate))
    actors = {
        "shippers and receivers": worth[USERS],
        "carriers and terminals": worth[OPERATORS],
        "owner of the project, after grants": owned - granted,
        "taxpayers abroad (grants)": granted,
        "people along the way (accidents, pollution)": worth[HARM],
        "everybody (emissions)": worth[CARBON],
        **({"other trains and their cargo": worth[TRAINS]} if TRAINS in worth else {}),
    }
    countries: dict[str, float] = {}
    for table in (parts.users, parts.operators, parts.harm, parts.trains):
        for country, series in table.items():
            countries[country] = countries.get(country, 0.0) + float(npv(series, rate))
    home = case.project.country or "elsewhere"
    for country, value in ((home, owned - granted), (TAXPAYERS, granted), (WORLD, worth[CARBON])):
        countries[country] = countries.get(country, 0.0) + value
    goods = {name: float(npv(series, rate)) for name, series in parts.commodities.items()}
    goods["operators, other trains, accidents, emissions and costs"] = sum(worth.values()) - sum(goods.values())
    perspectives = {
        name: sum(v for c, v in countries.items() if c in members) for name, members in standing.perspectives.items()
    }
    perspectives["world"] = sum(countries.values())
    ranked = dict(sorted(countries.items(), key=lambda item: -item[1]))
    return (_named(actors), _named(ranked), _named(goods), _named(perspectives))


def _named(table: Mapping[str, float]) -> tuple[ShareResult, ...]:
    return tuple(ShareResult(name, value) for name, value in table.items())


def given(case: Case, terms: Terms, legs: Sequence[FinancingLeg]) -> Values:
    """Return what some legs give by year, (year,) [EUR], each in step with the capital of its own project.

    It goes from hand to hand as it is: no factor makes money that is given an economic cost.
    """
    found = np.zeros(case.span.count)
    for leg in legs:
        profile = _spent(case, leg.project, terms)
        if leg.amount and profile.sum() > 0:
            found += profile / profile.sum() * leg.amount * terms.rates.factor(leg.currency, leg.price_year)
    return found


def debts(case: Case, terms: Terms) -> list[Debt]:
    """Return the loans of a case, each drawn in step with the capital of its own project."""
    found = []
    for leg in case.legs:
        profile = _spent(case, leg.project, terms)
        if leg.instrument == "loan" and leg.amount and profile.sum() > 0:
            found.append(debt(leg, profile / profile.sum() * leg.amount, terms))
    return found


def _spent(case: Case, project: str, terms: Terms) -> Values:
    """Return the capital of a project by year at market prices, (year,), in euros."""
    rows = [replace(row, economic=1.0) for row in case.outlays if row.project == project and row.kind == "capital"]
    return -outlay_lines(rows, case.span, terms)[0].flow


def _debt(row: Debt, terms: Terms) -> DebtResult:
    drawn, interest, repaid = _series(row.drawn), _series(row.interest), _series(row.repaid)
    euros = terms.rates.factor(row.currency, row.price_year)
    return DebtResult(row.financier, row.currency, euros, drawn, interest, repaid, row.assumed)
