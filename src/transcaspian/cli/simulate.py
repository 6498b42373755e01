"""This module owns the command ``simulate``."""

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from transcaspian.cli import options


def simulate(
    year: Annotated[int, typer.Option("--year", help="Year that is simulated.")],
    replications: Annotated[int, typer.Option("--replications", help="Years with other luck.")] = 10,
    scenario: options.ScenarioOption = None,
    flows: Annotated[
        Path | None, typer.Option("--from", help="Flows: what `assign --out` or `--json` wrote, or a table.")
    ] = None,
    between: Annotated[
        list[str] | None, typer.Option("--between", help="ORIGIN:DESTINATION whose days are shown; may be repeated.")
    ] = None,
    resource: Annotated[
        list[str] | None, typer.Option("--resource", help="Resource or fleet shown month by month; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of all luck.")] = 1,
    antithetic: Annotated[
        bool, typer.Option("--antithetic", help="Replications in pairs of opposite luck: means vary less.")
    ] = False,
    records: Annotated[int, typer.Option("--records", help="Replications whose every event is kept (Parquet).")] = 0,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="File for the voyages of a replication, for a map.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes; one for each processor by default.")
    ] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Dask scheduler to run on: tcp://HOST:PORT.")] = None,
    marginal: Annotated[
        int, typer.Option("--marginal", help="Tightest resources and fleets of which a little more is tried.")
    ] = 0,
    agreement: Annotated[
        int | None, typer.Option("--agreement", min=1, max=12, help="Month in which `assign` is put beside it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the replications; the cache by default.")
    ] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
) -> None:
    """Simulate a year: how long cargo takes, what waits for what, where queues form, what is tight."""
    from transcaspian.errors import Problem, RequestError
    from transcaspian.io import load
    from transcaspian.model.rules import FLOWS
    from transcaspian.report.events import pairs_of, simulated_text
    from transcaspian.study.simulate import Ensemble, check_resources
    from transcaspian.study.simulate import simulate as use_case

    if agreement is not None and as_csv:
        right = "--agreement with --json or the text: CSV has the lead times alone"
        raise RequestError([Problem("request", "", "agreement", str(agreement), right)])
    options.check_outputs(out, trace)
    began = time.monotonic()

    def shown(done: int, asked: int) -> None:
        spent = time.monotonic() - began
        bar = "#" * round(30 * done / asked)
        left = spent / done * (asked - done)
        sys.stderr.write(f"\r[{bar:<30}] {done} of {asked} replications, {left:.0f} s left  ")
        sys.stderr.flush()

    pairs = pairs_of(between)
    how = Ensemble(seed, antithetic, records, trace, workers, cluster, out, marginal)
    corridor = load(data, FLOWS)
    check_resources(corridor, resource or ())
    answer = use_case(
        corridor, year, replications=replications, scenario=scenario, flows=flows, between=pairs, how=how,
        progress=shown,
    )  # fmt: skip
    sys.stderr.write("\n")
    if agreement is not None:
        from transcaspian.study.fit_delays import agreement as compared

        answer = replace(answer, agreement=compared(corridor, answer, agreement))
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer))
    elif as_csv:
        table = answer.to_rows()
        writer = csv.DictWriter(sys.stdout, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    else:
        print(simulated_text(answer, pairs, resource or ()))
