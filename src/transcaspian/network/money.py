"""This module owns the way from a published amount to euros of the corridor's price year."""

from dataclasses import dataclass

from transcaspian.errors import DataError, Problem
from transcaspian.model.corridor import Corridor


@dataclass(frozen=True, slots=True)
class Exchange:
    """Dated rates and price levels of a corridor."""

    per_eur: dict[tuple[str, int], float]
    level: dict[int, float]
    price_year: int

    def eur(self, amount: float, currency: str, year: int) -> float:
        """Return an amount in euros of the corridor's price year.

        Raises
        ------
        DataError
            If the dataset has no rate or price level for the year.
        """
        return amount * self.factor(currency, year)

    def factor(self, currency: str, year: int) -> float:
        """Return euros of the corridor's price year for one unit of a currency of a year."""
        rate = 1.0 if currency == "EUR" else self.per_eur.get((currency, year))
        if rate is None or year not in self.level or self.price_year not in self.level:
            raise DataError(self._unknown(rate, currency, year))
        return self.level[self.price_year] / self.level[year] / rate

    def _unknown(self, rate: float | None, currency: str, year: int) -> list[Problem]:
        """Return what the dataset does not say: the rate, price levels, or both."""
        problems = []
        if rate is None:
            known = sorted(y for c, y in self.per_eur if c == currency)
            right = f"a rate for {year}" + (f" (there are {known[0]} to {known[-1]})" if known else "")
            problems.append(Problem("exchange_rates", f"{currency}:{year}", "per_eur", "", right))
        return problems + [
            Problem("price_levels", str(y), "index", "", "a price level for this year")
            for y in (year, self.price_year)
            if y not in self.level
        ]


def exchange(corridor: Corridor) -> Exchange:
    """Return the rates of a corridor."""
    about = next(iter(corridor.about.rows), None)
    price_year = about.price_year if about else 2025
    level = {row.year: row.index for row in corridor.price_levels.rows}
    level.setdefault(price_year, 1.0)
    return Exchange({(row.currency, row.year): row.per_eur for row in corridor.exchange_rates.rows}, level, price_year)
