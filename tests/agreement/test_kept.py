"""This module owns what must agree about choice sets: those kept from another network, and those searched afresh."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from transcaspian.assignment import demands
from transcaspian.assignment.demands import Segment, segments_of
from transcaspian.assignment.kept import Memory
from transcaspian.assignment.way import Way
from transcaspian.io import load
from transcaspian.io.tables import parse_value
from transcaspian.model.change import Change, Revise
from transcaspian.model.corridor import Corridor
from transcaspian.model.scenario import Scenario, apply_each, bundled_changes
from transcaspian.network import Network, compile_network, months
from transcaspian.network.search import families_within

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


def same(one: Way, other: Way) -> bool:
    return (one.family, one.places, one.services) == (other.family, other.places, other.services) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("chain", "hours", "cost", "by_arc", "sizes")
    )


def sets(segments: list[Segment]) -> dict[tuple[str, str | None, str], dict[tuple[str, ...], Way]]:
    """Return the ways of every group by their families; of a demand where nothing was observed, of all its groups."""
    found: dict[tuple[str, str | None, str], dict[tuple[str, ...], Way]] = {}
    for s in segments:
        for group in s.groups:
            name = "" if group.share is None else group.name
            found.setdefault((s.demand.id, s.shuns, name), {}).update({way.family: way for way in group.ways})
    return found


CHANGES: dict[str, tuple[Change, ...]] = {
    "hours of cranes": tuple(bundled_changes(load(), parse_value)["eu-aktau-port"]),
    "waits at borders": tuple(bundled_changes(load(), parse_value)["pre-arrival-data"]),
    "arcs of its own": tuple(bundled_changes(load(), parse_value)["digital-transit-declarations"]),
    "a capacity": (Revise("resources:aktau-crane", "capacity", "scale", 2.0, None, None, None),),
}


LINE = tuple(bundled_changes(load(), parse_value)["moyynty-kyzylzhar"])
"""A change that no network without it is alike to."""


@pytest.mark.parametrize("name", CHANGES)
def test_kept_choice_sets_are_those_that_a_search_finds_and_what_there_was_before(name: str) -> None:
    memory, first = kept()
    network, changed = built(CHANGES[name])
    ours, notes = segments_of(network, changed, YEAR, memory)
    theirs, said = segments_of(network, changed, YEAR)
    assert notes == said
    before, afresh, own = sets(first), sets(theirs), sets(ours)
    assert own.keys() == before.keys() == afresh.keys()
    for key, ways in own.items():
        assert ways.keys() >= before[key].keys(), key  # a change that closes nothing takes no way from anybody
        assert ways.keys() <= before[key].keys() | afresh[key].keys(), key
        assert all(same(way, afresh[key][family]) for family, way in ways.items() if family in afresh[key]), key


def test_a_way_that_got_cheaper_does_not_take_another_from_the_choice_set() -> None:
    """Boxes by Khorgos and Brest got faster, so that the way by Zabaikalsk and Brest looked like a detour of theirs."""
    network, changed = built(CHANGES["arcs of its own"])
    memory, first = kept()
    found, _ = segments_of(network, changed, YEAR, memory)
    whose = {"zhengzhou-hamburg-machinery-box-40hc", "wuhan-duisburg-machinery-box-40hc"}
    for segments in (first, found):
        ways = [way.family for s in segments if s.demand.id in whose and s.shuns is None for way in s.ways]
        assert ways.count(("zabaikalsk", "brest")) == len(whose)


def test_a_capacity_alone_searches_nothing_again() -> None:
    memory, first = kept()
    again, _ = segments_of(*built(CHANGES["a capacity"]), YEAR, memory)
    assert all(
        a.chain is b.chain for s, t in zip(first, again, strict=True) for a, b in zip(s.ways, t.ways, strict=True)
    )


def test_what_a_change_cannot_reach_is_kept() -> None:
    memory, first = kept()
    again, _ = segments_of(*built(CHANGES["hours of cranes"]), YEAR, memory)
    ways = [(a, b) for s, t in zip(first, again, strict=True) for a, b in zip(s.ways, t.ways, strict=False)]
    assert sum(a is b for a, b in ways) > len(ways) / 2


def test_a_memory_below_another_finds_what_that_one_would_and_less_is_searched() -> None:
    memory, _ = kept()
    below = memory.below()
    nearer = built(CHANGES["hours of cranes"])
    once, _ = segments_of(*nearer, YEAR, below)
    assert sets(once).keys() == sets(segments_of(*nearer, YEAR, memory)[0]).keys()
    both = built((*CHANGES["hours of cranes"], *CHANGES["a capacity"]))
    again, _ = segments_of(*both, YEAR, below)
    assert all(same(a, b) for s, t in zip(once, again, strict=True) for a, b in zip(s.ways, t.ways, strict=True))
    both = built((*CHANGES["hours of cranes"], *CHANGES["waits at borders"]))
    found, _ = segments_of(*both, YEAR, below)
    afresh, _ = segments_of(*both, YEAR, memory)
    for key, ways in sets(found).items():
        other = sets(afresh)[key]
        assert ways.keys() >= other.keys(), key
        assert all(same(way, ways[family]) for family, way in other.items()), key


@pytest.mark.parametrize("other", ["waits at borders", "a line of its own"])
def test_what_parts_of_a_change_kept_is_to_the_last_bit_what_would_be_searched(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, _ = kept()
    one, two = CHANGES["hours of cranes"], CHANGES.get(other, LINE)
    parts = [memory.below() for _ in (one, two)]
    for part, changes in zip(parts, (one, two), strict=True):
        segments_of(*built(changes), YEAR, part)
    searched: list[int] = []

    def counted(*args: Any) -> Any:
        searched[-1] += 1
        return families_within(*args)

    monkeypatch.setattr(demands, "families_within", counted)
    both, found = built((*one, *two)), []
    for own in (memory.below(), memory.below(*parts), memory.below(*reversed(parts))):
        searched.append(0)
        found.append(segments_of(*both, YEAR, own)[0])
    assert 0 < searched[1] == searched[2] < searched[0]
    afresh = [(g.name, g.share, g.like, way) for s in found[0] for g in s.groups for way in g.ways]
    for kept_from_parts in found[1:]:
        ways = [(g.name, g.share, g.like, way) for s in kept_from_parts for g in s.groups for way in g.ways]
        assert all(a[:3] == b[:3] and same(a[3], b[3]) for a, b in zip(afresh, ways, strict=True))
