"""This module owns units: the marks that say in which unit a number is, and money.

Inside the engines every number is in the unit of its mark: hours, kilometres, tonnes, TEU, kilograms of CO2e
(well-to-wheel) and euros at constant prices. A mark is an annotation, so a marked number stays an ordinary float.

- ``Unit``: the mark itself; ``unit_of(hint)`` reads it from a type hint.
- ``Hours``, ``Km``, ...: floats with a mark.
- ``Money``: an amount with its currency and price year.
"""

from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit a number is given in, as it is printed."""

    symbol: str


Hours = Annotated[float, Unit("h")]
Km = Annotated[float, Unit("km")]
KmPerHour = Annotated[float, Unit("km/h")]
Metres = Annotated[float, Unit("m")]
Millimetres = Annotated[int, Unit("mm")]
Degrees = Annotated[float, Unit("deg")]
Tonnes = Annotated[float, Unit("t")]
Teu = Annotated[float, Unit("TEU")]
KgCO2e = Annotated[float, Unit("kg CO2e")]
KgCO2ePerTonne = Annotated[float, Unit("kg CO2e/t")]
GramsCO2ePerTkm = Annotated[float, Unit("g CO2e/tkm")]
Share = Annotated[float, Unit("share")]
Metric = Annotated[float, Unit("m/km")]


def unit_of(hint: Any) -> str:
    """Return the symbol of the unit marked in a type hint, or an empty string.

    >>> unit_of(Hours), unit_of(Hours | None), unit_of(str)
    ('h', 'h', '')
    """
    if get_origin(hint) is Annotated:
        return next((m.symbol for m in hint.__metadata__ if isinstance(m, Unit)), "")
    return next((symbol for part in get_args(hint) if (symbol := unit_of(part))), "")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money in one currency at the prices of one year.

    >>> print(Money(1100, "USD", 2024))
    1,100 USD (2024)
    """

    amount: float
    currency: str
    price_year: int

    def __str__(self) -> str:
        return f"{self.amount:,.0f} {self.currency} ({self.price_year})"
