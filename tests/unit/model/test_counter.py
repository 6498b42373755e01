"""The language of counters: what it says is read, and everything wrong with it is told at once."""

import pytest

from transcaspian.errors import InputError
from transcaspian.model.counter import KEYS, Counter, parse_counter


def test_every_key_is_read() -> None:
    text = (
        "unit=kTEU; passes=b,rail-a-b; leg=a>c; over=b-c-sea,c-b-sea; commodity=wheat; group=container,wagon; "
        "kind=captive; origin=kz; destination=c; mode=sea"
    )
    assert parse_counter(text) == Counter(
        unit="kTEU",
        passes=("b", "rail-a-b"),
        leg=("a", "c"),
        over=("b-c-sea", "c-b-sea"),
        commodity=("wheat",),
        group=("container", "wagon"),
        kind=("captive",),
        origin=("kz",),
        destination=("c",),
        mode=("sea",),
    )


def test_times_are_asked_of_a_simulated_year() -> None:
    assert parse_counter("unit=d; time=a>c") == Counter("d", time=("a", "c"))
    assert parse_counter("unit=h; crossing=a-b,b-a") == Counter("h", crossing=("a-b", "b-a"))


def test_a_unit_alone_counts_everything() -> None:
    assert parse_counter("unit=t") == Counter("t")
    assert parse_counter(" unit = t ;kind=captive") == Counter("t", kind=("captive",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "key=value"),
        ("passes=a", "column unit"),
        ("unit=tons", "found 'tons'"),
        ("unit=t,kt", "one unit"),
        ("unit=t; unit=kt", "each key once"),
        ("unit=t; leg=a", "two places"),
        ("unit=t; leg=a>b>c", "two places"),
        ("unit=t; over=", "a value"),
        ("unit=t; over=a,,b", "a value"),
        ("unit=t; group=box", "dry-bulk"),
        ("unit=t; pass=a", "'passes'"),
        ("unit=t; kind", "key=value"),
        ("unit=d", "h or d with one of time, round, crossing"),
        ("unit=t; time=a>b", "h or d with one of"),
        ("unit=d; time=a>b; round=c", "h or d with one of"),
        ("unit=d; time=a>b; kind=captive", "and with nothing else"),
        ("unit=d; time=a", "two places"),
    ],
)
def test_what_is_wrong_is_told(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_counter(text)
    assert words in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_counter("unit=tons; mode=ship; way=b")
    assert len(caught.value.problems) == 3


def test_the_keys_are_the_attributes() -> None:
    assert set(KEYS) == set(Counter.__dataclass_fields__)
