"""This module owns how far numbers can be trusted: sources, evidence for single values, and the table of defaults."""

from datetime import date
from typing import Any, Literal

from transcaspian.model.corridor.ids import ID_PATTERN, Grade, SourceId
from transcaspian.model.schema import column, noun

Trust = Literal["measured", "derived", "assumed"]
"""How far a row can be trusted."""


def trust_of(row: Any) -> Trust:
    """Return how far a row can be trusted, by its source and grade: the one meaning of "assumed" everywhere.

    Measured has a source and is graded H or M, derived has a source and is graded L; all else is assumed.

    >>> trust_of(Evidence(table="links", id="rail-a-b", attribute="km", source="atlas", grade="L"))
    'derived'
    """
    grade = getattr(row, "grade", "M")
    if getattr(row, "source", None) is None or grade == "U":
        return "assumed"
    return "derived" if grade == "L" else "measured"


@noun("sources")
class Source:
    """Where figures come from. A row's file, and so its licence, follows the licence of its source."""

    id: SourceId = column("Identifier.", key=True, pattern=ID_PATTERN)
    publisher: str = column("Who published it.")
    title: str = column("What it is.")
    date: str | None = column(
        "Date of publication, as far as known.", default=None, pattern="[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
    )
    url: str | None = column("Where it was read.", default=None)
    licence: str = column("SPDX id of the licence rows derived from it carry.", default="CC-BY-4.0")
    grade: Grade = column("Trust in the source.", default="M")


@noun("evidence")
class Evidence:
    """A value that is uncertain or needs a source of its own: its range, shape and reason."""

    table: str = column("Table of the value.", key=True)
    id: str = column("Key of its row.", key=True)
    attribute: str = column("Attribute.", key=True)
    low: float | None = column("Low end (P5 where a shape is given).", default=None)
    high: float | None = column("High end (P95 where a shape is given).", default=None)
    shape: Literal["triangle", "uniform", "lognormal", "beta", "fixed"] = column(
        "Shape of the distribution.", default="triangle"
    )
    group: str | None = column("Values of a group are drawn together.", default=None, pattern=ID_PATTERN)
    source: SourceId | None = column("Source of the value.", ref="sources", default=None)
    grade: Grade = column("Trust in the value.", default="U")
    reason: str | None = column("Why the value or range is what it is; an assumption must say.", default=None)


@noun("defaults")
class Default:
    """The only place where a missing value is filled, at compile; each is an assumption with a range."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    table: str = column("Table it fills.")
    attribute: str = column("Attribute it fills.")
    mode: str | None = column("Mode it is for; empty for any.", default=None)
    product: str | None = column("Product of a service it is for; empty for any.", default=None)
    kind: str | None = column(
        "Kind of a row (step, resource, tariff), or variant of a procedure; empty for any.", default=None
    )
    group: str | None = column("Group of forms it is for; empty for any.", default=None)
    gauge: int | None = column("Gauge it is for; empty for any.", default=None)
    tracks: int | None = column("Tracks it is for; empty for any.", default=None)
    terrain: str | None = column("Terrain it is for; empty for any.", default=None)
    country: str | None = column("Country it is for; empty for any.", default=None)
    value: float = column("Value.")
    unit: str = column("Unit of the value.")
    low: float | None = column("Low end of its range.", default=None)
    high: float | None = column("High end of its range.", default=None)
    source: SourceId | None = column("Source, if one supports it.", ref="sources", default=None)
    reason: str = column("Why this value.")
    reason_ru: str | None = column("The same in Russian.", default=None)


@noun("series")
class Series:
    """What a series of ``observations`` is called in words: what was counted, and by whom where several do."""

    id: str = column("The series, as ``observations`` has it.", key=True)
    name: str = column("Name in English.")
    name_ru: str | None = column("Name in Russian.", default=None)


@noun("observations")
class Observation:
    """A published measurement, kept on its own basis; series of different bases are never added."""

    series: str = column("Series: what was measured, where, on which basis.", key=True)
    period: str = column("Period measured, as published.", key=True)
    source: SourceId = column("Source.", key=True, ref="sources")
    value: float = column("Value.")
    unit: str = column("Unit.")
    role: Literal["input", "calibration", "validation", "bound"] = column(
        "What the model uses it for; a bound is the most that somebody else takes for possible, in any year."
    )
    low: float | None = column("Low end of the range that was published or follows from it.", default=None)
    high: float | None = column("High end of the range.", default=None)
    counter: str | None = column("Query over results that counts on the same basis.", default=None)
    grade: Grade = column("Trust in the value.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("about")
class About:
    """What the dataset is: one row."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    title: str = column("Title.")
    version: str = column("Version of the dataset.")
    format: int = column("Version of the file format.", low=1)
    base_year: int = column("Year that waits and volumes describe.", low=1990, high=2100)
    price_year: int = column("Price year of results, in EUR.", low=1990, high=2100)
    released: date = column("Day of release.")
