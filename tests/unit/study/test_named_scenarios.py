"""The scenarios that a package names can be laid over its case without, in every year that is worked out."""

from datetime import date

import pytest

from transcaspian.io import load
from transcaspian.model.corridor import Corridor
from transcaspian.model.scenario import Scenario, apply_on
from transcaspian.study.scenarios import resolve

NAMED = (
    "northern-reopened",
    "northern-closed",
    "red-sea-open",
    "oil-pipeline-cut",
    "tariff-rise",
    "gulf-crisis",
    "official",
)


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return load()


def test_the_package_names_what_the_work_plan_asks_for(corridor: Corridor) -> None:
    rows = sorted(corridor.package_scenarios.rows, key=lambda r: r.seq)
    assert tuple(r.scenario for r in rows if r.package == "eu-2025") == NAMED


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("year", [2027, 2028, 2030, 2032])
def test_it_holds_over_the_case_without(corridor: Corridor, name: str, year: int) -> None:
    """A change that alters nothing, as it would over a row the case without has set, is an error."""
    minimum = resolve(corridor, corridor.packages["eu-2025"].minimum)
    both = Scenario(name, minimum.changes + resolve(corridor, name).changes)
    assert apply_on(corridor, both, date(year, 1, 1)) != apply_on(corridor, minimum, date(year, 1, 1)) or year < 2028


def test_targets_are_those_published(corridor: Corridor) -> None:
    """10 Mt over the 4,484 kt of 2024; 300,000 TEU over 56,500: as the ministry counts."""
    minimum = resolve(corridor, corridor.packages["eu-2025"].minimum)
    both = Scenario("official", minimum.changes + resolve(corridor, "official").changes)
    later = apply_on(corridor, both, date(2030, 1, 1))
    for demand in corridor.demand.rows:
        scale = later.demand[demand.id].units / demand.units
        boxes = demand.kind == "captive" and demand.form.startswith("box")
        right = 1.0 if demand.kind == "contestable" else 300 / 56.5 if boxes else 10 / 4.484
        assert scale == pytest.approx(right, rel=5e-3), demand.id
