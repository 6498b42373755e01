"""This module owns what a year of flows means to people: what users bear, operators earn, and the air takes.

Axes: d demands, o operators, h modes in countries, p periods. It is what an appraisal takes the difference of.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Users:
    """What the users of a year bear.

    ``fresh`` are tonnes that come new, (d, p); ``composite`` what a tonne of them bears in all, as a difference to the
    base year, (d, p) [EUR/t], infinite where nothing is open; ``queue`` what contracted cargo bears by waiting, (d,)
    [EUR/year], which its composite does not hold.
    """

    fresh: Values
    composite: Values
    queue: Values


@dataclass(frozen=True)
class Welfare:
    """A year of flows as an appraisal reads it.

    ``users`` are those there are, ``calm`` are they at the same waits if reliability were worth nothing to them.
    ``worth`` is that of the goods, (d,) [EUR/t]; ``offered`` what their sellers sell here and elsewhere, (d, p) [t],
    between which they choose with the scale ``market``, (d,) [per EUR/t], or 0 if nobody else buys. ``paid`` and
    ``spent`` are freight paid and resources used, (d,), ``margin`` the difference by operator, (o,), and of a change of
    it prices pass on that of ``passed``, by demand (d,), which is that of ``passing``, by operator (o,), all
    [EUR/year]; ``carbon`` (d,) [kg CO2e/year]; ``moved`` (d,) [t/year]; ``waiting`` at the end, (d,) [t]; ``hauled`` by
    mode and country, (h,) [t km/year].
    """

    year: int
    demands: tuple[str, ...]
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    commodities: tuple[str, ...]
    elasticity: Values
    worth: Values
    offered: Values
    market: Values
    users: Users
    calm: Users
    paid: Values
    spent: Values
    carbon: Values
    moved: Values
    waiting: Values
    operators: tuple[str, ...]
    margin: Values
    passed: Values
    passing: Values
    hauls: tuple[tuple[str, str], ...]
    hauled: Values
    gap: float
