# mypy: disable-error-code="arg-type"
"""A world of five places with two ways, whose answer can be worked out on paper.

::

    a --400 km rail-- b ~~440 km sea~~ c --400 km rail-- d
    a ==1500 km road== e ==1500 km road== d

``a`` and ``b`` lie in kz, ``e`` in ru (one customs territory with kz), ``c`` and ``d`` in az. Trains run at 40 km/h, the
ship at 20, trucks at 30; a box costs 500 EUR on the first train, 1100 USD at sea (1000 EUR), 400 on the second train, 1.5
EUR a km on a truck, 50 for each handling of 0.1 h. The train a-b leaves on Wednesdays at 12:00, the ship when full (60 h
of waiting), the train c-d every 48 h (24 h). Procedures: 2 h leaving b, 4 h entering c, 12 h entering d by road.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.cargo import Commodity, Form, Load
from transcaspian.model.corridor.evidence import About, Evidence
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Country, Operator, Place
from transcaspian.model.corridor.price import EmissionFactor, ExchangeRate, Return, Tariff, TariffPass
from transcaspian.model.corridor.resource import Calendar, CalendarHours, Resource, Use, Weather, WeatherSite
from transcaspian.model.corridor.service import Departure, Service, ServiceForms, ServiceLink, Wait
from transcaspian.model.corridor.step import Crossing, Document, Stage, Step, StepDocument


def _place(id: str, country: str, lon: float, kind: str = "rail-terminal", gateway: bool = False) -> Any:
    return Place(id=id, name=id.title(), country=country, kind=kind, lat=40.0, lon=lon, timezone="UTC", gateway=gateway)


def _service(id: str, mode: str, product: str, carrier: str, speed: float, pattern: str = "line", **more: Any) -> Any:
    return Service(
        id=id, name=id.title(), operator="o", mode=mode, pattern=pattern, product=product, carrier=carrier, speed_km_h=speed, scv=0.0, **more
    )  # fmt: skip


def _terminal(place: str, *carriers: str) -> list[Step]:
    return [
        Step(
            id=f"{place}-{before}-{after}", name=f"{before} to {after}", place=place, kind="handling", from_state=before, to_state=after,
            group="container", basis="service", hours=0.1, scv=0.0, price=50.0, currency="EUR", price_year=2025, kgco2e=5.0,
        )
        for carrier in carriers
        for before, after in (("yard", carrier), (carrier, "yard"))
    ]  # fmt: skip


def _procedure(id: str, place: str, hours: float) -> Any:
    return Step(
        id=id, name=id, place=place, kind="procedure", basis="service", hours=hours, scv=0.0, batch=1000.0, price=0.0, currency="EUR", price_year=2025
    )  # fmt: skip


def _crossing(id: str, place: str, mode: str, start: str, end: str) -> Any:
    return Crossing(id=id, name=id, place=place, mode=mode, from_country=start, to_country=end)


def corridor() -> Corridor:
    """Return the world."""
    carried = ("train-ab", "ship-bc", "train-cd", "trucks")
    steps = [
        *_terminal("a", "rail-1520", "road"),
        *_terminal("b", "rail-1520", "vessel"),
        *_terminal("c", "vessel", "rail-1520"),
        *_terminal("d", "rail-1520", "road"),
    ]
    steps += [_procedure("b-exit", "b", 2.0), _procedure("c-entry", "c", 4.0), _procedure("d-entry", "d", 12.0)]
    factors = (("rail", 20.0), ("sea", 45.0), ("road", 95.0))
    tables: dict[str, list[Any]] = {
        "about": [
            About(
                id="two-ways",
                title="Two ways",
                version="1",
                format=1,
                base_year=2024,
                price_year=2025,
                released=date(2026, 1, 1),
            )
        ],
        "countries": [
            Country(id=c, name=n, name_ru=n, customs=u)
            for c, n, u in (("kz", "Kazakhstan", "eaeu"), ("ru", "Russia", "eaeu"), ("az", "Azerbaijan", "az"))
        ],
        "operators": [Operator(id="o", name="O")],
        "places": [
            _place("a", "kz", 50),
            _place("b", "kz", 54, "seaport", True),
            _place("c", "az", 58, "seaport", True),
            _place("d", "az", 62),
            _place("e", "ru", 70, "border", True),
        ],
        "links": [
            Link(id="rail-a-b", origin="a", destination="b", mode="rail", km=400.0, gauge=1520),
            Link(id="sea-b-c", origin="b", destination="c", mode="sea", km=440.0),
            Link(id="rail-c-d", origin="c", destination="d", mode="rail", km=400.0, gauge=1520),
            Link(id="road-a-e", origin="a", destination="e", mode="road", km=1500.0),
            Link(id="road-e-d", origin="e", destination="d", mode="road", km=1500.0),
        ],
        "services": [
            _service("train-ab", "rail", "block-train", "rail-1520", 40.0),
            _service("ship-bc", "sea", "feeder", "vessel", 20.0),
            _service("train-cd", "rail", "block-train", "rail-1520", 40.0),
            _service("trucks", "road", "truck", "road", 30.0, "area"),
        ],
        "service_links": [
            *(
                ServiceLink(service=s, seq=1, link=k)
                for s, k in (("train-ab", "rail-a-b"), ("ship-bc", "sea-b-c"), ("train-cd", "rail-c-d"))
            ),
            *(ServiceLink(service="trucks", seq=n, link=k) for n, k in ((1, "road-a-e"), (2, "road-e-d"))),
        ],
        "service_forms": [ServiceForms(service=s, group="container") for s in carried],
        "departures": [
            Departure(service="train-ab", seq=1, rule="timetable", weekday="wed", at="12:00"),
            Departure(service="ship-bc", seq=1, rule="fill", headway_h=72.0, fill=0.8, train_units=100.0),
            Departure(service="train-cd", seq=1, rule="headway", headway_h=48.0, train_units=50.0),
        ],
        "waits": [Wait(target="ship-bc", month=0, hours=60.0, sd_h=0.0, year=2024)],
        "steps": steps,
        "crossings": [
            _crossing("b-out", "b", "sea", "kz", "az"),
            _crossing("c-in", "c", "sea", "kz", "az"),
            _crossing("d-in", "d", "road", "ru", "az"),
            _crossing("d-out", "d", "road", "az", "ru"),
        ],
        "stages": [
            *(
                Stage(crossing="b-out", seq=n, step=s)
                for n, s in enumerate(("b-rail-1520-yard", "b-exit", "b-yard-vessel"), 1)
            ),
            *(Stage(crossing="c-in", seq=n, step=s) for n, s in enumerate(("c-vessel-yard", "c-entry"), 1)),
            *(Stage(crossing=c, seq=1, step="d-entry") for c in ("d-in", "d-out")),
        ],
        "documents": [
            Document(id="smgs", name="SMGS note", name_ru="Накладная СМГС"),
            Document(id="dg", name="DG", name_ru="ОГ", goods="dangerous"),
        ],
        "step_documents": [StepDocument(step="b-exit", document=d) for d in ("smgs", "dg")],
        "forms": [
            Form(
                id="box-40hc",
                name="40 HC",
                group="container",
                teu=2.0,
                lane_m=12.2,
                wagons=1.0,
                moves=1.0,
                tare_t=3.9,
                payload_max_t=26.6,
                gross_max_t=30.48,
            ),
            Form(
                id="wagon-covered",
                name="Covered wagon",
                group="wagon",
                teu=0.0,
                lane_m=0.0,
                wagons=1.0,
                moves=0.0,
                tare_t=25.0,
                payload_max_t=68.0,
                gross_max_t=93.0,
            ),
        ],
        "commodities": [
            Commodity(
                id="toys",
                name="Toys",
                value=5000.0,
                currency="EUR",
                price_year=2025,
                time_share_per_day=0.001,
                insurance_share=0.002,
            )
        ],
        "loads": [
            Load(commodity="toys", form="box-40hc", tonnes=10.0),
            Load(commodity="toys", form="wagon-covered", tonnes=40.0),
        ],
        "tariffs": [
            Tariff(
                id="t-ab",
                kind="service",
                service="train-ab",
                group="container",
                amount=500.0,
                currency="EUR",
                price_year=2025,
            ),
            Tariff(
                id="t-bc",
                kind="service",
                service="ship-bc",
                group="container",
                amount=1100.0,
                currency="USD",
                price_year=2025,
            ),
            Tariff(
                id="t-cd",
                kind="service",
                service="train-cd",
                group="container",
                amount=400.0,
                currency="EUR",
                price_year=2025,
            ),
            Tariff(
                id="t-km",
                kind="distance",
                product="truck",
                group="container",
                amount=1.5,
                currency="EUR",
                price_year=2025,
            ),
        ],
        "exchange_rates": [ExchangeRate(currency="USD", year=2025, per_eur=1.1)],
        "emission_factors": [EmissionFactor(id=m, name=m, mode=m, default=True, wtw=w, year=2025) for m, w in factors],
    }
    return Corridor(**{name: Table(rows) for name, rows in tables.items()})


def with_rows(world: Corridor, table: str, *rows: Any) -> Corridor:
    """Return the world with more rows in a table; a row with a known key takes the old one's place."""
    kept = dict(world.table(table).items())
    made = Table(rows)
    return replace(world, **{table: Table([*(r for k, r in kept.items() if k not in made), *rows])})


def stormy(world: Corridor, share: float = 0.25, spell: float = 40.0) -> Corridor:
    """Return the world with weather that stops the ship at b: closed ``share`` of the time in spells of ``spell`` h."""
    world = with_rows(world, "weather_sites", WeatherSite(id="bay", name="Bay", group="sea", loading=1.0))
    months = [Weather(site="bay", month=m, closed_share=share, mean_spell_h=spell) for m in range(1, 13)]
    ship = replace(world.services["ship-bc"], weather_from="bay")
    return with_rows(with_rows(world, "weather", *months), "services", ship)


def office_hours(world: Corridor) -> Corridor:
    """Return the world with an office at c that opens from 08:00 to 16:00 on weekdays, UTC."""
    world = with_rows(world, "calendars", Calendar(id="office", name="Office", timezone="UTC"))
    hours = [
        CalendarHours(calendar="office", weekday=d, opens="08:00", closes="16:00")
        for d in ("mon", "tue", "wed", "thu", "fri")
    ]
    return with_rows(
        with_rows(world, "calendar_hours", *hours), "steps", replace(world.steps["c-entry"], calendar="office")
    )


def through_rate(world: Corridor) -> Corridor:
    """Return the world with a rate of 1,500 EUR a box from a to d over b."""
    rate = Tariff(
        id="through",
        kind="through",
        origin="a",
        destination="d",
        group="container",
        amount=1500.0,
        currency="EUR",
        price_year=2025,
    )
    return with_rows(with_rows(world, "tariffs", rate), "tariff_passes", TariffPass(tariff="through", place="b"))


def with_return(world: Corridor) -> Corridor:
    """Return the world in which a carrier's box unloaded in az goes back to c for 110 USD (100 EUR)."""
    return with_rows(
        world,
        "returns",
        Return(
            country="az", group="container", owner="carrier", place="c", amount=110.0, currency="USD", price_year=2025
        ),
    )


def with_berth(world: Corridor) -> Corridor:
    """Return the world with one berth at b, half used by others, that a sailing takes up."""
    world = with_rows(
        world,
        "resources",
        Resource(
            id="b-berth", name="Berth", place="b", kind="berth", servers=1.0, capacity=10.0, capacity_unit="calls/day"
        ),
    )
    return with_rows(world, "uses", Use(user="ship-bc", resource="b-berth", scope="vehicle", amount=1.0))


def with_evidence(world: Corridor, *values: tuple[str, str, str, float, float]) -> Corridor:
    """Return the world with ranges for values: (table, key, attribute, low, high)."""
    rows = [
        Evidence(table=t, id=k, attribute=a, low=lo, high=hi, reason="drawn in a test") for t, k, a, lo, hi in values
    ]
    return with_rows(world, "evidence", *rows)
