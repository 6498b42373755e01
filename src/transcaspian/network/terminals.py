"""This module owns what happens at a place: handlings between states, and the procedures of a crossing."""

from dataclasses import dataclass

from transcaspian.kernels.world import HANDLING, PROCEDURE
from transcaspian.model.corridor.place import Place
from transcaspian.model.corridor.step import Crossing, Step
from transcaspian.network.builder import Draft, Vertex, Work, luck_of

GROUND = ("yard", "tank")
"""States in which cargo stands on no carrier."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The procedures of a crossing, and the state in which they are done (None: on the carrier)."""

    crossing: Crossing
    procedures: tuple[tuple[int, Step], ...]
    state: str | None


def chains(draft: Draft) -> dict[tuple[str, str, str, str], Chain]:
    """Return the chain of every open crossing by (place, mode, from country, to country)."""
    stages: dict[str, list[tuple[int, Step]]] = {}
    for row in sorted(draft.corridor.stages.rows, key=lambda r: r.seq):
        stages.setdefault(row.crossing, []).append((row.seq, draft.corridor.steps[row.step]))
    found: dict[tuple[str, str, str, str], Chain] = {}
    for crossing in draft.corridor.crossings.rows:
        if crossing.status == "open":
            series = stages.get(crossing.id, [])
            procedures = tuple((seq, step) for seq, step in series if step.kind == "procedure")
            key = (crossing.place, crossing.mode, crossing.from_country, crossing.to_country)
            found[key] = Chain(crossing, procedures, _where(series))
    return found


def _where(series: list[tuple[int, Step]]) -> str | None:
    """Return the state in which the procedures of a series stand: between its handlings."""
    state: str | None = None
    for number, (_, step) in enumerate(series):
        if step.kind == "handling":
            state = step.to_state
        else:
            after = next((s for _, s in series[number:] if s.kind == "handling"), None)
            return state if state is not None or after is None else after.from_state
    return None


def add_handlings(draft: Draft) -> dict[tuple[str, str], list[tuple[Step, str]]]:
    """Add every handling between plain vertices; return them by (place, state before) with the group they serve."""
    by_state: dict[tuple[str, str], list[tuple[Step, str]]] = {}
    for step in draft.corridor.steps.rows:
        if step.kind != "handling" or step.from_state is None or step.to_state is None:
            continue
        if draft.corridor.places[step.place].status != "open":
            continue
        for group in [step.group] if step.group else draft.groups:
            by_state.setdefault((step.place, step.from_state), []).append((step, group))
            after = step.to_group or group
            tail = draft.at(step.place, step.from_state, group)
            add_work(draft, step, tail, draft.at(step.place, step.to_state, after), group)
    return by_state


def add_work(draft: Draft, step: Step, tail: int, head: int, group: str, crossing: str = "", stage: int = -1) -> None:
    """Add the arc of a step between two vertices."""
    key = ("step", step.id, group, crossing, stage)
    work = draft.made.get(key)
    if work is None:
        work = draft.made[key] = _work(draft, step, group, crossing, stage)
    draft.join(tail, head, work)


def _work(draft: Draft, step: Step, group: str, crossing: str, stage: int) -> Work:
    """Return what a step is for a group of forms, as a stage of a crossing if it is one."""
    facts: dict[str, object] = {"kind": step.kind, "group": step.group or group}
    scv = step.scv if step.scv is not None else draft.filler.value("steps", step.id, "scv", facts)
    carbon = step.kgco2e
    if carbon is None:
        carbon = draft.filler.value("steps", step.id, "kgco2e", facts) if step.kind == "handling" else 0.0
    shut = draft.closed_by(f"places:{step.place}", f"crossings:{crossing}")
    return Work(
        HANDLING if step.kind == "handling" else PROCEDURE,
        hours=step.hours,
        scv=scv,
        least=min(step.hours_min / step.hours, 1.0) if step.hours > 0 else 0.0,
        batch=step.batch,
        step=draft.steps[step.id],
        crossing=draft.crossings.get(crossing, -1),
        stage=stage,
        gauge_break={step.from_state, step.to_state} == {"rail-1435", "rail-1520"},
        carbon_unit=carbon,
        luck=luck_of(f"steps:{step.id}"),
        calendar=(*((f"calendars:{step.calendar}",) if step.calendar else ()), *shut),
        wait=step.id,
        vector=draft.prices.step(step),
        parts=draft.slot("hours", "steps", step.id, "hours", 1.0)
        + draft.slot("carbon_unit", "steps", step.id, "kgco2e", 1.0),
    )


def add_procedures(draft: Draft, chain: Chain, tail: int, head: Vertex, group: str) -> None:
    """Add the procedures of a crossing in series from a vertex to the vertex behind the last one."""
    at = tail
    if not chain.procedures:
        raise ValueError(f"crossing {chain.crossing.id} has no procedure")
    for count, (seq, step) in enumerate(chain.procedures, start=1):
        last = count == len(chain.procedures)
        after = draft.vertex(head if last else (*head[:5], f"{chain.crossing.id}@{head}", seq))
        add_work(draft, step, at, after, group, chain.crossing.id, seq)
        at = after


def cleared(place: Place, state: str, group: str, chain: Chain, draft: Draft) -> Vertex:
    """Return the vertex of cargo at a place that has passed a crossing's procedures and not yet left."""
    return (draft.places[place.id], state, group, "", -1, chain.crossing.id, 0)


def arrived(place: Place, state: str, group: str, chain: Chain, draft: Draft) -> Vertex:
    """Return the vertex of cargo at a place that has arrived and not yet passed a crossing's procedures."""
    return (draft.places[place.id], state, group, "", -1, chain.crossing.id, 1)
