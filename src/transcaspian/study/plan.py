"""This module owns the use cases ``plan`` and ``matrix``: a scenario, compiled for the months ahead, and asked."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from transcaspian.errors import InputError, Problem, RequestError
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.network import Network, Window, compile_network, months
from transcaspian.results.itinerary import Filled, Leg, Plan
from transcaspian.results.matrix import Matrix
from transcaspian.results.writing import whole
from transcaspian.routing import Request, ask
from transcaspian.routing import matrix as route_matrix
from transcaspian.routing import plan as route_plan
from transcaspian.study.scenarios import resolve, through

KEPT = 8
"""Compiled networks kept in memory."""

_networks: OrderedDict[tuple[tuple[int, ...], Window], tuple[tuple[Corridor, ...], Network]] = OrderedDict()


def network_for(corridor: Corridor, scenario: str | None, day: date) -> tuple[Corridor, Network]:
    """Return the corridor as a scenario makes it on a day, and compiled for the months from that day on.

    What was compiled before is taken from memory.
    """
    window = months(day)
    states = through(corridor, scenario, window, day)
    key = (tuple(map(id, states)), window)
    if key not in _networks:
        _networks[key] = (states, compile_network(states[0], window, states[1:]))
        while len(_networks) > KEPT:
            _networks.popitem(last=False)
    _networks.move_to_end(key)
    return states[0], _networks[key][1]


def _asked(
    corridor: Corridor, origin: str, destination: str, scenario: str | None, question: Mapping[str, Any]
) -> Request:
    """Return the request of a question; where it is wrong, what is wrong with its scenario is said with the rest."""
    try:
        return ask(corridor, origin, destination, **question)
    except RequestError as error:
        problems = list(error.problems)
    try:
        resolve(corridor, scenario)
    except InputError as error:
        problems += error.problems
    raise RequestError(problems)


def plan(corridor: Corridor, origin: str, destination: str, *, scenario: str | None = None, **question: Any) -> Plan:
    """Plan a shipment door to door.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    origin, destination : any name of a place, or ``"lat,lon"``
    scenario : id of a scenario of the corridor, or path of a scenario file
    question : as ``transcaspian.routing.ask``: cargo, commodity, depart, prefer, avoid, require, without, ...

    Raises
    ------
    RequestError, ScenarioError
        With everything that is wrong with the question.
    NoRouteError
        If nothing is left; it names the constraints that cut it.

    Examples
    --------
    >>> import transcaspian as tc
    >>> answer = plan(tc.load(), "Altynkol", "Poti", cargo="2x40HC", commodity="machinery", depart="2026-07-01")
    >>> any("aktau" in way.family for way in answer.itineraries)
    True
    """
    request = _asked(corridor, origin, destination, scenario, question)
    changed, network = network_for(corridor, scenario, request.departs.date())
    answer = route_plan(network, changed, request)
    return replace(answer, scenario=scenario, corridor_id=corridor_id(corridor))


def matrix(
    corridor: Corridor,
    *,
    depart: date | datetime | str,
    cargo: str = "1x40HC",
    commodity: str = "general",
    scenario: str | None = None,
    **question: Any,
) -> Matrix:
    """Return least hours and least price between all places for a cargo.

    Parameters
    ----------
    corridor : as ``load()`` returns it
    depart : day or moment the cargo is ready everywhere
    cargo, commodity, scenario, question : as for ``plan``

    Examples
    --------
    >>> import transcaspian as tc
    >>> answer = matrix(tc.load(), depart="2026-07-01")
    >>> float(answer.hours[answer.places.index("aktau"), answer.places.index("alat")]) > 24
    True
    """
    ends = [p.id for p in corridor.places.rows if p.status == "open"]  # a question has two; a matrix uses all
    question |= {"cargo": cargo, "commodity": commodity, "depart": depart}
    request = _asked(corridor, ends[0], ends[-1], scenario, question)
    changed, network = network_for(corridor, scenario, request.departs.date())
    about = next(iter(corridor.about.rows))
    return route_matrix(network, changed, request, about.price_year)


def why(corridor: Corridor, answer: Plan) -> Plan:
    """Return the answer with the missing values that defaults filled and that its first itinerary rests on."""
    fills = network_for(corridor, answer.scenario, answer.shipment.departs.date())[1].fills
    used = {row for leg in answer.best.legs for row in (leg.service, *leg.links)}
    used |= {a.step for part in answer.best.chain for a in (part.borders if isinstance(part, Leg) else part.activities)}
    filled = (Filled(f.table, f.row, f.attribute, f.value, f.unit, f.default) for f in fills if f.row in used)
    return replace(answer, why=tuple(filled))


def write_matrix(answer: Matrix, out: Path) -> None:
    """Write a matrix as CSV or Parquet, whole or not at all.

    Raises
    ------
    RequestError
        If the file name ends in neither.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise RequestError([Problem("request", "", "out", str(out), "a file name that ends in .csv or .parquet")])
    with whole(out) as part:
        if out.suffix == ".csv":
            lines = (f"{a},{b},{h:.2f},{p:.2f}" for a, b, h, p in answer.rows())
            part.write_text("origin,destination,hours,eur\n" + "\n".join(lines) + "\n", encoding="utf-8")
        else:
            import polars as pl

            pl.DataFrame(answer.rows(), schema=["origin", "destination", "hours", "eur"], orient="row").write_parquet(
                part
            )
