"""This module owns infrastructure: links between places, and their shape on the map."""

from typing import Literal

from transcaspian.model.corridor.ids import ID_PATTERN, CountryId, Grade, LinkId, Mode, PlaceId, SourceId
from transcaspian.model.schema import column, noun
from transcaspian.units import Degrees, Km, KmPerHour, Metric, Millimetres


@noun("links")
class Link:
    """One physical piece of infrastructure for one mode."""

    id: LinkId = column(
        "Identifier: ``mode-origin-destination``, with a suffix where several run side by side.",
        key=True,
        pattern=ID_PATTERN,
    )
    origin: PlaceId = column("Place where the link starts.", ref="places")
    destination: PlaceId = column("Place where the link ends.", ref="places")
    mode: Mode = column("Mode.")
    km: Km = column("Length.", above=0, high=40000)
    direction: Literal["both", "forward"] = column("Whether it can be used both ways.", default="both")
    gauge: Millimetres | None = column("Track gauge.", default=None, low=600, high=1700, applies=("mode", ("rail",)))
    tracks: int | None = column("Number of main tracks.", default=None, low=1, high=6, applies=("mode", ("rail",)))
    electrified: Literal["yes", "no", "partly"] | None = column(
        "Whether traction is electric.", default=None, applies=("mode", ("rail",))
    )
    speed_km_h: KmPerHour | None = column(
        "Running speed of freight; unknown is filled from ``defaults``.", default=None, above=0, high=160
    )
    terrain: Literal["flat", "hilly", "mountain"] | None = column("Terrain.", default=None)
    road_class: str | None = column("Road category or number of lanes.", default=None, applies=("mode", ("road",)))
    iri: Metric | None = column(
        "Roughness (international roughness index).", default=None, low=0.5, high=20, applies=("mode", ("road",))
    )
    status: Literal["open", "planned", "closed"] = column(
        "Whether it can be used; a change may open it.", default="open"
    )
    reason: str | None = column("Why it is not open.", default=None)
    source: SourceId | None = column("Source of the length.", ref="sources", default=None)
    grade: Grade = column("Trust in the length.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("link_passes")
class LinkPass:
    """A waypoint that a link passes on its way: a strait, a canal, a tunnel."""

    link: LinkId = column("Link.", key=True, ref="links")
    place: PlaceId = column("Waypoint; avoiding or closing it cuts the link.", key=True, ref="places")


@noun("link_countries")
class LinkCountry:
    """A country that a link runs through besides those of its ends; avoiding the country cuts the link."""

    link: LinkId = column("Link.", key=True, ref="links")
    seq: int = column("Order along the link, from its origin.", key=True, low=1)
    country: CountryId = column("Country.", ref="countries")
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("geometries")
class Geometry:
    """One point of the shape of a link, in order from its origin; end points come from ``places``."""

    link: LinkId = column("Link.", key=True, ref="links")
    seq: int = column("Order along the link.", key=True, low=1)
    lat: Degrees = column("Latitude, WGS 84.", low=-90, high=90)
    lon: Degrees = column("Longitude, WGS 84.", low=-180, high=180)
    source: SourceId = column("Source, whose licence the row carries.", ref="sources")
