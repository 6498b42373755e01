"""This module owns one way of a demand: its arcs, what a load unit pays, spends, emits and takes there, and to whom."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.network.network import Network
from transcaspian.network.search import Chain

TERMINALS = "terminals and borders of {country}"
"""Who is paid for a step that has no operator of its own."""


@dataclass(frozen=True)
class Way:
    """One way of a demand."""

    chain: Chain
    family: tuple[str, ...]
    places: frozenset[str]
    services: tuple[str, ...]
    hours: NDArray[np.float64]  # (P,) from door to door
    cost: NDArray[np.float64]  # (P,) EUR/t: price, and time at what it is worth
    by_arc: NDArray[np.float64]  # (3, arc of the chain) price [EUR], resources [EUR] and CO2e [kg] of a load unit
    sizes: NDArray[np.float64]  # (arc of the chain, size) of a load unit in the form it has there
    equipment: float  # EUR of a load unit's box or wagon: hire beyond free days, and its way back
    beside: Chain | None = None  # what it is like but for a line that runs side by side with another
    part: float = 1.0  # of the departures of all such lines

    def standing(self, beside: Chain | None, part: float) -> "Way":
        """Return the way as one that stands beside another, for a part of both; itself where that is what it is."""
        alike = beside is self.beside or (beside is not None and np.array_equal(beside, np.asarray(self.beside)))
        return self if alike and part == self.part else replace(self, beside=beside, part=part)

    @property
    def first(self) -> Chain:
        """The chain of those side by side that the search found; its own if it stands beside none."""
        return self.chain if self.beside is None else self.beside

    @cached_property
    def price(self) -> float:
        """EUR for a load unit, its box or wagon included."""
        return float(self.by_arc[0].sum()) + self.equipment

    @cached_property
    def spent(self) -> float:
        """EUR of resources for a load unit; a box that is hired and taken back uses up what is paid for that."""
        return float(self.by_arc[1].sum()) + self.equipment

    @cached_property
    def carbon(self) -> float:
        """Kilograms of CO2e for a load unit."""
        return float(self.by_arc[2].sum())


def payee_of(network: Network, corridor: Corridor, arc: int) -> tuple[str, str]:
    """Return who is paid for an arc, and the country in which it is; at sea that is ``sea``."""
    mode = network.ids.modes[network.mode[arc]] if network.mode[arc] >= 0 else ""
    country = "sea" if mode == "sea" else network.ids.place_country[int(network.ends[1][arc])]
    service, step = int(network.world.service[arc]), int(network.step[arc])
    operator: str | None = None
    if service >= 0:
        operator = corridor.services[network.ids.services[service]].operator
    elif step >= 0:
        operator = corridor.steps[network.ids.steps[step]].operator
    return operator or TERMINALS.format(country=country), country
