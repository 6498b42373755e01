"""This module owns what operators do when vehicles run short: they charter, buy and hire, up to a stated cap.

Ships, locomotives, wagons and flat cars can be added in years; berths, tracks and officers stay as they are.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from transcaspian.assignment.flows import Model, Solution
from transcaspian.kernels.flows import FILLING

VEHICLES = ("fleet", "locomotive", "wagon", "flat-car")
"""Kinds of limits that an operator can widen."""


def enlarged(model: Model, factors: Mapping[str, float]) -> Model:
    """Return the model with the capacity of some limits, by id, times a factor."""
    scale = np.ones(len(model.limits.kind))
    for number, limit in enumerate(model.table.limits):
        scale[number] = factors.get(limit.id, 1.0)
    return replace(model, limits=model.limits._replace(capacity=model.limits.capacity * scale[:, None]))


def response(model: Model, solution: Solution, cap: float, wanted: float) -> dict[str, float]:
    """Return by which factor operators enlarge each vehicle limit, by id: to where use is ``wanted``, at most ``cap``.

    What is asked of the worst month decides; a limit with room has the factor one.
    """
    found = {}
    for number, limit in enumerate(model.table.limits):
        if limit.mode == FILLING or limit.kind not in VEHICLES:
            continue
        capacity = solution.year.capacity[number]
        asked = solution.year.asked[number] + model.limits.others[number]
        need = float(np.max(np.divide(asked, capacity, out=np.zeros_like(asked), where=capacity > 0)))
        if need > wanted:
            found[limit.id] = float(min(need / wanted, cap))
    return found
