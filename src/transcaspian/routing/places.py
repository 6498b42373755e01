"""This module owns finding a thing by what people call it, in any language or spelling."""

from transcaspian.errors import Problem, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.spelling import plain


def find_place(corridor: Corridor, text: str, field: str) -> tuple[str | None, Problem | None]:
    """Return the id of the place a text names, or the problem with the nearest names."""
    known = corridor.places_by_name
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
    return sorted({p for name, p in corridor.places_by_name.items() if wanted and name.startswith(f"{wanted} ")})


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
