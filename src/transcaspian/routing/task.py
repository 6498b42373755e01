"""This module owns how a request becomes arrays over a network: what may be used, what it costs, emits and takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem, RequestError
from transcaspian.kernels.world import BOARD, PROCEDURE, Task
from transcaspian.model.corridor import Corridor
from transcaspian.network.network import OWNERS, Network
from transcaspian.routing.request import Constraint, Point, Request

REQUIRED_BITS = 48
"""First bit of required things; those below are gateways."""

STARTS = {
    "container": (("yard",), ("road",)),
    "wagon": (("rail-1435", "rail-1520"),),
    "truck": (("road",),),
    "general": (("yard",), ("road",)),
    "dry-bulk": (("yard",), ("road",)),
    "liquid-bulk": (("tank",),),
}
"""States in which cargo of a group stands ready at its origin or destination, the first that exists there."""


@dataclass(frozen=True)
class Job:
    """A request on a network, ready for kernels."""

    task: Task
    sources: NDArray[np.int32]
    is_target: NDArray[np.bool_]
    start: float
    latest: float
    needed: np.uint64
    form: NDArray[np.int32]  # (group,) form of each group, -1 none
    units: NDArray[np.float64]  # (group,) load units
    base: NDArray[np.bool_]  # (A,) arcs the cargo could use, constraints apart
    masks: tuple[tuple[Constraint, NDArray[np.bool_]], ...]  # arcs each avoidance takes away


def job_of(network: Network, corridor: Corridor, request: Request, origin: int | None, destination: int | None) -> Job:
    """Return the arrays of a request between two places, given by index; None leaves an end open.

    Raises
    ------
    RequestError
        If the cargo cannot stand at an end, or a required thing is nowhere.
    """
    tonnes = request.units * request.tonnes_per_unit
    form, units = _forms(network, corridor, request, tonnes)
    group = network.group
    owner = OWNERS.index(request.owner)
    known = np.where(form[group] >= 0, form[group], 0)
    price = network.price[owner, np.arange(network.arcs), known]
    procedure = network.world.kind == PROCEDURE
    lot = units[group] * np.where(procedure, network.form_consignments[known], 1.0)
    shut = np.append(np.diff(network.world.open_first) == 0, False)  # calendars that never open; the last is "always"
    base = (form[group] >= 0) & ~np.isnan(price) & ~shut[network.world.calendar] & _fits(network, corridor, form)
    allowed = base.copy()
    masks = []
    bits = network.gateway.copy()
    needed = np.uint64(0)
    for number, constraint in enumerate(request.constraints):
        touched = arcs_of(network, corridor, constraint)
        if constraint.verb == "avoid":
            masks.append((constraint, touched))
            allowed &= ~touched
        else:
            bit = np.uint64(1) << np.uint64(REQUIRED_BITS + number)
            bits[touched] |= bit
            needed |= bit
    with np.errstate(invalid="ignore"):
        batches = np.where(np.isfinite(network.batch), np.ceil(lot / network.batch - 1e-9), 1.0)
    start = network.window.hours(request.departs)
    return Job(
        task=Task(
            allowed=allowed,
            hours=network.hours * np.maximum(batches, 1.0),
            own=_own(network, lot),
            cost=np.where(base, price * lot, 0.0),
            carbon=network.carbon_tonne * tonnes + network.carbon_unit * lot,
            bits=bits,
        ),
        sources=np.empty(0, np.int32) if origin is None else _ends(network, request, origin, "origin"),
        is_target=_target(network, request, destination),
        start=start,
        latest=network.window.hours(request.latest) if request.latest else 1e17,
        needed=needed,
        form=form,
        units=units,
        base=base,
        masks=tuple(masks),
    )


def _forms(
    network: Network, corridor: Corridor, request: Request, tonnes: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return form and load units in every group: the asked one, and what the goods become when transloaded."""
    form = np.full(len(network.ids.groups), -1, np.int32)
    units = np.zeros(len(network.ids.groups))
    wanted = network.ids.forms.index(request.form)
    asked = int(network.form_group[wanted])
    form[asked], units[asked] = wanted, request.units
    for load in corridor.loads.rows:
        if load.commodity != request.commodity or not corridor.forms[load.form].loaded:
            continue
        number = network.ids.forms.index(load.form)
        group = int(network.form_group[number])
        if form[group] < 0:
            form[group], units[group] = number, np.ceil(tonnes / load.tonnes - 1e-9)
    return form, units


def _fits(network: Network, corridor: Corridor, form: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the arcs that are not kept for another form than what the cargo comes in or becomes, (A,)."""
    only = [corridor.steps[s].form if s in corridor.steps else None for s in network.ids.steps]
    carried = {network.ids.forms[f] for f in form if f >= 0}
    fits = np.array([f is None or f in carried for f in only] + [True])  # the last is "no step"
    return fits[network.step]


def _own(network: Network, lot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the wait for an own train where the lot fills one, else -1."""
    own = np.full(network.arcs, -1.0)
    boards = network.world.kind == BOARD
    service = network.world.service[boards]
    fills = lot[boards] >= network.train_units[service]
    own[boards] = np.where(fills, network.own_wait[service], -1.0)
    return own


def _ends(network: Network, request: Request, place: int, field: str) -> NDArray[np.int32]:
    group = network.ids.groups[network.form_group[network.ids.forms.index(request.form)]]
    for states in STARTS[group]:
        found = [network.rest[place, s, group] for s in states if (place, s, group) in network.rest]
        if found:
            return np.array(sorted(found), dtype=np.int32)
    here = sorted({s for p, s, _ in network.rest if p == place})
    right = f"a place that handles {group} cargo" + (
        f"; here there is only {', '.join(here)}" if here else "; nothing serves this place"
    )
    raise RequestError([Problem("request", "", field, network.ids.places[place], right)])


def _target(network: Network, request: Request, place: int | None) -> NDArray[np.bool_]:
    """Return which vertices end the journey."""
    is_target = np.zeros(network.vertices, np.bool_)
    if place is not None:
        is_target[_ends(network, request, place, "destination")] = True
    return is_target


def arcs_of(network: Network, corridor: Corridor, constraint: Constraint) -> NDArray[np.bool_]:
    """Return the arcs that a constraint's target covers, (A,)."""
    ids, world = network.ids, network.world
    tail, head = network.ends
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
        inside = np.array([c == constraint.target for c in ids.place_country])
    else:
        inside = np.array([p == constraint.target for p in ids.places])
    found: NDArray[np.bool_] = inside[tail] | inside[head]
    passed = {row.link for row in corridor.link_passes.rows if inside[ids.places.index(row.place)]}
    if passed:
        links = np.array([link in passed for link in ids.links])
        found[network.link >= 0] |= links[network.link[network.link >= 0]]
    return found


def place_index(network: Network, door: str | Point, name: str) -> int:
    """Return the index of a place or door in a network."""
    return network.ids.places.index(door if isinstance(door, str) else name)
