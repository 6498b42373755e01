"""What runs out in a compiled world: capacities, published or by default, and what is kept for one form."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.worlds.sketch import sketch, with_rows
from transcaspian.errors import NoRouteError
from transcaspian.model.corridor import TABLES
from transcaspian.network import compile_network, months
from transcaspian.results.itinerary import Plan
from transcaspian.routing import ask, plan

WORLD = sketch("A--B~~C")
DAY = date(2026, 12, 1)


def row(table: str, /, **values: Any) -> Any:
    return TABLES[table](**values)


def capacity(key: str, value: float, tracks: int | None = None) -> Any:
    given = {"table": "resources", "attribute": "capacity", "kind": "track", "unit": "pairs/day", "reason": "drawn"}
    return row("defaults", id=key, tracks=tracks, value=value, **given)


def test_an_unknown_capacity_is_a_default_by_tracks_and_never_unlimited() -> None:
    world = with_rows(
        WORLD,
        replace(WORLD.links["rail-a-b"], tracks=2),
        row("resources", id="line", name="Line", kind="track", capacity_unit="pairs/day"),
        row("resources", id="told", name="Told", kind="track", capacity_unit="pairs/day", capacity=12.0),
        row("resources", id="loose", name="Loose", kind="track", capacity_unit="pairs/day"),
        row("resources", id="heavy", name="Heavy", kind="track", capacity_unit="t/year"),
        row("uses", user="rail-a-b", resource="line", scope="vehicle", amount=1),
        row("backgrounds", resource="line", year=2026, month=0, what="others", amount=13.0, unit="pairs/day"),
        capacity("any", 20.0),
        capacity("double", 65.0, tracks=2),
    )
    network = compile_network(world, months(DAY))
    found = dict(zip(network.ids.resources, network.throughput[:, 0], strict=True))
    # Two tracks; published; tracks not known; no default in tonnes a year.
    assert (found["line"], found["told"], found["loose"]) == (65.0, 12.0, 20.0)
    assert np.isnan(found["heavy"])
    # 13 of 65 pairs are taken by others.
    assert network.background[network.ids.resources.index("line"), 0] == pytest.approx(0.2)
    assert ("resources", "line", "double") in {(f.table, f.row, f.default) for f in network.fills}


def test_a_step_kept_for_one_form_takes_no_other_of_its_group() -> None:
    changes: dict[str, Any] = {"id": "box-45hc"}
    other = replace(next(iter(WORLD.forms.rows)), **changes)
    load = next(iter(WORLD.loads.rows))
    kept = replace(WORLD.steps["b-load-vessel"], form=other.id)
    world = with_rows(WORLD, other, replace(load, form=other.id), kept)

    def asked(form: str) -> Plan:
        request = ask(world, "a", "c", cargo=f"1x{form}", commodity=load.commodity, depart="2026-12-01", draws=0)
        return plan(compile_network(world, months(DAY)), world, request)

    assert asked("box-45hc").best.hours == pytest.approx(20.0)  # 10 km by rail and 10 by sea at 1 km/h
    with pytest.raises(NoRouteError):
        asked("box-40hc")
