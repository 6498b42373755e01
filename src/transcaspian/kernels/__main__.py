"""Compile every kernel once into the user's cache folder: ``python -m transcaspian.kernels``.

A world of one arc calls each kernel with arrays of the types the network has, so that later starts find them compiled.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from transcaspian.kernels import bush, choice, events, flows, pareto, paths, scene, travel
from transcaspian.kernels.world import Task, World


def tiny() -> tuple[World, Task]:
    """Return a world of two vertices and one move, and a task on it."""
    i4, u4, f8 = np.int32, np.uint32, np.float64
    one, flat = np.zeros(1), np.zeros((1, 1))
    world = World(
        first=np.array([0, 1, 1], u4), tail=np.zeros(1, u4), head=np.ones(1, u4), in_first=np.array([0, 0, 1], u4),
        in_arc=np.zeros(1, u4), kind=np.zeros(1, np.int8), calendar=np.full(1, -1, i4), site=np.full(1, -1, i4),
        service=np.zeros(1, i4), offset=one, scv=one, least=one, wait=flat, wait_sd=flat, rule=np.ones(1, np.int8),
        cutoff=one, dep_first=np.zeros(2, i4), dep_time=np.empty(0, f8), open_first=np.zeros(1, i4),
        opens=np.empty(0, f8), closes=np.empty(0, f8), weather_share=np.zeros((0, 1)), weather_spell=np.zeros((0, 1)),
        centre=one, luck=np.zeros(1, np.uint64), site_luck=np.empty(0, np.uint64), site_group=np.empty(0, np.uint64),
        site_loading=np.empty(0, f8),
    )  # fmt: skip
    task = Task(np.ones(1, np.bool_), np.ones(1), np.full(1, -1.0), np.ones(1), np.ones(1), np.zeros(1, np.uint64))
    return world, task


def tiny_bushes() -> tuple[bush.Roads, bush.Bushes, bush.Room, bush.Pairs]:
    """Return one road between two vertices, with demand along it, and room for its bush."""
    i4, i8, one, index = np.int32, np.int64, np.ones(1), np.zeros(1, np.int32)
    ends, two = np.array([0, 1], i4), np.zeros(2, i4)
    roads = bush.Roads(np.array([0, 1, 1], i4), ends[:1], ends[1:], one, one, one, one)
    bushes = bush.Bushes(
        ends[:1].copy(), ends[1:].copy(), np.ones((1, 1)), np.zeros(1), np.zeros((1, 1), i4), np.zeros((1, 1)),
        np.zeros((1, 2), i4), np.zeros((1, 3), i4), index.copy(), np.zeros(1), np.zeros(1), np.zeros(1),
    )  # fmt: skip
    room = bush.Room(
        np.zeros(2), np.zeros(2), two.copy(), two.copy(), two.copy(), np.zeros(2), index.copy(), index.copy(),
        np.zeros(1), two.copy(), np.zeros(3), np.zeros(3, i4),
    )  # fmt: skip
    pairs = bush.Pairs(np.zeros(1, i8), np.zeros(4, i4), np.zeros(5, i8), np.zeros(4, i8), np.zeros(8, i4))
    return roads, bushes, room, pairs


def tiny_flows() -> tuple[flows.Ways, flows.Limits, flows.Left, flows.Year, flows.Scratch]:
    """Return one demand with one way past one limit in one period, and room for its year."""
    i4, u4, two, none = np.int32, np.uint32, np.array([0, 1], np.uint32), np.zeros(1, np.uint32)
    one, cell = np.ones(1), np.ones((1, 1))
    ways = flows.Ways(
        two, two, np.ones(1, np.int8), cell, one, one, one, one, one, one, one, one, one, cell, one, cell,
        np.zeros((1, 1), i4), two, none, one, one, cell, cell,
    )  # fmt: skip
    limits = flows.Limits(np.zeros(1, np.int8), cell, cell, cell, one, cell, one, one, one, np.zeros(2, u4), none, one)
    room = [np.zeros((1, 1), i4 if name == "stuck" else np.float64) for name in flows.Year._fields]
    kinds: dict[str, Any] = dict.fromkeys(flows.NUMBERS, u4) | dict.fromkeys(flows.FLAGS, np.bool_) | {"stuck": i4}
    scratch = {n: np.zeros(2 if n == "first" else 1, kinds.get(n, np.float64)) for n in flows.Scratch._fields}
    return ways, limits, flows.Left(np.zeros(1), np.zeros(1), np.zeros(1)), flows.Year(*room), flows.Scratch(**scratch)


def tiny_scene() -> tuple[scene.Plan, scene.State]:
    """Return a simulation in which nothing happens."""
    f8, i4 = np.float64, np.int32
    plan = scene.Plan(
        np.zeros(1, scene.ACTIVITY), np.zeros(1, scene.ROUTE), np.zeros(0, scene.FLEET), np.zeros(0, i4),
        np.zeros((0, 0)), np.zeros(0, f8), np.zeros(0, scene.DISPATCH), np.zeros(0, scene.VEHICLE), np.zeros(1, i4),
        np.zeros(0, scene.HOURS), np.array([0.0, 1.0]), np.zeros((1, 1)), 0, 0, 0, False,
    )  # fmt: skip
    room = 4 * scene.MARGIN
    state = scene.State(
        np.zeros(1), np.zeros(scene.COUNTS, np.int64), np.zeros(room, scene.LOT), np.zeros(0, scene.STATION),
        np.zeros(0, scene.SOURCE), np.zeros(0, scene.LEG), np.zeros((0, 1), scene.TALLY), np.zeros((0, 2), i4),
        np.zeros(room, scene.EVENT), np.zeros(room, np.int64), np.zeros(room, scene.RECORD), np.zeros(room, scene.TRIP),
    )  # fmt: skip
    return plan, state


def calls() -> dict[str, Callable[[], object]]:
    """Return a call of every kernel, by name."""
    world, task = tiny()
    i4, u4, zero = np.int32, np.uint32, np.uint64(0)
    source, target = np.zeros(1, i4), np.array([False, True])
    labels = pareto.Labels(
        np.zeros(5, np.int64), np.empty((8, 3)), np.empty(8, u4), np.empty(8, i4), np.empty(8, i4),
        np.empty(8, u4), np.empty(8, np.uint64), np.empty(8, np.uint64), np.empty(8, np.bool_), np.empty(8),
        np.empty(8, u4), np.empty((24, 3)), np.empty(24, u4), np.empty(3, i4), np.empty(2, i4), np.empty(2, u4),
        np.empty((4, 3)),
    )  # fmt: skip
    keys, items, out, ends = np.empty(8), np.empty(8, u4), np.empty(2), np.empty(4, i4)
    low, chain = np.zeros((2, 3)), np.zeros(1, i4)
    via, wanted, one = np.empty((0, 2, 3)), np.empty(0, np.uint64), np.zeros(1)
    places, asked, rest = np.arange(2, dtype=i4), (source, target, 0.0, zero, 1e17), (low, via, wanted)
    drawn = np.empty(2), np.empty((2, travel.CAUSES)), np.empty(2, np.bool_), np.empty(1)
    heap, line, plain = (keys, items), (items, target.copy()), (np.empty(2, i4), keys, np.empty(8, i4))
    end = np.ones(1, i4)
    roads, bushes, space, pairs = tiny_bushes()
    excess = np.zeros(1)
    ways, limits, left, year, scratch = tiny_flows()
    simulation = tiny_scene()
    return {
        "lower bounds of arcs": lambda: paths.least_weights(world, task, 0.0, np.empty(1)),
        "bounds towards a target": lambda: paths.bounds(world, task.allowed, task.cost, end, one, out, *line),
        "one to all": lambda: paths.one_to_all(world, task, source, 0.0, True, out, *heap),
        "one to one": lambda: paths.one_to_one(roads.first, roads.head, one, 0, 1, out, *plain),
        "Pareto front": lambda: pareto.pareto(world, task, places, *asked, *rest, np.zeros(3), labels, ends),
        "route families": lambda: choice.families(world, task, places, *asked, np.ones(3), *rest, 2.0, labels, ends),
        "tracing": lambda: pareto.trace(labels, ends[:0], np.empty(4, i4), np.zeros(1, np.int64)),
        "expected travel": lambda: travel.expected(world, task, chain, 0.0, np.empty(2)),
        "arrivals": lambda: travel.arrivals(world, task, chain, np.zeros(1, np.int64), 0.0, np.empty(0)),
        "durations": lambda: travel.durations(world, task, chain, np.zeros(1), np.empty(1)),
        "bushes begun": lambda: bush.start(roads, bushes, space, np.zeros(1, np.bool_)),
        "bushes improved": lambda: bush.improve(roads, bushes, space, pairs, 1, excess),
        "demand on shortest ways": lambda: bush.least_totals(roads, bushes, space, excess),
        "costs of waits": lambda: flows.costs(
            ways, limits, np.zeros((1, 1)), year.composite, year.whole, year.fresh, scratch
        ),
        "month of flows": lambda: flows.period(ways, limits, 0, np.zeros(1), left, year, left, scratch),
        "a simulation begun": lambda: events.start(*simulation),
        "a simulation advanced": lambda: events.advance(*simulation, 1.0, 10),
        "drawn travel": lambda: travel.travel(world, task, chain, np.zeros(1, np.bool_), 0.0, np.uint64(1), *drawn),
    }


def main() -> None:
    """Call every kernel once, showing which and how long it took."""
    for name, call in calls().items():
        began = time.perf_counter()
        call()
        sys.stdout.write(f"  compiled: {name} ({time.perf_counter() - began:.1f} s)\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
