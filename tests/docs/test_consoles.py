"""What is typed on a page gives what is printed under it."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.docs import consoles

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EXAMPLES = [e for p in PAGES for e in consoles.examples(str(p.relative_to(ROOT)), p.read_text(encoding="utf-8"))]


def program() -> str:
    """Return the command line installed beside this Python, or found on the path."""
    found = shutil.which("transcaspian", path=str(Path(sys.executable).parent)) or shutil.which("transcaspian")
    assert found, "the command line is not installed"
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_answer_is_the_one_printed(example: consoles.Example) -> None:
    said = consoles.difference(example, program())
    assert not said, said


def test_the_readme_asks_for_an_appraisal_first_and_a_plan_next() -> None:
    asked = [e.arguments[0] for e in EXAMPLES if e.page == "README.md" and e.answer]
    assert asked[:2] == ["appraise", "plan"]


def test_a_wrong_answer_is_found() -> None:
    example = consoles.Example("page.md", 1, ("-c", "print('by rail')"), "by ...\nby sea\n")
    assert "+by rail" in consoles.difference(example, sys.executable)
    assert not consoles.difference(consoles.Example("page.md", 1, example.arguments, "by ...\n"), sys.executable)
