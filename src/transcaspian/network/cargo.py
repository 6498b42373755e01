"""This module owns how cargo becomes arrays over a network: its form in every group, where it stands, what it costs.

Routing asks for one shipment, assignment for a load unit of every demand; both make their ``Errand`` here.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import BOARD, PROCEDURE, Task
from transcaspian.model.corridor import Corridor
from transcaspian.network.network import OWNERS, Network

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
class Cargo:
    """What is sent: load units of a form of a commodity, each with its net tonnes, and whose box or wagon it is."""

    form: str
    commodity: str
    units: float
    tonnes_per_unit: float
    owner: str = "carrier"


@dataclass(frozen=True)
class Errand:
    """Cargo that must get from some vertices of a network to others, ready for the search kernels."""

    task: Task
    sources: NDArray[np.int32]
    is_target: NDArray[np.bool_]
    start: float
    latest: float
    needed: np.uint64
    form: NDArray[np.int32]  # (group,) form of each group, -1 none
    units: NDArray[np.float64]  # (group,) load units
    base: NDArray[np.bool_]  # (A,) arcs the cargo could use, constraints apart


def forms_of(network: Network, corridor: Corridor, cargo: Cargo) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return form and load units in every group: the asked one, and what the goods become when transloaded."""
    tonnes = cargo.units * cargo.tonnes_per_unit
    form = np.full(len(network.ids.groups), -1, np.int32)
    units = np.zeros(len(network.ids.groups))
    wanted = network.ids.forms.index(cargo.form)
    asked = int(network.form_group[wanted])
    form[asked], units[asked] = wanted, cargo.units
    for load in corridor.loads.rows:
        if load.commodity != cargo.commodity or not corridor.forms[load.form].loaded:
            continue
        number = network.ids.forms.index(load.form)
        group = int(network.form_group[number])
        if form[group] < 0:
            form[group], units[group] = number, np.ceil(tonnes / load.tonnes - 1e-9)
    return form, units


def task_of(
    network: Network, corridor: Corridor, cargo: Cargo, form: NDArray[np.int32], units: NDArray[np.float64]
) -> tuple[Task, NDArray[np.bool_]]:
    """Return what every arc takes, costs and emits for cargo in these forms, and which arcs it could use, (A,)."""
    tonnes = cargo.units * cargo.tonnes_per_unit
    group = network.group
    known = np.where(form[group] >= 0, form[group], 0)
    price = network.price[OWNERS.index(cargo.owner), np.arange(network.arcs), known]
    procedure = network.world.kind == PROCEDURE
    lot = units[group] * np.where(procedure, network.form_consignments[known], 1.0)
    shut = np.append(np.diff(network.world.open_first) == 0, False)  # calendars that never open; the last is "always"
    base = (form[group] >= 0) & ~np.isnan(price) & ~shut[network.world.calendar] & _fits(network, corridor, form)
    with np.errstate(invalid="ignore"):
        batches = np.where(np.isfinite(network.batch), np.ceil(lot / network.batch - 1e-9), 1.0)
    own = _own(network, lot)
    task = Task(
        allowed=base.copy(),
        hours=network.hours * np.maximum(batches, 1.0) + _until_last(network, form, units, own),
        own=own,
        cost=np.where(base, price * lot, 0.0),
        carbon=network.carbon_tonne * tonnes + network.carbon_unit * lot,
        bits=network.gateway.copy(),
    )
    return task, base


def _fits(network: Network, corridor: Corridor, form: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the arcs that are not kept for another form than what the cargo comes in or becomes, (A,)."""
    carried = {network.ids.forms[f] for f in form if f >= 0}
    barred = {step.id for step in corridor.steps.rows if step.form is not None and step.form not in carried}
    fits = np.array([s not in barred for s in network.ids.steps] + [True])  # the last is "no step"
    return fits[network.step]


def _own(network: Network, lot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the wait for an own train or ship where the lot fills one, else -1. A train starts at its first call."""
    own = np.full(network.arcs, -1.0)
    boards = network.world.kind == BOARD
    service = network.world.service[boards]
    fills = lot[boards] >= network.train_units[service]
    fills &= (network.world.offset[boards] == 0.0) | (network.mode[boards] != network.ids.modes.index("rail"))
    own[boards] = np.where(fills, network.own_wait[service], -1.0)
    return own


def stands_at(network: Network, form: str, place: int) -> NDArray[np.int32]:
    """Return the vertices where cargo in a form stands ready at a place; none if it cannot stand there."""
    group = network.ids.groups[network.form_group[network.ids.forms.index(form)]]
    for states in STARTS[group]:
        found = [network.rest[place, s, group] for s in states if (place, s, group) in network.rest]
        if found:
            return np.array(sorted(found), dtype=np.int32)
    return np.empty(0, np.int32)


def marked(network: Network, vertices: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which vertices are among these, (V,)."""
    mark = np.zeros(network.vertices, np.bool_)
    mark[vertices] = True
    return mark


def departures_of(
    network: Network, form: NDArray[np.int32], units: NDArray[np.float64], arcs: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return how many departures of its service the cargo fills over each of some boardings, (arcs,); 0 if not known.

    ``form`` and ``units`` are those of ``forms_of``, (group,).
    """
    group = network.group[arcs]
    size = network.form_size[form[group]] * units[group, None]
    capacity = network.capacity[network.world.service[arcs]]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(capacity > 0, size / capacity, 0.0)
    return np.where(form[group] >= 0, part.max(axis=1), 0.0)


def _until_last(
    network: Network, form: NDArray[np.int32], units: NDArray[np.float64], own: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the hours from the first to the last departure of a lot that one vehicle does not take, (A,).

    The next vehicle comes after the time between departures; the next train or ship of one's own after as long a wait
    as the first.
    """
    boards = np.flatnonzero(network.world.kind == BOARD)
    more = np.maximum(np.ceil(departures_of(network, form, units, boards) - 1e-9) - 1.0, 0.0)
    apart = np.where(own[boards] >= 0.0, own[boards], network.between[network.world.service[boards]])
    hours = np.zeros(network.arcs)
    hours[boards] = more * apart
    return hours


def country_arcs(network: Network, corridor: Corridor, country: str) -> NDArray[np.bool_]:
    """Return the arcs that touch a country, run through it, or pass a place in it, (A,)."""
    through = {row.link for row in corridor.link_countries.rows if row.country == country}
    return _inside(network, corridor, np.array([c == country for c in network.ids.place_country]), through)


def place_arcs(network: Network, corridor: Corridor, place: str) -> NDArray[np.bool_]:
    """Return the arcs that touch or pass a place, (A,)."""
    return _inside(network, corridor, np.array([p == place for p in network.ids.places]))


def _inside(
    network: Network, corridor: Corridor, inside: NDArray[np.bool_], through: AbstractSet[str] = frozenset()
) -> NDArray[np.bool_]:
    """Return the arcs that touch or pass the places inside, (P,), or run over the links ``through``, (A,)."""
    tail, head = network.ends
    found: NDArray[np.bool_] = inside[tail] | inside[head]
    passed = {row.link for row in corridor.link_passes.rows if inside[network.ids.places.index(row.place)]} | through
    if passed:
        links = np.array([link in passed for link in network.ids.links])
        found[network.link >= 0] |= links[network.link[network.link >= 0]]
    return found
