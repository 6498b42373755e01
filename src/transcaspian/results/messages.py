"""This module owns what a command prints as JSON where it does not print an answer."""

from dataclasses import dataclass

from transcaspian.errors import Problem


@dataclass(frozen=True, slots=True)
class Refused:
    """Everything that is wrong with the input; the exit code is 2."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a sound question has no answer, and what cut it; the exit code is 3."""

    reason: str
    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where a file or folder was written."""

    written: str
