"""This module owns the reading of a solved year as time: how long the cargo of each demand is under way."""

import numpy as np

from transcaspian.assignment.flows import Model, Solution
from transcaspian.kernels.world import NEVER
from transcaspian.network.money import exchange
from transcaspian.results.journeys import Journeys


def journeys_of(model: Model, solution: Solution, year: int) -> Journeys:
    """Return the mean hours of every demand over the months and ways in which it is carried."""
    ways, corridor = model.ways, model.corridor
    user = np.repeat(np.arange(len(model.listed)), np.diff(ways.use_first))
    waits = np.zeros_like(solution.year.carried)
    np.add.at(waits, user, solution.wait[ways.use_limit])
    hours = np.array([way.hours for way in model.listed])
    carried = np.where(hours < NEVER, solution.year.carried, 0.0)
    count = len(model.segments)
    units = np.bincount(model.owner, carried.sum(axis=1), count)
    spent = np.bincount(model.owner, (carried * np.where(hours < NEVER, hours + waits, 0.0)).sum(axis=1), count)
    rates, places = exchange(corridor), corridor.places
    goods = [corridor.commodities[s.demand.commodity] for s in model.segments]
    return Journeys(
        year,
        np.divide(spent, units, out=np.zeros(count), where=units > 0),
        units * np.array([s.tonnes for s in model.segments]),
        np.array([rates.eur(g.value, g.currency, g.price_year) for g in goods]),
        np.array([places[s.demand.origin].country != places[s.demand.destination].country for s in model.segments]),
    )
