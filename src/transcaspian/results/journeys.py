"""This module owns how long the cargo of a year is under way, from door to door, waits included."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Journeys:
    """Mean hours of each demand over the ways that it takes, (d,), and the tonnes that move, (d,) [t/year].

    ``value`` is that of a tonne of its goods, (d,) [EUR/t]; ``abroad`` says whether it leaves its country, (d,). Waits
    are counted from those of the dataset: differences of two years are whole, the hours themselves are not.
    """

    year: int
    hours: Values
    tonnes: Values
    value: Values
    abroad: NDArray[np.bool_]
