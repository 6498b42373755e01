"""This module owns through rates: what is charged for a whole relation, in place of the sum of its legs."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.cargo import Form
from transcaspian.model.corridor.price import Tariff
from transcaspian.network.network import Network

LAST_MILE_KM = 100.0
"""A through rate is sold for trains and ships; a chain with more on trucks than this, by road or sea, is outside it."""

RO_RO = "ro-ro"
"""Product of services that carry trucks over the sea."""

Through = tuple[tuple[Tariff, frozenset[str]], ...]
"""Rates for a whole relation, the most specific first, each with the gateways it is for."""


def through_rates(
    corridor: Corridor, origin: object, destination: object, form: Form, owner: str, day: date
) -> Through:
    """Return the published rates for a relation that are in force on a day; a point that is no place has none."""
    fitting = [
        t
        for t in corridor.tariffs.rows
        if t.kind == "through"
        and t.origin == origin
        and t.destination == destination
        and (t.form == form.id if t.form else t.group in (None, form.group))
        and t.owner in (None, owner)
        and (t.from_date is None or t.from_date <= day)
        and (t.until_date is None or day < t.until_date)
    ]
    passes: dict[str, set[str]] = {t.id: set() for t in fitting}
    for row in corridor.tariff_passes.rows if fitting else ():
        if row.tariff in passes:
            passes[row.tariff].add(row.place)
    fitting.sort(key=lambda t: (len(passes[t.id]), t.form is not None, t.price_year, t.id), reverse=True)
    return tuple((t, frozenset(passes[t.id])) for t in fitting)


def rate_over(rates: Through, family: tuple[str, ...], truck_km: float) -> Tariff | None:
    """Return the rate for a chain over the gateways used, with so many km on trucks, or None."""
    if truck_km > LAST_MILE_KM:
        return None
    return next((tariff for tariff, passes in rates if passes <= set(family)), None)


def trucked(network: Network, corridor: Corridor) -> NDArray[np.bool_]:
    """Return the arcs that are passed on a truck, (A,): by road, and on the decks of a ro-ro ferry."""
    ferries = {row.id for row in corridor.services.rows if row.product == RO_RO}
    decks = np.array([*(service in ferries for service in network.ids.services), False])  # the last is "no service"
    return np.asarray((network.mode == network.ids.modes.index("road")) | decks[network.world.service])
