"""This module owns single replications in full: every event as a table, and every voyage as a trace for a map."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import RECORDED, TRIPS
from transcaspian.results.writing import whole
from transcaspian.simulation.play import played
from transcaspian.simulation.world import World


def write_records(world: World, seed: int, replication: int, path: Path, *, antithetic: bool = False) -> int:
    """Write the events of a replication to Parquet, whole or not at all, and return how many there are.

    A row is one activity of a lot or a vehicle: consignment (negative for vehicles), flow, activity, when it was asked
    for, began and ended (UTC), and the voyage it was part of. Months of warm-up and of running out are in it.
    """
    import polars as pl

    _, state, plan = played(world.play, seed, replication, antithetic=antithetic, kept=True)
    kept = state.records[: state.counts[RECORDED]]
    labels = pl.Series([world.label(a) for a in range(len(plan.activities))], dtype=pl.String)
    lots = len(world.play.lot_flow)
    cargo = kept["lot"] < lots
    flow = np.where(cargo, world.play.lot_flow[np.where(cargo, kept["lot"], 0)], len(world.flows))
    names = pl.Series([f"{a}-{b} {c} {form}" for a, b, c, form in world.flows] + [""], dtype=pl.String)
    table = pl.DataFrame(
        {
            "consignment": np.where(cargo, kept["lot"], -1 - (kept["lot"] - lots)),
            "flow": names.gather(flow.astype(np.uint32)),
            "activity": labels.gather(kept["activity"].astype(np.uint32)),
            "asked": _moments(world, kept["asked"]),
            "began": _moments(world, kept["began"]),
            "ended": _moments(world, kept["ended"]),
            "voyage": kept["trip"],
        }
    )
    with whole(path) as temporary:
        table.write_parquet(temporary)
    return len(kept)


def _moments(world: World, hours: NDArray[np.float64]) -> NDArray[Any]:
    start = np.datetime64(world.network.window.start.replace(tzinfo=None), "ms")
    return start + np.round(hours * 3.6e6).astype("timedelta64[ms]")


def write_trace(world: World, seed: int, replication: int, path: Path, *, antithetic: bool = False) -> None:
    """Write the voyages of the year of a replication as JSON that a map can animate.

    ``legs`` have their ends and coordinates; ``voyages`` are rows of leg, vehicle (-1 where vehicles have no name),
    departure and arrival in hours since ``start``, and the share of the vehicle that was full.
    """
    _, state, _ = played(world.play, seed, replication, antithetic=antithetic)
    trips = state.trips[: state.counts[TRIPS]]
    year = world.play.axis.year
    trips = trips[(trips["left"] >= year[0]) & (trips["left"] < year[1]) & np.isfinite(trips["arrived"])]
    ids = world.network.ids
    ends = [(ids.places[leg.origin], ids.places[leg.destination]) for leg in world.lines.legs.values()]
    services = [[ids.services[s] for s in leg.services] for leg in world.lines.legs.values()]
    used = sorted({place for pair in ends for place in pair})
    places = world.corridor.places
    voyages = [
        [int(t["leg"]), int(t["vehicle"]) if t["vehicle"] < len(world.play.vehicles) else -1,
         round(float(t["left"]), 2), round(float(t["arrived"]), 2), round(float(t["room"]), 3)]
        for t in trips
    ]  # fmt: skip
    content = {
        "start": f"{world.network.window.start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{world.network.window.start + timedelta(hours=year[1]):%Y-%m-%dT%H:%M:%SZ}",
        "places": {name: [places[name].lat, places[name].lon] for name in used},
        "legs": [{"from": a, "to": b, "services": s} for (a, b), s in zip(ends, services, strict=True)],
        "voyages": voyages,
    }
    with whole(path) as temporary:
        temporary.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
