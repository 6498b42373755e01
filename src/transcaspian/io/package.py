"""This module owns a dataset as a folder: a Frictionless Data Package with one CSV file for each table.

A table may be split over several files, since a row carries the licence of its source: rows whose source is under
ODbL-1.0 stand in ``<table>-osm.csv``. With a ``datapackage.json`` the folder holds the files that it lists, without
one those named after a table. Reading gathers every problem and raises once; writing is whole or not at all.
Nothing is lost either way: this is the original, the other formats are copies.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from transcaspian.errors import Problem, nearest
from transcaspian.io.folders import whole_folder
from transcaspian.io.schemas import table_schema
from transcaspian.io.tables import Read, Reading, check_values, csv_text
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.rules import LeftOut

FORMAT = 1
"""Version of the file format that this code reads and writes."""

DESCRIPTOR = "datapackage.json"
OTHER_FILES = ("README.md", "LICENCE.md")
"""Files of a dataset that are no tables; writing keeps them."""

KINDS = {"csv": "CSV", "parquet": "Parquet"}
"""What the files of a table are called, by the ending of their names."""

OWN_LICENCE = "CC-BY-4.0"
LICENCES = {
    OWN_LICENCE: {"name": OWN_LICENCE, "title": "Creative Commons Attribution 4.0"},
    "ODbL-1.0": {"name": "ODbL-1.0", "title": "Open Database License 1.0; © OpenStreetMap contributors"},
}
PARTS = {OWN_LICENCE: "", "ODbL-1.0": "osm"}
"""Name of the part of a table whose rows carry a licence; the others are named after the licence."""


def bundled() -> Path:
    """Return the folder of the bundled Middle Corridor dataset."""
    return Path(str(resources.files("transcaspian"))) / "data" / "middle_corridor"


def read_corridor(folder: Path) -> Corridor:
    """Return the corridor of a folder.

    Raises
    ------
    DataError
        Once, with every problem of reading it.
    """
    return read_tables(folder).whole()


def read_tables(folder: Path) -> Read:
    """Return a folder as far as it can be read."""
    problems: list[Problem] = []
    left_out = LeftOut()
    files = package_files(folder, problems, left_out)
    corridor = read_files(files, problems, left_out)
    if files:
        problems += _about(corridor)
    return Read(corridor, tuple(problems), left_out)


def read_files(files: Mapping[str, Iterable[Path]], problems: list[Problem], left_out: LeftOut) -> Corridor:
    """Return the corridor of CSV files by table; what cannot be read is left out and noted."""
    tables: dict[str, Table[Any]] = {}
    for name in TABLES:
        reading = Reading(name, problems, left_out)
        for path in files.get(name, ()):
            text = read_text(name, path, problems)
            if text is None:
                left_out.tables.add(name)
            else:
                reading.add_csv(text, path.name)
        tables[name] = Table(reading.rows)
    return Corridor(**tables)


def _about(corridor: Corridor) -> list[Problem]:
    rows = corridor.about.rows
    if len(rows) != 1:
        return [Problem("about", "", "", f"{len(rows)} rows", "one row that says what the dataset is")]
    if rows[0].format != FORMAT:
        return [Problem("about", rows[0].id, "format", str(rows[0].format), f"{FORMAT}, the format this version reads")]
    return []


def package_files(folder: Path, problems: list[Problem], left_out: LeftOut, kind: str = "csv") -> dict[str, list[Path]]:
    """Return the files of every table in a folder; what is no file of a table is noted."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        right = f"a folder with one {KINDS[kind]} file for each table"
        problems.append(Problem("dataset", str(folder), "", error.strerror or "no folder", right))
        left_out.tables |= TABLES.keys()
        return {}
    listed = _listed(folder, problems, left_out, kind) if DESCRIPTOR in names else None
    found: dict[str, list[Path]] = {}
    for name in names:
        if name == DESCRIPTOR or name in OTHER_FILES or name.startswith("."):
            continue
        table = table_of(name, kind) if listed is None else listed.get(name, "")
        if table in TABLES:
            found.setdefault(table, []).append(folder / name)
        elif listed is None:
            near = nearest(name.split(".")[0], TABLES)
            right = f"the file of a table, <table>.{kind} or <table>-<part>.{kind}: {near}"
            problems.append(Problem("dataset", name, "", name, right))
        elif name not in listed:
            problems.append(Problem("dataset", name, "", name, f"a file that {DESCRIPTOR} lists"))
    if not names:
        problems.append(
            Problem("dataset", str(folder), "", "an empty folder", f"one {KINDS[kind]} file for each table")
        )
        left_out.tables |= TABLES.keys()
    return found


def table_of(name: str, kind: str = "csv") -> str:
    """Return the table a file is of by its name, or an empty string.

    >>> table_of("places.csv"), table_of("places-osm.csv"), table_of("place.csv"), table_of("places.txt")
    ('places', 'places', '', '')
    """
    stem, _, suffix = name.rpartition(".")
    table = stem.partition("-")[0]
    return table if suffix == kind and table in TABLES else ""


def _listed(folder: Path, problems: list[Problem], left_out: LeftOut, kind: str) -> dict[str, str] | None:
    """Return the table of every file that the descriptor lists, or None if it cannot be read."""
    try:
        listed = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
        pairs = [(str(r["path"]), str(r.get("table") or table_of(str(r["path"]), kind))) for r in listed]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"
        problems.append(Problem(DESCRIPTOR, "", "", found, "a data package descriptor whose resources have paths"))
        return None
    for path, table in pairs:
        if table not in TABLES:
            problems.append(Problem(DESCRIPTOR, path, "table", table, "a table: " + nearest(table, TABLES)))
        if "/" in path or "\\" in path or not (folder / path).is_file():
            problems.append(Problem(DESCRIPTOR, path, "path", path, "the name of a file in the folder"))
            left_out.tables |= {table} & TABLES.keys()
    return dict(pairs)


def read_text(table: str, path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file, or None with the problem noted."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem(table, path.name, "", error.strerror or str(error), "a file that can be read"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(table, f"{path.name}:{line}", "", repr(data[error.start : error.end])[1:], "text in UTF-8")
        )
        return None


def write_corridor(corridor: Corridor, folder: Path) -> Path:
    """Write a corridor as a data package, whole or not at all, and return the folder.

    Raises
    ------
    DataError
        If a value could not be read back, or the folder holds something that is no dataset.
    """
    check_values(corridor)
    with whole_folder(folder, lambda name: name in (DESCRIPTOR, *OTHER_FILES) or table_of(name) != "") as part:
        write_package(corridor, part)
        for name in OTHER_FILES:
            if (folder / name).is_file():
                (part / name).write_bytes((folder / name).read_bytes())
    return folder


def write_package(corridor: Corridor, folder: Path, without: Collection[str] = ()) -> None:
    """Write the tables and the descriptor into a folder that is there and empty."""
    files = split_by_licence(corridor, without)
    for (table, part), rows in files.items():
        text = csv_text(rows, TABLES[table])
        (folder / file_name(table, part, "csv")).write_text(text, encoding="utf-8", newline="")
    write_descriptor(folder, corridor, table_resources(corridor, files, "csv"))


def split_by_licence(corridor: Corridor, without: Collection[str] = ()) -> dict[tuple[str, str], list[Any]]:
    """Return the rows of every table by the part of it that their licence puts them in.

    The part of the dataset's own licence has no name, and is there even without rows.
    """
    part_of: dict[str, str] = {source.id: part_name(source.licence) for source in corridor.sources.rows}
    found: dict[tuple[str, str], list[Any]] = {}
    for table in TABLES:
        if table in without:
            continue
        found[table, ""] = []
        for row in corridor.table(table).rows:
            found.setdefault((table, part_of.get(getattr(row, "source", None) or "", "")), []).append(row)
    return found


def part_name(licence: str) -> str:
    """Return the name of the part of a table whose rows carry a licence.

    >>> part_name("CC-BY-4.0"), part_name("ODbL-1.0"), part_name("OGL-UK-3.0")
    ('', 'osm', 'ogl-uk-3-0')
    """
    return PARTS.get(licence, re.sub("[^a-z0-9]+", "-", licence.lower()).strip("-"))


def file_name(table: str, part: str, kind: str) -> str:
    """Return the name of the file of a part of a table.

    >>> file_name("links", "", "csv"), file_name("links", "osm", "parquet")
    ('links.csv', 'links-osm.parquet')
    """
    return f"{table}-{part}.{kind}" if part else f"{table}.{kind}"


def table_resources(corridor: Corridor, files: Mapping[tuple[str, str], list[Any]], kind: str) -> list[dict[str, Any]]:
    """Return the descriptors of the files of tables; ``table`` is a property of ours."""
    names = [table for table, _ in files]
    alone = {table for table in names if names.count(table) == 1}
    found = []
    for (table, part), rows in files.items():
        path = file_name(table, part, kind)
        resource: dict[str, Any] = {
            "name": path.partition(".")[0].replace("_", "-"),
            "type": "table",
            "path": path,
            "format": kind,
            "table": table,
            "description": (TABLES[table].__doc__ or "").strip(),
            "licenses": licence_entries(corridor, rows),
            "schema": table_schema(TABLES[table], alone),
        }
        if part:
            # Terms other than ours ask that their sources be named beside the data.
            used = {row.source for row in rows}
            resource["sources"] = [source_entry(s) for s in corridor.sources.rows if s.id in used]
        found.append(resource)
    return found


def licence_entries(corridor: Corridor, rows: Iterable[Any]) -> list[dict[str, str]]:
    """Return the licences that rows carry, as a descriptor has them; the dataset's own where no source says more."""
    sources = (corridor.sources.get(getattr(row, "source", None) or "") for row in rows)
    licences = {source.licence if source else OWN_LICENCE for source in sources} or {OWN_LICENCE}
    return [LICENCES.get(licence, {"name": licence}) for licence in sorted(licences)]


def source_entry(source: Any) -> dict[str, str]:
    """Return a source as a descriptor has it."""
    return {"title": f"{source.publisher}: {source.title}", **({"path": source.url} if source.url else {})}


def write_descriptor(folder: Path, corridor: Corridor, listed: list[dict[str, Any]]) -> None:
    """Write ``datapackage.json`` for the files listed."""
    about = next(iter(corridor.about.rows), None)
    licences = {licence["name"]: licence for resource in listed for licence in resource["licenses"]}
    descriptor: dict[str, Any] = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    if about:
        descriptor |= {"name": about.id, "title": about.title, "version": about.version}
        descriptor["created"] = f"{about.released.isoformat()}T00:00:00Z"
    descriptor |= {"licenses": list(licences.values()), "sources": [source_entry(s) for s in corridor.sources.rows]}
    if not corridor.sources:
        del descriptor["sources"]
    descriptor["resources"] = listed
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="")
