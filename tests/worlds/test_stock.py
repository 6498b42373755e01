"""What runs out in a compiled world: capacities, published or by default, and what is kept for one form."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds.sketch import sketch, with_rows
from transcaspian.errors import NoRouteError
from transcaspian.model.corridor import TABLES
from transcaspian.network import compile_network, months
from transcaspian.network.limits import limits_of
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


def sailed(service: str, **weather: Any) -> Any:
    changes: dict[str, Any] = {"fleet": "ships", **weather}
    return replace(WORLD.services[service], **changes)


def _ship_hours(cove: float) -> NDArray[np.float64]:
    """Return the vehicle hours of each month of a ship between a bay and a cove, which is shut ``cove`` of December."""
    closed = {"bay": 0.5, "cove": cove}
    world = with_rows(
        WORLD,
        *(row("weather_sites", id=s, name=s, group="sea", loading=1.0) for s in closed),
        *(
            row("weather", site=s, month=m, closed_share=share if m == 12 else 0.1, mean_spell_h=40.0)
            for s, share in closed.items()
            for m in range(1, 13)
        ),
        row("vehicle_types", id="feeder", name="Feeder", mode="sea", teu=200.0),
        row("fleets", id="ships", name="Ships", vehicle_type="feeder", vehicles=2.0, availability=1.0),
        *(row("rotations", fleet="ships", seq=n, service=s) for n, s in ((1, "b-c-sea"), (2, "c-b-sea"))),
        sailed("b-c-sea", weather_from="bay", weather_to="cove"),
        sailed("c-b-sea", weather_from="cove", weather_to="bay"),
    )
    network = compile_network(world, months(date(2026, 1, 1), 12))
    return next(x for x in limits_of(network, world).limits if x.kind == "fleet").capacity


def test_storms_take_trips_from_a_month_and_ports_of_one_sea_have_the_same_storms() -> None:
    # Ten hours each way. Shut 0.1 of the time in spells of 40 h a port makes a ship wait 4 h a way, and 20 h in
    # December: once, since the calmer port is open when the other is.
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    mean = 20.0 + 2 * (11 * 4.0 + 20.0) / 12
    rounds = np.array([28.0] * 11 + [60.0])
    np.testing.assert_allclose(_ship_hours(cove=0.1), 2 * 24 * days * mean / rounds)
    np.testing.assert_allclose(_ship_hours(cove=0.5), _ship_hours(cove=0.1))


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
