"""What low water takes of ships that are vehicles of a fleet in flows: a metre, a line, a month can be worked out."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.worlds.sketch import sketch, with_rows
from tests.worlds.test_motion import ferry
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.ids import FleetId, ServiceId
from transcaspian.network import compile_network, months
from transcaspian.network.limits import LimitTable, limits_of


def table_of(corridor: Corridor, *later: Corridor) -> LimitTable:
    """Return the limits of the months of 2026, from June on those of a ``later`` corridor if there is one."""
    window = months(date(2026, 1, 1), 12)
    states = [*(corridor,) * 4, *(later * 7)] if later else []
    return limits_of(compile_network(corridor, window, states), corridor)


def test_a_metre_of_draught_takes_a_quarter_of_fleet_and_of_what_fills_a_ship() -> None:
    # A draught of 5 m and a tenth of it under the keel want 5.5 m. In May 1.1 m is missing: a draught of 4 m, 3/4 aboard.
    def filled(depth: float | None, levels: dict[int, float]) -> LimitTable:
        drawn = ferry(depth, levels)
        return table_of(with_rows(drawn, *(replace(row, headway_h=48.0) for row in drawn.departures.rows)))

    deep, low, unknown = filled(5.5, {}), filled(5.5, {5: -1.1, 7: 0.3}), filled(None, {5: -1.1})
    assert {x.id for x in deep.limits} >= {"ships:a-b-sea", "ships:b-a-sea", "fill:a-b-sea", "fill:b-a-sea"}
    for there, here, nobody in zip(deep.limits, low.limits, unknown.limits, strict=True):
        part = np.ones(12)
        part[4] = 0.75 if there.kind in ("fleet", "fill") else 1.0
        assert here.capacity == pytest.approx(part * there.capacity)
        assert nobody.capacity == pytest.approx(there.capacity)  # a depth that nobody knows is no limit
        assert here.service == pytest.approx(there.service)
    assert low.uses == deep.uses and not low.aground


def test_a_berth_that_is_dredged_in_june_is_deep_from_june_on() -> None:
    shallow, dredged = ferry(4.4, {}), ferry(5.5, {})
    changed, low, high = table_of(shallow, dredged), table_of(shallow), table_of(dredged)
    for then, before, after in zip(changed.limits, low.limits, high.limits, strict=True):
        assert then.capacity == pytest.approx([*before.capacity[:5], *after.capacity[5:]])
    ships = low.index["ships:a-b-sea"]
    assert low.limits[ships].capacity == pytest.approx(0.75 * high.limits[ships].capacity)


def test_ships_that_may_take_a_tenth_at_most_do_not_sail() -> None:
    # 1.54 m of water carry a draught of 1.4 m: 3.6 m are missing, and a tenth is left. In July there are 1.6 m.
    table = table_of(ferry(1.54, {7: 0.06}))
    ships = table.limits[table.index["ships:a-b-sea"]]
    assert np.flatnonzero(ships.capacity).tolist() == [6] and not table.aground
    dry = table_of(ferry(1.54, {}))
    assert len(dry.aground) == 2 and not dry.limits[dry.index["ships:a-b-sea"]].capacity.any()


def test_a_line_to_a_shallow_port_takes_more_of_the_ships_it_shares() -> None:
    # Ships of two lines; at C there is water for 3/4 of a load. What goes there takes 4/3 of the hours, the other as before.
    def shared(depth: float | None) -> LimitTable:
        drawn = sketch("A~~24~~B\nA~~24~~C")
        names = ("a-b-sea", "b-a-sea", "a-c-sea", "c-a-sea")
        calls = {"a-c-sea": "quay", "c-a-sea": "quay"}
        rows = [
            TABLES["vehicle_types"](id="ship", name="Ship", teu=2.0, draught_m=5.0, mode="sea"),
            TABLES["fleets"](id="ships", name="Ships", vehicle_type="ship", vehicles=1.0, availability=1.0),
            *(TABLES["rotations"](fleet="ships", seq=n, service=s) for n, s in enumerate(names)),
            *(replace(drawn.services[ServiceId(s)], fleet=FleetId("ships")) for s in names),
            TABLES["resources"](
                id="quay", name="Quay", place="c", kind="berth", servers=1.0, capacity=1e6, capacity_unit="TEU/year",
                capacity_scope="both-ways", depth_m=depth,
            ),
            *(TABLES["uses"](user=s, resource=r, scope="vehicle", amount=1) for s, r in calls.items()),
        ]  # fmt: skip
        return table_of(with_rows(drawn, *rows))

    deep, low = shared(None), shared(4.4)
    assert {x.id for x in low.limits} == {"ships:out", "ships:back", "quay"}
    assert all(a.capacity == pytest.approx(b.capacity) for a, b in zip(deep.limits, low.limits, strict=True))
    more = [b.amount / a.amount for a, b in zip(deep.uses, low.uses, strict=True) if b.limit != low.index["quay"]]
    assert sorted(more) == pytest.approx([1.0, 1.0, 4 / 3, 4 / 3])
