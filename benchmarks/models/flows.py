"""A year of flows: the corridor from cold starts and perturbed, and how its solution grows with rows of demand.

Rows are generated: five ways each in two groups, thirty uses each of limits that come with the rows, loaded so that
about one limit in eight runs out. Beside it stand linear programs by HiGHS that only say what the best use of the same
capacity would be, month by month: they know no choice, no queue and no backlog.

Whole corridors are generated too: demand from shore to shore over a network of more and more arcs, cranes in its ports
that run out; there the search for ways counts as well.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from benchmarks.measure import FEWEST, medians, say, seconds, table
from benchmarks.models import generated as corridors
from transcaspian.assignment.flows import Model, model_of, pivot_of, pivoted, solve
from transcaspian.assignment.shortage import shortage_of
from transcaspian.io import load
from transcaspian.kernels.flows import QUEUE, Limits, Ways
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.demand import Choice, Demand
from transcaspian.model.corridor.resource import Delay, Resource, Use
from transcaspian.network import compile_network, months
from transcaspian.study.assign import base_of

ARCS = (1_000, 10_000)
"""Arcs of generated corridors."""

ROWS = (100, 1_000, 10_000)
DRAWS = 25
WAYS, USES, PERIODS = 5, 30, 12


def generated(rows: int, seed: int = 1) -> tuple[Ways, Limits]:
    """Return rows of demand and limits that some of them overload."""
    rng = np.random.default_rng(seed)
    many, count = rows * WAYS, max(2 * USES, rows // 5)
    limit = (rng.integers(0, count, (many, 1)) + np.arange(USES)) % count  # a stretch of a long line
    volume = np.repeat(rng.lognormal(3.0, 1.0, rows)[:, None], PERIODS, 1) * rng.uniform(0.6, 1.4, (rows, PERIODS))
    ways = Ways(
        group_first=np.arange(0, 2 * rows + 1, 2, dtype=np.uint32),
        way_first=np.sort(np.concatenate([np.arange(0, many + 1, WAYS), np.arange(2, many, WAYS)])).astype(np.uint32),
        kind=rng.integers(0, 3, rows).astype(np.int8),
        volume=volume,
        tonnes=np.ones(rows),
        scale=np.full(rows, 0.05),
        nest=np.full(rows, 0.7),
        hour=rng.uniform(0.02, 0.5, rows),
        sure=np.full(rows, 0.3),
        elasticity=np.zeros(rows),
        worth=np.full(rows, 1000.0),
        elsewhere=np.zeros(rows),
        market=np.full(rows, 0.0125),
        cost=np.repeat(rng.uniform(80.0, 120.0, many)[:, None], PERIODS, 1),
        size=np.zeros(many),
        open=np.ones((many, PERIODS)),
        rank=np.zeros((many, PERIODS), np.int32),
        use_first=np.arange(0, many * USES + 1, USES, dtype=np.uint32),
        use_limit=limit.ravel().astype(np.uint32),
        use_amount=rng.uniform(0.5, 1.5, many * USES),
        pull=np.zeros(2 * rows),
        pivot=np.zeros((2 * rows, PERIODS)),
        whole=np.full((rows, PERIODS), np.nan),
    )
    share = np.repeat(volume.mean(axis=1) / WAYS, WAYS)
    load = np.bincount(ways.use_limit, ways.use_amount * np.repeat(share, USES), count)
    capacity = np.repeat((load * rng.uniform(0.95, 2.0, count))[:, None], PERIODS, 1)
    ones = np.ones(count)
    limits = Limits(
        np.full(count, QUEUE, np.int8), capacity, *2 * (np.zeros_like(capacity),), ones, 720.0 / capacity, ones, ones, ones * 8760,
        np.zeros(count + 1, np.uint32), np.zeros(0, np.uint32), np.full(PERIODS, 730.0),
    )  # fmt: skip
    return ways, limits


def perturbed(model: Model, rng: Any) -> Model:
    """Return a model with volumes, capacities and costs drawn anew: 10 %, 10 % and 5 % about what they are."""
    ways, limits = model.ways, model.limits

    def about(values: Any, spread: float) -> Any:
        return values * (1.0 + spread * np.clip(rng.standard_normal(len(values)), -2, 2))[:, None]

    return replace(
        model,
        ways=ways._replace(volume=about(ways.volume, 0.1), cost=about(ways.cost, 0.05)),
        limits=limits._replace(capacity=about(limits.capacity, 0.1)),
    )


def report() -> str:
    """Return the tables of times."""
    model, pivot = base_of(load(), 2024)
    asked, begin = pivoted(model, pivot)
    here = solve(asked, begin)
    say(f"  {len(asked.segments)} rows, {len(asked.ways.rank)} ways, {len(asked.limits.kind)} limits")
    rng = np.random.default_rng(1)
    drawn = [perturbed(asked, rng) for _ in range(DRAWS)]
    rounds = [solve(each, begin).rounds for each in drawn]
    found = medians(
        {
            "pivot": lambda: pivot_of(model),
            "none": lambda: solve(asked, np.zeros_like(begin)),
            "thrice": lambda: solve(asked, 3.0 * begin + 24.0),
            "drawn": lambda: [solve(each, begin) for each in drawn],
            "theirs": lambda: shortage_of(asked.ways, asked.limits, here.year),
        }
    )
    rows = [
        ("the base year as a pivot", seconds(found["pivot"])),
        ("twelve months from no waits", seconds(found["none"])),
        ("twelve months from thrice the waits and a day", seconds(found["thrice"])),
        (f"a perturbed year, mean of {DRAWS} ({max(rounds)} rounds at most)", seconds(found["drawn"] / DRAWS)),
        ("HiGHS: two linear programs a month", seconds(found["theirs"])),
    ]
    head = f"{len(asked.segments)} rows of demand, {len(asked.ways.rank)} ways, {len(asked.limits.kind)} limits"
    return "\n\n".join([table((head, "median"), rows), growth(model), whole_corridors()])


def growth(model: Model) -> str:
    """Return how the solution grows with rows of demand."""
    rows = []
    for count in ROWS:
        ways, limits = generated(count)
        say(f"  {count:,} rows of demand")
        start = np.zeros_like(limits.capacity)
        world = replace(model, ways=ways, limits=limits)
        here = solve(world, start)
        calls: dict[str, Callable[[], object]] = {
            "ours": partial(solve, world, start),
            "theirs": partial(shortage_of, ways, limits, here.year),
        }
        found = medians(calls, FEWEST if count < ROWS[-1] else 1, warm=True)
        tight = float((here.year.load >= 0.999 * limits.capacity).mean())
        rows.append(
            (f"{count:,}", f"{len(ways.rank):,}", f"{len(limits.kind):,}", f"{tight:.0%}", here.rounds,
             seconds(found["ours"]), seconds(found["theirs"]), f"{found['theirs'] / found['ours']:.1f}x")
        )  # fmt: skip
    head = ("rows of demand", "ways", "limits", "full", "rounds", "twelve months", "HiGHS", "times ours")
    return table(head, rows)


def demanding(arcs: int, rows: int, seed: int = 1) -> Corridor:
    """Return a generated corridor with demand from shore to shore, and cranes in its ports that run short."""
    corridor, made = corridors.generated(arcs), corridors.Rows(np.random.default_rng(seed))
    places = corridor.places.rows
    west = [p.id for p in places if p.country in ("cn", "kz")]
    east = [p.id for p in places if p.country in ("az", "ge")]
    asked = 0.0
    for number in range(rows):
        origin, destination = made.rng.choice(west), made.rng.choice(east)
        units = round(float(made.rng.lognormal(6.0, 1.0)))
        asked += units
        made.add(
            Demand, id=f"d{number}", origin=origin, destination=destination, commodity="electronics", form="box-40hc",
            year=2025, month=0, kind="contestable", units=units, tonnes=10.0 * units, basis="pool",
        )  # fmt: skip
    made.add(Choice, id="any", scale=0.02, nest=0.7, reason="drawn")
    made.add(Delay, kind="crane", arrival_scv=1.0, service_scv=1.0, reason="drawn")
    ports = [p.id for p in places if p.gateway]
    room = 3.6 * asked / len(ports)  # nine tenths of the TEU that each crane would move if all were even
    for port in ports:
        crane = f"{port}-crane"
        made.add(
            Resource, id=crane, name=crane, place=port, kind="crane", servers=2.0, capacity=room,
            capacity_unit="TEU/year", capacity_scope="both-ways",
        )  # fmt: skip
        for step in ("yard-to-vessel", "vessel-to-yard"):
            made.add(Use, user=f"{port}-{step}", resource=crane, scope="unit", amount=1.0)
    own = {name: Table(made.rows[noun]) for name, noun in TABLES.items() if noun in made.rows}
    return replace(corridor, **own)


def whole_corridors() -> str:
    """Return how ways and flows of whole corridors take longer with arcs and with rows of demand."""
    found = []
    for arcs in ARCS:
        for count in ROWS[:2]:
            say(f"  {count:,} rows of demand on {arcs:,} arcs")
            corridor = demanding(arcs, count)
            network = compile_network(corridor, months(date(2025, 1, 1), 12))
            model = model_of(network, corridor, 2025)
            begin = np.zeros_like(model.limits.capacity)
            here = solve(model, begin)
            taken = medians(
                {"ways": partial(model_of, network, corridor, 2025), "flows": partial(solve, model, begin)},
                1,
                warm=True,
            )
            tight = float((here.year.load >= 0.999 * model.limits.capacity).mean())
            found.append(
                (f"{network.arcs:,}", f"{count:,}", f"{len(model.ways.rank):,}", f"{len(model.limits.kind):,}",
                 f"{tight:.0%}", seconds(taken["ways"]), here.rounds, seconds(taken["flows"]))
            )  # fmt: skip
    return table(("arcs", "rows of demand", "ways", "limits", "full", "finding ways", "rounds", "twelve months"), found)
