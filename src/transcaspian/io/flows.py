"""This module owns flows as a folder: a Parquet file for each table of the answer, and ``flows.json`` for the rest.

A row is what the dataclass of its table says; series are lists over the months, parts and links of a way lists of
records.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import polars as pl

from transcaspian.errors import DataError, Problem
from transcaspian.io.folders import whole_folder
from transcaspian.results.flows import (
    Condition,
    Counted,
    DemandFlow,
    Flows,
    LimitFlow,
    LineFlow,
    LinkRun,
    Part,
    WayFlow,
)
from transcaspian.results.jsonable import jsonable

TABLES = {
    "demands": DemandFlow,
    "ways": WayFlow,
    "limits": LimitFlow,
    "lines": LineFlow,
    "counts": Counted,
    "conditions": Condition,
}
RECORDS: dict[str, type] = {"parts": Part, "links": LinkRun}
REST = "flows.json"
EXACT = 17
"""Digits that give every number back as it was."""
PLAIN: dict[Any, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}


def write_flows(flows: Flows, folder: Path) -> Path:
    """Write flows as a folder, whole or not at all, and return the folder.

    Raises
    ------
    DataError
        If the folder holds something that is not such flows.
    """
    names = {REST, *(f"{name}.parquet" for name in TABLES)}
    with whole_folder(folder, lambda name: name in names) as new:
        for name, cls in TABLES.items():
            schema = _schema(cls)
            data = {column: [_plain(getattr(row, column)) for row in getattr(flows, name)] for column in schema}
            pl.DataFrame(data, schema=schema).write_parquet(new / f"{name}.parquet")
        rest = {f.name: jsonable(getattr(flows, f.name), EXACT) for f in fields(flows) if f.name not in TABLES}
        (new / REST).write_text(json.dumps(rest, indent=1) + "\n", encoding="utf-8")
    return folder


def read_flows(folder: Path) -> Flows:
    """Return the flows of a folder that ``write_flows`` wrote.

    Raises
    ------
    DataError
        With every file that is missing, cannot be read or has other columns.
    """
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for name, cls in TABLES.items():
        path = folder / f"{name}.parquet"
        try:
            frame = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            problems.append(Problem("flows", str(path), "", str(error).split("\n", 1)[0], "a Parquet file of flows"))
            continue
        if frame.schema != pl.Schema(_schema(cls)):
            problems.append(Problem("flows", str(path), "", ", ".join(frame.columns), ", ".join(_schema(cls))))
            continue
        read[name] = tuple(cls(**_back(row)) for row in frame.iter_rows(named=True))
    try:
        rest = json.loads((folder / REST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append(Problem("flows", str(folder / REST), "", str(error), "the JSON file of flows"))
        rest = {}
    wanted = {f.name for f in fields(Flows)} - set(TABLES)
    if rest and set(rest) != wanted:
        problems.append(Problem("flows", str(folder / REST), "", ", ".join(sorted(rest)), ", ".join(sorted(wanted))))
    if problems:
        raise DataError(problems)
    return Flows(**read, **_back(rest))


def _schema(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {f.name: _type(hints[f.name]) for f in fields(cls)}


def _type(hint: Any) -> Any:
    """Return the Parquet type of a type hint of these results."""
    if hint in PLAIN:
        return PLAIN[hint]
    if hint in RECORDS.values():
        return pl.Struct(_schema(hint))
    inner = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        return pl.List(_type(inner[0]))
    return PLAIN.get(next((a for a in inner if a in PLAIN), str))  # a literal is text; None may stand anywhere


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, (Part, LinkRun)):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    return value


def _back(row: dict[str, Any]) -> dict[str, Any]:
    found = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    for name, cls in RECORDS.items():
        if name in found:
            found[name] = tuple(cls(**record) for record in found[name])
    return found
