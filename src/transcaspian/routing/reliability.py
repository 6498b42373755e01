"""This module owns how sure an itinerary is: its arrivals over many drawn travels, and what makes it late."""

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.travel import CAUSES, travel
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
    average: what the delay is made of.
    """
    arrival, spent, missed = np.empty(draws), np.empty((draws, CAUSES)), np.empty(draws, np.bool_)
    planned = np.empty(len(chain))
    travel(network.world, job.task, chain, job.start, np.uint64(seed), arrival, spent, missed, planned)
    p10, p50, p90 = (float(q) for q in np.quantile(arrival, (0.1, 0.5, 0.9)))
    slow = arrival >= p90
    mean, late = spent.mean(axis=0), spent[slow].mean(axis=0)
    return Reliability(
        p50=network.window.moment(p50),
        p90=network.window.moment(p90),
        p10_hours=p10 - job.start,
        p50_hours=p50 - job.start,
        p90_hours=p90 - job.start,
        missed=float(missed.mean()),
        causes=_named(mean),
        tail=_named(late - mean),
        draws=draws,
    )


def _named(hours: NDArray[np.float64]) -> dict[str, float]:
    return {name: float(h) for name, h in zip(CAUSE_NAMES, hours, strict=True)}
