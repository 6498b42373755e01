"""Equilibria of networks small enough for paper."""

import numpy as np
import pytest

from tests.roads import demand, roads
from transcaspian.assignment import standard
from transcaspian.assignment.standard import equilibrium
from transcaspian.errors import DataError, NotConvergedError
from transcaspian.network.standard import StandardNetwork

BRAESS = ((1, 3, 1e-8, 1e9), (1, 4, 50, 0.02), (3, 2, 50, 0.02), (3, 4, 10, 0.1), (4, 2, 1e-8, 1e9))
"""Braess (1968): 10 x, 50 + x, 50 + x, 10 + x, 10 x; the fourth is the road that harms."""
SIX = demand(2, (1, 2, 6))


def problems(network: StandardNetwork, wanted: np.ndarray, **options: object) -> str:
    with pytest.raises(DataError) as caught:
        equilibrium(network, wanted, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_new_road_makes_everybody_slower() -> None:
    # 2 of 6 take each of three ways: 10 * 4 + 50 + 2 = 92. Without the road 3 take each of two: 10 * 3 + 50 + 3 = 83.
    with_road = equilibrium(roads(2, 4, BRAESS), SIX, gap=1e-12)
    without = equilibrium(roads(2, 4, [row for row in BRAESS if row[:2] != (3, 4)]), SIX, gap=1e-12)
    assert with_road.volume == pytest.approx([4, 2, 2, 2, 4])
    assert with_road.total_cost == pytest.approx(6 * 92)
    assert without.total_cost == pytest.approx(6 * 83)


def test_the_optimum_leaves_the_harmful_road_empty() -> None:
    best = equilibrium(roads(2, 4, BRAESS), SIX, principle="system", gap=1e-12)
    assert best.volume == pytest.approx([3, 3, 3, 0, 3], abs=1e-9)
    assert best.total_cost == pytest.approx(6 * 83)
    assert best.cost == pytest.approx([30, 53, 53, 10, 30])  # what is paid, not what is caused


def test_two_roads_share_until_they_cost_the_same() -> None:
    # 1 + x = 5 gives x = 4 (user); 1 + 2 x = 5 gives x = 2 (system).
    network = roads(2, 2, [(1, 2, 1, 1), (1, 2, 5, 0)])
    assert equilibrium(network, demand(2, (1, 2, 10))).volume == pytest.approx([4, 6])
    assert equilibrium(network, demand(2, (1, 2, 10)), principle="system").volume == pytest.approx([2, 8])


def test_toll_and_length_cost_what_they_are_said_to() -> None:
    # Empty road: 1 + 2 * toll 1 + 0.5 * length 2 = 4; the other 5 + x: 3 units go x = 0 or pay more than 4.
    network = roads(2, 2, [(1, 2, 1, 0, 1, 1, 1, 2), (1, 2, 3, 1, 3)])
    # 3 + x = 4 gives x = 1.
    assert equilibrium(network, demand(2, (1, 2, 3)), prices=(2.0, 0.5)).volume == pytest.approx([2, 1])


def test_a_zone_below_the_first_thru_node_is_not_passed() -> None:
    # From 1 to 3 by way of zone 2 costs 2, round it 10.
    rows = [(1, 2, 1, 0), (2, 3, 1, 0), (1, 4, 5, 0), (4, 3, 5, 0), (3, 2, 1, 0)]
    wanted = demand(3, (1, 3, 7), (1, 2, 2), (2, 3, 1))
    assert equilibrium(roads(3, 4, rows, first_thru=1), wanted).volume == pytest.approx([9, 8, 0, 0, 0])
    assert equilibrium(roads(3, 4, rows, first_thru=4), wanted).volume == pytest.approx([2, 1, 7, 7, 0])


def test_roads_that_cost_nothing_when_empty() -> None:
    # A ring of free roads 3, 4, 5, both ways round; 2 x = 6 from 1 to 3, and then any way for nothing.
    free = [(a, b, 0, 0) for a in (3, 4, 5) for b in (3, 4, 5) if a != b]
    network = roads(2, 5, [(1, 3, 1, 2, 1), *free, (5, 2, 0, 0), (4, 2, 0, 0)])
    answer = equilibrium(network, demand(2, (1, 2, 3)))
    assert answer.total_cost == pytest.approx(3 * (1 + 2 * 3))
    assert answer.volume[-2:].sum() == pytest.approx(3)


def test_demand_within_a_zone_stays_there() -> None:
    network = roads(2, 2, [(1, 2, 1, 1), (2, 1, 1, 1)], first_thru=3)
    answer = equilibrium(network, demand(2, (1, 1, 50), (1, 2, 3)))
    assert answer.volume == pytest.approx([3, 0])


def test_nothing_to_send() -> None:
    answer = equilibrium(roads(2, 2, [(1, 2, 1, 1)]), demand(2, (1, 1, 5)))
    assert answer.volume.tolist() == [0.0]
    assert (answer.total_cost, answer.gap) == (0.0, 0.0)


def test_a_road_without_capacity_is_closed() -> None:
    network = roads(2, 2, [(1, 2, 1, 1, 0), (1, 2, 5, 1, 10)])
    answer = equilibrium(network, demand(2, (1, 2, 10)))
    assert answer.volume == pytest.approx([0, 10])
    assert answer.cost.tolist() == [np.inf, 10.0]
    assert answer.total_cost == pytest.approx(100)


def test_demand_without_a_way_is_named_with_all_that_is_missed() -> None:
    network = roads(3, 4, [(1, 4, 1, 1), (4, 2, 1, 1), (4, 3, 1, 1, 0)])
    said = problems(network, demand(3, (1, 2, 5), (1, 3, 4), (3, 1, 2)))
    assert "demand, row zone 1: found '4 to zone 3'" in said
    assert "demand, row zone 3: found '2 to zone 1'" in said
    assert "the 1 line of capacity 0 lets nothing through" in said


def test_everything_wrong_is_said_at_once() -> None:
    network = roads(2, 2, [(1, 2, -1, 1), (1, 3, 1, 1, -2, 0.5), (1, 2, 1, np.nan)], first_thru=4)
    said = problems(network, np.array([[0, -3], [np.nan, 0]]), principle="users", gap=0.0, prices=(-1.0, np.inf))
    for words in (
        "first_thru: found '4'", "row 1, column head: found '3'", "row 1, column capacity: found '-2'",
        "row 0, column free_time: found '-1'", "row 2, column b: found 'nan'", "row 1, column power: found '0.5'",
        "principle: found 'users'; right would be one of 'user'", "gap: found '0'", "price of toll: found '-1'",
        "price of length: found 'inf'", "row zone 1 to 2: found '-3'", "row zone 2 to 1: found 'nan'",
    ):  # fmt: skip
        assert words in said


def test_shapes_are_checked() -> None:
    network = roads(2, 2, [(1, 2, 1, 1)])
    assert "demand: found 'shape (3, 3)'" in problems(network, np.zeros((3, 3)))
    short = StandardNetwork(0, 2, 1, *(np.ones(n) for n in (1, 1, 1, 1, 2, 1, 1, 1)))  # type: ignore[arg-type]
    assert "zones: found '0'" in problems(short, np.zeros((0, 0)))
    assert "free_time: found 'shape (2,)'" in problems(short, np.zeros((0, 0)))


def test_a_gap_that_is_not_reached_says_how_far_it_got_and_goes_on_from_there() -> None:
    network, wanted = roads(2, 4, BRAESS), demand(2, (1, 2, 6), (2, 1, 0))
    with pytest.raises(NotConvergedError, match="a gap of 1e-12 was not reached in 1 iteration") as caught:
        equilibrium(network, wanted, gap=1e-12, most=1)
    reached = caught.value.reached
    before = reached.volume.copy()
    assert reached.gap > 1e-12
    answer = equilibrium(network, wanted, gap=1e-12, start=reached)
    assert answer.total_cost == pytest.approx(552)
    assert reached.volume.tolist() == before.tolist()


def test_a_start_may_be_of_other_demand_and_other_costs() -> None:
    first = equilibrium(roads(3, 4, [*BRAESS, (2, 1, 1, 1)]), demand(3, (1, 2, 6)))
    slower = roads(3, 4, [*((a, b, t, 2 * c) for a, b, t, c in BRAESS), (2, 1, 1, 1)])
    wanted = demand(3, (1, 2, 4), (2, 1, 3))
    cold, warm = equilibrium(slower, wanted, gap=1e-12), equilibrium(slower, wanted, gap=1e-12, start=first)
    assert warm.volume == pytest.approx(cold.volume, abs=1e-6)
    fewer = roads(2, 4, [row for row in BRAESS if row[:2] != (3, 4)])  # other lines: nothing to go on from
    assert equilibrium(fewer, SIX, start=first).total_cost == pytest.approx(6 * 83)


def test_room_for_pairs_grows_with_need(monkeypatch: pytest.MonkeyPatch) -> None:
    # 12 roads side by side, each with its own cost: more pairs than the least room of 8 arcs holds.
    network = roads(2, 2, [(1, 2, 1 + n / 10, 1, 10) for n in range(12)])
    wanted = demand(2, (1, 2, 100))
    plenty = equilibrium(network, wanted, gap=1e-10)
    monkeypatch.setattr(standard, "POOL", 8)
    assert equilibrium(network, wanted, gap=1e-10).volume == pytest.approx(plenty.volume, rel=1e-6)


def test_progress_is_told_after_each_iteration() -> None:
    told: list[tuple[int, float]] = []
    answer = equilibrium(roads(2, 4, BRAESS), SIX, gap=1e-12, progress=lambda *now: told.append(now))
    assert [number for number, _ in told] == list(range(1, answer.iterations))
    assert told[-1][1] < told[1][1]
