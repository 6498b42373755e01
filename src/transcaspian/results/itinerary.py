"""This module owns the answer to ``plan``: itineraries, their legs, prices, emissions and reliability.

Everything here carries ids, moments in UTC and numbers in the units of ``transcaspian.units``. Prices are EUR of the
corridor's price year for the whole shipment; ``co2e`` is well-to-wheel. Nothing here computes.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from transcaspian.results.text import aligned, days, html, money
from transcaspian.units import Hours, KgCO2e, Km, Share, Tonnes

RIDES = ("ride", "from", "to", "wait", "time", "km", "EUR", "t CO2e")
"""Header of the rides of an itinerary."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done to the cargo or its papers at a place."""

    step: str
    name: str
    place: str
    kind: Literal["handling", "procedure"]
    crossing: str | None
    wait: Hours
    hours: Hours
    price: float
    price_basis: Literal["published", "assumed", "unknown"]
    co2e: KgCO2e
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One ride on one service, from boarding to alighting: a transport chain element of ISO 14083."""

    service: str
    name: str
    operator: str
    mode: str
    product: str
    origin: str
    destination: str
    ready: datetime
    departs: datetime
    arrives: datetime
    wait: Hours
    hours: Hours
    km: Km
    price: float
    price_basis: Literal["published", "assumed", "unknown"]
    resource_cost: float
    co2e: KgCO2e
    offer: str
    links: tuple[str, ...]
    borders: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """What is done at one place between two legs: a hub element of ISO 14083."""

    place: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A crossing passed, with the papers it asks for."""

    crossing: str
    name: str
    place: str
    from_country: str
    to_country: str
    hours: Hours
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What the shipper pays, and what it costs him beside."""

    carriage: float
    handling: float
    procedures: float
    equipment: float
    total: float
    basis: Literal["through rate", "sum of legs"]
    through: str | None
    sum_of_legs: float
    assumed_share: Share
    unknown: tuple[str, ...]
    cargo_time: float
    insurance: float
    logistics: float
    owner: str
    returned_to: str | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How the arrival is spread, from drawn travels that share weather."""

    p50: datetime
    p90: datetime
    p10_hours: Hours
    p50_hours: Hours
    p90_hours: Hours
    missed: Share | None
    """Chance that cargo is ready only after a departure that the plan takes; None where none can be missed."""
    causes: dict[str, Hours]
    tail: dict[str, Hours]
    draws: int


def _rounded(value: float | None, digits: int) -> float | str:
    """Return a number for a table, empty where it is not known."""
    return "" if value is None else round(value, digits)


def _days(hours: float | None) -> str:
    return "-" if hours is None else days(hours)


@dataclass(frozen=True, slots=True, repr=False)
class Itinerary:
    """One way door to door."""

    rank: int
    label: str
    family: tuple[str, ...]
    haul: str
    departs: datetime
    arrives: datetime
    hours: Hours
    km: Km
    p50: datetime | None
    p90: datetime | None
    price: Price
    co2e: KgCO2e
    co2e_hubs: KgCO2e
    reliability: Reliability | None
    chain: tuple[Leg | Stop, ...]
    crossings: tuple[Crossed, ...]
    countries: tuple[str, ...]
    notes: tuple[str, ...]
    pareto: bool

    @property
    def p50_hours(self) -> float | None:
        """Hours to the median arrival; None where nothing was drawn."""
        return self.reliability.p50_hours if self.reliability else None

    @property
    def p90_hours(self) -> float | None:
        """Hours by which nine of ten have arrived; None where nothing was drawn."""
        return self.reliability.p90_hours if self.reliability else None

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The rides, in order."""
        return tuple(part for part in self.chain if isinstance(part, Leg))

    @property
    def borders(self) -> int:
        """Borders crossed: each of them has a crossing on either side."""
        return len({(c.from_country, c.to_country) for c in self.crossings})

    def _said(self) -> str:
        sure = f", P50 {_days(self.p50_hours)}, P90 {_days(self.p90_hours)}" if self.reliability else ""
        return (
            f"{self.rank}. {self.label}: {self.km:,.0f} km, expected {days(self.hours)}{sure}, "
            f"EUR {money(self.price.total)}, {self.co2e / 1000:.1f} t CO2e"
        )

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                leg.name,
                leg.origin,
                leg.destination,
                days(leg.wait),
                days(leg.hours),
                f"{leg.km:,.0f}",
                money(leg.price),
                f"{leg.co2e / 1000:.1f}",
            )
            for leg in self.legs
        ]

    def __repr__(self) -> str:
        return self._said() + "\n" + aligned(RIDES, self._cells(), frozenset(range(3, len(RIDES))))

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._said())}</p>" + html(RIDES, self._cells())


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is sent, as understood."""

    origin: str
    destination: str
    units: float
    form: str
    commodity: str
    tonnes: Tonnes
    departs: datetime
    owner: str
    prefer: str
    value_of_time: float
    constraints: tuple[str, ...]
    latest: datetime | None = None
    """By when it is expected to be there, if that was asked for."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that nobody knows, and the default that stands in for it."""

    table: str
    row: str
    attribute: str
    value: float
    unit: str
    default: str


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The answer to ``plan``: what was asked, the ways in order of preference, and what to know about them."""

    shipment: Shipment
    itineraries: tuple[Itinerary, ...]
    names: dict[str, str]
    zones: dict[str, str]
    families: int
    filled: int
    grid: tuple[float, float, float]
    scenario: str | None
    corridor_id: str
    seed: int
    why: tuple[Filled, ...] | None = None
    """What defaults filled of what the first itinerary rests on; None where it was not asked for."""

    @property
    def best(self) -> Itinerary:
        """The first itinerary."""
        return self.itineraries[0]

    @property
    def drawn(self) -> bool:
        """Whether travels were drawn, so that there are P50 and P90."""
        return self.best.reliability is not None

    def to_rows(self) -> list[dict[str, str | float | int]]:
        """Return one flat row for each itinerary, for a table or a data frame."""
        return [
            {
                "rank": i.rank,
                "way": i.label,
                "family": "+".join(i.family),
                "departs": i.departs.isoformat(),
                "arrives": i.arrives.isoformat(),
                "p50": i.p50.isoformat() if i.p50 else "",
                "p90": i.p90.isoformat() if i.p90 else "",
                "hours": round(i.hours, 2),
                "p50_hours": _rounded(i.p50_hours, 2),
                "p90_hours": _rounded(i.p90_hours, 2),
                "km": round(i.km, 1),
                "price_eur": round(i.price.total, 2),
                "price_basis": i.price.basis,
                "assumed_share": round(i.price.assumed_share, 4),
                "logistics_eur": round(i.price.logistics, 2),
                "co2e": round(i.co2e, 2),
                "missed": _rounded(i.reliability.missed if i.reliability else None, 4),
                "crossings": "+".join(c.crossing for c in i.crossings),
            }
            for i in self.itineraries
        ]

    def _header(self) -> tuple[str, ...]:
        return ("#", "way", *(("P50", "P90") if self.drawn else ("expected",)), "EUR", "t CO2e")

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                str(i.rank),
                i.label,
                *((_days(i.p50_hours), _days(i.p90_hours)) if self.drawn else (days(i.hours),)),
                money(i.price.total),
                f"{i.co2e / 1000:.1f}",
            )
            for i in self.itineraries
        ]

    def __repr__(self) -> str:
        s = self.shipment
        day = s.departs.astimezone(ZoneInfo(self.zones.get(s.origin, "UTC")))
        ends = f"{self.names.get(s.origin, s.origin)} to {self.names.get(s.destination, s.destination)}"
        asked = f"{s.units:g} x {s.form} of {s.commodity}, {ends}, ready {day:%Y-%m-%d}"
        header = self._header()
        return asked + "\n" + aligned(header, self._cells(), frozenset({0, *range(2, len(header))}))

    def _repr_html_(self) -> str:
        return html(self._header(), self._cells())
