"""This module owns an appraisal as a workbook: rates in cells, and every value that follows from others a formula."""

from collections.abc import Iterator, Sequence
from math import isnan

from transcaspian.report.appraise import GAP, percents
from transcaspian.report.appraise_words import called, namer, reason_of, said
from transcaspian.report.numbers import Language
from transcaspian.report.sheets import Cell, column_name, workbook
from transcaspian.results.appraisal import Appraisal, DebtResult, FinanceResult, ProjectResult, SectionResult

Row = Sequence[Cell]

RATE = "$B$1"
FLOWS = 4
"""Column in which the first year stands."""

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
        ("", *(said(w, language) for w in ("value", "low", "high", "reason"))),
        *((f"{a.table}:{a.id}", _number(a.value), a.low, a.high, reason_of(a, language)) for a in answer.assumptions),
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
    rows: list[Row] = [(title,), (said("run", language), answer.run_id)]
    rows.append(tuple(said(w, language) for w in ("project", "npv", "eirr", "bcr")))
    for p in _all(answer):
        if p.npv is None:
            rows.append((called(p, language), "n/a", "n/a", "n/a"))
        else:
            at = f"'{names.of(p.id)}'!"
            rows.append((called(p, language), f"={at}$B$2/1000000", f"={at}$B$3", f"={at}$B$4"))
    return rows


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
    rows: list[Row] = [
        (said("rate", language), rate),
        (said("npv_eur", language), f"={cost}+{gain}"),
        (said("eirr", language), f'=IFERROR(IRR({first}{net}:{last}{net}),"n/a")'),
        (said("bcr", language), f'=IF({cost}<0,-{gain}/{cost},"n/a")'),
        (),
        (said("eur", language), "", said("pv", language), said("switching", language), *years),
    ]
    for n, (name, side, flow) in enumerate(lines):
        row = start + n
        switch = f'=IF(OR(B{row}="{apart}",C{row}=0),"n/a",-$B$2/C{row})'
        rows.append(
            (said(name, language), said(f"{side}_side", language), _worth(row, len(years), FLOWS), switch, *flow)
        )
    sums = [
        f'=SUMIF($B${start}:$B${stop},"{costs}",{c}{start}:{c}{stop})+SUMIF($B${start}:$B${stop},"{gains}",{c}{start}:{c}{stop})'
        for c in (column_name(FLOWS + k) for k in range(len(years)))
    ]
    rows.append((said("net", language), "", "=$B$2", None, *sums))
    return rows


def _worth(row: int, count: int, start: int) -> str:
    """Return the present value of a row of years as a formula of the rate in the first cell."""
    first, second, last = (column_name(start + n) for n in (0, 1, count - 1))
    return f"={first}{row}+NPV({RATE},{second}{row}:{last}{row})"


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
            (said("eur", language), said("pv", language), *project.years),
        ]
        self.at: dict[str, int] = {}

    def lines(self) -> None:
        """Write what flows by year."""
        money, known = self.money, self.known
        self._given("line_capital", money.capital)
        self._given("finance_granted", money.granted)
        self._given("finance_lent", money.lent)
        self._summed("finance_own", "={line_capital}-{finance_granted}-{finance_lent}")
        self._given("finance_income", money.income)
        self._given("finance_doing", money.doing)
        self._given("finance_upkeep", money.upkeep)
        self._given("finance_interest", money.interest)
        self._given("finance_repaid", money.repaid)
        self._given("line_left", money.left)
        self._summed("line_service", "={finance_interest}+{finance_repaid}")
        if known:
            self._summed("line_free", "={finance_income}-{finance_doing}-{finance_upkeep}")
            self._summed("finance_cash", "={line_free}-{line_service}-{finance_own}")
            self._summed("line_c", "={line_free}-{line_capital}+{line_left}")
            self._summed("line_k", "={finance_cash}+{line_left}")
            for row, line in ((2, "line_c"), (3, "line_k")):
                first, last = column_name(YEARS), column_name(YEARS + len(self.project.years) - 1)
                span = f"{first}{self.at[line]}:{last}{self.at[line]}"
                rate = f'=IFERROR(IRR({span}),"n/a")'
                head = str(self.rows[row][0])
                self.rows[row] = (head, f"=$B${self.at[line]}", said("rate_of_return", self.language), rate)

    def cover(self) -> None:
        """Write the cover of debt service, from the year of opening on, with its least and its mean."""
        if self.known and self.money.cover_least is not None:
            opens, row = self.project.opens or 0, len(self.rows) + 1
            ratio = [
                self._cell('=IF({line_service}>0,{line_free}/{line_service},"")', n) if year >= opens else None
                for n, year in enumerate(self.project.years)
            ]
            self.rows.append(("DSCR", None, *ratio))
            first, last = column_name(YEARS), column_name(YEARS + len(ratio) - 1)
            span = f"{first}{row}:{last}{row}"
            least, mean = said("least", self.language), said("mean", self.language)
            self.rows[4] = ("DSCR", least, f"=MIN({span})", mean, f"=AVERAGE({span})")

    def loan(self, debt: DebtResult, financier: str) -> None:
        """Write a loan in its own currency, and its service in euros."""
        self.rows.append(())
        self.rows.append((f"{financier}, {debt.currency}", said("in_eur", self.language), debt.euros))
        factor, first = f"$C${len(self.rows)}", len(self.rows) + 1
        for key in ("drawn", "interest", "repaid"):
            self.rows.append((said(key, self.language), None, *getattr(debt, key)))
        columns = [column_name(YEARS + n) for n in range(len(self.project.years))]
        service = [f"={c}{first + 1}+{c}{first + 2}" for c in columns]
        self.rows.append((said("service", self.language), None, *service))
        euros = [f"={c}{first + 3}*{factor}" for c in columns]
        self.rows.append((said("service_in_eur", self.language), None, *euros))

    def _given(self, key: str, values: Sequence[float] | None) -> None:
        self.at[key] = len(self.rows) + 1
        cells: Sequence[Cell] = ["n/a"] * len(self.project.years) if values is None else values
        worth = "n/a" if values is None else _worth(self.at[key], len(values), YEARS)
        self.rows.append((said(key, self.language), worth, *cells))

    def _summed(self, key: str, formula: str) -> None:
        self.at[key] = len(self.rows) + 1
        count = len(self.project.years)
        cells = (self._cell(formula, n) for n in range(count))
        self.rows.append((said(key, self.language), _worth(self.at[key], count, YEARS), *cells))

    def _cell(self, formula: str, n: int) -> str:
        """Return a formula of lines in a year."""
        column = column_name(YEARS + n)
        return formula.format(**{key: f"{column}{row}" for key, row in self.at.items()})


# --- scenarios and the portfolio --------------------------------------------------------------------------------------


def _scenarios(answer: Appraisal, names: _Names, language: Language) -> list[Row]:
    """Return every headline under each scenario, with what it changes; the centre is that of the projects' sheets."""
    if not answer.under:
        return []
    words = ("scenario", "project", "npv_eur", "npv_reliable_eur", "against", "eirr", "bcr", "tonnes", "gap")
    rows: list[Row] = [tuple(said(w, language) for w in words)]
    named = namer(answer, language)
    shown = {u.project for u in answer.under}
    centre: dict[str, int] = {}
    for p in (p for p in answer.projects if p.id in shown):
        at, row = f"'{names.of(p.id)}'!", len(rows) + 1
        apart = next(n for n, line in enumerate(p.lines) if line.side == "apart")
        cells = (f"={at}$B$2", f"={at}$B$2+{at}$C${7 + apart}", f"=C{row}-C{row}", f"={at}$B$3", f"={at}$B$4")
        gap = max(anchor.gap for anchor in p.anchors)
        rows.append((said("centre", language), called(p, language), *cells, p.anchors[-1].tonnes, gap))
        centre[p.id] = row
    titles = {p.id: called(p, language) for p in answer.projects}
    for u in answer.under:
        if u.gap > GAP:  # the difference of two years that did not settle is noise
            rows.append((named(u.scenario), titles[u.project], said("unsettled_row", language), *[None] * 5, u.gap))
            continue
        against = f"=C{len(rows) + 1}-C{centre[u.project]}"
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
    words = ("project", "alone", "taken_out")
    if folio.value is None:
        plain: list[Row] = [tuple(said(w, language) for w in words)]
        plain += [(titles[p.id], p.alone, p.taken_out) for p in folio.places]
        sums = (f"=SUM({c}2:{c}{len(plain)})" for c in "BC")
        return [*plain, (said("all_eur", language), *sums), (), (said("of_all", language), folio.all_value)]
    yes, no = said("yes", language), said("no", language)
    rows: list[Row] = [tuple(said(w, language) for w in (*words, "shapley", "chosen"))]
    rows += [(titles[p.id], p.alone, p.taken_out, p.shapley, yes if p.chosen else no) for p in folio.places]
    last = len(rows)
    sums = (f"=SUM({c}2:{c}{last})" for c in "BCD")
    chosen = (f'=SUMIF($E$2:$E${last},"{yes}",{c}2:{c}{last})' for c in "BCD")
    rows += [
        (said("all_eur", language), *sums),
        (said("of_chosen", language), *chosen),
        (),
        (said("of_all", language), folio.all_value),
        (said("in_full", language), folio.value),
        (said("by_pairs", language), folio.by_pairs),
        (said("spent", language), folio.spent),
        (said("budget_eur", language), "n/a" if folio.budget is None else folio.budget),
        (),
        (said("pair", language), "", said("synergy_eur", language)),
    ]
    rows += [(titles[p.first], titles[p.second], p.synergy) for p in folio.pairs]
    return rows


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
        rows.append((named(r.scenario), r.value, r.value + r.regret, f"=C{n}-B{n}", best))
    rows.append((said("most", language), None, None, f"=MAX(D2:D{len(rows)})"))
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
        best = f"=INDEX($C${years}:${last}${years},MATCH(MAX({values}),{values},0))"
        yield (
            (titles[s.project], said("best_year", language), *s.opens),
            (said("npv_eur", language), best, *s.values),
            (),
        )
