"""This module owns what was published about operations beside the same of a simulated year."""

from collections.abc import Iterator, Sequence

import numpy as np

from transcaspian.model.corridor import Corridor
from transcaspian.model.counter import HOURS, Counter, parse_counter
from transcaspian.results.events import TRACER, LeadTime, LineUse, Observed


def observed(corridor: Corridor, times: Sequence[LeadTime], lines: Sequence[LineUse]) -> Iterator[Observed]:
    """Yield every published time of operations, of any period, that this year has something to put beside."""
    for row in corridor.observations.rows:
        counter = parse_counter(row.counter) if row.counter else None
        if counter is None or counter.unit not in HOURS:
            continue
        hours = _hours(counter, times, lines)
        if hours is None or not np.isfinite(hours):
            continue
        simulated = hours / HOURS[counter.unit]
        ranged = row.low is not None or row.high is not None
        low, high = -np.inf if row.low is None else row.low, np.inf if row.high is None else row.high
        yield Observed(
            row.series, row.period, row.source, row.unit, row.value, row.low, row.high, simulated,
            bool(low <= float(f"{simulated:.3g}") <= high) if ranged else None,
        )  # fmt: skip


def _hours(counter: Counter, times: Sequence[LeadTime], lines: Sequence[LineUse]) -> float | None:
    """Return the hours that a counter asks for; None where nothing went there."""
    if counter.time:
        ends = (*counter.time, TRACER, 0)
        return next((t.mean for t in times if (t.origin, t.destination, t.commodity, t.month) == ends), None)
    services = set(counter.round or counter.crossing)
    line = next((line for line in lines if services <= set(line.services)), None)
    if line is None:
        return None
    return line.round_trip if counter.round else line.crossing
