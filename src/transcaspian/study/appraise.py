"""This module owns the use case ``appraise``: a package of projects against the case without, and what comes of it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.assess import Case, Standing, assess
from transcaspian.appraisal.gains import Gains, gains_of
from transcaspian.appraisal.highways import Section, sections_of
from transcaspian.appraisal.money import span_of
from transcaspian.appraisal.port import hand_check, ladder
from transcaspian.appraisal.portfolio import allowed, regrets
from transcaspian.appraisal.portfolio import portfolio as portfolio_of
from transcaspian.appraisal.tables import assumptions_of, at_rates, measure_result, section_result, way_result
from transcaspian.appraisal.terms import Terms, terms_of
from transcaspian.assignment.flows import Model, Pivot, Solution, model_of, pivot_of, pivoted
from transcaspian.assignment.kept import Memory
from transcaspian.assignment.response import enlarged
from transcaspian.assignment.settle import held_back, responded, settled, unsure
from transcaspian.assignment.vary import blend, on_water
from transcaspian.assignment.way import TERMINALS
from transcaspian.assignment.welfare import Reader
from transcaspian.errors import DataError, Problem, RequestError, nearest
from transcaspian.io.tables import Reading, parse_value
from transcaspian.model.change import Change
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.corridor.project import Outlay, Package, Project
from transcaspian.model.rules.projects import ranges, uncounted_sections
from transcaspian.model.rules.references import unknown_references
from transcaspian.model.scenario import BASE, Scenario, apply_each, apply_on, bundled_changes, scenario_id
from transcaspian.network import compile_network, months
from transcaspian.results.appraisal import (
    Appraisal,
    BindingResult,
    FaceResult,
    LadderResult,
    MeasureResult,
    NameResult,
    PortfolioResult,
    ProjectResult,
    RateResult,
    RiskResult,
    RungResult,
    ShipmentResult,
    StartResult,
    UnderResult,
)
from transcaspian.results.flows import Counted
from transcaspian.study.assign import LONGEST_JOURNEY, assign
from transcaspian.study.plan import plan
from transcaspian.study.risk import Job, drawn, risk_of, source_id
from transcaspian.study.scenarios import resolve

MOST_DRAWS = 100_000

LATER = 8
"""Years by which the start of a chosen project is moved at most."""

NAMED = "named"
"""Stands for every scenario that the package names."""

WAYS = 6
"""Ways of a shipment that are shown."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What is asked, with everything that makes the answer what it is."""

    package: str
    projects: tuple[str, ...] = ()
    rate: float | str = 0.05
    minimum: str | None = None
    leave_out: tuple[str, ...] = ()
    respond: bool = True
    candidates: bool = False
    draws: int = 0
    seed: int = 1
    portfolio: bool = False
    budget: float | None = None
    detail: bool = False
    under: tuple[str, ...] = ()


@dataclass
class Runs:
    """The runs of a question, each made once: without and with, for every anchor year."""

    corridor: Corridor
    minimum: Scenario
    changes: Mapping[str, Sequence[Change]]
    terms: Terms
    respond: bool
    progress: Progress
    memories: dict[int, Memory] = field(default_factory=dict)
    _raw: dict[tuple[int, tuple[str, ...]], Model] = field(default_factory=dict)
    _models: dict[tuple[int, tuple[str, ...]], tuple[Model, Reader]] = field(default_factory=dict)
    _solved: dict[tuple[int, tuple[str, ...]], Solution] = field(default_factory=dict)
    _factors: dict[int, dict[str, float]] = field(default_factory=dict)

    @cached_property
    def base(self) -> Model:
        """The base year, with nothing changed."""
        year = next(iter(self.corridor.about.rows)).base_year
        self.progress(f"base year {year}")
        return self._built(year, Scenario(BASE))

    @cached_property
    def pivot(self) -> Pivot:
        """The base year as it was."""
        return pivot_of(self.base)

    def raw(self, year: int, projects: tuple[str, ...]) -> Model:
        """Return the model of a year with some projects, not yet set against the pivot."""
        key = (year, projects)
        if key not in self._raw:
            self.progress(f"{year}, {' and '.join(projects) or 'without'}")
            own = tuple(change for p in projects for change in self.changes.get(p, ()))
            memory = self.memories.setdefault(year, Memory())
            self._raw[key] = self._built(year, Scenario("with", self.minimum.changes + own), memory)
        return self._raw[key]

    def _built(self, year: int, scenario: Scenario, memory: Memory | None = None) -> Model:
        window = months(date(year, 1, 1), 12, LONGEST_JOURNEY)
        days = [period.date() for period in window.periods]
        states = apply_each(self.corridor, scenario, days, window.end.date())
        return model_of(compile_network(states[0], window, states[1:]), states[0], year, memory)

    def solved(self, year: int, projects: tuple[str, ...]) -> tuple[Reader, Solution]:
        """Return a year with some projects, solved from where the year without them ended."""
        key = (year, projects)
        if key not in self._solved:
            model, begin = pivoted(self.raw(year, projects), self.pivot)
            if projects:
                _, before = self.solved(year, ())
                start = before.wait if before.wait.shape == begin.shape else begin
                model = enlarged(model, self._factors[year])
                solution = settled(model, start)
            else:
                solution, self._factors[year] = self._answered(model, begin, year)
                model = enlarged(model, self._factors[year])
            self._models[key], self._solved[key] = (model, Reader(model)), solution
        return self._models[key][1], self._solved[key]

    def _answered(self, model: Model, begin: object, year: int) -> tuple[Solution, dict[str, float]]:
        base = next(iter(self.corridor.about.rows)).base_year
        cap = (1.0 + self.terms.value("operator-cap")) ** (year - base) if self.respond else 1.0
        return responded(model, begin, cap, self.terms.value("operator-use"))  # type: ignore[arg-type]

    def gains(self, year: int, projects: tuple[str, ...], beside: tuple[str, ...] = ()) -> Gains:
        """Return what some projects give in a year over others that are there in any event."""
        (reader, before), (own, after) = self.solved(year, beside), self.solved(year, projects)
        without, within = reader.welfare(before, year), own.welfare(after, year)
        calm, calmer = unsure(reader.model, before), unsure(own.model, after)
        return gains_of(without, within, reader.welfare(calm, year), own.welfare(calmer, year))

    def factors(self, year: int) -> Mapping[str, float]:
        """Return by how much operators enlarged their fleets in the year without projects."""
        self.solved(year, ())
        return self._factors[year]


def appraise(  # noqa: PLR0913 - each is one term of the question
    corridor: Corridor,
    package: str,
    *,
    projects: Sequence[str] = (),
    rate: float | str = 0.05,
    minimum: str | None = None,
    leave_out: Sequence[str] = (),
    respond: bool = True,
    candidates: bool = False,
    draws: int = 0,
    seed: int = 1,
    workers: int = 1,
    portfolio: bool = False,
    budget: float | None = None,
    detail: bool = False,
    under: Sequence[str] = (),
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Appraisal:
    """Return what a package of projects gives over the case without, for whom, and whether it pays.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    package : id of a package of the corridor
    projects : ids of its projects to look at; its seeds by default
    rate : real discount rate a year, or the id of an institution's
    minimum : scenario that is the case without; that of the package by default, ``base`` for none
    leave_out : effects of projects that are switched off, as ``project:seq`` of ``changes``
    respond : whether operators enlarge their fleets when these run short, in both cases alike
    candidates : look at the candidates of the package too
    draws : how often everything is drawn again and every year solved again; 0 is the central case alone
    seed : of the draws
    workers : processes that share the draws; the answer is the same
    portfolio : solve every set of the projects that have a cost and an effect, and choose among them
    budget : most capital that a chosen set may cost [EUR of the price year]
    detail : look at each measure of a project alone, plan the shipments of the package without and with, and count the
        base year on every published basis
    under : scenarios that hold in both cases, one after the other: what the projects are worth under each; ``named``
        stands for all that the package names
    folder : where every finished draw is kept, so that a call that was stopped goes on from there; None keeps nothing
    progress : called with what is done next

    Raises
    ------
    RequestError, ScenarioError, DataError
        With everything that is wrong with the question or the data.

    Examples
    --------
    >>> import transcaspian as tc
    >>> answer = appraise(tc.load(), "eu-2025", projects=["visa-facilitation"])
    >>> answer.projects[0].npv is None, answer.anchor_years
    (True, (2028, 2030, 2032))
    """
    asked = Question(
        package,
        tuple(projects),
        rate,
        minimum,
        tuple(leave_out),
        respond,
        candidates,
        draws,
        seed,
        portfolio,
        budget,
        detail,
        tuple(under),
    )
    return _Study(corridor, asked, progress or (lambda words: None), workers, folder).answer()


def share_of(text: str) -> float | str:
    """Return a rate as a share, or the text itself where it names an institution.

    >>> share_of("5%"), share_of("0.055"), share_of("kazakhstan")
    (0.05, 0.055, 'kazakhstan')
    """
    percent = text.strip().endswith("%")
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        return text
    return number / 100.0 if percent else number


def amount_of(text: str) -> float:
    """Return an amount of money in words as a number.

    Raises
    ------
    RequestError
        If it is none.

    >>> amount_of("500M"), amount_of("1.5bn")
    (500000000.0, 1500000000.0)
    """
    for unit, factor in (("bn", 1e9), ("M", 1e6), ("m", 1e6), ("k", 1e3), ("", 1.0)):
        number = text.strip().removesuffix(unit)
        if text.strip().endswith(unit) and number.replace(".", "", 1).isdigit():
            return float(number) * factor
    raise RequestError([Problem("request", "", "budget", text, "an amount such as 500M, 1.5bn or 45000000")])


def with_traffic(corridor: Corridor, path: Path) -> Corridor:
    """Return a corridor with the traffic of its sections read from a CSV file.

    Raises
    ------
    DataError
        With everything that is wrong with the file.
    """
    problems: list[Problem] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem("section_traffic", str(path), "", str(error), "a CSV file in UTF-8")]) from None
    reading = Reading("section_traffic", problems)
    reading.add_csv(text, path.name)
    changed = replace(corridor, section_traffic=Table(reading.rows))
    problems += [] if problems else [*unknown_references(changed), *uncounted_sections(changed), *ranges(changed)]
    if problems:
        raise DataError(problems)
    return changed


def _moved(outlay: Outlay, later: int) -> Outlay:
    """Return money that is spent some years later."""
    if outlay.from_year is None:
        return outlay
    until = None if outlay.until_year is None else outlay.until_year + later
    return replace(outlay, from_year=outlay.from_year + later, until_year=until)


def _group(corridor: Corridor, cargo: str) -> str:
    """Return the group of forms of a cargo as it is typed, such as ``12x40HC``."""
    wanted = cargo.partition("x")[2].lower()
    return next((f.group for f in corridor.forms.rows if wanted in (f.id, f.id.removeprefix("box-"))), "")


class _Study:
    """One question on one corridor."""

    def __init__(
        self, corridor: Corridor, asked: Question, progress: Progress, workers: int = 1, folder: Path | None = None
    ) -> None:
        self.corridor, self.asked, self.workers, self.folder = corridor, asked, workers, folder
        self.terms = terms_of(corridor)
        self.changes = {key: list(value) for key, value in bundled_changes(corridor, parse_value).items()}
        self.package, self.projects, self.rate = self._checked()
        self.minimum = resolve(corridor, asked.minimum or self.package.minimum)
        self.runs = Runs(corridor, self.minimum, self.changes, self.terms, asked.respond, progress)
        self.others: dict[str, _Study] = {}
        self.standing = Standing(
            {o.id: o.country for o in corridor.operators.rows}
            | {TERMINALS.format(country=c.id): c.id for c in corridor.countries.rows},
            self._perspectives(),
        )

    def _perspectives(self) -> dict[str, frozenset[str]]:
        """Return the countries of each perspective by its name; a customs area has its taxpayers with it."""
        rows = [r for r in self.corridor.perspectives.rows if r.package == self.package.id]
        found = {}
        for row in rows:
            own = {
                c.country
                for c in self.corridor.perspective_countries.rows
                if (c.package, c.perspective) == (row.package, row.id)
            }
            area = {c.id for c in self.corridor.countries.rows if row.customs and c.customs == row.customs}
            found[row.name] = frozenset({*own, *area, *([f"taxpayers-{row.customs}"] if row.customs else [])})
        return found

    # --- the question ------------------------------------------------------------------------------------------------

    def _checked(self) -> tuple[Package, tuple[Project, ...], float]:
        """Return package, projects and rate, or raise every problem of the question at once."""
        corridor, asked, problems = self.corridor, self.asked, list[Problem]()
        package = corridor.packages.get(asked.package)
        if package is None:
            right = f"a package: {nearest(asked.package, corridor.packages)}"
            problems.append(Problem("request", "", "package", asked.package, right))
        rows = [r for r in corridor.package_projects.rows if r.package == asked.package]
        rows.sort(key=lambda r: r.seq)
        known = [r.project for r in rows]
        for name in asked.projects if package else ():
            if name not in known:
                problems.append(Problem("request", "", "projects", name, f"of the package: {nearest(name, known)}"))
        problems += self._switched()
        rate = self._rate(problems)
        if not 0 <= asked.draws <= MOST_DRAWS:
            problems.append(Problem("request", "", "draws", str(asked.draws), f"a number from 0 to {MOST_DRAWS}"))
        if problems or package is None:
            raise RequestError(problems)
        listed = asked.projects or [r.project for r in rows if asked.candidates or r.role == "seed"]
        return package, tuple(corridor.projects[p] for p in known if p in listed), rate

    def _switched(self) -> list[Problem]:
        """Take the effects that are switched off out of the changes; return what names none."""
        problems = []
        known = [f"{row.owner}:{row.seq}" for row in self.corridor.changes.rows]
        for name in self.asked.leave_out:
            if name not in known:
                right = f"an effect, as project:seq of changes: {nearest(name, known)}"
                problems.append(Problem("request", "", "leave-out", name, right))
        for owner in {name.partition(":")[0] for name in self.asked.leave_out}:
            rows = sorted((r for r in self.corridor.changes.rows if r.owner == owner), key=lambda r: r.seq)
            self.changes[owner] = [
                change
                for row, change in zip(rows, self.changes.get(owner, ()), strict=True)
                if f"{owner}:{row.seq}" not in self.asked.leave_out
            ]
        return problems

    def _rate(self, problems: list[Problem]) -> float:
        asked, rates = self.asked.rate, self.corridor.discount_rates
        if isinstance(asked, str):
            if asked in rates:
                return float(rates[asked].rate)
            right = f"a share such as 0.05 or 5%, or an institution: {nearest(asked, rates)}"
            problems.append(Problem("request", "", "rate", asked, right))
            return 0.0
        if not -0.5 < asked < 1:
            problems.append(Problem("request", "", "rate", f"{asked:g}", "a share above -0.5 and below 1"))
        return float(asked)

    # --- the answer --------------------------------------------------------------------------------------------------

    @cached_property
    def anchors(self) -> tuple[int, ...]:
        """The years that are worked out: when the first project opens, when growth ends, and one between."""
        opens = [p.opens for p in self.projects if p.opens is not None and self._has_effect(p.id)]
        ends = round(self.terms.value("growth-ends"))
        first = min([year for year in opens if year <= ends] or [ends - 4])
        return tuple(sorted({first, (first + ends) // 2, ends}))

    def _has_effect(self, project: str) -> bool:
        return bool(self.changes.get(project))

    def answer(self) -> Appraisal:
        """Return all of it."""
        results = tuple(self._project(p) for p in self.projects)
        joint = [p for p in self.projects if self._has_effect(p.id)]
        risk, binding = self._risk(joint) if joint and self.asked.draws else (None, None)
        together = self._together(joint) if len(joint) > 1 else None
        corridor, asked = self.corridor, self.asked
        return Appraisal(
            self.package.id,
            self.package.name,
            self.package.name_ru or self.package.name,
            self.rate,
            asked.rate if isinstance(asked.rate, str) else "",
            self.terms.price_year,
            self.anchors,
            tuple(self._minimum_words()),
            tuple(self._response_words()) if joint else (),
            results,
            together,
            tuple(section_result(s, self.rate, self._announced(s)) for s in self.sections),
            tuple(self._ladders()),
            tuple(binding or self._binding(joint)) if joint else (),
            tuple(RateResult(r.id, r.institution, r.rate, r.source is not None) for r in corridor.discount_rates.rows),
            tuple(at_rates(results, self.rate)),
            risk,
            self._portfolio(joint) if asked.portfolio or asked.budget is not None else None,
            tuple(assumptions_of(corridor, {p.id for p in self.projects})),
            tuple(self._measures(joint)) if asked.detail else (),
            tuple(self._under(joint)),
            tuple(self._shipments(joint)) if asked.detail else (),
            self._counts() if asked.detail else (),
            tuple(self._faces(joint)) if joint else (),
            tuple(self._names(results)),
            (),
            corridor_id(corridor),
            self._run_id(),
        )

    def _measures(self, joint: Sequence[Project]) -> Iterator[MeasureResult]:
        """Give what each measure of a project gives alone, and all together, in the last year worked out."""
        year = self.anchors[-1]
        for project in joint:
            rows = sorted((r for r in self.corridor.changes.rows if r.owner == project.id), key=lambda r: r.seq)
            rows = [r for r in rows if f"{r.owner}:{r.seq}" not in self.asked.leave_out]
            names = list(dict.fromkeys(r.measure for r in rows if r.measure))
            if len(names) < 2:
                continue
            for name in (*names, ""):
                key = f"{project.id}/{name}" if name else project.id
                own = zip(rows, self.changes[project.id], strict=True)
                self.changes[key] = [change for row, change in own if name in ("", row.measure)]
                yield measure_result(project.id, name or "all-together", self.runs.gains(year, (key,)))

    def _under(self, joint: Sequence[Project]) -> Iterator[UnderResult]:
        """Give net present values when a scenario holds in both cases, for the projects that have one."""
        for name in self._scenarios():
            words = self.corridor.scenarios[name].name if name in self.corridor.scenarios else name
            other = self._other(name)
            for project in joint:
                found = other._project(project)
                if found.npv is not None:
                    gap = max(anchor.gap for anchor in found.anchors)
                    last = found.anchors[-1]
                    yield UnderResult(
                        name, words, project.id, found.npv, found.npv_reliable, found.roots, found.bcr, last.tonnes, gap
                    )

    def _other(self, name: str) -> "_Study":
        """Return the same question where a scenario holds in both cases; its runs are made once."""
        if name not in self.others:
            scenario = resolve(self.corridor, name)
            both = Scenario(name, self.minimum.changes + scenario.changes)
            self.others[name] = other = copy(self)
            other.runs = Runs(self.corridor, both, self.changes, self.terms, self.asked.respond, self.runs.progress)
            # Most of the scenarios leave most of the arcs alone, and the base year is the base year under all of them.
            other.runs.memories = self.runs.memories
            if any(self._has_effect(p.id) for p in self.projects):
                other.runs.__dict__.update({name: getattr(self.runs, name) for name in ("base", "pivot")})
        return self.others[name]

    def _scenarios(self) -> tuple[str, ...]:
        """Return the scenarios asked for; ``named`` stands for all that the package names."""
        rows = sorted(self.corridor.package_scenarios.rows, key=lambda r: r.seq)
        named = [r.scenario for r in rows if r.package == self.package.id]
        return tuple(dict.fromkeys(s for name in self.asked.under for s in (named if name == NAMED else [name])))

    def _faces(self, joint: Sequence[Project]) -> Iterator[FaceResult]:
        """Give what the projects mean to cargo of the countries and kinds of the package's shipments, in the mean."""
        year, corridor = self.anchors[-1], self.corridor
        gains = self.runs.gains(year, tuple(p.id for p in joint))
        # The part of a demand that keeps out of a country bears its name with a remark.
        demands = [corridor.demand[name.partition(" (")[0]] for name in gains.demands]
        groups = [corridor.forms[d.form].group for d in demands]
        rows = [r for r in corridor.package_shipments.rows if r.package == self.package.id]
        known = {(corridor.places[r.origin].country, _group(corridor, r.cargo)): None for r in rows}
        for country, group in known:
            own = np.array([(o, g) == (country, group) for o, g in zip(gains.origins, groups, strict=True)])
            volume = float(gains.volume[own].sum())
            if volume > 0 and country:
                loads = sum(d.units for d, mine in zip(demands, own, strict=True) if mine)
                tonnes = sum(d.tonnes for d, mine in zip(demands, own, strict=True) if mine)
                users, sure = float(gains.users[own].sum()), float(gains.reliability[own].sum())
                more = float(gains.tonnes[own].sum())
                yield FaceResult(country, group, year, tonnes / loads, volume, more, users / volume, sure / volume)

    def _names(self, results: Sequence[ProjectResult]) -> Iterator[NameResult]:
        """Give what the countries of the answer are called."""
        wanted = {share.name for p in results for share in p.by_country}
        wanted |= {self.corridor.places[r.origin].country or "" for r in self.corridor.package_shipments.rows}
        for row in self.corridor.countries.rows:
            if row.id in wanted:
                yield NameResult(row.id, row.name, row.name_ru or row.name)

    def _counts(self) -> tuple[Counted, ...]:
        base = next(iter(self.corridor.about.rows)).base_year
        self.runs.progress(f"counts of {base}")
        return assign(self.corridor, base).counts

    def _shipments(self, joint: Sequence[Project]) -> Iterator[ShipmentResult]:
        """Give the shipments of the package on a day of the first year worked out, without and with the projects."""
        day = date(self.anchors[0], 7, 1)
        own = tuple(change for p in joint for change in self.changes[p.id])
        cases = [("without", self.minimum), ("with", Scenario("with", self.minimum.changes + own))]
        corridors = [(name, apply_on(self.corridor, s, day) if s.changes else self.corridor) for name, s in cases]
        for row in self.corridor.package_shipments.rows:
            if row.package == self.package.id:
                self.runs.progress(f"{row.origin} - {row.destination}")
                asked = {"cargo": row.cargo, "commodity": row.commodity, "depart": day.isoformat()}
                ways = [
                    way_result(name, itinerary)
                    for name, corridor in corridors[: 2 if joint else 1]
                    for itinerary in plan(corridor, row.origin, row.destination, **asked).itineraries[:WAYS]
                ]
                origin, destination = (self.corridor.places[p].name for p in (row.origin, row.destination))
                yield ShipmentResult(origin, destination, row.cargo, row.commodity, tuple(ways))

    def _run_id(self) -> str:
        text = scenario_id(self.corridor, self.minimum) + repr(self.asked)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _draws_id(self, joint: Sequence[Project]) -> str:
        """Return a hash of everything that a draw depends on, the program included, but not of how many there are."""
        asked = self.asked
        text = scenario_id(self.corridor, self.minimum) + source_id()
        text += repr((asked.package, [p.id for p in joint], self.rate, asked.leave_out, asked.respond, asked.seed))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _case(self, project: Project, projects: tuple[str, ...]) -> Case:
        outlays = tuple(o for o in self.corridor.outlays.rows if o.project in projects)
        legs = tuple(x for x in self.corridor.financing_legs.rows if x.project in projects)
        opens = project.opens or self.anchors[0]
        gains = {year: self.runs.gains(year, projects) for year in self.anchors} if self._any(projects) else {}
        rows = self.corridor.package_projects
        role = next((r.role for r in rows.rows if r.project == project.id and r.package == self.package.id), "set")
        span = span_of(outlays, self.terms.price_year, opens, project.years)
        return Case(project, role, outlays, legs, gains, span, tuple(self._notes(project, outlays, bool(gains))))

    def _any(self, projects: tuple[str, ...]) -> bool:
        return any(self._has_effect(p) for p in projects)

    def _project(self, project: Project) -> ProjectResult:
        return assess(self._case(project, (project.id,)), self.terms, self.standing, self.rate)

    def _notes(self, project: Project, outlays: Sequence[object], effect: bool) -> list[str]:
        found = [project.note] if project.note else []
        if project.id in {s.project for s in self.corridor.highway_sections.rows}:
            found.append("appraised by section, whole, and not by its sum: see the sections")
        elif project.status == "done" and not effect:
            found.append("in service: part of the case without, so nothing is left to appraise")
        elif not effect:
            found.append("nobody has published what it changes: no benefit can be worked out")
        if effect and not outlays:
            found.append("its cost is not published: what it gives stands alone, without a net present value")
        return found

    def _whole(self, joint: Sequence[Project]) -> Project:
        """Return several projects as one."""
        opens = min(p.opens or self.anchors[0] for p in joint)
        return replace(
            joint[0], id="together", name="All of these together", name_ru="Все вместе", opens=opens, note=None,
            years=max(p.years for p in joint), status="announced",
        )  # fmt: skip

    def _together(self, joint: Sequence[Project]) -> ProjectResult:
        case = self._case(self._whole(joint), tuple(p.id for p in joint))
        return assess(case, self.terms, self.standing, self.rate)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Sections of road of the projects asked for."""
        wanted = {p.id: p for p in self.projects}
        rows = [s for s in self.corridor.highway_sections.rows if s.project in wanted]
        years = max((wanted[s.project].years for s in rows), default=25)
        tables = self.corridor.road_vehicles.rows, self.corridor.section_traffic.rows
        return sections_of(rows, *tables, self.terms, years)

    def _announced(self, section: Section) -> float | None:
        return self.corridor.projects[section.row.project].announced

    def _ladders(self) -> list[LadderResult]:
        found = []
        for row in self.corridor.port_ladders.rows:
            if row.project in {p.id for p in self.projects}:
                hand = hand_check(row)
                rungs = tuple(RungResult(r.name, r.teu, r.words) for r in ladder(row))
                found.append(
                    LadderResult(
                        row.id, self.corridor.places[row.place].name, rungs, hand.hours, hand.cycle, hand.more, hand.teu
                    )
                )
        return found

    def _portfolio(self, joint: Sequence[Project]) -> PortfolioResult:
        """Return which projects to take, of those with a cost and an effect."""
        rows = [r for r in self.corridor.outlays.rows if r.kind == "capital"]
        priced = [p.id for p in joint if any(r.project == p.id for r in rows)]
        if len(priced) < 2:
            right = "two projects or more that have both a published cost and an effect"
            raise RequestError([Problem("request", "", "portfolio", ", ".join(priced) or "none", right)])
        factor = self.terms.rates.factor
        costs = {p: sum(r.amount * factor(r.currency, r.price_year) for r in rows if r.project == p) for p in priced}
        needs = [(r.project, r.other) for r in self.corridor.project_needs.rows if r.kind == "needs"]
        excludes = [(r.project, r.other) for r in self.corridor.project_needs.rows if r.kind == "excludes"]
        budget = self.asked.budget
        found = portfolio_of(priced, self._worth(joint), costs, budget, needs, excludes)
        chosen = frozenset(p.id for p in found.places if p.chosen)
        sets = [frozenset[str](), *(frozenset({p}) for p in priced), frozenset(priced)]
        fitting = [
            s for s in sets if allowed(s, needs, excludes) and (budget is None or sum(costs[p] for p in s) <= budget)
        ]
        worth = {name: self._other(name)._worth(joint) for name in self._scenarios()}
        starts = tuple(self._starts([p for p in joint if p.id in chosen]))
        return replace(found, regrets=regrets(chosen, fitting, worth), starts=starts)

    def _worth(self, joint: Sequence[Project]) -> Callable[[frozenset[str]], float]:
        """Return the net present value of every set of projects, each worked out once."""
        known: dict[frozenset[str], float] = {frozenset(): 0.0}

        def value(some: frozenset[str]) -> float:
            if some not in known:
                chosen = [p for p in joint if p.id in some]
                case = self._case(self._whole(chosen), tuple(p.id for p in chosen))
                known[some] = assess(case, self.terms, self.standing, self.rate).npv or 0.0
            return known[some]

        return value

    def _starts(self, chosen: Sequence[Project]) -> Iterator[StartResult]:
        """Give what each chosen project adds to the others if it is begun later, money and opening moved alike."""
        every = tuple(p.id for p in chosen)
        for project in chosen:
            others = tuple(p for p in every if p != project.id)
            gains = {year: self.runs.gains(year, every, others) for year in self.anchors}
            plain = self._case(project, (project.id,))
            first = project.opens or self.anchors[0]
            values = []
            for later in range(LATER + 1):
                outlays = tuple(_moved(o, later) for o in plain.outlays)
                span = span_of(outlays, self.terms.price_year, first + later, project.years)
                moved = replace(project, opens=first + later)
                case = replace(plain, project=moved, outlays=outlays, gains=gains, span=span)
                values.append(assess(case, self.terms, self.standing, self.rate).npv or 0.0)
            opens = tuple(range(first, first + LATER + 1))
            yield StartResult(project.id, opens, tuple(values), opens[int(np.argmax(values))])

    def _binding(self, joint: Sequence[Project]) -> list[BindingResult]:
        names = tuple(p.id for p in joint)
        held = {}
        for case, own in (("without", ()), ("with", names)):
            for year in self.anchors:
                reader, solution = self.runs.solved(year, own)
                held[year, case] = held_back(reader.model, solution)
        return self._bound([held], names)

    def _bound(
        self, draws: Sequence[Mapping[tuple[int, str], NDArray[np.bool_]]], names: tuple[str, ...]
    ) -> list[BindingResult]:
        """Return in which share of runs each limit holds cargo back, month by month; with the projects of ``names``."""
        found = []
        for year, case in draws[0]:
            # A project may bring a limit of its own: each case has its own list.
            reader, _ = self.runs.solved(year, names if case == "with" else ())
            share = np.mean([held[year, case] for held in draws], axis=0)
            for limit, months_held in zip(reader.model.table.limits, share, strict=True):
                if months_held.any():
                    series = tuple(float(m) for m in months_held)
                    found.append(BindingResult(limit.id, limit.name, limit.kind, case, year, series))
        return found

    def _risk(self, joint: Sequence[Project]) -> tuple[RiskResult, list[BindingResult]]:
        """Return what draws say of each project that has a cost, and of all together, and what binds in them."""
        job = self.job(joint)
        draws = drawn(job, self.workers, self.runs.progress, self.folder)
        held = [draw.held for draw in draws if draw.held]
        return risk_of(job, draws), self._bound(held, job.cases[-1][1]) if held else self._binding(joint)

    def job(self, joint: Sequence[Project]) -> Job:
        """Return what every draw needs."""
        sets = [(p, (p.id,)) for p in joint if any(o.project == p.id for o in self.corridor.outlays.rows)]
        cases: list[tuple[Case, tuple[str, ...]]] = [(self._case(p, names), names) for p, names in sets]
        if len(joint) > 1:
            whole = self._whole(joint)
            cases.append((self._case(whole, tuple(p.id for p in joint)), tuple(p.id for p in joint)))
        keys = [(year, names) for year in self.anchors for names in ((), *(names for _, names in cases))]
        solved = {key: self.runs.solved(*key) for key in keys}
        raws = {key: self.runs.raw(*key) for key in keys}
        return Job(
            self.runs.base,
            raws,
            {(year, names): blend(raws[year, ()], raws[year, names]) for year, names in keys if names},
            {key: on_water(raw, self.package.water or "") for key, raw in raws.items()},
            {key: solution.wait for key, (_, solution) in solved.items()},
            {key: reader for key, (reader, _) in solved.items()},
            {year: self.runs.factors(year) for year in self.anchors},
            tuple(cases),
            self.terms,
            self.standing,
            self.rate,
            self.asked.draws,
            self.asked.seed,
            self.anchors,
            self._draws_id(joint),
        )

    def _minimum_words(self) -> list[str]:
        rows = [r for r in self.corridor.changes.rows if r.owner == self.minimum.name]
        note = self.corridor.scenarios[self.minimum.name].note if self.minimum.name in self.corridor.scenarios else None
        return ([note] if note else []) + [
            f"{row.target} {row.attribute} {row.operation} {row.value}"
            + (f" from {row.from_date}" if row.from_date else "")
            + (f": {row.reason}" if row.reason else "")
            for row in rows
        ]

    def _response_words(self) -> list[str]:
        return [
            f"{year}: {limit} x {factor:.2f}"
            for year in self.anchors
            for limit, factor in sorted(self.runs.factors(year).items())
        ]
