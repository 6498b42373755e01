"""This module owns turning a chain of arcs into legs and stops that a person can read: indices become ids again."""

import itertools
from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import ALIGHT, BOARD, MOVE, TIMETABLE
from transcaspian.model.corridor import Corridor
from transcaspian.network.doors import ACCESS
from transcaspian.network.network import OWNERS, Network
from transcaspian.network.search import Chain, expected_times
from transcaspian.results.itinerary import Activity, Crossed, Leg, Stop
from transcaspian.routing.request import Request
from transcaspian.routing.task import Job

FERRIES = ("rail-ferry", "ro-ro")
"""States of cargo that crosses the water on wagons or wheels."""

BASES: tuple[Literal["published", "assumed", "unknown"], ...] = ("published", "assumed", "unknown")


class Describer:
    """Reads chains of one job on one network."""

    def __init__(self, network: Network, corridor: Corridor, request: Request, job: Job) -> None:
        self.network, self.corridor, self.request, self.job = network, corridor, request, job
        self.owner = OWNERS.index(request.owner)
        good = corridor.commodities[request.commodity]
        special = {"dangerous": good.dangerous, "plants": good.plant}
        self.goods = {"all", "packed", *(kind for kind, there in special.items() if there)}
        self.gateways: dict[tuple[int, ...], tuple[str, ...]] = {}
        self.documents: dict[int, tuple[str, ...]] = {}

    def parts(self, chain: Chain) -> tuple[Leg | Stop, ...]:
        """Return the stops and legs of a chain, in order."""
        times = expected_times(self.network, self.job, chain)
        found: list[Leg | Stop] = []
        doing: list[Activity] = []
        place = ""
        for begin, end in self._rides(chain):
            if end - begin == 1 and self.network.world.service[chain[begin]] < 0:
                act = self._activity(int(chain[begin]), times[begin], times[end])
                if doing and act.place != place:
                    found.append(Stop(place, tuple(doing)))
                    doing = []
                place = act.place
                doing.append(act)
                continue
            if doing:
                found.append(Stop(place, tuple(doing)))
                doing = []
            found.append(self._leg(chain[begin:end], times[begin : end + 1]))
        if doing:
            found.append(Stop(place, tuple(doing)))
        return tuple(found)

    def _rides(self, chain: Chain) -> Iterator[tuple[int, int]]:
        """Yield the arcs of each ride together, and each step between rides alone."""
        begin, kinds = 0, self.network.world.kind[chain].tolist()
        while begin < len(kinds):
            end = begin + 1
            if kinds[begin] == BOARD:
                while kinds[end] != ALIGHT:
                    end += 1
                end += 1
            yield begin, end
            begin = end

    def _activity(self, arc: int, begin: float, end: float) -> Activity:
        network, job = self.network, self.job
        step = self.corridor.steps[network.ids.steps[network.step[arc]]]
        crossing = network.crossing[arc]
        worked = float(job.task.hours[arc])
        return Activity(
            step=step.id,
            name=step.name,
            place=step.place,
            kind=step.kind,
            crossing=network.ids.crossings[crossing] if crossing >= 0 else None,
            wait=max(0.0, end - begin - worked),
            hours=worked,
            price=float(job.task.cost[arc]),
            price_basis=BASES[network.price_basis[arc]],
            co2e=float(job.task.carbon[arc]),
            documents=self._documents(arc, step.id),
        )

    def _documents(self, arc: int, step: str) -> tuple[str, ...]:
        """Return the papers that a step asks for, given the form the cargo is in and what it stands on there."""
        if arc not in self.documents:
            self.documents[arc] = self._papers(arc, step)
        return self.documents[arc]

    def _papers(self, arc: int, step: str) -> tuple[str, ...]:
        network, ids = self.network, self.network.ids
        form = self.corridor.forms[ids.forms[self.job.form[network.group[arc]]]]
        on_ferry = ids.states[network.vertex_state[network.world.tail[arc]]] in FERRIES
        return tuple(
            document.id
            for document in self.corridor.papers.get(step, ())
            if document.goods in self.goods
            and not (document.goods == "packed" and form.bulk)
            and not (document.carrier == "ferry" and not on_ferry)
        )

    def _leg(self, arcs: Chain, times: NDArray[np.float64]) -> Leg:
        network, world, job = self.network, self.network.world, self.job
        ids = network.ids
        service_id = ids.services[world.service[arcs[0]]]
        moves = arcs[world.kind[arcs] == MOVE]
        steps = network.step[arcs] >= 0
        borders = [self._activity(int(arcs[i]), times[i], times[i + 1]) for i in np.flatnonzero(steps)]
        carried, links = arcs[~steps], network.link[arcs]
        tail, head = network.ends
        boarded = world.kind[arcs[0]] == BOARD
        departs = times[1] if boarded else times[0]
        owner, form = self.owner, job.form[network.group[arcs[0]]]
        lot = job.units[network.group[arcs[0]]]
        spent = network.resource_cost[owner, arcs, form]
        if service_id == ACCESS:
            name, operator, product = "Road access", "road-hauliers", "truck"
        else:
            row = self.corridor.services[service_id]
            name, operator, product = row.name, row.operator, row.product
        return Leg(
            service=service_id,
            name=name,
            operator=operator,
            mode=ids.modes[network.mode[moves[0]]],
            product=product,
            origin=ids.places[tail[moves[0]]],
            destination=ids.places[head[moves[-1]]],
            ready=network.window.moment(times[0]),
            departs=network.window.moment(departs),
            arrives=network.window.moment(times[-1]),
            wait=float(departs - times[0]),
            hours=float(times[-1] - departs),
            km=float(network.km[arcs].sum()),
            price=float(sum(job.task.cost[carried].tolist())),
            price_basis=BASES[max(network.price_basis[carried].tolist(), default=0)],
            resource_cost=float(spent[~np.isnan(spent)].sum() * lot),  # what is not known is not in the sum
            co2e=float(sum(job.task.carbon[carried].tolist())),
            offer=self._offer(int(arcs[0]), product, lot),
            links=tuple(ids.links[link] for link in links[links >= 0].tolist()),
            borders=tuple(borders),
        )

    def _offer(self, arc: int, product: str, lot: float) -> str:
        """Return how the ride is sold to a lot of this size."""
        network, world = self.network, self.network.world
        if world.kind[arc] != BOARD:
            return "own truck"
        service = world.service[arc]
        needed = network.train_units[service]
        if self.job.task.own[arc] >= 0:
            return (
                "own block train"
                if product == "block-train"
                else "own sailing"
                if product in ("feeder", "tramp")
                else "own departure"
            )
        if product == "block-train":
            short = f" of {needed:.0f}" if np.isfinite(needed) else ""
            when = "set departure" if world.rule[service] == TIMETABLE else "leaves when full"
            return f"{lot:.0f} slots{short} on a shared train ({when})"
        return {
            "wagonload": "group of wagons in ordinary freight trains",
            "feeder": "slots on a feeder (leaves when full)",
            "rail-ferry": "deck tracks on a rail ferry",
            "ro-ro": "deck lanes on a ro-ro ferry",
            "truck": f"{lot:.0f} truck{'s' if lot > 1 else ''}",
            "liner": "slots on a liner",
            "tramp": "share of a ship",
            "pipeline": "pipeline capacity",
        }.get(product, product)

    def crossed(self, parts: tuple[Leg | Stop, ...]) -> tuple[Crossed, ...]:
        """Return the crossings passed, in order, with the papers of their steps."""
        acts = [a for part in parts for a in (part.borders if isinstance(part, Leg) else part.activities)]
        found: dict[str, Crossed] = {}
        for act in acts:
            if act.crossing is None:
                continue
            row = self.corridor.crossings[act.crossing]
            before = found.get(row.id)
            papers = dict.fromkeys((*(before.documents if before else ()), *act.documents))
            hours = (before.hours if before else 0.0) + act.wait + act.hours
            found[row.id] = Crossed(row.id, row.name, row.place, row.from_country, row.to_country, hours, tuple(papers))
        return tuple(found.values())

    def families(self, chains: Chain, first: NDArray[np.int64]) -> list[tuple[str, ...]]:
        """Return the gateways that each chain uses, in order: its route family.

        ``chains`` are their arcs, one behind another, and ``first`` (chain + 1,) is where each begins, and their end.
        """
        masks = self.network.gateway[chains]
        at = np.flatnonzero(masks)
        passed, ends = masks[at].tolist(), np.searchsorted(at, first).tolist()
        return [self._family(tuple(dict.fromkeys(passed[a:b]))) for a, b in itertools.pairwise(ends)]

    def _family(self, passed: tuple[int, ...]) -> tuple[str, ...]:
        """Return the gateways in some masks, in order."""
        if passed not in self.gateways:
            ids = list(enumerate(self.network.ids.gateways))
            of = [gateway for mask in passed for number, gateway in ids if mask >> number & 1]
            self.gateways[passed] = tuple(dict.fromkeys(of))
        return self.gateways[passed]

    def countries(self, chain: Chain) -> tuple[str, ...]:
        """Return the countries a chain touches or runs through, in order."""
        ids = self.network.ids
        tail, head = self.network.ends
        found = [ids.place_country[tail[chain[0]]]]
        for arc in chain.tolist():
            number = self.network.link[arc]
            link = ids.links[number] if number >= 0 else ""
            between = self.corridor.between.get(link, ())
            if between and self.corridor.links[link].origin != ids.places[tail[arc]]:
                between = between[::-1]
            found += [*between, ids.place_country[head[arc]]]
        return tuple(dict.fromkeys(found))
