"""This module owns corridors as Parquet: one file for each table, numbers as numbers, for data frames.

Unlimited is stored as infinity, unknown as null; everything else as declared. Reading back loses nothing.
"""

import math
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem
from transcaspian.io.tables import unique
from transcaspian.io.whole import whole_folder
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.schema import columns


def write_parquet(corridor: Corridor, folder: Path) -> Path:
    """Write a corridor as a folder of Parquet files, whole or not at all, and return the folder."""
    import polars as pl

    kinds = {"string": pl.String, "number": pl.Float64, "integer": pl.Int64, "boolean": pl.Boolean, "date": pl.Date}
    with whole_folder(folder, frozenset({".parquet"})) as part:
        for name, cls in TABLES.items():
            schema = {c.name: kinds[c.kind] for c in columns(cls)}
            rows = corridor.table(name).rows
            data = {n: [getattr(row, n) for row in rows] for n in schema}
            pl.DataFrame(data, schema=schema, strict=False).write_parquet(part / f"{name}.parquet")
    return folder


def read_parquet(folder: Path) -> Corridor:
    """Return the corridor of a folder of Parquet files.

    Raises
    ------
    DataError
        With every file that is missing or cannot be read.
    """
    import polars as pl

    problems: list[Problem] = []
    tables: dict[str, Table[Any]] = {}
    for name, cls in TABLES.items():
        path = folder / f"{name}.parquet"
        try:
            rows = pl.read_parquet(path).to_dicts()
            made = [cls(**{k: v for k, v in row.items() if not _missing(v)}) for row in rows]
            tables[name] = Table(unique(made, name, problems))
        except (OSError, TypeError, pl.exceptions.PolarsError) as error:
            problems.append(Problem(name, str(path), "", str(error).split("\n")[0], "a Parquet file of this table"))
    if problems:
        raise DataError(problems)
    return Corridor(**tables)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
