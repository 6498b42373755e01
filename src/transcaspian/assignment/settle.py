"""This module owns a year solved as well as it can be, with the operators' response, for use in a comparison.

Two years are compared by differences far smaller than the years themselves, so each is solved to a small gap, the later
from where the former ended. Where it does not settle, the last round stands, with its gap.
"""

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model, Solution, evaluate, solve
from transcaspian.assignment.response import enlarged, response
from transcaspian.errors import NotConvergedError

Values = NDArray[np.float64]

GAPS = (1e-3, 1e-4, 1e-5)
"""Gaps sought one after the other; the last that is reached stands."""

ROUNDS = 120
"""Rounds at most towards each gap."""

HELD = 1e-3
"""Share of what wants to pass a way that must wait for it to count as held back."""

RESPONSES = 4
"""Rounds in which operators look at the queues and enlarge their fleets."""


def settled(model: Model, start: Values, gaps: tuple[float, ...] = GAPS, rounds: int = ROUNDS) -> Solution:
    """Return the solution nearest to a fixed point that is reached from given waits, (L, P)."""
    found: Solution | None = None
    for gap in gaps:
        try:
            found = solve(model, start if found is None else found.wait, gap=gap, most=rounds)
        except NotConvergedError as error:
            return _last(model, error.reached) if found is None else found
    assert found is not None
    return found


def _last(model: Model, wait: Values) -> Solution:
    here = evaluate(model.ways, model.limits, wait)
    there = evaluate(model.ways, model.limits, here.wait)
    gap = float(np.abs(there.want - here.want).sum()) / max(float(here.want.sum()), 1e-12)
    return Solution(here, wait, gap, ROUNDS)


def responded(model: Model, begin: Values, cap: float, wanted: float) -> tuple[Solution, dict[str, float]]:
    """Return a year to which operators have responded, and by which factor they enlarged each vehicle limit."""
    factors: dict[str, float] = {}
    found = settled(model, begin, (1e-3,))
    for _ in range(RESPONSES):
        more = response(enlarged(model, factors), found, np.inf, wanted)
        grown = {key: min(factors.get(key, 1.0) * more.get(key, 1.0), cap) for key in {*factors, *more}}
        if grown == factors:
            break
        factors = grown
        found = settled(enlarged(model, factors), begin, (1e-3,))
    return settled(enlarged(model, factors), found.wait), factors


def unsure(model: Model, solution: Solution) -> Solution:
    """Return the same waits felt by users to whom reliability is worth nothing."""
    ways = model.ways._replace(sure=np.zeros_like(model.ways.sure))
    return Solution(evaluate(ways, model.limits, solution.wait), solution.wait, solution.gap, solution.rounds)


def held_back(model: Model, solution: Solution) -> NDArray[np.bool_]:
    """Return which limits hold cargo back in which month, (L, P)."""
    year = solution.year
    waits = np.where(year.want - year.carried > HELD * np.maximum(year.want, 1.0), year.stuck, -1)
    found = np.zeros((len(model.table.limits), waits.shape[1]), dtype=bool)
    for number in range(len(model.table.limits)):
        found[number] = (waits == number).any(axis=0)
    return found
