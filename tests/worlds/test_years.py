# mypy: disable-error-code="arg-type"
"""Years of flows on the world of ``two_ways``, before and after what a scenario changes; every number argued."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.worlds import two_ways
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.demand import Choice, Demand, RouteShare
from transcaspian.model.corridor.price import TariffPass
from transcaspian.model.corridor.resource import Delay
from transcaspian.model.corridor.service import Departure
from transcaspian.results.flows import Flows, WayFlow
from transcaspian.study.assign import assign


def trade(world: Corridor) -> Corridor:
    """Return the world with 120 boxes a year from a to d, half over b and half over e in 2024.

    Trains and ships leave at even intervals, so that no way gets slower or faster from year to year or by its volume.
    One berth has room for all. A tonne answers to 100 EUR by a factor of e.
    """
    even = [
        Departure(service=s, seq=1, rule="headway", headway_h=h)
        for s, h in (("train-ab", 48.0), ("ship-bc", 72.0), ("train-cd", 48.0))
    ]
    rows: dict[str, list[Any]] = {
        "departures": even,
        "demand": [
            Demand(
                id="toys", origin="a", destination="d", commodity="toys", form="box-40hc", year=2024, month=0,
                kind="contestable", units=120.0, tonnes=1200.0, basis="pool",
            )
        ],
        "shares": [RouteShare(demand="toys", seq=n, via=via, share=0.5, year=2024) for n, via in ((1, "b"), (2, "e"))],
        "choices": [Choice(id="any", scale=0.01, path_size=0.0, reason="drawn")],
        "delays": [Delay(kind="berth", arrival_scv=0.0, service_scv=0.0, reason="drawn")],
    }  # fmt: skip
    world = two_ways.with_berth(world)
    for table, own in rows.items():
        world = two_ways.with_rows(world, table, *own)
    return world


def way(flows: Flows, via: str) -> WayFlow:
    return next(w for w in flows.ways if via in w.family)


def odds(flows: Flows) -> float:
    """Return how many boxes go by sea for one by road."""
    return sum(way(flows, "b").units) / sum(way(flows, "e").units)


def sold(amount: float, **dates: Any) -> Corridor:
    world = two_ways.through_rate(two_ways.corridor())
    return trade(two_ways.with_rows(world, "tariffs", replace(world.tariffs["through"], amount=amount, **dates)))


def test_a_through_rate_is_the_price_in_the_years_in_which_it_is_in_force() -> None:
    # By sea the legs cost 2,200 EUR a box of 10 t; from 2026 on 1,500 EUR: 70 EUR a tonne less.
    world = sold(1500.0, from_date=date(2026, 1, 1))
    legs, rate = assign(world, 2025), assign(world, 2027)
    assert way(legs, "b").price == pytest.approx(2200.0) and odds(legs) == pytest.approx(1.0, rel=1e-12)
    assert way(rate, "b").price == pytest.approx(1500.0) and odds(rate) == pytest.approx(math.exp(0.7))
    # Who is paid for the legs gets so much less, in proportion; what they spend stays, and so does the other way.
    assert way(rate, "b").resource_cost == way(legs, "b").resource_cost
    assert way(rate, "e").price == way(legs, "e").price
    paid, spent = ({p.mode: p.price for p in way(f, "b").parts} for f in (legs, rate))
    assert spent == pytest.approx({mode: price * 1500 / 2200 for mode, price in paid.items()})
    assert rate.notes == ("toys: sold at the through rate through",) and not legs.notes


def test_what_a_through_rate_was_in_the_base_year_is_no_change() -> None:
    world = sold(1500.0)
    for year in (2024, 2027):
        flows = assign(world, year)
        assert way(flows, "b").price == pytest.approx(1500.0) and odds(flows) == pytest.approx(1.0, rel=1e-12)


def test_a_scenario_that_changes_a_through_rate_alone_moves_what_is_sold_at_it(tmp_path: Path) -> None:
    dearer = tmp_path / "dearer.toml"
    dearer.write_text('[[change]]\ntarget = "tariffs:through"\nattribute = "amount"\nvalue = 1800\nfrom = 2026-01-01\n')
    world = sold(1500.0)
    flows = assign(world, 2027, scenario=str(dearer))
    assert way(flows, "b").price == pytest.approx(1800.0) and odds(flows) == pytest.approx(math.exp(-0.3))
    # The legs, which nobody pays for, may cost what they like.
    legs = tmp_path / "legs.toml"
    legs.write_text('[[change]]\ntarget = "tariffs:t-bc"\nattribute = "amount"\nvalue = 3000\n')
    assert odds(assign(world, 2027, scenario=str(legs))) == pytest.approx(1.0, rel=1e-12)


OPEN = '[[change]]\ntarget = "services:trucks"\nattribute = "status"\nvalue = "open"\n'


def by_sea_alone(**trucks: Any) -> Corridor:
    """Return the world in which all went by sea in the base year, and trucks as they are told."""
    world = trade(two_ways.corridor())
    world = replace(world, shares=Table([RouteShare(demand="toys", seq=1, via="b", share=1.0, year=2024)]))
    return two_ways.with_rows(world, "services", replace(world.services["trucks"], **trucks))


def test_a_way_that_a_scenario_opens_is_taken_as_the_way_most_like_it_would_be(tmp_path: Path) -> None:
    opened = tmp_path / "opened.toml"
    opened.write_text(OPEN)
    world = by_sea_alone(status="closed", reason="drawn")
    shut, flows = assign(world, 2024), assign(world, 2024, scenario=str(opened))
    assert [w.group for w in shut.ways] == ["b"] and sum(way(shut, "b").units) == pytest.approx(120.0)
    # 1 : 1 at equal cost; a tonne of 240 EUR more and of less time answers by e for 100 EUR.
    costs = {via: (w.price + w.hours[0] * w.eur_per_hour) / 10 for via in "be" for w in [way(flows, via)]}
    assert 200.0 < costs["e"] - costs["b"] < 240.0
    assert odds(flows) == pytest.approx(math.exp(0.01 * (costs["e"] - costs["b"])), rel=1e-4)
    assert way(flows, "e").observed is None and "nobody could take" in flows.notes[0]


def test_a_way_that_was_there_and_nobody_took_stays_so_and_captive_cargo_does_not_take_a_new_one(
    tmp_path: Path,
) -> None:
    opened = tmp_path / "opened.toml"
    opened.write_text(OPEN)
    assert [w.group for w in assign(by_sea_alone(), 2026).ways] == ["b"]
    world = by_sea_alone(status="closed", reason="drawn")
    captive = two_ways.with_rows(world, "demand", replace(world.demand["toys"], kind="captive"))
    assert [w.group for w in assign(captive, 2026, scenario=str(opened)).ways] == ["b"]


def test_a_through_rate_is_not_had_on_trucks() -> None:
    world = sold(1500.0, from_date=date(2026, 1, 1))
    world = replace(world, tariff_passes=Table([TariffPass(tariff="through", place="e")]))
    flows = assign(world, 2027)
    assert way(flows, "e").price == pytest.approx(4600.0) and odds(flows) == pytest.approx(1.0, rel=1e-12)
