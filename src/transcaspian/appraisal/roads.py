"""This module owns roads: traffic by class, what it costs its users and others, roughness as it grows, works.

Axes: s sections, c vehicle classes, f fuels, y years. Traffic is the annual average daily traffic (AADT). A cost curve
is a cubic, ``a0 + a1 x + a2 x^2 + a3 x^3``: of speed (fuel) or of roughness (operating cost, free speed), as HDM-4 and
the Roads Economic Decision model give them.

References
----------
Archondo-Callao (2004), The Roads Economic Decision Model, World Bank, SSATP Working Paper 78.
Odoki and Kerali (2000), HDM-4 Volume 4, part C: the simplified roughness progression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

DAYS = 365.0

NOTHING = np.zeros((1, 1, 1))


@dataclass(frozen=True)
class Traffic:
    """What runs on a road: AADT (s, c, y), speed [km/h] (s, c, y), length [km] (s,)."""

    aadt: Values
    speed: Values
    km: Values

    @property
    def vehicle_km(self) -> Values:
        """Vehicle-kilometres a year, (s, c, y)."""
        return np.asarray(self.aadt * self.km[:, None, None] * DAYS)

    @property
    def vehicle_hours(self) -> Values:
        """Vehicle-hours a year, (s, c, y); a class without a speed does not run."""
        slowness = np.divide(1.0, self.speed, out=np.zeros_like(self.speed), where=self.speed > 0)
        return np.asarray(self.vehicle_km * slowness)


@dataclass(frozen=True)
class UnitValues:
    """What a vehicle costs, its users and others, each in money and broadcast to its axes.

    ``time`` per vehicle-hour, ``operating``, ``accidents`` and ``noise`` per vehicle-km, all (s, c, y). Fuel: ``burn``
    (c, f, 4) cubics of speed in kg/km, ``mix`` (c, f) shares of fuels, and money per kg burnt: ``fuel`` (f, y),
    ``greenhouse`` (c, f, y), ``pollution`` (s, c, f, y).
    """

    time: Values = field(default_factory=lambda: NOTHING)
    operating: Values = field(default_factory=lambda: NOTHING)
    accidents: Values = field(default_factory=lambda: NOTHING)
    noise: Values = field(default_factory=lambda: NOTHING)
    burn: Values | None = None
    mix: Values | None = None
    fuel: Values | None = None
    greenhouse: Values | None = None
    pollution: Values | None = None


def cubic(coefficients: ArrayLike, x: ArrayLike) -> Values:
    """Return the value of cubics (..., 4) at ``x`` (...), whose shapes broadcast.

    >>> cubic([1.0, 2.0, 0.0, 1.0], [0.0, 2.0])
    array([ 1., 13.])
    """
    a, at = np.asarray(coefficients, dtype=np.float64), np.asarray(x, dtype=np.float64)
    return np.asarray(a[..., 0] + at * (a[..., 1] + at * (a[..., 2] + at * a[..., 3])))


def grown(base: ArrayLike, growth: ArrayLike, count: int) -> Values:
    """Return traffic (..., year) that starts at ``base`` (...) and grows by a yearly share (...).

    >>> grown(100.0, 0.1, 3).round(6)
    array([100., 110., 121.])
    """
    return np.asarray(
        np.asarray(base, dtype=np.float64)[..., None]
        * (1.0 + np.asarray(growth, dtype=np.float64)[..., None]) ** np.arange(count)
    )


def costs(traffic: Traffic, values: UnitValues) -> dict[str, Values]:
    """Return what traffic costs a year, each line (y,), in money."""
    distance = traffic.vehicle_km
    found = {
        "time": _yearly(traffic.vehicle_hours * values.time),
        "operating": _yearly(distance * values.operating),
        "accidents": _yearly(distance * values.accidents),
        "noise": _yearly(distance * values.noise),
    }
    burnt = fuel_burnt(traffic, values)
    for name, price in (("fuel", values.fuel), ("greenhouse", values.greenhouse), ("pollution", values.pollution)):
        cost = burnt * price if price is not None else np.zeros_like(burnt)
        found[name] = np.asarray(cost.sum(axis=(0, 1, 2)))
    return found


def fuel_burnt(traffic: Traffic, values: UnitValues) -> Values:
    """Return the fuel burnt a year [kg], (s, c, f, y); nothing where no curve is given."""
    sections, classes, years = traffic.aadt.shape
    if values.burn is None or values.mix is None:
        return np.zeros((sections, classes, 1, years))
    per_km = cubic(values.burn[None, :, :, None, :], traffic.speed[:, :, None, :])
    return np.asarray(per_km * values.mix[None, :, :, None] * traffic.vehicle_km[:, :, None, :])


def _yearly(cost: Values) -> Values:
    return np.asarray(cost.sum(axis=(0, 1)))


def saved(before: Mapping[str, Values], after: Mapping[str, Values]) -> dict[str, Values]:
    """Return the savings of each line, (y,): what it cost before less what it costs after."""
    return {name: before[name] - after[name] for name in before}


# --- pavement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pavement:
    """How the roughness of a surface grows.

    ``wear`` is a constant share a year (gravel, concrete); without it the HDM-4 equation counts with ``environment``
    (the coefficient m of the climate) and ``strength`` (the modified structural number SNC). ``rough`` is the
    roughness today [m/km IRI], ``age`` the years since the last work, ``worst`` the most that it can be.
    """

    rough: float
    age: int
    strength: float
    environment: float
    wear: float | None = None
    worst: float = 16.0


@dataclass(frozen=True, slots=True)
class Work:
    """A work in a year: what roughness it leaves, and what strength, set or added to."""

    year: int
    rough: float
    strength: float | None = None
    stronger: float = 0.0


def roughness(pavement: Pavement, axles: ArrayLike, works: Sequence[Work] = ()) -> Values:
    """Return the roughness of every year, (y,), [m/km IRI].

    ``axles`` are million equivalent standard axles a year on a lane, (y,). In the year of a work its roughness stands,
    whatever grew until then.

    >>> roughness(Pavement(5.0, 8, 3.0, 0.02), [0.2] * 3, [Work(2, 2.0)]).round(3)
    array([5.   , 5.221, 2.   ])
    """
    loads = np.asarray(axles, dtype=np.float64)
    at = {work.year: work for work in works}
    rough, age, strength = pavement.rough, pavement.age, pavement.strength
    found = np.empty(loads.size)
    for year, load in enumerate(loads):
        work = at.get(year)
        if work is not None:
            strength = work.strength if work.strength is not None else strength + work.stronger
        if year > 0:
            rough = min(_rougher(pavement, rough, age, strength, float(load)), pavement.worst)
        age += 1
        if work is not None:
            rough, age = work.rough, 1
        found[year] = rough
    return found


def maintained(pavement: Pavement, axles: ArrayLike, trigger: float, overlay: float) -> tuple[Values, Values]:
    """Return the mean roughness of every year, (y,), [m/km IRI], and overlays laid in it, (y,).

    An overlay is laid at the moment at which the roughness reaches the ``trigger``, and leaves ``overlay``. One in the
    middle of a year falls by half into the year and by half into the next one: a little more traffic moves a cost by a
    little, not by a year. What falls into the year after the last is left out.

    >>> rough, laid = maintained(Pavement(7.9, 12, 3.0, 0.02), [0.2] * 2, 8.0, 3.5)
    >>> rough.round(2), laid.round(2)
    (array([5.01, 3.66]), array([0.67, 0.33]))
    """
    loads = np.asarray(axles, dtype=np.float64)
    rough, age = pavement.rough, float(pavement.age)
    found, laid = np.zeros(loads.size), np.zeros(loads.size + 1)
    for year, load in enumerate(loads.tolist()):
        left = 1.0
        while left > 0:
            if rough >= trigger:
                laid[year : year + 2] += left, 1.0 - left
                rough, age = overlay, 0.0
            rise = _rougher(pavement, rough, age, pavement.strength, load) - rough
            reaches = rise * left >= trigger - rough
            step = (trigger - rough) / rise if reaches else left
            after = trigger if reaches else rough + rise * step
            found[year] += step * 0.5 * (rough + after)
            rough, age, left = after, age + step, left - step
    return found, laid[:-1]


def _rougher(pavement: Pavement, rough: float, age: float, strength: float, load: float) -> float:
    """Return the roughness a year later (HDM-4, simplified)."""
    if pavement.wear is not None:
        return rough * (1.0 + pavement.wear)
    m = pavement.environment
    structural = 134.0 * np.exp(m * age) * (1.0 + 0.7947 * strength) ** -5 * load
    return float(rough + structural + 0.0054 * age + m * rough)


def axle_load(aadt: ArrayLike, axles: ArrayLike, lanes: float) -> Values:
    """Return million equivalent standard axles a year on a lane, (y,), of AADT (c, y) with axles a vehicle (c,)."""
    return np.asarray(np.asarray(axles, dtype=np.float64) @ np.asarray(aadt, dtype=np.float64) * DAYS / 1e6 / lanes)
