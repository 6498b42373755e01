"""This module owns what assignment and simulation owe each other: fitted delays, and where the two agree."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transcaspian.assignment.flows import pivoted, solutions_from
from transcaspian.errors import Problem, RequestError
from transcaspian.model.corridor import Corridor
from transcaspian.results.events import Simulated
from transcaspian.results.text import aligned
from transcaspian.simulation.fitting import Fit, fitted
from transcaspian.study.assign import base_of, model_for

LOADED, LARGEST = 10, 20
"""Resources and flows that are compared."""

NEAR = 0.15
"""Difference within which the two are said to agree."""

HOUR = {"wait": 1.0, "days": 1.0 / 24.0}
"""An hour in the unit of each kind of figure: of a wait of minutes, a share says nothing."""


def fit_delays(corridor: Corridor, kinds: tuple[str, ...] = (), *, seed: int = 1) -> tuple[Fit, ...]:
    """Fit the delay table of assignment to simulated queues, on a grid of loads from 0.3 to 0.98.

    Each kind is simulated with the arrival and service spreads of its row and with the fewest, the median and the most
    servers that resources of the kind have; it is run on purpose, and its rows are copied into ``delays`` by hand.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    kinds : of resources; by default all that have a row
    seed : of all luck

    Raises
    ------
    RequestError
        With every kind that has no row in ``delays``.

    Examples
    --------
    >>> import transcaspian as tc
    >>> fit_delays(tc.load(), ("airport",))
    Traceback (most recent call last):
    ...
    transcaspian.errors.RequestError: request, column kinds: found 'airport'; right would be a kind in the table delays
    """
    unknown = [kind for kind in kinds if kind not in corridor.delays]
    if unknown:
        right = "a kind in the table delays"
        raise RequestError([Problem("request", "", "kinds", kind, right) for kind in unknown])
    found = []
    for row in corridor.delays.rows:
        if kinds and row.kind not in kinds:
            continue
        known = [r.servers for r in corridor.resources.rows if r.kind == row.kind and r.servers is not None]
        counts = sorted(max(1, min(round(c), 50)) for c in known if np.isfinite(c)) or [1]
        servers = sorted({counts[0], counts[len(counts) // 2], counts[-1]})
        found.append(fitted(row.kind, row.arrival_scv, row.service_scv, servers, seed))
    return tuple(found)


def fits_text(corridor: Corridor, fits: tuple[Fit, ...]) -> str:
    """Return fits as rows of the table ``delays``, ready to be copied."""
    lines = ["kind,arrival_scv,service_scv,scale,sd_ratio,fitted,error,source,reason"]
    for fit in fits:
        row = corridor.delays[fit.kind]
        servers = ", ".join(map(str, fit.servers))
        reason = f"{row.reason}; scale and sd_ratio fitted to simulated queues with {servers} servers"
        lines.append(
            f"{fit.kind},{row.arrival_scv:g},{row.service_scv:g},{fit.scale:.3f},{fit.sd_ratio:.2f},yes,{fit.error:.3f},"
            f'{row.source or ""},"{reason}"'
        )
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure of both engines."""

    what: str
    kind: str
    assigned: float
    simulated: float

    @property
    def differs(self) -> float:
        """Difference of the simulated from the assigned, as a share of the assigned."""
        return self.simulated / self.assigned - 1.0 if self.assigned > 0 else float("inf")


def agreement(corridor: Corridor, answer: Simulated, month: int) -> tuple[Agreement, ...]:
    """Return waits at the most loaded resources and times of the largest flows in a month, by both engines.

    The time of a flow that ``assign`` has is that of its ways at their shares, with the waits of the dataset and what
    the flows add to them; the simulation's is the mean of its lots.
    """
    base = corridor.base_year
    model = model_for(corridor, answer.year, answer.scenario)
    asked, begin = pivoted(model, base_of(corridor, base)[1])
    solution = solutions_from(asked, begin, gap=1e-3, most=400, progress=None)[0]
    wait = {limit.id: solution.wait[n] for n, limit in enumerate(model.table.limits)}
    used = sorted(answer.stations, key=lambda s: -s.utilisation[month - 1] if s.kind != "fleet" else 0.0)
    stations = [Agreement(s.id, "wait", float(wait[s.id][month - 1]), s.wait[month - 1]) for s in used if s.id in wait][
        :LOADED
    ]
    hours: dict[tuple[str, str, str, str], list[tuple[float, float]]] = {}
    number = 0
    for segment in model.segments:
        demand = segment.demand
        for way in segment.ways:
            units = float(solution.year.carried[number, month - 1])
            number += 1
            if segment.hour > 0 and units > 0:
                time = (float(way.cost[month - 1]) - way.price / segment.tonnes) / segment.hour
                ends = (demand.origin, demand.destination, demand.commodity, demand.form)
                hours.setdefault(ends, []).append((units, time))
    largest = sorted((t for t in answer.lead_times if t.month == month), key=lambda t: -t.tonnes)
    flows = [
        Agreement(f"{t.origin}-{t.destination} {t.commodity} {t.form}", "days", _mean(hours[key]) / 24, t.mean / 24)
        for t in largest
        if (key := (t.origin, t.destination, t.commodity, t.form)) in hours
    ][:LARGEST]
    return (*stations, *flows)


def _mean(pairs: list[tuple[float, float]]) -> float:
    return sum(u * h for u, h in pairs) / sum(u for u, _ in pairs)


def agreement_text(found: tuple[Agreement, ...], month: str) -> str:
    """Return where both engines agree, and where not, as a person reads it."""
    table = aligned(
        (f"assign and simulate, {month}", "h or days", "assigned", "simulated", "differs"), list(_rows(found)),
        frozenset({2, 3, 4}),
    )  # fmt: skip
    far = [a for a in found if abs(a.differs) > NEAR]
    close = sum(abs(a.simulated - a.assigned) <= HOUR[a.kind] for a in far)
    return f"{table}\n{len(found) - len(far)} of {len(found)} within {NEAR:.0%}, {close} more within an hour"


def _rows(found: tuple[Agreement, ...]) -> Iterator[tuple[str, ...]]:
    for a in found:
        differs = f"{a.differs:+.0%}" if np.isfinite(a.differs) else "-"
        yield a.what, a.kind, f"{a.assigned:.1f}", f"{a.simulated:.1f}", differs
