"""This module owns a year varied without being built again: its demand, other traffic, room on a sea, worth of time.

The choice sets stay; arrays are copied and scaled. What comes out is a model like any other, still to be set against a
pivot that was varied in the same way where the worth of time changed.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model
from transcaspian.kernels.flows import FILLING

Values = NDArray[np.float64]


def varied(
    model: Model,
    *,
    demand: float = 1.0,
    others: float = 1.0,
    hour: float = 1.0,
    room: float = 1.0,
    water: str = "",
) -> Model:
    """Return a model with volumes, traffic of others, and worth of time times factors, and ``room`` on a water body.

    The model must not have been set against a pivot yet: its costs are still price and time.
    """
    ways, limits = model.ways, model.limits
    plain = np.array([w.price / s.tonnes for s in model.segments for w in s.ways])[:, None]
    capacity = limits.capacity
    if room != 1.0:
        wet = on_water(model, water)
        capacity = np.where(wet[:, None], capacity * room, capacity)
    busy = np.where((limits.kind != FILLING)[:, None], limits.others * others, limits.others)
    return replace(
        model,
        ways=ways._replace(volume=ways.volume * demand, hour=ways.hour * hour, cost=plain + hour * (ways.cost - plain)),
        limits=limits._replace(capacity=capacity, others=np.minimum(busy, np.maximum(capacity, limits.others))),
    )


def on_water(model: Model, water: str) -> NDArray[np.bool_]:
    """Return which limits, (L,), are berths and cranes at a water body, or ships that sail it."""
    corridor = model.corridor
    ports = {place.id for place in corridor.places.rows if place.water == water}
    ends = {
        row.service
        for row in corridor.service_links.rows
        if {corridor.links[row.link].origin, corridor.links[row.link].destination} <= ports
        and corridor.links[row.link].mode == "sea"
    }
    ships = {row.fleet for row in corridor.rotations.rows if row.service in ends}
    found = np.zeros(len(model.limits.kind), dtype=bool)
    for number, limit in enumerate(model.table.limits):
        resource = corridor.resources.get(limit.resource)
        at_port = resource is not None and resource.place in ports and resource.kind in ("berth", "crane")
        found[number] = at_port or limit.resource in ships
    return found


def alike(first: Model, second: Model) -> bool:
    """Return whether two models have the same ways, by demand, family and services, and the same limits.

    One can then be a part of the way to the other, though a way may pass a terminal by another arc.
    """
    return _ways_of(first) == _ways_of(second) and first.limits.capacity.shape == second.limits.capacity.shape


def _ways_of(model: Model) -> list[tuple[str, str | None, tuple[str, ...], tuple[str, ...]]]:
    return [(s.demand.id, s.shuns, way.family, way.services) for s in model.segments for way in s.ways]


def part_way(first: Model, second: Model, part: float) -> Model:
    """Return a model that is ``part`` of the way from one to another that is alike; the other where it is not."""
    if part == 1.0 or not alike(first, second):
        return second

    def mixed(a: Values, b: Values) -> Values:
        return np.asarray(np.where(a == b, b, a + part * (b - a)))

    a, b = first.limits, second.limits
    limits = b._replace(
        capacity=mixed(a.capacity, b.capacity),
        others=mixed(a.others, b.others),
        servers=mixed(a.servers, b.servers),
        service=mixed(a.service, b.service),
    )
    ways = second.ways._replace(cost=mixed(first.ways.cost, second.ways.cost), **_uses(first, second, part))
    return replace(second, ways=ways, limits=limits)


def _uses(first: Model, second: Model, part: float) -> dict[str, NDArray[Any]]:
    """Return what ways take of limits, part of the way from one model to another; what one does not use counts as 0."""
    a, b = first.ways, second.ways
    if np.array_equal(a.use_first, b.use_first) and np.array_equal(a.use_limit, b.use_limit):
        return {"use_amount": (1.0 - part) * a.use_amount + part * b.use_amount}
    starts, limits, amounts = [0], [], []
    for k in range(len(first.ways.rank)):
        taken: dict[int, float] = {}
        for model, weight in ((first, 1.0 - part), (second, part)):
            ways = model.ways
            here = slice(ways.use_first[k], ways.use_first[k + 1])
            for limit, amount in zip(ways.use_limit[here].tolist(), ways.use_amount[here].tolist(), strict=True):
                taken[limit] = taken.get(limit, 0.0) + weight * amount
        limits += list(taken)
        amounts += list(taken.values())
        starts.append(len(limits))
    return {
        "use_first": np.array(starts, np.int32),
        "use_limit": np.array(limits, np.int32),
        "use_amount": np.array(amounts, np.float64),
    }
