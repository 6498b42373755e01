"""Generated corridors of any size: two shores of a sea, a square of places on each, everything a real corridor has.

Places lie on a grid. Rail and road join neighbours; trains run along the rows and every few columns, calling on the
way; ships cross between the two shores; trucks go anywhere there is a road. Countries are bands of columns, so every
row crosses borders, each with its procedures. Half of the trains keep a timetable, ships leave when they are full and
wait for the weather. All is drawn from a seed: the same seed, the same corridor.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.cargo import Commodity, Form, Load
from transcaspian.model.corridor.evidence import About
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Country, Operator, Place
from transcaspian.model.corridor.price import EmissionFactor, ExchangeRate, Tariff
from transcaspian.model.corridor.resource import Weather, WeatherSite
from transcaspian.model.corridor.service import Departure, Service, ServiceForms, ServiceLink, ServiceStop, Wait
from transcaspian.model.corridor.step import Crossing, Stage, Step

ARCS_PER_PLACE = 34.0
"""Arcs of the compiled network for each place, about."""

HOPS = 5
"""Links of one line at most; a long row is served by several lines, end to end."""

PORTS = 12
"""Rows with a port at most: every port is a gateway, and a network has few of them."""

COUNTRIES = ("cn", "kz", "az", "ge")
"""Two bands of columns on each shore."""

Cell = tuple[int, int]
"""Column and row of a place."""


@dataclass(slots=True)
class Rows:
    """Rows of a corridor while it is made."""

    rng: np.random.Generator
    rows: dict[type, list[Any]] = field(default_factory=dict)

    def add(self, noun: type, **values: Any) -> None:
        """Add one row; ids are written as plain text here."""
        self.rows.setdefault(noun, []).append(noun(**values))

    def drawn(self, low: float, high: float) -> float:
        """Return a number between two, to a tenth."""
        return round(float(self.rng.uniform(low, high)), 1)

    def corridor(self) -> Corridor:
        """Return the corridor of all rows."""
        tables = {name: Table(self.rows[noun]) for name, noun in TABLES.items() if noun in self.rows}
        return replace(Corridor(), **tables)


def generated(arcs: int, seed: int = 1) -> Corridor:
    """Return a corridor whose network has about this many arcs.

    >>> from transcaspian.network import compile_network, months
    >>> network = compile_network(generated(1_000), months(date(2026, 12, 1)))
    >>> 700 < network.arcs < 1_300
    True
    """
    made = Rows(np.random.default_rng(seed))
    height = max(2, round((arcs / ARCS_PER_PLACE / 2) ** 0.5))
    width = max(4, round(arcs / ARCS_PER_PLACE / height))
    shore = width // 2
    port_rows = sorted({round(r) for r in np.linspace(0, height - 1, min(PORTS, max(2, height // 3)))})
    ports = frozenset((x, y) for x in (shore - 1, shore) for y in port_rows)
    frame(made, countries=COUNTRIES)
    for x in range(width):
        for y in range(height):
            _place(made, (x, y), width, (x, y) in ports)
    for y in range(height):
        for part in (range(shore), range(shore, width)):
            _railway(made, [(x, y) for x in part], width)
            _roads(made, [(x, y) for x in part])
    for x in range(width):
        if x % 3 == 0:
            _railway(made, [(x, y) for y in range(height)], width)
        _roads(made, [(x, y) for y in range(height)])
    for y in port_rows:
        _sea(made, (shore - 1, y), (shore, y), width)
    trucks(made, ("container", "truck"))
    _borders(made, width)
    return made.corridor()


def corners(corridor: Corridor) -> tuple[str, str]:
    """Return two opposite corners of a generated corridor: the way between them grows with it."""
    places = list(corridor.places)
    return places[0], places[-1]


def across(corridor: Corridor) -> tuple[str, str]:
    """Return two places a few columns inland of a pair of ports: the way between them is as long in every size."""
    places = list(corridor.places)
    height = sum(name.startswith("x0-") for name in places)
    east = next(n for n, row in enumerate(corridor.places.rows) if row.gateway and n % height == 0) // height
    west_end, east_end = max(0, east - 2), min(len(places) // height - 1, east + 3)
    return places[west_end * height], places[east_end * height]


# ------------------------------------------------------------------------- parts that other generated corridors share


def frame(made: Rows, countries: Iterable[str]) -> None:
    """Add what a corridor needs before anything moves."""
    made.add(
        About, id="generated", title="Generated", version="1", format=1, base_year=2025, price_year=2025,
        released=date(2026, 1, 1),
    )  # fmt: skip
    for country in countries:
        made.add(Country, id=country, name=country.upper(), name_ru=country.upper(), customs=country)
    made.add(Operator, id="everybody", name="Everybody")
    for name, group, teu in (("box-20", "container", 1), ("box-40hc", "container", 2), ("truck-20t", "truck", 0)):
        made.add(
            Form, id=name, name=name, group=group, teu=teu, lane_m=12, wagons=0.5 * teu, moves=1, tare_t=4,
            payload_max_t=26, gross_max_t=30,
        )  # fmt: skip
        made.add(Load, commodity="electronics", form=name, tonnes=10.0)
    made.add(
        Commodity, id="electronics", name="Electronics", value=30_000, currency="USD", price_year=2025,
        time_share_per_day=0.001, insurance_share=0.003,
    )  # fmt: skip
    made.add(ExchangeRate, currency="USD", year=2025, per_eur=1.1)
    for mode, grams in (("rail", 20.0), ("sea", 45.0), ("road", 95.0)):
        made.add(EmissionFactor, id=mode, name=mode, mode=mode, default=True, wtw=grams, year=2025)


def place(made: Rows, name: str, country: str, where: tuple[float, float], port: bool = False) -> None:
    """Add a place with the handlings of a terminal for boxes, by rail and road, and by ship in a port."""
    made.add(
        Place, id=name, name=name, country=country, kind="seaport" if port else "rail-terminal", lat=where[0],
        lon=where[1], timezone="UTC", gateway=port,
    )  # fmt: skip
    for carrier in ("rail-1520", "road", "vessel") if port else ("rail-1520", "road"):
        for before, after in (("yard", carrier), (carrier, "yard")):
            made.add(
                Step, id=f"{name}-{before}-to-{after}", name=f"{before} to {after}", place=name, kind="handling",
                from_state=before, to_state=after, group="container", basis="service", hours=made.drawn(0.1, 0.5),
                scv=1.0, price=made.drawn(30, 90), currency="EUR", price_year=2025, kgco2e=5.0,
            )  # fmt: skip


def link(made: Rows, mode: str, start: str, end: str, km: float) -> str:
    """Add a link and return its id."""
    name = f"{mode}-{start}-{end}"
    made.add(
        Link, id=name, origin=start, destination=end, mode=mode, km=km, gauge=1520 if mode == "rail" else None,
        speed_km_h={"rail": 40.0, "road": 50.0, "sea": 22.0}[mode],
    )  # fmt: skip
    return name


def line(made: Rows, name: str, mode: str, links: Sequence[str], back: bool, km: float) -> None:
    """Add one direction of a line with its forms, departures and price."""
    sea = mode == "sea"
    made.add(
        Service, id=name, name=name, operator="everybody", mode=mode, pattern="line", scv=0.1,
        product="feeder" if sea else "block-train", carrier="vessel" if sea else "rail-1520",
        weather_from=f"at-{name}" if sea else None,
    )  # fmt: skip
    made.add(ServiceForms, service=name, group="container")
    for number, run in enumerate(reversed(links) if back else links, start=1):
        made.add(ServiceLink, service=name, seq=number, link=run, reverse=back)
    made.add(
        Tariff, id=f"{name}-rate", kind="service", service=name, group="container", currency="EUR", price_year=2025,
        amount=round(km * made.drawn(0.5, 0.9), 2),
    )  # fmt: skip
    if sea:
        _sailings(made, name)
    elif made.rng.random() < 0.5:
        made.add(Departure, service=name, seq=1, rule="timetable", weekday="daily", at="12:00", cutoff_h=6.0)
    else:
        made.add(Departure, service=name, seq=1, rule="headway", headway_h=made.drawn(12, 48), train_units=50)


def trucks(made: Rows, groups: Iterable[str]) -> None:
    """Add the trucks that go over every road."""
    made.add(
        Service, id="trucks", name="Trucks", operator="everybody", mode="road", pattern="area", product="truck",
        carrier="road", scv=0.2,
    )  # fmt: skip
    roads = [row.id for row in made.rows[Link] if row.mode == "road"]
    for number, road in enumerate(roads, start=1):
        made.add(ServiceLink, service="trucks", seq=number, link=road)
    for group in groups:
        made.add(ServiceForms, service="trucks", group=group)
    made.add(Departure, service="trucks", seq=1, rule="headway", headway_h=12.0)
    made.add(
        Tariff, id="per-km", kind="distance", product="truck", amount=1.4, currency="EUR", price_year=2025
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------- parts of the grid


def _name(cell: Cell) -> str:
    return f"x{cell[0]}-y{cell[1]}"


def _country(cell: Cell, width: int) -> str:
    return COUNTRIES[cell[0] * len(COUNTRIES) // width]


def _place(made: Rows, cell: Cell, width: int, port: bool) -> None:
    place(made, _name(cell), _country(cell, width), (-40 + cell[1], -80 + cell[0]), port)


def _railway(made: Rows, cells: list[Cell], width: int) -> None:
    """Add rail between the cells of a row or column, and lines over it, both ways."""
    lengths = [made.drawn(60, 140) for _ in cells[1:]]
    links = [link(made, "rail", _name(a), _name(b), km) for a, b, km in zip(cells, cells[1:], lengths, strict=False)]
    for begin in range(0, len(links), HOPS):
        run = links[begin : begin + HOPS]
        calls = [_name(cell) for cell in cells[begin : begin + len(run) + 1]]
        for back in (False, True):
            name = f"train-{calls[-1]}-{calls[0]}" if back else f"train-{calls[0]}-{calls[-1]}"
            line(made, name, "rail", run, back, sum(lengths[begin : begin + HOPS]))
            for call in calls[1:-1]:
                made.add(ServiceStop, service=name, place=call)


def _roads(made: Rows, cells: list[Cell]) -> None:
    for a, b in itertools.pairwise(cells):
        link(made, "road", _name(a), _name(b), made.drawn(60, 140))


def _sea(made: Rows, a: Cell, b: Cell, width: int) -> None:
    km = made.drawn(300, 600)
    lane = link(made, "sea", _name(a), _name(b), km)
    for start, end, back in ((a, b, False), (b, a, True)):
        line(made, f"ship-{_name(start)}-{_name(end)}", "sea", [lane], back, km)


def _sailings(made: Rows, name: str) -> None:
    """Add how a ship leaves: when it is full, after a wait that is longer in winter, if the weather lets it."""
    made.add(Departure, service=name, seq=1, rule="fill", headway_h=72.0, train_units=120)
    for month, hours in ((0, made.drawn(30, 60)), (1, 100.0), (12, 90.0)):
        made.add(Wait, target=name, month=month, hours=hours, sd_h=hours / 2, year=2025)
    made.add(WeatherSite, id=f"at-{name}", name=name, group="the-sea", loading=0.8)
    for month in range(1, 13):
        share = 0.25 if month in (12, 1, 2) else 0.05
        made.add(Weather, site=f"at-{name}", month=month, closed_share=share, mean_spell_h=30.0)


def _borders(made: Rows, width: int) -> None:
    """Add a crossing, with its papers, for each way over each link that joins two countries."""
    home = {row.id: row.country for row in made.rows[Place]}
    for run in made.rows[Link]:
        for start, end in ((run.origin, run.destination), (run.destination, run.origin)):
            if home[start] != home[end]:
                _crossing(made, run.mode, start, end, (home[start], home[end]))


def _crossing(made: Rows, mode: str, start: str, end: str, countries: tuple[str, str]) -> None:
    name = f"{mode}-{start}-over-{end}"
    made.add(
        Crossing, id=name, name=name, place=start, mode=mode, from_country=countries[0], to_country=countries[1]
    )  # fmt: skip
    for number, paper in enumerate(("export", "transit"), start=1):
        made.add(
            Step, id=f"{name}-{paper}", name=paper, place=start, kind="procedure", basis="service", scv=1.0,
            hours=made.drawn(1, 12), price=made.drawn(10, 60), currency="EUR", price_year=2025,
        )  # fmt: skip
        made.add(Stage, crossing=name, seq=number, step=f"{name}-{paper}")
