"""The command line called in this process."""

import sys
from collections.abc import Callable

import pytest

from transcaspian.cli import main

Cli = Callable[..., tuple[int, str, str]]
"""Words of a command to its exit code, output and errors."""


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Return a call of the command line; whatever it is given, it must not show a traceback."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["transcaspian", *words])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return run
