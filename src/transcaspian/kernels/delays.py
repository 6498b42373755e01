"""This module owns how long things wait for what can run out.

- ``steady``: the mean wait at a resource that is used evenly for ever, by Sakasegawa's formula for many servers.
- ``timed``: the mean wait of what arrives within a period, finite above a utilisation of one and with a backlog to
  begin with: the wait w that solves ``w = steady(rho - 2 (w - w0) m / T)``, the coordinate transformation of Kimber and
  Hollis between the steady state and the fluid queue, whose mean wait is ``w0 + T (rho - 1) / (2 m)``.
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
    return float(min(LONGEST, spread * service / many * rho ** (math.sqrt(2.0 * (many + 1.0)) - 1.0) / (1.0 - rho)))


@inner
def timed(rho: float, left: float, begin: float, hours: float, servers: float, service: float, spread: float) -> float:
    """Return the mean wait [h] of what arrives within a period.

    Parameters
    ----------
    rho : load of the period over capacity, other users included
    left : share of the capacity that other users leave
    begin : wait [h] that the backlog at the start makes
    hours : length of the period
    servers, service, spread : as for ``steady``
    """
    if left <= 0.0:
        return LONGEST
    low, high = 0.0, LONGEST
    for _ in range(60):  # halving an hour-year 60 times is exact to the last bit that matters
        middle = 0.5 * (low + high)
        if middle < steady(rho - 2.0 * left * (middle - begin) / hours, servers, service, spread):
            low = middle
        else:
            high = middle
    return high


@inner
def filling(load: float, room: float, hours: float, longest: float) -> float:
    """Return the mean wait [h] for a vehicle that leaves with ``room`` of load, when ``load`` comes in ``hours``."""
    if load <= 0.0:
        return longest
    return min(longest, 0.5 * room * hours / load)
