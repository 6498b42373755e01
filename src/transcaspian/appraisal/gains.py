"""This module owns the difference between two years of flows: who gains what, in which country, and what is emitted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transcaspian.appraisal.surplus import elastic, rule_of_half, sold_here
from transcaspian.results.welfare import Users, Welfare

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Gains:
    """What a year with a project gives over the year without, [EUR] where nothing else is said.

    ``users`` of each demand without reliability, (d,), and ``reliability``, (d,); ``margins`` of operators, (o,). What
    prices pass on of the latter, ``passed`` (d,), stands with the users and no more with the operators.
    ``carbon`` is the rise of emissions of each demand [kg], (d,); ``tonnes`` moved more, (d,), and the ``volume`` that
    wants to move without [t/year], (d,), of which ``waiting`` still waits when the year without ends [t], (d,).
    ``hauled`` are tonne-kilometres more by mode and country [t km/year].
    ``half`` is what the rule of half gives for all users, to be set beside the integral; ``gap`` the larger of the two
    years' gaps.
    """

    year: int
    demands: tuple[str, ...]
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    commodities: tuple[str, ...]
    users: Values
    reliability: Values
    operators: tuple[str, ...]
    margins: Values
    passed: Values
    carbon: Values
    tonnes: Values
    volume: Values
    waiting: Values
    hauled: Mapping[tuple[str, str], float]
    half: float
    shut: tuple[str, ...]
    gap: float

    @property
    def gross(self) -> float:
        """Emissions of the demands that emit more [kg]."""
        return float(np.maximum(self.carbon, 0.0).sum())

    @property
    def net(self) -> float:
        """Emissions of all [kg]: those that left another route have taken theirs from there."""
        return float(self.carbon.sum())


def gains_of(without: Welfare, after: Welfare) -> Gains:
    """Return the difference of two years.

    A demand to which nothing is open in some month of either year is left out of that month, and named.
    """
    if without.demands != after.demands:
        raise ValueError("the two years have different demands")
    one, other = without.users, after.users
    whole, fall, shut = _fall(without, one, other)
    core, _, _ = _fall(without, without.calm, after.calm)
    queue, queue_core = one.queue - other.queue, without.calm.queue - after.calm.queue
    operators = tuple(dict.fromkeys((*without.operators, *after.operators)))
    place = {name: n for n, name in enumerate(operators)}
    margins = np.zeros(len(operators))
    for sign, year in ((-1.0, without), (1.0, after)):
        for name, margin in zip(year.operators, (year.margin - year.passing).tolist(), strict=True):
            margins[place[name]] += sign * margin
    passed = after.passed - without.passed
    hauled = dict.fromkeys((*without.hauls, *after.hauls), 0.0)
    for sign, year in ((-1.0, without), (1.0, after)):
        for haul, amount in zip(year.hauls, year.hauled.tolist(), strict=True):
            hauled[haul] += sign * amount
    half = rule_of_half(one.fresh, other.fresh, fall, np.zeros_like(fall)).sum() + queue.sum() + passed.sum()
    return Gains(
        without.year,
        without.demands,
        without.origins,
        without.destinations,
        without.commodities,
        core + queue_core + passed,
        whole + queue - core - queue_core,
        operators,
        margins,
        passed,
        after.carbon - without.carbon,
        after.moved - without.moved,
        one.fresh.sum(axis=1),
        without.waiting,
        hauled,
        float(half),
        shut,
        max(without.gap, after.gap),
    )


def _fall(year: Welfare, without: Users, after: Users) -> tuple[Values, Values, tuple[str, ...]]:
    """Return gains of each demand, (d,), the fall of what a tonne bears, (d, p), and the demands left out.

    ``year`` is the one without, of which the users are those that are there or the calm.
    """
    open_ = np.isfinite(without.composite) & np.isfinite(after.composite)
    before = np.where(open_, without.composite, 0.0)
    fall = before - np.where(open_, after.composite, 0.0)
    left = np.where(open_, year.worth[:, None] - without.composite, 1.0)
    market = year.market[:, None]
    curve = elastic(without.fresh, fall, left, year.elasticity[:, None])
    gained = np.where(market > 0, sold_here(without.fresh, fall, year.offered, market), curve)
    shut = tuple(name for name, row in zip(year.demands, open_, strict=True) if not row.all())
    return gained.sum(axis=1), fall, shut


def by_country(gains: Gains, values: Values, at_origin: float) -> dict[str, float]:
    """Return values of demands, (d,), by country: a share goes where the goods come from, the rest where they go."""
    found: dict[str, float] = {}
    for origin, destination, value in zip(gains.origins, gains.destinations, values.tolist(), strict=True):
        found[origin] = found.get(origin, 0.0) + at_origin * value
        found[destination] = found.get(destination, 0.0) + (1 - at_origin) * value
    return found


def operators_by_country(gains: Gains, country_of: Mapping[str, str | None]) -> dict[str, float]:
    """Return what operators gain by their country; those of none known are ``elsewhere``."""
    found: dict[str, float] = {}
    for name, value in zip(gains.operators, gains.margins.tolist(), strict=True):
        country = country_of.get(name) or "elsewhere"
        found[country] = found.get(country, 0.0) + value
    return found


def between(years: range, anchors: Mapping[int, float], opens: int) -> Values:
    """Return a value of every year, (year,): nothing before ``opens``, on lines between anchors, flat outside them.

    >>> between(range(2027, 2033), {2028: 1.0, 2030: 3.0}, 2028)
    array([0., 1., 2., 3., 3., 3.])
    """
    known = sorted(anchors)
    values = np.interp(list(years), known, [anchors[y] for y in known])
    return np.where(np.array(years) >= opens, values, 0.0)


def ramped(years: range, opens: ArrayLike, ramp: ArrayLike) -> Values:
    """Return which share of what is new is used in every year, (..., year), for openings (...) and ramps (...) [years].

    It grows evenly from nothing over ``ramp`` years; the share of a year is its mean. Without a ramp it is 1.

    >>> ramped(range(2028, 2032), 2028, 2.0), ramped(range(2027, 2030), 2028, 0.0)
    (array([0.25, 0.75, 1.  , 1.  ]), array([1., 1., 1.]))
    """
    begin, long = np.asarray(opens, dtype=np.float64)[..., None], np.asarray(ramp, dtype=np.float64)[..., None]
    ends = np.clip(np.arange(len(years) + 1) + years.start - begin, 0.0, None)
    filled = np.where(ends < long, ends**2 / (2 * np.where(long > 0, long, 1.0)), ends - long / 2)
    return np.where(long > 0, np.diff(filled), 1.0)
