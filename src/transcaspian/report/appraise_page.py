"""This module owns the report of an appraisal as a document: text, tables and charts, item by item."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import isnan

from transcaspian.report.appraise import (
    SELDOM,
    break_even_head,
    break_even_rows,
    by_country,
    grid_head,
    grid_rows,
    hand_words,
    limit_name,
    measure_head,
    measure_rows,
    millions,
    minimum_words,
    month_heads,
    place_rows,
    portfolio_note,
    project_head,
    project_notes,
    project_rows,
    regret_rows,
    risk_rows,
    rung_rows,
    section_users,
    start_rows,
    switching,
    terms_words,
    under_head,
    under_note,
    under_rows,
    unpriced_rows,
    wider_head,
    wider_rows,
)
from transcaspian.report.appraise_answer import sentences
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
from transcaspian.report.appraise_movers import (
    mover_head,
    mover_rows,
    movers_of,
    movers_of_section,
    ordered_assumptions,
)
from transcaspian.report.appraise_words import (
    assumed_words,
    called,
    cargo_name,
    drawn,
    name_of,
    namer,
    period_words,
    reason_of,
    said,
    share_cell,
    unit_words,
    way_name,
)
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
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import (
    Appraisal,
    AssumptionResult,
    BindingResult,
    LineResult,
    ProjectResult,
    SectionResult,
    ShareResult,
    ShipmentResult,
    WayResult,
)
from transcaspian.results.flows import Counted

DRAWN = 3
"""Ways of a shipment whose times are drawn; what all of them cost stands in the next item."""

SHOWN = 5e4
"""EUR from which a part of a net present value has a line of its own."""

YEARS = ("opens", "from_year", "until_year", "from_date", "growth-ends", "road-growth-ends")
"""What is assumed that is a year."""

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
    terms = f"{terms_words(answer, language)}; "
    terms += f"{said('run', language)} {answer.run_id}, {said('data', language)} {answer.corridor_id[:16]}"
    found: list[Block] = [
        Heading(1, name_of(answer, language)),
        Text(terms, quiet=True),
        Bullets(tuple(sentences(answer, language)), answer=True),
        *cells(project_head(language), project_rows(answer, language)),
        *_listed(project_notes(answer, language)),
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
    yield "minimum", _listed((*minimum_words(answer, language), *_responses(answer, language)))


def _responses(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give by how much operators have enlarged what ran short."""
    named = namer(answer, language)
    for r in answer.responses:
        more = said("response_with", language, factor=r.within) if r.within > r.without + 0.005 else ""
        yield f"{r.year}: {named(r.fleet)} × {number(r.without, '.2f', language)}{more}"


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
    rows, shades = list[tuple[str, ...]](), list[tuple[int, int, float]]()
    often = {b.limit for b in answer.binding if max(b.months) >= SELDOM}
    shown = [b for b in answer.binding if b.limit in often]
    for limit, year, case, series in _cases(shown):
        name = limit_name(limit, answer, language)
        shades += [(len(rows), 3 + n, share) for n, share in enumerate(series)]
        rows.append((name, str(year), said(case, language), *(share_cell(m, answer) for m in series)))
    head = (*_words(language, "limit", "year", "case"), *month_heads(language))
    words = "binds" if drawn(answer) else "binds_once"
    notes = [said(words, language), said(f"{words}_note", language)]
    if len(shown) < len(answer.binding):
        notes.append(said("binds_seldom", language, share=100 * SELDOM))
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
        yield Drawing(
            bars([(said(r.name, language), r.teu) for r in row.rungs], place, said("TEU", language), language)
        )
        yield from cells((place, said("TEU", language), ""), rung_rows(row, language))
        yield Text(f"{place}. {hand_words(row, language)}")
    yield from cells(measure_head(answer, language), measure_rows(answer, language))


def _section(section: SectionResult, language: Language) -> Iterator[Block]:
    name = section.name if language == "en" else section.name_ru
    costs = sorted({b.cost for b in section.break_even})
    series = [
        (
            f"{said('cost', language)} x {number(cost, 'g', language)}",
            [(b.rate, b.aadt) for b in section.break_even if b.cost == cost and b.aadt is not None],
        )
        for cost in costs
    ]
    traffic = said("counted" if section.counted >= section.aadt else "assumed", language)
    ends = [(said("low", language), section.aadt_low), (said("high", language), section.aadt_high)]
    marks = [(traffic, section.aadt), *(end for end in ends if end[1] != section.aadt)]
    yield Heading(3, name)
    yield from cells(*_section_lines(section, language))
    yield Text(f"{section_users(section, language)}. {said('toll_note', language)}", quiet=True)
    drawn = [s for s in series if s[1]]
    if drawn:
        yield Drawing(lines(drawn, name, said("rate", language), said("aadt", language), marks, language))
    yield from cells(break_even_head(section, language), break_even_rows(section, language))
    yield Drawing(_worth(section, name, language))
    yield Text(said("grid_note", language), quiet=True)
    yield from cells(grid_head(section, language), grid_rows(section, language))


def _section_lines(section: SectionResult, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of the cash flow of a section: a line for each effect, and their sum."""
    core = [line for line in section.lines if line.side != "apart"]
    rows: list[tuple[str, ...]] = [
        (_line_name(line, language), millions(line.value, language), switching(line.switching, language))
        for line in section.lines
    ]
    rows.append((said("net", language), millions(sum(line.value for line in core), language), ""))
    return _words(language, "of_section", "pv", "switching"), rows


def _worth(section: SectionResult, name: str, language: Language) -> str:
    """Return the net present value at the whole cost over traffic, a curve for each roughness of today."""
    cost = min((p.cost for p in section.grid), key=lambda c: abs(c - section.cost))
    roughs = dict.fromkeys(p.rough for p in section.grid)
    series = [
        (
            f"IRI {number(rough, 'g', language)}",
            [(p.aadt, p.npv / 1e6) for p in section.grid if (p.rough, p.cost) == (rough, cost)],
        )
        for rough in roughs
    ]
    return lines(series, name, said("aadt", language), said("npv", language), [], language, percent=False)


def _line_name(line: LineResult, language: Language) -> str:
    return said(line.name, language) + (f" ({said('apart', language)})" if line.side == "apart" else "")


def _cash(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the cash flow with the present value and switching value of each line, the years one below the other."""
    shown = project.lines
    yield Heading(3, called(project, language))
    head = (said("eur_m", language), *(_line_name(line, language) for line in shown), said("net", language))
    core = [line for line in shown if line.side != "apart"]
    rows = [
        (
            said("pv", language),
            *(millions(line.value, language) for line in shown),
            millions(sum(line.value for line in core), language),
        ),
        (
            said("switching", language),
            *(switching(line.switching, language) for line in shown),
            "",
        ),
    ]
    for n, year in enumerate(project.years):
        net = sum(line.flow[n] for line in core)
        rows.append((str(year), *(amount(line.flow[n], language) for line in shown), amount(net, language)))
    yield from cells(head, rows)
    usual = [
        (f"{number(100 * r.rate, 'g', language)} %", millions(r.npv, language))
        for r in answer.at_rates
        if r.project == project.id
    ]
    yield from cells(_words(language, "rate", "npv"), usual)
    yield from _finance(project, answer, language)


def _finance(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the financial table: who gives what, and the service of each loan in its currency."""
    named = namer(answer, language)
    legs = [
        (
            named(x.financier),
            said(x.instrument, language),
            said("not_published", language) if x.amount is None else number(x.amount / 1e6, ",.1f", language),
            x.currency,
            said(x.status, language),
        )
        for x in project.legs
    ]
    yield from cells(_words(language, "financier", "instrument", "amount", "currency", "status"), legs)
    for debt in project.debts:
        yield from cells(debt_head(debt, answer, language), debt_rows(debt, project.years, language))
        if debt.assumed:
            yield Text(said("debt_assumed", language), quiet=True)
    money = project.finance
    if money is None:
        return
    yield Heading(3, f"{said('finance', language)}: {called(project, language)}")
    yield from _listed(finance_words(project, language))
    if any(debt.drawn for debt in project.debts) or money.income is not None:
        yield from cells(finance_head(language), finance_rows(project, money, language))
        yield Text(said("finance_note", language, price_year=answer.price_year), quiet=True)
    yield from cells(item_head(project, language), item_rows(money, answer, language)) if project.anchors else ()
    if money.actors:
        yield Text(said("actors", language))
        yield from cells(actor_head(money, answer, language), actor_rows(project, money, language))


def _who(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[Block]:
    yield Heading(3, called(project, language))
    named = namer(answer, language)

    def drawn(shares: Sequence[ShareResult], title: str) -> Iterator[Block]:
        rows = [(named(s.name), s.value / 1e6) for s in shares if abs(s.value) >= SHOWN]
        if rows:
            yield Text(said(title, language))
            yield Drawing(bars(rows, said(title, language), said("eur_m", language), language))

    yield from drawn(project.by_actor, "by_actor")
    yield from drawn(by_country(project), "by_country")
    yield from drawn(project.perspectives, "perspectives")
    yield from cells(_words(language, "by_commodity", "npv"), _goods(project, answer, language))


def _goods(project: ProjectResult, answer: Appraisal, language: Language) -> Iterator[tuple[str, str]]:
    """Give what the users of each commodity gain, the most first, little ones in a sum, and what is nobody's goods."""
    named = namer(answer, language)
    *goods, rest = project.by_commodity
    shown = [s for s in goods if abs(s.value) >= SHOWN]
    for share in sorted(shown, key=lambda s: -s.value):
        yield named(share.name), millions(share.value, language)
    yield said("other_goods", language), millions(sum(s.value for s in goods) - sum(s.value for s in shown), language)
    yield said(rest.name, language), millions(rest.value, language)


def _wider(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give what others say comes of the projects beyond their users: a panel of its own."""
    if answer.wider:
        yield Text(said("wider_note", language))
        yield from cells(wider_head(language), wider_rows(answer, language))


def _times(answer: Appraisal, language: Language) -> Iterator[Block]:
    for s in answer.shipments:
        title = _shipment(s, answer, language)
        ways = [w for case in ("without", "with") for w in _pictured([x for x in s.ways if x.case == case])]
        names = [f"{way_name(w.label, answer, language)} ({said(w.case, language)})" for w in ways]
        rows = [(name, w.p10 / 24, w.p50 / 24, w.p90 / 24) for name, w in zip(names, ways, strict=True)]
        yield Heading(3, title)
        yield Drawing(spans(rows, title, said("days", language), language))
        causes = list(dict.fromkeys(c.name for w in ways for c in w.causes))
        spent = (
            (
                name,
                *(
                    number(next((c.value for c in w.causes if c.name == cause), 0.0) / 24, ".1f", language)
                    for cause in causes
                ),
            )
            for name, w in zip(names, ways, strict=True)
        )
        yield from cells((said("made_of", language), *(said(c, language) for c in causes)), spent)
    if answer.shipments:
        yield Text(said("times_note", language, year=answer.anchor_years[-1]), quiet=True)
        yield from _sought(answer, language)


def _pictured(ways: Sequence[WayResult]) -> list[WayResult]:
    """Return the ways of a shipment in one case that the picture of times has: the first ones, and those sought."""
    return [way for n, way in enumerate(ways) if n < DRAWN or way.sought]


def _sought(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give over which gateways ways are shown that need not be among the cheapest."""
    named = namer(answer, language)
    gateways = dict.fromkeys(named(place) for s in answer.shipments for place in s.via)
    if gateways:
        yield Text(said("via_note", language, via=", ".join(gateways)), quiet=True)


def _shipment(s: ShipmentResult, answer: Appraisal, language: Language) -> str:
    named = namer(answer, language)
    return f"{named(s.origin)} - {named(s.destination)}, {cargo_name(s.cargo, language)}, {named(s.commodity)}"


def _landed(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give the alternatives of each cargo with what they cost landed, the cheapest first."""
    for s in answer.shipments:
        rows = [
            (
                way_name(w.label, answer, language),
                said(w.case, language),
                number(w.price, ",.0f", language),
                number(w.logistics, ",.0f", language),
                f"{100 * w.assumed:.0f} %",
                number(w.co2e / 1000, ",.1f", language),
            )
            for w in sorted(s.ways, key=lambda w: (w.case != "without", w.logistics))
        ]
        head = (_shipment(s, answer, language), *_words(language, "case", "price", "landed", "assumed", "t_co2e"))
        yield from cells(head, rows)
    yield from _sought(answer, language)


def _counts(answer: Appraisal, language: Language) -> Iterator[Block]:
    named = namer(answer, language)
    rows = [
        (
            named(c.series),
            period_words(c.period, language),
            plain(c.observed, language),
            plain(c.modelled, language),
            number(100 * (c.modelled / c.observed - 1), "+,.0f", language) + " %",
            said(f"unit_{c.unit}", language),
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
    names = {p.id: called(p, language) for p in folio.places}
    yield from cells(*place_rows(folio, language))
    yield from cells(*unpriced_rows(folio, language))
    pairs = [(f"{names[p.first]} + {names[p.second]}", millions(p.synergy, language)) for p in folio.pairs]
    yield from cells(_words(language, "pair", "synergy"), pairs)
    yield from cells(*regret_rows(answer, language))
    yield from cells(*start_rows(answer, language))
    yield Text(portfolio_note(answer, language), quiet=True)


def _missed(answer: Appraisal) -> list[Counted]:
    """Return the counts of the years that are modelled, the one missed most first; a bound is no count to be met."""
    own = [c for c in answer.counts if c.observed and c.role != "bound"]
    return sorted(own, key=lambda c: -abs(c.modelled / c.observed - 1))


def plain(value: float, language: Language) -> str:
    """Return a number that may be of any size, never with an exponent.

    >>> plain(45e6, "en"), plain(0.083, "en"), plain(-12.5, "en")
    ('45,000,000', '0.083', '-12.5')
    """
    return number(value, ",.0f" if abs(value) >= 1000 else ".4g", language)


def _assumption(row: AssumptionResult, value: float | None, language: Language) -> str:
    """Return a value of an assumption; a year is no amount."""
    if value is None or isnan(value):
        return ""
    return f"{value:.0f}" if row.attribute in YEARS else plain(value, language)


def _assumptions(answer: Appraisal, language: Language) -> Iterator[Block]:
    risk = answer.risk
    if risk is not None and risk.spreads:
        yield from cells(*risk_rows(answer, language))
    if risk is not None and risk.causes:
        ranked = sorted(risk.causes, key=lambda c: -abs(c.rank))
        title = said("rank", language)
        yield Text(title)
        yield Drawing(bars([(said(c.words, language), c.rank) for c in ranked], title, "", language))
    yield from _movers(answer, language)
    worst = _missed(answer)[:WORST]
    if worst:
        named = namer(answer, language)
        yield Heading(3, said("misses", language))
        missed = [
            (
                named(c.series),
                period_words(c.period, language),
                number(100 * (c.modelled / c.observed - 1), "+,.0f", language) + " %",
            )
            for c in worst
        ]
        yield from cells(_words(language, "series", "period", "differs"), missed)
    listed = [
        (
            assumed_words(a, language),
            _assumption(a, a.value, language),
            unit_words(a, language),
            *(_assumption(a, value, language) for value in (a.low, a.high)),
            "" if moves is None else number(moves / 1e6, ",.1f", language),
            reason_of(a, language),
        )
        for a, moves in ordered_assumptions(answer, language)
    ]
    if listed:
        yield Heading(3, said("assumed_list", language))
        ranked_by_draws = risk is not None and bool(risk.causes)
        yield Text(said("assumed_order_drawn" if ranked_by_draws else "assumed_order", language), quiet=True)
    head = _words(language, "assumed", "value", "unit", "low", "high", "moves_npv", "reason")
    yield from cells(head, listed)


def _movers(answer: Appraisal, language: Language) -> Iterator[Block]:
    """Give what moves the net present value of each project and section, what moves it most first."""
    tables = [(called(p, language), movers_of(p, answer, language)) for p in _priced(answer)]
    roads = [(s.name if language == "en" else s.name_ru, movers_of_section(s, language)) for s in answer.sections]
    found = [(title, movers) for title, movers in (*tables, *roads) if movers]
    if found:
        yield Heading(3, said("movers", language))
        yield Text(said("movers_note", language), quiet=True)
    for title, movers in found:
        yield from cells(mover_head(title, movers, language), mover_rows(movers, answer, language))
