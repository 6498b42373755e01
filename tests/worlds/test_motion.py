"""Small corridors in motion: what a procedure, a depth, a rank or a locomotive does can be worked out on paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.shops import Row, delayed, ran, records, scene, source
from tests.worlds.sketch import COMMODITY, FORM, sketch, with_rows
from transcaspian.kernels.scene import EXPONENTIAL, FIXED, JUMP
from transcaspian.kernels.world import ALIGHT, BOARD, HANDLING, MOVE, PROCEDURE
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.ids import DocumentId, StepId
from transcaspian.model.corridor.service import Wait
from transcaspian.model.corridor.step import Document, StepDocument
from transcaspian.network import Network, compile_network, months
from transcaspian.network.limits import SIZES, limits_of
from transcaspian.results.events import CAUSES
from transcaspian.simulation.loads import Load
from transcaspian.simulation.play import played
from transcaspian.simulation.world import World, world_of


def jumping(probability: float, target: int) -> Row:
    """Return an activity that goes on at another with a probability."""
    return {"kind": JUMP, "mean": probability, "target": target}


def chain_of(network: Network, service: str, kinds: tuple[int, ...]) -> NDArray[np.int32]:
    """Return the arcs of a ride on a service of a sketch of two places, in the order of these kinds."""
    tail, head = network.ends
    board = next(a for a in np.flatnonzero(network.world.kind == BOARD) if rides(network, a) == service)
    alight = next(a for a in np.flatnonzero(network.world.kind == ALIGHT) if rides(network, a) == service)
    found, at = [], tail[board]
    for kind in kinds:
        if kind == HANDLING:  # loaded where the ride begins, unloaded where it ends
            loads = not found
            steps = [n for n in np.flatnonzero(network.world.kind == HANDLING) if tail[n] == at]
            name = "load" if loads else "unload"
            found.append(next(n for n in steps if f"-{name}-" in network.ids.steps[network.step[n]]))
        elif kind == PROCEDURE:
            found.append(next(n for n in np.flatnonzero(network.world.kind == PROCEDURE) if tail[n] == at))
        elif kind == MOVE:
            moves = np.flatnonzero(network.world.kind == MOVE)
            found.append(next(n for n in moves if tail[n] == at and rides(network, n) == service))
        else:
            found.append(board if kind == BOARD else alight)
        at = head[found[-1]]
    return np.array(found, np.int32)


def rides(network: Network, arc: int) -> str:
    """Return the service of an arc."""
    return network.ids.services[network.world.service[arc]]


RIDE = (HANDLING, BOARD, MOVE, ALIGHT, HANDLING)
BORDER = (HANDLING, PROCEDURE, BOARD, MOVE, ALIGHT, HANDLING)


def in_motion(corridor: Corridor, sent: dict[str, float], kinds: tuple[int, ...] = RIDE, **more: Any) -> World:
    """Return a corridor of two places in motion: boxes a month by service, one box a lot."""
    network = compile_network(corridor, months(date(2026, 1, 1), 12))
    loads = []
    for service, boxes in sent.items():
        chain = chain_of(network, service, kinds)
        given: dict[str, Any] = {"origin": "a", "destination": "b", "commodity": COMMODITY, "form": FORM, **more}
        units, sizes = np.full(12, boxes), np.ones((len(chain), len(SIZES)))
        loads.append(Load(demand=service, chain=chain, sizes=sizes, units=units, tonnes=10.0, lot=1.0, **given))
    return world_of(network, corridor, limits_of(network, corridor), loads)


def hours_of(world: World, replications: int = 1) -> dict[str, float]:
    """Return the hours of a mean box by cause."""
    parts = [played(world.play, 1, n)[0] for n in range(replications)]
    spent = np.sum([p.spent.sum(axis=(0, 1)) for p in parts], axis=0)
    return dict(zip(CAUSES, (spent / sum(float(p.units.sum()) for p in parts)).tolist(), strict=True))


# --- papers -----------------------------------------------------------------------------------------------------------


def test_wrong_papers_are_corrected_and_pass_again_until_they_are_right() -> None:
    # A procedure of 2 h, a quarter comes back, a correction takes 10 h: 2 h for three in four, 14 h for three in sixteen,
    # 26 h for three in sixty-four; 2 + 12 / 3 = 6 h in the mean.
    route = [delayed(2.0, FIXED), jumping(0.75, 4), delayed(10.0, FIXED, works=2), jumping(1.0, 0)]
    state, _ = ran(scene([], [route], [source(1.0, 40_000)]))
    passes = np.bincount(records(state)["lot"][records(state)["activity"] == 0])
    assert len(passes) == state.counts[10] == 40_000
    assert (passes == 1).mean() == pytest.approx(3 / 4, abs=0.01)
    assert (passes == 2).mean() == pytest.approx(3 / 16, abs=0.01)
    assert (passes == 3).mean() == pytest.approx(3 / 64, abs=0.005)
    assert records(state)["ended"][records(state)["activity"] == 2].size == (passes - 1).sum()


def test_what_is_drawn_later_does_not_depend_on_papers() -> None:
    # With papers that are all right and papers of which half come back, the same lot has the same run afterwards.
    def runs(right: float) -> NDArray[Any]:
        route = [delayed(2.0), jumping(right, 4), delayed(10.0), jumping(1.0, 0), delayed(5.0, EXPONENTIAL)]
        found = records(ran(scene([], [route], [source(1.0, 2_000)]))[0])
        last = found[found["activity"] == 4]
        return (last["ended"] - last["began"])[np.argsort(last["lot"])]

    assert np.allclose(runs(1.0), runs(0.5), atol=1e-9)


def test_each_round_draws_anew() -> None:
    # Corrections of an exponential 10 h: those of one lot are all different, and their mean is 10 h.
    route = [delayed(1.0, FIXED), jumping(0.2, 4), delayed(10.0), jumping(1.0, 0)]
    found = records(ran(scene([], [route], [source(1.0, 5_000)]))[0])
    corrections = found[found["activity"] == 2]
    hours = corrections["ended"] - corrections["began"]
    assert len(hours) == pytest.approx(4 * 5_000, rel=0.05)
    assert hours.mean() == pytest.approx(10.0, rel=0.05)
    assert len(np.unique(hours.round(9))) > 0.99 * len(hours)


def border(share: float | None, variant: str = "paper", *rows: Any) -> Corridor:
    """Return two places with a border of 2 h between them, where a share of the papers is wrong for 10 h."""
    drawn = sketch("A--24--B", countries={"b": "az"}, border_h={"a-b-rail": 2.0})
    step = replace(drawn.steps[StepId("a-b-rail-papers")], rework=share, correction_h=10.0, variant=variant)
    note = Document(id=DocumentId("note"), name="Consignment note", name_ru="Накладная")
    return with_rows(drawn, step, note, StepDocument(step=step.id, document=note.id), *rows)


def test_papers_that_come_back_show_among_the_causes() -> None:
    # Half of the papers are wrong: as many corrections of 10 h as boxes, and 2 h more of clearing.
    spent = hours_of(in_motion(border(0.5), {"a-b-rail": 400.0}, BORDER))
    assert spent["papers"] == pytest.approx(10.0, rel=0.05)
    assert spent["clearing"] == pytest.approx(4.0, rel=0.05)
    assert spent["moving"] == pytest.approx(24.0)
    # None is wrong, or none is asked for: nothing is done.
    assert hours_of(in_motion(border(0.0), {"a-b-rail": 400.0}, BORDER))["papers"] == 0.0
    unasked = replace(border(0.5), step_documents=type(border(0.5).step_documents)([]))
    world = in_motion(unasked, {"a-b-rail": 400.0}, BORDER)
    assert hours_of(world)["papers"] == 0.0
    assert not (world.play.scene.plan.activities["kind"] == JUMP).any()


def test_a_known_wait_has_what_papers_take_in_it() -> None:
    # 20 h of wait are known of. A fifth of the papers is wrong: a quarter of (10 + 2) h of the 20 h is theirs.
    wait = Wait(target="a-b-rail-papers", month=0, hours=20.0, sd_h=30.0, year=2026)
    spent = hours_of(in_motion(border(0.2, "paper", wait), {"a-b-rail": 2_000.0}, BORDER))
    assert spent["papers"] == pytest.approx(2.5, rel=0.1)
    assert spent["held"] == pytest.approx(17.0, rel=0.05)
    assert spent["papers"] + spent["held"] + spent["clearing"] == pytest.approx(22.0, rel=0.05)
