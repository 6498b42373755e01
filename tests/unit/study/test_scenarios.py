"""Scenarios by name and from files, what is wrong with them, and how two differ."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.sketch import DAY, sketch, with_rows
from transcaspian.errors import ScenarioError
from transcaspian.model.change import Add, Close, Open, Remove, Revise
from transcaspian.model.corridor import TABLES
from transcaspian.network import months
from transcaspian.study.scenarios import diff, on_day, resolve, through


def scenario(name: str, extends: str | None = None) -> Any:
    return TABLES["scenarios"](id=name, name=name, extends=extends)


def change(owner: str, seq: int, target: str, attribute: str, value: str, **more: Any) -> Any:
    given = {"operation": "set", **more}
    return TABLES["changes"](owner=owner, seq=seq, target=target, attribute=attribute, value=value, **given)


WORLD = with_rows(
    sketch("A--300--B~~C==D"),
    scenario("storm"),
    scenario("winter", "storm"),
    change("storm", 1, "b", "status", "closed", reason="waves"),
    change("winter", 2, "services:b-c-sea", "status", "open"),
    change("winter", 1, "links:rail-a-b", "km", "2", operation="scale"),
)


def written(folder: Path, text: str) -> str:
    file = folder / "own.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_scenario_does_what_it_extends_first_and_its_own_in_order() -> None:
    assert resolve(WORLD, "winter").changes == (
        Close("b", "waves"),
        Revise("links:rail-a-b", "km", "scale", 2.0),
        Open("services:b-c-sea"),
    )
    assert resolve(WORLD, "base") == resolve(WORLD, None)
    assert on_day(WORLD, None, DAY) is WORLD


def test_a_file_may_extend_a_scenario_of_the_dataset(tmp_path: Path) -> None:
    text = """
        extends = "storm"
        [[change]]
        target = "links:rail-a-b"
        attribute = "km"
        value = 250
        unit = "km"
        from = 2027-01-01
        [[change]]
        add = "closures"
        row = { target = "places:c", from_date = 2026-12-01, until_date = 2026-12-05, reason = "ice" }
        [[change]]
        remove = "waits:b-c-sea:0"
    """
    found = resolve(WORLD, written(tmp_path, text))
    assert found.name == "own"
    closed, shorter, added, removed = found.changes
    assert closed == Close("b", "waves")
    assert shorter == Revise("links:rail-a-b", "km", "set", 250.0, "km", date(2027, 1, 1))
    assert isinstance(added, Add)
    assert added.target == "closures:places:c:2026-12-01"
    assert removed == Remove("waits:b-c-sea:0")
    changed = on_day(WORLD, str(tmp_path / "own.toml"), DAY)
    assert (len(changed.closures), len(changed.waits)) == (2, len(WORLD.waits) - 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", ["a file in TOML"]),
        ("", ["at least one [[change]]"]),
        ("change = 3", ["at least one [[change]]"]),
        ("change = [3]", ["at least one [[change]]"]),
        (
            # Every problem at once.
            'nam = "x"\nextends = "strom"\n[[change]]\ntarget = "b"\nattribut = "km"\noperation = "multiply"\n'
            'from = "2027"\n[[change]]\nadd = "closure"\nrow = {}',
            [
                "'name'",
                "'storm'",
                "'attribute'",
                "a value for 'value'",
                "'scale' or 'add'",
                "a day such as",
                "'closures'",
            ],
        ),
        (  # One change with all that can be wrong, and one that can be read and names nothing.
            '[[change]]\ntarget = "links:rail-a-c"\nattribute = "kms"\noperation = "times"\nvalue = 2\nunit = "mile"\n'
            '[[change]]\ntarget = "links:rail-x-y"\nattribute = "km"\nvalue = 2\nunit = "h"',
            ["rail-a-c", "'kms'", "'times'", "'mile'", "rail-x-y", "unit 'km'"],
        ),
        ('name = "storm"\n[[change]]\ntarget = "b"\nattribute = "km"\nvalue = 1', ["does not use", "of places"]),
        ('[[change]]\ntarget = "links:rail-a-b"\nattribute = "km"\nvalue = "far"', ["a number above 0"]),
        ('[[change]]\ntarget = "links:rail-a-b"\nattribute = "km"\noperation = "add"\nvalue = "far"', ["a number"]),
        (
            '[[change]]\nadd = "closures"\nrow = { target = "b", until = 2026-01-01 }',
            ["of the form", "until_date", "Why"],
        ),
        (  # A row with a cell that cannot be read, and others that name what is not there.
            '[[change]]\nadd = "steps"\nrow = { id = "new", place = "bb", kind = "handling", hours = "two", source = "z" }',
            ["'two'", "'bb'", "row of places", "row of sources"],
        ),
    ],
)
def test_everything_wrong_with_a_file_is_told_at_once(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as wrong:
        resolve(WORLD, written(tmp_path, text))
    assert [word for word in words if word not in str(wrong.value)] == []


def test_what_a_file_adds_itself_is_not_missed(tmp_path: Path) -> None:
    text = """
        [[change]]
        add = "sources"
        row = { id = "seen", publisher = "Us", title = "Seen", url = "https://example.org", licence = "CC0-1.0", grade = "U" }
        [[change]]
        add = "closures"
        row = { target = "links:rail-a-b", until_date = "soon", reason = "slips", source = "seen" }
    """
    with pytest.raises(ScenarioError) as wrong:
        resolve(WORLD, written(tmp_path, text))
    assert {problem.column for problem in wrong.value.problems} == {"from_date", "until_date"}


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="a file that can be read"):
        resolve(WORLD, str(tmp_path / "none.toml"))


def test_unknown_names_and_circles_are_told() -> None:
    with pytest.raises(ScenarioError, match="one of 'winter'"):
        resolve(WORLD, "wintr")
    circle = with_rows(WORLD, scenario("storm", "winter"))
    with pytest.raises(ScenarioError, match="winter extends storm extends winter"):
        resolve(circle, "winter")


def test_a_bundled_value_that_cannot_be_read_is_told() -> None:
    wrong = with_rows(WORLD, change("storm", 2, "links:rail-a-b", "km", "far"))
    with pytest.raises(ScenarioError, match="storm:2"):
        resolve(wrong, "winter")


def test_two_scenarios_differ_in_values_and_rows() -> None:
    # The ship was never shut, so winter has another second change here; B is shut, the rail to it twice as long.
    world = with_rows(WORLD, change("winter", 2, "links:rail-a-b", "tracks", "2"))
    found = diff(world, "winter")
    assert [(d.table, d.key, d.attribute, d.before, d.after, d.unit) for d in found.differences] == [
        ("links", "rail-a-b", "km", "300", "600", "km"),
        ("links", "rail-a-b", "tracks", "unknown", "2", ""),
        ("closures", "places:b:1900-01-01", "", "", "row", ""),
    ]
    assert "3 values differ" in str(found)
    assert "places:b " in str(found) and "1900" not in str(found)  # a closure for good has no first day
    assert diff(world, "winter", "winter").differences == ()


def test_a_difference_is_that_of_a_day() -> None:
    dated = with_rows(WORLD, change("storm", 2, "links:rail-a-b", "km", "250", from_date=date(2027, 1, 1)))
    assert len(diff(dated, "storm", on="2026-12-31").differences) == 1
    assert len(diff(dated, "storm", on="2027-01-01").differences) == 2
    with pytest.raises(ScenarioError, match="a day such as"):
        diff(dated, "storm", on="soon")


def test_each_period_of_a_window_has_the_changes_of_its_first_day() -> None:
    first = date(2026, 12, 1)
    dated = with_rows(WORLD, change("storm", 2, "links:rail-a-b", "km", "250", from_date=date(2027, 2, 15)))
    december, january, february, march = through(dated, "storm", months(first, 4), first)
    # The middle of February is after its first day, so the shorter line counts from March on.
    assert [s.links["rail-a-b"].km for s in (december, january, february, march)] == [300, 300, 300, 250]
    assert december is january is february
    assert december.closures == march.closures != WORLD.closures
    assert through(dated, None, months(first, 4), first) == (dated,) * 4


def test_a_change_that_is_wrong_later_in_the_window_is_a_problem() -> None:
    first = date(2026, 12, 1)
    dated = with_rows(
        WORLD, change("storm", 2, "links:rail-a-b", "km", "-500", operation="add", from_date=date(2027, 2, 1))
    )
    assert len(through(dated, "storm", months(first, 2), first)) == 2  # over before it counts
    with pytest.raises(ScenarioError, match="above 0"):
        through(dated, "storm", months(first, 3), first)
