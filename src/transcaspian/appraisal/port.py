"""This module owns the ladder of a terminal: from the boxes announced to those that ships, cranes and wind let through.

It is the check by hand of what the network says: a call of so many boxes, so many minutes less for each, so many hours
of a ship's round. A benefit beyond it must come from queues or from wind.
"""

from dataclasses import dataclass

from transcaspian.model.corridor.project import PortLadder

YEAR_H = 8760.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: what is counted, TEU a year both ways, and what it says."""

    name: str
    teu: float
    words: str


@dataclass(frozen=True, slots=True)
class Hand:
    """The check by hand: hours saved in a call, share of the cycle, sailings more, TEU more a year."""

    hours: float
    cycle: float
    more: float
    teu: float


def hand_check(row: PortLadder) -> Hand:
    """Return what a shorter crane time gives if it all shortens the ship's round.

    >>> row = PortLadder(id="a", project="p", place="x", moves=160, minutes_before=4, minutes_after=2.5, cycle=190,
    ...     ships=6, teu=225, load=0.8, wind_before=0.26, wind_after=0.22, nominal=240000, quay=0)
    >>> found = hand_check(row)
    >>> found.hours, round(found.more, 3)
    (4.0, 0.022)
    """
    hours = row.moves * (row.minutes_before - row.minutes_after) / 60.0
    more = row.cycle / (row.cycle - hours) - 1.0
    return Hand(hours, row.cycle, more, more * _ships(row))


def _ships(row: PortLadder) -> float:
    """Return the TEU that the ships carry in a year, both ways."""
    return 2.0 * row.ships * row.teu * row.load * YEAR_H / row.cycle


def ladder(row: PortLadder) -> tuple[Rung, ...]:
    """Return the rungs from what is announced to what ships carry, and what each measure adds alone and together."""
    cranes = 2 * YEAR_H / (row.minutes_before / 60.0) * 1.8
    working = cranes * (1.0 - row.wind_before)
    ships = _ships(row)
    cycle = hand_check(row).teu
    weather = ships * _weather(row)
    together = 2.0 * row.ships * row.teu * row.load * YEAR_H / (row.cycle - hand_check(row).hours)
    together *= 1.0 + _weather(row)
    return (
        Rung("announced", row.nominal, "capacity of the terminal as announced"),
        Rung("cranes", cranes, "two cranes at the crane time of today, without a pause, 1.8 TEU a box"),
        Rung("wind", working, "less the hours in which today's cranes stand for wind"),
        Rung("ships", ships, "what the ships of the line carry at the round of today"),
        Rung("cycle alone", cycle, "added by the shorter crane time, if all of it shortens the round"),
        Rung("weather alone", weather, "added by cranes that work until ships stop sailing"),
        Rung("together", together - ships, "added by both"),
    )


def _weather(row: PortLadder) -> float:
    """Return the share of sailings that cranes of all weather add: they wait less in the hours of a call."""
    call = row.moves * row.minutes_before / 60.0
    saved = call * (1.0 / (1.0 - row.wind_before) - 1.0 / (1.0 - row.wind_after))
    return row.cycle / (row.cycle - saved) - 1.0
