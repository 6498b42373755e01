"""This module owns a corridor with the traffic of its roads read from a file: counts in the place of assumptions."""

from dataclasses import replace
from pathlib import Path

from transcaspian.errors import DataError, Problem
from transcaspian.io.tables import Reading
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.rules.projects import ranges, uncounted_sections
from transcaspian.model.rules.references import unknown_references


def with_traffic(corridor: Corridor, path: Path) -> Corridor:
    """Return a corridor with the traffic of its sections read from a CSV file.

    Raises
    ------
    DataError
        With everything that is wrong with the file.
    """
    problems: list[Problem] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem("section_traffic", str(path), "", str(error), "a CSV file in UTF-8")]) from None
    reading = Reading("section_traffic", problems)
    reading.add_csv(text, path.name)
    changed = replace(corridor, section_traffic=Table(reading.rows))
    problems += [] if problems else [*unknown_references(changed), *uncounted_sections(changed), *ranges(changed)]
    if problems:
        raise DataError(problems)
    return changed
