"""This module owns opening hours: local hours, holidays and dated closures become sorted UTC intervals.

Summer time is handled day by day by the place's IANA zone: an office that opens at 09:00 opens at 09:00 on its wall.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Calendar, CalendarHours, Closure
from transcaspian.model.corridor.service import Departure
from transcaspian.network.window import Window

Intervals = list[tuple[float, float]]
"""Sorted, disjoint, half-open intervals in hours since the start of a window."""

DAY = 24 * 60
"""Minutes of a day."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=64)
def days(window: Window) -> tuple[date, ...]:
    """Return every day that touches a window, its overrun, or a day before and after them, in whatever zone."""
    first = window.start.date() - timedelta(days=2)
    return tuple(first + timedelta(days=n) for n in range((window.end.date() - first).days + 2 + window.overrun))


@lru_cache(maxsize=4096)
def _clock(zone: str, minutes: int, window: Window) -> tuple[float, ...]:
    """Return when the wall clock of a zone shows ``minutes`` past midnight on each of the days, in hours."""
    here, past = ZoneInfo(zone), timedelta(minutes=minutes)
    walls = (datetime.combine(day, time()) + past for day in days(window))
    return tuple(window.hours(wall.replace(tzinfo=here).astimezone(UTC)) for wall in walls)


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def opening(calendar: Calendar, hours: Sequence[CalendarHours], shut: Sequence[Closure], window: Window) -> Intervals:
    """Return when a calendar is open within a window."""
    closed = _shut_days(shut, window)
    found: Intervals = []
    for row in hours:
        opens, closes = (_clock(calendar.timezone, _minutes(at), window) for at in (row.opens, row.closes))
        found += [
            (opens[n], closes[n])
            for n, day in enumerate(days(window))
            if row.weekday in ("daily", WEEKDAYS[day.weekday()]) and day not in closed
        ]
    return merge(found)


def _shut_days(closures: Sequence[Closure], window: Window) -> set[date]:
    """Return the days that closures cover, of those that touch a window."""
    first, last = days(window)[0], days(window)[-1]
    found: set[date] = set()
    for closure in closures:
        begin, years = closure.from_date, range(first.year - 1, last.year + 1)
        length = (closure.until_date - begin).days
        for start in [_on(begin, year) for year in years] if closure.yearly else [begin]:
            number = (start - first).days
            found.update(days(window)[max(0, number) : max(0, number + length)])
    return found


def _on(day: date, year: int) -> date:
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 3, 1)


def shut_times(closures: Sequence[Closure], zone: str, window: Window) -> Intervals:
    """Return when closures with dates of a zone shut something within a window."""
    shut = _shut_days(closures, window)
    begins, ends = _clock(zone, 0, window), _clock(zone, DAY, window)
    return merge((begins[n], ends[n]) for n, day in enumerate(days(window)) if day in shut)


def merge(intervals: Iterable[tuple[float, float]]) -> Intervals:
    """Return intervals sorted, with those that touch joined.

    >>> merge([(5.0, 6.0), (1.0, 3.0), (3.0, 4.0), (2.0, 2.0)])
    [(1.0, 4.0), (5.0, 6.0)]
    """
    joined: Intervals = []
    for opens, closes in sorted(i for i in intervals if i[1] > i[0]):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def without(intervals: Intervals, shut: Intervals) -> Intervals:
    """Return intervals less those in which something is shut.

    >>> without([(0.0, 10.0)], [(2.0, 3.0), (9.0, 12.0)])
    [(0.0, 2.0), (3.0, 9.0)]
    """
    kept: Intervals = []
    for opens, closes in intervals:
        at = opens
        for a, b in shut:
            if b <= at or a >= closes:
                continue
            if a > at:
                kept.append((at, a))
            at = max(at, b)
        if at < closes:
            kept.append((at, closes))
    return kept


def departures(rows: Sequence[Departure], zone: str, shut: Intervals, window: Window) -> list[float]:
    """Return the set departures of a service within a window, in hours; ``zone`` is that of its first call."""
    found: list[float] = []
    for row in rows:
        if row.at is not None:
            on = zip(days(window), _clock(zone, _minutes(row.at), window), strict=True)
            found += [at for day, at in on if row.weekday in ("daily", WEEKDAYS[day.weekday()])]
    return sorted(at for at in found if at >= 0 and not any(a <= at < b for a, b in shut))


def closures_by_target(corridor: Corridor) -> dict[str, list[Closure]]:
    """Return the closures of a corridor by what they shut."""
    found: dict[str, list[Closure]] = {}
    for row in corridor.closures.rows:
        found.setdefault(row.target, []).append(row)
    return found
