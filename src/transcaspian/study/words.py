"""This module owns what a person types for a number: a rate, an amount of money."""

from transcaspian.errors import Problem, RequestError


def share_of(text: str) -> float | str:
    """Return a rate as a share, or the text itself where it names an institution.

    >>> share_of("5%"), share_of("0.055"), share_of("kazakhstan")
    (0.05, 0.055, 'kazakhstan')
    """
    percent = text.strip().endswith("%")
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        return text
    return number / 100.0 if percent else number


def amount_of(text: str) -> float:
    """Return an amount of money in words as a number.

    Raises
    ------
    RequestError
        If it is none.

    >>> amount_of("500M"), amount_of("1.5bn")
    (500000000.0, 1500000000.0)
    """
    for unit, factor in (("bn", 1e9), ("M", 1e6), ("m", 1e6), ("k", 1e3), ("", 1.0)):
        number = text.strip().removesuffix(unit)
        if text.strip().endswith(unit) and number.replace(".", "", 1).isdigit():
            return float(number) * factor
    raise RequestError([Problem("request", "", "budget", text, "an amount such as 500M, 1.5bn or 45000000")])
