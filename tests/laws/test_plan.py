"""Laws of plans on the bundled corridor: simple ways, families of what is crossed, constraints that only take away."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

import transcaspian as tc
from transcaspian.errors import NoRouteError
from transcaspian.network.fill import filler
from transcaspian.network.money import exchange
from transcaspian.network.prices import PriceBook
from transcaspian.report.plan import plan_text
from transcaspian.results.itinerary import Itinerary, Plan

QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Xi'an", "Constanta", {"cargo": "12x40HC", "commodity": "electronics", "depart": "2026-12-01"}),
    ("Xi'an", "Duisburg", {"cargo": "41x40HC", "commodity": "electronics", "depart": "2026-12-01"}),
    ("Kostanay", "Baku", {"cargo": "30xwagon-hopper", "commodity": "wheat", "depart": "2026-10-01"}),
    ("Rotterdam", "Almaty", {"cargo": "2x40HC", "commodity": "machinery", "depart": "2026-06-01"}),
)

CONSTRAINTS: tuple[dict[str, list[str]], ...] = (
    {},
    {"avoid": ["russia"]},
    {"avoid": ["road"]},
    {"avoid": ["gauge-break"]},
    {"without": ["kuryk"]},
    {"require": ["kuryk"]},
    {"require": ["aktau"]},
    {"require": ["georgia"]},
    {"avoid": ["russia", "road"]},
)

BEST: dict[str, Any] = {
    "value": lambda i: i.price.logistics,
    "fast": lambda i: i.hours,
    "cheap": lambda i: i.price.total,
    "green": lambda i: i.co2e,
}


@pytest.fixture(scope="module")
def corridor() -> tc.Corridor:
    return tc.load()


def planned(corridor: tc.Corridor, number: int, constraint: dict[str, list[str]], **more: Any) -> Plan | None:
    origin, destination, question = QUESTIONS[number]
    try:
        return tc.plan(corridor, origin, destination, **{"draws": 0, **question, **constraint, **more})
    except NoRouteError:
        return None


@pytest.fixture(scope="module")
def answers(corridor: tc.Corridor) -> list[Plan]:
    asked = (planned(corridor, n, constraint) for n in range(len(QUESTIONS)) for constraint in CONSTRAINTS)
    return [answer for answer in asked if answer is not None]


def ways(answers: list[Plan]) -> Iterator[Itinerary]:
    return (way for answer in answers for way in answer.itineraries)


def figures(way: Itinerary) -> tuple[float, float, float]:
    return way.hours, way.price.total, way.co2e


def beats(a: Itinerary, b: Itinerary) -> bool:
    return figures(a) != figures(b) and all(x <= y for x, y in zip(figures(a), figures(b), strict=True))


def test_no_way_is_twice_at_a_place(answers: list[Plan]) -> None:
    for way in ways(answers):
        stations = [way.legs[0].origin, *(leg.destination for leg in way.legs)]
        assert len(set(stations)) == len(stations), way.label


def test_a_gateway_of_a_family_is_crossed_or_ships_call_there_for_the_cargo(
    corridor: tc.Corridor, answers: list[Plan]
) -> None:
    for way in ways(answers):
        crossed = {c.place for c in way.crossings}
        ships = {p for leg in way.legs if leg.mode == "sea" for p in (leg.origin, leg.destination)}
        passed = {row.place for leg in way.legs for row in corridor.link_passes.rows if row.link in leg.links}
        for gateway in way.family:
            place = corridor.places[gateway]
            if place.kind == "seaport":
                assert gateway in ships, (way.label, gateway)
            elif gateway == "akhalkalaki":  # the terminal of the crossing at Kartsakhi
                assert crossed & {"akhalkalaki", "kartsakhi", "kars"}, way.label
            else:
                # Within one customs territory there is no procedure; the country changes all the same.
                beside = {place.country} < set(way.countries)
                assert gateway in crossed | passed or beside, (way.label, gateway)


def test_no_way_is_beaten_by_another_of_its_kind(answers: list[Plan]) -> None:
    for answer in answers:
        for way in answer.itineraries:
            others = [o for o in answer.itineraries if (o.family, o.haul) == (way.family, way.haul)]
            assert not any(beats(other, way) for other in others), way.label
            if way.pareto:
                assert not any(beats(other, way) for other in answer.itineraries), way.label


def test_ways_can_be_told_apart(answers: list[Plan]) -> None:
    for answer in answers:
        rides: dict[str, set[tuple[tuple[str, str], ...]]] = {way.label: set() for way in answer.itineraries}
        for way in answer.itineraries:
            rides[way.label].add(tuple((leg.name, leg.destination) for leg in way.legs))
        assert all(len(different) == 1 for different in rides.values())


def test_no_through_rate_is_had_on_trucks(answers: list[Plan]) -> None:
    sold = [way for way in ways(answers) if way.price.through]
    assert sold
    assert all(sum(leg.km for leg in way.legs if "truck" in leg.offer or leg.product == "ro-ro") <= 100 for way in sold)


def test_a_line_is_not_cheaper_in_parts(corridor: tc.Corridor) -> None:
    day = date(2026, 12, 1)
    prices = PriceBook(corridor, exchange(corridor), filler(corridor), day)
    seen = 0
    for service in (s for s in corridor.services.rows if s.mode == "rail"):
        whole, first, second = (prices.run(service, f"x{share}", "y", share).price for share in (1.0, 0.4, 0.6))
        known = np.isfinite(whole) & (whole > 0)
        seen += bool(known.any())
        assert (first[known] + second[known] > whole[known]).all() and (first[known] < whole[known]).all()
    assert seen > 50


def test_hidden_families_are_counted_and_those_shown_differ_in_kind(corridor: tc.Corridor) -> None:
    answer = planned(corridor, 0, {})
    assert answer is not None and len(answer.itineraries) == 10 < answer.families
    assert f"at least {answer.families - 10} more route families: --most {answer.families}" in plan_text(answer)
    more = planned(corridor, 0, {}, most=answer.families)
    assert more is not None and len(more.itineraries) == answer.families
    assert {w.family[0] for w in answer.itineraries} >= {
        "brest",
        "aktau",
        "kuryk",
        "turkmenbashi",
        "upper-lars",
        "cape",
    }


@pytest.mark.parametrize("prefer", BEST)
@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_constraints_never_give_a_better_answer(corridor: tc.Corridor, number: int, prefer: str) -> None:
    key = BEST[prefer]
    found = {str(c): planned(corridor, number, c, prefer=prefer) for c in CONSTRAINTS}
    free = found[str({})]
    assert free is not None
    for said, answer in found.items():
        assert answer is None or key(answer.best) >= key(free.best) - 1e-6, said


def test_a_through_rate_is_as_fast_without_a_constraint_as_with_it(corridor: tc.Corridor) -> None:
    # Where the price is that of the relation, a detour over cheaper legs is none: it only takes longer.
    free, kept = (planned(corridor, 0, constraint) for constraint in ({}, {"avoid": ["russia"]}))
    hours = [
        next(w.hours for w in answer.itineraries if w.family == ("aktau", "poti")) for answer in (free, kept) if answer
    ]
    assert hours[0] == pytest.approx(hours[1])


TRANSITS = (
    ("Tengiz", "Ceyhan", "5000t", "crude oil", "ge"),  # Baku-Tbilisi-Ceyhan
    ("Istanbul", "Bucharest", "1x40HC", "general", "bg"),  # the road and the railway by Svilengrad
    ("Piraeus", "Belgrade", "1x40HC", "general", "mk"),
    ("Kaliningrad", "Minsk", "1x40HC", "general", "lt"),
    ("Vienna", "Lodz", "1x40HC", "general", "cz"),
    ("Trieste", "Vienna", "1x40HC", "general", "si"),
)


@pytest.mark.parametrize(("origin", "destination", "cargo", "commodity", "country"), TRANSITS)
def test_a_country_between_is_passed_unless_it_is_avoided(
    corridor: tc.Corridor, origin: str, destination: str, cargo: str, commodity: str, country: str
) -> None:
    question: dict[str, Any] = {"cargo": cargo, "commodity": commodity, "depart": "2026-07-06", "draws": 0}
    free = tc.plan(corridor, origin, destination, **question)
    assert any(country in way.countries for way in free.itineraries)
    assert all(
        country in way.countries
        for way in tc.plan(corridor, origin, destination, require=[country], **question).itineraries
    )
    try:
        kept = tc.plan(corridor, origin, destination, avoid=[country], **question)
    except NoRouteError:
        return
    assert all(country not in way.countries for way in kept.itineraries)


def test_a_way_by_land_leaves_no_country_out(corridor: tc.Corridor, answers: list[Plan]) -> None:
    # Each country is told where it is first touched: it borders one that was touched before.
    joined = {frozenset((row.country, row.neighbour)) for row in corridor.land_borders.rows}
    for way in ways(answers):
        if {leg.mode for leg in way.legs} <= {"rail", "road"}:
            for number, country in enumerate(way.countries[1:], 1):
                before = (frozenset((country, other)) for other in way.countries[:number])
                assert any(pair in joined for pair in before), (way.label, way.countries)


@pytest.mark.parametrize(
    ("origin", "destination", "cargo", "commodity"),
    [
        ("Tengiz", "Ceyhan", "5000t", "crude oil"),
        ("Kostanay", "Baku", "30xwagon-hopper", "wheat"),
        ("Balkhash", "Mersin", "20x20", "copper"),
        ("Almaty", "Tbilisi", "2xtruck-20t", "machinery"),
    ],
)
def test_papers_are_those_of_the_cargo_and_of_the_ship(
    corridor: tc.Corridor, origin: str, destination: str, cargo: str, commodity: str
) -> None:
    question: dict[str, Any] = {"cargo": cargo, "commodity": commodity, "depart": "2026-07-06", "draws": 0}
    loose, sailed = commodity in ("crude oil", "wheat"), 0
    for way in tc.plan(corridor, origin, destination, require=["sea"], **question).itineraries:
        ships = {leg.origin: leg.product for leg in way.legs if leg.mode == "sea"}
        for crossing in way.crossings:
            assert not (loose and "packing-list" in crossing.documents), way.label
            if f"{crossing.crossing}-exit:ferry-bill" in corridor.step_documents:
                sailed += 1
                ferry = ships[crossing.place] in ("rail-ferry", "ro-ro")
                assert ("ferry-bill" in crossing.documents) == ferry, (way.label, crossing)
                assert ("packing-list" in crossing.documents) != loose, (way.label, crossing)
    assert sailed


def test_avoiding_gauge_breaks_leaves_one_rail_gauge(corridor: tc.Corridor) -> None:
    free, kept = (planned(corridor, 0, constraint) for constraint in ({}, {"avoid": ["gauge-break"]}))
    assert free is not None and kept is not None

    def gauges(way: Itinerary) -> set[str]:
        carriers: set[str] = {corridor.services[leg.service].carrier for leg in way.legs}
        return carriers & {"rail-1435", "rail-1520"}

    assert any(len(gauges(way)) == 2 for way in free.itineraries)
    assert all(len(gauges(way)) < 2 for way in kept.itineraries)


def test_a_required_port_is_on_the_route_not_beside_it(corridor: tc.Corridor) -> None:
    answer = planned(corridor, 0, {"require": ["kuryk"]})
    assert answer is not None
    for way in answer.itineraries:
        assert "kuryk" in way.family
        assert any(leg.mode == "sea" and "kuryk" in (leg.origin, leg.destination) for leg in way.legs), way.label
