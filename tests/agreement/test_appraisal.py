"""Appraisal against independent tools: scipy, the roots of a polynomial, and two packages where they are installed."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats

from transcaspian.appraisal.cashflow import npv, roots
from transcaspian.appraisal.portfolio import MOST, allowed, best_by_pairs, best_set, portfolio, shapley
from transcaspian.appraisal.risk import Pert, Surrogate, first_order, rank_correlation, sobol, triangle, uniforms

FLOWS = st.lists(st.integers(-100, 100), min_size=2, max_size=12).filter(lambda f: f[0] != 0)


@given(FLOWS)
@settings(max_examples=200, deadline=None)
def test_every_root_is_one_of_the_polynomial(flow: list[int]) -> None:
    """The rates are the real positive roots of a polynomial in 1 / (1 + r); what its roots say simple, we have too."""
    found = roots(flow)
    powers = np.polynomial.Polynomial(flow)
    every = np.asarray(powers.roots(), dtype=np.complex128)
    exact = [float(r.real) for r in every if abs(r.imag) < 1e-9 and 1e-5 < r.real < 1e5]
    slope = powers.deriv()
    for x in exact:
        others = [abs(x - y) for y in exact if y != x]
        if abs(slope(x)) > 1e-3 and all(d > 0.05 * x for d in others):
            assert any(abs(1 / (1 + r) - x) < 1e-6 * x for r in found.roots), (flow, found)
    for r in found.roots:
        scale = sum(abs(a) * (1 + r) ** -t for t, a in enumerate(flow))
        assert abs(float(npv(flow, r))) <= 1e-6 * scale
    assert found.changes >= len(found.roots), "no more roots than changes of sign (Descartes)"


@given(st.floats(1, 1e6), st.lists(st.floats(0.01, 1e5), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_a_plain_flow_agrees_with_a_bracketing_solver(cost: float, gains: list[float]) -> None:
    flow = np.array([-cost, *gains])
    found = roots(flow)
    assert found.changes == 1 and len(found.roots) <= 1
    if found.value is not None:
        expected = optimize.brentq(lambda r: float(npv(flow, r)), -0.999999, 1e6, xtol=1e-14, maxiter=500)
        assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_numpy_financial_and_pyxirr_agree() -> None:
    financial = pytest.importorskip("numpy_financial", reason="numpy-financial is compared where it is installed")
    xirr = pytest.importorskip("pyxirr", reason="pyxirr is compared where it is installed")
    generator = np.random.Generator(np.random.Philox(7))
    for _ in range(50):
        flow = np.concatenate([[-generator.random() * 100 - 1], generator.random(20) * 20])
        assert roots(flow).value == pytest.approx(financial.irr(flow), rel=1e-9)
        assert roots(flow).value == pytest.approx(xirr.irr(flow), rel=1e-6)
        assert float(npv(flow, 0.07)) == pytest.approx(float(financial.npv(0.07, flow)), rel=1e-12)


def test_quantiles_agree_with_scipy() -> None:
    u = np.linspace(0.01, 0.99, 33)
    low, mode, high = 0.9, 1.0, 1.6
    pert = Pert(low, mode, high)
    np.testing.assert_allclose(pert.at(u), stats.beta.ppf(u, pert.alpha, pert.beta, low, high - low), atol=1e-4)
    shape = (mode - low) / (high - low)
    np.testing.assert_allclose(triangle(u, low, mode, high), stats.triang.ppf(u, shape, low, high - low), atol=1e-12)


def test_rank_correlation_agrees_with_scipy() -> None:
    generator = np.random.Generator(np.random.Philox(3))
    x, y = np.round(generator.random(60), 1), np.round(generator.random(60), 1)
    assert rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


def _ishigami(u: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_ishigami() -> None:
    """Ishigami and Homma (1990), a = 7, b = 0.1: the indices are known in closed form."""
    a, b = 7.0, 0.1
    whole = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = [0.5 * (1 + b * np.pi**4 / 5) ** 2 / whole, a**2 / 8 / whole, 0.0]
    total = [first[0] + 8 * b**2 * np.pi**8 / 225 / whole, first[1], 8 * b**2 * np.pi**8 / 225 / whole]
    found = sobol(_ishigami, 3, 1 << 15, 1)
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.02)
    runs = np.stack([uniforms(3, str(k), 4000) for k in range(3)], axis=1)
    given = [first_order(runs[:, k], _ishigami(runs)) for k in range(3)]
    np.testing.assert_allclose(given, first, atol=0.04)


def test_total_indices_hang_little_on_their_own_sample() -> None:
    """What one cause alone makes of most of the variance: two samples drawn independently miss it by up to 0.03."""
    weights = np.array([3.0, 1.0, 0.5, 0.2, 0.1, 0.1, 0.1, 0.1])
    found = [sobol(lambda u: u @ weights, len(weights), 2048, seed).total for seed in range(20)]
    np.testing.assert_allclose(found, np.tile(weights**2 / (weights**2).sum(), (20, 1)), atol=0.015)


def test_a_surrogate_follows_a_queue_that_begins_within_its_runs() -> None:
    """Where a polynomial of the second degree misses by 5 %; inputs in units of their own."""
    scale = np.array([1.0, 30.0, 0.01])
    runs, unseen = (np.stack([uniforms(seed, str(k), 200) for k in range(3)], axis=1) for seed in (1, 2))

    def results(u: NDArray[np.float64]) -> NDArray[np.float64]:
        queue = 4.0 * np.maximum(u[:, 0] + 0.5 * u[:, 1] - 0.9, 0.0) ** 1.5
        return np.stack([queue + np.exp(u[:, 2]), u[:, 1]], axis=1)

    wide = np.ptp(np.percentile(results(unseen)[:, 0], (5, 95)))
    surrogate = Surrogate.fitted(runs * scale, results(runs), results(runs)[:, 0])
    missed = surrogate(unseen * scale) - results(unseen)
    assert np.sqrt(np.mean(missed**2, axis=0)) / wide == pytest.approx([0.0, 0.0], abs=0.01)


def _orders(projects: str, worth: dict[frozenset[str], float]) -> dict[str, float]:
    """Shapley by its definition: the mean of what a project adds, over every order."""
    found = dict.fromkeys(projects, 0.0)
    orders = list(itertools.permutations(projects))
    for order in orders:
        for n, project in enumerate(order):
            found[project] += worth[frozenset(order[: n + 1])] - worth[frozenset(order[:n])]
    return {project: value / len(orders) for project, value in found.items()}


@given(st.lists(st.floats(-100, 100), min_size=16, max_size=16), st.floats(1, 10))
@settings(max_examples=60, deadline=None)
def test_portfolio_equals_brute_force(values: list[float], budget: float) -> None:
    projects = "abcd"
    sets = [frozenset(s) for n in range(5) for s in itertools.combinations(projects, n)]
    worth = dict(zip(sets, values, strict=True))
    costs = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
    needs, excludes = [("b", "a")], [("c", "d")]
    assert shapley(projects, worth.__getitem__) == pytest.approx(_orders(projects, worth))
    total = sum(shapley(projects, worth.__getitem__).values())
    assert total == pytest.approx(worth[frozenset(projects)] - worth[frozenset()])
    chosen = best_set(projects, worth.__getitem__, costs, budget, needs, excludes)
    fitting = [s for s in sets if sum(costs[p] for p in s) <= budget and allowed(s, needs, excludes)]
    assert chosen in fitting
    assert worth[chosen] == pytest.approx(max(worth[s] for s in fitting), abs=1e-8)


@given(st.lists(st.floats(-100, 100), min_size=15, max_size=15), st.floats(1, 12))
@settings(max_examples=60, deadline=None)
def test_the_choice_by_pairs_equals_brute_force(values: list[float], budget: float) -> None:
    """Where sets are worth their projects and pairs, the solver must find what looking at every set finds."""
    projects = "abcde"
    alone = dict(zip(projects, values, strict=False))
    together = dict(zip(itertools.combinations(projects, 2), values[5:], strict=True))
    costs = {p: float(n) for n, p in enumerate(projects, 1)}
    needs, excludes = [("b", "a"), ("e", "x")], [("c", "d")]

    def worth(some: frozenset[str]) -> float:
        return sum(alone[p] for p in some) + sum(v for (a, b), v in together.items() if {a, b} <= some)

    chosen = best_by_pairs(projects, alone, together, costs, budget, needs, excludes)
    best = best_set(projects, worth, costs, budget, needs, excludes)
    assert allowed(chosen, needs, excludes) and sum(costs[p] for p in chosen) <= budget
    assert worth(chosen) == pytest.approx(worth(best), abs=1e-4)


def test_more_projects_than_every_set_can_be_looked_at() -> None:
    """14 projects in a row that each help the next: all pay together, the mean shares add up to the whole."""
    projects = [f"p{n:02d}" for n in range(MOST + 2)]

    def worth(some: frozenset[str]) -> float:
        return sum(3.0 if b in some else -1.0 for a, b in itertools.pairwise(projects) if a in some)

    found = portfolio(projects, worth, dict.fromkeys(projects, 10.0), None)
    assert all(p.chosen for p in found.places)
    assert found.value == pytest.approx(worth(frozenset(projects))) == pytest.approx(found.by_pairs)
    assert sum(p.shapley or 0.0 for p in found.places) == pytest.approx(found.value)
    few = portfolio(projects, worth, dict.fromkeys(projects, 10.0), 35.0)
    # Of three that stand in a row two help the next; with the last, which costs nothing alone, all of the three do.
    assert few.spent == 30.0 and few.value == 6.0
