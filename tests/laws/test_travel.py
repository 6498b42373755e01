"""Laws of drawn travels: right means, shared storms, and luck that belongs to its noun."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from transcaspian.kernels import draws
from transcaspian.kernels.travel import BY_WEATHER, CAUSES, FOR_VEHICLE, expected, travel
from transcaspian.kernels.world import ALIGHT, BOARD, FILL, HANDLING, HEADWAY, MOVE, TIMETABLE, Task, World

DRAWS = 40_000


def line(
    kinds: list[int], hours: list[float], sites: list[int], rule: int = HEADWAY, luck: int = 100
) -> tuple[World, Task, np.ndarray]:
    """Return a world that is one chain of arcs, its task, and the chain."""
    count, i4, u4 = len(kinds), np.int32, np.uint32
    departures = np.arange(24.0, 4000.0, 24.0)
    world = World(
        first=np.arange(count + 1, dtype=u4), tail=np.arange(count, dtype=u4), head=np.arange(1, count + 1, dtype=u4),
        in_first=np.arange(count + 1, dtype=u4), in_arc=np.arange(count, dtype=u4), kind=np.array(kinds, np.int8),
        calendar=np.full(count, -1, i4), site=np.array(sites, i4), service=np.zeros(count, i4), offset=np.zeros(count),
        scv=np.full(count, 0.5), least=np.full(count, 0.4), wait=np.full((count, 1), 20.0), wait_sd=np.full((count, 1), 10.0),
        rule=np.array([rule], np.int8), cutoff=np.zeros(1), dep_first=np.array([0, len(departures)], i4), dep_time=departures,
        open_first=np.zeros(1, i4), opens=np.empty(0), closes=np.empty(0), weather_share=np.array([[0.3], [0.2]]),
        weather_spell=np.array([[36.0], [24.0]]), centre=np.zeros(1), luck=np.arange(luck, luck + count, dtype=np.uint64),
        site_luck=np.array([1, 2], np.uint64), site_group=np.array([9, 9], np.uint64), site_loading=np.array([1.0, 1.0]),
    )  # fmt: skip
    task = Task(
        np.ones(count, np.bool_),
        np.array(hours),
        np.full(count, -1.0),
        np.zeros(count),
        np.zeros(count),
        np.zeros(count, np.uint64),
    )
    return world, task, np.arange(count, dtype=i4)


def travelled(
    world: World, task: Task, chain: np.ndarray, seed: int = 1, count: int = DRAWS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    arrival, spent, missed = np.empty(count), np.empty((count, CAUSES)), np.empty(count, np.bool_)
    counts = world.kind[chain] == BOARD
    travel(world, task, chain, counts, 10.0, np.uint64(seed), arrival, spent, missed, np.empty(len(chain)))
    return arrival, spent, missed


def test_the_mean_of_drawn_travels_is_the_expected_travel() -> None:
    # No timetable and no opening hours: expectations add up. 4 standard errors of about 60 h / sqrt(40,000) are 1.2 h.
    world, task, chain = line([HANDLING, BOARD, MOVE, ALIGHT, HANDLING], [5, 0, 30, 0, 8], [-1, 0, 1, -1, -1])
    times = np.empty(6)
    expected(world, task, chain, 10.0, times)
    arrival, spent, _ = travelled(world, task, chain)
    assert arrival.mean() == pytest.approx(times[-1], abs=1.2)
    assert spent.sum(axis=1) + 10.0 == pytest.approx(arrival)


def test_weather_waits_are_share_closed_times_mean_spell() -> None:
    # Site 0 is closed 0.3 of the time and a spell has 36 h left on average, so 10.8 h.
    world, task, chain = line([BOARD], [0], [0])
    _, spent, _ = travelled(world, task, chain)
    assert spent[:, BY_WEATHER].mean() == pytest.approx(10.8, abs=0.7)
    assert (spent[:, BY_WEATHER] > 0).mean() == pytest.approx(0.3, abs=0.01)


def test_a_shared_storm_adds_covariance() -> None:
    # Both sites hang on the same storms (loading 1), so whenever site 1 (0.2) is closed, site 0 (0.3) is too.
    world, task, chain = line([BOARD, MOVE], [0, 10], [0, 1])
    _, spent, _ = travelled(world, task, chain)
    both = spent[:, BY_WEATHER].var()
    alone = sum(
        travelled(*line([kind], [10], [site]))[1][:, BY_WEATHER].var() for kind, site in ((BOARD, 0), (MOVE, 1))
    )
    assert both > 1.1 * alone


def test_a_missed_connection_is_counted() -> None:
    # The plan reaches the quay at 10 + 20 + 5 = 35 h and takes the sailing at 48 h; it is missed when the work before,
    # drawn, takes longer than 38 h.
    world, task, chain = line([HANDLING, BOARD, MOVE], [5, 0, 10], [-1, -1, -1], TIMETABLE)
    _, spent, missed = travelled(world, task, chain)
    boarded = 10.0 + spent[:, 1] + spent[:, 4] + spent[:, FOR_VEHICLE]
    assert (missed == (boarded > 48.0 + 1e-6)).all()
    assert 0.02 < missed.mean() < 0.5


@pytest.mark.parametrize("rule", [HEADWAY, FILL])
def test_a_departure_at_intervals_is_missed_by_who_is_later_than_the_wait_that_is_planned(rule: int) -> None:
    # The plan is at the quay at 35 h and leaves at 55 h, after a mean wait of 20 h.
    world, task, chain = line([HANDLING, BOARD, MOVE], [5, 0, 10], [-1, -1, -1], rule)
    _, spent, missed = travelled(world, task, chain)
    ready = 10.0 + spent[:, 1] + spent[:, 4]
    assert (missed == (ready > 55.0 + 1e-6)).all()
    assert 0.005 < missed.mean() < 0.3


def test_luck_belongs_to_its_noun() -> None:
    # A step put in front keeps everybody else's luck: the drawn moving times are the same, number by number.
    short = travelled(*line([MOVE], [30], [-1], luck=101), count=50)[1][:, 0]
    longer = travelled(*line([HANDLING, MOVE], [5, 30], [-1, -1], luck=100), count=50)[1][:, 0]
    assert (short == longer).all()


def test_the_seed_is_all_that_chance_hangs_on() -> None:
    world, task, chain = line([HANDLING, BOARD, MOVE], [5, 0, 30], [-1, 0, 1])
    first, again, other = (travelled(world, task, chain, seed, 200)[0] for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert (first != other).any()


@njit
def many(count: int) -> np.ndarray:
    out = np.empty(count)
    for i in range(count):
        out[i] = draws.uniform(np.uint64(3), i, 4, np.uint64(77))
    return out


def test_uniform_numbers_are_uniform() -> None:
    assert stats.kstest(many(50_000), "uniform").pvalue > 0.01


def test_normal_scores_are_those_of_scipy() -> None:
    u = np.linspace(1e-9, 1 - 1e-9, 2001)
    ours = np.array([draws.normal(x) for x in u])
    assert ours == pytest.approx(stats.norm.ppf(u), abs=1e-6)


def test_lognormal_numbers_have_their_mean_and_spread() -> None:
    z = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    drawn = np.array([draws.lognormal(20.0, 0.5, x) for x in z])
    assert drawn.mean() == pytest.approx(20.0, rel=1e-3)
    assert drawn.var() / drawn.mean() ** 2 == pytest.approx(0.5, rel=0.02)
