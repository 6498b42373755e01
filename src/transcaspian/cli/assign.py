"""This module owns the command ``assign``."""

import csv
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from transcaspian.cli import options


def assign(
    year: Annotated[int, typer.Option("--year", help="Year whose twelve months are asked for.")],
    scenario: options.ScenarioOption = None,
    select: Annotated[
        str | None, typer.Option("--select", help="Limit, resource, service, link or place: who uses it.")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="commodity, family, demand, origin, destination, country, operator or mode.")
    ] = "commodity",
    against: Annotated[
        str | None,
        typer.Option("--against", help="Print differences from this scenario; `base` is the corridor as it is."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for Parquet files; one whose name ends in gmns, for GMNS; or a .omx file."),
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
    from transcaspian.errors import Problem, RequestError
    from transcaspian.io import load
    from transcaspian.io.formats import FLOW_FORMATS, export_flows, format_of
    from transcaspian.results.totals import changes, check_key, differences
    from transcaspian.study.assign import assign as use_case

    def shown(month: int, reached: float) -> None:
        sys.stderr.write(f"\rmonth {month}: gap {reached:.1e}  ")
        sys.stderr.flush()

    watched = sys.stderr.isatty()
    check_key(by)  # before anything is solved
    options.check_outputs(out)
    if out is not None:
        format_of(out, FLOW_FORMATS)
    if select is not None and against is not None:
        right = "one of the two: who uses a thing, or what a scenario changes"
        raise RequestError([Problem("request", "", "select", f"{select} --against {against}", right)])
    corridor = load(data)
    solve = partial(use_case, corridor, year, gap=gap, most=most, progress=shown if watched else None)
    answer = solve(scenario=scenario)
    before = solve(scenario=None if against == "base" else against) if against is not None else None
    if watched:
        sys.stderr.write("\n")
    if out is not None:
        export_flows(answer, corridor, out)
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer if before is None else changes(before, answer, by)))
    elif as_csv:
        table = answer.to_rows() if before is None else differences(before, answer, by)
        writer = csv.DictWriter(sys.stdout, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    else:
        from transcaspian.report.flows import changes_text, flows_text, selected

        if select is not None:
            print(selected(answer, select))
        else:
            print(flows_text(answer, by) if before is None else changes_text(before, answer, by))
