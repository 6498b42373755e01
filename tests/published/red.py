"""The RED road sections (World Bank, Vietnam, 2018) through ``appraisal.roads``: alternatives, years, net flows.

The tables that the cards of the cases do not hold are here: upkeep of a kilometre [VND] by surface and lane class, and
what condition makes of it. Source: roads-cba-py, commit 80d3548. Money is in billion VND. Pavements with a binder wear
by climate alone in it.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.published.cases import case, rows
from transcaspian.appraisal.cashflow import CashFlow, Line
from transcaspian.appraisal.roads import Pavement, Traffic, UnitValues, Work, costs, cubic, grown, roughness

Values = NDArray[np.float64]

COUNT, RATE, ECONOMIC = 20, 0.12, 0.91
GROWTH = (0.034, 0.046, 0.054, 0.057, 0.086)
LANES = (1, 2, 2, 2, 4, 6, 8)
WORST = {4: 25.0, 5: 25.0}
WEAR = {1: 0.02, 4: 0.1, 5: 0.1, 6: 0.05, 7: 0.05}
CLIMATE = (
    (0.005, 0.010, 0.020, 0.025, 0.030),
    (0.100, 0.015, 0.025, 0.030, 0.040),
    (0.015, 0.025, 0.040, 0.060, 0.070),
    (0.025, 0.035, 0.060, 0.100, 0.120),
    (0.040, 0.060, 0.100, 0.200, 0.220),
)
UPKEEP = (
    (10167.7938484056, 19115.4524350025, 20282.3695008311, 19928.875942875, 20335.5876968112),
    (14758.9085060652, 26861.2134810386, 27746.7479914025, 28632.2825017664, 29517.8170121303),
    (12117.2647173132, 18418.242370316, 20357.0047250861, 22295.7670798562, 24234.5294346263),
    (8845.72489898381, 12737.8438545367, 14330.0743363538, 16099.2193161505, 17691.4497979676),
    (5662.55318106041, 7361.31913537853, 8607.08083521182, 9966.09359866632, 11325.1063621208),
    (12117.2647173132, 18418.242370316, 20357.0047250861, 22295.7670798562, 24234.5294346263),
    (8845.72489898381, 12737.8438545367, 14330.0743363538, 16099.2193161505, 17691.4497979676),
)
CONDITION = (0.8, 0.9, 1.0, 1.1, 1.2)
PEOPLE = np.array([1.3, 1.9, 1.9, 0, 0, 0, 0, 0, 0, 15, 22, 30])
HOUR = np.array([2.52, 5.6, 5.6, 0, 0, 0, 0, 0, 0, 2.8, 2.8, 2.8])
TERRAIN = ("flat", "hilly", "mountain")


@cache
def _curves(lane_class: int, terrain: str) -> tuple[Values, Values]:
    listed = [
        r
        for r in rows("C05-red-voc-speed-coefficients.csv")
        if r["lane_class"] == str(lane_class) and r["terrain"] == terrain
    ]
    return tuple(np.array([[float(r[f"{what}_a{n}"]) for n in range(4)] for r in listed]) for what in ("voc", "speed"))  # type: ignore[return-value]


@cache
def _evaluated() -> list[list[float]]:
    lines = case("C05-red-work-evaluated.csv").read_text(encoding="utf-8").splitlines()
    return [[float(x) for x in line.split(",")] for line in lines if not line.startswith("#")]


def alternatives(section: dict[str, str]) -> tuple[list[tuple[int, int]], float]:
    """Return the works to compare, as number and year, the base first, and the factor of their cost."""
    at = tuple(int(float(section[k])) - 1 for k in ("surface_type", "road_class", "condition_class"))
    year, base, first, second, factor = _evaluated()[at[0] * 50 + at[1] * 5 + at[2]]
    found = [(int(base), int(year))]
    for work in (first, second):
        found += [(int(work), n) for n in range(1, 7)] if work > 0 else []
    return found, factor


class Section:
    """One section under its alternatives."""

    def __init__(self, row: dict[str, str]) -> None:
        self.row = row
        self.km = float(row["length"])
        self.surface, self.lanes = int(row["surface_type"]), int(row["lanes"])
        names = [name for name in row if name.startswith("aadt_") and name != "aadt_total"]
        base = np.array([float(row[name]) for name in names])
        self.aadt = grown(base, GROWTH[int(row["traffic_growth"]) - 1], COUNT)

    def cost(self, number: int, year: int, factor: float) -> Values:
        """Return the economic cost of an alternative by year, (year,)."""
        works = rows("C05-red-works.csv")
        work = works[number - 1]
        repair = works[int(work["followup_work"]) - 1]
        again = [year + n * int(work["followup_interval_y"]) for n in range(1, 5)]
        listed = [Work(year - 1, float(work["iri_after"]))]
        listed += [Work(y - 1, float(repair["iri_after"])) for y in again if y <= COUNT]
        iri = roughness(self._pavement(), np.zeros(COUNT), listed)
        cost = self._users(iri) + ECONOMIC * self._upkeep(iri)
        cost[year - 1] += ECONOMIC * self._price(work) * factor
        for y in again:
            if y <= COUNT:
                cost[y - 1] += ECONOMIC * self._price(repair)
        return cost

    def _price(self, work: dict[str, str]) -> float:
        column = ("cost_kVND_m2_flat", "hilly", "mountain")[int(self.row["terrain"]) - 1]
        return float(work[column]) * self.km * float(self.row["width"]) / 1000

    def _pavement(self) -> Pavement:
        climate = CLIMATE[int(self.row["temperature"]) - 1][int(self.row["moisture"]) - 1]
        wear, worst = WEAR.get(self.surface, climate), WORST.get(self.surface, 16.0)
        return Pavement(float(self.row["roughness"]), int(float(self.row["pavement_age"])), 0.0, climate, wear, worst)

    def _users(self, iri: Values) -> Values:
        voc, speed = _curves(self.lanes, TERRAIN[int(self.row["terrain"]) - 1])
        traffic = Traffic(self.aadt[None], cubic(speed[:, None], iri)[None], np.array([self.km]))
        values = UnitValues(
            time=np.broadcast_to((PEOPLE * HOUR)[None, :, None], traffic.aadt.shape),
            operating=cubic(voc[:, None], iri)[None],
        )
        lines = costs(traffic, values)
        return (lines["time"] + lines["operating"]) / 1e6

    def _upkeep(self, iri: Values) -> Values:
        limits = [
            float(r["RoughnessTo"])
            for r in rows("C05-red-iri-condition-classes.csv")
            if r["SurfaceType"] == str(self.surface)
        ]
        condition = np.searchsorted(limits, iri, side="right")
        lane = min(self.lanes, 5) - 1
        return UPKEEP[self.surface - 1][lane] * self.km / 1e6 * np.array(CONDITION)[condition]


def best(section: Section) -> tuple[tuple[int, int], CashFlow]:
    """Return the alternative of the highest net present value, and its flow against the base."""
    listed, factor = alternatives(section.row)
    base = section.cost(*listed[0], factor)
    flows = [CashFlow(0, (Line("net", "benefit", base - section.cost(*a, factor)),)) for a in listed]
    worth = [float(flow.value(RATE)) for flow in flows]
    top = max(worth)
    at = max(n for n, value in enumerate(worth) if value == top)
    return listed[at], flows[at]
