"""Which sets of projects a portfolio looks at: all that are allowed where they are few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from transcaspian.io import load
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.project import Project
from transcaspian.study import portfolio
from transcaspian.study.appraise import _Study
from transcaspian.study.cases import Cases
from transcaspian.study.question import Question, projects_of

PRICED = ("eu-aktau-port", "kmtf-six-ships", "aktau-dredging", "divrigi-kars")


@cache
def _corridor() -> Corridor:
    return load()


@dataclass(frozen=True)
class Known(Cases):
    """Cases whose worth is given and not worked out."""

    table: Callable[[frozenset[str]], float] = field(default=lambda some: 0.0)

    def worth(self, joint: Sequence[Project]) -> Callable[[frozenset[str]], float]:
        """Return the worth that is given."""
        return self.table


def _known(table: Callable[[frozenset[str]], float]) -> Known:
    cases = _Study(_corridor(), Question("eu-2025", PRICED), lambda words: None).cases
    return Known(**{name: getattr(cases, name) for name in Cases.__dataclass_fields__}, table=table)


def _regret(monkeypatch: pytest.MonkeyPatch, most: int, budget: float | None = None) -> tuple[tuple[str, ...], float]:
    """Return the best set and the regret where two projects help one another under the scenario only."""
    monkeypatch.setattr(portfolio, "starts", lambda cases, chosen: ())
    monkeypatch.setattr(portfolio, "MOST", most)
    pair = frozenset({"eu-aktau-port", "kmtf-six-ships"})
    centre = _known(lambda some: -float(len(some)))
    storm = _known(lambda some: (30.0 if pair <= some else 0.0) - 5.0 * len(some))
    joint = [_corridor().projects[p] for p in PRICED]
    found = portfolio.portfolio_of(centre, joint, budget, {"storm": storm}).regrets[0]
    return found.best, found.regret


def test_the_best_of_all_sets_is_found_under_a_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _regret(monkeypatch, 12) == (("eu-aktau-port", "kmtf-six-ships"), 20.0)


def test_beyond_so_many_projects_only_singles_and_all_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    best, regret = _regret(monkeypatch, 3)
    assert len(best) == 4 and regret == 10.0


def test_a_set_that_the_budget_forbids_is_no_regret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port and ships cost about EUR 45 and 100 million: one of them is affordable, both are not."""
    assert _regret(monkeypatch, 12, 120e6) == ((), 0.0)


def test_projects_are_set_beside_one_another_alone_and_taken_out() -> None:
    gain = frozenset({"eu-aktau-port", "kmtf-six-ships"})
    cases = _known(lambda some: (30.0 if gain <= some else 0.0) - 5.0 * len(some))
    joint = [_corridor().projects[p] for p in (*PRICED, "visa-facilitation")]
    found = portfolio.glance_of(cases, joint)
    assert found is not None and [p.id for p in found.places] == list(PRICED), "what has no cost is left out"
    assert [(p.alone, p.taken_out) for p in found.places] == [(-5.0, 25.0), (-5.0, 25.0), (-5.0, -5.0), (-5.0, -5.0)]
    assert (found.all_value, found.sets, found.value) == (10.0, 10, None)
    assert found.places[0].cost == pytest.approx(45e6, rel=0.1)
    assert portfolio.glance_of(cases, joint[:1]) is None


def test_all_together_say_whose_cost_is_not_in_it() -> None:
    cases = _Study(_corridor(), Question("eu-2025", PRICED), lambda words: None).cases
    joint = [_corridor().projects[p] for p in ("aktau-dredging", "kuryk-port")]
    found = cases.together(joint)
    assert found.npv is not None and found.notes[-1].endswith(": Kuryk: berths and the Sarzha terminal")
    assert found.notes_ru[-1].endswith("терминал Саржа")
    assert cases.together(joint[:1]).notes == ()


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Question("eu-2025", budget=5e8), None),
        (Question("eu-2025", PRICED[:3], budget=5e8), PRICED[:3]),
    ],
)
def test_a_budget_asks_which_candidates_to_take_unless_projects_are_named(
    asked: Question, names: tuple[str, ...] | None
) -> None:
    every = projects_of(_corridor(), Question("eu-2025", candidates=True))
    study = _Study(_corridor(), asked, lambda words: None)
    assert study.projects == (every if names is None else tuple(_corridor().projects[name] for name in names))
    assert study._set_beside(study.projects) == (study.projects, True)
