"""This module owns how a request becomes arrays over a network: what may be used, what it costs, emits and takes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem, RequestError
from transcaspian.kernels.world import ALIGHT, BOARD, HANDLING
from transcaspian.model.corridor import Corridor
from transcaspian.network.cargo import (
    Cargo,
    Errand,
    country_arcs,
    forms_of,
    marked,
    place_arcs,
    stands_at,
    task_of,
)
from transcaspian.network.network import Network
from transcaspian.routing.request import Constraint, Point, Request

REQUIRED_BITS = 48
"""First bit of required things; those below are gateways."""


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
        if constraint.verb == "avoid":
            masks.append((constraint, arcs_of(network, corridor, constraint)))
            task.allowed[masks[-1][1]] = False
        elif constraint.target not in (request.origin, request.destination):
            bit = np.uint64(1) << np.uint64(REQUIRED_BITS + number)
            task.bits[passing(network, corridor, constraint)] |= bit
            needed |= bit
    none = np.empty(0, np.int32)
    return Job(
        task=task,
        sources=none if origin is None else _ends(network, request, origin, "origin"),
        is_target=marked(network, none if destination is None else _ends(network, request, destination, "destination")),
        start=network.window.hours(request.departs),
        latest=network.window.hours(request.latest) if request.latest else 1e17,
        needed=needed,
        form=form,
        units=units,
        base=base,
        masks=tuple(masks),
        gauges=one_gauge_each(network) if any(c.kind == "gauge-break" for c, _ in masks) else (),
    )


def _ends(network: Network, request: Request, place: int, field: str) -> NDArray[np.int32]:
    found = stands_at(network, request.form, place)
    if found.size:
        return found
    group = network.ids.groups[network.form_group[network.ids.forms.index(request.form)]]
    here = sorted({s for p, s, _ in network.rest if p == place})
    right = f"a place that handles {group} cargo" + (
        f"; here there is only {', '.join(here)}" if here else "; nothing serves this place"
    )
    raise RequestError([Problem("request", "", field, network.ids.places[place], right)])


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
    if place.kind == "seaport":
        ships = np.isin(network.mode, [network.ids.modes.index(mode) for mode in ("sea", "waterway")])
        touched &= (kind == HANDLING) | (ships & ((kind == BOARD) | (kind == ALIGHT)))
    elif place.gateway:
        touched = np.zeros(network.arcs, np.bool_)
    if place.gateway:
        touched |= network.gateway >> np.uint64(network.ids.gateways.index(place.id)) & np.uint64(1) > 0
    return touched


def one_gauge_each(network: Network) -> tuple[NDArray[np.bool_], ...]:
    """Return the arcs that are left, (A,), on each rail gauge alone: nor may cargo change it by way of the yard."""
    rails = [n for n, state in enumerate(network.ids.states) if state.removeprefix("rail-").isdigit()]
    tail, head = network.vertex_state[network.world.tail], network.vertex_state[network.world.head]
    others = ([rail for rail in rails if rail != gauge] for gauge in rails)
    return tuple(~(np.isin(tail, other) | np.isin(head, other)) for other in others)


def place_index(network: Network, door: str | Point, name: str) -> int:
    """Return the index of a place or door in a network."""
    return network.ids.places.index(door if isinstance(door, str) else name)
