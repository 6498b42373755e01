"""This module owns money and emissions: tariffs, boxes and their return, exchange rates and emission factors."""

from datetime import date
from typing import Literal

from transcaspian.model.corridor.ids import (
    ID_PATTERN,
    CountryId,
    FactorId,
    FormId,
    Grade,
    Group,
    Mode,
    OperatorId,
    PlaceId,
    ServiceId,
    SourceId,
)
from transcaspian.model.schema import column, noun
from transcaspian.units import GramsCO2ePerTkm

Owner = Literal["carrier", "shipper"]
"""Whose box or wagon it is: the carrier's (returned to it) or the shipper's (the shipper's to bring back)."""


@noun("tariffs")
class Tariff:
    """What is charged: a through rate between two places, the rate of a service, or a rate per kilometre."""

    id: str = column("Identifier.", key=True, pattern=ID_PATTERN)
    kind: Literal["through", "service", "distance"] = column(
        "``through``: whole journey, replaces the sum of legs. ``service``: one run of a service. ``distance``: per km."
    )
    service: ServiceId | None = column("Service charged.", ref="services", default=None, applies=("kind", ("service",)))
    origin: PlaceId | None = column(
        "Start of the relation; for a service, where cargo boards, empty for any.",
        ref="places",
        default=None,
        applies=("kind", ("through", "service")),
    )
    destination: PlaceId | None = column(
        "End of the relation; for a service, where cargo leaves, empty for any.",
        ref="places",
        default=None,
        applies=("kind", ("through", "service")),
    )
    product: str | None = column("Product a distance rate is for.", default=None, applies=("kind", ("distance",)))
    country: CountryId | None = column(
        "Country a distance rate is for; empty for any.", ref="countries", default=None, applies=("kind", ("distance",))
    )
    operator: OperatorId | None = column(
        "Operator a distance rate is for; empty for any.",
        ref="operators",
        default=None,
        applies=("kind", ("distance",)),
    )
    form: FormId | None = column("Form charged; empty charges the whole ``group``.", ref="forms", default=None)
    group: Group | None = column("Group of forms charged, where no single form is named.", default=None)
    owner: Owner | None = column("Whose box or wagon; empty for either.", default=None)
    amount: float = column("Charge of one load unit, or of one load unit and km for a distance rate.", low=0)
    currency: str = column("Currency.", pattern="[A-Z]{3}")
    price_year: int = column("Price year.", low=1990, high=2100)
    resource_cost: float | None = column(
        "What it costs the provider, in the same unit; unknown is filled from ``defaults``.", default=None, low=0
    )
    from_date: date | None = column("First day valid.", default=None)
    until_date: date | None = column("First day no longer valid.", default=None)
    includes: str | None = column("What the rate includes beside carriage.", default=None)
    source: SourceId | None = column("Source of the amount.", ref="sources", default=None)
    grade: Grade = column("Trust in the amount.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("tariff_passes")
class TariffPass:
    """A gateway that a through rate is sold over; an itinerary must use all of them."""

    tariff: str = column("Tariff.", key=True, ref="tariffs")
    place: PlaceId = column("Gateway.", key=True, ref="places")


@noun("returns")
class Return:
    """Where an empty box or wagon goes after unloading in a country, and what the paid empty leg costs."""

    country: CountryId = column("Country where it is unloaded.", key=True, ref="countries")
    group: Group = column("Group of forms.", key=True)
    owner: Owner = column("Whose it is.", key=True)
    place: PlaceId = column("Depot or station it is returned to.", ref="places")
    amount: float = column("Charge of one load unit for its return.", low=0)
    currency: str = column("Currency.", pattern="[A-Z]{3}")
    price_year: int = column("Price year.", low=1990, high=2100)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
    note: str | None = column("What a reader should know.", default=None)


@noun("hires")
class Hire:
    """Daily hire of a box, wagon or flat car."""

    group: Group = column("Group of forms.", key=True)
    owner: Owner = column("Whose it is.", key=True)
    amount: float = column("Hire of one load unit and day beyond the free days.", low=0)
    free_days: float = column("Days without charge.", low=0)
    currency: str = column("Currency.", pattern="[A-Z]{3}")
    price_year: int = column("Price year.", low=1990, high=2100)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("exchange_rates")
class ExchangeRate:
    """What one euro bought of a currency, on average over a year."""

    currency: str = column("Currency.", key=True, pattern="[A-Z]{3}")
    year: int = column("Year.", key=True, low=1990, high=2100)
    per_eur: float = column("Units of the currency for one euro.", above=0)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("price_levels")
class PriceLevel:
    """Level of euro prices, to bring amounts to one price year."""

    year: int = column("Year.", key=True, low=1990, high=2100)
    index: float = column("Price level; only ratios between years count.", above=0)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")


@noun("emission_factors")
class EmissionFactor:
    """Greenhouse gas of carrying one tonne of cargo one km, well-to-wheel, in the sense of ISO 14083."""

    id: FactorId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("What the factor was measured on; a proxy is called one.")
    mode: Mode = column("Mode.")
    traction: Literal["diesel", "electric", "mixed"] | None = column(
        "Traction, where the factor is a default for it.", default=None, applies=("mode", ("rail",))
    )
    country: CountryId | None = column(
        "Country of the electricity, where the factor is a default for it.", ref="countries", default=None
    )
    default: bool = column("Whether it serves services of its mode that name no factor.", default=False)
    ttw: GramsCO2ePerTkm | None = column("Tank-to-wheel part.", default=None, low=0, high=2000)
    wtw: GramsCO2ePerTkm = column("Well-to-wheel factor.", low=0, high=2000)
    year: int = column("Year of the factor.", low=1990, high=2100)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
    grade: Grade = column("Trust in the row.", default="U")
