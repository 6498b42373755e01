"""This module owns the console examples of a page: what is typed, what must come back, and whether it does.

An example stands in a fenced block of the language ``console``: a line that begins with ``$ ./go`` is typed (a
backslash carries it on), the lines below are the answer. Three dots stand for anything. Other commands than ``./go``
are read over.

It is a program too, with nothing but the standard library, so that an installed wheel is held to the same page::

    python consoles.py PROGRAM PAGE...
"""

import difflib
import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMPT = "$ ./go "
SCREEN = {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Example:
    """One command on a page and the answer printed under it."""

    page: str
    line: int
    arguments: tuple[str, ...]
    answer: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def examples(name: str, text: str) -> list[Example]:
    r"""Return the examples of a page in the order they stand.

    >>> examples("page.md", "```console\n$ ./go plan 'a b' \\\n  c\nby rail\n```\n")
    [Example(page='page.md', line=2, arguments=('plan', 'a b', 'c'), answer='by rail\n')]
    """
    found = []
    for block in BLOCK.finditer(text):
        first = text[: block.start()].count("\n") + 2
        found += _commands(name, first, block.group(1).splitlines())
    return found


def _commands(name: str, first: int, lines: Sequence[str]) -> list[Example]:
    """Return the examples of one block whose first line has the number ``first``."""
    found: list[Example] = []
    typed, answer, at = "", list[str](), first
    for number, line in enumerate([*lines, "$ "], first):
        if typed.endswith("\\"):
            typed = typed[:-1] + line
        elif line.startswith("$ "):
            if typed.startswith(PROMPT):
                text = "".join(part.rstrip() + "\n" for part in answer).rstrip("\n")
                arguments = tuple(shlex.split(typed[len(PROMPT) :]))
                found.append(Example(name, at, arguments, text + "\n" if text else ""))
            typed, answer, at = line, [], number
        else:
            answer.append(line)
    return found


def difference(example: Example, program: str) -> str:
    """Run an example and return how its answer differs from the page, or nothing."""
    command = [program, *example.arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, **SCREEN}, check=False)
    got = "".join(line.rstrip() + "\n" for line in done.stdout.rstrip().splitlines())
    if done.returncode:
        return f"exit code {done.returncode}\n{got}{done.stderr}"
    if not example.answer or doctest.OutputChecker().check_output(example.answer, got, doctest.ELLIPSIS):
        return ""
    lines = difflib.unified_diff(example.answer.splitlines(), got.splitlines(), "on the page", "answered", lineterm="")
    return "\n".join(lines)


def main(program: str, pages: Sequence[str]) -> int:
    """Run every example of the pages and return 0 if there are some and all answer as printed."""
    found = [e for page in pages for e in examples(page, Path(page).read_text(encoding="utf-8"))]
    wrong = {str(e): said for e in found if (said := difference(e, program))}
    for where, said in wrong.items():
        sys.stdout.write(f"{where}: the answer differs\n{said}\n")
    sys.stdout.write(f"{len(found)} console examples, {len(wrong)} differ\n")
    return int(bool(wrong) or not found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
