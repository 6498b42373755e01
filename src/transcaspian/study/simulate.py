"""This module owns the use case ``simulate``: the flows of a year in motion, many times over, on all cores.

Every replication is a file of its own, named when it is finished; the manifest comes last. What is finished is never
run again: a second call with the same question goes on from there, whatever ended the first.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from transcaspian import __version__
from transcaspian.assignment.demands import segments_of
from transcaspian.assignment.flows import Model, pivoted, solutions_from
from transcaspian.errors import DataError, InputError, Problem, RequestError, gathered, nearest
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.demand import Demand
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.corridor.ids import DemandId, PlaceId
from transcaspian.network import months
from transcaspian.results.events import TRACER, Simulated
from transcaspian.results.writing import whole
from transcaspian.simulation.checks import check, check_queues, check_vehicles, check_weather
from transcaspian.simulation.engine import OverloadError
from transcaspian.simulation.loads import Load
from transcaspian.simulation.marginal import marginal_effects
from transcaspian.simulation.observed import observed
from transcaspian.simulation.play import Play, Played, played
from transcaspian.simulation.statistics import assumed, lead_times, lines, needed, overloads, stations
from transcaspian.simulation.traces import write_records, write_trace
from transcaspian.simulation.world import World, world_of
from transcaspian.study.assign import base_of, model_for
from transcaspian.study.cluster import on_cluster
from transcaspian.study.code import source_id
from transcaspian.study.flows_file import Sent, sent_of, units_of
from transcaspian.study.question import unshared
from transcaspian.study.scenarios import resolve, through

TRACED = "general"
"""Commodity of a tracer where the dataset has it."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ensemble:
    """Where and how replications are run and kept.

    ``seed`` is of all luck; ``antithetic`` runs them in pairs of opposite luck, whose mean varies less; ``records`` is
    the number of replications whose every event is written to Parquet; ``trace`` is a file for the voyages of the
    first, for a map; ``workers`` are processes, by default one for each processor; ``cluster`` is the address of a Dask
    scheduler to run on instead; ``folder`` is where replications are kept, by default in the user's cache under a hash
    of the question; ``marginal`` is the number of the tightest resources and fleets of which a little more is tried, in
    a run of the first replication each.
    """

    seed: int = 1
    antithetic: bool = False
    records: int = 0
    trace: Path | None = None
    workers: int | None = None
    cluster: str | None = None
    folder: Path | None = None
    marginal: int = 0


THROUGH = ("block-train", "feeder", "liner")
"""Products of container trains and ships: what published times between two places are of."""

TRACERS = 180
"""Boxes of a tracer a year: one every other day."""

TRACER_UNITS = 1e-3
"""Load units of a tracer: nothing waits for it."""


@dataclass(frozen=True)
class _Question:
    """What a replication is of."""

    play: Play
    seed: int
    antithetic: bool
    folder: Path


def simulate(
    corridor: Corridor,
    year: int,
    *,
    replications: int = 10,
    scenario: str | None = None,
    flows: Path | None = None,
    between: Sequence[tuple[str, str]] | None = None,
    how: Ensemble | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """Simulate a year of a corridor, lot by lot and vehicle by vehicle.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    year : the year asked for
    replications : years with other luck, 1 or more
    scenario : id of a scenario of the corridor, or path of a scenario file
    flows : what ``assign --out`` or ``--json`` wrote, or a table in Parquet or CSV with ``way``, ``month`` and
        ``units``; by default the flows are assigned here
    between : pairs of places whose lead time is asked for, whether or not anything is sent: a tracer box goes every
        other day and takes no room; by default the pairs whose time somebody published
    how : where and how replications are run and kept
    progress : called with the replications done and asked for

    Raises
    ------
    RequestError, ScenarioError, DataError
        With everything that is wrong with the question, the flows, or what could never sail or open.

    Examples
    --------
    >>> import transcaspian as tc
    >>> simulate(tc.load(), 2024, replications=0)
    Traceback (most recent call last):
    ...
    transcaspian.errors.RequestError: request, column replications: found '0'; right would be 1 or more
    """
    how = how or Ensemble()
    pairs = timed_pairs(corridor) if between is None else list(between)
    world = world_for(corridor, year, scenario, flows, pairs, _unasked(corridor, year, replications, how))
    check(world)
    given = _digest(world, how.seed, how.antithetic)
    home = how.folder or user_cache_path("transcaspian") / "simulations" / given
    _own(home, given)
    question = _Question(world.play, how.seed, how.antithetic, home)
    held = {n: part for n in range(replications) if (part := _held(_file(home, n))) is not None}
    missing = [n for n in range(replications) if n not in held]
    broken = [_file(home, n).name for n in missing if _file(home, n).exists()]
    for count, _ in enumerate(_finished(question, missing, how), replications - len(missing) + 1):
        if progress:
            progress(count, replications)
    for number in range(min(how.records, replications)):
        write_records(world, how.seed, number, home / f"records-{number:04d}.parquet", antithetic=how.antithetic)
    if how.trace is not None:
        write_trace(world, how.seed, 0, how.trace, antithetic=how.antithetic)
    parts = [held[n] if n in held else _read(_file(home, n)) for n in range(replications)]
    answer = answer_of(world, parts, year, how.seed, home, antithetic=how.antithetic)
    tight = answer.tight[: how.marginal]
    more = tuple(marginal_effects(world, parts, tight, how.seed, antithetic=how.antithetic))
    again = tuple(f"{name}: it could not be read, and was played again" for name in broken)
    answer = replace(
        answer, scenario=scenario, corridor_id=corridor_id(corridor), marginal=more, notes=(*answer.notes, *again)
    )
    _manifest(home, given, answer)
    return answer


def _unasked(corridor: Corridor, year: int, replications: int, how: Ensemble) -> Iterator[Problem]:
    """Find numbers that cannot be asked for."""
    base = corridor.base_year
    if not base <= year <= base + 30:
        yield Problem("request", "", "year", str(year), f"a year from {base} to {base + 30}")
    if replications < 1:
        yield Problem("request", "", "replications", str(replications), "1 or more")
    if how.seed < 0:
        yield Problem("request", "", "seed", str(how.seed), "a whole number from 0")
    if not 0 <= how.records <= max(replications, 0):
        yield Problem("request", "", "records", str(how.records), f"0 to {replications}, the number of replications")
    if how.marginal < 0:
        yield Problem("request", "", "marginal", str(how.marginal), "0 or more")
    if how.workers is not None:
        yield from unshared(how.workers)


def check_resources(corridor: Corridor, names: Sequence[str]) -> None:
    """Raise if a name that an answer is asked about is of no resource and of no fleet.

    Raises
    ------
    RequestError
        With every such name.
    """
    known = {*(row.id for row in corridor.resources.rows), *(row.id for row in corridor.fleets.rows)}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise RequestError(
            Problem("request", "", "resource", name, f"a resource or fleet: {nearest(name, known)}") for name in wrong
        )


# --- the world --------------------------------------------------------------------------------------------------------


def timed_pairs(corridor: Corridor) -> list[tuple[str, str]]:
    """Return the pairs of places whose time is among the observations, as series named ``time_ORIGIN_DESTINATION``."""
    found = [row.series.split("_")[1:3] for row in corridor.observations.rows if row.series.startswith("time_")]
    return list(dict.fromkeys((p[0], p[1]) for p in found if len(p) == 2 and all(x in corridor.places for x in p)))


def world_for(
    corridor: Corridor,
    year: int,
    scenario: str | None = None,
    flows: Path | None = None,
    between: Sequence[tuple[str, str]] = (),
    problems: Iterable[Problem] = (),
) -> World:
    """Return a corridor of a year ready to be simulated, with flows from a file or assigned here.

    Raises
    ------
    RequestError, ScenarioError
        With ``problems`` of the rest of the question and everything that is wrong with this, before anything is solved.
    """
    sent = list[Sent]()
    wrong = [*problems, *_unknown(corridor, between)]
    errors: list[InputError] = [RequestError(wrong)] if wrong else []
    states: tuple[Corridor, ...] = ()
    try:
        if wrong:  # among them may be a year that has no days
            resolve(corridor, scenario)
        else:
            states = through(corridor, scenario, months(date(year, 1, 1), 12), date(year, 1, 1))
    except InputError as error:
        errors.append(error)
    try:
        sent = [] if flows is None else sent_of(flows)
    except InputError as error:
        errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else RequestError(p for error in errors for p in error.problems)
    gathered(
        partial(check_weather, states[0]),
        partial(check_vehicles, states[0]),
        partial(check_queues, states[0], year),
    )
    model = model_for(corridor, year, scenario)
    if flows is None:
        base = corridor.base_year
        asked, begin = pivoted(model, base_of(corridor, base)[1])
        units = solutions_from(asked, begin, gap=1e-3, most=400, progress=None)[0].year.carried
    else:
        units = units_of(sent, flows, model)
    return world_of(model.network, model.corridor, model.table, [*loads_of(model, units), *_tracers(model, between)])


def _unknown(corridor: Corridor, between: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """Find pairs that are not of two places of a corridor."""
    for a, b in between:
        if not b or ":" in b:
            right = "two places as ORIGIN:DESTINATION"
            yield Problem("request", "", "between", f"{a}:{b}".removesuffix(":"), right)
            continue
        for place in (a, b):
            if place not in corridor.places:
                right = f"a place: {nearest(place, corridor.places, 'data list places')}"
                yield Problem("request", "", "between", place, right)


def _tracers(model: Model, between: Sequence[tuple[str, str]]) -> list[Load]:
    """Return a tracer for every pair: a box on the way that costs least, time included.

    Published times are of container trains and feeders from end to end, so a tracer goes by them where they go all the
    way. The cheapest of all ways is often another: by a deck, groups of wagons and three more waits.

    Raises
    ------
    DataError
        If there is no way between two places.
    """
    forms = [load for load in model.corridor.loads.rows if model.corridor.forms[load.form].group == "container"]
    if not between or not forms:
        return []
    given = next((load for load in forms if load.commodity == TRACED), forms[0])
    base = model.corridor.base_year
    others = frozenset(s.id for s in model.corridor.services.rows if s.product not in THROUGH)
    found = []
    for a, b in between:
        demand = Demand(
            id=DemandId(f"tracer-{a}-{b}"), origin=PlaceId(a), destination=PlaceId(b), commodity=given.commodity,
            form=given.form, year=base, month=0, kind="contestable", units=1.0, tonnes=given.tonnes, basis="pool",
        )  # fmt: skip
        asked = replace(model.corridor, demand=Table([demand]))
        year = model.network.window.start.year
        try:
            segments, _ = segments_of(model.network, asked, year, without=others)
        except DataError:
            segments, _ = segments_of(model.network, asked, year)
        units = np.full(len(model.network.window.periods), TRACERS * TRACER_UNITS / len(model.network.window.periods))
        ways = [way for segment in segments for way in segment.ways]
        best = min(ways, key=lambda w: float(w.cost.mean()))
        ends = demand.id, demand.origin, demand.destination
        found += [
            Load(*ends, TRACER, given.form, way.chain, way.sizes, units * way.part, 0.0, TRACER_UNITS)
            for way in ways
            if np.array_equal(way.first, best.first)  # on lines side by side tracers divide as these sail
        ]
    return found


def loads_of(model: Model, units: Any) -> list[Load]:
    """Return the load of every way of a model, with its units by month, (way, month)."""
    ways = [(segment, way) for segment in model.segments for way in segment.ways]
    found = []
    for number, (segment, way) in enumerate(ways):
        demand, series = segment.demand, np.asarray(units[number], np.float64)
        ends = demand.id, demand.origin, demand.destination
        what = demand.commodity, demand.form
        found.append(
            Load(*ends, *what, way.chain, way.sizes, series, segment.tonnes, kind=demand.kind, hour=segment.hour)
        )
    return found


# --- replications -----------------------------------------------------------------------------------------------------


def _finished(question: _Question, missing: Sequence[int], how: Ensemble) -> Iterator[int]:
    """Yield the replications as they are finished, from this process, its children or a cluster."""
    count = min(how.workers or os.cpu_count() or 1, len(missing))
    if how.cluster is not None:
        shared = question.play, question.seed, question.antithetic
        for number, part in on_cluster(how.cluster, shared, _far_off, missing):
            _write(_file(question.folder, number), part)
            yield number
    elif count <= 1:
        for number in missing:
            yield replicate(question, number)
    else:
        yield from _on_processes(question, missing, count)


def _on_processes(question: _Question, missing: Sequence[int], count: int) -> Iterator[int]:
    with ProcessPoolExecutor(count, get_context("spawn"), _begin, (question,)) as pool:
        left: set[Future[int]] = {pool.submit(_replicate_here, number) for number in missing}
        try:
            while left:
                ended, left = wait(left, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
        finally:
            for future in left:
                future.cancel()


_here: list[_Question] = []


def _begin(question: _Question) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _here[:] = [question]


def _end_with_parent() -> None:
    """End this process when the one that began it is gone, however that ended: nobody waits for its work any more."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _replicate_here(number: int) -> int:
    return replicate(_here[0], number)


def _far_off(shared: tuple[Play, int, bool], number: int) -> Played:
    play, seed, antithetic = shared
    try:
        return played(play, seed, number, antithetic=antithetic)[0]
    except OverloadError as error:
        right = "flows that capacity can carry: it is asked for far more than it has"
        raise RequestError([Problem("request", "", "from", str(error), right)]) from None


def replicate(question: _Question, number: int) -> int:
    """Play a replication, write its file and return its number."""
    part = _far_off((question.play, question.seed, question.antithetic), number)
    _write(_file(question.folder, number), part)
    return number


def _file(folder: Path, number: int) -> Path:
    return folder / f"replication-{number:04d}.npz"


def _write(path: Path, part: Played) -> None:
    with whole(path) as temporary, temporary.open("wb") as out:
        np.savez_compressed(out, **{name: getattr(part, name) for name in Played.__dataclass_fields__})


def _read(path: Path) -> Played:
    with path.open("rb") as file, np.load(file) as held:  # numpy leaves a file open that it cannot read
        values = {name: held[name] for name in Played.__dataclass_fields__}
    return Played(**{**values, "events": int(values["events"])})


def _held(path: Path) -> Played | None:
    """Return a replication that was finished before, None where it was not or its file cannot be read."""
    try:
        return _read(path)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        return None


def _digest(world: World, seed: int, antithetic: bool) -> str:
    """Return the hash of all that a replication depends on: the scene, weather and vehicles, the seed, the code."""
    digest = hashlib.sha256(f"{__version__}:{seed}:{antithetic}:{source_id('kernels', 'simulation')}".encode())
    play = world.play
    tables = [*play.scene.plan, play.scene.stations, play.scene.sources, play.scene.legs, *play.arrays]
    for table in map(np.asarray, tables):  # column by column: the bytes between columns are anything
        for column in [table[name] for name in table.dtype.names] if table.dtype.names else [table]:
            digest.update(np.ascontiguousarray(column).tobytes())
    vehicles = [(v.luck, v.availability, v.repair, v.here.tolist()) for v in play.vehicles]
    digest.update(repr((play.opens, play.limited, vehicles)).encode())
    for stream in play.streams:
        digest.update(stream.units.tobytes())
        digest.update(repr((stream.lot, stream.bunch, int(stream.luck), stream.route, stream.flow)).encode())
    return digest.hexdigest()[:16]


def _own(folder: Path, given: str) -> None:
    """Make a folder for replications of one question.

    Raises
    ------
    RequestError
        If it holds those of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "question.txt"
    if mark.exists() and mark.read_text(encoding="utf-8").strip() != given:
        right = "an empty folder, or that of the same question: dataset, year, scenario, flows and seed"
        raise RequestError([Problem("request", "", "out", str(folder), right)])
    with whole(mark) as temporary:
        temporary.write_text(given + "\n", encoding="utf-8")


def answer_of(
    world: World, parts: Sequence[Played], year: int, seed: int, folder: Path, *, antithetic: bool = False
) -> Simulated:
    """Return what replications show together."""
    times = tuple(lead_times(world, parts, antithetic=antithetic))
    uses, run = tuple(stations(world, parts)), tuple(lines(world, parts))
    facts = tuple(observed(world.corridor, times, run))
    share, rows = assumed(world)
    return Simulated(
        year=year,
        scenario=None,
        seed=seed,
        replications=len(parts),
        months=tuple(f"{p:%b}" for p in world.network.window.periods),
        lead_times=times,
        stations=uses,
        lines=run,
        marginal=(),
        observed=facts,
        tonnes=sum(t.tonnes for t in times if t.month == 0),
        events=float(np.mean([p.events for p in parts])),
        needed=needed(times, len(parts), antithetic=antithetic),
        assumed=share,
        rows=rows,
        notes=(*world.notes, *overloads(uses, run)),
        folder=str(folder),
        corridor_id="",
    )


def _manifest(folder: Path, given: str, answer: Simulated) -> None:
    manifest = {
        "question": given, "version": __version__, "corridor_id": answer.corridor_id, "year": answer.year,
        "scenario": answer.scenario, "seed": answer.seed, "replications": answer.replications,
        "files": [_file(folder, n).name for n in range(answer.replications)],
    }  # fmt: skip
    with whole(folder / "manifest.json") as temporary:
        temporary.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
