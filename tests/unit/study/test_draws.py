"""This module owns what is asked of draws: the same whoever makes them, and kept one by one."""

import multiprocessing
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcaspian.appraisal.sums import worth_of
from transcaspian.errors import RequestError
from transcaspian.io import load
from transcaspian.model.corridor.ids import CountryId
from transcaspian.model.corridor.project import OtherTrains
from transcaspian.results.appraisal import RiskResult
from transcaspian.study import risk
from transcaspian.study.appraise import _Study
from transcaspian.study.question import Question
from transcaspian.study.risk import Drawn, Job, drawn

Values = NDArray[np.float64]


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


def worth(inputs: Values, made: Values) -> Values:
    """Return the net present values of the numbers drawn, where years give ``made``."""
    return worth_of(job().cases[0][0], job().terms, job().rate, made, risk.late_of(job(), inputs))


def of(count: int, given: Callable[[Values], Values] = lambda inputs: np.zeros(len(inputs))) -> RiskResult:
    """Return what draws say in which every year gives the same, (draw,) of the numbers drawn [EUR]."""
    inputs = replace(job(), count=count).inputs()
    made = np.zeros((count, len(job().years), 2))
    made[:, :, 0] = given(inputs)[:, None]
    values = worth(inputs, made).tolist()
    draws = [Drawn((value,), {}, 0.0, own[None]) for value, own in zip(values, made, strict=True)]
    return risk.risk_of(replace(job(), count=count), draws)


def test_a_draw_is_worth_what_its_years_are_put_together_to() -> None:
    """What is worked out by the thousand for the indices is what the cash flow of a draw gives."""
    made = np.array([draw.made[0] for draw in alone()])
    values = [draw.values[0] for draw in alone()]
    np.testing.assert_allclose(worth(job().inputs(), made), values, rtol=1e-12)
    assert len({round(delay) for delay in risk.late_of(job(), job().inputs()).delay.tolist()}) > 1


def test_a_draw_with_trains_of_others_is_too() -> None:
    """They come late with their project, and there are as many more or fewer of them as of all other traffic."""
    row = OtherTrains(
        project="eu-aktau-port", seq=1, name="coal", country=CountryId("kz"), year=2025, pairs=3.0, growth=0.02,
        km=100.0, hours=5.0, carbon=3.0, tonnes=1000.0,
    )  # fmt: skip
    case, names = job().cases[0]
    helped = replace(job(), cases=((replace(case, trains={2028: (row,)}), names),))
    draw = risk.one_draw(helped, 1)
    late = risk.late_of(helped, helped.inputs()[1:2])
    found = worth_of(helped.cases[0][0], helped.terms, helped.rate, draw.made[0][None], late)
    np.testing.assert_allclose(found, draw.values[0], rtol=1e-12)
    assert draw.values[0] > alone()[1].values[0] + 1e6


def test_what_is_arithmetic_given_the_draw_is_not_guessed() -> None:
    """Years that give hours alone leave the surrogate nothing to miss, whatever overrun, delay and an hour's worth do."""
    place = risk.PLACE["time-worth"]
    found = of(120, lambda inputs: 2e6 * risk._quantile(job().terms, "time-worth", inputs[:, place]))
    assert found.surrogate_error == pytest.approx(0.0, abs=1e-9)
    total = {cause.name: cause.total for cause in found.causes}
    matter = ("overrun", "delay", "time-worth")
    assert [name for name, share in total.items() if share is not None and share > 1e-9] == list(matter)
    assert sum(total[name] or 0.0 for name in matter) == pytest.approx(1.0, abs=0.1)


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
    assert next(cause.rank for cause in some.causes if cause.name == "overrun") == -1.0
    assert many.notes == () and all(cause.total is not None for cause in many.causes)


def test_total_indices_that_the_surrogate_cannot_carry_are_not_given() -> None:
    """What jumps to and fro with demand is like nothing that is near; what is arithmetic needs no surrogate."""
    found = of(120, lambda inputs: 1e7 * np.sin(80 * inputs[:, risk.PLACE["demand-error"]]))
    assert found.surrogate_error is not None and found.surrogate_error > 0.1
    assert all((cause.total is None) == (cause.name in risk.SOLVED) for cause in found.causes)
    assert all(cause.first is not None for cause in found.causes) and "no total indices" in found.notes[0]


def test_total_indices_of_what_is_arithmetic_are_those_of_many_more_draws() -> None:
    """Delay takes from what demand gives: part of its index is with demand, and none of it is guessed."""

    def given(inputs: Values) -> Values:
        return 2e7 * inputs[:, risk.PLACE["demand-error"]]

    found = {cause.name: cause.total for cause in of(400, given).causes}
    many, names = 20_000, ("overrun", "delay", "carbon-factor")
    first, second = (np.random.default_rng(n).random((many, len(risk.CAUSES))) for n in (1, 2))

    def value(inputs: Values) -> Values:
        made = np.zeros((many, len(job().years), 2))
        made[:, :, 0] = given(inputs)[:, None]
        return worth(inputs, made)

    for name in names:
        other = first.copy()
        other[:, risk.PLACE[name]] = second[:, risk.PLACE[name]]
        right = 0.5 * np.mean((value(first) - value(other)) ** 2) / value(first).var()
        assert found[name] == pytest.approx(right, abs=0.03), name
    assert found["delay"] is not None and found["delay"] > 0.02 and found["carbon-factor"] == 0.0
