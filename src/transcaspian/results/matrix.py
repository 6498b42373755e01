"""This module owns the answer to ``matrix``: hours and costs between all places."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

import numpy as np
from numpy.typing import NDArray

from transcaspian.results.text import aligned, days, html, money

SHOWN = 8
"""Places of a matrix that are printed, each way."""


@dataclass(frozen=True, repr=False)
class Matrix:
    """Least expected hours and least price between places, for one load unit; nan where there is no way."""

    places: tuple[str, ...]
    hours: NDArray[np.float64]  # (origin, destination) h
    price: NDArray[np.float64]  # (origin, destination) EUR
    form: str
    commodity: str
    departs: datetime
    price_year: int

    @property
    def summary(self) -> str:
        """What it holds, in a line."""
        reached = int(np.isfinite(self.hours).sum()) - len(self.places)
        return f"Matrix of {len(self.places)} places, {reached:,} pairs with a way, {self.form} of {self.commodity}"

    def _said(self) -> str:
        few = f", first {SHOWN} places" if len(self.places) > SHOWN else ""
        return f"{self.summary}\nleast days and least EUR of a load unit{few}"

    def _header(self) -> tuple[str, ...]:
        return ("from", *self.places[:SHOWN])

    def _cells(self) -> list[tuple[str, ...]]:
        def cell(a: int, b: int) -> str:
            if not np.isfinite(self.hours[a, b]):
                return "no way"
            return f"{days(float(self.hours[a, b]))}, {money(float(self.price[a, b]))}" if a != b else ""

        shown = range(len(self.places[:SHOWN]))
        return [(self.places[a], *(cell(a, b) for b in shown)) for a in shown]

    def __repr__(self) -> str:
        header = self._header()
        return self._said() + "\n" + aligned(header, self._cells(), frozenset(range(1, len(header))))

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._said())}</p>" + html(self._header(), self._cells())

    def rows(self) -> list[tuple[str, str, float, float]]:
        """Return (origin, destination, hours, EUR) of every pair with a way."""
        return [
            (a, b, float(self.hours[i, j]), float(self.price[i, j]))
            for i, a in enumerate(self.places)
            for j, b in enumerate(self.places)
            if i != j and np.isfinite(self.hours[i, j])
        ]
