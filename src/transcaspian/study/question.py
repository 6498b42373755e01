"""This module owns the question that ``appraise`` answers: its terms, and everything that can be wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcaspian.errors import Problem, ScenarioError, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.project import Project
from transcaspian.model.rules.projects import unsound_package
from transcaspian.model.scenario import Scenario
from transcaspian.network.money import exchange
from transcaspian.study.scenarios import resolve

MOST_DRAWS = 100_000

NAMED = "named"
"""Stands for every scenario that the package names."""

UNANSWERED = "no-response"
"""Stands where a scenario does: operators leave their fleets as they are, without and with the projects."""


@dataclass(frozen=True)
class Question:
    """What is asked, with everything that makes the answer what it is."""

    package: str
    projects: tuple[str, ...] = ()
    rate: float | str = 0.05
    minimum: str | None = None
    leave_out: tuple[str, ...] = ()
    respond: bool = True
    candidates: bool = False
    draws: int = 0
    seed: int = 1
    portfolio: bool = False
    budget: float | None = None
    detail: bool = False
    under: tuple[str, ...] = ()


def problems_of(corridor: Corridor, asked: Question) -> list[Problem]:
    """Return everything that is wrong with a question on a corridor, and with its projects there."""
    unknown, unsound = list(_unknown(corridor, asked)), list(unsound_package(corridor, asked.package))
    # What a choice costs can be said only of projects that are known, with money that is sound.
    choice = [] if unknown or unsound else _choiceless(corridor, asked)
    return [*unknown, *_rates(corridor, asked), *_unscenarios(corridor, asked), *choice, *unsound]


def unshared(workers: int) -> Iterator[Problem]:
    """Find a number of processes that cannot share draws; no question has it, since no answer moves by it."""
    if workers < 1:
        yield Problem("request", "", "workers", str(workers), "a number of processes from 1")


def _unknown(corridor: Corridor, asked: Question) -> Iterator[Problem]:
    """Find packages, projects and effects that do not exist, and draws that cannot be made."""
    if asked.package not in corridor.packages:
        right = f"a package: {nearest(asked.package, corridor.packages)}"
        yield Problem("request", "", "package", asked.package, right)
    else:
        known = [r.project for r in corridor.package_projects.rows if r.package == asked.package]
        for name in asked.projects:
            if name not in known:
                yield Problem("request", "", "projects", name, f"of the package: {nearest(name, known)}")
    effects = [f"{row.owner}:{row.seq}" for row in corridor.changes.rows]
    for name in asked.leave_out:
        if name not in effects:
            right = f"an effect, as project:seq of changes: {nearest(name, effects)}"
            yield Problem("request", "", "leave-out", name, right)
    if not 0 <= asked.draws <= MOST_DRAWS:
        yield Problem("request", "", "draws", str(asked.draws), f"a number from 0 to {MOST_DRAWS}")
    if asked.seed < 0:
        yield Problem("request", "", "seed", str(asked.seed), "a whole number from 0")


def _rates(corridor: Corridor, asked: Question) -> Iterator[Problem]:
    """Find a rate that is none."""
    if isinstance(asked.rate, str):
        if asked.rate not in corridor.discount_rates:
            known = ", ".join(f"'{row.id}'" for row in corridor.discount_rates.rows) or "there are none"
            right = f"a share such as 0.05 or 5%, or the id of an institution: {known}"
            yield Problem("request", "", "rate", asked.rate, right)
    elif not -0.5 < asked.rate < 1:
        yield Problem("request", "", "rate", f"{asked.rate:g}", "a share above -0.5 and below 1")


def _unscenarios(corridor: Corridor, asked: Question) -> Iterator[Problem]:
    """Find scenarios that cannot be resolved."""
    for name in ([] if asked.minimum is None else [asked.minimum]) + [n for n in asked.under if n != NAMED]:
        try:
            resolve(corridor, name)
        except ScenarioError as error:
            yield from error.problems


def _choiceless(corridor: Corridor, asked: Question) -> Iterator[Problem]:
    """Find projects among which nothing can be chosen, and a budget that none of them fits."""
    if not chooses(asked):
        return
    costs = costs_of(corridor, [p for p in projects_of(corridor, asked) if has_effect(corridor, asked, p.id)])
    if len(costs) < 2:
        right = "two projects or more that have both a published cost and an effect"
        right += "" if asked.projects or asked.candidates else "; --candidates looks at all of the package"
        yield Problem("request", "", "projects", ", ".join(costs) or "none", right)
    cheapest = min(costs, key=costs.__getitem__, default=None)
    if cheapest is not None and asked.budget is not None and asked.budget < costs[cheapest]:
        right = f"EUR {costs[cheapest]:,.0f} or more, the capital of the cheapest project, {cheapest}"
        yield Problem("request", "", "budget", f"EUR {asked.budget:,.0f}", right)


def chooses(asked: Question) -> bool:
    """Return whether a question asks which projects to take: a budget does."""
    return asked.portfolio or asked.budget is not None


def rate_of(corridor: Corridor, asked: Question) -> float:
    """Return the discount rate of a question that has nothing wrong with it."""
    return float(corridor.discount_rates[asked.rate].rate if isinstance(asked.rate, str) else asked.rate)


def projects_of(corridor: Corridor, asked: Question) -> tuple[Project, ...]:
    """Return the projects asked for, in the order of their package: its seeds by default.

    A budget asks which to take, so that without names the candidates are among them.
    """
    rows = sorted((r for r in corridor.package_projects.rows if r.package == asked.package), key=lambda r: r.seq)
    every = asked.candidates or asked.budget is not None
    listed = asked.projects or [r.project for r in rows if every or r.role == "seed"]
    return tuple(corridor.projects[r.project] for r in rows if r.project in listed)


def has_effect(corridor: Corridor, asked: Question, project: str) -> bool:
    """Return whether a project changes something that is not left out."""
    return any(r.owner == project and f"{r.owner}:{r.seq}" not in asked.leave_out for r in corridor.changes.rows)


def costs_of(corridor: Corridor, projects: Sequence[Project]) -> dict[str, float]:
    """Return the capital of each project that has a published one, in EUR of the price year."""
    factor = exchange(corridor).factor
    rows = [r for r in corridor.outlays.rows if r.kind == "capital"]
    return {
        p.id: sum(r.amount * factor(r.currency, r.price_year) for r in rows if r.project == p.id)
        for p in projects
        if any(r.project == p.id for r in rows)
    }


def minimum_of(corridor: Corridor, asked: Question) -> Scenario:
    """Return the case without."""
    return resolve(corridor, asked.minimum or corridor.packages[asked.package].minimum)


def scenarios_of(corridor: Corridor, asked: Question) -> tuple[str, ...]:
    """Return the scenarios that are to hold in both cases, those that stand for several one by one."""
    rows = sorted(corridor.package_scenarios.rows, key=lambda r: r.seq)
    named = [r.scenario for r in rows if r.package == asked.package]
    return tuple(dict.fromkeys(s for name in asked.under for s in (named if name == NAMED else [name])))
