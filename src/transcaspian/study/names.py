"""This module owns what the things of an appraisal are called in English and in Russian, as far as the dataset says."""

import re
from collections.abc import Iterator, Mapping

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.ids import PlaceId
from transcaspian.results.appraisal import Appraisal, NameResult, ProjectResult
from transcaspian.routing.plan import short_name
from transcaspian.study.question import UNANSWERED


def names_of(corridor: Corridor, answer: Appraisal) -> tuple[NameResult, ...]:
    """Return the names of everything that an answer speaks of by an id, in two languages.

    These are countries, scenarios, places, goods, demands, limits, financiers, work, series of counts and sources.
    """
    return tuple(dict.fromkeys(_names(corridor, answer)))


def _names(corridor: Corridor, answer: Appraisal) -> Iterator[NameResult]:
    for table, wanted in _spoken(answer).items():
        for row in corridor.table(table).rows:
            if row.id in wanted or row.name in wanted:
                yield NameResult(row.id, row.name, row.name_ru or row.name)
    if any(u.scenario == UNANSWERED for u in answer.under):
        yield NameResult(UNANSWERED, "operators leave their fleets as they are", "операторы не наращивают парк")
    russian = {row.place: row.name for row in corridor.place_names.rows if row.language == "ru"}
    yield from _demands(corridor, answer, russian)
    yield from _places(corridor, answer, russian)
    yield from _givers(corridor, answer)


def _demands(corridor: Corridor, answer: Appraisal, russian: Mapping[PlaceId, str]) -> Iterator[NameResult]:
    """Give from where to where the demands go that gain or lose most."""
    for demand in dict.fromkeys(e.demand for p in _projects(answer) for e in p.examples):
        row = corridor.demand[demand.partition(" (")[0]]  # a part of a demand bears its name with a remark
        ends = [corridor.places[p] for p in (row.origin, row.destination)]
        english, translated = (short_name(p.name) for p in ends), (russian.get(p.id, p.name) for p in ends)
        yield NameResult(demand, " - ".join(english), " - ".join(translated))


def _places(corridor: Corridor, answer: Appraisal, russian: Mapping[PlaceId, str]) -> Iterator[NameResult]:
    """Give the places of ports and of shipments: short where ways pass them, whole at their ends."""
    places = {p for s in answer.shipments for p in (s.origin, s.destination)} | {row.place for row in answer.ladders}
    passed = {
        word for s in answer.shipments for way in s.ways for word in re.split(", |via |by |at |with | \\+", way.label)
    } | {gateway for s in answer.shipments for gateway in s.via}
    for place in corridor.places.rows:
        if short_name(place.name) in passed:
            yield NameResult(place.id, short_name(place.name), russian.get(place.id, place.name))
        if place.name in places:
            yield NameResult(place.id, place.name, russian.get(place.id, place.name))


def _givers(corridor: Corridor, answer: Appraisal) -> Iterator[NameResult]:
    """Give who gives money, and who published what wider effects are counted with."""
    financiers = {leg.financier for project in answer.projects for leg in project.legs}
    for leg in corridor.financing_legs.rows:
        if leg.financier in financiers:
            yield NameResult(leg.financier, leg.financier, leg.financier_ru or leg.financier)
    sources = {row.source for row in answer.wider}
    for source in corridor.sources.rows:
        if source.id in sources:
            yield NameResult(source.id, source.publisher, source.publisher)


def _projects(answer: Appraisal) -> tuple[ProjectResult, ...]:
    return (*answer.projects, *((answer.together,) if answer.together else ()))


def _spoken(answer: Appraisal) -> dict[str, set[str]]:
    """Return ids and English names that an answer has, by the table in which they are."""
    projects = _projects(answer)
    # A limit is of a resource or fleet, and may be of one service of it or of one country's side alone.
    limits = {b.name for b in answer.binding} | {r.fleet for r in answer.responses}
    parts = {b.limit.partition(":")[2] for b in answer.binding}
    sides = {part.removeprefix("from-") for part in parts}
    items = {(item.table, item.id) for p in projects if p.finance is not None for item in p.finance.items}
    regrets = answer.portfolio.regrets if answer.portfolio else ()
    return {
        "countries": {s.name for p in projects for s in p.by_country} | {face.country for face in answer.faces} | sides,
        "scenarios": {u.scenario for u in answer.under} | {r.scenario for r in regrets},
        "commodities": {s.commodity for s in answer.shipments}
        | {e.commodity for p in projects for e in p.examples}
        | {s.name for p in projects for s in p.by_commodity},
        "steps": {id_ for table, id_ in items if table == "steps"},
        "services": {id_ for table, id_ in items if table == "services"} | limits | parts,
        "resources": limits,
        "fleets": limits,
        "series": {c.series for c in answer.counts},
    }
