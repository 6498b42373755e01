"""This module owns the language of counters: the query over flows that counts on the same basis as an observation.

A counter is a line of ``key=value`` joined by ``; ``. All its conditions must hold; where a key takes several values,
separated by commas, ``passes`` wants all of them and every other key any of them::

    unit=kTEU; over=aktau-alat-feeder,alat-aktau-feeder; group=container

A counter in days or hours asks a simulated year instead, by one of ``time``, ``round`` and ``crossing``; flows
know ``round`` too::

    unit=d; time=altynkol>poti
    unit=d; round=aktau-alat-feeder,alat-aktau-feeder

It stands in the column ``counter`` of the table ``observations``; the period counted is the observation's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from transcaspian.errors import InputError, Problem, nearest
from transcaspian.model.corridor.demand import Demand
from transcaspian.model.corridor.ids import Group, Mode
from transcaspian.model.schema import columns

HOURS = {"h": 1.0, "d": 24.0}
"""Hours of a unit of time."""

UNITS = ("t", "kt", "Mt", "TEU", "kTEU", "wagons", "trucks", "trains", "%", *HOURS)
"""What a counter can count in; ``%`` is the part that meets all conditions of the tonnes that meet those of demand."""

TIMED = ("time", "round", "crossing")
"""The keys that go with units of time, and with no others."""

KINDS = next(column.choices for column in columns(Demand) if column.name == "kind")

WORDS = {"unit": UNITS, "group": get_args(Group), "kind": KINDS, "mode": get_args(Mode)}
"""The keys whose values are words of a list; those of the others are ids of the corridor."""

KEYS = ("unit", "passes", "leg", "over", "commodity", "group", "kind", "origin", "destination", "mode", *TIMED)


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted; an empty condition counts everything.

    ``unit`` is the unit of the count; ``passes`` are places, links and services that a way passes, all of them; ``leg``
    is a place and a later place of it, or empty; ``over`` are services of which it rides any. ``commodity``, ``group``
    (of forms), ``kind`` (of demand), ``origin``, ``destination`` (places or countries) and ``mode`` (used anywhere on
    the way) are met by any of their values.

    Of a simulated year: ``time`` is the lead time of a box between two places, ``round`` the round trip of the line
    that has all these services, ``crossing`` the hours under way of its mean voyage; all in the mean.
    """

    unit: str
    passes: tuple[str, ...] = ()
    leg: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    commodity: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    round: tuple[str, ...] = ()
    crossing: tuple[str, ...] = ()


def parse_counter(text: str) -> Counter:
    """Return the counter that a text describes.

    Parameters
    ----------
    text : as in the column ``counter`` of ``observations``

    Raises
    ------
    InputError
        With everything that is wrong with the text. Whether the ids exist is a question for the corridor.

    Examples
    --------
    >>> parse_counter("unit=kt; leg=aktau>alat; commodity=wheat,barley").commodity
    ('wheat', 'barley')
    >>> parse_counter("unit=t; kind=free")
    Traceback (most recent call last):
        ...
    transcaspian.errors.InputError: counter, column kind: found 'free'; right would be contracted, captive, contestable
    """
    given: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for part in text.split(";"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in KEYS:
            problems.append(_wrong("", part.strip(), f"key=value with a key that is {nearest(key, KEYS)}"))
        elif key in given:
            problems.append(_wrong(key, value, "each key once"))
        else:
            given[key] = tuple(v.strip() for v in value.split(">" if key in ("leg", "time") else ","))
            problems += _values(key, value, given[key])
    if "unit" not in given:
        problems.append(_wrong("unit", "", ", ".join(UNITS)))
    elif (given["unit"][0] in HOURS) != bool(set(given) & set(TIMED)) or (set(given) & set(TIMED) and len(given) != 2):
        problems.append(
            _wrong("unit", given["unit"][0], f"h or d with one of {', '.join(TIMED)}, and with nothing else")
        )
    if problems:
        raise InputError(problems)
    return Counter(unit=given.pop("unit")[0], **given)


def _values(key: str, text: str, values: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the values of a key."""
    if "" in values:
        yield _wrong(key, text, "a value, or several separated by commas")
    elif key in ("leg", "time") and len(values) != 2:
        yield _wrong(key, text, "two places, as in aktau>alat")
    elif key == "unit" and len(values) != 1:
        yield _wrong(key, text, "one unit")
    else:
        words = WORDS.get(key, values)
        yield from (_wrong(key, v, ", ".join(words)) for v in values if v not in words)


def _wrong(key: str, found: str, right: str) -> Problem:
    return Problem("counter", "", key, found, right)
