"""This module owns the use case ``assign``: the flows of a year, with a scenario or without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import partial

from transcaspian.assignment.answer import answer_of
from transcaspian.assignment.flows import Model, Pivot, model_of, pivot_of, pivoted, solutions_from
from transcaspian.assignment.kept import Memory
from transcaspian.errors import Problem, RequestError, gathered, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.spelling import plain
from transcaspian.network import Window, compile_network, months
from transcaspian.results.flows import Flows
from transcaspian.study.data import called
from transcaspian.study.scenarios import through

LONGEST_JOURNEY = 120
"""Days by which a journey that begins in the year may end after it."""

LATEST = 30
"""Years after the base year that growth is taken to."""

STARTS = 3
"""Starts from which every answer is sought."""


def assign(
    corridor: Corridor,
    year: int,
    *,
    scenario: str | None = None,
    gap: float = 1e-4,
    most: int = 400,
    progress: Callable[[int, float], None] | None = None,
) -> Flows:
    """Return what goes where in a year, month after month, when capacity is short.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    year : the year asked for; demand grows to it from its own
    scenario : id of a scenario of the corridor, or path of a scenario file
    gap : share of tonnes that would still go another way at which the search ends
    most : rounds at most in a month
    progress : called with the month that is settled and its gap

    Raises
    ------
    RequestError, ScenarioError, DataError
        With everything that is wrong with the question or the demand.
    NotConvergedError
        If the gap is not reached; it says how far it got.

    Examples
    --------
    >>> import transcaspian as tc
    >>> flows = assign(tc.load(), 2024)
    >>> flows.gap <= 1e-4, flows.starts
    (True, 3)
    """
    check_question(corridor, year, (scenario,), gap, most)
    model = model_for(corridor, year, scenario)
    _, pivot = base_of(corridor, corridor.base_year)
    return flows_of(corridor, model, pivot, year, scenario, gap, most, progress)


def flows_of(
    corridor: Corridor,
    unset: Model,
    pivot: Pivot,
    year: int,
    scenario: str | None = None,
    gap: float = 1e-4,
    most: int = 400,
    progress: Callable[[int, float], None] | None = None,
) -> Flows:
    """Return the flows of a model that is there, not yet set against the base year; the rest as ``assign`` has it.

    Raises
    ------
    NotConvergedError
        If the gap is not reached; it says how far it got.
    """
    model, begin = pivoted(unset, pivot)
    found = solutions_from(model, begin, gap=gap, most=most, progress=progress)
    answer = answer_of(model, pivot, found, year, scenario, STARTS)
    return replace(answer, corridor_id=corridor_id(corridor))


def check_question(
    corridor: Corridor, year: int, scenarios: tuple[str | None, ...], gap: float = 1e-4, most: int = 400
) -> None:
    """Raise, before anything is solved, if a question to ``assign`` is wrong.

    Raises
    ------
    RequestError, ScenarioError
        With everything that is wrong: the year, the gap, the rounds, every scenario.
    """
    within = min(max(year, corridor.base_year), corridor.base_year + LATEST)  # of a wrong year the scenario is told too
    changed = [partial(_states, corridor, scenario, within) for scenario in scenarios]
    gathered(partial(_check_terms, corridor, year, gap, most), *changed)


def _check_terms(corridor: Corridor, year: int, gap: float, most: int) -> None:
    base = corridor.base_year
    problems = []
    if not base <= year <= base + LATEST:
        problems.append(Problem("request", "", "year", str(year), f"a year from {base} to {base + LATEST}"))
    if not 0 < gap < 1:
        problems.append(Problem("request", "", "gap", f"{gap:g}", "above 0 and below 1"))
    if most < 1:
        problems.append(Problem("request", "", "most", str(most), "1 or more"))
    if problems:
        raise RequestError(problems)


SELECTED = ("places", "links", "services", "resources", "fleets", "countries")
"""Tables of what may be asked who uses it."""

MISSPELT = 0.85
"""Likeness, as ``difflib`` has it, from which on a name is another one misspelt."""

SIDES = ("forward", "back", "out", "run")
"""What stands behind the colon in the id of a limit that each direction has for itself; a number may follow."""


def selectable(corridor: Corridor, name: str) -> str:
    """Return the id of what a person asks who uses it, by id, name or alias; a limit is called ``resource:side``.

    Raises
    ------
    RequestError
        If there is nothing of that name; the nearest are told.
    """
    key, colon, side = name.strip().casefold().partition(":")
    behind = key == "fill" or any(key in corridor.table(t) for t in ("resources", "fleets"))
    if (
        colon
        and behind
        and (side.rstrip("-0123456789") in SIDES or side.startswith("from-") or side in corridor.services)
    ):
        return f"{key}:{side}"
    if not colon and any(key in corridor.table(t) for t in SELECTED):
        return key
    known = {n: [k for t in SELECTED for table, k in rows if table == t] for n, rows in called(corridor).items()}
    if found := known.get(plain(name)):
        return found[0]
    ids = [k for t in SELECTED for k in corridor.table(t)]
    every = [*ids, *(n for n in known if known[n])]
    there = [] if get_close_matches(name, every, n=1, cutoff=MISSPELT) else _there(corridor, plain(name))
    near = nearest("", there) if there else nearest(name, every)
    right = f"a place, link, service, resource, fleet or country: {near}"
    raise RequestError([Problem("request", "", "select", name, right)])


def _there(corridor: Corridor, name: str) -> list[str]:
    """Return the place that a name begins with and all resources there; nothing where it begins with none.

    Who names a place and something at it has the place right; what the thing is called there spelling does not tell.
    """
    begun = {word: place for word, place in corridor.places_by_name.items() if name.startswith(f"{word} ")}
    if not begun:
        return []
    place = begun[max(begun, key=len)]
    return [place, *(row.id for row in corridor.resources.rows if row.place == place)]


_kept: list[tuple[Corridor, int, Memory, Model, Pivot]] = []
"""The base year of the corridor that was asked last: a corridor never changes, and most questions are asked of one."""


def base_of(corridor: Corridor, year: int, memory: Memory | None = None) -> tuple[Model, Pivot]:
    """Return the model of the base year, and what it was like: what every year and scenario is a difference to.

    A ``memory`` has its choice sets then, also where something is wrong with the rest.
    """
    if not (_kept and _kept[0][0] is corridor and _kept[0][1] == year):
        _kept.clear()
        memory = memory or Memory()
        model = _built(corridor, year, None, memory)
        _kept.append((corridor, year, memory, model, pivot_of(model)))
    return _kept[0][3:]


def model_for(corridor: Corridor, year: int, scenario: str | None) -> Model:
    """Return the model of a year and scenario, not yet set against the base year.

    Raises
    ------
    DataError
        With everything that is wrong in either of the two.
    """
    memory = Memory()

    def base() -> Model:
        return base_of(corridor, corridor.base_year, memory)[0]

    if scenario is None and year == corridor.base_year:
        return base()
    model: Model = gathered(base, lambda: _built(corridor, year, scenario, _kept[0][2] if _kept else memory))[1]
    return model


def _built(corridor: Corridor, year: int, scenario: str | None, memory: Memory) -> Model:
    window, states = _states(corridor, scenario, year)
    return model_of(compile_network(states[0], window, states[1:]), states[0], year, memory)


def _states(corridor: Corridor, scenario: str | None, year: int) -> tuple[Window, tuple[Corridor, ...]]:
    """Return the months of a year, and the corridor in each as a scenario makes it."""
    begin = date(year, 1, 1)
    window = months(begin, 12, LONGEST_JOURNEY)
    return window, through(corridor, scenario, window, begin)
