"""This module owns flows as words and tables: volumes, what binds, counts beside published ones, differences."""

from collections.abc import Iterator, Mapping, Sequence

from transcaspian.errors import Problem, RequestError, nearest
from transcaspian.results.flows import Flows, LimitFlow
from transcaspian.results.text import aligned
from transcaspian.results.totals import Change, Total, changes, totals


def flows_text(flows: Flows, by: str = "commodity") -> str:
    """Return the answer to ``assign`` as a person reads it, its volumes by a key of ``results.totals``.

    Raises
    ------
    InputError
        If there is no such key.
    """
    parts = [
        f"Flows of {flows.year}" + (f", {flows.scenario}" if flows.scenario else "") + ", thousand tonnes",
        _volumes(flows, by),
        _sums(totals(flows, by), by) if by != "commodity" else "",
        _paid(totals(flows, "demand")),
        _tight(flows),
        _fits(flows),
        _counts(flows),
        f"gap {flows.gap:.1e} after {flows.rounds} rounds; {flows.starts} starts, {_solutions(flows.solutions)}",
        *([f"capacity not known, so no limit: {', '.join(flows.unknown)}"] if flows.unknown else []),
        *flows.notes,
    ]
    return "\n\n".join(part for part in parts if part)


def _solutions(count: int) -> str:
    return "one solution" if count == 1 else f"{count} different solutions; this is the one from the base year's waits"


def _row(name: str, series: Sequence[float], total: float, form: str) -> tuple[str, ...]:
    return (name, *(f"{x:{form}}" for x in series), f"{total:{form}}")


def _volumes(flows: Flows, by: str) -> str:
    kt = [(t.key, [x / 1000 for x in t.tonnes]) for t in totals(flows, by)]
    rows = [_row(key, series, sum(series), ",.0f") for key, series in kt if sum(series) >= 0.5]
    rows += _fates({name: _whole(flows, name) for name in FATES}, 0.5, ",.0f")
    return aligned((f"carried by {by}", *flows.months, "year"), rows, frozenset(range(1, len(flows.months) + 2)))


FATES = {
    "carried": "all carried",
    "waiting": "waiting at month's end",
    "refused": "refused",
    "diverted": "diverted",
    "given_up": "given up",
}
"""What becomes of cargo, and how a row says it."""


def _fates(fates: Mapping[str, Sequence[float]], least: float, form: str) -> Iterator[tuple[str, ...]]:
    """Yield a row for what is carried, and for every other fate that reaches ``least`` in some month."""
    for name, series in fates.items():
        if name == "carried" or any(abs(x) >= least for x in series):
            yield _row(FATES[name], series, series[-1] if name == "waiting" else sum(series), form)


def _whole(flows: Flows, name: str) -> list[float]:
    periods = range(len(flows.months))
    return [sum(getattr(d, name)[p] * d.tonnes_per_unit for d in flows.demands) / 1000 for p in periods]


SUMS = ("kt", "kTEU", "Mt km", "paid, EUR m", "resources, EUR m", "time, EUR m", "kt CO2e")


def _sum_cells(t: Total) -> tuple[float, ...]:
    return sum(t.tonnes) / 1e3, t.teu / 1e3, t.mtkm, t.price, t.resource_cost, t.time_cost, t.co2e


def _sums(rows: Sequence[Total], by: str) -> str:
    cells = [(t.key, *(f"{x:,.1f}" if x else "" for x in _sum_cells(t))) for t in rows if sum(t.tonnes) >= 500]
    return aligned((f"in the year by {by}", *SUMS), cells, frozenset(range(1, len(SUMS) + 1)))


def _paid(rows: Sequence[Total]) -> str:
    price, spent, time, carbon = (
        sum(getattr(t, name) for t in rows) for name in ("price", "resource_cost", "time_cost", "co2e")
    )
    return (
        f"Shippers pay EUR {price:,.0f} million for it, and EUR {time:,.0f} million in cargo time; "
        f"carriers spend EUR {spent:,.0f} million on it. It emits {carbon:,.0f} kt CO2e."
    )


def _tight(flows: Flows) -> str:
    tight = flows.tight[:12]
    if not tight:
        return "Nothing is held back: no capacity binds in any month."
    rows = [
        (limit.limit, limit.kind, *(_cell(limit, p) for p in range(len(flows.months))), _worth(limit, flows.months))
        for limit in tight
    ]
    head = ("what binds", "kind", *flows.months, "one more saves")
    note = "use of capacity in %, corridor and others together; * cargo is held back"
    return aligned(head, rows, frozenset(range(2, len(flows.months) + 2))) + "\n" + note


def _cell(limit: LimitFlow, p: int) -> str:
    return f"{100 * limit.utilisation[p]:.0f}" + ("*" if limit.held[p] > 0 else "")


def _worth(limit: LimitFlow, months: Sequence[str]) -> str:
    """Return the highest shadow price of a limit, and its month."""
    most = max(limit.shadow)
    if most <= 0:
        return "nothing: there are other ways"
    what = limit.unit.removesuffix("s").split("/")[0].removesuffix("s")
    return f"EUR {most:,.0f} a {what} in {months[limit.shadow.index(most)]}"


def _fits(flows: Flows) -> str:
    least = min(flows.fits)
    if least >= 1 - 1e-6:
        return ""
    month = flows.months[flows.fits.index(least)]
    return (
        f"In {month} no more than {least:.0%} of every demand, with what waits from before, could move together on "
        "whichever of their ways: the rest is a shortage, not a wrong choice."
    )


def _counts(flows: Flows) -> str:
    rows = [(c.series, c.period, *_beside(c.observed, c.modelled), c.unit, c.role) for c in flows.counts if c.observed]
    head = ("counted", "period", "published", "model", "differs", "unit", "role")
    return aligned(head, rows, frozenset({2, 3, 4})) if rows else ""


def _beside(observed: float, modelled: float) -> tuple[str, str, str]:
    return f"{observed:,.5g}", f"{modelled:,.5g}", f"{modelled / observed - 1:+.0%}"


def changes_text(before: Flows, after: Flows, by: str = "commodity") -> str:
    """Return what the second carries more or less than the first, as one table of differences.

    Raises
    ------
    InputError
        If there is no such key.
    """
    names = [f"{f.year}" + (f" {f.scenario}" if f.scenario else "") for f in (before, after)]
    moved = [c for c in changes(before, after, by) if sum(map(abs, c.tonnes)) >= 500]
    rows = [_row(c.key, [x / 1000 for x in c.tonnes], sum(c.tonnes) / 1000, "+,.1f") for c in moved]
    differences = {  # diverted is itself a difference to the base year
        name: [b - a for a, b in zip(_whole(before, name), _whole(after, name), strict=True)]
        for name in FATES
        if name != "diverted"
    }
    rows += _fates(differences, 0.05, "+,.1f")
    head = (f"thousand tonnes by {by}", *before.months, "year")
    parts = [
        f"{names[1]} less {names[0]}",
        aligned(head, rows, frozenset(range(1, len(before.months) + 2))),
        _sums_changed(moved, by),
        _limits_changed(before, after),
        _counts_changed(before, after),
    ]
    return "\n\n".join(part for part in parts if part)


def _sums_changed(moved: Sequence[Change], by: str) -> str:
    cells = []
    for c in moved:
        pairs = zip(_sum_cells(c.before), _sum_cells(c.after), strict=True)
        cells.append((c.key, *(f"{b - a:+,.1f}" for a, b in pairs)))
    return aligned((f"in the year by {by}", *SUMS), cells, frozenset(range(1, len(SUMS) + 1))) if cells else ""


def _limits_changed(before: Flows, after: Flows) -> str:
    """Return the limits that bind in either, with the months in which they do, and the highest shadow prices."""
    rows = []
    limits = [{limit.limit: limit for limit in f.limits} for f in (before, after)]
    for key in dict.fromkeys(limit.limit for f in (before, after) for limit in f.tight):
        cells = []
        for found in (side.get(key) for side in limits):
            if found is None:
                cells += ["is not there", ""]
            else:
                binds = [m for m, held in zip(before.months, found.held, strict=True) if held > 0]
                cells += [_span(binds, len(before.months)), _worth(found, before.months) if binds else ""]
        rows.append((key, *cells))
    head = ("what binds", "before", "one more saved", "after", "one more saves")
    return aligned(head, rows) if rows else ""


def _span(months: Sequence[str], whole: int) -> str:
    return "all year" if len(months) == whole else ", ".join(months) or "no"


def _counts_changed(before: Flows, after: Flows) -> str:
    was = {(c.series, c.period): c for c in before.counts}
    rows = [
        (c.series, c.period, f"{c.observed:,.5g}", f"{was[c.series, c.period].modelled:,.5g}", f"{c.modelled:,.5g}",
         c.unit, c.role)
        for c in after.counts
        if (c.series, c.period) in was and abs(c.modelled - was[c.series, c.period].modelled) > 1e-3 * c.observed
    ]  # fmt: skip
    head = ("counted", "period", "published", "before", "after", "unit", "role")
    return aligned(head, rows, frozenset({2, 3, 4})) if rows else ""


def selected(flows: Flows, what: str) -> str:
    """Return who uses a limit, resource, service, link or place: select-link, by demand, in load units by month.

    Raises
    ------
    RequestError
        If no way of any demand uses such a thing.
    """
    ways = [way for way in flows.ways if what in way.uses]
    if not ways:
        raise RequestError(
            [Problem("request", "", "select", what, nearest(what, {u for w in flows.ways for u in w.uses}))]
        )
    rows = [
        (way.demand, "+".join(way.family), *(f"{x:,.0f}" for x in way.units), f"{sum(way.units):,.0f}")
        for way in sorted(ways, key=lambda w: -sum(w.units) * w.tonnes_per_unit)
        if sum(way.units) >= 0.5
    ]
    return f"{what}: who uses it, in load units\n\n" + aligned(
        ("demand", "family", *flows.months, "year"), rows, frozenset(range(2, len(flows.months) + 3))
    )
