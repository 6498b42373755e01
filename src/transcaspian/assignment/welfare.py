"""This module owns the reading of a solved year as welfare: what a tonne bears, who earns, what is emitted."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from transcaspian.assignment.flows import Model, Solution, costs_of
from transcaspian.assignment.way import payee_of
from transcaspian.kernels.flows import CONTRACTED
from transcaspian.network.fill import Filler, filler
from transcaspian.results.welfare import Users, Welfare

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Reader:
    """What of a model does not change from one solution to the next: sums over ways become products of matrices."""

    model: Model

    @cached_property
    def tonnes(self) -> Values:
        """Net tonnes of a load unit of every segment, (D,)."""
        return np.array([s.tonnes for s in self.model.segments])

    @cached_property
    def demands(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Name, country of origin, country of destination and commodity of every segment."""
        segments, places = self.model.segments, self.model.corridor.places
        return (
            tuple(s.name for s in segments),
            tuple(places[s.demand.origin].country for s in segments),
            tuple(places[s.demand.destination].country for s in segments),
            tuple(s.demand.commodity for s in segments),
        )

    @cached_property
    def worth(self) -> Values:
        """Value of a tonne of every segment, (D,) [EUR]."""
        return np.array([s.worth for s in self.model.segments])

    @cached_property
    def elasticity(self) -> Values:
        """Elasticity of every segment, (D,)."""
        return np.array([s.demand.elasticity for s in self.model.segments])

    @cached_property
    def prices(self) -> Values:
        """Price, resources and carbon of a load unit on every way, (3, K)."""
        ways = self.model.listed
        return np.array([[w.price for w in ways], [w.spent for w in ways], [w.carbon for w in ways]])

    @cached_property
    def operators(self) -> tuple[str, ...]:
        """Everybody who is paid on a way."""
        return tuple(sorted({name for payees in self._payees for name in payees}))

    @cached_property
    def earned(self) -> Values:
        """What every operator is paid over its resources for a load unit on every way, (O, K) [EUR]."""
        return self._earned(np.ones(self.model.network.arcs))

    @cached_property
    def fill(self) -> Filler:
        """What fills in for a pass-through that a service does not have; it remembers which defaults did."""
        return filler(self.model.corridor)

    @cached_property
    def passing(self) -> Values:
        """The part of ``earned`` that prices pass on to shippers, (O, K) [EUR]; terminals pass nothing on."""
        network, corridor = self.model.network, self.model.corridor
        share = [
            self.fill.value("services", row.id, "pass_through", {"product": row.product, "mode": row.mode})
            if row.pass_through is None
            else row.pass_through
            for row in (corridor.services[s] for s in network.ids.services)
        ]
        return self._earned(np.append(np.array(share), 0.0)[network.world.service])  # the last is "no service"

    def _earned(self, share: Values) -> Values:
        """Return what every operator is paid over its resources on every way, (O, K), times a share of each arc."""
        place = {name: n for n, name in enumerate(self.operators)}
        found = np.zeros((len(place), len(self.model.listed)))
        for k, (way, payees) in enumerate(zip(self.model.listed, self._payees, strict=True)):
            own = (way.by_arc[0] - way.by_arc[1]) * share[way.chain]
            np.add.at(found[:, k], [place[name] for name in payees], own)
        return found

    @cached_property
    def hauls(self) -> tuple[tuple[str, str], ...]:
        """Every mode and country of its network, the country as that in which an arc ends; ``sea`` has none."""
        network = self.model.network
        countries = sorted({country or "sea" for country in network.ids.place_country})
        return tuple((mode, country) for mode in network.ids.modes for country in countries)

    @cached_property
    def hauled(self) -> Values:
        """Tonne-kilometres of a load unit on every way, by mode and country, (H, K)."""
        network, place = self.model.network, {haul: n for n, haul in enumerate(self.hauls)}
        country = [c or "sea" for c in network.ids.place_country]
        codes = [[place[mode, c] for c in country] for mode in network.ids.modes]
        of_arc = np.array(codes)[np.maximum(network.mode, 0), network.ends[1]]  # what has no mode has no length
        found = np.zeros((len(place), len(self.model.listed)))
        for k, (way, d) in enumerate(zip(self.model.listed, self.model.owner.tolist(), strict=True)):
            np.add.at(found[:, k], of_arc[way.chain], network.km[way.chain] * self.tonnes[d])
        return found

    @cached_property
    def _payees(self) -> list[list[str]]:
        """Who is paid for each arc of each way."""
        known = cache(lambda arc: payee_of(self.model.network, self.model.corridor, arc)[0])
        return [[known(arc) for arc in way.chain.tolist()] for way in self.model.listed]

    @cached_property
    def _contracted(self) -> NDArray[np.int64]:
        """Ways of contracted cargo."""
        return np.flatnonzero(self.model.ways.kind[self.model.owner] == CONTRACTED)

    def on(self, model: Model) -> "Reader":
        """Return a reader of a model with the same ways, which need not be looked at again."""
        other = Reader(model)
        for name in (
            "tonnes", "prices", "operators", "earned", "fill", "passing", "hauls", "hauled", "demands", "worth",
            "elasticity", "_contracted",
        ):  # fmt: skip
            other.__dict__[name] = getattr(self, name)
        return other

    def welfare(self, solution: Solution, year: int) -> Welfare:
        """Return a solution as welfare of a year."""
        found, ways = solution.year, self.model.ways
        carried = found.carried.sum(axis=1)
        paid, spent, carbon = (self._summed(carried * row) for row in self.prices)
        return Welfare(
            year,
            *self.demands,
            self.elasticity,
            self.worth,
            ways.volume * ((1.0 + ways.elsewhere) * self.tonnes)[:, None],
            np.where(ways.elsewhere > 0, ways.market, 0.0),
            Users(found.fresh * self.tonnes[:, None], found.whole, self._queue(solution, ways.sure)),
            self._calm(solution),
            paid,
            spent,
            carbon,
            self._summed(carried) * self.tonnes,
            found.backlog[:, -1] * self.tonnes,
            self.operators,
            self.earned @ carried,
            self._summed(self.passing.sum(axis=0) * carried),
            self.passing @ carried,
            self.hauls,
            self.hauled @ carried,
            solution.gap,
        )

    def _summed(self, values: Values) -> Values:
        """Return sums over the ways of every segment, (D,)."""
        found = np.bincount(self.model.owner, weights=values, minlength=len(self.model.segments))
        return found.astype(np.float64)

    def _calm(self, solution: Solution) -> Users:
        """Return the users of a solution, its waits and flows as they are, to whom reliability is worth nothing."""
        sure = np.zeros_like(self.model.ways.sure)
        found = costs_of(self.model.ways._replace(sure=sure), self.model.limits, solution.wait)
        return Users(found.fresh * self.tonnes[:, None], found.whole, self._queue(solution, sure))

    def _queue(self, solution: Solution, sure: Values) -> Values:
        """Return what contracted cargo bears by waiting at limits, (D,) [EUR/year]."""
        ways, limits = self.model.ways, self.model.limits
        hours = np.zeros(len(self.model.owner))
        for k in self._contracted.tolist():
            used = ways.use_limit[ways.use_first[k] : ways.use_first[k + 1]]
            d = self.model.owner[k]
            felt = (1.0 + sure[d] * limits.risk[used])[:, None] * solution.wait[used]
            hours[k] = float((felt.sum(axis=0) * solution.year.carried[k]).sum()) * ways.hour[d]
        return self._summed(hours) * self.tonnes
