"""This module owns what is asked of draws: the same whoever makes them, and kept one by one."""

import multiprocessing
import pickle
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from transcaspian.errors import RequestError
from transcaspian.io import load
from transcaspian.results.appraisal import RiskResult
from transcaspian.study import risk
from transcaspian.study.appraise import _Study
from transcaspian.study.question import Question
from transcaspian.study.risk import Drawn, Job, drawn


@cache
def job() -> Job:
    study = _Study(load(), Question("eu-2025", projects=("eu-aktau-port",), draws=3), lambda words: None)
    return study.job(study.projects)


@cache
def alone() -> list[Drawn]:
    return drawn(job(), 1, lambda words: None)


def same(one: list[Drawn], other: list[Drawn]) -> bool:
    return all(
        (a.values, a.gap) == (b.values, b.gap)
        and a.held.keys() == b.held.keys()
        and all(np.array_equal(a.held[key], b.held[key]) for key in a.held)
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="workers inherit their models")
def test_workers_make_the_same_draws() -> None:
    assert same(alone(), drawn(job(), 2, lambda words: None))


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    whole = alone()  # before draws are stopped

    def stopped(given: Job, number: int) -> Drawn:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(number)
        return whole[number]

    monkeypatch.setattr(risk, "one_draw", stopped)
    with pytest.raises(KeyboardInterrupt):
        drawn(job(), 1, lambda words: None, tmp_path)
    folder = tmp_path / f"draws-{job().run_id}"
    assert [path.name for path in sorted(folder.iterdir())] == ["00000.npz", "00001.npz"]
    (folder / "00001.npz").write_bytes(b"cut off")
    made.clear()
    assert same(alone(), drawn(job(), 1, lambda words: None, tmp_path))
    assert made == [1, 2]


def test_a_job_can_be_sent() -> None:
    """To another process or machine, where its draws are the same."""
    sent: Job = pickle.loads(pickle.dumps(job()))
    assert same([alone()[1]], [risk.one_draw(sent, 1)])


def test_a_cluster_makes_the_same_draws() -> None:
    distributed = pytest.importorskip("distributed", reason="a cluster is used where Dask is installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert same(alone(), drawn(job(), 1, lambda words: None, cluster=cluster.scheduler_address))


def test_an_address_at_which_nothing_answers_is_said() -> None:
    with pytest.raises(RequestError, match=r"tcp://127\.0\.0\.1:1"):
        drawn(job(), 1, lambda words: None, cluster="tcp://127.0.0.1:1")


def drawings(count: int) -> list[Drawn]:
    """Return draws whose value rises with the overrun."""
    inputs = replace(job(), count=count).inputs()
    return [Drawn((float(row[0]) * 1e6,), {}, 0.0) for row in inputs]


def of(count: int, values: Sequence[float] | None = None) -> RiskResult:
    draws = drawings(count) if values is None else [Drawn((value,), {}, 0.0) for value in values]
    return risk.risk_of(replace(job(), count=count), draws)


def test_what_too_few_draws_cannot_say_is_left_out_and_said() -> None:
    few, some, many = of(19), of(20), of(120)
    assert (few.spreads[0].p5, few.spreads[0].p95, few.spreads[0].positive, few.causes) == (None, None, None, ())
    assert len(few.spreads[0].values) == 19
    assert [note.partition(":")[2].strip() for note in few.notes] == [
        "P5, P95, the chance of a gain and rank correlations need 20 or more",
        "indices need 100 or more",
    ]
    assert some.spreads[0].p5 is not None and len(some.notes) == 1
    assert [cause.total for cause in some.causes] == [None] * len(risk.CAUSES)
    assert next(cause.rank for cause in some.causes if cause.name == "overrun") == 1.0
    assert many.notes == () and all(cause.total is not None for cause in many.causes)


def test_total_indices_that_the_surrogate_cannot_carry_are_not_given() -> None:
    """A value that jumps to and fro is no polynomial of the second degree."""
    wild = np.sin(80 * replace(job(), count=120).inputs()[:, 0])
    found = of(120, wild.tolist())
    assert found.surrogate_error is not None and found.surrogate_error > 0.1
    assert all(cause.total is None and cause.first is not None for cause in found.causes)
    assert "no total indices" in found.notes[0]
