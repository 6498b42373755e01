"""This module owns what is carried: forms, commodities and how much of a commodity a form holds."""

from transcaspian.model.corridor.ids import ID_PATTERN, CommodityId, FormId, Grade, Group, SourceId
from transcaspian.model.schema import column, noun
from transcaspian.units import Metres, Share, Teu, Tonnes


@noun("forms")
class Form:
    """What is handled: a container, wagon, truck or parcel of bulk, with its size in every capacity dimension."""

    id: FormId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name.")
    group: Group = column("Forms of a group are handled alike.")
    teu: Teu = column("Twenty-foot equivalents; 0 where it is not a container.", low=0, high=3)
    lane_m: Metres = column("Lane metres on a deck.", low=0, high=40)
    wagons: float = column("Wagons it fills.", low=0, high=2)
    moves: float = column("Crane moves to lift it once.", low=0, high=4)
    tare_t: Tonnes = column("Own weight, empty.", low=0, high=60)
    payload_max_t: Tonnes = column("Largest net load.", low=0, high=20000)
    gross_max_t: Tonnes = column("Largest gross weight.", low=0, high=20000)
    consignments: float = column(
        "Consignments, as border procedures count and charge them, in one load unit.", default=1.0, above=0, high=10
    )
    loaded: bool = column("Whether it holds cargo.", default=True)
    bulk: bool = column("Whether the goods lie loose in it, so that there are no packages to list.", default=False)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)


@noun("commodities")
class Commodity:
    """A kind of goods, with what its time and loss are worth."""

    id: CommodityId = column("Identifier.", key=True, pattern=ID_PATTERN)
    name: str = column("Name in English.")
    name_ru: str | None = column("Name in Russian.", default=None)
    nst: str | None = column("NST 2007 division.", default=None, pattern="[0-9]{2}")
    hs: str | None = column("Harmonized System chapter or heading.", default=None)
    value: float = column("Value of a tonne.", above=0)
    currency: str = column("Currency of the value.", pattern="[A-Z]{3}")
    price_year: int = column("Price year of the value.", low=1990, high=2100)
    time_share_per_day: Share = column("Cost of a day in transit as a share of the value.", low=0, high=0.1)
    insurance_share: Share = column("Insurance of the whole journey as a share of the value.", low=0, high=0.1)
    critical: bool = column("Whether it is a critical raw material of the EU.", default=False)
    dangerous: bool = column("Whether it is dangerous goods.", default=False)
    plant: bool = column("Whether it needs plant health papers.", default=False)
    source: SourceId | None = column("Source of the value.", ref="sources", default=None)
    grade: Grade = column("Trust in the value.", default="U")


@noun("loads")
class Load:
    """How many tonnes of a commodity one unit of a form holds."""

    commodity: CommodityId = column("Commodity.", key=True, ref="commodities")
    form: FormId = column("Form.", key=True, ref="forms")
    tonnes: Tonnes = column("Net tonnes in one unit.", above=0, high=20000)
    source: SourceId | None = column("Source of the row.", ref="sources", default=None)
