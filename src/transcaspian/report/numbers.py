"""This module owns numbers as reports write them in each language: the marks of thousands and decimals."""

from typing import Literal

Language = Literal["en", "ru"]

RUSSIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


def number(value: float, form: str, language: Language) -> str:
    """Return a number, in a format of Python, as a language writes it; what rounds to nothing has no sign.

    >>> number(-1234.56, ",.1f", "en"), number(-0.04, "+.1f", "en"), number(0.5, ".0%", "en")
    ('-1,234.6', '0.0', '50%')
    >>> number(1234.56, "+,.1f", "ru") == "+1\\N{NO-BREAK SPACE}234,6"
    True
    """
    text = format(value, form)
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")
    return text if language == "en" else text.translate(RUSSIAN)
