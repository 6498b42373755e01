"""This module owns what ships and trains did in a year of flows: trips made, and how long a round took them.

The hours of a fleet say how many trips it can make. How many it makes follows from what there is to carry: a vehicle
that fills leaves with its load or when its longest wait is over, another by its headway or timetable. For the rest of
the hours vehicles wait for cargo; so much longer is a round than it need be, which takes no capacity away.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model, Solution
from transcaspian.kernels.world import BOARD, FILL, TIMETABLE
from transcaspian.network.limits import Line
from transcaspian.results.flows import LineFlow

Values = NDArray[np.float64]

NOTHING = 1e-9


def lines_of(model: Model, solution: Solution) -> Iterator[LineFlow]:
    """Yield what the vehicles of every line of a fleet did whose number is known."""
    taken = _hours_taken(model, solution)
    fleets: dict[int, list[Line]] = {}
    for line in model.table.lines:
        fleets.setdefault(line.fleet, []).append(line)
    for fleet, lines in fleets.items():
        yield from _fleet(model, solution, fleet, lines, taken)


def _fleet(
    model: Model, solution: Solution, fleet: int, lines: list[Line], taken: dict[int, Values]
) -> Iterator[LineFlow]:
    network, corridor, hours = model.network, model.corridor, model.limits.hours
    row = corridor.fleets[network.ids.fleets[fleet]]
    able = network.vehicles[fleet]
    vehicles = able / row.availability  # those in repair among them, as whoever counts voyages counts ships
    shortest = [_round(model, solution, line) for line in lines]
    loaded, trips = zip(*(_trips(model, line, taken) for line in lines), strict=True)
    if row.sharing == "single-line" and len(lines) == 1:
        longest = _longest(model, lines[0])
        trips = (np.maximum(trips[0], able * hours / (shortest[0] + longest)),)
    # What is aboard has sailed; trips that rules ask for beyond it are made as far as hours are left.
    needed, more = (
        np.sum([n * each for n, each in zip(many, shortest, strict=True)], axis=0)
        for many in (loaded, [b - a for a, b in zip(loaded, trips, strict=True)])
    )
    first, rest = _part(able * hours, needed), _part(able * hours - needed, more)
    made = [a * first + (b - a) * rest for a, b in zip(loaded, trips, strict=True)]
    every = np.sum(made, axis=0)
    # Of none, no round is known: it is as long as can be.
    whole = np.divide(vehicles * hours, every, out=np.full_like(hours, np.inf), where=every > NOTHING)
    for line, n, least in zip(lines, made, shortest, strict=True):
        services = tuple(str(network.ids.services[s]) for s in line.services)
        name = str(row.id) if len(lines) == 1 else f"{row.id}:{services[0]}"
        used = sum((taken.get(s, np.zeros_like(hours)) for s in line.services), np.zeros_like(hours)).any()
        yield LineFlow(
            name, str(row.id), services, corridor.vehicle_types[row.vehicle_type].mode == "sea", bool(used),
            *(tuple(map(float, x)) for x in (vehicles, n, whole, least)),
        )  # fmt: skip


def _hours_taken(model: Model, solution: Solution) -> dict[int, Values]:
    """Return the vehicle hours, (P,), that cargo takes of its fleet, by service."""
    network, table = model.network, model.table
    found: dict[int, Values] = {}
    for way, units in zip(model.listed, solution.year.carried, strict=True):
        for position, arc in enumerate(way.chain.tolist()):
            if network.world.kind[arc] == BOARD and units.any():
                for use in table.by_arc.get(arc, ()):
                    if table.limits[use.limit].kind == "fleet":
                        service = int(network.world.service[arc])
                        amount = use.amount * float(way.sizes[position, use.size])
                        found[service] = found.get(service, np.zeros(len(units))) + amount * units
    return found


def _round(model: Model, solution: Solution, line: Line) -> Values:
    """Return the hours of a round without a wait for cargo, (P,): waits for berths as the kernel has them."""
    limits, found = model.limits, line.cycle.copy()
    for name in line.calls:
        berth = model.table.index[name]
        each = limits.spread[berth] * limits.service[berth] / max(float(limits.servers[berth]), 1.0)
        found += np.minimum(solution.wait[berth], np.sqrt(0.5 * each * limits.hours))
    return found


def _part(there: Values, needed: Values) -> Values:
    """Return the part of what is needed that is there, (P,)."""
    return np.clip(np.divide(there, needed, out=np.ones_like(needed), where=needed > NOTHING), 0.0, 1.0)


def _trips(model: Model, line: Line, taken: dict[int, Values]) -> tuple[Values, Values]:
    """Return the trips, (P,), that the fullest run of a line loads, and those that it or its rule asks for."""
    every = np.array([_wanted(model, line, run, taken) for run in line.runs]).max(axis=0)
    return every[0], every[1]


def _wanted(model: Model, line: Line, run: tuple[int, ...], taken: dict[int, Values]) -> tuple[Values, Values]:
    """Return the vehicle loads of a run of a line, and its departures with others' cargo and its rule, (P,)."""
    hours = sum((taken.get(service, 0.0) for service in run), np.zeros_like(model.limits.hours))
    loads = hours / (float(line.cycle.mean()) * np.maximum(line.afloat[line.services.index(run[0])], NOTHING))
    return loads, np.maximum(loads, _due(model, run[0], loads))


def _due(model: Model, service: int, loads: Values) -> Values:
    """Return the departures, (P,), of a service with so many loads by its rule."""
    network, limits = model.network, model.limits
    rule = int(network.world.rule[service])
    if rule == FILL:
        filled = float(network.fill[service]) if np.isfinite(network.fill[service]) else 1.0
        number = model.table.index.get(f"fill:{network.ids.services[service]}")
        others = 0.0 if number is None else limits.others[number] / limits.capacity[number]
        return np.asarray(loads / filled + others)
    if rule == TIMETABLE:
        first, last = network.world.dep_first[service], network.world.dep_first[service + 1]
        edges = np.concatenate([[0.0], np.cumsum(limits.hours)])
        return np.asarray(np.histogram(network.world.dep_time[first:last], edges)[0])
    headway = float(network.headway[service])
    return limits.hours / headway if np.isfinite(headway) else loads


def _longest(model: Model, line: Line) -> float:
    """Return the hours that a vehicle waits for cargo in a round at most; no end where it does not leave by itself."""
    network = model.network
    if any(network.world.rule[s] != FILL for s in line.services):
        return np.inf
    return float(sum(min(network.max_wait[s] for s in run) for run in line.runs))  # of decks, the first that must
