"""This module owns a workbook of sheets as the bytes of an .xlsx file, with formulas that a spreadsheet works out.

The least that ECMA-376 asks for, written the same every time: no date, no name of a person. A cell is a number, a text,
or a formula with its value, which is there for whoever works nothing out.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape


class Formula(NamedTuple):
    """A formula as a spreadsheet writes it, without ``=``, and what it gives."""

    text: str
    value: float | str


Cell = float | int | str | Formula | None

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def column_name(number: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column_name(0), column_name(25), column_name(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return the bytes of a workbook of sheets by name, each rows of cells."""
    files = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        ),
        **{f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in enumerate(sheets.values(), 1)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types(count: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{parts}</Types>'
    )


def _relations(listed: Sequence[tuple[str, str]]) -> str:
    parts = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINK}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(listed, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACK}">{parts}</Relationships>'


def _book(names: Sequence[str]) -> str:
    parts = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    calc = '<calcPr calcId="0" fullCalcOnLoad="1"/>'
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>{parts}</sheets>{calc}</workbook>'


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    body = "".join(
        f'<row r="{r}">'
        + "".join(_cell(f"{column_name(c)}{r}", cell) for c, cell in enumerate(row) if cell is not None)
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(at: str, cell: Cell) -> str:
    if isinstance(cell, Formula):
        kind, value = (' t="str"', escape(cell.value)) if isinstance(cell.value, str) else ("", repr(cell.value))
        return f'<c r="{at}"{kind}><f>{escape(cell.text)}</f><v>{value}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{at}"><v>{cell!r}</v></c>'
