"""This module owns low water: how deep a berth is in a month, and what of its load a ship can take aboard there."""

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.network import Network

Floats = NDArray[np.float64]

LEAST = 0.1
"""Share of its load with which a ship still sails; one that may never take more is named before the run."""


def depth_at(network: Network, corridor: Corridor, berth: str) -> Floats:
    """Return the depth of water [m] at a berth in each period, (period,); not finite where it is not known."""
    row = corridor.resources[berth]
    if row.depth_m is None or row.place is None:
        return np.full(len(network.window.periods), np.inf)
    water = corridor.places[row.place].water
    found = []
    for start in network.window.periods:
        level = corridor.water_levels.get(f"{water}:{start.month}")
        above = 0.0 if level is None else level.level_m - level.fall_m * (start.year - corridor.base_year)
        found.append(row.depth_m + above)
    return np.array(found)


def share_afloat(depth: Floats, draught: float, clearance: float, per_m: float) -> Floats:
    """Return the share of its load that a ship can take where it is so deep, (period,).

    Parameters
    ----------
    depth : (period,) m
    draught : m, fully laden
    clearance : water under the keel, as a share of the draught
    per_m : share of the load that a metre of draught bears

    Examples
    --------
    Laden it draws 5 m and wants 5.5 m of water. In 4.4 m it may draw 4 m, a metre less, so a quarter stays ashore.

    >>> share_afloat(np.array([6.0, 4.4]), 5.0, 0.1, 0.25).tolist()
    [1.0, 0.75]
    """
    missing = np.maximum(draught - depth / (1.0 + clearance), 0.0)
    found: Floats = np.maximum(1.0 - per_m * missing, 0.0)
    return found
