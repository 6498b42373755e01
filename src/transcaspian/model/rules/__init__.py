"""The consistency rules of a corridor: one function for each, callable alone; ``check`` runs them all.

- ``references``: every id that a row names exists, and every row is of use to somebody.
- ``services``: lines chain, gauges fit, borders can be crossed, fleets can keep their timetables.
- ``trust``: values have sources or say why not; ranges hold their values; bases are not mixed; nothing is absurd.
- ``demand``: seasons and shares add up, loads fit their forms, queues have a wait, counters can be read; totals that it
  is fitted to can hold together (``balance``).
- ``projects``: money has years and rates, financing does not overlap, ranges hold their values.
- ``reach``: from everywhere somewhere can be reached.

``sound`` says which rows they can judge where others are broken.
"""

from collections.abc import Callable, Iterator

from transcaspian.errors import Problem
from transcaspian.model.balance import broken_margins
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules import demand, projects, reach, references, services, trust
from transcaspian.model.rules.sound import LeftOut, Part, part_of

Rule = Callable[[Corridor], Iterator[Problem]]

OWN: tuple[Rule, ...] = (
    references.unknown_zones,
    references.unexplained_closures,
    references.circular_scenarios,
    trust.missing_sources,
    trust.unsourced_grades,
    trust.twin_places,
    trust.backward_dates,
    projects.undated_outlays,
    projects.ranges,
)
"""Rules that judge a row by itself: every row that can be read."""

JOINED: tuple[Rule, ...] = (
    services.wrong_ways,
    services.gauge_breaks,
    trust.stray_evidence,
    trust.mixed_bases,
    trust.wrong_units,
    trust.absurd_lengths,
    trust.absurd_times,
    trust.absurd_prices,
    demand.half_avoided,
    demand.wrong_markets,
    demand.wrong_loads,
    demand.clashing_bases,
    demand.wrong_queues,
    demand.empty_quotas,
    broken_margins,
    projects.overlapping_financing,
    projects.circular_needs,
)
"""Rules that judge rows together with those they name."""

LACKING: tuple[Rule, ...] = (
    references.unused_rows,
    references.idle_steps,
    references.unused_sources,
    services.broken_lines,
    services.unjoined_gauges,
    services.uncrossable_borders,
    services.unnamed_transits,
    services.broken_stages,
    services.missing_departures,
    services.too_few_vehicles,
    services.missing_tariffs,
    services.never_open,
    trust.wrong_money,
    trust.unnamed_series,
    demand.broken_seasons,
    demand.broken_shares,
    demand.missing_delays,
    demand.broken_counters,
    projects.unpriced_money,
    projects.uncounted_sections,
    projects.stray_perspectives,
    projects.uncounted_ladders,
    projects.strange_gateways,
    reach.unreachable_places,
)
"""Rules that find that something lacks: silent where it may be among the rows left out."""

RULES: tuple[Rule, ...] = (references.unknown_references, *OWN, *JOINED, *LACKING)

HARMLESS: tuple[Rule, ...] = (
    references.unexplained_closures,
    references.unused_rows,
    references.idle_steps,
    references.unused_sources,
    trust.missing_sources,
    trust.unsourced_grades,
    trust.stray_evidence,
    trust.unnamed_series,
)
"""Rules about where numbers come from and who uses them: an answer is no other if they are broken."""

FLOWS: tuple[Rule, ...] = tuple(r for r in RULES if r not in HARMLESS and r.__module__ != projects.__name__)
"""Rules that make flows wrong where they are broken."""

WAYS: tuple[Rule, ...] = tuple(r for r in FLOWS if r.__module__ not in (demand.__name__, broken_margins.__module__))
"""Rules that make ways wrong where they are broken: those of flows but for demand."""


def check(corridor: Corridor, left_out: LeftOut | None = None) -> list[Problem]:
    """Return every problem of a corridor at once.

    Rows that could not be read, those that name a row which does not exist, and those that hang on such a row are left
    out of the rules that need them.

    Parameters
    ----------
    corridor : what could be read
    left_out : what could not; nothing by default
    """
    left_out = left_out or LeftOut()
    found = list(references.unknown_references(corridor, left_out))
    part = part_of(corridor, left_out) if found or left_out else Part(corridor)
    found += [problem for rule in OWN for problem in rule(corridor)]
    found += [problem for rule in JOINED for problem in rule(part.corridor)]
    return found + [p for rule in LACKING for p in rule(part.corridor) if not part.is_near(p)]


__all__ = ["FLOWS", "JOINED", "LACKING", "OWN", "RULES", "WAYS", "LeftOut", "check"]
