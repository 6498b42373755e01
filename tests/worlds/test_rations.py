# mypy: disable-error-code="arg-type"
"""Who goes first where a berth or a ship runs out, on the world of ``two_ways``: one rule at a time, in its dates."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.worlds import two_ways
from tests.worlds.test_years import trade
from transcaspian.assignment.bans import waits
from transcaspian.assignment.flows import Model
from transcaspian.errors import DataError
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Delay, Ration
from transcaspian.model.corridor.service import Fleet, Rotation, VehicleType
from transcaspian.model.rules.references import unknown_references
from transcaspian.results.flows import Flows
from transcaspian.simulation.checks import check_queues
from transcaspian.study.assign import assign, model_for
from transcaspian.study.conditions import under


def world(calls: float = 10.0, **rule: Any) -> Corridor:
    """Return the world in which toys and bricks, worth a tenth, go by sea alone over one berth, under a rule."""
    made = trade(two_ways.corridor())
    toys, good = replace(made.demand["toys"], kind="captive"), made.commodities["toys"]
    made = two_ways.with_rows(
        replace(made, shares=type(made.shares)([])), "demand", toys, replace(toys, id="bricks", commodity="bricks")
    )
    made = two_ways.with_rows(made, "commodities", replace(good, id="bricks", name="Bricks", value=good.value / 10))
    made = two_ways.with_rows(made, "services", replace(made.services["trucks"], status="closed", reason="drawn"))
    made = two_ways.with_rows(made, "resources", replace(made.resources["b-berth"], capacity=calls))
    return ruled(made, **rule) if rule else made


def ruled(made: Corridor, *, resource: str = "b-berth", seq: int = 1, **rule: Any) -> Corridor:
    return two_ways.with_rows(made, "rations", Ration(resource=resource, seq=seq, reason="drawn", **rule))


def model(made: Corridor) -> tuple[Model, dict[str, int]]:
    """Return the model of 2024, and the only way of each demand."""
    found = model_for(made, 2024, None)
    return found, {s.demand.id: n for n, s in enumerate(found.segments) if len(s.ways) == 1}


def carried(flows: Flows, demand: str) -> tuple[float, ...]:
    return next(d.carried for d in flows.demands if d.demand == demand)


def test_a_ban_shuts_the_days_it_is_in_force_and_no_day_twice() -> None:
    barred = {"rule": "ban", "commodity": "bricks", "from_date": date(2024, 4, 16)}
    shut, way = model(world(**barred, until_date=date(2024, 6, 1)))
    assert shut.rationing.open[way["bricks"]] == pytest.approx([1, 1, 1, 0.5, 0, *[1] * 7])
    assert shut.rationing.open[way["toys"]] == pytest.approx([1] * 12)
    # A second ban of the berth adds its days; one elsewhere on the way only those on which the berth is open.
    two = ruled(world(**barred), seq=2, rule="ban", from_date=date(2024, 4, 4), until_date=date(2024, 4, 10))
    assert model(two)[0].rationing.open[way["bricks"], 3] == pytest.approx(0.5 - 6 / 30)
    assert model(two)[0].rationing.open[way["toys"], 3] == pytest.approx(1 - 6 / 30)
    berth = replace(two.resources["b-berth"], id="c-berth", place="c")
    use = replace(two.uses.rows[0], resource="c-berth")
    both = two_ways.with_rows(two_ways.with_rows(two, "resources", berth), "uses", use)
    days = {"from_date": date(2024, 4, 7), "until_date": date(2024, 4, 13)}
    both = ruled(both, resource="c-berth", rule="ban", **days)
    assert model(both)[0].rationing.open[way["toys"], 3] == pytest.approx(1 - 9 / 30)
    flows = assign(world(**barred, until_date=date(2024, 6, 1)), 2024)
    assert carried(flows, "bricks")[3:6] == pytest.approx([5, 0, 25]) and carried(flows, "toys")[4] == pytest.approx(10)


def test_a_quota_is_a_share_of_the_capacity_in_its_months() -> None:
    dates = {"from_date": date(2024, 4, 1), "until_date": date(2024, 6, 16)}
    found, way = model(world(rule="quota", commodity="bricks", amount=0.25, **dates))
    ((quota, limit),) = found.rationing.quotas
    assert quota.ways == {way["bricks"]} and found.table.limits[limit].id == "b-berth"
    assert quota.share == pytest.approx([1, 1, 1, 0.25, 0.25, 1 - 0.75 / 2, *[1] * 6])
    # A berth that has room for the ten boxes a month of each, and for others: bricks get a quarter of it in April.
    takes = found.ways.use_amount[found.ways.use_first[way["bricks"]]]
    calls = 34 * takes / (366 / 12)
    flows = assign(world(calls, rule="quota", commodity="bricks", amount=0.25, **dates), 2024)
    room = 0.25 * flows.limits[0].capacity[3] / takes
    assert carried(flows, "bricks")[3] == pytest.approx(room, rel=1e-6) and room < 9
    assert carried(flows, "toys")[3] == pytest.approx(10) and carried(flows, "bricks")[2] == pytest.approx(10)


APRIL = {"from_date": date(2024, 4, 10), "until_date": date(2024, 6, 10)}
"""Most of April, May, and nine days of June."""


def test_a_priority_goes_first_in_its_months_and_in_no_other() -> None:
    found, way = model(world(rule="priority", commodity="bricks", **APRIL))
    assert found.rationing.rank[way["bricks"]].tolist() == [0] * 12
    assert found.rationing.rank[way["toys"]].tolist() == [0, 0, 0, 1, 1, *[0] * 7]
    takes = found.ways.use_amount[found.ways.use_first[way["bricks"]]]
    flows = assign(world(15 * takes / (366 / 12), rule="priority", commodity="bricks", **APRIL), 2024)
    bricks, toys = (carried(flows, name) for name in ("bricks", "toys"))
    assert bricks[2] == pytest.approx(toys[2]) and toys[2] < 9
    # What waited from before goes first too: the berth has room for nothing else.
    assert toys[3:5] == pytest.approx([0, 0], abs=1e-9) and min(*bricks[3:5], toys[5]) > 10 > max(bricks[:3])


def test_a_price_lets_the_dearer_cargo_go_first_in_its_months() -> None:
    found, way = model(world(rule="price", **APRIL))
    assert found.rationing.rank[way["toys"]].tolist() == [0] * 12
    assert found.rationing.rank[way["bricks"]].tolist() == [0, 0, 0, 1, 1, *[0] * 7]
    takes = found.ways.use_amount[found.ways.use_first[way["bricks"]]]
    flows = assign(world(15 * takes / (366 / 12), rule="price", **APRIL), 2024)
    bricks, toys = (carried(flows, name) for name in ("bricks", "toys"))
    assert bricks[2] == pytest.approx(toys[2])
    assert bricks[3:5] == pytest.approx([0, 0], abs=1e-9) and min(*toys[3:5], bricks[5]) > 10 > max(toys[:3])


def fleet(**rule: Any) -> Corridor:
    """Return the world with as much of one ship as takes 15 boxes a month and comes back empty; a berth has room."""
    made = world()
    rows: dict[str, list[Any]] = {
        "vehicle_types": [VehicleType(id="ship", name="Ship", mode="sea", teu=4.0)],
        "fleets": [Fleet(id="ships", name="Ships", vehicle_type="ship", vehicles=0.5, availability=1.0)],
        "rotations": [Rotation(fleet="ships", seq=1, service="ship-bc")],
        "services": [replace(made.services["ship-bc"], fleet="ships")],
        "delays": [Delay(kind="fleet", arrival_scv=0.0, service_scv=0.0, reason="drawn")],
    }
    for table, own in rows.items():
        made = two_ways.with_rows(made, table, *own)
    return ruled(made, resource="ships", **rule) if rule else made


def test_a_fleet_can_have_every_rule() -> None:
    assert not list(unknown_references(fleet(rule="ban", **APRIL)))
    plain = assign(fleet(), 2024)
    room = sum(carried(plain, name)[2] for name in ("bricks", "toys"))
    assert carried(plain, "bricks")[2] == pytest.approx(carried(plain, "toys")[2]) and 10 < room < 19
    assert max(max(limit.held) for limit in plain.limits if limit.kind == "fleet") > 0
    ranked = assign(fleet(rule="priority", commodity="toys", **APRIL), 2024)
    assert carried(ranked, "toys")[3] > 1.3 * carried(plain, "toys")[3] > 1.3 * carried(ranked, "bricks")[3]
    priced, way = model(fleet(rule="price", **APRIL))
    assert priced.rationing.rank[way["bricks"]].tolist() == [0, 0, 0, 1, 1, *[0] * 7]
    barred, way = model(fleet(rule="ban", commodity="bricks", **APRIL))
    assert barred.rationing.open[way["bricks"], 3:6] == pytest.approx([0.3, 0, 0.7])
    whole = {"from_date": date(2024, 4, 1), "until_date": date(2024, 5, 1)}
    limited = assign(fleet(rule="quota", commodity="bricks", amount=0.1, **whole), 2024)
    assert carried(limited, "bricks")[3] == pytest.approx(0.1 * room, rel=0.05)


def test_what_comes_on_the_days_of_a_ban_waits_for_its_end_and_behind_what_gathered() -> None:
    # Shut for 10 h, half used: the pile of 5 h of work is gone 10 h later. Webster: 10^2 / (2 (1 - 1/2)) in all.
    shut, use = np.arange(100) < 10, np.full(100, 0.5)
    assert waits(shut, use).sum() == pytest.approx(100, rel=0.05) and not waits(shut, use)[20:].any()
    assert waits(shut, 0 * use).sum() == pytest.approx(50)
    assert not waits(shut & False, np.ones(100)).any()


def queue(made: Corridor, **told: Any) -> Corridor:
    """Return a world in which five boxes of bricks stand before the berth as April begins."""
    row = replace(
        made.demand["bricks"], id="queue", month=4, kind="contracted", season=None, growth=0.0, elasticity=0.0
    )
    row = replace(row, units=5.0, tonnes=5 * row.tonnes / row.units, stands_at="b-berth")
    return two_ways.with_rows(made, "demand", replace(row, **told))


def test_no_ban_holds_back_what_stands_there_already() -> None:
    barred = {"rule": "ban", "commodity": "bricks", "from_date": date(2024, 4, 1), "until_date": date(2024, 5, 1)}
    found, way = model(queue(world(15.0)))
    takes = float(found.ways.use_amount[found.ways.use_first[way["queue"]]])
    made = world(40 * takes / (366 / 12), **barred)  # room for 40 boxes a month
    flows, plain = (assign(queue(made, **told), 2024) for told in ({}, {"units": 0.0, "tonnes": 0.0}))
    assert carried(flows, "queue") == pytest.approx([0, 0, 0, 5, *[0] * 8]) and carried(flows, "bricks")[3] == 0
    assert carried(flows, "toys") == pytest.approx(carried(plain, "toys"))
    (note,) = (n for n in flows.notes if n.startswith("queue: 5 ") and "as April begins" in n)
    berth = next(x for x in flows.limits if x.resource == "b-berth")
    days = 30 * 5 * takes / (berth.capacity[3] - berth.others[3])
    assert f"{days:.1f} days of what it can serve" in note
    # It stood there in its own year and in no other.
    assert sum(carried(assign(queue(world(15.0), year=2025), 2024), "queue")) == 0


def test_queues_that_cannot_be_are_said_together_and_a_simulation_says_that_it_has_none() -> None:
    made = queue(world(15.0), month=0, kind="captive")
    yard = replace(made.resources["b-berth"], id="yard", place="c")
    made = two_ways.with_rows(made, "resources", yard)
    made = two_ways.with_rows(made, "demand", replace(queue(made).demand["queue"], id="lost", stands_at="yard"))
    with pytest.raises(DataError) as found:
        assign(made, 2024)
    assert [(p.row, p.column) for p in found.value.problems] == [
        ("queue", "month"), ("queue", "kind"), ("lost", "stands_at"),
    ]  # fmt: skip
    assert "one of 'b-berth'" in str(found.value)
    with pytest.raises(DataError, match=r"demand, row queue, column stands_at: found 'b-berth'.*simulation"):
        check_queues(queue(world()), 2024)
    check_queues(queue(world()), 2025)


def test_a_ban_is_a_wait_of_whoever_it_concerns_and_of_nobody_else() -> None:
    # Barred for 15 of the 30 days of April, with a berth that has much room: half the days wait 7.5 days on the mean.
    rule = {"rule": "ban", "commodity": "bricks", "from_date": date(2024, 4, 4), "until_date": date(2024, 4, 19)}
    made = later(world(1000.0, **rule))
    base, flows = assign(later(world(1000.0)), 2024), assign(made, 2024)
    ways, plain = ({w.demand: w.hours for w in f.ways} for f in (flows, base))
    longer = [b - a for a, b in zip(plain["bricks"], ways["bricks"], strict=True)]
    assert longer == pytest.approx([0, 0, 0, 90, *[0] * 8], abs=1.0) and ways["toys"] == pytest.approx(plain["toys"])
    (row,) = [c for c in flows.conditions if c.commodity]
    assert (row.target, row.month, row.commodity) == ("ship-bc", 4, "bricks")
    assert row.hours - row.before == pytest.approx(90, abs=1.0) and row.sd_h == pytest.approx(115, abs=5)
    # At the berth the mean box waits half of it, as bricks are half of the boxes.
    berth = next(limit for limit in flows.limits if limit.resource == "b-berth")
    assert berth.wait[3] - berth.wait[2] == pytest.approx(45, abs=1.0)
    for commodity, hours in (("bricks", 90), ("toys", 0), ("", 0)):
        waited = {w.month: w.hours for w in under(made, flows, commodity).waits.rows if w.target == "ship-bc"}
        assert waited.get(4, waited[0]) - waited[0] == pytest.approx(hours, abs=1.0)


def later(made: Corridor) -> Corridor:
    """Return a world with the base year before the one that is asked for, in which there was no ban."""
    return replace(made, about=type(made.about)([replace(made.about["two-ways"], base_year=2023)]))
