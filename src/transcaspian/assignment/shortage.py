"""This module owns why cargo waits: what of a month could move at all, and what one more unit of a capacity is worth.

Both are linear programs over the ways of every demand, solved by HiGHS, beside the flows and not inside them: flows
follow what shippers choose and how capacity is rationed, the programs say what the best use of the same capacity is.
"""

from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.flows import FILLING, Limits, Ways, Year
from transcaspian.network.program import solved

NOTHING = 1e-9
FITTING = 1e-6
"""What a share may miss one by where all fits."""


class Shortage(NamedTuple):
    """What capacity can do in each period."""

    fits: NDArray[np.float64]  # (P,) largest share of every demand that can move together, on whichever of its ways
    demand: NDArray[np.int64]  # (P,) the demand that holds this share down most; -1 where all fits
    limit: NDArray[np.int64]  # (P,) the limit at which it does; -1 where all fits, or its ways are shut
    most: NDArray[np.float64]  # (P,) largest share of all tonnes that can move, whosever they are
    shadow: NDArray[np.float64]  # (L, P) EUR that one more unit of a limit saves


class _Month(NamedTuple):
    """The columns and rows of a month: a column for each way that may be used; a row for each limit and demand."""

    way: NDArray[np.int64]  # (X,)
    owner: NDArray[np.int64]  # (X,)
    most: NDArray[np.float64]  # (X,) load units
    room: NDArray[np.float64]  # (L,)
    total: NDArray[np.float64]  # (D,) load units that want to move
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]


def shortage_of(ways: Ways, limits: Limits, year: Year) -> Shortage:
    """Return what fits in each period and the shadow prices of limits.

    What does not move waits for a period, which costs what its time is worth for so long, beside what its demand pays
    on average. A demand may use any of its ways, also those that fewer shippers choose.

    References
    ----------
    Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Math. Prog. Comp. 10 (HiGHS).
    """
    periods = len(limits.hours)
    fits, most, shadow = np.ones(periods), np.ones(periods), np.zeros(limits.capacity.shape)
    demand, limit = np.full(periods, -1), np.full(periods, -1)
    for p in range(periods):
        if (year.want[:, p] - year.carried[:, p]).sum() > NOTHING:
            month = _month(ways, limits, year, p)
            fits[p], demand[p], limit[p] = _largest_share(month)
            most[p] = _largest_total(month, ways.tonnes) if demand[p] >= 0 else 1.0
            shadow[:, p] = _shadow_prices(ways, limits, month, year, p)
    return Shortage(fits, demand, limit, most, shadow)


def left_by(
    others: NDArray[np.float64], capacity: NDArray[np.float64], asked: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what others leave of capacities to cargo that asks for so much: if all is too much, its part of it."""
    every = asked + others
    part = np.divide(asked, every, out=np.zeros_like(every), where=every > 0)
    return np.where(every > capacity, capacity * part, capacity - others)


def _month(ways: Ways, limits: Limits, year: Year, p: int) -> _Month:
    want = year.want[:, p]
    owner = np.repeat(np.arange(len(ways.kind)), np.diff(ways.way_first[ways.group_first]))
    total = np.bincount(owner, want, len(ways.kind)).astype(np.float64)
    way = np.flatnonzero((ways.open[:, p] > 0) & (total[owner] > NOTHING) & np.isfinite(ways.cost[:, p]))
    column = np.full(len(want), -1)
    column[way] = np.arange(len(way))
    way_of = np.repeat(np.arange(len(want)), np.diff(ways.use_first))
    asked = np.bincount(ways.use_limit, ways.use_amount * want[way_of], len(limits.kind)).astype(np.float64)
    room = np.where(limits.kind == FILLING, np.inf, left_by(limits.others[:, p], year.capacity[:, p], asked))
    user = column[way_of]
    kept = (user >= 0) & np.isfinite(room[ways.use_limit])
    return _Month(
        way,
        owner[way],
        np.asarray(ways.open[way, p] * total[owner[way]], np.float64),
        room,
        total,
        np.concatenate([ways.use_limit[kept], len(room) + owner[way]]),
        np.concatenate([user[kept], np.arange(len(way))]),
        np.concatenate([ways.use_amount[kept], np.ones(len(way))]),
    )


def _largest_share(month: _Month) -> tuple[float, int, int]:
    """Return the largest t for which t of every demand fits, and the demand and limit that set it; -1 is none."""
    asked = np.flatnonzero(month.total > NOTHING)
    count = len(month.way)
    best = _solve(
        np.append(np.zeros(count), -1.0),
        np.append(month.most, 1.0),
        (np.concatenate([np.full(len(month.room), -np.inf), np.zeros(len(month.total))]),
         np.concatenate([month.room, np.zeros(len(month.total))])),
        np.concatenate([month.row, len(month.room) + asked]),
        np.concatenate([month.column, np.full(len(asked), count)]),
        np.concatenate([month.value, -month.total[asked]]),
    )  # fmt: skip
    share, dual = min(max(0.0, float(best.col_value[-1])), 1.0), np.abs(np.array(best.row_dual))
    if share >= 1.0 - FITTING:
        return share, -1, -1
    weights = dual[len(month.room) :] * month.total  # they add up to one
    demand = int(weights.argmax())
    used = month.row[np.isin(month.column, np.flatnonzero(month.owner == demand)) & (month.row < len(month.room))]
    cuts = {int(n): dual[n] * max(month.room[n], NOTHING) for n in used if dual[n] > 0}
    return share, demand, max(cuts, key=lambda n: cuts[n], default=-1)


def _largest_total(month: _Month, tonnes: NDArray[np.float64]) -> float:
    """Return the largest share of all tonnes that can move."""
    if not len(month.way):
        return 0.0
    best = _solve(
        -tonnes[month.owner],
        month.most,
        (np.full(len(month.room) + len(month.total), -np.inf), np.concatenate([month.room, month.total])),
        month.row,
        month.column,
        month.value,
    )
    return min(float(tonnes[month.owner] @ np.array(best.col_value)) / float(tonnes @ month.total), 1.0)


def _shadow_prices(ways: Ways, limits: Limits, month: _Month, year: Year, p: int) -> NDArray[np.float64]:
    """Return the EUR that one more unit of each limit saves, (L,)."""
    demands, count = len(month.total), len(month.way)
    cost = ways.cost[month.way, p]
    paid = np.bincount(month.owner, year.want[month.way, p] * cost, demands) / np.maximum(month.total, NOTHING)
    late = (paid + ways.hour * limits.hours[p]) * ways.tonnes
    best = _solve(
        np.concatenate([cost * ways.tonnes[month.owner], late]),
        np.concatenate([month.most, month.total]),
        (np.concatenate([np.full(len(month.room), -np.inf), month.total]), np.concatenate([month.room, month.total])),
        np.concatenate([month.row, len(month.room) + np.arange(demands)]),
        np.concatenate([month.column, count + np.arange(demands)]),
        np.concatenate([month.value, np.ones(demands)]),
    )
    found: NDArray[np.float64] = np.maximum(-np.array(best.row_dual[: len(month.room)]), 0.0)
    return found


def _solve(
    cost: NDArray[np.float64],
    most: NDArray[np.float64],
    rows: tuple[NDArray[np.float64], NDArray[np.float64]],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    value: NDArray[np.float64],
) -> Any:
    """Return HiGHS's solution of: least cost over columns from nothing to ``most``, with bounds on rows."""
    order = np.argsort(column, kind="stable")
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), len(rows[0])
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(len(cost)), most
    program.row_lower_, program.row_upper_ = rows
    program.a_matrix_.start_ = np.searchsorted(column[order], np.arange(len(cost) + 1))
    program.a_matrix_.index_, program.a_matrix_.value_ = row[order], value[order]
    return solved(program)
