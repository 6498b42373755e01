"""Drawn worlds for kernels: small random graphs with timetables, opening hours, waits and seasons."""

import numpy as np
from hypothesis import strategies as st

from transcaspian.kernels.world import ALIGHT, BOARD, HANDLING, HEADWAY, MOVE, TIMETABLE, Task, World

HORIZON = 2000.0


@st.composite
def worlds(draw: st.DrawFn, most: int = 7) -> tuple[World, Task]:
    """Draw a world of up to ``most`` vertices in which every kind of arc occurs, and a task on it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    vertices = draw(st.integers(2, most))
    count = draw(st.integers(vertices, 4 * vertices))
    tail = np.sort(rng.integers(0, vertices, count)).astype(np.uint32)
    head = ((tail + rng.integers(1, vertices, count)) % vertices).astype(np.uint32)
    return made(rng, vertices, tail, head)


def made(rng: np.random.Generator, vertices: int, tail: np.ndarray, head: np.ndarray) -> tuple[World, Task]:
    """Return a world on a given graph, its arcs drawn."""
    count, services, periods = len(tail), 3, 3
    kind = rng.choice([MOVE, HANDLING, BOARD, ALIGHT], count, p=[0.4, 0.2, 0.3, 0.1]).astype(np.int8)
    departures = [np.sort(rng.uniform(0, HORIZON, 60)) for _ in range(services)]
    opens = np.arange(0.0, HORIZON * 2, 24.0) + rng.uniform(0, 8)
    first, in_first = np.zeros(vertices + 1, np.uint32), np.zeros(vertices + 1, np.uint32)
    first[1:] = np.cumsum(np.bincount(tail, minlength=vertices))
    in_first[1:] = np.cumsum(np.bincount(head, minlength=vertices))
    wait = rng.uniform(0, 40, (count, 1)) + rng.uniform(-20, 20, (count, periods))
    world = World(
        first=first,
        tail=tail,
        head=head,
        in_first=in_first,
        in_arc=np.argsort(head, kind="stable").astype(np.uint32),
        kind=kind,
        calendar=np.where(rng.random(count) < 0.2, 0, -1).astype(np.int32),
        site=np.where(rng.random(count) < 0.2, rng.integers(0, 2, count), -1).astype(np.int32),
        service=rng.integers(0, services, count).astype(np.int32),
        offset=np.where(kind == BOARD, rng.uniform(0, 10, count), 0.0),
        scv=rng.uniform(0, 1, count),
        least=rng.uniform(0, 0.9, count),
        wait=np.maximum(wait, 0.0),
        wait_sd=rng.uniform(0, 20, (count, periods)),
        rule=np.array([TIMETABLE, TIMETABLE, HEADWAY], np.int8),
        cutoff=rng.uniform(0, 6, services),
        dep_first=np.array([0, 60, 120, 120], np.int32),
        dep_time=np.concatenate(departures[:2]),
        open_first=np.array([0, len(opens)], np.int32),
        opens=opens,
        closes=opens + 9.0,
        weather_share=rng.uniform(0, 0.5, (2, periods)),
        weather_spell=rng.uniform(6, 48, (2, periods)),
        centre=np.array([300.0, 1000.0, 1700.0]),
        luck=rng.integers(0, 2**63, count).astype(np.uint64),
        site_luck=np.array([11, 12], np.uint64),
        site_group=np.array([7, 7], np.uint64),
        site_loading=np.array([1.0, 0.6]),
    )
    task = Task(
        allowed=rng.random(count) < 0.95,
        hours=rng.uniform(0, 60, count),
        own=np.where(rng.random(count) < 0.1, rng.uniform(0, 10, count), -1.0),
        cost=rng.uniform(0, 100, count),
        carbon=rng.uniform(0, 100, count),
        bits=(np.uint64(1) << rng.integers(0, 3, count).astype(np.uint64))
        * (rng.random(count) < 0.3).astype(np.uint64),
    )
    return world, task
