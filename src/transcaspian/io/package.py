"""This module owns a dataset as a folder: a Frictionless Data Package with one CSV file for each table.

A table may be split over several files, since a row carries the licence of its source: rows whose source is under
ODbL-1.0 stand in ``<table>-osm.csv``. Reading gathers every problem and raises once; writing is whole or not at all.
"""

import json
import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem, nearest
from transcaspian.io.schemas import table_schema
from transcaspian.io.tables import csv_text, read_csv, unique
from transcaspian.model.corridor import TABLES, Corridor, Table

DESCRIPTOR = "datapackage.json"
SUFFIXES = {"ODbL-1.0": "osm"}
"""File suffix of rows whose source has a licence other than the dataset's."""

LICENCES = {
    "": {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"},
    "osm": {"name": "ODbL-1.0", "title": "Open Data Commons Open Database License 1.0; © OpenStreetMap contributors"},
}
OTHER_FILES = (DESCRIPTOR, "README.md", "LICENCE.md")


def bundled() -> Path:
    """Return the folder of the bundled Middle Corridor dataset."""
    return Path(str(resources.files("transcaspian"))) / "data" / "middle_corridor"


def load(folder: Path | str | None = None) -> Corridor:
    """Return a corridor from a folder, by default the bundled Middle Corridor.

    Raises
    ------
    DataError
        With every problem found.

    Examples
    --------
    >>> load().places["aktau"].country
    'kz'
    """
    return read_corridor(Path(folder) if folder is not None else bundled())


def read_corridor(folder: Path) -> Corridor:
    """Return the corridor of a folder, or raise one DataError with every problem of reading it."""
    corridor, problems = read_tables(folder)
    if problems:
        raise DataError(problems)
    return corridor


def read_tables(folder: Path) -> tuple[Corridor, list[Problem]]:
    """Return what could be read of a folder, and every problem met on the way."""
    problems: list[Problem] = []
    files = _files(folder, problems)
    tables: dict[str, Table[Any]] = {}
    for name, cls in TABLES.items():
        rows: list[Any] = []
        for path in files.get(name, ()):
            text = _text(path, problems)
            if text is not None:
                rows += read_csv(text, cls, path.name, problems)
        tables[name] = Table(unique(rows, name, problems))
    if not problems and not tables["about"]:
        problems.append(Problem("about", "", "", "no row", "one row that says what the dataset is"))
    return Corridor(**tables), problems


def _files(folder: Path, problems: list[Problem]) -> dict[str, list[Path]]:
    """Return the files of every table, from the descriptor where there is one, else from their names."""
    if not folder.is_dir():
        problems.append(Problem("dataset", str(folder), "", "no folder", "a folder with one CSV file for each table"))
        return {}
    named = _described(folder, problems)
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name in OTHER_FILES or path.name.startswith("."):
            continue
        table = named.get(path.name) or path.stem.removesuffix("-osm")
        if path.suffix != ".csv" or table not in TABLES:
            problems.append(Problem("dataset", path.name, "", path.name, "the file of a table: " + nearest(path.stem, TABLES)))
            continue
        found.setdefault(table, []).append(path)
    missing = [name for name in named if not (folder / name).exists()]
    problems += [Problem(DESCRIPTOR, name, "path", name, "a file that exists in the folder") for name in missing]
    if not found and not problems:
        problems.append(Problem("dataset", str(folder), "", "no tables", "one CSV file for each table"))
    return found


def _described(folder: Path, problems: list[Problem]) -> dict[str, str]:
    """Return the table of every file the descriptor lists."""
    path = folder / DESCRIPTOR
    if not path.exists():
        return {}
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        return {r["path"]: r.get("table", r["name"]) for r in descriptor["resources"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.append(Problem(DESCRIPTOR, "", "", f"{type(error).__name__}: {error}", "a data package descriptor with resources"))
        return {}


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem(path.name, "", "", str(error.strerror), "a file that can be read"))
        return None
    except UnicodeDecodeError as error:
        problems.append(Problem(path.name, f"byte {error.start}", "", repr(data[error.start : error.start + 4]), "text in UTF-8"))
        return None
    if text and not text.endswith("\n"):
        problems.append(Problem(path.name, "last line", "", text[-40:], "a line that ends; is the file half-written?"))
        return None
    return text


def write_corridor(corridor: Corridor, folder: Path) -> Path:
    """Write a corridor as a data package, whole or not at all, and return the folder.

    Raises
    ------
    DataError
        If the folder exists and holds something that is no dataset: nothing of the caller's is ever replaced by it.
    """
    _only_a_dataset(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        listed = []
        for name, cls in TABLES.items():
            for suffix, rows in _by_licence(corridor, name).items():
                path = f"{name}-{suffix}.csv" if suffix else f"{name}.csv"
                (part / path).write_text(csv_text(rows, cls), encoding="utf-8", newline="")
                listed.append(_resource(path, name, cls, suffix))
        (part / DESCRIPTOR).write_text(json.dumps(_descriptor(corridor, listed), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for other in OTHER_FILES[1:]:
            if (folder / other).exists():
                shutil.copy(folder / other, part / other)
        _swap(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _only_a_dataset(folder: Path) -> None:
    strange = [p.name for p in folder.iterdir() if p.suffix != ".csv" and p.name not in OTHER_FILES] if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        found = ", ".join(strange) or "a file"
        raise DataError([Problem("dataset", str(folder), "", found, "a new folder, or one that holds only a dataset")])


def _swap(part: Path, folder: Path) -> None:
    """Put a finished folder in the place of another."""
    part.chmod(0o755)
    old = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        os.replace(folder, old)
    os.replace(part, folder)
    shutil.rmtree(old, ignore_errors=True)


def _by_licence(corridor: Corridor, name: str) -> dict[str, list[Any]]:
    """Return the rows of a table by file suffix; the first file holds the dataset's own licence, even when it is empty."""
    found: dict[str, list[Any]] = {"": []}
    for row in corridor.table(name).rows:
        source = corridor.sources.get(getattr(row, "source", None) or "")
        found.setdefault(SUFFIXES.get(source.licence, "") if source and name != "sources" else "", []).append(row)
    return found


def _resource(path: str, name: str, cls: type, suffix: str) -> dict[str, Any]:
    return {
        "name": path.removesuffix(".csv").replace("_", "-"),
        "path": path,
        "table": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "licenses": [LICENCES[suffix]],
        "schema": table_schema(cls),
    }


def _descriptor(corridor: Corridor, listed: list[dict[str, Any]]) -> dict[str, Any]:
    about = next(iter(corridor.about.rows), None)
    return {
        "profile": "tabular-data-package",
        "name": about.id if about else "corridor",
        "title": about.title if about else "Corridor",
        "version": about.version if about else "0",
        "licenses": list(LICENCES.values()),
        "sources": [{"title": f"{s.publisher}: {s.title}", **({"path": s.url} if s.url else {})} for s in corridor.sources.rows],
        "resources": listed,
    }
