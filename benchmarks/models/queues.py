"""The event kernel beside SimPy and Ciw: a queue with five servers, and three stages with finite buffers.

All three record every service. Ours runs the customers asked for; the rivals a share of them, as they take a minute
each otherwise, and are counted by the customer. Mean waits are compared before the clock is believed.
"""

from collections.abc import Callable
from typing import Any

import ciw
import numpy as np
import simpy

from benchmarks.measure import FEWEST, medians, say, seconds, table
from transcaspian.kernels.events import advance, start
from transcaspian.kernels.scene import EVENTS, EXPONENTIAL, FOREVER, LEG, SERVE, SOURCE, STATION
from transcaspian.simulation.engine import Scene, rows, seeded, state_of, stations_alone

CUSTOMERS = 1_000_000
SIMPY, CIW = 20, 100
"""Parts of the customers that the rivals are given."""

QUEUE = ((5, -1),), 4.5
TANDEM = ((1, -1), (1, 4), (1, 4)), 0.6
"""Servers and places to wait of each stage, and arrivals an hour; services take an hour."""

Shop = tuple[tuple[tuple[int, int], ...], float]


def ours(shop: Shop, customers: int) -> tuple[Callable[[], int], Callable[[], float]]:
    """Return a run of our kernel, and the mean wait of the last."""
    stages, rate = shop
    visits = (
        {"kind": SERVE, "target": n, "mean": 1.0, "law": EXPONENTIAL, "key": n + 1, "works": 1}
        for n in range(len(stages))
    )
    plan = stations_alone(visits, [{"first": 0, "end": len(stages), "kept": 1}], len(stages), 1.0 / rate)
    stations = [{"servers": c, "buffer": k, "calendar": -1, "batch_least": 1, "batch_most": 1} for c, k in stages]
    sources = rows(SOURCE, [{"key": 99, "most": customers, "law": EXPONENTIAL}])
    scene = seeded(Scene(plan, rows(STATION, stations), sources, rows(LEG, [])), 1, 0)
    state = state_of(scene, records=len(stages) * customers + 20_000, spare=20_000)

    def run() -> int:
        start(scene.plan, state)
        advance(scene.plan, state, FOREVER, 10 * customers * len(stages))
        return int(state.counts[EVENTS])

    return run, lambda: float(state.tally["wait"].sum() / customers)


def in_simpy(shop: Shop, customers: int) -> tuple[Callable[[], Any], Callable[[], float]]:
    """Return a run of SimPy, and the mean wait of the last."""
    stages, rate = shop
    waits: list[float] = []
    records: list[tuple[int, int, float, float, float]] = []

    def customer(env: simpy.Environment, number: int, servers: list[Any], places: list[Any], rng: Any) -> Any:
        held: Any = None
        total = 0.0
        for n, server in enumerate(servers):
            asked = env.now
            place = places[n].request() if places[n] is not None else None
            if place is not None:
                yield place
            request = server.request()
            if held is not None and place is not None:
                held[0].release(held[1])
            yield request
            if place is not None:
                places[n].release(place)
            if held is not None and place is None:
                held[0].release(held[1])
            began = env.now
            total += began - asked
            yield env.timeout(rng.exponential(1.0))
            records.append((number, n, asked, began, env.now))
            held = server, request
        held[0].release(held[1])
        waits.append(total)

    def arrivals(env: simpy.Environment, rng: Any) -> Any:
        servers = [simpy.Resource(env, c) for c, _ in stages]
        places = [simpy.Resource(env, k) if k >= 0 else None for _, k in stages]
        for number in range(customers):
            yield env.timeout(rng.exponential(1.0 / rate))
            env.process(customer(env, number, servers, places, rng))

    def run() -> None:
        waits.clear()
        records.clear()
        env = simpy.Environment()
        env.process(arrivals(env, np.random.default_rng(1)))
        env.run()

    return run, lambda: float(np.mean(waits))


def in_ciw(shop: Shop, customers: int) -> tuple[Callable[[], Any], Callable[[], float]]:
    """Return a run of Ciw, and the mean wait of the last."""
    stages, rate = shop
    count = len(stages)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate)] + [None] * (count - 1),
        service_distributions=[ciw.dists.Exponential(1.0)] * count,
        routing=[[1.0 if b == a + 1 else 0.0 for b in range(count)] for a in range(count)],
        number_of_servers=[c for c, _ in stages],
        queue_capacities=[float("inf") if k < 0 else k for _, k in stages],
    )
    held: list[Any] = []

    def run() -> None:
        ciw.seed(1)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(customers, progress_bar=False)
        held[:] = simulation.get_all_records()

    def mean() -> float:
        return float(sum(r.waiting_time for r in held) / customers)

    return run, mean


def race(shop: Shop, runs: int = FEWEST) -> tuple[dict[str, float], int]:
    """Return the seconds for a million customers by library, ours first, and our events; after comparing waits."""
    found = {
        "ours": (*ours(shop, CUSTOMERS), 1), "SimPy": (*in_simpy(shop, CUSTOMERS // SIMPY), SIMPY),
        "Ciw": (*in_ciw(shop, CUSTOMERS // CIW), CIW),
    }  # fmt: skip
    events = found["ours"][0]()
    for name, (run, mean, _) in found.items():
        run()
        # Waits at these loads come in bursts: 10,000 customers of Ciw are within a third of a million of ours.
        np.testing.assert_allclose(mean(), found["ours"][1](), rtol=0.35, err_msg=name)
    taken = medians({name: run for name, (run, _, _) in found.items()}, runs, warm=True)
    return {name: taken[name] * found[name][2] for name in found}, events


def report() -> str:
    """Return the table of ratios."""
    lines = []
    for name, shop in (("M/M/5 at 0.9 load", QUEUE), ("three stages, four places before the second and third", TANDEM)):
        say(f"  {name}")
        taken, events = race(shop)
        mine = taken["ours"]
        cells = [f"{seconds(taken[n])} ({taken[n] / mine:.0f}x)" for n in ("SimPy", "Ciw")]
        lines.append((name, seconds(mine), f"{events / mine / 1e6:.1f} million", *cells))
    head = ("a million customers, every service recorded", "ours", "events a second", "SimPy", "Ciw")
    note = (
        f"In brackets how many times as long as ours. SimPy is given one customer in {SIMPY}, Ciw one in {CIW}, "
        "and counted by the customer."
    )
    return f"{note}\n\n{table(head, lines)}"
