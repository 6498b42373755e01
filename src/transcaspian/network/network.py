"""This module owns the compiled network: one structure of arrays that routing, assignment and simulation all read.

Ids and units end here. ``Network`` holds integer-indexed numpy arrays and, in ``ids``, the id behind every index.
Shapes are written with these letters: V vertices, A arcs, S services, G fleets, R resources, C calendars, W weather
sites, F forms, P periods, K crossings, L links, T steps, N places.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import World
from transcaspian.network.fill import Fill
from transcaspian.network.window import Window

OWNERS = ("carrier", "shipper")
"""Whose box or wagon it is: first axis of prices."""

DIMENSIONS = ("TEU", "t", "wagon", "lane_m", "move")
"""Dimensions of capacity and of a form's size."""

SCOPES = ("unit", "lot", "vehicle")
"""What occupies a resource."""

PUBLISHED, ASSUMED, UNKNOWN = 0, 1, 2
"""How a price is known."""


@dataclass(frozen=True)
class Ids:
    """The id behind every index, and the words behind every code."""

    places: tuple[str, ...]
    place_country: tuple[str, ...]
    states: tuple[str, ...]
    groups: tuple[str, ...]
    forms: tuple[str, ...]
    services: tuple[str, ...]
    fleets: tuple[str, ...]
    links: tuple[str, ...]
    steps: tuple[str, ...]
    crossings: tuple[str, ...]
    resources: tuple[str, ...]
    calendars: tuple[str, ...]
    sites: tuple[str, ...]
    gateways: tuple[str, ...]
    modes: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """Something that exists and cannot be used, with the reason: a closed service, a border without a crossing."""

    what: str
    reason: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slots:
    """Where each uncertain value stands in the arrays.

    ``array[index] += factor * (drawn ** power - central ** power)``; a draw is one scatter into copies.
    """

    evidence: tuple[str, ...]  # key of the evidence row of each value
    central: NDArray[np.float64]  # (value,)
    value: NDArray[np.int32]  # (slot,)
    array: NDArray[np.int16]  # (slot,) index into SLOT_ARRAYS
    index: NDArray[np.int64]  # (slot,) flat
    factor: NDArray[np.float64]  # (slot,)
    power: NDArray[np.int8]  # (slot,)


def no_slots() -> Slots:
    """Return the slots of a network with none: one that was changed after it was compiled."""
    nothing, ints = np.empty(0), np.empty(0, np.int32)
    return Slots((), nothing, ints, ints.astype(np.int16), ints.astype(np.int64), nothing, ints.astype(np.int8))


SLOT_ARRAYS = (
    "hours",
    "price",
    "carbon_tonne",
    "carbon_unit",
    "wait",
    "weather_share",
    "weather_spell",
    "servers",
    "background",
    "vehicles",
)
"""Arrays a slot may point into; ``wait`` and the two of weather are arrays of ``world``."""


@dataclass(frozen=True)
class Network:
    """A corridor compiled for a window."""

    window: Window
    ids: Ids
    world: World

    vertex_place: NDArray[np.int32]  # (V,)
    vertex_state: NDArray[np.int16]  # (V,)
    vertex_group: NDArray[np.int8]  # (V,)
    vertex_service: NDArray[np.int32]  # (V,) aboard which service, -1 none
    vertex_rest: NDArray[np.bool_]  # (V,) plain (place, state, group), where a shipment may start or end

    group: NDArray[np.int8]  # (A,) group of forms that can pass
    mode: NDArray[np.int8]  # (A,) -1 at a place
    step: NDArray[np.int32]  # (A,) -1 none
    link: NDArray[np.int32]  # (A,) -1 none
    crossing: NDArray[np.int32]  # (A,) -1 none
    stage: NDArray[np.int16]  # (A,) order in the crossing
    gauge_break: NDArray[np.bool_]  # (A,)
    hours: NDArray[np.float64]  # (A,) h for one batch, or the run
    batch: NDArray[np.float64]  # (A,) load units done in ``hours``; inf where the size of the lot does not count
    km: NDArray[np.float64]  # (A,)
    gateway: NDArray[np.uint64]  # (A,) bit mask over ids.gateways
    price: NDArray[np.float64]  # (owner, A, F) EUR per load unit; nan where no price is known
    resource_cost: NDArray[np.float64]  # (owner, A, F) EUR per load unit
    price_basis: NDArray[np.int8]  # (A,) PUBLISHED, ASSUMED or UNKNOWN
    carbon_tonne: NDArray[np.float64]  # (A,) kg CO2e per net tonne, well-to-wheel
    carbon_unit: NDArray[np.float64]  # (A,) kg CO2e per load unit

    use_first: NDArray[np.int32]  # (A + 1,)
    use_resource: NDArray[np.int32]
    use_scope: NDArray[np.int8]
    use_amount: NDArray[np.float64]
    throughput: NDArray[np.float64]  # (R, P) in its unit, defaults included; inf unlimited, nan unknown
    servers: NDArray[np.float64]  # (R, P) inf unlimited, nan unknown
    background: NDArray[np.float64]  # (R, P) share of capacity used by others, nan unknown
    depth: NDArray[np.float64]  # (R, P) m of water at a berth, inf unknown
    buffer: NDArray[np.int32]  # (R,) -1 unlimited, -2 unknown
    resource_calendar: NDArray[np.int32]  # (R,) -1 always
    resource_site: NDArray[np.int32]  # (R,) -1 none

    service_fleet: NDArray[np.int32]  # (S,) -1 none
    capacity: NDArray[np.float64]  # (S, dimension) of one departure, inf unlimited, nan unknown
    headway: NDArray[np.float64]  # (S,) h, nan unknown
    fill: NDArray[np.float64]  # (S,) share, nan none
    max_wait: NDArray[np.float64]  # (S,) h, inf none
    train_units: NDArray[np.float64]  # (S,) load units that make an own train, inf never
    own_wait: NDArray[np.float64]  # (S,) h, wait for an own train
    vehicles: NDArray[np.float64]  # (G, P) able to work
    rotation_first: NDArray[np.int32]  # (G + 1,)
    rotation_service: NDArray[np.int32]

    form_group: NDArray[np.int8]  # (F,)
    form_size: NDArray[np.float64]  # (F, dimension)
    form_consignments: NDArray[np.float64]  # (F,) consignments in one load unit

    cuts: tuple[Cut, ...]
    fills: tuple[Fill, ...]
    held: tuple[str, ...]  # what changes within the window and is taken as it is at first, in words
    uncertain: Callable[[], Slots]

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.world.tail)

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return len(self.vertex_place)

    @cached_property
    def slots(self) -> Slots:
        """Where each uncertain value stands in the arrays; laid out at its first use."""
        return self.uncertain()

    @cached_property
    def rest(self) -> Mapping[tuple[int, str, str], int]:
        """The plain vertices by (place index, state, group)."""
        return {
            (
                int(self.vertex_place[v]),
                self.ids.states[self.vertex_state[v]],
                self.ids.groups[self.vertex_group[v]],
            ): int(v)
            for v in np.flatnonzero(self.vertex_rest)
        }

    @cached_property
    def between(self) -> NDArray[np.float64]:
        """Hours between two departures of every service, (S,); 0 where they go when asked."""
        world = self.world
        count = np.diff(world.dep_first)
        span = np.array([np.ptp(world.dep_time[a:b]) if b - a > 1 else 0.0 for a, b in pairwise(world.dep_first)])
        return np.where(count > 1, span / np.maximum(count - 1, 1), np.nan_to_num(self.headway))

    @cached_property
    def ends(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Place of the tail and of the head of every arc, (A,) each."""
        return self.vertex_place[self.world.tail], self.vertex_place[self.world.head]

    def __repr__(self) -> str:
        size = f"{self.vertices:,} vertices and {self.arcs:,} arcs"
        return f"Network of {size}, {len(self.window.periods)} periods from {self.window.start:%Y-%m-%d}"


def drawn(network: Network, values: NDArray[np.float64]) -> Network:
    """Return the network with other values for its uncertain data: one scatter into copies, no compile.

    Parameters
    ----------
    network : the compiled network
    values : (value,) in the order of ``network.slots.evidence``, in the unit of each datum
    """
    slots = network.slots
    power = slots.power.astype(np.float64)
    change = slots.factor * (values[slots.value] ** power - slots.central[slots.value] ** power)
    arrays: dict[str, Any] = {}
    for number, name in enumerate(SLOT_ARRAYS):
        here = slots.array == number
        if here.any():
            source = getattr(network.world if name in World._fields else network, name)
            copy = source.copy()
            np.add.at(copy.reshape(-1), slots.index[here], change[here])
            arrays[name] = copy
    world = network.world._replace(**{k: v for k, v in arrays.items() if k in World._fields})
    return replace(network, world=world, **{k: v for k, v in arrays.items() if k not in World._fields})
