"""This module owns investments and what they are judged by: projects, their money, highway sections, unit values."""

from datetime import date
from typing import Literal

from transcaspian.model.corridor.ids import ID_PATTERN, CommodityId, CountryId, Grade, OperatorId, PlaceId, SourceId
from transcaspian.model.schema import column, noun
from transcaspian.units import Hours, KgCO2ePerTonne, Km, KmPerHour, Metres, Metric, Share, Tonnes

Rung = Literal["announced", "letter-of-intent", "mou", "appraisal", "approved", "signed", "under-works", "done"]
"""How far a promise has come."""


@noun("projects")
class Project:
    """An investment or a soft measure: changes, a cost profile, dates and financing."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    kind: Literal["hard", "soft"] = column("Works, or rules and procedures.")
    country: CountryId | None = column("Country whose state or company owns it.", ref="countries", default=None)
    operator: OperatorId | None = column(
        "Operator who owns it, earns by it and owes for it; empty is none of them.",
        ref="operators",
        default=None,
    )
    opens: int | None = column("First full year in service; empty is not known.", default=None, low=1990, high=2100)
    years: int = column("Years in service that are counted.", default=25, low=1, high=100)
    announced: float | None = column(
        "Sum announced for works that are not named, EUR of the price year.", default=None, above=0
    )
    status: Rung = column("How far the promise has come.", default="announced")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("packages")
class Package:
    """Projects that are judged together."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    minimum: str | None = column(
        "Scenario that is the case without: what happens in any event.", ref="scenarios", default=None
    )
    water: str | None = column("Water body whose room for ships is drawn in a risk analysis.", default=None)
    note: str | None = column("What it is, and why.", default=None)


@noun("perspectives")
class Perspective:
    """From where the gains of a package are looked at: some countries, with their taxpayers."""

    package: str = column("Package.", key=True, ref="packages")
    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    customs: str | None = column("Customs area all of whose countries count.", default=None)


@noun("perspective_countries")
class PerspectiveCountry:
    """A country that counts in a perspective."""

    package: str = column("Package.", key=True, ref="packages")
    perspective: str = column("Perspective.", key=True)
    country: CountryId = column("Country.", key=True, ref="countries")


@noun("package_shipments")
class PackageShipment:
    """A shipment that shows what a package means door to door; asked as ``plan`` is."""

    package: str = column("Package.", key=True, ref="packages")
    seq: int = column("Order.", key=True, low=1)
    origin: PlaceId = column("Origin.", ref="places")
    destination: PlaceId = column("Destination.", ref="places")
    cargo: str = column("Count and form, or tonnes.")
    commodity: CommodityId = column("Commodity.", ref="commodities")
    via: str | None = column(
        "Gateways, joined by ``+``, over which the best way is shown too, wherever it ranks.",
        default=None,
        pattern=f"{ID_PATTERN}(\\+{ID_PATTERN})*",
    )

    @property
    def gateways(self) -> tuple[str, ...]:
        """The gateways of ``via``, in order."""
        return tuple(self.via.split("+")) if self.via else ()


@noun("package_scenarios")
class PackageScenario:
    """A scenario under which a package is looked at too: what might come, never the centre."""

    package: str = column("Package.", key=True, ref="packages")
    seq: int = column("Order.", key=True, low=1)
    scenario: str = column("Scenario that holds in both cases.", ref="scenarios")


@noun("package_projects")
class PackageProject:
    """A project of a package: one that it pays for, or one that could come next or beside it."""

    package: str = column("Package.", key=True, ref="packages")
    project: str = column("Project.", key=True, ref="projects")
    seq: int = column("Order in which they are shown.", low=1)
    role: Literal["seed", "candidate"] = column("Whether the package pays for it.", default="candidate")


@noun("project_needs")
class ProjectNeed:
    """A project that another cannot do without, or cannot stand beside."""

    project: str = column("Project.", key=True, ref="projects")
    other: str = column("The other project.", key=True, ref="projects")
    kind: Literal["needs", "excludes"] = column("Which of the two.")
    reason: str = column("Why.")


@noun("outlays")
class Outlay:
    """Money that a project costs: capital spread evenly over years, or a yearly cost while it is in service."""

    project: str = column("Project.", key=True, ref="projects")
    seq: int = column("Order.", key=True, low=1)
    kind: Literal["capital", "operation"] = column("Spent once over the years, or every year of them.")
    item: str = column("What is bought.")
    asset: str | None = column("Kind of asset, for what is left of it at the end.", default=None, pattern=ID_PATTERN)
    amount: float = column("Money: all of it for capital, of one year for operation.", low=0)
    currency: str = column("Currency.", pattern="[A-Z]{3}")
    price_year: int = column("Price year.", low=1990, high=2100)
    from_year: int | None = column(
        "First year; empty is the year the project opens, for operation.", default=None, low=1990, high=2100
    )
    until_year: int | None = column(
        "Last year; empty is the last year counted, for operation.", default=None, low=1990, high=2100
    )
    life: int | None = column("Years that it lasts; empty: nothing is left of it.", default=None, low=1, high=150)
    economic: Share = column("Cost to the economy over cost at market prices.", default=1.0, above=0, high=2)
    low: float | None = column("Low end of the amount.", default=None, low=0)
    high: float | None = column("High end of the amount.", default=None, low=0)
    source: SourceId | None = column("Source of the amount.", ref="sources", default=None)
    grade: Grade = column("Trust in the amount.", default="U")
    note: str | None = column("What a reader should know.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("financing_legs")
class FinancingLeg:
    """Who finances how much of a project, and by which instrument."""

    project: str = column("Project.", key=True, ref="projects")
    financier: str = column("Who gives the money.", key=True)
    financier_ru: str | None = column("The same in Russian.", default=None)
    instrument: Literal["loan", "grant", "budget", "equity", "guarantee", "not-said"] = column("How.", key=True)
    side: Literal["eu", "ifi", "state", "company"] = column("Whose money it is in the end.")
    amount: float | None = column("Money; empty is not published.", default=None, low=0)
    currency: str = column("Currency.", pattern="[A-Z]{3}")
    price_year: int = column("Year of the amount.", low=1990, high=2100)
    interest: Share | None = column("Yearly interest of a loan; empty is not published.", default=None, low=0, high=0.5)
    grace: int | None = column("Years before the first repayment.", default=None, low=0, high=30)
    tenor: int | None = column("Years until the last repayment.", default=None, low=1, high=60)
    status: Rung = column("How far the promise has come.", default="announced")
    agreed: date | None = column("Day of the status.", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("other_trains")
class OtherTrains:
    """Trains of others that a project saves some way: a railway is built, and judged, for all its trains."""

    project: str = column("Project.", key=True, ref="projects")
    seq: int = column("Order.", key=True, low=1)
    name: str = column("Which trains.")
    name_ru: str | None = column("The same in Russian.", default=None)
    country: CountryId = column("Country whose railway and cargo gain.", ref="countries")
    year: int = column("Year of the count or estimate.", low=1990, high=2100)
    pairs: float = column("Pairs of trains a day that go the shorter way.", low=0, high=500)
    growth: Share = column("Yearly growth.", low=-0.2, high=0.3)
    km: Km = column("Way that a train saves.", low=0, high=5000)
    hours: Hours = column("Time that a train saves.", low=0, high=500)
    carbon: KgCO2ePerTonne = column(
        "CO2e that a tonne in it saves, well to wheel; below zero where it costs more.", high=200
    )
    tonnes: Tonnes = column("Net tonnes of a train, mean of both ways.", low=0, high=10000)
    low: float | None = column("Low end of pairs a day.", default=None, low=0)
    high: float | None = column("High end of pairs a day.", default=None, low=0)
    source: SourceId | None = column("Source of the count.", ref="sources", default=None)
    grade: Grade = column("Trust in the count.", default="U")
    note: str | None = column("How it was derived, or why assumed.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("highway_sections")
class HighwaySection:
    """A section of road that may be rebuilt, with its whole cost and its state before and after."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    project: str = column("Project it could be part of.", ref="projects")
    origin: PlaceId | None = column("Start.", ref="places", default=None)
    destination: PlaceId | None = column("End.", ref="places", default=None)
    km: Km = column("Length.", above=0, high=3000)
    lanes_before: int = column("Lanes today, both ways.", low=1, high=8)
    lanes_after: int = column("Lanes after, both ways.", low=1, high=8)
    surface_before: Literal["paved", "track"] = column(
        "Surface today: a paved road gets overlays without the works too, a track stays as it is.", default="paved"
    )
    rough_before: Metric = column("Roughness today (IRI).", above=0, high=25)
    rough_after: Metric = column("Roughness after the works (IRI).", above=0, high=25)
    age: int = column("Years since the last work on the pavement.", low=0, high=60)
    strength_before: float = column("Modified structural number of the pavement today.", above=0, high=12)
    strength_after: float = column("Modified structural number after.", above=0, high=12)
    climate: float = column("Coefficient m of the climate in the roughness progression.", low=0, high=0.3)
    limit_before: KmPerHour = column("Speed that rules and traffic allow a car today.", above=0, high=140)
    limit_after: KmPerHour = column("The same after.", above=0, high=140)
    accidents_before: float = column("Fatal accidents per hundred million vehicle-km today.", low=0, high=50)
    accidents_after: float = column("The same after.", low=0, high=50)
    cost: float = column("Whole cost of the works.", above=0)
    currency: str = column("Currency of the cost.", pattern="[A-Z]{3}")
    price_year: int = column("Price year of the cost.", low=1990, high=2100)
    starts: int = column("First year of the works.", low=1990, high=2100)
    opens: int = column("First full year in service.", low=1990, high=2100)
    source: SourceId | None = column("Source of cost and lanes.", ref="sources", default=None)
    grade: Grade = column("Trust in cost and lanes.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("section_traffic")
class SectionTraffic:
    """Traffic of a class of vehicles on a section; this one file is meant to be replaced by counts."""

    section: str = column("Section.", key=True, ref="highway_sections")
    vehicle: str = column("Class of vehicles.", key=True, ref="road_vehicles")
    year: int = column("Year of the count or estimate.", low=1990, high=2100)
    aadt: float = column("Vehicles a day, both ways, mean of the year.", low=0)
    corridor: Share = column("Share of them that belongs to the corridor.", default=0.0, low=0, high=1)
    growth: Share = column("Yearly growth.", low=-0.2, high=0.3)
    low: float | None = column("Low end of vehicles a day.", default=None, low=0)
    high: float | None = column("High end of vehicles a day.", default=None, low=0)
    source: SourceId | None = column("Source of the count.", ref="sources", default=None)
    grade: Grade = column("Trust in the count.", default="U")
    note: str | None = column("How it was derived, or why assumed.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("road_vehicles")
class RoadVehicle:
    """A class of vehicles on a road, and what an hour and a kilometre of it cost at market prices without taxes."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    people: float = column("People in it, the driver included.", above=0, high=100)
    cargo: Tonnes = column("Tonnes in it, mean of full and empty.", low=0, high=60)
    axles: float = column("Equivalent standard axles.", low=0, high=20)
    operating: float = column("Operating cost of a km at a roughness of 2 m/km and free speed, EUR.", above=0, high=10)
    fastest: KmPerHour = column("Speed it does not exceed.", above=0, high=140)
    voc_0: float = column("Operating cost over that at 2 m/km: constant of the cubic in roughness.")
    voc_1: float = column("... linear coefficient.")
    voc_2: float = column("... quadratic coefficient.")
    voc_3: float = column("... cubic coefficient.")
    speed_0: float = column("Free speed [km/h]: constant of the cubic in roughness.")
    speed_1: float = column("... linear coefficient.")
    speed_2: float = column("... quadratic coefficient.")
    speed_3: float = column("... cubic coefficient.")
    fuel_0: float = column("Fuel [l/km]: constant of the cubic in speed.")
    fuel_1: float = column("... linear coefficient.")
    fuel_2: float = column("... quadratic coefficient.")
    fuel_3: float = column("... cubic coefficient.")
    price_year: int = column("Price year of the operating cost.", low=1990, high=2100)
    source: SourceId | None = column("Source of the curves.", ref="sources", default=None)
    grade: Grade = column("Trust in the operating cost.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("discount_rates")
class DiscountRate:
    """A real discount rate that an institution uses; one without a source is marked wherever it is shown."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    institution: str = column("Who uses it.")
    institution_ru: str | None = column("The same in Russian.", default=None)
    rate: Share = column("Real rate a year.", low=0, high=0.3)
    source: SourceId | None = column("Source of the rate.", ref="sources", default=None)
    grade: Grade = column("Trust in the rate.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("unit_values")
class UnitValue:
    """What a unit is worth, or a term of the appraisal: carbon of a year, an hour, a casualty, a share of costs."""

    id: str = column("What is valued.", key=True, pattern=ID_PATTERN)
    year: int = column("Year it is for; 0 stands for any.", key=True, low=0, high=2200)
    value: float = column("Value.")
    unit: str = column("Unit: of what, or a share.")
    currency: str | None = column("Currency; empty is no money.", default=None, pattern="[A-Z]{3}")
    price_year: int | None = column("Price year.", default=None, low=1990, high=2100)
    low: float | None = column("Low end.", default=None)
    high: float | None = column("High end.", default=None)
    source: SourceId | None = column("Source of the value.", ref="sources", default=None)
    grade: Grade = column("Trust in the value.", default="U")
    note: str | None = column("Why this value, where it has no source.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("port_ladders")
class PortLadder:
    """What a ship's call at a terminal is made of: from it follow cycle, sailings and boxes of a year."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    project: str = column("Project that changes it.", ref="projects")
    place: PlaceId = column("Port.", ref="places")
    moves: float = column("Boxes moved in a call, off and on.", above=0)
    minutes_before: float = column("Crane time of a box today [min].", above=0, high=60)
    minutes_after: float = column("Crane time of a box with the project [min].", above=0, high=60)
    cycle: Hours = column("Hours of a ship's round trip today.", above=0, high=2000)
    ships: float = column("Ships on the line.", above=0)
    teu: float = column("TEU that a ship carries one way.", above=0)
    load: Share = column("Share of it that is filled.", low=0, high=1)
    wind_before: Share = column("Share of the year in which the cranes of today cannot work.", low=0, high=1)
    wind_after: Share = column("Share in which no ship sails: better cranes do not help below it.", low=0, high=1)
    cranes: float = column("Cranes that serve the ships.", above=0, high=100)
    teu_box: float = column("TEU of a box, mean of all.", low=1, high=2.5)
    nominal: float = column("Capacity that is announced [TEU a year].", above=0)
    quay: Metres = column("Length of quay that is added.", low=0, high=5000)
    series: str | None = column(
        "Series of ``observations`` that counts, in TEU, what the ships of the line carry both ways.", default=None
    )
    source: SourceId | None = column("Source of the crane times.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("How the rest was derived.", default=None)
