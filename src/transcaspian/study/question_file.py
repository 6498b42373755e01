"""This module owns study files: a question of ``appraise`` in TOML, with the data and the program that answered it.

``program`` is the version, ``dataset`` the id of the corridor (with the counts of ``traffic``, if there are any), and
``scenarios`` has the id of each that is used, so that a file of changes is pinned too. Everything else is a term of the
question; what is left out is as without the option. Another dataset, program or scenario is refused: the answer would
be another one.
"""

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcaspian import __version__
from transcaspian.errors import DataError, InputError, Problem, RequestError, nearest
from transcaspian.io.traffic import with_traffic
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.scenario import scenario_id
from transcaspian.results.writing import whole
from transcaspian.study.question import Question, minimum_of, problems_of, scenarios_of
from transcaspian.study.scenarios import resolve
from transcaspian.study.words import amount_of, share_of

PINS = ("program", "dataset", "traffic", "scenarios")
"""Keys that say what was asked of, beside those that say what was asked."""

_TEXT = "text in quotes"
_LIST = 'a list of texts, such as ["eu-aktau-port"]'
_FLAG = "true or false"
_COUNT = "a whole number"


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class _Term:
    """A key of a file: the attribute of the question it is, whether a value can be one, and what would be right."""

    attribute: str
    fits: Callable[[Any], bool]
    right: str


TERMS = {
    "package": _Term("package", _text, _TEXT),
    "projects": _Term("projects", _texts, _LIST),
    "rate": _Term("rate", lambda v: _text(v) or _number(v), "a share, or an institution in quotes"),
    "minimum": _Term("minimum", _text, _TEXT),
    "leave-out": _Term("leave_out", _texts, _LIST),
    "response": _Term("respond", _flag, _FLAG),
    "candidates": _Term("candidates", _flag, _FLAG),
    "under": _Term("under", _texts, _LIST),
    "draws": _Term("draws", _count, _COUNT),
    "seed": _Term("seed", _count, _COUNT),
    "portfolio": _Term("portfolio", _flag, _FLAG),
    "budget": _Term("budget", lambda v: _text(v) or _number(v), 'EUR, or an amount in quotes such as "500M"'),
}
"""Every term of a question by its key: that of the option of the command line."""


def write_question(path: Path, corridor: Corridor, asked: Question, traffic: Path | None = None) -> None:
    """Write a question with what pins its answer, whole or not at all.

    Raises
    ------
    RequestError
        With everything that is wrong with the question.
    """
    problems = problems_of(corridor, asked)
    if problems:
        raise RequestError(problems)
    lines = [f"program = {_toml(__version__)}", f"dataset = {_toml(corridor_id(corridor))}"]
    if traffic is not None:
        lines.append(f"traffic = {_toml(Path(os.path.relpath(traffic, path.parent)).as_posix())}")
    plain = Question(asked.package)
    for key, term in TERMS.items():
        value = getattr(asked, term.attribute)
        if key == "package" or value != getattr(plain, term.attribute):
            lines.append(f"{key} = {_toml(list(value) if isinstance(value, tuple) else value)}")
    lines += ["", "[scenarios]", *(f"{_toml(k)} = {_toml(v)}" for k, v in _pinned(corridor, asked).items())]
    with whole(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    """Return a value in TOML: texts, numbers and lists of texts are written there as in JSON."""
    return json.dumps(value, ensure_ascii=False)


def _pinned(corridor: Corridor, asked: Question) -> dict[str, str]:
    """Return the id of every scenario of a question, by the name it is asked by."""
    minimum = asked.minimum or corridor.packages[asked.package].minimum or "base"
    found = {minimum: scenario_id(corridor, minimum_of(corridor, asked))}
    return found | {name: scenario_id(corridor, resolve(corridor, name)) for name in scenarios_of(corridor, asked)}


def read_question(path: Path, corridor: Corridor) -> tuple[Corridor, Question]:
    """Return the question of a file, and the corridor that it is asked of: with the traffic that the file names.

    Raises
    ------
    RequestError
        With everything that is wrong with the file or the question at once: keys, values, another dataset or program.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        right = "a study file that can be read, or the id of a package"
        raise RequestError([Problem("study", str(path), "", str(error.strerror), right)]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RequestError([Problem("study", str(path), "", str(error), "a file in TOML")]) from None
    keys = (*PINS, *TERMS)
    problems = [Problem("study", str(path), k, k, f"a key: {nearest(k, keys)}") for k in content if k not in keys]
    corridor = _counted(path, content, corridor, problems)
    asked = _asked(path, content, problems)
    problems += _unpinned(path, content, corridor)
    if asked is not None:
        wrong = problems_of(corridor, asked)
        problems += wrong or _other_scenarios(path, content.get("scenarios"), _pinned(corridor, asked))
    if problems or asked is None:
        raise RequestError(problems)
    return corridor, asked


def _counted(path: Path, content: Mapping[str, Any], corridor: Corridor, problems: list[Problem]) -> Corridor:
    """Return the corridor with the traffic that a file names, if it names any; a path is seen from the file."""
    traffic = content.get("traffic")
    if traffic is None:
        return corridor
    if not isinstance(traffic, str):
        problems.append(Problem("study", str(path), "traffic", str(traffic), "the path of a CSV file in quotes"))
        return corridor
    try:
        return with_traffic(corridor, path.parent / traffic)
    except DataError as error:
        problems += error.problems
        return corridor


def _asked(path: Path, content: Mapping[str, Any], problems: list[Problem]) -> Question | None:
    """Return the question of a file; None with its problems noted where a value cannot be one."""
    found: dict[str, Any] = {}
    before = len(problems)
    if "package" not in content:
        problems.append(Problem("study", str(path), "package", "", "the id of a package in quotes"))
    for key, term in TERMS.items():
        if key not in content:
            continue
        value = content[key]
        if not term.fits(value):
            problems.append(Problem("study", str(path), key, str(value), term.right))
            continue
        try:
            found[term.attribute] = _value(key, value)
        except InputError as error:
            problems += [Problem("study", str(path), key, p.found, p.right) for p in error.problems]
    return Question(**found) if len(problems) == before else None


def _value(key: str, value: Any) -> Any:
    """Return a value of a file as the question has it."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and key in ("rate", "budget"):
        return share_of(value) if key == "rate" else amount_of(value)
    return float(value) if key in ("rate", "budget") else value


def _unpinned(path: Path, content: Mapping[str, Any], corridor: Corridor) -> list[Problem]:
    """Return what the file says of data and program that does not hold here."""
    here = {"program": (__version__, "version"), "dataset": (corridor_id(corridor), "dataset")}
    return [
        Problem(
            "study", str(path), key, str(content.get(key, "")), f"'{now}', the {words} here; --save makes a new file"
        )
        for key, (now, words) in here.items()
        if content.get(key) != now
    ]


def _other_scenarios(path: Path, given: Any, here: Mapping[str, str]) -> list[Problem]:
    """Return scenarios that are no longer what the file says they are."""
    listed = given if isinstance(given, dict) else {}
    found = [
        Problem("study", str(path), "scenarios", f"{name} = {listed.get(name, '')}", f"'{id_}', what it is here")
        for name, id_ in here.items()
        if listed.get(name) != id_
    ]
    return found + [
        Problem("study", str(path), "scenarios", str(name), f"one that is asked for: {nearest(str(name), here)}")
        for name in listed
        if name not in here
    ]
