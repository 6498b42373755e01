"""Work beside gives what it gives here, whoever does it, and fails here."""

import multiprocessing
import os
import signal
from functools import partial

import pytest

from transcaspian.io import load
from transcaspian.results.jsonable import dumps
from transcaspian.study.appraise import appraise
from transcaspian.study.beside import Beside

forks = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="nothing is forked here")
"""Work is done here where a system cannot fork, as Windows: there is no other process to look at."""


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_back_with_what_was_said(workers: int) -> None:
    told: list[str] = []
    with Beside(workers, told.append) as beside:

        def work(number: int) -> int:
            beside.say(f"number {number}")
            return number * number

        answers = [beside.begin(partial(work, number)) for number in range(4)]
        assert [answer.value() for answer in answers] == [0, 1, 4, 9]
    assert told == [f"number {n}" for n in range(4)]


@forks
def test_work_is_done_elsewhere() -> None:
    with Beside(2, print) as beside:
        assert beside.begin(os.getpid).value() != os.getpid()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_goes_wrong_is_raised_here(workers: int) -> None:
    def fail() -> None:
        raise ValueError("not so")

    with Beside(workers, print) as beside:
        answer = beside.begin(fail)
        with pytest.raises(ValueError, match="not so"):
            answer.value()


@forks
def test_what_a_lost_process_owes_is_worked_out_here() -> None:
    here = os.getpid()

    def die() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "here"

    with Beside(2, print) as beside:
        assert beside.begin(die).value() == "here"


@forks
def test_nothing_works_on_after_an_interruption() -> None:
    def interrupted() -> None:
        with Beside(2, print) as beside:
            beside.begin(signal.pause)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not multiprocessing.active_children()


def test_an_appraisal_is_the_same_whoever_works() -> None:
    one, two = (
        appraise(load(), "eu-2025", projects=["eu-aktau-port"], under=["red-sea-open"], detail=True, workers=workers)
        for workers in (1, 2)
    )
    assert dumps(one) == dumps(two)
