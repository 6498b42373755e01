"""The consistency rules of a corridor: one function for each, callable alone; ``check`` runs them all.

- ``references``: every id that a row names exists, and every row is of use to somebody.
- ``services``: lines chain, gauges fit, borders can be crossed, fleets can keep their timetables.
- ``trust``: values have sources or say why not; ranges hold their values; bases are not mixed; nothing is absurd.
- ``demand``: seasons and shares add up, loads fit their forms, queues have a wait, counters can be read.
- ``projects``: money has years and rates, financing does not overlap, ranges hold their values.
- ``reach``: from everywhere somewhere can be reached.
"""

from collections.abc import Callable, Iterator

from transcaspian.errors import Problem
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules import demand, projects, reach, references, services, trust

Rule = Callable[[Corridor], Iterator[Problem]]

FIRST: tuple[Rule, ...] = (references.unknown_references,)
"""Rules that the others rest on."""

RULES: tuple[Rule, ...] = (
    references.unused_rows,
    references.idle_steps,
    references.unused_sources,
    references.unknown_zones,
    references.unexplained_closures,
    services.broken_lines,
    services.wrong_ways,
    services.gauge_breaks,
    services.uncrossable_borders,
    services.broken_stages,
    services.missing_departures,
    services.too_few_vehicles,
    services.missing_tariffs,
    services.never_open,
    trust.missing_sources,
    trust.stray_evidence,
    trust.mixed_bases,
    trust.wrong_units,
    trust.wrong_money,
    trust.absurd_lengths,
    trust.absurd_times,
    trust.absurd_prices,
    trust.twin_places,
    trust.backward_dates,
    demand.broken_seasons,
    demand.broken_shares,
    demand.half_avoided,
    demand.wrong_loads,
    demand.clashing_bases,
    demand.empty_quotas,
    demand.missing_delays,
    demand.broken_counters,
    projects.undated_outlays,
    projects.overlapping_financing,
    projects.unpriced_money,
    projects.ranges,
    projects.uncounted_sections,
    projects.stray_perspectives,
    projects.circular_needs,
    reach.unreachable_places,
)


def check(corridor: Corridor) -> list[Problem]:
    """Return every problem of a corridor; while references are broken, only those."""
    broken = [problem for rule in FIRST for problem in rule(corridor)]
    return broken or [problem for rule in RULES for problem in rule(corridor)]


__all__ = ["FIRST", "RULES", "check"]
