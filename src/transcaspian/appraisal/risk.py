"""This module owns chance: shapes of what is not known, draws by name, and what makes a result spread.

- ``triangle``, ``pert``: quantiles of a low, a likely and a high value.
- ``uniforms``: numbers that belong to a seed and a name, so that no two causes share luck; ``evenly``: points that fill
  a cube more evenly than such numbers do.
- ``first_order``: the share of the variance of results that one input makes alone, from the runs themselves.
- ``sobol``: shares of the variance of a function that groups of its inputs make; ``Surrogate`` is a quick function
  learnt from runs.
- ``ranks``: rank correlations, for a tornado.

References
----------
Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications 181.
Jansen (1999), Analysis of variance designs for model output, Computer Physics Communications 117.
Plischke, Borgonovo and Smith (2013), Global sensitivity measures from given data, European Journal of Operational
Research 226.
Niederreiter (1978), Quasi-Monte Carlo methods and pseudo-random numbers, Bulletin of the American Mathematical
Society 84.
Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, chapters 2.7 and 5.4.
"""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

FEW = 20
"""Draws below which no tail, no probability and no rank correlation is given: P5 is one draw in twenty."""

SURROGATE = 0.02
"""Error of the surrogate over P5 to P95 above which the total indices that are its are not given."""


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


def evenly(seed: int, name: str, count: int, inputs: int) -> Values:
    """Return points in [0, 1), (count, inputs), that fill the cube: steps of the roots of primes from a point drawn.

    >>> evenly(1, "a", 1000, 2).mean(axis=0).round(2)
    array([0.5, 0.5])
    """
    primes = (n for n in itertools.count(2) if all(n % d for d in range(2, n)))
    steps = np.sqrt(list(itertools.islice(primes, inputs)))
    return np.asarray((uniforms(seed, name, inputs) + np.arange(count)[:, None] * steps) % 1.0)


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
    # Two independent samples are correlated by chance, and that alone moves the index of a cause that makes most of it.
    a, b = np.hsplit(evenly(seed, "sobol", count, 2 * groups), 2)
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


FEWER = 200
"""Runs from which lengths are learnt: they are few numbers, and more runs would take the cube of the time."""

BEGIN, BOUNDS = (0.7, -4.0), ((-2.0, 3.0), (-14.0, 0.0))
"""Logarithms of lengths [deviations of the input] and of noise [share of variance]: to begin with, least and most."""

STEPS = (1.0, 0.5, 0.25)
"""By how much the logarithms are moved, ever less."""


@dataclass(frozen=True)
class Surrogate:
    """A Gaussian process learnt from runs: a linear trend, and beside it what runs that are near have in common.

    What is near is a matter of a length for each input: one may bend the results sharply and another hardly at all. A
    covariance of Matern (5/2) allows bends where queues begin, which polynomials do not follow.
    """

    middle: Values  # (k,)
    length: Values  # (k,) in units of the input
    runs: Values  # (n, k) in lengths
    trend: Values  # (1 + k, m)
    weights: Values  # (n, m)

    @classmethod
    def fitted(cls, inputs: Values, results: Values, guide: Values) -> "Surrogate":
        """Return the surrogate of results (n, m) at inputs (n, k); lengths are those likeliest for a ``guide``, (n,).

        The guide is what the results are put together to: they share its lengths.
        """
        deviation = inputs.std(axis=0)
        middle, deviation = inputs.mean(axis=0), np.where(deviation > 0, deviation, 1.0)
        scaled = (inputs - middle) / deviation
        logs = _likeliest(scaled[:FEWER], guide[:FEWER, None])
        length = np.exp(logs[:-1])
        trend, weights, _ = _process(_apart(scaled, scaled), logs, _linear(scaled), results)
        return cls(middle, deviation * length, scaled / length, trend / np.append(1.0, 1.0 / length)[:, None], weights)

    def __call__(self, inputs: Values) -> Values:
        """Return results (n, m) at inputs (n, k)."""
        scaled = (inputs - self.middle) / self.length
        return np.asarray(_linear(scaled) @ self.trend + _matern(_apart(scaled, self.runs).sum(axis=0)) @ self.weights)


def _likeliest(inputs: Values, guide: Values) -> Values:
    """Return the likeliest logarithms of lengths and noise, (k + 1,): each is moved for as long as that helps."""
    apart, linear = _apart(inputs, inputs), _linear(inputs)
    logs = np.append(np.full(inputs.shape[1], BEGIN[0]), BEGIN[1])
    best = _process(apart, logs, linear, guide)[2]
    for step in STEPS:
        moved = True
        while moved:
            moved = False
            for k in range(len(logs)):
                low, high = BOUNDS[0] if k < len(logs) - 1 else BOUNDS[1]
                for way in (step, -step):
                    there = logs.copy()
                    there[k] = min(max(logs[k] + way, low), high)
                    unlikely = _process(apart, there, linear, guide)[2]
                    if unlikely < best - 1e-3:
                        logs, best, moved = there, unlikely, True
                        break
    return logs


def _process(apart: Values, logs: Values, linear: Values, results: Values) -> tuple[Values, Values, float]:
    """Return trend (1 + k, m), weights of runs (n, m), and how unlikely results (n, m) are, as a log."""
    many = len(linear)
    near = _matern(np.tensordot(np.exp(-2.0 * logs[:-1]), apart, axes=1))
    lower = np.linalg.cholesky(near + np.exp(logs[-1]) * np.eye(many))
    seen = np.linalg.solve(lower, np.hstack([linear, results]))
    line, values = seen[:, : linear.shape[1]], seen[:, linear.shape[1] :]
    trend: Values = np.linalg.lstsq(line, values, rcond=None)[0].astype(np.float64)
    rest: Values = values - line @ trend
    spread = max(float((rest**2).mean()), np.finfo(np.float64).tiny)
    unlikely = 0.5 * many * float(np.log(spread)) + float(np.log(lower.diagonal()).sum())
    weights: Values = np.linalg.solve(lower.T, rest).astype(np.float64)
    return trend, weights, unlikely


def _apart(a: Values, b: Values) -> Values:
    """Return squared distances of points (n, k) and (m, k) by input, (k, n, m)."""
    return np.asarray((a.T[:, :, None] - b.T[:, None, :]) ** 2)


def _matern(squared: Values) -> Values:
    """Return the correlation at squared distances in lengths."""
    far = np.sqrt(5.0 * squared)
    return np.asarray((1.0 + far + far**2 / 3.0) * np.exp(-far))


def _linear(inputs: Values) -> Values:
    return np.hstack([np.ones((len(inputs), 1)), inputs])
