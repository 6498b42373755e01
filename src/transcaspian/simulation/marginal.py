"""This module owns what a little more of something would do: the same luck played twice, with and without it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.network.builder import luck_of
from transcaspian.results.events import Marginal, StationUse
from transcaspian.simulation.play import Play, Played, played
from transcaspian.simulation.statistics import half_width, independent, tonnes_of_flows
from transcaspian.simulation.world import World

FASTER = 1.1
"""Factor on the capacity of a resource: a tenth more."""

PAIRS = 10
"""Replications at most that are played again: each takes as long as the first time."""


def marginal_effects(
    world: World, parts: Sequence[Played], uses: Sequence[StationUse], seed: int, *, antithetic: bool = False
) -> Iterator[Marginal]:
    """Yield what a tenth more capacity of a resource, or one vehicle more of a fleet, saves in the mean.

    Luck is the same with and without, so the difference is the change's alone. But ships that go where most waits soon
    go elsewhere for little: a single year may save less, or lose more, than the mean, which is what the interval says.
    """
    tonnes = tonnes_of_flows(world)
    before = np.array([_tonne_days(world, part, tonnes) for part in parts[:PAIRS]])
    for use in uses:
        change = "one vehicle more" if use.kind == "fleet" else "a tenth more capacity"
        play = _one_more(world, use.id) if use.kind == "fleet" else _faster(world, use.id)
        runs = (played(play, seed, n, antithetic=antithetic)[0] for n in range(len(before)))
        saved = before - np.array([_tonne_days(world, run, tonnes) for run in runs])
        mean, error = float(saved.mean()), half_width(independent(saved.tolist()) if antithetic else saved.tolist())
        share = mean / float(before.mean())
        yield Marginal(use.id, use.kind, change, mean, share, error if np.isfinite(error) else None)


def _tonne_days(world: World, part: Played, tonnes: NDArray[np.float64]) -> float:
    """Return tonnes times days under way of all that is sent in the year; what has not come counts to the end."""
    axis = world.play.axis
    middle = 0.5 * (axis.edges[:-1] + axis.edges[1:])[(axis.edges[:-1] >= 0) & (axis.edges[:-1] < axis.year[1])]
    hours = np.where(np.isfinite(part.hours), part.hours, axis.end - middle[part.month])
    return float((hours * part.units * tonnes[part.flow]).sum()) / 24.0


def _faster(world: World, limit: str) -> Play:
    """Return the play with a station that takes less time for everything."""
    names = [world.sites.table.limits[n].id for n in world.sites.limits]
    scene = world.play.scene
    monthly = scene.plan.monthly.copy()
    monthly[names.index(limit)] /= FASTER
    return replace(world.play, scene=replace(scene, plan=scene.plan._replace(monthly=monthly)))


def _one_more(world: World, fleet: str) -> Play:
    """Return the play with a vehicle more in a fleet: like its first, with luck of its own."""
    play, scene = world.play, world.play.scene
    number = [world.network.ids.fleets[f] for f in world.fleets].index(fleet)
    first = int(np.flatnonzero(scene.plan.vehicles["fleet"] == number)[0])
    vehicles = np.concatenate([scene.plan.vehicles, scene.plan.vehicles[first : first + 1]])
    luck = luck_of(f"fleets:{fleet}:more")
    vehicles[-1]["luck"] = luck
    vehicles[-1]["calendar"] = len(scene.plan.open_first) - 1  # the one behind all others
    plan = scene.plan._replace(
        vehicles=vehicles, open_first=np.append(scene.plan.open_first, scene.plan.open_first[-1]).astype(np.int32)
    )
    more = replace(play.vehicles[first], luck=np.uint64(luck ^ 3))
    return replace(play, scene=replace(scene, plan=plan), vehicles=(*play.vehicles, more))
