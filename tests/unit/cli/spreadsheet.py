"""A spreadsheet in small: it works out the formulas that the workbooks of reports hold, and no others."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import Any

from transcaspian.appraisal.cashflow import roots

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
CELL = r"\$?[A-Z]+\$?\d+"


class Number(float):
    """A number that may be divided by nothing: a spreadsheet looks at one branch of a choice, Python at both."""

    def __truediv__(self, other: float) -> float:
        return Number(float(self) / other) if other else Number("nan")

    def __rtruediv__(self, other: float) -> float:
        return Number(other / float(self)) if self else Number("nan")


class Workbook:
    """Sheets by name, each cells by their place, worked out when they are asked for.

    ``kept`` is what stands beside formulas as their values, which is read by whoever works nothing out.
    """

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = ET.fromstring(archive.read("xl/workbook.xml"))
            self.names = [s.get("name", "") for s in book.iterfind(".//m:sheet", SPACE)]
            self.cells = {
                name: dict(_cells(ET.fromstring(archive.read(f"xl/worksheets/sheet{n}.xml"))))
                for n, name in enumerate(self.names, 1)
            }
            self.kept = {
                (name, c.get("r", "")): value.text or "" if c.get("t") == "str" else Number(value.text or "nan")
                for n, name in enumerate(self.names, 1)
                for c in ET.fromstring(archive.read(f"xl/worksheets/sheet{n}.xml")).iterfind(".//m:c", SPACE)
                if c.find("m:f", SPACE) is not None and (value := c.find("m:v", SPACE)) is not None
            }
        self._done: dict[tuple[str, str], Any] = {}

    def value(self, sheet: str, at: str) -> Any:
        """Return the value of a cell; a formula is worked out."""
        key = sheet, at.replace("$", "")
        if key not in self._done:
            found = self.cells[sheet].get(key[1])
            self._done[key] = (
                self._evaluated(sheet, found[1:]) if isinstance(found, str) and found.startswith("=") else found
            )
        return self._done[key]

    def every(self) -> Iterator[tuple[str, str, Any]]:
        """Give every cell that holds a formula with its value."""
        for sheet, cells in self.cells.items():
            for at, cell in cells.items():
                if str(cell).startswith("="):
                    yield sheet, at, self.value(sheet, at)

    def row(self, sheet: str, title: str) -> list[Any]:
        """Return the values of the first row that begins with a title."""
        at = next(a for a, cell in self.cells[sheet].items() if a[0] == "A" and not a[1].isalpha() and cell == title)
        places = [a for a in self.cells[sheet] if re.sub(r"\D", "", a) == at[1:]]
        return [self.value(sheet, a) for a in places]

    def _evaluated(self, sheet: str, formula: str) -> Any:
        words = [(m.group(0), m.lastgroup) for m in re.finditer(
            rf"(?P<text>\"[^\"]*\")|(?P<range>{CELL}:{CELL})|(?P<far>'[^']+'!{CELL})|(?P<cell>{CELL})|(?P<word>[A-Z]+)|(?P<sign><=|>=|[-+*/(),<>=])|(?P<number>[\d.]+)",
            formula,
        )]  # fmt: skip
        assert "".join(w for w, _ in words) == formula, formula
        python = []
        for word, kind in words:
            if kind == "range":
                python.append(f"span({sheet!r}, {word!r})")
            elif kind == "far":
                name, _, at = word.rpartition("!")
                python.append(f"cell({name.strip(chr(39))!r}, {at!r})")
            elif kind == "cell":
                python.append(f"cell({sheet!r}, {word!r})")
            else:
                python.append({"=": "==", "IF": "IF_", "OR": "OR_"}.get(word, word))
        found = eval("".join(python), {"cell": self.value, "span": self._span, **FUNCTIONS})
        return Number(found) if isinstance(found, float) else found

    def _span(self, sheet: str, words: str) -> list[Any]:
        first, last = (re.fullmatch(r"([A-Z]+)(\d+)", w.replace("$", "")) for w in words.split(":"))
        assert first is not None and last is not None
        columns = range(_number(first[1]), _number(last[1]) + 1)
        return [self.value(sheet, f"{_letters(c)}{r}") for r in range(int(first[2]), int(last[2]) + 1) for c in columns]


def _cells(sheet: ET.Element) -> Iterator[tuple[str, Any]]:
    for cell in sheet.iterfind(".//m:c", SPACE):
        formula, number, text = (cell.find(f"m:{k}", SPACE) for k in ("f", "v", "is/m:t"))
        if formula is not None:
            yield cell.get("r", ""), f"={formula.text}"
        elif number is not None:
            yield cell.get("r", ""), Number(number.text or 0)
        else:
            yield cell.get("r", ""), (text.text or "") if text is not None else None


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _numbers(values: list[Any]) -> list[float]:
    return [v for v in values if isinstance(v, float)]


def _irr(values: list[Any]) -> float | None:
    return roots(_numbers(values)).value


def _divided(condition: Any, yes: Any, no: Any) -> Any:
    return yes if condition else no


FUNCTIONS = {
    "SUM": lambda v: Number(sum(_numbers(v))),
    "SUMIF": lambda keys, key, v: Number(sum(x for k, x in zip(keys, v, strict=True) if k == key and x is not None)),
    "NPV": lambda rate, v: sum(x / (1 + rate) ** n for n, x in enumerate(v, 1)),
    "IRR": _irr,
    "IFERROR": lambda value, other: other if value is None else value,
    "MIN": lambda v: min(_numbers(v)),
    "MAX": lambda v: max(_numbers(v)),
    "AVERAGE": lambda v: sum(_numbers(v)) / len(_numbers(v)),
    "INDEX": lambda v, n: v[n - 1],
    "MATCH": lambda key, v, _: v.index(key) + 1,
    "OR_": lambda *v: any(v),
    "IF_": _divided,
}
