"""This module owns the report of an appraisal as a document: text, tables and charts, item by item."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from transcaspian.report.appraise import (
    MONTHS,
    SELDOM,
    break_even_rows,
    grid_head,
    grid_rows,
    measure_head,
    measure_rows,
    millions,
    portfolio_note,
    project_head,
    project_rows,
    regret_rows,
    risk_rows,
    rung_rows,
    start_rows,
    under_head,
    under_note,
    under_rows,
    wider_head,
    wider_rows,
)
from transcaspian.report.appraise_finance import (
    actor_head,
    actor_rows,
    amount,
    debt_head,
    debt_rows,
    finance_head,
    finance_rows,
    finance_words,
    item_head,
    item_rows,
)
from transcaspian.report.appraise_words import Language, called, name_of, namer, said, sentences
from transcaspian.report.charts import bars, lines, spans
from transcaspian.report.document import (
    Block,
    Bullets,
    Cells,
    Drawing,
    Heading,
    Text,
    cells,
    html_page,
    typst_source,
)
from transcaspian.results.appraisal import (
    Appraisal,
    BindingResult,
    LineResult,
    ProjectResult,
    SectionResult,
    ShareResult,
    ShipmentResult,
)

DRAWN = 3
"""Ways of a shipment whose times are drawn; what all of them cost stands in the next item."""

WORST = 8
"""Counts that the model misses most, which are shown."""


def appraisal_html(answer: Appraisal, language: Language = "en") -> str:
    """Return the report of an appraisal as a page that stands alone; the same answer gives the same bytes."""
    return html_page(name_of(answer, language), language, document(answer, language))


def appraisal_typst(answer: Appraisal, language: Language = "en") -> str:
    """Return the report of an appraisal in Typst, block for block what the page says."""
    return typst_source(name_of(answer, language), language, document(answer, language))


def document(answer: Appraisal, language: Language) -> tuple[Block, ...]:
    """Return the report of an appraisal, the plain answer first."""
    terms = f"{said('rate', language)} {100 * answer.rate:g} %, EUR {answer.price_year}; "
    terms += f"{said('run', language)} {answer.run_id}, {said('data', language)} {answer.corridor_id[:16]}"
    notes = [f"{called(p, language)}: {'; '.join(p.notes)}" for p in answer.projects if p.notes]
    found: list[Block] = [
        Heading(1, name_of(answer, language)),
        Text(terms, quiet=True),
        Bullets(tuple(sentences(answer, language)), answer=True),
        *cells(project_head(language), project_rows(answer, language)),
        *_listed(notes),
        *_under(answer, language),
    ]
    for key, part in _items(answer, language):
        blocks = tuple(part)
        if blocks:
            found += [Heading(2, said(key, language)), *blocks]
    return tuple(found)


def _items(answer: Appraisal, language: Language) -> Iterator[tuple[str, Iterable[Block]]]:
    """Give the items of the report, each with its heading; an item without a result is left out."""
    yield "item_binds", _binding(answer, language)
    yield "item_ladder", _ladders(answer, language)
    yield "item_break_even", (block for s in answer.sections for block in _section(s, language))
    yield "item_cash", (block for p in _priced(answer) for block in _cash(p, answer, language))
    yield "item_who", (block for p in _priced(answer) for block in _who(p, answer, language))
    yield "wider", _wider(answer, language)
    yield "item_time", _times(answer, language)
    yield "item_landed", _landed(answer, language)
    yield "item_counts", _counts(answer, language)
    yield "item_portfolio", _portfolio(answer, language)
    yield "item_assumptions", _assumptions(answer, language)
    yield "minimum", _listed((*answer.minimum, *answer.responses))


def _priced(answer: Appraisal) -> tuple[ProjectResult, ...]:
    every = (*answer.projects, *((answer.together,) if answer.together else ()))
    return tuple(p for p in every if p.npv is not None)


def _listed(rows: Iterable[str]) -> tuple[Block, ...]:
    items = tuple(rows)
    return (Bullets(items),) if items else ()


def _words(language: Language, *keys: str) -> tuple[str, ...]:
    return tuple(said(key, language) for key in keys)


def _under(answer: Appraisal, language: Language) -> Iterator[Block]:
    if answer.under:
        yield Heading(3, said("under", language))
        yield from cells(under_head(language), under_rows(answer, language))
        note = under_note(answer, language)
        if note:
            yield Text(note, quiet=True)


def _binding(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give what is short by month, a line for both cases where they agree; the more often, the redder."""
    if not answer.binding:
        return
    rows, shades, named = list[tuple[str, ...]](), list[tuple[int, int, float]](), namer(answer, language)
    often = {b.limit for b in answer.binding if max(b.months) >= SELDOM}
    shown = [b for b in answer.binding if b.limit in often]
    for limit, year, case, series in _cases(shown):
        twice = sum(b.name == limit.name and b.limit != limit.limit for b in answer.binding)
        name = named(limit.name) + (f" ({limit.limit.rpartition(':')[2]})" if twice else "")
        shades += [(len(rows), 3 + n, share) for n, share in enumerate(series)]
        rows.append((name, str(year), said(case, language), *(f"{100 * m:.0f}" if m > 0 else "" for m in series)))
    head = (*_words(language, "limit", "year", "case"), *MONTHS)
    notes = [said("binds", language), said("binds_note", language)]
    if len(shown) < len(answer.binding):
        notes.append(said("binds_seldom", language).format(share=100 * SELDOM))
    yield Text(". ".join(notes), quiet=True)
    yield Cells(head, tuple(rows), frozenset(range(3, 15)), tuple(shades))


def _cases(
    binding: Sequence[BindingResult],
) -> Iterator[tuple[BindingResult, int, str, tuple[float, ...]]]:
    """Give limits by name and year with the months of each case, or of both at once where they are the same."""

    def key(row: BindingResult) -> tuple[str, str, int]:
        return row.name, row.limit, row.year

    for (*_, year), group in groupby(sorted(binding, key=key), key=key):
        by_case = {b.case: b for b in group}
        some = next(iter(by_case.values()))
        nothing = (0.0,) * len(some.months)
        series = {c: by_case[c].months if c in by_case else nothing for c in ("without", "with")}
        if series["without"] == series["with"]:
            yield some, year, "both", series["with"]
        else:
            for case, months in series.items():
                yield some, year, case, months


def _ladders(answer: Appraisal, language: Language) -> Iterator[Block]:
    for row in answer.ladders:
        place = namer(answer, language)(row.place)
        yield Drawing(bars([(said(r.name, language), r.teu) for r in row.rungs], place, "TEU"))
        yield from cells((place, "TEU", ""), rung_rows(row, language))
        hand = said("hand", language).format(hours=row.hours, cycle=row.cycle, more=100 * row.more, teu=row.teu)
        yield Text(f"{place}. {hand}")
    yield from cells(measure_head(answer, language), measure_rows(answer, language))


def _section(section: SectionResult, language: Language) -> Iterator[Block]:
    name = section.name if language == "en" else section.name_ru
    costs = sorted({b.cost for b in section.break_even})
    series = [
        (
            f"{said('cost', language)} x {cost:g}",
            [(b.rate, b.aadt) for b in section.break_even if b.cost == cost and b.aadt is not None],
        )
        for cost in costs
    ]
    marks = [
        (said("assumed", language), section.aadt),
        (said("low", language), section.aadt_low),
        (said("high", language), section.aadt_high),
    ]
    yield Heading(3, name)
    drawn = [s for s in series if s[1]]
    if drawn:
        yield Drawing(lines(drawn, name, said("rate", language), said("aadt", language), marks))
    head = (said("break_even", language), *(f"{said('cost', language)} x {c:g}" for c in costs))
    yield from cells(head, break_even_rows(section, language))
    yield Text(said("grid_note", language), quiet=True)
    yield from cells(grid_head(section, language), grid_rows(section))


def _cash(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the cash flow with the present value and switching value of each line, the years one below the other."""
    shown = project.lines

    def name(line: LineResult) -> str:
        apart = f" ({said('apart', language)})" if line.side == "apart" else ""
        return said(line.name, language) + apart

    yield Heading(3, called(project, language))
    head = (said("eur_m", language), *(name(line) for line in shown), said("net", language))
    core = [line for line in shown if line.side != "apart"]
    rows = [
        (said("pv", language), *(millions(line.value) for line in shown), millions(sum(line.value for line in core))),
        (
            said("switching", language),
            *("n/a" if v is None or abs(v) > 99 else f"{100 * v:+,.0f} %" for v in (line.switching for line in shown)),
            "",
        ),
    ]
    for n, year in enumerate(project.years):
        net = sum(line.flow[n] for line in core)
        rows.append((str(year), *(amount(line.flow[n]) for line in shown), amount(net)))
    yield from cells(head, rows)
    usual = [(f"{100 * r.rate:g} %", millions(r.npv)) for r in answer.at_rates if r.project == project.id]
    yield from cells(_words(language, "rate", "npv"), usual)
    yield from _finance(project, answer, language)


def _finance(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the financial table: who gives what, and the service of each loan in its currency."""
    named = namer(answer, language)
    legs = [
        (
            named(x.financier),
            said(x.instrument, language),
            said("not_published", language) if x.amount is None else f"{x.amount / 1e6:,.1f}",
            x.currency,
            said(x.status, language),
        )
        for x in project.legs
    ]
    yield from cells(_words(language, "financier", "instrument", "amount", "currency", "status"), legs)
    for debt in project.debts:
        yield from cells(debt_head(debt, answer, language), debt_rows(debt, project.years))
        if debt.assumed:
            yield Text(said("debt_assumed", language), quiet=True)
    money = project.finance
    if money is None:
        return
    yield Heading(3, f"{said('finance', language)}: {called(project, language)}")
    yield from _listed(finance_words(project, language))
    if any(debt.drawn for debt in project.debts) or money.income is not None:
        yield from cells(finance_head(language), finance_rows(project, money))
        yield Text(said("finance_note", language).format(price_year=answer.price_year), quiet=True)
    yield from cells(item_head(project, language), item_rows(money, answer, language)) if project.anchors else ()
    if money.actors:
        yield Text(said("actors", language))
        yield from cells(actor_head(money, answer, language), actor_rows(project, money))


def _who(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    yield Heading(3, called(project, language))
    named = namer(answer, language)

    def drawn(shares: Sequence[ShareResult], title: str) -> Iterator[Block]:
        rows = [(named(s.name), s.value / 1e6) for s in shares if abs(s.value) >= 5e4]
        if rows:
            yield Text(said(title, language))
            yield Drawing(bars(rows, said(title, language), said("eur_m", language)))

    yield from drawn(project.by_actor, "by_actor")
    # Emissions are nobody's country: beside countries they are everybody's, and not a country called world.
    renamed = [
        ShareResult("everybody (emissions)" if s.name == "world" else s.name, s.value) for s in project.by_country
    ]
    yield from drawn(renamed, "by_country")
    yield from drawn(project.perspectives, "perspectives")


def _wider(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give what others say comes of the projects beyond their users: a panel of its own."""
    if answer.wider:
        yield Text(said("wider_note", language))
        yield from cells(wider_head(language), wider_rows(answer, language))


def _times(answer: Appraisal, language: Language) -> Iterator[Block]:
    for s in answer.shipments:
        title = _shipment(s, answer, language)
        ways = [w for case in ("without", "with") for w in [x for x in s.ways if x.case == case][:DRAWN]]
        rows = [(f"{w.label} ({said(w.case, language)})", w.p10 / 24, w.p50 / 24, w.p90 / 24) for w in ways]
        yield Heading(3, title)
        yield Drawing(spans(rows, title, said("days", language)))
        causes = list(dict.fromkeys(c.name for w in ways for c in w.causes))
        spent = (
            (
                f"{w.label} ({said(w.case, language)})",
                *(f"{next((c.value for c in w.causes if c.name == name), 0.0) / 24:.1f}" for name in causes),
            )
            for w in ways
        )
        yield from cells((said("made_of", language), *(said(c, language) for c in causes)), spent)
    if answer.shipments:
        yield Text(said("times_note", language), quiet=True)


def _shipment(s: ShipmentResult, answer: Appraisal, language: Language) -> str:
    named = namer(answer, language)
    return f"{named(s.origin)} - {named(s.destination)}, {s.cargo}, {named(s.commodity)}"


def _landed(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the alternatives of each cargo with what they cost landed, the cheapest first."""
    for s in answer.shipments:
        rows = [
            (
                w.label,
                said(w.case, language),
                f"{w.price:,.0f}",
                f"{w.logistics:,.0f}",
                f"{100 * w.assumed:.0f} %",
                f"{w.co2e / 1000:.1f}",
            )
            for w in sorted(s.ways, key=lambda w: (w.case != "without", w.logistics))
        ]
        head = (_shipment(s, answer, language), *_words(language, "case", "price", "landed", "assumed", "t_co2e"))
        yield from cells(head, rows)


def _counts(answer: Appraisal, language: Language) -> Iterator[Block]:
    rows = [
        (
            c.series,
            c.period,
            f"{c.observed:,.5g}",
            f"{c.modelled:,.5g}",
            f"{c.modelled / c.observed - 1:+.0%}",
            c.unit,
            said(c.role, language),
        )
        for c in answer.counts
        if c.observed
    ]
    yield from cells(_words(language, "series", "period", "published", "model", "differs", "unit", "role"), rows)


def _portfolio(answer: Appraisal, language: Language) -> Iterator[Block]:
    folio = answer.portfolio
    if folio is None:
        return
    names = {p.id: called(p, language) for p in answer.projects}
    rows = [
        (
            names[p.id],
            millions(p.alone),
            millions(p.taken_out),
            millions(p.shapley),
            said("yes" if p.chosen else "no", language),
        )
        for p in folio.places
    ]
    yield from cells(_words(language, "project", "alone", "taken_out", "shapley", "chosen"), rows)
    pairs = [(f"{names[p.first]} + {names[p.second]}", millions(p.synergy)) for p in folio.pairs]
    yield from cells(_words(language, "pair", "synergy"), pairs)
    yield from cells(*regret_rows(answer, language))
    yield from cells(*start_rows(answer, language))
    yield Text(portfolio_note(answer, language), quiet=True)


def _assumptions(answer: Appraisal, language: Language) -> Iterator[Block]:
    risk = answer.risk
    if risk is not None and risk.spreads:
        yield from cells(*risk_rows(answer, language))
    if risk is not None and risk.causes:
        ranked = sorted(risk.causes, key=lambda c: -abs(c.rank))
        title = said("rank", language)
        yield Text(title)
        yield Drawing(bars([(said(c.words, language), c.rank) for c in ranked], title, ""))
    worst = sorted((c for c in answer.counts if c.observed), key=lambda c: -abs(c.modelled / c.observed - 1))[:WORST]
    if worst:
        yield Heading(3, said("misses", language))
        missed = [(c.series, c.period, f"{c.modelled / c.observed - 1:+.0%}") for c in worst]
        yield from cells(_words(language, "series", "period", "differs"), missed)
    listed = [
        (
            f"{a.table}:{a.id}",
            "" if a.value != a.value else f"{a.value:,.6g}",
            "" if a.low is None else f"{a.low:,.6g}",
            "" if a.high is None else f"{a.high:,.6g}",
            a.reason,
        )
        for a in answer.assumptions
    ]
    head = (*_words(language, "assumed", "value", "low", "high"), said("reason", language))
    yield from cells(head, listed)
