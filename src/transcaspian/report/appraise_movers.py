"""This module owns what moves the answer of an appraisal, and in which order: one value at a time.

Nothing is solved for it. A line of a cash flow moves with its value; rates, scenarios and the tables of road sections
are results that are there already.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from transcaspian.report.appraise import GAP, NEVER, millions, switching
from transcaspian.report.appraise_words import namer, said
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import (
    Appraisal,
    AssumptionResult,
    PointResult,
    ProjectResult,
    SectionResult,
)

MOVED_BY = {
    "discount_rates.rate": "rate",
    "unit_values.carbon-factor": "emissions",
    "section_traffic.aadt": "aadt",
    "highway_sections.rough_before": "iri_head",
    "highway_sections.cost": "section_cost",
}
"""The mover that an assumption is, where the answer knows how far that one moves it."""

CAUSED_BY = {"opens": "delay", "ramp-up": "delay", "amount": "overrun"}
"""The cause of draws that an assumption stands behind, by its attribute, where that has not the name of the cause."""


@dataclass(frozen=True, slots=True)
class Mover:
    """What moves a net present value: from where to where, and what the value is at both ends [EUR].

    The ends are None where nobody says how far it may move; ``switching`` is then all that is known.
    """

    name: str
    ends: tuple[str, str]
    values: tuple[float, float] | None
    switching: float | None = None

    @property
    def by(self) -> float:
        """How far the net present value moves between the ends [EUR]; nothing where they are not known."""
        return abs(self.values[1] - self.values[0]) if self.values else 0.0


def movers_of(project: ProjectResult, answer: Appraisal, language: Language) -> list[Mover]:
    """Return what moves the net present value of a project, what moves it most first.

    Those without ends come last, the one that has to change least for another verdict at their head.
    """
    every = [*_lines(project, language), *_others(project, answer, language)]
    return sorted(every, key=lambda m: (m.values is None, -m.by, abs(m.switching or 0.0)))


def _lines(project: ProjectResult, language: Language) -> Iterator[Mover]:
    """Give the lines of a cash flow, each over the range that the dataset has of it."""
    for line in project.lines:
        if line.side == "apart" or line.switching is None:
            continue
        if line.low is None and abs(line.switching) > NEVER:  # nothing that anybody would look at
            continue
        ends, values = (said("no_range", language), ""), None
        if line.low is not None and line.high is not None:
            low, high = (number(100 * share, "+,.0f", language) + " %" for share in (line.low, line.high))
            ends, values = (low, high), _moved(project, line.value * line.low, line.value * line.high)
        yield Mover(line.name, ends, values, line.switching)


def _moved(project: ProjectResult, *by: float) -> tuple[float, float]:
    first, second = ((project.npv or 0.0) + more for more in by)
    return first, second


def _others(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Mover]:
    """Give the rates of institutions, what reliability is worth, and each scenario that holds in both cases."""
    npv = project.npv or 0.0
    # Between two rates the value may be lower or higher than at both.
    rates = sorted([(npv, answer.rate), *((r.npv, r.rate) for r in answer.at_rates if r.project == project.id)])
    if len(rates) > 1:
        low, high = (f"{number(100 * rate, 'g', language)} %" for _, rate in (rates[0], rates[-1]))
        yield Mover("rate", (low, high), (rates[0][0], rates[-1][0]))
    no_yes = (said("no", language), said("yes", language))
    if project.npv_reliable is not None:
        yield Mover("npv_reliable", no_yes, (npv, project.npv_reliable))
    for row in answer.under:
        if row.project == project.id and row.gap <= GAP:  # else the difference of the two is noise
            yield Mover(row.scenario, no_yes, (npv, row.npv))


def movers_of_section(section: SectionResult, language: Language) -> list[Mover]:
    """Return what moves the net present value of a section of road, what moves it most first.

    The ends of its traffic are the points of its table nearest to the range of that; the others are the table's own.
    """
    if not section.grid:
        return []
    points = {(p.aadt, p.rough, p.cost): p for p in section.grid}
    aadts, roughs, costs = (sorted({getattr(p, name) for p in section.grid}) for name in ("aadt", "rough", "cost"))
    aadt, cost = _nearest(aadts, section.aadt), _nearest(costs, section.cost)
    own = sum(line.value for line in section.lines if line.side != "apart")
    rough = min(roughs, key=lambda r: abs(points[aadt, r, cost].npv - own))  # the roughness of today is one of them
    low, high = (_nearest(aadts, end) for end in (section.aadt_low, section.aadt_high))

    def mover(name: str, form: str, scale: float, first: PointResult, second: PointResult) -> Mover:
        ends = [number(getattr(p, name) / scale, form, language) for p in (first, second)]
        said_as = {"aadt": "aadt", "rough": "iri_head", "cost": "section_cost"}[name]
        return Mover(said_as, (ends[0], ends[1]), (first.npv, second.npv))

    found = [
        mover("aadt", ",.0f", 1.0, points[low, rough, cost], points[high, rough, cost]),
        mover("rough", "g", 1.0, points[aadt, roughs[0], cost], points[aadt, roughs[-1], cost]),
        mover("cost", ",.0f", 1e6, points[aadt, rough, costs[0]], points[aadt, rough, costs[-1]]),
    ]
    return sorted((m for m in found if m.ends[0] != m.ends[1]), key=lambda m: -m.by)


def _nearest(values: list[float], wanted: float) -> float:
    return min(values, key=lambda value: abs(value - wanted))


def mover_head(title: str, movers: list[Mover], language: Language) -> tuple[str, ...]:
    """Return the header of ``mover_rows``; where nothing is a line of a cash flow there are no switching values."""
    words = ("from", "to", "npv_from", "npv_to", "moves", *(("switching",) if _switch(movers) else ()))
    return (title, *(said(w, language) for w in words))


def _switch(movers: list[Mover]) -> bool:
    return any(m.switching is not None for m in movers)


def mover_rows(movers: list[Mover], answer: Appraisal, language: Language) -> Iterator[tuple[str, ...]]:
    """Give a row for each mover: what it is, its ends, the net present value at both, by how much that moves."""
    named = namer(answer, language)
    for m in movers:
        moved = ("",) * 3
        if m.values is not None:
            first, second = (millions(v, language) for v in m.values)
            moved = (first, second, number(m.by / 1e6, ",.1f", language))
        yield (named(m.name), *m.ends, *moved, *((switching(m.switching, language),) if _switch(movers) else ()))


def ordered_assumptions(answer: Appraisal, language: Language) -> list[tuple[AssumptionResult, float | None]]:
    """Return what is assumed, what moves the answer most first, and by how much it does where that is known [EUR].

    What draws tell the rank of comes first, by it; then what moves a net present value by a known amount, by that;
    then all else, as it stands in the tables.
    """
    projects = [p for p in answer.projects if p.npv is not None]
    found = {(p.id, m.name): m.by for p in projects for m in movers_of(p, answer, language) if m.values}
    found |= {(s.id, m.name): m.by for s in answer.sections for m in movers_of_section(s, language) if m.values}
    ranks = {c.name: abs(c.rank) for c in (answer.risk.causes if answer.risk else ())}

    def known(row: AssumptionResult) -> float | None:
        mover, owner = MOVED_BY.get(f"{row.table}.{row.attribute}"), row.id.partition(":")[0]
        own = row.table not in {"unit_values", "discount_rates"}  # what belongs to one project or section alone
        return max((by for (of, name), by in found.items() if name == mover and (of == owner or not own)), default=None)

    def place(row: AssumptionResult) -> tuple[float, float]:
        attribute = row.attribute.removesuffix("-port").removesuffix("-rail")
        return -ranks.get(CAUSED_BY.get(attribute, attribute), 0.0), -(known(row) or 0.0)

    return [(row, known(row)) for row in sorted(answer.assumptions, key=place)]
