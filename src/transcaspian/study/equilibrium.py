"""This module owns the use case ``equilibrium``: files of a standard network read, solved, and flows written."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.standard import equilibrium, wrong_terms
from transcaspian.errors import DataError, gathered
from transcaspian.io.omx import read_omx
from transcaspian.io.tntp import Flows, read_network, read_trips, write_flows


@dataclass(frozen=True)
class Assigned:
    """How an equilibrium of a standard network came out; units are those of its files."""

    principle: str
    zones: int
    lines: int
    demand: float  # between zones and within
    total_cost: float
    gap: float  # share of the total cost
    iterations: int

    def __str__(self) -> str:
        what = "system optimum" if self.principle == "system" else "user equilibrium"
        return (
            f"{what} of {self.demand:,.10g} between {self.zones:,} zones on {self.lines:,} lines\n"
            f"total cost {self.total_cost:,.10g}; relative gap {self.gap:.1e} after {self.iterations} iterations"
        )


def assign_files(
    net: Path,
    trips: Path,
    *,
    principle: str = "user",
    gap: float = 1e-6,
    out: Path | None = None,
    matrix: str | None = None,
) -> Assigned:
    """Solve a standard network that is two files, and write its flows if there is a path for them.

    Parameters
    ----------
    net, trips : files of lines and of demand, in the TNTP format; demand may be in an OMX file, by its name
    principle, gap : as for ``transcaspian.assignment.standard.equilibrium``
    out : file for the flows, in the TNTP format
    matrix : name of the matrix in an OMX file; needed if there are several

    Raises
    ------
    DataError
        With every problem of a file, or of both together.
    NotConvergedError
        If the gap is not reached.
    """
    network, demand, _ = gathered(
        partial(read_network, net), partial(_trips, trips, matrix), partial(_check, principle, gap)
    )
    answer = equilibrium(network, demand, principle=principle, gap=gap)
    if out is not None:
        write_flows(out, Flows(network.tail, network.head, answer.volume, answer.cost))
    size = (network.zones, len(network.tail), float(demand.sum()))
    return Assigned(principle, *size, answer.total_cost, answer.gap, answer.iterations)


def _check(principle: str, gap: float) -> None:
    problems = list(wrong_terms(principle, gap))
    if problems:
        raise DataError(problems)


def _trips(path: Path, matrix: str | None) -> NDArray[np.float64]:
    if path.suffix.lower() != ".omx":
        return read_trips(path)
    return read_omx(path, matrix)
