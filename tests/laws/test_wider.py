"""Wider effects stand in a panel of their own: one published coefficient each, and in no other number."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import transcaspian as tc
from transcaspian.appraisal.terms import Terms
from transcaspian.appraisal.wider import FUNDS, TRADE, wider
from transcaspian.model.corridor import Table
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.journeys import Journeys
from transcaspian.study.appraise import _Study
from transcaspian.study.question import Question

AKTAU = "eu-aktau-port"


@cache
def _study() -> _Study:
    return _Study(tc.load(), Question("eu-2025", (AKTAU,)), lambda words: None)


@cache
def _answer() -> Appraisal:
    return _study().answer()


def _journeys(hours: list[float]) -> Journeys:
    return Journeys(
        2032,
        np.array(hours),
        np.array([100.0, 10.0, 50.0]),
        np.array([1000.0, 500.0, 9.0]),
        np.array([True, True, False]),
    )


def test_trade_is_days_saved_times_goods_that_cross_a_border() -> None:
    case = _study().cases.case(_study().corridor.projects[AKTAU], (AKTAU,))
    rows = list(wider(case, _study().terms, 0.05, _journeys([48.0, 72.0, 99.0]), _journeys([24.0, 96.0, 1.0])))
    trade = next(row for row in rows if row.effect == "trade")
    assert trade.value == pytest.approx(0.052 * (100 * 1000 - 10 * 500))
    assert trade.base == pytest.approx(105_000) and trade.days == pytest.approx(95_000 / 105_000)
    same = _journeys([48.0, 72.0, 99.0])
    assert next(iter(wider(case, _study().terms, 0.05, same, same))).value == 0.0


def test_public_money_costs_what_is_published_beside_it() -> None:
    """EUR 10 million of grants in two years, at 0.3 beside each euro."""
    row = next(row for row in _answer().wider if row.effect == "funds")
    assert row.base == pytest.approx(5e6 / 1.05 + 5e6 / 1.05**2)
    assert row.value == pytest.approx(-0.3 * row.base)


def test_every_row_has_a_source_and_none_without_a_coefficient() -> None:
    assert [row.effect for row in _answer().wider] == ["trade", "funds"]
    assert all(row.source in _study().corridor.sources for row in _answer().wider)
    case = _study().cases.case(_study().corridor.projects[AKTAU], (AKTAU,))
    terms = _study().terms
    bare = Terms({k: v for k, v in terms.rows.items() if k not in (TRADE, FUNDS)}, terms.rates, {})
    assert list(wider(case, bare, 0.05, _journeys([1.0] * 3), _journeys([0.0] * 3))) == []


def test_no_other_number_moves_with_them() -> None:
    corridor = _study().corridor
    rows = [replace(r, value=10 * r.value) if r.id in (TRADE, FUNDS) else r for r in corridor.unit_values.rows]
    other = _Study(replace(corridor, unit_values=Table(rows)), Question("eu-2025", (AKTAU,)), lambda words: None)
    other.runs.__dict__.update(_study().runs.__dict__)  # the same years: unit values of the panel are in none of them
    other.terms.used.update(_study().terms.used)  # what these years asked for when they were solved
    found = other.answer()
    assert found.wider != _answer().wider
    assert replace(found, wider=(), corridor_id="", run_id="") == replace(
        _answer(), wider=(), corridor_id="", run_id=""
    )
