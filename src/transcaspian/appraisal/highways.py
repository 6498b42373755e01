"""This module owns the appraisal of a section of road: whole, for all its users, and the traffic at which it pays.

Without the works the road deteriorates and gets an overlay when it must; so it does with them, later. Traffic is the
same in both: nothing is generated, which understates the gain of a new road.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.cashflow import CashFlow, Line, npv, straight_line
from transcaspian.appraisal.roads import (
    Pavement,
    Traffic,
    UnitValues,
    Work,
    axle_load,
    costs,
    cubic,
    roughness,
    saved,
)
from transcaspian.appraisal.terms import Terms
from transcaspian.model.corridor.project import HighwaySection, RoadVehicle, SectionTraffic

Values = NDArray[np.float64]

HEAVY = 1.0
"""Equivalent standard axles from which a vehicle counts as heavy."""

HALVINGS = 14
"""Times that an interval of traffic is halved: to less than one in ten thousand of it."""

MOST = 60_000.0
"""Vehicles a day beyond which no section of four lanes is looked at."""


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
        iri = [self._roughness(aadt, rough, built) for built in (False, True)]
        savings = saved(self._users(aadt, iri[0], False), self._users(aadt, iri[1], True))
        upkeep = self._upkeep(iri[0], False) - self._upkeep(iri[1], True)
        works, left = self._works(cost)
        lines = (
            Line("works", "cost", -works),
            Line("maintenance", "cost", upkeep),
            Line("residual value", "benefit", left),
            *(Line(name, "benefit", gain) for name, gain in savings.items() if name != "noise"),
        )
        return CashFlow(self.first, lines)

    def corridor_gain(self, rate: float) -> float:
        """Return the present value of what the vehicles of the corridor save; the road is worn by all of them."""
        aadt = self.traffic()
        mine = aadt * np.array([[count.corridor] for count in self.counts])
        old, new = (self._users(mine, self._roughness(aadt, None, built), built) for built in (False, True))
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

    def _roughness(self, aadt: Values, rough: float | None, built: bool) -> Values:
        """Return the roughness of every year, (y,), with an overlay in each year that reaches the trigger.

        A track that is worse than the trigger today is not paved: it gets none and stays as it is.
        """
        opens = self.row.opens - self.first
        axles = [vehicle.axles for vehicle in self.vehicles]
        loads = axle_load(aadt, axles, self.row.lanes_before)
        start = self.row.rough_before if rough is None else rough
        old = Pavement(start, self.row.age, self.row.strength_before, self.row.climate)
        track = start > self.terms.value("road-trigger")
        found = np.full(loads.size, start) if track else self._kept(old, loads)
        if built:
            new = Pavement(self.row.rough_after, 0, self.row.strength_after, self.row.climate)
            found[opens:] = self._kept(new, axle_load(aadt[:, opens:], axles, self.row.lanes_after))
        return found

    def _kept(self, pavement: Pavement, loads: Values) -> Values:
        """Return the roughness of a pavement that gets an overlay in each year in which it would pass the trigger."""
        trigger, overlay = self.terms.value("road-trigger"), self.terms.value("road-overlay")
        works: list[Work] = []
        while True:
            found = roughness(pavement, loads, works)
            over = np.flatnonzero(found > trigger)
            if over.size == 0:
                return found
            works.append(Work(int(over[0]), overlay))

    def _upkeep(self, iri: Values, built: bool) -> Values:
        opens = self.row.opens - self.first
        lanes = np.full(iri.size, float(self.row.lanes_before))
        lanes[opens:] = self.row.lanes_after if built else self.row.lanes_before
        area = lanes * self.terms.value("lane-width") * self.row.km * 1000.0
        found = area * self.terms.value("road-upkeep")
        done = np.flatnonzero(np.diff(iri) < 0) + 1  # roughness falls only where an overlay is laid
        done = done[done != opens] if built else done
        found[done] += area[done] * self.terms.value("road-renewal")
        return np.asarray(found)

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

    def break_even(self, rate: float, cost: float = 1.0, rough: float | None = None) -> float | None:
        """Return the vehicles a day of today at which the works just pay at a rate; None if no traffic does."""

        def pays(vehicles: float) -> bool:
            return float(self.flow(vehicles / self.aadt, cost, rough).value(rate)) >= 0

        low, high = 0.0, 100.0
        while not pays(high):
            low, high = high, 2 * high
            if high > MOST:
                return None
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if pays(middle) else (middle, high)
        return high


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
