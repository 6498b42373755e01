"""This module owns the growing lists from which a network's arrays are made; only ``compile`` and its parts use it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.place import Place
from transcaspian.network.calendars import Intervals
from transcaspian.network.fill import Filler
from transcaspian.network.money import Exchange
from transcaspian.network.network import Cut
from transcaspian.network.prices import FREE, PriceBook, Vector
from transcaspian.network.window import Window

Vertex = tuple[int, str, str, str, int, str, int]
"""place index, state, group, service aboard (or ''), boarding call, crossing under way or done (or ''), stage."""


D = TypeVar("D", bound=np.generic)


@lru_cache(maxsize=100_000)
def luck_of(noun: str) -> int:
    """Return the hash of a noun's ``table:id`` by which its random numbers are drawn."""
    return int.from_bytes(hashlib.blake2b(noun.encode(), digest_size=8).digest(), "little")


@dataclass(slots=True, eq=False)
class Work:
    """What is done on an arc; arcs between other vertices, such as those of another group of forms, may share it."""

    kind: int
    hours: float = 0.0
    scv: float = 0.0
    least: float = 0.0
    batch: float = np.inf
    km: float = 0.0
    mode: int = -1
    service: int = -1
    offset: float = 0.0
    step: int = -1
    link: int = -1
    crossing: int = -1
    stage: int = -1
    site: int = -1
    gauge_break: bool = False
    gateway: int = 0
    carbon_tonne: float = 0.0
    carbon_unit: float = 0.0
    luck: int = 0
    calendar: tuple[str, ...] = ()
    wait: str = ""
    vector: Vector = FREE
    weight: float = 1.0
    parts: tuple[tuple[str, str, str, str, float, int], ...] = ()
    """(slot array, table, key, attribute, factor, power): uncertain data behind these numbers, prices apart."""


@dataclass(slots=True)
class Draft:
    """A network under construction; ``states`` are the corridor as it is in each period, the first first."""

    corridor: Corridor
    states: tuple[Corridor, ...]
    window: Window
    filler: Filler
    exchange: Exchange
    prices: PriceBook
    places: dict[str, int]
    groups: dict[str, int]
    links: dict[str, int]
    steps: dict[str, int]
    services: dict[str, int]
    crossings: dict[str, int]
    sites: dict[str, int]
    modes: dict[str, int]
    gateways: dict[str, int]
    ranged: frozenset[tuple[str, str, str]]
    shut: dict[str, Intervals]
    vertices: dict[Vertex, int] = field(default_factory=dict)
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    """From where each arc leads, to where, and what is done on it."""
    made: dict[tuple[object, ...], Work] = field(default_factory=dict)
    """What was made before, by whatever tells it apart."""
    cuts: list[Cut] = field(default_factory=list)

    @property
    def distinct(self) -> dict[int, Corridor]:
        """The different states by identity: most windows have one."""
        return {id(state): state for state in self.states}

    def vertex(self, key: Vertex) -> int:
        """Return the index of a vertex, made at its first mention."""
        return self.vertices.setdefault(key, len(self.vertices))

    def join(self, tail: int, head: int, work: Work) -> None:
        """Add an arc between two vertices."""
        self.tails.append(tail)
        self.heads.append(head)
        self.works.append(work)

    def at(self, place: str, state: str, group: str) -> int:
        """Return the plain vertex of cargo in a state at a place."""
        return self.vertex((self.places[place], state, group, "", -1, "", -1))

    def bit(self, place: Place) -> int:
        """Return the gateway bit of a place, 0 if it is none."""
        number = self.gateways.get(place.id)
        return 0 if number is None else 1 << number

    def closed_by(self, *targets: str) -> tuple[str, ...]:
        """Return those targets (``table:id``) that dated closures shut within the window."""
        return tuple(t for t in targets if t in self.shut) if self.shut else ()

    def slot(
        self, array: str, table: str, key: str, attribute: str, factor: float, power: int = 1
    ) -> tuple[tuple[str, str, str, str, float, int], ...]:
        """Return the slot of a datum if it is uncertain, else nothing."""
        if (table, key, attribute) in self.ranged:
            return ((array, table, key, attribute, factor, power),)
        return ()


@dataclass(frozen=True)
class Arcs:
    """The arcs of a network, sorted by tail and head; A arcs, W different works."""

    tail: NDArray[np.uint32]  # (A,)
    head: NDArray[np.uint32]  # (A,)
    works: tuple[Work, ...]  # (W,)
    work: NDArray[np.int32]  # (A,) index into ``works``

    def __len__(self) -> int:
        return len(self.tail)

    def column(self, name: str, dtype: type[D]) -> NDArray[D]:
        """Return one attribute of the work of all arcs, (A,)."""
        return np.fromiter(map(attrgetter(name), self.works), dtype, len(self.works))[self.work]


def sort(draft: Draft) -> Arcs:
    """Return the arcs of a draft in the order that kernels read."""
    number: dict[Work, int] = {}
    work = np.array([number.setdefault(work, len(number)) for work in draft.works], dtype=np.int32)
    tail, head = np.array(draft.tails, dtype=np.uint32), np.array(draft.heads, dtype=np.uint32)
    order = np.lexsort((head, tail))
    return Arcs(tail[order], head[order], tuple(number), work[order])


def index_of(keys: Iterable[str]) -> dict[str, int]:
    """Return the position of every key."""
    return {str(key): number for number, key in enumerate(keys)}


def first_of(lengths: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int32]:
    """Return where each of several lists begins when they are laid end to end, and where the last ends."""
    first = np.zeros(len(lengths) + 1, dtype=np.int32)
    first[1:] = np.cumsum(lengths)
    return first
