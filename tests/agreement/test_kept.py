"""This module owns what must agree about choice sets: those kept from another network, and those searched afresh."""

from datetime import date
from functools import cache

import numpy as np
import pytest

from transcaspian.assignment.demands import Segment, segments_of
from transcaspian.assignment.kept import Memory
from transcaspian.io import load
from transcaspian.io.tables import parse_value
from transcaspian.model.change import Change, Revise
from transcaspian.model.corridor import Corridor
from transcaspian.model.scenario import Scenario, apply_each, bundled_changes
from transcaspian.network import Network, compile_network, months

YEAR = 2026


@cache
def corridor() -> Corridor:
    return load()


def built(changes: tuple[Change, ...]) -> tuple[Network, Corridor]:
    window = months(date(YEAR, 1, 1), 12)
    days = [period.date() for period in window.periods]
    states = apply_each(corridor(), Scenario("changed", changes), days, window.end.date())
    return compile_network(states[0], window, states[1:]), states[0]


@cache
def kept() -> tuple[Memory, list[Segment]]:
    memory = Memory()
    return memory, segments_of(*built(()), YEAR, memory)[0]


def same(one: Segment, other: Segment) -> bool:
    names = ("chain", "hours", "cost", "by_arc", "sizes")
    return (
        (one.demand.id, one.part, one.shuns, one.hour, one.worth) == (
            other.demand.id, other.part, other.shuns, other.hour, other.worth
        )
        and np.array_equal(one.volume, other.volume)
        and [(g.name, g.share, len(g.ways)) for g in one.groups] == [(g.name, g.share, len(g.ways)) for g in other.groups]
        and all(
            (a.family, a.places, a.services) == (b.family, b.places, b.services)
            and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)
            for a, b in zip(one.ways, other.ways, strict=True)
        )
    )  # fmt: skip


CHANGES: dict[str, tuple[Change, ...]] = {
    "hours of cranes": tuple(bundled_changes(load(), parse_value)["eu-aktau-port"]),
    "waits at borders": tuple(bundled_changes(load(), parse_value)["pre-arrival-data"]),
    "arcs of its own": tuple(bundled_changes(load(), parse_value)["digital-transit-declarations"]),
    "a capacity": (Revise("resources:aktau-crane", "capacity", "scale", 2.0, None, None, None),),
}


@pytest.mark.parametrize("name", CHANGES)
def test_kept_choice_sets_are_those_that_a_search_finds(name: str) -> None:
    memory, _ = kept()
    network, changed = built(CHANGES[name])
    ours, notes = segments_of(network, changed, YEAR, memory)
    theirs, said = segments_of(network, changed, YEAR)
    assert notes == said
    assert all(same(a, b) for a, b in zip(ours, theirs, strict=True))


def test_a_capacity_alone_searches_nothing_again() -> None:
    memory, first = kept()
    again, _ = segments_of(*built(CHANGES["a capacity"]), YEAR, memory)
    assert all(a is b for s, t in zip(first, again, strict=True) for a, b in zip(s.ways, t.ways, strict=True))


def test_what_a_change_cannot_reach_is_kept() -> None:
    memory, first = kept()
    again, _ = segments_of(*built(CHANGES["hours of cranes"]), YEAR, memory)
    ways = [(a, b) for s, t in zip(first, again, strict=True) for a, b in zip(s.ways, t.ways, strict=False)]
    assert sum(a is b for a, b in ways) > len(ways) / 2
