"""This module owns what must be moved, and what is changed: demand and its choices, scenarios, changes."""

from datetime import date
from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    CommodityId,
    CountryId,
    DemandId,
    FormId,
    Grade,
    Group,
    PlaceId,
    SeasonId,
    SourceId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import Share, Tonnes

Basis = Literal["crossing", "pool"]
"""What the volumes of a demand count."""


@noun("seasons")
class Season:
    """A profile of the year, by which a yearly volume is spread over the months."""

    id: SeasonId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    source: SourceId | None = column("Source of the profile.", ref="sources", default=None)
    grade: Grade = column("Trust in the profile.", default="U")
    note: str | None = column("How it was derived.", default=None)


@noun("season_months")
class SeasonMonth:
    """The share of a year's volume that falls into a month; the twelve of a season add up to one."""

    season: SeasonId = column("Season.", key=True, ref="seasons")
    month: int = column("Month.", key=True, low=1, high=12)
    share: Share = column("Share of the year's volume.", low=0, high=1)


@noun("demand")
class Demand:
    """A volume that wants to move from one place to another in a month."""

    id: DemandId = column("Identifier.", key=True, pattern=ID_PATTERN)
    origin: PlaceId = column("Origin.", ref="places")
    destination: PlaceId = column("Destination.", ref="places")
    commodity: CommodityId = column("Commodity.", ref="commodities")
    form: FormId = column("Form.", ref="forms")
    year: int = column("Year.", low=1990, high=2100)
    month: int = column("Month; 0 is a whole year, spread as ``season`` says.", low=0, high=12)
    kind: Literal["contracted", "captive", "contestable"] = column(
        "What is free: nothing, port and mode, or the route."
    )
    units: float = column("Load units.", low=0)
    tonnes: Tonnes = column("Tonnes.", low=0)
    basis: Basis = column(
        "What is counted: what the corridor carries (``crossing``), or all between two markets, whichever way it goes "
        "(``pool``). Volumes of different bases are never added."
    )
    season: SeasonId | None = column(
        "How a year is spread over its months; empty is evenly.", ref="seasons", default=None
    )
    growth: Share = column("Yearly growth after ``year``, until the year asked for.", default=0.0, low=-0.5, high=1)
    elasticity: float = column(
        "By how many percent the volume rises when what is left of the goods' value after transport rises by one; "
        "0 where output sets the volume.",
        default=0.0,
        low=0,
        high=20,
    )
    elsewhere: Tonnes = column(
        "Tonnes that the same sellers send to other buyers, outside the network: what becomes cheaper to bring here is "
        "taken from them. 0 where nobody else buys.",
        default=0.0,
        low=0,
    )
    matrix: str | None = column(
        "Matrix whose totals in ``margins`` the volume is fitted to where the dataset is read; empty: none.",
        default=None,
        pattern=ID_PATTERN,
    )
    avoids: CountryId | None = column("Country that some of these shippers keep out of.", ref="countries", default=None)
    avoids_share: Share = column("Share of the volume that keeps out of it at any price.", default=0.0, low=0, high=1)
    stands_at: str | None = column(
        "Resource or fleet before which the volume stands when its month begins: a queue that was seen at ``origin``, "
        "which no ban holds back. Empty: it comes in the course of the month.",
        ref="resources|fleets",
        default=None,
    )
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("How it was derived.", default=None)


@noun("margins")
class Margin:
    """A published total of what leaves or reaches a place or country; rows of ``demand`` are fitted to it (Furness)."""

    matrix: str = column("Matrix: all rows of ``demand`` that name it.", key=True, pattern=ID_PATTERN)
    end: Literal["origin", "destination"] = column("Whether it counts what begins or what ends there.", key=True)
    at: str = column("Place or country.", key=True, ref="places|countries")
    tonnes: Tonnes = column("Tonnes in the year, on the basis of its rows.", low=0)
    year: int = column("Year.", low=1990, high=2100)
    source: SourceId | None = column("Source of the total.", ref="sources", default=None)
    grade: Grade = column("Trust in the total.", default="U")
    note: str | None = column("How it was derived.", default=None)


@noun("shares")
class RouteShare:
    """The share of a demand that went one way in the base year: route choice pivots on it.

    Of the rows of a demand, in order, a way belongs to the first whose place it passes. Where a row says what the cargo
    goes in, ways in anything else were taken by nobody.
    """

    demand: DemandId = column("Demand.", key=True, ref="demand")
    seq: int = column("Order in which rows are tried.", key=True, low=1)
    via: PlaceId | None = column("Place the way passes; empty is every way that is left.", ref="places", default=None)
    group: Group | None = column(
        "Forms in which the cargo goes, all the way, where that was counted too; empty is any.", default=None
    )
    share: Share = column("Share of the demand's volume.", low=0, high=1)
    year: int = column("Year observed or estimated.", low=1990, high=2100)
    source: SourceId | None = column("Source of the share.", ref="sources", default=None)
    grade: Grade = column("Trust in the share.", default="U")
    note: str | None = column("How it was derived.", default=None)


@noun("choices")
class Choice:
    """How sharply shippers choose between ways; of the rows that fit a demand, the one with most conditions counts."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    commodity: CommodityId | None = column("Commodity it is for; empty for any.", ref="commodities", default=None)
    group: Group | None = column("Group of forms it is for; empty for any.", default=None)
    scale: float = column("Scale of the logit, per EUR of total logistics cost of a tonne.", above=0, high=10)
    nest: Share = column(
        "Scale between families over scale within one: 1 is no nest, near 0 makes a family of near perfect rivals.",
        default=1.0,
        above=0,
        high=1,
    )
    market: Share = column(
        "Scale between buyers, for a demand that may be sold ``elsewhere`` too, over scale between families.",
        default=0.25,
        above=0,
        high=1,
    )
    path_size: float = column("Weight of the overlap of ways (path-size logit); 0 is none.", default=1.0, low=0, high=5)
    reliability: float = column(
        "Value of an hour of standard deviation over the value of an hour.", default=0.8, low=0, high=5
    )
    low: float | None = column("Low end of the scale.", default=None)
    high: float | None = column("High end of the scale.", default=None)
    source: SourceId | None = column("Source of the parameters.", ref="sources", default=None)
    grade: Grade = column("Trust in the parameters.", default="U")
    reason: str = column("Why these values.")


@noun("scenarios")
class ScenarioRow:
    """A named, ordered list of changes; it may extend another."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    name_ru: str | None = column("Name in Russian.", default=None)
    extends: str | None = column("Scenario whose changes come first.", ref="scenarios", default=None)
    note: str | None = column("What it describes, and why.", default=None)
    note_ru: str | None = column("The same in Russian.", default=None)


@noun("changes")
class ChangeRow:
    """One change of a scenario or project."""

    owner: str = column("Scenario or project.", key=True, ref="scenarios|projects")
    seq: int = column("Order.", key=True, low=1)
    target: str = column("What is changed: ``table:key``, a place, or a tag such as ``water=caspian``.")
    attribute: str = column("Attribute changed.")
    operation: Literal["set", "scale", "add"] = column("What is done to the value.")
    value: str = column("New value, factor or addend.")
    unit: str | None = column("Unit of the value; must be the attribute's.", default=None)
    from_date: date | None = column("First day in force; empty is always.", default=None)
    until_date: date | None = column("First day no longer in force.", default=None)
    source: SourceId | None = column("Source of the effect.", ref="sources", default=None)
    measure: str | None = column(
        "Part of a project that it belongs to, which can be looked at alone.", default=None, pattern=ID_PATTERN
    )
    reason: str | None = column("Why.", default=None)
    reason_ru: str | None = column("The same in Russian.", default=None)
