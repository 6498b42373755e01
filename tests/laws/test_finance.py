"""What must hold for the financial side of a project: who pays is who is paid, and nothing is given that is not known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import transcaspian as tc
from transcaspian.appraisal.assess import Case
from transcaspian.appraisal.cashflow import npv
from transcaspian.appraisal.finance import Takings, finance
from transcaspian.assignment.income import income_of
from transcaspian.results.appraisal import FinanceResult
from transcaspian.results.income import Income
from transcaspian.study.appraise import _Study
from transcaspian.study.question import Question

AKTAU = "eu-aktau-port"


@cache
def _study() -> _Study:
    return _Study(tc.load(), Question("eu-2025", (AKTAU, "kmtf-six-ships", "divrigi-kars")), lambda words: None)


def _case(project: str) -> Case:
    study = _study()
    return study.cases.case(study.corridor.projects[project], (project,))


def _takings(paid: float, spent: float) -> Takings:
    """Return an operator who takes nothing without the project, and so much a year with it, for one step."""
    key = ("steps", "crane")
    values = [np.array([v]) for v in (10.0, paid, spent, 0.0)]
    nothing = [np.zeros(1) for _ in values]
    years = {y: (Income(y, (key,), *nothing), Income(y, (key,), *values)) for y in (2028, 2032)}
    return Takings("a port", "порт", years, {key: "lift a box"})


def _money(case: Case, takings: Takings | None) -> FinanceResult:
    found = finance(case, _study().terms, takings)
    assert found is not None
    return found


def test_what_the_project_costs_is_paid_by_somebody() -> None:
    money = _money(_case(AKTAU), None)
    paid = np.add(np.add(money.granted, money.lent), money.own)
    assert paid == pytest.approx(money.capital)
    assert sum(money.capital) == pytest.approx(45e6) and sum(money.own) == pytest.approx(0.0)
    assert sum(money.repaid) == pytest.approx(sum(money.lent)) == pytest.approx(35e6)


def test_without_a_price_there_is_no_income_no_cover_and_no_value() -> None:
    for takings in (None, _takings(0.0, 0.0)):
        money = _money(_case(AKTAU), takings)
        assert (money.income, money.cash, money.fnpv_c, money.fnpv_k, money.cover_least) == (None,) * 5
        assert set(money.cover) == {None}
        assert "owner" not in {actor.role for actor in money.actors}
    assert _money(_case(AKTAU), _takings(0.0, 0.0)).items[0].paid is None, "done more, at a price that is not its own"


def test_cover_is_what_there_is_for_debt_over_debt() -> None:
    case = _case(AKTAU)
    money = _money(case, _takings(8e6, 1e6))
    at = case.span.at(2030)
    assert money.cover[at] == pytest.approx((8e6 - 1e6 - 0.675e6) / (money.interest[at] + money.repaid[at]))
    assert all(value is None for value, year in zip(money.cover, case.span.years, strict=True) if year < 2028)
    known = [value for value in money.cover if value is not None]
    assert money.cover_least == min(known) and money.cover_mean == pytest.approx(np.mean(known))
    assert money.cash is not None
    assert money.cash[at] == pytest.approx(8e6 - 1e6 - 0.675e6 - money.interest[at] - money.repaid[at])


def test_a_loan_at_the_financial_rate_changes_nothing_but_a_grant_does() -> None:
    """FNPV(K) is FNPV(C) where all is lent at the rate of discount; a grant from abroad is all that it adds."""
    case = _case(AKTAU)
    loan = replace(next(x for x in case.legs if x.instrument == "loan"), amount=45e6, interest=0.04)
    lent = _money(replace(case, legs=(loan,)), _takings(8e6, 1e6))
    assert lent.fnpv_c == pytest.approx(lent.fnpv_k, abs=1e-3)
    half = replace(loan, amount=35e6)
    grant = next(x for x in case.legs if x.instrument == "grant")
    given = _money(replace(case, legs=(half, grant)), _takings(8e6, 1e6))
    assert given.fnpv_c == pytest.approx(lent.fnpv_c)
    assert given.fnpv_c is not None and given.fnpv_k is not None
    assert given.fnpv_k - given.fnpv_c == pytest.approx(float(npv(given.granted, 0.04)), abs=1e-3)


def test_what_one_pays_another_gets() -> None:
    money = _money(_case(AKTAU), _takings(8e6, 1e6))
    by_role = {actor.role: np.array(actor.flow) for actor in money.actors}
    assert money.income is not None and money.doing is not None
    moved = by_role["owner"] + by_role["lender"] + by_role["giver"]
    works = np.array(money.income) - np.array(money.doing) - np.array(money.upkeep) - np.array(money.capital)
    assert moved == pytest.approx(works, abs=1e-6), "loans and grants go from hand to hand"


def test_loans_in_another_currency_are_the_same_in_euros() -> None:
    study = _study()
    case = _case("divrigi-kars")
    shown = study.cases.alone(study.corridor.projects["divrigi-kars"])
    assert {debt.currency for debt in shown.debts} == {"USD"}
    money = _money(case, None)
    euros = sum(debt.euros * np.array(debt.repaid) for debt in shown.debts)
    assert money.repaid == pytest.approx(euros)
    assert sum(shown.debts[0].drawn) == pytest.approx(660e6)


def test_the_income_of_the_port_is_that_of_its_steps() -> None:
    """Every step of the operator on every way, at the price the way pays; boxes are in the price of the ship."""
    study = _study()
    reader, solution = study.runs.solved(2028, ())
    model = reader.model
    income = income_of(model, solution, "aktau-port", 2028)
    by_item = dict(zip(income.items, zip(income.units, income.paid, income.spent, strict=True), strict=True))
    network, ids = model.network, model.network.ids.steps
    paid, k = 0.0, 0
    for segment in model.segments:
        for way in segment.ways:
            carried = float(solution.year.carried[k].sum())
            for at, arc in enumerate(way.chain.tolist()):
                if network.step[arc] >= 0 and model.corridor.steps[ids[network.step[arc]]].operator == "aktau-port":
                    paid += carried * float(way.by_arc[0, at])
            k += 1
    assert float(income.paid.sum()) == pytest.approx(paid)
    assert by_item["steps", "aktau-load-vessel"][0] > 0 and by_item["steps", "aktau-load-vessel"][1] == 0.0
    assert float(income.assumed.sum()) == pytest.approx(paid), "no price of the port is published"


def test_the_owner_of_ships_takes_their_freight() -> None:
    study = _study()
    money = study.cases.alone(study.corridor.projects["kmtf-six-ships"]).finance
    assert money is not None and money.income is not None
    assert {item.table for item in money.items} == {"services"}
    assert money.fnpv_c == pytest.approx(money.fnpv_k), "nobody lends: the capital is its own"
    assert money.cover_least is None
