"""This module owns how a plan reads: a table at a glance, then the chain of the chosen way."""

from collections.abc import Iterator
from datetime import datetime

from transcaspian.results.itinerary import Activity, Itinerary, Leg, Plan, Stop
from transcaspian.results.text import aligned, days, html, money

HEADER = (
    "#",
    "way",
    "P50",
    "P90",
    "arrives P50 - P90",
    "EUR",
    "of it assumed",
    "EUR with time, insurance",
    "t CO2e",
    "borders",
)
RIGHT = frozenset({0, 2, 3, 5, 6, 7, 8, 9})
ORDER = {
    "value": "by price + cargo time + insurance",
    "fast": "fastest (P50) first",
    "cheap": "cheapest first",
    "green": "least CO2e first",
    "sure": "least P90 first",
}


def plan_text(plan: Plan, chosen: int = 1) -> str:
    """Return a plan as text: what was asked, the ways, the chain of the chosen one, and how far to trust it."""
    return "\n".join(
        [
            _asked(plan),
            "",
            aligned(HEADER, [_row(i) for i in plan.itineraries], RIGHT),
            "",
            *chain_lines(plan, plan.itineraries[chosen - 1]),
            "",
            *_trust(plan),
        ]
    )


def plan_html(plan: Plan) -> str:
    """Return a plan as an HTML table."""
    return f"<p>{_asked(plan)}</p>" + html(HEADER, [_row(i) for i in plan.itineraries])


def _asked(plan: Plan) -> str:
    s = plan.shipment
    parts = [
        f"{s.units:g} × {s.form} of {s.commodity} ({s.tonnes:,.0f} t)",
        f"{_name(plan, s.origin)} → {_name(plan, s.destination)}",
    ]
    parts.append(f"ready {_when(s.departs)}")
    parts.append(ORDER[s.prefer])
    if s.constraints:
        parts.append(", ".join(s.constraints))
    if plan.scenario:
        parts.append(f"scenario {plan.scenario}")
    return " · ".join(parts)


def _name(plan: Plan, place: str) -> str:
    return plan.names.get(place, place)


def _when(moment: datetime) -> str:
    return f"{moment:%d %b %Y}".lstrip("0")


def _row(i: Itinerary) -> tuple[str, ...]:
    span = f"{_day(i.p50)} - {_day(i.p90)} {i.p90:%Y}"
    price = money(i.price.total) + ("*" if i.price.basis == "sum of legs" else "")
    return (
        str(i.rank),
        i.label,
        days(i.reliability.p50_hours),
        days(i.reliability.p90_hours),
        span,
        price,
        f"{i.price.assumed_share:.0%}",
        money(i.price.logistics),
        f"{i.co2e / 1000:.1f}",
        str(len(i.crossings)),
    )


def _day(moment: datetime) -> str:
    return f"{moment:%d %b}".lstrip("0")


def chain_lines(plan: Plan, i: Itinerary) -> Iterator[str]:
    """Yield the chain of an itinerary, a line for each stop and ride."""
    yield f"{i.rank}. {i.label}: {i.km:,.0f} km, expected {days(i.hours)}, P50 {days(i.reliability.p50_hours)}, P90 {days(i.reliability.p90_hours)}"
    for part in i.chain:
        yield from _stop(plan, part) if isinstance(part, Stop) else _ride(plan, part)
    p = i.price
    sold = f"through rate {p.through}" if p.through else "* sum of legs: no through rate is published for this relation"
    yield f"   price EUR {money(p.total)} = carriage {money(p.carriage)} + handling {money(p.handling)} + procedures {money(p.procedures)} + box and its return {money(p.equipment)}"
    yield f"   {sold}; {p.assumed_share:.0%} of it assumed; cargo time {money(p.cargo_time)}, insurance {money(p.insurance)}"
    if p.unknown:
        yield f"   no price known for: {', '.join(p.unknown)}"
    if p.returned_to:
        yield f"   {p.owner}'s box, returned empty to {_name(plan, p.returned_to)}"
    yield f"   CO2e well-to-wheel {i.co2e / 1000:.2f} t, of it hubs {i.co2e_hubs / 1000:.2f} t"
    causes = sorted(i.reliability.causes.items(), key=lambda c: -c[1])
    yield "   the time is " + ", ".join(f"{name} {days(h)}" for name, h in causes if h >= 1)
    tail = sorted(i.reliability.tail.items(), key=lambda c: -c[1])
    late = [f"{name} +{days(h)}" for name, h in tail if h >= 1]
    yield "   the slowest tenth is late by " + (", ".join(late) if late else "less than an hour")
    if i.reliability.missed > 0:
        yield f"   a set departure is missed in {i.reliability.missed:.0%} of travels"
    for crossing in i.crossings:
        papers = ", ".join(plan.names.get(d, d) for d in crossing.documents) or "papers not listed"
        yield f"   {crossing.name} ({crossing.from_country.upper()} → {crossing.to_country.upper()}, {days(crossing.hours)}): {papers}"
    for note in i.notes:
        yield f"   note: {note}"


def _stop(plan: Plan, stop: Stop) -> Iterator[str]:
    acts = "; ".join(_act(a) for a in stop.activities)
    yield f"   ● {_name(plan, stop.place)}: {acts}"


def _act(a: Activity) -> str:
    wait = f" after {days(a.wait)} in queue" if a.wait >= 1 else ""
    return f"{a.name} {days(a.hours)}{wait}"


def _ride(plan: Plan, leg: Leg) -> Iterator[str]:
    wait = f"wait {days(leg.wait)}, " if leg.wait >= 1 else ""
    yield (
        f"   │ {leg.name}: {_name(plan, leg.origin)} → {_name(plan, leg.destination)}, {wait}{_day(leg.departs)}, "
        f"{days(leg.hours)}, {leg.km:,.0f} km, EUR {money(leg.price)}, {leg.co2e / 1000:.2f} t CO2e; {leg.offer} ({_name(plan, leg.operator)})"
    )
    for act in leg.borders:
        yield f"   │   {_name(plan, act.place)}: {_act(act)}"


def _trust(plan: Plan) -> Iterator[str]:
    yield f"P50 and P90 from {plan.itineraries[0].reliability.draws:,} drawn travels (seed {plan.seed}); the front is exact up to {plan.grid[0]:g} h, {plan.grid[1]:,.0f} EUR and {plan.grid[2]:,.0f} kg."
    yield from plan.notes
