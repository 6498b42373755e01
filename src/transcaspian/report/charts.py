"""This module owns charts as SVG text: bars and lines, drawn to the pixel the same every time."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from transcaspian.report.numbers import Language, number

WIDTH, LEFT, ROW = 760, 260, 24
GAIN, LOSS, LINE, GRID = "#2a7a4b", "#b3423a", "#24558f", "#d8d8d8"
COLOURS = ("#24558f", "#2a7a4b", "#b3423a", "#8a6d1f")


def _text(x: float, y: float, words: str, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def _label(y: float, name: str) -> str:
    """Return the name of a bar to the left of it, in smaller letters where it would not fit."""
    return _text(LEFT - 8, y, name, "end", min(12, 504 // max(len(name), 1)))


def _svg(width: float, height: float, body: str, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif">{body}</svg>'
    )


def figure(value: float, language: Language = "en") -> str:
    """Return a number with as many digits as a reader needs: three that count, thousands apart.

    >>> figure(240000.0), figure(-32.98), figure(0.4145, "ru"), figure(99587.0)
    ('240,000', '-33.0', '0,41', '99,587')
    """
    return number(value, ",.0f" if abs(value) >= 1000 else ",.1f" if abs(value) >= 10 else ",.2f", language)


def step_of(top: float) -> float:
    """Return the step of an axis from zero to ``top`` that has four to eight round marks.

    >>> step_of(24101.0), step_of(1296.0)
    (5000.0, 200.0)
    """
    power = 10.0 ** floor(log10(top))
    return next(power * share for share in (0.1, 0.2, 0.5, 1.0) if top / (power * share) <= 8)


def bars(rows: Sequence[tuple[str, float]], title: str, unit: str, language: Language = "en") -> str:
    """Return horizontal bars, to the right above zero and to the left below it.

    >>> bars([("a", 1.0)], "t", "EUR m").count("<rect")
    1
    """
    low, high = min(0.0, *(v for _, v in rows)), max(0.0, *(v for _, v in rows))
    span = (high - low) or 1.0
    room = WIDTH - LEFT - 90

    def at(value: float) -> float:
        return LEFT + (value - low) / span * room

    parts = []
    for n, (name, value) in enumerate(rows):
        y = n * ROW + 6
        x, wide = min(at(0.0), at(value)), abs(at(value) - at(0.0))
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="14" fill="{GAIN if value >= 0 else LOSS}"/>'
        )
        parts.append(_label(y + 11, name))
        parts.append(_text(max(at(0.0), at(value)) + 5, y + 11, f"{figure(value, language)} {unit}".strip()))
    height = len(rows) * ROW + 10
    parts.append(f'<line x1="{at(0.0):.1f}" y1="0" x2="{at(0.0):.1f}" y2="{height}" stroke="#555"/>')
    return _svg(WIDTH, height, "".join(parts), title)


def spans(rows: Sequence[tuple[str, float, float, float]], title: str, unit: str, language: Language = "en") -> str:
    """Return a thick bar from nothing to the middle of three values, and a thin one from the first to the last.

    >>> spans([("a", 1.0, 2.0, 3.0)], "t", "d").count("<rect")
    2
    """
    high = max((c for *_, c in rows), default=1.0) or 1.0
    room = WIDTH - LEFT - 150
    parts = []
    for n, (name, first, middle, last) in enumerate(rows):
        y = n * ROW + 6
        a, b, c = (value / high * room for value in (first, middle, last))
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{b:.1f}" height="14" fill="{LINE}"/>')
        parts.append(f'<rect x="{LEFT + a:.1f}" y="{y + 5}" width="{c - a:.1f}" height="4" fill="{LOSS}"/>')
        parts.append(_label(y + 11, name))
        days = " / ".join(number(value, ".1f", language) for value in (first, middle, last))
        parts.append(_text(LEFT + c + 5, y + 11, f"{days} {unit}"))
    return _svg(WIDTH, len(rows) * ROW + 10, "".join(parts), title)


def lines(
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    title: str,
    x_name: str,
    y_name: str,
    marks: Sequence[tuple[str, float]],
    language: Language = "en",
    percent: bool = True,
) -> str:
    """Return lines over a common axis, in percent or in numbers; ``marks`` are named heights drawn across.

    >>> lines([("a", [(1.0, -2.0), (2.0, 3.0)])], "t", "x", "y", [], percent=False).count("<polyline")
    1
    """
    points = [p for _, s in series for p in s]
    top = max([y for _, y in points] + [y for _, y in marks] + [1.0]) * 1.08
    bottom = min([y for _, y in points] + [0.0]) * 1.08
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    height, base = 318.0, 278.0
    step = step_of(top - bottom)

    def place(x: float, y: float) -> tuple[float, float]:
        return 70 + (x - left) / ((right - left) or 1.0) * 500, base - (y - bottom) / (top - bottom) * 240

    zero = place(left, 0.0)[1]
    parts = [
        f'<line x1="70" y1="{zero:.1f}" x2="570" y2="{zero:.1f}" stroke="#555"/>',
        _text(320, 310, x_name, "middle"),
        _text(4, 14, y_name),
    ]
    for count in range(ceil(bottom / step), int(top / step) + 1):
        y = place(left, step * count)[1]
        parts.append(f'<line x1="70" y1="{y:.1f}" x2="570" y2="{y:.1f}" stroke="{GRID}"/>')
        parts.append(_text(64, y + 4, number(step * count, ",.0f", language), "end", 11))
    ticks = sorted({x for x, _ in points})
    names = [f"{number(100 * x, 'g', language)} %" if percent else number(x, ",.0f", language) for x in ticks]
    parts.extend(_text(place(x, 0)[0], base + 16, name, "middle", 11) for x, name in zip(ticks, names, strict=True))
    for name, value in marks:
        y = place(left, value)[1]
        parts.append(f'<line x1="70" y1="{y:.1f}" x2="570" y2="{y:.1f}" stroke="#555" stroke-dasharray="5 4"/>')
        parts.append(_text(576, y + 4, name, size=11))
    for n, (name, run) in enumerate(series):
        colour = COLOURS[n % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*p) for p in run))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<rect x="{590}" y="{2 + 14 * n}" width="12" height="4" fill="{colour}"/>')
        parts.append(_text(608, 8 + 14 * n, name, size=11))
    return _svg(WIDTH, height, "".join(parts), title)
