"""This module owns projects as cases: what one or several cost, what the runs say they give, and what that is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from transcaspian.appraisal.assess import CARBON, TRAINS, Case, Standing, assess
from transcaspian.appraisal.finance import Takings, finance
from transcaspian.appraisal.money import CAPITAL, UPKEEP, span_of
from transcaspian.appraisal.terms import Terms
from transcaspian.appraisal.wider import wider
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.project import OtherTrains, Package, Project
from transcaspian.results.appraisal import LineResult, ProjectResult, TrainsResult, WiderResult
from transcaspian.study.runs import Runs

BY_SECTION = (
    "appraised by section, whole, and not by its sum: see the sections",
    "оценивается целыми участками, а не по сумме: см. участки",
)
IN_SERVICE = (
    "in service: part of the case without, so nothing is left to appraise",
    "уже работает и входит в базовый случай: оценивать нечего",
)
NO_EFFECT = (
    "nobody has published what it changes: no benefit can be worked out",
    "никто не опубликовал, что он меняет: выгоду посчитать нельзя",
)
NO_COST = (
    "its cost is not published: what it gives stands alone, without a net present value",
    "стоимость не опубликована: показано только, что он даёт, без ЧПС",
)

SOME_COST = (
    "what these give is in it, and not what they cost, which is not published",
    "то, что они дают, учтено, а их стоимость нет: она не опубликована",
)


@dataclass(frozen=True)
class Cases:
    """Everything that turns projects of a package into their appraisal; ``anchors`` are the years worked out."""

    corridor: Corridor
    package: Package
    terms: Terms
    standing: Standing
    rate: float
    anchors: tuple[int, ...]
    runs: Runs

    def case(self, project: Project, projects: tuple[str, ...]) -> Case:
        """Return a case of some projects, shown as one ``project``."""
        outlays = tuple(o for o in self.corridor.outlays.rows if o.project in projects)
        legs = tuple(x for x in self.corridor.financing_legs.rows if x.project in projects)
        opens = project.opens or self.anchors[0]
        effect = any(self.runs.changes.get(p) for p in projects)
        gains = {year: self.runs.gains(year, projects) for year in self.anchors} if effect else {}
        rows = self.corridor.package_projects
        role = next((r.role for r in rows.rows if r.project == project.id and r.package == self.package.id), "set")
        span = span_of(outlays, self.terms.price_year, opens, project.years)
        notes = tuple(english for english, _ in self._notes(project, outlays, effect))
        return Case(project, role, outlays, legs, self._trains(projects), gains, span, notes)

    def _trains(self, projects: tuple[str, ...]) -> dict[int, tuple[OtherTrains, ...]]:
        """Return the trains of others that some projects help, by the year in which their project opens."""
        found: dict[int, tuple[OtherTrains, ...]] = {}
        for row in self.corridor.other_trains.rows:
            if row.project in projects:
                opens = self.corridor.projects[row.project].opens or self.anchors[0]
                found[opens] = (*found.get(opens, ()), row)
        return found

    def whole(self, joint: Sequence[Project]) -> Project:
        """Return several projects as one."""
        opens = min(p.opens or self.anchors[0] for p in joint)
        return replace(
            joint[0], id="together", name="All of these together", name_ru="Все вместе", opens=opens, note=None,
            years=max(p.years for p in joint), status="announced",
        )  # fmt: skip

    def alone(self, project: Project) -> ProjectResult:
        """Return the appraisal of one project, with what its owner earns and owes."""
        case = self.case(project, (project.id,))
        return replace(self.assessed(case), finance=finance(case, self.terms, self._takings(project, case)))

    def _takings(self, project: Project, case: Case) -> Takings | None:
        """Return what the owner of a project takes without and with it; None where no operator owns it."""
        if project.operator is None:
            return None
        owner, corridor = self.corridor.operators[project.operator], self.corridor
        years = {year: self.runs.income(year, (project.id,), owner.id) for year in case.gains}
        rows = {key for pair in years.values() for income in pair for key in income.items}
        # A change may add a step or a service, which has no name in the corridor before it.
        known = {key: corridor.table(key[0]).get(key[1]) for key in rows}
        names = {key: key[1] if row is None else row.name for key, row in known.items()}
        return Takings(owner.name, owner.name_ru or owner.name, years, names)

    def together(self, joint: Sequence[Project]) -> ProjectResult:
        """Return the appraisal of several projects as one; a note names those whose cost is not in it."""
        found = self.assessed(self.case(self.whole(joint), tuple(p.id for p in joint)))
        priced = {o.project for o in self.corridor.outlays.rows}
        free = [p for p in joint if p.id not in priced]
        if found.npv is None or not free:
            return found
        english, russian = "; ".join(p.name for p in free), "; ".join(p.name_ru or p.name for p in free)
        return replace(
            found, notes=(*found.notes, f"{SOME_COST[0]}: {english}"),
            notes_ru=(*found.notes_ru, f"{SOME_COST[1]}: {russian}"),
        )  # fmt: skip

    def wider(self, project: Project) -> tuple[WiderResult, ...]:
        """Return the wider effects of a project, which are in none of its values."""
        case = self.case(project, (project.id,))
        year = self.anchors[-1]
        return tuple(wider(case, self.terms, self.rate, *self.runs.journeys(year, (project.id,))))

    def assessed(self, case: Case) -> ProjectResult:
        """Return the appraisal of a case, with its notes in Russian and the ranges of its lines."""
        found = assess(case, self.terms, self.standing, self.rate)
        notes = tuple(russian for _, russian in self._notes(case.project, case.outlays, bool(case.gains)))
        return replace(
            found, notes_ru=notes, lines=tuple(self._ranged(line, case, found.trains) for line in found.lines)
        )

    def _ranged(self, line: LineResult, case: Case, trains: TrainsResult | None) -> LineResult:
        """Return a line with the shares by which it may change: outlays, trains of others and carbon have ranges."""
        if line.name == CARBON:
            low, _, high = self.terms.span("carbon-factor")
            return replace(line, low=low - 1, high=high - 1)
        if line.name == TRAINS and trains is not None and trains.pairs > 0:
            return replace(line, low=trains.low / trains.pairs - 1, high=trains.high / trains.pairs - 1)
        kind = {CAPITAL: "capital", UPKEEP: "operation"}.get(line.name)
        rows = [o for o in case.outlays if o.kind == kind]
        if not rows:
            return line
        euros = [self.terms.rates.factor(o.currency, o.price_year) for o in rows]
        ends = [
            sum((o.amount if end is None else end) * f for o, end, f in zip(rows, ends, euros, strict=True))
            for ends in ([o.low for o in rows], [o.amount for o in rows], [o.high for o in rows])
        ]
        return replace(line, low=ends[0] / ends[1] - 1, high=ends[2] / ends[1] - 1) if ends[1] > 0 else line

    def worth(self, joint: Sequence[Project]) -> Callable[[frozenset[str]], float]:
        """Return the net present value of every set of projects, each worked out once."""
        known: dict[frozenset[str], float] = {frozenset(): 0.0}

        def value(some: frozenset[str]) -> float:
            if some not in known:
                known[some] = self.together([p for p in joint if p.id in some]).npv or 0.0
            return known[some]

        return value

    def _notes(self, project: Project, outlays: Sequence[object], effect: bool) -> list[tuple[str, str]]:
        """Return what a reader should know of a project, in English and in Russian."""
        found = [(project.note, project.note_ru or project.note)] if project.note else []
        if project.id in {s.project for s in self.corridor.highway_sections.rows}:
            found.append(BY_SECTION)
        elif project.status == "done" and not effect:
            found.append(IN_SERVICE)
        elif not effect:
            found.append(NO_EFFECT)
        if effect and not outlays:
            found.append(NO_COST)
        return found
