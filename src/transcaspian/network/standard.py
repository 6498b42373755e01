"""This module owns a standard test network: roads between numbered nodes, as the transport research literature has it.

It knows no corridor. Costs follow the function of the Bureau of Public Roads (1964), *Traffic Assignment Manual*.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import Problem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StandardNetwork:
    """Nodes 1 to ``nodes``, of which 1 to ``zones`` send and receive, and A lines between them.

    Nodes below ``first_thru`` can be left and reached, and not passed. A line of capacity 0 lets nothing through. The
    time on a line is ``free_time * (1 + b * (volume / capacity) ** power)``; units are those of the source.
    """

    zones: int
    nodes: int
    first_thru: int
    tail: Integers  # (A,) node
    head: Integers  # (A,) node
    capacity: Floats  # (A,) volume
    length: Floats  # (A,) distance
    free_time: Floats  # (A,) time
    b: Floats  # (A,)
    power: Floats  # (A,)
    toll: Floats  # (A,) money

    def __repr__(self) -> str:
        return f"StandardNetwork of {self.zones} zones, {self.nodes} nodes, {len(self.tail)} lines"

    def times(self, volume: Floats) -> Floats:
        """Return the time on every line at a volume (A,); infinite on a line of capacity 0."""
        full = np.where(self.capacity > 0, self.capacity, 1.0)
        time: Floats = self.free_time * (1 + self.b * (volume / full) ** self.power)
        return np.where(self.capacity > 0, time, np.inf)


def faults(network: StandardNetwork, table: str = "network", row: Callable[[int], str] = str) -> Iterator[Problem]:
    """Give every fault of a network; ``row`` says where a line stands, from its index."""
    yield from _sizes(network, table)
    lines = len(network.tail)
    for name in ("tail", "head", "capacity", "length", "free_time", "b", "power", "toll"):
        if getattr(network, name).shape != (lines,):
            yield Problem(
                table, "", name, f"shape {getattr(network, name).shape}", f"a value for each of {lines} lines"
            )
            return
    ends = f"a node from 1 up to {network.nodes}"
    least = "a number of 0 or more"
    for name, right, good in (
        ("tail", ends, _between(network.tail, network.nodes)),
        ("head", ends, _between(network.head, network.nodes)),
        ("capacity", least, _at_least(network.capacity)),
        ("length", least, _at_least(network.length)),
        ("free_time", least, _at_least(network.free_time)),
        ("b", least, _at_least(network.b)),
        ("power", "0, or 1 and above", (network.power == 0) | _at_least(network.power, 1.0)),
        ("toll", least, _at_least(network.toll)),
    ):
        for line in np.flatnonzero(~good):
            yield Problem(table, row(int(line)), name, f"{getattr(network, name)[line]:g}", right)


def _sizes(network: StandardNetwork, table: str) -> Iterator[Problem]:
    if not 0 < network.zones <= network.nodes:
        yield Problem(table, "", "zones", str(network.zones), f"1 to the number of nodes, {network.nodes}")
    if not 1 <= network.first_thru <= network.nodes + 1:
        yield Problem(table, "", "first_thru", str(network.first_thru), f"1 to {network.nodes + 1}")


def _between(nodes: Integers, most: int) -> NDArray[np.bool_]:
    return (nodes >= 1) & (nodes <= most)


def _at_least(values: Floats, least: float = 0.0) -> NDArray[np.bool_]:
    return np.isfinite(values) & (values >= least)
