"""This module owns the terms of an appraisal: unit values in euros of the corridor's price year, by id and year."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.project import UnitValue
from transcaspian.network.money import Exchange, exchange

HARMS = ("accident-freight", "pollution-freight")
"""Unit values of what a tonne-kilometre does to others, each followed by its mode."""


@dataclass(frozen=True)
class Terms:
    """Unit values of a corridor. Shares and physical quantities stay as they are; money becomes euros.

    ``factors`` multiply single values, by id: a draw or a sensitivity. ``used`` are the ids that were asked for.
    """

    rows: Mapping[str, tuple[UnitValue, ...]]
    rates: Exchange
    factors: Mapping[str, float]
    used: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    _known: dict[tuple[str, int], float] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def price_year(self) -> int:
        """The year of all prices."""
        return self.rates.price_year

    def value(self, name: str, year: int = 0) -> float:
        """Return a unit value of a year: between the years given it lies on a line, outside it is that of the nearest.

        Raises
        ------
        DataError
            If the dataset does not have it.
        """
        self.used.add(name)
        if (name, year) not in self._known:
            self._known[name, year] = self._looked_up(name, year)
        return self._known[name, year]

    def _looked_up(self, name: str, year: int) -> float:
        rows = self.rows.get(name)
        if not rows:
            right = f"a row in unit_values: {nearest(name, self.rows)}"
            raise DataError([Problem("unit_values", name, "id", name, right)])
        values = [row.value * self._money(row) for row in rows]
        found = values[0] if len(rows) == 1 else float(np.interp(year, [row.year for row in rows], values))
        return found * self.factors.get(name, 1.0)

    def harm(self, mode: str) -> float:
        """Return what a tonne-kilometre by a mode does to others, in accidents and pollution [EUR]."""
        return sum(self.value(f"{what}-{mode}") for what in HARMS)

    def span(self, name: str) -> tuple[float, float, float]:
        """Return low, central and high of a unit value as factors of the central one; of its first year."""
        self.used.add(name)
        row = self.rows[name][0]
        low = row.value if row.low is None else row.low
        high = row.value if row.high is None else row.high
        return low / row.value, 1.0, high / row.value

    def _money(self, row: UnitValue) -> float:
        if row.currency is None or row.price_year is None:
            return 1.0
        return self.rates.factor(row.currency, row.price_year)


def terms_of(corridor: Corridor, factors: Mapping[str, float] | None = None) -> Terms:
    """Return the terms of a corridor."""
    found: dict[str, list[UnitValue]] = {}
    for row in sorted(corridor.unit_values.rows, key=lambda r: r.year):
        found.setdefault(row.id, []).append(row)
    return Terms({name: tuple(rows) for name, rows in found.items()}, exchange(corridor), factors or {})
