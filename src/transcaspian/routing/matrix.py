"""This module owns times and costs from every place to every place."""

import numpy as np

from transcaspian.kernels.paths import one_to_all
from transcaspian.kernels.world import NEVER
from transcaspian.model.corridor import Corridor
from transcaspian.network.cargo import stands_at
from transcaspian.network.network import Network
from transcaspian.results.matrix import Matrix
from transcaspian.routing.request import Request
from transcaspian.routing.task import job_of


def matrix(network: Network, corridor: Corridor, request: Request, price_year: int) -> Matrix:
    """Return least expected hours and least price between all places where the cargo can stand.

    Parameters
    ----------
    network : the compiled corridor
    corridor : the corridor it was compiled from
    request : gives cargo, departure, owner and constraints; its two ends do not count
    price_year : price year of the euros, kept in the result
    """
    job = job_of(network, corridor, request, None, None)
    tasks = [part.task for part in job.searches]
    stands = ((place, stands_at(network, request.form, number)) for number, place in enumerate(network.ids.places))
    ends = {place: here for place, here in stands if here.size}
    places = tuple(ends)
    columns = np.concatenate(list(ends.values())) if ends else np.empty(0, np.int32)
    cuts = np.cumsum([0, *(len(v) for v in ends.values())])[:-1]
    hours, price = np.empty((len(places), len(places))), np.empty((len(places), len(places)))
    size = network.arcs + network.vertices
    out, keys, items = np.empty(network.vertices), np.empty(size), np.empty(size, np.uint32)
    for row, place in enumerate(places):
        for timed, table, base in ((True, hours, job.start), (False, price, 0.0)):
            table[row] = NEVER
            for task in tasks:
                one_to_all(network.world, task, ends[place], job.start, timed, out, keys, items)
                np.minimum(table[row], np.minimum.reduceat(out[columns], cuts) - base, out=table[row])
    hours[hours > NEVER / 2], price[price > NEVER / 2] = np.nan, np.nan
    return Matrix(places, hours, price, request.form, request.commodity, request.departs, price_year)
