"""This module owns the command ``appraise``."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from transcaspian.cli import options


def appraise(
    package: Annotated[str, typer.Argument(help="Package of projects, by id: eu-2025.")],
    projects: Annotated[
        list[str] | None,
        typer.Option("--projects", help="Projects to look at, its seeds by default; commas, or repeat."),
    ] = None,
    rate: Annotated[
        str, typer.Option("--rate", help="Real discount rate a year: 5%, 0.05, or an institution's by id.")
    ] = "5%",
    minimum: Annotated[
        str | None, typer.Option("--minimum", help="Scenario that is the case without; base for none.")
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", help="Effect switched off, as project:seq of the table changes; may be repeated."),
    ] = None,
    respond: Annotated[
        bool, typer.Option("--response/--no-response", help="Whether operators enlarge fleets that run short.")
    ] = True,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="Look at the candidates of the package beside its seeds.")
    ] = False,
    under: Annotated[
        list[str] | None,
        typer.Option(
            "--under",
            help="Scenario that holds in both cases: every headline under it; named for all; may be repeated.",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Draws that solve every year again: how sure the answer is; 0 for none.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Processes that share the draws.")] = 2,
    portfolio: Annotated[
        bool, typer.Option("--portfolio", help="Solve every set of the projects with a cost, and choose among them.")
    ] = False,
    budget: Annotated[
        str | None, typer.Option("--budget", help="Most capital a chosen set may cost, in EUR: 500M, 1.5bn, 45000000.")
    ] = None,
    traffic: Annotated[
        Path | None, typer.Option("--traffic", help="CSV that takes the place of the table section_traffic.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Folder for the report: HTML, PDF and Excel in two languages, and JSON."),
    ] = None,
    language: Annotated[Literal["en", "ru"], typer.Option("--language", help="Language of the answer.")] = "en",
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Appraise projects: what they change over the case without, for whom, whether they pay, and what is not known."""
    from transcaspian.io import load
    from transcaspian.study.appraise import amount_of, share_of, with_traffic
    from transcaspian.study.appraise import appraise as use_case

    def shown(words: str) -> None:
        sys.stderr.write(f"\r\033[K{words}")
        sys.stderr.flush()

    options.check_outputs(report)
    watched = sys.stderr.isatty()
    corridor = load(data)
    answer = use_case(
        corridor if traffic is None else with_traffic(corridor, traffic),
        package,
        projects=[name for given in projects or () for name in given.split(",")],
        rate=share_of(rate),
        minimum=minimum,
        leave_out=leave_out or (),
        respond=respond,
        candidates=candidates,
        draws=draws,
        seed=seed,
        workers=workers,
        portfolio=portfolio,
        detail=report is not None,
        under=under or (),
        folder=report,
        budget=None if budget is None else amount_of(budget),
        progress=shown if watched else None,
    )
    if watched:
        sys.stderr.write("\r\033[K")
    if report is not None:
        from transcaspian.report.appraise_files import write_report

        for path in write_report(answer, report):
            print(path, file=sys.stderr)
    if as_json:
        from transcaspian.results.jsonable import dumps

        print(dumps(answer))
    else:
        from transcaspian.report.appraise import appraisal_text

        print(appraisal_text(answer, language))
