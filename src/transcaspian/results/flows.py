"""This module owns the answer to ``assign``: flows by month, what binds, and how they compare with what was counted.

Series run over the periods of the year. A limit is what can run out: a resource (in each direction where that has a
capacity of its own), the vehicles of a fleet, or a vehicle that leaves when it is full. ``totals`` sums flows.
"""

from dataclasses import dataclass
from typing import Literal

from transcaspian.results.text import aligned, html
from transcaspian.units import Hours, KgCO2e, Km, Share, Tonnes

Series = tuple[float, ...]
"""A number for every period."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a load unit takes of one operator in one country: price, resources, distance, emissions.

    Steps without an operator of their own are those of the terminals and borders of their country; at sea the country
    is ``sea``.
    """

    operator: str
    country: str
    mode: str
    km: Km
    price: float
    resource_cost: float
    co2e: KgCO2e


@dataclass(frozen=True, slots=True)
class LinkRun:
    """A link that a way runs over, from its origin (``forward``) or towards it, and the TEU of a load unit there."""

    link: str
    forward: bool
    teu: float


@dataclass(frozen=True, slots=True)
class WayFlow:
    """What one way of a demand carries; money and emissions are of a load unit.

    ``hours`` are from door to door in each month; infinite where nothing can pass. ``links`` stand in their order.
    """

    way: int
    demand: str
    group: str
    family: tuple[str, ...]
    services: tuple[str, ...]
    uses: tuple[str, ...]
    observed: Share | None
    units: Series
    waiting: Series
    held_by: tuple[str, ...]
    tonnes_per_unit: Tonnes
    teu_per_unit: float
    hours: Series
    eur_per_hour: float
    price: float
    resource_cost: float
    co2e: KgCO2e
    parts: tuple[Part, ...]
    links: tuple[LinkRun, ...]


@dataclass(frozen=True, slots=True)
class DemandFlow:
    """What became of a demand: came new, was carried, waits at the end of the month, went another way, was given up.

    ``refused`` of what came new found a ban, or nothing open.
    """

    demand: str
    origin: str
    destination: str
    commodity: str
    form: str
    kind: Literal["contracted", "captive", "contestable"]
    new: Series
    carried: Series
    waiting: Series
    refused: Series
    diverted: Series
    given_up: Series
    tonnes_per_unit: Tonnes


@dataclass(frozen=True, slots=True)
class LimitFlow:
    """How far something that can run out is used: by the corridor and by others, of its capacity, in its unit.

    ``wait`` is in hours, ``held`` the tonnes that wait for it, ``scarcity`` EUR of their time in the period, ``shadow``
    EUR that one more unit of capacity saves if cargo is shared among ways as well as can be. ``utilisation`` is
    infinite (null in JSON) where there is no capacity.
    """

    limit: str
    name: str
    kind: str
    unit: str
    resource: str
    capacity: Series
    corridor: Series
    others: Series
    others_assumed: bool
    utilisation: Series
    wait: Series
    held: Series
    scarcity: Series
    shadow: Series


@dataclass(frozen=True, slots=True)
class LineFlow:
    """What the vehicles of a fleet did on a line, month by month.

    ``vehicles`` are those not laid up, in repair or not; ``departures`` the rounds they made, each once from every
    port of the line; ``round_trip`` what a round took, hours of all vehicles of the fleet over the rounds of all its
    lines (infinite, null in JSON, where there were none); ``shortest`` what it takes without waits for cargo and
    without repairs.
    """

    line: str
    fleet: str
    services: tuple[str, ...]
    at_sea: bool
    used: bool
    vehicles: Series
    departures: Series
    round_trip: Series
    shortest: Series


@dataclass(frozen=True, slots=True)
class Counted:
    """A published count beside the same count of the model."""

    series: str
    period: str
    unit: str
    observed: float
    modelled: float
    role: str
    source: str


@dataclass(frozen=True, slots=True)
class Condition:
    """The wait for a service or step in a month, as the flows make it: a row of ``waits``.

    Of a commodity where bans make it wait otherwise than the rest; empty is of any that has no row of its own.
    """

    target: str
    month: int
    hours: Hours
    sd_h: Hours
    before: Hours
    commodity: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Flows:
    """The answer to ``assign``.

    ``fits`` is the largest share that could move of every demand in a month, on whichever ways; ``short_demands`` and
    ``short_limits`` name the demand that sets it and where (empty: all fits; ``ways shut``). ``most`` is the largest
    share of all tonnes.
    """

    year: int
    scenario: str | None
    months: tuple[str, ...]
    demands: tuple[DemandFlow, ...]
    ways: tuple[WayFlow, ...]
    limits: tuple[LimitFlow, ...]
    lines: tuple[LineFlow, ...]
    counts: tuple[Counted, ...]
    conditions: tuple[Condition, ...]
    fits: Series
    short_demands: tuple[str, ...]
    short_limits: tuple[str, ...]
    most: Series
    gap: float
    rounds: int
    starts: int
    solutions: int
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    corridor_id: str

    @property
    def tight(self) -> tuple[LimitFlow, ...]:
        """The limits that hold cargo back or have a shadow price in some month, those that hold most first."""
        found = [limit for limit in self.limits if max(*limit.held, *limit.shadow) > 0]
        return tuple(sorted(found, key=lambda limit: (-sum(limit.scarcity), -max(limit.shadow))))

    def to_rows(self) -> list[dict[str, str | float | int]]:
        """Return one flat row for each demand and month, for a table or a data frame."""
        return [
            {
                "demand": d.demand,
                "origin": d.origin,
                "destination": d.destination,
                "commodity": d.commodity,
                "form": d.form,
                "kind": d.kind,
                "month": month,
                "new": round(d.new[p], 3),
                "carried": round(d.carried[p], 3),
                "waiting": round(d.waiting[p], 3),
                "refused": round(d.refused[p], 3),
                "diverted": round(d.diverted[p], 3),
                "given_up": round(d.given_up[p], 3),
                "tonnes": round(d.carried[p] * d.tonnes_per_unit, 1),
            }
            for d in self.demands
            for p, month in enumerate(self.months)
        ]

    def _header(self) -> tuple[str, ...]:
        return ("kt", *self.months, "year")

    def _cells(self) -> list[tuple[str, ...]]:
        rows = []
        for name in ("new", "carried", "waiting"):
            series = [
                sum(getattr(d, name)[p] * d.tonnes_per_unit for d in self.demands) / 1000
                for p in range(len(self.months))
            ]
            total = series[-1] if name == "waiting" else sum(series)
            rows.append((name, *(f"{x:,.0f}" for x in (*series, total))))
        return rows

    def __repr__(self) -> str:
        return aligned(self._header(), self._cells(), frozenset(range(1, len(self.months) + 2)))

    def _repr_html_(self) -> str:
        return html(self._header(), self._cells())
