"""This module owns the list of commands."""

import typer

from transcaspian.cli import appraise, assign, data, equilibrium, plan, scenario, simulate

app = typer.Typer(
    name="transcaspian",
    help="The open, executable model of the Trans-Caspian International Transport Route.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("plan")(plan.plan)
app.command("matrix")(plan.matrix)
app.command("appraise")(appraise.appraise)
app.command("assign")(assign.assign)
app.command("simulate")(simulate.simulate)
app.command("equilibrium")(equilibrium.equilibrium)
app.add_typer(data.app, name="data")
app.add_typer(scenario.app, name="scenario")
