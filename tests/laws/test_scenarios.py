"""Laws of changes and scenarios, over drawn changes of a drawn world."""

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.sketch import COMMODITY, DAY, sketch
from transcaspian.model.change import Change, Close, Open, Revise, apply_all
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.scenario import Scenario, apply_on, differences, flatten, scenario_id
from transcaspian.study.plan import plan

WORLD = sketch("A--300--B~~C==D\nB--E", countries={"c": "az", "d": "az"})
IDENTITY = corridor_id(WORLD)

quick = settings(deadline=None)

targets = st.sampled_from(
    ["links:rail-a-b", "links:mode=rail", "links:sea-b-c", "services:b-c-sea", "b", "water=caspian"]
)
days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Return a change that may or may not fit the world."""
    begin, end = draw(days), draw(days)
    kind = draw(st.sampled_from(["revise", "close", "open"]))
    if kind == "close":
        return Close(draw(targets), "drawn", begin, end)
    if kind == "open":
        return Open(draw(targets), begin, end)
    operation: Any = draw(st.sampled_from(["set", "scale", "add"]))
    return Revise(
        draw(targets), "km", operation, draw(st.sampled_from([-500.0, 0.0, 1.0, 2.0, 50.0])), None, begin, end
    )


def fold(steps: list[Change], day: date, world: Corridor = WORLD) -> Corridor:
    """Return the world after those changes that fit where they stand."""
    for step in steps:
        changed, problems = apply_all(world, [step], day)
        world = world if problems else changed
    return world


@quick
@given(st.lists(changes(), max_size=6), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_corridor_under_a_scenario_is_never_altered(steps: list[Change], day: date) -> None:
    fold(steps, day)
    # An identity is kept once worked out, so it is worked out anew.
    assert corridor_id(Corridor(**{name: WORLD.table(name) for name in TABLES})) == IDENTITY


@quick
@given(st.lists(changes(), max_size=6), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_folding_a_list_is_folding_its_parts(steps: list[Change], day: date) -> None:
    whole, problems = apply_all(WORLD, steps, day)
    if not problems:
        for cut in range(len(steps) + 1):
            first, _ = apply_all(WORLD, steps[:cut], day)
            assert apply_all(first, steps[cut:], day) == (whole, [])


@quick
@given(changes(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_what_a_change_says_it_touches_is_what_differs(change: Change, day: date) -> None:
    changed, problems = apply_all(WORLD, [change], day)
    if not problems and changed is not WORLD:
        assert len(differences(WORLD, changed)) == change.touched(WORLD) > 0


@quick
@given(st.lists(changes(), max_size=6), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_differences_are_nothing_only_between_equals_and_turn_around(steps: list[Change], day: date) -> None:
    changed = fold(steps, day)
    there, back = differences(WORLD, changed), differences(changed, WORLD)
    assert (there == []) == (corridor_id(changed) == IDENTITY)
    assert {(d.table, d.key, d.attribute, d.before, d.after) for d in there} == {
        (d.table, d.key, d.attribute, d.after, d.before) for d in back
    }


@quick
@given(st.lists(changes(), max_size=4))
def test_a_scenario_has_one_identity(steps: list[Change]) -> None:
    assert scenario_id(WORLD, Scenario("one", tuple(steps))) == scenario_id(WORLD, Scenario("two", tuple(steps)))
    for shorter, longer in pairwise([steps[:n] for n in range(len(steps) + 1)]):
        assert scenario_id(WORLD, Scenario("x", tuple(shorter))) != scenario_id(WORLD, Scenario("x", tuple(longer)))


@quick
@given(st.lists(changes(), max_size=3), st.lists(changes(), max_size=3))
def test_a_child_does_what_its_parent_does_and_then_its_own(parent: list[Change], child: list[Change]) -> None:
    flat = flatten("child", {"child": "parent", "parent": None}, {"parent": parent, "child": child})
    assert flat.changes == (*parent, *child)


def test_what_is_not_asked_does_not_change_the_answer() -> None:
    # A scenario without changes, and one that only touches the dead end E, leave the way from A to D as it was.
    asked: dict[str, Any] = {"cargo": "1x40HC", "commodity": COMMODITY, "depart": DAY, "draws": 0}
    before = plan(WORLD, "a", "d", **asked).best
    aside = apply_on(WORLD, Scenario("aside", (Revise("links:rail-b-e", "km", "scale", 3.0),)), DAY)
    for world in (apply_on(WORLD, Scenario("nothing"), DAY), aside):
        after = plan(world, "a", "d", **asked).best
        assert (after.hours, after.price.total, after.chain) == (before.hours, before.price.total, before.chain)
