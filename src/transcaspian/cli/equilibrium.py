"""This module owns the command ``equilibrium``."""

from pathlib import Path
from typing import Annotated

import typer

from transcaspian.cli import options


def equilibrium(
    net: Annotated[Path, typer.Argument(help="File of the lines, such as SiouxFalls_net.tntp.")],
    trips: Annotated[Path, typer.Argument(help="File of the demand, such as SiouxFalls_trips.tntp, or .omx.")],
    principle: Annotated[str, typer.Option("--principle", help="user or system.")] = "user",
    gap: Annotated[float, typer.Option("--gap", help="Relative gap to reach.")] = 1e-6,
    out: Annotated[Path | None, typer.Option("--out", help="File to write the flows to.")] = None,
    matrix: Annotated[
        str | None, typer.Option("--matrix", help="Matrix of an OMX file; the only one by default.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Solve user equilibrium or system optimum on a standard network, from files in the TNTP format."""
    from transcaspian.results.jsonable import dumps
    from transcaspian.study.equilibrium import assign_files

    options.check_outputs(out)
    answer = assign_files(net, trips, principle=principle, gap=gap, out=out, matrix=matrix)
    print(dumps(answer) if as_json else answer)
