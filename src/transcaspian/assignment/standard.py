"""This module owns user equilibrium and system optimum on standard networks.

The bushes of ``kernels.bush`` do the work. Zones that cannot be passed are two vertices here, one to leave from and
one to arrive at, so that no kernel needs to know of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import DataError, NotConvergedError, Problem, nearest
from transcaspian.kernels import bush
from transcaspian.kernels.paths import one_to_one
from transcaspian.kernels.world import OK
from transcaspian.network.standard import StandardNetwork, faults
from transcaspian.results.equilibrium import Equilibrium

PRINCIPLES = ("user", "system")

PASSES = 20
"""How often all pairs of ways are balanced before new ways are sought; 10 to 50 are equally fast."""

POOL = 1 << 18
"""Arcs there is room for in pairs of ways at first; more is made where it is needed."""

UNUSED = 1e-14
"""Share of an origin's demand up to which its flow on a line is a rounding error."""

Floats = NDArray[np.float64]


def equilibrium(
    network: StandardNetwork,
    demand: Floats,
    *,
    principle: str = "user",
    gap: float = 1e-6,
    prices: tuple[float, float] = (0.0, 0.0),
    most: int = 1000,
    start: Equilibrium | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Equilibrium:
    """Return the flows at which no part of the demand could go cheaper, by Dial's Algorithm B.

    The cost of a line is its time, and its toll and length at fixed prices. Demand within a zone stays there.

    Parameters
    ----------
    network : the lines; the time on each grows with its volume
    demand : (origin, destination), from zone 1 on
    principle : ``"user"`` (each unit takes its cheapest way) or ``"system"`` (all together pay least)
    gap : relative gap to reach: 1 - cost on shortest ways / cost paid, measured apart from the solver
    prices : cost of a unit of toll, and of a unit of length
    most : iterations after which to give up
    start : an earlier answer for the same lines, to go on from; demand and costs may be others
    progress : called after each iteration with its number and the relative gap inside the bushes, an estimate

    Raises
    ------
    DataError
        With every problem of the network and the demand, such as zones with demand and no way between them.
    NotConvergedError
        If the gap is not reached; it says how far it got and holds the flows, from which a run may ``start``.

    Examples
    --------
    Of 10 units, two lines that cost 1 + volume and 5 take 4 and 6.

    >>> values = {"capacity": [1.0, 1.0], "free_time": [1.0, 5.0], "b": [1.0, 0.0], "power": [1.0, 1.0]}
    >>> values |= {"length": [0.0, 0.0], "toll": [0.0, 0.0]}
    >>> lines = {name: np.array(column) for name, column in values.items()}
    >>> two = StandardNetwork(2, 2, 1, np.array([1, 1]), np.array([2, 2]), **lines)
    >>> equilibrium(two, np.array([[0.0, 10.0], [0.0, 0.0]])).volume.round(6)
    array([4., 6.])

    References
    ----------
    Dial (2006), A path-based user-equilibrium traffic assignment algorithm that obviates path storage and enumeration,
    *Transportation Research Part B* 40. The whole is in the documentation, under *Formulations*.
    """
    demand = np.asarray(demand, float)
    problems = [*_faults(network, demand, principle, gap, prices)]
    if problems:
        raise DataError(problems)
    run = _Run(network, demand, principle, prices, start)
    for iteration in range(1, most + 1):
        run.improve()
        paid = float(run.bushes.volume @ run.bushes.cost)
        # The first iteration sees trees, in which there is one way only.
        if run.excess[0] <= gap * paid and iteration > 1:
            run.load()
            reached = run.gap()
            if reached <= gap:
                return run.answer(reached, iteration)
        if progress is not None:
            progress(iteration, float(run.excess[0]) / paid if paid else 0.0)
    run.load()
    reached = run.gap()
    message = f"a gap of {gap:g} was not reached in {most} iterations: {reached:.2g} was"
    raise NotConvergedError(message, run.answer(reached, most))


@dataclass(frozen=True, eq=False)
class _Kept:
    """What a later run may begin with: the bushes, and of which lines they are."""

    arcs: NDArray[np.int32]  # (2, A) tails and heads
    bushes: bush.Bushes


class _Run:
    """One run: the arrays of the kernels, and the calls."""

    def __init__(
        self,
        network: StandardNetwork,
        demand: Floats,
        principle: str,
        prices: tuple[float, float],
        start: Equilibrium | None,
    ) -> None:
        self.network, self.principle = network, principle
        self.fixed = prices[0] * network.toll + prices[1] * network.length
        tail, head, origins = _vertices(network)
        open_lines = np.flatnonzero(network.capacity > 0)
        self.lines = open_lines[np.lexsort((head[open_lines], tail[open_lines]))]  # of each arc
        self.vertices = network.nodes + network.first_thru - 1
        self.roads = self._roads(tail[self.lines], head[self.lines])
        self.bushes = self._bushes(origins, demand)
        self.room = _room(self.vertices, len(self.lines))
        self.pairs = _pairs(max(POOL, 4 * self.vertices))
        self.excess = np.zeros(1)
        kept = self._take_over(start)
        if bush.start(self.roads, self.bushes, self.room, kept) != OK:
            raise DataError(_cut(network, self.roads, self.bushes, self.room))

    def _roads(self, tail: NDArray[np.int32], head: NDArray[np.int32]) -> bush.Roads:
        network, lines = self.network, self.lines
        first = np.zeros(self.vertices + 1, np.int32)
        np.cumsum(np.bincount(tail, minlength=self.vertices), out=first[1:])
        rise, power = network.free_time * network.b, network.power
        if self.principle == "system":
            rise = rise * (power + 1)  # the derivative of volume times cost
        base = network.free_time + self.fixed
        return bush.Roads(first, tail, head, base[lines], rise[lines], 1 / network.capacity[lines], power[lines])

    def _bushes(self, origins: NDArray[np.int32], demand: Floats) -> bush.Bushes:
        between = np.where(np.eye(self.network.zones, dtype=bool), 0.0, demand)
        sending, receiving = np.flatnonzero(between.sum(1) > 0), np.flatnonzero(between.sum(0) > 0)
        wanted = np.ascontiguousarray(between[np.ix_(sending, receiving)])
        count, arcs, integer = len(sending), len(self.lines), np.int32
        return bush.Bushes(
            root=origins[sending], target=receiving.astype(integer), demand=wanted, least=UNUSED * wanted.sum(1),
            arc=np.empty((count, arcs), integer), flow=np.empty((count, arcs)),
            order=np.empty((count, self.vertices), integer), begin=np.empty((count, self.vertices + 1), integer),
            count=np.empty(count, integer), volume=np.zeros(arcs), cost=np.zeros(arcs), slope=np.zeros(arcs),
        )  # fmt: skip

    def _take_over(self, start: Equilibrium | None) -> NDArray[np.bool_]:
        """Copy the bushes of an earlier answer; return which origins have one. Other lines have other bushes."""
        mine, has = self.bushes, np.zeros(len(self.bushes.root), bool)
        if (
            start is None
            or not isinstance(start.kept, _Kept)
            or not np.array_equal(start.kept.arcs, [self.roads.tail, self.roads.head])
        ):
            return has
        theirs: bush.Bushes = start.kept.bushes
        _, here, there = np.intersect1d(mine.root, theirs.root, return_indices=True)
        for name in ("arc", "flow", "order", "begin", "count"):
            getattr(mine, name)[here] = getattr(theirs, name)[there]
        mine.volume[:] = theirs.volume
        has[here] = True
        return has

    def improve(self) -> None:
        """Do one iteration, making more room for pairs of ways until it is enough."""
        while bush.improve(self.roads, self.bushes, self.room, self.pairs, PASSES, self.excess) != OK:
            self.pairs = _pairs(2 * len(self.pairs.number))

    def load(self) -> None:
        """Load all demand anew in the proportions there are, so that no rounding error is left."""
        bush.start(self.roads, self.bushes, self.room, np.ones(len(self.bushes.root), bool))

    def gap(self) -> float:
        """Return the relative gap, from shortest ways on the whole network."""
        least = np.zeros(len(self.bushes.root))
        bush.least_totals(self.roads, self.bushes, self.room, least)
        paid = float(self.bushes.volume @ self.bushes.cost)
        return max(0.0, 1 - float(least.sum()) / paid) if paid > 0 else 0.0

    def answer(self, gap: float, iterations: int) -> Equilibrium:
        """Return what was reached, by line."""
        volume = np.zeros(len(self.network.tail))
        volume[self.lines] = self.bushes.volume
        cost = self.network.times(volume) + self.fixed
        total = float(volume[self.lines] @ cost[self.lines])
        kept = _Kept(np.array([self.roads.tail, self.roads.head]), self.bushes)
        return Equilibrium(self.principle, volume, cost, total, gap, iterations, kept)


def wrong_terms(principle: str, gap: float) -> Iterator[Problem]:
    """Give what is wrong with the terms of a question, whatever the network."""
    if principle not in PRINCIPLES:
        yield Problem("equilibrium", "", "principle", principle, nearest(principle, PRINCIPLES))
    if not gap > 0:
        yield Problem("equilibrium", "", "gap", f"{gap:g}", "a number above 0")


def _faults(
    network: StandardNetwork, demand: Floats, principle: str, gap: float, prices: tuple[float, float]
) -> Iterator[Problem]:
    """Give everything that is wrong with a question, before it is asked."""
    yield from faults(network)
    yield from wrong_terms(principle, gap)
    for name, price in (("price of toll", prices[0]), ("price of length", prices[1])):
        if not (np.isfinite(price) and price >= 0):
            yield Problem("equilibrium", "", name, f"{price:g}", "a number of 0 or more")
    shape = np.shape(demand)
    if shape != (network.zones, network.zones):
        yield Problem("demand", "", "", f"shape {shape}", f"a number for each of {network.zones} zones to each")
        return
    for origin, destination in np.argwhere(~(np.isfinite(demand) & (demand >= 0))):
        where, found = f"zone {origin + 1} to {destination + 1}", f"{demand[origin, destination]:g}"
        yield Problem("demand", where, "", found, "a number of 0 or more")


def _cut(network: StandardNetwork, roads: bush.Roads, bushes: bush.Bushes, room: bush.Room) -> Iterator[Problem]:
    """Give a problem for each origin with demand for zones it has no way to."""
    closed = int((network.capacity == 0).sum())
    shut = "line of capacity 0 lets" if closed == 1 else "lines of capacity 0 let"
    right = "a way to each of them" + (f"; the {closed} {shut} nothing through" if closed else "")
    for number, root in enumerate(bushes.root.tolist()):
        one_to_one(roads.first, roads.head, bushes.cost, root, -1, room.low, room.via, room.keys, room.items)
        missed = (bushes.demand[number] > 0) & np.isinf(room.low[bushes.target])
        zones = [str(zone + 1) for zone in bushes.target[missed].tolist()]
        if zones:
            more = f" and {len(zones) - 5} more" if len(zones) > 5 else ""
            found = f"{bushes.demand[number][missed].sum():g} to zone {', '.join(zones[:5])}{more}"
            yield Problem("demand", f"zone {root % network.nodes + 1}", "", found, right)


def _vertices(network: StandardNetwork) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return the vertices of tails, heads and origins.

    A node arrives at its number less 1 and leaves there too; one that cannot be passed leaves from a vertex of its own.
    """
    arrive = np.arange(network.nodes, dtype=np.int32)
    leave = np.where(arrive + 1 < network.first_thru, network.nodes + arrive, arrive).astype(np.int32)
    return leave[network.tail - 1], arrive[network.head - 1], leave[: network.zones]


def _room(vertices: int, arcs: int) -> bush.Room:
    """Return scratch of the right sizes."""
    index = np.int32
    return bush.Room(
        low=np.empty(vertices), high=np.empty(vertices), best=np.empty(vertices, index),
        worst=np.empty(vertices, index), place=np.empty(vertices, index), through=np.empty(vertices),
        fresh=np.empty(arcs, index), old_arc=np.empty(arcs, index), old_flow=np.empty(arcs),
        via=np.empty(vertices, index), keys=np.empty(vertices + arcs), items=np.empty(vertices + arcs, index),
    )  # fmt: skip


def _pairs(size: int) -> bush.Pairs:
    """Return room for pairs of ways of so many arcs together; a pair has two at least."""
    most, long = size // 2, np.int64
    return bush.Pairs(
        size=np.zeros(1, long), origin=np.empty(most, np.int32), begin=np.zeros(most + 1, long),
        middle=np.empty(most, long), number=np.empty(size, np.int32),
    )  # fmt: skip
