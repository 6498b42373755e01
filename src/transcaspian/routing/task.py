"""This module owns how a request becomes arrays over a network: what may be used, what it costs, emits and takes."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem, RequestError
from transcaspian.kernels.world import ALIGHT, BOARD, HANDLING
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules.geometry import distance_km
from transcaspian.network.cargo import (
    STARTS,
    Cargo,
    Errand,
    country_arcs,
    forms_of,
    marked,
    place_arcs,
    stands_at,
    task_of,
)
from transcaspian.network.doors import with_door
from transcaspian.network.network import Network
from transcaspian.routing.request import Constraint, Point, Request

ORIGIN, DESTINATION = "door-origin", "door-destination"

REQUIRED_BITS = 48
"""First bit of required things; those below are gateways."""

SUGGESTED_KM = 300.0
"""Places that handle the cargo are suggested up to this far from one that does not."""


@dataclass(frozen=True)
class Job(Errand):
    """A request on a network: the errand, and what each avoidance takes away from it."""

    masks: tuple[tuple[Constraint, NDArray[np.bool_]], ...]  # (A,) arcs
    gauges: tuple[NDArray[np.bool_], ...]  # (A,) arcs left on each rail gauge alone; none where breaks are no matter

    @property
    def searches(self) -> "list[Job]":
        """What is searched: the job itself, or, where gauge breaks are avoided, the job on each rail gauge alone."""
        if not self.gauges:
            return [self]
        tasks = [self.task._replace(allowed=self.task.allowed & left) for left in self.gauges]
        return [replace(self, task=task, gauges=()) for task in tasks]


def job_of(network: Network, corridor: Corridor, request: Request, origin: int | None, destination: int | None) -> Job:
    """Return the arrays of a request between two places, given by index; None leaves an end open.

    Raises
    ------
    RequestError
        If the cargo cannot stand at an end, or a required thing is nowhere.
    """
    cargo = Cargo(request.form, request.commodity, request.units, request.tonnes_per_unit, request.owner)
    form, units = forms_of(network, corridor, cargo)
    task, base = task_of(network, corridor, cargo, form, units)
    masks: list[tuple[Constraint, NDArray[np.bool_]]] = []
    needed = np.uint64(0)
    for number, constraint in enumerate(request.constraints):
        if constraint.verb != "require":
            masks.append((constraint, arcs_of(network, corridor, constraint)))
            task.allowed[masks[-1][1]] = False
        elif constraint.target not in (request.origin, request.destination):
            bit = np.uint64(1) << np.uint64(REQUIRED_BITS + number)
            task.bits[passing(network, corridor, constraint)] |= bit
            needed |= bit
    none, ends = np.empty(0, np.int32), partial(_ends, network, corridor, request)
    return Job(
        task=task,
        sources=none if origin is None else ends(origin, "origin"),
        is_target=marked(network, none if destination is None else ends(destination, "destination")),
        start=network.window.hours(request.departs),
        latest=network.window.hours(request.latest) if request.latest else 1e17,
        needed=needed,
        form=form,
        units=units,
        base=base,
        masks=tuple(masks),
        gauges=one_gauge_each(network) if any(c.kind == "gauge-break" for c, _ in masks) else (),
    )


def _ends(network: Network, corridor: Corridor, request: Request, place: int, field: str) -> NDArray[np.int32]:
    found = stands_at(network, request.form, place)
    if found.size:
        return found
    group = network.ids.groups[network.form_group[network.ids.forms.index(request.form)]]
    here = sorted({s for p, s, _ in network.rest if p == place})
    right = f"a place that handles {group} cargo" + (
        f"; here there is only {', '.join(here)}" if here else "; nothing serves this place"
    )
    near = _handled_near(network, corridor, group, network.ids.places[place])
    right += f"; near it {near}" if near else ""
    raise RequestError([Problem("request", "", field, network.ids.places[place], right)])


def _handled_near(network: Network, corridor: Corridor, group: str, place: str) -> str:
    """Return in words the places nearest to one where cargo of a group stands ready."""
    here = corridor.places[place]
    places = {
        network.ids.places[p] for p, state, g in network.rest if g == group and any(state in s for s in STARTS[g])
    }
    distance = {
        row.name: distance_km(here.lat, here.lon, row.lat, row.lon)
        for row in (corridor.places[p] for p in places if p in corridor.places)
    }
    nearest = sorted((km, name) for name, km in distance.items() if km <= SUGGESTED_KM)[:3]
    return ", ".join(f"{name} ({km:,.0f} km)" for km, name in nearest)


def arcs_of(network: Network, corridor: Corridor, constraint: Constraint) -> NDArray[np.bool_]:
    """Return the arcs that a constraint's target covers, (A,)."""
    ids, world = network.ids, network.world
    if constraint.kind == "gauge-break":
        return network.gauge_break.copy()
    if constraint.kind == "mode":
        return np.equal(network.mode, ids.modes.index(constraint.target))
    if constraint.kind == "link":
        return np.equal(network.link, ids.links.index(constraint.target))
    if constraint.kind in ("service", "operator"):
        hit = np.array(
            [
                s == constraint.target
                if constraint.kind == "service"
                else s in corridor.services and corridor.services[s].operator == constraint.target
                for s in ids.services
            ]
        )
        by_step = np.array(
            [constraint.kind == "operator" and corridor.steps[s].operator == constraint.target for s in ids.steps],
            dtype=np.bool_,
        )
        done = np.zeros(network.arcs, np.bool_)
        done[world.service >= 0] = hit[world.service[world.service >= 0]]
        done[network.step >= 0] |= by_step[network.step[network.step >= 0]]
        return done
    if constraint.kind == "country":
        return country_arcs(network, corridor, constraint.target)
    return place_arcs(network, corridor, constraint.target)


def passing(network: Network, corridor: Corridor, constraint: Constraint) -> NDArray[np.bool_]:
    """Return the arcs on which what is required is passed, (A,).

    A gateway is passed as in a route family. At a port, cargo must be handled, or board or leave a ship: a train past
    it does not count.
    """
    touched = arcs_of(network, corridor, constraint)
    if constraint.kind != "place":
        return touched
    place, kind = corridor.places[constraint.target], network.world.kind
    if place.gateway:
        bit = np.uint64(1) << np.uint64(network.ids.gateways.index(place.id))
        passed: NDArray[np.bool_] = network.gateway & bit != 0
        return passed
    if place.kind == "seaport":
        ships = np.isin(network.mode, [network.ids.modes.index(mode) for mode in ("sea", "waterway")])
        touched &= (kind == HANDLING) | (ships & ((kind == BOARD) | (kind == ALIGHT)))
    return touched


def one_gauge_each(network: Network) -> tuple[NDArray[np.bool_], ...]:
    """Return the arcs that are left, (A,), on each rail gauge alone: nor may cargo change it by way of the yard."""
    rails = [n for n, state in enumerate(network.ids.states) if state.removeprefix("rail-").isdigit()]
    tail, head = network.vertex_state[network.world.tail], network.vertex_state[network.world.head]
    others = ([rail for rail in rails if rail != gauge] for gauge in rails)
    return tuple(~(np.isin(tail, other) | np.isin(head, other)) for other in others)


def with_ends(network: Network, corridor: Corridor, request: Request) -> tuple[Network, int, int]:
    """Return the network with a door for each end that is a point, and the indices of both ends."""
    names = []
    for door, name in ((request.origin, ORIGIN), (request.destination, DESTINATION)):
        if isinstance(door, Point):
            network = with_door(network, corridor, door.lat, door.lon, name)
        names.append(door if isinstance(door, str) else name)
    start, end = (network.ids.places.index(name) for name in names)
    return network, start, end
