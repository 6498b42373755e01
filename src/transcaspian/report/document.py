"""This module owns a document as blocks, and how it becomes a page of HTML that needs nothing else, or Typst for print.

A report is put together once and set twice, so that the page and the print cannot say different things.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
body{font:15px/1.5 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#1c1c1c}
h1{font-size:1.5em}h2{margin-top:2.2em;border-bottom:1px solid #ccc;font-size:1.2em}h3{font-size:1em}
table{border-collapse:collapse;margin:.8em 0;font-size:.86em}td,th{padding:.25em .7em;border-bottom:1px solid #e3e3e3}
th{text-align:left;border-bottom:1px solid #888}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
ul.answer{background:#f2f6fa;padding:1em 1em 1em 2.2em}.note{color:#555;font-size:.86em}svg{max-width:100%}
.wide{overflow-x:auto}
@media print{body{max-width:none;margin:0;font-size:11px}.wide{overflow:visible}h2,h3{break-after:avoid}}
"""

SETTINGS = """\
#set page(paper: "a4", margin: (x: 17mm, y: 17mm), numbering: "1")
#set text(font: "Libertinus Serif", size: 10pt)
#set par(justify: false)
#show heading: set block(above: 1.4em, below: 0.7em, sticky: true)
#let cells(columns, numbers, head, body) = block(width: 100%, {
  set text(size: if columns > 12 { 6.4pt } else if columns > 8 { 7.2pt } else { 8.4pt })
  set par(leading: 0.45em)
  table(
    columns: columns,
    stroke: (_, y) => (bottom: if y == 0 { 0.6pt } else { 0.3pt + luma(210) }),
    inset: (x: if columns > 12 { 2.5pt } else { 4pt }, y: 3pt),
    align: (x, _) => if x in numbers { right } else { left },
    table.header(..head.map(strong)),
    ..body,
  )
})
#let drawing(svg) = block(width: 100%, image(bytes(svg), format: "svg", width: 100%))
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 is the title, 2 an item, 3 a part of one."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``quiet`` ones are small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences one below the other; ``answer`` is what a reader in a hurry reads."""

    items: tuple[str, ...]
    answer: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """A table; ``numbers`` are the columns that stand at the right; ``shades`` of cells, (row, column), from 0 to 1."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    shades: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG text."""

    svg: str


Block = Heading | Text | Bullets | Cells | Drawing


def cells(head: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Cells, ...]:
    """Return a table whose columns of numbers stand at the right, or nothing where there is no row.

    >>> [sorted(c.numbers) for c in cells(("a", "b"), [("x", "1"), ("y", "n/a")])]
    [[1]]
    """
    body = tuple(tuple(row) for row in rows)
    found = frozenset(
        n
        for n in range(1, len(head))
        if any(_number(row[n]) for row in body) and not any(_word(row[n]) for row in body)
    )
    return (Cells(tuple(head), body, found),) if body else ()


def _number(cell: str) -> bool:
    return bool(cell) and (cell[0].isdigit() or (cell[0] in "+-" and cell[1:2].isdigit()))


def _word(cell: str) -> bool:
    """Return whether a cell is words that would read badly at the right; one word among numbers does not."""
    return not _number(cell) and " " in cell


def html_page(title: str, language: str, blocks: Iterable[Block]) -> str:
    """Return a page that stands alone; the same blocks give the same bytes."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>"
        f"<body>{''.join(_html(block) for block in blocks)}</body></html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Text(text, quiet):
            return f"<p{_class('note' if quiet else '')}>{escape(text)}</p>"
        case Bullets(items, answer):
            listed = "".join(f"<li>{escape(item)}</li>" for item in items)
            return f"<ul{_class('answer' if answer else '')}>{listed}</ul>"
        case Drawing(svg):
            return svg
        case Cells():
            return _html_table(block)


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _html_table(table: Cells) -> str:
    shades = {(row, column): shade for row, column, shade in table.shades}
    sides = [_class("n" if n in table.numbers else "") for n in range(len(table.head))]
    head = "".join(f"<th{side}>{escape(h)}</th>" for side, h in zip(sides, table.head, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{sides[n]}{_html_shade(shades.get((r, n)))}>{escape(cell)}</td>" for n, cell in enumerate(row))
        + "</tr>"
        for r, row in enumerate(table.rows)
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def colour_of(shade: float) -> str:
    """Return the colour of a cell from white to red: the share of runs in which something is short.

    >>> colour_of(0.0), colour_of(1.0)
    ('#ffffff', '#e9a39b')
    """
    light, full = (255, 255, 255), (233, 163, 155)
    return "#" + "".join(f"{round(a + (b - a) * shade):02x}" for a, b in zip(light, full, strict=True))


def _html_shade(shade: float | None) -> str:
    return "" if shade is None else f' style="background:{colour_of(shade)}"'


def typst_source(title: str, language: str, blocks: Iterable[Block]) -> str:
    """Return a document in Typst that names no file, no font of the system and no date of its own."""
    head = f"#set document(title: {_string(title)}, date: none)\n#set text(lang: {_string(language)})\n"
    return head + SETTINGS + "\n".join(_typst(block) for block in blocks) + "\n"


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _typst(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"#heading(level: {level}, {_string(text)})"
        case Text(text, quiet):
            return f"#par(text({'size: 8.4pt, fill: luma(90), ' if quiet else ''}{_string(text)}))"
        case Bullets(items, answer):
            listed = f"#list({', '.join(_string(item) for item in items)})"
            return f'#block(fill: rgb("#f2f6fa"), inset: 8pt, width: 100%)[{listed}]' if answer else listed
        case Drawing(svg):
            return f"#drawing({_string(svg)})"
        case Cells():
            return _typst_table(block)


def _typst_table(table: Cells) -> str:
    shades = {(row, column): shade for row, column, shade in table.shades}
    body = []
    for r, row in enumerate(table.rows):
        for n, cell in enumerate(row):
            shade = shades.get((r, n))
            plain = _string(cell)
            body.append(plain if shade is None else f'table.cell(fill: rgb("{colour_of(shade)}"), {plain})')
    head = "".join(f"{_string(h)}, " for h in table.head)
    numbers = "".join(f"{n}, " for n in sorted(table.numbers))
    return f"#cells({len(table.head)}, ({numbers}), ({head}), ({''.join(f'{cell}, ' for cell in body)}))"
