"""This module owns what a box or wagon costs beside its carriage: its hire beyond the free days, and its way back."""

from typing import NamedTuple

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.network.money import Exchange


class Equipment(NamedTuple):
    """EUR of a number of load units, the part of it that is assumed, and where they go back to; None nowhere known."""

    cost: float
    assumed: float
    returned_to: str | None


class Terms(NamedTuple):
    """What a shipper pays for units of one group that are let go in one country: a hire by the day, and a return."""

    day: float  # EUR, beyond the free days
    free_days: float
    back: float  # EUR
    assumed_day: float  # EUR, the part that is assumed
    assumed_back: float
    returned_to: str | None

    def after(self, hours: float) -> Equipment:
        """Return what is paid when the units are let go after some hours."""
        days = max(0.0, hours / 24.0 - self.free_days)
        cost, assumed = self.day * days + self.back, self.assumed_day * days + self.assumed_back
        return Equipment(cost, assumed, self.returned_to)


def equipment(
    corridor: Corridor, exchange: Exchange, country: str | None, group: str, owner: str, units: float
) -> Terms:
    """Return the terms for a number of units of a group that are let go in a country."""
    day = back = assumed_day = assumed_back = free = 0.0
    hire = corridor.hires.get(f"{group}:{owner}")
    if hire is not None:
        free, day = hire.free_days, exchange.eur(hire.amount, hire.currency, hire.price_year) * units
        assumed_day = day if trust_of(hire) == "assumed" else 0.0
    home = corridor.returns.get(f"{country}:{group}:{owner}")
    if home is not None:
        back = exchange.eur(home.amount, home.currency, home.price_year) * units
        assumed_back = back if trust_of(home) == "assumed" else 0.0
    return Terms(day, free, back, assumed_day, assumed_back, home.place if home else None)
