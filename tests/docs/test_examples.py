"""Every example answers what is written beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.consoles import SCREEN

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(p for p in (ROOT / "examples").glob("*") if p.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_the_example_answers_as_expected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SCREEN.items():
        monkeypatch.setenv(name, value)
    script = folder / "run.py"
    command = [sys.executable, str(script)] if script.exists() else ["sh", str(folder / "run.sh")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert _lines(done.stdout) == _lines(expected)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
