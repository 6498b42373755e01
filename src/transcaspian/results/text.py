"""This module owns plain tables: aligned text for terminals and the same rows as HTML for notebooks."""

from collections.abc import Sequence
from html import escape
from unicodedata import combining, east_asian_width


def width(text: str) -> int:
    """Return the columns a text takes in a terminal."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Return rows under a header in aligned columns; those in ``right`` are right-aligned.

    >>> print(aligned(("route", "d"), [("via Poti", "9"), ("by sea", "41")], frozenset({1})))
    route      d
    ──────────────
    via Poti   9
    by sea    41
    """
    cells = [list(header), *([str(c) for c in row] for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        padded = [
            " " * (w - width(c)) + c if i in right else c + " " * (w - width(c))
            for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    rule = "─" * (sum(widths) + 2 * (len(widths) - 1) + 2)
    return "\n".join([line(cells[0]), rule, *(line(row) for row in cells[1:])])


def wrapped(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: frozenset[int] = frozenset(),
    columns: int | None = None,
) -> str:
    """Return rows as ``aligned`` does, in as many blocks as it takes to keep to so many columns of a terminal.

    Every block begins with the first column. ``None`` is as wide as it takes.

    >>> print(wrapped(("route", "Jan", "Feb"), [("via Poti", "9", "12"), ("by sea", "41", "7")], frozenset({1, 2}), 15))
    route     Jan
    ───────────────
    via Poti    9
    by sea     41
    <BLANKLINE>
    route     Feb
    ───────────────
    via Poti   12
    by sea      7
    """
    widths = [max(width(str(row[i])) for row in (header, *rows)) for i in range(len(header))]
    blocks: list[list[int]] = [[0]]
    for i in range(1, len(header)):
        taken = sum(widths[j] + 2 for j in blocks[-1])
        if columns is not None and len(blocks[-1]) > 1 and taken + widths[i] + 2 > columns:
            blocks.append([0])
        blocks[-1].append(i)
    return "\n\n".join(
        aligned(
            [header[i] for i in block],
            [[row[i] for i in block] for row in rows],
            frozenset(at for at, i in enumerate(block) if i in right),
        )
        for block in blocks
    )


def html(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under a header as an HTML table."""
    head = "".join(f"<th>{escape(h)}</th>" for h in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(c))}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def days(hours: float) -> str:
    """Return hours as a person says them: hours below two days, else days.

    >>> days(5.24), days(30), days(400)
    ('5.2 h', '30 h', '16.7 d')
    """
    if hours < 10:
        return f"{hours:.1f} h"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.1f} d"


def money(amount: float) -> str:
    """Return euros to three figures or so.

    >>> money(66123.4), money(85.2)
    ('66,100', '85')
    """
    if abs(amount) >= 10000:
        return f"{round(amount, -2):,.0f}"
    return f"{round(amount, -1):,.0f}" if abs(amount) >= 1000 else f"{amount:,.0f}"
