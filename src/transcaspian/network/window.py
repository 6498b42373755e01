"""This module owns time in a network: a half-open window cut into periods, and its hours.

Inside, time is hours since the start of the window, UTC. Places know their zone; only this module and ``calendars``
turn one into the other.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

MONTHS_AHEAD = 9
"""Months a plan may look ahead: the longest route with its worst waits stays inside."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval ``[start, end)`` of UTC time; ``edges`` are the starts of its periods and its end.

    ``overrun`` are days after its end for which hours and timetables are made too.
    """

    edges: tuple[datetime, ...]
    overrun: int = 0

    @property
    def start(self) -> datetime:
        """First moment of the window."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """First moment after the window."""
        return self.edges[-1]

    @property
    def periods(self) -> tuple[datetime, ...]:
        """Start of each period."""
        return self.edges[:-1]

    def hours(self, moment: datetime) -> float:
        """Return the hours from the start of the window to a moment.

        >>> months(date(2026, 1, 20), 2).hours(datetime(2026, 1, 2, tzinfo=UTC))
        24.0
        """
        return (moment - self.start).total_seconds() / 3600.0

    def moment(self, hours: float) -> datetime:
        """Return the moment that lies this many hours after the start, to the second."""
        return self.start + timedelta(seconds=round(hours * 3600.0))

    def in_force(self, since: date | None, until: date | None) -> list[float]:
        """Return the share of each period from one day on until another; None is always.

        >>> months(date(2026, 1, 1), 2).in_force(date(2026, 1, 30), None) == [2 / 31, 1.0]
        True
        """
        begin = self.start if since is None else datetime.combine(since, time.min, self.start.tzinfo)
        end = self.end if until is None else datetime.combine(until, time.min, self.start.tzinfo)
        return [
            max(0.0, (min(b, end) - max(a, begin)).total_seconds()) / (b - a).total_seconds()
            for a, b in pairwise(self.edges)
        ]

    def centres(self) -> list[float]:
        """Return the middle of each period in hours."""
        return [(self.hours(a) + self.hours(b)) / 2 for a, b in zip(self.edges, self.edges[1:], strict=False)]


def months(day: date, count: int = MONTHS_AHEAD, overrun: int = 0) -> Window:
    """Return the window of ``count`` calendar months that begins with the month of ``day``.

    A journey that begins in it and ends up to ``overrun`` days after it finds hours and timetables all the way.

    Examples
    --------
    >>> window = months(date(2026, 12, 1), 2)
    >>> window.end.date().isoformat()
    '2027-02-01'
    """
    first = day.year * 12 + day.month - 1
    edges = tuple(datetime((first + i) // 12, (first + i) % 12 + 1, 1, tzinfo=UTC) for i in range(count + 1))
    return Window(edges, overrun)
