"""This module owns what a replication needs and no more: it is small, and goes to other processes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import EVENTS, HOURS, LEG, TRIPS, Plan, State
from transcaspian.kernels.world import World as Arrays
from transcaspian.simulation.axis import Axis
from transcaspian.simulation.engine import Scene, luck_number, run, salt, seeded
from transcaspian.simulation.lines import Lines
from transcaspian.simulation.loads import Stream, dispatches_of
from transcaspian.simulation.weather import Spells, both_open, joined, mixed_word, opposite, spells, storms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Vehicle:
    """When a vehicle can work: the share of time it is not broken, the mean repair [h], and the months it is there."""

    luck: np.uint64
    availability: float
    repair: float
    here: NDArray[np.bool_]  # (period of the axis,)


@dataclass(frozen=True)
class Play:
    """A scene with all that is drawn for a replication."""

    scene: Scene
    axis: Axis
    arrays: Arrays
    opens: tuple[Spells, ...]  # of the calendars of the network, along the axis
    limited: tuple[tuple[int, Spells], ...]  # a calendar (-1 for none) within the months that a station can serve in
    vehicles: tuple[Vehicle, ...]
    streams: tuple[Stream, ...]

    @cached_property
    def flow_of_route(self) -> NDArray[np.int32]:
        """The flow whose lots take a route, (route of cargo,)."""
        of = {stream.route: stream.flow for stream in self.streams}
        return np.array([of.get(route, 0) for route in range(max(of, default=-1) + 1)], np.int32)


@dataclass(frozen=True)
class Played:
    """What a replication gave, counted over the year alone.

    ``flow``, ``month``, ``hours`` and ``units`` (lot,) are of the lots sent in the year, hours not finite for those
    that have not come when all ends; ``spent`` (flow, month, cause) are unit-hours; ``tally`` is (station, month);
    ``legs`` are the differences over the year; ``fleet_hours`` (fleet, month) are hours that vehicles were under way.
    """

    flow: NDArray[np.int32]
    month: NDArray[np.int8]
    hours: NDArray[np.float32]
    units: NDArray[np.float32]
    spent: Floats
    tally: NDArray[Any]
    legs: NDArray[Any]
    waiting: Floats  # (leg,) vehicle loads that wait at the end of the year
    fleet_hours: Floats
    queue: NDArray[np.int64]  # (station,) waiting at the end of the year
    events: int


def vehicle_rows(lines: Lines, rows: dict[str, Any]) -> tuple[Vehicle, ...]:
    """Return when every vehicle of the scene can work."""
    found, number = [], dict[int, int]()
    for vehicle in rows["vehicles"]:
        fleet = rows["fleet_ids"][vehicle["fleet"]]
        number[fleet] = number.get(fleet, -1) + 1
        row = lines.corridor.fleets[lines.network.ids.fleets[fleet]]
        mode = lines.corridor.vehicle_types[row.vehicle_type].mode
        mean = lines.fill.value("fleets", row.id, "repair_h", {"mode": mode})
        here = lines.counts(fleet)[lines.axis.periods] > number[fleet] + 1e-9
        found.append(Vehicle(np.uint64(vehicle["luck"] ^ 3), row.availability, mean, here))
    return tuple(found)


def repeated(arrays: Arrays, axis: Axis, calendar: int) -> Spells:
    """Return when a calendar is open, in the year and in the months before and after it."""
    first, last = arrays.open_first[calendar], arrays.open_first[calendar + 1]
    year = axis.year[1]
    own = zip(arrays.opens[first:last].tolist(), arrays.closes[first:last].tolist(), strict=True)
    pairs = [(max(a, 0.0), min(b, year)) for a, b in own if b > 0.0 and a < year]  # the network goes on beyond the year
    every = [(a + k * year, b + k * year) for k in (-1, 0, 1) for a, b in pairs]
    return joined([(max(a, axis.begin), min(b, axis.end)) for a, b in every if b > axis.begin and a < axis.end])


def in_months(here: NDArray[np.bool_], axis: Axis) -> Spells:
    """Return some months of the network, along the axis."""
    return joined([(float(axis.edges[p]), float(axis.edges[p + 1])) for p in np.flatnonzero(here[axis.periods])])


def drawn(
    play: Play, seed: int, replication: int, *, antithetic: bool = False, kept: bool = True
) -> tuple[Scene, NDArray[np.int32], Floats]:
    """Return the scene of a replication, and flow and units of its dispatches.

    Keys are seeded, lots sent, weather and repairs drawn; ``kept`` with event records.
    """
    scene = seeded(play.scene, seed, replication, antithetic=antithetic)
    word, mirror = salt(seed, luck_number(replication, antithetic=antithetic))[0], scene.plan.mirror
    axis = play.axis
    shut = storms(play.arrays, axis.periods, axis.edges, word, mirror=mirror)
    opens = [opposite(s, axis.begin, axis.end) for s in shut]
    opens += play.opens
    opens += [both_open(opens[calendar], months) if calendar >= 0 else months for calendar, months in play.limited]
    opens += [_able(vehicle, axis, word, mirror=mirror) for vehicle in play.vehicles]
    flat = [interval for one in opens for interval in one]
    dispatches, flow, units = dispatches_of(play.streams, axis.edges, word, mirror=mirror)
    plan = scene.plan._replace(
        open_first=np.cumsum([0, *(len(one) for one in opens)]).astype(np.int32),
        hours=np.array(flat, HOURS),
        dispatches=dispatches,
    )
    if not kept:
        routes = plan.routes.copy()
        routes["kept"] = 0
        plan = plan._replace(routes=routes)
    return Scene(plan, scene.stations, scene.sources, scene.legs), flow, units


def _able(vehicle: Vehicle, axis: Axis, word: np.uint64, *, mirror: bool) -> Spells:
    """Return when a vehicle is able to work: not in repair, and not laid up or yet to come."""
    periods = len(axis.periods)
    key, broken_share = mixed_word(vehicle.luck, word), [1 - vehicle.availability] * periods
    broken = spells(key, broken_share, [vehicle.repair] * periods, axis.edges, mirror=mirror)
    able = opposite(joined(broken), axis.begin, axis.end)
    if not vehicle.here.all():
        there = [(float(axis.edges[p]), float(axis.edges[p + 1])) for p in np.flatnonzero(vehicle.here)]
        able = both_open(able, joined(there))
    return able


def played(
    play: Play, seed: int, replication: int, *, antithetic: bool = False, kept: bool = False
) -> tuple[Played, State, Plan]:
    """Play a replication to its end.

    Raises
    ------
    OverloadError
        If more lots are on their way than can be held.
    """
    scene, flow, units = drawn(play, seed, replication, antithetic=antithetic, kept=kept)
    axis, lots = play.axis, len(flow)
    sizes = {"spare": 4096, "records": 8 * lots if kept else 4096, "trips": 4096}
    state, _ = run(scene, axis.year[0], sizes=sizes)
    before = state.legs.copy()
    state, _ = run(scene, axis.year[1], state=state)
    after, queue = state.legs.copy(), state.stations["waiting"].astype(np.int64)
    state, _ = run(scene, axis.end, state=state)
    return _count(play, scene.plan, state, (before, after), queue, (flow, units)), state, scene.plan


def _count(
    play: Play,
    plan: Plan,
    state: State,
    legs: tuple[NDArray[Any], NDArray[Any]],
    queue: NDArray[np.int64],
    of_lots: tuple[NDArray[np.int32], Floats],
) -> Played:
    axis = play.axis
    before, after = legs
    months = np.flatnonzero((axis.edges[:-1] >= axis.year[0]) & (axis.edges[:-1] < axis.year[1]))
    edges = axis.edges[months[0] : months[-1] + 2]
    sent = plan.dispatches["time"]
    here = np.flatnonzero((sent >= axis.year[0]) & (sent < axis.year[1]))
    lots = state.lots[here]
    month = (np.searchsorted(edges, sent[here], side="right") - 1).astype(np.int8)
    flow, units = of_lots[0][here], of_lots[1][here]
    spent = np.zeros((max((s.flow for s in play.streams), default=-1) + 1, len(months), lots["spent"].shape[1]))
    come = np.isfinite(lots["ended"])
    np.add.at(spent, (flow[come], month[come]), lots["spent"][come] * units[come, None])
    difference = np.zeros(len(after), LEG)
    for name in ("carried", "count", "shallow", "stood", "ran", "spent"):
        difference[name] = after[name] - before[name]
    trips = state.trips[: state.counts[TRIPS]]
    under_way = _under_way(trips, state.legs, len(plan.fleets), edges)
    return Played(
        flow, month, (lots["ended"] - sent[here]).astype(np.float32), units.astype(np.float32), spent,
        state.tally[:, months].copy(), difference, after["load"].copy(), under_way,
        queue, int(state.counts[EVENTS]),
    )  # fmt: skip


def leg_of(trips: NDArray[Any]) -> NDArray[np.int64]:
    """Return the leg that every trip was on, or went to without cargo, (trip,)."""
    leg = trips["leg"].astype(np.int64)
    found: NDArray[np.int64] = np.where(leg < 0, -2 - leg, leg)
    return found


def _under_way(trips: NDArray[Any], legs: NDArray[Any], fleets: int, edges: Floats) -> Floats:
    """Return the hours that vehicles of every fleet were under way, empty or not, in every month, (fleet, month)."""
    found = np.zeros((fleets, len(edges) - 1))
    fleet = legs["fleet"][leg_of(trips)]
    arrived = np.where(np.isfinite(trips["arrived"]), trips["arrived"], edges[-1])
    for month in range(len(edges) - 1):
        hours = np.clip(np.minimum(arrived, edges[month + 1]) - np.maximum(trips["left"], edges[month]), 0.0, None)
        np.add.at(found[:, month], fleet, hours)
    return found
