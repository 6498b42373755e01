"""Laws of what a simulation is given and what is drawn for it: shares and spells of weather, lots, opposite luck."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shops import mean_wait, scene, served, source, station
from transcaspian.kernels.scene import FOREVER
from transcaspian.simulation.engine import run, seeded
from transcaspian.simulation.loads import Stream, dispatches_of, lot_times
from transcaspian.simulation.weather import Spells, both_open, joined, opposite, spells, storms

YEARS = 400.0 * 8760.0


@pytest.mark.parametrize(("share", "mean"), [(0.32, 36.0), (0.08, 36.0), (0.5, 24.0)])
def test_closed_time_has_the_share_and_the_mean_spell_asked_for(share: float, mean: float) -> None:
    # 400 years hold some 30,000 spells: their mean is within 1 %, and so is the share.
    shut = spells(np.uint64(7), [share], [mean], np.array([0.0, YEARS]))
    lengths = np.array([b - a for a, b in shut])
    assert lengths.sum() / YEARS == pytest.approx(share, rel=0.03)
    assert lengths.mean() == pytest.approx(mean, rel=0.03)


def test_seasons_of_weather_are_kept() -> None:
    # Two halves of a long time: one stormy, one calm; spells that begin in one may end in the other.
    shut = spells(np.uint64(3), [0.4, 0.05], [36.0, 36.0], np.array([0.0, YEARS / 2, YEARS]))
    first = sum(min(b, YEARS / 2) - a for a, b in shut if a < YEARS / 2)
    assert first / (YEARS / 2) == pytest.approx(0.4, rel=0.04)
    assert (sum(b - a for a, b in shut) - first) / (YEARS / 2) == pytest.approx(0.05, rel=0.08)


@given(
    units=st.lists(st.floats(0, 500), min_size=1, max_size=15),
    lot=st.floats(0.5, 40),
    bunch=st.integers(1, 6),
    luck=st.integers(0, 2**63),
)
def test_what_flows_is_what_is_sent_and_when(units: list[float], lot: float, bunch: int, luck: int) -> None:
    volume, edges = np.array(units, np.float64), np.array([730.0 * n for n in range(len(units) + 1)])
    times, each = lot_times(volume, edges, lot, bunch, np.uint64(luck))
    assert each.sum() == pytest.approx(volume.sum(), abs=1e-6)
    assert (np.diff(times) >= -1e-9).all()
    assert ((times >= 0) & (times <= edges[-1])).all()
    # Until any edge what was sent differs from what had come by less than one bunch.
    for n, edge in enumerate(edges):
        assert abs(each[times < edge].sum() - volume[:n].sum()) <= bunch * lot + 1e-6


def test_lots_leave_at_other_times_in_every_replication_and_at_opposite_ones_in_a_pair() -> None:
    # 200 lots of 5 in bunches of 4 over two months, a third of them in the first: 50 bunches of 20.
    stream = Stream(np.array([1000 / 3, 2000 / 3]), 5.0, 4, np.uint64(7), 3, 2)
    edges = np.array([0.0, 730.0, 1460.0])
    (one, flow, units), (two, _, _), (back, _, _) = (
        dispatches_of([stream], edges, word, mirror=mirror)
        for word, mirror in ((np.uint64(1), False), (np.uint64(2), False), (np.uint64(1), True))
    )
    assert units.sum() == pytest.approx(1000) and set(flow.tolist()) == {2}
    assert one["route"].tolist() == two["route"].tolist() == [3] * 200
    assert one["luck"].tolist() == two["luck"].tolist()  # what a lot draws on its way hangs on its number alone
    assert not np.isclose(one["time"], two["time"]).any()
    # In the first month half of a bunch's worth comes in 21.9 h, in the second in 10.95 h: of a pair one is as early as the
    # other is late, but in the bunch in which the pace changes.
    middle = (one["time"] + back["time"]) / 2
    assert middle[:64:4] == pytest.approx(21.9 + 43.8 * np.arange(16), abs=1e-6)
    assert middle[68::4] == pytest.approx(730.0 + 21.9 * (np.arange(17, 50) + 0.5 - 50 / 3), abs=1e-6)


def test_opposite_luck_makes_means_vary_less() -> None:
    # M/M/1 at 0.7: what waits long with some luck waits short with the opposite. Twenty pairs of each kind.
    shop = scene([station()], [[served(0, 1.0)]], [source(1 / 0.7, 3000)])

    def waits(antithetic: bool) -> list[float]:
        every = [run(seeded(shop, 5, n, antithetic=antithetic), FOREVER)[0] for n in range(40)]
        single = [mean_wait(state) for state in every]
        return [(single[n] + single[n + 1]) / 2 for n in range(0, 40, 2)]

    apart, opposed = np.array(waits(False)), np.array(waits(True))
    assert opposed.std() < apart.std()
    assert opposed.mean() == pytest.approx(0.7 / 0.3, rel=0.1)


def test_a_run_goes_on_where_it_stopped() -> None:
    shop = seeded(scene([station(2)], [[served(0, 1.0)]], [source(1 / 1.6, 5000)]), 1, 0)
    whole, _ = run(shop, FOREVER)
    part, _ = run(shop, 700.0)
    part, _ = run(shop, 1500.0, state=part)
    part, _ = run(shop, FOREVER, state=part)
    count = whole.counts[4]
    assert whole.records[:count].tobytes() == part.records[:count].tobytes()


def test_intervals_are_joined_cut_and_turned_round() -> None:
    shut = joined([(5.0, 7.0), (1.0, 2.0), (6.0, 9.0)])
    assert shut == [(1.0, 2.0), (5.0, 9.0)]
    assert opposite(shut, 0.0, 10.0) == [(0.0, 1.0), (2.0, 5.0), (9.0, 10.0)]
    assert both_open([(0.0, 4.0)], opposite(shut, 0.0, 10.0)) == [(0.0, 1.0), (2.0, 4.0)]


def test_sites_of_a_group_share_storms_and_keep_their_shares() -> None:
    # Loadings 1 and 0.6 of one group, and one of another: the second is closed with the first far more often than by
    # chance, the third not.
    luck = [np.array(words, np.uint64) for words in ([11, 12, 13], [1, 1, 2])]
    world: Any = SimpleNamespace(
        site_luck=luck[0],
        site_group=luck[1],
        site_loading=np.array([1.0, 0.6, 0.9]),
        weather_share=np.array([[0.32], [0.16], [0.1]]),
        weather_spell=np.full((3, 1), 36.0),
    )
    shut = storms(world, np.array([0]), np.array([0.0, YEARS]), np.uint64(5))
    lengths = [sum(b - a for a, b in one) / YEARS for one in shut]
    assert lengths == pytest.approx([0.32, 0.16, 0.1], rel=0.05)
    with_first = [_both(shut[0], one) / sum(b - a for a, b in one) for one in shut[1:]]
    assert with_first[0] > 0.55
    assert with_first[1] == pytest.approx(0.32, abs=0.03)


def test_weather_of_a_pair_is_opposite() -> None:
    # A year of one site, 20 % closed in spells of 36 h. What is closed long with some luck is closed short with the
    # opposite: the mean of a pair varies less than that of two years of their own, and means are kept.
    edges = np.array([0.0, 8760.0])

    def closed(number: int, *, mirror: bool) -> float:
        return sum(b - a for a, b in spells(np.uint64(number), [0.2], [36.0], edges, mirror=mirror)) / 8760.0

    pairs = np.array([[closed(n, mirror=mirror) for mirror in (False, True)] for n in range(1, 401)])
    apart = pairs[:, 0].reshape(200, 2).mean(axis=1)
    assert pairs.mean() == pytest.approx(0.2, rel=0.03)
    assert pairs.mean(axis=1).std() < 0.75 * apart.std()


def _both(first: Spells, second: Spells) -> float:
    """Return the hours in which both are closed."""
    return sum(b - a for a, b in both_open(first, second))
