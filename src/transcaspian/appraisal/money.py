"""This module owns what a project costs and who lends for it: capital, upkeep, what is left, debt and its service."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.cashflow import Line
from transcaspian.appraisal.terms import Terms
from transcaspian.errors import DataError
from transcaspian.model.corridor.project import FinancingLeg, Outlay
from transcaspian.model.rules.projects import missing_years

Values = NDArray[np.float64]

CAPITAL, UPKEEP, RENEWAL, LEFT = "capital", "operation", "renewal", "residual value"


@dataclass(frozen=True, slots=True)
class Span:
    """The years of an appraisal: from ``first`` to ``last``; in service from ``opens`` on."""

    first: int
    opens: int
    last: int

    @property
    def count(self) -> int:
        """How many years there are."""
        return self.last - self.first + 1

    @property
    def years(self) -> range:
        """Every year."""
        return range(self.first, self.last + 1)

    def at(self, year: int) -> int:
        """Return the position of a year."""
        return year - self.first


def span_of(outlays: Sequence[Outlay], price_year: int, opens: int, years: int) -> Span:
    """Return the years of an appraisal: from the price year or the first outlay, until a service life is over.

    >>> span_of([], 2025, 2028, 25)
    Span(first=2025, opens=2028, last=2052)
    """
    begins = [row.from_year for row in outlays if row.from_year is not None]
    return Span(min([price_year, opens, *begins]), opens, opens + years - 1)


def outlay_lines(outlays: Sequence[Outlay], span: Span, terms: Terms, overrun: float = 0.0) -> tuple[Line, ...]:
    """Return capital, upkeep, renewal and what is left at the end, economic cost, as lines of a cash flow [EUR].

    ``overrun`` is the share by which capital comes dearer; it is applied once, here and nowhere else. A yearly cost
    without years of its own runs while the project is in service. What wears out before the last year is bought again
    at what it cost; where nothing does, there is no line of it. What is left is written off evenly.

    Raises
    ------
    DataError
        With every year of capital that is not said.
    """
    problems = [problem for row in outlays for problem in missing_years(row)]
    if problems:
        raise DataError(problems)
    capital, upkeep, renewal, left = (np.zeros(span.count) for _ in range(4))
    used = span.last - span.opens + 1
    for row in outlays:
        money = row.amount * row.economic * terms.rates.factor(row.currency, row.price_year)
        first = span.opens if row.from_year is None else row.from_year
        last = span.last if row.until_year is None else row.until_year
        years = [span.at(y) for y in range(first, last + 1) if span.first <= y <= span.last]
        if row.kind == "operation":
            upkeep[years] += money
            continue
        money *= 1 + overrun
        capital[years] += money / (last - first + 1)
        if row.life is not None:
            worn = range(row.life, used, row.life)
            renewal[[span.at(span.opens + age) for age in worn]] += money
            left[-1] += money * (row.life * (len(worn) + 1) - used) / row.life
    return (
        Line(CAPITAL, "cost", -capital),
        Line(UPKEEP, "cost", -upkeep),
        *([Line(RENEWAL, "cost", -renewal)] if renewal.any() else []),
        Line(LEFT, "benefit", left),
    )


@dataclass(frozen=True)
class Debt:
    """The loan of one financier year by year, (year,), in its currency at prices of the year agreed."""

    financier: str
    currency: str
    price_year: int
    drawn: Values
    interest: Values
    repaid: Values
    assumed: bool

    @property
    def service(self) -> Values:
        """Interest and repayment, (year,)."""
        return self.interest + self.repaid


def debt(leg: FinancingLeg, drawn: Values, terms: Terms) -> Debt:
    """Return the service of a loan drawn as given, (year,): interest on what is owed, equal repayments after grace.

    Terms that are not published are those of ``unit_values``, and the debt says that they are assumed. Grace and tenor
    count from the first drawing.
    """
    rate = terms.value("loan-interest") if leg.interest is None else leg.interest
    grace = round(terms.value("loan-grace")) if leg.grace is None else leg.grace
    tenor = round(terms.value("loan-tenor")) if leg.tenor is None else leg.tenor
    first = int(np.argmax(drawn > 0))
    owed, total = 0.0, float(drawn.sum())
    interest, repaid = np.zeros(drawn.size), np.zeros(drawn.size)
    for year in range(first, drawn.size):
        interest[year] = owed * rate
        owed += float(drawn[year])
        if grace <= year - first < tenor:
            repaid[year] = min(owed, total / (tenor - grace))
            owed -= repaid[year]
    assumed = None in (leg.interest, leg.grace, leg.tenor)
    return Debt(leg.financier, leg.currency, leg.price_year, drawn, interest, repaid, assumed)
