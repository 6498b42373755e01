"""This module owns an appraisal as words and tables for a terminal: the plain answer first."""

from collections.abc import Iterator, Sequence

from transcaspian.appraisal.port import BY_FLOWS
from transcaspian.appraisal.risk import FEW, SURROGATE
from transcaspian.report.appraise_answer import sentences, traffic_words
from transcaspian.report.appraise_finance import finance_words
from transcaspian.report.appraise_words import MONTHS, called, direction, drawn, name_of, namer, said, share_cell
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import (
    TOGETHER,
    AnchorResult,
    Appraisal,
    BindingResult,
    CauseResult,
    LadderResult,
    PortfolioResult,
    ProjectResult,
    RiskResult,
    SectionResult,
    ShareResult,
    UnderResult,
)
from transcaspian.results.text import aligned

USERS = ("time", "operating", "accidents", "fuel", "greenhouse", "pollution")
"""Effects of a section that go with the vehicles on it."""

GAP = 1e-4
"""Gap of a year above which a difference of two of them says nothing."""

OFTEN = 0.2
"""Share of runs in which something must bind in some month to be printed in a terminal."""

SELDOM = 0.1
"""The same for a page; the JSON file beside it has all."""

NEVER = 99.0
"""Change of a line above which nobody would look at it."""


def terms_words(answer: Appraisal, language: Language) -> str:
    """Return the rate, whose it is and whether that has a source, and the year of the prices."""
    rate = f"{said('rate', language)} {number(100 * answer.rate, 'g', language)} %"
    prices = said("price_terms", language, year=answer.price_year)
    for own in answer.rates:
        if own.id == answer.rate_id:
            whose = own.institution if language == "en" else own.institution_ru
            found = "" if own.sourced else f": {said('unsourced', language)}"
            return f"{rate}, {whose}{found}; {prices}"
    return f"{rate}, {prices}"


def appraisal_text(answer: Appraisal, language: Language = "en") -> str:
    """Return the answer to ``appraise`` as a person reads it."""
    parts = [
        f"{name_of(answer, language)} ({terms_words(answer, language)})",
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
        _minimum(answer, language),
        *answer.notes,
    ]
    return "\n\n".join(part for part in parts if part)


def minimum_words(answer: Appraisal, language: Language) -> tuple[str, ...]:
    """Return what happens in the case without."""
    return answer.minimum if language == "en" else answer.minimum_ru


def _minimum(answer: Appraisal, language: Language) -> str:
    rows = minimum_words(answer, language)
    return said("minimum", language) + ":\n" + "\n".join(f"- {row}" for row in rows) if rows else ""


def _joint(answer: Appraisal) -> tuple[ProjectResult, ...]:
    return (answer.together,) if answer.together else ()


def millions(value: float | None, language: Language) -> str:
    """Return money in millions with a sign.

    >>> millions(1234567.0, "ru"), millions(-1.0, "en"), millions(None, "en")
    ('+1,2', '0.0', 'n/a')
    """
    return said("n/a", language) if value is None else number(value / 1e6, "+,.1f", language)


def rates_words(roots: Sequence[float], priced: bool, language: Language) -> str:
    """Return internal rates of return as they are printed: several are all named, none is said."""
    if not priced:
        return said("n/a", language)
    if not roots:
        return said("none", language)
    return percents(roots, language) + ("" if len(roots) == 1 else " (!)")


def percents(roots: Sequence[float], language: Language) -> str:
    """Return rates one after the other."""
    return ("; " if language == "ru" else ", ").join(f"{number(100 * r, '.1f', language)} %" for r in roots)


def project_rows(answer: Appraisal, language: Language) -> Iterator[tuple[str, ...]]:
    """Give a row for every project: name, net present value, with reliability, rate, ratio, payback."""
    for p in (*answer.projects, *_joint(answer)):
        priced = p.npv is not None
        yield (
            called(p, language),
            said(p.kind, language),
            said(p.status, language),
            millions(p.npv, language),
            millions(p.npv_reliable, language),
            rates_words(p.roots, priced, language),
            said("n/a", language) if p.bcr is None else number(p.bcr, ".2f", language),
            said("never", language)
            if priced and p.payback is None
            else f"{p.payback:.0f}"
            if p.payback
            else said("n/a", language),
        )


def project_head(language: Language) -> tuple[str, ...]:
    """Return the header of ``project_rows``."""
    words = ("project", "kind", "status", "npv", "npv_reliable", "eirr", "bcr", "payback")
    return tuple(said(w, language) for w in words)


def _projects(answer: Appraisal, language: Language) -> str:
    table = aligned(project_head(language), list(project_rows(answer, language)), frozenset({3, 4, 5, 6, 7}))
    notes = [f"- {note}" for note in project_notes(answer, language)]
    return table + ("\n\n" + "\n".join(notes) if notes else "")


def project_notes(answer: Appraisal, language: Language) -> list[str]:
    """Return what a reader should know of each project."""
    every = (*answer.projects, *((answer.together,) if answer.together else ()))
    noted = [(p, p.notes if language == "en" else p.notes_ru) for p in every]
    return [f"{called(p, language)}: {'; '.join(notes)}" for p, notes in noted if notes]


def switching(value: float | None, language: Language) -> str:
    """Return by how much a line must change for the verdict to turn, where that can be."""
    if value is None or abs(value) > NEVER:
        return said("n/a", language)
    return f"{number(100 * value, '+,.0f', language)} %"


def by_country(project: ProjectResult) -> list[ShareResult]:
    """Return what each country gains; emissions are borne by everybody, and are not a country called world."""
    return [ShareResult("everybody (emissions)" if s.name == "world" else s.name, s.value) for s in project.by_country]


def _cash(project: ProjectResult, answer: Appraisal, language: Language) -> str:
    named = namer(answer, language)
    rows = [
        (
            said(line.name, language) + (f" ({said('apart', language)})" if line.side == "apart" else ""),
            millions(line.value, language),
            switching(line.switching, language),
        )
        for line in project.lines
    ]
    head = (called(project, language), said("pv", language), said("switching", language))
    anchors = [
        (
            str(a.year),
            *(millions(v, language) for v in (a.users, a.reliability, a.operators, a.passed)),
            number(a.carbon_net, "+,.0f", language),
            number(a.carbon_gross, "+,.0f", language),
            number(a.tonnes / 1000, "+,.1f", language),
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
    if project.opens is not None and any(a.year < project.opens for a in project.anchors):
        found += f"\n{said('before_opening', language, year=project.opens)}"
    seen = {"by_actor": project.by_actor, "by_country": by_country(project), "perspectives": project.perspectives}
    for key, every in seen.items():
        shares = [(named(s.name), millions(s.value, language)) for s in every if abs(s.value) >= 5e4]
        found += "\n\n" + aligned((said(key, language), said("npv", language)), shares, frozenset({1}))
    owner = "\n".join(f"- {sentence}" for sentence in finance_words(project, language))
    return found + (f"\n\n{owner}" if owner else "")


def break_even_head(section: SectionResult, language: Language) -> tuple[str, ...]:
    """Return the header of ``break_even_rows``."""
    costs = sorted({b.cost for b in section.break_even})
    return (said("break_even", language), *(f"{said('cost', language)} x {number(c, 'g', language)}" for c in costs))


def break_even_rows(section: SectionResult, language: Language) -> list[tuple[str, ...]]:
    """Return the traffic at which a section pays: a row for each rate, a column for each cost."""
    rates = sorted({b.rate for b in section.break_even})
    costs = sorted({b.cost for b in section.break_even})
    at = {(b.rate, b.cost): b.aadt for b in section.break_even}
    return [
        (
            f"{number(100 * rate, 'g', language)} %",
            *(
                said("never", language) if (v := at[rate, cost]) is None else number(v, ",.0f", language)
                for cost in costs
            ),
        )
        for rate in rates
    ]


def _section(section: SectionResult, language: Language) -> str:
    name = section.name if language == "en" else section.name_ru
    head = said(
        "section_head", language, name=name, km=section.km, cost=section.cost / 1e6, part=_part(section, language),
        traffic=traffic_words(section, language), corridor=100 * section.corridor,
    )  # fmt: skip
    columns = break_even_head(section, language)
    table = aligned(columns, break_even_rows(section, language), frozenset(range(1, len(columns))))
    grid = aligned(
        grid_head(section, language), list(grid_rows(section, language)), frozenset(range(2, 2 + len(_costs(section))))
    )
    parts = "; ".join(f"{said(line.name, language)} {millions(line.value, language)}" for line in section.lines)
    lines = said("section_lines", language, parts=parts)
    return f"{head}\n{lines}. {section_users(section, language)}\n\n{table}\n\n{said('grid_note', language)}\n{grid}"


def section_users(section: SectionResult, language: Language) -> str:
    """Return what of the present value of a section the traffic of the corridor has, and what all others have."""
    every = sum(line.value for line in section.lines if line.name in USERS)
    mine, others = (millions(v, language) for v in (section.corridor_gain, every - section.corridor_gain))
    return said("section_users", language, corridor=mine, others=others)


def _part(section: SectionResult, language: Language) -> str:
    if section.announced is None:
        return ""
    share = 100 * section.announced / section.cost
    return said("part", language, announced=section.announced / 1e6, part=share)


def _costs(section: SectionResult) -> list[float]:
    return sorted({p.cost for p in section.grid})


def grid_head(section: SectionResult, language: Language) -> tuple[str, ...]:
    """Return the header of ``grid_rows``."""
    costs = (f"{said('cost', language)} {number(c / 1e6, ',.0f', language)}" for c in _costs(section))
    return (said("aadt_head", language), said("iri_head", language), *costs)


def grid_rows(section: SectionResult, language: Language) -> Iterator[tuple[str, ...]]:
    """Give net present value and rate of return of a section by traffic and roughness, a column for each cost."""
    costs = _costs(section)
    points = {(p.aadt, p.rough, p.cost): p for p in section.grid}
    for aadt, rough in dict.fromkeys((p.aadt, p.rough) for p in section.grid):
        cells = []
        for cost in costs:
            point = points[aadt, rough, cost]
            cells.append(f"{millions(point.npv, language)} ({percents(point.roots, language) or '-'})")
        yield (number(aadt, ",.0f", language), number(rough, "g", language), *cells)


def rung_rows(row: LadderResult, language: Language) -> Iterator[tuple[str, ...]]:
    """Give the rungs of a ladder: name, TEU a year, what it counts."""
    for rung in row.rungs:
        words = said(rung.words, language, cranes=row.cranes, teu_box=row.teu_box, year=rung.year or 0)
        yield said(rung.name, language), number(rung.teu, ",.0f", language), words


def hand_words(row: LadderResult, language: Language) -> str:
    """Return the check of a ladder by hand, and why the flows bring less, where they do."""
    found = said("hand", language, hours=row.hours, cycle=row.cycle, more=100 * row.more, teu=row.teu)
    flows = next((rung for rung in row.rungs if rung.words == BY_FLOWS and rung.name == TOGETHER), None)
    if flows is None or flows.teu > 0.5 * row.teu:
        return found
    return f"{found}. {said('hand_flows', language, year=flows.year or 0, teu=flows.teu)}"


def _ladder(answer: Appraisal, language: Language) -> str:
    parts = []
    for row in answer.ladders:
        rungs = list(rung_rows(row, language))
        head = (f"{namer(answer, language)(row.place)}, {said('ladder', language)}", said("TEU", language), "")
        parts.append(aligned(head, rungs, frozenset({1})) + "\n" + hand_words(row, language))
    return "\n\n".join(parts)


def measure_rows(answer: Appraisal, language: Language) -> list[tuple[str, ...]]:
    """Return what each measure gives alone and together."""
    names = {p.id: called(p, language) for p in answer.projects}
    return [
        (
            names[m.project],
            said(m.measure, language),
            *(millions(v, language) for v in (m.users, m.reliability, m.operators)),
            number(m.tonnes / 1000, "+,.1f", language),
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
        return (f"{scenario} (!)", name, *(said("n/a", language),) * 6, gap)
    return (scenario, name, *_headline(row, row, language), gap)


def _headline(
    worth: ProjectResult | UnderResult, moved: AnchorResult | UnderResult, language: Language
) -> tuple[str, ...]:
    """Return what a project is worth and what it moves, and what still waits without it."""
    return (
        millions(worth.npv, language),
        millions(worth.npv_reliable, language),
        rates_words(worth.roots, True, language),
        said("n/a", language) if worth.bcr is None else number(worth.bcr, ".2f", language),
        number(moved.tonnes / 1000, "+,.1f", language),
        number(moved.waiting / 1000, ",.0f", language),
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
    named = namer(answer, language)
    rows: list[tuple[str, ...]] = []
    for row in answer.wider:
        words = said(
            f"wider_{row.effect}", language,
            year=row.year, base=row.base / 1e6, days=row.days or 0.0, coefficient=100 * row.coefficient,
        )  # fmt: skip
        rows.append((names[row.project], words, millions(row.value, language), named(row.source)))
    return rows


def _wider(answer: Appraisal, language: Language) -> str:
    rows = wider_rows(answer, language)
    if not rows:
        return ""
    table = aligned(wider_head(language), rows, frozenset({2}))
    return f"{said('wider', language)}\n{table}\n{said('wider_note', language)}"


def limit_name(row: BindingResult, answer: Appraisal, language: Language) -> str:
    """Return what a limit is called, with the way it is meant for."""
    return namer(answer, language)(row.name) + direction(row.limit, answer, language)


def binding_rows(answer: Appraisal, language: Language, last: bool = False) -> list[tuple[str, ...]]:
    """Return what holds cargo back: limit, case, year, and the share of runs in every month.

    ``last`` keeps to the last year worked out, and to what binds in ``OFTEN`` of the runs in some month.
    """
    return [
        (
            limit_name(b, answer, language),
            said(b.case, language),
            str(b.year),
            *(share_cell(m, answer) for m in b.months),
        )
        for b in answer.binding
        if not last or (b.year == answer.anchor_years[-1] and max(b.months) >= OFTEN)
    ]


def _binding(answer: Appraisal, language: Language) -> str:
    if not answer.binding:
        return ""
    words = "binds" if drawn(answer) else "binds_once"
    head = (said(words, language), "", said("year", language), *month_heads(language))
    rows = binding_rows(answer, language, last=True)
    return aligned(head, rows, frozenset(range(3, 15))) + "\n" + said(f"{words}_note", language)


def month_heads(language: Language) -> tuple[str, ...]:
    """Return the months as heads of narrow columns: a letter each in English, whose Russian ones would be alike."""
    return tuple("JFMAMJJASOND") if language == "en" else tuple(russian for _, russian in MONTHS)


def trusted(risk: RiskResult) -> bool:
    """Return whether the surrogate is near enough to the runs for all total indices to be given."""
    return all(cause.total is not None for cause in risk.causes)


def risk_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what draws say of each project."""
    risk = answer.risk
    if risk is None or not risk.spreads:
        return (), []
    names = {p.id: called(p, language) for p in (*answer.projects, *_joint(answer))}
    rows = [
        (
            names[s.id],
            *(millions(v, language) for v in (s.p5, s.p50, s.p95)),
            said("n/a", language) if s.positive is None else f"{100 * s.positive:.0f} %",
        )
        for s in risk.spreads
    ]
    head = said("spread", language, draws=risk.spreads[0].draws)
    return (head, "P5", "P50", "P95", said("P(NPV>0)", language)), rows


def _first(cause: CauseResult, language: Language) -> str:
    if cause.first is None:
        return said("n/a", language)
    first, low, high = (number(v or 0.0, ".2f", language) for v in (cause.first, cause.first_low, cause.first_high))
    return f"{first} ({low}-{high})"


def _risk(answer: Appraisal, language: Language) -> str:
    risk = answer.risk
    if risk is None or not risk.spreads:
        return "" if risk is None else said("unsettled", language, count=risk.unsettled)
    head, rows = risk_rows(answer, language)
    found = aligned(head, rows, frozenset({1, 2, 3, 4}))
    causes = [
        (
            said(c.words, language),
            _first(c, language),
            said("n/a", language) if c.total is None else number(c.total, ".2f", language),
            number(c.rank, "+.2f", language),
        )
        for c in sorted(risk.causes, key=lambda c: -abs(c.rank))
    ]
    if causes:
        words = ("cause", "sobol_first", "sobol_total", "rank")
        found += "\n\n" + aligned(tuple(said(w, language) for w in words), causes, frozenset({1, 2, 3}))
    if risk.spreads[0].p5 is None:
        found += "\n" + said("few", language, least=FEW)
    if risk.unsettled:
        found += "\n" + said("unsettled", language, count=risk.unsettled)
    if risk.surrogate_error is not None:
        note = "surrogate" if trusted(risk) else "untrusted"
        found += "\n" + said(note, language, error=100 * risk.surrogate_error, most=100 * SURROGATE)
    return found


def _portfolio(answer: Appraisal, language: Language) -> str:
    folio = answer.portfolio
    if folio is None:
        return ""
    names = {p.id: called(p, language) for p in folio.places}
    head, rows = place_rows(folio, language)
    found = aligned(head, rows, frozenset({1, 2, 3, 4} if folio.value is not None else {1, 2, 3}))
    if folio.unpriced:
        head, rows = unpriced_rows(folio, language)
        found += "\n\n" + aligned(head, rows, frozenset({1}))
    pairs = [
        (names[p.first], names[p.second], millions(p.synergy, language)) for p in folio.pairs if abs(p.synergy) >= 5e4
    ]
    if pairs:
        head = (said("pair", language), "", said("synergy", language))
        found += "\n\n" + aligned(head, pairs, frozenset({2}))
    for (head, rows), numbers in (
        (regret_rows(answer, language), {1, 2}),
        (start_rows(answer, language), {1, 2, 3, 4}),
    ):
        found += "\n\n" + aligned(head, rows, frozenset(numbers)) if rows else ""
    return found + "\n" + portfolio_note(answer, language)


def place_rows(folio: PortfolioResult, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what each project costs, and is worth alone and among the others."""
    words = ["project", "capital_m", "alone", "taken_out", *(["shapley", "chosen"] if folio.value is not None else [])]
    rows = []
    for p in folio.places:
        row = [called(p, language), number(p.cost / 1e6, ",.0f", language)]
        row += [millions(v, language) for v in (p.alone, p.taken_out, p.shapley) if v is not None]
        rows.append((*row, *([] if p.chosen is None else [said("yes" if p.chosen else "no", language)])))
    return tuple(said(w, language) for w in words), rows


def unpriced_rows(folio: PortfolioResult, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what projects without a published cost may cost at most."""
    ranked = sorted(folio.unpriced, key=lambda p: -p.value)
    rows: list[tuple[str, ...]] = [(called(p, language), number(p.value / 1e6, ",.1f", language)) for p in ranked]
    return (said("unpriced", language), said("most_cost", language)), rows


def regret_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of what the chosen set lets go under each scenario."""
    folio = answer.portfolio
    names = {p.id: called(p, language) for p in folio.places} if folio else {}
    named = namer(answer, language)
    rows: list[tuple[str, ...]] = [
        (
            named(r.scenario),
            millions(r.value, language),
            millions(r.regret, language),
            " + ".join(names[p] for p in r.best) or said("none", language),
        )
        for r in (folio.regrets if folio else ())
    ]
    return tuple(said(w, language) for w in ("scenario", "chosen_npv", "regret", "best_set")), rows


def start_rows(answer: Appraisal, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of the year in which each chosen project does best to open."""
    folio = answer.portfolio
    names = {p.id: called(p, language) for p in folio.places} if folio else {}
    rows: list[tuple[str, ...]] = [
        (
            names[s.project],
            str(s.opens[0]),
            millions(s.values[0], language),
            str(s.best),
            millions(max(s.values), language),
        )
        for s in (folio.starts if folio else ())
    ]
    return tuple(said(w, language) for w in ("project", "opens", "npv", "best_year", "npv")), rows


def portfolio_note(answer: Appraisal, language: Language) -> str:
    """Return what the chosen set costs and gives, in full and as its projects and pairs have it; or that none is.

    And whose gains these are.
    """
    folio = answer.portfolio
    if folio is None:
        return ""
    scope = said("scope_note", language)
    if folio.spent is None or folio.value is None or folio.by_pairs is None:
        return f"{said('glance_note', language, value=folio.all_value / 1e6, sets=folio.sets)}. {scope}"
    found = said(
        "portfolio_note", language,
        spent=folio.spent / 1e6, value=folio.value / 1e6, pairs=folio.by_pairs / 1e6, sets=folio.sets,
    )  # fmt: skip
    return f"{found}. {scope}"
