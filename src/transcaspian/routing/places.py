"""This module owns finding a thing by what people call it, in any language or spelling."""

import unicodedata
from functools import lru_cache

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import Corridor

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


@lru_cache(maxsize=8)
def names(corridor_names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return place ids by plain name; the first to claim a name keeps it."""
    found: dict[str, str] = {}
    for name, place in corridor_names:
        found.setdefault(plain(name), place)
    return found


def place_names(corridor: Corridor) -> dict[str, str]:
    """Return every name of every place, plain, with its place id. Ids come first, then names, codes and aliases."""
    rows = corridor.places.rows
    pairs = [(p.id, p.id) for p in rows] + [(p.name, p.id) for p in rows]
    pairs += [(n.name, n.place) for n in corridor.place_names.rows]
    # "Poti port" is also found as "Poti", "Baku (Absheron / Keshla)" as "Baku"; the UN/LOCODE too.
    pairs += [(p.name.split("(")[0].split("/")[0], p.id) for p in rows]
    pairs += [(p.locode, p.id) for p in rows if p.locode]
    return names(tuple(pairs))


def find_place(corridor: Corridor, text: str, field: str) -> tuple[str | None, Problem | None]:
    """Return the id of the place a text names, or the problem with the nearest names."""
    known = place_names(corridor)
    wanted = plain(text)
    if wanted in known:
        return known[wanted], None
    starts = places_beginning(corridor, wanted)
    if len(starts) == 1:
        return starts[0], None
    if starts:
        return None, Problem("request", "", field, text, which_of(corridor, starts))
    titles = {plain(p.name): p.name for p in corridor.places.rows} | {
        n: corridor.places[p].name for n, p in known.items()
    }
    close = nearest(wanted, known)
    for name, title in titles.items():
        close = close.replace(repr(name), repr(title))
    shown = (
        "one of " + ", ".join(dict.fromkeys(close.removeprefix("one of ").split(", ")))
        if close.startswith("one of '")
        else close
    )
    return None, Problem("request", "", field, text, f"a place of the corridor, {shown}")


def places_beginning(corridor: Corridor, text: str) -> list[str]:
    """Return the ids of the places one of whose names begins with the words of a text."""
    wanted = plain(text)
    return sorted({p for name, p in place_names(corridor).items() if wanted and name.startswith(f"{wanted} ")})


def which_of(corridor: Corridor, places: list[str]) -> str:
    """Return the question which of several places is meant."""
    return "one of the places so called: " + ", ".join(repr(corridor.places[place].name) for place in places)


def find_country(corridor: Corridor, text: str) -> str | None:
    """Return the id of the country a text names, or None."""
    wanted = plain(text)
    for country in corridor.countries.rows:
        if wanted in (country.id, plain(country.name), plain(country.name_ru)):
            return country.id
    return None
