"""This module owns how long bans make cargo wait at the limits they are laid on.

Cargo that comes evenly waits on a barred day until the ban ends, and then behind what gathered: a fluid queue whose
server stands still on the days of the ban (the uniform delay of Webster 1958, Traffic signal settings, Road Research
Technical Paper 39, with a red as long as the ban).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.rations import Ban, Rationing
from transcaspian.kernels.flows import FILLING, Limits, Ways, Year
from transcaspian.network.limits import LimitTable

LEAST_ROOM = 1e-9
"""Room of a limit below which all of it is taken."""


@dataclass(frozen=True)
class Held:
    """What a ban makes some cargo wait at a limit: mean and standard deviation over all that comes in a period."""

    limit: int
    ban: Ban
    hours: NDArray[np.float64]  # (P,) h
    sd_h: NDArray[np.float64]  # (P,) h
    asked: NDArray[np.float64]  # (P,) of the limit's unit, by what the ban concerns


def held_by_bans(rationing: Rationing, table: LimitTable, ways: Ways, limits: Limits, year: Year) -> tuple[Held, ...]:
    """Return what every ban makes cargo wait at every limit of its resource or fleet, in the flows of a year."""
    return tuple(
        held
        for number, limit in enumerate(table.limits)
        if limit.mode != FILLING
        for bans in [[ban for ban in rationing.bans if ban.resource == limit.resource]]
        if bans
        for held in _held(number, bans, ways, limits, year)
    )


def _held(limit: int, bans: list[Ban], ways: Ways, limits: Limits, year: Year) -> Iterator[Held]:
    hours = np.rint(limits.hours).astype(np.int64)
    edges = np.concatenate([[0], hours.cumsum()])
    takes = taken(ways, limit)
    new = year.want.copy()  # what waited from before has come before
    new[:, 1:] -= (year.want - year.carried)[:, :-1]
    came = takes[:, None] * np.maximum(new, 0.0)
    concerned = np.concatenate([ban.ways for ban in bans if ban.days.any()])
    barred = came[concerned].sum(axis=0)
    room = year.capacity[limit] - limits.others[limit] - (came.sum(axis=0) - barred)
    use = barred / np.maximum(np.maximum(room, barred), LEAST_ROOM)  # more than all is held back by the limit itself
    for ban in bans:
        each = waits(np.repeat(ban.days, 24)[: edges[-1]], np.repeat(use, hours))
        asked = (takes[ban.ways, None] * year.want[ban.ways]).sum(axis=0)
        mean, sd = (np.array([of(each[a:b]) for a, b in pairwise(edges)]) for of in (np.mean, np.std))
        yield Held(limit, ban, mean, sd, asked)


def taken(ways: Ways, limit: int) -> NDArray[np.float64]:
    """Return what a load unit on each way takes of a limit, (K,)."""
    owner = np.repeat(np.arange(len(ways.rank)), np.diff(ways.use_first))
    use = np.where(ways.use_limit == limit, ways.use_amount, 0.0)
    return np.bincount(owner, use, len(ways.rank)).astype(np.float64)


def waits(shut: NDArray[np.bool_], use: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long what comes in each hour waits, (hour,) [h], for a server that is shut in some.

    ``use`` (hour,) is what comes, in hours of the server's work, at most 1. After the last hour it is never shut.

    >>> shut = np.arange(40) < 10
    >>> waits(shut, np.zeros(40))[:11].tolist()
    [9.5, 8.5, 7.5, 6.5, 5.5, 4.5, 3.5, 2.5, 1.5, 0.5, 0.0]
    >>> waits(shut, np.full(40, 0.5))[9:21].tolist()  # what gathers in 10 h is 5 h of work, and gone 10 h later
    [4.5, 5.0, 4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 0.0, 0.0]
    """
    work = np.concatenate([[0.0], np.cumsum(use - ~shut)])
    ahead = (work - np.minimum.accumulate(work))[:-1]
    served = np.concatenate([[0.0], np.cumsum(~shut), np.count_nonzero(~shut) + 1.0 + np.arange(len(shut))])
    begun = np.searchsorted(served, served[: len(shut)] + ahead + 1e-9, side="right") - 1
    return np.asarray(begun - np.arange(len(shut)) - 0.5 * shut, np.float64)
