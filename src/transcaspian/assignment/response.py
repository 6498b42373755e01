"""This module owns what operators do when vehicles run short: they charter, buy and hire, up to stated caps.

Ships can be chartered in months and bought in years, locomotives, wagons and flat cars in years; berths, tracks and
officers stay as they are. A vehicle goes out and comes back, so a fleet is enlarged as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from transcaspian.assignment.flows import Model, Solution
from transcaspian.kernels.flows import FILLING

VEHICLES = ("fleet", "locomotive", "wagon", "flat-car")
"""Kinds of limits that an operator can widen."""


@dataclass(frozen=True)
class Means:
    """What operators can do: shares by which they can enlarge what they have, and the use at which they stop."""

    bought: float  # of any vehicles, since the base year
    chartered: float  # of ships, beyond that
    use: float  # of the worst month

    def cap(self, model: Model, resource: str) -> float:
        """Return by which factor the vehicles behind a limit can be enlarged at most."""
        fleet = model.corridor.fleets.get(resource)
        afloat = fleet is not None and model.corridor.vehicle_types[fleet.vehicle_type].mode == "sea"
        return (1.0 + self.bought) * (1.0 + (self.chartered if afloat else 0.0))


NONE = Means(0.0, 0.0, 1.0)
"""Operators who leave their fleets as they are."""


def enlarged(model: Model, factors: Mapping[str, float]) -> Model:
    """Return the model with the capacity of some limits, by id, times a factor."""
    scale = np.ones(len(model.limits.kind))
    for number, limit in enumerate(model.table.limits):
        scale[number] = factors.get(limit.id, 1.0)
    return replace(model, limits=model.limits._replace(capacity=model.limits.capacity * scale[:, None]))


def response(model: Model, solution: Solution, means: Means, before: Mapping[str, float]) -> dict[str, float]:
    """Return by which factor operators enlarge each vehicle limit, by id, beyond what they had ``before``.

    They go on to where the use of the worst month, and of a fleet's worst direction, is what they stop at, as far as
    they can. ``model`` has the capacities before any of it; ``solution`` is of those that ``before`` left.
    """
    need: dict[str, float] = {}
    rows = [(n, x) for n, x in enumerate(model.table.limits) if x.mode != FILLING and x.kind in VEHICLES]
    for number, limit in rows:
        capacity = solution.year.capacity[number]
        asked = solution.year.asked[number] + model.limits.others[number]
        worst = float(np.max(np.divide(asked, capacity, out=np.zeros_like(asked), where=capacity > 0)))
        need[limit.resource] = max(need.get(limit.resource, 0.0), worst / means.use * before.get(limit.id, 1.0))
    found = {}
    for _, limit in rows:
        had = before.get(limit.id, 1.0)
        factor = max(had, min(need[limit.resource], means.cap(model, limit.resource)))
        if factor > 1.0:
            found[limit.id] = factor
    return found
