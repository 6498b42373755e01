"""This module owns parallel lines: ships of several owners that take the same cargo between the same ports.

A search keeps the best way of each route family, so of two lines side by side it finds the cheaper one. Cargo takes
the ship that sails next. So every way over one of them stands beside the same way over each of the others; to shippers
all are one way, and they divide among them as the lines sail, if they cost the same.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

import numpy as np

from transcaspian.model.corridor import Corridor
from transcaspian.network.network import Network
from transcaspian.network.offers import SHIPS
from transcaspian.network.search import Chain

Ride = tuple[int, ...]
"""Arcs from where cargo stands ready for a ship to where it stands unloaded."""

WEEK = 168.0


class Lines:
    """The lines of a network that run side by side."""

    def __init__(self, network: Network, corridor: Corridor) -> None:
        self.network = network
        self.services = [corridor.services[name] for name in network.ids.services]
        self.sails: dict[str, float] = {}  # departures an hour, by service
        for row in corridor.departures.rows:
            every = row.headway_h or (WEEK / 7 if row.weekday == "daily" else WEEK)
            self.sails[row.service] = self.sails.get(row.service, 0.0) + 1.0 / every
        self.beside = cache(self._beside)

    def of(self, chain: Chain) -> list[tuple[Chain, float]]:
        """Return a chain and those that differ from it by a line side by side, the chain first, each with its part.

        A part is of the departures of all such lines; the parts add up to one.
        """
        rides = list(self._rides(chain))
        if not rides:
            return [(chain, 1.0)]
        found: list[tuple[Chain, float]] = []
        for chosen in product(*(options for _, _, options in rides)):
            arcs, at, part = list[int](), 0, 1.0
            for (first, last, _), (ride, share) in zip(rides, chosen, strict=True):
                arcs += [*chain[at:first].tolist(), *ride]
                at, part = last + 1, part * share
            other = np.array([*arcs, *chain[at:].tolist()], chain.dtype)
            found.append((other if found else chain, part))
        return found

    def _rides(self, chain: Chain) -> Iterator[tuple[int, int, Sequence[tuple[Ride, float]]]]:
        """Give each ride that has others beside it: its first and last place in the chain, and all of them."""
        aboard = self.network.vertex_service[self.network.world.head[chain]].tolist()
        first = 0
        while first < len(chain):
            last = first
            if aboard[first] >= 0 and self.services[aboard[first]].mode in SHIPS:
                while aboard[last] == aboard[first]:
                    last += 1
                options = self.beside(tuple(chain[first : last + 1].tolist()))
                if len(options) > 1:
                    yield first, last, options
            first = last + 1

    def _beside(self, ride: Ride) -> tuple[tuple[Ride, float], ...]:
        """Return a ride and those beside it, with the part of all departures that each has."""
        world, own = self.network.world, self.network.vertex_service
        start, end = int(world.tail[ride[0]]), int(world.head[ride[-1]])
        service = self.services[own[world.head[ride[0]]]]
        rides = [(ride, service)]
        for arc in range(world.first[start], world.first[start + 1]):
            number = own[world.head[arc]]
            if number < 0 or self.services[number].product != service.product or self.services[number] is service:
                continue
            other = self._to(end, (arc,))
            if other:
                rides.append((other, self.services[number]))
        sails = [self.sails.get(s.id, 0.0) for _, s in rides]
        if not all(sails):
            return ((ride, 1.0),)
        return tuple((arcs, part / sum(sails)) for (arcs, _), part in zip(rides, sails, strict=True))

    def _to(self, end: int, ride: Ride) -> Ride | None:
        """Return a ride that goes on until a vertex without changing, None if it does not come there."""
        world, own = self.network.world, self.network.vertex_service
        at = int(world.head[ride[-1]])
        for arc in range(world.first[at], world.first[at + 1]):
            head = int(world.head[arc])
            if head == end:
                return (*ride, arc)
            if own[head] == own[at]:
                further = self._to(end, (*ride, arc))
                if further:
                    return further
        return None
