"""Changes one by one: what they alter, what they refuse, and how they name what would be right."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from tests.worlds.sketch import sketch, with_rows
from transcaspian.model.change import ALWAYS, FOREVER, Add, Change, Close, Found, Open, Remove, Revise, apply_all, find
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import Margin
from transcaspian.model.corridor.place import Operator
from transcaspian.model.corridor.resource import Closure

WORLD = sketch("A--300--B~~C==D", countries={"c": "az", "d": "az"})
DAY = date(2026, 6, 1)


def after(*changes: Change, world: Corridor = WORLD, day: date = DAY) -> Corridor:
    changed, problems = apply_all(world, changes, day)
    assert problems == []
    return changed


def refused(*changes: Change, world: Corridor = WORLD) -> str:
    _, problems = apply_all(world, changes, DAY)
    return "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("target", "table", "keys"),
    [
        ("links:rail-a-b", "links", ("rail-a-b",)),
        ("waits:b-c-sea:0", "waits", ("b-c-sea:0",)),  # a composite key holds colons
        ("b", "places", ("b",)),
        ("water=caspian", "places", ("b", "c")),
        ("places:gateway=yes", "places", ("b", "c")),  # spelt as in a file
        ("links:mode=road", "links", ("road-c-d",)),
        ("links:tracks=", "links", ("rail-a-b", "sea-b-c", "road-c-d")),  # unknown is empty
    ],
)
def test_a_target_names_rows(target: str, table: str, keys: tuple[str, ...]) -> None:
    assert find(WORLD, target) == Found(table, keys)


@pytest.mark.parametrize(
    ("target", "right"),
    [
        ("lnks:rail-a-b", "'links'"),
        ("links:rail-a-c", "'rail-a-b'"),
        ("rail-a-b", "'links:rail-a-b'"),  # no place, but there is a link of that name
        ("watr=caspian", "'water'"),
        ("water=caspia", "'caspian'"),
    ],
)
def test_a_target_that_names_nothing_gets_the_nearest_name(target: str, right: str) -> None:
    assert right in refused(Close(target))


@pytest.mark.parametrize(
    ("operation", "value", "km"), [("set", 250.0, 250.0), ("scale", 1.5, 450.0), ("add", -100.0, 200.0)]
)
def test_a_revision_alters_one_attribute(operation: Any, value: float, km: float) -> None:
    # 300 km as drawn.
    changed = after(Revise("links:rail-a-b", "km", operation, value, "km"))
    assert changed.links["rail-a-b"] == replace(WORLD.links["rail-a-b"], km=km)
    assert changed.links["sea-b-c"] is WORLD.links["sea-b-c"]
    assert WORLD.links["rail-a-b"].km == 300


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (Revise("links:rail-a-b", "kms", "set", 1.0), "'km'"),
        (Revise("links:rail-a-b", "km", "set", 1.0, "miles"), "unit 'km'"),
        (Revise("links:rail-a-b", "km", "set", -1.0), "above 0"),
        (Revise("links:rail-a-b", "km", "scale", 1000.0), "up to 40000"),  # 300,000 km
        (Revise("links:rail-a-b", "km", "set", "12"), "a number"),
        (Revise("links:rail-a-b", "km", "set", True), "a number"),
        (Revise("links:rail-a-b", "km", "set", float("nan")), "a number"),
        (Revise("links:rail-a-b", "km", "set", None), "a value"),
        (Revise("links:rail-a-b", "tracks", "set", 1.5), "whole number"),
        (Revise("links:rail-a-b", "tracks", "scale", 2), "is not known"),  # nothing to scale
        (Revise("links:rail-a-b", "mode", "set", "rial"), "'rail'"),
        (Revise("links:rail-a-b", "mode", "scale", 2), "is no number"),
        (Revise("links:rail-a-b", "km", "scale", cast(float, "2")), "a number"),
        (Revise("links:rail-a-b", "id", "set", "other"), "no part of the key"),
        (Revise("links:rail-a-b", "origin", "set", "z"), "'a'"),  # no such place
        (Revise("links:sea-b-c", "gauge", "set", 1520), "mode is rail"),  # ships have no gauge
        (Revise("links:rail-a-b", "km", "set", 300.0), "changes no value"),
        (Revise("links:rail-a-b", "km", "set", 300.0, "km"), "row links:rail-a-b, column km: found 'set 300 km'"),
        (Revise("links:rail-a-b", "km", "set", 1.0, None, DAY, DAY), "a day after"),
        (Close("steps:a-load-rail-1520"), "can be shut"),
        (Open("steps:a-load-rail-1520"), "can be opened"),
        (Open("links:rail-a-b"), "changes no value"),
        (Close("b", "storm", DAY, DAY), "a day after"),
        (Add("operators", WORLD.operators["drawer"]), "new in operators"),
        (Add("services", WORLD.operators["drawer"]), "table of the row"),
        (Add("links", replace(WORLD.links["rail-a-b"], id=cast(Any, "x"), origin=cast(Any, "z"))), "a row of places"),
        (Remove("links:rail-b-a"), "'rail-a-b'"),
        (Remove("operators:drawer"), "a row of operators"),  # services still name it
    ],
)
def test_a_change_that_does_not_fit_says_what_would(change: Change, right: str) -> None:
    assert right in refused(change)


def test_every_problem_is_found_at_once() -> None:
    found = refused(Revise("links:rail-a-b", "km", "scale", "x", "miles"), Close("nowhere"))
    assert all(word in found for word in ("miles", "a number", "nowhere"))


def test_closing_adds_a_closure_and_opening_takes_it_away() -> None:
    shut = after(Close("water=caspian", "storm"))
    assert list(shut.closures) == ["places:b:1900-01-01", "places:c:1900-01-01"]
    assert {(c.from_date, c.until_date, c.reason) for c in shut.closures.rows} == {(ALWAYS, FOREVER, "storm")}
    assert "changes no value" in refused(Close("b"), world=shut)  # it is shut for good already
    assert after(Open("water=caspian"), world=shut) == WORLD


def test_a_dated_closure_keeps_its_dates_whatever_the_day() -> None:
    changed = after(Close("b", "storm", date(2026, 12, 1), date(2026, 12, 5)), day=date(2026, 1, 1))
    (row,) = changed.closures.rows
    assert (row.from_date, row.until_date) == (date(2026, 12, 1), date(2026, 12, 5))


def test_a_shorter_closure_does_not_cut_a_longer_one() -> None:
    long = after(Close("b", "storm", date(2026, 12, 1), date(2026, 12, 9)))
    assert "changes no value" in refused(Close("b", "wind", date(2026, 12, 1), date(2026, 12, 5)), world=long)
    longer = after(Close("b", "wind", date(2026, 12, 1), date(2026, 12, 20)), world=long)
    assert [row.until_date for row in longer.closures.rows] == [date(2026, 12, 20)]


def test_opening_makes_planned_things_run() -> None:
    planned = with_rows(WORLD, replace(WORLD.links["rail-a-b"], status="planned", reason="under construction"))
    assert after(Open("links:rail-a-b"), world=planned).links["rail-a-b"].status == "open"


SPAN = (date(2026, 12, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    ("begin", "end", "shut"),
    [
        (None, None, []),
        (date(2026, 11, 1), date(2027, 6, 1), []),  # the whole span
        (date(2027, 1, 1), None, [(ALWAYS, date(2027, 1, 1))]),
        (date(2027, 1, 1), date(2027, 2, 1), [(ALWAYS, date(2027, 1, 1)), (date(2027, 2, 1), FOREVER)]),
    ],
)
def test_what_opens_on_the_way_is_shut_before_and_after(
    begin: date | None, end: date | None, shut: list[tuple[date, date]]
) -> None:
    planned = with_rows(WORLD, replace(WORLD.links["rail-a-b"], status="planned", reason="under construction"))
    closed = after(Close("links:rail-a-b", "under construction"))
    for world in (planned, closed):
        changed, problems = apply_all(world, [Open("links:rail-a-b", begin, end)], SPAN[0], SPAN)
        assert problems == []
        assert changed.links["rail-a-b"].status == "open"
        assert [(c.from_date, c.until_date) for c in changed.closures.rows] == shut
        assert {c.reason for c in changed.closures.rows} <= {"under construction"}


def test_what_opens_after_the_span_stays_as_it_is() -> None:
    planned = with_rows(WORLD, replace(WORLD.links["rail-a-b"], status="planned", reason="under construction"))
    assert apply_all(planned, [Open("links:rail-a-b", SPAN[1])], SPAN[0], SPAN) == (planned, [])


def test_a_closure_of_every_year_is_not_opened_for_some_days() -> None:
    row = Closure(target="places:b", from_date=date(2026, 1, 1), until_date=date(2026, 2, 1), yearly=True, reason="ice")
    world = with_rows(WORLD, row)
    assert "returns every year" in refused(Open("b", date(2026, 1, 10)), world=world)
    assert after(Open("b"), world=world) == WORLD


def test_a_dated_revision_counts_from_its_first_day_to_the_day_before_its_last() -> None:
    change = Revise("links:rail-a-b", "km", "set", 250.0, None, date(2027, 1, 1), date(2028, 1, 1))
    days = {date(2026, 12, 31): 300, date(2027, 1, 1): 250, date(2027, 12, 31): 250, date(2028, 1, 1): 300}
    assert {day: after(change, day=day).links["rail-a-b"].km for day in days} == days


def test_order_is_order() -> None:
    scale, add = Revise("links:rail-a-b", "km", "scale", 2), Revise("links:rail-a-b", "km", "add", 10)
    assert after(scale, add).links["rail-a-b"].km == 610  # 300 x 2 + 10
    assert after(add, scale).links["rail-a-b"].km == 620  # (300 + 10) x 2


def test_rows_are_added_and_removed() -> None:
    row = Closure(target="places:b", from_date=date(2026, 12, 1), until_date=date(2026, 12, 5), reason="storm")
    changed = after(Add("closures", row))
    assert changed.closures.rows == (row,)
    assert after(Remove("closures:reason=storm"), world=changed) == WORLD
    operator = Operator(id=cast(Any, "new"), name="New")
    assert after(Add("operators", operator), Remove("operators:new")) == WORLD


def test_touched_counts_values() -> None:
    assert Revise("links:mode=rail", "km", "scale", 2).touched(WORLD) == 1
    assert Close("water=caspian").touched(WORLD) == 2
    assert Close("nowhere").touched(WORLD) == 0
    assert Remove("steps:place=b").touched(WORLD) == 5  # load and unload for train and ship, and the papers to c


def test_what_demand_was_fitted_to_when_it_was_read_is_not_changed_later() -> None:
    margin = Margin(matrix="exports", end="origin", at="a", tonnes=100.0, year=2025, note="drawn")
    world = with_rows(WORLD, margin)
    assert "rows of demand" in refused(Revise("margins:exports:origin:a", "tonnes", "scale", 2), world=world)
    assert "rows of demand" in refused(Remove("margins:exports:origin:a"), world=world)
