"""This module owns what is offered: services, the fleets that run them, when they leave and how long one waits."""

from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    FactorId,
    FleetId,
    Grade,
    Group,
    LinkId,
    Mode,
    OperatorId,
    PlaceId,
    ServiceId,
    SourceId,
    State,
    VehicleTypeId,
    WeatherSiteId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import Hours, KmPerHour, Metres, Share, Teu, Tonnes


@noun("vehicle_types")
class VehicleType:
    """A kind of ship, train or truck."""

    id: VehicleTypeId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    mode: Mode = column("Mode.")
    draught_m: Metres | None = column(
        "Draught when fully laden.", default=None, above=0, high=20, applies=("mode", ("sea", "waterway"))
    )
    speed_km_h: KmPerHour | None = column("Service speed.", default=None, above=0, high=160)
    teu: Teu | None = column("Container capacity.", default=None, low=0, high=25000)
    tonnes: Tonnes | None = column("Deadweight or payload.", default=None, low=0, high=400000)
    wagons: float | None = column("Wagons carried.", default=None, low=0, high=200)
    lane_m: Metres | None = column("Lane metres.", default=None, low=0, high=6000)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("fleets")
class Fleet:
    """Vehicles that share a rotation of services, out and back; their frequency is a result, not a datum."""

    id: FleetId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    vehicle_type: VehicleTypeId = column("Kind of vehicle.", ref="vehicle_types")
    operator: OperatorId | None = column("Operator.", ref="operators", default=None)
    vehicles: float = column("Number of vehicles.", unlimited=True, low=0)
    availability: Share = column("Share of the year a vehicle can work.", above=0, high=1)
    sharing: Literal["single-line", "in-turn", "by-demand"] = column(
        "How the vehicles are shared among several lines.", default="single-line"
    )
    source: SourceId | None = column("Source of the number.", ref="sources", default=None)
    grade: Grade = column("Trust in the number.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("fleet_layups")
class FleetLayup:
    """A month in which a fleet, or a part of it, does not work."""

    fleet: FleetId = column("Fleet.", key=True, ref="fleets")
    month: int = column("Month.", key=True, low=1, high=12)
    vehicles: float = column("Vehicles laid up.", low=0)


@noun("services")
class Service:
    """One direction of an operated offer: on an ordered line of links, or anywhere in an area of links."""

    id: ServiceId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name a shipper would know.")
    name_ru: str | None = column("Name in Russian.", default=None)
    operator: OperatorId = column("Operator.", ref="operators")
    mode: Mode = column("Mode.")
    pattern: Literal["line", "area"] = column(
        "``line``: runs its links in order, one way. ``area``: carries between any two places of its links, both ways."
    )
    product: Literal[
        "block-train", "wagonload", "feeder", "rail-ferry", "ro-ro", "truck", "liner", "tramp", "barge", "pipeline"
    ] = column("What is sold.")
    carrier: State = column("State of cargo aboard; cargo boards from it and leaves into it.")
    fleet: FleetId | None = column("Fleet that runs it.", ref="fleets", default=None)
    speed_km_h: KmPerHour | None = column(
        "Running speed where it differs from the links'; stops to rest, marshal or change crew included.",
        default=None,
        above=0,
        high=160,
    )
    hours: Hours | None = column(
        "Running time of the whole line, where it is known as such.",
        default=None,
        above=0,
        applies=("pattern", ("line",)),
    )
    basis: Literal["service", "elapsed"] | None = column(
        "Basis of ``hours``; an elapsed time includes waits and is an observation.", default=None
    )
    scv: float | None = column(
        "Squared coefficient of variation of the running time; unknown is filled from ``defaults``.",
        default=None,
        low=0,
        high=25,
    )
    pass_through: Share | None = column(
        "Share of what its carrier gains or loses by a project that prices pass on to shippers; unknown is filled from "
        "``defaults``.",
        default=None,
        low=0,
        high=1,
    )
    factor: FactorId | None = column(
        "Emission factor; empty takes the default of mode and traction.", ref="emission_factors", default=None
    )
    weather_from: WeatherSiteId | None = column("Weather that can stop departure.", ref="weather_sites", default=None)
    weather_to: WeatherSiteId | None = column("Weather that can stop arrival.", ref="weather_sites", default=None)
    status: Literal["open", "planned", "closed"] = column("Whether it runs; a change may open it.", default="open")
    reason: str | None = column("Why it does not run.", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("service_links")
class ServiceLink:
    """A link a service runs over; the order counts for a ``line``."""

    service: ServiceId = column("Service.", key=True, ref="services")
    seq: int = column("Order.", key=True, low=1)
    link: LinkId = column("Link.", ref="links")
    reverse: bool = column("Whether it runs from the link's destination to its origin.", default=False)


@noun("service_stops")
class ServiceStop:
    """A place between the ends of a line where cargo may board or leave."""

    service: ServiceId = column("Service.", key=True, ref="services")
    place: PlaceId = column("Place.", key=True, ref="places")


@noun("service_forms")
class ServiceForms:
    """A group of forms that a service carries."""

    service: ServiceId = column("Service.", key=True, ref="services")
    group: Group = column("Group of forms.", key=True)


@noun("rotations")
class Rotation:
    """A service in the round of a fleet."""

    fleet: FleetId = column("Fleet.", key=True, ref="fleets")
    seq: int = column("Order in the round.", key=True, low=1)
    service: ServiceId = column("Service.", ref="services")


@noun("departures")
class Departure:
    """When a service leaves: at set times, at a headway, or when it is full."""

    service: ServiceId = column("Service.", key=True, ref="services")
    seq: int = column("Number of the departure within the service.", key=True, low=1)
    rule: Literal["timetable", "headway", "fill"] = column("Departure rule.")
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "daily"] | None = column(
        "Day of departure, local.", default=None, applies=("rule", ("timetable",))
    )
    at: str | None = column(
        "Time of departure, local.",
        default=None,
        pattern="([01][0-9]|2[0-3]):[0-5][0-9]",
        applies=("rule", ("timetable",)),
    )
    cutoff_h: Hours = column("How long before departure cargo must be there.", default=0.0, low=0, high=240)
    headway_h: Hours | None = column(
        "Mean time between departures.", default=None, above=0, high=2200, applies=("rule", ("headway", "fill"))
    )
    fill: Share | None = column(
        "Share of capacity that must be booked before it leaves.",
        default=None,
        above=0,
        high=1,
        applies=("rule", ("fill",)),
    )
    max_wait_h: Hours | None = column(
        "Longest wait for cargo before it leaves part-full.", default=None, above=0, applies=("rule", ("fill",))
    )
    train_units: float | None = column(
        "Load units that make a whole train or ship of one shipper: no wait for others.", default=None, above=0
    )
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("waits")
class Wait:
    """How long cargo waited for a service or step in the base year; assignment and simulation replace it."""

    target: str = column("Service or step waited for.", key=True, ref="services|steps")
    month: int = column("Month; 0 stands for every month without a row of its own.", key=True, low=0, high=12)
    hours: Hours = column("Mean wait.", low=0, high=4000)
    sd_h: Hours = column("Standard deviation of the wait.", low=0, high=4000)
    year: int = column("Year observed.", low=1990, high=2100)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)
