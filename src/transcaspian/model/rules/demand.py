"""This module owns the rules about what must be moved: seasons, shares, loads, rations, waits in queues, counters."""

from collections.abc import Iterator
from math import fsum

from transcaspian.errors import InputError, Problem, nearest
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.demand import Demand, RouteShare
from transcaspian.model.corridor.resource import Resource
from transcaspian.model.counter import Counter, parse_counter
from transcaspian.model.schema import columns, key_of

EXACT = 1e-9
"""What shares that add up to one may miss it by."""

FLEET = "fleet"
"""The kind of queue that is no resource: for the slots of vehicles that go round."""

MONTHS = set(range(1, 13))


def broken_seasons(corridor: Corridor) -> Iterator[Problem]:
    """Find seasons that lack a month, and seasons whose months do not add up to one."""
    months: dict[str, dict[int, float]] = {season.id: {} for season in corridor.seasons.rows}
    for row in corridor.season_months.rows:
        months[row.season][row.month] = row.share
    for season, shares in months.items():
        if set(shares) != MONTHS:
            lacking = ", ".join(str(m) for m in sorted(MONTHS - set(shares)))
            yield Problem("season_months", season, "month", f"{len(shares)} months", f"a row for month {lacking} too")
        elif abs(fsum(shares.values()) - 1) > EXACT:
            yield Problem("season_months", season, "share", f"{fsum(shares.values()):.9g}", "months that add up to 1")


def broken_shares(corridor: Corridor) -> Iterator[Problem]:
    """Find shares that do not add up to one, that nothing can reach, and shares of what has no choice."""
    shares: dict[str, list[RouteShare]] = {}
    for row in corridor.shares.rows:
        shares.setdefault(row.demand, []).append(row)
    for demand, rows in shares.items():
        total = fsum(row.share for row in rows)
        if abs(total - 1) > EXACT:
            yield Problem("shares", demand, "share", f"{total:.9g}", "shares that add up to 1")
        kind = corridor.demand[demand].kind
        if kind == "contracted":
            yield Problem("shares", demand, "demand", kind, "a captive or contestable demand: nothing else chooses")
        tried: set[str | None] = set()
        for row in sorted(rows, key=lambda row: row.seq):
            if row.via in tried or None in tried:
                right = "a place that no row before has, and no row after the one for all other ways"
                yield Problem("shares", key_of(row), "via", row.via or "", right)
            tried.add(row.via)


def half_avoided(corridor: Corridor) -> Iterator[Problem]:
    """Find demands that avoid a country with no part of theirs, or avoid no country with a part."""
    for row in corridor.demand.rows:
        if row.avoids is None and row.avoids_share > 0:
            yield Problem("demand", row.id, "avoids", "", f"the country that {row.avoids_share:g} of it keeps out of")
        elif row.avoids is not None and not row.avoids_share > 0:
            yield Problem("demand", row.id, "avoids_share", "0", f"the share that keeps out of {row.avoids}")


def wrong_loads(corridor: Corridor) -> Iterator[Problem]:
    """Find demands whose tonnes and load units do not go together."""
    for row in corridor.demand.rows:
        form = corridor.forms[row.form]
        heaviest = min(form.payload_max_t, form.gross_max_t - form.tare_t) if form.loaded else 0.0
        if row.units == 0 and row.tonnes > 0:
            yield Problem("demand", row.id, "units", "0", f"the load units of {row.tonnes:g} t")
        elif form.loaded and row.units > 0 and row.tonnes == 0:
            yield Problem("demand", row.id, "tonnes", "0", f"the tonnes in {row.units:g} load units")
        elif row.tonnes > row.units * heaviest * (1 + EXACT):
            found = f"{row.tonnes / row.units:.4g} t in one {row.form}"
            yield Problem("demand", row.id, "tonnes", found, f"at most {heaviest:g} t in one {form.name}")


def clashing_bases(corridor: Corridor) -> Iterator[Problem]:
    """Find demands between the same places, of the same goods, that are counted on several bases, whatever is free."""
    first: dict[tuple[str, ...], Demand] = {}
    for row in corridor.demand.rows:
        same = first.setdefault((row.origin, row.destination, row.commodity, row.form), row)
        if row.basis != same.basis:
            right = f"{same.basis!r}, the basis of {same.id}: volumes of different bases are never added"
            yield Problem("demand", row.id, "basis", row.basis, right)


def wrong_queues(corridor: Corridor) -> Iterator[Problem]:
    """Find queues that were seen in no month, or that are taken for a demand which chooses, grows or has a season."""
    for row in corridor.demand.rows:
        if row.stands_at is None:
            continue
        right = f"{{}}, for what stands before {row.stands_at}"
        if row.month == 0:
            yield Problem("demand", row.id, "month", "0", right.format("the month that begins with it, 1 to 12"))
        if row.kind != "contracted":
            yield Problem("demand", row.id, "kind", row.kind, right.format("'contracted': it keeps to its way"))
        for name in ("season", "growth", "elasticity", "elsewhere", "matrix", "avoids"):
            value = getattr(row, name)
            if value:
                yield Problem("demand", row.id, name, str(value), right.format("empty"))


def wrong_markets(corridor: Corridor) -> Iterator[Problem]:
    """Find demands that may be sold elsewhere too, and have nothing to sell, no choice, or another curve besides."""
    for row in corridor.demand.rows:
        if row.elsewhere == 0:
            continue
        right = f"{{}}, for what may be sold elsewhere ({row.elsewhere:g} t)"
        if row.tonnes == 0:
            yield Problem("demand", row.id, "tonnes", "0", right.format("above 0"))
        if row.kind == "contracted":
            yield Problem("demand", row.id, "kind", row.kind, right.format("'captive' or 'contestable'"))
        if row.elasticity:
            yield Problem("demand", row.id, "elasticity", f"{row.elasticity:g}", right.format("0: one curve, not two"))


def empty_quotas(corridor: Corridor) -> Iterator[Problem]:
    """Find quotas that do not say how much."""
    for row in corridor.rations.rows:
        if row.rule == "quota" and row.amount is None:
            yield Problem("rations", key_of(row), "amount", "", "the share of the capacity it may use")


def missing_delays(corridor: Corridor) -> Iterator[Problem]:
    """Find waits of what does not exist, and resources in use whose wait nobody describes, once there is demand."""
    kinds = next(column.choices for column in columns(Resource) if column.name == "kind")
    for row in corridor.delays.rows:
        if row.kind not in (*kinds, FLEET) and row.kind not in corridor.resources:
            yield Problem("delays", row.kind, "kind", row.kind, nearest(row.kind, (*kinds, FLEET, *corridor.resources)))
    if not corridor.demand:
        return
    used = {corridor.resources[use.resource].kind for use in corridor.uses.rows}
    for kind in sorted({*used, FLEET} - set(corridor.delays)):
        yield Problem("delays", kind, "", "", f"a row for {kind}: there is demand, and it queues")


def broken_counters(corridor: Corridor) -> Iterator[Problem]:
    """Find counters that cannot be read, that name what does not exist, or that count in another unit."""
    for row in corridor.observations.rows:
        if row.counter is None:
            continue
        try:
            counter = parse_counter(row.counter)
        except InputError as error:
            yield from (Problem("observations", key_of(row), "counter", p.found, p.right) for p in error.problems)
            continue
        if counter.unit != row.unit:
            yield Problem("observations", key_of(row), "counter", f"unit={counter.unit}", f"unit={row.unit}")
        for found, known in _named(corridor, counter):
            if found not in known:
                yield Problem("observations", key_of(row), "counter", found, nearest(found, known))


def _named(corridor: Corridor, counter: Counter) -> Iterator[tuple[str, set[str]]]:
    """Yield each id that a counter names, with the ids that could stand there."""
    places, services = set(corridor.places), set(corridor.services)
    ends = places | set(corridor.countries)
    known = {
        "passes": places | services | set(corridor.links),
        "leg": places,
        "over": services,
        "time": places,
        "round": services,
        "crossing": services,
        "commodity": set(corridor.commodities),
        "origin": ends,
        "destination": ends,
    }
    for key, ids in known.items():
        for found in getattr(counter, key):
            yield found, ids
