"""The workbook of an appraisal: every formula, worked out here, gives what the appraisal says; all names in Russian."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.cli.spreadsheet import Workbook
from transcaspian.io import load
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.report.appraise import appraisal_text
from transcaspian.report.appraise_answer import sentences
from transcaspian.report.appraise_files import LANGUAGES
from transcaspian.report.appraise_page import appraisal_html
from transcaspian.report.appraise_sheets import appraisal_sheets
from transcaspian.report.appraise_words import called, said, unit_words
from transcaspian.report.numbers import number
from transcaspian.results.appraisal import Appraisal, UnpricedResult
from transcaspian.study.appraise import appraise

PROJECTS = ["eu-aktau-port", "kmtf-six-ships"]


@pytest.fixture(scope="module")
def answer() -> Appraisal:
    return appraise(load(), "eu-2025", projects=PROJECTS, under=["red-sea-open"], portfolio=True)


@pytest.fixture(scope="module")
def book(answer: Appraisal) -> Workbook:
    return Workbook(appraisal_sheets(answer))


def test_every_formula_can_be_worked_out(book: Workbook) -> None:
    found = list(book.every())
    assert len(found) > 400
    assert all(value in {"n/a", ""} or isinstance(value, float | int) for _, _, value in found)


def test_every_formula_has_its_value_beside_it(answer: Appraisal) -> None:
    for language in LANGUAGES:
        book = Workbook(appraisal_sheets(answer, language))
        for sheet, at, value in book.every():
            kept = book.kept[sheet, at]
            assert kept == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-6)), (sheet, at)


def test_projects_are_worth_what_they_are_worth(answer: Appraisal, book: Workbook) -> None:
    for project in (*answer.projects, answer.together):
        assert project is not None
        assert book.value(project.id, "B2") == pytest.approx(project.npv)
        assert book.value(project.id, "B4") == pytest.approx(project.bcr)


def test_headers_have_the_unit_of_what_stands_below_them(answer: Appraisal) -> None:
    """All but the first sheet is in euros: no header there says millions."""
    for language in LANGUAGES:
        book = Workbook(appraisal_sheets(answer, language))
        millions = re.compile("EUR m|млн евро")
        found = {s for s in book.names for cell in book.cells[s].values() if millions.search(str(cell))}
        assert found == {said("sheet_answer", language)}
        project, sheet = answer.projects[0], book.names[1]
        assert book.value(sheet, "C6") == book.value(book.names[2], "B7") == said("pv_eur", language)
        for n, line in enumerate(project.lines):
            assert book.value(sheet, f"C{7 + n}") == pytest.approx(line.value)
        money = project.finance
        assert money is not None
        worth = sum(v / (1 + money.rate) ** n for n, v in enumerate(money.capital))
        assert book.row(book.names[2], said("line_capital", language))[1] == pytest.approx(worth)


def test_assumptions_stand_in_the_order_of_what_they_move(answer: Appraisal, book: Workbook) -> None:
    sheet = said("sheet_assumptions", "en")
    rows = range(2, 2 + len(answer.assumptions))
    moves = [book.cells[sheet].get(f"G{n}") for n in rows]
    known = [x for x in moves if x is not None]
    assert known and moves[: len(known)] == known == sorted(known, reverse=True)
    emissions = next(line for line in answer.projects[0].lines if line.name == "emissions")
    assert emissions.low is not None and emissions.high is not None
    row = next(n for n in rows if book.value(sheet, f"A{n}") == said("unit_values.carbon-factor", "en"))
    most = max(abs(line.value) for p in answer.projects for line in p.lines if line.name == "emissions")
    assert book.value(sheet, f"G{row}") == pytest.approx(most * (emissions.high - emissions.low))


def test_the_owners_money(answer: Appraisal, book: Workbook) -> None:
    for project in answer.projects:
        money, sheet = project.finance, f"{project.id} - money"
        assert money is not None and money.income is not None and money.cash is not None
        assert book.value(sheet, "B3") == pytest.approx(money.fnpv_c)
        assert book.value(sheet, "B4") == pytest.approx(money.fnpv_k)
        assert book.row(sheet, "own capital")[2:] == pytest.approx(money.own, abs=1e-6)
        assert book.row(sheet, "cash after debt service")[2:] == pytest.approx(money.cash, abs=1e-6)
        if money.cover_least is not None:
            assert book.value(sheet, "C5") == pytest.approx(money.cover_least)
            assert book.value(sheet, "E5") == pytest.approx(money.cover_mean)
        for debt in project.debts:
            service = book.row(sheet, said("service_in_eur", "en"))[1:]
            euros = [debt.euros * (i + r) for i, r in zip(debt.interest, debt.repaid, strict=True)]
            assert service == pytest.approx(euros, abs=1e-6)


def test_what_is_assumed_is_what_is_used_and_has_no_source(answer: Appraisal) -> None:
    """The cost of the port has a source; its year of opening, the fall of the sea and what carriers pass on have none."""
    corridor = load()
    rows = {(a.table, a.id, a.attribute) for a in answer.assumptions}
    assert len(rows) == len(answer.assumptions)
    for wanted in (
        ("projects", "eu-aktau-port", "opens"),
        ("outlays", "eu-aktau-port:1", "from_year"),
        ("outlays", "kmtf-six-ships:1", "amount"),
        ("changes", "eu-aktau-port:4", "value"),
        ("changes", "do-minimum:3", "value"),
        ("changes", "do-minimum:5", "from_date"),
        ("unit_values", "loan-interest:0", "loan-interest"),
        ("unit_values", "growth-ends:0", "growth-ends"),
        ("defaults", "pass-through-rail", "pass_through"),
    ):
        assert wanted in rows
    assert ("outlays", "eu-aktau-port:1", "amount") not in rows
    assert not {id_ for table, id_, _ in rows if table in ("highway_sections", "section_traffic", "road_vehicles")}
    used = {id_ for table, id_, _ in rows if table == "unit_values"}
    assert all(trust_of(corridor.unit_values[id_]) == "assumed" for id_ in used)
    assert not used & {"ramp-up:0", "demand-error:0", "lane-width:0"}, "of draws and roads, which nobody asked for"
    told = {("projects", "dostyk-moyynty"), ("changes", "northern-closed:1"), ("outlays", "divrigi-kars:1")}
    assert not told & {(table, id_) for table, id_, _ in rows}, "of projects that nobody asked for"


def test_the_count_of_what_is_assumed_is_that_of_the_list(answer: Appraisal) -> None:
    for language in LANGUAGES:
        book, count = Workbook(appraisal_sheets(answer, language)), len(answer.assumptions)
        listed = book.cells[said("sheet_assumptions", language)]
        assert len([at for at in listed if at.startswith("A")]) == 1 + count
        sentence = next(s for s in sentences(answer, language) if "data coverage" in s)
        assert re.findall(r"\d+", sentence)[0] == str(count)
        assert {c for c in listed.values() if re.match(r"[a-z_]+[.:][a-z]", str(c))} == set(), "no ids for words"
    money = next(a for a in answer.assumptions if a.id == "accident-freight-road:0")
    assert (money.unit, unit_words(money, "ru")) == ("EUR 2016 / t-km", "EUR 2016 / т·км")


def test_scenarios_are_set_against_the_centre(answer: Appraisal, book: Workbook) -> None:
    centre = {project.id: project for project in answer.projects}
    for n, project in enumerate(answer.projects, 2):
        assert book.value("scenarios", f"C{n}") == pytest.approx(project.npv)
        assert book.value("scenarios", f"D{n}") == pytest.approx(project.npv_reliable)
    for n, row in enumerate(answer.under, 2 + len(answer.projects)):
        npv = centre[row.project].npv
        assert npv is not None
        assert (book.value("scenarios", f"A{n}") == "Red Sea calm") == (row.scenario == "red-sea-open")
        assert book.value("scenarios", f"E{n}") == pytest.approx(row.npv - npv, abs=1e-3)


def test_the_portfolio_adds_up(answer: Appraisal, book: Workbook) -> None:
    folio = answer.portfolio
    assert folio is not None
    sums = book.row("portfolio", "sum")
    assert sums[3] == pytest.approx(folio.all_value), "Shapley shares add up to all together"
    chosen = book.row("portfolio", "sum over the chosen")
    assert chosen[1] == pytest.approx(sum(p.alone for p in folio.places if p.chosen))
    assert book.value("regret", "D2") == pytest.approx(folio.regrets[0].regret, abs=1e-3)
    if folio.starts:
        assert book.value("start years", "B2") == folio.starts[0].best


def test_projects_that_nobody_chose_among_are_set_beside_one_another(answer: Appraisal) -> None:
    folio = answer.portfolio
    assert folio is not None
    places = tuple(replace(place, shapley=None, chosen=None) for place in folio.places)
    plain = replace(folio, spent=None, value=None, by_pairs=None, places=places, pairs=(), regrets=(), starts=())
    rules = UnpricedResult("rules", "Papers as data", "Документы как данные", 114e6)
    shown = replace(answer, portfolio=replace(plain, unpriced=(rules,)))
    assert Workbook(appraisal_sheets(shown)).row("portfolio", "Papers as data")[1] == 114e6
    assert Workbook(appraisal_sheets(shown)).row("portfolio", "sum")[1] == pytest.approx(sum(p.alone for p in places))
    for language in LANGUAGES:
        item = appraisal_html(shown, language).split(said("item_portfolio", language))[1].split("<h2>")[0]
        assert all(called(place, language) in item for place in places)
        assert said("shapley", language) not in item and said("taken_out", language) in item
        assert said("taken_out", language) in appraisal_text(shown, language)
        for text in (item, appraisal_text(shown, language)):
            assert said("most_cost", language) in text and number(114, ",.1f", language) in text


def test_the_russian_workbook_says_nothing_in_english(answer: Appraisal) -> None:
    """But for ids and names that a company has in Latin letters; reasons of assumptions are in Russian too."""
    book = Workbook(appraisal_sheets(answer, "ru"))
    own = {said("sheet_assumptions", "ru")}

    def english(cell: Any) -> bool:
        text = str(cell)
        return bool(re.search(r"[A-Za-z]{3}", text)) and not re.search(r"[А-Яа-я]", text) and not text.startswith("=")

    known = re.compile(r"DSCR|FNPV\([CK]\)|n/a|[0-9a-f]{16}")
    wrong = {c for s, cells in book.cells.items() if s not in own for c in cells.values() if english(c)}
    assert {c for c in wrong if not known.fullmatch(str(c))} == set()
    assert all(re.search("[А-Яа-я]", name) for name in book.names)
    reasons = [cell for at, cell in book.cells[said("sheet_assumptions", "ru")].items() if at.startswith("F")]
    assert len(reasons) > 20 and all(re.search("[А-Яа-я]", str(reason)) for reason in reasons)
    whats = [cell for at, cell in book.cells[said("sheet_assumptions", "ru")].items() if at.startswith("A")]
    assert all(re.search("[А-Яа-я]", str(what)) for what in whats)
    assert "Красное море спокойно" in book.cells[said("sheet_scenarios", "ru")].values()
