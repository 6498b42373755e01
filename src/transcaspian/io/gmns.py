"""This module owns corridors as GMNS 0.96: nodes and links that road tools read, with a freight extension beside them.

``node.csv`` and ``link.csv`` hold places and links in the fields of the specification (kilometres, km/h; rail, sea and
pipeline links are marked by ``facility_type`` and ``allowed_uses``). GMNS has no terminals, services, borders or prices:
they go, with everything else, into the subfolder ``freight`` as a data package, so that reading back loses nothing.
A third party's GMNS without that folder is read into places and links alone.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem
from transcaspian.io.geopackage import shapes_of
from transcaspian.io.package import read_corridor, write_corridor
from transcaspian.io.whole import whole_folder
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.evidence import About
from transcaspian.model.corridor.ids import CountryId, LinkId, PlaceId
from transcaspian.model.corridor.link import Link
from transcaspian.model.corridor.place import Country, Place

FREIGHT = "freight"
NODE = ("node_id", "name", "x_coord", "y_coord", "node_type", "ctrl_type", "zone_id", "parent_node_id")
LINK = ("link_id", "name", "from_node_id", "to_node_id", "directed", "geometry", "length", "facility_type", "free_speed", "lanes", "allowed_uses", "toll")  # fmt: skip
KM = {"km": 1.0, "kilometers": 1.0, "m": 0.001, "meters": 0.001, "mi": 1.609344, "miles": 1.609344, "ft": 0.0003048, "feet": 0.0003048}
USES = {"rail": "rail", "sea": "ship", "waterway": "ship", "road": "truck", "pipeline": "pipeline"}
NOWHERE = "xx"


def write_gmns(corridor: Corridor, folder: Path) -> Path:
    """Write a corridor as a GMNS folder with its freight extension, whole or not at all, and return the folder."""
    shapes = shapes_of(corridor)
    nodes = [(p.id, p.name, p.lon, p.lat, p.kind, "", p.country, "") for p in corridor.places.rows]
    links = [
        (
            k.id, k.id, k.origin, k.destination, "true" if k.direction == "forward" else "false", _wkt(shapes[k.id]), k.km,
            k.mode, k.speed_km_h if k.speed_km_h is not None else "", k.tracks or "", USES[k.mode], "",
        )
        for k in corridor.links.rows
    ]  # fmt: skip
    title = next((row.title for row in corridor.about.rows), "corridor")
    with whole_folder(folder, frozenset({".csv"})) as part:
        _table(part / "config.csv", ("dataset_name", "long_length", "speed", "crs", "geometry_field_format", "version_number"), [(title, "km", "km/h", "EPSG:4326", "WKT", "0.96")])  # fmt: skip
        _table(part / "node.csv", NODE, nodes)
        _table(part / "link.csv", LINK, links)
        write_corridor(corridor, part / FREIGHT)
    return folder


def _wkt(points: Iterable[tuple[float, float]]) -> str:
    return "LINESTRING (" + ", ".join(f"{x:.6g} {y:.6g}" for x, y in points) + ")"


def _table(path: Path, names: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")


def read_gmns(folder: Path) -> Corridor:
    """Return the corridor of a GMNS folder: all of it where the freight extension is there, else places and links.

    Raises
    ------
    DataError
        With every row that cannot be read.
    """
    if (folder / FREIGHT).is_dir():
        return read_corridor(folder / FREIGHT)
    problems: list[Problem] = []
    nodes, links = (_rows(folder / name, problems) for name in ("node.csv", "link.csv"))
    unit = _unit(folder, problems)
    places = [p for row in nodes if (p := _place(row, problems)) is not None]
    known = {p.id for p in places}
    made = [k for row in links if (k := _link(row, known, unit, problems)) is not None]
    if problems:
        raise DataError(problems)
    return Corridor(
        about=Table([About(id="gmns", title=folder.name, version="1", format=1, base_year=2000, price_year=2000, released=date(2000, 1, 1))]),  # fmt: skip
        countries=Table([Country(id=CountryId(NOWHERE), name="Not given", name_ru="Не указана", customs="none")]),
        places=Table(places),
        links=Table(made),
    )


def _rows(path: Path, problems: list[Problem]) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, "", "", str(error), "a GMNS table that can be read"))
        return []


def _unit(folder: Path, problems: list[Problem]) -> float:
    """Return the km in the unit of lengths that config.csv names; metres where it names none, as many tools write."""
    if not (folder / "config.csv").exists():
        return 0.001
    rows = _rows(folder / "config.csv", problems)
    named = (rows[0].get("long_length") or rows[0].get("length") or "m").strip().lower() if rows else "m"
    if named not in KM:
        problems.append(Problem("config.csv", "", "long_length", named, f"one of {', '.join(KM)}"))
    return KM.get(named, 1.0)


def _place(row: Mapping[str, str], problems: list[Problem]) -> Place | None:
    where = row.get("node_id", "")
    x, y = (_number(row, c, "node.csv", where, problems) for c in ("x_coord", "y_coord"))
    if x is None or y is None:
        return None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        problems.append(Problem("node.csv", where, "x_coord", f"{x:g}, {y:g}", "degrees of longitude and latitude (EPSG:4326)"))
        return None
    name = row.get("name") or where
    return Place(id=PlaceId(_id(where)), name=name, country=CountryId(NOWHERE), kind="junction", lat=y, lon=x, timezone="UTC")


def _link(row: Mapping[str, str], known: set[PlaceId], unit: float, problems: list[Problem]) -> Link | None:
    where = row.get("link_id", "")
    ends = [PlaceId(_id(row.get(c, ""))) for c in ("from_node_id", "to_node_id")]
    for column, end in zip(("from_node_id", "to_node_id"), ends, strict=True):
        if end not in known:
            problems.append(Problem("link.csv", where, column, str(row.get(column)), "a node_id of node.csv"))
    length = _number(row, "length", "link.csv", where, problems)
    if length is None or not set(ends) <= known:
        return None
    if length <= 0:
        problems.append(Problem("link.csv", where, "length", f"{length:g}", "a length above 0"))
        return None
    uses = f"{row.get('facility_type', '')} {row.get('allowed_uses', '')}".lower()
    mode = next((m for m, word in USES.items() if word in uses or m in uses), "road")
    directed = str(row.get("directed", "true")).strip().lower() in ("true", "1", "yes", "t")
    return Link(
        id=LinkId(f"{mode}-{_id(where)}"),
        origin=ends[0],
        destination=ends[1],
        mode=mode,  # type: ignore[arg-type]
        km=length * unit,
        direction="forward" if directed else "both",
        gauge=1520 if mode == "rail" else None,
        note="gauge not in GMNS; 1520 mm taken" if mode == "rail" else None,
    )


def _id(text: str) -> str:
    """Return an id of ours for one of theirs."""
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower())
    return "-".join(part for part in kept.split("-") if part) or "unnamed"


def _number(row: Mapping[str, str], column: str, table: str, where: str, problems: list[Problem]) -> float | None:
    try:
        return float(row.get(column) or "")
    except ValueError:
        problems.append(Problem(table, where, column, str(row.get(column, "")), "a number"))
        return None
