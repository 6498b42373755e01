"""This module owns flows as words and tables: volumes by month, what binds, counts beside published ones."""

from collections.abc import Sequence

from transcaspian.errors import Problem, RequestError, nearest
from transcaspian.results.flows import Flows, LimitFlow
from transcaspian.results.text import aligned


def flows_text(flows: Flows) -> str:
    """Return the answer to ``assign`` as a person reads it."""
    parts = [
        f"Flows of {flows.year}" + (f", {flows.scenario}" if flows.scenario else "") + ", thousand tonnes",
        _volumes(flows),
        _tight(flows),
        _counts(flows),
        f"gap {flows.gap:.1e} after {flows.rounds} rounds; {flows.starts} starts, {_solutions(flows.solutions)}",
        *([f"capacity not known, so no limit: {', '.join(flows.unknown)}"] if flows.unknown else []),
        *flows.notes,
    ]
    return "\n\n".join(part for part in parts if part)


def _solutions(count: int) -> str:
    return "one solution" if count == 1 else f"{count} different solutions; this is the one from the base year's waits"


def _row(name: str, series: Sequence[float], total: float) -> tuple[str, ...]:
    return (name, *(f"{x:,.0f}" for x in series), f"{total:,.0f}")


def _volumes(flows: Flows) -> str:
    periods = range(len(flows.months))
    by_commodity: dict[str, list[float]] = {}
    for d in flows.demands:
        row = by_commodity.setdefault(d.commodity, [0.0 for _ in periods])
        for p in periods:
            row[p] += d.carried[p] * d.tonnes_per_unit / 1000
    rows = [
        _row(name, series, sum(series))
        for name, series in sorted(by_commodity.items(), key=lambda item: -sum(item[1]))
        if sum(series) >= 0.5
    ]
    for name in ("carried", "waiting", "refused", "diverted", "given_up"):
        series = [sum(getattr(d, name)[p] * d.tonnes_per_unit for d in flows.demands) / 1000 for p in periods]
        if name == "carried" or any(x >= 0.5 for x in series):
            label = {"carried": "all carried", "waiting": "waiting at month's end"}.get(name, name.replace("_", " "))
            rows.append(_row(label, series, series[-1] if name == "waiting" else sum(series)))
    return aligned(("carried", *flows.months, "year"), rows, frozenset(range(1, len(flows.months) + 2)))


def _tight(flows: Flows) -> str:
    tight = flows.tight[:12]
    if not tight:
        return "Nothing is held back: no capacity binds in any month."
    rows = [(limit.limit, limit.kind, *(_cell(limit, p) for p in range(len(flows.months)))) for limit in tight]
    head = ("what binds", "kind", *flows.months)
    note = "use of capacity in %, corridor and others together; * cargo is held back"
    return aligned(head, rows, frozenset(range(2, len(flows.months) + 2))) + "\n" + note


def _cell(limit: LimitFlow, p: int) -> str:
    return f"{100 * limit.utilisation[p]:.0f}" + ("*" if limit.held[p] > 0 else "")


def _counts(flows: Flows) -> str:
    rows = [(c.series, c.period, *_beside(c.observed, c.modelled), c.unit, c.role) for c in flows.counts if c.observed]
    head = ("counted", "period", "published", "model", "differs", "unit", "role")
    return aligned(head, rows, frozenset({2, 3, 4})) if rows else ""


def _beside(observed: float, modelled: float) -> tuple[str, str, str]:
    return f"{observed:,.5g}", f"{modelled:,.5g}", f"{modelled / observed - 1:+.0%}"


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
