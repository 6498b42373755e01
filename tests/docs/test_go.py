"""What ``./go`` says it can do, it can do, and a warm start makes nothing."""

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

from docs import generate

ROOT = Path(__file__).parents[2]
GO = runpy.run_path(str(ROOT / "go"), run_name="go")


def test_alone_it_lists_every_chore() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "go")], capture_output=True, encoding="utf-8", check=True)
    listed = set(re.findall(r"^  \./go ([a-z]+)", done.stdout, re.MULTILINE))
    assert listed >= set(GO["CHORES"])


def test_what_it_advertises_is_whole() -> None:
    asked = [
        shlex.split(line)[1:] for line in GO["HELP"].splitlines() if line.startswith(("  ./go plan", "  ./go app"))
    ]
    assert [words[0] for words in asked] == ["appraise", "plan"]
    for words in asked:
        command = generate.command_tree()
        # Reading the words refuses what is missing or unknown; the README's examples are answered elsewhere.
        next(c for name, c in command if name == (words[0],)).make_context(words[0], words[1:])


def test_a_stamp_holds_only_for_the_very_same_bytes(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not GO["holds"](str(stamp), b"lock")
    GO["write_stamp"](str(stamp), b"lock")
    assert GO["holds"](str(stamp), b"lock")
    assert not GO["holds"](str(stamp), b"lock of another day")
    assert [p.name for p in tmp_path.iterdir()] == ["stamp"]


def test_no_lock_names_an_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
        assert not re.search(r"^-", text, re.MULTILINE), "a lock holds packages, no options"
