"""This module owns when two spellings are of one name: case, accents, apostrophes and punctuation do not count."""

import unicodedata

LETTERS = str.maketrans(
    {
        "ə": "e",
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "’": "",
        "'": "",
        "`": "",
        "ʻ": "",
        "-": " ",
        "_": " ",
        ".": " ",
        ",": " ",
        "/": " ",
        "(": " ",
        ")": " ",
    }
)


def plain(text: str) -> str:
    """Return a name without case, accents, apostrophes and punctuation.

    >>> plain("Ələt"), plain("Xi'an"), plain("Constanța")
    ('elet', 'xian', 'constanta')
    """
    folded = text.casefold().translate(LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(bare.split())
