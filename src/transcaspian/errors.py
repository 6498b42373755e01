"""This module owns the exceptions a caller may meet, and the form of a problem.

::

    TranscaspianError
    +-- InputError          the caller's input is wrong: exit code 2, no traceback; holds every Problem at once
    |   +-- DataError       ... in the tables of a dataset
    |   +-- RequestError    ... in a question: unknown place, impossible date, wrong cargo
    |   +-- ScenarioError   ... in a change or a scenario
    +-- NoRouteError        the question is sound and the answer is "none"; names the constraints that cut it
    +-- NotConvergedError   the question is sound and the answer not yet exact enough; holds how far it got

A ``Problem`` says where it is, what was found, and what would be right. Problems are gathered and raised once.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where, what was found, what would be right.

    >>> print(Problem("links", "rail-a-b", "km", "-3", "a length above 0"))
    links, row rail-a-b, column km: found '-3'; right would be a length above 0
    """

    table: str
    row: str
    column: str
    found: str
    right: str

    def __str__(self) -> str:
        where = self.table
        if self.row:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: found {self.found!r}; right would be {self.right}"


class TranscaspianError(Exception):
    """The root of every exception of this library."""


class InputError(TranscaspianError):
    """Raised once with every problem found in the caller's input."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class DataError(InputError):
    """Raised when the tables of a dataset are wrong."""


class RequestError(InputError):
    """Raised when a question is wrong."""


class ScenarioError(InputError):
    """Raised when a change or a scenario is wrong."""


def gathered(*steps: Callable[[], Any]) -> list[Any]:
    """Return what each step gives; if some are refused, raise once, as the first was, with all that is wrong.

    >>> gathered(lambda: 1, lambda: "two")
    [1, 'two']
    """
    found, refused = [], []
    for step in steps:
        try:
            found.append(step())
        except InputError as error:
            refused.append(error)
    if refused:
        raise type(refused[0])(dict.fromkeys(p for error in refused for p in error.problems))
    return found


class NoRouteError(TranscaspianError):
    """Raised when no itinerary is left; ``constraints`` names what cut it."""

    def __init__(self, message: str, constraints: Sequence[str] = ()) -> None:
        self.constraints = tuple(constraints)
        super().__init__(message)


class NotConvergedError(TranscaspianError):
    """Raised when an iteration ends before its goal; ``reached`` is the result so far, to go on from."""

    def __init__(self, message: str, reached: Any) -> None:
        self.reached = reached
        super().__init__(message)


FEW = 20
"""How many names are told where none is near."""


def nearest(name: str, names: Iterable[str], lister: str = "data list TABLE") -> str:
    """Return the valid names nearest to ``name`` as words for an error message.

    Where none is near that is every name if they are few, else the command that lists them.

    >>> nearest("aktua", ["aktau", "alat", "poti"])
    "one of 'aktau'"
    >>> nearest("xyzzy", ["aktau", "alat", "poti"])
    "one of 'aktau', 'alat', 'poti'"
    >>> nearest("xyzzy", map(str, range(1000)), "data list places")
    'none of the 1,000 known names is near; `transcaspian data list places` lists them'
    """
    known = sorted(set(names))
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.65)
    if close or 0 < len(known) <= FEW:
        return "one of " + ", ".join(repr(c) for c in close or known)
    if not known:
        return "nothing: there are none"
    return f"none of the {len(known):,} known names is near; `transcaspian {lister}` lists them"
