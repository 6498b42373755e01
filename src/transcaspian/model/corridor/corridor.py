"""This module owns the corridor: one immutable value that holds every table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from transcaspian.model.corridor.cargo import Commodity, Form, Load
from transcaspian.model.corridor.demand import (
    ChangeRow,
    Choice,
    Demand,
    Margin,
    RouteShare,
    ScenarioRow,
    Season,
    SeasonMonth,
)
from transcaspian.model.corridor.evidence import About, Default, Evidence, Observation, Series, Source
from transcaspian.model.corridor.link import Geometry, Link, LinkCountry, LinkPass
from transcaspian.model.corridor.place import Country, LandBorder, Operator, Place, PlaceGauge, PlaceName
from transcaspian.model.corridor.price import EmissionFactor, ExchangeRate, Hire, PriceLevel, Return, Tariff, TariffPass
from transcaspian.model.corridor.project import (
    DiscountRate,
    FinancingLeg,
    HighwaySection,
    OtherTrains,
    Outlay,
    Package,
    PackageProject,
    PackageScenario,
    PackageShipment,
    Perspective,
    PerspectiveCountry,
    PortLadder,
    Project,
    ProjectNeed,
    RoadVehicle,
    SectionTraffic,
    UnitValue,
)
from transcaspian.model.corridor.resource import (
    Background,
    Calendar,
    CalendarHours,
    Closure,
    Delay,
    Ration,
    Resource,
    Use,
    WaterLevel,
    Weather,
    WeatherSite,
)
from transcaspian.model.corridor.service import (
    Departure,
    Fleet,
    FleetLayup,
    Rotation,
    Service,
    ServiceForms,
    ServiceLink,
    ServiceStop,
    VehicleType,
    Wait,
)
from transcaspian.model.corridor.step import Crossing, Document, Stage, Step, StepDocument
from transcaspian.model.schema import key_of
from transcaspian.model.spelling import plain

R = TypeVar("R")


class Table(Mapping[str, R], Generic[R]):
    """The rows of one noun by key, in file order; it cannot be changed. Two tables are equal if their rows are.

    >>> t = Table([Country(id="kz", name="Kazakhstan", name_ru="Казахстан", customs="eaeu")])
    >>> t["kz"].name, len(t), [row.id for row in t.rows]
    ('Kazakhstan', 1, ['kz'])
    """

    __slots__ = ("_by_key",)

    def __init__(self, rows: Iterable[R] = ()) -> None:
        by_key: dict[str, R] = {}
        for row in rows:
            key = key_of(row)
            if key in by_key:
                raise ValueError(f"two rows with the key {key!r}")
            by_key[key] = row
        self._by_key = MappingProxyType(by_key)

    def __getitem__(self, key: str) -> R:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows in file order."""
        return tuple(self._by_key.values())

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a table be sent to another process: the view of its rows cannot be."""
        return Table, (self.rows,)

    def __repr__(self) -> str:
        return f"Table of {len(self)} rows"


@dataclass(frozen=True, kw_only=True, eq=True)
class Corridor:
    """A freight corridor: places, links, services, steps, prices and the evidence for them. Nothing changes it."""

    about: Table[About] = field(default_factory=Table)
    sources: Table[Source] = field(default_factory=Table)
    countries: Table[Country] = field(default_factory=Table)
    land_borders: Table[LandBorder] = field(default_factory=Table)
    operators: Table[Operator] = field(default_factory=Table)
    places: Table[Place] = field(default_factory=Table)
    place_names: Table[PlaceName] = field(default_factory=Table)
    place_gauges: Table[PlaceGauge] = field(default_factory=Table)
    links: Table[Link] = field(default_factory=Table)
    link_passes: Table[LinkPass] = field(default_factory=Table)
    link_countries: Table[LinkCountry] = field(default_factory=Table)
    geometries: Table[Geometry] = field(default_factory=Table)
    forms: Table[Form] = field(default_factory=Table)
    commodities: Table[Commodity] = field(default_factory=Table)
    loads: Table[Load] = field(default_factory=Table)
    vehicle_types: Table[VehicleType] = field(default_factory=Table)
    fleets: Table[Fleet] = field(default_factory=Table)
    fleet_layups: Table[FleetLayup] = field(default_factory=Table)
    services: Table[Service] = field(default_factory=Table)
    service_links: Table[ServiceLink] = field(default_factory=Table)
    service_stops: Table[ServiceStop] = field(default_factory=Table)
    service_forms: Table[ServiceForms] = field(default_factory=Table)
    rotations: Table[Rotation] = field(default_factory=Table)
    departures: Table[Departure] = field(default_factory=Table)
    waits: Table[Wait] = field(default_factory=Table)
    calendars: Table[Calendar] = field(default_factory=Table)
    calendar_hours: Table[CalendarHours] = field(default_factory=Table)
    closures: Table[Closure] = field(default_factory=Table)
    weather_sites: Table[WeatherSite] = field(default_factory=Table)
    weather: Table[Weather] = field(default_factory=Table)
    water_levels: Table[WaterLevel] = field(default_factory=Table)
    resources: Table[Resource] = field(default_factory=Table)
    uses: Table[Use] = field(default_factory=Table)
    backgrounds: Table[Background] = field(default_factory=Table)
    delays: Table[Delay] = field(default_factory=Table)
    rations: Table[Ration] = field(default_factory=Table)
    steps: Table[Step] = field(default_factory=Table)
    crossings: Table[Crossing] = field(default_factory=Table)
    stages: Table[Stage] = field(default_factory=Table)
    documents: Table[Document] = field(default_factory=Table)
    step_documents: Table[StepDocument] = field(default_factory=Table)
    tariffs: Table[Tariff] = field(default_factory=Table)
    tariff_passes: Table[TariffPass] = field(default_factory=Table)
    returns: Table[Return] = field(default_factory=Table)
    hires: Table[Hire] = field(default_factory=Table)
    exchange_rates: Table[ExchangeRate] = field(default_factory=Table)
    price_levels: Table[PriceLevel] = field(default_factory=Table)
    emission_factors: Table[EmissionFactor] = field(default_factory=Table)
    evidence: Table[Evidence] = field(default_factory=Table)
    defaults: Table[Default] = field(default_factory=Table)
    series: Table[Series] = field(default_factory=Table)
    observations: Table[Observation] = field(default_factory=Table)
    seasons: Table[Season] = field(default_factory=Table)
    season_months: Table[SeasonMonth] = field(default_factory=Table)
    demand: Table[Demand] = field(default_factory=Table)
    margins: Table[Margin] = field(default_factory=Table)
    shares: Table[RouteShare] = field(default_factory=Table)
    choices: Table[Choice] = field(default_factory=Table)
    projects: Table[Project] = field(default_factory=Table)
    scenarios: Table[ScenarioRow] = field(default_factory=Table)
    changes: Table[ChangeRow] = field(default_factory=Table)
    packages: Table[Package] = field(default_factory=Table)
    perspectives: Table[Perspective] = field(default_factory=Table)
    perspective_countries: Table[PerspectiveCountry] = field(default_factory=Table)
    package_shipments: Table[PackageShipment] = field(default_factory=Table)
    package_scenarios: Table[PackageScenario] = field(default_factory=Table)
    package_projects: Table[PackageProject] = field(default_factory=Table)
    project_needs: Table[ProjectNeed] = field(default_factory=Table)
    outlays: Table[Outlay] = field(default_factory=Table)
    financing_legs: Table[FinancingLeg] = field(default_factory=Table)
    other_trains: Table[OtherTrains] = field(default_factory=Table)
    port_ladders: Table[PortLadder] = field(default_factory=Table)
    highway_sections: Table[HighwaySection] = field(default_factory=Table)
    road_vehicles: Table[RoadVehicle] = field(default_factory=Table)
    section_traffic: Table[SectionTraffic] = field(default_factory=Table)
    discount_rates: Table[DiscountRate] = field(default_factory=Table)
    unit_values: Table[UnitValue] = field(default_factory=Table)

    def table(self, name: str) -> Table[Any]:
        """Return a table by name."""
        found: Table[Any] = getattr(self, name)
        return found

    @property
    def base_year(self) -> int:
        """The year that waits and volumes describe."""
        return next(iter(self.about.rows)).base_year

    def delay_of(self, resource: str, kind: str) -> Delay | None:
        """How the wait at a resource grows: its own row, else that of its kind."""
        return self.delays.get(resource) or self.delays.get(kind)

    @cached_property
    def places_by_name(self) -> Mapping[str, str]:
        """Every name of every place, plain, with its place id; the first to claim a name keeps it.

        Ids come first, then names, aliases and codes.
        """
        rows = self.places.rows
        pairs = [(p.id, p.id) for p in rows] + [(p.name, p.id) for p in rows]
        pairs += [(n.name, n.place) for n in self.place_names.rows]
        # "Poti port" is also found as "Poti", "Baku (Absheron / Keshla)" as "Baku"; the UN/LOCODE too.
        pairs += [(p.name.split("(")[0].split("/")[0], p.id) for p in rows]
        pairs += [(p.locode, p.id) for p in rows if p.locode]
        found: dict[str, str] = {}
        for name, place in pairs:
            found.setdefault(plain(name), place)
        return found

    @cached_property
    def papers(self) -> Mapping[str, tuple[Document, ...]]:
        """The documents that each step asks for, in file order."""
        found: dict[str, list[Document]] = {}
        for row in self.step_documents.rows:
            found.setdefault(row.step, []).append(self.documents[row.document])
        return {step: tuple(papers) for step, papers in found.items()}

    @cached_property
    def between(self) -> Mapping[str, tuple[str, ...]]:
        """The countries that each link runs through between those of its ends, from its origin on."""
        found: dict[str, list[str]] = {}
        for row in sorted(self.link_countries.rows, key=lambda row: row.seq):
            found.setdefault(row.link, []).append(row.country)
        return {link: tuple(passed) for link, passed in found.items()}

    def __repr__(self) -> str:
        return f"{self._title()}: " + ", ".join(f"{count:,} {what}" for what, count in self._counts().items())

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{what}</th><td>{count:,}</td></tr>" for what, count in self._counts().items())
        return f"<table><caption>{escape(self._title())}</caption><tbody>{rows}</tbody></table>"

    def _title(self) -> str:
        """Return the title, version and base year."""
        about = next(iter(self.about.rows), None)
        return f"{about.title}, version {about.version}, base year {about.base_year}" if about else "Corridor"

    def _counts(self) -> dict[str, int]:
        """Return how much there is of what a person asks for first."""
        demand = {"rows of demand": len(self.demand)}
        return {name: len(self.table(name)) for name in ("places", "services", "links")} | demand


TABLES: Mapping[str, type] = MappingProxyType(
    {
        f.name: get_args(hint)[0]
        for f, hint in zip(dataclass_fields(Corridor), get_type_hints(Corridor).values(), strict=True)
    }
)
"""The noun of every table, in the order a reader should meet them."""
