"""This module owns what is done to cargo at a place: handlings, procedures, the crossings they make up, and papers."""

from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    CalendarId,
    CountryId,
    CrossingId,
    DocumentId,
    FormId,
    Grade,
    Group,
    Mode,
    OperatorId,
    PlaceId,
    SourceId,
    State,
    StepId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import Hours, KgCO2e, Share


@noun("steps")
class Step:
    """A handling, which takes cargo from one state to another, or a procedure, which leaves its state as it is."""

    id: StepId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name a shipper would know.")
    name_ru: str | None = column("Name in Russian.", default=None)
    place: PlaceId = column("Place.", ref="places")
    kind: Literal["handling", "procedure"] = column("Whether it moves the cargo or its papers.")
    from_state: State | None = column("State before.", default=None, applies=("kind", ("handling",)))
    to_state: State | None = column("State after.", default=None, applies=("kind", ("handling",)))
    group: Group | None = column("Group of forms it serves; empty serves all.", default=None)
    to_group: Group | None = column(
        "Group of forms after, where the form changes: stuff, strip, transload; tonnes are conserved.",
        default=None,
        applies=("kind", ("handling",)),
    )
    form: FormId | None = column(
        "The one form of its groups it can work on: the wagon it stuffs from or strips into; empty is any.",
        ref="forms",
        default=None,
        applies=("kind", ("handling",)),
    )
    basis: Literal["service", "elapsed"] = column("Basis of ``hours``: hands on only, or as observed with its queue.")
    hours: Hours = column("Mean time for one lot (``batch`` units).", low=0, high=2000)
    scv: float | None = column(
        "Squared coefficient of variation; unknown is filled from ``defaults``.", default=None, low=0, high=25
    )
    hours_min: Hours = column("Shortest time.", default=0.0, low=0, high=2000)
    batch: float = column("Load units done together in ``hours``.", default=1.0, above=0)
    price: float | None = column(
        "Price of one load unit; empty is not published, 0 is included elsewhere.", default=None, low=0
    )
    resource_cost: float | None = column("What one load unit costs the provider.", default=None, low=0)
    currency: str | None = column("Currency.", default=None, pattern="[A-Z]{3}")
    price_year: int | None = column("Price year.", default=None, low=1990, high=2100)
    kgco2e: KgCO2e | None = column(
        "Emissions of one load unit; unknown is filled from ``defaults``.", default=None, low=0, high=5000
    )
    variant: Literal["paper", "digital"] | None = column(
        "Procedure on paper or on data; the corridor runs one of them.", default=None, applies=("kind", ("procedure",))
    )
    rework: Share | None = column(
        "Share of consignments whose papers turn out wrong and pass again once corrected; unknown is filled from "
        "``defaults``, by variant.",
        default=None,
        low=0,
        high=0.9,
        applies=("kind", ("procedure",)),
    )
    correction_h: Hours | None = column(
        "Mean time until wrong papers are corrected; unknown is filled from ``defaults``, by variant.",
        default=None,
        low=0,
        high=2000,
        applies=("kind", ("procedure",)),
    )
    calendar: CalendarId | None = column("When it works; empty is always.", ref="calendars", default=None)
    operator: OperatorId | None = column("Who does it.", ref="operators", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("crossings")
class Crossing:
    """A border, port or gauge point as a series of steps, in one direction; every engine reads this one definition."""

    id: CrossingId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    place: PlaceId = column("Place.", ref="places")
    mode: Mode = column("Mode of the cargo that crosses.")
    from_country: CountryId = column("Country it leaves.", ref="countries")
    to_country: CountryId = column("Country it enters.", ref="countries")
    status: Literal["open", "planned", "closed"] = column(
        "Whether it can be crossed; a change may open it.", default="open"
    )
    reason: str | None = column("Why it is not open.", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("stages")
class Stage:
    """A step in the series of a crossing; procedures are compulsory, handlings say where the procedures stand."""

    crossing: CrossingId = column("Crossing.", key=True, ref="crossings")
    seq: int = column("Order.", key=True, low=1)
    step: StepId = column("Step.", ref="steps")


@noun("documents")
class Document:
    """A paper or data set that a step asks for."""

    id: DocumentId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name in English.")
    name_ru: str = column("Name in Russian.")
    goods: Literal["all", "dangerous", "plants", "packed"] = column(
        "Goods it is asked for; packed is all that does not travel in bulk.", default="all"
    )
    carrier: Literal["all", "ferry"] = column(
        "Carrier it is asked for; ferry is what crosses on wagons or wheels, by rail ferry or ro-ro.", default="all"
    )
    basis: str | None = column("Convention or law that asks for it.", default=None)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("step_documents")
class StepDocument:
    """A document that a step asks for."""

    step: StepId = column("Step.", key=True, ref="steps")
    document: DocumentId = column("Document.", key=True, ref="documents")
