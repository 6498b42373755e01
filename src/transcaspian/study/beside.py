"""This module owns work beside: what forks of this process work out while it goes on with something else."""

import gc
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Beside:
    """Forked processes, of which ``workers`` work at one time, each on something that was begun.

    A fork has everything that was there when its work began, and only what the work returns comes back: so work must
    not leave anything else behind that is needed, and must not read what other work leaves. Then an answer is the same
    whoever works it out. With one worker, or where nothing can be forked, work is done here when its answer is asked
    for; so is what a fork could not finish, and what went wrong in it is raised here.

    Examples
    --------
    >>> with Beside(2, print) as beside:
    ...     answer = beside.begin(lambda: 6 * 7)
    ...     answer.value()
    42
    """

    def __init__(self, workers: int, progress: Callable[[str], None]) -> None:
        self._progress = progress
        self._pipe: Connection | None = None  # of a fork, to the process that it works for
        self._forks: list[Any] = []
        self._context: Any = None
        if workers > 1 and "fork" in multiprocessing.get_all_start_methods():
            self._context = multiprocessing.get_context("fork")
            self._places = self._context.Semaphore(workers)

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        """End what still works: after an interruption nobody asks for it."""
        for fork in self._forks:
            fork.terminate()
            fork.join()

    def say(self, words: str) -> None:
        """Tell what is done next; what a fork says is told while its answer is waited for."""
        if self._pipe is None:
            self._progress(words)
        else:
            self._pipe.send(words)

    def begin(self, work: Callable[[], T]) -> "Answer[T]":
        """Begin some work, and return its answer to be."""
        if self._context is None:
            return Answer(self, work, None)
        receiver, sender = self._context.Pipe(duplex=False)
        fork = self._context.Process(target=self._forked, args=(work, sender), daemon=True)
        fork.start()
        sender.close()
        self._forks.append(fork)
        return Answer(self, work, receiver)

    def _forked(self, work: Callable[[], Any], pipe: Connection) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that it works for ends it
        gc.freeze()  # what was there stays: looking through it for garbage would copy all of it
        self._pipe, self._forks = pipe, []
        with suppress(Exception):  # the work is done again where its answer is asked for, and fails there
            with self._places:
                found = work()
            pipe.send((found,))


class Answer(Generic[T]):
    """The answer to some work that was begun."""

    def __init__(self, beside: Beside, work: Callable[[], T], pipe: Connection | None) -> None:
        self._beside, self._work, self._pipe = beside, work, pipe

    def value(self) -> T:
        """Return the answer; wait for it, or work it out."""
        if self._pipe is not None:
            with suppress(EOFError):
                while isinstance(heard := self._pipe.recv(), str):
                    self._beside.say(heard)
                found: T = heard[0]
                return found
        return self._work()
