"""This module owns a corridor as one OGC GeoPackage 1.3 file, for maps and for SQL.

Every noun is a table of its own name with its columns and types. ``places`` and ``links`` are layers: they also have
``geom``, a point, and a line from the place of origin through ``geometries`` to the destination. All others are
attribute tables. A link one of whose places is missing has no line.

Nothing is lost: truth values are 0 and 1, ``unlimited`` is infinity, unknown is NULL, the order of rows is that of
``fid``. Reading takes the columns and leaves ``geom`` alone, which only repeats them: whoever moves a point on a map
must also change ``lat`` and ``lon``. Licences differ by row, as the source of the row says; the description of a table
names them. ``last_change`` is the day the dataset was released, so the same corridor gives the same file.
"""

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem
from transcaspian.io.package import licence_entries
from transcaspian.io.shapes import Point, shapes_of
from transcaspian.io.tables import Read, Reading, check_values
from transcaspian.model.cells import text_of
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.rules import LeftOut
from transcaspian.model.schema import Column, columns
from transcaspian.results.writing import whole

APPLICATION_ID = 0x47504B47
"""``GPKG`` in ASCII; section 1.1.1.1.1 of the standard."""

VERSION = 10300
WGS84 = 4326
TYPES = {"string": "TEXT", "number": "DOUBLE", "integer": "INTEGER", "boolean": "BOOLEAN", "date": "DATE"}
LAYERS = {"places": "POINT", "links": "LINESTRING"}

CORE = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""
WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
SYSTEMS = (
    ("WGS 84 geodetic", WGS84, "EPSG", WGS84, WGS84_WKT, "longitude and latitude in degrees"),
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
)


def write_geopackage(corridor: Corridor, path: Path) -> Path:
    """Write a corridor as a GeoPackage, whole or not at all, and return its path.

    Raises
    ------
    DataError
        If a value could not be read back, or if there is a folder of that name.
    """
    check_values(corridor)
    if path.is_dir():
        raise DataError([Problem("geopackage", str(path), "", "a folder", "the name of a file")])
    with whole(path) as part:
        with closing(sqlite3.connect(part)) as base:
            base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            base.execute(f"PRAGMA user_version = {VERSION}")
            base.executescript(CORE)
            base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", SYSTEMS)
            points: dict[str, list[Point]] = {place.id: [(place.lon, place.lat)] for place in corridor.places.rows}
            shapes = {"places": points, "links": shapes_of(corridor)}
            for name in TABLES:
                _write_table(base, corridor, name, shapes.get(name))
            base.commit()
        part.chmod(0o644)
    return path


def _write_table(
    base: sqlite3.Connection, corridor: Corridor, name: str, shapes: dict[str, list[Point]] | None
) -> None:
    """Write the rows of a table, with their shapes if it is a layer, and list it in the contents."""
    listed = columns(TABLES[name])
    names = [column.name for column in listed]
    rows = [[getattr(row, n) for n in names] for row in corridor.table(name).rows]
    if shapes is not None:
        rows = [[*row, _blob(shapes.get(key, []))] for key, row in zip(corridor.table(name), rows, strict=True)]
    geometry = ["geom"] if shapes is not None else []
    declared = [f'"{c.name}" {TYPES[c.kind]}{" NOT NULL" if c.required else ""}' for c in listed]
    declared += [f"geom {LAYERS[name]}" for _ in geometry]
    base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {", ".join(declared)})')
    quoted = ", ".join(f'"{n}"' for n in [*names, *geometry])
    marks = ", ".join("?" * (len(names) + len(geometry)))
    base.executemany(f'INSERT INTO "{name}" ({quoted}) VALUES ({marks})', [[*map(_stored, row)] for row in rows])
    box = _box([p for points in (shapes or {}).values() for p in points])
    kind = "features" if geometry else "attributes"
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, kind, name, _said(corridor, name), _released(corridor), *box, WGS84 if geometry else None),
    )
    if geometry:
        row = (name, "geom", LAYERS[name], WGS84)
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", row)


def _stored(value: Any) -> Any:
    """Return a value as SQLite keeps it."""
    return text_of(value) if hasattr(value, "isoformat") else value


def _said(corridor: Corridor, name: str) -> str:
    licences = ", ".join(entry["name"] for entry in licence_entries(corridor, corridor.table(name).rows))
    return f"{(TABLES[name].__doc__ or '').strip()} Licence, by the source of the row: {licences}."


def _released(corridor: Corridor) -> str:
    day = next((row.released.isoformat() for row in corridor.about.rows), "1970-01-01")
    return f"{day}T00:00:00.000Z"


def _box(points: Sequence[Point]) -> tuple[float | None, ...]:
    if not points:
        return (None, None, None, None)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def _blob(points: Sequence[Point]) -> bytes | None:
    """Return a geometry as the standard stores it: a header with the envelope of a line, then well-known binary."""
    if not points:
        return None
    flat = [value for point in points for value in point]
    if len(points) == 1:
        return b"GP" + struct.pack("<BBi", 0, 0b0001, WGS84) + struct.pack("<BI2d", 1, 1, *flat)
    x_low, y_low, x_high, y_high = _box(points)
    header = b"GP" + struct.pack("<BBi4d", 0, 0b0011, WGS84, x_low, x_high, y_low, y_high)
    return header + struct.pack(f"<BII{len(flat)}d", 1, 2, len(points), *flat)


def read_geopackage(path: Path) -> Read:
    """Return a GeoPackage as far as it can be read: the tables of the nouns; one that is not there has no rows."""
    problems: list[Problem] = []
    left_out = LeftOut()
    tables: dict[str, Table[Any]] = {}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
            there = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
            if not there & TABLES.keys():
                problems.append(Problem("geopackage", str(path), "", "no such tables", "tables such as places, links"))
            for name in (name for name in TABLES if name in there):
                tables[name] = Table(_read_table(base, name, Reading(name, problems, left_out), path.name))
    except (sqlite3.Error, OSError, OverflowError) as error:
        problems.append(Problem("geopackage", str(path), "", str(error), "a GeoPackage that can be read"))
        left_out.tables |= TABLES.keys() - tables.keys()
    return Read(Corridor(**tables), tuple(problems), left_out)


def _read_table(base: sqlite3.Connection, name: str, reading: Reading, file: str) -> list[Any]:
    known = {column.name: column for column in columns(TABLES[name])}
    found = base.execute(f'SELECT * FROM "{name}" ORDER BY 1')
    header = [column for column, *_ in found.description]
    kept = [i for i, column in enumerate(header) if column not in ("fid", "geom")]

    def lines() -> Iterator[tuple[str, list[str]]]:
        for row in found:
            yield f"{file}:{row[0]}", [_cell(known.get(header[i]), row[i]) for i in kept]

    reading.add([header[i] for i in kept], lines(), file)
    return reading.rows


def _cell(column: Column | None, value: Any) -> str:
    """Return a value of SQLite, which has no truth values, as the text of a cell."""
    if column is not None and column.kind == "boolean" and value in (0, 1):
        return text_of(bool(value))
    return text_of(value)
