"""This module owns low water: how deep a berth is in a period, and what of its load a ship can take aboard there."""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Resource
from transcaspian.network.fill import Filler
from transcaspian.network.network import Network

Floats = NDArray[np.float64]

LEAST = 0.1
"""Share of its load with which a ship still sails; one that may never take more is an error."""


def depth_at(corridor: Corridor, berth: Resource, start: datetime) -> float:
    """Return the depth of water [m] at a berth in the period that starts then; infinite where it is not known."""
    if berth.depth_m is None or berth.place is None:
        return np.inf
    level = corridor.water_levels.get(f"{corridor.places[berth.place].water}:{start.month}")
    above = 0.0 if level is None else level.level_m - level.fall_m * (start.year - corridor.base_year)
    return berth.depth_m + above


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


def afloat(
    network: Network, corridor: Corridor, fill: Filler, fleet: int, services: Collection[int], ends: Sequence[int]
) -> Floats:
    """Return the share of a vehicle that water at both ends of a run lets aboard, (period,); 0 where it cannot sail.

    Parameters
    ----------
    fleet, services : of the network; the services are those of the run
    ends : places of the network
    """
    found = np.ones(len(network.window.periods))
    vehicle = corridor.vehicle_types[corridor.fleets[network.ids.fleets[fleet]].vehicle_type]
    if vehicle.draught_m is None or not np.isfinite(network.vehicles[fleet]).all():
        return found
    facts = {"mode": vehicle.mode}
    clearance, per_m = (fill.value("vehicle_types", vehicle.id, n, facts) for n in ("keel_clearance", "load_per_m"))
    names = {network.ids.services[s] for s in services}
    for place in ends:
        berth = berth_at(corridor, names, network.ids.places[place])
        if berth is not None:
            depth = network.depth[network.ids.resources.index(berth)]
            found = np.minimum(found, share_afloat(depth, vehicle.draught_m, clearance, per_m))
    return np.where(found > LEAST, found, 0.0)


def berth_at(corridor: Corridor, services: Collection[str], place: str) -> str | None:
    """Return the berth that the vehicles of a run use at a place; None where it has none for them.

    It is the one their own services use there; else the one of services of their kind that carry what they carry. A
    tanker and a grain ship are both tramps, and lie at berths of their own.
    """
    berths = {r.id for r in corridor.resources.rows if r.kind == "berth" and r.place == place}
    uses = [u for u in corridor.uses.rows if u.resource in berths and u.user in corridor.services]
    own = next((use.resource for use in uses if use.user in services), None)
    if own is not None or not uses:
        return own
    forms: dict[str, set[str]] = {}
    for row in corridor.service_forms.rows:
        forms.setdefault(row.service, set()).add(row.group)
    products = {corridor.services[s].product for s in services}
    carried = set().union(*(forms.get(s, set()) for s in services))
    alike = (u for u in uses if corridor.services[u.user].product in products and forms.get(u.user, set()) & carried)
    return next((use.resource for use in alike), None)


def too_deep(corridor: Corridor, fleet: str, origin: str, destination: str) -> Problem:
    """Return what is wrong with ships that can never sail between two places, for want of water."""
    vehicle = corridor.vehicle_types[corridor.fleets[fleet].vehicle_type]
    right = f"less, or deeper berths: ships of {fleet} can never sail between {origin} and {destination}"
    return Problem("vehicle_types", vehicle.id, "draught_m", f"{vehicle.draught_m:g}", right)
