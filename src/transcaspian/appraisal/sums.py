"""This module owns net present values by the thousand: sums whose parts are exact once it is known what years give.

A net present value is linear in what the years worked out give and in the overrun; delay, ramp-up and price of carbon
say how much each year counts. So whoever guesses what years give has nothing else to guess.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.assess import Case, harm_of
from transcaspian.appraisal.cashflow import factors, npv
from transcaspian.appraisal.gains import between, ramped
from transcaspian.appraisal.money import outlay_lines
from transcaspian.appraisal.other_trains import saved
from transcaspian.appraisal.terms import Terms

Values = NDArray[np.float64]


def made_of(case: Case, terms: Terms) -> Values:
    """Return what each year worked out gives to all [EUR], and by how much emissions rise [kg], (year, 2)."""
    rows = (
        (g.users.sum() + g.margins.sum() + sum(harm_of(g, terms).values()), g.net)
        for _, g in sorted(case.gains.items())
    )
    return np.array(list(rows), dtype=np.float64)


@dataclass(frozen=True)
class Late:
    """What draws do to a case once its years are solved, (n,) each: shares, years, years, times price and trains."""

    overrun: Values
    delay: Values
    ramp: Values
    carbon: Values
    trains: Values


def worth_of(case: Case, terms: Terms, rate: float, made: Values, late: Late) -> Values:
    """Return the net present value, (n,), of a case whose years give ``made``, (n, year, 2); without reliability."""
    years = case.span.years
    spent, dearer = (
        float(sum(npv(line.flow, rate) for line in outlay_lines(case.outlays, case.span, terms, share)))
        for share in (0.0, 1.0)
    )
    anchors = sorted(case.gains)
    # How much of each year worked out is in each year.
    part = np.stack([between(years, {y: float(y == own) for y in anchors}, years.start) for own in anchors], axis=1)

    def used(opens: float) -> Values:
        begins = opens + np.round(late.delay)
        return ramped(years, begins, late.ramp) * (np.array(years) >= begins[:, None]) * factors(rate, len(years))

    own, price = used(case.span.opens), np.array([terms.value("carbon", year) for year in years]) / 1000.0
    given, emitted = (own @ part) * made[:, :, 0], ((own * price) @ part) * made[:, :, 1]
    found = spent + late.overrun * (dearer - spent) + given.sum(axis=1) - late.carbon * emitted.sum(axis=1)
    for first, rows in case.trains.items():
        money, saving = saved(rows, years, terms)
        theirs = used(first)
        found += late.trains * (theirs @ sum(money.values()) + late.carbon * (theirs @ (saving * price)))
    return np.asarray(found)
