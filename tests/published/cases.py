"""The folder of worked cost-benefit cases that stands beside the checkout; nothing of it is part of this project.

``TRANSCASPIAN_CASES`` names another folder. Without one the tests say so and are skipped.
"""

import csv
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("TRANSCASPIAN_CASES", Path(__file__).parents[3] / "shared/facts/cba-cases"))


def case(name: str) -> Path:
    """Return a file or folder of the cases, or skip the test."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the worked case {name} is not at {FOLDER}; TRANSCASPIAN_CASES names its folder")
    return path


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the cases."""
    with case(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
