"""Trips and round trips of a ship in a year of flows: what it carries, its rule and its hours give them on paper."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from tests.worlds.sketch import with_rows
from tests.worlds.test_motion import ferry
from transcaspian.assignment.flows import Model, Solution, _limits
from transcaspian.assignment.rations import Rationing
from transcaspian.assignment.rounds import lines_of
from transcaspian.kernels.world import BOARD
from transcaspian.model.corridor import Corridor
from transcaspian.network import compile_network, months
from transcaspian.network.limits import SIZES, limits_of
from transcaspian.results.flows import LineFlow


def january(corridor: Corridor, out: float, back: float = 0.0, wait: float = 0.0) -> LineFlow:
    """Return what the ship between A and B does when so many TEU are carried; its berth has a wait [h]."""
    network = compile_network(corridor, months(date(2026, 1, 1), 1))
    table = limits_of(network, corridor)
    boards = np.flatnonzero(network.world.kind == BOARD).tolist()
    names = [network.ids.services[network.world.service[arc]] for arc in boards]
    ways = [SimpleNamespace(chain=np.array([arc]), sizes=np.ones((1, len(SIZES)))) for arc in boards]
    carried = np.array([[{"a-b-sea": out, "b-a-sea": back}[name]] for name in names])
    limits = _limits(network, corridor, table, cast(Rationing, SimpleNamespace(quotas=())))
    model = SimpleNamespace(network=network, corridor=corridor, table=table, limits=limits, listed=ways)
    solution = SimpleNamespace(year=SimpleNamespace(carried=carried), wait=np.full_like(limits.capacity, wait))
    (line,) = lines_of(cast(Model, model), cast(Solution, solution))
    return line


@pytest.mark.parametrize(
    ("out", "back", "trips"),
    [
        (20.0, 4.0, 10.0),  # a ship of 2 TEU leaves when it is full; the fuller direction says how often
        (4.0, 20.0, 10.0),
        (2.0, 0.0, 3.0),  # full once a month, but after 100 h at either end it leaves: 744 h of rounds of 48 + 200 h
        (0.0, 0.0, 3.0),
        (40.0, 0.0, 15.5),  # no more than there are rounds of 48 h
    ],
)
def test_a_ship_makes_the_trips_that_fill_it_within_its_hours(out: float, back: float, trips: float) -> None:
    line = january(ferry(5.5, {}), out, back)
    assert line.departures == pytest.approx([trips]) and line.shortest == pytest.approx([48.0])
    assert line.round_trip == pytest.approx([744.0 / trips])
    assert (line.services, line.vehicles, line.at_sea) == (("a-b-sea", "b-a-sea"), (1.0,), True)
    assert line.used == (out + back > 0)


def test_repairs_low_water_and_headways_are_in_the_trips() -> None:
    drawn = ferry(5.5, {})
    # It works half the time: no more than 7.75 rounds, and a round takes the ship twice as long.
    lame = with_rows(drawn, *(replace(f, availability=0.5) for f in drawn.fleets.rows))
    assert january(lame, 40.0).departures == pytest.approx([7.75])
    assert january(lame, 40.0).round_trip == pytest.approx([96.0]) and january(lame, 40.0).vehicles == (1.0,)
    # At three quarters of a load it is full with 1.5 TEU.
    assert january(ferry(5.5, {1: -1.1}), 15.0).departures == pytest.approx([10.0])
    # By a headway of 93 h it leaves eight times, whatever comes, or more often if it must.
    rows = (replace(row, rule="headway", fill=None, max_wait_h=None, headway_h=93.0) for row in drawn.departures.rows)
    timed = with_rows(drawn, *rows)
    assert january(timed, 2.0).departures == pytest.approx([8.0])
    assert january(timed, 20.0).departures == pytest.approx([10.0])
