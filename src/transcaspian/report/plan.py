"""This module owns how a plan reads: a table at a glance, then the chain of the chosen way."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from textwrap import wrap
from zoneinfo import ZoneInfo

from transcaspian.results.itinerary import Activity, Itinerary, Leg, Plan, Stop
from transcaspian.results.text import aligned, days, money

DRAWN = ("P50", "P90", "arrives")
EXPECTED = ("expected", "expected arrival")
PRICED = ("EUR", "assumed", "with time", "t CO2e", "borders")
WAY = 34
"""Letters of a way's name in a line of the table, which then fits a screen of 120."""

ORDER = {
    "value": "ranked by price + cargo time + insurance",
    "fast": "ranked by P50",
    "cheap": "ranked by price",
    "green": "ranked by CO2e",
    "sure": "ranked by P90",
}
LEGEND = (
    "EUR: price of the whole shipment, * a sum of legs: no published through rate covers it; assumed: its share "
    "without a source;",
    "with time: with the cost of the cargo's time and its insurance; CO2e well-to-wheel; dates are local.",
)


def plan_text(plan: Plan, chosen: int = 1) -> str:
    """Return a plan as text: what was asked, the ways, the chain of the chosen one, and how far to trust it."""
    header = ("#", "way", *(DRAWN if plan.drawn else EXPECTED), *PRICED)
    right = frozenset(n for n, name in enumerate(header) if name not in ("way", DRAWN[-1], EXPECTED[-1]))
    table = aligned(header, [row for i in plan.itineraries for row in _rows(plan, i)], right)
    chain = chain_lines(plan, plan.itineraries[chosen - 1])
    return "\n".join([*_asked(plan), "", table, *_more(plan), *LEGEND, "", *chain, "", *_trust(plan), *_why(plan)])


def _more(plan: Plan) -> Iterator[str]:
    """Yield how many kinds of way are not shown."""
    hidden = plan.families - len({i.family for i in plan.itineraries})
    if hidden:
        yield f"at least {hidden} more route families: --most {len(plan.itineraries) + hidden}"


def _asked(plan: Plan) -> Iterator[str]:
    s = plan.shipment
    ends = f"{_name(plan, s.origin)} to {_name(plan, s.destination)}"
    yield f"{s.units:g} x {s.form} of {s.commodity} ({s.tonnes:,.0f} t), {ends}"
    said = [
        f"ready {_day(plan, s.departs, s.origin)} {s.departs.astimezone(_zone(plan, s.origin)):%Y}",
        ORDER[s.prefer] if plan.drawn or s.prefer != "fast" else "ranked by expected arrival",
    ]
    if len({i.family for i in plan.itineraries}) < len(plan.itineraries):
        said[-1] += " (the first of every family before seconds)"
    if s.latest:
        said.append(f"expected there by {_until(plan, s.latest)}")
    said += s.constraints
    if plan.scenario:
        said.append(f"scenario {plan.scenario}")
    yield ", ".join(said)


def _why(plan: Plan) -> Iterator[str]:
    """Yield what defaults filled, where that was asked for."""
    if plan.why is not None:
        yield f"{len(plan.why)} missing values of the first way are filled from defaults:"
        for f in plan.why:
            filled = f"filled with {f.value:g} {f.unit} (default {f.default})"
            yield f"  {f.table} {f.row}, {f.attribute}: not known; {filled}"


def _name(plan: Plan, place: str) -> str:
    return plan.names.get(place, place)


def _zone(plan: Plan, place: str) -> ZoneInfo:
    return ZoneInfo(plan.zones.get(place, "UTC"))


def _day(plan: Plan, moment: datetime, place: str) -> str:
    return f"{moment.astimezone(_zone(plan, place)):%d %b}".lstrip("0")


def _until(plan: Plan, latest: datetime) -> str:
    """Return the latest arrival, local to the destination: a day by its end, else the moment."""
    there = latest.astimezone(_zone(plan, plan.shipment.destination))
    before = there - timedelta(seconds=1)
    ends = f"the end of {before:%d %b %Y}" if there.hour == there.minute == 0 else f"{there:%H:%M on %d %b %Y}"
    return f"{ends}, {_name(plan, plan.shipment.destination)} time"


def _when(plan: Plan, i: Itinerary) -> tuple[str, ...]:
    """Return when a way arrives, as its columns say it."""
    there = plan.shipment.destination
    if i.reliability is None:
        return days(i.hours), f"{_day(plan, i.arrives, there)} {i.arrives.astimezone(_zone(plan, there)):%Y}"
    sure = i.reliability
    first, last = (_day(plan, moment, there) for moment in (sure.p50, sure.p90))
    return days(sure.p50_hours), days(sure.p90_hours), f"{first} - {last}"


def _rows(plan: Plan, i: Itinerary) -> Iterator[tuple[str, ...]]:
    """Yield the row of a way, and one more for what its name is too long for."""
    name, *more = (line.replace("_", " ") for line in wrap(i.label.replace(" + ", "_+_"), WAY))
    figures = (
        *_when(plan, i),
        money(i.price.total) + ("*" if i.price.basis == "sum of legs" else " "),
        f"{i.price.assumed_share:.0%}",
        money(i.price.logistics),
        f"{i.co2e / 1000:.1f}",
        str(i.borders),
    )
    yield str(i.rank), name, *figures
    for rest in more:
        yield "", f"  {rest}", *("" for _ in figures)


def chain_lines(plan: Plan, i: Itinerary) -> Iterator[str]:
    """Yield the chain of an itinerary: a line for each stop and ride, then its price, emissions and reliability."""
    drawn = i.reliability
    sure = f", P50 {days(drawn.p50_hours)}, P90 {days(drawn.p90_hours)}" if drawn else ""
    yield f"{i.rank}. {i.label}: {i.km:,.0f} km, expected {days(i.hours)}{sure}"
    for part in i.chain:
        yield from _stop(plan, part) if isinstance(part, Stop) else _ride(plan, part)
    yield from _price(plan, i)
    yield f"   CO2e {i.co2e / 1000:.2f} t, of it hubs {i.co2e_hubs / 1000:.2f} t"
    yield from _delay(i)
    yield from _borders(plan, i)
    for note in i.notes:
        yield f"   note: {note}"


def _stop(plan: Plan, stop: Stop) -> Iterator[str]:
    yield f"   o {_name(plan, stop.place)}: " + "; ".join(_act(a) for a in stop.activities)


def _act(a: Activity) -> str:
    wait = f" after {days(a.wait)} in the queue" if a.wait >= 1 else ""
    return f"{a.name.split(' at ')[0]} {days(a.hours)}{wait}"


def _ride(plan: Plan, leg: Leg) -> Iterator[str]:
    wait = f"after a wait of {days(leg.wait)}, " if leg.wait >= 1 else ""
    yield f"   | {leg.name} ({_name(plan, leg.operator)}); {leg.offer}"
    yield (
        f"   |   {wait}leaves {_name(plan, leg.origin)} {_day(plan, leg.departs, leg.origin)}, reaches "
        f"{_name(plan, leg.destination)} {_day(plan, leg.arrives, leg.destination)}: {days(leg.hours)}, "
        f"{leg.km:,.0f} km, EUR {money(leg.price)}, {leg.co2e / 1000:.2f} t CO2e"
    )
    for act in leg.borders:
        yield f"   |   at {_name(plan, act.place)}: {_act(act)}"


def _price(plan: Plan, i: Itinerary) -> Iterator[str]:
    p = i.price
    sold = f"through rate {p.through}" if p.through else "sum of legs: no published through rate covers this way"
    parts = [
        ("carriage", p.carriage),
        ("handling", p.handling),
        ("procedures", p.procedures),
        ("box and its return", p.equipment),
    ]
    yield f"   EUR {money(p.total)}: " + ", ".join(f"{name} {money(v)}" for name, v in parts if v) + f"; {sold}"
    where = f"the {p.owner}'s, returned empty to {_name(plan, p.returned_to)}" if p.returned_to else f"the {p.owner}'s"
    yield f"   box or wagon: {where}; cargo time EUR {money(p.cargo_time)}, insurance EUR {money(p.insurance)}"
    if p.unknown:
        yield f"   no price known for: {', '.join(p.unknown)}"


def _delay(i: Itinerary) -> Iterator[str]:
    if i.reliability is None:
        return
    causes = sorted(i.reliability.causes.items(), key=lambda c: -c[1])
    yield "   the time is " + ", ".join(f"{name} {days(h)}" for name, h in causes if h >= 1)
    late = [f"{name} +{days(h)}" for name, h in sorted(i.reliability.tail.items(), key=lambda c: -c[1]) if h >= 1]
    yield "   the slowest tenth is late by " + (", ".join(late) or "less than an hour")
    missed = "n/a, none can be" if i.reliability.missed is None else f"in {i.reliability.missed:.0%} of travels"
    yield f"   a departure of the plan is missed: {missed}"


def _borders(plan: Plan, i: Itinerary) -> Iterator[str]:
    for c in i.crossings:
        papers = ", ".join(plan.names.get(d, d) for d in c.documents) or "no papers listed"
        yield f"   {c.name}, {c.from_country.upper()} to {c.to_country.upper()}, {days(c.hours)}: {papers}"


def _trust(plan: Plan) -> Iterator[str]:
    first = plan.itineraries[0].reliability
    drawn = (
        f"P50 and P90 are of {first.draws:,} drawn travels (seed {plan.seed})"
        if first
        else "Nothing was drawn: times are expected ones"
    )
    h, eur, kg = plan.grid
    yield f"{drawn}; the trade-offs are exact up to {h:g} h, EUR {eur:,.0f} and {kg:,.0f} kg."
