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

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=200_000)
def _utc(zone: str, day: date, minutes: int) -> datetime:
    """Return the moment when the wall clock of a zone shows ``minutes`` past the midnight that begins a day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def days(window: Window) -> Iterable[date]:
    """Yield every day that touches a window in some zone."""
    day = window.start.date() - timedelta(days=1)
    while day <= window.end.date() + timedelta(days=1):
        yield day
        day += timedelta(days=1)


def opening(calendar: Calendar, hours: Sequence[CalendarHours], shut: Sequence[Closure], window: Window) -> Intervals:
    """Return when a calendar is open within a window."""
    closed = {day for day in days(window) if any(_covers(c, day) for c in shut)}
    found: Intervals = []
    for day in days(window):
        if day in closed:
            continue
        found += [
            (
                window.hours(_utc(calendar.timezone, day, _minutes(row.opens))),
                window.hours(_utc(calendar.timezone, day, _minutes(row.closes))),
            )
            for row in hours
            if row.weekday in ("daily", WEEKDAYS[day.weekday()])
        ]
    return merge(found)


def _covers(closure: Closure, day: date) -> bool:
    if not closure.yearly:
        return closure.from_date <= day < closure.until_date
    length = closure.until_date - closure.from_date
    starts = (_on(closure.from_date, year) for year in (day.year - 1, day.year))
    return any(start <= day < start + length for start in starts)


def _on(day: date, year: int) -> date:
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 3, 1)


def shut_times(closures: Sequence[Closure], zone: str, window: Window) -> Intervals:
    """Return when closures with dates of a zone shut something within a window."""
    shut = [day for day in days(window) if any(_covers(c, day) for c in closures)]
    midnight = timedelta(days=1)
    return merge((window.hours(_utc(zone, day, 0)), window.hours(_utc(zone, day + midnight, 0))) for day in shut)


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
    found = []
    for day in days(window):
        for row in rows:
            if row.at is not None and row.weekday in ("daily", WEEKDAYS[day.weekday()]):
                leaves = window.hours(_utc(zone, day, _minutes(row.at)))
                if leaves >= 0 and not any(a <= leaves < b for a, b in shut):
                    found.append(leaves)
    return sorted(found)


def closures_by_target(corridor: Corridor) -> dict[str, list[Closure]]:
    """Return the closures of a corridor by what they shut."""
    found: dict[str, list[Closure]] = {}
    for row in corridor.closures.rows:
        found.setdefault(row.target, []).append(row)
    return found
