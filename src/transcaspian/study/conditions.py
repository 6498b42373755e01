"""This module owns the use case of asking under the conditions of a run: its waits in place of the base year's."""

from collections.abc import Iterable
from dataclasses import replace

from transcaspian.errors import Problem, RequestError
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.corridor.service import Wait
from transcaspian.results.flows import Condition, Flows


def under(corridor: Corridor, flows: Flows, commodity: str = "") -> Corridor:
    """Return a corridor in which cargo waits as long as some flows make it wait, month by month.

    Bans hold up some commodities and not others: it is the corridor of one, by id, or of any that no ban names.

    Raises
    ------
    RequestError
        If the flows are of another corridor.

    Examples
    --------
    >>> import transcaspian as tc
    >>> corridor = tc.load()
    >>> under(corridor, tc.assign(corridor, 2024)) is corridor  # what is observed already has the waits of its flows
    True
    """
    if flows.corridor_id != corridor_id(corridor):
        right = f"flows of this corridor, {corridor_id(corridor)}"
        raise RequestError([Problem("request", "", "conditions", flows.corridor_id, right)])
    return waiting(corridor, flows.conditions, flows.year, commodity)


def waiting(corridor: Corridor, conditions: Iterable[Condition], year: int, commodity: str = "") -> Corridor:
    """Return a corridor with the waits that flows of a year make in place of its own, month by month."""
    rows = {
        (c.target, c.month): Wait(
            target=c.target, month=c.month, hours=c.hours, sd_h=c.sd_h, year=year, note="made by assigned flows"
        )
        for c in sorted(conditions, key=lambda c: c.commodity)  # its own row, if it has one, goes before that of any
        if c.commodity in ("", commodity)
    }
    if not rows:
        return corridor
    kept = [w for w in corridor.waits.rows if (w.target, w.month) not in rows]
    return replace(corridor, waits=Table([*kept, *rows.values()]))
