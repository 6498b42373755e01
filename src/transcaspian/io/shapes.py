"""This module owns the shape of a link as a line of points, for the formats that draw it."""

from transcaspian.model.corridor import Corridor

Point = tuple[float, float]
"""Longitude and latitude, in that order, as map formats have it."""


def shapes_of(corridor: Corridor) -> dict[str, list[Point]]:
    """Return the line of every link: its place of origin, its geometries in order, its destination.

    A link one of whose places is not in the corridor has no line.
    """
    between: dict[str, list[tuple[int, Point]]] = {}
    for row in corridor.geometries.rows:
        between.setdefault(row.link, []).append((row.seq, (row.lon, row.lat)))
    found: dict[str, list[Point]] = {}
    for link in corridor.links.rows:
        ends = [corridor.places.get(end) for end in (link.origin, link.destination)]
        (first, last) = [(place.lon, place.lat) if place else None for place in ends]
        if first and last:
            found[link.id] = [first, *(point for _, point in sorted(between.get(link.id, ()))), last]
    return found
