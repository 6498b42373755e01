"""This module owns a cash flow: its present value, rates of return, ratios, payback and switching values.

A flow is an array (..., year): the first year stands at position 0, and leading axes are draws or variants. Years are
discounted by whole years; the year of the price level has the factor one.

- ``factors``, ``npv``, ``dated_npv``: discounting, at one rate or at a rate for every year.
- ``roots``, ``dated_roots``: every internal rate of return there is; ``Rates`` says none, one or several.
- ``CashFlow``: named lines of costs and benefits over years, with the ratios an appraisal prints.

References
----------
European Commission (2014), Guide to Cost-Benefit Analysis of Investment Projects, chapters 2.7 and 2.8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transcaspian.errors import Problem, RequestError

Values = NDArray[np.float64]

LOWEST, HIGHEST = -0.999999, 1e6
"""Rates of return are looked for between these; nothing that pays for itself lies outside."""

GRID = 4001
"""Points at which the present value is looked at for a change of sign."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The internal rates of return of a flow: none, one, or several, from the lowest to the highest.

    ``changes`` counts the changes of sign of the flow; with one, there is at most one rate (Descartes).
    """

    roots: tuple[float, ...]
    changes: int

    @property
    def value(self) -> float | None:
        """The rate, if there is exactly one."""
        return self.roots[0] if len(self.roots) == 1 else None

    @property
    def flag(self) -> Literal["", "none", "several"]:
        """What must be said beside the rate."""
        return "" if len(self.roots) == 1 else "none" if not self.roots else "several"

    def __str__(self) -> str:
        if not self.roots:
            return "does not exist"
        said = ", ".join(f"{100 * r:.2f} %" for r in self.roots)
        return said if len(self.roots) == 1 else f"not unique: {said}"


def stepped(steps: Sequence[tuple[int, float]], count: int) -> Values:
    """Return a rate for each of ``count`` years, (year,): each step holds up to and with its year.

    >>> stepped([(30, 0.035), (75, 0.03), (125, 0.025)], 33)[29:]
    array([0.035, 0.03 , 0.03 ])
    """
    ends = [end for end, _ in steps]
    if count - 1 > ends[-1]:
        raise RequestError([Problem("rate", "", "steps", str(ends[-1]), f"steps up to year {count - 1}")])
    return np.array([next(rate for end, rate in steps if year <= end) for year in range(1, count)])


def factors(rate: float | Values, count: int) -> Values:
    """Return discount factors, (year,), of ``count`` years, the first of which is not discounted.

    ``rate`` is one rate, or a rate for every year after the first, (year - 1,); factors chain and never start again.

    >>> factors(0.05, 3).round(4)
    array([1.    , 0.9524, 0.907 ])
    """
    rates = np.broadcast_to(np.asarray(rate, dtype=np.float64), (count - 1,)) if count > 1 else np.empty(0)
    if (rates <= -1).any():
        raise RequestError([Problem("rate", "", "", f"{float(rates.min()):g}", "a rate above -1")])
    return np.concatenate([[1.0], 1.0 / np.cumprod(1.0 + rates)])


def npv(flow: ArrayLike, rate: float | Values) -> Values:
    """Return the present value of a flow (..., year), (...), in the money of its first year.

    >>> float(npv([-15000, 1500, 2500, 3500, 4500, 6000], 0.05).round(2))
    122.89
    """
    values = np.asarray(flow, dtype=np.float64)
    return np.asarray(values @ factors(rate, values.shape[-1]))


def dated_npv(days: Sequence[date], amounts: ArrayLike, rate: float) -> float:
    """Return the present value at the first day given of amounts on days, at years of 365 days."""
    times = _years(days)
    return float(np.sum(np.asarray(amounts, dtype=np.float64) * (1.0 + rate) ** -times))


def _years(days: Sequence[date]) -> Values:
    return np.array([(day - days[0]).days for day in days]) / 365.0


def roots(flow: ArrayLike) -> Rates:
    """Return every internal rate of return of a flow (year,).

    Without a change of sign there is none. With one there is one, found exactly. With several, the present value is
    looked at on a grid of rates: two roots nearer than a grid point, where it only touches zero, are not told apart.

    >>> print(roots([-100, 60, 60])), print(roots([1, 2, 3])), print(roots([-100, 230, -132]))
    13.07 %
    does not exist
    not unique: 10.00 %, 20.00 %
    (None, None, None)
    """
    amounts = np.asarray(flow, dtype=np.float64)
    return _roots(np.arange(amounts.size, dtype=np.float64), amounts)


def dated_roots(days: Sequence[date], amounts: ArrayLike) -> Rates:
    """Return every internal rate of return of amounts on days, at years of 365 days."""
    order = np.argsort(_years(days), kind="stable")
    return _roots(_years(days)[order], np.asarray(amounts, dtype=np.float64)[order])


def _roots(times: Values, amounts: Values) -> Rates:
    held = amounts != 0
    times, amounts = times[held], amounts[held]
    changes = int(np.sum(np.sign(amounts[1:]) != np.sign(amounts[:-1])))
    if changes == 0:
        return Rates((), 0)
    times = times - times[0]

    def value(logs: Values) -> Values:
        """Present value, scaled by a positive number so that it neither overflows nor vanishes."""
        powers = -logs[..., None] * times
        return np.asarray((amounts * np.exp(powers - powers.max(axis=-1, keepdims=True))).sum(axis=-1))

    grid = np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), GRID)
    signs = np.sign(value(grid))
    exact = grid[signs == 0]
    low, high = grid[:-1][signs[:-1] * signs[1:] < 0], grid[1:][signs[:-1] * signs[1:] < 0]
    below = np.sign(value(low)) if low.size else low
    for _ in range(80):
        middle = 0.5 * (low + high)
        same = np.sign(value(middle)) == below if middle.size else np.zeros(0, dtype=bool)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    found = np.sort(np.concatenate([exact, 0.5 * (low + high)]))
    return Rates(tuple(float(r) for r in np.expm1(found)), changes)


def modified_rate(flow: ArrayLike, finance: float, reinvest: float) -> float | None:
    """Return the modified internal rate of return of a flow (year,): None where it has no outlay or no income."""
    values = np.asarray(flow, dtype=np.float64)
    last = values.size - 1
    out = -float(npv(np.minimum(values, 0.0), finance))
    back = float(npv(np.maximum(values, 0.0), reinvest)) * (1 + reinvest) ** last
    return None if out <= 0 or back <= 0 else float((back / out) ** (1 / last) - 1)


def payback(flow: ArrayLike, rate: float | Values = 0.0) -> float | None:
    """Return after how many years of a flow (year,) what was spent has come back for good, or None.

    Years are counted from the first; within a year money comes evenly.

    >>> payback([-27] + [5] * 20)
    5.4
    """
    values = np.asarray(flow, dtype=np.float64)
    total = np.cumsum(values * factors(rate, values.size))
    if total[-1] < 0:
        return None
    short = np.flatnonzero(total < 0)
    if short.size == 0:
        return 0.0
    last = int(short[-1])
    return float(last + -total[last] / (total[last + 1] - total[last]))


def switching(value: float, line: float) -> float | None:
    """Return by which share of itself a line of present value ``line`` must change to make ``value`` zero.

    It holds for lines that do not also move demand; None where the line is nothing.

    >>> round(switching(3.3358, 21.1259 * -1), 3)
    0.158
    """
    return None if line == 0 else -value / line


def straight_line(cost: float, life: float, used: int, replaced: float = 1.0) -> float:
    """Return what is left of an asset after ``used`` years of its life, written off evenly.

    An asset whose life is over within them has been replaced once, at ``replaced`` of its cost. Land does not wear:
    its life is infinite.

    >>> straight_line(100.0, 40, 25), straight_line(100.0, 20, 25, replaced=0.5)
    (37.5, 37.5)
    """
    if np.isinf(life):
        return cost
    if life <= used:
        return cost * replaced * (2 * life - used) / life
    return cost * (life - used) / life


@dataclass(frozen=True)
class Line:
    """One line of a cash flow: what it is, on which side of the ratio, and its amounts, (..., year).

    Costs are negative and benefits positive, whatever the side.
    """

    name: str
    side: Literal["cost", "benefit"]
    flow: Values


@dataclass(frozen=True)
class CashFlow:
    """Lines of costs and benefits over the years from ``first`` on, in constant prices."""

    first: int
    lines: tuple[Line, ...]

    @property
    def net(self) -> Values:
        """All lines together, (..., year)."""
        found: Values = np.sum(np.stack(np.broadcast_arrays(*[line.flow for line in self.lines])), axis=0)
        return found

    def check(self, base: int) -> None:
        """Raise if ``base`` would drop what was spent before it.

        Raises
        ------
        RequestError
            Naming the first year in which anything flows.
        """
        flows = np.any(self.net != 0, axis=tuple(range(self.net.ndim - 1)))
        if flows.any() and base > self.first + int(np.argmax(flows)):
            year = self.first + int(np.argmax(flows))
            right = f"{year} or before: money flows from {year} on, and a later base would drop it"
            raise RequestError([Problem("appraisal", "", "base year", str(base), right)])

    def value(self, rate: float | Values, base: int | None = None) -> Values:
        """Return the net present value, (...), in the money of the base year; the first year by default.

        Raises
        ------
        RequestError
            If the base year would drop a flow before it.
        """
        return self._valued(self.net, rate, base)

    def values(self, rate: float | Values, base: int | None = None) -> dict[str, Values]:
        """Return the present value of each line, (...), by name."""
        return {line.name: self._valued(line.flow, rate, base) for line in self.lines}

    def _valued(self, flow: Values, rate: float | Values, base: int | None) -> Values:
        at = self.first if base is None else base
        self.check(at)
        if at == self.first:
            return npv(flow, rate)
        ahead = self.first - at
        padded = np.concatenate([np.zeros((*flow.shape[:-1], max(ahead, 0))), flow[..., max(-ahead, 0) :]], axis=-1)
        return npv(padded, rate)

    def ratio(self, rate: float | Values) -> Values:
        """Return the benefit-cost ratio, (...): benefits over costs by the side of each line; nan without costs."""
        worth = self.values(rate)
        gain = sum((worth[line.name] for line in self.lines if line.side == "benefit"), np.float64(0))
        spent = -sum((worth[line.name] for line in self.lines if line.side == "cost"), np.float64(0))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(spent > 0, np.divide(gain, spent), np.nan))

    def rates(self) -> Rates:
        """Return the internal rates of return of the net flow; the flow must have no axis but years."""
        return roots(self.net)

    def switches(self, rate: float | Values) -> dict[str, float | None]:
        """Return the switching value of each line: by which share it must change for the net value to be zero."""
        total = float(self.value(rate))
        return {name: switching(total, float(worth)) for name, worth in self.values(rate).items()}
