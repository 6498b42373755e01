"""This module owns the answer to ``equilibrium``: flows and costs on the lines of a standard network."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Flows of which no part could go cheaper: at the cost it pays (user), or that it causes (system).

    ``gap`` is the relative gap of the costs that the principle counts, at the flows given. ``kept`` is what a later
    run may begin with.
    """

    principle: str
    volume: NDArray[np.float64]  # (line,) as the demand
    cost: NDArray[np.float64]  # (line,) paid by each unit of volume; infinite where capacity is 0
    total_cost: float  # of all volume
    gap: float  # share of the total cost
    iterations: int
    kept: Any = field(repr=False, default=None)

    def __repr__(self) -> str:
        return (
            f"Equilibrium ({self.principle}) on {len(self.volume):,} lines: total cost {self.total_cost:,.6g}, "
            f"gap {self.gap:.1e} after {self.iterations} iterations"
        )
