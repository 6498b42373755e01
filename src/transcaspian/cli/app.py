"""This module owns the list of commands and the options they share."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="transcaspian",
    help="The open, executable model of the Trans-Caspian International Transport Route.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[Path | None, typer.Option("--data", help="Folder of another dataset; the bundled Middle Corridor by default.")]
ScenarioOption = Annotated[str | None, typer.Option("--scenario", help="Scenario of the dataset by id, or path of a scenario file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; its schema is in the documentation.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Cargo = Annotated[str, typer.Option("--cargo", help="Count and form (12x40HC, 30xwagon-hopper) or tonnes (2000t).")]
Goods = Annotated[str, typer.Option("--commodity", help="Commodity, by id or name.")]
Depart = Annotated[str, typer.Option("--depart", help="Day (or moment) the cargo is ready, local to the origin.")]
Avoid = Annotated[list[str] | None, typer.Option("--avoid", help="Place, country, mode, operator or gauge-break to avoid; may be repeated.")]
Require = Annotated[list[str] | None, typer.Option("--require", help="Place, country, mode or operator to pass; may be repeated.")]
Without = Annotated[list[str] | None, typer.Option("--without", help="Place, service, link or operator taken out, as if closed; may be repeated.")]
Owner = Annotated[str, typer.Option("--owner", help="Whose box or wagon: carrier or shipper.")]

from transcaspian.cli import data, plan, scenario  # noqa: E402 - commands register on the app above

app.command("plan")(plan.plan)
app.command("matrix")(plan.matrix)
app.add_typer(data.app, name="data")
app.add_typer(scenario.app, name="scenario")
