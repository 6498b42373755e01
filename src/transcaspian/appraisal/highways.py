"""This module owns the appraisal of a section of road: whole, for all its users, and the traffic at which it pays.

Without the works the road deteriorates and gets an overlay when it must; so it does with them, later. Traffic is the
same in both: nothing is generated, which understates the gain of a new road.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.cashflow import CashFlow, Line, npv, straight_line
from transcaspian.appraisal.roads import (
    Pavement,
    Traffic,
    UnitValues,
    axle_load,
    costs,
    cubic,
    maintained,
    saved,
)
from transcaspian.appraisal.terms import Terms
from transcaspian.errors import DataError, Problem
from transcaspian.model.corridor.project import HighwaySection, RoadVehicle, SectionTraffic

Values = NDArray[np.float64]

HEAVY = 1.0
"""Equivalent standard axles from which a vehicle counts as heavy."""

LEAST, MOST, POINTS = 20.0, 60_000.0, 801
"""Vehicles a day between which a section is looked at, and at how many points: every 1 %. No section of four lanes
carries more than the most."""


class Even(NamedTuple):
    """Vehicles a day of today from which the works pay at any more, and the least at which they pay.

    None: at no traffic. Where the two differ, works pay, do not pay and pay again between them.
    """

    always: float | None
    first: float | None


@dataclass(frozen=True)
class Section:
    """A section with its traffic and the terms, ready to be appraised at any traffic, roughness and cost."""

    row: HighwaySection
    vehicles: tuple[RoadVehicle, ...]
    counts: tuple[SectionTraffic, ...]
    terms: Terms
    years: int

    @property
    def first(self) -> int:
        """First year: that of the counts, whose state of the road is known, or of the works."""
        return min([self.row.starts, *(count.year for count in self.counts)])

    @property
    def last(self) -> int:
        """Last year counted."""
        return self.row.opens + self.years - 1

    @property
    def aadt(self) -> float:
        """Vehicles a day of the count, all classes."""
        return sum(count.aadt for count in self.counts)

    def traffic(self, scale: float = 1.0) -> Values:
        """Return vehicles a day by class and year, (c, y); ``scale`` multiplies the count."""
        ends = round(self.terms.value("road-growth-ends"))
        years = np.minimum(np.arange(self.first, self.last + 1), ends)
        rows = [count.aadt * (1 + count.growth) ** (years - count.year) for count in self.counts]
        return scale * np.array(rows)

    def flow(self, scale: float = 1.0, cost: float = 1.0, rough: float | None = None) -> CashFlow:
        """Return the cash flow of the works, economic, [EUR of the price year]; a line for each effect.

        ``scale`` multiplies traffic, ``cost`` the cost of the works, and ``rough`` is the roughness of today.
        """
        aadt = self.traffic(scale)
        (bad, dear), (good, cheap) = (self._kept(aadt, rough, built) for built in (False, True))
        savings = saved(self._users(aadt, bad, False), self._users(aadt, good, True))
        works, left = self._works(cost)
        lines = (
            Line("works", "cost", -works),
            Line("maintenance", "cost", dear - cheap),
            Line("residual value", "benefit", left),
            *(Line(name, "benefit", gain) for name, gain in savings.items() if name != "noise"),
        )
        return CashFlow(self.first, lines)

    def corridor_gain(self, rate: float) -> float:
        """Return the present value of what the vehicles of the corridor save; the road is worn by all of them."""
        aadt = self.traffic()
        mine = aadt * np.array([[count.corridor] for count in self.counts])
        old, new = (self._users(mine, self._kept(aadt, None, built)[0], built) for built in (False, True))
        return float(sum(npv(gain, rate) for name, gain in saved(old, new).items() if name != "noise"))

    def corridor_share(self) -> float:
        """Return the share of vehicles that belongs to the corridor."""
        return sum(c.aadt * c.corridor for c in self.counts) / self.aadt if self.aadt else 0.0

    def _works(self, cost: float) -> tuple[Values, Values]:
        factor = self.terms.rates.factor(self.row.currency, self.row.price_year)
        total = self.row.cost * factor * self.terms.value("road-economic") * cost
        works, left = np.zeros(self.last - self.first + 1), np.zeros(self.last - self.first + 1)
        works[self.row.starts - self.first : self.row.opens - self.first] = total / (self.row.opens - self.row.starts)
        left[-1] = straight_line(total, self.terms.value("road-life"), self.years)
        return works, left

    def _kept(self, aadt: Values, rough: float | None, built: bool) -> tuple[Values, Values]:
        """Return the roughness of every year, (y,), and what it costs to keep the road, (y,) [EUR].

        A paved road gets overlays, however rough it is today; a track is not paved, and stays as it is. What of an
        overlay would fall into the year of opening is not laid where the road is rebuilt.
        """
        row, opens = self.row, self.row.opens - self.first
        start = row.rough_before if rough is None else rough
        old = Pavement(start, row.age, row.strength_before, row.climate)
        new = Pavement(row.rough_after, 0, row.strength_after, row.climate)
        count = aadt.shape[1]
        found, laid, lanes = np.full(count, float(start)), np.zeros(count), np.full(count, row.lanes_before)
        if row.surface_before == "paved":
            found, laid = self._overlaid(old, aadt, row.lanes_before)
        if built:
            found[opens:], laid[opens:] = self._overlaid(new, aadt[:, opens:], row.lanes_after)
            lanes[opens:] = row.lanes_after
        area = lanes * self.terms.value("lane-width") * row.km * 1000.0
        return found, area * (self.terms.value("road-upkeep") + laid * self.terms.value("road-renewal"))

    def _overlaid(self, pavement: Pavement, aadt: Values, lanes: int) -> tuple[Values, Values]:
        trigger, overlay = self.terms.value("road-trigger"), self.terms.value("road-overlay")
        if overlay >= trigger:
            right = f"a roughness below the {trigger:g} of road-trigger"
            raise DataError([Problem("unit_values", "road-overlay", "value", f"{overlay:g}", right)])
        loads = axle_load(aadt, [vehicle.axles for vehicle in self.vehicles], lanes)
        return maintained(pavement, loads, trigger, overlay)

    def _users(self, aadt: Values, iri: Values, built: bool) -> dict[str, Values]:
        opens = self.row.opens - self.first
        limit = np.full(iri.size, self.row.limit_before)
        rate = np.full(iri.size, self.row.accidents_before)
        if built:
            limit[opens:], rate[opens:] = self.row.limit_after, self.row.accidents_after
        curves = np.array([[v.speed_0, v.speed_1, v.speed_2, v.speed_3] for v in self.vehicles])
        fastest = np.array([v.fastest for v in self.vehicles])
        free = np.minimum(cubic(curves[:, None], iri), fastest[:, None])
        speed = np.maximum(np.minimum(free, limit), 10.0)
        traffic = Traffic(aadt[None], speed[None], np.array([self.row.km]))
        return costs(traffic, self._values(iri, rate))

    def _values(self, iri: Values, rate: Values) -> UnitValues:
        terms, vehicles = self.terms, self.vehicles
        hour = np.array([v.people * terms.value("hour-person") + v.cargo * terms.value("hour-cargo") for v in vehicles])
        rise = terms.rates.factor("EUR", vehicles[0].price_year)
        wear = np.array([[v.voc_0, v.voc_1, v.voc_2, v.voc_3] for v in vehicles])
        operating = np.array([v.operating for v in vehicles])[:, None] * rise * cubic(wear[:, None], iri)
        casualty = terms.value("casualty-fatal") * terms.value("accident-all")
        years = np.arange(self.first, self.last + 1)
        carbon = np.array([terms.value("carbon", int(y)) for y in years]) / 1000.0 * terms.value("carbon-fuel")
        heavy = np.array([v.axles >= HEAVY for v in vehicles])
        dirt = np.where(heavy, terms.value("pollution-heavy"), terms.value("pollution-light"))
        count = len(vehicles)
        return UnitValues(
            time=np.broadcast_to(hour[None, :, None], (1, count, years.size)),
            operating=operating[None],
            accidents=np.broadcast_to(rate * 1e-8 * casualty, (1, 1, years.size)),
            burn=np.array([[[v.fuel_0, v.fuel_1, v.fuel_2, v.fuel_3]] for v in vehicles]),
            mix=np.ones((count, 1)),
            fuel=np.full((1, years.size), terms.value("fuel")),
            greenhouse=np.broadcast_to(carbon, (count, 1, years.size)),
            pollution=np.broadcast_to(dirt[None, :, None, None], (1, count, 1, years.size)),
        )

    def break_even(self, rates: Sequence[float], costs: Sequence[float]) -> dict[tuple[float, float], Even]:
        """Return the traffic of today at which the works pay, by rate and factor of their cost.

        The net present value is looked at in steps of 1 % of traffic, up to ``MOST``: it need not grow all the way,
        since more traffic also brings nearer the overlays of both cases. Between steps it lies on a line.
        """
        aadt: Values = np.geomspace(LEAST, MOST, POINTS)
        flows = [self.flow(vehicles / self.aadt) for vehicles in aadt.tolist()]
        scaled = [self._works(cost) for cost in costs]
        works, left = self._works(1.0)
        found = {}
        for rate in rates:
            worth = np.array([float(flow.value(rate)) for flow in flows]) - float(npv(left - works, rate))
            for cost, (spent, after) in zip(costs, scaled, strict=True):
                found[rate, cost] = _even(aadt, worth + float(npv(after - spent, rate)))
        return found


def _even(aadt: Values, worth: Values) -> Even:
    """Return where present values (n,) over traffic (n,) begin to be none below zero, on lines between them."""
    ups = np.flatnonzero((worth[:-1] < 0) & (worth[1:] >= 0))
    at = aadt[ups] - worth[ups] * (aadt[ups + 1] - aadt[ups]) / (worth[ups + 1] - worth[ups])
    points = [float(aadt[0]), *at.tolist()] if worth[0] >= 0 else at.tolist()
    if not points:
        return Even(None, None)
    return Even(points[-1] if worth[-1] >= 0 else None, points[0])


def sections_of(
    rows: Sequence[HighwaySection],
    vehicles: Sequence[RoadVehicle],
    counts: Sequence[SectionTraffic],
    terms: Terms,
    years: int,
) -> tuple[Section, ...]:
    """Return sections with the traffic that is counted on them."""
    by_id = {vehicle.id: vehicle for vehicle in vehicles}
    found = []
    for row in rows:
        own = tuple(count for count in counts if count.section == row.id)
        found.append(Section(row, tuple(by_id[c.vehicle] for c in own), own, terms, years))
    return tuple(found)
