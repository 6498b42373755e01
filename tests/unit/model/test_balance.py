"""Furness balancing: by hand, beside another way to the same answer, and where a dataset is read."""

from dataclasses import replace
from math import fsum, sqrt
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from scipy.optimize import minimize

from transcaspian.errors import DataError
from transcaspian.io import bundled, load, read, write_corridor
from transcaspian.model.balance import balanced, furness
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.demand import Margin
from transcaspian.model.corridor.ids import DemandId


def test_a_square_of_two_is_as_by_hand() -> None:
    # Scaling rows and columns keeps x11 x22 / (x12 x21), here 3. With x11 = a, x12 = 10 - a, x21 = 12 - a, x22 = 8 + a:
    # a (8 + a) = 3 (10 - a) (12 - a), so a^2 - 37 a + 180 = 0.
    a = (37 - sqrt(649)) / 2
    volumes, missed = furness([1, 1, 1, 3], [((0, 1), 10), ((2, 3), 20), ((0, 2), 12), ((1, 3), 18)])
    assert volumes == pytest.approx([a, 10 - a, 12 - a, 8 + a]) and missed < 1e-9


def test_it_is_the_nearest_to_the_guess_of_all_that_fit() -> None:
    # Another way to the same answer: the dual of "least information" (Kullback and Leibler), by a general minimiser.
    draw = np.random.default_rng(7)
    guess = draw.uniform(1.0, 9.0, (4, 5)) * (draw.uniform(size=(4, 5)) > 0.2)
    truth = guess * draw.uniform(0.5, 2.0, (4, 1)) * draw.uniform(0.5, 2.0, (1, 5)) * draw.uniform(0.8, 1.2, (4, 5))
    rows, columns = truth.sum(axis=1), truth.sum(axis=0)

    def dual(x: np.ndarray) -> float:
        return float((guess * np.exp(x[:4, None] + x[None, 4:])).sum() - rows @ x[:4] - columns @ x[4:])

    def slope(x: np.ndarray) -> np.ndarray:
        fitted = guess * np.exp(x[:4, None] + x[None, 4:])
        return np.concatenate([fitted.sum(axis=1) - rows, fitted.sum(axis=0) - columns])

    best = minimize(dual, np.zeros(9), jac=slope, method="BFGS", options={"gtol": 1e-10}).x
    place = np.arange(20).reshape(4, 5)
    totals = [(i, float(t)) for i, t in zip((*place.tolist(), *place.T.tolist()), (*rows, *columns), strict=True)]
    volumes, missed = furness(guess.ravel().tolist(), totals)
    assert missed < 1e-9
    assert np.array(volumes).reshape(4, 5) == pytest.approx(guess * np.exp(best[:4, None] + best[None, 4:]), rel=1e-6)


def test_totals_that_contradict_each_other_are_missed() -> None:
    assert furness([1, 1], [((0,), 5), ((0, 1), 4)])[1] > 0.1
    assert furness([2, 3], [((0, 1), 5)]) == ([2, 3], 0.0)


def with_copper(corridor: Corridor, *totals: Margin) -> Corridor:
    """Return the corridor with these totals of its copper in the place of all that it has."""
    demand = (replace(d, matrix="copper" if d.matrix == "copper" else None) for d in corridor.demand.rows)
    return replace(corridor, demand=Table(demand), margins=Table(totals))


def test_demand_is_fitted_where_it_is_read(tmp_path: Path) -> None:
    def total(end: Literal["origin", "destination"], at: str, tonnes: float) -> Margin:
        return Margin(matrix="copper", end=end, at=at, tonnes=tonnes, year=2024, note="drawn")

    plain = load()
    guess = with_copper(plain, total("destination", "tr", 200_000), total("origin", "balkhash", 120_000))
    write_corridor(guess, tmp_path / "data")
    fitted = load(tmp_path / "data")
    before, after = plain.demand, fitted.demand
    to_turkey = [d for d in after.rows if d.matrix and fitted.places[d.destination].country == "tr"]
    assert fsum(d.tonnes for d in to_turkey) == pytest.approx(200_000)
    assert fsum(d.tonnes for d in after.rows if d.matrix and d.origin == "balkhash") == pytest.approx(120_000)
    for key, row in after.items():
        old = before[DemandId(key)]
        assert row.tonnes / row.units == pytest.approx(old.tonnes / old.units)  # a box is as heavy as before
        assert row.matrix or row == replace(old, matrix=None)
    assert balanced(fitted) == fitted and read(tmp_path / "data").whole() == guess
    write_corridor(with_copper(plain, total("destination", "tr", 3), total("origin", "kz", 2)), tmp_path / "bad")
    with pytest.raises(DataError, match="totals that can hold together"):
        load(tmp_path / "bad")


def test_published_totals_of_the_bundled_corridor_hold_as_they_stand() -> None:
    # Its rows were derived from these totals, so the fit alters none; it holds them to that.
    assert load() == read(bundled()).whole() and len(load().margins) == 5
