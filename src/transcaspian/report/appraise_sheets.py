"""This module owns an appraisal as a workbook: rates in cells, and every value that follows from others a formula."""

from collections.abc import Iterator, Sequence
from math import isnan

from transcaspian.appraisal.cashflow import npv, roots
from transcaspian.report.appraise import GAP, percents, terms_words
from transcaspian.report.appraise_movers import ordered_assumptions
from transcaspian.report.appraise_words import assumed_words, called, namer, reason_of, said, unit_words
from transcaspian.report.numbers import Language
from transcaspian.report.sheets import Cell, Formula, column_name, workbook
from transcaspian.results.appraisal import (
    Appraisal,
    DebtResult,
    FinanceResult,
    PortfolioResult,
    ProjectResult,
    SectionResult,
)

Row = Sequence[Cell]

RATE = "$B$1"
FLOWS = 4
"""Column in which the first year stands."""

NONE = "n/a"
"""What a cell says that has no value."""

LONGEST = 31
"""Characters that the name of a sheet can have."""


def appraisal_sheets(answer: Appraisal, language: Language = "en") -> bytes:
    """Return the workbook of an appraisal: a sheet for each thing there is to look at, with live formulas."""
    names = _Names(answer, language)
    sheets: dict[str, Sequence[Row]] = {said("sheet_answer", language): _answer(answer, names, language)}
    for project in _all(answer):
        if project.npv is not None:
            sheets[names.of(project.id)] = _project(project, answer.rate, language)
        if project.finance is not None:
            sheets[names.money(project.id)] = _finance(project, project.finance, answer, language)
    for section in answer.sections:
        sheets[names.of(section.id)] = _section(section, answer, language)
    for key, rows in (
        ("sheet_scenarios", _scenarios(answer, names, language)),
        ("sheet_portfolio", _portfolio(answer, language)),
        ("sheet_regret", _regret(answer, language)),
        ("sheet_starts", _starts(answer, language)),
    ):
        if rows:
            sheets[said(key, language)] = rows
    sheets[said("sheet_assumptions", language)] = [
        tuple(said(w, language) for w in ("assumed", "value", "unit", "low", "high", "reason", "moves_eur")),
        *(
            (
                assumed_words(a, language),
                _number(a.value),
                unit_words(a, language),
                a.low,
                a.high,
                reason_of(a, language),
                moves,
            )
            for a, moves in ordered_assumptions(answer, language)
        ),
    ]
    return workbook(sheets)


def _all(answer: Appraisal) -> tuple[ProjectResult, ...]:
    return (*answer.projects, *((answer.together,) if answer.together else ()))


class _Names:
    """Names of sheets: ids in English, the names of things in Russian; at most 31 characters, each once."""

    def __init__(self, answer: Appraisal, language: Language) -> None:
        self.language = language
        titled = [(p.id, called(p, language)) for p in _all(answer)]
        titled += [(s.id, s.name if language == "en" else s.name_ru) for s in answer.sections]
        self._titles = {id_: (id_ if language == "en" else title) for id_, title in titled}
        self._taken: dict[str, str] = {}

    def of(self, id_: str) -> str:
        """Return the name of the sheet of a project or section."""
        return self._free(id_, self._titles[id_], "")

    def money(self, id_: str) -> str:
        """Return the name of the sheet of the money of a project's owner."""
        return self._free(f"{id_}:money", self._titles[id_], f" - {said('sheet_finance', self.language)}")

    def _free(self, key: str, title: str, tail: str) -> str:
        clean = "".join(" " if c in "[]:*?/\\'" else c for c in title)
        if key not in self._taken:
            number, end = 1, tail
            while (name := clean[: LONGEST - len(end)].strip() + end) in self._taken.values():
                number, end = number + 1, f"{tail} {number + 1}"
            self._taken[key] = name
        return self._taken[key]


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def _answer(answer: Appraisal, names: _Names, language: Language) -> list[Row]:
    title = answer.name if language == "en" else answer.name_ru
    rows: list[Row] = [(title,), (terms_words(answer, language),), (said("run", language), answer.run_id)]
    rows.append(tuple(said(w, language) for w in ("project", "npv", "eirr", "bcr")))
    for p in _all(answer):
        if p.npv is None:
            rows.append((called(p, language), "n/a", "n/a", "n/a"))
        else:
            at = f"'{names.of(p.id)}'!"
            head = Formula(f"{at}$B$2/1000000", p.npv / 1e6)
            rows.append((called(p, language), head, Formula(f"{at}$B$3", _rate(p)), Formula(f"{at}$B$4", _ratio(p))))
    return rows


def _rate(project: ProjectResult) -> float | str:
    """Return the rate of return of a project as a cell says it."""
    return project.roots[0] if len(project.roots) == 1 else NONE


def _ratio(project: ProjectResult) -> float | str:
    """Return the ratio of benefits and costs of a project as a cell says it."""
    return NONE if project.bcr is None else project.bcr


def _irr(at: str, flow: Sequence[float]) -> Formula:
    """Return the rate of return of cells as a formula; a flow that has none, or several, is told to have none."""
    rate = roots(flow).value
    return Formula(f'IFERROR(IRR({at}),"{NONE}")', NONE if rate is None else rate)


def _project(project: ProjectResult, rate: float, language: Language) -> list[Row]:
    lines = [(line.name, line.side, line.flow) for line in project.lines]
    return _flows(lines, project.years, rate, language)


def _section(section: SectionResult, answer: Appraisal, language: Language) -> list[Row]:
    count = len(section.lines[0].flow)
    lines = [(line.name, line.side, line.flow) for line in section.lines]
    return _flows(lines, tuple(range(section.first, section.first + count)), answer.rate, language)


def _flows(
    lines: Sequence[tuple[str, str, tuple[float, ...]]], years: Sequence[int], rate: float, language: Language
) -> list[Row]:
    """Return a cash flow as rows: the rate, the ratios as formulas, a line for each effect, and the net flow."""
    first, last = column_name(FLOWS), column_name(FLOWS + len(years) - 1)
    start = 7
    stop = start + len(lines) - 1
    net = stop + 1
    costs, gains, apart = (said(f"{side}_side", language) for side in ("cost", "benefit", "apart"))
    cost = f'SUMIF($B${start}:$B${stop},"{costs}",$C${start}:$C${stop})'
    gain = f'SUMIF($B${start}:$B${stop},"{gains}",$C${start}:$C${stop})'
    worth = [float(npv(flow, rate)) for _, _, flow in lines]
    sides = [side for _, side, _ in lines]
    spent, gained = (sum(w for w, s in zip(worth, sides, strict=True) if s == side) for side in ("cost", "benefit"))
    ratio = -gained / spent if spent < 0 else NONE
    counted = [flow for _, side, flow in lines if side != "apart"]
    yearly = [sum(flow[n] for flow in counted) for n in range(len(years))]
    rows: list[Row] = [
        (said("rate", language), rate),
        (said("npv_eur", language), Formula(f"{cost}+{gain}", spent + gained)),
        (said("eirr", language), _irr(f"{first}{net}:{last}{net}", yearly)),
        (said("bcr", language), Formula(f'IF({cost}<0,-{gain}/{cost},"{NONE}")', ratio)),
        (),
        (said("eur", language), "", said("pv_eur", language), said("switching", language), *years),
    ]
    for n, (name, side, flow) in enumerate(lines):
        row = start + n
        switches = side != "apart" and worth[n] != 0
        switch = Formula(
            f'IF(OR(B{row}="{apart}",C{row}=0),"{NONE}",-$B$2/C{row})',
            -(spent + gained) / worth[n] if switches else NONE,
        )
        rows.append(
            (said(name, language), said(f"{side}_side", language), _worth(row, FLOWS, flow, rate), switch, *flow)
        )
    own = f"$B${start}:$B${stop}"
    sums = [
        Formula(f'SUMIF({own},"{costs}",{c}{start}:{c}{stop})+SUMIF({own},"{gains}",{c}{start}:{c}{stop})', value)
        for c, value in zip((column_name(FLOWS + k) for k in range(len(years))), yearly, strict=True)
    ]
    rows.append((said("net", language), "", Formula("$B$2", spent + gained), None, *sums))
    return rows


def _worth(row: int, start: int, flow: Sequence[float], rate: float) -> Formula:
    """Return the present value of a row of years as a formula of the rate in the first cell."""
    first, second, last = (column_name(start + n) for n in (0, 1, len(flow) - 1))
    return Formula(f"{first}{row}+NPV({RATE},{second}{row}:{last}{row})", float(npv(flow, rate)))


# --- the owner's money ------------------------------------------------------------------------------------------------

YEARS = 2
"""Column in which the first year of a financial table stands."""


def _finance(project: ProjectResult, money: FinanceResult, answer: Appraisal, language: Language) -> list[Row]:
    """Return the owner's money as rows: what is known by year as numbers, all that follows from it as formulas.

    Where the owner's income is not known, neither is what follows from it.
    """
    sheet = _Money(project, money, language)
    sheet.lines()
    sheet.cover()
    for debt in project.debts:
        sheet.loan(debt, namer(answer, language)(debt.financier))
    return sheet.rows


class _Money:
    """The rows of a financial table while they are written; ``at`` says in which row each line stands."""

    def __init__(self, project: ProjectResult, money: FinanceResult, language: Language) -> None:
        self.project, self.money, self.language = project, money, language
        self.known = money.income is not None
        owner = money.operator if language == "en" else money.operator_ru
        self.rows: list[Row] = [
            (said("financial_rate", language), money.rate),
            (called(project, language), owner or said("finance_nobody", language)),
            ("FNPV(C)", "n/a"),
            ("FNPV(K)", "n/a"),
            ("DSCR", "n/a"),
            (),
            (said("eur", language), said("pv_eur", language), *project.years),
        ]
        self.at: dict[str, int] = {}
        self.flows: dict[str, Sequence[float]] = {}

    def lines(self) -> None:
        """Write what flows by year."""
        money, known = self.money, self.known
        self._given("line_capital", money.capital)
        self._given("finance_granted", money.granted)
        self._given("finance_lent", money.lent)
        self._summed("finance_own", "line_capital", less=("finance_granted", "finance_lent"))
        self._given("finance_income", money.income)
        self._given("finance_doing", money.doing)
        self._given("finance_upkeep", money.upkeep)
        self._given("finance_interest", money.interest)
        self._given("finance_repaid", money.repaid)
        self._given("line_left", money.left)
        self._summed("line_service", "finance_interest", "finance_repaid")
        if known:
            self._summed("line_free", "finance_income", less=("finance_doing", "finance_upkeep"))
            self._summed("finance_cash", "line_free", less=("line_service", "finance_own"))
            self._summed("line_c", "line_free", "line_left", less=("line_capital",))
            self._summed("line_k", "finance_cash", "line_left")
            for row, line in ((2, "line_c"), (3, "line_k")):
                first, last = column_name(YEARS), column_name(YEARS + len(self.project.years) - 1)
                span = f"{first}{self.at[line]}:{last}{self.at[line]}"
                head, flow = str(self.rows[row][0]), self.flows[line]
                worth = Formula(f"$B${self.at[line]}", float(npv(flow, money.rate)))
                self.rows[row] = (head, worth, said("rate_of_return", self.language), _irr(span, flow))

    def cover(self) -> None:
        """Write the cover of debt service, from the year of opening on, with its least and its mean."""
        if self.known and self.money.cover_least is not None:
            opens, row = self.project.opens or 0, len(self.rows) + 1
            ratio = [self._cover(n) if year >= opens else None for n, year in enumerate(self.project.years)]
            self.rows.append(("DSCR", None, *ratio))
            first, last = column_name(YEARS), column_name(YEARS + len(ratio) - 1)
            span = f"{first}{row}:{last}{row}"
            least, mean = said("least", self.language), said("mean", self.language)
            known = [cell.value for cell in ratio if cell is not None and not isinstance(cell.value, str)]
            middle = Formula(f"AVERAGE({span})", sum(known) / len(known))
            self.rows[4] = ("DSCR", least, Formula(f"MIN({span})", min(known)), mean, middle)

    def _cover(self, n: int) -> Formula:
        """Return the cover of debt service in a year, nothing where there is none."""
        free, service = (self.flows[key][n] for key in ("line_free", "line_service"))
        at, below = (f"{column_name(YEARS + n)}{self.at[key]}" for key in ("line_free", "line_service"))
        return Formula(f'IF({below}>0,{at}/{below},"")', free / service if service > 0 else "")

    def loan(self, debt: DebtResult, financier: str) -> None:
        """Write a loan in its own currency, and its service in euros."""
        self.rows.append(())
        self.rows.append((f"{financier}, {debt.currency}", said("in_eur", self.language), debt.euros))
        factor, first = f"$C${len(self.rows)}", len(self.rows) + 1
        for key in ("drawn", "interest", "repaid"):
            self.rows.append((said(key, self.language), None, *getattr(debt, key)))
        columns = [column_name(YEARS + n) for n in range(len(self.project.years))]
        paid = [interest + repaid for interest, repaid in zip(debt.interest, debt.repaid, strict=True)]
        service = [Formula(f"{c}{first + 1}+{c}{first + 2}", p) for c, p in zip(columns, paid, strict=True)]
        self.rows.append((said("service", self.language), None, *service))
        euros = [Formula(f"{c}{first + 3}*{factor}", p * debt.euros) for c, p in zip(columns, paid, strict=True)]
        self.rows.append((said("service_in_eur", self.language), None, *euros))

    def _given(self, key: str, values: Sequence[float] | None) -> None:
        self.at[key] = len(self.rows) + 1
        if values is None:
            self.rows.append((said(key, self.language), *[NONE] * (1 + len(self.project.years))))
            return
        self.flows[key] = values
        self.rows.append((said(key, self.language), self._worth(key), *values))

    def _summed(self, key: str, *more: str, less: Sequence[str] = ()) -> None:
        """Write a line that is the sum of some, less others, year by year."""
        self.at[key] = len(self.rows) + 1
        cells = []
        for n in range(len(self.project.years)):
            column = column_name(YEARS + n)
            added, taken = ([f"{column}{self.at[line]}" for line in lines] for lines in (more, less))
            value = sum(self.flows[line][n] for line in more) - sum(self.flows[line][n] for line in less)
            cells.append(Formula("-".join(["+".join(added), *taken]), value))
        self.flows[key] = [float(cell.value) for cell in cells]
        self.rows.append((said(key, self.language), self._worth(key), *cells))

    def _worth(self, key: str) -> Formula:
        return _worth(self.at[key], YEARS, self.flows[key], self.money.rate)


# --- scenarios and the portfolio --------------------------------------------------------------------------------------


def _scenarios(answer: Appraisal, names: _Names, language: Language) -> list[Row]:
    """Return every headline under each scenario, with what it changes; the centre is that of the projects' sheets."""
    if not answer.under:
        return []
    words = ("scenario", "project", "npv_eur", "npv_reliable_eur", "against", "eirr", "bcr", "tonnes", "gap")
    rows: list[Row] = [tuple(said(w, language) for w in words)]
    named = namer(answer, language)
    shown = {u.project for u in answer.under}
    centre: dict[str, tuple[int, float]] = {}
    for p in (p for p in answer.projects if p.id in shown):
        at, row = f"'{names.of(p.id)}'!", len(rows) + 1
        apart = next(n for n, line in enumerate(p.lines) if line.side == "apart")
        npv_, sure = p.npv or 0.0, p.lines[apart].value
        cells = (
            Formula(f"{at}$B$2", npv_),
            Formula(f"{at}$B$2+{at}$C${7 + apart}", npv_ + sure),
            Formula(f"C{row}-C{row}", 0.0),
            Formula(f"{at}$B$3", _rate(p)),
            Formula(f"{at}$B$4", _ratio(p)),
        )
        gap = max(anchor.gap for anchor in p.anchors)
        rows.append((said("centre", language), called(p, language), *cells, p.anchors[-1].tonnes, gap))
        centre[p.id] = row, npv_
    titles = {p.id: called(p, language) for p in answer.projects}
    for u in answer.under:
        if u.gap > GAP:  # the difference of two years that did not settle is noise
            rows.append((named(u.scenario), titles[u.project], said("unsettled_row", language), *[None] * 5, u.gap))
            continue
        row, own = centre[u.project]
        against = Formula(f"C{len(rows) + 1}-C{row}", u.npv - own)
        rate = u.roots[0] if len(u.roots) == 1 else percents(u.roots, language) or "n/a"
        rows.append(
            (named(u.scenario), titles[u.project], u.npv, u.npv_reliable, against, rate, u.bcr, u.tonnes, u.gap)
        )
    return rows


def _portfolio(answer: Appraisal, language: Language) -> list[Row]:
    """Return projects alone, taken out and in the mean of all orders, with sums and the pairs."""
    folio = answer.portfolio
    if folio is None:
        return []
    titles = {p.id: called(p, language) for p in folio.places}
    head = (said("project", language), *(_euros(w, language) for w in ("alone", "taken_out")))
    if folio.value is None:
        plain: list[Row] = [head]
        plain += [(titles[p.id], p.alone, p.taken_out) for p in folio.places]
        sums = [_summed(c, len(plain), plain[1:]) for c in "BC"]
        whole = (_euros("of_all", language), folio.all_value)
        return [*plain, (said("all_eur", language), *sums), (), whole, *_unpriced(folio, language)]
    yes, no = said("yes", language), said("no", language)
    rows: list[Row] = [(*head, _euros("shapley", language), said("chosen", language))]
    rows += [(titles[p.id], p.alone, p.taken_out, p.shapley, yes if p.chosen else no) for p in folio.places]
    last = len(rows)
    sums = [_summed(c, last, rows[1:]) for c in "BCD"]
    taken = [row for row in rows[1:] if row[4] == yes]
    chosen = [Formula(f'SUMIF($E$2:$E${last},"{yes}",{c}2:{c}{last})', _summed(c, last, taken).value) for c in "BCD"]
    rows += [
        (said("all_eur", language), *sums),
        (said("of_chosen", language), *chosen),
        (),
        (_euros("of_all", language), folio.all_value),
        (_euros("in_full", language), folio.value),
        (_euros("by_pairs", language), folio.by_pairs),
        (_euros("spent", language), folio.spent),
        (_euros("budget", language), "n/a" if folio.budget is None else folio.budget),
        (),
        (said("pair", language), "", said("synergy_eur", language)),
    ]
    rows += [(titles[p.first], titles[p.second], p.synergy) for p in folio.pairs]
    return [*rows, *_unpriced(folio, language)]


def _unpriced(folio: PortfolioResult, language: Language) -> list[Row]:
    """Return what projects without a published cost may cost at most."""
    if not folio.unpriced:
        return []
    head: Row = (said("unpriced", language), said("most_cost_eur", language))
    return [(), head, *((called(p, language), p.value) for p in folio.unpriced)]


def _euros(key: str, language: Language) -> str:
    """Return a word with the unit of what stands beside or below it: tables in print have the same word in millions."""
    return f"{said(key, language)}, {said('eur', language)}"


def _summed(column: str, last: int, rows: Sequence[Row]) -> Formula:
    """Return the sum of a column, from the second row to the last, as a formula with that of some rows for a value."""
    cells = [row["ABCDE".index(column)] for row in rows]
    return Formula(f"SUM({column}2:{column}{last})", sum(cell for cell in cells if isinstance(cell, float | int)))


def _regret(answer: Appraisal, language: Language) -> list[Row]:
    """Return what the chosen set lets go under each scenario, as a difference, and the most of it."""
    folio = answer.portfolio
    if folio is None or not folio.regrets:
        return []
    named, titles = namer(answer, language), {p.id: called(p, language) for p in answer.projects}
    rows: list[Row] = [
        tuple(said(w, language) for w in ("scenario", "chosen_eur", "best_eur", "regret_eur", "best_set"))
    ]
    for n, r in enumerate(folio.regrets, 2):
        best = " + ".join(titles[p] for p in r.best) or said("none", language)
        rows.append((named(r.scenario), r.value, r.value + r.regret, Formula(f"C{n}-B{n}", r.regret), best))
    most = Formula(f"MAX(D2:D{len(rows)})", max(r.regret for r in folio.regrets))
    rows.append((said("most", language), None, None, most))
    return rows


def _starts(answer: Appraisal, language: Language) -> list[Row]:
    """Return what each chosen project adds by the year in which it opens, and the best of these as a formula."""
    folio = answer.portfolio
    return [row for start in _started(answer, language) for row in start] if folio is not None else []


def _started(answer: Appraisal, language: Language) -> Iterator[tuple[Row, Row, Row]]:
    titles = {p.id: called(p, language) for p in answer.projects}
    for n, s in enumerate(answer.portfolio.starts if answer.portfolio else ()):
        years, last = 3 * n + 1, column_name(len(s.opens) + 1)
        values = f"$C${years + 1}:${last}${years + 1}"
        best = Formula(f"INDEX($C${years}:${last}${years},MATCH(MAX({values}),{values},0))", s.best)
        yield (
            (titles[s.project], said("best_year", language), *s.opens),
            (said("npv_eur", language), best, *s.values),
            (),
        )
