"""Generated corridors of any size: a square of cities, a rail link to each neighbour, a road beside it, one train a link."""

from dataclasses import replace
from typing import Any

from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Place
from transcaspian.model.corridor.price import Tariff
from transcaspian.model.corridor.service import Departure, Service, ServiceForms, ServiceLink
from transcaspian.model.corridor.step import Step

ARCS_PER_CITY = 25.0
"""Arcs of the compiled network for each city, about."""


def generated(base: Corridor, arcs: int) -> Corridor:
    """Return a corridor that compiles to about this many arcs; countries, forms, goods and rates are those of ``base``."""
    side = max(3, round((arcs / ARCS_PER_CITY) ** 0.5))
    cities = [(x, y) for x in range(side) for y in range(side)]
    name = {c: f"c-{c[0]}-{c[1]}" for c in cities}
    places: list[Any] = [
        Place(id=name[c], name=name[c], country="kz", kind="city", lat=-60 + 0.3 * c[0], lon=-100 + 0.3 * c[1], timezone="UTC")  # type: ignore[arg-type]
        for c in cities
    ]  # fmt: skip
    pairs = [(c, d) for c in cities for d in ((c[0] + 1, c[1]), (c[0], c[1] + 1)) if d in name]
    links: list[Any] = []
    rows: dict[str, list[Any]] = {
        "services": [],
        "service_links": [],
        "service_forms": [],
        "departures": [],
        "tariffs": [],
    }
    for number, (c, d) in enumerate(pairs):
        km = 30.0 + (number * 37) % 17
        links += [_link(f"{mode}-{name[c]}-{name[d]}", name[c], name[d], mode, km) for mode in ("rail", "road")]
        for start, end, back in ((c, d, False), (d, c, True)):
            _line(rows, f"t-{name[start]}-{name[end]}", links[-2].id, back, number, "block-train", "rail-1520")
    rows["services"].append(_service("lorries", "road", "area", "truck", "road"))
    rows["service_links"] += [
        ServiceLink(service="lorries", seq=n, link=link.id)  # type: ignore[arg-type]
        for n, link in enumerate((k for k in links if k.mode == "road"), 1)
    ]
    rows["service_forms"].append(ServiceForms(service="lorries", group="container"))  # type: ignore[arg-type]
    rows["tariffs"].append(Tariff(id="km", kind="distance", product="truck", group="container", amount=1.2, currency="EUR", price_year=2025))  # fmt: skip
    steps = [
        Step(id=f"{p.id}-{a}-{b}", name="lift", place=p.id, kind="handling", from_state=a, to_state=b, group="container", basis="service", hours=0.1, price=30.0, currency="EUR", price_year=2025)  # type: ignore[arg-type]
        for p in places
        for carrier in ("rail-1520", "road")
        for a, b in (("yard", carrier), (carrier, "yard"))
    ]  # fmt: skip
    kept = ("about", "sources", "countries", "operators", "forms", "commodities", "loads", "exchange_rates", "price_levels", "emission_factors", "defaults")  # fmt: skip
    empty = replace(Corridor(), **{t: base.table(t) for t in kept})  # type: ignore[arg-type]
    tables = {"places": places, "links": links, "steps": steps, **rows}
    return replace(empty, **{t: Table(r) for t, r in tables.items()})  # type: ignore[arg-type]


def _link(id: str, start: str, end: str, mode: str, km: float) -> Any:
    gauge = 1520 if mode == "rail" else None
    return Link(id=id, origin=start, destination=end, mode=mode, km=km, gauge=gauge, speed_km_h=40.0)  # type: ignore[arg-type]


def _service(id: str, mode: str, pattern: str, product: str, carrier: str) -> Any:
    return Service(id=id, name=id, operator="ktz", mode=mode, pattern=pattern, product=product, carrier=carrier)  # type: ignore[arg-type]


def _line(rows: dict[str, list[Any]], id: str, link: str, back: bool, number: int, product: str, carrier: str) -> None:
    rows["services"].append(_service(id, "rail", "line", product, carrier))
    rows["service_links"].append(ServiceLink(service=id, seq=1, link=link, reverse=back))  # type: ignore[arg-type]
    rows["service_forms"].append(ServiceForms(service=id, group="container"))  # type: ignore[arg-type]
    rows["departures"].append(Departure(service=id, seq=1, rule="headway", headway_h=6.0 + number % 5))  # type: ignore[arg-type]
    rows["tariffs"].append(Tariff(id=id, kind="service", service=id, group="container", amount=40.0 + number % 9, currency="EUR", price_year=2025))  # type: ignore[arg-type]  # fmt: skip
