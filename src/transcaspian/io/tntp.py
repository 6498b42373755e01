"""This module owns files of standard test networks: the text format of Transportation Networks for Research (TNTP).

- ``read_network`` and ``write_network``, ``read_trips`` and ``write_trips``: lines, and demand between zones.
- ``read_flows`` and ``write_flows``: volumes and costs on the lines.
- ``read_nodes``: where the nodes are.

A file is a head of ``<NAME> value`` up to ``<END OF METADATA>``, where there is one, and rows; ``~`` begins a comment
and ``;`` ends a row. Every problem of a file is raised at once, with the number of its line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isclose, isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcaspian.errors import DataError, Problem
from transcaspian.network.standard import StandardNetwork, faults
from transcaspian.results.writing import whole

LINE = ("tail", "head", "capacity", "length", "free_time", "b", "power", "speed", "toll", "type")
"""Values of a row of a network file, in the standard order; speed and type decide nothing."""

SIZES = ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE")


@dataclass(frozen=True, eq=False)
class Flows:
    """Volume and cost on lines, as a flow file has them."""

    tail: NDArray[np.int64]  # (A,) node
    head: NDArray[np.int64]  # (A,) node
    volume: NDArray[np.float64]  # (A,)
    cost: NDArray[np.float64]  # (A,)


@dataclass
class _File:
    """A file as it is read: what its head says, its rows by line, and what is wrong with it."""

    name: str
    head: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int | None, column: str, found: str, right: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.name, f"line {line}" if line else "", column, found, right))

    def number(self, line: int | None, column: str, text: str, *, is_whole: bool = False) -> float:
        """Return the number a text stands for; nan, and a problem noted, where it stands for none."""
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if not isfinite(value) or (is_whole and value != int(value)):
            self.wrong(line, column, text, "a whole number" if is_whole else "a number")
            return np.nan
        return value

    def size(self, name: str, least: int) -> int:
        """Return a whole number of the head; ``least``, and a problem noted, where there is none."""
        if name not in self.head:
            self.wrong(None, name, "", f"a row '<{name}> number' in the head")
            return least
        value = self.number(None, name, self.head[name], is_whole=True)
        if value < least:
            self.wrong(None, name, self.head[name], f"{least} or more")
        return int(value) if value >= least else least

    def raise_problems(self) -> None:
        """Raise if anything was wrong."""
        if self.problems:
            raise DataError(self.problems)


def _read(path: Path | str, *, head: bool) -> _File:
    """Read a file without its comments; where it must have a head, that has an end."""
    path = Path(path)
    file = _File(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem(path.name, "", "", str(error), "a text file in UTF-8")]) from None
    ended = False
    for number, line in enumerate(text.splitlines(), 1):
        row = line.strip()
        if row.startswith("<"):
            name, _, value = row[1:].partition(">")
            ended = ended or name.strip().upper() == "END OF METADATA"
            file.head[name.strip().upper()] = value.partition("~")[0].strip()
        elif row := row.partition("~")[0].strip():
            file.rows.append((number, row))
    if head and not ended:
        file.wrong(None, "", "no end of the head", "a row '<END OF METADATA>'")
    return file


def _table(file: _File, columns: Sequence[str], ends: int) -> tuple[NDArray[np.float64], list[int]]:
    """Return rows of numbers (row, column), the first columns whole, and their lines; a wrong row is left out."""
    values: list[list[float]] = []
    lines: list[int] = []
    for line, row in file.rows:
        cells = row.replace(";", " ").replace(":", " ").split()
        if len(cells) != len(columns):
            file.wrong(line, "", f"{len(cells)} values", f"{len(columns)} values: {', '.join(columns)}")
            continue
        found = [
            file.number(line, name, cell, is_whole=at < ends)
            for at, (name, cell) in enumerate(zip(columns, cells, strict=True))
        ]
        if all(map(isfinite, found)):
            values.append(found)
            lines.append(line)
    return np.array(values).reshape(-1, len(columns)), lines


def read_network(path: Path | str) -> StandardNetwork:
    """Read the lines of a network.

    Parameters
    ----------
    path : a file as ``SiouxFalls_net.tntp``

    Raises
    ------
    DataError
        With every problem: a missing head, a row without its ten values, a value that cannot be, another number of
        lines than the head says.
    """
    file = _read(path, head=True)
    zones, nodes, first_thru = (file.size(name, 1) for name in SIZES)
    table, numbers = _table(file, LINE, 2)
    count = file.size("NUMBER OF LINKS", 0)
    if count != len(file.rows) and "NUMBER OF LINKS" in file.head:
        file.wrong(None, "NUMBER OF LINKS", str(count), f"{len(file.rows)}, the rows there are; is the file cut off?")
    tail, head, capacity, length, free_time, b, power, _, toll, _ = table.T.copy()
    lines = (tail.astype(np.int64), head.astype(np.int64), capacity, length, free_time, b, power, toll)
    network = StandardNetwork(zones, nodes, first_thru, *lines)
    if all(name in file.head for name in SIZES):
        file.problems += faults(network, file.name, lambda line: f"line {numbers[line]}")
    file.raise_problems()
    return network


def read_trips(path: Path | str) -> NDArray[np.float64]:
    """Read demand (origin, destination); a pair that the file does not name has none.

    Parameters
    ----------
    path : a file as ``SiouxFalls_trips.tntp``

    Raises
    ------
    DataError
        With every problem: an unknown zone, a pair named twice, demand below 0, another total than the head says.
    """
    file = _read(path, head=True)
    zones = file.size("NUMBER OF ZONES", 1)
    demand: NDArray[np.float64] = np.full((zones, zones), np.nan)
    for line, origin, destination, text in _pairs(file, zones):
        value = file.number(line, "demand", text)
        if value < 0:
            file.wrong(line, "demand", text, "0 or more")
        if not np.isnan(demand[origin - 1, destination - 1]):
            file.wrong(line, "demand", f"{origin} to {destination} again", "each pair once")
        demand[origin - 1, destination - 1] = value
    demand[np.isnan(demand)] = 0.0
    if "TOTAL OD FLOW" in file.head and not file.problems:
        total = file.number(None, "TOTAL OD FLOW", file.head["TOTAL OD FLOW"])
        if not isclose(total, demand.sum(), rel_tol=1e-6):
            right = f"{demand.sum():.10g}, the sum of the rows; is the file cut off?"
            file.wrong(None, "TOTAL OD FLOW", file.head["TOTAL OD FLOW"], right)
    file.raise_problems()
    return demand


def _pairs(file: _File, zones: int) -> Iterator[tuple[int, int, int, str]]:
    """Give line, origin, destination and text of every demand; what cannot be read is noted."""
    origin = 0
    for line, row in file.rows:
        words = row.split()
        if words[0].lower() == "origin":
            origin = _zone(file, line, "origin", " ".join(words[1:]), zones)
            continue
        for item in filter(str.strip, row.split(";")):
            name, colon, text = (part.strip() for part in item.partition(":"))
            if not colon or not text:
                file.wrong(line, "", item.strip(), "'destination : demand;' behind a row 'Origin zone'")
                continue
            destination = _zone(file, line, "destination", name, zones)
            if origin and destination:
                yield line, origin, destination, text


def _zone(file: _File, line: int, column: str, text: str, zones: int) -> int:
    """Return the zone a text names; 0, and a problem noted, where it names none."""
    if text.isdecimal() and 1 <= int(text) <= zones:
        return int(text)
    file.wrong(line, column, text, f"a zone from 1 up to {zones}")
    return 0


def read_flows(path: Path | str) -> Flows:
    """Read volumes and costs on lines.

    Parameters
    ----------
    path : a file as ``SiouxFalls_flow.tntp``, with a row of names or without

    Raises
    ------
    DataError
        With every row that is not two nodes, a volume and a cost.
    """
    file = _read(path, head=False)
    _drop_names(file)
    table, _ = _table(file, ("from", "to", "volume", "cost"), 2)
    file.raise_problems()
    return Flows(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2].copy(), table[:, 3].copy())


def read_nodes(path: Path | str) -> NDArray[np.float64]:
    """Read the coordinates (node, 2) of nodes 1 and up, in the units of the file; nan where it has none.

    Parameters
    ----------
    path : a file as ``SiouxFalls_node.tntp``

    Raises
    ------
    DataError
        With every row that is not a node and two coordinates, and every node below 1 or named twice.
    """
    file = _read(path, head=False)
    _drop_names(file)
    table, lines = _table(file, ("node", "x", "y"), 1)
    nodes = table[:, 0].astype(np.int64)
    seen: set[int] = set()
    for line, node in zip(lines, nodes.tolist(), strict=True):
        if node < 1 or node in seen:
            file.wrong(line, "node", str(node), "a node of its own, 1 or above")
        seen.add(node)
    file.raise_problems()
    places = np.full((max(seen, default=0), 2), np.nan)
    places[nodes - 1] = table[:, 1:]
    return places


def _drop_names(file: _File) -> None:
    """Leave out a first row that names the columns."""
    if file.rows and file.rows[0][1][:1].isalpha():
        del file.rows[0]


def write_network(path: Path | str, network: StandardNetwork) -> Path:
    """Write the lines of a network, each number so that it is read back as it is; whole or not at all.

    Speed and type, which decide nothing, are 0 and 1.

    Parameters
    ----------
    path : the file to write
    network : what to write
    """
    values = [getattr(network, name).tolist() for name in LINE if name not in ("speed", "type")]
    sizes = (network.zones, network.nodes, network.first_thru)
    head = "".join(f"<{name}> {size}\n" for name, size in zip(SIZES, sizes, strict=True))
    head += f"<NUMBER OF LINKS> {len(network.tail)}\n<END OF METADATA>\n\n~ \t" + "\t".join(LINE) + "\t;\n"
    rows = ("\t" + "\t".join(map(repr, (*first, 0, toll, 1))) + "\t;\n" for *first, toll in zip(*values, strict=True))
    return _written(path, head + "".join(rows))


def write_trips(path: Path | str, demand: NDArray[np.float64]) -> Path:
    """Write demand, each number so that it is read back as it is; whole or not at all.

    Parameters
    ----------
    path : the file to write
    demand : (origin, destination), from zone 1 on; pairs without any are left out
    """
    head = f"<NUMBER OF ZONES> {len(demand)}\n<TOTAL OD FLOW> {float(demand.sum())!r}\n<END OF METADATA>\n"
    blocks = (
        f"\nOrigin {origin}\n" + "".join(f"{zone} : {x!r};\n" for zone, x in enumerate(row, 1) if x)
        for origin, row in enumerate(demand.tolist(), 1)
    )
    return _written(path, head + "".join(blocks))


def _written(path: Path | str, text: str) -> Path:
    path = Path(path)
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def write_flows(path: Path | str, flows: Flows) -> Path:
    """Write volumes and costs on lines, each number so that it is read back as it is; whole or not at all.

    Parameters
    ----------
    path : the file to write
    flows : what to write
    """
    columns = (flows.tail.tolist(), flows.head.tolist(), flows.volume.tolist(), flows.cost.tolist())
    rows = (f"{a} \t{b} \t{volume!r} \t{cost!r} \n" for a, b, volume, cost in zip(*columns, strict=True))
    return _written(path, "From \tTo \tVolume \tCost \n" + "".join(rows))
