"""Small corridors in motion: what a procedure, a depth, a rank or a locomotive does can be worked out on paper."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tests.shops import Row, delayed, ran, records, ridden, scene, served, source, station
from tests.worlds.sketch import COMMODITY, FORM, sketch, with_rows
from tests.worlds.test_departures import WEST, loads, there_and_back
from transcaspian.errors import DataError
from transcaspian.kernels.scene import EXPONENTIAL, FIXED, FOREVER, JUMP, KEEP, TRIPS
from transcaspian.kernels.world import ALIGHT, BOARD, HANDLING, MOVE, PROCEDURE
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.ids import DocumentId, FleetId, ServiceId, StepId, WeatherSiteId
from transcaspian.model.corridor.service import Wait
from transcaspian.model.corridor.step import Document, StepDocument
from transcaspian.network import Network, compile_network, months
from transcaspian.network.limits import SIZES, limits_of
from transcaspian.results.events import CAUSES
from transcaspian.simulation.checks import check
from transcaspian.simulation.loads import Load
from transcaspian.simulation.play import drawn, played, repeated
from transcaspian.simulation.ranks import Ranks
from transcaspian.simulation.statistics import lead_times, lines, needed, stations
from transcaspian.simulation.traces import write_records
from transcaspian.simulation.world import World, world_of


def jumping(probability: float, target: int) -> Row:
    """Return an activity that goes on at another with a probability."""
    return {"kind": JUMP, "mean": probability, "target": target}


def chain_of(network: Network, service: str, kinds: tuple[int, ...]) -> NDArray[np.int32]:
    """Return the arcs of a ride on a service of a sketch of two places, in the order of these kinds."""
    tail, head = network.ends
    board = next(a for a in np.flatnonzero(network.world.kind == BOARD).tolist() if rides(network, a) == service)
    alight = next(a for a in np.flatnonzero(network.world.kind == ALIGHT).tolist() if rides(network, a) == service)
    found: list[int] = []
    at = tail[board]
    for kind in kinds:
        if kind == HANDLING:  # loaded where the ride begins, unloaded where it ends
            loads = not found
            steps = [n for n in np.flatnonzero(network.world.kind == HANDLING).tolist() if tail[n] == at]
            name = "load" if loads else "unload"
            found.append(next(n for n in steps if f"-{name}-" in network.ids.steps[network.step[n]]))
        elif kind == PROCEDURE:
            found.append(next(n for n in np.flatnonzero(network.world.kind == PROCEDURE).tolist() if tail[n] == at))
        elif kind == MOVE:
            moves = np.flatnonzero(network.world.kind == MOVE).tolist()
            found.append(next(n for n in moves if tail[n] == at and rides(network, n) == service))
        else:
            found.append(board if kind == BOARD else alight)
        at = head[found[-1]]
    return np.array(found, np.int32)


def rides(network: Network, arc: int) -> str:
    """Return the service of an arc."""
    return network.ids.services[int(network.world.service[arc])]


RIDE = (HANDLING, BOARD, MOVE, ALIGHT, HANDLING)
BORDER = (HANDLING, PROCEDURE, BOARD, MOVE, ALIGHT, HANDLING)


def in_motion(
    corridor: Corridor,
    sent: dict[str, float],
    kinds: tuple[int, ...] = RIDE,
    commodities: tuple[str, ...] = (COMMODITY,),
    **more: Any,
) -> World:
    """Return a corridor of two places in motion: boxes a month by service and commodity, one box a lot."""
    network = compile_network(corridor, months(date(2026, 1, 1), 12))
    loads = []
    for service, boxes in sent.items():
        chain = chain_of(network, service, kinds)
        units, sizes = np.full(12, boxes), np.ones((len(chain), len(SIZES)))
        loads += [
            Load(f"{service} {commodity}", "a", "b", commodity, FORM, chain, sizes, units, 10.0, 1.0, **more)
            for commodity in commodities
        ]
    return world_of(network, corridor, limits_of(network, corridor), loads)


def hours_of(world: World, replications: int = 1) -> dict[str, float]:
    """Return the hours of a mean box by cause."""
    parts = [played(world.play, 1, n)[0] for n in range(replications)]
    spent = np.sum([p.spent.sum(axis=(0, 1)) for p in parts], axis=0)
    return dict(zip(CAUSES, (spent / sum(float(p.units.sum()) for p in parts)).tolist(), strict=True))


# --- papers -----------------------------------------------------------------------------------------------------------


def test_wrong_papers_are_corrected_and_pass_again_until_they_are_right() -> None:
    # A procedure of 2 h, a quarter comes back, a correction takes 10 h: 2 h for three in four, 14 h for three in sixteen,
    # 26 h for three in sixty-four; 2 + 12 / 3 = 6 h in the mean.
    route = [delayed(2.0, FIXED), jumping(0.75, 4), delayed(10.0, FIXED, works=2), jumping(1.0, 0)]
    state, _ = ran(scene([], [route], [source(1.0, 40_000)]))
    passes = np.bincount(records(state)["lot"][records(state)["activity"] == 0])
    assert len(passes) == state.counts[10] == 40_000
    assert (passes == 1).mean() == pytest.approx(3 / 4, abs=0.01)
    assert (passes == 2).mean() == pytest.approx(3 / 16, abs=0.01)
    assert (passes == 3).mean() == pytest.approx(3 / 64, abs=0.005)
    assert records(state)["ended"][records(state)["activity"] == 2].size == (passes - 1).sum()


def test_what_is_drawn_later_does_not_depend_on_papers() -> None:
    # With papers that are all right and papers of which half come back, the same lot has the same run afterwards.
    def runs(right: float) -> NDArray[Any]:
        route = [delayed(2.0), jumping(right, 4), delayed(10.0), jumping(1.0, 0), delayed(5.0, EXPONENTIAL)]
        found = records(ran(scene([], [route], [source(1.0, 2_000)]))[0])
        last = found[found["activity"] == 4]
        hours: NDArray[Any] = (last["ended"] - last["began"])[np.argsort(last["lot"])]
        return hours

    assert np.allclose(runs(1.0), runs(0.5), atol=1e-9)


def test_each_round_draws_anew() -> None:
    # Corrections of an exponential 10 h: those of one lot are all different, and their mean is 10 h.
    route = [delayed(1.0, FIXED), jumping(0.2, 4), delayed(10.0), jumping(1.0, 0)]
    found = records(ran(scene([], [route], [source(1.0, 5_000)]))[0])
    corrections = found[found["activity"] == 2]
    hours = corrections["ended"] - corrections["began"]
    assert len(hours) == pytest.approx(4 * 5_000, rel=0.05)
    assert hours.mean() == pytest.approx(10.0, rel=0.05)
    assert len(np.unique(hours.round(9))) > 0.99 * len(hours)


def border(share: float | None, variant: Literal["paper", "digital"] = "paper", *rows: Any) -> Corridor:
    """Return two places with a border of 2 h between them, where a share of the papers is wrong for 10 h."""
    drawn = sketch("A--24--B", countries={"b": "az"}, border_h={"a-b-rail": 2.0})
    step = replace(drawn.steps[StepId("a-b-rail-papers")], rework=share, correction_h=10.0, variant=variant)
    note = Document(id=DocumentId("note"), name="Consignment note", name_ru="Накладная")
    return with_rows(drawn, step, note, StepDocument(step=step.id, document=note.id), *rows)


def test_papers_that_come_back_show_among_the_causes() -> None:
    # Half of the papers are wrong: as many corrections of 10 h as boxes, and 2 h more of clearing.
    spent = hours_of(in_motion(border(0.5), {"a-b-rail": 400.0}, BORDER))
    assert spent["papers"] == pytest.approx(10.0, rel=0.05)
    assert spent["clearing"] == pytest.approx(4.0, rel=0.05)
    assert spent["moving"] == pytest.approx(24.0)
    # None is wrong, or none is asked for: nothing is done.
    assert hours_of(in_motion(border(0.0), {"a-b-rail": 400.0}, BORDER))["papers"] == 0.0
    unasked = replace(border(0.5), step_documents=type(border(0.5).step_documents)([]))
    world = in_motion(unasked, {"a-b-rail": 400.0}, BORDER)
    assert hours_of(world)["papers"] == 0.0
    assert not (world.play.scene.plan.activities["kind"] == JUMP).any()


def test_a_known_wait_has_what_papers_take_in_it() -> None:
    # 20 h of wait are known of. A fifth of the papers is wrong: a quarter of (10 + 2) h of the 20 h is theirs.
    wait = Wait(target="a-b-rail-papers", month=0, hours=20.0, sd_h=30.0, year=2026)
    spent = hours_of(in_motion(border(0.2, "paper", wait), {"a-b-rail": 2_000.0}, BORDER))
    assert spent["papers"] == pytest.approx(2.5, rel=0.1)
    assert spent["held"] == pytest.approx(17.0, rel=0.05)
    assert spent["papers"] + spent["held"] + spent["clearing"] == pytest.approx(22.0, rel=0.05)


# --- low water --------------------------------------------------------------------------------------------------------


def test_a_ship_leaves_with_what_the_water_lets_aboard() -> None:
    # Room for 0.6 of a load until 100 h, for all of it then. A quarter comes every 5 h from 0 h: two quarters go at 10 h,
    # when three wait and the third is one too many; the next two of the five that wait at 30 h, when the ship is back.
    # After 100 h four quarters go at once.
    line = there_and_back(10.0, longest=500.0)
    line["legs"][1]["longest"] = 0.0
    shallow = scene(
        [], [[delayed(10.0, FIXED)], [delayed(10.0, FIXED)], [ridden(0, 0.25)]], dispatches=loads(5.0, 40),
        vehicles=[{"fleet": 0, "node": WEST, "turn": 0}], edges=[0.0, 100.0, FOREVER], room=[[0.6, 1.0], [1.0, 1.0]], **line,
    )  # fmt: skip
    state, _ = ran(shallow, until=200.0)
    trips = state.trips[: state.counts[5]]
    out = trips[trips["leg"] == 0]
    assert out["left"][:2].tolist() == [10.0, 30.0]
    assert set(out["room"][out["left"] < 100.0].tolist()) == {0.5}
    assert set(out["room"][out["left"] > 100.0].tolist()) == {1.0}
    assert state.legs["shallow"][0] == pytest.approx(0.4 * (out["left"] < 100.0).sum())


def test_low_water_that_leaves_all_the_room_changes_nothing() -> None:
    run, line = [delayed(10.0), delayed(1.0)], there_and_back(10.0)
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(2)]
    given: dict[str, Any] = {"vehicles": vehicles, "edges": [0.0, 300.0, FOREVER], **line}
    one, two = (
        ran(scene([], [run, run, [ridden(0, 0.1)]], [source(1.5, 400, 2)], room=room, **given), until=900.0)[0]
        for room in (None, [[1.0, 1.0], [1.0, 1.0]])
    )
    assert one.records[: one.counts[4]].tobytes() == two.records[: two.counts[4]].tobytes()


def ferry(depth: float | None, levels: dict[int, float], *, fall: float = 0.0, base: int = 2026) -> Corridor:
    """Return two ports on the Caspian and a ship that draws 5 m laden, with a depth at the berth of one of them."""
    drawn = sketch("A~~24~~B")
    ship = {"teu": 2.0, "draught_m": 5.0, "mode": "sea"}
    rows = [
        TABLES["vehicle_types"](id="ship", name="Ship", **ship),
        TABLES["fleets"](id="ships", name="Ships", vehicle_type="ship", vehicles=1.0, availability=1.0),
        *(TABLES["rotations"](fleet="ships", seq=n, service=s) for n, s in ((1, "a-b-sea"), (2, "b-a-sea"))),
        *(replace(drawn.services[ServiceId(s)], fleet=FleetId("ships")) for s in ("a-b-sea", "b-a-sea")),
        *(TABLES["departures"](service=s, seq=1, rule="fill", fill=1.0, max_wait_h=100.0) for s in ("a-b-sea", "b-a-sea")),
        TABLES["resources"](
            id="quay", name="Quay", place="b", kind="berth", servers=1.0, capacity=1e6, capacity_unit="TEU/year",
            capacity_scope="both-ways", depth_m=depth,
        ),
        *(TABLES["uses"](user=s, resource="quay", scope="vehicle", amount=1) for s in ("a-b-sea", "b-a-sea")),
        *(TABLES["water_levels"](water="caspian", month=m, level_m=x, fall_m=fall) for m, x in levels.items()),
        *(
            TABLES["defaults"](id=a.replace("_", "-"), table="vehicle_types", attribute=a, value=v, unit="1", reason="drawn")
            for a, v in (("keel_clearance", 0.1), ("load_per_m", 0.25))
        ),
        replace(next(iter(drawn.about.rows)), base_year=base),
    ]  # fmt: skip
    return with_rows(drawn, *rows)


def shares(corridor: Corridor) -> NDArray[np.float64]:
    """Return the share of a ship that may be loaded towards B, from January to December of 2026."""
    world = in_motion(corridor, {"a-b-sea": 10.0})
    plan = world.play.scene.plan
    found: NDArray[np.float64] = plan.monthly[plan.rooms, 3:15]
    return found


def test_a_month_of_low_water_takes_a_quarter_of_the_load_for_a_metre() -> None:
    # A draught of 5 m and a tenth of it under the keel want 5.5 m. In May 1.1 m is missing: a draught of 4 m, 3/4 aboard.
    found = shares(ferry(5.5, {5: -1.1, 7: 0.3}))
    assert found == pytest.approx([1, 1, 1, 1, 0.75, 1, 1, 1, 1, 1, 1, 1])
    # The level falls by 0.55 m a year, and two years have passed: all months have 1.1 m less.
    later = shares(ferry(5.5, dict.fromkeys(range(1, 13), 0.0), fall=0.55, base=2024))
    assert later == pytest.approx([0.75] * 12)
    # A depth that nobody knows is no limit, and a level that nobody gave is that of the depths.
    assert shares(ferry(None, {5: -1.1})) == pytest.approx([1.0] * 12)
    assert shares(ferry(5.5, {})) == pytest.approx([1.0] * 12)


def test_a_service_that_is_shut_for_two_weeks_does_not_sail_then() -> None:
    shut = TABLES["closures"](
        target="services:a-b-sea", from_date=date(2026, 2, 5), until_date=date(2026, 2, 19), reason="a storm"
    )
    cargo = {"a-b-sea": 400.0, "b-a-sea": 400.0}

    def arrivals(corridor: Corridor) -> list[float]:
        _, state, _ = played(in_motion(corridor, cargo).play, 1, 0)
        trips = state.trips[: state.counts[TRIPS]]
        return [float(t) for t in trips["arrived"][trips["leg"] == 0] if 864.0 < t < 1200.0]

    # A run takes a day: nothing that left from the 5th on is there from the 6th to the 19th.
    assert arrivals(ferry(5.5, {})) and not arrivals(with_rows(ferry(5.5, {}), shut))


def test_records_of_a_ship_say_where_it_is_and_for_what_it_waits(tmp_path: Path) -> None:
    shut = TABLES["closures"](
        target="services:a-b-sea", from_date=date(2026, 2, 5), until_date=date(2026, 2, 19), reason="a storm"
    )
    world = in_motion(with_rows(ferry(5.5, {}), shut), {"a-b-sea": 10.0, "b-a-sea": 10.0})
    write_records(world, 1, 0, tmp_path / "records.parquet")
    table = pl.read_parquet(tmp_path / "records.parquet")
    ship = table.filter(pl.col("vehicle") == "ships:1", pl.col("consignment").is_null())
    out = ship.filter(pl.col("service") == "a-b-sea")
    voyage = out.filter(pl.col("voyage") == out["voyage"][0])
    assert voyage["activity"].to_list()[1:4] == ["repair", "closure", "moving"]
    assert voyage["place"].to_list() == ["a", "a", "a", "a", "b"]
    assert ship["fleet"].unique().to_list() == ["ships"]
    boxes = table.filter(pl.col("activity") == "ride")
    assert set(boxes["place"]) == {"a", "b"} and set(boxes["vehicle"]) == {"ships:1"} and set(boxes["origin"]) == {"a"}


def test_a_pair_of_opposite_luck_has_opposite_repairs() -> None:
    # A ship that works 80 % of the time: what a pair of years has in the mean varies less than two years of their own.
    lame = replace(ferry(5.5, {}).fleets[FleetId("ships")], availability=0.8)
    play = in_motion(with_rows(ferry(5.5, {}), lame), {"a-b-sea": 10.0}).play

    def works(number: int, *, antithetic: bool) -> float:
        plan = drawn(play, 1, number, antithetic=antithetic)[0].plan
        hours = plan.hours[plan.open_first[-2] : plan.open_first[-1]]
        return float((hours["closes"] - hours["opens"]).sum()) / (play.axis.end - play.axis.begin)

    apart, pairs = (
        np.array([works(n, antithetic=antithetic) for n in range(200)]).reshape(100, 2).mean(axis=1)
        for antithetic in (False, True)
    )
    assert pairs.mean() == pytest.approx(0.8, abs=0.01)
    assert pairs.std() < 0.75 * apart.std()


def test_a_ladder_has_a_rung_of_low_water() -> None:
    world = in_motion(ferry(5.5, dict.fromkeys(range(1, 13), -1.1)), {"a-b-sea": 100.0, "b-a-sea": 100.0})
    (line,) = lines(world, [played(world.play, 1, 0)[0]])
    nominal, low = line.ladder[:2]
    assert low.loss == "low water" and low.hours == 0.0
    assert low.capacity == pytest.approx(0.75 * nominal.capacity)
    assert sum(r.hours for r in line.ladder) == pytest.approx(line.round_trip, rel=1e-6)


def test_no_ship_sails_in_a_month_without_water_and_what_came_sails_in_the_next() -> None:
    # In May 4 m are missing, so no load is left by the rule of 0.25 a metre; all ships lie still, as in `assign`.
    dry, wet = (in_motion(ferry(5.5, level), {"a-b-sea": 4.0, "b-a-sea": 4.0}) for level in ({5: -5.0}, {}))

    def sailings(world: World) -> list[int]:
        _, state, _ = played(world.play, 1, 0)
        left = state.trips[: state.counts[TRIPS]]["left"]
        begin = sum(24.0 * d for d in (31, 28, 31, 30))
        edges = [begin - 720.0, begin, begin + 744.0, begin + 768.0, begin + 1464.0]
        return [int(n) for n in np.histogram(left, edges)[0]]

    april, may, first_of_june, june = sailings(dry)
    assert april > 3 and may == 0 and first_of_june >= 1 and june >= 3
    assert min(sailings(wet)[:2]) > 3
    plan = dry.play.scene.plan
    assert plan.monthly[plan.rooms, 3:15].tolist() == [*[1.0] * 4, 0.0, *[1.0] * 7]


def test_a_ship_that_can_never_float_is_named_before_the_run() -> None:
    world = in_motion(ferry(1.0, {}), {"a-b-sea": 10.0})
    with pytest.raises(DataError, match=r"vehicle_types.*ship.*draught_m.*'5'.*ships can never sail between a and b"):
        check(world)


# --- how sure it is ---------------------------------------------------------------------------------------------------


def test_pairs_of_opposite_luck_are_as_sure_as_their_means() -> None:
    # Four replications are two pairs, so the interval has one degree of freedom: 12.71 times the standard error.
    world = in_motion(border(0.3), {"a-b-rail": 100.0}, BORDER)
    parts = [played(world.play, 1, n, antithetic=True)[0] for n in range(4)]
    means = [float(np.average(p.hours, weights=p.units)) for p in parts]
    pairs = [(means[0] + means[1]) / 2, (means[2] + means[3]) / 2]
    error = 12.71 * abs(pairs[0] - pairs[1]) / 2
    (time,) = (t for t in lead_times(world, parts, antithetic=True) if t.month == 0)
    assert time.error == pytest.approx(error, rel=1e-4)  # hours are kept in four bytes
    (apart,) = (t for t in lead_times(world, parts) if t.month == 0)
    assert apart.error == pytest.approx(3.18 * np.std(means, ddof=1) / 2, rel=1e-4)
    # Pair means that deviate by a tenth: (1.96 x 0.1 / 0.05)^2 = 15.4, so 16 pairs.
    sure = replace(time, error=12.71 * 0.1 * time.mean / np.sqrt(2))
    assert needed([sure], 4, antithetic=True) == 2 * 16
    (one,) = (t for t in lead_times(world, parts[:2], antithetic=True) if t.month == 0)
    assert needed([one], 2, antithetic=True) == 0


# --- months that are shut ---------------------------------------------------------------------------------------------


def stormy(shut: tuple[int, ...]) -> World:
    """Return a ferry whose quay at B storms close in some months, and hardly in the others."""
    drawn, site = ferry(None, {}), WeatherSiteId("roads")
    rows = [
        TABLES["weather_sites"](id=site, name="Roads", group="sea", loading=1.0),
        *(
            TABLES["weather"](site=site, month=m, closed_share=1.0 if m in shut else 0.01, mean_spell_h=24.0)
            for m in range(1, 13)
        ),
        replace(next(iter(drawn.resources.rows)), weather=site, capacity=600.0, capacity_unit="calls/day"),
    ]
    return in_motion(with_rows(drawn, *rows), {"a-b-sea": 10.0, "b-a-sea": 10.0})


@pytest.mark.parametrize("month", [1, 5])
def test_a_month_shut_by_weather_is_waited_out(month: int) -> None:
    # A box sent on the first day of the month waits for the end of it: nobody is served at the quay in between.
    world = stormy((month,))
    check(world)
    part, state, plan = played(world.play, 1, 0, kept=True)
    quay = records(state)
    quay = quay[np.isin(quay["activity"], np.flatnonzero(plan.activities["target"] == 0)) & (quay["began"] > 0)]
    first, last = world.play.axis.edges[month + 2 : month + 4]
    assert not ((quay["began"] >= first) & (quay["began"] < last)).any()
    assert np.isfinite(part.hours).all()
    assert part.hours[part.month == month - 1].mean() > part.hours[part.month == 8].mean() + 200.0
    (use,) = (s for s in stations(world, [part]) if s.id == "quay")
    assert use.utilisation[month - 1] == 0.0 and 0.0 < use.utilisation[8] < 1.0


def test_a_quay_shut_in_all_months_is_named_once() -> None:
    with pytest.raises(DataError) as caught:
        check(stormy(tuple(range(1, 13))))
    assert str(caught.value).startswith(
        "resources, row quay, column capacity: found '0 calls/day'; right would be above 0"
    )
    assert len(caught.value.problems) == 1


def test_both_directions_of_a_track_that_carries_nothing_are_one_problem() -> None:
    drawn = sketch("A--B")
    track = TABLES["resources"](id="track", name="Track", kind="track", capacity=0.0, capacity_unit="trains/day",
                                capacity_scope="each-way")  # fmt: skip
    uses = [TABLES["uses"](user="rail-a-b", resource="track", scope="vehicle", amount=1.0)]
    world = in_motion(with_rows(drawn, track, *uses), {"a-b-rail": 10.0, "b-a-rail": 10.0})
    assert len(world.sites.limits) == 2
    with pytest.raises(DataError) as caught:
        check(world)
    assert len(caught.value.problems) == 1


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_who_goes_first_may_change_with_the_month() -> None:
    # One server, 10 h each. At 0 h one is served; another of rank 3 and one of rank 0 wait, so the latter is next. From
    # 100 h on both have one rank, and the first who came goes first.
    routes = [[served(0, 10.0, FIXED)], [served(0, 10.0, FIXED)]]
    sent = [{"time": t + n, "route": n % 2} for t in (0.0, 100.0) for n in range(4)]
    given = scene(
        [station()], routes, dispatches=sent, edges=[0.0, 100.0, FOREVER], ranks=[0, 1], orders=[[3, 1], [0, 1]]
    )
    ended = records(ran(given)[0])
    order = [int(x) for x in ended["lot"][np.argsort(ended["ended"])]]
    assert order == [0, 1, 3, 2, 4, 5, 6, 7]


def desk(*rations: Any) -> Corridor:
    """Return a border with one desk that takes 2 h for a box."""
    drawn = border(0.0)
    step = replace(drawn.steps[StepId("a-b-rail-papers")], scv=0.0)
    rows = [
        step,
        TABLES["resources"](id="desk", name="Desk", place="a", kind="officer", servers=1.0),
        TABLES["backgrounds"](resource="desk", year=2026, month=0, what="others", amount=0.0, unit="share"),
        TABLES["uses"](user=step.id, resource="desk", scope="unit", amount=1.0),
        TABLES["delays"](kind="officer", arrival_scv=1.0, service_scv=0.0, reason="drawn"),
        *rations,
    ]
    return with_rows(drawn, *rows)


def first(rule: str, **more: Any) -> Any:
    """Return a rule of the desk for wheat."""
    return TABLES["rations"](resource="desk", seq=1, rule=rule, commodity="wheat", reason="drawn", **more)


def queues(corridor: Corridor) -> NDArray[np.float64]:
    """Return the hours in the queue of a mean box by (commodity, half-year), of wheat and of coal."""
    return waits_of(in_motion(corridor, {"a-b-rail": 150.0}, BORDER, ("wheat", "coal")), "in a queue")


def waits_of(world: World, cause: str) -> NDArray[np.float64]:
    """Return the hours of a cause that a mean box of two flows waits, by (flow, half-year)."""
    part = played(world.play, 1, 0)[0]
    waits = part.spent[:, :, CAUSES.index(cause)]
    units = np.array([np.bincount(part.month[part.flow == n], part.units[part.flow == n], 12) for n in (0, 1)])
    found: NDArray[np.float64] = waits.reshape(2, 2, 6).sum(axis=2) / units.reshape(2, 2, 6).sum(axis=2)
    return found


def test_a_priority_is_honoured_where_the_data_name_it() -> None:
    # 300 boxes of 2 h in a month of 730 h: the desk is used to 82 %. Who goes first takes from the wait of one what it
    # adds to that of the other, as all take 2 h (Kleinrock's conservation law).
    alike, ranked = queues(desk()), queues(desk(first("priority")))
    assert alike[0] == pytest.approx(alike[1], rel=0.5)
    assert (ranked[0] < 0.7 * ranked[1]).all()
    assert ranked.mean(axis=0) == pytest.approx(alike.mean(axis=0), rel=1e-6)


def test_a_priority_holds_while_it_is_in_force() -> None:
    # From July on. What waits on 1 July was put in line before it.
    alike, later = queues(desk()), queues(desk(first("priority", from_date=date(2026, 7, 1))))
    assert later[:, 0] == pytest.approx(alike[:, 0], rel=0.02)
    assert later[0, 1] < 0.7 * later[1, 1]


def test_a_priority_of_a_fleet_is_honoured_by_its_ships_while_it_is_in_force() -> None:
    # A ship of 2 TEU that sails 15 times a month, and 30 boxes for it: who goes first waits for the next one, and what
    # that takes from the wait of one it adds to that of the other, since as many sail as before.
    def boxes(*rations: Any) -> NDArray[np.float64]:
        world = in_motion(with_rows(ferry(5.5, {}), *rations), {"a-b-sea": 15.0}, commodities=("wheat", "coal"))
        return waits_of(world, "for a vehicle")

    rule = replace(first("priority", from_date=date(2026, 7, 1)), resource="ships")
    alike, ranked = boxes(), boxes(rule)
    assert ranked[:, 0] == pytest.approx(alike[:, 0], rel=0.05) and alike[0] == pytest.approx(alike[1], rel=0.5)
    assert ranked[0, 1] < 0.7 * ranked[1, 1] and ranked[0, 1] < alike[0, 1]
    assert ranked.mean() == pytest.approx(alike.mean(), rel=0.02)


def test_a_price_lets_the_dearer_half_go_first_and_a_ban_is_left_to_the_flows() -> None:
    network = compile_network(desk(), months(date(2026, 1, 1), 12))
    chain, sizes = np.zeros(0, np.int32), np.zeros((0, len(SIZES)))
    cheap, dear = (Load("d", "a", "b", "wheat", FORM, chain, sizes, np.ones(12), 10.0, hour=h) for h in (1.0, 3.0))
    ranks = Ranks(network, desk(first("price")), (cheap, dear))
    rows = [ranks.rows[ranks.of("desk", each)][0] for each in ((dear,), (cheap,), (cheap, dear), ())]
    assert rows == [1, 2, 1, 3]
    assert Ranks(network, desk(first("ban")), (cheap, dear)).of("desk", (dear,)) == 0
    assert ranks.of("another", (dear,)) == 0


# --- locomotives ------------------------------------------------------------------------------------------------------


def test_a_train_keeps_its_locomotive_to_the_end_of_its_run() -> None:
    # Two trains are loaded at 0 h, with one locomotive between them: the second leaves when the first is there, 10 h
    # later, whatever it is served by on the way. The locomotive works 20 h.
    run = [served(0, 0.0, FIXED), {"kind": KEEP}, delayed(4.0, FIXED), served(1, 2.0, FIXED), delayed(4.0, FIXED)]
    line = there_and_back(10.0, longest=500.0)
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(2)]
    given = scene([station(), station(5)], [run, [delayed(10.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(0.0, 2),
                  vehicles=vehicles, **line)  # fmt: skip
    state, _ = ran(given, until=100.0)
    assert records(state, 2)["ended"].tolist() == [10.0, 20.0]
    assert state.tally["work"][0].sum() == pytest.approx(20.0)
    assert state.stations["busy"].tolist() == [0, 0]


def test_a_lot_that_ends_gives_back_what_it_took() -> None:
    route = [served(0, 0.0, FIXED), {"kind": KEEP}, delayed(3.0, FIXED)]
    state, _ = ran(scene([station()], [route], dispatches=[{"time": 0.0, "route": 0} for _ in range(4)]))
    assert records(state)["ended"][records(state)["activity"] == 2].tolist() == [3.0, 6.0, 9.0, 12.0]
    assert state.stations["busy"].tolist() == [0]


def trains(locomotives: float, others: float = 0.0) -> Corridor:
    """Return two places 100 h apart and three trains of one box each, with locomotives for them and for others."""
    drawn = sketch("A--100--B")
    ends = ("a-b-rail", "b-a-rail")
    rows = [
        TABLES["vehicle_types"](id="set", name="Set", mode="rail", teu=2.0),
        TABLES["fleets"](id="sets", name="Sets", vehicle_type="set", vehicles=3.0, availability=1.0),
        *(TABLES["rotations"](fleet="sets", seq=n, service=s) for n, s in enumerate(ends, 1)),
        *(replace(drawn.services[ServiceId(s)], fleet=FleetId("sets")) for s in ends),
        *(TABLES["departures"](service=s, seq=1, rule="fill", fill=1.0, max_wait_h=1.0) for s in ends),
        TABLES["resources"](id="engines", name="Engines", kind="locomotive", servers=locomotives),
        TABLES["backgrounds"](resource="engines", year=2026, month=0, what="others", amount=others, unit="share"),
        *(TABLES["uses"](user=s, resource="engines", scope="vehicle", amount=1.0) for s in ends),
    ]
    return with_rows(drawn, *rows)


def test_trains_go_as_often_as_there_are_locomotives() -> None:
    # A round takes 200 h and three sets make 131 runs each way in a year of 8,760 h; with one locomotive it is 43.8.
    # Of 400 locomotives others have 95 %, so that 20 are left and three sets are short of none.
    def runs(corridor: Corridor) -> int:
        part = played(in_motion(corridor, {"a-b-rail": 100.0, "b-a-rail": 100.0}).play, 1, 0)[0]
        return int(part.legs["count"][0])

    assert runs(trains(1.0)) == pytest.approx(43.8, abs=2)
    assert runs(trains(3.0)) == pytest.approx(131.4, abs=3)
    assert runs(trains(400.0, 0.95)) == pytest.approx(131.4, abs=3)
    world = in_motion(trains(400.0, 0.95), {"a-b-rail": 100.0, "b-a-rail": 100.0})
    assert world.play.scene.stations["servers"].tolist() == [20]
    # Three trains are under way all year: 3 of the 400, with the 95 % of others.
    (use,) = (s for s in stations(world, [played(world.play, 1, 0)[0]]) if s.id == "engines")
    assert np.mean(use.utilisation) == pytest.approx(0.95 + 3 / 400, abs=0.001)


def test_a_closure_early_in_the_year_is_not_covered_by_what_lies_beyond_it() -> None:
    """Calendars of a network go on for months beyond the year: these must not come before it as the months of the next."""
    arrays = cast(
        Any, SimpleNamespace(open_first=[0, 2], opens=np.array([-24.0, 1076.0]), closes=np.array([740.0, 11688.0]))
    )
    axis = cast(Any, SimpleNamespace(year=(0.0, 8784.0), begin=-2208.0, end=10968.0))
    assert repeated(arrays, axis, 0) == [(-2208.0, 740.0), (1076.0, 8784.0 + 740.0), (8784.0 + 1076.0, 10968.0)]
