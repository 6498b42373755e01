"""This module owns the question: what is sent, from where to where, when, and under which constraints.

``ask`` turns what a person writes into a ``Request``, with every problem at once.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from transcaspian.errors import Problem, RequestError, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.price import Owner
from transcaspian.model.spelling import plain
from transcaspian.network.doors import ACCESS_KM, nearest_place, too_far
from transcaspian.routing.places import find_country, find_place, places_beginning, which_of

Prefer = Literal["value", "fast", "cheap", "green", "sure"]
PREFERENCES: tuple[Prefer, ...] = ("value", "fast", "cheap", "green", "sure")
"""``value`` weighs time by what it costs the goods: total logistics cost."""

MODES = ("rail", "road", "sea", "waterway", "pipeline")
GAUGE_BREAK = "gauge-break"
FEWEST_DRAWS = 100

SHORT_FORMS = {
    "20": "box-20",
    "20dc": "box-20",
    "20gp": "box-20",
    "40": "box-40",
    "40dc": "box-40",
    "40gp": "box-40",
    "40hc": "box-40hc",
    "40hq": "box-40hc",
    "45hc": "box-45hc",
    "45": "box-45hc",
    "teu": "box-20",
    "feu": "box-40",
    "truck": "truck-20t",
    "wagon": "wagon-covered",
    "hopper": "wagon-hopper",
    "tank": "wagon-tank",
}
"""What forwarders write for a form."""

CARGO = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:x|х|×|\s)\s*([\w-]+)\s*", re.IGNORECASE)
TONNES = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:t|т|tonnes?)\s*", re.IGNORECASE)
POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)\s*")


Verb = Literal["avoid", "without", "require"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something an answer must avoid, do without or pass; ``kind`` says what ``target`` is an id of."""

    verb: Verb
    kind: Literal["place", "country", "mode", "operator", "service", "link", "gauge-break"]
    target: str
    text: str

    def __str__(self) -> str:
        return f"{self.verb} {self.text}"


@dataclass(frozen=True, slots=True)
class Point:
    """A door that is no place of the corridor: it is reached by road from the places near it."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Request:
    """A question to ``plan``. Times are UTC."""

    origin: str | Point
    destination: str | Point
    units: float
    form: str
    commodity: str
    tonnes_per_unit: float
    departs: datetime
    prefer: Prefer = "value"
    value_of_time: float | None = None
    owner: Owner = "carrier"
    latest: datetime | None = None
    constraints: tuple[Constraint, ...] = ()
    most: int = 10
    draws: int = 1000
    seed: int = 1
    grid: tuple[float, float, float] | None = None


def ask(  # noqa: PLR0913 - the question has this many independent parts
    corridor: Corridor,
    origin: str,
    destination: str,
    *,
    cargo: str,
    commodity: str,
    depart: date | datetime | str,
    tonnes: float | None = None,
    prefer: str = "value",
    value_of_time: float | None = None,
    owner: str = "carrier",
    latest: date | datetime | str | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
    without: Sequence[str] = (),
    most: int = 10,
    draws: int = 1000,
    seed: int = 1,
) -> Request:
    """Return the request that these words describe.

    Parameters
    ----------
    corridor : where names are looked up
    origin, destination : name, alias, UN/LOCODE or id of a place, or ``"lat,lon"``
    cargo : ``"12x40HC"``, ``"30xwagon-hopper"`` or ``"2000t"``
    commodity : id or name
    depart : day or moment; a day means its first hour at the origin
    tonnes : net tonnes of one load unit; by default what the corridor says it holds
    prefer : ``value``, ``fast``, ``cheap``, ``green`` or ``sure``
    value_of_time : EUR per tonne and day; by default the commodity's
    owner : whose box or wagon: ``carrier`` or ``shipper``
    latest : day, to its end at the destination, or moment there by which it must arrive (expected arrival)
    avoid, require : places, countries, modes, operators, ``gauge-break``
    without : places, services, links or operators taken out, as if closed

    Raises
    ------
    RequestError
        With every problem found.
    """
    problems: list[Problem] = []
    start = _door(corridor, origin, "origin", problems)
    end = _door(corridor, destination, "destination", problems)
    if start is not None and start == end:
        problems.append(_wrong("destination", destination, f"another place than the origin {origin!r}"))
    good = _commodity(corridor, commodity, problems)
    units, form, each = _cargo(corridor, cargo, good, tonnes, problems)
    departs = _moment(depart, zone_of(corridor, start), "depart", problems)
    until = None if latest is None else _moment(latest, zone_of(corridor, end), "latest", problems, last=True)
    if departs and until and until <= departs:
        day = departs.astimezone(ZoneInfo(zone_of(corridor, start)))
        problems.append(_wrong("latest", str(latest), f"a moment after the departure {day:%Y-%m-%d}"))
    if prefer not in PREFERENCES:
        problems.append(_wrong("prefer", prefer, nearest(prefer, PREFERENCES)))
    if owner not in ("carrier", "shipper"):
        problems.append(_wrong("owner", owner, "'carrier' or 'shipper'"))
    if value_of_time is not None and not value_of_time >= 0:
        problems.append(_wrong("value_of_time", str(value_of_time), "0 or more EUR per tonne and day"))
    if most < 1:
        problems.append(_wrong("most", str(most), "1 or more"))
    if draws != 0 and draws < FEWEST_DRAWS:
        problems.append(_wrong("draws", str(draws), f"{FEWEST_DRAWS} or more, or 0 for expected times alone"))
    if prefer == "sure" and draws == 0:
        problems.append(_wrong("prefer", prefer, f"'fast', or {FEWEST_DRAWS} draws or more: P90 is of drawn travels"))
    verbs: tuple[tuple[Verb, Sequence[str]], ...] = (("avoid", avoid), ("without", without), ("require", require))
    constraints = [_constraint(corridor, verb, text, problems) for verb, texts in verbs for text in texts]
    kept = tuple(dict.fromkeys(c for c in constraints if c is not None))
    problems += _against_ends(corridor, kept, start, end)
    if problems or departs is None or start is None or end is None:
        raise RequestError(problems)
    return Request(
        start,
        end,
        units,
        form,
        good,
        each,
        departs,
        cast(Prefer, prefer),
        value_of_time,
        cast(Owner, owner),
        until,
        kept,
        most,
        draws,
        seed,
    )


def _wrong(field: str, found: str, right: str) -> Problem:
    return Problem("request", "", field, found, right)


def said(door: str | Point) -> str:
    """Return an end of a question in words: a place by its id, a point by its coordinates."""
    return door if isinstance(door, str) else f"{door.lat:g},{door.lon:g}"


def zone_of(corridor: Corridor, door: str | Point | None) -> str:
    """Return the time zone of a place, or of the place nearest to a point."""
    if door is None:
        return "UTC"
    return corridor.places[door if isinstance(door, str) else nearest_place(corridor, door.lat, door.lon)[0]].timezone


def _door(corridor: Corridor, text: str, field: str, problems: list[Problem]) -> str | Point | None:
    match = POINT.fullmatch(text)
    if match:
        lat, lon = float(match[1]), float(match[2])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            problems.append(_wrong(field, text, "latitude -90 to 90, longitude -180 to 180"))
            return None
        place, km = nearest_place(corridor, lat, lon)
        if km > ACCESS_KM:
            problems.append(too_far(corridor, field, text, place, km))
            return None
        return Point(lat, lon)
    found, problem = find_place(corridor, text, field)
    if problem:
        problems.append(problem)
    if found is not None and corridor.places[found].status != "open":
        problems.append(_wrong(field, text, f"a place open to traffic; {corridor.places[found].name} is planned"))
    return found


def _commodity(corridor: Corridor, text: str, problems: list[Problem]) -> str:
    wanted = plain(text)
    for row in corridor.commodities.rows:
        if wanted in (plain(row.id), plain(row.name), plain(row.name_ru or row.id)):
            return row.id
    problems.append(
        _wrong("commodity", text, "a commodity: " + nearest(text, corridor.commodities, "data list commodities"))
    )
    return ""


def _cargo(
    corridor: Corridor, text: str, commodity: str, tonnes: float | None, problems: list[Problem]
) -> tuple[float, str, float]:
    """Return load units, form and net tonnes of a unit."""
    loads: dict[str, float] = {row.form: row.tonnes for row in corridor.loads.rows if row.commodity == commodity}
    weight, counted = TONNES.fullmatch(text), CARGO.fullmatch(text)
    if weight:
        form, amount = next(iter(loads), ""), _number(weight[1])
        each = tonnes if tonnes is not None else loads.get(form, 1.0)
        units = math.ceil(amount / each - 1e-9) if each > 0 else 0.0
    elif counted:
        amount, form = _number(counted[1]), _form(corridor, counted[2], problems)
        each = tonnes if tonnes is not None else loads.get(form, 0.0)
        units = amount
        if form and commodity and tonnes is None and form not in loads:
            right = "--tonnes with the net load of one unit" + (
                f", or a form it usually travels in: {', '.join(loads)}" if loads else ""
            )
            problems.append(_wrong("cargo", f"{commodity} in {form}", right))
    else:
        problems.append(_wrong("cargo", text, "a count and a form such as '12x40HC', or tonnes such as '2000t'"))
        return 0.0, "", 0.0
    if not amount > 0:
        problems.append(_wrong("cargo", text, "more than nothing"))
    if form in corridor.forms:
        limit = corridor.forms[form]
        if limit.payload_max_t > 1.0 and units % 1.0:
            problems.append(_wrong("cargo", text, f"a whole number of units, such as {math.ceil(units)}"))
        heaviest = min(limit.payload_max_t, limit.gross_max_t - limit.tare_t)
        if each > heaviest:
            problems.append(
                _wrong(
                    "tonnes",
                    f"{each:g} t in one {form}",
                    f"at most {heaviest:g} t net in one {limit.name}",
                )
            )
        if tonnes is not None and not tonnes > 0:
            problems.append(_wrong("tonnes", f"{tonnes:g}", "more than nothing"))
        if not limit.loaded:
            problems.append(_wrong("cargo", form, "a loaded form"))
    return units, form, each


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _form(corridor: Corridor, text: str, problems: list[Problem]) -> str:
    wanted = text.lower()
    form = SHORT_FORMS.get(wanted, wanted)
    if form not in corridor.forms:
        known = [*corridor.forms, *(short for short, full in SHORT_FORMS.items() if full in corridor.forms)]
        problems.append(_wrong("cargo", text, "a form: " + nearest(wanted, known)))
        return ""
    return form


def _moment(
    value: date | datetime | str, zone: str, field: str, problems: list[Problem], *, last: bool = False
) -> datetime | None:
    """Return a moment in UTC; a bare day means its first hour in the zone, or its end if ``last``."""
    if isinstance(value, str):
        text = value
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            problems.append(
                _wrong(
                    field,
                    text,
                    "a day of the calendar such as 2026-12-01, or a moment such as 2026-12-01T08:00",
                )
            )
            return None
        if value.time() == time() and value.tzinfo is None:
            value = value.date()
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), ZoneInfo(zone)) + (timedelta(days=1) if last else timedelta())
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(zone))
    if not 2000 <= value.year <= 2100:
        problems.append(_wrong(field, value.isoformat(), "a day between 2000 and 2100"))
        return None
    return value.astimezone(UTC)


def _constraint(corridor: Corridor, verb: Verb, text: str, problems: list[Problem]) -> Constraint | None:
    wanted = plain(text)
    if wanted == plain(GAUGE_BREAK):
        if verb != "require":
            return Constraint(verb, "gauge-break", GAUGE_BREAK, text)
        problems.append(_wrong(verb, text, "something to pass; a gauge break can only be avoided"))
        return None
    if wanted in MODES:
        return Constraint(verb, "mode", wanted, text)
    country = find_country(corridor, text)
    if country:
        return Constraint(verb, "country", country, corridor.countries[country].name)
    if text in corridor.services:
        return Constraint(verb, "service", text, text)
    if text in corridor.links:
        return Constraint(verb, "link", text, text)
    for operator in corridor.operators.rows:
        if wanted in (plain(operator.id), plain(operator.name)):
            return Constraint(verb, "operator", operator.id, operator.name)
    place, _ = find_place(corridor, text, verb)
    if place:
        return Constraint(verb, "place", place, corridor.places[place].name)
    problems.append(_wrong(verb, text, _to_pass(corridor, text)))
    return None


def _to_pass(corridor: Corridor, text: str) -> str:
    """Return in words what a constraint could have meant."""
    alike = places_beginning(corridor, text)
    if alike:
        return which_of(corridor, alike)
    known = [
        *corridor.places,
        *(p.name for p in corridor.places.rows),
        *(c.name for c in corridor.countries.rows),
        *corridor.operators,
        *corridor.services,
        *MODES,
        GAUGE_BREAK,
    ]
    kinds = f"a place, country, operator, service or link, {', '.join(sorted(MODES))} or {GAUGE_BREAK}; "
    return kinds + nearest(text, known, "data list places")


def _against_ends(
    corridor: Corridor, constraints: Sequence[Constraint], start: str | Point | None, end: str | Point | None
) -> list[Problem]:
    """Return the problems of avoiding what the question itself names."""
    problems = []
    wanted = {(c.kind, c.target) for c in constraints if c.verb == "require"}
    for c in constraints:
        if c.verb != "require" and (c.kind, c.target) in wanted:
            problems.append(_wrong(c.verb, c.text, "something else: it is required too"))
        for field, door in (("origin", start), ("destination", end)):
            if c.verb == "require" or not isinstance(door, str):
                continue
            where = door if c.kind == "place" else corridor.places[door].country if c.kind == "country" else None
            if where == c.target:
                problems.append(
                    _wrong(
                        c.verb,
                        c.text,
                        f"something else: the {field} {corridor.places[door].name} is there",
                    )
                )
    return problems
