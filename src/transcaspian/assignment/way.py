"""This module owns one way of a demand: its arcs, and what a load unit pays, spends, emits and takes along them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transcaspian.network.search import Chain


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

    @cached_property
    def price(self) -> float:
        """EUR for a load unit."""
        return float(self.by_arc[0].sum())

    @cached_property
    def spent(self) -> float:
        """EUR of resources for a load unit."""
        return float(self.by_arc[1].sum())

    @cached_property
    def carbon(self) -> float:
        """Kilograms of CO2e for a load unit."""
        return float(self.by_arc[2].sum())
