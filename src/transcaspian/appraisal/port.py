"""This module owns the ladder of a terminal: from the boxes announced to those that ships, cranes and wind let through.

It is the check by hand of what the network says: a call of so many boxes, so many minutes less for each, so many hours
of a ship's round. A benefit beyond it must come from queues or from wind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from transcaspian.model.corridor.project import PortLadder
from transcaspian.results.appraisal import LadderResult, RungResult
from transcaspian.results.flows import Counted

YEAR_H = 8760.0

BY_FLOWS = "more on the ships of the line, by the flows"
"""What a measure gives when everything answers to it: queues, choices, wind and other ships."""


class Hand(NamedTuple):
    """The check by hand: hours saved in a call, and the share of sailings and TEU a year that it adds."""

    hours: float
    more: float
    teu: float


def hand_check(row: PortLadder) -> Hand:
    """Return what a shorter crane time gives if it all shortens the ship's round.

    >>> row = PortLadder(id="a", project="p", place="x", moves=160, minutes_before=4, minutes_after=2.5, cycle=190,
    ...     ships=6, teu=225, load=0.8, wind_before=0.26, wind_after=0.22, cranes=2,
    ...     teu_box=1.8, nominal=240000, quay=0)
    >>> found = hand_check(row)
    >>> found.hours, round(found.more, 3)
    (4.0, 0.022)
    """
    hours = row.moves * (row.minutes_before - row.minutes_after) / 60.0
    more = row.cycle / (row.cycle - hours) - 1.0
    return Hand(hours, more, more * _ships(row))


def _ships(row: PortLadder) -> float:
    """Return the TEU that the ships carry in a year, both ways."""
    return 2.0 * row.ships * row.teu * row.load * YEAR_H / row.cycle


def ladder(
    row: PortLadder,
    place: str,
    counts: Sequence[Counted] = (),
    more: Mapping[str, float] | None = None,
    year: int | None = None,
) -> LadderResult:
    """Return the rungs from what could be moved at best to what is, and what each measure adds alone and together.

    Parameters
    ----------
    row : the terminal
    place : its name
    counts : what was counted in the base year beside what the model carries, each series on its own basis
    more : what the ships of the line carry more by each measure [TEU], by the flows of ``year``
    """
    cranes = row.cranes * YEAR_H / (row.minutes_before / 60.0) * row.teu_box
    hand, ships = hand_check(row), _ships(row)
    together = 2.0 * row.ships * row.teu * row.load * YEAR_H / (row.cycle - hand.hours) * (1.0 + _weather(row))
    levels = (
        RungResult("cranes", cranes, "cranes at the crane time of today, without a pause"),
        RungResult("wind", cranes * (1.0 - row.wind_before), "less the hours in which today's cranes stand for wind"),
        RungResult("announced", row.nominal, "capacity of the terminal as announced"),
        RungResult("ships", ships, "what the ships of the line carry at the round of today"),
    )
    rungs = (
        *sorted(levels, key=lambda rung: -rung.teu),
        *_realised(row, counts),
        RungResult("cycle alone", hand.teu, "added by the shorter crane time, if all of it shortens the round"),
        RungResult("weather alone", ships * _weather(row), "added by cranes that work until ships stop sailing"),
        RungResult("together", together - ships, "added by both"),
        *(RungResult(name, teu, BY_FLOWS, year) for name, teu in (more or {}).items()),
    )
    return LadderResult(row.id, place, rungs, row.cranes, row.teu_box, hand.hours, row.cycle, hand.more, hand.teu)


def _realised(row: PortLadder, counts: Sequence[Counted]) -> Iterator[RungResult]:
    """Give what the model carries in a year and what was counted in it, where a whole year was counted."""
    for count in counts:
        if row.series is not None and count.series == row.series and count.period.isdigit():
            scale = 1000.0 if count.unit == "kTEU" else 1.0
            carried, seen = scale * count.modelled, scale * count.observed
            yield RungResult("carried", carried, "what the model puts on the ships of the line", int(count.period))
            words = "what was counted on the ships of the line"
            yield RungResult("realised", seen, words, int(count.period), count.source)


def _weather(row: PortLadder) -> float:
    """Return the share of sailings that cranes of all weather add: they wait less in the hours of a call."""
    call = row.moves * row.minutes_before / 60.0
    saved = call * (1.0 / (1.0 - row.wind_before) - 1.0 / (1.0 - row.wind_after))
    return row.cycle / (row.cycle - saved) - 1.0
