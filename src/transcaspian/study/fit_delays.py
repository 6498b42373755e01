"""This module owns what assignment and simulation owe each other: fitted delays, and where the two agree."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.answer import barred_longer, hours_of, longer_than
from transcaspian.assignment.flows import Model, pivoted, solutions_from, solve
from transcaspian.errors import Problem, RequestError
from transcaspian.model.corridor import Corridor
from transcaspian.results.events import Agreement, Simulated, StationUse
from transcaspian.simulation.fitting import Fit, fitted
from transcaspian.study.assign import base_of, model_for

LOADED, LARGEST = 10, 20
"""Resources and flows that are compared."""

NEGLIGIBLE = 1.0
"""Hours: a resource at which the mean wait of the year is less is not fitted by itself."""

ROUNDS, CLOSE = 12, 0.002
"""Times that flows are solved again with what was fitted so far, at most; and the change at which that ends."""

GAP = 1e-3
"""Gap to which flows are solved: waits are simulated to some percent."""


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
        resource = corridor.resources.get(fit.kind)
        row = corridor.delays[resource.kind if resource else fit.kind]
        reason = f"as its kind; {fit.to}" if resource else f"{row.reason}; {fit.to}"
        lines.append(
            f"{fit.kind},{row.arrival_scv:g},{row.service_scv:g},{fit.scale:.3f},{fit.sd_ratio:.2f},yes,{fit.error:.3f},"
            f'{row.source or ""},"{reason}"'
        )
    return "\n".join(lines)


def fit_resources(corridor: Corridor, answer: Simulated) -> tuple[Fit, ...]:
    """Fit the waits of assignment at single resources to those of simulated years.

    What one row for a kind cannot say is how bunched traffic comes at a place: off a ferry, behind a border, in trains
    of a few terminals. So the factor of every queue is looked for at which its mean wait of twelve months is the
    simulated one, the flows being solved again with all factors until none changes; the months, each with a load of its
    own, say how well one factor does. Where each direction has a queue, the mean is of who waits in either. Left out is
    where the mean wait in motion is less than an hour.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    answer : a simulated year, of many replications

    Returns
    -------
    The fits, the longest wait first; ``error`` is the mean over months of the difference, as a share.
    """
    model, begin = _asked(corridor, answer)
    stations = {s.id: s for s in answer.stations if s.kind != "fleet"}
    queues: dict[str, list[int]] = {}  # by resource: one, or one for each direction
    for number, limit in enumerate(model.table.limits):
        if limit.id in stations:
            queues.setdefault(limit.resource, []).append(number)
    of = {r: [stations[model.table.limits[n].id] for n in numbers] for r, numbers in queues.items()}
    parts = {r: _parts(found) for r, found in of.items()}
    simulated = {r: parts[r] @ np.array([station.wait for station in found]) for r, found in of.items()}
    longest = sorted(simulated, key=lambda r: -simulated[r].mean())
    fits = []
    asked = [(queues[r], parts[r], simulated[r]) for r in longest if simulated[r].mean() >= NEGLIGIBLE]
    for resource, (factor, ours) in zip(longest, _factors(model, begin, asked), strict=False):
        row = corridor.delay_of(resource, corridor.resources[resource].kind)
        assert row is not None  # a model without it is refused
        wait = simulated[resource]
        fits.append(
            Fit(
                resource, row.scale * factor, row.sd_ratio, float(np.abs(ours / np.maximum(wait, 1e-6) - 1.0).mean()),
                f"scale fitted to {answer.replications} simulated years {answer.year}",
                tuple(np.mean([s.utilisation for s in of[resource]], axis=0).tolist()), tuple(wait.tolist()),
            )
        )  # fmt: skip
    return tuple(fits)


def _parts(stations: Sequence[StationUse]) -> NDArray[np.float64]:
    """Return the part of all who pass in a year that each direction has: the mean wait is of who waits."""
    served = np.array([sum(station.served) for station in stations])
    return served / served.sum() if served.any() else np.full(len(served), 1.0 / len(served))


def _factors(
    model: Model,
    begin: NDArray[np.float64],
    asked: Sequence[tuple[list[int], NDArray[np.float64], NDArray[np.float64]]],
) -> list[tuple[float, NDArray[np.float64]]]:
    """Return the factors at which queues have the mean waits that are asked, and what the months then wait.

    What is asked of a queue are its numbers, one for each direction, the part of each, and the waits of the months.
    """
    factors, ours = np.ones(len(asked)), [w for _, _, w in asked]
    for _ in range(ROUNDS):
        wait = solve(model, begin, gap=GAP).wait
        ours = [part @ wait[numbers] for numbers, part, _ in asked]
        change = np.array([w.mean() / max(o.mean(), 1e-6) for (_, _, w), o in zip(asked, ours, strict=True)])
        if np.abs(change - 1.0).max(initial=0.0) < CLOSE:
            break
        spread = model.limits.spread.copy()
        for (numbers, _, _), by in zip(asked, change, strict=True):
            spread[numbers] *= by
        factors *= change
        model, begin = replace(model, limits=model.limits._replace(spread=spread)), wait
    return list(zip(factors.tolist(), ours, strict=True))


def _asked(corridor: Corridor, answer: Simulated) -> tuple[Model, NDArray[np.float64]]:
    """Return the model of the year that was simulated as a difference to the base year, and the waits to begin with."""
    return pivoted(model_for(corridor, answer.year, answer.scenario), base_of(corridor, corridor.base_year)[1])


def agreement(corridor: Corridor, answer: Simulated, month: int) -> tuple[Agreement, ...]:
    """Return waits at the most loaded resources and times of the largest flows in a month, by both engines.

    The time of a flow that ``assign`` has is that of its ways at their shares, with the waits of the dataset and what
    the flows and bans of that year add to them; the simulation's is the mean of its lots.
    """
    model, begin = _asked(corridor, answer)
    solution = solutions_from(model, begin, gap=GAP, most=400, progress=None)[0]
    pivot = base_of(corridor, corridor.base_year)[1]
    every = hours_of(model, longer_than(pivot, model, solution), barred_longer(pivot, model, solution))
    wait = {limit.id: solution.wait[n] for n, limit in enumerate(model.table.limits)}
    used = sorted(answer.stations, key=lambda s: -s.utilisation[month - 1] if s.kind != "fleet" else 0.0)
    stations = [
        Agreement(month, s.id, "wait", float(wait[s.id][month - 1]), s.wait[month - 1]) for s in used if s.id in wait
    ][:LOADED]
    hours: dict[tuple[str, str, str, str], list[tuple[float, float]]] = {}
    carried = solution.year.carried[:, month - 1].tolist()
    for owner, units, time in zip(model.owner.tolist(), carried, every[:, month - 1].tolist(), strict=True):
        demand = model.segments[owner].demand
        if units > 0:
            ends = (demand.origin, demand.destination, demand.commodity, demand.form)
            hours.setdefault(ends, []).append((units, time))
    largest = sorted((t for t in answer.lead_times if t.month == month), key=lambda t: -t.tonnes)
    flows = [
        Agreement(month, f"{t.origin}-{t.destination} {t.commodity} {t.form}", "time", _mean(hours[key]), t.mean)
        for t in largest
        if (key := (t.origin, t.destination, t.commodity, t.form)) in hours
    ][:LARGEST]
    return (*stations, *flows)


def _mean(pairs: list[tuple[float, float]]) -> float:
    return sum(u * h for u, h in pairs) / sum(u for u, _ in pairs)
