"""This module owns how sure an itinerary is: its arrivals over many drawn travels, and what makes it late."""

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.travel import CAUSES, travel
from transcaspian.kernels.world import BOARD
from transcaspian.network.network import Network
from transcaspian.network.search import Chain
from transcaspian.results.itinerary import Reliability
from transcaspian.routing.task import Job

CAUSE_NAMES = (
    "moving",
    "handling",
    "border procedures",
    "waiting for the vehicle",
    "queue at terminals and borders",
    "closed hours",
    "weather",
)
"""Names of the causes that the kernel books time under, in its order."""


def reliability_of(network: Network, job: Job, chain: Chain, draws: int, seed: int) -> Reliability:
    """Return quantiles of arrival, the chance of a missed connection, and what the time is made of.

    ``causes`` is the mean time under each cause; ``tail`` is by how much each is larger in the slowest tenth than on
    average: what the delay is made of. ``missed`` is the share of travels in which cargo is ready for a train or ship
    only after the departure that the expected travel takes: its set departure, or the end of the mean wait for one that
    comes at intervals or leaves when full. None where none can be missed: trucks and own trains wait for their cargo.
    """
    arrival, spent, missed = np.empty(draws), np.empty((draws, CAUSES)), np.empty(draws, np.bool_)
    planned, counts = np.empty(len(chain)), _departures(network, job, chain)
    travel(network.world, job.task, chain, counts, job.start, np.uint64(seed), arrival, spent, missed, planned)
    p10, p50, p90 = (float(q) for q in np.quantile(arrival, (0.1, 0.5, 0.9)))
    slow = arrival >= p90
    mean, late = spent.mean(axis=0), spent[slow].mean(axis=0)
    return Reliability(
        p50=network.window.moment(p50),
        p90=network.window.moment(p90),
        p10_hours=p10 - job.start,
        p50_hours=p50 - job.start,
        p90_hours=p90 - job.start,
        missed=float(missed.mean()) if counts.any() else None,
        causes=_named(mean),
        tail=_named(late - mean),
        draws=draws,
    )


def _departures(network: Network, job: Job, chain: Chain) -> NDArray[np.bool_]:
    """Return which arcs of a chain board a train or ship that leaves without its cargo, (arcs,)."""
    modes = [network.ids.modes.index(mode) for mode in ("rail", "sea", "waterway")]
    boards: NDArray[np.bool_] = (network.world.kind[chain] == BOARD) & np.isin(network.mode[chain], modes)
    boards &= job.task.own[chain] < 0.0
    return boards


def _named(hours: NDArray[np.float64]) -> dict[str, float]:
    return {name: float(h) for name, h in zip(CAUSE_NAMES, hours, strict=True)}
