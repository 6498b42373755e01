"""This module owns the fitting of demand to published totals: Furness balancing, or iterative proportional fitting.

Rows of ``demand`` that name a matrix are a first guess of it; rows of ``margins`` are the totals of what leaves or
reaches a place or country in it. Each total in turn scales the rows that it counts, until all hold. Where they can hold
together this gives, of all volumes that fit, those nearest to the guess (Ireland and Kullback 1968).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.demand import Demand, Margin
from transcaspian.model.schema import key_of

EXACT = 1e-9
"""By what share of itself a total may be missed."""

MOST = 1000
"""Rounds at most: totals that can hold together do so in some dozens."""

Count = tuple[Sequence[int], float]
"""The positions of the volumes that a total counts, and the total."""


def furness(guess: Sequence[float], totals: Sequence[Count]) -> tuple[list[float], float]:
    """Return volumes in proportion to a guess that add up to totals, and by what share the worst total is missed.

    A guess that fits is returned as it is.

    Examples
    --------
    >>> volumes, missed = furness([1, 1, 1, 3], [((0, 1), 10), ((2, 3), 20), ((0, 2), 12), ((1, 3), 18)])
    >>> [round(v, 3) for v in volumes], missed < 1e-9
    ([5.762, 4.238, 6.238, 13.762], True)
    """
    volumes = [float(v) for v in guess]
    missed = _missed(volumes, totals)
    for _ in range(MOST):
        if missed <= EXACT:
            break
        for counted, total in totals:
            found = fsum(volumes[i] for i in counted)
            for i in counted:
                volumes[i] *= total / found if found > 0 else 0.0
        missed = _missed(volumes, totals)
    return volumes, missed


def _missed(volumes: Sequence[float], totals: Sequence[Count]) -> float:
    sums = ((fsum(volumes[i] for i in counted), total) for counted, total in totals)
    return max((abs(found - total) / max(total, 1e-12) for found, total in sums), default=0.0)


def balanced(corridor: Corridor) -> Corridor:
    """Return a corridor whose demand is fitted to its margins, load units in proportion to tonnes.

    Margins must be without the problems that ``broken_margins`` finds.
    """
    changed: dict[str, Demand] = {}
    for rows, margins in _matrices(corridor).values():
        tonnes, _ = furness([r.tonnes for r in rows], [(_counted(corridor, m, rows), m.tonnes) for m in margins])
        for row, fitted in zip(rows, tonnes, strict=True):
            if fitted != row.tonnes:
                changed[row.id] = replace(row, tonnes=fitted, units=row.units * fitted / row.tonnes)
    if not changed:
        return corridor
    return replace(corridor, demand=Table(changed.get(row.id, row) for row in corridor.demand.rows))


def broken_margins(corridor: Corridor) -> Iterator[Problem]:
    """Find matrices without totals, totals of another year or of nothing, and totals that cannot hold together."""
    for matrix, (rows, margins) in _matrices(corridor).items():
        if not margins:
            yield Problem("demand", rows[0].id, "matrix", matrix, "a matrix that has rows in margins, or none")
            continue
        problems = [*_mixed(rows), *(p for m in margins for p in _unfit(corridor, m, rows, margins))]
        yield from problems
        if not problems:
            yield from _contradictions(corridor, matrix, rows, margins)


def _matrices(corridor: Corridor) -> dict[str, tuple[list[Demand], list[Margin]]]:
    """Return the rows and the totals of every matrix."""
    found: dict[str, tuple[list[Demand], list[Margin]]] = {}
    for row in corridor.demand.rows:
        if row.matrix is not None:
            found.setdefault(row.matrix, ([], []))[0].append(row)
    for margin in corridor.margins.rows:
        found.setdefault(margin.matrix, ([], []))[1].append(margin)
    return found


def _counted(corridor: Corridor, margin: Margin, rows: Sequence[Demand]) -> list[int]:
    """Return the positions of the rows that begin or end where a total is counted."""
    ends = [row.origin if margin.end == "origin" else row.destination for row in rows]
    return [i for i, place in enumerate(ends) if margin.at in (place, corridor.places[place].country)]


def _mixed(rows: Sequence[Demand]) -> Iterator[Problem]:
    first = next(iter(rows), None)
    for row in rows:
        if first is not None and row.basis != first.basis:
            right = f"{first.basis!r}, the basis of {first.id}: volumes of different bases are never added"
            yield Problem("demand", row.id, "basis", row.basis, right)


def _unfit(corridor: Corridor, margin: Margin, rows: Sequence[Demand], margins: Sequence[Margin]) -> Iterator[Problem]:
    """Yield what is wrong with a total by itself: its year, that nothing makes it up, that another counts the same."""
    counted = _counted(corridor, margin, rows)
    years = sorted({rows[i].year for i in counted} - {margin.year})
    if years:
        yield Problem(
            "margins", key_of(margin), "year", str(margin.year), f"{years[0]}, the year of its rows of demand"
        )
    if not any(rows[i].tonnes > 0 for i in counted) and margin.tonnes > 0:
        right = f"0, or a row of demand of the matrix {margin.matrix} with this {margin.end}"
        yield Problem("margins", key_of(margin), "tonnes", f"{margin.tonnes:g}", right)
    for other in margins[: margins.index(margin)]:
        if other.end == margin.end and set(_counted(corridor, other, rows)) & set(counted):
            right = f"a place or country that {key_of(other)} does not count already"
            yield Problem("margins", key_of(margin), "at", margin.at, right)


def _contradictions(
    corridor: Corridor, matrix: str, rows: Sequence[Demand], margins: Sequence[Margin]
) -> Iterator[Problem]:
    """Yield that the totals of a matrix cannot all hold: both ends count everything and differ, or no fit is found."""
    every = set(range(len(rows)))
    sums = {}
    for end in ("origin", "destination"):
        ours = [m for m in margins if m.end == end]
        if {i for m in ours for i in _counted(corridor, m, rows)} == every:
            sums[end] = fsum(m.tonnes for m in ours)
    if len(sums) == 2 and abs(sums["origin"] - sums["destination"]) > EXACT * sums["origin"]:
        found = f"{sums['origin']:.9g} t at origins, {sums['destination']:.9g} t at destinations"
        yield Problem("margins", matrix, "tonnes", found, "the same total at both ends")
        return
    missed = furness([r.tonnes for r in rows], [(_counted(corridor, m, rows), m.tonnes) for m in margins])[1]
    if missed > EXACT:
        found = f"totals that no volumes of its rows add up to: {missed:.2g} of one is missed after {MOST} rounds"
        yield Problem("margins", matrix, "tonnes", found, "totals that can hold together, or more rows of demand")
