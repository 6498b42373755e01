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
from transcaspian.appraisal.assess import Case, _granted, debts
from transcaspian.appraisal.cashflow import CashFlow, Line
from transcaspian.appraisal.gains import Gains, by_country, gains_of
from transcaspian.appraisal.highways import Section, sections_of
from transcaspian.appraisal.money import span_of
from transcaspian.appraisal.surplus import along, elastic, rule_of_half
from transcaspian.appraisal.terms import terms_of
from transcaspian.assignment.flows import Model
from transcaspian.assignment.settle import unsure
from transcaspian.assignment.vary import blend, on_water, varied
from transcaspian.assignment.welfare import Reader
from transcaspian.model.corridor import Corridor, Table
from transcaspian.results.appraisal import Appraisal
from transcaspian.study.appraise import _Study, appraise
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
    assert all(line.value == 0.0 for line in project.lines if line.name in ("users", "operators", "emissions"))


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


def test_the_order_of_projects_does_not_matter() -> None:
    names = ["visa-facilitation", "kuryk-port", "eu-highways"]
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
        return Case(project, "set", own, tuple(x for x in legs if x.project in names), {}, span, ())

    alone, beside = debts(case(ids[:1]), study.terms), debts(case(ids), study.terms)
    assert [d.drawn[d.drawn > 0].tolist() for d in beside] == [[17.5e6, 17.5e6]]
    assert [d.repaid.sum() for d in beside] == pytest.approx([d.repaid.sum() for d in alone])
    money = study.terms.rates.factor
    dredging = sum(o.amount * money(o.currency, o.price_year) for o in outlays if o.project == ids[1])
    assert _granted(case(ids[:1]), study.terms) == pytest.approx(10 / 45)
    assert _granted(case(ids), study.terms) == pytest.approx(10e6 / (45e6 + dredging))


def test_a_project_that_starts_as_announced_is_worth_what_it_is_worth() -> None:
    """Alone in a set, what it adds to the others is all of it; later, a loss at 5 % is a smaller loss."""
    start = next(starts(_study().cases, [_corridor().projects[AKTAU]]))
    assert start.opens[0] == 2028 and start.values[0] == pytest.approx(_answer().projects[0].npv, abs=1e-3)
    assert start.best == start.opens[int(np.argmax(start.values))]
    assert max(start.values) > start.values[0]


def _section(corridor: Corridor) -> Section:
    rows = corridor.highway_sections.rows, corridor.road_vehicles.rows, corridor.section_traffic.rows
    return sections_of(*rows, terms_of(corridor), 25)[0]


@pytest.mark.parametrize("year", [2022, 2024])
def test_the_price_level_does_not_matter(year: int) -> None:
    """In prices of another year amounts are others, and the ratio and the rate of return the same."""
    corridor = _corridor()
    other = replace(corridor, about=Table(replace(row, price_year=year) for row in corridor.about.rows))
    one, two = _section(corridor).flow(), _section(other).flow()
    level = {row.year: row.index for row in corridor.price_levels.rows}
    assert float(two.value(0.05)) == pytest.approx(float(one.value(0.05)) * level[year] / level[2025], rel=1e-9)
    assert float(two.ratio(0.05)) == pytest.approx(float(one.ratio(0.05)), rel=1e-9)
    assert two.rates().roots == pytest.approx(one.rates().roots, rel=1e-9)


def test_at_the_break_even_traffic_a_section_just_pays() -> None:
    section = _section(_corridor())
    even = section.break_even(0.05)
    assert even is not None
    assert float(section.flow(0.99 * even / section.aadt).value(0.05)) < 0
    assert float(section.flow(1.01 * even / section.aadt).value(0.05)) >= 0


def test_more_cost_is_worth_less() -> None:
    section = _section(_corridor())
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
            years.append((Reader(model).welfare(solution, 2028), Reader(model).welfare(unsure(model, solution), 2028)))
        (without, without_sure), (after, after_sure) = years
        return gains_of(without, after, without_sure, after_sure)

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
