"""This module owns choice sets kept from one network for another: what a change cannot reach, and what it must not.

Most changes move a capacity, a fleet or other traffic, which no choice set reads; others move a few arcs. A search is
made again only where a way over such an arc could cost less than the sum at which the search stopped.

A search ends at a number of families and a cost, and leaves detours out: a way of many shippers could fall behind such
an edge because another got a little cheaper, and they would seem to lose by it. So whatever a network offered, every
other that is alike offers too, while it can be passed; and which families are detours is judged once, in the base year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.way import Way
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import Default
from transcaspian.network.money import exchange
from transcaspian.network.network import Network
from transcaspian.network.search import Reach

Key = tuple[str, str | None, str, int]
"""A search: demand, the country it keeps out of, what it is for, and the row of its observed shares."""

TABLES = (
    "choices", "commodities", "demand", "forms", "hires", "link_countries", "link_passes", "loads", "returns",
    "season_months", "shares",
)  # fmt: skip
"""Tables that choice sets read besides the network."""

IDS = ("places", "place_country", "states", "groups", "forms", "services", "links", "steps", "gateways")

FRAME = (
    *("vertex_place", "vertex_state", "vertex_group", "vertex_rest", "group", "link", "step"),
    *("form_group", "form_size", "form_consignments"),
)
"""Arrays of the network in which both must be the same."""

WORLD_FRAME = ("first", "tail", "head", "in_first", "in_arc", "kind", "service", "centre")
"""Arrays of its world in which both must be the same."""

BY_ARC = ("hours", "batch", "gateway", "carbon_tonne", "carbon_unit", "gauge_break", "km")
"""Arrays over arcs in which they may differ."""


@dataclass(frozen=True)
class Found:
    """What a search gave: the ways, or whether they are free of a country, and how far it looked."""

    ways: tuple[Way, ...]
    free: bool
    reach: Reach | None  # None: it found nothing, so it looked everywhere


Families = tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]
"""Route families that are ways of their own, and those that are detours of them."""


@dataclass
class Memory:
    """The searches of the first network that it is shown; every other network is compared with that one.

    What is not found here is looked for in the ``parts``, memories of networks that have a part of what this one
    changes, and then in the ``parent``: what changes from theirs to this one must be out of reach.

    ``families`` are what was judged of each search by whoever made it first, ``shares`` how those who keep out of no
    country divided, by demand, ``offered`` the services and crossings there were: memories of several years share them.
    """

    families: dict[Key, Families] = field(default_factory=dict)
    shares: dict[str, dict[str, float]] = field(default_factory=dict)
    offered: set[tuple[str, str]] = field(default_factory=set)
    parent: "Memory | None" = None
    parts: tuple["Memory", ...] = ()
    _network: Network | None = None
    _corridor: Corridor | None = None
    _searches: dict[Key, Found] = field(default_factory=dict)

    def recall(self, network: Network, corridor: Corridor) -> "Recall":
        """Return what may be read for a network, and is written if it is the first."""
        self.offered.update(() if self.offered else _offered(corridor))
        above = None if self.parent is None else self.parent.recall(network, corridor)
        parts = tuple(part.recall(network, corridor) for part in self.parts)
        judged = self.families, self.shares, self.offered, above, parts
        if self._network is None or self._corridor is None:
            self._network, self._corridor = network, corridor
            return Recall(self._searches, network, None, *judged)
        first = self._network, self._corridor
        if not alike(first, (network, corridor)):
            return Recall({}, network, np.empty(0, np.intp), *judged)
        changed = np.flatnonzero(_changed(self._network, network))
        return Recall(self._searches, network, changed, *judged)

    def below(self, *parts: "Memory") -> "Memory":
        """Return a memory of another network, which has this one for a parent, and others that have this one too."""
        alone = tuple(replace(part, parent=None) for part in parts)
        return Memory(self.families, self.shares, self.offered, self, alone)

    def apart(self, families: dict[Key, Families], shares: dict[str, dict[str, float]]) -> "Memory":
        """Return the same memory, in which what is judged from now on goes to ``families`` and ``shares``."""
        above = None if self.parent is None else self.parent.apart(families, shares)
        parts = tuple(part.apart(families, shares) for part in self.parts)
        return replace(self, families=families, shares=shares, parent=above, parts=parts)

    def for_another_year(self) -> "Memory":
        """Return a memory of nothing but what was judged once."""
        return Memory(self.families, self.shares, self.offered)


@dataclass(frozen=True)
class Recall:
    """The searches that are kept for one network; ``changed`` are its arcs that differ, None where it writes."""

    searches: dict[Key, Found]
    network: Network
    changed: NDArray[np.intp] | None
    families: dict[Key, Families]
    shares: dict[str, dict[str, float]]
    offered: set[tuple[str, str]]
    parent: "Recall | None" = None
    parts: tuple["Recall", ...] = ()

    @cached_property
    def altered(self) -> NDArray[np.bool_]:
        """Whether an arc is one of the ``changed``, (A,)."""
        found = np.zeros(self.network.arcs, np.bool_)
        found[() if self.changed is None else self.changed] = True
        return found

    def knew(self, demand: str) -> bool:
        """Return whether a demand ever had a way."""
        return any(own for (whose, *_), (own, _) in self.families.items() if whose == demand)

    def get(self, key: Key) -> Found | None:
        """Return a search that comes out the same on this network, if there is one."""
        before: list[Way] | None = None
        for recall in (self, *self.parts):
            found = recall.searches.get(key)
            if recall.changed is None or found is None:
                continue
            if not len(recall.changed):  # nothing that a search reads is different
                return found
            if found.reach is None:
                continue
            before = [way for way, _ in self.before(key)] if before is None else before
            # No search looked at lines side by side with those it found, nor at ways that were only there before.
            beyond = (*found.ways, *before)
            if found.reach.misses(self.network, recall.changed) and not any(
                recall.altered[way.chain].any() for way in beyond
            ):
                return found
        return None if self.parent is None else self.parent.get(key)

    @property
    def writes(self) -> bool:
        """Whether this is the network that later ones are compared with."""
        return self.changed is None

    def before(self, key: Key) -> tuple[tuple[Way, bool], ...]:
        """Return the ways that the same search gave in the first network, and whether nothing along them has changed.

        None where this is the first, or is not alike.
        """
        if self.changed is not None and key in self.searches:
            return tuple((way, not self.altered[way.chain].any()) for way in self.searches[key].ways)
        return () if self.parent is None else self.parent.before(key)

    def judge(self, key: Key, ways: Sequence[Way]) -> tuple[Way, ...]:
        """Return the ways, the best first, without detours: those that pass all gateways of a better one.

        Once a family was judged, it stays what it is while the way is there that it is a detour of.
        """
        own, detours = self.families.get(key, (frozenset(), frozenset()))
        kept: list[Way] = []
        for way in ways:
            others = ways if way.family in detours else kept
            if way.family in own or not any(set(other.family) < set(way.family) for other in others):
                kept.append(way)
        if key not in self.families:
            stay = frozenset(way.family for way in kept)
            self.families[key] = stay, frozenset(way.family for way in ways) - stay
        return tuple(kept)

    def put(self, key: Key, found: Found) -> None:
        """Keep a search of the first network."""
        if self.changed is None:
            self.searches[key] = found


def _offered(corridor: Corridor) -> set[tuple[str, str]]:
    """Return the services and crossings that are open, by table and id."""
    services = {("services", row.id) for row in corridor.services.rows if row.status == "open"}
    return services | {("crossings", row.id) for row in corridor.crossings.rows if row.status == "open"}


def alike(first: tuple[Network, Corridor], second: tuple[Network, Corridor]) -> bool:
    """Return whether two networks have the same vertices and arcs, and their corridors the same demand."""
    (a, here), (b, there) = first, second
    if a.window != b.window or any(getattr(a.ids, name) != getattr(b.ids, name) for name in IDS):
        return False
    for name in TABLES:
        old, new = here.table(name), there.table(name)
        if old is not new and old.rows != new.rows:
            return False
    # Of a step, its time is in the arcs; what it is kept for is not. Nor is the size of lots.
    for known in (_kept_for, _lots):
        if known(here) != known(there):
            return False
    pairs = [(getattr(a, name), getattr(b, name)) for name in FRAME]
    pairs += [(getattr(a.world, name), getattr(b.world, name)) for name in WORLD_FRAME]
    return exchange(here) == exchange(there) and all(np.array_equal(x, y) for x, y in pairs)


def differ(first: tuple[Network, Corridor], second: tuple[Network, Corridor]) -> bool:
    """Return whether anything that a search or a way reads is different in two networks."""
    return not alike(first, second) or bool(_changed(first[0], second[0]).any())


def _kept_for(corridor: Corridor) -> list[tuple[str, str | None]]:
    return [(step.id, step.form) for step in corridor.steps.rows]


def _lots(corridor: Corridor) -> list[Default]:
    return [default for default in corridor.defaults.rows if default.table == "demand"]


def _changed(first: Network, second: Network) -> NDArray[np.bool_]:
    """Return the arcs, (A,), over which anything that a search or a way reads is different."""
    one, two = first.world, second.world
    found = np.zeros(first.arcs, np.bool_)
    for name in BY_ARC:
        found |= _differ(getattr(first, name), getattr(second, name))
    found |= _differ(one.offset, two.offset)
    for x, y in ((one.wait, two.wait), (first.price.swapaxes(0, 1), second.price.swapaxes(0, 1)),
                 (first.resource_cost.swapaxes(0, 1), second.resource_cost.swapaxes(0, 1))):  # fmt: skip
        found |= _differ(x, y).reshape(first.arcs, -1).any(axis=1)
    departures = _rows(one.dep_first, one.dep_time), _rows(two.dep_first, two.dep_time)
    served = [
        np.array_equal(one.rule[s], two.rule[s])
        and one.cutoff[s] == two.cutoff[s]
        and np.array_equal(first.train_units[s], second.train_units[s], equal_nan=True)
        and np.array_equal(first.own_wait[s], second.own_wait[s], equal_nan=True)
        and departures[0][s] == departures[1][s]
        for s in range(len(first.ids.services))
    ]
    found |= ~np.array([*served, True])[one.service]
    opening = [
        [x + y for x, y in zip(_rows(w.open_first, w.opens), _rows(w.open_first, w.closes), strict=True)]
        for w in (one, two)
    ]
    found |= _by_pair(one.calendar, two.calendar, *opening)
    weather = [
        [a.tobytes() + b.tobytes() for a, b in zip(w.weather_share, w.weather_spell, strict=True)] for w in (one, two)
    ]
    found |= _by_pair(one.site, two.site, *weather)
    return found


def _differ(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    found = a != b
    if a.dtype.kind == "f":
        found &= ~(np.isnan(a) & np.isnan(b))
    return np.asarray(found)


def _rows(first: NDArray[np.integer], values: NDArray[np.float64]) -> list[bytes]:
    """Return the values of each row, as they are in memory."""
    return [values[first[n] : first[n + 1]].tobytes() for n in range(len(first) - 1)]


def _by_pair(
    a: NDArray[np.int32], b: NDArray[np.int32], first: Sequence[bytes], second: Sequence[bytes]
) -> NDArray[np.bool_]:
    """Return where what arcs point to, (A,), is different: numbers may differ, what stands there counts; -1 nothing."""
    pairs, where = np.unique(np.stack([a, b], axis=1), axis=0, return_inverse=True)
    differ = [(i >= 0) != (j >= 0) or (i >= 0 and first[i] != second[j]) for i, j in pairs.tolist()]
    return np.asarray(np.array(differ, np.bool_)[where.reshape(-1)])
