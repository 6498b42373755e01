"""This module owns what links carry as a table: ``link_flow.csv``, which stands beside node.csv and link.csv of GMNS.

A row is a link in the direction of travel, a month and a commodity: tonnes, and the TEU of what is in boxes there. A
month is that in which the journey begins. What is not listed carries nothing.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcaspian.errors import DataError, Problem
from transcaspian.model.cells import text_of
from transcaspian.model.corridor import Corridor
from transcaspian.results.flows import Flows
from transcaspian.units import Tonnes

LINK_FLOW = "link_flow.csv"

DESCRIBED = {
    "link_id": ("string", "Link, as in link.csv."),
    "from_node_id": ("string", "Node at which the flow enters the link."),
    "to_node_id": ("string", "Node at which it leaves the link."),
    "year": ("integer", "Year."),
    "month": ("integer", "Month in which the journey begins."),
    "commodity": ("string", "Commodity."),
    "tonnes": ("number", "Net tonnes in the month."),
    "teu": ("number", "TEU in the month, of what is in boxes on this link."),
}

KINDS: dict[str, Callable[[str], Any]] = {"string": str, "integer": int, "number": float}


@dataclass(frozen=True, slots=True)
class LinkFlow:
    """What a link carries of a commodity in a month, in one direction."""

    link_id: str
    from_node_id: str
    to_node_id: str
    year: int
    month: int
    commodity: str
    tonnes: Tonnes
    teu: float


def link_flows(flows: Flows, corridor: Corridor) -> list[LinkFlow]:
    """Return what every link carries by direction, month and commodity, in this order.

    Examples
    --------
    >>> import transcaspian as tc
    >>> corridor = tc.load()
    >>> oil = [f for f in link_flows(tc.assign(corridor, 2024), corridor) if f.commodity == "crude-oil"]
    >>> sorted({f.to_node_id for f in oil if f.from_node_id == "aktau"})
    ['dubendi', 'sangachal']
    """
    commodities = {d.demand: d.commodity for d in flows.demands}
    sums: dict[tuple[str, bool, int, str], tuple[float, float]] = {}
    for way in flows.ways:
        for run in way.links:
            for month, units in enumerate(way.units, 1):
                if units > 0:
                    key = run.link, run.forward, month, commodities[way.demand]
                    tonnes, teu = sums.get(key, (0.0, 0.0))
                    sums[key] = tonnes + units * way.tonnes_per_unit, teu + units * run.teu
    found = []
    for (link, forward, month, commodity), (tonnes, teu) in sorted(sums.items()):
        ends = corridor.links[link].origin, corridor.links[link].destination
        begin, end = ends if forward else ends[::-1]
        found.append(LinkFlow(link, begin, end, flows.year, month, commodity, tonnes, teu))
    return found


def link_flow_lines(flows: Flows, corridor: Corridor) -> list[list[str]]:
    """Return the table as cells, its header first."""
    rows = ([text_of(getattr(row, name)) for name in DESCRIBED] for row in link_flows(flows, corridor))
    return [list(DESCRIBED), *rows]


def link_flow_schema() -> dict[str, Any]:
    """Return the Table Schema of the table."""
    found: list[dict[str, str]] = [{"name": n, "type": t, "description": d} for n, (t, d) in DESCRIBED.items()]
    return {"fields": found, "primaryKey": ["link_id", "from_node_id", "year", "month", "commodity"]}


def read_link_flows(folder: Path) -> list[LinkFlow]:
    """Return what the links of a GMNS folder carry.

    Raises
    ------
    DataError
        If there is no such table, or with every row that cannot be read.
    """
    path = folder / LINK_FLOW
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(_rows(path, csv.DictReader(file)))
    except OSError as error:
        raise DataError([Problem("flows", str(path), "", str(error), "a folder of flows as GMNS")]) from None


def _rows(path: Path, lines: Iterable[dict[str, str]]) -> Iterable[LinkFlow]:
    kinds = {name: KINDS[kind] for name, (kind, _) in DESCRIBED.items()}
    found, problems = [], []
    for number, line in enumerate(lines, 2):
        try:
            found.append(LinkFlow(**{name: kind(line[name]) for name, kind in kinds.items()}))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem("flows", f"{path}:{number}", "", str(error), ", ".join(DESCRIBED)))
    if problems:
        raise DataError(problems)
    return found
