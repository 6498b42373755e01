"""Our searches against brute force and networkx, on drawn worlds with timetables, opening hours and seasons."""

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.drawn import made, worlds
from transcaspian.kernels.choice import families
from transcaspian.kernels.pareto import SHELF, Labels, pareto, trace
from transcaspian.kernels.paths import bounds, least_weights, one_to_all, one_to_one
from transcaspian.kernels.travel import expected
from transcaspian.kernels.world import FULL, MOVE, NEVER, OK, Task, World

START = 5.0
ZERO = np.uint64(0)


def scratch(vertices: int, size: int = 20_000) -> Labels:
    i4, u4, shelves = np.int32, np.uint32, size // SHELF + vertices
    return Labels(
        np.zeros(5, np.int64), np.empty((size, 3)), np.empty(size, u4), np.empty(size, i4), np.empty(size, i4),
        np.empty(size, u4), np.empty(size, np.uint64), np.empty(size, np.uint64), np.empty(size, np.bool_),
        np.empty(size), np.empty(size, u4), np.empty((SHELF * shelves, 3)), np.empty(SHELF * shelves, u4),
        np.empty(shelves, i4), np.empty(vertices, i4), np.empty(vertices, u4), np.empty((5000, 3)),
    )  # fmt: skip


NOTHING = np.empty(0, np.uint64)


def nothing_ahead(world: World, width: int) -> np.ndarray:
    return np.empty((0, len(world.first) - 1, width))


def low_of(world: World, task: Task, target: int) -> np.ndarray:
    least = np.empty(len(world.tail))
    least_weights(world, task, 0.0, least)
    vertices = len(world.first) - 1
    columns = []
    for weight in (least, task.cost, task.carbon):
        out, queue, waits = np.empty(vertices), np.empty(vertices, np.uint32), np.empty(vertices, np.bool_)
        ends = np.array([target], np.int32)
        assert bounds(world, task.allowed, weight, ends, np.zeros(1), out, queue, waits) == OK
        columns.append(out)
    return np.stack(columns, axis=1)


def ahead_of(world: World, task: Task, needed: np.uint64, low: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return bounds by way of the one needed bit."""
    if not needed:
        return nothing_ahead(world, 3), NOTHING
    arcs = np.flatnonzero(task.allowed & (task.bits & needed != 0))
    least = np.empty(len(world.tail))
    least_weights(world, task, 0.0, least)
    vertices = len(world.first) - 1
    via, queue, waits = np.empty((1, vertices, 3)), np.empty(vertices, np.uint32), np.empty(vertices, np.bool_)
    for i, weight in enumerate((least, task.cost, task.carbon)):
        out = np.empty(len(world.first) - 1)
        begin = weight[arcs] + low[world.head[arcs], i]
        bounds(world, task.allowed, weight, world.tail[arcs], begin, out, queue, waits)
        via[0, :, i] = out
    return via, np.array([needed])


def every_way(world: World, task: Task, source: int, target: int) -> Iterator[np.ndarray]:
    """Yield every simple chain of arcs from source to target."""
    stack: list[tuple[int, list[int], frozenset[int]]] = [(source, [], frozenset({source}))]
    while stack:
        vertex, chain, seen = stack.pop()
        if vertex == target:
            yield np.array(chain, np.int32)
            continue
        for arc in range(world.first[vertex], world.first[vertex + 1]):
            head = int(world.head[arc])
            if task.allowed[arc] and head not in seen:
                stack.append((head, [*chain, arc], seen | {head}))


def value(world: World, task: Task, chain: np.ndarray) -> tuple[float, float, float]:
    times = np.empty(len(chain) + 1)
    expected(world, task, chain, START, times)
    return float(times[-1]), float(task.cost[chain].sum()), float(task.carbon[chain].sum())


def front_of(values: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Return the values that no other is at least as good as in all respects."""
    kept: list[tuple[float, ...]] = []
    for v in sorted(set(values)):
        if not any(all(a <= b for a, b in zip(k, v, strict=True)) for k in kept):
            kept.append(v)
    return kept


def places(world: World, back: bool = False) -> np.ndarray:
    """Return a place for each vertex, where no way is twice; or the same for all, so that ways may come ``back``."""
    vertices = np.arange(len(world.first) - 1, dtype=np.int32)
    return np.zeros_like(vertices) if back else vertices


def search(
    world: World,
    task: Task,
    target: int,
    needed: np.uint64 = ZERO,
    grid: tuple[float, ...] = (0, 0, 0),
    back: bool = False,
) -> list[tuple[float, ...]]:
    is_target = np.arange(len(world.first) - 1) == target
    labels, ends = scratch(len(world.first) - 1), np.empty(5000, np.int32)
    low = low_of(world, task, target)
    status, found = pareto(
        world,
        task,
        places(world, back),
        np.zeros(1, np.int32),
        is_target,
        START,
        needed,
        1e17,
        low,
        *ahead_of(world, task, needed, low),
        np.array(grid, float),
        labels,
        ends,
    )
    assert status == OK
    values = []
    arcs, first = np.empty(200 * found, np.int32), np.empty(found + 1, np.int64)
    assert trace(labels, ends[:found], arcs, first) == OK
    for end, begin, stop in zip(ends[:found], first[:-1], first[1:], strict=True):
        chain = arcs[begin:stop]
        values.append(tuple(float(v) for v in labels.value[end]))
        assert back or len({int(world.head[arc]) for arc in chain} | {0}) == len(chain) + 1
        assert np.bitwise_or.reduce(task.bits[chain], initial=ZERO) & needed == needed
        assert value(world, task, chain) == pytest.approx(values[-1])
    return sorted(values)


@settings(deadline=None, max_examples=150)
@given(worlds())
def test_front_is_that_of_brute_force(drawn: tuple[World, Task]) -> None:
    world, task = drawn
    target = len(world.first) - 2
    ways = [value(world, task, chain) for chain in every_way(world, task, 0, target)]
    expected_front = front_of([w for w in ways if w[0] < NEVER])
    assert np.array(search(world, task, target)) == pytest.approx(np.array(expected_front))


@settings(deadline=None, max_examples=60)
@given(worlds(), st.integers(0, 2))
def test_what_is_required_is_passed(drawn: tuple[World, Task], bit: int) -> None:
    # Brute force knows simple chains only. A way that may come back to a vertex can be better, never worse; of those
    # that may not, each is one that brute force finds.
    world, task = drawn
    needed = np.uint64(1) << np.uint64(bit)
    target = len(world.first) - 2
    ways = [
        value(world, task, c)
        for c in every_way(world, task, 0, target)
        if np.bitwise_or.reduce(task.bits[c], initial=ZERO) & needed
    ]
    found = search(world, task, target, needed, back=True)
    for way in front_of([w for w in ways if w[0] < NEVER]):
        assert any(all(a <= b + 1e-9 for a, b in zip(f, way, strict=True)) for f in found)
    for simple in search(world, task, target, needed):
        assert any(simple == pytest.approx(way) for way in ways)


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_rounding_loses_no_more_than_its_cells(drawn: tuple[World, Task]) -> None:
    # At each of at most V vertices a way may lose less than one cell in each respect.
    world, task = drawn
    target, grid = len(world.first) - 2, (3.0, 10.0, 10.0)
    exact, rough = search(world, task, target), search(world, task, target, grid=grid)
    room = [g * len(world.first) for g in grid]
    assert len(rough) <= len(exact)
    for way in exact:
        assert any(f[1] <= way[1] + room[1] and f[2] <= way[2] + room[2] for f in rough)


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_earliest_arrival_and_least_cost_are_those_of_networkx(drawn: tuple[World, Task]) -> None:
    world, task = drawn
    vertices, size = len(world.first) - 1, len(world.tail) + len(world.first)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(vertices))
    for arc in np.flatnonzero(task.allowed):
        a, b, cost = int(world.tail[arc]), int(world.head[arc]), float(task.cost[arc])
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > cost:
            graph.add_edge(a, b, weight=cost)
    theirs = nx.single_source_dijkstra_path_length(graph, 0)
    out = np.empty(vertices)
    assert (
        one_to_all(world, task, np.zeros(1, np.int32), START, False, out, np.empty(size), np.empty(size, np.uint32))
        == OK
    )
    for vertex in range(vertices):
        assert out[vertex] == pytest.approx(theirs.get(vertex, NEVER))
    one_to_all(world, task, np.zeros(1, np.int32), START, True, out, np.empty(size), np.empty(size, np.uint32))
    for vertex in range(1, vertices):
        arrivals = [value(world, task, chain)[0] for chain in every_way(world, task, 0, vertex)]
        assert out[vertex] == pytest.approx(min(arrivals, default=NEVER))


def test_one_to_one_is_that_of_networkx_on_a_larger_graph() -> None:
    rng = np.random.default_rng(4)
    graph = nx.gnm_random_graph(300, 2000, seed=4, directed=True)
    edges = sorted(graph.edges)
    tail, head = np.array(edges, np.uint32).T
    world, task = made(rng, 300, tail.copy(), head.copy())
    for (a, b), cost in zip(edges, task.cost, strict=True):
        graph[a][b]["weight"] = float(cost)
    out, via = np.empty(300), np.empty(300, np.int32)
    for target in (7, 50, 299):
        one_to_one(world.first, world.head, task.cost, 0, target, out, via, np.empty(2300), np.empty(2300, np.uint32))
        assert out[target] == pytest.approx(nx.dijkstra_path_length(graph, 0, target))


@pytest.mark.parametrize(("vertices", "arcs", "seed"), [(300, 600, 1), (300, 2000, 2), (2000, 5000, 3)])
def test_bounds_are_those_of_networkx_from_every_vertex(vertices: int, arcs: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = sorted(nx.gnm_random_graph(vertices, arcs, seed=seed, directed=True).edges)
    tail, head = np.array(edges, np.uint32).T
    world, task = made(rng, vertices, tail.copy(), head.copy())
    weight = np.where(rng.random(arcs) < 0.1, 0.0, task.cost)  # what costs nothing makes circles that cost nothing
    ends, begin = np.array([5, 40, 7], np.int32), np.array([30.0, 0.0, 200.0])
    graph = nx.DiGraph((b, a, {"weight": w}) for (a, b), w, may in zip(edges, weight, task.allowed, strict=True) if may)
    graph.add_edges_from(("end", int(vertex), {"weight": value}) for vertex, value in zip(ends, begin, strict=True))
    theirs = nx.single_source_dijkstra_path_length(graph, "end")
    out = np.empty(vertices)
    bounds(world, task.allowed, weight, ends, begin, out, np.empty(vertices, np.uint32), np.empty(vertices, np.bool_))
    assert out == pytest.approx(np.array([theirs.get(vertex, NEVER) for vertex in range(vertices)]))
    assert len(theirs) > vertices / 2


@settings(deadline=None, max_examples=80)
@given(worlds())
def test_families_are_the_best_of_each_set_of_gateways_by_cost(drawn: tuple[World, Task]) -> None:
    # Ranked by cost alone, which no clock changes, the best of every family is a plain minimum over simple chains, or
    # better where a way may come back to a vertex. Of those that may not, the first is the cheapest there is.
    world, task = drawn
    target = len(world.first) - 2
    best: dict[int, float] = {}
    for chain in every_way(world, task, 0, target):
        way = value(world, task, chain)
        bits = int(np.bitwise_or.reduce(task.bits[chain], initial=ZERO))
        if way[0] < NEVER:
            best[bits] = min(best.get(bits, NEVER), way[1])
    low = low_of(world, task, target)[:, 1:2].copy()
    is_target = np.arange(len(world.first) - 1) == target
    ask = np.zeros(1, np.int32), is_target, START, ZERO, 1e17, np.array([0.0, 1.0, 0.0])
    ahead = low, nothing_ahead(world, 1), NOTHING
    ours: list[dict[int, float]] = []
    for back in (True, False):
        labels, ends = scratch(len(world.first) - 1), np.empty(64, np.int32)
        status, found = families(world, task, places(world, back), *ask, *ahead, 1e9, labels, ends)
        assert status == OK
        ours.append({int(labels.bits[e]): float(labels.value[e, 1]) for e in ends[:found]})
    free, simple = ours
    for bits, cost in best.items():
        assert free[bits] <= cost + 1e-9
    assert all(cost >= best[bits] - 1e-9 for bits, cost in simple.items())
    assert min(simple.values(), default=NEVER) == pytest.approx(min(best.values(), default=NEVER))


@pytest.mark.parametrize("seed", range(4))
def test_a_vertex_with_many_trade_offs_keeps_just_the_best(seed: int) -> None:
    # 400 arcs side by side and one behind them, each a trade-off and the later the better: labels at the vertex between
    # come and go on many shelves.
    rng, count = np.random.default_rng(seed), 400
    tail = np.array([0] * count + [1], np.uint32)
    world, task = made(rng, 3, tail, tail + 1)
    world = world._replace(kind=np.full_like(world.kind, MOVE), calendar=world.site, site=np.full_like(world.site, -1))
    world.calendar[:] = -1
    trade_off = 100.0 * rng.dirichlet([1.0, 1.0, 1.0], count + 1) + np.linspace(30.0, 0.0, count + 1)[:, None]
    task = task._replace(hours=trade_off[:, 0].copy(), cost=trade_off[:, 1].copy(), carbon=trade_off[:, 2].copy())
    task.allowed[:] = True
    ways = [value(world, task, np.array([arc, count], np.int32)) for arc in range(count)]
    front = front_of([w for w in ways if w[0] < NEVER])
    assert len(front) > 20
    assert np.array(search(world, task, 2)) == pytest.approx(np.array(front))


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_a_search_that_runs_out_of_scratch_goes_on(drawn: tuple[World, Task]) -> None:
    # Both searches, with room for few labels and as many calls as it takes, against one call with room enough.
    world, task = drawn
    vertices, target = len(world.first) - 1, len(world.first) - 2
    low, source = low_of(world, task, target), np.zeros(1, np.int32)
    start = world, task, places(world), source, np.arange(vertices) == target, START, ZERO, 1e17
    cheap = np.array([0.0, 1.0, 0.0]), low[:, 1:2].copy(), nothing_ahead(world, 1), NOTHING, 2.0
    every = low, nothing_ahead(world, 3), NOTHING, np.zeros(3)
    searches: tuple[tuple[Any, tuple[Any, ...]], ...] = ((pareto, every), (families, cheap))
    for search_kernel, rest in searches:
        found = []
        for size in (20_000, int(np.diff(world.first).max()) + 1):
            labels, ends = scratch(vertices, size), np.empty(500, np.int32)
            status, count = search_kernel(*start, *rest, labels, ends)
            while status == FULL:
                lists = {n: a for n, a in labels._asdict().items() if n not in ("done", "shelf", "filled", "goal")}
                labels = labels._replace(**{n: np.concatenate([a, a]) for n, a in lists.items()})
                status, count = search_kernel(*start, *rest, labels, ends)
            found.append([tuple(labels.value[end]) for end in ends[:count]])
        assert found[0] == found[1]


def test_too_little_scratch_is_said_not_guessed() -> None:
    rng = np.random.default_rng(1)
    tail, head = np.array([0, 0, 1, 2], np.uint32), np.array([1, 2, 3, 3], np.uint32)
    world, task = made(rng, 4, tail, head)
    task.allowed[:] = True
    is_target = np.arange(4) == 3
    labels, ends = scratch(4, 2), np.empty(8, np.int32)
    status, _ = pareto(
        world,
        task,
        places(world),
        np.zeros(1, np.int32),
        is_target,
        START,
        ZERO,
        1e17,
        low_of(world, task, 3),
        nothing_ahead(world, 3),
        NOTHING,
        np.zeros(3),
        labels,
        ends,
    )
    assert status == FULL
