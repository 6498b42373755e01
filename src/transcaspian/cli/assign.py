"""This module owns the command ``assign``."""

import csv
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transcaspian.cli import options

if TYPE_CHECKING:
    from transcaspian.results.flows import Flows


def assign(
    year: Annotated[int, typer.Option("--year", help="Year whose twelve months are asked for.")],
    scenario: options.ScenarioOption = None,
    select: Annotated[
        str | None,
        typer.Option(
            "--select", help="Limit, resource, service, link, place or country: who uses it, alone; or its sums --by."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="Sums by commodity (as is printed by default), family, demand, origin, destination, country, operator "
            "or mode; as JSON or CSV, these alone.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Print differences from this scenario; `base` is the corridor as it is."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for Parquet files; one whose name ends in gmns, for GMNS; or a .omx file."),
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", help="Share of tonnes that would still go another way at which it ends.")
    ] = 1e-4,
    most: Annotated[int, typer.Option("--most", help="Rounds at most in a month.")] = 400,
    data: options.Data = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
) -> None:
    """Assign the demand of a year: what goes where, month by month, when capacity is short, and what binds."""
    from transcaspian.errors import gathered
    from transcaspian.io import load
    from transcaspian.io.formats import export_flows
    from transcaspian.model.rules import FLOWS
    from transcaspian.report.flows import changes_text, flows_text, selection_text
    from transcaspian.results.jsonable import dumps
    from transcaspian.results.totals import TOTAL_COLUMNS, USE_COLUMNS, check_key
    from transcaspian.study.assign import assign as use_case
    from transcaspian.study.assign import check_question, selectable

    def shown(month: int, reached: float) -> None:
        sys.stderr.write(f"\rmonth {month}: gap {reached:.1e}  ")
        sys.stderr.flush()

    watched = sys.stderr.isatty()
    corridor = load(data, FLOWS)
    other = None if against == "base" else against
    # All that can be wrong with the words, before anything is solved.
    *_, what = gathered(
        lambda: check_key(by or "commodity"),
        lambda: _check_out(out),
        lambda: _one_question(select, against),
        lambda: check_question(corridor, year, (scenario, other), gap, most),
        lambda: selectable(corridor, select) if select is not None else None,
    )
    solve = partial(use_case, corridor, year, gap=gap, most=most, progress=shown if watched else None)
    answer = solve(scenario=scenario)
    before = solve(scenario=other) if against is not None else None
    if watched:
        sys.stderr.write("\n")
    if out is not None:
        export_flows(answer, corridor, out)
    key, columns = by or "commodity", shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if not (as_json or as_csv):
        if before is not None:
            print(changes_text(before, answer, key, columns))
        else:
            print(flows_text(answer, key, columns) if what is None else selection_text(answer, what, by, columns))
        return
    value, rows = _as_data(answer, before, by, what)
    if as_json:
        print(dumps(value))
    else:
        none = USE_COLUMNS if by is None else TOTAL_COLUMNS  # of what nobody uses
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else none, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _as_data(
    answer: "Flows", before: "Flows | None", by: str | None, what: str | None
) -> tuple[Any, Sequence[Mapping[str, Any]]]:
    """Return what is asked of flows as a value, and as rows."""
    from transcaspian.results.totals import changes, differences, selection, total_rows, totals, using

    if before is not None:
        key = by or "commodity"
        return changes(before, answer, key), differences(before, answer, key)
    if by is not None:
        part = answer if what is None else using(answer, what)
        return totals(part, by), total_rows(part, by)
    value = answer if what is None else selection(answer, what)
    return value, value.to_rows()


def _check_out(out: Path | None) -> None:
    from transcaspian.io.formats import FLOW_FORMATS, format_of

    options.check_outputs(out)
    if out is not None:
        format_of(out, FLOW_FORMATS)


def _one_question(select: str | None, against: str | None) -> None:
    from transcaspian.errors import Problem, RequestError

    if select is not None and against is not None:
        right = "one of the two: who uses a thing, or what a scenario changes"
        raise RequestError([Problem("request", "", "select", f"{select} --against {against}", right)])
