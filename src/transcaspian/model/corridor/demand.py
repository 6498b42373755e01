"""This module owns what must be moved, and what is planned: demand, projects, scenarios and their changes."""

from datetime import date
from typing import Literal

from transcaspian.model.corridor.ids import ID_PATTERN, CommodityId, FormId, Grade, PlaceId, SourceId
from transcaspian.model.schema import column, noun
from transcaspian.units import Tonnes


@noun("demand")
class Demand:
    """A volume that wants to move from one place to another in a month."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    origin: PlaceId = column("Origin.", ref="places")
    destination: PlaceId = column("Destination.", ref="places")
    commodity: CommodityId = column("Commodity.", ref="commodities")
    form: FormId = column("Form.", ref="forms")
    year: int = column("Year.", low=1990, high=2100)
    month: int = column("Month; 0 is a whole year spread evenly.", low=0, high=12)
    kind: Literal["contracted", "captive", "contestable"] = column(
        "What is free: nothing, port and mode, or the route."
    )
    units: float = column("Load units.", low=0)
    tonnes: Tonnes = column("Tonnes.", low=0)
    basis: str = column("Series basis; volumes of different bases are never added.")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("How it was derived.", default=None)


@noun("projects")
class Project:
    """An investment or a soft measure: changes, a cost profile, dates and financing."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    kind: Literal["hard", "soft"] = column("Works, or rules and procedures.")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    note: str | None = column("What a reader should know.", default=None)


@noun("scenarios")
class ScenarioRow:
    """A named, ordered list of changes; it may extend another."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    extends: str | None = column("Scenario whose changes come first.", ref="scenarios", default=None)
    note: str | None = column("What it describes, and why.", default=None)


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
    reason: str | None = column("Why.", default=None)
