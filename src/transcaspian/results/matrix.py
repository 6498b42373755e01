"""This module owns the answer to ``matrix``: hours and costs between all places."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Matrix:
    """Least expected hours and least price between places, for one load unit; nan where there is no way."""

    places: tuple[str, ...]
    hours: NDArray[np.float64]  # (origin, destination) h
    price: NDArray[np.float64]  # (origin, destination) EUR
    form: str
    commodity: str
    departs: datetime
    price_year: int

    def __repr__(self) -> str:
        reached = int(np.isfinite(self.hours).sum()) - len(self.places)
        return f"Matrix of {len(self.places)} places, {reached:,} pairs with a way, {self.form} of {self.commodity}"

    def rows(self) -> list[tuple[str, str, float, float]]:
        """Return (origin, destination, hours, EUR) of every pair with a way."""
        return [
            (a, b, float(self.hours[i, j]), float(self.price[i, j]))
            for i, a in enumerate(self.places)
            for j, b in enumerate(self.places)
            if i != j and np.isfinite(self.hours[i, j])
        ]
