"""This module owns where things are: countries and who borders whom, operators, places and their names."""

from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    CountryId,
    Grade,
    OperatorId,
    PlaceId,
    SourceId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import Degrees, Millimetres


@noun("countries")
class Country:
    """A country, with the customs territory that decides where customs procedures stand."""

    id: CountryId = column("ISO 3166-1 alpha-2 code in lower case.", key=True, pattern="[a-z]{2}")
    name: str = column("Name in English.")
    name_ru: str = column("Name in Russian.")
    customs: str = column("Customs territory; a border inside one needs no customs crossing.", pattern=ID_PATTERN)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("land_borders")
class LandBorder:
    """Two countries that border each other by land; each pair is told once."""

    country: CountryId = column("Country.", key=True, ref="countries")
    neighbour: CountryId = column("Country it borders.", key=True, ref="countries")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("operators")
class Operator:
    """A company that runs services or terminals."""

    id: OperatorId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name as the company writes it in English.")
    name_ru: str | None = column("Name in Russian.", default=None)
    country: CountryId | None = column("Home country.", ref="countries", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("places")
class Place:
    """A seaport, dry port, border crossing point, rail terminal, junction, city or waypoint."""

    id: PlaceId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name in English.")
    country: CountryId = column("Country.", ref="countries")
    kind: Literal["seaport", "dry-port", "rail-terminal", "border", "junction", "city", "road-node", "waypoint"] = (
        column("What the place is for traffic.")
    )
    lat: Degrees = column("Latitude, WGS 84.", low=-90, high=90)
    lon: Degrees = column("Longitude, WGS 84.", low=-180, high=180)
    timezone: str = column("IANA time zone; opening hours are local to it.")
    locode: str | None = column("UN/LOCODE, without a space.", default=None, pattern="[A-Z]{2}[A-Z2-9]{3}")
    esr: str | None = column("ESR station code of the 1520 mm railways.", default=None, pattern="[0-9]{5,6}")
    water: Literal["caspian", "black-sea", "mediterranean", "ocean"] | None = column(
        "Water body the place lies on; empty inland.", default=None
    )
    gateway: bool = column(
        "Whether passing here makes an itinerary another kind: route families are computed from these.", default=False
    )
    status: Literal["open", "planned"] = column("Whether the place exists for traffic today.", default="open")
    source: SourceId | None = column("Source of the coordinates.", ref="sources", default=None)
    grade: Grade = column("Trust in the coordinates.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("place_names")
class PlaceName:
    """A further name under which a place is found: Russian, local, or an alias."""

    place: PlaceId = column("Place.", key=True, ref="places")
    language: str = column("BCP 47 language tag, or ``alias``.", key=True, pattern="[a-z]{2,5}")
    name: str = column("The name.", key=True)


@noun("place_gauges")
class PlaceGauge:
    """A track gauge found at a place."""

    place: PlaceId = column("Place.", key=True, ref="places")
    gauge: Millimetres = column("Track gauge.", key=True, low=600, high=1700)
