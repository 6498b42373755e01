"""This module owns a simulation as words and tables: how long, what waited for what, what is tight, how lines do."""

import math
from collections.abc import Sequence
from textwrap import fill

from transcaspian.errors import Problem, RequestError, nearest
from transcaspian.results.events import TRACER, Agreement, LeadTime, LineUse, Marginal, Observed, Simulated, StationUse
from transcaspian.results.text import aligned

LARGEST = 12
"""Flows that are shown when none is asked for."""


def simulated_text(answer: Simulated, pairs: list[tuple[str, str]] | None = None, resources: Sequence[str] = ()) -> str:
    """Return the answer to ``simulate`` as a person reads it, for some pairs of places or the largest flows.

    ``resources`` are ids of resources or fleets that are shown month by month.

    Raises
    ------
    RequestError
        If nothing goes between two places that are asked for, or nobody uses a resource.
    """
    head = f"{answer.year}{', ' + answer.scenario if answer.scenario else ''}: {answer.tonnes / 1e6:,.1f} Mt sent, "
    parts = [
        _wrapped(
            head + f"{answer.replications} replications of {answer.events / 1e6:.1f} million events, seed {answer.seed}"
        ),
        *(_pair(answer, a, b) for a, b in (_traced(answer) if pairs is None else pairs)),
        _largest(answer) if pairs is None else "",
        _tight(answer),
        _queues(answer),
        *_months(answer, resources),
        _marginal(answer),
        *(_ladder(line) for line in answer.lines),
        _observed(answer),
        "\n".join(map(_wrapped, answer.notes)),
        f"{answer.assumed:.0%} of the {answer.rows:,} rows of data behind it have no source: they are assumptions.",
        _precision(answer),
        _agreement(answer),
    ]
    return "\n\n".join(part for part in parts if part)


def _days(hours: float) -> str:
    return "due" if math.isinf(hours) else "-" if math.isnan(hours) else f"{hours / 24:.1f}"


def _wrapped(line: str) -> str:
    return fill(line, WIDEST, break_long_words=False, break_on_hyphens=False)


WIDEST = 120
"""Columns of a screen."""

HEAD = (
    "days", "mean", "P50", "P90", "P99",
    "moving", "handl.", "clear.", "held", "vehicle", "queue", "weather", "aboard", "berth", "repair", "paper",
)  # fmt: skip
"""Heads of lead times and of the causes, in their order: with all of a name they are wider than a screen."""


def _times(flows: Sequence[tuple[str, Sequence[tuple[str, LeadTime]]]]) -> str:
    """Return lead times by month as a table, under the name of each flow."""
    rows = [
        (
            label,
            *map(_days, (time.mean, time.p50, time.p90, time.p99)),
            *(f"{hours / 24:.1f}" for hours in time.causes.values()),
        )
        for _, times in flows
        for label, time in times
    ]
    head, rule, *lines = aligned(HEAD, rows, frozenset(range(1, len(HEAD)))).splitlines()
    left = iter(lines)
    return "\n".join([head, rule, *(line for name, times in flows for line in (name, *(next(left) for _ in times)))])


def _pair(answer: Simulated, origin: str, destination: str) -> str:
    flows: dict[str, list[tuple[str, LeadTime]]] = {}
    for month in (0, 1, 7):
        for time in sorted(answer.between(origin, destination, month), key=lambda t: -t.tonnes):
            label = "year" if month == 0 else answer.months[month - 1]
            flows.setdefault(f"{time.commodity} {time.form}", []).append((label, time))
    if not flows:
        places = sorted({t.origin for t in answer.lead_times if t.destination == destination})
        right = f"an origin with cargo for {destination}: {', '.join(places[:8])}"
        raise RequestError([Problem("request", "", "between", f"{origin}:{destination}", right)])
    return f"{origin} to {destination}: lead times, and where the days go\n{_times(list(flows.items()))}"


def _traced(answer: Simulated) -> list[tuple[str, str]]:
    """Return the pairs of places that a tracer went between."""
    return [(t.origin, t.destination) for t in answer.lead_times if t.month == 0 and t.commodity == TRACER]


def _largest(answer: Simulated) -> str:
    year = sorted((t for t in answer.lead_times if t.month == 0), key=lambda t: -t.tonnes)[:LARGEST]
    flows = [(f"{t.origin}-{t.destination} {t.commodity} {t.form}", [("year", t)]) for t in year]
    return f"the largest flows: lead times, and where the days go\n{_times(flows)}"


def _tight(answer: Simulated) -> str:
    rows = [
        (use.id, use.kind, *(f"{100 * x:.0f}" for x in use.utilisation), f"{max(use.wait, default=0.0):.1f}")
        for use in answer.tight[:10]
    ]
    head = ("tightest ten, use in %", "kind", *answer.months, "max h")
    return aligned(head, rows, frozenset(range(2, len(head)))) if rows else ""


def _queues(answer: Simulated) -> str:
    longest = sorted(answer.stations, key=lambda use: -max(use.queue, default=0.0))[:10]
    rows = [(use.id, *map(_count, use.queue), _count(max(use.longest, default=0.0))) for use in longest]
    head = ("longest ten, who waits", *answer.months, "most")
    note = (
        "Who waits in the mean of a month, and the most at once: consignments, ships and trains. For a fleet it is "
        "loads of one of its vehicles, the most at one place."
    )
    return f"{aligned(head, rows, frozenset(range(1, len(head))))}\n{_wrapped(note)}" if rows else ""


def _count(number: float) -> str:
    """Return a number of four signs at most, so that twelve of them go beside the longest name."""
    if number >= 9_999.5:
        return f"{number / 1000:.0f}k"
    return f"{number:.0f}" if number >= 99.95 else f"{number:.1f}"


def _months(answer: Simulated, resources: Sequence[str]) -> list[str]:
    """Return the year of every resource that is asked for: use, queue and wait by month, both directions of a track."""
    uses = {name: [use for use in answer.stations if use.id.split(":")[0] == name] for name in resources}
    known = sorted({use.id.split(":")[0] for use in answer.stations})
    wrong = [
        Problem("request", "", "resource", name, f"a resource or fleet that is used: {nearest(name, known)}")
        for name, found in uses.items()
        if not found
    ]
    if wrong:
        raise RequestError(wrong)
    return [_year(answer, use) for found in uses.values() for use in found]


def _year(answer: Simulated, use: StationUse) -> str:
    rows = [
        (month, f"{100 * used:.0f}", f"{queue:,.2f}", _count(most), f"{served:,.0f}", f"{wait:,.1f}")
        for month, used, queue, most, served, wait in zip(
            answer.months, use.utilisation, use.queue, use.longest, use.served, use.wait, strict=True
        )
    ]
    head = (use.id, "use in %", "who waits", "most at once", "served", "h waited")
    return aligned(head, rows, frozenset(range(1, len(head))))


def _marginal(answer: Simulated) -> str:
    rows = [(m.id, m.change, f"{m.tonne_days:,.0f}", *_sure(m), f"{m.share:.2%}") for m in answer.marginal]
    head = ("tonne-days saved by more of", "", "saved", "\N{PLUS-MINUS SIGN}", "", "of all")
    return aligned(head, rows, frozenset({2, 3, 5})) if rows else ""


def _sure(row: Marginal) -> tuple[str, str]:
    """Return the half of the interval of what is saved, and what it means."""
    if row.error is None:
        return "n/a", "one year says little"
    return f"{row.error:,.0f}", "" if abs(row.tonne_days) > row.error else "not told from luck"


def _ladder(line: LineUse) -> str:
    rows = [(r.loss, f"{r.capacity:,.0f}", f"{r.hours:+,.1f}" if r.hours else "") for r in line.ladder]
    trip = f"a round trip takes {line.round_trip / 24:.1f} days, {line.round_trips:,.0f} a year"
    head = f"{line.line}: {line.vehicles:g} vehicles; {trip}; {line.load_out:.0%} full out, {line.load_back:.0%} back"
    table = aligned((f"{line.unit} a year one way", "left", "h a round trip"), rows, frozenset({1, 2}))
    return f"{_wrapped(head)}\n{table}"


def _observed(answer: Simulated) -> str:
    """Return what was published about operations beside the simulated year, and what is not as published."""
    if not answer.observed:
        return ""
    rows = [
        (o.series, o.period, o.source, f"{o.observed:g} {o.unit}{_range(o)}", f"{o.simulated:.1f}",
         f"{o.simulated / o.observed - 1:+.0%}", "out" if o.within is False else "")
        for o in answer.observed
    ]  # fmt: skip
    head = ("published about operations", "of", "source", "published", "here", "", "")
    outside = [o.series for o in answer.observed if o.within is False]
    ranged = sum(o.within is not None for o in answer.observed)
    said = f"{ranged - len(outside)} of {ranged} are within the published range"
    said += f"; outside it: {', '.join(outside)}." if outside else "."
    alone = [f"{o.series} ({o.simulated / o.observed - 1:+.0%})" for o in answer.observed if o.within is None]
    said += f" Published without a range: {', '.join(alone)}." if alone else ""
    return f"{aligned(head, rows, frozenset({4, 5}))}\n{_wrapped(said)}"


def _range(row: Observed) -> str:
    if row.low is None and row.high is None:
        return ""
    low, high = ("" if x is None else f"{x:g}" for x in (row.low, row.high))
    return f" ({low} to {high})"


def _precision(answer: Simulated) -> str:
    if not answer.needed:
        return (
            "One replication, or one pair of opposite luck, says nothing of how sure these figures are: ask for more."
        )
    more = answer.needed - answer.replications
    if more <= 0:
        return "Means of the twenty largest flows are within 5 % (95 % confidence)."
    return f"For means within 5 % (95 % confidence) of each of the twenty largest flows: {more:,} replications more."


NEAR = 0.15
"""Difference within which both engines are said to agree."""


def _agreement(answer: Simulated) -> str:
    found = answer.agreement
    if not found:
        return ""
    rows = [
        (a.what, a.kind, _shown(a, a.assigned), _shown(a, a.simulated), f"{a.differs:+.0%}" if a.assigned > 0 else "-")
        for a in found
    ]
    head = (f"assign and simulate, {answer.months[found[0].month - 1]}", "mean", "assigned", "simulated", "differs")
    far = [a for a in found if abs(a.differs) > NEAR]
    close = sum(abs(a.simulated - a.assigned) <= 1.0 for a in far)  # of a wait of minutes a share says nothing
    said = f"{len(found) - len(far)} of {len(found)} within {NEAR:.0%}, {close} more within an hour"
    return f"{aligned(head, rows, frozenset({2, 3, 4}))}\n{said}"


def _shown(row: Agreement, hours: float) -> str:
    return f"{hours:.1f} h" if row.kind == "wait" else f"{hours / 24:.1f} d"


def pairs_of(words: list[str] | None) -> list[tuple[str, str]] | None:
    """Return pairs of places from ``ORIGIN:DESTINATION``; who asks with them says which are none.

    >>> pairs_of(["altynkol:poti"])
    [('altynkol', 'poti')]
    """
    if not words:
        return None
    return [(a, b) for a, _, b in (word.partition(":") for word in words)]
