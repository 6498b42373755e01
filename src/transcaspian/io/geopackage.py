"""This module owns corridors as OGC GeoPackage 1.3: places and links as map layers, and every table as attributes.

The layers ``map_places`` (points) and ``map_links`` (lines through ``geometries``) are for the map; the attribute tables
carry every row of every noun as it stands in the files, so that reading a GeoPackage back loses nothing.
"""

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem
from transcaspian.io.tables import read_csv, text_of, unique
from transcaspian.io.whole import whole_file
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.schema import columns

APPLICATION_ID = 0x47504B47
USER_VERSION = 10300
WGS84 = 4326

SET_UP = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
"""
WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]]'
)


def write_geopackage(corridor: Corridor, path: Path) -> Path:
    """Write a corridor as a GeoPackage, whole or not at all, and return its path."""
    with whole_file(path) as part:
        base = sqlite3.connect(part)
        try:
            base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            base.execute(f"PRAGMA user_version = {USER_VERSION}")
            base.executescript(SET_UP)
            base.executemany(
                "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
                [
                    ("WGS 84", WGS84, "EPSG", WGS84, WKT),
                    ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
                    ("Undefined geographic", 0, "NONE", 0, "undefined"),
                ],
            )
            when = next((f"{row.released}T00:00:00.000Z" for row in corridor.about.rows), "2000-01-01T00:00:00.000Z")
            _layers(base, corridor, when)
            for name, cls in TABLES.items():
                _attributes(base, corridor, name, cls, when)
            base.commit()
        finally:
            base.close()
    return path


def _layers(base: sqlite3.Connection, corridor: Corridor, when: str) -> None:
    points = [(p.id, p.name, p.kind, p.country, _blob([(p.lon, p.lat)], line=False)) for p in corridor.places.rows]
    _layer(base, "map_places", "POINT", ("id", "name", "kind", "country"), points, corridor, when)
    shapes = shapes_of(corridor)
    lines = [(link.id, link.mode, link.km, link.status, _blob(shapes[link.id], line=True)) for link in corridor.links.rows]
    _layer(base, "map_links", "LINESTRING", ("id", "mode", "km", "status"), lines, corridor, when)


def shapes_of(corridor: Corridor) -> dict[str, list[tuple[float, float]]]:
    """Return the (longitude, latitude) points of every link, its end places included."""
    between: dict[str, list[tuple[int, float, float]]] = {}
    for row in corridor.geometries.rows:
        between.setdefault(row.link, []).append((row.seq, row.lon, row.lat))
    found = {}
    for link in corridor.links.rows:
        a, b = corridor.places[link.origin], corridor.places[link.destination]
        via = [(lon, lat) for _, lon, lat in sorted(between.get(link.id, ()))]
        found[link.id] = [(a.lon, a.lat), *via, (b.lon, b.lat)]
    return found


def _blob(points: Sequence[tuple[float, float]], *, line: bool) -> bytes:
    """Return a GeoPackage geometry: its header with an envelope, then well-known binary."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    header = b"GP" + struct.pack("<BBi4d", 0, 0b11, WGS84, min(xs), max(xs), min(ys), max(ys))
    body = struct.pack("<BI", 1, 2 if line else 1) + (struct.pack("<I", len(points)) if line else b"")
    return header + body + b"".join(struct.pack("<2d", *p) for p in points)


def _layer(
    base: sqlite3.Connection, name: str, kind: str, names: Sequence[str], rows: Iterable[Any], corridor: Corridor, when: str
) -> None:
    listed = ", ".join(f"{n} {'DOUBLE' if n == 'km' else 'TEXT'}" for n in names)
    base.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {listed}, geom {kind})")
    base.executemany(f"INSERT INTO {name} ({', '.join(names)}, geom) VALUES ({', '.join('?' * (len(names) + 1))})", rows)
    places = corridor.places.rows
    box = (
        (min(p.lon for p in places), min(p.lat for p in places), max(p.lon for p in places), max(p.lat for p in places))
        if places
        else (None, None, None, None)
    )
    base.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)", (name, name, when, *box, WGS84))
    base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (name, kind, WGS84))


def _attributes(base: sqlite3.Connection, corridor: Corridor, name: str, cls: type, when: str) -> None:
    names = [c.name for c in columns(cls)]
    listed = ", ".join(f'"{n}" TEXT' for n in names)
    base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {listed})')
    cells = ([text_of(getattr(row, n)) for n in names] for row in corridor.table(name).rows)
    quoted = ", ".join(f'"{n}"' for n in names)
    base.executemany(f'INSERT INTO "{name}" ({quoted}) VALUES ({", ".join("?" * len(names))})', cells)
    said = (cls.__doc__ or "").split("\n")[0]
    base.execute("INSERT INTO gpkg_contents VALUES (?, 'attributes', ?, ?, ?, NULL, NULL, NULL, NULL, NULL)", (name, name, said, when))


def read_geopackage(path: Path) -> Corridor:
    """Return the corridor of a GeoPackage that ``write_geopackage`` wrote.

    Raises
    ------
    DataError
        With everything that cannot be read.
    """
    if not path.is_file():
        raise DataError([Problem("geopackage", str(path), "", "no file", "a GeoPackage")])
    problems: list[Problem] = []
    tables: dict[str, Table[Any]] = {}
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for name, cls in TABLES.items():
            names = [c.name for c in columns(cls)]
            quoted = ", ".join(f'"{n}"' for n in names)
            rows = base.execute(f'SELECT {quoted} FROM "{name}" ORDER BY fid').fetchall()
            tables[name] = Table(unique(read_csv(_csv(names, rows), cls, name, problems), name, problems))
    except sqlite3.DatabaseError as error:
        problems.append(Problem("geopackage", str(path), "", str(error), "a GeoPackage with a table for every noun"))
    finally:
        base.close()
    if problems:
        raise DataError(problems)
    return Corridor(**tables)


def _csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return cells as CSV text, so that one reader checks every format."""
    quoted = ['"' + '","'.join(str(cell).replace('"', '""') for cell in row) + '"' for row in (names, *rows)]
    return "\n".join(quoted) + "\n"


