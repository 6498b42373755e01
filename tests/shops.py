"""Small scenes for tests of the event kernel: stations, routes through them, and arrivals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import (
    ACTIVITY,
    DELAY,
    DISPATCH,
    EXPONENTIAL,
    FLEET,
    FOREVER,
    GATE,
    HOURS,
    LEG,
    LEVELS,
    RIDE,
    ROUTE,
    SERVE,
    SOURCE,
    STATION,
    VEHICLE,
    Plan,
    monthly,
)
from transcaspian.simulation.engine import Scene, rows, run, seeded

Row = dict[str, Any]
Hours = Sequence[tuple[float, float]]


def station(servers: int = 1, **more: Any) -> Row:
    """Return a station that is always open and has all the room to wait."""
    return {"servers": servers, "buffer": -1, "calendar": -1, "batch_least": 1, "batch_most": 1, **more}


def served(at: int, mean: float, law: int = EXPONENTIAL, **more: Any) -> Row:
    """Return an activity at a station."""
    return {"kind": SERVE, "target": at, "mean": mean, "law": law, "works": 1, **more}


def delayed(mean: float, law: int = EXPONENTIAL, **more: Any) -> Row:
    """Return an activity that takes a time and nothing else."""
    return {"kind": DELAY, "target": -1, "mean": mean, "law": law, "works": 1, **more}


def gated(calendar: int) -> Row:
    """Return an activity that waits until a calendar is open."""
    return {"kind": GATE, "target": calendar}


def ridden(leg: int, room: float, **more: Any) -> Row:
    """Return an activity that waits for a vehicle and travels with it."""
    return {"kind": RIDE, "target": leg, "room": room, **more}


def scene(
    stations: Sequence[Row],
    routes: Sequence[Sequence[Row]],
    sources: Sequence[Row] = (),
    *,
    ranks: Sequence[int] = (),
    again: Sequence[int] = (),
    dispatches: Sequence[Row] = (),
    legs: Sequence[Row] = (),
    fleets: Sequence[Row] = (),
    turns: Sequence[int] = (),
    empty: Sequence[Sequence[float]] = (),
    slots: Sequence[float] = (),
    vehicles: Sequence[Row] = (),
    calendars: Sequence[Hours] = (),
    edges: Sequence[float] = (0.0, FOREVER),
    room: Sequence[Sequence[float]] | None = None,
    orders: Sequence[Sequence[int]] | None = None,
) -> Scene:
    """Return a scene; keys are numbered, so that every activity, source and leg has luck of its own."""
    ends = np.cumsum([0, *(len(r) for r in routes)])
    periods = len(edges) - 1
    number = iter(range(1, 10_000))
    plan = Plan(
        activities=rows(
            ACTIVITY,
            (
                {"key": next(number), "rank": (list(ranks) or [0] * len(routes))[n], **a}
                for n, route in enumerate(routes)
                for a in route
            ),
        ),
        routes=rows(
            ROUTE,
            (
                {
                    "first": ends[n],
                    "end": ends[n + 1],
                    "kept": 1,
                    "again": n in again,
                }
                for n in range(len(routes))
            ),
        ),
        fleets=rows(FLEET, fleets),
        turns=np.array(turns, np.int32),
        empty=np.array(empty, np.float64).reshape(len(empty), len(empty)),
        slots=np.array(slots, np.float64),
        dispatches=rows(DISPATCH, ({"luck": 10_000 + n, **d} for n, d in enumerate(dispatches))),
        vehicles=rows(VEHICLE, ({"calendar": -1, "luck": 1_000_000 + n, **v} for n, v in enumerate(vehicles))),
        open_first=np.cumsum([0, *(len(c) for c in calendars)]).astype(np.int32),
        hours=np.array([i for c in calendars for i in c], HOURS),
        edges=np.array(edges, np.float64),
        mirror=False,
        **monthly(
            np.ones((len(stations), periods)),
            np.array([[s["gap"]] * periods for s in sources], np.float64).reshape(len(sources), periods),
            np.ones((len(legs), periods)) if room is None else room,
            np.repeat(np.arange(LEVELS)[:, None], periods, axis=1) if orders is None else orders,
        ),
    )
    return Scene(
        plan,
        rows(STATION, stations),
        rows(SOURCE, ({"key": next(number), **{k: v for k, v in s.items() if k != "gap"}} for s in sources)),
        rows(LEG, ({"key": next(number), **leg} for leg in legs)),
    )


def source(gap: float, most: int, route: int = 0, law: int = EXPONENTIAL, **more: Any) -> Row:
    """Return a source of ``most`` lots, ``gap`` hours apart in the mean."""
    return {"gap": gap, "most": most, "route": route, "law": law, **more}


def ran(given: Scene, until: float = FOREVER, seed: int = 1, replication: int = 0) -> tuple[Any, int]:
    """Run a scene and return its state and status."""
    return run(seeded(given, seed, replication), until)


def records(state: Any, route: int | None = None) -> NDArray[Any]:
    """Return what was recorded, of one route or of all."""
    kept: NDArray[Any] = state.records[: state.counts[4]]
    return kept if route is None else kept[kept["route"] == route]


def mean_wait(state: Any, at: int = 0) -> float:
    """Return the mean wait at a station [h]."""
    tally = state.tally[at]
    return float(tally["wait"].sum() / tally["served"].sum())
