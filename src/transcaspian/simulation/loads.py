"""This module owns what is sent: flows by way and month become dispatches of lots.

Volume runs along the year as its months say. A lot leaves when a lot's worth has come together since the last one, with
luck in where within it, another in each replication; lots that are collected for one train leave together. So a season,
a contract's even stream and the bunches of a terminal are kept, and what is sent over the year is what flows to the
last unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import DISPATCH
from transcaspian.simulation.engine import GOLDEN, mixed
from transcaspian.simulation.weather import mixed_word

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Load:
    """What goes along one way of a demand.

    ``chain`` are arcs of the network in order; ``sizes`` (arc of the chain, size) are of one load unit in the form it
    has there, in the order of ``network.limits.SIZES``; ``units`` (period,) are load units sent. ``kind`` is that of
    the demand, and ``hour`` what an hour of a tonne is worth to it [EUR]: by them it goes first where a rule says so.
    """

    demand: str
    origin: str
    destination: str
    commodity: str
    form: str
    chain: NDArray[np.int32]
    sizes: Floats
    units: Floats
    tonnes: float
    lot: float | None = None  # load units of a lot; None takes the default of its group
    kind: str = "contestable"
    hour: float = 0.0


@dataclass(frozen=True)
class Stream:
    """What a load becomes: lots of so many units that leave in bunches along a route.

    ``units`` (period of the axis,) are those that leave; ``luck`` is the hash of its way; ``flow`` is the number by
    which lead times are told.
    """

    units: Floats
    lot: float
    bunch: int
    luck: np.uint64
    route: int
    flow: int


def dispatches_of(
    streams: Sequence[Stream], edges: Floats, word: np.uint64, *, mirror: bool = False
) -> tuple[NDArray[Any], NDArray[np.int32], Floats]:
    """Return the dispatches of a replication in order of time, with the flow and the units of each, (dispatch,).

    ``word`` is the salt of the replication; with ``mirror`` a bunch that is early is late. What a lot draws on its way
    hangs on its number alone.
    """
    found: list[tuple[NDArray[Any], ...]] = []
    for stream in streams:
        luck = mixed_word(stream.luck, word)
        times, units = lot_times(stream.units, edges, stream.lot, stream.bunch, luck, mirror=mirror)
        route, flow = np.full(len(times), stream.route), np.full(len(times), stream.flow, np.int32)
        found.append((times, route, lucks(stream.luck, len(times)), flow, units))
    time, route, luck_, flow, units = (np.concatenate(x) for x in zip(*found, strict=True)) if found else _NOTHING
    order = np.argsort(time, kind="stable")
    rows = np.zeros(len(order), DISPATCH)
    rows["time"], rows["route"], rows["luck"] = time[order], route[order], luck_[order]
    return rows, flow[order], units[order]


_NOTHING: tuple[NDArray[Any], ...] = (
    np.empty(0),
    np.empty(0, np.int64),
    np.empty(0, np.uint64),
    np.empty(0, np.int32),
    np.empty(0),
)


def lot_times(
    units: Floats, edges: Floats, lot: float, bunch: int, luck: np.uint64, *, mirror: bool = False
) -> tuple[Floats, Floats]:
    """Return when lots leave [h], sorted, and the units of each.

    Parameters
    ----------
    units : (period,) that leave in each
    edges : (period + 1,) h
    lot : units of a lot
    bunch : lots that leave together
    luck : hash of the way and the replication
    mirror : whether a bunch leaves at one minus the share of its time that luck says
    """
    total = float(units.sum())
    count = int(np.ceil(total / lot - 1e-9))
    if count <= 0:
        return np.empty(0), np.empty(0)
    each = np.full(count, lot)
    each[-1] = total - lot * (count - 1)
    groups = np.arange(count) // bunch
    words = mixed(np.uint64(luck) ^ ((groups.astype(np.uint64) + np.uint64(1)) * GOLDEN))
    within = (words >> np.uint64(11)).astype(np.float64) / 9007199254740992.0
    within = 1.0 - within if mirror else within
    size = np.bincount(groups, each)[groups]
    first = (np.cumsum(np.bincount(groups, each)) - np.bincount(groups, each))[groups]
    at = np.minimum(first + within * size, total * (1 - 1e-12))
    come = np.concatenate([[0.0], np.cumsum(units)])
    period = np.searchsorted(come, at, side="right") - 1
    share = (at - come[period]) / np.maximum(units[period], 1e-12)
    times = edges[period] + share * (edges[period + 1] - edges[period])
    return times, each


def lucks(noun: np.uint64, count: int) -> NDArray[np.uint64]:
    """Return a hash for each of a number of lots of a noun."""
    return mixed(np.uint64(noun) + np.arange(count, dtype=np.uint64) * GOLDEN)
