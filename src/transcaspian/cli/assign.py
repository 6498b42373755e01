"""This module owns the command ``assign``."""

import csv
import sys
from typing import Annotated

import typer

from transcaspian.cli import options


def assign(
    year: Annotated[int, typer.Option("--year", help="Year whose twelve months are asked for.")],
    scenario: options.ScenarioOption = None,
    select: Annotated[
        str | None, typer.Option("--select", help="Limit, resource, service, link or place: who uses it.")
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", help="Share of units that would still go another way at which it ends.")
    ] = 1e-4,
    most: Annotated[int, typer.Option("--most", help="Rounds at most in a month.")] = 400,
    data: options.Data = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
) -> None:
    """Assign the demand of a year: what goes where, month by month, when capacity is short, and what binds."""
    from transcaspian.io import load
    from transcaspian.study.assign import assign as use_case

    def shown(month: int, reached: float) -> None:
        sys.stderr.write(f"\rmonth {month}: gap {reached:.1e}  ")
        sys.stderr.flush()

    watched = sys.stderr.isatty()
    answer = use_case(load(data), year, scenario=scenario, gap=gap, most=most, progress=shown if watched else None)
    if watched:
        sys.stderr.write("\n")
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer))
    elif as_csv:
        table = answer.to_rows()
        writer = csv.DictWriter(sys.stdout, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    else:
        from transcaspian.report.flows import flows_text, selected

        print(flows_text(answer) if select is None else selected(answer, select))
