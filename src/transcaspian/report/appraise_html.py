"""This module owns the report of an appraisal as one HTML page that needs nothing else: text, tables, charts."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from transcaspian.report.appraise import (
    MONTHS,
    binding_rows,
    break_even_rows,
    grid_head,
    grid_rows,
    measure_head,
    measure_rows,
    millions,
    project_head,
    project_rows,
)
from transcaspian.report.appraise_words import Language, said, sentences
from transcaspian.report.charts import bars, lines, spans
from transcaspian.results.appraisal import Appraisal, ProjectResult, SectionResult

STYLE = """
body{font:15px/1.5 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#1c1c1c}
h1{font-size:1.5em}h2{margin-top:2.2em;border-bottom:1px solid #ccc;font-size:1.2em}h3{font-size:1em}
table{border-collapse:collapse;margin:.8em 0;font-size:.86em}td,th{padding:.25em .7em;border-bottom:1px solid #e3e3e3}
th{text-align:left;border-bottom:1px solid #888}td.n{text-align:right;font-variant-numeric:tabular-nums}
ul.answer{background:#f2f6fa;padding:1em 1em 1em 2.2em}.note{color:#555;font-size:.86em}svg{max-width:100%}
.wide{overflow-x:auto}
"""


def appraisal_html(answer: Appraisal, language: Language = "en") -> str:
    """Return the report of an appraisal as a page that stands alone; the same answer gives the same bytes."""
    name = answer.name if language == "en" else answer.name_ru
    told = "".join(f"<li>{escape(s)}</li>" for s in sentences(answer, language))
    terms = f"{said('rate', language)} {100 * answer.rate:g} %, EUR {answer.price_year}; "
    terms += f"run {answer.run_id}, data {answer.corridor_id}"
    body = [
        f"<h1>{escape(name)}</h1>",
        f'<p class="note">{escape(terms)}</p>',
        f'<ul class="answer">{told}</ul>',
        _table(project_head(language), project_rows(answer, language)),
        *(
            f"<section><h2>{escape(said(key, language))}</h2>{part}</section>"
            for key, part in _items(answer, language)
            if part
        ),
    ]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(name)}</title><style>{STYLE}</style></head>'
        f"<body>{''.join(body)}</body></html>\n"
    )


def _items(answer: Appraisal, language: Language) -> Iterator[tuple[str, str]]:
    """Give the items of the report, each with its heading; an item without a result is left out."""
    yield "item_binds", _binding(answer, language)
    yield "item_ladder", _ladders(answer, language)
    yield "item_break_even", "".join(_section(s, answer.rate, language) for s in answer.sections)
    yield "item_cash", "".join(_cash(p, answer, language) for p in _priced(answer))
    yield "item_who", "".join(_who(p, language) for p in _priced(answer))
    yield "item_time", _times(answer, language)
    yield "item_landed", _landed(answer, language)
    yield "item_counts", _counts(answer, language)
    yield "item_portfolio", _portfolio(answer, language)
    yield "item_assumptions", _assumptions(answer, language)
    yield "minimum", _listed((*answer.minimum, *answer.responses))


def _priced(answer: Appraisal) -> tuple[ProjectResult, ...]:
    every = (*answer.projects, *((answer.together,) if answer.together else ()))
    return tuple(p for p in every if p.npv is not None)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td{_side(cell)}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    cells = "".join(f"<th>{escape(h)}</th>" for h in head)
    return (
        f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>' if body else ""
    )


def _side(cell: str) -> str:
    """Return the class of a cell: numbers stand at the right."""
    return ' class="n"' if cell[:1] in "+-0123456789" and cell[:1] else ""


def _listed(rows: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f"<ul>{items}</ul>" if items else ""


def _titled(p: ProjectResult, language: Language) -> str:
    return f"<h3>{escape(p.name if language == 'en' else p.name_ru)}</h3>"


def _binding(answer: Appraisal, language: Language) -> str:
    head = (said("binds", language), "", "", said("year", language), *MONTHS)
    note = f'<p class="note">{escape(said("binds_note", language))}</p>'
    found = _table(head, binding_rows(answer))
    return found + note if found else ""


def _ladders(answer: Appraisal, language: Language) -> str:
    parts = []
    for row in answer.ladders:
        rungs = [(said(r.name, language), r.teu) for r in row.rungs]
        parts.append(bars(rungs, row.place, "TEU"))
        parts.append(
            _table(
                ("", "TEU", ""), ((said(r.name, language), f"{r.teu:,.0f}", said(r.words, language)) for r in row.rungs)
            )
        )
        hand = said("hand", language).format(hours=row.hours, cycle=row.cycle, more=100 * row.more, teu=row.teu)
        parts.append(f"<p>{escape(row.place)}. {escape(hand)}</p>")
    return "".join(parts) + _table(measure_head(answer, language), measure_rows(answer, language))


def _section(section: SectionResult, rate: float, language: Language) -> str:
    name = section.name if language == "en" else section.name_ru
    costs = sorted({b.cost for b in section.break_even})
    series = [
        (
            f"{said('cost', language)} x {cost:g}",
            [(b.rate, b.aadt) for b in section.break_even if b.cost == cost and b.aadt is not None],
        )
        for cost in costs
    ]
    marks = [(said("assumed", language), section.aadt), ("", section.aadt_low), ("", section.aadt_high)]
    chart = lines([s for s in series if s[1]], name, said("rate", language), marks) if any(s[1] for s in series) else ""
    head = (said("break_even", language), *(f"{said('cost', language)} x {c:g}" for c in costs))
    return (
        f"<h3>{escape(name)}</h3>{chart}{_table(head, break_even_rows(section, language))}"
        f"{_table(grid_head(section, language), grid_rows(section))}"
    )


def _cash(project: ProjectResult, answer: Appraisal, language: Language) -> str:
    rows = [
        (
            said(line.name, language) + (f" ({said('apart', language)})" if line.side == "apart" else ""),
            millions(line.value),
            "n/a" if line.switching is None or abs(line.switching) > 99 else f"{100 * line.switching:+,.0f} %",
            *(f"{v / 1e6:,.2f}" for v in line.flow),
        )
        for line in project.lines
    ]
    head = ("EUR m", said("pv", language), said("switching", language), *(str(y) for y in project.years))
    found = _titled(project, language) + _table(head, rows)
    usual = [r for r in answer.at_rates if r.project == project.id]
    found += _table(
        (said("rate", language), said("npv", language)), ((f"{100 * r.rate:g} %", millions(r.npv)) for r in usual)
    )
    return found + _finance(project, language)


def _finance(project: ProjectResult, language: Language) -> str:
    """Return the financial table: who gives what, and the service of each loan in its currency."""
    legs = [
        (
            x.financier,
            said(x.instrument, language),
            said("not_published", language) if x.amount is None else f"{x.amount / 1e6:,.1f}",
            x.currency,
            said(x.status, language),
        )
        for x in project.legs
    ]
    words = ("financier", "instrument", "amount", "currency", "status")
    found = _table(tuple(said(w, language) for w in words), legs)
    for d in project.debts:
        rows = [
            (said(name, language), *(f"{v / 1e6:,.2f}" for v in series))
            for name, series in (("drawn", d.drawn), ("interest", d.interest), ("repaid", d.repaid))
        ]
        rows.append(
            (said("service", language), *(f"{(a + b) / 1e6:,.2f}" for a, b in zip(d.interest, d.repaid, strict=True)))
        )
        found += _table((f"{d.financier}, {d.currency} m", *(str(y) for y in project.years)), rows)
        if d.assumed:
            found += f'<p class="note">{escape(said("debt_assumed", language))}</p>'
    return found


def _who(project: ProjectResult, language: Language) -> str:
    found = _titled(project, language)
    for shares in (project.by_actor, project.by_country, project.perspectives):
        rows = [(said(s.name, language), s.value / 1e6) for s in shares if abs(s.value) >= 5e4]
        found += bars(rows, project.name, "EUR m") if rows else ""
    return found


def _times(answer: Appraisal, language: Language) -> str:
    parts = []
    for s in answer.shipments:
        rows = [(f"{w.label} ({said(w.case, language)})", w.p50 / 24, w.p90 / 24) for w in s.ways]
        title = f"{s.origin} - {s.destination}, {s.cargo}, {s.commodity}"
        parts.append(f"<h3>{escape(title)}</h3>{spans(rows, title, 'd')}")
        causes = s.ways[0].causes if s.ways else ()
        parts.append(
            _table((s.ways[0].label if s.ways else "", "d"), ((c.name, f"{c.value / 24:.1f}") for c in causes))
        )
    return "".join(parts) + (f'<p class="note">{escape(said("times_note", language))}</p>' if parts else "")


def _landed(answer: Appraisal, language: Language) -> str:
    rows = [
        (
            f"{s.origin} - {s.destination}, {s.cargo}, {s.commodity}",
            w.label,
            said(w.case, language),
            f"{w.price:,.0f}",
            f"{w.logistics:,.0f}",
            f"{100 * w.assumed:.0f} %",
            f"{w.co2e / 1000:.1f}",
        )
        for s in answer.shipments
        for w in s.ways
    ]
    words = ("shipment", "way", "case", "price", "landed", "assumed", "t_co2e")
    return _table(tuple(said(w, language) for w in words), rows)


def _counts(answer: Appraisal, language: Language) -> str:
    rows = [
        (
            c.series,
            c.period,
            f"{c.observed:,.5g}",
            f"{c.modelled:,.5g}",
            f"{c.modelled / c.observed - 1:+.0%}",
            c.unit,
            c.role,
        )
        for c in answer.counts
        if c.observed
    ]
    words = ("series", "period", "published", "model", "differs", "unit", "role")
    return _table(tuple(said(w, language) for w in words), rows)


def _portfolio(answer: Appraisal, language: Language) -> str:
    folio = answer.portfolio
    if folio is None:
        return ""
    names = {p.id: p.name if language == "en" else p.name_ru for p in answer.projects}
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
    words = ("project", "alone", "taken_out", "shapley", "chosen")
    pairs = [(names[p.first], names[p.second], millions(p.synergy)) for p in folio.pairs]
    return _table(tuple(said(w, language) for w in words), rows) + _table(
        (said("pair", language), "", said("synergy", language)), pairs
    )


def _assumptions(answer: Appraisal, language: Language) -> str:
    parts = []
    if answer.risk is not None and answer.risk.causes:
        ranked = sorted(answer.risk.causes, key=lambda c: -abs(c.rank))
        parts.append(bars([(said(c.words, language), c.rank) for c in ranked], "tornado", ""))
    worst = sorted((c for c in answer.counts if c.observed), key=lambda c: -abs(c.modelled / c.observed - 1))[:8]
    if worst:
        rows = [(c.series, c.period, f"{c.modelled / c.observed - 1:+.0%}") for c in worst]
        parts.append(
            f"<h3>{escape(said('misses', language))}</h3>"
            + _table((said("series", language), said("period", language), said("differs", language)), rows)
        )
    listed = [
        (
            f"{a.table}:{a.id}",
            f"{a.value:,.6g}",
            "" if a.low is None else f"{a.low:,.6g}",
            "" if a.high is None else f"{a.high:,.6g}",
            a.reason,
        )
        for a in answer.assumptions
    ]
    head = (said("assumed", language), said("value", language), said("low", language), said("high", language), "")
    parts.append(_table(head, listed))
    return "".join(parts)
