"""The Slovak road cases as arrays for ``appraisal.roads``: parameters of the national handbook, traffic, works.

The handbook's own habits are kept here, and only here: unit values grow from their first year by one year's GDP growth
alone, they are rounded to cents before they are used, and fuel is net of half its price. So is a fault of the source:
it takes the cost of a replacement into the residual value of what was never replaced. Source: the open model
transport-cba (MIT), parameters of December 2019.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tests.published.cases import rows
from transcaspian.appraisal.cashflow import CashFlow, Line, straight_line
from transcaspian.appraisal.roads import Traffic, UnitValues, costs, saved

Values = NDArray[np.float64]

CLASSES = ("car", "lgv", "hgv", "bus")
FUELS = ("petrol", "diesel")
NAMES = {
    "time": "benefit_vtts", "operating": "benefit_voc", "accidents": "benefit_accidents", "fuel": "benefit_fuel",
    "greenhouse": "benefit_ghg", "pollution": "benefit_emissions", "noise": "benefit_noise",
}  # fmt: skip


def _parameter(name: str) -> list[dict[str, str]]:
    return rows(f"C00-svk-parameters/{name}.csv")


@dataclass(frozen=True)
class SlovakCase:
    """One case: its folder, the first year of its table, how many years, and the year it counts from.

    What was spent before that year counts in it; it is the year of the prices too. Thirty years are counted.
    """

    folder: str
    first: int
    count: int
    level: int

    faulty: bool = True

    @property
    def stop(self) -> int:
        """Position after the last year counted."""
        return self.before + 30

    @property
    def before(self) -> int:
        """Years of the table before the year it counts from."""
        return self.level - self.first

    @property
    def years(self) -> range:
        return range(self.first, self.first + self.count)

    @cached_property
    def sections(self) -> list[dict[str, str]]:
        return rows(f"{self.folder}/road_params.csv")

    def _price(self, year: str) -> float:
        """Factor from the prices of a year to the price level of the case."""
        cpi = defaultdict(lambda: 0.02, {int(r["year"]): float(r["cpi"]) for r in _parameter("cpi")})
        return float(np.prod([1 + cpi[y] for y in range(int(year), self.level)]))

    def _rising(self, value: float, elasticity: float, digits: int = 2) -> Values:
        """A unit value by year: after the first it carries one year's growth of GDP."""
        growth = {int(r["year"]): float(r["gdp_growth"]) for r in _parameter("gdp_growth")}
        rise = np.array([growth.get(y, growth[max(growth)]) * elasticity for y in self.years])
        rise[self.before] = 0.0
        return np.round(value * (1 + rise), digits)

    def traffic(self, variant: int) -> Traffic:
        """Traffic of the sections of a variant, (section, class, year)."""
        place = {r["id_section"]: n for n, r in enumerate(self.sections)}
        there = [r[f"variant_{variant}"] == "1" for r in self.sections]
        found = []
        for name in ("intensities", "velocities"):
            array = np.zeros((len(place), len(CLASSES), self.count))
            for row in rows(f"{self.folder}/{name}_{variant}.csv"):
                if there[place[row["id_section"]]]:
                    series = np.array([float(row.get(str(y)) or 0) for y in self.years])
                    series[: self.before], series[self.stop :] = 0.0, 0.0
                    array[place[row["id_section"]], CLASSES.index(row["vehicle"])] = series
            found.append(array)
        return Traffic(found[0], found[1], np.array([float(r["length"]) for r in self.sections]))

    def values(self) -> UnitValues:
        """Unit values, by section, class, fuel and year."""
        fuel_factor = next(float(r["fuel"]) for r in _parameter("conversion_factors") if r["item"] == "factor")
        density = {r["fuel"]: float(r["value"]) for r in _parameter("fuel_density")}
        burn, mix = np.zeros((4, 2, 4)), np.zeros((4, 2))
        for r in _parameter("fuel_consumption"):
            at = CLASSES.index(r["vehicle"]), FUELS.index(r["fuel"])
            burn[at] = [float(r[f"a{n}"]) * density[r["fuel"]] for n in range(4)]
        for r in _parameter("fuel_ratio"):
            mix[CLASSES.index(r["vehicle"]), FUELS.index(r["fuel"])] = float(r["ratio"])
        price = {r["fuel"]: float(r["value"]) * self._price(r["price_level"]) for r in _parameter("fuel_cost")}
        fuel = [round(price[f] / density[f] * fuel_factor, 2) for f in FUELS]
        return UnitValues(
            time=self._time()[None],
            operating=self._operating()[None],
            accidents=self._accidents()[:, None],
            noise=self._noise(),
            burn=burn,
            mix=mix,
            fuel=np.repeat(np.array(fuel)[:, None], self.count, axis=1),
            greenhouse=self._greenhouse(),
            pollution=self._pollution(),
        )

    def _time(self) -> Values:
        people = {r["vehicle"]: float(r["value"]) for r in _parameter("passenger_occupancy")}
        tonnes = {r["vehicle"]: float(r["value"]) for r in _parameter("freight_occupancy")}
        purposes = {r["vehicle"]: r for r in _parameter("trip_purpose")}
        hours: dict[tuple[str, str, str], list[float]] = {}
        elasticity = {}
        for r in _parameter("vtts"):
            worth = float(r["value"]) * self._price(r["price_level"])
            hours.setdefault((r["vehicle"], r["purpose"], r["substance"]), []).append(worth)
            elasticity[r["vehicle"], r["purpose"]] = float(r["gdp_growth_adjustment"])
        found = []
        for vehicle in CLASSES:
            mean, bend = 0.0, 0.0
            for (v, purpose, substance), listed in hours.items():
                if v == vehicle:
                    load = people[v] if substance == "passengers" else tonnes[v]
                    mean += float(purposes[v][purpose]) * float(np.mean(listed)) * load
            for (v, purpose), e in elasticity.items():
                bend += float(purposes[v][purpose]) * e if v == vehicle else 0.0
            found.append(self._rising(round(mean, 2), bend))
        return np.array(found)

    def _operating(self) -> Values:
        cost = {r["vehicle"]: float(r["value"]) * self._price(r["price_level"]) for r in _parameter("voc")}
        return np.array([np.full(self.count, round(cost[c], 2)) for c in CLASSES])

    def _accidents(self) -> Values:
        """Cost of a vehicle-km by section, (section, year)."""
        worth = {
            r["acc_type"]: float(r["value"]) * self._price(r["price_level"])
            * float(r["correct_unreported"]) * float(r["correct_pass_per_acc"])
            for r in _parameter("accident_cost")
        }  # fmt: skip
        elasticity = float(_parameter("accident_cost")[0]["gdp_growth_adjustment"])
        keys = ("category", "lanes", "layout", "environment")
        rate = {
            tuple(r[k] for k in keys): sum(float(r[a]) * worth[a] for a in worth) for r in _parameter("accident_rate")
        }
        none = np.zeros(self.count)
        listed = (rate.get(tuple(s[k] for k in keys)) for s in self.sections)
        return np.array([none if value is None else self._rising(value, elasticity) * 1e-8 for value in listed])

    def _greenhouse(self) -> Values:
        grams = np.zeros((4, 2))
        for r in _parameter("greenhouse_rate"):
            at = CLASSES.index(r["vehicle"]), FUELS.index(r["fuel"])
            grams[at] += float(r["value"]) * float(r["factor"])
        price = {
            int(r["year"]): float(r["value"]) * float(r["scale"]) * self._price(r["price_level"])
            for r in _parameter("greenhouse_cost")
        }
        series = np.array([price.get(y, price[max(price)]) for y in self.years])
        found: Values = np.round(grams)[:, :, None] * series
        return found

    def _pollution(self) -> Values:
        found = np.zeros((len(self.sections), 4, 2, self.count))
        cost = {}
        for r in _parameter("emission_cost"):
            value = float(r["value"]) * float(r["scale"]) * self._price(r["price_level"])
            cost[r["polluant"], r["environment"]] = self._rising(value, float(r["gdp_growth_adjustment"]))
        for r in _parameter("emission_rate"):
            at = CLASSES.index(r["vehicle"]), FUELS.index(r["fuel"])
            for n, section in enumerate(self.sections):
                found[(n, *at)] += float(r["value"]) * cost[r["polluant"], section["environment"]]
        return found

    def _noise(self) -> Values:
        sums: dict[tuple[str, str], float] = {}
        for r in _parameter("noise"):
            if r["traffic_type"] == "thin":
                value = float(r["value"]) * float(r["scale"]) * self._price(r["price_level"]) * float(r["ratio"])
                key = r["vehicle"], r["environment"]
                sums[key] = sums.get(key, 0.0) + value
        elasticity = float(_parameter("noise")[0]["gdp_growth_adjustment"])
        return np.array(
            [[self._rising(sums[c, s["environment"]], elasticity, 5) for c in CLASSES] for s in self.sections]
        )

    @cached_property
    def capital(self) -> list[tuple[str, Values, float]]:
        """Item, market cost by year, and the factor to economic cost."""
        factor = {r["item"]: float(r["aggregate"]) for r in _parameter("conversion_factors") if r["aggregate"]}
        found = []
        for r in rows(f"{self.folder}/capex.csv"):
            series = np.array([float(r.get(str(y)) or 0) for y in self.years])
            series[self.before] += series[: self.before].sum()
            series[: self.before] = 0.0
            found.append((r["item"], series, factor.get(r["item"], factor["construction"])))
        return found

    @cached_property
    def built(self) -> int:
        """Years of building: those that the table of capital costs has."""
        return sum(name.isdigit() for name in rows(f"{self.folder}/capex.csv")[0])

    def residual(self) -> float:
        """What is left of the works at the end, in economic cost."""
        used, total = 30 - self.built, 0.0
        terms = {r["item"]: r for r in _parameter("residual_value")}
        for item, series, factor in self.capital:
            if item in terms:
                life = float(terms[item]["lifetime"])
                left = round(straight_line(1.0, life, used), 2)
                if life <= used or self.faulty:
                    left *= float(terms[item]["replacement_cost_ratio"] or 1)
                total += float(series.sum()) * factor * left
        return total

    def upkeep(self, variant: int) -> Values:
        """Economic cost of maintenance, (year,)."""
        factor = {r["item"]: float(r["aggregate"]) for r in _parameter("conversion_factors") if r["aggregate"]}
        total = np.zeros(self.count)
        for s in self.sections:
            old, new = s["variant_0"] == "1", s["variant_1"] == "1"
            if (variant == 0 and not old) or (variant == 1 and not old and not new):
                continue
            starts = self.before + (self.built if variant == 1 and not old else 0)
            stops = self.before + self.built if variant == 1 and old and not new else self.stop
            for r in _parameter("operation_cost"):
                if r["category"] != s["category"]:
                    continue
                part = {"bridges": "length_bridges", "tunnels": "length_tunnels"}.get(r["item"], "length")
                area = float(s["width"]) * float(s[part]) * 1e3
                cost = round(float(r["value"]) * self._price(r["price_level"]), 2) * area
                period = int(r["periodicity"])
                for n in range(starts, stops):
                    total[n] += cost * factor[r["operation_type"]] * ((n - starts + 1) % period == 0)
        return total

    def cash_flow(self) -> CashFlow:
        """All lines, rounded to cents as the source prints them."""
        values = self.values()
        gains = saved(costs(self.traffic(0), values), costs(self.traffic(1), values))
        spent = sum((series * factor for _, series, factor in self.capital), np.zeros(self.count))
        left = np.zeros(self.count)
        left[self.stop - 1] = self.residual()
        lines = [
            Line("cost_capex", "cost", -spent),
            Line("cost_opex", "cost", self.upkeep(0) - self.upkeep(1)),
            Line("benefit_res_val", "benefit", left),
            *(Line(NAMES[name], "benefit", flow) for name, flow in gains.items()),
        ]
        return CashFlow(self.first, tuple(Line(x.name, x.side, np.round(x.flow, 2)) for x in lines))
