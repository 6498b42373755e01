"""This module owns what a shipper pays for a chain: through rate or sum of legs, the box and its return, and the rest.

The search adds up legs. Where a rate for the whole relation is published, it replaces that sum here; every price says
which of the two it is, and what share of it is assumed.
"""

from dataclasses import dataclass

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.model.corridor.price import Tariff
from transcaspian.network.equipment import Terms, equipment
from transcaspian.network.money import Exchange, exchange
from transcaspian.network.through import RO_RO, Through, rate_over, through_rates
from transcaspian.results.itinerary import Leg, Price, Stop
from transcaspian.routing.request import Request


@dataclass(frozen=True, slots=True)
class Prices:
    """What pricing needs to know beside the chain: the request, rates, and the terms of the box where it ends."""

    corridor: Corridor
    exchange: Exchange
    request: Request
    box: Terms
    through: Through


def prices_of(corridor: Corridor, request: Request, country: str | None) -> Prices:
    """Return what pricing needs to know of a corridor and a request that ends in a country."""
    form = corridor.forms[request.form]
    day = request.departs.date()
    through = through_rates(corridor, request.origin, request.destination, form, request.owner, day)
    rates = exchange(corridor)
    box = equipment(corridor, rates, country, form.group, request.owner, request.units)
    return Prices(corridor, rates, request, box, through)


def price_of(prices: Prices, parts: tuple[Leg | Stop, ...], family: tuple[str, ...], hours: float) -> Price:
    """Return the price of a chain and the total logistics cost of the shipment."""
    request = prices.request
    legs = [p for p in parts if isinstance(p, Leg)]
    acts = [a for p in parts if isinstance(p, Stop) for a in p.activities] + [a for leg in legs for a in leg.borders]
    carriage = sum(leg.price for leg in legs)
    handling = sum(a.price for a in acts if a.kind == "handling")
    procedures = sum(a.price for a in acts if a.kind == "procedure")
    legs_total = carriage + handling + procedures
    assumed = sum(leg.price for leg in legs if leg.price_basis != "published")
    assumed += sum(a.price for a in acts if a.price_basis != "published")
    unknown = tuple(
        dict.fromkeys(
            [leg.name for leg in legs if leg.price_basis == "unknown"]
            + [a.name for a in acts if a.price_basis == "unknown"]
        )
    )
    through = rate_over(prices.through, family, sum(x.km for x in legs if x.mode == "road" or x.product == RO_RO))
    if through is not None:
        sold = sold_at(prices, through)
        carriage, handling, procedures = sold, 0.0, 0.0
        assumed = sold if trust_of(through) == "assumed" else 0.0
    box = prices.box.after(hours)
    total = carriage + handling + procedures + box.cost
    time_cost, insurance = _goods(prices, hours)
    return Price(
        carriage=carriage,
        handling=handling,
        procedures=procedures,
        equipment=box.cost,
        total=total,
        basis="sum of legs" if through is None else "through rate",
        through=None if through is None else through.id,
        sum_of_legs=legs_total + box.cost,
        assumed_share=(assumed + box.assumed) / total if total > 0 else 0.0,
        unknown=unknown,
        cargo_time=time_cost,
        insurance=insurance,
        logistics=total + time_cost + insurance,
        owner=request.owner,
        returned_to=box.returned_to,
    )


def charged(prices: Prices, family: tuple[str, ...], truck_km: float, legs: float, hours: float) -> float:
    """Return what a shipper pays for a chain whose legs cost so much in all: as ``price_of``, without the parts."""
    through = rate_over(prices.through, family, truck_km)
    return (sold_at(prices, through) if through else legs) + prices.box.after(hours).cost


def sold_at(prices: Prices, through: Tariff) -> float:
    """Return the euros of a through rate for the whole shipment."""
    return prices.exchange.eur(through.amount, through.currency, through.price_year) * prices.request.units


def value_of_time(prices: Prices) -> float:
    """Return the cost of one hour of the whole shipment's time, in EUR."""
    request = prices.request
    tonnes = request.units * request.tonnes_per_unit
    if request.value_of_time is not None:
        return request.value_of_time * tonnes / 24.0
    good = prices.corridor.commodities[request.commodity]
    value = prices.exchange.eur(good.value, good.currency, good.price_year)
    return value * tonnes * good.time_share_per_day / 24.0


def _goods(prices: Prices, hours: float) -> tuple[float, float]:
    """Return the cost of the goods' time and their insurance."""
    request = prices.request
    good = prices.corridor.commodities[request.commodity]
    value = prices.exchange.eur(good.value, good.currency, good.price_year) * request.units * request.tonnes_per_unit
    return value_of_time(prices) * hours, value * good.insurance_share
