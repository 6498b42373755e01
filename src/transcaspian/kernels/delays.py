"""This module owns how long things wait for what can run out.

- ``steady``: the mean wait at a resource that is used evenly for ever, by Sakasegawa's formula for many servers.
- ``timed``: the mean wait of what arrives within a period, finite above a utilisation of one and with a backlog to
  begin with: the wait w that solves ``w = steady(rho - 2 (w - w0) / T)``, the coordinate transformation of Kimber and
  Hollis between the steady state and the fluid queue, whose mean wait is ``w0 + T (rho - 1) / 2``.
- ``filling``: the mean wait for a vehicle that leaves when it is full.

Sakasegawa (1977), An approximation formula L_q = a rho^b / (1 - rho); Kimber and Hollis (1979), TRRL Report 909.
"""

import math

from transcaspian.kernels.cache import inner

LONGEST = 8760.0
"""No wait is longer than a year: what waits longer does not pass."""


@inner
def steady(rho: float, servers: float, service: float, spread: float) -> float:
    """Return the mean wait [h] in the steady state; ``spread`` is the mean of both squared coefficients of variation.

    ``service`` is the time [h] one server needs for one arrival; ``LONGEST`` where the steady state has no end.
    """
    if rho <= 0.0:
        return 0.0
    if rho >= 1.0:
        return LONGEST
    many = max(servers, 1.0)
    bent = rho if many == 1.0 else rho ** (math.sqrt(2.0 * (many + 1.0)) - 1.0)
    return float(min(LONGEST, spread * service / many * bent / (1.0 - rho)))


@inner
def timed(rho: float, begin: float, hours: float, servers: float, service: float, spread: float) -> float:
    """Return the mean wait [h] of what arrives within a period.

    Parameters
    ----------
    rho : load of the period over capacity, other users included
    begin : wait [h] that the backlog at the start makes
    hours : length of the period
    servers, service, spread : as for ``steady``
    """
    slope = 2.0 / hours
    whole = rho + slope * begin
    if whole <= 0.0:
        return 0.0
    if whole - 1.0 >= slope * LONGEST:  # even a load of one would leave it longer
        return LONGEST
    # The unknown is x = rho - slope (w - begin), the load that would wait as long for ever: a x^b = (whole - x)(1 - x),
    # with a = slope scale. As x is no more than its bound, the root of the quadratic for the bound's x^b lies below it.
    many = max(servers, 1.0)
    scale = slope * spread * service / many
    if many == 1.0:  # b is one: the smaller root of a quadratic
        x = 2.0 * whole / (whole + 1.0 + scale + math.sqrt((whole - 1.0) ** 2 + scale * (2.0 * (whole + 1.0) + scale)))
    else:
        x = _load_of(whole, scale, math.sqrt(2.0 * (many + 1.0)) - 1.0)
    if x < 0.9:  # where the difference below would cancel
        return steady(x, servers, service, spread)
    return min(LONGEST, max(0.0, whole - x) / slope)


@inner
def _load_of(whole: float, scale: float, power: float) -> float:
    """Return the root x of ``scale x^power = (whole - x)(1 - x)`` that is at most 1 and at most ``whole``."""
    low, high = 0.0, min(whole, 1.0)
    x = max(low, 0.5 * (whole + 1.0 - math.sqrt((whole - 1.0) ** 2 + 4.0 * scale * high**power)))
    for _ in range(60):  # Halley, and halving where it leaves the bracket
        bent = scale * x**power
        over = bent - (whole - x) * (1.0 - x)
        if over > 0.0:
            high = x
        else:
            low = x
        steep = power * bent / x if x > 0.0 else 0.0
        rise = steep + whole + 1.0 - 2.0 * x
        then = -1.0
        if rise > 0.0:
            curve = steep * (power - 1.0) / x - 2.0 if x > 0.0 else -2.0
            then = x - over / (rise * max(0.5, 1.0 - 0.5 * over * curve / rise**2))
        if not low <= then <= high:
            then = 0.5 * (low + high)
        near = abs(then - x) <= 1e-6  # the next error is of the order of its cube
        x = then
        if near:
            break
    return x


@inner
def filling(load: float, room: float, hours: float, longest: float) -> float:
    """Return the mean wait [h] for a vehicle that leaves with ``room`` of load, when ``load`` comes in ``hours``."""
    if load <= 0.0:
        return longest
    return min(longest, 0.5 * room * hours / load)
