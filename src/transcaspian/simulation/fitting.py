"""This module owns how simulated waits grow with load: what the delay table of assignment is fitted to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.delays import steady
from transcaspian.kernels.scene import FOREVER, LEG, LOGNORMAL, SERVE, SOURCE, STATION
from transcaspian.network.builder import luck_of
from transcaspian.simulation.engine import Scene, rows, run, seeded, stations_alone

LOADS = (0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98)
"""Utilisations of the grid."""

CUSTOMERS = 400_000
"""Arrivals of each point of the grid; near 1 a mean is still some percent off after that many."""


@dataclass(frozen=True)
class Fit:
    """What a resource or its kind was fitted to: the factor on the formula, the spread of waits, the error left."""

    kind: str
    scale: float
    sd_ratio: float
    error: float
    to: str
    loads: tuple[float, ...]
    simulated: tuple[
        float, ...
    ]  # mean wait: of a kind in service times, servers by loads; of a resource in h, by month


def queue_of(servers: int, load: float, arrival_scv: float, service_scv: float, noun: str) -> Scene:
    """Return a station with lognormal gaps and services of one hour in the mean."""
    work = {"kind": SERVE, "mean": 1.0, "scv": service_scv, "law": LOGNORMAL, "key": luck_of(noun), "works": 1}
    plan = stations_alone([work], [{"first": 0, "end": 1}], 1, 1.0 / (load * servers))
    station = {"servers": servers, "buffer": -1, "calendar": -1, "batch_least": 1, "batch_most": 1}
    source = {"law": LOGNORMAL, "scv": arrival_scv, "most": CUSTOMERS, "key": luck_of(noun) ^ 1}
    return Scene(plan, rows(STATION, [station]), rows(SOURCE, [source]), rows(LEG, []))


def waits(servers: int, load: float, arrival_scv: float, service_scv: float, seed: int) -> tuple[float, float]:
    """Return mean and standard deviation of the wait, in service times."""
    scene = queue_of(servers, load, arrival_scv, service_scv, f"grid:{servers}:{load}")
    state, _ = run(seeded(scene, seed, 0), FOREVER)
    tally = state.tally[0]
    served = float(tally["served"].sum())
    mean = float(tally["wait"].sum()) / served
    return mean, float(np.sqrt(max(tally["wait2"].sum() / served - mean * mean, 0.0)))


def fitted(kind: str, arrival_scv: float, service_scv: float, servers: Sequence[int], seed: int = 1) -> Fit:
    """Return the factor on Sakasegawa's formula at which its waits are nearest to those simulated on the grid.

    The factor makes the mean difference of logarithms nought; waits under a hundredth of a service do not count.
    """
    spread = 0.5 * (arrival_scv + service_scv)
    simulated: list[float] = []
    ratios: list[float] = []
    spreads: list[float] = []
    for count in servers:
        for load in LOADS:
            mean, sd = waits(count, load, arrival_scv, service_scv, seed)
            simulated.append(mean)
            if mean > 0.01:
                ratios.append(mean / steady(load, count, 1.0, spread))
                spreads.append(sd / mean)
    logs: NDArray[np.float64] = np.log(np.array(ratios))
    scale = float(np.exp(logs.mean()))
    error = float(np.abs(scale / np.array(ratios) - 1.0).mean())
    to = f"scale and sd_ratio fitted to simulated queues with {', '.join(map(str, servers))} servers"
    return Fit(kind, scale, float(np.median(spreads)), error, to, LOADS, tuple(simulated))
