"""What must hold for every appraisal: nothing gives nothing, parts add up, order and price level do not matter."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import transcaspian as tc
from transcaspian.appraisal.assess import Case, debts, parts_of
from transcaspian.appraisal.assess import given as given_by
from transcaspian.appraisal.cashflow import CashFlow, Line
from transcaspian.appraisal.gains import Gains, by_country, gains_of
from transcaspian.appraisal.highways import MOST, Section, _even, sections_of
from transcaspian.appraisal.money import outlay_lines, span_of
from transcaspian.appraisal.port import ladder
from transcaspian.appraisal.roads import Pavement, maintained, roughness
from transcaspian.appraisal.surplus import along, elastic, rule_of_half, sold_here
from transcaspian.appraisal.terms import terms_of
from transcaspian.assignment.flows import Model
from transcaspian.assignment.vary import blend, on_water, varied
from transcaspian.assignment.welfare import Reader
from transcaspian.errors import DataError
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.ids import CountryId
from transcaspian.model.corridor.project import OtherTrains
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.flows import Counted
from transcaspian.study.appraise import _Study, appraise
from transcaspian.study.conditions import waiting
from transcaspian.study.portfolio import starts
from transcaspian.study.question import Question
from transcaspian.study.risk import drawn, one_draw

AKTAU = "eu-aktau-port"


@cache
def _corridor() -> Corridor:
    return tc.load()


@cache
def _study() -> _Study:
    return _Study(_corridor(), Question("eu-2025", (AKTAU,)), lambda words: None)


@cache
def _answer() -> Appraisal:
    return _study().answer()


def test_doing_nothing_gives_exactly_nothing() -> None:
    gains = _study().runs.gains(2028, ())
    for values in (gains.users, gains.reliability, gains.margins, gains.carbon, gains.tonnes):
        assert (values == 0.0).all()
    assert gains.half == 0.0


def test_operators_enlarge_a_fleet_as_a_whole_and_sell_no_ship() -> None:
    runs = _study().runs
    years = [runs.factors(year) for year in _study().anchors]
    assert all(later[limit] >= factor for a, later in pairwise(years) for limit, factor in a.items())
    for year, without in zip(_study().anchors, years, strict=True):
        assert all(runs.factors(year, (AKTAU,))[limit] >= factor for limit, factor in without.items())
        limits = runs.raw(year, ()).table.limits
        by_fleet = {x.resource: {without.get(y.id, 1.0) for y in limits if y.resource == x.resource} for x in limits
                    if x.kind == "fleet"}  # fmt: skip
        assert all(len(factors) == 1 for factors in by_fleet.values())
        grown = 1.08 ** (year - 2024)
        assert max(max(f) for f in by_fleet.values()) <= 1.5 * grown + 1e-9
    assert years[-1]


def test_a_project_without_its_effects_gives_nothing() -> None:
    off = [f"{AKTAU}:{row.seq}" for row in _corridor().changes.rows if row.owner == AKTAU]
    project = appraise(_corridor(), "eu-2025", projects=[AKTAU], leave_out=off).projects[0]
    assert project.anchors == () and project.npv is None
    of_use = {"users", "operators", "accidents and pollution", "emissions"}
    assert all(line.value == 0.0 for line in project.lines if line.name in of_use)
    assert of_use < {line.name for line in project.lines}


def test_parts_add_up_to_the_whole() -> None:
    project = _answer().projects[0]
    assert project.npv is not None
    for parts in (project.by_actor, project.by_country, project.by_commodity):
        assert sum(part.value for part in parts) == pytest.approx(project.npv, abs=1e-3)
    world = next(p.value for p in project.perspectives if p.name == "world")
    assert world == pytest.approx(project.npv, abs=1e-3)
    assert sum(line.value for line in project.lines if line.side != "apart") == pytest.approx(project.npv, abs=1e-3)
    assert project.npv_reliable is not None
    apart = next(line.value for line in project.lines if line.side == "apart")
    assert project.npv_reliable == pytest.approx(project.npv + apart, abs=1e-3)


def test_gains_by_country_add_up_for_every_share() -> None:
    gains = _study().runs.gains(2028, (AKTAU,))
    for share in (0.0, 0.3, 1.0):
        assert sum(by_country(gains, gains.users, share).values()) == pytest.approx(float(gains.users.sum()))


def test_accidents_and_pollution_are_what_is_hauled_more_times_what_a_tonne_kilometre_does() -> None:
    study, year = _study(), _answer().projects[0].anchors[-1].year
    gains = study.runs.gains(year, (AKTAU,))
    worth = {m: sum(study.terms.value(f"{x}-freight-{m}") for x in ("accident", "pollution")) for m in ("road", "rail")}
    assert worth["road"] > worth["rail"] > 0
    want = -sum(more * worth.get(mode, 0.0) for (mode, _), more in gains.hauled.items())
    line = next(x for x in _answer().projects[0].lines if x.name == "accidents and pollution")
    at = dict(zip(_answer().projects[0].years, line.flow, strict=True))
    assert at[year] == pytest.approx(want) and want != 0.0
    assert all(more == 0.0 for more in study.runs.gains(year, ()).hauled.values())


def test_shipments_wait_as_long_as_cargo_does_in_their_year() -> None:
    study, year = _study(), _answer().projects[0].anchors[-1].year
    without, within = (study.runs.conditions(year, projects) for projects in ((), (AKTAU,)))
    waits = waiting(_corridor(), without, year).waits
    assert without and all(waits[f"{c.target}:{c.month}"].hours == c.hours for c in without)
    before = {(c.target, c.month): c.hours for c in without}
    assert any(c.hours < before.get((c.target, c.month), 0.0) - 1.0 for c in within), "a berth more is an hour less"
    shipment = next(study._shipments(list(study.projects)))
    times = [{w.label: w.p50 for w in shipment.ways if w.case == case} for case in ("without", "with")]
    shared = times[0].keys() & times[1].keys()
    assert all(times[1][label] < times[0][label] for label in shared if "Aktau" in label)
    assert any("Aktau" in label for label in shared)


def test_switching_values_make_the_net_value_zero() -> None:
    project = _answer().projects[0]
    assert project.npv is not None
    for line in project.lines:
        if line.switching is not None:
            assert project.npv + line.switching * line.value == pytest.approx(0.0, abs=1e-3)


def test_the_years_between_anchors_lie_on_a_line() -> None:
    project = _answer().projects[0]
    users = next(line.flow for line in project.lines if line.name == "users")
    at = dict(zip(project.years, users, strict=True))
    first, middle = project.anchors[1:]  # the earliest is of a year before it opens
    assert at[first.year] == pytest.approx(first.users)
    assert at[first.year + 1] == pytest.approx(first.users + (middle.users - first.users) / (middle.year - first.year))
    assert at[project.years[-1]] == pytest.approx(project.anchors[-1].users)
    assert all(at[year] == 0.0 for year in project.years if year < 2028)


def test_the_benefit_beyond_the_check_by_hand_comes_from_the_queue_for_general_cargo() -> None:
    """Without the general-cargo effect boxes alone are left: users gain less than with it."""
    ladder = _answer().ladders[0]
    assert ladder.hours == pytest.approx(160 * 1.5 / 60) and ladder.more == pytest.approx(4 / 186)
    boxes = appraise(_corridor(), "eu-2025", projects=[AKTAU], leave_out=[f"{AKTAU}:5"]).projects[0]
    with_all = {a.year: a.users + a.reliability for a in _answer().projects[0].anchors}
    for anchor in boxes.anchors:
        assert anchor.users + anchor.reliability < with_all[anchor.year]


def test_the_ladder_goes_down_to_what_was_counted() -> None:
    """Boxes at the port: what cranes, wind, the terminal and ships allow, what the model carries, what was counted."""
    row = _corridor().port_ladders["aktau-boxes"]
    counts = [
        Counted(row.series or "", "2024", "kTEU", 55.0, 54.5, "validation", "somebody"),
        Counted(row.series or "", "2024-Q1", "kTEU", 7.0, 9.0, "validation", "somebody"),
        Counted("another", "2024", "kTEU", 1.0, 1.0, "validation", "somebody"),
    ]
    rungs = ladder(row, "Aktau", counts, {"crane-cycle": 44.0}, 2032).rungs
    assert [rung.name for rung in rungs[:6]] == ["cranes", "wind", "announced", "ships", "carried", "realised"]
    levels = [rung.teu for rung in rungs[:4]]
    assert levels == sorted(levels, reverse=True)
    assert [(r.teu, r.year, r.source) for r in rungs[4:6]] == [(54_500, 2024, ""), (55_000, 2024, "somebody")]
    assert (rungs[-1].name, rungs[-1].teu, rungs[-1].year) == ("crane-cycle", 44.0, 2032)
    assert [rung.name for rung in ladder(row, "Aktau").rungs][4:] == ["cycle alone", "weather alone", "together"]


def test_boxes_of_a_measure_are_those_on_the_ships_of_the_line() -> None:
    row, year = _corridor().port_ladders["aktau-boxes"], _study().anchors[-1]
    ships = {"aktau-alat-feeder", "aktau-alat-feeder-asco", "alat-aktau-feeder", "alat-aktau-feeder-asco"}

    def boxes(projects: tuple[str, ...]) -> float:
        reader, solution = _study().runs.solved(year, projects)
        ways = [(segment.demand, way) for segment in reader.model.segments for way in segment.ways]
        forms = reader.model.corridor.forms
        return sum(
            float(units * forms[demand.form].teu)
            for (demand, way), units in zip(ways, solution.year.carried.sum(axis=1).tolist(), strict=True)
            if forms[demand.form].group == "container" and ships & set(way.services)
        )

    without, after = boxes(()), boxes((AKTAU,))
    assert without > 50_000
    assert _study()._boxes(row, year, "all-together", _study().runs) == pytest.approx(after - without, abs=1e-3)


def test_a_row_of_the_case_without_can_be_switched_off() -> None:
    whole, less = (
        _Study(_corridor(), Question("eu-2025", (AKTAU,), leave_out=off), lambda words: None)
        for off in ((), ("do-minimum:3",))
    )
    assert set(less.minimum.changes) < set(whole.minimum.changes)
    assert len(less.minimum.changes) == len(whole.minimum.changes) - 1
    for before, after in (
        (whole._minimum_words(), less._minimum_words()),
        ([*whole._minimum_in_russian()], [*less._minimum_in_russian()]),
    ):
        assert len(after) == len(before) - 1 and set(after) < set(before)


def test_the_order_of_projects_does_not_matter() -> None:
    names = ["visa-facilitation", "btk-railway", "eu-highways"]
    given_ = appraise(_corridor(), "eu-2025", projects=names)
    turned = appraise(_corridor(), "eu-2025", projects=names[::-1])
    assert given_.projects == turned.projects and given_.sections == turned.sections


def test_grants_and_loans_stay_what_they_are_beside_works_in_another_currency() -> None:
    """EUR 10 million of 45 beside a dredging of KZT 21 thousand million: tenge are not euros when shares are taken."""
    study, ids = _study(), (AKTAU, "aktau-dredging")
    outlays = [o for o in _corridor().outlays.rows if o.project in ids]
    legs = tuple(x for x in _corridor().financing_legs.rows if x.project in ids)
    project = _corridor().projects[AKTAU]

    def case(names: tuple[str, ...]) -> Case:
        own = tuple(o for o in outlays if o.project in names)
        span = span_of(own, study.terms.price_year, 2028, project.years)
        return Case(project, "set", own, tuple(x for x in legs if x.project in names), {}, {}, span, ())

    alone, beside = debts(case(ids[:1]), study.terms), debts(case(ids), study.terms)
    assert [d.drawn[d.drawn > 0].tolist() for d in beside] == [[17.5e6, 17.5e6]]
    assert [d.repaid.sum() for d in beside] == pytest.approx([d.repaid.sum() for d in alone])
    for one in (case(ids[:1]), case(ids)):
        grants = [leg for leg in one.legs if leg.instrument == "grant"]
        paid = given_by(one, study.terms, grants)
        assert paid[paid > 0].tolist() == [5e6, 5e6], "a grant is paid with its own works, not with those beside them"


def test_a_grant_goes_from_hand_to_hand_as_it_is() -> None:
    """EUR 10 million in 2026 and 2027 cost those who give them that, though works are 0.9 of it to the economy."""
    project = _answer().projects[0]
    borne = next(part.value for part in project.by_actor if part.name == "taxpayers abroad (grants)")
    assert borne == pytest.approx(-(5e6 / 1.05 + 5e6 / 1.05**2))
    assert borne == pytest.approx(-next(row.base for row in _answer().wider if row.effect == "funds"))
    assert borne == next(part.value for part in project.by_country if part.name == "taxpayers-eu")
    lines = {line.name: line.value for line in project.lines}
    owner = next(part.value for part in project.by_actor if part.name == "owner of the project, after grants")
    assert owner + borne == pytest.approx(lines["capital"] + lines["operation"] + lines["residual value"])


def test_what_wears_out_is_bought_again_and_what_is_worn_is_worth_nothing() -> None:
    """In 25 years of service: every 10 years, with half of a life left; after 25, nothing bought and nothing left."""
    row = next(o for o in _corridor().outlays.rows if o.project == AKTAU and o.kind == "capital")
    span = span_of([row], 2025, 2028, 25)
    cost = 0.9 * 45e6

    def lines(life: int) -> dict[str, list[float]]:
        found = outlay_lines([replace(row, life=life)], span, _study().terms)
        return {line.name: line.flow[line.flow != 0].tolist() for line in found}

    short = outlay_lines([replace(row, life=10)], span, _study().terms)
    renewal = next(line.flow for line in short if line.name == "renewal")
    assert {year: renewal[span.at(year)] for year in span.years if renewal[span.at(year)]} == {2038: -cost, 2048: -cost}
    assert lines(10)["residual value"] == [pytest.approx(cost / 2)]
    assert "renewal" not in lines(25) and lines(25)["residual value"] == []
    assert lines(40)["residual value"] == [pytest.approx(cost * 15 / 40)]


def test_use_that_grows_takes_half_of_its_years_from_the_gains_and_nothing_later() -> None:
    case = _study().cases.case(_corridor().projects[AKTAU], (AKTAU,))
    full, slow = (parts_of(case, _study().terms, _study().standing, 1, ramp) for ramp in (0.0, 3.0))
    first = case.span.at(case.span.opens + 1)
    for mine, theirs in (
        (full.users, slow.users),
        (full.operators, slow.operators),
        (full.commodities, slow.commodities),
    ):
        for key, values in mine.items():
            assert theirs[key][first : first + 3] == pytest.approx(values[first : first + 3] * [1 / 6, 1 / 2, 5 / 6])
            assert (theirs[key][first + 3 :] == values[first + 3 :]).all() and not theirs[key][:first].any()
    assert (slow.carbon[first + 3 :] == full.carbon[first + 3 :]).all()


TRAINS = OtherTrains(
    project=AKTAU, seq=1, name="coal", country=CountryId("kz"), year=2025, pairs=3.0, growth=0.0, km=100.0, hours=5.0,
    carbon=3.0, tonnes=1000.0, low=1.0, high=6.0,
)  # fmt: skip
"""Trains of others that a project might help."""


def _with_trains(*rows: OtherTrains, opens: int = 2028) -> Case:
    case = _study().cases.case(_corridor().projects[AKTAU], (AKTAU,))
    return replace(case, trains={opens: rows})


def test_other_trains_save_their_running_the_time_of_their_cargo_and_what_they_do_to_others() -> None:
    """3 pairs a day are 2,190 trains a year and 219,000 train-km of 1,000 t; they grow until growth ends."""
    terms, standing = _study().terms, _study().standing
    case = _with_trains(TRAINS, replace(TRAINS, seq=2, year=2022, pairs=2.0, growth=0.1, hours=0.0))
    parts, at = parts_of(case, terms, standing).trains, case.span.at(2040)
    harm = terms.value("accident-freight-rail") + terms.value("pollution-freight-rail")
    km = 219_000 * (terms.value("train-km") + 1000 * harm)
    time = 2190 * 5 * 1000 * terms.value("hour-rail-cargo")
    grown = 2 / 3 * 1.1**10  # 2032 is as far as it grows
    assert parts["kz"][at] == pytest.approx(km + time + grown * km)
    carbon = 2_190_000 * 3.0 * terms.value("carbon", 2040) / 1000
    assert parts["world"][at] == pytest.approx((1 + grown) * carbon)
    assert parts["kz"][case.span.at(2027)] == 0.0 < parts["kz"][case.span.at(2028)]
    late = parts_of(case, terms, standing, 1, 2.0, 0.5).trains["kz"]
    assert late[case.span.at(2028)] == 0.0
    assert late[case.span.at(2029)] == pytest.approx(parts["kz"][case.span.at(2029)] / 8)
    assert late[at] == pytest.approx(parts["kz"][at] / 2)


def test_other_trains_are_in_every_sum_and_enough_of_them_make_a_project_pay() -> None:
    found = _study().cases.assessed(_with_trains(TRAINS))
    plain = _answer().projects[0]
    line = next(line for line in found.lines if line.name == "other trains")
    assert found.npv is not None and plain.npv is not None and plain.trains is None
    assert found.npv == pytest.approx(plain.npv + line.value) and line.value > 0
    for part in (found.by_actor, found.by_country, found.by_commodity):
        assert sum(share.value for share in part) == pytest.approx(found.npv, abs=1e-3)
    assert [line.low, line.high] == pytest.approx([-2 / 3, 1.0])
    assert found.trains is not None and found.trains.break_even is not None and not found.trains.counted
    enough = _study().cases.assessed(_with_trains(replace(TRAINS, pairs=found.trains.break_even)))
    assert enough.npv == pytest.approx(0.0, abs=1.0)


def test_what_a_project_lacks_makes_it_pay_and_one_without_a_cost_may_cost_what_it_gives() -> None:
    project = _answer().projects[0]
    assert project.lacks is not None and project.npv is not None and project.affordable is None
    years = [year - project.years[0] for year in project.years if year >= (project.opens or 0)]
    assert sum(project.lacks / 1.05**n for n in years) == pytest.approx(-project.npv)
    unpriced = _study().cases.assessed(replace(_with_trains(), outlays=()))
    assert unpriced.npv is None and unpriced.lacks is None
    gives = ("users", "operators", "accidents and pollution", "emissions")
    assert unpriced.affordable == pytest.approx(sum(line.value for line in project.lines if line.name in gives))


def test_capital_without_its_years_is_refused() -> None:
    """No other year can stand for the one in which it is spent; all that lack are said at once."""
    row = next(o for o in _corridor().outlays.rows if o.project == AKTAU and o.kind == "capital")
    span = span_of([], 2025, 2028, 25)
    rows = [replace(row, from_year=None, until_year=None), replace(row, seq=9, until_year=None)]
    with pytest.raises(DataError) as caught:
        outlay_lines(rows, span, _study().terms)
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (f"{AKTAU}:1", "from_year"),
        (f"{AKTAU}:1", "until_year"),
        (f"{AKTAU}:9", "until_year"),
    ]


def test_a_project_that_starts_as_announced_is_worth_what_it_is_worth() -> None:
    """Alone in a set, what it adds to the others is all of it; later, a loss at 5 % is a smaller loss."""
    start = next(starts(_study().cases, [_corridor().projects[AKTAU]]))
    assert start.opens[0] == 2028 and start.values[0] == pytest.approx(_answer().projects[0].npv, abs=1e-3)
    assert start.best == start.opens[int(np.argmax(start.values))]
    assert max(start.values) > start.values[0]


def _sections(corridor: Corridor) -> tuple[Section, ...]:
    rows = corridor.highway_sections.rows, corridor.road_vehicles.rows, corridor.section_traffic.rows
    return sections_of(*rows, terms_of(corridor), 25)


@pytest.mark.parametrize("year", [2022, 2024])
def test_the_price_level_does_not_matter(year: int) -> None:
    """In prices of another year amounts are others, and the ratio and the rate of return the same."""
    corridor = _corridor()
    other = replace(corridor, about=Table(replace(row, price_year=year) for row in corridor.about.rows))
    one, two = _sections(corridor)[0].flow(), _sections(other)[0].flow()
    level = {row.year: row.index for row in corridor.price_levels.rows}
    assert float(two.value(0.05)) == pytest.approx(float(one.value(0.05)) * level[year] / level[2025], rel=1e-9)
    assert float(two.ratio(0.05)) == pytest.approx(float(one.ratio(0.05)), rel=1e-9)
    assert two.rates().roots == pytest.approx(one.rates().roots, rel=1e-9)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_from_the_break_even_traffic_on_a_section_pays(number: int) -> None:
    """Whatever the rate and the cost, from half of it to one and a half, and at the most that is looked at.

    What lies between two of the points that are looked at is not seen: so far the value may be at the wrong side of
    zero, by less than half a percent of the cost.
    """
    section = _sections(_corridor())[number]
    rates, costs = (0.03, 0.05, 0.09, 0.12), (0.8, 1.0, 1.44)
    works = -float(section.flow().values(0.05)["works"])
    for (rate, cost), even in section.break_even(rates, costs).items():
        assert even.always is not None and even.first == even.always
        for part in (*np.linspace(0.5, 1.5, 101).tolist(), MOST / even.always):
            worth = float(section.flow(part * even.always / section.aadt, cost).value(rate))
            assert worth < 0.005 * works if part < 1 else worth > -0.005 * works


def test_traffic_at_which_works_pay_in_between_only_is_told_apart() -> None:
    """Below zero, above from 150 on, below again from 225 on, above for good from 350 on."""
    aadt, worth = np.array([100.0, 200, 250, 300, 400]), np.array([-1.0, 1, -1, -1, 1])
    assert _even(aadt, worth) == (350.0, 150.0)
    assert _even(aadt, -worth) == (None, 100.0)
    assert _even(aadt[:2], worth[:1].repeat(2)) == (None, None)
    assert _even(aadt[:1], worth[1:2]) == (100.0, 100.0)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_little_more_traffic_or_roughness_moves_the_value_a_little(number: int) -> None:
    """Through the roughness at which roads get overlays, too: no year of an overlay jumps, and no road turns a track."""
    section = _sections(_corridor())[number]
    traffic = [float(section.flow(x).value(0.05)) for x in np.linspace(0.5, 1.5, 501).tolist()]
    rough = [float(section.flow(1.0, 1.0, x).value(0.05)) for x in np.linspace(2.5, 12.0, 476).tolist()]
    # A step is 0.2 % of traffic or 0.02 m/km. Whole years of overlays made the value jump by 30 million, and a road
    # rougher than the trigger that is taken for a track by 100 to 500.
    for values in (traffic, rough):
        assert np.abs(np.diff(values)).max() < 3e6


def test_a_paved_road_is_kept_however_rough_it_is_and_a_track_is_not() -> None:
    paved = _sections(_corridor())[0]
    track = replace(paved, row=replace(paved.row, surface_before="track"))
    assert float(paved.flow(1.0, 1.0, 8.0).value(0.05)) == pytest.approx(float(paved.flow(1.0, 1.0, 12.0).value(0.05)))
    assert float(track.flow(1.0, 1.0, 12.0).value(0.05)) > float(track.flow(1.0, 1.0, 8.0).value(0.05))


def test_a_road_that_no_overlay_reaches_grows_rough_year_by_year() -> None:
    """The mean of a year lies in the middle of the roughness at its ends, as the yearly equation has it."""
    pavement, loads = Pavement(3.0, 8, 3.0, 0.025), [0.2, 0.3, 0.4]
    found, laid = maintained(pavement, loads, 99.0, 3.5)
    ends = roughness(replace(pavement, age=7), [0.0, *loads])
    assert found == pytest.approx((ends[:-1] + ends[1:]) / 2) and not laid.any()


def test_an_overlay_that_leaves_the_road_too_rough_is_refused() -> None:
    section = _sections(_corridor())[0]
    with pytest.raises(DataError, match="road-trigger"):
        replace(section, terms=replace(section.terms, factors={"road-overlay": 3.0})).flow()


def test_more_cost_is_worth_less() -> None:
    section = _sections(_corridor())[0]
    values = [float(section.flow(1.0, cost).value(0.05)) for cost in (0.8, 1.0, 1.2)]
    assert values == sorted(values, reverse=True)


@given(st.floats(1, 100), st.floats(-5, 5), st.floats(10, 100), st.floats(0.1, 4))
@settings(max_examples=50, deadline=None)
def test_the_gain_of_an_elastic_volume_is_the_integral_of_its_curve(
    volume: float, fall: float, left: float, elasticity: float
) -> None:
    exact = float(elastic(volume, fall, left, elasticity))
    summed = along(lambda cost: volume * ((left - cost) / left) ** elasticity, [0.0], [-fall], steps=50)
    assert exact == pytest.approx(summed, rel=1e-6, abs=1e-6)
    after = volume * ((left + fall) / left) ** elasticity
    half = float(rule_of_half(volume, after, 0.0, -fall))
    assert exact == pytest.approx(half, rel=0.2 * abs(elasticity) + 1e-9)


@given(st.floats(1, 100), st.floats(-50, 50), st.floats(0, 5), st.floats(0.001, 0.1))
@settings(max_examples=50, deadline=None)
def test_the_gain_of_what_may_be_sold_elsewhere_is_the_integral_of_its_curve(
    volume: float, fall: float, elsewhere: float, scale: float
) -> None:
    def sold(cost: NDArray[np.float64]) -> NDArray[np.float64]:
        kept = np.exp(-scale * cost)
        return volume * (1.0 + elsewhere) * kept / (kept + elsewhere)

    exact = float(sold_here(volume, fall, volume * (1.0 + elsewhere), scale))
    assert exact == pytest.approx(along(sold, [0.0], [-fall], steps=50), rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=8), st.floats(0.0, 0.2))
@settings(max_examples=50, deadline=None)
def test_lines_add_up_to_the_net_flow(amounts: list[float], rate: float) -> None:
    flow = np.array(amounts)
    lines = (Line("a", "benefit", flow), Line("b", "cost", -np.abs(flow[::-1])))
    whole = CashFlow(2025, lines)
    assert float(whole.value(rate)) == pytest.approx(sum(float(v) for v in whole.values(rate).values()), abs=1e-3)


def test_a_project_that_brings_limits_of_its_own_is_compared() -> None:
    """A new line has a track that the case without does not have."""
    study = _Study(_corridor(), Question("eu-2025", ("moyynty-kyzylzhar",)), lambda words: None)
    names = ("moyynty-kyzylzhar",)
    year = study.anchors[0]
    (reader, _), (own, _) = study.runs.solved(year, ()), study.runs.solved(year, names)
    assert len(own.model.table.limits) > len(reader.model.table.limits)
    held = {
        (year, case): np.ones((len(r.model.table.limits), 12), bool) for case, r in (("without", reader), ("with", own))
    }
    bound = study._bound([held], names)
    assert {b.limit for b in bound if b.case == "with"} == {limit.id for limit in own.model.table.limits}


def test_draws_are_the_same_whatever_the_number_of_workers() -> None:
    study = _study()
    joint = list(study.projects)
    study.asked = replace(study.asked, draws=2, seed=5)
    job = study.job(joint)
    alone, shared = drawn(job, 1, lambda words: None), drawn(job, 2, lambda words: None)
    assert [draw.values for draw in alone] == [draw.values for draw in shared]
    assert alone[0].values != alone[1].values
    more = replace(job, count=3)
    assert one_draw(more, 1).values == alone[1].values, "more draws begin with the same"


def _taken(model: Model) -> NDArray[np.float64]:
    """Return what each way takes of each limit, (K, L)."""
    taken = np.zeros((len(model.ways.rank), len(model.limits.kind)))
    owner = np.repeat(np.arange(len(taken)), np.diff(model.ways.use_first))
    np.add.at(taken, (owner, model.ways.use_limit), model.ways.use_amount)
    return taken


def test_a_draw_at_the_central_values_is_the_central_case() -> None:
    """With nothing scaled and all of the promise true, the varied models are the models."""
    study = _study()
    raw = study.runs.raw(2028, ())
    same = varied(raw)
    for name in ("cost", "volume", "hour"):
        np.testing.assert_allclose(getattr(same.ways, name), getattr(raw.ways, name), rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(same.limits.capacity, raw.limits.capacity)
    own = study.runs.raw(2028, (AKTAU,))
    between = blend(raw, own)
    assert between is not None and between.at(1.0) is own
    for part, model in ((0.0, raw), (1.0 - 1e-12, own)):
        mixed = between.at(part)
        np.testing.assert_allclose(mixed.limits.capacity, model.limits.capacity)
        np.testing.assert_allclose(_taken(mixed), _taken(model), atol=1e-9)
    wet = on_water(raw, "caspian")
    names = {limit.id for limit, w in zip(raw.table.limits, wet, strict=False) if w}
    assert "aktau-crane" in names and not any("poti" in name for name in names)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_what_carriers_pass_on_goes_from_them_to_users_and_nothing_is_lost(share: float) -> None:
    """By a default for all services, or one service's own share; with all of it passed on, no known carrier gains."""
    runs = _study().runs
    corridor = _corridor()
    changed, whole = (
        replace(
            corridor,
            defaults=Table(replace(r, value=x) if r.attribute == "pass_through" else r for r in corridor.defaults.rows),
        )
        for x in (share, 1.0)
    )

    def gains(given: Corridor) -> Gains:
        years = []
        for projects in ((), (AKTAU,)):
            reader, solution = runs.solved(2028, projects)
            model = replace(reader.model, corridor=given)
            years.append(Reader(model).welfare(solution, 2028))
        return gains_of(*years)

    kept, passed, most = gains(changed), gains(corridor), gains(whole)
    assert float(kept.users.sum() + kept.margins.sum()) == pytest.approx(
        float(passed.users.sum() + passed.margins.sum())
    )
    assert float(kept.passed.sum()) == pytest.approx(share * float(most.passed.sum()), abs=1e-3)
    assert most.margins[most.operators.index("kmtf")] == pytest.approx(0.0, abs=1e-3)
    assert kept.reliability == pytest.approx(passed.reliability)
    assert (kept.users - kept.passed) == pytest.approx(passed.users - passed.passed)


def test_a_service_has_a_share_of_its_own() -> None:
    reader, _ = _study().runs.solved(2028, (AKTAU,))
    corridor = _corridor()
    name = "aktau-alat-dry-cargo"
    services = Table(replace(r, pass_through=1.0) if r.id == name else r for r in corridor.services.rows)
    other = Reader(replace(reader.model, corridor=replace(corridor, services=services)))
    ways = [way for segment in reader.model.segments for way in segment.ways]
    more = (other.passing - reader.passing).sum(axis=0) > 0
    assert more.tolist() == [name in way.services for way in ways]
