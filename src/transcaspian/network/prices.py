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


@dataclass(frozen=True)
class Vector:
    """Price and resource cost of each (owner, form); of shape (1, 1) where all are alike."""

    price: NDArray[np.float64]
    resource: NDArray[np.float64]
    basis: int
    parts: tuple[tuple[str, str, str, NDArray[np.int64] | None, float], ...] = ()
    """(table, key, attribute, flat entries (None: all), EUR per unit of the datum): where each datum went."""


ALIKE = np.ones((1, 1))


class PriceBook:
    """Finds the price of things; remembers what it found."""

    def __init__(self, corridor: Corridor, exchange: Exchange, filler: Filler, day: date) -> None:
        self._forms: tuple[Form, ...] = corridor.forms.rows
        carried: dict[str, set[str]] = {}
        for ride in corridor.service_forms.rows:
            carried.setdefault(ride.service, set()).add(ride.group)
        self._carried = {
            s: [(f, form) for f, form in enumerate(self._forms) if form.group in g] for s, g in carried.items()
        }
        self._exchange, self._filler = exchange, filler
        self._shape = (len(OWNERS), len(self._forms))
        self._run: dict[str, list[Tariff]] = {}
        self._distance: dict[str, list[Tariff]] = {}
        for row in corridor.tariffs.rows:
            if (row.from_date and day < row.from_date) or (row.until_date and day >= row.until_date):
                continue
            if row.kind == "service" and row.service:
                self._run.setdefault(row.service, []).append(row)
            elif row.kind == "distance":
                self._distance.setdefault(row.product or "", []).append(row)
        self._rates: dict[str, tuple[float, float]] = {}
        self._kept: dict[tuple[object, ...], Vector] = {}

    def run(self, service: Service, origin: str, destination: str, share: float) -> Vector:
        """Return the price of one run between two calls; ``share`` of the line's km where only the line has a rate."""
        key = ("run", service.id, origin, destination)
        if key not in self._kept:
            self._kept[key] = self._best(self._run.get(service.id, ()), service, origin, destination, share)
        return self._kept[key]

    def per_km(self, service: Service, country: str) -> Vector:
        """Return the price of one load unit and km of an area service in a country."""
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
        price, cost = np.full(self._shape, np.nan), np.full(self._shape, np.nan)
        basis = PUBLISHED
        parts: dict[tuple[str, float], list[int]] = {}
        for f, form in self._carried.get(service.id, ()):
            for o, owner in enumerate(OWNERS):
                found = [t for t in tariffs if _charges(t, form, owner, origin, destination)]
                if not found:
                    continue
                tariff = max(found, key=_specificity) if len(found) > 1 else found[0]
                factor, spent = self._rate(tariff, service)
                if not (tariff.origin or tariff.destination):
                    factor *= share
                price[o, f] = tariff.amount * factor
                cost[o, f] = spent * factor
                if trust_of(tariff) == "assumed":
                    basis = ASSUMED
                parts.setdefault((tariff.id, factor), []).append(o * len(self._forms) + f)
        if not parts:
            basis = UNKNOWN
        where = tuple(
            ("tariffs", key, "amount", np.array(entries, dtype=np.int64), factor)
            for (key, factor), entries in parts.items()
        )
        return Vector(price, cost, basis, where)


def _charges(tariff: Tariff, form: Form, owner: str, origin: str, destination: str) -> bool:
    return (
        (tariff.form == form.id if tariff.form else tariff.group in (None, form.group))
        and tariff.owner in (None, owner)
        and tariff.origin in (None, origin)
        and tariff.destination in (None, destination)
    )


def _specificity(tariff: Tariff) -> tuple[int, int, int, str]:
    relation = (tariff.origin is not None) + (tariff.destination is not None) + (tariff.country is not None)
    return relation, tariff.form is not None, tariff.owner is not None, tariff.id
