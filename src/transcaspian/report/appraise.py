"""This module owns an appraisal as words and tables for a terminal: the plain answer first."""

from collections.abc import Iterator, Sequence

from transcaspian.appraisal.risk import FEW
from transcaspian.report.appraise_finance import finance_words
from transcaspian.report.appraise_words import Language, called, name_of, namer, said, sentences
from transcaspian.results.appraisal import (
    AnchorResult,
    Appraisal,
    LadderResult,
    ProjectResult,
    RiskResult,
    SectionResult,
    UnderResult,
)
from transcaspian.results.text import aligned

GAP = 1e-4
"""Gap of a year above which a difference of two of them says nothing."""

OFTEN = 0.2
"""Share of runs in which something must bind in some month to be printed in a terminal."""

SELDOM = 0.1
"""The same for a page; the JSON file beside it has all."""

MONTHS = "JFMAMJJASOND"


def appraisal_text(answer: Appraisal, language: Language = "en") -> str:
    """Return the answer to ``appraise`` as a person reads it."""
    parts = [
        f"{name_of(answer, language)} ({said('rate', language)} {100 * answer.rate:g} %, EUR {answer.price_year})",
        "\n".join(f"- {s}" for s in sentences(answer, language)),
        _projects(answer, language),
        *(_cash(p, answer, language) for p in (*answer.projects, *_joint(answer)) if p.npv is not None),
        *(_section(s, language) for s in answer.sections),
        _ladder(answer, language),
        _measures(answer, language),
        _under(answer, language),
        _wider(answer, language),
        _binding(answer, language),
        _risk(answer, language),
        _portfolio(answer, language),
        said("minimum", language) + ":\n" + "\n".join(f"- {m}" for m in answer.minimum) if answer.minimum else "",
        *answer.notes,
    ]
    return "\n\n".join(part for part in parts if part)


def _joint(answer: Appraisal) -> tuple[ProjectResult, ...]:
    return (answer.together,) if answer.together else ()


def millions(value: float | None) -> str:
    """Return money in millions with a sign.

    >>> millions(1234567.0), millions(None)
    ('+1.2', 'n/a')
    """
    return "n/a" if value is None else f"{value / 1e6:+,.1f}"


def rates_words(roots: Sequence[float], priced: bool, language: Language) -> str:
    """Return internal rates of return as they are printed: several are all named, none is said."""
    if not priced:
        return "n/a"
    if not roots:
        return said("none", language)
    return ", ".join(f"{100 * r:.1f} %" for r in roots) + ("" if len(roots) == 1 else " (!)")


def project_rows(answer: Appraisal, language: Language) -> Iterator[tuple[str, ...]]:
    """Give a row for every project: name, net present value, with reliability, rate, ratio, payback."""
    for p in (*answer.projects, *_joint(answer)):
        priced = p.npv is not None
        yield (
            called(p, language),
            said(p.kind, language),
            said(p.status, language),
            millions(p.npv),
            millions(p.npv_reliable),
            rates_words(p.roots, priced, language),
            "n/a" if p.bcr is None else f"{p.bcr:.2f}",
            said("never", language) if priced and p.payback is None else f"{p.payback:.0f}" if p.payback else "n/a",
        )


def project_head(language: Language) -> tuple[str, ...]:
    """Return the header of ``project_rows``."""
    words = ("project", "kind", "status", "npv", "npv_reliable", "eirr", "bcr", "payback")
    return tuple(said(w, language) for w in words)


def _projects(answer: Appraisal, language: Language) -> str:
    table = aligned(project_head(language), list(project_rows(answer, language)), frozenset({3, 4, 5, 6, 7}))
    notes = [f"- {called(p, language)}: {'; '.join(p.notes)}" for p in answer.projects if p.notes]
    return table + ("\n\n" + "\n".join(notes) if notes else "")


def _cash(project: ProjectResult, answer: Appraisal, language: Language) -> str:
    named = namer(answer, language)
    rows = [
        (
            said(line.name, language) + (f" ({said('apart', language)})" if line.side == "apart" else ""),
            millions(line.value),
            "n/a" if line.switching is None or abs(line.switching) > 99 else f"{100 * line.switching:+,.0f} %",
        )
        for line in project.lines
    ]
    head = (called(project, language), said("pv", language), said("switching", language))
    anchors = [
        (
            str(a.year),
            *(millions(v) for v in (a.users, a.reliability, a.operators, a.passed)),
            f"{a.carbon_net:+,.0f}",
            f"{a.carbon_gross:+,.0f}",
            f"{a.tonnes / 1000:+,.1f}",
            said(a.rule, language),
            f"{a.gap:.0e}",
        )
        for a in project.anchors
    ]
    words = (
        "year",
        "users",
        "reliability",
        "operators",
        "passed_on",
        "carbon_net",
        "carbon_gross",
        "kt",
        "rule",
        "gap",
    )
    found = aligned(head, rows, frozenset({1, 2}))
    found += "\n\n" + aligned(tuple(said(w, language) for w in words), anchors, frozenset(range(1, 8)))
    for key in ("by_actor", "by_country", "perspectives"):
        shares = [(named(s.name), millions(s.value)) for s in getattr(project, key) if abs(s.value) >= 5e4]
        found += "\n\n" + aligned((said(key, language), said("npv", language)), shares, frozenset({1}))
    owner = "\n".join(f"- {sentence}" for sentence in finance_words(project, language))
    return found + (f"\n\n{owner}" if owner else "")


def break_even_rows(section: SectionResult, language: Language) -> list[tuple[str, ...]]:
    """Return the traffic at which a section pays: a row for each rate, a column for each cost."""
    rates = sorted({b.rate for b in section.break_even})
    costs = sorted({b.cost for b in section.break_even})
    at = {(b.rate, b.cost): b.aadt for b in section.break_even}
    return [
        (
            f"{100 * rate:g} %",
            *(said("never", language) if (v := at[rate, cost]) is None else f"{v:,.0f}" for cost in costs),
        )
        for rate in rates
    ]


def _section(section: SectionResult, language: Language) -> str:
    name = section.name if language == "en" else section.name_ru
    head = said("section_head", language).format(
        name=name, km=section.km, cost=section.cost / 1e6, part=_part(section, language), aadt=section.aadt,
        low=section.aadt_low, high=section.aadt_high, corridor=100 * section.corridor,
    )  # fmt: skip
    costs = sorted({b.cost for b in section.break_even})
    table = aligned(
        (said("break_even", language), *(f"{said('cost', language)} x {c:g}" for c in costs)),
        break_even_rows(section, language),
        frozenset(range(1, len(costs) + 1)),
    )
    grid = aligned(
        grid_head(section, language), list(grid_rows(section)), frozenset(range(2, 2 + len(_costs(section))))
    )
    return f"{head}\n\n{table}\n\n{said('grid_note', language)}\n{grid}"


def _part(section: SectionResult, language: Language) -> str:
    if section.announced is None:
        return ""
    share = 100 * section.announced / section.cost
    return said("part", language).format(announced=section.announced / 1e6, part=share)


def _costs(section: SectionResult) -> list[float]:
    return sorted({p.cost for p in section.grid})


def grid_head(section: SectionResult, language: Language) -> tuple[str, ...]:
    """Return the header of ``grid_rows``."""
    return ("AADT", "IRI", *(f"{said('cost', language)} {c / 1e6:,.0f}" for c in _costs(section)))


def grid_rows(section: SectionResult) -> Iterator[tuple[str, ...]]:
    """Give net present value and rate of return of a section by traffic and roughness, a column for each cost."""
    costs = _costs(section)
    points = {(p.aadt, p.rough, p.cost): p for p in section.grid}
    for aadt, rough in dict.fromkeys((p.aadt, p.rough) for p in section.grid):
        cells = []
        for cost in costs:
            point = points[aadt, rough, cost]
            rates = ", ".join(f"{100 * r:.1f} %" for r in point.roots) or "-"
            cells.append(f"{millions(point.npv)} ({rates})")
        yield (f"{aadt:,.0f}", f"{rough:g}", *cells)


def rung_rows(row: LadderResult, language: Language) -> Iterator[tuple[str, ...]]:
    """Give the rungs of a ladder: name, TEU a year, what it counts."""
    for rung in row.rungs:
        words = said(rung.words, language).format(cranes=row.cranes, teu_box=row.teu_box, year=rung.year)
        yield said(rung.name, language), f"{rung.teu:,.0f}", words


def _ladder(answer: Appraisal, language: Language) -> str:
    parts = []
    for row in answer.ladders:
        rungs = list(rung_rows(row, language))
        head = (f"{namer(answer, language)(row.place)}, {said('ladder', language)}", "TEU", "")
        hand = said("hand", language).format(hours=row.hours, cycle=row.cycle, more=100 * row.more, teu=row.teu)
        parts.append(aligned(head, rungs, frozenset({1})) + "\n" + hand)
    return "\n\n".join(parts)


def measure_rows(answer: Appraisal, language: Language) -> list[tuple[str, ...]]:
    """Return what each measure gives alone and together."""
    names = {p.id: called(p, language) for p in answer.projects}
    return [
        (
            names[m.project],
            said(m.measure, language),
            *(millions(v) for v in (m.users, m.reliability, m.operators)),
            f"{m.tonnes / 1000:+,.1f}",
            f"{m.gap:.0e}",
        )
        for m in answer.measures
    ]


def measure_head(answer: Appraisal, language: Language) -> tuple[str, ...]:
    """Return the header of ``measure_rows``."""
    words = ("users", "reliability", "operators", "kt", "gap")
    return (f"{said('measure', language)}, {answer.anchor_years[-1]}", "", *(said(w, language) for w in words))


def under_head(language: Language) -> tuple[str, ...]:
    """Return the header of ``under_rows``."""
    return tuple(
        said(w, language) for w in ("scenario", "project", "npv", "npv_reliable", "eirr", "bcr", "kt", "left", "gap")
    )


def under_rows(answer: Appraisal, language: Language) -> list[tuple[str, ...]]:
    """Return every headline under named scenarios, those of the centre first."""
    named = namer(answer, language)
    names = {p.id: called(p, language) for p in answer.projects}
    centre = [
        (
            said("centre", language),
            names[p.id],
            *_headline(p, p.anchors[-1], language),
            f"{max(a.gap for a in p.anchors):.0e}",
        )
        for p in answer.projects
        if p.id in {u.project for u in answer.under}
    ]
    return centre + [_under_row(u, named(u.name), names[u.project], language) for u in answer.under]


def _under_row(row: UnderResult, scenario: str, name: str, language: Language) -> tuple[str, ...]:
    """Return a row; where the years did not settle their difference is noise, and no number is printed."""
    gap = f"{row.gap:.0e}"
    if row.gap > GAP:
        return (f"{scenario} (!)", name, *("n/a",) * 6, gap)
    return (scenario, name, *_headline(row, row, language), gap)


def _headline(
    worth: ProjectResult | UnderResult, moved: AnchorResult | UnderResult, language: Language
) -> tuple[str, ...]:
    """Return what a project is worth and what it moves, and what still waits without it."""
    return (
        millions(worth.npv),
        millions(worth.npv_reliable),
        rates_words(worth.roots, True, language),
        "n/a" if worth.bcr is None else f"{worth.bcr:.2f}",
        f"{moved.tonnes / 1000:+,.1f}",
        f"{moved.waiting / 1000:,.0f}",
    )


def _measures(answer: Appraisal, language: Language) -> str:
    rows = measure_rows(answer, language)
    return aligned(measure_head(answer, language), rows, frozenset(range(2, 7))) if rows else ""


def under_note(answer: Appraisal, language: Language) -> str:
    """Return what a reader must know of scenarios whose years did not settle; nothing where all did."""
    return said("under_note", language) if any(u.gap > GAP for u in answer.under) else ""


def _under(answer: Appraisal, language: Language) -> str:
    if not answer.under:
        return ""
    note = under_note(answer, language)
    table = aligned(under_head(language), under_rows(answer, language), frozenset(range(2, 9)))
    return table + ("\n" + note if note else "")


def wider_head(language: Language) -> tuple[str, ...]:
    """Return the header of ``wider_rows``."""
    return tuple(said(w, language) for w in ("project", "wider_effect", "wider_value", "source"))


def wider_rows(answer: Appraisal, language: Language) -> list[tuple[str, ...]]:
    """Return the panel of wider effects, which are added to nothing."""
    names = {p.id: called(p, language) for p in answer.projects}
    rows: list[tuple[str, ...]] = []
    for row in answer.wider:
        words = said(f"wider_{row.effect}", language).format(
            year=row.year, base=row.base / 1e6, days=row.days or 0.0, coefficient=100 * row.coefficient
        )
        rows.append((names[row.project], words, f"{row.value / 1e6:+,.1f}", row.source))
    return rows


def _wider(answer: Appraisal, language: Language) -> str:
    rows = wider_rows(answer, language)
    if not rows:
        return ""
    table = aligned(wider_head(language), rows, frozenset({2}))
    return f"{said('wider', language)}\n{table}\n{said('wider_note', language)}"


def binding_rows(answer: Appraisal, last: bool = False) -> list[tuple[str, ...]]:
    """Return what holds cargo back: limit, case, year, and the share of runs in every month.

    ``last`` keeps to the last year worked out, and to what binds in ``OFTEN`` of the runs in some month.
    """
    return [
        (b.limit, b.kind, b.case, str(b.year), *(f"{100 * m:.0f}" if m > 0 else "" for m in b.months))
        for b in answer.binding
        if not last or (b.year == answer.anchor_years[-1] and max(b.months) >= OFTEN)
    ]


def _binding(answer: Appraisal, language: Language) -> str:
    if not answer.binding:
        return ""
    head = (said("binds", language), "", "", said("year", language), *MONTHS)
    return aligned(head, binding_rows(answer, last=True), frozenset(range(4, 16))) + "\n" + said("binds_note", language)


def trusted(risk: RiskResult) -> bool:
    """Return whether the surrogate is near enough to the runs for the total indices to be given."""
    return any(cause.total is not None for cause in risk.causes)


def risk_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what draws say of each project."""
    risk = answer.risk
    if risk is None or not risk.spreads:
        return (), []
    names = {p.id: called(p, language) for p in (*answer.projects, *_joint(answer))}
    rows = [
        (
            names[s.id],
            *(millions(v) for v in (s.p5, s.p50, s.p95)),
            "n/a" if s.positive is None else f"{100 * s.positive:.0f} %",
        )
        for s in risk.spreads
    ]
    return (said("spread", language).format(draws=risk.spreads[0].draws), "P5", "P50", "P95", "P(NPV>0)"), rows


def _risk(answer: Appraisal, language: Language) -> str:
    risk = answer.risk
    if risk is None or not risk.spreads:
        return "" if risk is None else said("unsettled", language).format(count=risk.unsettled)
    head, rows = risk_rows(answer, language)
    found = aligned(head, rows, frozenset({1, 2, 3, 4}))
    causes = [
        (
            said(c.words, language),
            "n/a" if c.first is None else f"{c.first:.2f} ({c.first_low:.2f}-{c.first_high:.2f})",
            "n/a" if c.total is None else f"{c.total:.2f}",
            f"{c.rank:+.2f}",
        )
        for c in sorted(risk.causes, key=lambda c: -abs(c.rank))
    ]
    if causes:
        words = ("cause", "sobol_first", "sobol_total", "rank")
        found += "\n\n" + aligned(tuple(said(w, language) for w in words), causes, frozenset({1, 2, 3}))
    if risk.spreads[0].p5 is None:
        found += "\n" + said("few", language).format(least=FEW)
    if risk.unsettled:
        found += "\n" + said("unsettled", language).format(count=risk.unsettled)
    if risk.surrogate_error is not None:
        note = "surrogate" if trusted(risk) else "untrusted"
        found += "\n" + said(note, language).format(error=100 * risk.surrogate_error)
    return found


def _portfolio(answer: Appraisal, language: Language) -> str:
    folio = answer.portfolio
    if folio is None:
        return ""
    names = {p.id: called(p, language) for p in answer.projects}
    rows = [
        (
            names[p.id],
            *(millions(v) for v in (p.alone, p.taken_out, p.shapley)),
            said("yes" if p.chosen else "no", language),
        )
        for p in folio.places
    ]
    head = tuple(said(w, language) for w in ("project", "alone", "taken_out", "shapley", "chosen"))
    found = aligned(head, rows, frozenset({1, 2, 3}))
    pairs = [(names[p.first], names[p.second], millions(p.synergy)) for p in folio.pairs if abs(p.synergy) >= 5e4]
    if pairs:
        head = (said("pair", language), "", said("synergy", language))
        found += "\n\n" + aligned(head, pairs, frozenset({2}))
    for (head, rows), numbers in (
        (regret_rows(answer, language), {1, 2}),
        (start_rows(answer, language), {1, 2, 3, 4}),
    ):
        found += "\n\n" + aligned(head, rows, frozenset(numbers)) if rows else ""
    return found + "\n" + portfolio_note(answer, language)


def regret_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what the chosen set lets go under each scenario."""
    folio = answer.portfolio
    names = {p.id: called(p, language) for p in answer.projects}
    named = namer(answer, language)
    rows: list[tuple[str, ...]] = [
        (
            named(r.scenario),
            millions(r.value),
            millions(r.regret),
            " + ".join(names[p] for p in r.best) or said("none", language),
        )
        for r in (folio.regrets if folio else ())
    ]
    return tuple(said(w, language) for w in ("scenario", "chosen_npv", "regret", "best_set")), rows


def start_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of the year in which each chosen project does best to open."""
    folio = answer.portfolio
    names = {p.id: called(p, language) for p in answer.projects}
    rows: list[tuple[str, ...]] = [
        (names[s.project], str(s.opens[0]), millions(s.values[0]), str(s.best), millions(max(s.values)))
        for s in (folio.starts if folio else ())
    ]
    return tuple(said(w, language) for w in ("project", "opens", "npv", "best_year", "npv")), rows


def portfolio_note(answer: Appraisal, language: Language) -> str:
    """Return what the chosen set costs and gives, in full and as its projects and pairs have it."""
    folio = answer.portfolio
    if folio is None:
        return ""
    return said("portfolio_note", language).format(
        spent=folio.spent / 1e6, value=folio.value / 1e6, pairs=folio.by_pairs / 1e6, sets=folio.sets
    )
