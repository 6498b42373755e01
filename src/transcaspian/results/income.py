"""This module owns what one operator takes in a year of flows, and what it is for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Income:
    """What an operator takes and spends in a year, by the step or service that it is paid for.

    ``items`` are (table, id), i of them; ``units`` the load units handled, or carried from stop to stop, (i,);
    ``paid`` and ``spent`` are prices and resources, (i,) [EUR/year]; ``assumed`` is the part of ``paid`` whose price
    nobody published, (i,) [EUR/year].
    """

    year: int
    items: tuple[tuple[str, str], ...]
    units: Values
    paid: Values
    spent: Values
    assumed: Values
