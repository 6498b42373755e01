"""``appraise`` as a person meets it: answers, reports that stand alone, bad input said at once."""

import html
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.unit.cli.conftest import Cli
from tests.unit.cli.spreadsheet import Workbook
from transcaspian.io import bundled, load
from transcaspian.report.appraise_files import LANGUAGES
from transcaspian.report.appraise_page import appraisal_html, appraisal_typst, document
from transcaspian.report.appraise_sheets import appraisal_sheets
from transcaspian.report.appraise_words import WORDS, reason_of, said
from transcaspian.report.document import Bullets, Cells, Drawing
from transcaspian.report.pdf import pdf_of
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.jsonable import json_schema
from transcaspian.study.appraise import appraise

ROADS = ("appraise", "eu-2025", "--projects", "eu-highways")


def test_a_report_is_written_unless_it_is_not_wanted(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("--no-report",), ("--json",)):
        assert cli(*ROADS, *words)[0] == 0 and not list(tmp_path.iterdir())
    code, _, err = cli(*ROADS)
    written = sorted(p.name for p in (tmp_path / "out" / "eu-2025").iterdir())
    assert code == 0 and all(f"out/eu-2025/{name}\n" in err for name in written)
    assert {f"eu-2025-{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf", "xlsx")} < {*written}


def test_roads_in_words(cli: Cli) -> None:
    code, out, _ = cli(*ROADS, "--no-report")
    assert code == 0
    assert "No net present value is given for the EUR 150 m of highways" in out
    assert len(re.findall(r"break-even AADT", out)) == 3
    assert re.search(r"Highways in Kazakhstan .*n/a +n/a", out), "the sum itself has no net present value"


def test_roads_in_russian(cli: Cli) -> None:
    code, out, _ = cli(*ROADS, "--no-report", "--language", "ru")
    assert code == 0 and "Для 150 млн евро на автодороги ЧПС не даётся" in out


def test_a_rate_without_a_source_is_marked_wherever_it_is_shown(cli: Cli, answer: Appraisal) -> None:
    code, out, _ = cli(*ROADS, "--no-report", "--rate", "adb")
    assert code == 0 and "(rate 9 %, Asian Development Bank: no source was found; EUR 2025)" in out.split("\n")[0]
    code, out, _ = cli(*ROADS, "--no-report", "--rate", "ireland", "--language", "ru")
    assert code == 0 and "5 %, Транспортная инфраструктура Ирландии; цены" in out and "источник не найден" not in out
    marked = replace(answer, rate=0.09, rate_id="adb")
    marks = "no source was found", "Азиатский банк развития: источник не найден"
    for language, words in zip(LANGUAGES, marks, strict=True):
        assert words in appraisal_html(marked, language) and words not in appraisal_html(answer, language)
        book = Workbook(appraisal_sheets(marked, language))
        assert words in book.value(said("sheet_answer", language), "A2")


def test_a_rate_that_is_none_names_all_choices(cli: Cli) -> None:
    code, _, err = cli(*ROADS, "--rate", "abc")
    assert code == 2 and "5%" in err
    assert all(f"'{row.id}'" in err for row in load().discount_rates.rows)


def test_json_keeps_its_schema(cli: Cli) -> None:
    code, out, _ = cli(*ROADS, "--json")
    assert code == 0
    jsonschema.validate(json.loads(out), json_schema(Appraisal))


def test_every_wrong_thing_is_said_at_once(cli: Cli) -> None:
    words = ("appraise", "eu-2026", "--rate", "kazakstan", "--draws=-1", "--leave-out", "eu-aktau-port:99")
    code, out, err = cli(*words)
    assert (code, out) == (2, "") and "Traceback" not in err
    assert err.startswith("4 problems:")
    for right in ("'eu-2025'", "'kazakhstan'", "from 0 to", "'eu-aktau-port:"):
        assert right in err


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("--projects", "eu-aktau"), "'eu-aktau-port'"),
        (("--budget", "lots"), "500M"),
        (("--budget", "1M"), "two projects or more"),
        (("--portfolio",), "column projects: found 'none'; right would be two projects or more"),
        (("--rate", "150%"), "below 1"),
        (("--traffic", "nowhere.csv"), "a CSV file in UTF-8"),
    ],
)
def test_bad_input(cli: Cli, words: tuple[str, ...], right: str) -> None:
    code, _, err = cli(*(ROADS if words[0] != "--projects" else ROADS[:2]), *words)
    assert code == 2 and right in err and "Traceback" not in err


def test_a_budget_that_fits_nothing_is_refused_before_anything_is_solved(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transcaspian.study.appraise.Runs", None)
    code, out, err = cli("appraise", "eu-2025", "--budget", "1M", "--rate", "150%")
    assert (code, out) == (2, "") and err.startswith("2 problems:") and "below 1" in err
    assert "column budget: found 'EUR 1,000,000'; right would be EUR 3" in err and "aktau-dredging" in err
    code, _, err = cli("appraise", "eu-2025", "--portfolio")
    assert code == 2 and "found 'eu-aktau-port'" in err and "--candidates" in err


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """Return the bundled dataset with capital whose years are gone, and a leg of its financing counted twice."""
    folder = Path(shutil.copytree(bundled(), tmp_path / "copy"))
    for name, row, change in (
        ("outlays.csv", "eu-aktau-port,1,capital,", (",2026,2027,", ",,,")),
        ("financing_legs.csv", "eu-aktau-port,EBRD,", (",35000000,", ",45000000,")),
        ("outlays.csv", "aktau-dredging,1,capital,", (",2025,2026,", ",2026,2025,")),
    ):
        path = folder / name
        lines = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join(x.replace(*change) if x.startswith(row) else x for x in lines), encoding="utf-8")
    return folder


def test_bad_projects_are_refused_with_all_that_is_wrong(cli: Cli, spoilt: Path) -> None:
    """Whatever project of the package is asked for: they share money, sets and unit values."""
    words = ("appraise", "eu-2025", "--projects", "eu-highways", "--rate", "150%", "--data", str(spoilt))
    code, out, err = cli(*words)
    assert (code, out) == (2, "") and err.startswith("5 problems:")
    for right in ("from_year", "until_year", "2026 or later", "is a leg counted twice?", "below 1"):
        assert right in err


@pytest.mark.parametrize(
    ("words", "right"),
    [(("--workers", "0"), "processes from 1"), (("--seed", "-4"), "a whole number from 0")],
)
def test_draws_that_cannot_be_made(cli: Cli, words: tuple[str, ...], right: str) -> None:
    code, out, err = cli(*ROADS, "--draws", "2", *words)
    assert (code, out) == (2, "") and right in err


def test_counts_of_ones_own(cli: Cli, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    head = "section,vehicle,year,aadt,corridor,growth\n"
    sections = ("aktobe-ulgaysyn", "beyneu-saksaulskaya", "atyrau-dossor")
    counts.write_text(head + "".join(f"{s},car,2025,12345,0,0.03\n" for s in sections), encoding="utf-8")
    code, out, _ = cli(*ROADS, "--traffic", str(counts))
    assert code == 0 and "12,345 are assumed and none are counted" in out, "nobody says that these were counted"
    counts.write_text(
        "section,vehicle,year,aadt,corridor,growth,grade\n"
        + "".join(f"{s},car,2025,12345,0,0.03,H\n" for s in sections),
        encoding="utf-8",
    )
    code, out, _ = cli(*ROADS, "--traffic", str(counts))
    assert code == 0 and out.count("12,345 are counted") == 6 and "assumed and none" not in out
    assert "12,345 to" not in out, "a count has no range"
    code, out, _ = cli(*ROADS, "--traffic", str(counts), "--language", "ru")
    assert code == 0 and out.count("по подсчёту 12\N{NO-BREAK SPACE}345") == 6 and "подсчёта нет" not in out
    counts.write_text(head + "aktobe-ulgaysyn,cart,2025,-1,0,0.03\n", encoding="utf-8")
    code, _, err = cli(*ROADS, "--traffic", str(counts))
    assert code == 2 and "from 0" in err


@pytest.fixture(scope="module")
def answer() -> Appraisal:
    return appraise(load(), "eu-2025", projects=["eu-highways"], rate=0.07)


def test_the_page_stands_alone_and_is_the_same_every_time(answer: Appraisal) -> None:
    for language in LANGUAGES:
        page = appraisal_html(answer, language)
        assert page == appraisal_html(answer, language)
        assert not re.search(r'(src|href)="', page), "nothing is fetched"
        assert ("<svg" in page and "Atyrau-Dossor" in page) or language == "ru"
        for chart in re.findall(r"<svg.*?</svg>", page):
            ET.fromstring(chart)
    assert appraisal_sheets(answer) == appraisal_sheets(answer)


def test_what_roads_assume(answer: Appraisal) -> None:
    """State and speed of sections, loads of vehicles, counts and growth: nothing of the network, which roads do not use."""
    rows = {(a.table, a.id, a.attribute) for a in answer.assumptions}
    sections = {id_ for table, id_, attribute in rows if (table, attribute) == ("highway_sections", "rough_before")}
    assert sections == {s.id for s in answer.sections}
    assert ("highway_sections", "atyrau-dossor", "limit_after") in rows and ("road_vehicles", "van", "people") in rows
    assert ("unit_values", "lane-width:0", "lane-width") in rows
    assert {table for table, *_ in rows}.isdisjoint({"changes", "defaults", "projects"})
    growth = {id_ for table, id_, attribute in rows if (table, attribute) == ("section_traffic", "growth")}
    assert growth == {id_ for table, id_, attribute in rows if (table, attribute) == ("section_traffic", "aadt")}
    for a in answer.assumptions:
        assert f"{a.table}.{a.attribute}" in WORDS
        assert re.search("[А-Яа-я]", reason_of(a, "ru"))


def test_the_print_says_what_the_page_says(answer: Appraisal) -> None:
    """Every block of the document is in the page and in the print, whose bytes are the same every time."""
    for language in LANGUAGES:
        source, page = appraisal_typst(answer, language), html.unescape(appraisal_html(answer, language))
        for block in document(answer, language):
            match block:
                case Bullets(items):
                    words = list(items)
                case Cells(head, rows):
                    words = [cell for row in (head, *rows) for cell in row]
                case Drawing(svg):
                    words = [html.unescape(svg)]
                    assert svg.replace('"', '\\"') in source
                    continue
                case _:
                    words = [block.text]
            for word in words:
                assert word in page
                assert json.dumps(word, ensure_ascii=False)[1:-1] in source
        print_ = pdf_of(source)
        assert print_[:5] == b"%PDF-" and print_ == pdf_of(source)
        assert b"CreationDate" not in print_, "the day of the print would make two prints differ"


def test_every_word_is_in_both_languages() -> None:
    for key, (english, russian) in WORDS.items():
        assert english and russian, key
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", russian)), key


def test_the_workbook_works_its_values_out(answer: Appraisal) -> None:
    """The formula of the net present value, worked out here, gives what the appraisal says."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(appraisal_sheets(answer))) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet2.xml"))
    cells = {c.get("r", ""): c for c in sheet.iterfind(".//m:c", space)}
    formulas = {at: f.text or "" for at, c in cells.items() if (f := c.find("m:f", space)) is not None}
    section = answer.sections[0]
    assert "".join(cells["C6"].itertext()) == said("pv_eur", "en"), "in the unit of the flows beside it"
    for n, line in enumerate(section.lines):
        found = re.fullmatch(r"E(\d+)\+NPV\(\$B\$1,F\d+:\w+\d+\)", formulas[f"C{7 + n}"])
        assert found and int(found[1]) == 7 + n
        numbers = [
            float(v.text or 0)
            for at, c in cells.items()
            if re.fullmatch(rf"[A-Z]+{7 + n}", at) and at not in formulas and (v := c.find("m:v", space)) is not None
        ]
        assert len(numbers) == len(line.flow)
        assert sum(x / 1.07**k for k, x in enumerate(numbers)) == pytest.approx(line.value, rel=1e-9)


def test_a_study_file_gives_the_same_bytes_as_the_options(cli: Cli, tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    code, out, err = cli(*ROADS, "--rate", "9%", "--json", "--save", str(study))
    assert code == 0 and str(study) in err
    assert cli("appraise", str(study), "--json") == (0, out, "")


def test_options_beside_a_study_file_are_refused(cli: Cli, tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    assert cli(*ROADS, "--save", str(study))[0] == 0
    code, out, err = cli("appraise", str(study), "--rate", "3%", "--draws", "5", "--language", "ru")
    assert code == 2 and out == ""
    assert "column rate" in err and "column draws" in err and "language" not in err
