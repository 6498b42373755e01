"""This module owns the commands ``data check``, ``show``, ``list``, ``coverage`` and ``export``."""

from pathlib import Path
from typing import Annotated

import typer

from transcaspian.cli import options
from transcaspian.cli.command import Command

app = typer.Typer(help="Look at, check and export a dataset.", no_args_is_help=True, rich_markup_mode=None)


@app.command(cls=Command)
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder or file of the dataset, in any format; the bundled one by default.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Find every problem of a dataset at once; exit 2 if there is one."""
    from transcaspian.io import bundled
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.data import check_dataset

    report = check_dataset(folder or bundled())
    print(dumps(report) if as_json else report)
    if report.problems:
        raise typer.Exit(2)


@app.command(cls=Command)
def show(
    id: Annotated[str, typer.Argument(help="Id, name in any language or UN/LOCODE of anything in the dataset.")],
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Print any noun with its sources, its evidence and who uses it."""
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.data import show as show_noun

    found = show_noun(load(data), id)
    hits = [f"{len(found)} rows: " + ", ".join(f"{s.table} {s.key}" for s in found)] if len(found) > 1 else []
    print(dumps(found) if as_json else "\n\n".join([*hits, *map(str, found)]))


@app.command("list", cls=Command)
def list_rows(
    table: Annotated[str | None, typer.Argument(help="Table whose rows are listed; the tables by default.")] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """List the rows of a table by key and name, or the tables."""
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.data import listed

    found = listed(load(data), table)
    print(dumps(found) if as_json else found)


@app.command(cls=Command)
def coverage(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """Say what share of the dataset is measured, derived or assumed."""
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.data import coverage as cover

    found = cover(load(data))
    print(dumps(found) if as_json else found)


@app.command(cls=Command)
def export(
    out: Annotated[Path, typer.Argument(help="What to write: a .gpkg file or a folder.")],
    format: Annotated[
        str, typer.Option("--format", help="package, gpkg, parquet or gmns; by default from the name.")
    ] = "",
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Write a dataset as a data package, GeoPackage, Parquet or GMNS."""
    from transcaspian.io import export as write
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.results.messages import Written

    options.check_outputs(out)
    written = Written(str(write(load(data), out, format or None)))
    print(dumps(written) if as_json else f"written: {written.written}")
