"""This module owns single replications in full: every event as a table, and every voyage as a trace for a map."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import RECORDED, TRIPS
from transcaspian.results.writing import whole
from transcaspian.simulation.play import leg_of, played
from transcaspian.simulation.world import Named, World


def write_records(world: World, seed: int, replication: int, path: Path, *, antithetic: bool = False) -> int:
    """Write the events of a replication to Parquet, whole or not at all, and return how many there are.

    A row is one activity of a consignment or a vehicle, by the ids of the corridor: consignment (null for vehicles),
    its origin, destination, commodity and form; activity (a cause of ``results.events.CAUSES``, or ride, repair,
    closure); the place (where a move begins), resource, step, link, service and weather site it is at, each null where
    there is none; fleet and vehicle (``fleet:number``, null where a fleet has no end); when it was asked for, began and
    ended (UTC); and the voyage it was part of. Months of warm-up and of running out are in it.
    """
    import polars as pl

    _, state, plan = played(world.play, seed, replication, antithetic=antithetic, kept=True)
    kept = state.records[: state.counts[RECORDED]]
    lots, trip, at = len(plan.dispatches), kept["trip"], kept["activity"].astype(np.uint32)
    cargo = (kept["lot"] >= 0) & (kept["lot"] < lots)
    of_lot = world.play.flow_of_route[plan.dispatches["route"]]
    flow = np.where(cargo, of_lot[np.where(cargo, kept["lot"], 0)], len(world.flows)).astype(np.uint32)
    ends = [*world.flows, (None,) * 4]
    trips = state.trips[: state.counts[TRIPS]]
    fleets = [world.network.ids.fleets[f] for f in world.fleets]
    voyage = np.where(trip >= 0, trip, len(trips)).astype(np.uint32)
    vehicles = vehicle_names(world)
    of_trip = [vehicles[v] if v < len(vehicles) else None for v in trips["vehicle"].tolist()]
    of_leg = [fleets[state.legs["fleet"][leg]] for leg in leg_of(trips).tolist()]

    def texts(values: Sequence[str | None], which: NDArray[np.uint32]) -> pl.Series:
        return pl.Series(values, dtype=pl.String).gather(which)

    moments = {name: _moments(world, kept[name]) for name in ("asked", "began", "ended")}
    table = pl.DataFrame(
        {
            "consignment": pl.Series(np.where(cargo, kept["lot"], -1)).replace(-1, None),
            **{name: texts([end[n] for end in ends], flow)
               for n, name in enumerate(("origin", "destination", "commodity", "form"))},
            **{name: texts([getattr(named, name) for named in world.names], at)
               for name in Named.__dataclass_fields__},
            "fleet": texts([*of_leg, None], voyage),
            "vehicle": texts([*of_trip, None], voyage),
            **moments,
            "voyage": pl.Series(trip).replace(-1, None),
        }
    )  # fmt: skip
    with whole(path) as temporary:
        table.write_parquet(temporary)
    return len(kept)


def vehicle_names(world: World) -> list[str]:
    """Return the names of the vehicles that can run out: their fleet and a number from 1."""
    found, count = [], dict[int, int]()
    for fleet in world.play.scene.plan.vehicles["fleet"].tolist():
        count[fleet] = count.get(fleet, 0) + 1
        found.append(f"{world.network.ids.fleets[world.fleets[fleet]]}:{count[fleet]}")
    return found


def _moments(world: World, hours: NDArray[np.float64]) -> NDArray[Any]:
    start = np.datetime64(world.network.window.start.replace(tzinfo=None), "ms")
    return start + np.round(hours * 3.6e6).astype("timedelta64[ms]")


def write_trace(world: World, seed: int, replication: int, path: Path, *, antithetic: bool = False) -> None:
    """Write the voyages of the year of a replication as JSON that a map can animate.

    ``legs`` have their ends and services, none for runs without cargo to where a vehicle is wanted; ``places`` have
    their coordinates, ``vehicles`` their names. ``voyages`` are rows of leg, vehicle (-1 where vehicles have no name),
    departure and arrival in hours since ``start``, and the share of the vehicle that was full. A vehicle leaves where
    it has arrived before.
    """
    _, state, plan = played(world.play, seed, replication, antithetic=antithetic)
    trips = state.trips[: state.counts[TRIPS]]
    year = world.play.axis.year
    trips = trips[(trips["left"] >= year[0]) & (trips["left"] < year[1]) & (trips["arrived"] <= world.play.axis.end)]
    ids, legs = world.network.ids, list(world.lines.legs.values())
    ends = [(ids.places[leg.origin], ids.places[leg.destination]) for leg in legs]
    services = [[ids.services[s] for s in leg.services] for leg in legs]
    at = dict(zip(state.legs["origin"].tolist(), (a for a, _ in ends), strict=True))
    at |= dict(zip(state.legs["destination"].tolist(), (b for _, b in ends), strict=True))
    runs = [(at[node], ends[leg][0]) for node, leg in zip(trips["node"].tolist(), leg_of(trips).tolist(), strict=True)]
    empty = {
        run: n
        for n, run in enumerate(dict.fromkeys(r for r, t in zip(runs, trips, strict=True) if t["leg"] < 0), len(ends))
    }
    ends, services = [*ends, *empty], [*services, *([] for _ in empty)]
    used = sorted({place for pair in ends for place in pair})
    places = world.corridor.places
    voyages = [
        [int(t["leg"]) if t["leg"] >= 0 else empty[run], int(t["vehicle"]) if t["vehicle"] < len(plan.vehicles) else -1,
         round(float(t["left"]), 2), round(float(t["arrived"]), 2), round(float(t["room"]), 3)]
        for t, run in zip(trips, runs, strict=True)
    ]  # fmt: skip
    content = {
        "start": f"{world.network.window.start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{world.network.window.start + timedelta(hours=year[1]):%Y-%m-%dT%H:%M:%SZ}",
        "places": {name: [places[name].lat, places[name].lon] for name in used},
        "legs": [{"from": a, "to": b, "services": s} for (a, b), s in zip(ends, services, strict=True)],
        "vehicles": vehicle_names(world),
        "voyages": voyages,
    }
    with whole(path) as temporary:
        temporary.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
