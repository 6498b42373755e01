"""This module owns a year varied without being built again: its demand, other traffic, room on a sea, worth of time.

The choice sets stay; arrays are copied and scaled. What comes out is a model like any other, still to be set against a
pivot that was varied in the same way where the worth of time changed.
"""

from dataclasses import dataclass, replace

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
    wet: NDArray[np.bool_] | None = None,
) -> Model:
    """Return a model with volumes, traffic of others, worth of time, and room at limits that are ``wet`` times factors.

    The model must not have been set against a pivot yet: its costs are still price and time.
    """
    ways, limits = model.ways, model.limits
    price = model.price[:, None]
    capacity = limits.capacity
    if wet is not None:
        capacity = np.where(wet[:, None], capacity * room, capacity)
    busy = np.where((limits.kind != FILLING)[:, None], limits.others * others, limits.others)
    return replace(
        model,
        ways=ways._replace(volume=ways.volume * demand, hour=ways.hour * hour, cost=price + hour * (ways.cost - price)),
        limits=limits._replace(
            capacity=capacity,
            others=np.minimum(busy, np.maximum(capacity, limits.others)),
            standing=limits.standing * demand,
        ),
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


@dataclass(frozen=True)
class Blend:
    """Models between two that are alike: what does not depend on how far is worked out once."""

    first: Model
    second: Model
    use_first: NDArray[np.uint32]
    use_limit: NDArray[np.uint32]
    before: Values  # (use,) amounts of the first model; 0 where it does not use the limit
    after: Values

    def at(self, part: float) -> Model:
        """Return the model that is ``part`` of the way from the first to the second, which it is at 1."""
        if part == 1.0:
            return self.second

        def mixed(a: Values, b: Values) -> Values:
            return np.asarray(np.where(a == b, b, a + part * (b - a)))

        a, b = self.first.limits, self.second.limits
        limits = b._replace(
            capacity=mixed(a.capacity, b.capacity),
            others=mixed(a.others, b.others),
            standing=mixed(a.standing, b.standing),
            servers=mixed(a.servers, b.servers),
            service=mixed(a.service, b.service),
        )
        ways = self.second.ways._replace(
            cost=mixed(self.first.ways.cost, self.second.ways.cost),
            use_first=self.use_first,
            use_limit=self.use_limit,
            use_amount=(1.0 - part) * self.before + part * self.after,
        )
        return replace(self.second, ways=ways, limits=limits)


def blend(first: Model, second: Model) -> Blend | None:
    """Return the models between two, None where these are not alike."""
    if not alike(first, second):
        return None
    starts, limits, before, after = [0], list[int](), list[float](), list[float]()
    for k in range(len(first.ways.rank)):
        own, other = (_taken(model, k) for model in (first, second))
        limits += dict.fromkeys((*own, *other))
        before += [own.get(limit, 0.0) for limit in limits[starts[-1] :]]
        after += [other.get(limit, 0.0) for limit in limits[starts[-1] :]]
        starts.append(len(limits))
    whole = np.array(starts, np.uint32), np.array(limits, np.uint32)
    return Blend(first, second, *whole, np.array(before), np.array(after))


def _taken(model: Model, way: int) -> dict[int, float]:
    """Return what a way takes of each limit."""
    ways = model.ways
    here = slice(ways.use_first[way], ways.use_first[way + 1])
    return dict(zip(ways.use_limit[here].tolist(), ways.use_amount[here].tolist(), strict=True))
