"""The event kernel against what queueing theory says exactly."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.shops import delayed, mean_wait, ran, records, scene, served, source, station
from transcaspian.kernels.scene import EVENTS, EXPONENTIAL, FINISHED, FIXED, FOREVER, LOGNORMAL, LOSES, STUCK

MANY = 400_000
"""Customers. Waits at load rho come in bursts of about 1 / (1 - rho)^2 customers, so means of loads up to 0.85 are
within about 2 % of their limit; tests allow 4 %."""

NEAR = 0.04


def erlang_c(servers: int, load: float) -> float:
    """Return the share of customers that wait at M/M/c (Erlang, 1917); ``load`` in servers."""
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.7), (2, 1.6), (5, 4.0), (20, 17.5)])
def test_customers_wait_as_erlang_says(servers: int, rate: float) -> None:
    # Twenty servers rarely have a queue, and its mean settles more slowly: 3.5 % a run of MANY, so it has ten times that.
    lots = MANY if servers < 20 else 10 * MANY
    state, _ = ran(scene([station(servers)], [[served(0, 1.0)]], [source(1 / rate, lots)]))
    wanted = erlang_c(servers, rate) / (servers - rate)
    assert mean_wait(state) == pytest.approx(wanted, rel=NEAR)


@pytest.mark.parametrize(("law", "scv"), [(FIXED, 0.0), (EXPONENTIAL, 1.0), (LOGNORMAL, 0.25), (LOGNORMAL, 3.0)])
def test_one_server_waits_as_pollaczek_and_khinchine_say(law: int, scv: float) -> None:
    # W = rho (1 + scv) s / (2 (1 - rho)); M/D/1 is half of M/M/1.
    state, _ = ran(scene([station()], [[served(0, 2.0, law, scv=scv)]], [source(2.0 / 0.7, 2 * MANY)]))
    wanted = 0.7 * (1 + scv) * 2.0 / (2 * 0.3)
    assert mean_wait(state) == pytest.approx(wanted, rel=NEAR if scv <= 1 else 0.06)


@pytest.mark.parametrize(("servers", "buffer", "rate"), [(1, 3, 0.9), (3, 2, 3.5), (2, 0, 1.5)])
def test_a_full_queue_loses_as_erlang_says(servers: int, buffer: int, rate: float) -> None:
    # M/M/c/K: p_n is a^n / n! up to c and falls by a / c after; the share lost is p_K. No buffer: Erlang's loss formula.
    weights = [1.0]
    for n in range(1, servers + buffer + 1):
        weights.append(weights[-1] * rate / min(n, servers))
    state, _ = ran(scene([station(servers, buffer=buffer, full=LOSES)], [[served(0, 1.0)]], [source(1 / rate, MANY)]))
    lost = state.tally[0]["lost"].sum() / MANY
    assert lost == pytest.approx(weights[-1] / sum(weights), rel=NEAR)
    assert state.tally[0]["lost"].sum() + state.counts[FINISHED] == MANY


def test_who_waits_times_the_hours_is_what_was_waited() -> None:
    # Little's law is exact over any time at whose ends nobody waits: the integral of the queue is the sum of the waits.
    # Every period has its own part of it, whoever waits over the end of one waits in both.
    edges = [0.0, 300.0, 310.0, 2_000.0, FOREVER]
    given = scene([station(2)], [[served(0, 1.0)]], [source(1 / 1.9, 5_000)], edges=edges)
    state, _ = ran(given)
    tally, kept = state.tally[0], records(state)
    assert tally["queue"].sum() == pytest.approx(tally["wait"].sum())
    assert tally["work"].sum() == pytest.approx((kept["ended"] - kept["began"]).sum())
    for period, (begin, end) in enumerate(pairwise(edges[:4])):
        waited = np.clip(np.minimum(kept["began"], end) - np.maximum(kept["asked"], begin), 0.0, None)
        worked = np.clip(np.minimum(kept["ended"], end) - np.maximum(kept["began"], begin), 0.0, None)
        assert tally["queue"][period] == pytest.approx(waited.sum())
        assert tally["work"][period] == pytest.approx(worked.sum())
        assert tally["able"][period] == pytest.approx(2 * (end - begin))
        moments = np.concatenate([[begin], kept["asked"][(kept["asked"] >= begin) & (kept["asked"] < end)]])
        most = max(((kept["asked"] <= t) & (kept["began"] > t)).sum() for t in moments)
        assert tally["longest"][period] == most
    # Stopped in between, the rest of the wait is still to come.
    part, _ = ran(given, until=305.0)
    waited = np.clip(np.minimum(kept["began"], 305.0) - np.minimum(kept["asked"], 305.0), 0.0, None)
    assert part.tally[0]["queue"].sum() == pytest.approx(waited.sum())


def test_a_server_is_at_work_no_longer_than_it_can_be() -> None:
    # Open 8 h of 24, a service takes 10 h and is finished after hours: one a day, at work for 10 h of the 10 it could.
    hours = [(24.0 * day, 24.0 * day + 8.0) for day in range(100)]
    given = scene([station(1, calendar=0)], [[served(0, 10.0, FIXED)]], [source(1.0, 90, law=FIXED)], calendars=[hours])
    tally = ran(given, until=24.0 * 80)[0].tally[0]
    assert tally["work"].sum() == pytest.approx(tally["able"].sum() - 1.0)  # the first comes after an hour
    assert tally["work"].sum() == pytest.approx(80 * 10.0)


def test_priority_waits_as_cobham_says() -> None:
    # Cobham (1954): W_k = R / ((1 - s_{k-1}) (1 - s_k)), R = sum rho_i s_i (exponential), s_k = rho_1 + ... + rho_k.
    routes = [[served(0, 1.0)], [served(0, 1.0)]]
    given = scene([station()], routes, [source(1 / 0.4, MANY, 0), source(1 / 0.4, MANY, 1)], ranks=[0, 1])
    state, _ = ran(given, until=MANY / 0.4 * 0.99)
    waits = [float((records(state, r)["began"] - records(state, r)["asked"]).mean()) for r in (0, 1)]
    assert waits[0] == pytest.approx(0.8 / 0.6, rel=NEAR)
    assert waits[1] == pytest.approx(0.8 / (0.6 * 0.2), rel=NEAR)


def test_stations_in_series_wait_as_if_each_were_alone() -> None:
    # Burke (1956): what leaves M/M/c is Poisson again, so every stage of a tandem is M/M/c (Jackson, 1957).
    route = [served(0, 1.0), delayed(3.0), served(1, 1.4), served(2, 1.0)]
    state, _ = ran(scene([station(1), station(2), station(1)], [route], [source(1 / 0.75, MANY)]))
    assert mean_wait(state, 0) == pytest.approx(0.75 / 0.25, rel=NEAR)
    assert mean_wait(state, 1) == pytest.approx(erlang_c(2, 1.05) / (2 / 1.4 - 0.75), rel=NEAR)
    assert mean_wait(state, 2) == pytest.approx(0.75 / 0.25, rel=NEAR)


def test_a_network_with_two_streams_waits_as_jackson_says() -> None:
    # Two Poisson streams cross: A then B, B then A, the same exponential service at each station. Each station sees
    # 0.3 + 0.4 an hour of M/M/1, whatever the way (a Kelly network with one service law a station has Jackson's form).
    routes = [[served(0, 1.0), served(1, 1.0)], [served(1, 1.0), served(0, 1.0)]]
    given = scene([station(), station()], routes, [source(1 / 0.3, MANY, 0), source(1 / 0.4, MANY, 1)])
    state, _ = ran(given, until=MANY / 0.4 * 0.99)
    for at in (0, 1):
        assert mean_wait(state, at) == pytest.approx(0.7 / 0.3, rel=NEAR)


def test_bulk_service_waits_as_bailey_says() -> None:
    # M/M(a=b)/1 with batches of exactly 2 at rate 1, arrivals 1.2 an hour: pairs are Erlang-2 arrivals to an exponential
    # server. The root s of s = (2 r / (2 r + 1 - s))^2 with r = 0.6 pairs an hour gives the pair's wait s / (1 - s)
    # (Kleinrock 1975, G/M/1), and half of the lots wait one gap more for the second of their pair.
    root = 0.5
    for _ in range(200):
        root = (1.2 / (1.2 + 1.0 - root)) ** 2
    state, _ = ran(scene([station(batch_least=2, batch_most=2)], [[served(0, 1.0)]], [source(1 / 1.2, MANY)]))
    assert mean_wait(state) == pytest.approx(root / (1 - root) + 0.5 / 1.2, rel=NEAR)


def test_machines_are_repaired_as_palm_says() -> None:
    # Palm (1947): 6 machines run 10 h in the mean and are repaired in 2 h by one hand. p_n is 6!/(6-n)! (1/5)^n; machines
    # at work: 6 - sum n p_n.
    weights = [math.perm(6, n) * 0.2**n for n in range(7)]
    down = sum(n * w for n, w in enumerate(weights)) / sum(weights)
    dispatches = [{"time": 0.0, "route": 0} for _ in range(6)]
    given = scene([station()], [[delayed(10.0), served(0, 2.0)]], again=[0], dispatches=dispatches)
    hours = 300_000.0
    state, _ = ran(given, until=hours)
    runs = records(state)
    up = (runs["ended"] - runs["began"])[runs["activity"] == 0].sum() / hours
    assert up == pytest.approx(6 - down, rel=0.02)


@pytest.mark.parametrize(("stages", "most"), [(2, 2 / 3), (3, 0.5641)])
def test_blocking_takes_the_capacity_that_hunt_found(stages: int, most: float) -> None:
    # Hunt (1956), Sequential Arrays of Waiting Lines, Operations Research 4: without places between them, stages of rate
    # 1 pass at most 2/3 (two) and 22/39 = 0.5641 (three) a unit of time, when there is always work at the first.
    stations = [station(), *(station(buffer=0) for _ in range(stages - 1))]
    route = [served(n, 1.0) for n in range(stages)]
    lots = 200_000
    state, _ = ran(scene(stations, [route], [source(1e-6, lots)]))
    last = records(state)["ended"].max()
    assert lots / last == pytest.approx(most, rel=0.01)


def test_places_to_wait_take_from_blocking_as_hunt_found() -> None:
    # Two stages of rate 1 with q - 2 places between them (the one in service counts) pass (q + 1) / (q + 2) with q
    # places in all: with 4 places before the second server, (4 + 2) / (4 + 3) = 6/7 (Hunt 1956).
    state, _ = ran(scene([station(), station(buffer=4)], [[served(0, 1.0), served(1, 1.0)]], [source(1e-6, 200_000)]))
    assert 200_000 / records(state)["ended"].max() == pytest.approx(6 / 7, rel=0.01)


def test_a_ring_of_full_stations_is_found_stuck() -> None:
    # Two lots, each on the one server that the other wants, with no place to wait: nothing will ever happen again.
    routes = [[served(0, 1.0, FIXED), served(1, 1.0, FIXED)], [served(1, 1.0, FIXED), served(0, 1.0, FIXED)]]
    dispatches = [{"time": 0.0, "route": 0}, {"time": 0.0, "route": 1}]
    _, status = ran(scene([station(buffer=0), station(buffer=0)], routes, dispatches=dispatches))
    assert status == STUCK


def test_more_servers_never_wait_longer() -> None:
    waits = [mean_wait(ran(scene([station(c)], [[served(0, 1.0)]], [source(1 / 1.7, 100_000)]))[0]) for c in (2, 3, 4)]
    assert waits[0] > waits[1] > waits[2]


def test_setups_come_when_the_sort_changes() -> None:
    # Sorts 1, 1, 2, 1 in turn, an hour each, half an hour to change: the changes are before the third and the fourth.
    routes = [[served(0, 1.0, FIXED, sort=1)], [served(0, 1.0, FIXED, sort=2)]]
    dispatches = [{"time": 0.0, "route": r} for r in (0, 0, 1, 0)]
    state, _ = ran(scene([station(setup=0.5)], routes, dispatches=dispatches))
    assert records(state)["ended"].tolist() == [1.0, 2.0, 3.5, 5.0]


@pytest.mark.parametrize(("closing", "ends"), [(0, [3.0, 13.0]), (1, [11.0, 13.0])])
def test_a_closing_calendar_finishes_or_stops_work(closing: int, ends: list[float]) -> None:
    # Open from 0 to 2 and from 10 on; two lots of 2 h from 1 on. The first begins at 1: work goes on till 3, or stops at
    # 2 and ends at 11. The second begins at 10 or 11 (when the server is free): ends at 12 or 13.
    calendar = [(0.0, 2.0), (10.0, 100.0)]
    dispatches = [{"time": 1.0, "route": 0}, {"time": 1.0, "route": 0}]
    given = scene(
        [station(calendar=0, closing=closing)], [[served(0, 2.0, FIXED)]], dispatches=dispatches, calendars=[calendar]
    )
    state, _ = ran(given)
    assert records(state)["ended"].tolist() == ([3.0, 12.0] if closing == 0 else ends)


def test_a_station_open_half_the_day_waits_as_its_cycle_says() -> None:
    # Work is short against the day and the office is open 12 of 24 h: who comes at night waits for morning, 6 h in the
    # mean, and the night's crowd is then served one after the other; the fluid queue: arrivals 10 an hour, service 40 an
    # hour. At opening 120 wait; the queue is gone after 120 / (40 - 10) = 4 h. Area: night 12 * 120 / 2 = 720, morning
    # 4 * 120 / 2 = 240; a day has 240 arrivals: 960 / 240 = 4 h.
    calendar = [(24.0 * d, 24.0 * d + 12.0) for d in range(400)]
    given = scene([station(calendar=0)], [[served(0, 1 / 40, FIXED)]], [source(0.1, 90_000)], calendars=[calendar])
    assert mean_wait(ran(given)[0]) == pytest.approx(4.0, rel=0.03)


def test_first_come_is_first_served() -> None:
    state, _ = ran(scene([station(3)], [[served(0, 1.0)]], [source(1 / 2.5, 50_000)]))
    kept = records(state)
    by_asked = kept[np.argsort(kept["asked"], kind="stable")]
    assert (np.diff(by_asked["began"]) >= 0).all()


def test_servers_are_never_more_than_there_are() -> None:
    state, _ = ran(scene([station(3)], [[served(0, 1.0)]], [source(1 / 2.9, 50_000)]))
    kept = records(state)
    times = np.concatenate([kept["began"], kept["ended"]])
    steps = np.concatenate([np.ones(len(kept)), -np.ones(len(kept))])
    order = np.lexsort((steps, times))  # at one time ends come first
    assert steps[order].cumsum().max() == 3
    assert state.counts[EVENTS] == 100_000


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    given = scene([station(2)], [[served(0, 1.0)]], [source(1 / 1.5, 20_000)])
    first, again, other = (ran(given, seed=s)[0] for s in (1, 1, 2))
    assert records(first).tobytes() == records(again).tobytes()
    assert records(first).tobytes() != records(other).tobytes()


def test_an_unrelated_station_changes_nobodys_luck() -> None:
    # A third stage with the keys of its own is put behind: what happens at the first two is the same to the last digit.
    before = scene(
        [station(2), station()], [[served(0, 1.0, key=11), served(1, 0.5, key=12)]], [source(1.0, 20_000, key=13)]
    )
    route = [served(0, 1.0, key=11), served(1, 0.5, key=12), served(2, 0.1, key=14)]
    after = scene([station(2), station(), station(4)], [route], [source(1.0, 20_000, key=13)])
    one, two = ran(before)[0], ran(after)[0]
    kept = records(two)
    assert records(one)["ended"].tolist() == kept[kept["activity"] < 2]["ended"].tolist()
