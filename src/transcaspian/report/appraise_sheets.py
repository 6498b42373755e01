"""This module owns an appraisal as a workbook: the rate in one cell, and every present value a formula of it."""

from collections.abc import Sequence
from math import isnan

from transcaspian.report.appraise_words import Language, said
from transcaspian.report.sheets import Cell, column_name, workbook
from transcaspian.results.appraisal import Appraisal, ProjectResult, SectionResult

RATE = "$B$1"
FLOWS = 4
"""Column in which the first year stands."""


def appraisal_sheets(answer: Appraisal, language: Language = "en") -> bytes:
    """Return the workbook of an appraisal: a sheet for each project and section, with live formulas."""
    sheets: dict[str, Sequence[Sequence[Cell]]] = {"answer": _answer(answer, language)}
    for project in (*answer.projects, *((answer.together,) if answer.together else ())):
        if project.npv is not None:
            sheets[_name(project.id)] = _project(project, answer.rate, language)
    for section in answer.sections:
        sheets[_name(section.id)] = _section(section, answer, language)
    sheets["assumptions"] = [
        ("", said("value", language), said("low", language), said("high", language), ""),
        *((f"{a.table}:{a.id}", _number(a.value), a.low, a.high, a.reason) for a in answer.assumptions),
    ]
    return workbook(sheets)


def _name(name: str) -> str:
    """Return a name that a sheet can have: 31 characters at most."""
    return name[:31]


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def _answer(answer: Appraisal, language: Language) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [(answer.name if language == "en" else answer.name_ru,), ("run", answer.run_id)]
    rows.append((said("project", language), said("npv", language), said("eirr", language), said("bcr", language)))
    for p in (*answer.projects, *((answer.together,) if answer.together else ())):
        name = p.name if language == "en" else p.name_ru
        if p.npv is None:
            rows.append((name, "n/a", "n/a", "n/a"))
        else:
            at = f"'{_name(p.id)}'!"
            rows.append((name, f"={at}$B$2/1000000", f"={at}$B$3", f"={at}$B$4"))
    return rows


def _project(project: ProjectResult, rate: float, language: Language) -> list[Sequence[Cell]]:
    lines = [(line.name, line.side, line.flow) for line in project.lines]
    return _flows(lines, project.years, rate, language)


def _section(section: SectionResult, answer: Appraisal, language: Language) -> list[Sequence[Cell]]:
    count = len(section.lines[0].flow)
    lines = [(line.name, line.side, line.flow) for line in section.lines]
    return _flows(lines, tuple(range(section.first, section.first + count)), answer.rate, language)


def _flows(
    lines: Sequence[tuple[str, str, tuple[float, ...]]], years: Sequence[int], rate: float, language: Language
) -> list[Sequence[Cell]]:
    """Return a cash flow as rows: the rate, the ratios as formulas, a line for each effect, and the net flow."""
    first, last = column_name(FLOWS), column_name(FLOWS + len(years) - 1)
    start = 7
    stop = start + len(lines) - 1
    net = stop + 1
    cost = f'SUMIF($B${start}:$B${stop},"cost",$C${start}:$C${stop})'
    gain = f'SUMIF($B${start}:$B${stop},"benefit",$C${start}:$C${stop})'
    rows: list[Sequence[Cell]] = [
        (said("rate", language), rate),
        ("NPV, EUR", f"={cost}+{gain}"),
        (said("eirr", language), f'=IFERROR(IRR({first}{net}:{last}{net}),"n/a")'),
        (said("bcr", language), f'=IF({cost}<0,-{gain}/{cost},"n/a")'),
        (),
        ("EUR", "", said("pv", language), said("switching", language), *years),
    ]
    for n, (name, side, flow) in enumerate(lines):
        row = start + n
        worth = f"={first}{row}+NPV({RATE},{column_name(FLOWS + 1)}{row}:{last}{row})"
        switch = f'=IF(OR(B{row}="apart",C{row}=0),"n/a",-$B$2/C{row})'
        rows.append((said(name, language), side, worth, switch, *flow))
    sums = [
        f'=SUMIF($B${start}:$B${stop},"cost",{c}{start}:{c}{stop})+SUMIF($B${start}:$B${stop},"benefit",{c}{start}:{c}{stop})'
        for c in (column_name(FLOWS + k) for k in range(len(years)))
    ]
    rows.append((said("net", language), "", "=$B$2", None, *sums))
    return rows
