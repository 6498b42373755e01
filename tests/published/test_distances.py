"""Published distances of stations and ports against the sum of the links of the bundled corridor.

One row of ``distances.csv`` is one published figure. ``via`` are the places on the way, joined by ``;``; a ``|``
parts stretches: of several modes, or that the publisher added up though they do not touch. ``passes`` is a waypoint
that the sea link must pass. ``use`` says what the row is worth: ``yes`` is a real test, since no link was set from the
figure; ``partly`` had the figure in view; ``used`` and ``fitted`` links were set from it, so that the row only guards
against slips. The reference page of distances is written from the same rows, by the same sums.
"""

import pytest

from docs.generate import USES, Row, close, distances, published, summed_km
from transcaspian.io import load
from transcaspian.model.corridor import Corridor

ROWS = published()


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return load()


def test_enough_independent_figures_close(corridor: Corridor) -> None:
    blind = [row for row in ROWS if row["use"] == "yes" and close(corridor, row)]
    assert len(blind) >= 25
    # Some sections have figures of two publishers: these are the ways, each counted once.
    assert len({(row["mode"], row["via"]) for row in blind}) >= 25


@pytest.mark.parametrize("row", [r for r in ROWS if not r["why_not"]], ids=lambda r: r["pair"])
def test_published_distance(corridor: Corridor, row: Row) -> None:
    assert close(corridor, row), f"{row['published_km']} km published, {summed_km(corridor, row)} km summed"


@pytest.mark.parametrize("row", [r for r in ROWS if r["why_not"]], ids=lambda r: r["pair"])
def test_excuse_is_needed(corridor: Corridor, row: Row) -> None:
    # An excuse that has become untrue must go: the row then counts as a test again.
    assert not close(corridor, row), f"{summed_km(corridor, row)} km is within 5 %: drop the excuse {row['why_not']!r}"


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["pair"])
def test_row_is_complete(row: Row) -> None:
    assert row["use"] in USES
    assert row["source"]


def test_pairs_are_told_apart() -> None:
    assert len({row["pair"] for row in ROWS}) == len(ROWS)


def test_the_page_lists_every_row() -> None:
    page = distances()
    for row in ROWS:
        assert f"| {row['pair']} |" in page
        assert row["why_not"] in page
