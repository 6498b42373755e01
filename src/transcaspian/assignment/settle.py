"""This module owns a year solved as well as it can be, with the operators' response, for use in a comparison.

Two years are compared by differences far smaller than the years themselves, so each is solved to a small gap, the later
from where the former ended. A month that does not settle stands at the least gap that it had, and is said by it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model, Solution, nearest_to
from transcaspian.assignment.response import Means, enlarged, response

Values = NDArray[np.float64]

GAP = 1e-5
"""Gap that is sought in every month."""

ROUNDS = 120
"""Rounds at most in a month; then the round with the least gap stands, and the next month begins."""

HELD = 1e-3
"""Share of what wants to pass a way that must wait for it to count as held back."""

ROUGH = 1e-3
"""Gap at which operators look at the queues."""

RESPONSES = 4
"""Rounds in which operators look at the queues and enlarge their fleets."""


def settled(model: Model, start: Values, gap: float = GAP, rounds: int = ROUNDS) -> Solution:
    """Return the solution nearest to a fixed point that is reached from given waits, (L, P)."""
    return nearest_to(model, start, gap=gap, most=rounds, through=True)[0]


def responded(
    model: Model, begin: Values, means: Means, before: Mapping[str, float]
) -> tuple[Solution, dict[str, float]]:
    """Return a year to which operators have responded, and by which factor each vehicle limit is enlarged.

    They have already enlarged some ``before``, and sell none.
    """
    factors = dict(before)
    found = settled(enlarged(model, factors), begin, ROUGH)
    for _ in range(RESPONSES):
        grown = response(model, found, means, factors)
        if grown == factors:
            break
        factors = grown
        found = settled(enlarged(model, factors), begin, ROUGH)
    return settled(enlarged(model, factors), found.wait), factors


def held_back(model: Model, solution: Solution) -> NDArray[np.bool_]:
    """Return which limits hold cargo back in which month, (L, P)."""
    year = solution.year
    waits = np.where(year.want - year.carried > HELD * np.maximum(year.want, 1.0), year.stuck, -1)
    found = np.zeros((len(model.table.limits), waits.shape[1]), dtype=bool)
    way, month = np.nonzero((waits >= 0) & (waits < len(found)))  # quotas stand behind the limits
    found[waits[way, month], month] = True
    return found
