"""This module owns how a request becomes arrays over a network: what may be used, what it costs, emits and takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem, RequestError
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
    masks = []
    needed = np.uint64(0)
    for number, constraint in enumerate(request.constraints):
        touched = arcs_of(network, corridor, constraint)
        if constraint.verb == "avoid":
            masks.append((constraint, touched))
            task.allowed[touched] = False
        else:
            bit = np.uint64(1) << np.uint64(REQUIRED_BITS + number)
            task.bits[touched] |= bit
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


def place_index(network: Network, door: str | Point, name: str) -> int:
    """Return the index of a place or door in a network."""
    return network.ids.places.index(door if isinstance(door, str) else name)
