"""This module owns the list of commands."""

import typer

from transcaspian.cli import appraise, assign, data, equilibrium, plan, scenario, simulate
from transcaspian.cli.command import Command

app = typer.Typer(
    name="transcaspian",
    help="The open, executable model of the Trans-Caspian International Transport Route.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("plan", cls=Command)(plan.plan)
app.command("matrix", cls=Command)(plan.matrix)
app.command("appraise", cls=Command)(appraise.appraise)
app.command("assign", cls=Command)(assign.assign)
app.command("simulate", cls=Command)(simulate.simulate)
app.command("equilibrium", cls=Command)(equilibrium.equilibrium)
app.add_typer(data.app, name="data")
app.add_typer(scenario.app, name="scenario")
