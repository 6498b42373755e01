"""This module owns the identifiers of the nouns: one type per noun, so that two kinds cannot be confused."""

from typing import Literal, NewType

CountryId = NewType("CountryId", str)
OperatorId = NewType("OperatorId", str)
SourceId = NewType("SourceId", str)
PlaceId = NewType("PlaceId", str)
LinkId = NewType("LinkId", str)
FormId = NewType("FormId", str)
CommodityId = NewType("CommodityId", str)
VehicleTypeId = NewType("VehicleTypeId", str)
FleetId = NewType("FleetId", str)
ServiceId = NewType("ServiceId", str)
CalendarId = NewType("CalendarId", str)
WeatherSiteId = NewType("WeatherSiteId", str)
ResourceId = NewType("ResourceId", str)
StepId = NewType("StepId", str)
CrossingId = NewType("CrossingId", str)
DocumentId = NewType("DocumentId", str)
FactorId = NewType("FactorId", str)
DemandId = NewType("DemandId", str)
SeasonId = NewType("SeasonId", str)

ID_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
"""Conventions, section 6: how an id is spelt."""

Grade = Literal["H", "M", "L", "U"]
"""How far a figure can be trusted: high, medium, low, unverified."""

Mode = Literal["rail", "road", "sea", "waterway", "pipeline"]

Group = Literal["container", "wagon", "truck", "dry-bulk", "liquid-bulk", "general"]
"""Groups of forms that are handled alike."""

State = Literal["yard", "rail-1435", "rail-1520", "road", "vessel", "rail-ferry", "ro-ro", "barge", "tank", "pipe"]
"""What cargo stands on: the ground (yard, tank) or a carrier; ``rail-1435`` and ``rail-1520`` name the gauge."""
