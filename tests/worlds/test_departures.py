"""Vehicles in small worlds: every cycle, wait and load can be worked out on paper."""

from typing import Any

import numpy as np
import pytest

from tests.shops import Row, delayed, gated, ran, records, ridden, scene, served, source, station
from transcaspian.kernels.scene import FILL, FIXED, FOREVER, HEADWAY, LOADING, TIMETABLE, UNLOADING
from transcaspian.simulation.play import leg_of

WEST, EAST = 0, 1


def leg(fleet: int, origin: int, destination: int, route: int, rule: int = FILL, **more: Any) -> Row:
    """Return a leg that leaves when full or after a day."""
    given = {"fill": 1.0, "longest": 24.0, "headway": 0.0, **more}
    return {"fleet": fleet, "origin": origin, "destination": destination, "route": route, "rule": rule, **given}


def there_and_back(run: float, **more: Any) -> dict[str, Any]:
    """Return a fleet of one line: leg 0 west to east, leg 1 back, each ``run`` hours; routes 0 and 1 are the vehicles'."""
    return {
        "fleets": [{"leg_first": 0, "leg_end": 2}],
        "turns": [0, 1],
        "empty": [[0.0, run], [run, 0.0]],
        "legs": [leg(0, WEST, EAST, 0, **more), leg(0, EAST, WEST, 1, **more)],
    }


def loads(every: float, count: int, route: int = 2, first: float = 0.0) -> list[Row]:
    """Return dispatches at even times."""
    return [{"time": first + every * n, "route": route} for n in range(count)]


def test_a_ferry_goes_as_often_as_its_cycle_allows() -> None:
    # Out 10 h, back 10 h, loading and unloading 2 h each at both ends for a full ship: 4 loads of 0.5 h each; back it
    # goes empty (no cargo, no work) after the longest wait of 0 h. Round trip: 2 + 10 + 2 + 10 = 24 h: one a day, 4 a day.
    run = [delayed(0.0, LOADING), delayed(10.0, FIXED), delayed(0.0, UNLOADING)]
    back = [delayed(10.0, FIXED)]
    line = there_and_back(10.0)
    line["legs"][1]["longest"] = 0.0
    cargo = [ridden(0, 0.25, load=0.5, unload=0.5)]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    given = scene([], [run, back, cargo], dispatches=loads(0.0, 40), vehicles=vehicles, **line)
    state, _ = ran(given, until=239.0)
    rides = records(state, 2)
    assert rides["ended"].tolist() == [14.0 + 24.0 * (n // 4) for n in range(40)]
    trips = state.trips[: state.counts[5]]
    assert trips["left"].tolist() == [x for n in range(10) for x in (24.0 * n, 24.0 * n + 14.0)]


def test_what_waits_for_a_ship_is_booked_in_ship_loads() -> None:
    # Four quarters come at 0 h and four at 5 h, while the ship is away to 24 h: a load waits for 19 h, 5 of them after 19 h.
    run, line = [delayed(12.0, FIXED)], there_and_back(12.0)
    line["legs"][1]["longest"] = 0.0
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    dispatches = [*loads(0.0, 4), *loads(0.0, 4, first=5.0)]
    edges = [0.0, 19.0, 100.0, FOREVER]
    given = scene([], [run, run, [ridden(0, 0.25)]], dispatches=dispatches, vehicles=vehicles, edges=edges, **line)
    tally = ran(given, until=90.0)[0].tally[0]
    assert tally["queue"][:2].tolist() == [14.0, 5.0]
    assert tally["longest"][:2].tolist() == [1.0, 1.0]
    assert tally["wait"].sum() == 4 * 19.0 and tally["served"].sum() == 8


def test_two_ships_go_twice_as_often_and_none_is_in_two_places() -> None:
    run, back = [delayed(12.0, FIXED)], [delayed(12.0, FIXED)]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(2)]
    line = there_and_back(12.0, longest=1000.0)
    line["legs"][1]["longest"] = 0.0
    given = scene([], [run, back, [ridden(0, 1.0)]], dispatches=loads(12.0, 50), vehicles=vehicles, **line)
    state, _ = ran(given, until=590.0)
    trips = state.trips[: state.counts[5]]
    # One full load every 12 h and a cycle of 24 h: two ships carry all of it without waiting.
    assert (records(state, 2)["began"] == records(state, 2)["asked"]).all()
    for number in (0, 1):
        own = trips[trips["vehicle"] == number]
        assert (own["left"][1:] >= own["arrived"][:-1] - 1e-9).all()
        assert (np.diff(own["leg"]) != 0).all()


def test_a_ship_waits_for_its_fill_or_the_longest_time() -> None:
    # A quarter load comes at 0, 6, 12 and 18 h: full at 18 h. The ship is back at 20. One more quarter comes at 30: it
    # leaves 24 h after the ship came.
    line = there_and_back(1.0)
    line["legs"][1]["longest"] = 0.0
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    dispatches = [*loads(6.0, 4), *loads(0.0, 1, first=30.0)]
    given = scene(
        [],
        [[delayed(1.0, FIXED)], [delayed(1.0, FIXED)], [ridden(0, 0.25)]],
        dispatches=dispatches,
        vehicles=vehicles,
        **line,
    )
    rides = records(ran(given, until=500.0)[0], 2)
    assert rides["began"][:4].tolist() == [18.0] * 4
    assert rides["began"][4] == pytest.approx(44.0)


def test_a_timetable_and_a_headway_are_kept_when_there_are_vehicles() -> None:
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    line = there_and_back(3.0)
    line["legs"][0] |= {"rule": TIMETABLE, "slot_first": 0, "slot_end": 4}
    line["legs"][1] |= {"longest": 0.0}
    given = scene([], [[delayed(3.0, FIXED)], [delayed(3.0, FIXED)], [ridden(0, 0.4)]], dispatches=loads(5.0, 6), vehicles=vehicles,
                  slots=[12.0, 20.0, 50.0, 70.0], **line)  # fmt: skip
    rides = records(ran(given, until=200.0)[0], 2)
    # At 12 h the loads of 0, 5 and 10 h wait: two of 0.4 fit. At 20 h those of 10, 15 and 20: again two. At 50: 20, 25.
    assert rides["began"].tolist() == [12.0, 12.0, 20.0, 20.0, 50.0, 50.0]
    line = there_and_back(3.0, rule=HEADWAY, headway=24.0)
    given = scene([], [[delayed(3.0, FIXED)], [delayed(3.0, FIXED)]], vehicles=vehicles, **line)
    trips = ran(given, until=1000.0)[0].trips[:60]
    out = trips["left"][(trips["leg"] == 0) & (trips["left"] > 0)]
    assert np.allclose(np.diff(out), 24.0)


def test_wagons_and_trucks_share_a_deck() -> None:
    # A deck of 46 wagons or 50 trucks: 23 wagons take half, so 25 trucks and no more go with them.
    line = there_and_back(10.0, longest=1.0)
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    dispatches = [{"time": 0.0, "route": 2}, *({"time": 0.5, "route": 3} for _ in range(30))]
    given = scene([], [[delayed(10.0, FIXED)], [delayed(10.0, FIXED)], [ridden(0, 0.5)], [ridden(0, 0.02)]],
                  dispatches=dispatches, vehicles=vehicles, **line)  # fmt: skip
    state, _ = ran(given, until=15.0)
    assert len(records(state, 3)) == 25
    assert state.trips["room"][0] == pytest.approx(1.0)


def test_a_storm_holds_a_ship_at_both_ends() -> None:
    # Ready at 0, closed 0 to 5 at the origin; arrives at 15, closed 14 to 20 at the destination: there at 20.
    run = [gated(0), delayed(10.0, FIXED), gated(1)]
    calendars = [[(5.0, 1000.0)], [(0.0, 14.0), (20.0, 1000.0)]]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0}]
    given = scene([], [run, [delayed(10.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(0.0, 1), vehicles=vehicles, calendars=calendars,
                  **there_and_back(10.0))  # fmt: skip
    assert records(ran(given, until=100.0)[0], 2)["ended"].tolist() == [20.0]


def test_a_broken_ship_stays_where_it_is() -> None:
    # The ship can work from 7 h on only; its berth and the sea are open.
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0, "calendar": 0}]
    given = scene([], [[gated(-1), delayed(10.0, FIXED)], [delayed(10.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(0.0, 1),
                  vehicles=vehicles, calendars=[[(7.0, 1000.0)]], **there_and_back(10.0))  # fmt: skip
    assert records(ran(given, until=100.0)[0], 2)["ended"].tolist() == [17.0]


def test_a_ship_in_repair_lets_another_take_the_cargo() -> None:
    # Of two ships the one that stood first works again from 50 h on; the other takes the load, the first the next.
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0, "calendar": n} for n in range(2)]
    given = scene([], [[gated(-1), delayed(10.0, FIXED)], [delayed(10.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(5.0, 2),
                  vehicles=vehicles, calendars=[[(50.0, 1000.0)], [(0.0, 1000.0)]],
                  **there_and_back(10.0, longest=500.0))  # fmt: skip
    assert records(ran(given, until=100.0)[0], 2)["ended"].tolist() == [10.0, 60.0]


def test_a_ship_in_repair_is_not_where_cargo_is_due_and_another_is_called() -> None:
    # Two ships that go where cargo waits. The first brings a load to the east at 10 h, broken since 5 h, and is repaired at
    # 60 h; a load stands there from 8 h on. The second is called from the west at 8 h, is there at 18 h and takes it: 28 h,
    # where it would have waited aboard the first until 70 h. Repaired, the first takes what comes at 50 h: 70 h.
    line = there_and_back(10.0, longest=500.0)
    line["fleets"] = [{"leg_first": 0, "leg_end": 2, "by_demand": 1}]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0, "calendar": n} for n in range(2)]
    run = [gated(-1), delayed(10.0, FIXED)]
    dispatches = [{"time": 0.0, "route": 2}, {"time": 8.0, "route": 3}, {"time": 50.0, "route": 3}]
    given = scene([], [run, run, [ridden(0, 1.0)], [ridden(1, 1.0)]], dispatches=dispatches, vehicles=vehicles,
                  calendars=[[(0.0, 5.0), (60.0, 1000.0)], [(0.0, 30.0), (500.0, 1000.0)]], **line)  # fmt: skip
    state, _ = ran(given, until=200.0)
    assert records(state, 2)["ended"].tolist() == [10.0]
    assert records(state, 3)["ended"].tolist() == [28.0, 70.0]


def test_ships_wait_for_a_berth() -> None:
    # Two full ships arrive together, one berth, 4 h to unload: one is done at 14 h, the other at 18 h.
    run = [delayed(10.0, FIXED), served(0, 4.0, FIXED)]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(2)]
    given = scene([station()], [run, [delayed(10.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(0.0, 2), vehicles=vehicles,
                  **there_and_back(10.0, longest=500.0))  # fmt: skip
    assert records(ran(given, until=100.0)[0], 2)["ended"].tolist() == [14.0, 18.0]


def test_a_ship_does_not_lie_where_less_waits_while_cargo_waits_at_the_other_end() -> None:
    # Two ships lie in the east, full at 0.7, and wait 168 h at most. 0.2 of a load comes there at 1 h and 0.3 to the
    # west at 5 h: one ship, which is not needed here, goes to fetch it with the 0.2 aboard and is there at 15 h; the other
    # stays, since one is on its way. 0.4 more come at 20 h and fill it: 30 h.
    run, light, heavy, more = [delayed(10.0, FIXED)], [ridden(1, 0.2)], [ridden(0, 0.3)], [ridden(0, 0.4)]
    dispatches = [{"time": 1.0, "route": 2}, {"time": 5.0, "route": 3}, {"time": 20.0, "route": 4}]
    vehicles = [{"fleet": 0, "node": EAST, "turn": 1} for _ in range(2)]
    given = scene([], [run, run, light, heavy, more], dispatches=dispatches, vehicles=vehicles,
                  **there_and_back(10.0, longest=168.0, fill=0.7))  # fmt: skip
    state, _ = ran(given, until=100.0)
    trips = state.trips[: state.counts[5]]
    assert trips["left"].tolist() == [5.0, 20.0]
    assert records(state, 2)["ended"].tolist() == [15.0]
    assert records(state, 3)["ended"].tolist() == records(state, 4)["ended"].tolist() == [30.0]


def test_a_ship_stays_where_more_waits_than_at_the_other_end() -> None:
    # 0.4 waits in the east with the ship, 0.3 in the west: it fills up here first, at 30 h, and not for the 0.3.
    run = [delayed(10.0, FIXED)]
    dispatches = [{"time": 1.0, "route": 2}, {"time": 5.0, "route": 3}, {"time": 30.0, "route": 2}]
    given = scene([], [run, run, [ridden(1, 0.4)], [ridden(0, 0.3)]], dispatches=dispatches,
                  vehicles=[{"fleet": 0, "node": EAST, "turn": 1}], **there_and_back(10.0, longest=168.0, fill=0.7))  # fmt: skip
    trips = ran(given, until=60.0)[0].trips
    assert trips["left"][0] == 30.0


def test_trains_go_where_cargo_waits_and_run_empty_to_it() -> None:
    # One train stands in the west; a full load waits in the east from 5 h on. It runs 8 h empty, then 8 h back: 21 h.
    line = there_and_back(8.0)
    line["fleets"] = [{"leg_first": 0, "leg_end": 2, "by_demand": 1}]
    given = scene([], [[delayed(8.0, FIXED)], [delayed(8.0, FIXED)], [ridden(1, 1.0)]], dispatches=loads(0.0, 1, first=5.0),
                  vehicles=[{"fleet": 0, "node": WEST, "turn": 0}], **line)  # fmt: skip
    state, _ = ran(given, until=100.0)
    assert records(state, 2)["ended"].tolist() == [21.0]
    assert state.legs["called"].tolist() == [0, 0]
    trips = state.trips[: state.counts[5]]
    assert trips[["leg", "node", "left", "arrived"]].tolist() == [(-3, WEST, 5.0, 13.0), (1, EAST, 13.0, 21.0)]
    assert leg_of(trips).tolist() == [1, 1]


def test_a_train_that_nobody_needs_runs_ahead_to_where_cargo_gathers() -> None:
    # Half a load comes to the east at 5 h and the rest at 20 h. The train that stands in the west sets out at 5 h, is there
    # at 13 h, and leaves full at 20 h; called at 20 h it would leave at 28 h. Brought back to the west, it stands.
    line = there_and_back(8.0, longest=100.0)
    line["fleets"] = [{"leg_first": 0, "leg_end": 2, "by_demand": 1}]
    given = scene([], [[delayed(8.0, FIXED)], [delayed(8.0, FIXED)], [ridden(1, 0.5)]], dispatches=loads(15.0, 2, first=5.0),
                  vehicles=[{"fleet": 0, "node": WEST, "turn": 0}], **line)  # fmt: skip
    state, _ = ran(given, until=100.0)
    trips = state.trips[: state.counts[5]]
    assert trips[["leg", "left", "arrived"]].tolist() == [(-3, 5.0, 13.0), (1, 20.0, 28.0)]


def test_a_train_stays_where_cargo_waits_for_it() -> None:
    # A tenth of a load waits with the only train in the west, half a load in the east from 5 h on: it is called when that
    # is due, after a day, at 29 h, and not ahead. What waits in the west has been there for a day at 24 h, and leaves.
    line = there_and_back(8.0)
    line["fleets"] = [{"leg_first": 0, "leg_end": 2, "by_demand": 1}]
    given = scene([], [[delayed(8.0, FIXED)], [delayed(8.0, FIXED)], [ridden(1, 0.5)], [ridden(0, 0.1)]],
                  dispatches=[{"time": 0.0, "route": 3}, {"time": 5.0, "route": 2}],
                  vehicles=[{"fleet": 0, "node": WEST, "turn": 0}], **line)  # fmt: skip
    state, _ = ran(given, until=100.0)
    trips = state.trips[: state.counts[5]]
    assert trips[["leg", "left", "arrived"]].tolist() == [(0, 24.0, 32.0), (1, 32.0, 40.0)]


def test_a_ship_that_has_unloaded_goes_back_in_ballast_to_where_cargo_gathers() -> None:
    # It leaves full at 0 h and is in the east at 8 h; half a load has come to the west at 4 h, the rest comes at 30 h: it is
    # back at 16 h, and leaves at 30 h. Were it to stand until a load is due, it would leave at 38 h.
    line = there_and_back(8.0, longest=100.0)
    line["fleets"] = [{"leg_first": 0, "leg_end": 2, "by_demand": 1}]
    dispatches = [{"time": 0.0, "route": 2}, {"time": 4.0, "route": 3}, {"time": 30.0, "route": 3}]
    given = scene([], [[delayed(8.0, FIXED)], [delayed(8.0, FIXED)], [ridden(0, 1.0)], [ridden(0, 0.5)]],
                  dispatches=dispatches, vehicles=[{"fleet": 0, "node": WEST, "turn": 0}], **line)  # fmt: skip
    state, _ = ran(given, until=100.0)
    trips = state.trips[: state.counts[5]]
    assert trips[["leg", "left", "arrived"]].tolist() == [(0, 0.0, 8.0), (-2, 8.0, 16.0), (0, 30.0, 38.0)]


def test_an_endless_fleet_leaves_by_the_clock_with_all_that_waits() -> None:
    fleets = [{"leg_first": 0, "leg_end": 1, "endless": 1}]
    legs = [leg(0, 0, 1, 0, HEADWAY, headway=24.0)]
    given = scene([], [[delayed(8.0, FIXED)], [ridden(0, 1.0)]], dispatches=loads(1.0, 200, 1), fleets=fleets, turns=[0], legs=legs,
                  empty=[[0.0, FOREVER], [FOREVER, 0.0]])  # fmt: skip
    rides = records(ran(given, until=400.0)[0], 1)
    assert len(rides) == 200
    left = np.unique(rides["began"])
    assert np.allclose(np.diff(left), 24.0)
    assert np.allclose(
        (rides["began"] - rides["asked"])[24:144].mean(), 11.5, atol=0.6
    )  # 0, 1, ... 23 h before it leaves


def test_all_that_enters_leaves_or_is_somewhere() -> None:
    run = [served(0, 1.0), gated(0), delayed(10.0), gated(0), served(1, 1.0)]
    weather = [(60.0 * n, 60.0 * n + 40.0) for n in range(100)]
    cargo = [served(2, 0.2), ridden(0, 0.1, load=0.1, unload=0.1), delayed(3.0)]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(3)]
    stations = [station(), station(), station()]
    given = scene(
        stations,
        [run, run, cargo],
        [source(1.5, 2000, 2)],
        vehicles=vehicles,
        calendars=[weather],
        **there_and_back(10.0),
    )
    state, _ = ran(given, until=1000.0)
    live = int((state.lots["at"][3:] >= 0).sum())
    assert state.counts[10] + live == state.sources["made"][0]
    assert live == state.counts[8]
    assert state.trips["room"][: state.counts[5]].max() <= 1 + 1e-6


def test_a_ship_of_three_thousand_lots_unloads_at_once() -> None:
    # All go on at the same moment, each with an event of its own: more than the arrays begin with.
    fleets = [{"leg_first": 0, "leg_end": 1, "endless": 1}]
    legs = [leg(0, 0, 1, 0, HEADWAY, headway=24.0)]
    given = scene([station(5000)], [[delayed(8.0, FIXED)], [ridden(0, 1.0), served(0, 2.0, FIXED), delayed(1.0, FIXED)]],
                  dispatches=loads(0.0, 3000, 1), fleets=fleets, turns=[0], legs=legs, empty=[[0.0, FOREVER], [FOREVER, 0.0]])  # fmt: skip
    state, _ = ran(given, until=400.0)
    ended = records(state, 1)["ended"][-3000:]
    assert np.allclose(ended, ended[0])
    assert state.counts[10] == 3000
