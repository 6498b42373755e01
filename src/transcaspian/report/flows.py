"""This module owns flows as words and tables: volumes, what binds, counts beside published ones, differences."""

import math
from collections.abc import Iterator, Mapping, Sequence

from transcaspian.results.flows import Flows, LimitFlow
from transcaspian.results.text import wrapped
from transcaspian.results.totals import WHOLE, Change, Total, changes, selection, totals, using

FEW = 5
"""Notes that are printed; ``--json`` has all of them."""


def flows_text(flows: Flows, by: str = "commodity", columns: int | None = None) -> str:
    """Return the answer to ``assign`` as a person reads it, its volumes by a key of ``results.totals``.

    Parameters
    ----------
    columns : of the terminal; tables that are wider stand in several blocks

    Raises
    ------
    InputError
        If there is no such key.
    """
    parts = [
        f"Flows of {flows.year}" + (f", {flows.scenario}" if flows.scenario else "") + ", thousand tonnes",
        _volumes(flows, by, columns),
        _sums(totals(flows, by), by, columns) if by != "commodity" else "",
        _paid(totals(flows, "demand")),
        _tight(flows, columns),
        _fits(flows),
        _rounds(flows, columns),
        _counts(flows, columns),
        f"gap {flows.gap:.1e} after {flows.rounds} rounds; {flows.starts} starts, {_solutions(flows.solutions)}",
        *([f"capacity not known, so no limit: {', '.join(flows.unknown)}"] if flows.unknown else []),
        _notes(flows.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def _notes(notes: Sequence[str]) -> str:
    ordered = sorted(notes, key=lambda note: "observed shares" in note)  # what cannot move at all comes first
    more = len(notes) - FEW
    return "\n".join([*ordered[:FEW], *([f"... and {more} more: --json"] if more > 0 else [])])


def _solutions(count: int) -> str:
    return "one solution" if count == 1 else f"{count} different solutions; this is the one from the base year's waits"


def _row(name: str, series: Sequence[float], total: float, form: str) -> tuple[str, ...]:
    return (name, *(_said(x, form) for x in (*series, total)))


def _said(value: float, form: str) -> str:
    """Return a number in a form; what is rounded to nothing has no minus."""
    text = f"{value:{form}}"
    return f"{0.0:{form}}" if not text.strip("-+0.%") else text


def _volumes(flows: Flows, by: str, columns: int | None) -> str:
    found = totals(flows, by)
    kt = [(t.key, [x / 1000 for x in t.tonnes]) for t in found]
    rows = [_row(key, series, sum(series), ",.0f") for key, series in kt if sum(series) >= 0.5]
    rows += _fates({name: _whole(flows, name) for name in FATES}, 0.5, ",.0f")
    head = (f"carried by {by}", *flows.months, "year")
    right = frozenset(range(1, len(head)))
    apart = [
        _row(f"{t.key}: {FATES[fate]}", series, series[-1] if fate == "waiting" else sum(series), ",.1f")
        for fate in list(FATES)[1:]
        for t in found
        if max(series := [x / 1000 for x in getattr(t, fate)], default=0.0) >= LEAST_KT
    ]
    tables = [wrapped(head, rows, right, columns)]
    if apart and by != "demand":  # whose rows would be too many to read
        tables.append(wrapped((f"not carried as wanted, by {by}", *head[1:]), apart, right, columns))
    return "\n\n".join(tables)


LEAST_KT = 1.0
"""What is waiting, refused, diverted or given up is shown by key from so many thousand tonnes in a month on."""

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


def _sums(rows: Sequence[Total], by: str, columns: int | None) -> str:
    cells = [(t.key, *(f"{x:,.1f}" if x else "" for x in _sum_cells(t))) for t in rows if sum(t.tonnes) >= 500]
    return wrapped((f"in the year by {by}", *SUMS), cells, frozenset(range(1, len(SUMS) + 1)), columns)


def _paid(rows: Sequence[Total]) -> str:
    price, spent, time, carbon = (
        sum(getattr(t, name) for t in rows) for name in ("price", "resource_cost", "time_cost", "co2e")
    )
    return (
        f"Shippers pay EUR {price:,.0f} million for it, and EUR {time:,.0f} million in cargo time; "
        f"carriers spend EUR {spent:,.0f} million on it. It emits {carbon:,.0f} kt CO2e."
    )


def _tight(flows: Flows, columns: int | None) -> str:
    tight = flows.tight
    if not tight:
        return "Nothing is held back: no capacity binds in any month."
    rows = [
        (limit.limit, limit.kind, *(_cell(limit, p) for p in range(len(flows.months))), _worth(limit, flows.months))
        for limit in tight
    ]
    head = ("what binds", "kind", *flows.months, "one more saves")
    note = "use of capacity in %: by the corridor + by others (? assumed by default); * cargo is held back"
    return wrapped(head, rows, frozenset(range(2, len(flows.months) + 2)), columns) + "\n" + note


def _cell(limit: LimitFlow, p: int) -> str:
    """Return the use of a capacity in percent, by the corridor and by others, or that there is none."""
    held, capacity = "*" if limit.held[p] > 0 else "", limit.capacity[p]
    if capacity <= 0:
        return "none" + held
    if limit.kind == "fill" or not limit.others[p]:
        return f"{100 * limit.utilisation[p]:.0f}{held}"
    others = f"{100 * limit.others[p] / capacity:.0f}" + ("?" if limit.others_assumed else "")
    return f"{100 * limit.corridor[p] / capacity:.0f}+{others}{held}"


def _rounds(flows: Flows, columns: int | None) -> str:
    """Return how long a round takes the ships of each fleet that carries anything, and how often they leave."""
    rows = []
    for fleet in dict.fromkeys(line.fleet for line in flows.lines if line.at_sea and line.used):
        lines = [line for line in flows.lines if line.fleet == fleet]
        rounds = lines[0].round_trip
        made = [sum(left) for left in zip(*(line.departures for line in lines), strict=True)]
        hours = sum(n * each for n, each in zip(made, rounds, strict=True) if n)
        least = min(min(line.shortest) for line in lines)
        days = (f"{x / 24:.1f}" if x < math.inf else "none" for x in (*rounds, hours / sum(made), least))
        rows.append((fleet, f"{max(lines[0].vehicles):.4g}", *days, f"{sum(made):,.0f}"))
    if not rows:
        return ""
    head = ("days of a round trip", "ships", *flows.months, "year", "least", "trips")
    note = "with repairs and waits for cargo; least: without them, in the best month; trains: --json"
    return wrapped(head, rows, frozenset(range(1, len(head))), columns) + "\n" + note


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
    p = flows.fits.index(least)
    return (
        f"In {month} no more than {least:.0%} of every demand, with what waits from before, could move together on "
        f"whichever of their ways: {flows.short_demands[p]} sets that ({flows.short_limits[p]}). Of all tonnes "
        f"{flows.most[p]:.1%} could: the rest is a shortage, not a wrong choice."
    )


def _counts(flows: Flows, columns: int | None) -> str:
    rows = [(c.series, c.period, *_beside(c.observed, c.modelled), c.unit, c.role) for c in flows.counts if c.observed]
    head = ("counted", "period", "published", "model", "differs", "unit", "role")
    return wrapped(head, rows, frozenset({2, 3, 4}), columns) if rows else ""


def _beside(observed: float, modelled: float) -> tuple[str, str, str]:
    return f"{observed:,.5g}", f"{modelled:,.5g}", _said(modelled / observed - 1, "+.0%")


def changes_text(before: Flows, after: Flows, by: str = "commodity", columns: int | None = None) -> str:
    """Return what the second carries more or less than the first, as one table of differences.

    Parameters
    ----------
    columns : of the terminal; tables that are wider stand in several blocks

    Raises
    ------
    InputError
        If there is no such key.
    """
    names = [f"{f.year}" + (f" {f.scenario}" if f.scenario else "") for f in (before, after)]
    moved = [c for c in changes(before, after, by) if sum(map(abs, c.tonnes)) >= 500]
    rows = [_row(c.key, [x / 1000 for x in c.tonnes], sum(c.tonnes) / 1000, "+,.1f") for c in moved]
    differences = {
        name: [b - a for a, b in zip(_whole(before, name), _whole(after, name), strict=True)] for name in FATES
    }
    rows += _fates(differences, 0.05, "+,.1f")
    head = (f"thousand tonnes by {by}", *before.months, "year")
    parts = [
        f"{names[1]} less {names[0]}",
        wrapped(head, rows, frozenset(range(1, len(before.months) + 2)), columns),
        _sums_changed(moved, by, columns),
        _limits_changed(before, after, columns),
        _counts_changed(before, after, columns),
    ]
    return "\n\n".join(part for part in parts if part)


def _sums_changed(moved: Sequence[Change], by: str, columns: int | None) -> str:
    cells = []
    for c in moved:
        pairs = zip(_sum_cells(c.before), _sum_cells(c.after), strict=True)
        cells.append((c.key, *(_said(b - a, "+,.1f") for a, b in pairs)))
    head = (f"in the year by {by}", *SUMS)
    return wrapped(head, cells, frozenset(range(1, len(head))), columns) if cells else ""


def _limits_changed(before: Flows, after: Flows, columns: int | None) -> str:
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
                worth = _worth(found, before.months) if binds or max(found.shadow) > 0 else ""
                cells += [_span(binds, len(before.months)), worth]
        rows.append((key, *cells))
    head = ("what binds", "before", "one more saved", "after", "one more saves")
    return wrapped(head, rows, columns=columns) if rows else ""


def _span(months: Sequence[str], whole: int) -> str:
    return "all year" if len(months) == whole else ", ".join(months) or "no"


def _counts_changed(before: Flows, after: Flows, columns: int | None) -> str:
    was = {(c.series, c.period): c for c in before.counts}
    rows = [
        (c.series, c.period, f"{c.observed:,.5g}", f"{was[c.series, c.period].modelled:,.5g}", f"{c.modelled:,.5g}",
         c.unit, c.role)
        for c in after.counts
        if (c.series, c.period) in was and abs(c.modelled - was[c.series, c.period].modelled) > 1e-3 * c.observed
    ]  # fmt: skip
    head = ("counted", "period", "published", "before", "after", "unit", "role")
    return wrapped(head, rows, frozenset({2, 3, 4}), columns) if rows else ""


def selection_text(flows: Flows, what: str, by: str | None = None, columns: int | None = None) -> str:
    """Return who uses a limit, resource, service, link, place or country: select-link, in thousand tonnes by month.

    Parameters
    ----------
    by : sums of what uses it by a key of ``results.totals``; by default by origin, destination and commodity

    Raises
    ------
    InputError
        If there is no such key.
    """
    if by is not None:
        rows = [(t.key, t.tonnes) for t in totals(using(flows, what), by)]
    else:
        rows = [(f"{u.origin} - {u.destination}  {u.commodity}", u.tonnes) for u in selection(flows, what).uses]
    rows = [(key, tonnes) for key, tonnes in rows if sum(tonnes) > 0]
    if not rows:
        return f"{what}: nobody uses it in {flows.year}" + (f" under {flows.scenario}" if flows.scenario else "")
    every = [sum(column) for column in zip(*(tonnes for _, tonnes in rows), strict=True)]
    if by is None or by in WHOLE:
        rows.append(("all", tuple(every)))
    cells = [_row(key, [x / 1000 for x in tonnes], sum(tonnes) / 1000, ",.1f") for key, tonnes in rows]
    head = (by or "from - to  goods", *flows.months, "year")
    return f"{what}: who uses it, thousand tonnes\n\n" + wrapped(head, cells, frozenset(range(1, len(head))), columns)
