"""This module owns the options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder or file of another dataset, in any format; the Middle Corridor by default."),
]
ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", help="Scenario of the dataset by id, or path of a scenario file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; its schema is in the documentation.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Cargo = Annotated[str, typer.Option("--cargo", help="Count and form (12x40HC, 30xwagon-hopper) or tonnes (2000t).")]
Goods = Annotated[str, typer.Option("--commodity", help="Commodity, by id or name.")]
Depart = Annotated[str, typer.Option("--depart", help="Day (or moment) the cargo is ready, local to the origin.")]
Avoid = Annotated[
    list[str] | None,
    typer.Option("--avoid", help="Place, country, mode, operator or gauge-break to avoid; may be repeated."),
]
Require = Annotated[
    list[str] | None, typer.Option("--require", help="Place, country, mode or operator to pass; may be repeated.")
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="Place, service, link or operator taken out, as if closed; may be repeated."),
]
Owner = Annotated[str, typer.Option("--owner", help="Whose box or wagon: carrier or shipper.")]


def check_outputs(*paths: Path | None) -> None:
    """See before anything is worked out that the files and folders asked for can be written; ``None`` is not asked for.

    Raises
    ------
    RequestError
        With every path that cannot.
    """
    from tempfile import TemporaryDirectory

    from transcaspian.errors import Problem, RequestError

    problems = []
    for path in paths:
        if path is not None:
            there = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
            room = there.parent if there == path.absolute() and not there.is_dir() else there
            try:
                with TemporaryDirectory(prefix=".", dir=room):
                    pass
            except OSError as error:
                right = f"a path that can be written: {room} is {'a folder' if room.is_dir() else 'a file'}"
                problems.append(Problem("request", "", "out", str(path), f"{right} ({error.strerror})"))
    if problems:
        raise RequestError(problems)
