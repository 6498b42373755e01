"""This module owns the use case ``appraise``: a package of projects against the case without, and what comes of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.assess import Case, Standing
from transcaspian.appraisal.assumptions import Used, assumptions_of, names_of_target, table_of_target
from transcaspian.appraisal.highways import Section, sections_of
from transcaspian.appraisal.port import ladder
from transcaspian.appraisal.tables import at_rates, measure_result, section_result, way_result
from transcaspian.appraisal.terms import terms_of
from transcaspian.assignment.answer import counted, counts_of
from transcaspian.assignment.flows import Model, pivoted, solve
from transcaspian.assignment.settle import held_back
from transcaspian.assignment.vary import blend, on_water
from transcaspian.assignment.way import TERMINALS
from transcaspian.errors import NoRouteError, RequestError
from transcaspian.io.tables import parse_value
from transcaspian.model.change import Change
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import ChangeRow
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.corridor.project import PackageShipment, PortLadder, Project
from transcaspian.model.counter import parse_counter
from transcaspian.model.scenario import Scenario, apply_on, bundled_changes, scenario_id
from transcaspian.report.appraise_words import changed_words, said
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import (
    TOGETHER,
    Appraisal,
    BindingResult,
    FaceResult,
    LadderResult,
    MeasureResult,
    PortfolioResult,
    RateResult,
    ResponseResult,
    RiskResult,
    SectionResult,
    ShareResult,
    ShipmentResult,
    UnderResult,
)
from transcaspian.results.flows import Counted
from transcaspian.results.itinerary import Itinerary
from transcaspian.routing.plan import short_name
from transcaspian.study.assign import model_for
from transcaspian.study.beside import Answer, Beside
from transcaspian.study.cases import Cases
from transcaspian.study.code import source_id
from transcaspian.study.conditions import waiting
from transcaspian.study.names import names_of
from transcaspian.study.plan import plan
from transcaspian.study.portfolio import glance_of, portfolio_of, sets_for
from transcaspian.study.question import (
    UNANSWERED,
    Question,
    chooses,
    costs_of,
    has_effect,
    minimum_of,
    problems_of,
    projects_of,
    rate_of,
    scenarios_of,
    unshared,
)
from transcaspian.study.risk import Job, drawn, risk_of, values_of
from transcaspian.study.runs import Found, Progress, Runs
from transcaspian.study.scenarios import resolve

LIKELY = ("overrun-port", "delay", "effect")
"""Unit values that say where cost, date and effect are likelier to come out than as announced."""

WAYS = 6
"""Ways of a shipment that are shown."""


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
    cluster: str | None = None,
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
    projects : ids of its projects to look at; its seeds by default, with a budget its candidates too
    rate : real discount rate a year, or the id of an institution's
    minimum : scenario that is the case without; that of the package by default, ``base`` for none
    leave_out : effects of projects, or rows of the case without, that are switched off, as ``owner:seq`` of ``changes``
    respond : whether operators enlarge their fleets when these run short, in both cases alike
    candidates : look at the candidates of the package too
    draws : how often everything is drawn again and every year solved again; 0 is the central case alone
    seed : of the draws
    workers : processes that share the draws; the answer is the same
    cluster : address of a Dask scheduler on which the draws are made instead; the answer is the same
    portfolio : solve every set of the projects that have a cost and an effect, and choose among them; without it
        ``detail`` sets those of the package beside one another, alone and taken out of all, if none are named
    budget : most capital that a chosen set may cost [EUR of the price year]; asks for a portfolio
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
    (True, (2027, 2029, 2032))
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
    return answer(corridor, asked, workers=workers, cluster=cluster, folder=folder, progress=progress)


def answer(
    corridor: Corridor,
    asked: Question,
    *,
    workers: int = 1,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Appraisal:
    """Return the answer to a question that is put together already; the rest as ``appraise`` has it."""
    return _Study(corridor, asked, progress or (lambda words: None), workers, folder, cluster).answer()


def _group(corridor: Corridor, cargo: str) -> str:
    """Return the group of forms of a cargo as it is typed, such as ``12x40HC``."""
    wanted = cargo.partition("x")[2].lower()
    return next((f.group for f in corridor.forms.rows if wanted in (f.id, f.id.removeprefix("box-"))), "")


def _shown(corridor: Corridor, row: PackageShipment, day: date) -> Iterator[tuple[Itinerary, bool]]:
    """Give the cheapest ways of a shipment, and those over its gateways, each with whether it is one of these.

    Over the gateways it is the cheapest and the cheapest that is sold whole at a through rate: what is published of a
    corridor is the price of its own way, which need not be among the cheapest when it is crowded.
    """
    asked = {"cargo": row.cargo, "commodity": row.commodity, "depart": day.isoformat()}
    cheapest = plan(corridor, row.origin, row.destination, **asked).itineraries[:WAYS]
    over: list[Itinerary] = []
    if row.gateways:
        with suppress(NoRouteError):  # where a gateway is closed there is no way over it to show
            every = plan(corridor, row.origin, row.destination, require=row.gateways, **asked).itineraries
            over = [every[0], *[way for way in every[1:] if way.price.basis == "through rate"][:1]]
    # The two plans name the same way differently where they tell it from different others.
    sought = [_rides(way) for way in over]
    yield from ((way, _rides(way) in sought) for way in cheapest)
    known = [_rides(way) for way in cheapest]
    yield from ((way, True) for way in over if _rides(way) not in known)


def _rides(way: Itinerary) -> list[tuple[str, tuple[str, ...]]]:
    """Return the services that a way rides, each with its links: what makes it the same way."""
    return [(leg.service, leg.links) for leg in way.legs]


def _reasoned(reason: str | None, what: str) -> str:
    return f"{reason} ({what})" if reason else what


FEW = 3
"""Projects of which a report solves every set unasked: so few sets are nearly all solved for the rest of it."""


class _Study:
    """One question on one corridor."""

    def __init__(
        self,
        corridor: Corridor,
        asked: Question,
        progress: Progress,
        workers: int = 1,
        folder: Path | None = None,
        cluster: str | None = None,
    ) -> None:
        self.corridor, self.asked = corridor, asked
        self.workers, self.folder, self.cluster = workers, folder, cluster
        problems = [*problems_of(corridor, asked), *unshared(workers)]
        if problems:
            raise RequestError(problems)
        self.terms = terms_of(corridor)
        self.changes: dict[str, Sequence[Change]] = {
            key: list(value) for key, value in bundled_changes(corridor, parse_value).items()
        }
        self.package, self.projects = corridor.packages[asked.package], projects_of(corridor, asked)
        self.rate, self.minimum = rate_of(corridor, asked), minimum_of(corridor, asked)
        self._switch_off()
        self.beside = Beside(workers, progress)
        say = self.beside.say
        self.runs = Runs(corridor, self.minimum, self.changes, self.terms, asked.respond, say, self.anchors)
        self.standing = Standing(
            {o.id: o.country for o in corridor.operators.rows}
            | {TERMINALS.format(country=c.id): c.id for c in corridor.countries.rows},
            self._perspectives(),
        )
        self.cases = Cases(corridor, self.package, self.terms, self.standing, self.rate, self.anchors, self.runs)
        self.others: dict[str, Cases] = {}

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

    def _switch_off(self) -> None:
        """Take what is switched off out of the changes, and out of the case without."""
        for owner in {name.partition(":")[0] for name in self.asked.leave_out}:
            rows = sorted((r for r in self.corridor.changes.rows if r.owner == owner), key=lambda r: r.seq)
            every = list(zip(self._left_in(rows), self.changes.get(owner, ()), strict=True))
            self.changes[owner] = [change for left_in, change in every if left_in]
            off = [change for left_in, change in every if not left_in]
            kept = tuple(change for change in self.minimum.changes if change not in off)
            self.minimum = replace(self.minimum, changes=kept)

    def _left_in(self, rows: Sequence[ChangeRow]) -> list[bool]:
        """Return which rows of changes are not switched off."""
        return [f"{row.owner}:{row.seq}" not in self.asked.leave_out for row in rows]

    def _minimum_rows(self) -> list[ChangeRow]:
        """Return the rows of the case without that are not switched off."""
        rows = [r for r in self.corridor.changes.rows if r.owner == self.minimum.name]
        return list(compress(rows, self._left_in(rows)))

    # --- the answer --------------------------------------------------------------------------------------------------

    @cached_property
    def anchors(self) -> tuple[int, ...]:
        """The years that are worked out: when the first project of the package opens, when growth ends, one between.

        They are the same whichever of its projects are asked for, so that a project is worth the same beside others.
        """
        named = [r.project for r in self.corridor.package_projects.rows if r.package == self.package.id]
        every = [self.corridor.projects[p] for p in (*named, *(p.id for p in self.projects))]
        opens = [p.opens for p in every if p.opens is not None and self._has_effect(p.id)]
        ends = round(self.terms.value("growth-ends"))
        first = min([year for year in opens if year <= ends] or [ends - 4])
        return tuple(sorted({first, (first + ends) // 2, ends}))

    def _has_effect(self, project: str) -> bool:
        return has_effect(self.corridor, self.asked, project)

    def answer(self) -> Appraisal:
        """Return all of it."""
        with self.beside:
            return self._answer([p for p in self.projects if self._has_effect(p.id)])

    def _answer(self, joint: Sequence[Project]) -> Appraisal:
        corridor, asked, begin = self.corridor, self.asked, self.beside.begin
        sections = begin(self._section_results)
        further = self._begun(joint)
        details = begin(partial(self._details, joint, self.runs.apart())) if asked.detail else None
        shipments = begin(lambda: tuple(self._shipments(joint))) if asked.detail else None
        results = tuple(self.cases.alone(p) for p in self.projects)
        risk, binding = self._risk(joint) if joint and asked.draws else (None, None)
        together = self.cases.together(joint) if len(joint) > 1 else None
        for runs, welfare in further:
            runs.learn(welfare.value())
        counts, measures, ladders = details.value() if details else ((), (), tuple(self._ladders((), (), self.runs)))
        found = Appraisal(
            self.package.id,
            self.package.name,
            self.package.name_ru or self.package.name,
            self.rate,
            asked.rate if isinstance(asked.rate, str) else "",
            self.terms.price_year,
            corridor.base_year,
            self.anchors,
            tuple(self._minimum_words()),
            tuple(self._minimum_in_russian()),
            tuple(self._responses()) if joint else (),
            results,
            together,
            sections.value(),
            ladders,
            tuple(binding or self._binding(joint)) if joint else (),
            tuple(
                RateResult(r.id, r.institution, r.institution_ru or r.institution, r.rate, r.source is not None)
                for r in corridor.discount_rates.rows
            ),
            tuple(at_rates(results, self.rate)),
            risk,
            self._portfolio(joint),
            tuple(assumptions_of(corridor, self._used(joint))),
            tuple(ShareResult(name, self.terms.rows[name][0].value) for name in LIKELY if name in self.terms.rows),
            measures,
            tuple(self._under(joint)),
            tuple(row for p in joint for row in self.cases.wider(p)),
            shipments.value() if shipments else (),
            counts,
            tuple(self._faces(joint)) if joint else (),
            (),
            (),
            corridor_id(corridor),
            self._run_id(),
        )
        return replace(found, names=names_of(corridor, found))

    def _begun(self, joint: Sequence[Project]) -> list[tuple[Runs, Answer[Found]]]:
        """Begin everything else that is solved, as soon as it can be, and return whose runs are to learn of it."""
        listed, choose = self._set_beside(joint)
        sets = sets_for(self.cases, listed, choose=choose)
        every = tuple(p.id for p in joint)
        own = list(dict.fromkeys([*((p,) for p in every), *([every] if every else [])]))
        others = [(), *own[: len(every)], *(sets if choose else ())]
        found = []
        for year in self.anchors if own or sets else ():
            self.runs.all_welfare([year], own)
            if sets:
                found.append((self.runs, self.beside.begin(partial(self.runs.apart().all_welfare, [year], sets))))
        names = self._scenarios() if joint else []
        if names:  # their choice sets are kept from those of the centre
            self.runs.frame(self.anchors, others)
        under = [self._other(name).runs for name in names]
        works = [partial(runs.apart().all_welfare, self.anchors, others) for runs in under]
        return found + list(zip(under, map(self.beside.begin, works), strict=True))

    def _section_results(self) -> tuple[SectionResult, ...]:
        return tuple(section_result(s, self.rate, self._announced(s)) for s in self.sections)

    def _details(
        self, joint: Sequence[Project], runs: Runs
    ) -> tuple[tuple[Counted, ...], tuple[MeasureResult, ...], tuple[LadderResult, ...]]:
        """Return the counts of the base year and the last one counted, what measures give, and the ladders of ports."""
        runs.changes = dict(self.changes)
        counts = self._counted(runs, runs.base, self.corridor.base_year)
        measures = tuple(self._measures(joint, runs))
        return (*counts, *self._later(runs)), measures, tuple(self._ladders(counts, measures, runs))

    def _later(self, runs: Runs) -> Iterator[Counted]:
        """Give the counts of the last year of which there are whole ones, as the growth of demand has that year."""
        rows = self.corridor.observations.rows
        whole = {int(row.period) for row in rows if row.counter and row.role != "bound" and row.period.isdigit()}
        last = max(whole, default=0)
        if last > self.corridor.base_year:
            found = self._counted(runs, model_for(self.corridor, last, None), last)
            yield from (count for count in found if count.role != "bound")

    def _counted(self, runs: Runs, unset: Model, year: int) -> tuple[Counted, ...]:
        runs.progress(f"counts of {year}")
        model, begin = pivoted(unset, runs.pivot)
        return counts_of(model, solve(model, begin), year)

    def _measures(self, joint: Sequence[Project], runs: Runs) -> Iterator[MeasureResult]:
        """Give what each measure of a project gives alone, and all together, in the last year worked out."""
        year = self.anchors[-1]
        for project in joint:
            rows = sorted((r for r in self.corridor.changes.rows if r.owner == project.id), key=lambda r: r.seq)
            rows = list(compress(rows, self._left_in(rows)))
            names = list(dict.fromkeys(r.measure for r in rows if r.measure))
            if len(names) < 2:
                continue
            for name in (*names, ""):
                key = f"{project.id}/{name}" if name else project.id
                own = zip(rows, self.changes[project.id], strict=True)
                runs.changes[key] = [change for row, change in own if name in ("", row.measure)]
                yield measure_result(project.id, name or TOGETHER, runs.gains(year, (key,)))

    def _under(self, joint: Sequence[Project]) -> Iterator[UnderResult]:
        """Give net present values when something else holds in both cases, for the projects that have one."""
        for name in self._scenarios():
            words = self.corridor.scenarios[name].name if name in self.corridor.scenarios else name
            for project in joint:
                cases = self._other(name)
                found = cases.assessed(cases.case(project, (project.id,)))
                if found.npv is not None:
                    gap = max(anchor.gap for anchor in found.anchors)
                    last = found.anchors[-1]
                    yield UnderResult(
                        name, words, project.id, found.npv, found.npv_reliable, found.roots, found.bcr, last.tonnes,
                        last.waiting, gap,
                    )  # fmt: skip

    def _scenarios(self) -> list[str]:
        """Return what holds in both cases instead, one after the other: what is named, and that nobody responds."""
        return [*([UNANSWERED] if self.asked.respond else []), *scenarios_of(self.corridor, self.asked)]

    def _other(self, name: str) -> Cases:
        """Return the same cases where a scenario holds in both, or operators do nothing; its runs are made once."""
        if name not in self.others:
            mine, alone = self.runs, name == UNANSWERED
            both = () if alone else resolve(self.corridor, name).changes
            minimum = Scenario(name, self.minimum.changes + both)
            answers = self.asked.respond and not alone
            runs = Runs(self.corridor, minimum, self.changes, self.terms, answers, mine.progress, self.anchors)
            # Most of the scenarios leave most of the arcs alone, and the base year is the base year under all of them.
            runs.memories, runs.matters = mine.memories, mine.matters
            if alone:
                runs.raws = mine.raws
            if any(self._has_effect(p.id) for p in self.projects):
                runs.__dict__.update({key: getattr(mine, key) for key in ("judged", "pivot")})
            self.others[name] = replace(self.cases, runs=runs)
        return self.others[name]

    def _portfolio(self, joint: Sequence[Project]) -> PortfolioResult | None:
        listed, choose = self._set_beside(joint)
        if not choose:
            return glance_of(self.cases, listed)
        scenarios = {name: self._other(name) for name in scenarios_of(self.corridor, self.asked)}
        return portfolio_of(self.cases, listed, self.asked.budget, scenarios)

    def _set_beside(self, joint: Sequence[Project]) -> tuple[Sequence[Project], bool]:
        """Return the projects that are set beside one another, and whether to choose among them.

        Unasked it is all of the package that have an effect, its candidates too.
        """
        asked = self.asked
        few = asked.detail and 1 < len(costs_of(self.corridor, joint)) <= FEW
        if chooses(asked) or few:
            return joint, True
        if not asked.detail or asked.projects:  # who names projects asks for no others
            return (), False
        listed = projects_of(self.corridor, replace(asked, candidates=True))
        return [p for p in listed if self._has_effect(p.id)], False

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

    def _shipments(self, joint: Sequence[Project]) -> Iterator[ShipmentResult]:
        """Give the shipments of the package in July of the last year worked out, without and with the projects.

        They wait as long as cargo waits then on the mean, in the year without and in that with.
        """
        year, every = self.anchors[-1], tuple(p.id for p in joint)
        day = date(year, 7, 1)
        own = tuple(change for p in joint for change in self.changes[p.id])
        cases = [("without", self.minimum), ("with", Scenario("with", self.minimum.changes + own))]
        changed = [(name, apply_on(self.corridor, s, day) if s.changes else self.corridor) for name, s in cases]
        waits = [self.runs.conditions(year, projects) for projects in ((), every)]
        for row in self.corridor.package_shipments.rows:
            if row.package == self.package.id:
                self.runs.progress(f"{row.origin} - {row.destination}")
                corridors = [
                    (name, waiting(c, w, year, row.commodity)) for (name, c), w in zip(changed, waits, strict=True)
                ]
                ways = [
                    way_result(name, way, sought)
                    for name, corridor in corridors[: 2 if joint else 1]
                    for way, sought in _shown(corridor, row, day)
                ]
                origin, destination = (self.corridor.places[p].name for p in (row.origin, row.destination))
                via = tuple(short_name(self.corridor.places[p].name) for p in row.gateways)
                yield ShipmentResult(origin, destination, row.cargo, row.commodity, tuple(ways), via)

    def _run_id(self) -> str:
        text = scenario_id(self.corridor, self.minimum) + repr(self.asked)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _draws_id(self, joint: Sequence[Project]) -> str:
        """Return a hash of everything that a draw depends on, the program included, but not of how many there are."""
        asked = self.asked
        text = scenario_id(self.corridor, self.minimum) + source_id()
        text += repr((asked.package, [p.id for p in joint], self.rate, asked.leave_out, asked.respond, asked.seed))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

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

    def _ladders(
        self, counts: Sequence[Counted], measures: Sequence[MeasureResult], runs: Runs
    ) -> Iterator[LadderResult]:
        year, wanted = self.anchors[-1], {p.id for p in self.projects}
        for row in self.corridor.port_ladders.rows:
            if row.project in wanted:
                own = [m.measure for m in measures if m.project == row.project]
                more = {name: self._boxes(row, year, name, runs) for name in own} if row.series else {}
                yield ladder(row, self.corridor.places[row.place].name, counts, more, year)

    def _boxes(self, row: PortLadder, year: int, measure: str, runs: Runs) -> float:
        """Return the TEU that the ships of a line carry more with a measure, counted as its series counts."""
        text = next(o.counter for o in self.corridor.observations.rows if o.series == row.series and o.counter)
        counter = replace(parse_counter(text or ""), unit="TEU")
        key = row.project if measure == TOGETHER else f"{row.project}/{measure}"
        (reader, before), (own, after) = runs.solved(year, ()), runs.solved(year, (key,))
        return counted(own.model, after, counter) - counted(reader.model, before, counter)

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
        draws = drawn(job, self.workers, self.runs.progress, self.folder, self.cluster)
        held = [draw.held for draw in draws if draw.held]
        return risk_of(job, draws), self._bound(held, job.cases[-1][1]) if held else self._binding(joint)

    def job(self, joint: Sequence[Project]) -> Job:
        """Return what every draw needs."""
        sets = [(p, (p.id,)) for p in joint if any(o.project == p.id for o in self.corridor.outlays.rows)]
        cases: list[tuple[Case, tuple[str, ...]]] = [(self.cases.case(p, names), names) for p, names in sets]
        if len(joint) > 1:
            every = tuple(p.id for p in joint)
            cases.append((self.cases.case(self.cases.whole(joint), every), every))
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
            {key: self.runs.factors(*key) for key in keys},
            tuple(cases),
            self.terms,
            self.standing,
            self.rate,
            self.asked.draws,
            self.asked.seed,
            self.anchors,
            self._draws_id(joint),
        )

    def _used(self, joint: Sequence[Project]) -> Used:
        """Return what this appraisal uses, as far as it is a matter of appraisals alone."""
        for section in self.sections:  # a fork may have worked them out, and what it asked for stays there
            section.flow()
        rows = [r for p in self.projects for r in self.corridor.changes.rows if r.owner == p.id]
        rows = list(compress(rows, self._left_in(rows)))
        readers = [self.runs.solved(year, ())[0] for year in self.anchors] if joint else []
        return Used(
            [p.id for p in self.projects],
            [*rows, *(self._minimum_rows() if joint else ())],
            self.terms.used | (values_of(self.job(joint)) if joint and self.asked.draws else set()),
            {fill.default for reader in readers if reader.passing.size for fill in reader.fill.filled.values()},
            self.asked.rate if isinstance(self.asked.rate, str) else "",
        )

    def _minimum_words(self) -> list[str]:
        rows = self._minimum_rows()
        note = self.corridor.scenarios[self.minimum.name].note if self.minimum.name in self.corridor.scenarios else None
        return ([note] if note else []) + [_reasoned(row.reason, self._change_words(row, "en")) for row in rows]

    def _minimum_in_russian(self) -> Iterator[str]:
        """Give the same in Russian."""
        row = self.corridor.scenarios.get(self.minimum.name)
        if row is not None and (row.note_ru or row.note):
            yield row.note_ru or row.note or ""
        for change in self._minimum_rows():
            yield _reasoned(change.reason_ru or change.reason, self._change_words(change, "ru"))

    def _change_words(self, row: ChangeRow, language: Language) -> str:
        """Return what a row changes and by how much, and from when; what it is of, as far as it has a name."""
        name = names_of_target(self.corridor, row.target)[language == "ru"]
        what = changed_words(f"{table_of_target(row.target)}.{row.attribute}", language)
        sign = {"set": "=", "scale": "×", "add": ""}[row.operation]
        try:
            by = f"{sign} {number(float(row.value), '+,.10g' if row.operation == 'add' else ',.10g', language)}".strip()
        except ValueError:  # a word such as closed
            by = f"{sign} {said(row.value, language)}"
        found = f"{name}: {what} {by}" if name else f"{what} {by}"
        if row.from_date:
            found += f" from {row.from_date}" if language == "en" else f" с {row.from_date:%d.%m.%Y}"
        return found

    def _responses(self) -> list[ResponseResult]:
        every = tuple(p.id for p in self.projects if self._has_effect(p.id))
        found = []
        for year in self.anchors:
            without, within = ({**self.runs.factors(year, case)} for case in ((), every))
            limits = {limit.id: limit.resource for limit in self.runs.raw(year, every).table.limits}
            fleets = {limits[limit]: (without.get(limit, 1.0), factor) for limit, factor in sorted(within.items())}
            found += [ResponseResult(year, fleet, first, then) for fleet, (first, then) in fleets.items()]
        return found
