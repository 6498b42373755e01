"""Small years of flows whose answer can be worked out on paper."""

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import brentq, linprog

from transcaspian.assignment.flows import Model, Solution, evaluate, nearest_to, solve
from transcaspian.assignment.shortage import left_by
from transcaspian.errors import NotConvergedError
from transcaspian.kernels.delays import filling, steady, timed
from transcaspian.kernels.flows import FILLING, QUEUE, QUOTA, Limits, Ways, Year

CONTRACTED, CAPTIVE, CONTESTABLE = 0, 1, 2
HOURS = 720.0


def ways_of(
    volume: Any, cost: Any, uses: list[dict[int, float]], *, groups: list[list[int]], kind: Any = None, **other: Any
) -> Ways:
    """Return ways: ``groups`` holds the number of ways of every group of each demand; ``uses`` is by way."""
    volume, cost = np.array(volume, float), np.array(cost, float)
    demands, many, periods = len(groups), len(uses), volume.shape[1]
    sizes = [n for g in groups for n in g]

    def first(lengths: list[int]) -> NDArray[np.uint32]:
        return np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)

    made = Ways(
        group_first=first([len(g) for g in groups]),
        way_first=first(sizes),
        kind=np.array([CONTESTABLE] * demands if kind is None else kind, np.int8),
        volume=volume,
        tonnes=np.ones(demands),
        scale=np.full(demands, 0.1),
        nest=np.ones(demands),
        hour=np.ones(demands),
        sure=np.zeros(demands),
        elasticity=np.zeros(demands),
        worth=np.full(demands, 1000.0),
        elsewhere=np.zeros(demands),
        market=np.full(demands, 0.025),
        cost=np.broadcast_to(cost[:, None], (many, periods)).copy(),
        size=np.zeros(many),
        open=np.ones((many, periods)),
        rank=np.zeros((many, periods), np.int32),
        use_first=first([len(u) for u in uses]),
        use_limit=np.array([limit for u in uses for limit in u], np.uint32),
        use_amount=np.array([a for u in uses for a in u.values()], float),
        pull=np.zeros(len(sizes)),
        pivot=np.zeros((len(sizes), periods)),
        whole=np.full((demands, periods), np.nan),
    )
    return made._replace(**other)


def limits_of(capacity: list[float], periods: int, **other: Any) -> Limits:
    many = len(capacity)
    made = Limits(
        kind=np.full(many, QUEUE, np.int8),
        capacity=np.broadcast_to(np.array(capacity, float)[:, None], (many, periods)).copy(),
        others=np.zeros((many, periods)),
        standing=np.zeros((many, periods)),
        servers=np.ones(many),
        service=np.full((many, periods), 1e-6),
        spread=np.ones(many),
        risk=np.zeros(many),
        longest=np.full(many, 8760.0),
        call_first=np.zeros(many + 1, np.uint32),
        call_limit=np.zeros(0, np.uint32),
        hours=np.full(periods, HOURS),
    )
    return made._replace(**other)


def run(ways: Ways, limits: Limits) -> Year:
    return evaluate(ways, limits, np.zeros_like(limits.capacity))


def test_shares_are_the_closed_form_of_the_logit() -> None:
    # Two groups of one way, 10 EUR apart at a scale of 0.1: 1 / (1 + e^-1) of them take the cheaper one.
    year = run(ways_of([[100.0]], [50.0, 60.0], [{}, {}], groups=[[1, 1]]), limits_of([1e9], 1))
    assert year.want[:, 0] == pytest.approx([100 / (1 + math.exp(-1)), 100 / (1 + math.exp(1))], rel=1e-12)


def test_a_nest_shares_by_its_composite_cost() -> None:
    # Two equal ways of 60 in one group, nest 0.5: inside the scale is 0.2, so the group costs 60 - ln(2) / 0.2.
    ways = ways_of([[100.0]], [60.0, 60.0, 60.0], [{}, {}, {}], groups=[[2, 1]], nest=np.array([0.5]))
    year = run(ways, limits_of([1e9], 1))
    gain = math.exp(0.1 * math.log(2) / 0.2)  # the square root of two
    assert year.want[:, 0] == pytest.approx([50 * gain / (1 + gain)] * 2 + [100 / (1 + gain)], rel=1e-12)


def test_observed_shares_come_back_whatever_things_cost() -> None:
    # 70 : 30 observed at composite costs of 90 and 20, which the pivot holds: as nothing changed, nothing moves.
    ways = ways_of([[100.0]], [90.0, 20.0], [{}, {}], groups=[[1, 1]])
    ways = ways._replace(pull=np.log([0.7, 0.3]), pivot=np.array([[90.0], [20.0]]))
    assert run(ways, limits_of([1e9], 1)).want[:, 0] == pytest.approx([70.0, 30.0], rel=1e-12)
    # The first way 10 EUR dearer, scale 0.1: its odds fall by e.
    dearer = run(ways._replace(cost=ways.cost + np.array([[10.0], [0.0]])), limits_of([1e9], 1)).want[:, 0]
    assert dearer[0] / dearer[1] == pytest.approx(7 / 3 / math.e, rel=1e-12)


def test_what_waits_is_the_fluid_queue() -> None:
    # 150, 150, 60 and 20 come where 100 can pass: 50, 100, 60 and then nothing is left over.
    ways = ways_of([[150.0, 150.0, 60.0, 20.0]], [10.0], [{0: 1.0}], groups=[[1]], kind=[CONTRACTED])
    year = run(ways, limits_of([100.0], 4))
    assert year.backlog[0] == pytest.approx([50.0, 100.0, 60.0, 0.0], abs=1e-9)
    assert year.carried[0] == pytest.approx([100.0, 100.0, 100.0, 80.0], abs=1e-9)
    # The queue grows evenly from 0 to half a month of service and on to a whole: means of a quarter and three quarters.
    assert year.wait[0, :2] == pytest.approx([0.25 * HOURS, 0.75 * HOURS], rel=0.01)


def test_what_stands_as_a_month_begins_is_a_queue_that_was_left_over() -> None:
    # 200 come in January where 100 pass, and 40 in February: as if 100 of February's 140 stood there as it began.
    ways = ways_of([[200.0, 40.0]], [10.0], [{0: 1.0}], groups=[[1]], kind=[CONTRACTED])
    left = run(ways, limits_of([100.0], 2))
    seen = limits_of([100.0], 2, standing=np.array([[0.0, 100.0]]))
    stood = run(ways._replace(volume=np.array([[0.0, 140.0]])), seen)
    # Who comes first waits a whole month, the last for the 40 that are then before him: 0.7 of a month on the mean.
    assert stood.wait[0, 1] == left.wait[0, 1] == pytest.approx(0.7 * HOURS, rel=1e-6)
    assert stood.backlog[0, 1] == left.backlog[0, 1] == 40.0
    # The same 140 in the course of February find no queue when it begins.
    assert run(ways._replace(volume=np.array([[0.0, 140.0]])), limits_of([100.0], 2)).wait[0, 1] < 0.3 * HOURS


def test_first_come_first_served_cuts_all_alike_and_ranks_go_first() -> None:
    ways = ways_of([[60.0], [90.0]], [1.0, 1.0], [{0: 1.0}, {0: 1.0}], groups=[[1], [1]])
    assert run(ways, limits_of([100.0], 1)).carried[:, 0] == pytest.approx([40.0, 60.0])  # two thirds of each
    ranked = ways._replace(rank=np.array([[1], [0]], np.int32))
    assert run(ranked, limits_of([100.0], 1)).carried[:, 0] == pytest.approx([10.0, 90.0])


def test_others_are_served_in_the_same_proportion_and_a_quota_is_a_limit_of_its_own() -> None:
    ways = ways_of([[60.0], [60.0]], [1.0, 1.0], [{0: 1.0, 1: 1.0}, {0: 1.0}], groups=[[1], [1]])
    limits = limits_of([200.0, 30.0], 1, kind=np.array([QUEUE, QUOTA], np.int8), others=np.array([[100.0], [0.0]]))
    year = run(ways, limits)
    # The quota stops the first at 30; the other passes whole: 90 of the 100 that others leave.
    assert year.carried[:, 0] == pytest.approx([30.0, 60.0])
    assert year.stuck[:, 0].tolist() == [1, -1] and year.wait[1, 0] == 0.0
    # Of 180 that want to pass 90, 60 of them others', every one has a half.
    crowded = limits_of([90.0], 1, others=np.array([[60.0]]))
    year = run(ways_of([[60.0], [60.0]], [1.0, 1.0], [{0: 1.0}, {0: 1.0}], groups=[[1], [1]]), crowded)
    assert year.carried[:, 0] == pytest.approx([30.0, 30.0])
    assert year.wait[0, 0] == pytest.approx(timed(2.0, 0.0, HOURS, 1.0, crowded.service[0, 0], crowded.spread[0]))


def test_a_ban_of_half_a_month_lets_half_pass() -> None:
    ways = ways_of([[80.0, 0.0]], [1.0], [{}], groups=[[1]], kind=[CONTRACTED], open=np.array([[0.5, 1.0]]))
    year = run(ways, limits_of([1e9], 2))
    assert year.carried[0] == pytest.approx([40.0, 40.0]) and year.stuck[0, 0] == -2


def test_what_is_shut_waits_at_its_origin_and_moves_when_it_opens() -> None:
    ways = ways_of([[10.0, 10.0]], [1.0], [{}], groups=[[1]], kind=[CAPTIVE], open=np.array([[0.0, 1.0]]))
    year = run(ways, limits_of([1e9], 2))
    assert year.carried[0] == pytest.approx([0.0, 20.0]) and year.backlog[0] == pytest.approx([10.0, 0.0])


def test_netback_sets_the_volume() -> None:
    # 1,000 EUR/t at 200 of transport left 800; at 600 it leaves 400: with an elasticity of 1, half of it is grown.
    ways = ways_of([[100.0]], [600.0], [{}], groups=[[1]], elasticity=np.ones(1), whole=np.array([[200.0]]))
    assert run(ways, limits_of([1e9], 1)).fresh[0, 0] == pytest.approx(50.0)


def test_what_gets_dearer_here_is_sold_elsewhere() -> None:
    # A third is sold here and two thirds elsewhere. At 1 % a EUR, 10 EUR/t more cost a share of e^-0.1 to 2 of the whole.
    base = ways_of([[100.0]], [200.0], [{}], groups=[[1]], elsewhere=np.array([2.0]), market=np.array([0.01]))
    base = base._replace(whole=np.array([[200.0]]))
    for dearer, kept in ((0.0, 1.0), (10.0, math.exp(-0.1)), (-50.0, math.exp(0.5))):
        ways = base._replace(cost=base.cost + dearer)
        assert run(ways, limits_of([1e9], 1)).fresh[0, 0] == pytest.approx(300.0 * kept / (kept + 2.0))
    # Where no way is open all of it goes there, and nothing waits.
    shut = run(base._replace(cost=np.full((1, 1), np.inf)), limits_of([1e9], 1))
    assert shut.fresh[0, 0] == shut.backlog[0, 0] == 0.0


def test_who_found_nothing_open_in_the_base_year_has_nothing_to_answer_to() -> None:
    for curve in ({"elasticity": np.ones(1)}, {"elsewhere": np.ones(1)}):
        ways = ways_of([[100.0]], [200.0], [{}], groups=[[1]], whole=np.array([[np.inf]]), **curve)
        assert run(ways, limits_of([1e9], 1)).fresh[0, 0] == 100.0


def test_a_larger_vehicle_on_a_thin_flow_makes_everybody_wait_longer() -> None:
    ways = ways_of([[30.0]], [1.0], [{0: 1.0}], groups=[[1]])
    small, large = (
        run(ways, limits_of([room], 1, kind=np.array([FILLING], np.int8))).wait[0, 0] for room in (10.0, 20.0)
    )
    assert (small, large) == pytest.approx((0.5 * 10 / 30 * HOURS, 0.5 * 20 / 30 * HOURS))


def test_one_server_waits_as_pollaczek_and_khinchine_say() -> None:
    # M/M/1: rho s / (1 - rho); M/D/1 half of it (spread 0.5). With one server Sakasegawa's exponent is one.
    assert steady(0.8, 1.0, 2.0, 1.0) == pytest.approx(0.8 * 2 / 0.2)
    assert steady(0.8, 1.0, 2.0, 0.5) == pytest.approx(0.4 * 2 / 0.2)
    # In a period that is long beside the wait, the wait is nearly the steady one.
    assert timed(0.5, 0.0, 1e6, 1.0, 2.0, 1.0) == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize(("servers", "rho"), [(2, 0.7), (3, 0.9), (5, 0.8)])
def test_many_servers_wait_nearly_as_erlang_says(servers: int, rho: float) -> None:
    load = servers * rho
    last = load**servers / math.factorial(servers) / (1 - rho)
    queued = last / (sum(load**n / math.factorial(n) for n in range(servers)) + last)
    assert steady(rho, float(servers), 1.0, 1.0) == pytest.approx(queued / (servers * (1 - rho)), rel=0.06)


@settings(deadline=None)  # the first call compiles
@given(
    st.floats(0.0, 3.0), st.floats(0.0, 2000.0), st.floats(1.0, 40.0), st.floats(0.01, 50.0), st.floats(0.01, 4.0)
)  # fmt: skip
def test_the_wait_of_a_period_is_the_root_of_its_equation(
    rho: float, begin: float, servers: float, service: float, spread: float
) -> None:
    # Independent engine: Brent's method on w - steady(rho - 2 (w - w0) / T), as the formulation writes it.
    def miss(wait: float) -> float:
        return wait - steady(rho - 2.0 * (wait - begin) / HOURS, servers, service, spread)

    expected = brentq(miss, 0.0, 8760.0, xtol=1e-12, rtol=1e-14, maxiter=500) if miss(8760.0) > 0 else 8760.0
    assert timed(rho, begin, HOURS, servers, service, spread) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_waits_grow_with_load_and_backlog_and_stay_finite() -> None:
    waits = [timed(rho / 10, 0.0, HOURS, 2.0, 5.0, 1.0) for rho in range(1, 20)]
    assert waits == sorted(waits) and waits[-1] < HOURS
    assert timed(0.9, 100.0, HOURS, 2.0, 5.0, 1.0) > timed(0.9, 0.0, HOURS, 2.0, 5.0, 1.0)
    assert filling(0.0, 10.0, HOURS, 99.0) == 99.0


def some(most: float) -> st.SearchStrategy[float]:
    """Draw nothing, or so much that what is divided by it stays a number."""
    return st.just(0.0) | st.floats(1e-6, most)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Ways, Limits]:
    demands, count, periods = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    groups = [[1] * draw(st.integers(1, 3)) for _ in range(demands)]
    many = sum(len(g) for g in groups)
    amount = st.floats(0.1, 5.0)
    uses = [draw(st.dictionaries(st.integers(0, count - 1), amount, max_size=count)) for _ in range(many)]
    volume = [[draw(some(200)) for _ in range(periods)] for _ in range(demands)]
    kind = [draw(st.integers(0, 2)) for _ in range(demands)]
    cost = [draw(st.floats(1, 100)) for _ in range(many)]
    may = np.array([[draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in range(periods)] for _ in range(many)])
    rank = np.array([[draw(st.integers(0, 1)) for _ in range(periods)] for _ in range(many)], np.int32)
    capacity = [draw(some(300)) for _ in range(count)]
    ways = ways_of(volume, cost, uses, groups=groups, kind=kind, open=may, rank=rank)
    return ways, limits_of(capacity, periods, others=np.full((count, periods), draw(some(50))))


@settings(deadline=None)  # the first call compiles
@given(drawn())
def test_cargo_is_conserved_and_nothing_passes_capacity(world: tuple[Ways, Limits]) -> None:
    ways, limits = world
    year = run(ways, limits)
    first = ways.way_first[ways.group_first]
    for d in range(len(ways.kind)):
        carried = year.carried[first[d] : first[d + 1]].sum(axis=0).cumsum()
        assert year.fresh[d].cumsum() == pytest.approx(carried + year.backlog[d], abs=1e-6)
    asked = asked_of(ways, year)
    room = np.stack([left_by(*x) for x in zip(limits.others.T, limits.capacity.T, asked.T, strict=True)], axis=1)
    assert (year.load <= room + 1e-6 * np.maximum(room, 1.0)).all()
    assert (year.carried >= 0).all() and (year.carried <= year.want + 1e-9).all() and (year.wait >= 0).all()


@settings(deadline=None)  # the first call compiles
@given(drawn())
def test_the_least_served_get_the_largest_share_there_is(world: tuple[Ways, Limits]) -> None:
    # Independent engine: HiGHS maximises the share t that all who want can have together; ranks and bans aside.
    ways, limits = world
    ways = ways._replace(open=np.ones_like(ways.open), rank=np.zeros_like(ways.rank))
    year = run(ways, limits)
    want = np.where(year.want[:, 0] > 1e-6, year.want[:, 0], 0.0)
    if not want.any():
        return
    rate = np.zeros(len(limits.kind))
    owner = np.repeat(np.arange(len(want)), np.diff(ways.use_first))
    np.add.at(rate, ways.use_limit, ways.use_amount * want[owner])
    room = left_by(limits.others[:, 0], limits.capacity[:, 0], rate)
    best = linprog([-1.0], A_ub=rate[:, None], b_ub=room, bounds=[(0.0, 1.0)]).x[0]
    asked = want > 0
    assert (year.carried[asked, 0] / want[asked]).min() == pytest.approx(best, abs=1e-6)


def asked_of(ways: Ways, year: Year) -> NDArray[np.float64]:
    """Return what all that wants to pass asks of every limit, (L, P)."""
    found = np.zeros_like(year.load)
    owner = np.repeat(np.arange(len(year.want)), np.diff(ways.use_first))
    np.add.at(found, ways.use_limit, ways.use_amount[:, None] * year.want[owner])
    return found


def settled(ways: Ways, limits: Limits, gap: float = 1e-6) -> Solution:
    model = cast(Model, SimpleNamespace(ways=ways, limits=limits))
    return solve(model, np.zeros_like(limits.capacity), gap=gap)


def test_two_ways_alike_end_alike_however_tight() -> None:
    # A world that is its own mirror image: two demands, each with its own short way and a common long one.
    uses = [{0: 1.0}, {2: 1.0}, {1: 1.0}, {2: 1.0}]
    ways = ways_of([[150.0, 80.0]] * 2, [10.0, 25.0, 10.0, 25.0], uses, groups=[[1, 1], [1, 1]])
    limits = limits_of([100.0, 100.0, 90.0], 2, service=np.full((3, 2), 0.5))
    year = settled(ways, limits).year
    assert year.carried[:2] == pytest.approx(year.carried[2:], rel=1e-9)
    assert year.wait[0] == pytest.approx(year.wait[1], rel=1e-9) and year.wait[0, 0] > 1.0


def test_shippers_share_until_waits_make_up_for_the_price() -> None:
    # One limit of 100 for 150, and a free way 30 EUR dearer, at 1 EUR per tonne-hour and a scale of 0.1: at the fixed
    # point the odds are exp(0.1 (30 - w)) with the wait w that the load itself makes.
    ways = ways_of([[150.0]], [10.0, 40.0], [{0: 1.0}, {}], groups=[[1, 1]])
    limits = limits_of([100.0], 1, service=np.full((1, 1), 1.0))
    found = settled(ways, limits, 1e-10).year
    wait = found.wait[0, 0]
    assert found.want[0, 0] / found.want[1, 0] == pytest.approx(math.exp(0.1 * (30.0 - wait)), rel=1e-6)
    assert wait == pytest.approx(timed(found.want[0, 0] / 100.0, 0.0, HOURS, 1.0, 1.0, 1.0), rel=1e-9)


def test_the_gap_is_of_tonnes_whatever_they_are_counted_in() -> None:
    # A hundred boxes of 20 t and 500 t of bulk, each with a full way and a free one, before anything settles. Counted in
    # half boxes there are 200 of them; the share of the tonnes that would change their way is the same.
    def gap(parts: float) -> float:
        uses = [{0: 1.0 / parts}, {}, {1: 1.0}, {}]
        ways = ways_of([[100.0 * parts], [500.0]], [10.0, 12.0] * 2, uses, groups=[[1, 1]] * 2)
        ways = ways._replace(tonnes=np.array([20.0 / parts, 1.0]))
        model = cast(Model, SimpleNamespace(ways=ways, limits=limits_of([30.0, 250.0], 1)))
        return nearest_to(model, np.zeros((2, 1)), gap=1e-9, most=0, through=True)[0].gap

    assert gap(1.0) == pytest.approx(gap(2.0), rel=1e-12) and gap(1.0) > 0.01


def ships(wanted: float, berth: float) -> tuple[Ways, Limits]:
    """Return ten ships for a month on rounds of 100 h, and a berth at which each calls once in a round."""
    ways = ways_of([[wanted]], [1.0], [{0: 1.0, 1: 100.0}], groups=[[1]], kind=[CONTRACTED])
    limits = limits_of(
        [berth, 10 * HOURS],
        1,
        service=np.array([[HOURS / berth], [100.0]]),
        spread=np.array([0.75, 0.65]),
        call_first=np.array([0, 0, 1], np.uint32),
        call_limit=np.array([0], np.uint32),
    )
    return ways, limits


def test_a_wait_for_the_berth_lengthens_the_round_and_leaves_fewer_trips() -> None:
    ways, limits = ships(80.0, 100.0)
    alone = limits._replace(call_first=np.zeros(3, np.uint32))
    assert settled(ways, alone).year.carried[0, 0] == pytest.approx(72.0)  # 7,200 ship hours
    # n trips make a wait w(n) at the berth, of 100 calls of 7.2 h, and n (100 + w(n)) are the 7,200 hours: 65 trips.
    trips = brentq(lambda n: n * (100 + timed(n / 100, 0.0, HOURS, 1.0, 7.2, 0.75)) - 7200, 1.0, 99.0)
    year = settled(ways, limits).year
    assert 64 < trips < 66 and year.carried[0, 0] == pytest.approx(trips, rel=1e-5)
    assert year.stuck[0, 0] == 1 and year.load[1, 0] == pytest.approx(year.capacity[1, 0], rel=1e-5)
    # Nobody at the berth, no wait: all trips are there.
    assert settled(*ships(0.0, 100.0)).year.capacity[1, 0] == 7200.0


def test_no_ship_waits_longer_than_at_a_berth_that_is_just_full() -> None:
    # A tenth of what wants to pass the berth can: its cargo waits for most of the month, ships do not.
    ways, limits = ships(50.0, 5.0)
    year = evaluate(ways, limits, run(ways, limits).wait)
    just_full = timed(1.0, 0.0, HOURS, 1.0, 144.0, 0.75)
    round_h = 100.0 * 7200.0 / year.capacity[1, 0]
    assert year.wait[0, 0] > 300 > just_full
    assert 100.0 + just_full <= round_h <= 100.0 + 1.5 * just_full
    assert year.carried[0, 0] == pytest.approx(5.0) and year.stuck[0, 0] == 0


@settings(deadline=None)
@given(drawn())
def test_a_settled_year_is_what_its_own_waits_make(world: tuple[Ways, Limits]) -> None:
    ways, limits = world
    try:
        found = settled(ways, limits, 1e-4)
    except NotConvergedError:  # a world so tight that shippers change their minds for ever: it says so, no more
        reject()
    again = evaluate(ways, limits, found.wait)
    assert found.gap <= 1e-4
    assert again.want == pytest.approx(found.year.want, rel=1e-12, abs=1e-12)
    assert again.backlog == pytest.approx(found.year.backlog, rel=1e-9, abs=1e-9)
