"""This module owns the growing lists from which a network's arrays are made; only ``compile`` and its parts use it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.place import Place
from transcaspian.network.calendars import Intervals
from transcaspian.network.fill import Filler
from transcaspian.network.money import Exchange
from transcaspian.network.network import Cut
from transcaspian.network.prices import PriceBook, Vector
from transcaspian.network.window import Window

Vertex = tuple[int, str, str, str, int, str, int]
"""place index, state, group, service aboard (or ''), boarding call, crossing under way or done (or ''), stage."""


D = TypeVar("D", bound=np.generic)


@lru_cache(maxsize=100_000)
def luck_of(noun: str) -> int:
    """Return the hash of a noun's ``table:id`` by which its random numbers are drawn."""
    return int.from_bytes(hashlib.blake2b(noun.encode(), digest_size=8).digest(), "little")


@dataclass(slots=True)
class Arc:
    """One arc before it becomes a column of numbers."""

    tail: int
    head: int
    kind: int
    group: int
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
    vector: Vector | None = None
    weight: float = 1.0
    parts: tuple[tuple[str, str, str, str, float, int], ...] = ()
    """(slot array, table, key, attribute, factor, power): uncertain data behind numbers of this arc, prices apart."""


@dataclass(slots=True)
class Draft:
    """A network under construction."""

    corridor: Corridor
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
    arcs: list[Arc] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    def vertex(self, key: Vertex) -> int:
        """Return the index of a vertex, made at its first mention."""
        found = self.vertices.get(key)
        if found is None:
            found = self.vertices[key] = len(self.vertices)
        return found

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


def column(arcs: Sequence[Arc], name: str, dtype: type[D]) -> NDArray[D]:
    """Return one attribute of all arcs as an array."""
    return np.array([getattr(arc, name) for arc in arcs], dtype=dtype)


def index_of(keys: Iterable[str]) -> dict[str, int]:
    """Return the position of every key."""
    return {str(key): number for number, key in enumerate(keys)}


def first_of(lengths: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int32]:
    """Return where each of several lists begins when they are laid end to end, and where the last ends."""
    first = np.zeros(len(lengths) + 1, dtype=np.int32)
    first[1:] = np.cumsum(lengths)
    return first
