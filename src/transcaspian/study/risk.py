"""This module owns chance in an appraisal: draws that solve every year again on the choice sets that are there.

A draw scales demand, other traffic, room at sea, the worth of time and the part of a promise that comes true,
settles the years without and with, and then has its own overrun, delay, ramp-up and price of carbon.
"""

import gc
import multiprocessing
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transcaspian.appraisal.assess import Case, Standing, cash_flow, parts_of
from transcaspian.appraisal.gains import Gains, gains_of
from transcaspian.appraisal.risk import (
    FEW,
    SURROGATE,
    Surrogate,
    evenly,
    first_order,
    rank_correlation,
    sobol,
    triangle,
    uniforms,
)
from transcaspian.appraisal.sums import Late, made_of, worth_of
from transcaspian.appraisal.terms import Terms
from transcaspian.assignment.flows import Model, Pivot, Solution, pivot_of, pivoted
from transcaspian.assignment.response import enlarged
from transcaspian.assignment.settle import held_back, settled
from transcaspian.assignment.vary import Blend, varied
from transcaspian.assignment.welfare import Reader
from transcaspian.results.appraisal import CauseResult, RiskResult, SpreadResult
from transcaspian.study.cluster import on_cluster

Values = NDArray[np.float64]

CAUSES = (
    ("overrun", "cost overrun"),
    ("delay", "delay and ramp-up"),
    ("demand-error", "demand against forecast"),
    ("time-worth", "worth of time"),
    ("water-capacity", "room at sea"),
    ("background", "traffic of others"),
    ("effect", "promise that comes true"),
    ("carbon-factor", "price of carbon"),
)
"""What is drawn: a unit value, and what a reader is told. Each is one group of the indices."""

PLACE = {name: n for n, (name, _) in enumerate(CAUSES)}
"""Where each stands among the numbers drawn."""

SOLVED = ("demand-error", "time-worth", "water-capacity", "background", "effect")
"""Those that every year is solved again for; the others are arithmetic on what the years give."""

RAMP = "ramp-up"
"""Drawn with the number of the delay, as one group: what is late is also slow to be used."""

OVERRUNS = {"quay-and-cranes": "overrun-port", "railway": "overrun-rail", "ships": "overrun-port"}
"""The reference class of an asset; works without one are taken as a port's, the widest that is civil works."""

ENOUGH = 100
"""Draws below which no indices are worked out: classes would hold too few, and a surrogate too little to learn."""

BASE = 2048
"""Base sample of the indices, on the surrogate."""

PARTS = 4
"""Parts of the draws, each of which the surrogate is tried on after it has learnt from the others."""

AGAIN = 100
"""Times that draws are drawn again from themselves, for intervals."""

ANEW = 20
"""Times that a cause is drawn anew for every draw, for its total index."""

SETTLED = 1e-4
"""Gap above which a draw says nothing about differences, and is left out and counted."""


@dataclass(frozen=True)
class Job:
    """Everything a draw needs, the same for all of them."""

    base: Model
    raws: Mapping[tuple[int, tuple[str, ...]], Model]
    blends: Mapping[tuple[int, tuple[str, ...]], Blend | None]
    wet: Mapping[tuple[int, tuple[str, ...]], NDArray[np.bool_]]
    starts: Mapping[tuple[int, tuple[str, ...]], Values]
    readers: Mapping[tuple[int, tuple[str, ...]], Reader]
    factors: Mapping[tuple[int, tuple[str, ...]], Mapping[str, float]]
    cases: tuple[tuple[Case, tuple[str, ...]], ...]
    terms: Terms
    standing: Standing
    rate: float
    count: int
    seed: int
    years: tuple[int, ...]
    run_id: str

    def inputs(self) -> Values:
        """Return the numbers drawn, (draw, cause), in [0, 1)."""
        return np.stack([uniforms(self.seed, name, self.count) for name, _ in CAUSES], axis=1)


@dataclass(frozen=True)
class Drawn:
    """What one draw gives: net present values of the cases, months held back without and with, the worst gap.

    ``made`` is what each year worked out gives, and by how much emissions rise in it, (case, year, 2) [EUR, kg]. A draw
    with a year that does not settle says nothing: it ends there, with its gap alone.
    """

    values: tuple[float, ...]
    held: Mapping[tuple[int, str], NDArray[np.bool_]]
    gap: float
    made: Values


NOTHING = np.zeros((0, 0, 2))
"""What a draw made that does not settle."""


def values_of(job: Job) -> set[str]:
    """Return the unit values that draws are made of."""
    return {name for name, _ in CAUSES if name != "overrun"} | {RAMP, *(_class(case) for case, _ in job.cases)}


def one_draw(job: Job, number: int) -> Drawn:
    """Return one draw."""
    at = dict(zip((name for name, _ in CAUSES), job.inputs()[number].tolist(), strict=True))
    value = {name: float(_quantile(job.terms, name, at[name])) for name, _ in CAUSES if name != "overrun"}
    value[RAMP] = float(_quantile(job.terms, RAMP, at["delay"]))
    pivot = pivot_of(varied(job.base, hour=value["time-worth"]))
    gains: dict[tuple[str, ...], dict[int, Gains]] = {names: {} for _, names in job.cases}
    held: dict[tuple[int, str], NDArray[np.bool_]] = {}
    gap = 0.0
    for year in job.years:
        first, reader = _settled(job, year, (), value, pivot, None)
        if first.gap > SETTLED:
            return Drawn((), {}, first.gap, NOTHING)
        held[year, "without"] = held_back(reader.model, first)
        without = reader.welfare(first, year)
        for _, names in job.cases:
            after, own = _settled(job, year, names, value, pivot, first)
            if after.gap > SETTLED:
                return Drawn((), {}, after.gap, NOTHING)
            held[year, "with"] = held_back(own.model, after)
            found = gains_of(without, own.welfare(after, year))
            gains[names][year] = found
            gap = max(gap, found.gap)
    cases = [replace(case, gains=gains[names]) for case, names in job.cases]
    worth = tuple(_value(job, case, value, at["overrun"]) for case in cases)
    return Drawn(worth, held, gap, np.array([made_of(case, job.terms) for case in cases]))


def _quantile(terms: Terms, name: str, u: ArrayLike) -> Values:
    row = terms.rows[name][0]
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    return triangle(u, low, row.value, high)


def _settled(
    job: Job,
    year: int,
    names: tuple[str, ...],
    value: Mapping[str, float],
    pivot: Pivot,
    before: Solution | None,
) -> tuple[Solution, Reader]:
    between = job.blends.get((year, names))
    raw = job.raws[year, names] if between is None else between.at(value["effect"])
    changed = varied(
        raw,
        demand=value["demand-error"],
        others=value["background"],
        hour=value["time-worth"],
        room=value["water-capacity"],
        wet=job.wet[year, names],
    )
    model = enlarged(pivoted(changed, pivot)[0], job.factors[year, names])
    start = job.starts[year, names] if before is None or before.wait.shape[0] != len(model.limits.kind) else before.wait
    return settled(model, start), job.readers[year, names].on(model)


def _value(job: Job, case: Case, value: Mapping[str, float], overrun: float) -> float:
    """Return the net present value of a case under a draw, without reliability."""
    terms = replace(job.terms, factors={"carbon": value["carbon-factor"]})
    delay, ramp = round(value["delay"]), value[RAMP]
    share = float(_quantile(job.terms, _class(case), overrun))
    parts = parts_of(case, terms, job.standing, delay, ramp, value["background"])
    return float(cash_flow(case, parts, terms, share)[0].value(job.rate))


def _class(case: Case) -> str:
    assets = [row.asset for row in case.outlays if row.kind == "capital" and row.asset]
    return OVERRUNS.get(assets[0] if assets else "", "overrun-port")


_HELD: list[Job] = []
"""The job of a worker, set once when it begins: models are inherited, not sent."""


def _hold(job: Job) -> None:
    gc.freeze()  # what was there stays: looking through it for garbage would copy all of it
    _HELD[:] = [job]


def _work(number: int) -> Drawn:
    return one_draw(_HELD[0], number)


def drawn(
    job: Job,
    workers: int,
    progress: Callable[[str], None],
    folder: Path | None = None,
    cluster: str | None = None,
) -> list[Drawn]:
    """Return every draw, in order; the same whatever the number of workers, here or on a Dask ``cluster``.

    Each finished draw is written to a file of the ``folder``, if there is one, and read from there by a later call with
    the same question: a run that was stopped goes on from where it was.
    """
    kept = None if folder is None else folder / f"draws-{job.run_id}"
    found = {} if kept is None else {n: draw for n in range(job.count) if (draw := _read(kept, job, n)) is not None}
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
    if found:
        progress(f"{len(found)} of {job.count} draws were there already")
    missing = [n for n in range(job.count) if n not in found]
    made = _made(job, workers, missing) if cluster is None else on_cluster(cluster, job, one_draw, missing)
    for number, draw in made if missing else ():
        found[number] = draw
        if kept is not None:
            _write(kept, number, draw)
        progress(f"draw {len(found)} of {job.count}")
    return [found[number] for number in range(job.count)]


def _made(job: Job, workers: int, numbers: Sequence[int]) -> Iterator[tuple[int, Drawn]]:
    """Give draws as they are finished; each worker takes one at a time, since some take many times what others do."""
    if workers <= 1 or len(numbers) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for number in numbers:
            yield number, one_draw(job, number)
        return
    context: Any = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_hold, initargs=(job,)) as pool:
        waiting = {pool.submit(_work, number): number for number in numbers}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _write(folder: Path, number: int, draw: Drawn) -> None:
    """Write a draw whole or not at all."""
    arrays: dict[str, Any] = {f"{case}-{year}": held for (year, case), held in draw.held.items()}
    made = folder / f"{number:05}.part"
    with made.open("wb") as file:
        np.savez_compressed(file, values=np.array(draw.values), gap=np.array(draw.gap), made=draw.made, **arrays)
        file.flush()
        os.fsync(file.fileno())
    made.replace(folder / f"{number:05}.npz")


def _read(folder: Path, job: Job, number: int) -> Drawn | None:
    """Return a draw that was written, None where it was not or cannot be read."""
    path = folder / f"{number:05}.npz"
    if not path.exists():
        return None
    try:
        with np.load(path) as file:
            gap, values = float(file["gap"]), tuple(float(value) for value in file["values"])
            cases = [(year, case) for year in job.years for case in ("without", "with")] if gap <= SETTLED else []
            held = {(year, case): file[f"{case}-{year}"] for year, case in cases}
            return Drawn(values, held, gap, file["made"]) if len(values) == (len(job.cases) if held else 0) else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def risk_of(job: Job, draws: Sequence[Drawn]) -> RiskResult:
    """Return what draws say: the spread of every case, and the causes of that of the first.

    What too few draws cannot say is left out, and a note says so.
    """
    good = np.array([draw.gap <= SETTLED for draw in draws])
    if not good.any():
        return RiskResult((), (), None, len(draws), ())
    values = np.array([draw.values for draw in draws if draw.gap <= SETTLED])
    inputs = job.inputs()[good]
    spreads = tuple(_spread(case.project.id, values[:, n]) for n, (case, _) in enumerate(job.cases))
    unsettled, notes = int((~good).sum()), tuple(_notes(len(values)))
    if len(values) < ENOUGH:
        ranked = tuple(_ranked(inputs, values[:, 0])) if len(values) >= FEW else ()
        return RiskResult(spreads, ranked, None, unsettled, notes)
    made = np.array([draw.made[0] for draw in draws if draw.gap <= SETTLED])
    causes, error = _causes(job, inputs, values[:, 0], made)
    if error > SURROGATE:
        notes = (
            *notes,
            f"no total indices of what years are solved again for: a surrogate of {len(values)} draws misses by "
            f"{error:.1%} of P5 to P95, and {SURROGATE:.0%} is the most",
        )
    return RiskResult(spreads, causes, error, unsettled, notes)


def _notes(draws: int) -> Iterator[str]:
    """Say what is left out for want of draws."""
    if draws < FEW:
        yield f"{draws} draws: P5, P95, the chance of a gain and rank correlations need {FEW} or more"
    if draws < ENOUGH:
        yield f"{draws} draws: indices need {ENOUGH} or more"


def _spread(name: str, values: Values) -> SpreadResult:
    low, middle, high = (float(x) for x in np.percentile(values, (5, 50, 95)))
    every = tuple(float(v) for v in values)
    if len(values) < FEW:
        return SpreadResult(name, len(values), None, middle, None, None, every)
    return SpreadResult(name, len(values), low, middle, high, float(np.mean(values > 0)), every)


def _ranked(inputs: Values, values: Values) -> Iterator[CauseResult]:
    for n, (name, words) in enumerate(CAUSES):
        yield CauseResult(name, words, None, None, None, None, rank_correlation(inputs[:, n], values))


def _causes(job: Job, inputs: Values, values: Values, made: Values) -> tuple[tuple[CauseResult, ...], float]:
    """Return first and total indices, and the error of the surrogate over P5 to P95.

    First indices, and total ones of what is worked out once the years are solved, are of the draws themselves. Total
    ones of the other causes are of the surrogate, None where it misses by too much.

    Intervals are those of draws drawn again, moved to the index: draws that are there twice have less of their variance
    inside a class, so that all of them lie too high.
    """
    error = _missed(job, inputs, values, made)
    learnt = sobol(_learnt(job, inputs, made), len(CAUSES), BASE, job.seed).total if error <= SURROGATE else None
    many = len(values)
    picks = [(uniforms(job.seed, f"bootstrap-{again}", many) * many).astype(int) for again in range(AGAIN)]
    found = []
    for n, (name, words) in enumerate(CAUSES):
        x = inputs[:, n]
        first = first_order(x, values)
        again = np.array([first_order(x[rows], values[rows]) for rows in picks])
        ends = np.percentile(again, (5, 95)) - again.mean() + first
        least, most = (float(end) for end in np.clip(ends, 0.0, 1.0))
        total = (
            _total(job, inputs, values, made, n) if name not in SOLVED else None if learnt is None else float(learnt[n])
        )
        found.append(CauseResult(name, words, max(first, 0.0), least, most, total, rank_correlation(x, values)))
    return tuple(found), error


def _total(job: Job, inputs: Values, values: Values, made: Values, cause: int) -> float:
    """Return the total index of a cause that no year is solved for: of the draws, with it alone drawn anew (Jansen)."""
    case = job.cases[0][0]
    moved = 0.0
    for anew in evenly(job.seed, f"anew-{cause}", ANEW * len(inputs), 1).reshape(ANEW, -1):
        other = inputs.copy()
        other[:, cause] = anew
        moved += float(np.mean((worth_of(case, job.terms, job.rate, made, late_of(job, other)) - values) ** 2))
    spread = float(np.var(values))
    return 0.5 * moved / ANEW / spread if spread > 0 else 0.0


def _learnt(job: Job, inputs: Values, made: Values) -> Callable[[Values], Values]:
    """Return the net present value of the first case as a function of the numbers drawn, learnt from draws.

    Only what the years give is guessed, ``made`` (draw, year, 2); what a draw does to it afterwards is worked out. Time
    saved counts by the worth of time, so what is learnt is what years give over it.
    """
    case = job.cases[0][0]

    def solved_for(at: Values) -> Values:
        return np.stack([_quantile(job.terms, name, at[:, PLACE[name]]) for name in SOLVED], axis=1)

    def of_time(given: Values) -> Values:
        return given[:, SOLVED.index("time-worth"), None]

    given = solved_for(inputs)
    # What the years are put together to, at one delay and price for all draws, and without what it costs.
    alike = late_of(job, np.full_like(inputs, 0.5))
    whole, cost = (worth_of(case, job.terms, job.rate, years, alike) for years in (made, np.zeros_like(made)))
    guide = (whole - cost) / of_time(given)[:, 0]
    surrogate = Surrogate.fitted(given, made.reshape(len(made), -1) / of_time(given), guide)

    def value(at: Values) -> Values:
        given = solved_for(at)
        guessed = (surrogate(given) * of_time(given)).reshape(len(at), *made.shape[1:])
        return worth_of(case, job.terms, job.rate, guessed, late_of(job, at))

    return value


def late_of(job: Job, inputs: Values) -> Late:
    """Return what draws do to the first case once its years are solved, of the numbers drawn, (draw, cause)."""
    names = {_class(job.cases[0][0]): "overrun", "delay": "delay", RAMP: "delay"}
    names |= {name: name for name in ("carbon-factor", "background")}
    return Late(*(_quantile(job.terms, name, inputs[:, PLACE[cause]]) for name, cause in names.items()))


def _missed(job: Job, inputs: Values, values: Values, made: Values) -> float:
    """Return by how much the surrogate misses draws that it did not see, root mean square, over P5 to P95."""
    wide = float(np.percentile(values, 95) - np.percentile(values, 5))
    missed = np.zeros_like(values)
    for part in range(PARTS):
        unseen = np.arange(len(values)) % PARTS == part
        tried = _learnt(job, inputs[~unseen], made[~unseen])
        missed[unseen] = tried(inputs[unseen]) - values[unseen]
    return float(np.sqrt(np.mean(missed**2))) / wide if wide > 0 else 0.0
