"""This module owns what trains of others save by a project that shortens their way: the model does not carry them.

A railway is built for all its trains. Those of the corridor answer to it in the model; all others go on as they do
today, and grow as the model's own traffic does until ``growth-ends``. They choose nothing and wait for nothing here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.terms import Terms
from transcaspian.model.corridor.project import OtherTrains

Values = NDArray[np.float64]


def saved(rows: Sequence[OtherTrains], years: range, terms: Terms) -> tuple[dict[str, Values], Values]:
    """Return what other trains save in every year once they can, by country, (year,) [EUR], and in CO2e, (year,) [kg].

    It is the running of the trains, the time of their cargo, and accidents and pollution along the way.
    """
    ends = round(terms.value("growth-ends"))
    money: dict[str, Values] = {}
    carbon = np.zeros(len(years))
    for row in rows:
        grown = np.minimum(np.array(years), max(ends, row.year)) - row.year
        trains = 2.0 * 365.0 * row.pairs * (1.0 + row.growth) ** grown
        running = row.km * (terms.value("train-km") + row.tonnes * terms.harm("rail"))
        each = running + row.hours * row.tonnes * terms.value("hour-rail-cargo")
        money[row.country] = money.get(row.country, 0.0) + trains * each
        carbon += trains * row.tonnes * row.carbon
    return money, carbon
