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


def equipment(
    corridor: Corridor, exchange: Exchange, country: str | None, group: str, owner: str, units: float, hours: float
) -> Equipment:
    """Return what units of a group cost their shipper that are let go in a country after some hours."""
    cost = assumed = 0.0
    hire = corridor.hires.get(f"{group}:{owner}")
    if hire is not None:
        days = max(0.0, hours / 24.0 - hire.free_days)
        part = exchange.eur(hire.amount, hire.currency, hire.price_year) * days * units
        cost += part
        assumed += part if trust_of(hire) == "assumed" else 0.0
    back = corridor.returns.get(f"{country}:{group}:{owner}")
    if back is not None:
        part = exchange.eur(back.amount, back.currency, back.price_year) * units
        cost += part
        assumed += part if trust_of(back) == "assumed" else 0.0
    return Equipment(cost, assumed, back.place if back else None)
