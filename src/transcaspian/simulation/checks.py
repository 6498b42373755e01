"""This module owns what would make a simulation wait for ever, found before it runs: each with the figures."""

from collections.abc import Iterator

from transcaspian.errors import DataError, Problem
from transcaspian.model.corridor import Corridor
from transcaspian.network.depths import LEAST, too_deep
from transcaspian.network.limits import Limit
from transcaspian.simulation.sites import alive
from transcaspian.simulation.world import World


def check_weather(corridor: Corridor) -> None:
    """Raise if weather closes a site all year that ships of an open service must pass.

    Raises
    ------
    DataError
        With every such site.
    """
    problems = []
    for site in corridor.weather_sites.rows:
        months = [corridor.weather.get(f"{site.id}:{month}") for month in range(1, 13)]
        least = min((row.closed_share if row is not None else 0.0) for row in months)
        stopped = [
            s.id for s in corridor.services.rows if s.status == "open" and site.id in (s.weather_from, s.weather_to)
        ]
        if least >= 1.0 and stopped:
            right = f"below 1 in some month: ships of {', '.join(stopped[:4])} can never sail"
            problems.append(Problem("weather", site.id, "closed_share", f"{least:g} in all months", right))
    if problems:
        raise DataError(problems)


def check_vehicles(corridor: Corridor) -> None:
    """Raise if an open service never has a vehicle: its fleet has none in any month, or it fills those of no fleet.

    Raises
    ------
    DataError
        With every such fleet and service.
    """
    problems, filling = [], {row.service for row in corridor.departures.rows if row.rule == "fill"}
    users: dict[str, list[str]] = {}
    for service in corridor.services.rows:
        if service.status != "open" or service.pattern != "line":
            continue
        if service.fleet is not None:
            users.setdefault(service.fleet, []).append(service.id)
        elif service.id in filling:
            right = "a fleet: its departures wait until a vehicle is full, and it has none"
            problems.append(Problem("services", service.id, "fleet", "", right))
    for name, services in users.items():
        fleet = corridor.fleets[name]
        rows = [corridor.fleet_layups.get(f"{name}:{month}") for month in range(1, 13)]
        least = min(0.0 if row is None else row.vehicles for row in rows)
        if fleet.vehicles <= least + 1e-9:
            found = f"{fleet.vehicles:g}" + (
                f", of which {least:g} or more laid up in every month" if least > 0 else ""
            )
            right = f"vehicles in some month: cargo waits for {', '.join(services[:4])}"
            problems.append(Problem("fleets", name, "vehicles", found, right))
    if problems:
        raise DataError(problems)


def check_queues(corridor: Corridor, year: int) -> None:
    """Raise if a queue is there when a month of the year begins: in a simulation cargo comes in the course of it.

    Raises
    ------
    DataError
        With every such row of demand.
    """
    right = "empty, or 0 units: a simulation begins with nothing that stands; `assign` takes it"
    problems = [
        Problem("demand", row.id, "stands_at", str(row.stands_at), right)
        for row in corridor.demand.rows
        if row.stands_at is not None and row.year == year and row.units > 0
    ]
    if problems:
        raise DataError(problems)


def check(world: World) -> None:
    """Raise if something that cargo needs can never work.

    Raises
    ------
    DataError
        With every fleet without water under it, calendar that never opens, capacity of nothing all year.
    """
    problems = [*_depths(world), *_calendars(world)]
    if problems:
        raise DataError(dict.fromkeys(problems))  # the directions of a track are two limits of one resource


def _depths(world: World) -> Iterator[Problem]:
    plan = world.play.scene.plan
    shallow = plan.monthly[plan.rooms : plan.ranks].max(axis=1, initial=0.0) <= LEAST
    for leg, never in zip(world.lines.legs.values(), shallow, strict=True):
        if never:
            ids = world.network.ids
            yield too_deep(world.corridor, ids.fleets[leg.fleet], ids.places[leg.origin], ids.places[leg.destination])


def _calendars(world: World) -> Iterator[Problem]:
    resources = world.network.ids.resources
    for limit in world.sites.limits:
        row: Limit = world.sites.table.limits[limit]
        calendar = int(world.network.resource_calendar[resources.index(row.resource)])
        if calendar >= 0 and not world.play.opens[calendar]:
            name = world.corridor.resources[row.resource].calendar or world.network.ids.calendars[calendar]
            right = f"opening hours within the year: {row.resource} is used and never opens"
            yield Problem("calendars", name, "", "never open", right)
        if not alive(row).any():
            right = f"above 0 in some month: {row.name} is used and can never serve"
            yield Problem("resources", row.resource, "capacity", f"{row.capacity.max():g} {row.unit}", right)
