"""Published distances of stations and ports against the sum of the links of the bundled corridor.

One row of ``distances.csv`` is one published figure. ``via`` are the places on the way, joined by ``;``; a ``|``
parts stretches that the publisher added up though they do not touch. ``passes`` is a waypoint that the sea link must
pass. ``use`` says what the row is worth: ``yes`` is a real test, since no link was set from the figure; ``partly``
had the figure in view; ``used`` and ``fitted`` links were set from it, so that the row only guards against slips.
"""

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from transcaspian.io import read_corridor
from transcaspian.io.package import bundled
from transcaspian.model.corridor import Corridor

TOLERANCE = 0.05
"""Share by which a sum may differ from the published figure."""

Row = dict[str, str]


def published() -> list[Row]:
    with (Path(__file__).parent / "distances.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = published()


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return read_corridor(bundled())


def link_km(corridor: Corridor, ends: tuple[str, str], mode: str, passes: str) -> float | None:
    """Return the length of the open link between two places, or None; gauges side by side are equally long."""
    passing = {row.link for row in corridor.link_passes.rows if row.place == passes}
    lengths = {
        link.km
        for link in corridor.links.rows
        if {link.origin, link.destination} == set(ends)
        and (link.mode, link.status) == (mode, "open")
        and (not passes or link.id in passing)
    }
    assert len(lengths) < 2, f"{ends} by {mode}: {sorted(lengths)} km, so that a sum would be ambiguous"
    return lengths.pop() if lengths else None


def summed_km(corridor: Corridor, row: Row) -> float | None:
    """Return the sum of the links of a row, or None where one of them is missing."""
    hops = [hop for stretch in row["via"].split("|") for hop in pairwise(stretch.split(";"))]
    lengths = [link_km(corridor, hop, row["mode"], row["passes"]) for hop in hops]
    known = [km for km in lengths if km is not None]
    return sum(known) if len(known) == len(lengths) else None


def close(corridor: Corridor, row: Row) -> bool:
    km, wanted = summed_km(corridor, row), float(row["published_km"])
    return km is not None and abs(km - wanted) <= TOLERANCE * wanted


def test_enough_pairs_close(corridor: Corridor) -> None:
    # 25 pairs are asked for; the real tests are those whose figure set no link.
    assert sum(close(corridor, row) for row in ROWS) >= 25
    assert sum(close(corridor, row) and row["use"] == "yes" for row in ROWS) >= 5


@pytest.mark.parametrize("row", [r for r in ROWS if not r["why_not"]], ids=lambda r: r["pair"])
def test_published_distance(corridor: Corridor, row: Row) -> None:
    assert close(corridor, row), f"{row['published_km']} km published, {summed_km(corridor, row)} km summed"


@pytest.mark.parametrize("row", [r for r in ROWS if r["why_not"]], ids=lambda r: r["pair"])
def test_excuse_is_needed(corridor: Corridor, row: Row) -> None:
    # An excuse that has become untrue must go: the row then counts as a test again.
    assert not close(corridor, row), f"{summed_km(corridor, row)} km is within 5 %: drop the excuse {row['why_not']!r}"


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["pair"])
def test_row_is_complete(row: Row) -> None:
    assert row["use"] in ("yes", "partly", "used", "fitted")
    assert row["source"]
