"""This module owns the reference pages that are written from the code, so that no fact about it is stated twice.

- ``tables``: every attribute of every noun, from its declaration.
- ``python``: every public name, by its docstring.
- ``commands``: every command with its arguments and options.
- ``results``: the JSON Schema of what each command prints with ``--json``.
- ``distances``: published distances beside those of the bundled corridor.

Run as a program it writes these pages into ``docs/reference/``; ``./go docs`` does so before it builds.
"""

import csv
import inspect
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer.main import get_command

import transcaspian
from transcaspian.cli.app import app
from transcaspian.io import load
from transcaspian.io.schemas import markdown_table
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.corridor.demand import ScenarioRow
from transcaspian.results.appraisal import Appraisal
from transcaspian.results.events import Simulated
from transcaspian.results.flows import Flows
from transcaspian.results.itinerary import Plan
from transcaspian.results.jsonable import json_schema
from transcaspian.results.matrix import Matrix
from transcaspian.results.messages import Refused, Unanswered, Written
from transcaspian.results.totals import Change, Selection, Total
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
    "assign --by": tuple[Total, ...],
    "assign --select": Selection,
}
"""What each command prints."""

WITHOUT_ANSWER = {"exit code 2": Refused, "exit code 3": Unanswered}
"""What any command prints instead."""


# --- distances ------------------------------------------------------------

Row = dict[str, str]
TOLERANCE = 0.05
"""Share by which a sum of links may differ from the published figure."""

USES = {
    "yes": "independent: no link was set from it",
    "partly": "it was in view when a link was set",
    "used": "a link was set from it",
    "fitted": "links were fitted to it",
}


def published() -> list[Row]:
    """Return the published distances, in the order of the file."""
    with (FOLDER.parents[1] / "tests" / "published" / "distances.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def link_km(corridor: Corridor, ends: tuple[str, str], mode: str, passes: str = "") -> float | None:
    """Return the length of the link between two places, or None; one that is planned only where none is open."""
    passing = {row.link for row in corridor.link_passes.rows if row.place == passes}
    between = [
        link
        for link in corridor.links.rows
        if {link.origin, link.destination} == set(ends) and link.mode == mode and (not passes or link.id in passing)
    ]
    lengths = {link.km for link in between if link.status == "open"} or {link.km for link in between}
    if len(lengths) > 1:  # gauges side by side are equally long
        raise ValueError(f"{ends} by {mode}: {sorted(lengths)} km, so that a sum would be ambiguous")
    return lengths.pop() if lengths else None


def summed_km(corridor: Corridor, row: Row) -> float | None:
    """Return the sum of the links of a row, or None where one of them is missing."""
    stretches = row["via"].split("|")
    modes = row["mode"].split("|") if "|" in row["mode"] else [row["mode"]] * len(stretches)
    hops = [(hop, mode) for stretch, mode in zip(stretches, modes, strict=True) for hop in pairwise(stretch.split(";"))]
    lengths = [link_km(corridor, hop, mode, row["passes"]) for hop, mode in hops]
    known = [km for km in lengths if km is not None]
    return sum(known) if len(known) == len(lengths) else None


def close(corridor: Corridor, row: Row) -> bool:
    """Return whether the corridor keeps to a published distance."""
    km, wanted = summed_km(corridor, row), float(row["published_km"])
    return km is not None and abs(km - wanted) <= TOLERANCE * wanted


def distances() -> str:
    """Return the page of published distances."""
    corridor, rows = load(), published()
    kept = [row for row in rows if close(corridor, row)]
    blind = [row for row in kept if row["use"] == "yes"]
    lines = [
        "# Distances",
        "",
        "Distances of stations, ports and towns that somebody published, beside the sum of the links of the bundled",
        f"corridor. {len(kept)} of {len(rows)} are within {TOLERANCE:.0%}; {len(blind)} of these are independent: no",
        "link was set from the figure. The others only guard against slips. A row that is further off says why.",
        "",
        "| pair | by | published, km | who published it | model, km | difference | use | why not |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        km, wanted = summed_km(corridor, row), float(row["published_km"])
        model = ("", "") if km is None else (f"{km:g}", f"{km / wanted - 1:+.1%}")
        mode = ", ".join(dict.fromkeys(row["mode"].split("|")))
        cells = (row["pair"], mode, f"{wanted:g}", row["source"], *model, USES[row["use"]], row["why_not"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


PAGES = (tables, python, commands, results, distances)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for page in PAGES:
        (FOLDER / f"{page.__name__}.md").write_text(page() + "\n", encoding="utf-8")
