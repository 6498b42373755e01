"""This module owns the panel of wider effects: what others say comes of a project beyond its users. It is never added.

In markets that work, trade, incomes and the worth of land are the gain of users passed on; adding them counts it twice.
Each row is one published coefficient times what the model has, for a reader who will ask, and it goes nowhere else.

References
----------
ITF (2016), Incorporating Wider Economic Impacts within Cost-Benefit Appraisal.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.assess import Case, given
from transcaspian.appraisal.cashflow import npv
from transcaspian.appraisal.terms import Terms
from transcaspian.results.appraisal import WiderResult
from transcaspian.results.journeys import Journeys

Values = NDArray[np.float64]

TRADE, FUNDS = "wider-trade-day", "wider-public-funds"
"""The unit values that rows of the panel are worked out with."""

PUBLIC = ("grant", "budget")
"""Instruments by which taxpayers pay."""


def wider(case: Case, terms: Terms, rate: float, without: Journeys, after: Journeys) -> Iterator[WiderResult]:
    """Give the rows of a case: trade by days saved in the last year worked out, and what raising public money costs."""
    known = terms.rows
    if TRADE in known:
        days, worth = _saved(without, after)
        gained = terms.value(TRADE) * float((days * worth).sum())
        moved = float(worth.sum())
        mean = float((days * worth).sum() / moved) if moved > 0 else 0.0
        source = known[TRADE][0].source
        yield WiderResult(case.project.id, "trade", after.year, mean, moved, terms.value(TRADE), gained, source or "")
    legs = [leg for leg in case.legs if leg.instrument in PUBLIC and leg.amount]
    if FUNDS in known and legs:
        paid = float(npv(given(case, terms, legs), rate))
        extra = terms.value(FUNDS) - 1.0
        source = known[FUNDS][0].source
        yield WiderResult(case.project.id, "funds", None, None, paid, extra, -extra * paid, source or "")


def _saved(without: Journeys, after: Journeys) -> tuple[Values, Values]:
    """Return days saved by each demand that crosses a border and moves in both years, and the worth of its goods."""
    both = without.abroad & (without.tonnes > 0) & (after.tonnes > 0)
    days = np.where(both, without.hours - after.hours, 0.0) / 24.0
    return days, np.where(both, without.tonnes * without.value, 0.0)
