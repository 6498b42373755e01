"""This module owns the choice of projects: what each adds alone, taken out and on the mean, and the best set there is.

The value of every set is known, so all is exact: put in one at a time (PINT), take out one at a time (TOOT), the mean
of what a project adds over all orders (Shapley 1953), and the best set that a budget and dependencies allow.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations
from math import factorial

from transcaspian.errors import Problem, RequestError
from transcaspian.results.appraisal import PairResult, PlaceResult, PortfolioResult

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
    if budget is not None and projects and budget < min(costs[p] for p in projects):
        right = f"at least EUR {min(costs[p] for p in projects):,.0f}, the cost of the cheapest project"
        raise RequestError([Problem("request", "", "budget", f"{budget:,.0f}", right)])
    best, top = frozenset[str](), value(frozenset())
    for some in sets_of(projects):
        if budget is not None and sum(costs[p] for p in some) > budget:
            continue
        if allowed(some, needs, excludes) and value(some) > top + 1e-9:
            best, top = some, value(some)
    return best


def portfolio(
    projects: Sequence[str],
    value: Value,
    costs: Mapping[str, float],
    budget: float | None,
    needs: Collection[tuple[str, str]] = (),
    excludes: Collection[tuple[str, str]] = (),
) -> PortfolioResult:
    """Return how projects work together, and the best set of them."""
    whole = frozenset(projects)
    shares = shapley(projects, value)
    chosen = best_set(projects, value, costs, budget, needs, excludes)
    nothing = value(frozenset())
    places = tuple(
        PlaceResult(p, value(frozenset({p})) - nothing, value(whole) - value(whole - {p}), shares[p], p in chosen)
        for p in projects
    )
    pairs = tuple(PairResult(a, b, synergy(a, b, value)) for a, b in combinations(projects, 2))
    spent = sum(costs[p] for p in chosen)
    return PortfolioResult(budget, spent, value(chosen), value(whole), places, pairs, 2 ** len(projects))
