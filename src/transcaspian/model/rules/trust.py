"""This module owns the rules about numbers: sources, ranges, bases, units, and what cannot be."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.price import Tariff
from transcaspian.model.rules.geometry import great_circle, runs
from transcaspian.model.schema import columns, key_of

SOURCED = {
    "links": "km",
    "services": "speed_km_h",
    "fleets": "vehicles",
    "waits": "hours",
    "steps": "hours",
    "tariffs": "amount",
    "returns": "amount",
    "hires": "amount",
    "weather": "closed_share",
    "backgrounds": "amount",
    "commodities": "value",
    "emission_factors": "wtw",
    "exchange_rates": "per_eur",
    "price_levels": "index",
    "demand": "tonnes",
    "shares": "share",
    "outlays": "amount",
    "other_trains": "pairs",
    "port_ladders": "moves",
    "highway_sections": "cost",
    "road_vehicles": "operating",
    "section_traffic": "aadt",
    "discount_rates": "rate",
    "unit_values": "value",
}
"""The value of each table that must have a source, or evidence with a reason, or a note on a row graded U."""

FASTEST = {"rail": 120.0, "road": 100.0, "sea": 50.0, "waterway": 30.0, "pipeline": 20.0}
"""Speeds freight does not exceed, km/h."""

LONGEST_H = 1440.0
"""Hours beyond which a run, step or wait is a slip of the pen: 60 days."""

OUTLIER = 10.0
"""How many times the median rate is a slip of the pen."""


def missing_sources(corridor: Corridor) -> Iterator[Problem]:
    """Find values with neither a source nor evidence nor, graded U, a note that says why."""
    reasoned = {(e.table, e.id, e.attribute) for e in corridor.evidence.rows if e.source or e.reason}
    for name, attribute in SOURCED.items():
        for row in corridor.table(name).rows:
            value = getattr(row, attribute)
            told = row.source or (name, key_of(row), attribute) in reasoned
            if value is not None and not told and not (row.grade == "U" and getattr(row, "note", None)):
                right = "a source, or a row in evidence with the reason of the assumption"
                yield Problem(name, key_of(row), attribute, f"{value:g}", right)


def unsourced_grades(corridor: Corridor) -> Iterator[Problem]:
    """Find rows that are graded H, M or L and name no source: without one they are assumptions, graded U."""
    for name, cls in TABLES.items():
        if {"source", "grade"} <= {c.name for c in columns(cls)}:
            for row in corridor.table(name).rows:
                if row.source is None and row.grade != "U":
                    yield Problem(name, key_of(row), "source", "", f"a source, or grade U instead of {row.grade}")


def stray_evidence(corridor: Corridor) -> Iterator[Problem]:
    """Find evidence for values that do not exist, and ranges that do not hold their value."""
    for row in corridor.evidence.rows:
        where = f"{row.table}:{row.id}:{row.attribute}"
        if row.table not in TABLES:
            yield Problem("evidence", where, "table", row.table, "a table: " + nearest(row.table, TABLES))
        elif row.id not in corridor.table(row.table):
            near = nearest(row.id, corridor.table(row.table), f"data list {row.table}")
            yield Problem("evidence", where, "id", row.id, f"the key of a row of {row.table}: {near}")
        elif row.attribute not in {c.name for c in columns(TABLES[row.table])}:
            known = [c.name for c in columns(TABLES[row.table])]
            yield Problem(
                "evidence", where, "attribute", row.attribute, "an attribute: " + nearest(row.attribute, known)
            )
        else:
            yield from _range(row, getattr(corridor.table(row.table)[row.id], row.attribute), where)
        if row.source is None and row.reason is None:
            yield Problem("evidence", where, "reason", "", "a source or a reason")


def _range(row: Any, value: Any, where: str) -> Iterator[Problem]:
    if row.low is not None and row.high is not None and row.low > row.high:
        yield Problem("evidence", where, "low", f"{row.low:g}", f"at most the high end {row.high:g}")
    elif value is not None and isinstance(value, (int, float)):
        slack = 1e-4 * max(1.0, abs(value))  # ranges are rounded to five figures
        low, high = row.low if row.low is not None else value, row.high if row.high is not None else value
        if not low - slack <= value <= high + slack:
            yield Problem("evidence", where, "low", f"{low:g} to {high:g}", f"a range that holds the value {value:g}")


def unnamed_series(corridor: Corridor) -> Iterator[Problem]:
    """Find series that stand beside the model's and have no name in words, and names of series that are not there."""
    counted = dict.fromkeys(row.series for row in corridor.observations.rows if row.counter)
    for id_ in counted:
        if id_ not in corridor.series:
            yield Problem("series", id_, "", "", f"a row for {id_}: it has a counter, and reports print its name")
    known = {row.series for row in corridor.observations.rows}
    for id_ in corridor.series:
        if id_ not in known:
            yield Problem("series", id_, "id", id_, f"a series of observations: {nearest(id_, known)}")


def mixed_bases(corridor: Corridor) -> Iterator[Problem]:
    """Find steps whose time is elapsed, queue included, and which have a queue of their own beside it."""
    waited = {row.target for row in corridor.waits.rows}
    for step in corridor.steps.rows:
        if step.basis == "elapsed" and step.id in waited:
            yield Problem(
                "steps", step.id, "basis", "elapsed", "basis service with the work alone, since waits has its queue"
            )
    for service in corridor.services.rows:
        if service.hours is not None and service.basis is None:
            yield Problem("services", service.id, "basis", "", "the basis of its hours: service or elapsed")


def wrong_units(corridor: Corridor) -> Iterator[Problem]:
    """Find capacities without a unit, and other traffic in another unit than its resource."""
    for resource in corridor.resources.rows:
        moving = resource.kind in ("flat-car", "locomotive", "wagon")
        if resource.capacity is not None and resource.capacity_unit is None and not moving:
            right = f"the unit of the capacity {resource.capacity:g}"
            yield Problem("resources", resource.id, "capacity_unit", "", right)
    for row in corridor.backgrounds.rows:
        unit = corridor.resources[row.resource].capacity_unit
        if row.unit not in ("share", unit):
            right = "'share'" + (f" or {unit!r}, as its resource" if unit else "")
            yield Problem("backgrounds", key_of(row), "unit", row.unit, right)
        if row.unit == "share" and row.amount > 1:
            yield Problem("backgrounds", key_of(row), "amount", f"{row.amount:g}", "a share of capacity up to 1")


def wrong_money(corridor: Corridor) -> Iterator[Problem]:
    """Find prices without currency or year, and those that no exchange rate or price level brings to euros."""
    rates = {(row.currency, row.year) for row in corridor.exchange_rates.rows}
    levels = {row.year for row in corridor.price_levels.rows} | {row.price_year for row in corridor.about.rows}
    for step in corridor.steps.rows:
        if step.price is not None and (step.currency is None or step.price_year is None):
            yield Problem("steps", step.id, "currency", "", f"the currency and year of the price {step.price:g}")
    lacking: dict[tuple[str, str], tuple[str, str]] = {}
    for name in ("steps", "tariffs", "returns", "hires", "commodities"):
        for row in corridor.table(name).rows:
            if row.currency is None or row.price_year is None:
                continue
            if row.currency != "EUR" and (row.currency, row.price_year) not in rates:
                lacking.setdefault(("exchange_rates", f"{row.currency}:{row.price_year}"), (name, key_of(row)))
            if row.price_year not in levels:
                lacking.setdefault(("price_levels", str(row.price_year)), (name, key_of(row)))
    for (table, key), (name, user) in lacking.items():
        yield Problem(table, key, "", "", f"a row, since {name}:{user} is in this currency and year")


def absurd_lengths(corridor: Corridor) -> Iterator[Problem]:
    """Find links shorter than the great circle, or far longer by land, unless a note says why."""
    told = {e.id for e in corridor.evidence.rows if e.table == "links" and e.attribute == "km"}
    for link in corridor.links.rows:
        direct = great_circle(corridor.places[link.origin], corridor.places[link.destination])
        least, most = 0.97 * direct, 3.0 * direct + 20.0
        detour = link.mode in ("rail", "road") and link.km > most
        if (link.km < least - 3.0 or detour) and not link.note and link.id not in told:
            right = f"between {least:.0f} and {most:.0f} km (great circle {direct:.0f}), or a note why not"
            yield Problem("links", link.id, "km", f"{link.km:g}", right)


def absurd_times(corridor: Corridor) -> Iterator[Problem]:
    """Find speeds no freight runs at, and times beyond two months."""
    for name in ("links", "services"):
        for row in corridor.table(name).rows:
            if row.speed_km_h is not None and row.speed_km_h > FASTEST[row.mode]:
                right = f"at most {FASTEST[row.mode]:g} km/h by {row.mode}"
                yield Problem(name, row.id, "speed_km_h", f"{row.speed_km_h:g}", right)
    for name in ("steps", "waits", "services"):
        for row in corridor.table(name).rows:
            if row.hours is not None and row.hours > LONGEST_H:
                yield Problem(name, key_of(row), "hours", f"{row.hours:g}", f"at most {LONGEST_H:g} h")
    for service, hops in runs(corridor).items():
        offer, km = corridor.services[service], sum(link.km for link, _, _ in hops)
        if offer.hours is not None and km / offer.hours > FASTEST[offer.mode]:
            right = f"at least {km / FASTEST[offer.mode]:.0f} h for {km:.0f} km by {offer.mode}"
            yield Problem("services", service, "hours", f"{offer.hours:g}", right)


def absurd_prices(corridor: Corridor) -> Iterator[Problem]:
    """Find rates of services that are out of all proportion to those of the like, per km, unless a note says why."""
    told = {e.id for e in corridor.evidence.rows if e.table == "tariffs" and e.attribute == "amount"}
    found: dict[tuple[str, str], list[tuple[float, Tariff]]] = {}
    for tariff in corridor.tariffs.rows:
        rate, like = _per_km(corridor, tariff), (tariff.product or "", tariff.form or tariff.group or "")
        if rate:
            found.setdefault(like, []).append((rate, tariff))
    for rates in found.values():
        middle = median(rate for rate, _ in rates)
        for rate, tariff in rates:
            if not middle / OUTLIER <= rate <= middle * OUTLIER and not tariff.note and tariff.id not in told:
                right = f"a rate within {OUTLIER:g} times {middle:.2g} EUR/km (it is {rate:.2g}), or a note why not"
                yield Problem("tariffs", tariff.id, "amount", f"{tariff.amount:g}", right)


def _per_km(corridor: Corridor, tariff: Tariff) -> float | None:
    """Return the EUR per km of a distance rate, at the rates of its year; None for others or without a rate."""
    rate = corridor.exchange_rates.get(f"{tariff.currency}:{tariff.price_year}")
    per_eur = 1.0 if tariff.currency == "EUR" else rate.per_eur if rate else None
    return None if per_eur is None or tariff.kind != "distance" else tariff.amount / per_eur


def twin_places(corridor: Corridor) -> Iterator[Problem]:
    """Find two places at the same coordinates."""
    seen: dict[tuple[float, float], str] = {}
    for place in corridor.places.rows:
        twin = seen.setdefault((place.lat, place.lon), place.id)
        if twin != place.id:
            yield Problem(
                "places", place.id, "lat", f"{place.lat:g}, {place.lon:g}", f"other coordinates than those of {twin}"
            )


def backward_dates(corridor: Corridor) -> Iterator[Problem]:
    """Find intervals that end before they begin."""
    for name in ("closures", "tariffs", "rations", "changes"):
        for row in corridor.table(name).rows:
            if row.from_date and row.until_date and row.until_date <= row.from_date:
                yield Problem(
                    name, key_of(row), "until_date", row.until_date.isoformat(), f"a day after {row.from_date}"
                )
