"""This module owns price vectors: what a step, a run or a kilometre costs each form, by owner, in euros.

A vector has shape (owner, form): EUR per load unit (or per load unit and km), ``nan`` where no price is known. Beside
it stands the resource cost, a basis (published, assumed, unknown) and the tariffs it came from, for the slots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.cargo import Form
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.model.corridor.price import Tariff
from transcaspian.model.corridor.service import Service
from transcaspian.model.corridor.step import Step
from transcaspian.network.fill import Filler
from transcaspian.network.money import Exchange
from transcaspian.network.network import ASSUMED, OWNERS, PUBLISHED, UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Price and resource cost of each (owner, form); of shape (1, 1) where all are alike."""

    price: NDArray[np.float64]
    resource: NDArray[np.float64]
    basis: int
    parts: tuple[tuple[str, str, str, NDArray[np.int64] | None, float], ...] = ()
    """(table, key, attribute, flat entries (None: all), EUR per unit of the datum): where each datum went."""


ALIKE = np.ones((1, 1))
FREE = Vector(ALIKE * 0.0, ALIKE * 0.0, PUBLISHED)
"""The price of what nobody charges for: it is in the price of something else."""


Payers = tuple[list[tuple[int, NDArray[np.int64]]], NDArray[np.int64]]
"""Numbers of tariffs with the flat entries of (owner, form) that pay them; the number of the one each entry pays."""


class PriceBook:
    """Finds the price of things; remembers what it found."""

    def __init__(self, corridor: Corridor, exchange: Exchange, filler: Filler, day: date) -> None:
        self._forms: tuple[Form, ...] = corridor.forms.rows
        carried: dict[str, set[str]] = {}
        for ride in corridor.service_forms.rows:
            carried.setdefault(ride.service, set()).add(ride.group)
        self._carried = {
            s: tuple(f for f, form in enumerate(self._forms) if form.group in g) for s, g in carried.items()
        }
        self._exchange, self._filler = exchange, filler
        self._shape = (len(OWNERS), len(self._forms))
        self._run: dict[str, list[Tariff]] = {}
        self._distance: dict[str, list[Tariff]] = {}
        for row in sorted(corridor.tariffs.rows, key=_specificity, reverse=True):  # so the first that fits is it
            if (row.from_date and day < row.from_date) or (row.until_date and day >= row.until_date):
                continue
            if row.kind == "service" and row.service:
                self._run.setdefault(row.service, []).append(row)
            elif row.kind == "distance":
                self._distance.setdefault(row.product or "", []).append(row)
        self._rates: dict[str, tuple[float, float]] = {}
        self._kept: dict[tuple[object, ...], Vector] = {}
        self._payers: dict[tuple[object, ...], Payers] = {}

    def run(self, service: Service, origin: str, destination: str, share: float) -> Vector:
        """Return the price of one run between two calls.

        Where only the line has a rate, a run over a ``share`` of its km costs that share to the power of
        ``part_taper``: rates a km fall with distance, so no way gets cheaper by changing trains on it.
        """
        key = ("run", service.id, origin, destination)
        if key not in self._kept:
            self._kept[key] = self._best(self._run.get(service.id, ()), service, origin, destination, share)
        return self._kept[key]

    def per_km(self, service: Service, origin: str, destination: str) -> Vector:
        """Return the price of one load unit and km of an area service between two countries: half lies in each."""
        key = ("km", service.id, origin, destination)
        if key not in self._kept:
            at_home = (self._per_km_in(service, country) for country in (origin, destination))
            self._kept[key] = _mean(*at_home)
        return self._kept[key]

    def _per_km_in(self, service: Service, country: str) -> Vector:
        key = ("km", service.id, country)
        if key not in self._kept:
            fitting = [
                t
                for t in self._distance.get(service.product, ())
                if t.country in (None, country) and t.operator in (None, service.operator)
            ]
            self._kept[key] = self._best(fitting, service, "", "", 1.0)
        return self._kept[key]

    def step(self, step: Step) -> Vector:
        """Return the price of a step, the same for every form and owner."""
        key = ("step", step.id)
        if key not in self._kept:
            self._kept[key] = self._step(step)
        return self._kept[key]

    def _step(self, step: Step) -> Vector:
        amount, basis = step.price, ASSUMED if trust_of(step) == "assumed" else PUBLISHED
        parts = []
        facts = {"kind": step.kind, "group": step.group}
        if amount is None:
            if self._filler.find("steps", "price", facts) is None:
                # A step whose price nobody published is still done; the answer says that its price is not in the sum.
                return Vector(ALIKE * 0.0, ALIKE * 0.0, UNKNOWN)
            amount, basis = self._filler.value("steps", step.id, "price", facts), ASSUMED
        elif step.currency and step.price_year:
            factor = self._exchange.factor(step.currency, step.price_year)
            parts.append(("steps", step.id, "price", None, factor))
            amount *= factor
        price = ALIKE * amount
        share = self._filler.value("steps", step.id, "resource_cost", facts)
        cost = price * share
        if step.resource_cost is not None and step.currency and step.price_year:
            cost = ALIKE * self._exchange.eur(step.resource_cost, step.currency, step.price_year)
        return Vector(price, cost, basis, tuple(parts))

    def _rate(self, tariff: Tariff, service: Service) -> tuple[float, float]:
        """Return euros for one unit of a tariff's currency, and its resource cost in that currency."""
        if tariff.id not in self._rates:
            spent = tariff.resource_cost
            if spent is None:
                facts = {"product": service.product, "mode": service.mode}
                spent = tariff.amount * self._filler.value("tariffs", tariff.id, "resource_cost", facts)
            self._rates[tariff.id] = self._exchange.factor(tariff.currency, tariff.price_year), spent
        return self._rates[tariff.id]

    def _best(self, tariffs: Sequence[Tariff], service: Service, origin: str, destination: str, share: float) -> Vector:
        """Return the price by the tariffs of a service that fit a relation."""
        fitting = tuple([t for t in tariffs if t.origin in (None, origin) and t.destination in (None, destination)])
        payers, which = self._payers_of(self._carried.get(service.id, ()), fitting)
        basis, parts = PUBLISHED if payers else UNKNOWN, []
        prices, costs = [], []
        for number, entries in payers:
            tariff = fitting[number]
            factor, spent = self._rate(tariff, service)
            if not (tariff.origin or tariff.destination) and share < 1.0:
                facts = {"product": service.product, "mode": service.mode}
                factor *= share ** self._filler.value("tariffs", tariff.id, "part_taper", facts)
            prices.append(tariff.amount * factor)
            costs.append(spent * factor)
            if trust_of(tariff) == "assumed":
                basis = ASSUMED
            parts.append(("tariffs", tariff.id, "amount", entries, factor))
        price, cost = (np.array([*amounts, np.nan])[which] for amounts in (prices, costs))
        return Vector(price, cost, basis, tuple(parts))

    def _payers_of(self, carried: tuple[int, ...], tariffs: Sequence[Tariff]) -> Payers:
        """Return who pays which of some tariffs: each owner and form carried pays the first that fits."""
        key = (carried, tuple([(t.form, t.group, t.owner) for t in tariffs]))
        if key not in self._payers:
            found: dict[int, list[int]] = {}
            for f in carried:
                for o, owner in enumerate(OWNERS):
                    first = next((n for n, t in enumerate(tariffs) if _charges(t, self._forms[f], owner)), None)
                    if first is not None:
                        found.setdefault(first, []).append(o * len(self._forms) + f)
            which = np.full(self._shape, len(found))
            payers = [(number, np.array(entries, dtype=np.int64)) for number, entries in found.items()]
            for n, (_, entries) in enumerate(payers):
                which.flat[entries] = n
            self._payers[key] = payers, which
        return self._payers[key]


def _mean(a: Vector, b: Vector) -> Vector:
    if a is b:
        return a
    parts = tuple((*part[:4], part[4] / 2) for vector in (a, b) for part in vector.parts)
    return Vector((a.price + b.price) / 2, (a.resource + b.resource) / 2, max(a.basis, b.basis), parts)


def _charges(tariff: Tariff, form: Form, owner: str) -> bool:
    fits = tariff.form == form.id if tariff.form else tariff.group in (None, form.group)
    return fits and tariff.owner in (None, owner)


def _specificity(tariff: Tariff) -> tuple[int, int, int, str]:
    relation = (tariff.origin is not None) + (tariff.destination is not None) + (tariff.country is not None)
    return relation, tariff.form is not None, tariff.owner is not None, tariff.id
