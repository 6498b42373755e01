"""This module owns chance: shapes of what is not known, draws by name, and what makes a result spread.

- ``triangle``, ``pert``: quantiles of a low, a likely and a high value.
- ``uniforms``: numbers that belong to a seed and a name, so that no two causes share luck.
- ``first_order``: the share of the variance of results that one input makes alone, from the runs themselves.
- ``sobol``: shares of the variance of a function that groups of its inputs make; ``Surrogate`` is a quick function.
- ``ranks``: rank correlations, for a tornado.

References
----------
Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications 181.
Jansen (1999), Analysis of variance designs for model output, Computer Physics Communications 117.
Plischke, Borgonovo and Smith (2013), Global sensitivity measures from given data, European Journal of Operational
Research 226.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

FEW = 20
"""Draws below which no tail, no probability and no rank correlation is given: P5 is one draw in twenty."""

SURROGATE = 0.1
"""Error of the surrogate over P5 to P95 above which the total indices, which are its, are not given."""


def triangle(u: ArrayLike, low: float, mode: float, high: float) -> Values:
    """Return quantiles of a triangular distribution, (...), at ``u`` in [0, 1].

    >>> triangle([0.0, 0.5, 1.0], 0.0, 1.0, 2.0)
    array([0., 1., 2.])
    """
    at = np.asarray(u, dtype=np.float64)
    if high <= low:
        return np.full(at.shape, mode)
    left = (mode - low) / (high - low)
    up = low + np.sqrt(at * (high - low) * (mode - low))
    down = high - np.sqrt((1 - at) * (high - low) * (high - mode))
    return np.asarray(np.where(at < left, up, down))


@dataclass(frozen=True, slots=True)
class Pert:
    """A PERT distribution: a beta between low and high whose mean is (low + 4 mode + high) / 6."""

    low: float
    mode: float
    high: float

    @property
    def alpha(self) -> float:
        """First shape of the beta."""
        return 1 + 4 * (self.mode - self.low) / (self.high - self.low)

    @property
    def beta(self) -> float:
        """Second shape of the beta."""
        return 1 + 4 * (self.high - self.mode) / (self.high - self.low)

    @property
    def mean(self) -> float:
        """Mean."""
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def deviation(self) -> float:
        """Standard deviation."""
        a, b = self.alpha, self.beta
        return (self.high - self.low) * float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))

    def at(self, u: ArrayLike) -> Values:
        """Return quantiles, (...), by adding up the density on a grid: right to about 1e-5 of the range.

        >>> float(Pert(0.9, 1.0, 1.6).at(0.5).round(3))
        1.064
        """
        x = (np.arange(20000) + 0.5) / 20000
        density = x ** (self.alpha - 1) * (1 - x) ** (self.beta - 1)
        total = np.concatenate([[0.0], np.cumsum(density)]) / density.sum()
        edges = np.linspace(0.0, 1.0, 20001)
        return np.asarray(self.low + (self.high - self.low) * np.interp(np.asarray(u, dtype=np.float64), total, edges))


def uniforms(seed: int, name: str, count: int) -> Values:
    """Return numbers in [0, 1), (count,), that belong to a seed and a name; more of them begin with the same.

    >>> bool((uniforms(1, "a", 3) == uniforms(1, "a", 5)[:3]).all()), bool(uniforms(1, "a", 1) == uniforms(1, "b", 1))
    (True, False)
    """
    key = int.from_bytes(hashlib.sha256(f"{seed}:appraisal:{name}".encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key)).random(count)


def ranks(values: ArrayLike) -> Values:
    """Return the ranks of values, (n,), equal ones sharing the mean of theirs."""
    x = np.asarray(values, dtype=np.float64)
    _, where, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[where])


def rank_correlation(x: ArrayLike, y: ArrayLike) -> float:
    """Return Spearman's rank correlation of two series; 0 where one does not vary.

    >>> rank_correlation([1, 2, 3], [1, 8, 27])
    1.0
    """
    a, b = ranks(x), ranks(y)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.round(np.corrcoef(a, b)[0, 1], 12))


def first_order(x: ArrayLike, y: ArrayLike) -> float:
    """Return the share of the variance of results that an input makes alone: its first Sobol index, from given runs.

    Runs in order of the input are cut into classes of one size; what lies between the means of the classes, less what
    chance alone would put there, is the input's. It may come out a little below zero where the input does nothing.

    >>> x = (np.arange(1000) + 0.5) / 1000
    >>> round(first_order(x, np.sin(2 * np.pi * x)), 1), first_order(x, np.ones(1000))
    (1.0, 0.0)
    """
    results = np.asarray(y, dtype=np.float64)[np.argsort(x, kind="stable")]
    many = len(results)
    classes = np.array_split(results, max(2, round(1.5 * many ** (1 / 3))))
    between = sum(len(c) * (c.mean() - results.mean()) ** 2 for c in classes)
    inside = sum(float(((c - c.mean()) ** 2).sum()) for c in classes) / max(many - len(classes), 1)
    whole = float(((results - results.mean()) ** 2).sum())
    return float((between - (len(classes) - 1) * inside) / whole) if whole > 0 else 0.0


@dataclass(frozen=True)
class Indices:
    """First and total Sobol indices of every group, (k,)."""

    first: Values
    total: Values


def sobol(model: Callable[[Values], Values], groups: int, count: int, seed: int) -> Indices:
    """Return the Sobol indices of a function of inputs in [0, 1), one for each group.

    Parameters
    ----------
    model : of inputs (n, k) to results (n,)
    groups : k
    count : base sample; the function is called for ``count * (k + 2)`` inputs
    seed : of the sample
    """
    a = np.stack([uniforms(seed, f"sobol-a-{k}", count) for k in range(groups)], axis=1)
    b = np.stack([uniforms(seed, f"sobol-b-{k}", count) for k in range(groups)], axis=1)
    at_a, at_b = model(a), model(b)
    spread = float(np.var(np.concatenate([at_a, at_b])))
    first, total = np.zeros(groups), np.zeros(groups)
    for k in range(groups):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        at = model(mixed)
        if spread > 0:
            first[k] = float(np.mean((at_b - at_b.mean()) * (at - at_a))) / spread
            total[k] = 0.5 * float(np.mean((at_a - at) ** 2)) / spread
    return Indices(first, total)


@dataclass(frozen=True)
class Surrogate:
    """A polynomial of the second degree in inputs in [0, 1), fitted to runs."""

    weights: Values

    @classmethod
    def fitted(cls, inputs: Values, results: Values) -> "Surrogate":
        """Return the surrogate that fits inputs (n, k) to results (n,) best, a little drawn towards the plain ones."""
        terms = _terms(inputs)
        ridge = 1e-6 * len(results) * np.eye(terms.shape[1])
        weights: Values = np.linalg.solve(terms.T @ terms + ridge, terms.T @ results).astype(np.float64)
        return cls(weights)

    def __call__(self, inputs: Values) -> Values:
        """Return results (n,) at inputs (n, k)."""
        return np.asarray(_terms(inputs) @ self.weights)


def _terms(inputs: Values) -> Values:
    x = 2.0 * inputs - 1.0
    many = x.shape[1]
    pairs = [x[:, i] * x[:, j] for i in range(many) for j in range(i, many)]
    return np.stack([np.ones(len(x)), *x.T, *pairs], axis=1)
