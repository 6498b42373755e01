"""What fits and what a unit of capacity is worth: by hand, and beside scipy's own linear programs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from tests.worlds.test_flows import CAPTIVE, CONTRACTED, HOURS, drawn, limits_of, run, ways_of
from transcaspian.assignment.shortage import left_by, shortage_of
from transcaspian.kernels.flows import FILLING, Limits, Ways


def test_a_full_limit_is_worth_the_month_that_the_next_unit_waits() -> None:
    # 150 want to pass where 100 can: two thirds fit. A unit more saves a tonne's month at 1 EUR an hour, 720 EUR, and
    # costs the 10 EUR that it pays when it moves, which is what it would have paid anyway.
    ways = ways_of([[150.0]], [10.0], [{0: 1.0}], groups=[[1]], kind=[CONTRACTED])
    found = shortage_of(ways, limits_of([100.0], 1), run(ways, limits_of([100.0], 1)))
    assert found.fits[0] == pytest.approx(2 / 3) and found.shadow[0, 0] == pytest.approx(HOURS)


def test_another_way_caps_what_a_limit_is_worth() -> None:
    # The free way costs 30 EUR more: nobody would give more than that for room on the short one, and everything fits.
    ways = ways_of([[300.0]], [10.0, 40.0], [{0: 1.0}, {}], groups=[[1, 1]], kind=[CAPTIVE])
    limits = limits_of([20.0], 1)
    found = shortage_of(ways, limits, run(ways, limits))
    assert found.fits[0] == pytest.approx(1.0) and found.shadow[0, 0] == pytest.approx(30.0)


def test_the_demand_and_limit_that_set_the_share_are_named_beside_what_moves_in_all() -> None:
    # The second demand gets 10 of its 100 past its limit, so no more than a tenth of every demand; the first is free.
    # Of 100 units of 1 t and 100 of 3 t, 100 x 1 + 10 x 3 of 400 t can move.
    tonnes = np.array([1.0, 3.0])
    ways = ways_of([[100.0], [100.0]], [1.0, 1.0], [{0: 1.0}, {1: 1.0}], groups=[[1], [1]], tonnes=tonnes)
    limits = limits_of([100.0, 10.0], 1)
    found = shortage_of(ways, limits, run(ways, limits))
    assert (found.fits[0], found.demand[0], found.limit[0]) == (pytest.approx(0.1), 1, 1)
    assert found.most[0] == pytest.approx(130 / 400)
    # Its way shut for half of the month, half of it fits and no limit is to blame.
    shut, wide = ways._replace(open=np.array([[1.0], [0.5]])), limits_of([100.0, 100.0], 1)
    half = shortage_of(shut, wide, run(shut, wide))
    assert (half.fits[0], half.demand[0], half.limit[0]) == (pytest.approx(0.5), 1, -1)
    # No capacity at all: nothing, without a minus.
    none = limits_of([100.0, 0.0], 1)
    least = shortage_of(ways, none, run(ways, none))
    assert (str(float(least.fits[0])), least.demand[0], least.limit[0]) == ("0.0", 1, 1)


def test_where_nothing_is_short_nothing_has_a_price() -> None:
    ways = ways_of([[50.0]], [10.0], [{0: 1.0}], groups=[[1]])
    found = shortage_of(ways, limits_of([100.0], 1), run(ways, limits_of([100.0], 1)))
    assert found.fits[0] == 1.0 and not found.shadow.any()


@settings(deadline=None)
@given(drawn())
def test_scipy_finds_the_same_share_and_the_same_total_of_prices(world: tuple[Ways, Limits]) -> None:
    # Duals of a degenerate program are not unique, but their total with the other duals is the optimum, which is: so
    # the share that fits is compared, and the price of a limit with what scipy saves when it has a little more of it.
    ways, limits = world
    year = run(ways, limits)
    found = shortage_of(ways, limits, year)
    p = 0
    want, count = year.want[:, p], len(year.want)
    if (want - year.carried[:, p]).sum() <= 1e-6 or want.sum() < 1.0:
        return
    owner = np.repeat(np.arange(len(ways.kind)), np.diff(ways.way_first[ways.group_first]))
    total = np.bincount(owner, want, len(ways.kind))
    use = np.zeros((len(limits.kind), count))
    user = np.repeat(np.arange(count), np.diff(ways.use_first))
    np.add.at(use, (ways.use_limit, user), ways.use_amount)
    use[limits.kind == FILLING] = 0.0
    room = left_by(limits.others[:, p], limits.capacity[:, p], use @ want)
    belongs = (owner[None, :] == np.arange(len(total))[:, None]).astype(float)
    most = ways.open[:, p] * total[owner]
    share = linprog(
        np.append(np.zeros(count), -1.0),
        np.hstack([use, np.zeros((len(room), 1))]), room,
        np.hstack([belongs, -total[:, None]]), np.zeros(len(total)),
        [*((0.0, m) for m in most), (0.0, 1.0)],
    )  # fmt: skip
    assert found.fits[p] == pytest.approx(-share.fun, abs=1e-6)
    everything = linprog(
        -np.ones(count), np.vstack([use, belongs]), np.concatenate([room, total]), bounds=[(0, m) for m in most]
    )
    assert found.most[p] == pytest.approx(-everything.fun / total.sum(), abs=1e-6)
    cost = ways.cost[:, p]
    late = np.bincount(owner, want * cost, len(total)) / np.maximum(total, 1e-9) + ways.hour * HOURS

    def least(room: Any) -> float:
        best = linprog(
            np.concatenate([cost, late]),
            np.hstack([use, np.zeros((len(room), len(total)))]), room,
            np.hstack([belongs, np.eye(len(total))]), total,
            [(0.0, m) for m in [*most, *total]],
        )  # fmt: skip
        return float(best.fun)

    # The optimum falls and is convex in the room: the price lies between the savings of a step up and of a step down.
    step = 1e-3
    for limit in np.flatnonzero((found.shadow[:, p] > 1e-6) & (room > 0.1)):
        up, down = room.copy(), room.copy()
        up[limit] += step
        down[limit] = max(0.0, down[limit] - step)
        here = least(room)
        assert (here - least(up)) / step <= found.shadow[limit, p] + 1e-3 * (1 + found.shadow[limit, p])
        if down[limit] < room[limit]:
            saved = (least(down) - here) / (room[limit] - down[limit])
            assert found.shadow[limit, p] <= saved + 1e-3 * (1 + saved)
