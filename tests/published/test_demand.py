"""Published volumes of 2024 against the sum of the demand of the bundled corridor, by the way it took."""

from collections.abc import Callable
from typing import Any

import pytest

from transcaspian.io import read_corridor
from transcaspian.io.package import bundled
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import Demand
from transcaspian.study.plan import plan

KAZAKH, TURKMEN, NORTH, SEA = ("aktau", "kuryk", "altynkol"), ("turkmenbashi",), ("brest",), ("singapore",)
"""Places of the shares; trains of the route by Altynkol are told apart from those by Dostyk, and all go on by Aktau."""

Measure = Callable[[Demand], float]


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return read_corridor(bundled())


def over(corridor: Corridor, places: tuple[str, ...], measure: Measure) -> float:
    """Return how much of the demand went over any of some places; what is contracted leaves from Kazakhstan."""
    part = {row.id: float(row.kind == "contracted" and places == KAZAKH) for row in corridor.demand.rows}
    for row in corridor.shares.rows:
        part[row.demand] += row.share if row.via in places else 0.0
    return sum(part[row.id] * measure(row) for row in corridor.demand.rows)


def teu(corridor: Corridor) -> Measure:
    return lambda row: row.units * corridor.forms[row.form].teu


def units(corridor: Corridor, group: str) -> Measure:
    return lambda row: row.units if corridor.forms[row.form].group == group else 0.0


def tonnes(corridor: Corridor, *, gross: bool) -> Measure:
    return lambda row: row.tonnes + (row.units * corridor.forms[row.form].tare_t if gross else 0.0)


def test_boxes_of_the_route(corridor: Corridor) -> None:
    # 56,500 TEU on the route in 2024 (association of the route).
    assert over(corridor, KAZAKH, teu(corridor)) == pytest.approx(56_500, rel=0.01)


def test_boxes_out_of_china(corridor: Corridor) -> None:
    # 287 trains reached Azerbaijan in 2024, at 106.6 TEU each in 2025; 358 were sent.
    boxes, china = teu(corridor), {p.id for p in corridor.places.rows if p.country == "cn"}
    found = over(corridor, KAZAKH, lambda row: boxes(row) if row.origin in china else 0.0)
    assert 287 * 106.6 * 0.95 < found < 358 * 106.6


def test_oil_to_baku(corridor: Corridor) -> None:
    # 1.2 Mt in ten months of 2024, that is 1.44 Mt a year; 1.057 of 1.392 Mt came from Tengiz in 2023.
    rows = [row for row in corridor.demand.rows if row.commodity == "crude-oil"]
    total = sum(row.tonnes for row in rows)
    assert total == pytest.approx(1.44e6, rel=0.01)
    assert sum(row.tonnes for row in rows if row.origin == "tengiz") / total == pytest.approx(1057 / 1392, abs=0.01)


def test_trucks_at_baku(corridor: Corridor) -> None:
    # 59,900 trucks in 2025, 2.9 % more than in 2024; 34,400 of them by Türkmenbaşy.
    trucks = units(corridor, "truck")
    assert over(corridor, (*KAZAKH, *TURKMEN), trucks) == pytest.approx(59_900 / 1.029, rel=0.02)
    assert over(corridor, TURKMEN, trucks) == pytest.approx(34_400 / 1.029, rel=0.02)


def test_no_more_wagons_are_full_than_were_counted(corridor: Corridor) -> None:
    # 36,900 wagons at Baku port in 2025, full and empty, 1.7 % fewer than in 2024; 14,000 by Kuryk and Aktau. At Kuryk
    # 75.4 t for a wagon, its own 25 t in it, say that most were full: at least seven in ten.
    wagons = units(corridor, "wagon")
    kuryk, turkmen = over(corridor, ("kuryk",), wagons), over(corridor, TURKMEN, wagons)
    assert 0.7 < kuryk / (14_000 / 0.983) < 1
    assert 0.7 < turkmen / (22_900 / 0.983) < 1


def test_the_pool_between_china_and_europe(corridor: Corridor) -> None:
    # About 430,000 TEU by rail both ways in 2024; 546,900 TEU in 2020, so that 117,000 went to sea.
    ends = {p.id: p.country for p in corridor.places.rows}
    boxes, eu = teu(corridor), ("de", "pl", "hu", "ro")

    def pool(row: Demand) -> float:
        return boxes(row) if "cn" in (a := {ends[row.origin], ends[row.destination]}) and a & {*eu} else 0.0

    assert over(corridor, NORTH, pool) == pytest.approx(430_000, rel=0.01)
    assert over(corridor, SEA, pool) == pytest.approx(546_900 - 430_000, rel=0.02)


def test_tonnes_of_the_route(corridor: Corridor) -> None:
    # The association counts 3,300 kt through seaports, the ministry 4,484 kt; the latter fits with the weight of boxes,
    # wagons and trucks, within 6 %. Exports of Kazakhstan are 71 to 74 % of it.
    weight, home = tonnes(corridor, gross=True), {p.id for p in corridor.places.rows if p.country == "kz"}
    gross = over(corridor, KAZAKH, weight)
    assert over(corridor, KAZAKH, tonnes(corridor, gross=False)) == pytest.approx(3.3e6, rel=0.05)
    assert gross == pytest.approx(4.484e6, rel=0.06)
    exports = over(corridor, KAZAKH, lambda row: weight(row) if row.origin in home else 0.0)
    assert 0.70 < exports / gross < 0.75


def test_everything_can_be_carried(corridor: Corridor) -> None:
    # One load unit of each row finds a way in the base year; a tonne of bulk is a thousandth of a small ship.
    for row in corridor.demand.rows:
        lot = f"1000x{row.form}" if corridor.forms[row.form].payload_max_t == 1 else f"1x{row.form}"
        question: dict[str, Any] = {
            "cargo": lot,
            "commodity": row.commodity,
            "depart": "2024-10-01",
            "draws": 0,
            "most": 1,
        }
        found = plan(corridor, row.origin, row.destination, scenario=None, tonnes=row.tonnes / row.units, **question)
        assert found.itineraries
