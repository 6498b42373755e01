"""This module owns a corridor as GMNS 0.96 (General Modeling Network Specification), and reading anybody's GMNS.

``node.csv`` and ``link.csv`` are places and links in the fields of the specification, ``config.csv`` says the units:

=================  ==========================  ================  =============================================
node.csv           place                       link.csv          link
=================  ==========================  ================  =============================================
node_id            id                          link_id           id
name               name                        from_node_id      origin
x_coord, y_coord   lon, lat                    to_node_id        destination
node_type          kind                        directed          direction: ``true`` is forward
freight_*          every other attribute       length            km, in long_length of config.csv
                                               free_speed        speed_km_h, in speed of config.csv
                                               facility_type     mode
                                               freight_*         every other attribute
=================  ==========================  ================  =============================================

With flows, ``link_flow.csv`` stands beside them (``io.link_flows``); GMNS has no table for what links carry.

``geometry``, ``dir_flag``, ``lanes`` (each way, where the class of a road says so) and ``allowed_uses`` are written for
others and not read back. The freight extension is these columns ``freight_*`` and the folder ``freight``, a data
package of every other table. With it nothing is lost. Without it places, links and, if their source is named, shapes
are read:

- an id becomes one of ours: ``Node 12`` is read as ``node-12``;
- a node without a name is named after its id, a ``node_type`` that we do not know is a junction;
- the mode is found in ``facility_type`` or ``allowed_uses`` (rail, ship, barge, pipeline, ...), else it is road;
- country and time zone, which GMNS has not, are asked for; nothing is made up;
- lanes, capacities, grades, tolls, movements, signals, zones and times of day are left out.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transcaspian.errors import Problem, nearest
from transcaspian.io.folders import whole_folder
from transcaspian.io.link_flows import LINK_FLOW, link_flow_lines, link_flow_schema
from transcaspian.io.package import (
    DESCRIPTOR,
    licence_entries,
    package_files,
    read_files,
    read_text,
    write_descriptor,
    write_package,
)
from transcaspian.io.schemas import table_schema
from transcaspian.io.shapes import Point, shapes_of
from transcaspian.io.tables import Read, Reading, check_values, csv_lines
from transcaspian.model.cells import text_of
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.evidence import Source
from transcaspian.model.rules import LeftOut
from transcaspian.model.schema import columns
from transcaspian.results.flows import Flows

VERSION = "0.96"
EXTENSION = "freight"
PREFIX = "freight_"
FILES = {"places": "node.csv", "links": "link.csv"}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "places": {"node_id": "id", "name": "name", "x_coord": "lon", "y_coord": "lat", "node_type": "kind"},
    "links": {
        "link_id": "id",
        "from_node_id": "origin",
        "to_node_id": "destination",
        "directed": "direction",
        "length": "km",
        "free_speed": "speed_km_h",
        "facility_type": "mode",
    },
}
"""Fields of the specification that carry an attribute; all other attributes are ``freight_*``."""

CONFIG = {
    "short_length": "meter",
    "long_length": "kilometer",
    "speed": "kph",
    "crs": "EPSG:4326",
    "geometry_field_format": "WKT",
    "currency": "EUR",
    "version_number": VERSION,
    "id_type": "string",
}
KM: Mapping[str, float] = {
    **dict.fromkeys(("kilometer", "kilometers", "kilometre", "kilometres", "km"), 1.0),
    **dict.fromkeys(("meter", "meters", "metre", "metres", "m"), 0.001),
    **dict.fromkeys(("mile", "miles", "mi"), 1.609344),
    **dict.fromkeys(("foot", "feet", "ft"), 0.0003048),
    **dict.fromkeys(("yard", "yards", "yd"), 0.0009144),
}
KM_H: Mapping[str, float] = {
    **dict.fromkeys(("kph", "kmh", "km/h", "kmph", "kilometers per hour", "kilometer/hour"), 1.0),
    **dict.fromkeys(("mph", "mi/h", "miles per hour", "mile/hour"), 1.609344),
    **dict.fromkeys(("m/s", "mps", "meters per second"), 3.6),
}
WGS84_NAMES = ("", "4326", "epsg:4326", "wgs84", "wgs 84", "crs84", "ogc:crs84")
MODES: Mapping[str, frozenset[str]] = {
    "pipeline": frozenset({"pipeline"}),
    "sea": frozenset({"sea", "ship", "vessel", "ocean", "ferry"}),
    "waterway": frozenset({"waterway", "barge", "river", "canal"}),
    "rail": frozenset({"rail", "railway", "railroad", "train"}),
}
USES = {"rail": "rail", "road": "truck", "sea": "ship", "waterway": "barge", "pipeline": "pipeline"}
DIRECTED = {"name": "directed", "type": "boolean", "description": "Whether it can be used one way only."}
EXTRAS = [
    {"name": "geometry", "type": "string", "description": "Line in well-known text."},
    {"name": "dir_flag", "type": "integer", "description": "1 where the line runs as the link does, 0 without a line."},
    {"name": "lanes", "type": "integer", "description": "Lanes each way."},
    {"name": "allowed_uses", "type": "string", "description": "What moves on it."},
]
"""Fields that are worked out for others; their names are those of ``_extras``."""

TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")


def write_gmns(corridor: Corridor, folder: Path, flows: Flows | None = None) -> Path:
    """Write a corridor as a GMNS folder with its freight extension, whole or not at all, and return the folder.

    With ``flows`` what they load its links with stands beside it.

    Raises
    ------
    DataError
        If a value could not be read back, or the folder holds something that is not such a dataset.
    """
    check_values(corridor)
    ours = (DESCRIPTOR, EXTENSION, "config.csv", LINK_FLOW, *FILES.values())
    with whole_folder(folder, lambda name: name in ours) as part:
        title = next((row.title for row in corridor.about.rows), "corridor")
        shapes = shapes_of(corridor)
        config = {"dataset_name": title, **CONFIG}
        _write(part / "config.csv", [list(config), list(config.values())])
        _write(part / "node.csv", _table(corridor, "places", {}))
        _write(part / "link.csv", _table(corridor, "links", _extras(shapes)))
        (part / EXTENSION).mkdir()
        write_package(corridor, part / EXTENSION, without=tuple(FILES))
        listed = _resources(corridor)
        if flows is not None:
            _write(part / LINK_FLOW, link_flow_lines(flows, corridor))
            listed.append(_resource(corridor, LINK_FLOW, ()) | {"schema": link_flow_schema()})
        write_descriptor(part, corridor, listed)
    return folder


def _write(path: Path, lines: Sequence[Sequence[str]]) -> None:
    path.write_text(csv_lines(lines), encoding="utf-8", newline="")


def _table(corridor: Corridor, name: str, extras: Mapping[str, Callable[[Any], str]]) -> list[list[str]]:
    """Return a table in the fields of the specification: those that carry attributes, the extras, the extension."""
    fields = FIELDS[name]
    others = [c.name for c in columns(TABLES[name]) if c.name not in fields.values()]
    lines = [[*fields, *extras, *(PREFIX + other for other in others)]]
    for row in corridor.table(name).rows:
        own = [_theirs(field, getattr(row, ours)) for field, ours in fields.items()]
        lines.append([*own, *(f(row) for f in extras.values()), *(text_of(getattr(row, o)) for o in others)])
    return lines


def _theirs(field: str, value: Any) -> str:
    if field == "directed":
        return "true" if value == "forward" else "false"
    return text_of(value)


def _extras(shapes: Mapping[str, list[Point]]) -> dict[str, Callable[[Any], str]]:
    """Return the fields of a link that are worked out for others."""
    return {
        "geometry": lambda link: _wkt(shapes.get(link.id, [])),
        "dir_flag": lambda link: "1" if link.id in shapes else "0",
        "lanes": lambda link: _lanes(link.road_class),
        "allowed_uses": lambda link: USES[link.mode],
    }


def _wkt(points: Sequence[Point]) -> str:
    """Return a line as well-known text.

    >>> _wkt([(51.0, 43.5), (49.5, 40.25)])
    'LINESTRING (51 43.5, 49.5 40.25)'
    """
    return "LINESTRING (" + ", ".join(f"{text_of(x)} {text_of(y)}" for x, y in points) + ")" if points else ""


def _lanes(road_class: str | None) -> str:
    """Return the lanes each way of a road whose class counts them in all.

    >>> _lanes("4 lanes"), _lanes("2 to 4 lanes"), _lanes(None)
    ('2', '', '')
    """
    found = re.fullmatch(r"([0-9]+) lanes", road_class or "")
    return str(int(found[1]) // 2) if found and int(found[1]) % 2 == 0 else ""


def _resources(corridor: Corridor) -> list[dict[str, Any]]:
    """Return the descriptors of the files of the specification; the extension has a descriptor of its own."""
    found = [_resource(corridor, "config.csv", ())]
    for name, file in FILES.items():
        found.append(_resource(corridor, file, corridor.table(name).rows) | {"schema": _schema(name)})
    return found


def _resource(corridor: Corridor, path: str, rows: Sequence[Any]) -> dict[str, Any]:
    licences = licence_entries(corridor, rows)
    return {"name": path.removesuffix(".csv"), "type": "table", "path": path, "licenses": licences}


def _schema(name: str) -> dict[str, Any]:
    """Return the Table Schema of node.csv or link.csv: the noun's, under the names of the fields."""
    ours = table_schema(TABLES[name], ())
    declared = {field["name"]: field for field in ours["fields"]}
    fields = [declared.pop(attribute) | {"name": field} for field, attribute in FIELDS[name].items()]
    fields = [DIRECTED if field["name"] == "directed" else field for field in fields]
    fields += EXTRAS if name == "links" else []
    fields += [field | {"name": PREFIX + attribute} for attribute, field in declared.items()]
    return ours | {"fields": fields, "primaryKey": [fields[0]["name"]]}


def read_gmns(
    folder: Path,
    *,
    country: str = "",
    timezone: str = "",
    length: str = "",
    speed: str = "",
    source: Source | None = None,
) -> Read:
    """Return a GMNS folder as far as it can be read: all of it with the freight extension, else places and links.

    Parameters
    ----------
    folder : with node.csv, link.csv and, as a rule, config.csv
    country : country of the nodes, where the file does not say
    timezone : IANA time zone of the nodes, where the file does not say
    length, speed : units, where config.csv does not say: ``mile``, ``km``, ``meter``; ``mph``, ``kph``, ...
    source : where the network comes from; shapes of links are kept only with it, since each point names its source
    """
    problems: list[Problem] = []
    left_out = LeftOut()
    records = {name: _records(folder / file, name, problems) for name, file in FILES.items()}
    units = _units(folder, {"long_length": length, "speed": speed}, records["links"], problems)
    files = package_files(folder / EXTENSION, problems, left_out) if (folder / EXTENSION).exists() else {}
    extension = read_files(files, problems, left_out)
    tables: dict[str, Table[Any]] = {name: extension.table(name) for name in TABLES}
    given = {"source": source.id if source else ""} | _asked(country, timezone, records["places"], problems)
    if any(problem.column == "country" for problem in problems):
        left_out.tables.add("countries")  # the stand-in names none
    shapes: dict[str, str] = {}
    for name in FILES:
        reading = Reading(name, problems, left_out)
        if records[name]:
            _read(reading, records[name], given, units, shapes)
        else:
            left_out.tables.add(name)
        tables[name] = Table(reading.rows)
    if source and not files:
        tables["sources"] = Table([source])
        tables["geometries"] = Table(_shapes(shapes, source.id, problems))
    return Read(Corridor(**tables), tuple(problems), left_out)


def _records(path: Path, table: str, problems: list[Problem]) -> list[list[str]]:
    """Return the lines of a CSV file, or none with the problem noted."""
    text = read_text(table, path, problems)
    if text is None:
        return []
    if not text.endswith("\n"):
        problems.append(Problem(table, path.name, "", text[-40:], "a last line with an end; is the file half-written?"))
    try:
        return [cells for cells in csv.reader(io.StringIO(text, newline=""), strict=True) if cells]
    except csv.Error as error:
        problems.append(Problem(table, path.name, "", str(error), "complete lines of CSV; is the file half-written?"))
        return []


def _units(folder: Path, given: Mapping[str, str], links: list[list[str]], problems: list[Problem]) -> dict[str, float]:
    """Return what one unit of length and of speed is in km and km/h, and see that coordinates are degrees."""
    records = _records(folder / "config.csv", "config", problems) if (folder / "config.csv").exists() else []
    config = dict(zip(*records[:2], strict=False)) if len(records) > 1 else {}
    crs = config.get("crs", "").strip().lower()
    if crs not in WGS84_NAMES:
        problems.append(Problem("config", "", "crs", crs, "EPSG:4326, longitude and latitude in degrees"))
    found = {}
    for field, column, words in (("long_length", "length", KM), ("speed", "free_speed", KM_H)):
        word = (config.get(field, "") or given[field]).strip().lower()
        if word not in words and links and column in links[0]:
            right = f"the unit of {column}, here or told when reading: {nearest(word, words)}"
            problems.append(Problem("config", "", field, word, right))
        found[field] = words.get(word, 1.0)
    return found


def _asked(country: str, timezone: str, nodes: list[list[str]], problems: list[Problem]) -> dict[str, str]:
    """Return what a place must have and GMNS has not, as the caller gave it; what nobody gives is noted."""
    found = {}
    for name, told, stand_in in (("country", country, "xx"), ("timezone", timezone, "UTC")):
        if not told and nodes and PREFIX + name not in nodes[0]:
            right = f"the column {PREFIX}{name}, or {name}=... when reading with read_gmns"
            problems.append(Problem("places", "header (node.csv)", name, "", right))
        # The stand-in never leaves this module: it lets the rest be read, so that every problem is found at once.
        found[name] = told or stand_in
    return found


def _read(
    reading: Reading,
    records: list[list[str]],
    given: Mapping[str, str],
    units: Mapping[str, float],
    shapes: dict[str, str],
) -> None:
    """Read the lines of node.csv or link.csv as rows of the noun; geometries are put aside."""
    file, known = FILES[reading.table], {column.name for column in columns(reading.cls)}
    header, *lines = records
    fields = {**FIELDS[reading.table], **{f: f.removeprefix(PREFIX) for f in header if f.startswith(PREFIX)}}
    inside = {fields[f] for f in header if f in fields}
    added = {name: text for name, text in given.items() if text and name in known - inside}
    names = [*dict.fromkeys([*(fields[f] for f in header if f in fields), *added, *_ours(reading.table, {}, units)])]

    def texts() -> Iterator[tuple[str, list[str]]]:
        for number, cells in enumerate(lines, 2):
            if len(cells) != len(header):
                yield f"{file}:{number}", cells
                continue
            row = dict(zip(header, cells, strict=True))
            ours = {fields[f]: text for f, text in row.items() if f in fields} | added
            ours |= _ours(reading.table, row, units)
            if row.get("geometry"):
                shapes[ours["id"]] = row["geometry"]
            yield f"{file}:{number}", [ours[name] for name in names]

    reading.add(names, texts(), file)


def _ours(table: str, row: Mapping[str, str], units: Mapping[str, float]) -> dict[str, str]:
    """Return the attributes of a node or link that are not in the file as they are here."""
    if table == "places":
        number, kind = row.get("node_id", ""), row.get("node_type", "")
        kinds = next(c.choices for c in columns(TABLES["places"]) if c.name == "kind")
        named = {"id": _slug(number), "name": row.get("name", "") or number}
        return named | {"kind": kind if kind in kinds else "junction"}
    directed = row.get("directed", "").strip().lower()
    return {
        "id": _slug(row.get("link_id", "")),
        "origin": _slug(row.get("from_node_id", "")),
        "destination": _slug(row.get("to_node_id", "")),
        "direction": "forward" if directed in TRUE else "both" if directed in FALSE else f"directed: {directed}",
        "mode": _mode(row.get("facility_type", ""), row.get("allowed_uses", "")),
        "km": _scaled(row.get("length", ""), units["long_length"]),
        "speed_km_h": _scaled(row.get("free_speed", ""), units["speed"]),
    }


def _slug(text: str) -> str:
    """Return the id of ours for one of theirs.

    >>> _slug("Node_12"), _slug("rail-aktau-beyneu")
    ('node-12', 'rail-aktau-beyneu')
    """
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or text


def _mode(facility: str, uses: str) -> str:
    """Return the mode that the type of a facility, or else its uses, speak of.

    >>> _mode("rail", ""), _mode("", "SHIP"), _mode("freeway", "auto,truck"), _mode("road", "ferry")
    ('rail', 'sea', 'road', 'road')
    """
    if facility == "road":
        return facility
    words = set(re.findall("[a-z]+", f"{facility} {uses}".lower()))
    return next((mode for mode, known in MODES.items() if words & known), "road")


def _scaled(text: str, factor: float) -> str:
    """Return a number in our unit; what is no number is left for the reader to find."""
    if factor == 1.0 or not text:
        return text
    try:
        return text_of(float(text) * factor)
    except ValueError:
        return text


def _shapes(wkt: Mapping[str, str], source: str, problems: list[Problem]) -> list[Any]:
    """Return the points between the ends of every line of well-known text."""
    reading = Reading("geometries", problems)
    lines: list[tuple[str, list[str]]] = []
    for link, text in wkt.items():
        found = re.fullmatch(r"\s*LINESTRING\s*(?:Z\s*)?\(([^()]*)\)\s*", text, re.IGNORECASE)
        if found is None:
            problems.append(Problem("links", link, "geometry", text[:40], "a LINESTRING in well-known text"))
            continue
        for seq, point in enumerate(found[1].split(",")[1:-1], 1):
            lon, lat = [*point.split(), "", ""][:2]
            lines.append((f"link.csv, {link}", [link, str(seq), lat, lon, source]))
    reading.add(["link", "seq", "lat", "lon", "source"], lines, "link.csv")
    return reading.rows
