"""This module owns saying why nothing is left: which constraints cut the way, or which closed things would open it."""

from collections.abc import Iterable
from dataclasses import replace

from transcaspian.errors import NoRouteError
from transcaspian.network.network import Network
from transcaspian.network.search import family_chains, reaches, totals
from transcaspian.routing.request import Request
from transcaspian.routing.task import Job

FASTEST = (1.0, 0.0, 0.0)
LATER = 1e17


def no_route(network: Network, request: Request, job: Job) -> NoRouteError:
    """Return the error that names what cut every way."""
    if not reaches(network, job, job.base):
        return NoRouteError(_nothing_at_all(network, request), ("no service",))
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
        return NoRouteError(f"no way passes everything required: {', '.join(required)}", required)
    if first and request.latest:
        earliest = network.window.moment(first[0])
        label = f"arrive by {request.latest:%Y-%m-%d %H:%M} UTC"
        return NoRouteError(
            f"no way can {label}: the earliest expected arrival is {earliest:%Y-%m-%d %H:%M} UTC", (label,)
        )
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


def _nothing_at_all(network: Network, request: Request) -> str:
    group = network.ids.groups[network.form_group[network.ids.forms.index(request.form)]]
    closed = [f"{cut.what} ({cut.reason})" for cut in network.cuts][:6]
    text = f"no open service carries {request.form} ({group}) from {request.origin} to {request.destination}"
    return text + (f"; closed in this dataset: {'; '.join(closed)}" if closed else "")
