"""This module owns the arrays of what can run out: resources, their other users, fleets and what services hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Background, Resource
from transcaspian.model.corridor.service import Service
from transcaspian.network.builder import Arcs, Draft, first_of, index_of
from transcaspian.network.depths import depth_at
from transcaspian.network.kernel_arrays import rules_of
from transcaspian.network.network import DIMENSIONS, SCOPES


def uses_of(
    draft: Draft, arcs: Arcs
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]:
    """Return the uses of resources by arc: a step's on its arcs, a service's on boarding, a link's on moves over it."""
    resource = index_of(draft.corridor.resources)
    by_user: dict[str, list[tuple[int, int, float]]] = {}
    for row in draft.corridor.uses.rows:
        by_user.setdefault(row.user, []).append((resource[row.resource], SCOPES.index(row.scope), row.amount))
    links, steps, services = tuple(draft.links), tuple(draft.steps), tuple(draft.services)
    by_work: list[list[tuple[int, int, float]]] = []
    for work in arcs.works:
        found: list[tuple[int, int, float]] = []
        if work.step >= 0:
            found = by_user.get(steps[work.step], found)
        elif work.link >= 0:
            found = by_user.get(links[work.link], found)
        elif work.wait:
            found = by_user.get(services[work.service], found)
        by_work.append(found)
    of_arcs = [by_work[number] for number in arcs.work.tolist()]
    flat = [use for found in of_arcs for use in found]
    return (
        first_of([len(found) for found in of_arcs]),
        np.array([f[0] for f in flat], dtype=np.int32),
        np.array([f[1] for f in flat], dtype=np.int8),
        np.array([f[2] for f in flat], dtype=np.float64),
    )


def resources_of(draft: Draft) -> tuple[NDArray[np.float64], ...]:
    """Return throughput, servers, the share of throughput that others use and depth, by (resource, period) each."""
    rows, periods = draft.corridor.resources.rows, draft.window.periods
    throughput, servers, background, depth = (np.full((len(rows), len(periods)), np.nan) for _ in range(4))
    tracks = _tracks(draft)
    for number, state in draft.distinct.items():
        others = _by_resource(state)
        here = [p for p, other in enumerate(draft.states) if id(other) == number]
        for n, first in enumerate(rows):
            resource = state.resources.get(first.id, first)
            filled = resource.servers
            if filled is None:
                filled = draft.filler.value("resources", resource.id, "servers", {"kind": resource.kind})
            servers[n, here] = filled
            depth[n, here] = [depth_at(state, resource, periods[p]) for p in here]
            throughput[n, here] = capacity = _throughput(draft, resource, tracks.get(resource.id))
            used = others.get(resource.id)
            if used:
                background[n, here] = [_share(capacity, used, periods[p].year, periods[p].month) for p in here]
    return throughput, servers, background, depth


def _by_resource(state: Corridor) -> dict[str, list[list[Background]]]:
    """Return what others use of each resource: a series of rows for each of them."""
    found: dict[str, dict[str, list[Background]]] = {}
    for row in state.backgrounds.rows:
        found.setdefault(row.resource, {}).setdefault(row.what, []).append(row)
    return {resource: list(by_whose.values()) for resource, by_whose in found.items()}


def _tracks(draft: Draft) -> dict[str, int]:
    """Return the number of tracks of each resource that links use: the fewest of them."""
    found: dict[str, int] = {}
    for row in draft.corridor.uses.rows:
        link = draft.corridor.links.get(row.user)
        if link is not None and link.tracks is not None:
            found[row.resource] = min(link.tracks, found.get(row.resource, link.tracks))
    return found


def _throughput(draft: Draft, resource: Resource, tracks: int | None) -> float:
    """Return the capacity in its own unit, a default where it is not published; nan where there is none."""
    if resource.capacity is not None:
        return resource.capacity
    facts: dict[str, object] = {"kind": resource.kind, "tracks": tracks}
    default = draft.filler.find("resources", "capacity", facts)
    if default is None or default.unit != resource.capacity_unit:
        return np.nan
    return draft.filler.value("resources", resource.id, "capacity", facts)


def _share(capacity: float, used: list[list[Background]], year: int, month: int) -> float:
    """Return the share of a capacity that others use in a month; nan where it is not known."""
    total = 0.0
    for series in used:
        row = min(series, key=lambda r: (abs(r.year - year), r.month != month, r.month != 0))
        grown = row.amount * (1.0 + (row.growth or 0.0)) ** (year - row.year)
        if row.unit == "share":
            total += grown
        elif capacity:
            total += grown / capacity
        else:
            return float("nan")
    return total


def services_of(draft: Draft) -> dict[str, Any]:
    """Return the arrays of services and fleets, by the name of the network's field."""
    corridor, rules = draft.corridor, rules_of(draft)
    fleet = index_of(corridor.fleets)
    services = corridor.services.rows

    def rule(service: Service, name: str, otherwise: float) -> float:
        value = getattr(rules[service.id], name) if service.id in rules else None
        return otherwise if value is None else float(value)

    capacity = np.full((len(services), len(DIMENSIONS)), np.nan)
    for number, service in enumerate(services):
        if service.fleet:
            kind = corridor.vehicle_types[corridor.fleets[service.fleet].vehicle_type]
            values = (kind.teu, kind.tonnes, kind.wagons, kind.lane_m, None)
            capacity[number] = [np.nan if v is None else v for v in values]
    rotations = sorted(corridor.rotations.rows, key=lambda r: (fleet[r.fleet], r.seq))
    return {
        "service_fleet": np.array([fleet[s.fleet] if s.fleet else -1 for s in services], dtype=np.int32),
        "capacity": capacity,
        "headway": np.array([rule(s, "headway_h", np.nan) for s in services], dtype=np.float64),
        "fill": np.array([rule(s, "fill", np.nan) for s in services], dtype=np.float64),
        "max_wait": np.array([rule(s, "max_wait_h", np.inf) for s in services], dtype=np.float64),
        "train_units": np.array([rule(s, "train_units", np.inf) for s in services], dtype=np.float64),
        "own_wait": np.array(
            [
                draft.filler.value("departures", s.id, "own_wait_h", {"mode": s.mode, "product": s.product})
                for s in services
            ],
            dtype=np.float64,
        ),
        "vehicles": _vehicles(draft),
        "rotation_first": first_of([sum(r.fleet == f for r in rotations) for f in fleet]),
        "rotation_service": np.array([draft.services[r.service] for r in rotations], dtype=np.int32),
    }


def _vehicles(draft: Draft) -> NDArray[np.float64]:
    """Return the vehicles of each (fleet, period) that are able to work and not laid up."""
    fleets, periods = draft.corridor.fleets.rows, draft.window.periods
    found = np.zeros((len(fleets), len(periods)))
    for p, (state, period) in enumerate(zip(draft.states, periods, strict=True)):
        layups = {row.fleet: row.vehicles for row in state.fleet_layups.rows if row.month == period.month}
        for number, first in enumerate(fleets):
            fleet = state.fleets.get(first.id, first)
            found[number, p] = max(0.0, fleet.vehicles - layups.get(fleet.id, 0.0)) * fleet.availability
    return found
