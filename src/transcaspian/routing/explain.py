"""This module owns saying why nothing is left: which constraints cut the way, or which closed things would open it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from transcaspian.errors import NoRouteError, Problem, RequestError
from transcaspian.model.change import find
from transcaspian.model.corridor import Corridor, Table
from transcaspian.network.compile import compile_network
from transcaspian.network.network import Network
from transcaspian.network.search import family_chains, reaches, totals
from transcaspian.routing.request import Request, said, zone_of
from transcaspian.routing.task import Job, job_of, with_ends

FASTEST = (1.0, 0.0, 0.0)
LATER = 1e17

CLOSABLE = ("services", "crossings", "links", "places")
"""Tables with a status, in the order in which they are named."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What is closed for one reason: its rows by table, and the targets of closures with dates."""

    reason: str
    rows: dict[str, list[str]]
    targets: tuple[str, ...] = ()

    def __str__(self) -> str:
        counted = [(len(self.rows[table]), table) for table in CLOSABLE if table in self.rows]
        words = [f"{n} {table.removesuffix('s') if n == 1 else table}" for n, table in counted]
        return f"{', '.join([*words, *self.targets])} ({self.reason})"


def no_route(network: Network, corridor: Corridor, request: Request, job: Job) -> NoRouteError:
    """Return the error that names what cut every way."""
    if not reaches(network, job, job.base):
        group = network.ids.groups[network.form_group[network.ids.forms.index(request.form)]]
        text = f"no open service carries {request.form} ({group}) from {said(request.origin)} to "
        text += said(request.destination) + _would_open(network, corridor, request)
        return NoRouteError(text, ("no service",))
    if not _reaches(network, job, range(len(job.masks))):
        culprits = _culprits(network, job)
        names = " and ".join(f"'{c}'" for c in culprits)
        alone = "either one alone would leave a way" if len(culprits) > 1 else "without it there is one"
        return NoRouteError(
            f"no way is left: {names} cut{'s' if len(culprits) == 1 else ''} every one ({alone})", culprits
        )
    required = tuple(str(c) for c in request.constraints if c.verb == "require")
    first = _first(network, replace(job, latest=LATER))
    if required and first is None:
        text = f"no way passes everything required: {', '.join(required)}"
        return NoRouteError(text + _would_open(network, corridor, request), required)
    if first and request.latest:
        zone = zone_of(corridor, request.destination)
        latest, earliest = (
            f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
            for moment in (request.latest, network.window.moment(first[0]))
        )
        label = f"arrive by {latest}"
        return NoRouteError(f"no way can {label}: the earliest expected arrival is {earliest}", (label,))
    return NoRouteError(
        "no way arrives within the time the model looks ahead: timetables or closures leave none", ("time window",)
    )


def _first(network: Network, job: Job) -> tuple[float, float, float] | None:
    back = bool(job.needed)  # what is required may lie at the end of a line
    found = [(part, family_chains(network, part, FASTEST, 1, 1.0, back=back)) for part in job.searches]
    return min((totals(network, part, chains[0]) for part, chains in found if chains), default=None)


def _culprits(network: Network, job: Job) -> tuple[str, ...]:
    """Return a smallest set of avoidances that cuts every way: dropping any one of them leaves a way."""
    kept = list(range(len(job.masks)))
    for number in range(len(job.masks)):
        fewer = [k for k in kept if k != number]
        if not _reaches(network, job, fewer):
            kept = fewer
    return tuple(str(job.masks[k][0]) for k in kept)


def _reaches(network: Network, job: Job, kept: Iterable[int]) -> bool:
    """Return whether any way is left with some of the avoidances."""
    allowed, gauges = job.base.copy(), False
    for k in kept:
        allowed &= ~job.masks[k][1]
        gauges |= job.masks[k][0].kind == "gauge-break"
    return any(reaches(network, job, allowed & left) for left in (job.gauges if gauges else (True,)))


def _would_open(network: Network, corridor: Corridor, request: Request) -> str:
    """Return in words what is closed and would leave a way if it were open; empty where nothing would."""
    closed = _closed(corridor)

    def left(groups: list[Closed]) -> bool:
        opened = _open(corridor, groups)
        try:
            full, start, end = with_ends(compile_network(opened, network.window), opened, request)
            job = job_of(full, opened, request, start, end)
        except RequestError:
            return False
        return _first(full, replace(job, latest=LATER)) is not None

    if not closed or not left(closed):
        return ""
    alone = [group for group in closed if left([group])]
    needed = alone or closed
    for group in () if alone else closed:
        fewer = [g for g in needed if g is not group]
        if left(fewer):
            needed = fewer
    joined = "; or " if alone else " and "
    return "; closed are " + joined.join(f"{group}{_opened_by(corridor, group)}" for group in needed)


def _closed(corridor: Corridor) -> list[Closed]:
    """Return what is closed or planned, by the first clause of the reason."""
    rows: dict[str, dict[str, list[str]]] = {}
    for table in CLOSABLE:
        for row in corridor.table(table).rows:
            if row.status != "open":
                reason = (getattr(row, "reason", None) or row.status).split(";")[0]
                rows.setdefault(reason, {}).setdefault(table, []).append(row.id)
    targets: dict[str, list[str]] = {}
    for closure in corridor.closures.rows:
        targets.setdefault(closure.reason, []).append(closure.target)
    found = [Closed(reason, by_table) for reason, by_table in rows.items()]
    return found + [Closed(reason, {}, tuple(dict.fromkeys(shut))) for reason, shut in targets.items()]


def _open(corridor: Corridor, groups: list[Closed]) -> Corridor:
    """Return the corridor with everything of some groups open."""
    opened = {(table, key) for group in groups for table, keys in group.rows.items() for key in keys}
    targets = {target for group in groups for target in group.targets}
    tables: dict[str, Any] = {
        table: Table(replace(r, status="open") if (table, r.id) in opened else r for r in corridor.table(table).rows)
        for table in {table for table, _ in opened}
    }
    if targets:
        tables["closures"] = Table(row for row in corridor.closures.rows if row.target not in targets)
    return replace(corridor, **tables)


def _opened_by(corridor: Corridor, group: Closed) -> str:
    """Return in words the scenarios of the corridor that open every row of a group."""
    wanted = {(table, key) for table, keys in group.rows.items() for key in keys}
    opens: dict[str, set[tuple[str, str]]] = {}
    for row in corridor.changes.rows:
        if row.attribute == "status" and row.value == "open" and row.owner in corridor.scenarios:
            found = find(corridor, row.target)
            if not isinstance(found, Problem):
                opens.setdefault(row.owner, set()).update((found.table, key) for key in found.keys)
    able = [name for name, keys in opens.items() if wanted and wanted <= keys]
    if not able:
        return ""
    return f"; scenario {' or '.join(able)} opens {'them' if len(wanted) > 1 else 'it'}"
