"""Corridors drawn as text, small enough that every answer can be worked out on paper.

``sketch("A--B~~C==D")`` is a corridor of four places: rail from A to B, sea from B to C, road from C to D.

Drawing
    One chain of places a line; a place named on two lines is one place. Names begin with a capital letter; the id of a
    place is its name in small letters. ``--`` is rail of 1520 mm, ``++`` rail of 1435 mm, ``~~`` sea, ``==`` road. A
    number within is the length in km (``A--300--B``); without one a link is 10 km long.

What runs (every service open, each way a service of its own, trucks apart)
    - rail: one line for every stretch of rail of one gauge on one line of the drawing, calling at every place on it:
      ``a-b-rail`` and ``b-a-rail``. It costs its km times the rate for the whole line, a part of it for a part.
    - sea: one line for every link: ``b-c-sea`` and ``c-b-sea``.
    - road: one area service over every road: ``trucks``. A second service of the same name gets ``-2``.

Round numbers (all can be changed by options)
    - Speed is 1 km/h, so 1 km takes 1 h. Nothing varies, nobody waits, handling and borders take no time: the time of a
      way is its length. ``headways={"b-c-sea": 24}`` makes a ship leave every 24 h, a mean wait of 12 h.
    - Carriage costs 1 EUR a box and km, handling and borders nothing; 10 t in a box emit 0.1 kg CO2e a km.
    - A box holds 10 t of the only commodity, ``general``, worth 1,000 EUR a tonne; an hour costs 10 EUR a box.
    - Boxes stand in the ``yard`` of every place; steps ``<place>-load-<carrier>`` and ``<place>-unload-<carrier>`` join
      it to every carrier that calls there, so a change of mode goes over the yard. Where trains of two gauges meet,
      ``<place>-reload-<carrier>`` takes boxes to the other.
    - All places lie in ``kz``. ``countries={"c": "az"}`` moves C abroad: every country is a customs territory of its
      own unless ``customs`` says otherwise, and each way over a border has a crossing ``<from>-<to>-<mode>`` at the
      place it leaves from, with one procedure, the step ``<from>-<to>-<mode>-papers``.

A sketch passes every rule of ``transcaspian.model.rules``. Whatever an option cannot say is said with rows:
``with_rows(sketch("A--B"), Closure(...))``; a row takes the place of one with its key.
``without_rows`` takes rows away.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.cargo import Commodity, Form, Load
from transcaspian.model.corridor.evidence import About, Source
from transcaspian.model.corridor.ids import Mode, State
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Country, Operator, Place
from transcaspian.model.corridor.price import EmissionFactor, PriceLevel, Tariff
from transcaspian.model.corridor.service import Departure, Service, ServiceForms, ServiceLink, ServiceStop, Wait
from transcaspian.model.corridor.step import Crossing, Stage, Step
from transcaspian.model.schema import key_of

FORM, COMMODITY = "box-40hc", "general"
SOURCE = "drawn"
DAY = date(2026, 6, 1)
"""Day of release of every sketch."""

SIGNS: Mapping[str, tuple[Mode, State]] = {
    "-": ("rail", "rail-1520"),
    "+": ("rail", "rail-1435"),
    "~": ("sea", "vessel"),
    "=": ("road", "road"),
}
PRODUCTS = {"rail": "block-train", "sea": "feeder", "road": "truck"}
LINE = re.compile(r"[A-Z]\w*(?:([-+~=])\1*(?:\d+(?:\.\d+)?\1+)?[A-Z]\w*)*")
PART = re.compile(r"([A-Z]\w*)|([-+~=])\2*(?:(\d+(?:\.\d+)?)\2+)?")

Numbers = float | Mapping[str, float]
"""One number for all, or numbers by name for some."""


@dataclass(frozen=True)
class Drawn:
    """A link as drawn."""

    start: str
    end: str
    sign: str
    km: float

    @property
    def mode(self) -> Mode:
        return SIGNS[self.sign][0]

    @property
    def carrier(self) -> State:
        return SIGNS[self.sign][1]

    @property
    def id(self) -> str:
        return f"{self.mode}-{self.start}-{self.end}"


@dataclass(frozen=True)
class Options:
    """What ``sketch`` was told beside the drawing."""

    speeds: Numbers = 1.0
    eur_per_km: Numbers = 1.0
    grams_per_tkm: Numbers = 10.0
    headways: Mapping[str, float] = field(default_factory=dict)
    handling_h: Numbers = 0.0
    handling_eur: Numbers = 0.0
    border_h: Numbers = 0.0
    border_eur: Numbers = 0.0
    countries: Mapping[str, str] = field(default_factory=dict)
    customs: Mapping[str, str] = field(default_factory=dict)
    gateways: Iterable[str] | None = None


def sketch(drawing: str, **options: Any) -> Corridor:
    """Return the corridor drawn.

    Parameters
    ----------
    drawing : chains of places, see the head of this module
    speeds, eur_per_km, grams_per_tkm : km/h, EUR per box and km, g CO2e per t and km; by mode (``{"sea": 20}``)
    headways : hours between departures, by service; a service that is not named leaves at once
    handling_h, handling_eur : hours and EUR of a box, by step (``{"b-load-vessel": 5}``)
    border_h, border_eur : hours and EUR of a box, by crossing (``{"b-c-sea": 24}``)
    countries : country of a place
    customs : customs territory of a country
    gateways : ids of places that make route families; by default every seaport

    Examples
    --------
    >>> drawn = sketch("A--300--B~~C==D", speeds={"rail": 30}, countries={"c": "az", "d": "az"})
    >>> [(link.id, link.km) for link in drawn.links.rows]
    [('rail-a-b', 300.0), ('sea-b-c', 10.0), ('road-c-d', 10.0)]
    >>> list(drawn.services)
    ['a-b-rail', 'b-a-rail', 'b-c-sea', 'c-b-sea', 'trucks']
    >>> list(drawn.crossings)
    ['b-c-sea', 'c-b-sea']
    """
    told = Options(**options)
    lines = [_read(line) for line in drawing.split()]
    drawn = [link for _, line in lines for link in line]
    places = tuple(dict.fromkeys(name for names, _ in lines for name in names))
    rows: list[Any] = [*_frame(told, places, drawn), *_links(told, drawn)]
    rows += _lines(told, [link for _, links in lines for link in _stretches(links)])
    rows += _trucks(told, [link for link in drawn if link.mode == "road"])
    rows += _terminals(told, places, drawn)
    rows += _borders(told, drawn)
    return with_rows(Corridor(), *rows)


def with_rows(corridor: Corridor, *rows: Any) -> Corridor:
    """Return a corridor with further rows; a row takes the place of one with its key.

    >>> open_link = sketch("A--B").links["rail-a-b"]
    >>> with_rows(sketch("A--B"), replace(open_link, status="closed")).links["rail-a-b"].status
    'closed'
    """
    names = {cls: name for name, cls in TABLES.items()}
    tables: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = names[type(row)]
        tables.setdefault(name, dict(corridor.table(name)))[key_of(row)] = row
    return replace(corridor, **{name: Table(table.values()) for name, table in tables.items()})


def without_rows(corridor: Corridor, table: str, *keys: str) -> Corridor:
    """Return a corridor without some rows of a table, or without all of them where no key is named.

    >>> len(without_rows(sketch("A--B"), "tariffs").tariffs)
    0
    """
    kept = [row for key, row in corridor.table(table).items() if keys and key not in keys]
    return replace(corridor, **{table: Table(kept)})


def _read(line: str) -> tuple[list[str], list[Drawn]]:
    """Return the places and links of one line of a drawing."""
    if not LINE.fullmatch(line):
        raise ValueError(f"{line!r} is no chain of places such as A--B~~20~~C")
    places: list[str] = []
    links: list[Drawn] = []
    sign, km = "", ""
    for name, found, length in PART.findall(line):
        if found:
            sign, km = found, length
            continue
        if places:
            links.append(Drawn(places[-1], name.lower(), sign, float(km or 10)))
        places.append(name.lower())
    return places, links


def _stretches(links: list[Drawn]) -> list[list[Drawn]]:
    """Return what lines run over: rail of one gauge in one piece, every link by sea by itself."""
    found: list[list[Drawn]] = []
    before = ""
    for link in links:
        if link.mode == "rail" and link.sign == before:
            found[-1].append(link)
        elif link.mode != "road":
            found.append([link])
        before = link.sign
    return found


def _of(numbers: Numbers, name: str, otherwise: float) -> float:
    return numbers.get(name, otherwise) if isinstance(numbers, Mapping) else numbers


def _made(cls: Any, **values: Any) -> Any:
    """Return a row; ids are written as plain text here."""
    return cls(**values)


def _frame(told: Options, places: tuple[str, ...], drawn: list[Drawn]) -> list[Any]:
    """Return what a corridor needs before anything moves."""
    ports = {p for link in drawn if link.mode == "sea" for p in (link.start, link.end)}
    rails = {p for link in drawn if link.mode == "rail" for p in (link.start, link.end)}
    gateways = ports if told.gateways is None else set(told.gateways)
    countries = dict.fromkeys(told.countries.get(p, "kz") for p in places)
    return [
        _made(About, id="sketch", title="Sketch", version="1", format=1, base_year=2025, price_year=2025, released=DAY),
        _made(Source, id=SOURCE, publisher="Whoever drew it", title="A drawing", grade="H"),
        *(_made(Country, id=c, name=c.upper(), name_ru=c.upper(), customs=told.customs.get(c, c)) for c in countries),
        _made(Operator, id="drawer", name="Drawer"),
        *(
            _made(
                Place,
                id=p,
                name=p.capitalize(),
                country=told.countries.get(p, "kz"),
                kind="seaport" if p in ports else "rail-terminal" if p in rails else "city",
                lat=40.0,
                lon=50.0 + number / 10,
                timezone="UTC",
                water="caspian" if p in ports else None,
                gateway=p in gateways,
                source=SOURCE,
                grade="H",
            )
            for number, p in enumerate(places)
        ),
        _made(
            Form,
            id=FORM,
            name="40-foot container",
            group="container",
            teu=2,
            lane_m=12,
            wagons=1,
            moves=1,
            tare_t=4,
            payload_max_t=26,
            gross_max_t=30,
        ),
        _made(
            Commodity,
            id=COMMODITY,
            name="General goods",
            value=1000,
            currency="EUR",
            price_year=2025,
            time_share_per_day=0.024,
            insurance_share=0,
            source=SOURCE,
            grade="H",
        ),
        _made(Load, commodity=COMMODITY, form=FORM, tonnes=10, source=SOURCE),
        _made(PriceLevel, year=2025, index=100, source=SOURCE, grade="H"),
        *(
            _made(
                EmissionFactor,
                id=mode,
                name=f"Drawn {mode}",
                mode=mode,
                default=True,
                wtw=_of(told.grams_per_tkm, mode, 10),
                year=2025,
                source=SOURCE,
                grade="H",
            )
            for mode in dict.fromkeys(link.mode for link in drawn)
        ),
    ]


def _links(told: Options, drawn: list[Drawn]) -> list[Any]:
    if len({link.id for link in drawn}) < len(drawn):
        raise ValueError("a link is drawn twice")
    return [
        _made(
            Link,
            id=link.id,
            origin=link.start,
            destination=link.end,
            mode=link.mode,
            km=link.km,
            gauge=int(link.carrier[-4:]) if link.mode == "rail" else None,
            speed_km_h=_of(told.speeds, link.mode, 1),
            source=SOURCE,
            grade="H",
            note="drawn without regard to where places lie",
        )
        for link in drawn
    ]


def _lines(told: Options, stretches: list[list[Drawn]]) -> list[Any]:
    """Return the services of lines, both ways, with what belongs to them."""
    rows: list[Any] = []
    taken: set[str] = set()
    for stretch in stretches:
        calls = [stretch[0].start, *(link.end for link in stretch)]
        for back in (False, True):
            start, end = (calls[-1], calls[0]) if back else (calls[0], calls[-1])
            name = wanted = f"{start}-{end}-{stretch[0].mode}"
            number = 1
            while name in taken:
                number += 1
                name = f"{wanted}-{number}"
            taken.add(name)
            rows += _service(told, name, stretch[0], reversed(stretch) if back else stretch, back)
            rows += [_made(ServiceStop, service=name, place=call) for call in calls[1:-1]]
            rate = sum(link.km for link in stretch) * _of(told.eur_per_km, stretch[0].mode, 1)
            rows.append(_tariff(f"{name}-rate", kind="service", service=name, amount=rate))
    return rows


def _trucks(told: Options, roads: list[Drawn]) -> list[Any]:
    if not roads:
        return []
    rate = _of(told.eur_per_km, "road", 1)
    return [
        *_service(told, "trucks", roads[0], roads, back=False),
        _tariff("truck-rate", kind="distance", product="truck", amount=rate),
    ]


def _tariff(name: str, **told: Any) -> Any:
    return _made(Tariff, id=name, group="container", currency="EUR", price_year=2025, source=SOURCE, grade="H", **told)


def _service(told: Options, name: str, like: Drawn, links: Iterable[Drawn], back: bool) -> list[Any]:
    rows: list[Any] = [
        _made(
            Service,
            id=name,
            name=name,
            operator="drawer",
            mode=like.mode,
            pattern="area" if like.mode == "road" else "line",
            product=PRODUCTS[like.mode],
            carrier=like.carrier,
            scv=0,
            source=SOURCE,
            grade="H",
        ),
        _made(ServiceForms, service=name, group="container"),
        _made(
            Departure,
            service=name,
            seq=1,
            rule="headway",
            headway_h=told.headways.get(name, 1.0),
            source=SOURCE,
            grade="H",
        ),
    ]
    rows += [_made(ServiceLink, service=name, seq=n, link=link.id, reverse=back) for n, link in enumerate(links, 1)]
    if name not in told.headways:
        rows.append(_made(Wait, target=name, month=0, hours=0, sd_h=0, year=2025, source=SOURCE, grade="H"))
    return rows


def _terminals(told: Options, places: tuple[str, ...], drawn: list[Drawn]) -> list[Any]:
    """Return the steps between the yard of every place and each carrier that calls there."""
    rows: list[Any] = []
    for place in places:
        carriers = list(dict.fromkeys(link.carrier for link in drawn if place in (link.start, link.end)))
        trains = [carrier for carrier in carriers if carrier in ("rail-1520", "rail-1435")]
        ways = [way for c in carriers for way in ((f"load-{c}", "yard", c), (f"unload-{c}", c, "yard"))]
        ways += [(f"reload-{after}", before, after) for before in trains for after in trains if before != after]
        for verb, before, after in ways:
            name = f"{place}-{verb}"
            rows.append(
                _step(
                    name,
                    place,
                    _of(told.handling_h, name, 0),
                    _of(told.handling_eur, name, 0),
                    kind="handling",
                    from_state=before,
                    to_state=after,
                    group="container",
                )
            )
    return rows


def _borders(told: Options, drawn: list[Drawn]) -> list[Any]:
    """Return a crossing for each way over each link that joins two countries."""
    rows: list[Any] = []
    for link in drawn:
        for start, end in ((link.start, link.end), (link.end, link.start)):
            a, b = told.countries.get(start, "kz"), told.countries.get(end, "kz")
            if a == b:
                continue
            name = f"{start}-{end}-{link.mode}"
            hours, price = _of(told.border_h, name, 0), _of(told.border_eur, name, 0)
            rows += [
                _made(
                    Crossing,
                    id=name,
                    name=name,
                    place=start,
                    mode=link.mode,
                    from_country=a,
                    to_country=b,
                    source=SOURCE,
                ),
                _step(f"{name}-papers", start, hours, price, kind="procedure"),
                _made(Stage, crossing=name, seq=1, step=f"{name}-papers"),
            ]
    return rows


def _step(name: str, place: str, hours: float, price: float, **told: Any) -> Any:
    return _made(
        Step,
        id=name,
        name=name,
        place=place,
        basis="service",
        hours=hours,
        scv=0,
        price=price,
        currency="EUR",
        price_year=2025,
        kgco2e=0,
        source=SOURCE,
        grade="H",
        **told,
    )
