"""This module owns the rule that every open place leads somewhere and is reached from somewhere."""

from collections.abc import Iterator

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules.geometry import runs


def unreachable_places(corridor: Corridor) -> Iterator[Problem]:
    """Find places with terminals that no open service joins to the rest, either way.

    A place whose crossing is not open, or all of whose country lies behind services that do not run, is shut on
    purpose; at the ends of pipelines and tanker lines only one way is meant.
    """
    ways = _ways(corridor)
    back: dict[str, set[str]] = {}
    for a, reached in ways.items():
        for b in reached:
            back.setdefault(b, set()).add(a)
    # The rest is the largest set of places that all reach one another: a place that only leads out is no hub.
    hub = max(ways, key=lambda p: (len(_spread(ways, p) & _spread(back, p)), p), default=None)
    if hub is None:
        return
    forth, home = _spread(ways, hub), _spread(back, hub)
    countries = {corridor.places[p].country for p in forth}
    shut: set[str] = {c.place for c in corridor.crossings.rows if c.status != "open"}
    shut |= {p.id for p in corridor.places.rows if p.status != "open" or p.country not in countries}
    for place in sorted({step.place for step in corridor.steps.rows} - shut):
        if not (place in forth and place in home) and not _one_way(corridor, place):
            missing = "to reach it" if place not in forth else "to leave it"
            yield Problem("places", place, "", corridor.places[place].name, f"an open service {missing}")


def _ways(corridor: Corridor) -> dict[str, set[str]]:
    """Return the places that open services reach from each place over open links."""
    ways: dict[str, set[str]] = {}
    for service, hops in runs(corridor).items():
        offer = corridor.services[service]
        for link, a, b in hops if offer.status == "open" else ():
            if link.status == "open":
                ways.setdefault(a, set()).add(b)
                if offer.pattern == "area":
                    ways.setdefault(b, set()).add(a)
    return ways


def _one_way(corridor: Corridor, place: str) -> bool:
    """Return whether only one-way traffic is meant there: the ends of pipelines and tanker lines."""
    touching = [s for s, hops in runs(corridor).items() if any(place in (a, b) for _, a, b in hops)]
    return bool(touching) and all(corridor.services[s].product in ("pipeline", "tramp") for s in touching)


def _spread(ways: dict[str, set[str]], start: str) -> set[str]:
    seen, stack = {start}, [start]
    while stack:
        for after in ways.get(stack.pop(), ()):
            if after not in seen:
                seen.add(after)
                stack.append(after)
    return seen
