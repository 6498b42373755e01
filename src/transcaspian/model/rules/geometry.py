"""This module owns plain geometry: distances, and the links of services in order."""

import math
from collections.abc import Iterator

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Place

EARTH_KM = 6371.0088


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return the great-circle distance of two points given in degrees, in km (haversine, mean earth radius)."""
    a, b = math.radians(lat), math.radians(to_lat)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def great_circle(a: Place, b: Place) -> float:
    """Return the great-circle distance of two places in km."""
    return distance_km(a.lat, a.lon, b.lat, b.lon)


Hops = dict[str, list[tuple[Link, str, str]]]
"""The links of every service in order, each with the place it starts and ends at."""


def runs(corridor: Corridor) -> Hops:
    """Return the links of every service in order, each with the place it starts and ends at."""
    found: dict[str, list[tuple[int, Link, str, str]]] = {}
    for row in corridor.service_links.rows:
        link = corridor.links[row.link]
        ends = (link.destination, link.origin) if row.reverse else (link.origin, link.destination)
        found.setdefault(row.service, []).append((row.seq, link, *ends))
    return {
        service: [(link, a, b) for _, link, a, b in sorted(rows, key=lambda r: r[0])] for service, rows in found.items()
    }


def borders(corridor: Corridor) -> Iterator[tuple[str, str, str, str]]:
    """Yield (service, mode of crossing, start, end) wherever an open service passes between customs territories."""
    customs = {c.id: c.customs for c in corridor.countries.rows}
    for service, hops in runs(corridor).items():
        offer = corridor.services[service]
        if offer.status != "open":
            continue
        mode = offer.mode if offer.mode in ("rail", "road") else "sea"
        for link, a, b in hops:
            ways = ((a, b), (b, a)) if offer.pattern == "area" and link.direction == "both" else ((a, b),)
            for start, end in ways:
                if (
                    link.status == "open"
                    and customs[corridor.places[start].country] != customs[corridor.places[end].country]
                ):
                    yield service, mode, start, end
