"""This module owns running the event kernel: a scene is seeded, its state made, advanced and grown until it is done.

A scene is what does not depend on luck: the plan, and how stations, sources and legs stand at first. Keys in it are
hashes of nouns; ``seeded`` mixes a seed and a replication into them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.events import advance, start
from transcaspian.kernels.scene import (
    ACTIVITY,
    COUNTS,
    DISPATCH,
    DONE,
    EVENT,
    FLEET,
    FOREVER,
    FREE,
    HEAP_FULL,
    HOURS,
    LOT,
    MARGIN,
    PAUSED,
    RECORD,
    RECORDS_FULL,
    ROUTE,
    SLOTS_FULL,
    SPARE,
    STUCK,
    TALLY,
    TRIP,
    TRIPS_FULL,
    VEHICLE,
    Plan,
    State,
    monthly,
)

Row = Mapping[str, Any]

BUDGET = 2_000_000
"""Events between two looks at the clock of whoever waits: a fraction of a second."""

MOST = 4_000_000
"""Lots on their way at which a run is given up: something is overloaded without end."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Scene:
    """What is simulated, before any luck."""

    plan: Plan
    stations: NDArray[Any]
    sources: NDArray[Any]
    legs: NDArray[Any]


def stations_alone(activities: Iterable[Row], routes: Iterable[Row], stations: int, gap: float) -> Plan:
    """Return a plan of stations that never shut: no vehicles, no seasons; one source sends a lot every ``gap`` h."""
    return Plan(
        activities=rows(ACTIVITY, activities), routes=rows(ROUTE, routes), fleets=rows(FLEET, []),
        turns=np.zeros(0, np.int32), empty=np.zeros((0, 0)), slots=np.zeros(0), dispatches=rows(DISPATCH, []),
        vehicles=rows(VEHICLE, []), open_first=np.zeros(1, np.int32), hours=np.zeros(0, HOURS),
        edges=np.array([0.0, FOREVER]), mirror=False,
        **monthly(np.ones((stations, 1)), [[gap]], np.ones((0, 1)), np.zeros((1, 1))),
    )  # fmt: skip


class OverloadError(Exception):
    """More lots are on their way than can be held: arrivals outrun capacity without end."""


def rows(dtype: np.dtype[Any], given: Iterable[Row]) -> NDArray[Any]:
    """Return rows of a structured array; what is not given is zero.

    >>> from transcaspian.kernels.scene import ROUTE
    >>> int(rows(ROUTE, [{"first": 0, "end": 2}])[0]["end"])
    2
    """
    found = list(given)
    table = np.zeros(len(found), dtype)
    for number, row in enumerate(found):
        for name, value in row.items():
            table[number][name] = value
    return table


def mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return words with their bits well mixed, as ``kernels.draws.mix`` does one."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.uint64] = words ^ (words >> np.uint64(31))
    return found


def salt(seed: int, replication: int) -> NDArray[np.uint64]:
    """Return what a seed and a replication are mixed into keys with, (1,)."""
    word = mixed(np.array([seed], np.uint64) + GOLDEN)
    return mixed(word ^ (np.array([replication], np.uint64) * GOLDEN + GOLDEN))


def luck_number(replication: int, *, antithetic: bool) -> int:
    """Return by which number the luck of a replication is drawn: two of an antithetic pair have the same."""
    return replication // 2 if antithetic else replication


def seeded(scene: Scene, seed: int, replication: int, *, antithetic: bool = False) -> Scene:
    """Return a scene with the luck of a replication.

    With ``antithetic``, replications go in pairs with the same keys; the second of a pair has 1 - u wherever the first
    has u, so that what was quick is slow and the mean of both varies less (Hammersley and Morton, 1956).
    """
    mirror = antithetic and replication % 2 == 1
    here = salt(seed, luck_number(replication, antithetic=antithetic))
    found = []
    for table in (scene.plan.activities, scene.sources, scene.legs):
        copy = table.copy()
        copy["key"] = mixed(copy["key"] ^ here)
        found.append(copy)
    activities, sources, legs = found
    return Scene(scene.plan._replace(activities=activities, mirror=mirror), scene.stations, sources, legs)


def state_of(scene: Scene, *, spare: int = 4096, records: int = 4096, trips: int = 4096) -> State:
    """Return a state of a scene, with first sizes of what can grow."""
    plan = scene.plan
    lots = len(plan.dispatches) + len(plan.vehicles) + max(spare, 2 * MARGIN)
    nodes, legs = len(plan.empty), len(scene.legs)
    return State(
        clock=np.zeros(1),
        counts=np.zeros(COUNTS, np.int64),
        lots=np.zeros(lots, LOT),
        stations=scene.stations.copy(),
        sources=scene.sources.copy(),
        legs=scene.legs.copy(),
        tally=np.zeros((plan.gaps + legs, plan.monthly.shape[1]), TALLY),
        idle=np.full((nodes + legs, 2), -1, np.int32),
        heap=np.zeros(len(scene.sources) + (2 + len(plan.edges)) * legs + 3 * len(plan.vehicles) + 8 * MARGIN, EVENT),
        todo=np.zeros(2 * lots + 4 * MARGIN, np.int64),
        records=np.zeros(max(records, 4 * MARGIN), RECORD),
        trips=np.zeros(max(trips, 4 * MARGIN), TRIP),
    )


def grown(state: State, status: int) -> State:
    """Return a state with the array that was full twice as large."""
    if status == RECORDS_FULL:
        return state._replace(records=_double(state.records))
    if status == TRIPS_FULL:
        return state._replace(trips=_double(state.trips))
    if status == HEAP_FULL:
        return state._replace(heap=_double(state.heap))
    before = len(state.lots)
    if before > MOST:
        raise OverloadError(f"{before:,} lots on their way")
    lots = _double(state.lots)
    for name in ("vehicle", "leg", "mate", "trip", "aboard", "holds", "takes", "at"):
        lots[name][before:] = -1
    lots["next"][before:] = np.arange(before + 1, len(lots) + 1)
    lots["next"][-1] = state.counts[FREE]
    state.counts[FREE] = before
    state.counts[SPARE] += len(lots) - before
    todo = np.zeros(2 * len(lots) + 4 * MARGIN, np.int64)
    todo[: len(state.todo)] = state.todo
    return state._replace(lots=lots, todo=todo)


def _double(table: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([table, np.zeros_like(table)])


def run(
    scene: Scene,
    until: float,
    *,
    state: State | None = None,
    sizes: Mapping[str, int] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[State, int]:
    """Run a scene to a time and return the state and its status: ``DONE``, or ``STUCK`` when lots wait for ever.

    Parameters
    ----------
    scene : seeded
    until : h
    state : where to go on from; by default it starts anew
    sizes : first sizes, as for ``state_of``
    progress : called with the hour reached

    Raises
    ------
    OverloadError
        If more lots are on their way than can be held.
    """
    if state is None:
        state = state_of(scene, **(sizes or {}))
        start(scene.plan, state)
    while True:
        status = advance(scene.plan, state, until, BUDGET)
        if status in (DONE, STUCK):
            return state, status
        if status in (RECORDS_FULL, TRIPS_FULL, SLOTS_FULL, HEAP_FULL):
            state = grown(state, status)
        elif status != PAUSED:
            raise AssertionError(f"the event kernel gave status {status}")
        if progress:
            progress(float(state.clock[0]))
