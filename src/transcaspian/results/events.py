"""This module owns the answer to ``simulate``: lead times, what waited for what, how far everything is used.

All is counted over the twelve months of the year, over all replications. Nothing here computes.
"""

from dataclasses import dataclass

from transcaspian.results.text import aligned, html
from transcaspian.units import Hours, Share, Tonnes

CAUSES = (
    "moving",
    "handling",
    "clearing",
    "held",
    "for a vehicle",
    "in a queue",
    "weather",
    "loading aboard",
    "for a berth",
    "in repair",
    "papers",
)
"""What time is booked under. ``held`` is the wait at a procedure that the dataset knows and no queue explains: shifts,
inspections; ``papers`` is the wait until wrong ones are put right. A ride is moving, loading, weather and berth of the
vehicle; what is before it is the wait for a vehicle."""

TRACER = "a box"
"""Commodity under which the lead time of a box is told that is sent to be timed."""

Series = tuple[float, ...]
"""A number for every month."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long lots take; month 0 is the year. A quantile is infinite where that many lots are still due."""

    origin: str
    destination: str
    commodity: str
    form: str
    month: int
    units: float
    tonnes: Tonnes
    mean: Hours
    p50: Hours
    p90: Hours
    p99: Hours
    error: Hours  # half of the 95 % confidence interval of the mean, over replications
    still_due: Share
    causes: dict[str, Hours]  # of a mean unit that has come, under each of ``CAUSES``; together they are the mean


@dataclass(frozen=True, slots=True)
class StationUse:
    """How far a resource or fleet is used, by month, and who waits for it; other traffic counts.

    ``utilisation`` is the time that servers were at work as a share of the time that they could work: the hours in
    which the resource was open, and those in which it was shut and work in hand was finished. ``queue`` is who waited
    in the mean over all hours of the month, ``longest`` the most in any replication: consignments, and ships or trains
    as one; of a fleet vehicle loads, of which ``longest`` are at one place. ``wait`` is that of a mean one of the
    ``served``.
    """

    id: str
    name: str
    kind: str
    utilisation: Series
    wait: Series  # h
    served: Series
    queue: Series
    longest: Series
    queue_at_end: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class Marginal:
    """What a little more of a resource or fleet saves: tonne-days under way in years of the same luck.

    ``error`` is half of the 95 % confidence interval of ``tonne_days``, None for a single year or pair.
    """

    id: str
    kind: str
    change: str
    tonne_days: float
    share: Share  # of all tonne-days
    error: float | None


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a line's ladder: what is left of its capacity one way, in its unit a year, after a loss."""

    loss: str
    capacity: float
    hours: Hours  # that it adds to a round trip


@dataclass(frozen=True, slots=True)
class LineUse:
    """A line and its vehicles: round trips, and the ladder from nominal to actual capacity one way."""

    line: str
    fleets: tuple[str, ...]
    services: tuple[str, ...]
    unit: str
    vehicles: float
    round_trip: Hours
    round_trips: float
    crossing: Hours  # under way on a mean voyage, weather and berths apart
    load_out: Share
    load_back: Share
    waiting_at_end: float  # vehicle loads, out and back
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """A published time of operations, in its unit, beside the mean of the simulated year.

    ``low`` and ``high`` are the published range, ``within`` whether the simulated one is in it, to three
    digits; null without a range.
    """

    series: str
    period: str
    source: str
    unit: str
    observed: float
    low: float | None
    high: float | None
    simulated: float
    within: bool | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A mean of a month by both engines: the wait at a resource, or the time of a flow from door to door."""

    month: int
    what: str
    kind: str  # ``wait`` or ``time``
    assigned: Hours
    simulated: Hours

    @property
    def differs(self) -> float:
        """Difference of the simulated from the assigned, as a share of the assigned."""
        return self.simulated / self.assigned - 1.0 if self.assigned > 0 else float("inf")


@dataclass(frozen=True, slots=True, repr=False)
class Simulated:
    """The answer to ``simulate``."""

    year: int
    scenario: str | None
    seed: int
    replications: int
    months: tuple[str, ...]
    lead_times: tuple[LeadTime, ...]
    stations: tuple[StationUse, ...]
    lines: tuple[LineUse, ...]
    marginal: tuple[Marginal, ...]
    observed: tuple[Observed, ...]
    tonnes: Tonnes
    events: float
    needed: int  # replications for 5 % of the mean lead time of the flow that varies most among the twenty largest
    assumed: Share  # of the rows of the dataset that it rests on
    rows: int
    notes: tuple[str, ...]
    folder: str
    corridor_id: str
    agreement: tuple[Agreement, ...] = ()

    @property
    def tight(self) -> tuple[StationUse, ...]:
        """Resources and fleets by their use in their busiest month, the fullest first."""
        return tuple(sorted(self.stations, key=lambda s: -max(s.utilisation, default=0.0)))

    def between(self, origin: str, destination: str, month: int = 0) -> tuple[LeadTime, ...]:
        """Return the lead times between two places, by commodity and form."""
        return tuple(t for t in self.lead_times if (t.origin, t.destination, t.month) == (origin, destination, month))

    def to_rows(self) -> list[dict[str, str | float | int]]:
        """Return one flat row for each flow and month, for a table or a data frame."""
        return [
            {
                "origin": t.origin, "destination": t.destination, "commodity": t.commodity, "form": t.form,
                "month": t.month,
                "units": round(t.units, 3), "tonnes": round(t.tonnes, 1), "mean": round(t.mean, 2),
                "p50": round(t.p50, 2), "p90": round(t.p90, 2), "p99": round(t.p99, 2),
                "still_due": round(t.still_due, 4),
                **{cause.replace(" ", "_"): round(h, 2) for cause, h in t.causes.items()},
            }
            for t in self.lead_times
        ]  # fmt: skip

    def _cells(self) -> list[tuple[str, ...]]:
        year = sorted((t for t in self.lead_times if t.month == 0), key=lambda t: -t.tonnes)[:10]
        return [
            (
                f"{t.origin}-{t.destination}",
                t.commodity,
                f"{t.tonnes / 1000:,.0f}",
                f"{t.p50 / 24:.1f}",
                f"{t.p90 / 24:.1f}",
            )
            for t in year
        ]

    def __repr__(self) -> str:
        return aligned(("flow", "commodity", "kt", "P50 d", "P90 d"), self._cells(), frozenset({2, 3, 4}))

    def _repr_html_(self) -> str:
        return html(("flow", "commodity", "kt", "P50 d", "P90 d"), self._cells())
