"""This module owns the command ``appraise``."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from transcaspian.cli import options

DRAWS = 200
"""Draws that are made unasked: a verdict misleads without how sure it is, and so many say that."""


def appraise(
    context: typer.Context,
    package: Annotated[
        str, typer.Argument(help="Package of projects, by id: eu-2025; or a study file that --save wrote: study.toml.")
    ],
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
        typer.Option(
            "--leave-out",
            help="Effect, or row of the case without, to switch off: OWNER:SEQ of table changes; may be repeated.",
        ),
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
        int,
        typer.Option(
            "--draws", help="Draws that solve every year again: how sure the answer is; 0 for none, which is faster."
        ),
    ] = DRAWS,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Processes that share the draws.")] = 2,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Dask scheduler to make the draws on: tcp://HOST:PORT.")
    ] = None,
    portfolio: Annotated[
        bool, typer.Option("--portfolio", help="Solve every set of the projects with a cost, and choose among them.")
    ] = False,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget",
            help="Choose the best set that costs no more capital than this, in EUR: 500M, 1.5bn, 45000000. "
            "Among the candidates too, unless --projects names others.",
        ),
    ] = None,
    traffic: Annotated[
        Path | None, typer.Option("--traffic", help="CSV that takes the place of the table section_traffic.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help="Folder for the report: HTML, PDF and Excel in two languages, and JSON. By default out/PACKAGE, "
            "and none with --json.",
        ),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Print the answer alone.")] = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Study file to write: the question, with what pins its answer, to be asked again."),
    ] = None,
    language: Annotated[Literal["en", "ru"], typer.Option("--language", help="Language of the answer.")] = "en",
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Appraise projects: what they change over the case without, for whom, whether they pay, and what is not known."""
    from transcaspian.io import load
    from transcaspian.io.traffic import with_traffic
    from transcaspian.study.appraise import answer as answered
    from transcaspian.study.question import Question
    from transcaspian.study.question_file import read_question, write_question
    from transcaspian.study.words import amount_of, share_of

    def shown(words: str) -> None:
        sys.stderr.write(f"\r\033[K{words}")
        sys.stderr.flush()

    if report is None and not (no_report or as_json):
        report = Path("out") / Path(package).stem
    options.check_outputs(report)
    watched = sys.stderr.isatty()
    corridor = load(data)
    if package.endswith(".toml"):
        _alone(context)
        corridor, asked = read_question(Path(package), corridor)
    else:
        corridor = corridor if traffic is None else with_traffic(corridor, traffic)
        asked = Question(
            package,
            tuple(name for given in projects or () for name in given.split(",")),
            share_of(rate),
            minimum,
            tuple(leave_out or ()),
            respond,
            candidates,
            draws,
            seed,
            portfolio,
            None if budget is None else amount_of(budget),
            under=tuple(under or ()),
        )
    if save is not None:
        write_question(save, corridor, asked, traffic)
        print(save, file=sys.stderr)
    answer = answered(
        corridor,
        replace(asked, detail=report is not None),
        workers=workers,
        cluster=cluster,
        folder=report,
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


BESIDE = ("workers", "cluster", "report", "no_report", "language", "data", "as_json")
"""Options that may stand beside a study file: they do not change the answer."""


def _alone(context: typer.Context) -> None:
    """Refuse options beside a study file, which says all of the question itself."""
    from transcaspian.errors import Problem, RequestError

    right = "nothing: the study file says all of the question"
    problems = []
    for option in context.command.params:
        name = option.name or ""
        source = context.get_parameter_source(name)
        if name not in ("package", *BESIDE) and source is not None and source.name == "COMMANDLINE":
            problems.append(Problem("request", "", option.opts[0].lstrip("-"), str(context.params[name]), right))
    if problems:
        raise RequestError(problems)
