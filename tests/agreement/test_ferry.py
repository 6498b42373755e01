"""A ferry with a weather window, by the event kernel and by SimPy."""

from typing import Any

import numpy as np
import pytest
import simpy

from tests.shops import delayed, gated, ran, records, ridden, scene, served, source, station
from tests.worlds.test_departures import WEST, there_and_back
from transcaspian.kernels.scene import FIXED, LOADING


class Ferry:
    """The ferry of the next test once more, as SimPy processes."""

    def __init__(self, seed: int, ships: int, hours: float) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.queue: list[float] = []
        self.waits: list[float] = []
        self.left = -1e9
        self.berth = simpy.Resource(self.env, 1)
        self.hours = hours
        for _ in range(ships):
            self.env.process(self.ship())
        self.env.process(self.arrivals())
        self.env.run(hours)

    def arrivals(self) -> Any:
        while True:
            yield self.env.timeout(self.rng.exponential(1.2))
            self.queue.append(self.env.now)

    def weather(self) -> Any:
        phase = self.env.now % 60.0
        if phase >= 40.0:
            yield self.env.timeout(60.0 - phase)

    def ship(self) -> Any:
        while True:
            ready = self.env.now
            while len(self.queue) < 10 and self.env.now < max(ready, self.left) + 24.0:
                yield self.env.timeout(0.05)
            aboard, self.queue = self.queue[:10], self.queue[10:]
            left = self.left = self.env.now
            with self.berth.request() as place:
                yield place
                yield self.env.timeout(0.15 * len(aboard))
            yield from self.weather()
            yield self.env.timeout(self.rng.exponential(8.0))
            yield from self.weather()
            self.waits += [left - asked for asked in aboard]
            yield self.env.timeout(8.0)


def test_a_ferry_with_a_weather_window_waits_as_in_simpy() -> None:
    # Three ships of ten lots, one berth at the origin, 15 hours of loading for a hundred lots, storms of 20 h in every
    # 60, an exponential run out and a fixed run back. The two are written apart; SimPy looks for cargo every 3 minutes.
    hours = 60_000.0
    run = [served(0, 0.0, LOADING), gated(0), delayed(8.0), gated(0)]
    line = there_and_back(8.0)
    line["legs"][1]["longest"] = 0.0
    weather = [(60.0 * n, 60.0 * n + 40.0) for n in range(1001)]
    vehicles = [{"fleet": 0, "node": WEST, "turn": 0} for _ in range(3)]
    given = scene([station()], [run, [delayed(8.0, FIXED)], [ridden(0, 0.1, load=0.15)]], [source(1.2, 10**9, 2)], vehicles=vehicles,
                  calendars=[weather], **line)  # fmt: skip
    rides = records(ran(given, until=hours)[0], 2)
    ours = rides["began"] - rides["asked"]
    theirs = np.array(Ferry(3, 3, hours).waits)
    assert len(ours) == pytest.approx(len(theirs), rel=0.02)
    assert ours.mean() == pytest.approx(theirs.mean(), rel=0.05)
    assert np.quantile(ours, 0.9) == pytest.approx(np.quantile(theirs, 0.9), rel=0.07)
