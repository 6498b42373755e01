"""This module owns tables of an appraisal: a section of road over what nobody has counted, measures, ways, rates."""

from collections.abc import Iterator, Sequence

from transcaspian.appraisal.cashflow import npv
from transcaspian.appraisal.gains import Gains
from transcaspian.appraisal.highways import Section
from transcaspian.model.corridor.project import OtherTrains, SectionTraffic
from transcaspian.results.appraisal import (
    AtRate,
    BreakEven,
    LineResult,
    MeasureResult,
    PointResult,
    ProjectResult,
    SectionResult,
    ShareResult,
    WayResult,
)
from transcaspian.results.itinerary import Itinerary

TRAFFIC = (0.5, 1.0, 1.5, 2.0)
"""Traffic of the table, as factors of the count."""

COST = (0.8, 1.0, 1.2, 1.44)
"""Cost of the works, as factors: from a saving to the upper bound of civil works."""

WORKS = (0.8, 1.0, 1.44)
"""Those at which the traffic is looked for at which a section pays."""

ROUGH = (4.0, 6.0, 8.0)
"""Roughness of today [m/km] of the table."""

RATES = (0.03, 0.05, 0.09, 0.12)


def section_result(section: Section, rate: float, announced: float | None) -> SectionResult:
    """Return a section over traffic, roughness and cost, with the traffic at which it pays.

    ``announced`` is a sum [EUR] that was said without naming a section: a slice of any of them.
    """
    row, aadt = section.row, section.aadt
    flow = section.flow()
    worth, switches = flow.values(rate), flow.switches(rate)
    cost = row.cost * section.terms.rates.factor(row.currency, row.price_year)
    roughs = ROUGH if row.surface_before == "paved" else (row.rough_before,)
    grid = []
    for scale in TRAFFIC:
        for rough in roughs:
            for factor in COST:
                point = section.flow(scale, factor, rough)
                grid.append(
                    PointResult(scale * aadt, rough, factor * cost, float(point.value(rate)), point.rates().roots)
                )
    evens = section.break_even(sorted({*RATES, rate}), WORKS)
    return SectionResult(
        row.id,
        row.name,
        row.name_ru or row.name,
        row.km,
        cost,
        announced,
        aadt,
        sum(c.aadt if c.low is None else c.low for c in section.counts),
        sum(c.aadt if c.high is None else c.high for c in section.counts),
        section.corridor_share(),
        tuple(BreakEven(r, factor, even.always, even.first) for (r, factor), even in evens.items()),
        tuple(grid),
        section.first,
        row.surface_before,
        tuple(
            LineResult(x.name, x.side, tuple(float(v) for v in x.flow), float(worth[x.name]), switches[x.name])
            for x in flow.lines
        ),
        sum(c.aadt for c in section.counts if counted(c)),
        section.corridor_gain(rate),
    )


def counted(row: SectionTraffic | OtherTrains) -> bool:
    """Return whether traffic has been counted: it has a source, or a grade above the one of an assumption."""
    return row.source is not None or row.grade != "U"


def measure_result(project: str, measure: str, gains: Gains) -> MeasureResult:
    """Return what a measure gives in a year."""
    users, reliability = float(gains.users.sum()), float(gains.reliability.sum())
    moved = float(gains.tonnes.sum())
    return MeasureResult(project, measure, users, reliability, float(gains.margins.sum()), moved, gains.gap)


def way_result(case: str, way: Itinerary, sought: bool) -> WayResult:
    """Return an itinerary as a row: its spread, its cost, and what its time is made of."""
    found = way.reliability
    return WayResult(
        case,
        way.label,
        way.hours if found is None else found.p10_hours,
        way.hours if found is None else found.p50_hours,
        way.hours if found is None else found.p90_hours,
        way.price.total,
        way.price.logistics,
        way.price.assumed_share,
        way.co2e,
        tuple(ShareResult(name, hours) for name, hours in (found.causes.items() if found else ())),
        sought,
    )


def at_rates(projects: Sequence[ProjectResult], rate: float) -> Iterator[AtRate]:
    """Give the net present value of every project that has one at usual rates, without reliability."""
    for project in projects:
        for one in sorted({*RATES, rate}) if project.npv is not None else ():
            worth = sum(float(npv(line.flow, one)) for line in project.lines if line.side != "apart")
            yield AtRate(project.id, one, worth)
