"""This module owns a corridor as a folder of Parquet files, typed columns for data frames.

The folder is the data package in another dress: the same files by table and licence, the same ``datapackage.json``,
with ``.parquet`` for ``.csv``. Nothing is lost: numbers, truth values and dates have their types, ``unlimited`` is
infinity, unknown is null.
"""

from pathlib import Path
from typing import Any

import polars as pl

from transcaspian.errors import Problem
from transcaspian.io.folders import whole_folder
from transcaspian.io.package import (
    DESCRIPTOR,
    file_name,
    package_files,
    split_by_licence,
    table_of,
    table_resources,
    write_descriptor,
)
from transcaspian.io.tables import Read, Reading, check_values
from transcaspian.model.cells import text_of
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.rules import LeftOut
from transcaspian.model.schema import columns

SUFFIX = "parquet"
TYPES: dict[str, Any] = {
    "string": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def write_parquet(corridor: Corridor, folder: Path) -> Path:
    """Write a corridor as a folder of Parquet files, whole or not at all, and return the folder.

    Raises
    ------
    DataError
        If a value could not be read back, or the folder holds something that is not such a dataset.
    """
    check_values(corridor)
    with whole_folder(folder, lambda name: name == DESCRIPTOR or table_of(name, SUFFIX) != "") as new:
        files = split_by_licence(corridor)
        for (table, part), rows in files.items():
            _frame(rows, TABLES[table]).write_parquet(new / file_name(table, part, SUFFIX))
        write_descriptor(new, corridor, table_resources(corridor, files, SUFFIX))
    return folder


def _frame(rows: list[Any], cls: type) -> pl.DataFrame:
    """Return rows as a data frame with the types that the noun declares."""
    listed = columns(cls)
    data = {c.name: [_plain(getattr(row, c.name), c.kind) for row in rows] for c in listed}
    return pl.DataFrame(data, schema={c.name: TYPES[c.kind] for c in listed})


def _plain(value: Any, kind: str) -> Any:
    return float(value) if kind == "number" and value is not None else value


def read_parquet(folder: Path) -> Read:
    """Return a folder of Parquet files as far as it can be read.

    With a ``datapackage.json`` every file that it lists must be there; without one a table without a file has no rows.
    """
    problems: list[Problem] = []
    left_out = LeftOut()
    readings = {name: Reading(name, problems, left_out) for name in TABLES}
    files = package_files(folder, problems, left_out, SUFFIX)
    for table, path in ((table, path) for table, paths in files.items() for path in paths):
        try:
            frame = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            problems.append(Problem(table, path.name, "", str(error).split("\n", 1)[0], "a Parquet file that is whole"))
            left_out.tables.add(table)
            continue
        lines = ((f"{path.name}:{n}", [text_of(value) for value in row]) for n, row in enumerate(frame.iter_rows(), 1))
        readings[table].add(frame.columns, lines, path.name)
    corridor = Corridor(**{name: Table(reading.rows) for name, reading in readings.items()})
    return Read(corridor, tuple(problems), left_out)
