"""This module owns the reference pages that are written from the code, so that no fact about it is stated twice.

- ``tables``: every attribute of every noun, from its declaration.
- ``python``: every public name, by its docstring.
- ``commands``: every command with its arguments and options.
- ``results``: the JSON Schema of what each command prints with ``--json``.

Run as a program it writes these pages into ``docs/reference/``; ``./go docs`` does so before it builds.
"""

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from typer.main import get_command

import transcaspian
from transcaspian.cli.app import app
from transcaspian.io.schemas import markdown_table
from transcaspian.model.corridor import TABLES
from transcaspian.model.corridor.demand import ScenarioRow
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.events import Simulated
from transcaspian.results.flows import Flows
from transcaspian.results.itinerary import Plan
from transcaspian.results.jsonable import json_schema
from transcaspian.results.matrix import Matrix
from transcaspian.results.messages import Refused, Unanswered, Written
from transcaspian.results.totals import Change
from transcaspian.study.data import CheckReport, Coverage, Listed, Shown
from transcaspian.study.equilibrium import Assigned
from transcaspian.study.scenarios import ScenarioDiff

FOLDER = Path(__file__).parent / "reference"


def tables() -> str:
    """Return the page of the tables of a dataset."""
    lines = ["# Tables of a dataset", ""]
    lines += ["One CSV file per table; the columns stand in this order. An empty cell takes the default.", ""]
    for name, cls in TABLES.items():
        lines += [f"## {name}", "", inspect.cleandoc(cls.__doc__ or "").replace("``", "`"), ""]
        lines += [markdown_table(cls), ""]
    return "\n".join(lines)


def python() -> str:
    """Return the page of the public names: a heading each, under it what the documentation tool reads from the code."""
    lines = ["# Python", "", "`import transcaspian as tc` gives these names; each is loaded when it is first used.", ""]
    for name in sorted(transcaspian.__all__, key=str.lower):
        value = getattr(transcaspian, name)
        lines += [f"## {name}", ""]
        if hasattr(value, "__qualname__"):
            lines += [f"::: {value.__module__}.{value.__qualname__}", ""]
        else:
            lines += [f"`transcaspian.{name}`: {type(value).__name__}", ""]
    return "\n".join(lines)


def commands() -> str:
    """Return the page of the commands."""
    lines = [
        "# Commands",
        "",
        "`./go COMMAND` in a checkout, `transcaspian COMMAND` where the package is installed.",
        "",
    ]
    for words, command in command_tree():
        lines += [f"## {' '.join(words)}", "", inspect.cleandoc(command.help or ""), ""]
        lines += ["| argument or option | what it is |", "|---|---|"]
        lines += [f"| {names(parameter)} | {_help(parameter)} |" for parameter in parameters(command)]
        lines += [""]
    return "\n".join(lines)


def command_tree() -> Iterable[tuple[tuple[str, ...], Any]]:
    """Give every command that does something, with the words that call it."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), get_command(app))]
    while waiting:
        words, command = waiting.pop(0)
        below = getattr(command, "commands", None)
        if below is None:
            yield words, command
        else:
            waiting[:0] = [((*words, name), below[name]) for name in below]


def parameters(command: Any) -> list[Any]:
    """Return the arguments and options of a command that a person may meet."""
    return [p for p in command.params if not getattr(p, "hidden", False)]


def names(parameter: Any) -> str:
    """Return how a parameter is written on the command line."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{option}`" for option in [*parameter.opts, *parameter.secondary_opts])


def _help(parameter: Any) -> str:
    """Return the sentence that describes a parameter."""
    return " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")


def results() -> str:
    """Return the page of results as JSON: a schema for what each command prints."""
    lines = [
        "# Results as JSON",
        "",
        "What `--json` prints, as JSON Schema 2020-12. Moments are UTC; null is unknown.",
        "",
        "What is wrong with the input is printed as JSON too, in place of the answer: exit code 2 comes with",
        "`problems`, each with the table (`request` for the question itself), row and column, what was found there and",
        "what would be right. Exit code 3 comes with the reason why a sound question has no answer.",
        "",
    ]
    for words, cls in (RESULTS | WITHOUT_ANSWER).items():
        lines += [f"## {words}", "", "```json", json.dumps(json_schema(cls), indent=1), "```", ""]
    return "\n".join(lines)


RESULTS: dict[str, Any] = {
    "plan": Plan,
    "matrix": Matrix,
    "appraise": Appraisal,
    "assign": Flows,
    "simulate": Simulated,
    "equilibrium": Assigned,
    "data check": CheckReport,
    "data show": tuple[Shown, ...],
    "data list": Listed,
    "data coverage": Coverage,
    "data export": Written,
    "scenario list": tuple[ScenarioRow, ...],
    "scenario diff": ScenarioDiff,
    "assign --against": tuple[Change, ...],
}
"""What each command prints."""

WITHOUT_ANSWER = {"exit code 2": Refused, "exit code 3": Unanswered}
"""What any command prints instead."""

PAGES = (tables, python, commands, results)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for page in PAGES:
        (FOLDER / f"{page.__name__}.md").write_text(page() + "\n", encoding="utf-8")
