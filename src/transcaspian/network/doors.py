"""This module owns doors: points that are no place of the corridor, joined to the places near them by road.

The access leg is great-circle distance times a detour factor, at a speed and price from ``defaults`` (table
``access``). A door is joined to the nearest places of the country of the nearest one, since a border in between would
need a crossing that nobody described.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem, RequestError
from transcaspian.kernels.world import MOVE, World
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules.geometry import distance_km
from transcaspian.network.builder import first_of, luck_of
from transcaspian.network.fill import BUILT_IN, filler
from transcaspian.network.network import ASSUMED, OWNERS, Network, no_slots

ACCESS = "road-access"
"""Id of the service that carries between a door and the corridor."""

NEAR = 6
"""Places a door is joined to."""

ACCESS_KM = 500.0
"""A door is no farther from a place, as the crow flies: roads and borders beyond are not what the corridor knows."""

GROUND_FIRST = ("yard", "road", "tank")


def nearest_place(corridor: Corridor, lat: float, lon: float) -> tuple[str, float]:
    """Return the open place on land nearest to a point, and its distance in km."""
    distance = {
        p.id: distance_km(lat, lon, p.lat, p.lon)
        for p in corridor.places.rows
        if p.status == "open" and p.kind != "waypoint"
    }
    place = min(distance, key=distance.__getitem__)
    return place, distance[place]


def too_far(corridor: Corridor, field: str, point: str, place: str, km: float) -> Problem:
    """Return the problem of a point without a place near."""
    there = f"the nearest, {corridor.places[place].name}, is {km:,.0f} km away"
    return Problem("request", "", field, point, f"a point within {ACCESS_KM:g} km of a place of the corridor; {there}")


def with_door(network: Network, corridor: Corridor, lat: float, lon: float, name: str) -> Network:
    """Return the network with one more place, a door joined by road both ways to the places near it.

    Raises
    ------
    RequestError
        If no place where cargo is handled is near.
    """
    ids = network.ids
    places = {i: corridor.places[p] for i, p in enumerate(ids.places) if p in corridor.places}  # no other doors
    usable = {place for place, state, _ in network.rest if state in GROUND_FIRST}
    distance = {i: distance_km(lat, lon, p.lat, p.lon) for i, p in places.items() if i in usable}
    order = sorted(distance, key=distance.__getitem__)
    if distance[order[0]] > ACCESS_KM:
        field = name.removeprefix("door-")
        raise RequestError([too_far(corridor, field, f"{lat:g},{lon:g}", ids.places[order[0]], distance[order[0]])])
    country = ids.place_country[order[0]]
    near = [i for i in order if ids.place_country[i] == country and distance[i] <= ACCESS_KM][:NEAR]
    fill = filler(corridor)
    detour, speed, rate = (fill.value("access", name, what, {}) for what in ("detour", "speed_km_h", "eur_per_km"))
    factors = (f.wtw for f in corridor.emission_factors.rows if f.mode == "road" and f.default)
    grams = next(factors, BUILT_IN["access", "wtw"])
    door, service = len(ids.places), len(ids.services)
    tails, heads, km, groups = [], [], [], []
    doors: dict[int, int] = {}
    for place in near:
        for g, group in enumerate(ids.groups):
            state = next((s for s in GROUND_FIRST if (place, s, group) in network.rest), None)
            if state is None:
                continue
            at = doors.setdefault(g, network.vertices + len(doors))
            there = network.rest[place, state, group]
            for tail, head in ((at, there), (there, at)):
                tails.append(tail)
                heads.append(head)
                km.append(max(1.0, distance[place] * detour))
                groups.append(g)
    length = np.array(km)
    count, forms = len(tails), len(ids.forms)
    price = np.broadcast_to((length * rate)[None, :, None], (len(OWNERS), count, forms))
    arrays = {
        "group": np.array(groups),
        "mode": np.full(count, ids.modes.index("road")),
        "hours": length / speed,
        "km": length,
        "batch": np.full(count, np.inf),
        "price": price,
        "resource_cost": price,
        "price_basis": np.full(count, ASSUMED),
        "carbon_tonne": length * grams / 1000.0,
        "step": np.full(count, -1),
        "link": np.full(count, -1),
        "crossing": np.full(count, -1),
        "stage": np.full(count, -1),
    }
    kernel_arrays = {
        "kind": np.full(count, MOVE), "calendar": np.full(count, -1), "site": np.full(count, -1),
        "service": np.full(count, service), "scv": np.full(count, 0.1), "least": np.full(count, 0.7),
        "luck": np.full(count, luck_of(f"services:{ACCESS}"), dtype=np.uint64),
    }  # fmt: skip
    grown = _grow(network, np.array(tails), np.array(heads), network.vertices + len(doors), arrays, kernel_arrays)
    size = len(doors)
    services: dict[str, Any] = {
        name: np.append(getattr(network, name), value)
        for name, value in (
            ("headway", np.nan),
            ("fill", np.nan),
            ("max_wait", np.inf),
            ("train_units", np.inf),
            ("own_wait", 0.0),
        )
    }
    return replace(
        grown,
        ids=replace(
            ids,
            places=(*ids.places, name),
            place_country=(*ids.place_country, country),
            services=(*ids.services, ACCESS),
        ),
        uncertain=no_slots,
        vertex_place=np.append(network.vertex_place, np.full(size, door, np.int32)),
        vertex_state=np.append(
            network.vertex_state, np.full(size, ids.states.index("yard") if "yard" in ids.states else 0, np.int16)
        ),
        vertex_group=np.append(network.vertex_group, np.array(list(doors), np.int8)),
        vertex_service=np.append(network.vertex_service, np.full(size, -1, np.int32)),
        vertex_rest=np.append(network.vertex_rest, np.ones(size, np.bool_)),
        service_fleet=np.append(network.service_fleet, np.int32(-1)),
        capacity=np.vstack([network.capacity, np.full((1, network.capacity.shape[1]), np.nan)]),
        **services,
    )


def _grow(
    network: Network,
    tails: NDArray[np.int64],
    heads: NDArray[np.int64],
    vertices: int,
    arrays: dict[str, Any],
    kernel_arrays: dict[str, Any],
) -> Network:
    """Return the network with more arcs, sorted by tail as before; what is not given is zero."""
    world, old, new = network.world, network.arcs, len(tails)
    tail, head = (np.append(a, b).astype(np.uint32) for a, b in ((world.tail, tails), (world.head, heads)))
    order = np.argsort(tail, kind="stable")

    def longer(array: Any, more: Any, axis: int = 0) -> Any:
        shape = list(array.shape)
        shape[axis] = new
        added = np.zeros(shape, array.dtype) if more is None else np.asarray(more, array.dtype)
        return np.take(np.concatenate([array, added], axis=axis), order, axis=axis)

    by_arc = ("kind", "calendar", "site", "service", "offset", "scv", "least", "wait", "wait_sd", "luck")
    more_services: dict[str, Any] = {
        "rule": np.append(world.rule, np.int8(1)),
        "cutoff": np.append(world.cutoff, 0.0),
        "dep_first": np.append(world.dep_first, world.dep_first[-1]),
    }
    grown_world: World = world._replace(
        first=first_of(np.bincount(tail, minlength=vertices)).astype(np.uint32),
        tail=tail[order],
        head=head[order],
        in_first=first_of(np.bincount(head, minlength=vertices)).astype(np.uint32),
        in_arc=np.argsort(head[order], kind="stable").astype(np.uint32),
        **more_services,
        **{name: longer(getattr(world, name), kernel_arrays.get(name)) for name in by_arc},
    )
    plain = (
        "group",
        "mode",
        "step",
        "link",
        "crossing",
        "stage",
        "gauge_break",
        "hours",
        "batch",
        "km",
        "gateway",
        "price_basis",
        "carbon_tonne",
        "carbon_unit",
    )
    columns = {name: longer(getattr(network, name), arrays.get(name)) for name in plain}
    columns |= {name: longer(getattr(network, name), arrays[name], axis=1) for name in ("price", "resource_cost")}
    lengths = longer(np.diff(network.use_first).astype(np.int32), None)
    resort = np.argsort(np.repeat(np.argsort(order)[:old], np.diff(network.use_first)), kind="stable")
    return replace(
        network,
        world=grown_world,
        use_first=first_of(lengths),
        use_resource=network.use_resource[resort],
        use_scope=network.use_scope[resort],
        use_amount=network.use_amount[resort],
        **columns,
    )
