"""This module owns what users gain: the rule of half, the composite cost, integration along the demand curve.

All costs are of one unit, generalised: price, time, reliability. Gains are positive.

References
----------
Nellthorp and Hyman (2001), Alternatives to the rule of half in matrix based appraisal.
de Jong et al. (2007), The logsum as an evaluation measure, Transportation Research A 41.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

AGREES = 0.02
"""The rule of half is used where it lies within this share of the integral."""


class Gain(NamedTuple):
    """A gain of users, and by which rule it was worked out."""

    value: float
    rule: Literal["rule of half", "integration"]


def rule_of_half(before: ArrayLike, after: ArrayLike, cost_before: ArrayLike, cost_after: ArrayLike) -> Values:
    """Return the gain of users, (...): those who were there in full, those who come or go by half.

    >>> float(rule_of_half(100, 140, 10.0, 8.0))
    240.0
    """
    volume = np.asarray(before, dtype=np.float64) + np.asarray(after, dtype=np.float64)
    return np.asarray(0.5 * volume * (np.asarray(cost_before, dtype=np.float64) - np.asarray(cost_after)))


def diverted(units: ArrayLike, left: ArrayLike, taken: ArrayLike) -> Values:
    """Return the gain, (...), of units that leave one route for another: the cost of the one *left* less that taken."""
    return np.asarray(np.asarray(units, dtype=np.float64) * (np.asarray(left, dtype=np.float64) - np.asarray(taken)))


def composite(cost: ArrayLike, scale: float) -> Values:
    """Return the composite cost, (...), of ways (..., way) among which a logit of a scale chooses.

    A way that does not exist costs ``inf``. One way alone has its own cost as its composite.

    >>> float(composite([100.0, np.inf], 0.1))
    100.0
    """
    values = np.asarray(cost, dtype=np.float64)
    least = values.min(axis=-1, keepdims=True)
    spread = np.exp(-scale * (values - least)).sum(axis=-1)
    return np.asarray(least[..., 0] - np.log(spread) / scale)


def logsum(volume: float, cost_before: ArrayLike, cost_after: ArrayLike, scale: float) -> Values:
    """Return the gain, (...), of a volume that chooses by a logit: the fall of its composite cost."""
    return np.asarray(volume * (composite(cost_before, scale) - composite(cost_after, scale)))


def along(demand: Callable[[Values], Values], cost_before: ArrayLike, cost_after: ArrayLike, steps: int = 400) -> float:
    """Return the gain by integration along the demand curve, from one set of costs (way,) straight to another.

    ``demand`` gives the volume of every way, (way,), at some costs. Gauss-Legendre in ``steps`` pieces.
    """
    before, after = np.asarray(cost_before, dtype=np.float64), np.asarray(cost_after, dtype=np.float64)
    points, weights = np.polynomial.legendre.leggauss(4)
    total = 0.0
    for step in range(steps):
        for point, weight in zip(points, weights, strict=True):
            share = (step + 0.5 * (1 + point)) / steps
            total += 0.5 * weight / steps * float(demand(before + share * (after - before)) @ (before - after))
    return total


def elastic(before: ArrayLike, fall: ArrayLike, left: ArrayLike, elasticity: ArrayLike) -> Values:
    """Return the gain, (...), of a volume whose composite cost falls, integrated exactly along its demand curve.

    Parameters
    ----------
    before : volume before, in units
    fall : by how much the composite cost falls; below zero where it rises
    left : what is left of the worth of the goods after transport before, per unit
    elasticity : of the volume to what is left; 0 is a volume that output sets

    The curve is ``before * ((left + fall) / left) ** elasticity``, nothing once nothing is left.

    >>> float(elastic(100.0, 2.0, 50.0, 0.0)), round(float(elastic(100.0, 2.0, 50.0, 1.0)), 6)
    (200.0, 204.0)
    """
    volume, fall = np.asarray(before, dtype=np.float64), np.asarray(fall, dtype=np.float64)
    room, power = np.maximum(np.asarray(left, dtype=np.float64), 1e-9), np.asarray(elasticity, dtype=np.float64)
    grown = np.maximum(1.0 + fall / room, 0.0)
    curve = volume * room / (power + 1.0) * (grown ** (power + 1.0) - 1.0)
    return np.asarray(np.where(power > 0, curve, volume * fall))


def sold_here(before: ArrayLike, fall: ArrayLike, offered: ArrayLike, scale: ArrayLike) -> Values:
    """Return the gain, (...), of sellers who choose between buyers here and elsewhere as it gets cheaper to reach here.

    Parameters
    ----------
    before : volume sold here before, in units
    fall : by how much the composite cost of bringing it here falls; below zero where it rises
    offered : volume sold here and elsewhere
    scale : of the logit between both, per unit of cost

    It is the fall of the composite cost of all that is sold, exactly; the cost of reaching the others stays.

    >>> round(float(sold_here(100.0, 2.0, 300.0, 1e-9)), 6), round(float(sold_here(100.0, 2.0, 100.0, 0.1)), 6)
    (200.0, 200.0)
    """
    volume, whole, sharp = (np.asarray(x, dtype=np.float64) for x in (before, offered, scale))
    here = volume / np.maximum(whole, 1e-9)
    risen = np.log1p(here * np.expm1(sharp * np.asarray(fall, dtype=np.float64)))
    return np.asarray(whole * risen / np.where(sharp > 0, sharp, 1.0))


def gain(half: float, integral: float) -> Gain:
    """Return the rule of half where it agrees with the integral, else the integral.

    >>> gain(578.97, 578.39).rule, gain(31273.9, 37048.9).rule
    ('rule of half', 'integration')
    """
    agrees = abs(half - integral) <= AGREES * abs(integral)
    return Gain(half, "rule of half") if agrees else Gain(integral, "integration")
