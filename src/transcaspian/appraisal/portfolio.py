"""This module owns the choice of projects: what each adds alone, taken out and on the mean, and the best set there is.

Up to ``MOST`` projects the value of every set is known, so all is exact: put in one at a time (PINT), take out one at a
time (TOOT), the mean of what a project adds over all orders (Shapley 1953), and the best set that a budget and
dependencies allow. Beyond, sets are taken for what their projects give alone and two by two, which are computed; HiGHS
chooses on that, and the chosen set is computed in full.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import Any

import highspy
import numpy as np

from transcaspian.errors import Problem, RequestError
from transcaspian.network.program import solved
from transcaspian.results.appraisal import PairResult, PlaceResult, PortfolioResult, RegretResult

Value = Callable[[frozenset[str]], float]

MOST = 12
"""Projects of which every set is looked at."""


def sets_of(projects: Sequence[str]) -> Iterator[frozenset[str]]:
    """Give every set of projects, the empty one first.

    Raises
    ------
    RequestError
        If there are more projects than can be looked at one set by one.
    """
    if len(projects) > MOST:
        found = f"{len(projects)} projects"
        raise RequestError(
            [Problem("request", "", "portfolio", found, f"at most {MOST}, of which every set is solved")]
        )
    for count in range(len(projects) + 1):
        yield from (frozenset(chosen) for chosen in combinations(projects, count))


def shapley(projects: Sequence[str], value: Value) -> dict[str, float]:
    """Return the mean of what each project adds to those before it, over all orders; they add up to all together.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 100.0, frozenset("b"): 80.0, frozenset("ab"): 230.0}
    >>> shapley("ab", worth.__getitem__)
    {'a': 125.0, 'b': 105.0}
    """
    many = len(projects)
    found = dict.fromkeys(projects, 0.0)
    for some in sets_of(projects):
        weight = factorial(len(some)) * factorial(many - len(some) - 1) / factorial(many) if len(some) < many else 0.0
        for project in projects:
            if project not in some:
                found[project] += weight * (value(some | {project}) - value(some))
    return found


def synergy(first: str, second: str, value: Value) -> float:
    """Return what two projects give together beyond what they give alone; below zero they are rivals."""
    alone = value(frozenset({first})) + value(frozenset({second}))
    return value(frozenset({first, second})) + value(frozenset()) - alone


def allowed(some: Collection[str], needs: Collection[tuple[str, str]], excludes: Collection[tuple[str, str]]) -> bool:
    """Return whether a set has what its projects need, and nothing that they exclude."""
    return all(other in some for project, other in needs if project in some) and not any(
        project in some and other in some for project, other in excludes
    )


def best_set(
    projects: Sequence[str],
    value: Value,
    costs: Mapping[str, float],
    budget: float | None,
    needs: Collection[tuple[str, str]] = (),
    excludes: Collection[tuple[str, str]] = (),
) -> frozenset[str]:
    """Return the set of the highest value that the budget, the needs and the exclusions allow; the smaller of equals.

    Raises
    ------
    RequestError
        If the budget fits no project at all.
    """
    _affordable(projects, costs, budget)
    best, top = frozenset[str](), value(frozenset())
    for some in sets_of(projects):
        if budget is not None and sum(costs[p] for p in some) > budget:
            continue
        if allowed(some, needs, excludes) and value(some) > top + 1e-9:
            best, top = some, value(some)
    return best


def best_by_pairs(
    projects: Sequence[str],
    alone: Mapping[str, float],
    together: Mapping[tuple[str, str], float],
    costs: Mapping[str, float],
    budget: float | None,
    needs: Collection[tuple[str, str]] = (),
    excludes: Collection[tuple[str, str]] = (),
) -> frozenset[str]:
    """Return the best set if projects give what they give ``alone`` and, two by two, ``together`` beyond it.

    A pair counts when both its projects are chosen: the quadratic knapsack of Gallo, Hammer and Simeone (1980) in its
    linear form, solved to the optimum.

    Raises
    ------
    RequestError
        If the budget fits no project at all.

    >>> alone, cost = {"a": 5.0, "b": -1.0, "c": 4.0}, dict.fromkeys("abc", 1.0)
    >>> sorted(best_by_pairs("abc", alone, {("a", "b"): 3.0}, cost, 2.0))
    ['a', 'c']
    """
    _affordable(projects, costs, budget)
    place = {p: n for n, p in enumerate(projects)}
    pairs = [(a, b) for a, b in together if a in place and b in place]
    rows: list[tuple[dict[int, float], float]] = []  # weights of a row, which must not exceed its bound
    for n, (a, b) in enumerate(pairs, len(projects)):
        rows += [({n: 1.0, place[a]: -1.0}, 0.0), ({n: 1.0, place[b]: -1.0}, 0.0)]
        rows.append(({place[a]: 1.0, place[b]: 1.0, n: -1.0}, 1.0))
    rows += [({place[p]: 1.0, place[o]: -1.0} if o in place else {place[p]: 1.0}, 0.0) for p, o in needs if p in place]
    rows += [({place[p]: 1.0, place[o]: 1.0}, 1.0) for p, o in excludes if p in place and o in place]
    if budget is not None:
        rows.append(({place[p]: costs[p] for p in projects}, budget))
    worth = [*(alone[p] for p in projects), *(together[pair] for pair in pairs)]
    chosen = _binary(np.array(worth), rows)
    return frozenset(p for p in projects if chosen[place[p]] > 0.5)


def _binary(worth: np.ndarray[Any, Any], rows: Sequence[tuple[Mapping[int, float], float]]) -> Sequence[float]:
    """Return the zeros and ones of the highest worth under rows of weights and their bounds."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(worth), len(rows)
    # Money in euros and ones in the same rows of a solver ask for trouble: worth is scaled, order is all that counts.
    program.col_cost_ = -worth / max(1.0, float(np.abs(worth).max(initial=0.0)))
    program.col_lower_, program.col_upper_ = np.zeros(len(worth)), np.ones(len(worth))
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(worth)
    scales = [max((abs(w) for w in weights.values()), default=1.0) or 1.0 for weights, _ in rows]
    program.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    program.row_upper_ = np.array([bound / scale for (_, bound), scale in zip(rows, scales, strict=True)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(weights) for weights, _ in rows)])
    program.a_matrix_.index_ = np.array([n for weights, _ in rows for n in weights], dtype=np.int32)
    program.a_matrix_.value_ = np.array(
        [w / scale for (weights, _), scale in zip(rows, scales, strict=True) for w in weights.values()]
    )
    found: Sequence[float] = solved(program).col_value
    return found


def regrets(
    chosen: frozenset[str], others: Collection[frozenset[str]], values: Mapping[str, Value]
) -> tuple[RegretResult, ...]:
    """Return, for each scenario, what the chosen set gives and what the best of the sets looked at would give more.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 2.0, frozenset("b"): 5.0}
    >>> found = regrets(frozenset("a"), [frozenset(), frozenset("b")], {"storm": worth.__getitem__})
    >>> [(r.best, r.regret) for r in found]
    [(('b',), 3.0)]
    """
    found = []
    for name, value in values.items():
        best = max([chosen, *others], key=value)
        found.append(RegretResult(name, value(chosen), tuple(sorted(best)), value(best) - value(chosen)))
    return tuple(found)


def _affordable(projects: Sequence[str], costs: Mapping[str, float], budget: float | None) -> None:
    if budget is not None and projects and budget < min(costs[p] for p in projects):
        right = f"at least EUR {min(costs[p] for p in projects):,.0f}, the cost of the cheapest project"
        raise RequestError([Problem("request", "", "budget", f"{budget:,.0f}", right)])


def portfolio(
    projects: Sequence[str],
    value: Value,
    costs: Mapping[str, float],
    budget: float | None,
    needs: Collection[tuple[str, str]] = (),
    excludes: Collection[tuple[str, str]] = (),
) -> PortfolioResult:
    """Return how projects work together, and the best set of them; exact for ``MOST`` and fewer."""
    whole, nothing = frozenset(projects), value(frozenset())
    together = {(a, b): synergy(a, b, value) for a, b in combinations(projects, 2)}
    alone = {p: value(frozenset({p})) - nothing for p in projects}
    if len(projects) <= MOST:
        shares, sets = shapley(projects, value), 2 ** len(projects)
        chosen = best_set(projects, value, costs, budget, needs, excludes)
    else:
        # Where sets are worth their projects and pairs, the mean over all orders is each and half of its pairs.
        shares = {p: alone[p] + 0.5 * sum(v for pair, v in together.items() if p in pair) for p in projects}
        chosen = best_by_pairs(projects, alone, together, costs, budget, needs, excludes)
        sets = 1 + len(projects) + len(together)
    places = tuple(
        PlaceResult(p, costs[p], alone[p], value(whole) - value(whole - {p}), shares[p], p in chosen) for p in projects
    )
    pairs = tuple(PairResult(a, b, v) for (a, b), v in together.items())
    spent = sum(costs[p] for p in chosen)
    guess = nothing + sum(alone[p] for p in chosen) + sum(v for (a, b), v in together.items() if {a, b} <= chosen)
    return PortfolioResult(budget, spent, value(chosen), guess, value(whole), places, pairs, (), (), sets)


def glance(projects: Sequence[str], value: Value, costs: Mapping[str, float]) -> PortfolioResult:
    """Return how projects do alone and taken out of all, which is two sets for each; none is chosen.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 100.0, frozenset("b"): 80.0, frozenset("ab"): 230.0}
    >>> [(p.id, p.alone, p.taken_out) for p in glance("ab", worth.__getitem__, {"a": 1.0, "b": 1.0}).places]
    [('a', 100.0, 150.0), ('b', 80.0, 130.0)]
    """
    whole, nothing = frozenset(projects), value(frozenset())
    places = tuple(
        PlaceResult(p, costs[p], value(frozenset({p})) - nothing, value(whole) - value(whole - {p}), None, None)
        for p in projects
    )
    sets = {frozenset(), whole, *(frozenset({p}) for p in projects), *(whole - {p} for p in projects)}
    return PortfolioResult(None, None, None, None, value(whole), places, (), (), (), len(sets))
