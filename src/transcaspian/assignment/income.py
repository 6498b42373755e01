"""This module owns the reading of a solved year as the income of one operator: its steps and its services."""

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model, Solution
from transcaspian.network.network import PUBLISHED
from transcaspian.results.income import Income


def income_of(model: Model, solution: Solution, operator: str, year: int) -> Income:
    """Return what an operator takes in a year for its steps and services, at the prices that the ways pay for them.

    A step whose price is part of another one has no income of its own, and its units alone are counted.
    """
    network, corridor = model.network, model.corridor
    steps = np.array([corridor.steps[s].operator == operator for s in network.ids.steps], dtype=bool)
    services = np.array([corridor.services[s].operator == operator for s in network.ids.services], dtype=bool)
    step, service = network.step, network.world.service
    # What is done at a place belongs to the step, also where it is done to board a service.
    mine = np.where(step >= 0, steps[step], (service >= 0) & services[service])
    item = np.where(step >= 0, step, len(steps) + service)
    arcs = np.concatenate([way.chain for way in model.listed])
    user = np.repeat(np.arange(len(model.listed)), [len(way.chain) for way in model.listed])
    price, spent, _ = np.concatenate([way.by_arc for way in model.listed], axis=1)
    at = np.flatnonzero(mine[arcs])
    number = item[arcs[at]]
    carried = solution.year.carried.sum(axis=1)[user[at]]
    found = np.unique(number)
    places = np.searchsorted(found, number)
    unknown = network.price_basis[arcs[at]] != PUBLISHED

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(places, weights=carried * values, minlength=len(found)).astype(np.float64)

    names = [
        ("steps", network.ids.steps[n]) if n < len(steps) else ("services", network.ids.services[n - len(steps)])
        for n in found.tolist()
    ]
    return Income(
        year,
        tuple(names),
        summed(np.ones(len(at))),
        summed(price[at]),
        summed(spent[at]),
        summed(np.where(unknown, price[at], 0.0)),
    )
