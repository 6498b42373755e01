"""This module owns what can run out, who else uses it, and when it is open: resources, calendars and weather."""

from datetime import date
from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    CalendarId,
    CommodityId,
    Grade,
    PlaceId,
    ResourceId,
    SourceId,
    WeatherSiteId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import Hours, Metres, Share


@noun("calendars")
class Calendar:
    """Opening hours in local time; the hours themselves are in ``calendar_hours``."""

    id: CalendarId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    timezone: str = column("IANA time zone of the hours.")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("calendar_hours")
class CalendarHours:
    """An interval in which a calendar is open; 24:00 ends a day."""

    calendar: CalendarId = column("Calendar.", key=True, ref="calendars")
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "daily"] = column("Day, local.", key=True)
    opens: str = column("Opening time, local.", key=True, pattern="([01][0-9]|2[0-3]):[0-5][0-9]")
    closes: str = column("Closing time, local.", pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


@noun("closures")
class Closure:
    """A dated interval in which something is shut: a holiday of a calendar, works on a link, a stopped service."""

    target: str = column(
        "What is shut, as ``table:id`` (calendars, links, services, crossings, places).",
        key=True,
        pattern="(calendars|links|services|crossings|places):[a-z0-9-]+",
    )
    from_date: date = column("First day shut, local.", key=True)
    until_date: date = column("First day open again, local.")
    yearly: bool = column("Whether it returns every year on the same days.", default=False)
    reason: str = column("Why.")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("weather_sites")
class WeatherSite:
    """A stretch of water or shore whose weather stops work; sites of a group share storms."""

    id: WeatherSiteId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    group: str = column("Sites of a group close together.", pattern=ID_PATTERN)
    loading: Share = column("Correlation of the site with the storms of its group.", low=0, high=1)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("weather")
class Weather:
    """How much of a month a site is closed, and how long a spell lasts."""

    site: WeatherSiteId = column("Site.", key=True, ref="weather_sites")
    month: int = column("Month.", key=True, low=1, high=12)
    closed_share: Share = column("Share of the month it is closed.", low=0, high=1)
    mean_spell_h: Hours = column("Mean length of a closed spell.", above=0, high=500)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("water_levels")
class WaterLevel:
    """How high a water body stands in a month of the base year, and how fast it falls."""

    water: Literal["caspian", "black-sea", "mediterranean", "ocean"] = column("Water body.", key=True)
    month: int = column("Month.", key=True, low=1, high=12)
    level_m: Metres = column("Level above the one that depths are given at.", low=-10, high=10)
    fall_m: Metres = column("How much lower it is a year later.", default=0.0, low=-1, high=1)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("resources")
class Resource:
    """Anything that can run out: berth, crane, track path, officer, yard slot, locomotive, wagon."""

    id: ResourceId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    place: PlaceId | None = column(
        "Place; empty where it belongs to a link or moves about.", ref="places", default=None
    )
    kind: Literal[
        "berth", "crane", "track", "officer", "yard", "road", "locomotive", "wagon", "flat-car", "ramp", "tank"
    ] = column("What it is.")
    servers: float | None = column(
        "Units that serve side by side; unknown is filled from ``defaults``.", default=None, unlimited=True, above=0
    )
    capacity: float | None = column(
        "Published throughput; unknown is filled from ``defaults`` where one has this unit, and never unlimited.",
        default=None,
        unlimited=True,
        above=0,
    )
    capacity_unit: (
        Literal[
            "trains/day",
            "pairs/day",
            "vehicles/day",
            "vehicles/h",
            "wagons/day",
            "calls/day",
            "t/year",
            "TEU/year",
            "TEU",
        ]
        | None
    ) = column("Unit of the capacity.", default=None)
    capacity_scope: Literal["each-way", "both-ways"] | None = column(
        "Whether the capacity counts one direction or both.", default=None
    )
    trade: str | None = column("Trade a berth serves: box, rail-ferry, ro-ro, oil, grain, general.", default=None)
    depth_m: Metres | None = column(
        "Depth at a berth and on the way to it, at the level that ``water_levels`` counts from; unknown is no limit.",
        default=None,
        above=0,
        high=40,
        applies=("kind", ("berth",)),
    )
    calendar: CalendarId | None = column("When it works; empty is always.", ref="calendars", default=None)
    weather: WeatherSiteId | None = column("Weather that stops it.", ref="weather_sites", default=None)
    buffer: float | None = column(
        "Places to wait in front of it; unknown is not a limit we know.", default=None, unlimited=True, low=0
    )
    source: SourceId | None = column("Source of the capacity.", ref="sources", default=None)
    grade: Grade = column("Trust in the capacity.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("uses")
class Use:
    """A step, service or link that occupies a resource."""

    user: str = column("Step, service or link that uses it.", key=True, ref="steps|services|links")
    resource: ResourceId = column("Resource.", key=True, ref="resources")
    scope: Literal["unit", "lot", "vehicle"] = column("What occupies it: a load unit, a lot, or a vehicle.")
    amount: float = column("Units of the resource occupied.", above=0)


@noun("backgrounds")
class Background:
    """Use of a resource by traffic the model does not route; 0 is claimed, never assumed by absence."""

    resource: ResourceId = column("Resource.", key=True, ref="resources")
    year: int = column("Year.", key=True, low=1990, high=2100)
    month: int = column("Month; 0 stands for the mean of the year.", key=True, low=0, high=12)
    what: str = column("Whose traffic.", key=True)
    amount: float = column("Use in ``unit``.", low=0)
    unit: str = column("Unit, as the resource's capacity unit or ``share`` of its capacity.")
    growth: Share | None = column("Yearly growth.", default=None, low=-0.5, high=0.5)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("delays")
class Delay:
    """How the wait at a kind of resource, or at one, grows with its use; theoretical until fitted to simulation."""

    kind: str = column(
        "Kind of resource, ``fleet`` for the slots of vehicles that go round, or a resource, whose row goes before.",
        key=True,
    )
    arrival_scv: float = column("Squared coefficient of variation of the time between arrivals.", low=0, high=50)
    service_scv: float = column("Squared coefficient of variation of the service time.", low=0, high=50)
    scale: float = column("Factor on the wait of queueing theory; 1 where nothing was fitted.", default=1.0, above=0)
    sd_ratio: float = column("Standard deviation of the wait over its mean.", default=1.0, low=0, high=10)
    fitted: bool = column("Whether the row was fitted to simulation.", default=False)
    error: Share | None = column("Mean relative error of the fit.", default=None, low=0)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    reason: str = column("Why these values.")


@noun("rations")
class Ration:
    """Who goes first where a resource or a fleet runs out; one without rows serves first come, first served."""

    resource: str = column("Resource, or fleet.", key=True, ref="resources|fleets")
    seq: int = column("Order: the first row that fits a cargo counts for it.", key=True, low=1)
    rule: Literal["priority", "quota", "ban", "price"] = column(
        "Served before others; at most a share of the capacity; not at all; or by what a day is worth to it."
    )
    commodity: CommodityId | None = column("Commodity it is for; empty for any.", ref="commodities", default=None)
    kind: Literal["contracted", "captive", "contestable"] | None = column("Kind of demand it is for.", default=None)
    amount: Share | None = column(
        "Share of the capacity, for a quota.", default=None, low=0, high=1, applies=("rule", ("quota",))
    )
    from_date: date | None = column("First day in force; empty is always.", default=None)
    until_date: date | None = column("First day no longer in force.", default=None)
    source: SourceId | None = column("Source of the rule.", ref="sources", default=None)
    grade: Grade = column("Trust in the rule.", default="U")
    reason: str = column("Why.")
