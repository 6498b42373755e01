"""This module owns the files of a report: a page, a print and a workbook in each language, and the answer as JSON."""

from pathlib import Path

from transcaspian.report.appraise_page import appraisal_html, appraisal_typst
from transcaspian.report.appraise_sheets import appraisal_sheets
from transcaspian.report.numbers import Language
from transcaspian.report.pdf import pdf_of
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.jsonable import dumps
from transcaspian.results.writing import whole

LANGUAGES: tuple[Language, ...] = ("en", "ru")


def write_report(answer: Appraisal, folder: Path) -> tuple[Path, ...]:
    """Write the report of an appraisal into a folder, each file whole or not at all, and return its files."""
    texts = {f"{answer.package}-{language}.html": appraisal_html(answer, language) for language in LANGUAGES}
    texts[f"{answer.package}.json"] = dumps(answer) + "\n"
    files = {name: text.encode() for name, text in texts.items()}
    files |= {f"{answer.package}-{language}.xlsx": appraisal_sheets(answer, language) for language in LANGUAGES}
    files |= {f"{answer.package}-{language}.pdf": pdf_of(appraisal_typst(answer, language)) for language in LANGUAGES}
    found = []
    for name, content in files.items():
        with whole(folder / name) as part:
            part.write_bytes(content)
        found.append(folder / name)
    return tuple(found)
