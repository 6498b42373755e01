"""This module owns the commands ``scenario list`` and ``scenario diff``."""

from typing import Annotated

import typer

from transcaspian.cli import options
from transcaspian.cli.command import Command

app = typer.Typer(help="Look at scenarios and what they change.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list", cls=Command)
def list_scenarios(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """List the scenarios of a dataset."""
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.results.text import aligned

    rows = load(data).scenarios.rows
    if as_json:
        print(dumps(rows))
    else:
        print(
            aligned(
                ("id", "extends", "what it is"),
                [(r.id, r.extends or "", f"{r.name}. {r.note or ''}".strip()) for r in rows],
            )
        )


@app.command(cls=Command)
def diff(
    first: Annotated[str, typer.Argument(help="Scenario by id or file; 'base' is the dataset as it is.")],
    second: Annotated[str, typer.Argument(help="Scenario by id or file.")] = "base",
    on: Annotated[str | None, typer.Option("--on", help="Day on which both are compared, for dated changes.")] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Show every value in which two scenarios differ."""
    from transcaspian.io import load
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.scenarios import diff as compare

    found = compare(load(data), first, second, on)
    print(dumps(found) if as_json else found)
