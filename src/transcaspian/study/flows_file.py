"""This module owns flows as ``simulate`` is given them: a file of what every way carries, month by month."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from transcaspian.assignment.flows import Model
from transcaspian.errors import Problem, RequestError

MONTHS = 12


@dataclass(frozen=True)
class Sent:
    """What a row of a file says of one way in one month."""

    row: str
    way: int
    services: tuple[str, ...] | None  # None where the file does not say
    month: int
    units: float


def sent_of(path: Path) -> list[Sent]:
    """Return what a file of flows says, before it is known which ways there are.

    Parameters
    ----------
    path : what ``assign --out`` or ``--json`` wrote, or a table in Parquet or CSV with ``way``, ``month``, ``units``

    Raises
    ------
    RequestError
        With everything that is wrong: a file that cannot be read, columns that are missing, cells that say nothing.
    """
    import polars as pl

    try:
        rows = list(_series(path) if path.is_dir() or path.suffix == ".json" else _cells(path))
    except (OSError, KeyError, ValueError, TypeError, pl.exceptions.PolarsError) as error:
        right = "what `assign --out` or `--json` writes, or a Parquet or CSV table with way, month (1 to 12) and units"
        said = str(error).split("\n", 1)[0]
        raise RequestError([Problem("request", "", "from", f"{path}: {said}", right)]) from None
    found, problems = list[Sent](), list[Problem]()
    for row, services, *cells in rows:
        way, month, units = (_number(cell) for cell in cells)
        wrong = [
            Problem(str(path), row, column, "" if cell is None else str(cell), right)
            for column, cell, right, fine in (
                ("way", cells[0], "the number of a way, from 0", way >= 0 and way.is_integer()),
                ("month", cells[1], "a month from 1 to 12", 1 <= month <= MONTHS and month.is_integer()),
                ("units", cells[2], "load units, 0 or more", 0 <= units < math.inf),
            )
            if not fine
        ]
        problems += wrong
        if not wrong:
            found.append(Sent(row, int(way), services, int(month), units))
    if not problems and not any(sent.units > 0 for sent in found):
        problems.append(Problem(str(path), "", "units", "0", "something that is sent, in some row"))
    if problems:
        raise RequestError(problems)
    return found


def _number(cell: Any) -> float:
    """Return a cell as a number; nan, which is like no number, where it is none."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def _series(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield row, services, way, month and units of flows that ``assign`` wrote: a series for each way."""
    import polars as pl

    if path.is_dir():
        names = "way", "services", "units"
        ways = pl.read_parquet(path / "ways.parquet").select(names).iter_rows(named=True)
    else:
        ways = iter(json.loads(path.read_text(encoding="utf-8"))["ways"])
    for number, way in enumerate(ways, 1):
        if len(way["units"]) != MONTHS:
            raise ValueError(f"{len(way['units'])} months of way {way['way']}")
        for month, units in enumerate(way["units"], 1):
            yield str(number), tuple(way["services"]), way["way"], month, units


def _cells(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield row, services (None), way, month and units of a table."""
    import polars as pl

    table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    missing = [name for name in ("way", "month", "units") if name not in table.columns]
    if missing:
        right = f"a column of this name beside {', '.join(table.columns)}"
        raise RequestError(Problem(str(path), "", name, "", right) for name in missing)
    for number, cells in enumerate(table.select("way", "month", "units").iter_rows(), 1):
        yield str(number), None, *cells


def units_of(sent: list[Sent], path: Path, model: Model) -> Any:
    """Return the units of a file by way of a model and month, (way, month).

    Raises
    ------
    RequestError
        With every row that is of another way than this dataset, year and scenario have.
    """
    ways, problems = model.listed, list[Problem]()
    units = np.zeros((len(ways), MONTHS))
    for one in sent:
        if one.way < len(ways) and one.services in (None, tuple(ways[one.way].services)):
            units[one.way, one.month - 1] += one.units
        else:
            over = f" over {', '.join(one.services)}" if one.services else ""
            right = f"one of the {len(ways):,} ways of this dataset, year and scenario"
            problems.append(Problem(str(path), one.row, "way", f"{one.way}{over}", right))
    if problems:
        raise RequestError(dict.fromkeys(problems))
    return units
