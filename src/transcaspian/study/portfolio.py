"""This module owns the portfolio of an appraisal: which projects to take, what is let go, when to begin each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from transcaspian.appraisal.money import span_of
from transcaspian.appraisal.portfolio import MOST, allowed, glance, portfolio, regrets, sets_of
from transcaspian.model.corridor.project import Outlay, Project
from transcaspian.results.appraisal import PortfolioResult, StartResult, UnpricedResult
from transcaspian.study.cases import Cases
from transcaspian.study.question import costs_of

LATER = 8
"""Years by which the start of a chosen project is moved at most."""


def portfolio_of(
    cases: Cases, joint: Sequence[Project], budget: float | None, scenarios: Mapping[str, Cases]
) -> PortfolioResult:
    """Return which projects to take, of those with a cost and an effect.

    ``scenarios`` are the same cases where a scenario holds in both: under each the chosen set is set beside the best of
    all that are allowed, or, beyond ``MOST`` projects, of nothing, each alone and all.

    Raises
    ------
    RequestError
        If the budget fits none.
    """
    corridor, costs = cases.corridor, costs_of(cases.corridor, joint)
    priced = list(costs)
    needs = [(r.project, r.other) for r in corridor.project_needs.rows if r.kind == "needs"]
    excludes = [(r.project, r.other) for r in corridor.project_needs.rows if r.kind == "excludes"]
    found = portfolio(priced, cases.worth(joint), costs, budget, needs, excludes)
    chosen = frozenset(p.id for p in found.places if p.chosen)
    few = len(priced) <= MOST
    sets = list(sets_of(priced)) if few else [frozenset(), *(frozenset({p}) for p in priced), frozenset(priced)]
    fitting = [
        s for s in sets if allowed(s, needs, excludes) and (budget is None or sum(costs[p] for p in s) <= budget)
    ]
    worth = {name: other.worth(joint) for name, other in scenarios.items()}
    begun = tuple(starts(cases, [p for p in joint if p.id in chosen]))
    return _named(cases, replace(found, regrets=regrets(chosen, fitting, worth), starts=begun), joint)


def glance_of(cases: Cases, joint: Sequence[Project]) -> PortfolioResult | None:
    """Return how projects with a cost and an effect do alone, and taken out of all; None of fewer than two.

    Those with an effect alone stand beside them.
    """
    costs = costs_of(cases.corridor, joint)
    return _named(cases, glance(list(costs), cases.worth(joint), costs), joint) if len(costs) > 1 else None


def sets_for(cases: Cases, joint: Sequence[Project], *, choose: bool) -> list[tuple[str, ...]]:
    """Return the sets of projects that a portfolio solves in any event, or a glance, if nothing is to be chosen.

    Projects without a cost are looked at alone.
    """
    priced = list(costs_of(cases.corridor, joint))
    whole = frozenset(priced)
    if len(priced) < 2:
        return []
    if choose and len(priced) <= MOST:
        sets = set(sets_of(priced))
    else:
        sets = {whole, *(frozenset({p}) for p in priced), *(whole - {p} for p in priced)}
        sets |= {frozenset(pair) for pair in combinations(priced, 2)} if choose else set()
    sets |= {frozenset({p.id}) for p in _unpriced(cases, joint)}
    return sorted(tuple(p.id for p in joint if p.id in some) for some in sets if some)


def _unpriced(cases: Cases, joint: Sequence[Project]) -> list[Project]:
    costs = costs_of(cases.corridor, joint)
    return [p for p in joint if p.id not in costs]


def _named(cases: Cases, found: PortfolioResult, joint: Sequence[Project]) -> PortfolioResult:
    """Return a portfolio with the names of its projects, and what those without a cost give."""
    rows = ((place, cases.corridor.projects[place.id]) for place in found.places)
    places = tuple(replace(place, name=row.name, name_ru=row.name_ru or row.name) for place, row in rows)
    alone = ((p, cases.together([p]).affordable) for p in _unpriced(cases, joint))
    unpriced = tuple(UnpricedResult(p.id, p.name, p.name_ru or p.name, v) for p, v in alone if v is not None)
    return replace(found, places=places, unpriced=unpriced)


def starts(cases: Cases, chosen: Sequence[Project]) -> Iterator[StartResult]:
    """Give what each chosen project adds to the others if it is begun later, money and opening moved alike."""
    every = tuple(p.id for p in chosen)
    for project in chosen:
        others = tuple(p for p in every if p != project.id)
        gains = {year: cases.runs.gains(year, every, others) for year in cases.anchors}
        plain = cases.case(project, (project.id,))
        first = project.opens or cases.anchors[0]
        values = []
        for later in range(LATER + 1):
            outlays = tuple(_moved(o, later) for o in plain.outlays)
            span = span_of(outlays, cases.terms.price_year, first + later, project.years)
            moved = replace(project, opens=first + later)
            trains = {opens + later: rows for opens, rows in plain.trains.items()}
            case = replace(plain, project=moved, outlays=outlays, trains=trains, gains=gains, span=span)
            values.append(cases.assessed(case).npv or 0.0)
        opens = tuple(range(first, first + LATER + 1))
        yield StartResult(project.id, opens, tuple(values), opens[int(np.argmax(values))])


def _moved(outlay: Outlay, later: int) -> Outlay:
    """Return money that is spent some years later."""
    if outlay.from_year is None:
        return outlay
    until = None if outlay.until_year is None else outlay.until_year + later
    return replace(outlay, from_year=outlay.from_year + later, until_year=until)
