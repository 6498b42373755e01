"""This module owns the filling of missing values from the table ``defaults``, and the record of what was filled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import Default

FACTS = ("mode", "product", "kind", "group", "gauge", "tracks", "terrain", "country")
"""What a default may depend on."""


BUILT_IN = {
    ("access", "detour"): 1.3,
    ("access", "eur_per_km"): 1.5,
    ("access", "speed_km_h"): 45.0,
    ("access", "wtw"): 95.0,
    ("demand", "bunch"): 1.0,  # lots that are sent together
    ("demand", "lot_units"): 8.0,
    ("departures", "own_wait_h"): 24.0,
    ("emission_factors", "wtw"): 0.0,
    ("fleets", "repair_h"): 120.0,
    ("links", "speed_km_h"): 40.0,
    ("resources", "background"): 0.3,  # share of the capacity
    ("resources", "dwell_h"): 48.0,  # of each of the two handlings of a stay in a yard
    ("resources", "servers"): float("nan"),  # unknown, which engines that need it refuse
    ("services", "pass_through"): 0.0,  # prices stay what they are
    ("services", "scv"): 0.1,
    ("services", "train_wagons"): 57.0,
    ("services", "turn_h"): 48.0,
    ("steps", "correction_h"): 24.0,
    ("steps", "kgco2e"): 0.0,
    ("steps", "resource_cost"): 1.0,  # share of the price
    ("steps", "rework"): 0.0,  # no paper is wrong
    ("steps", "scv"): 1.0,
    ("tariffs", "part_taper"): 1.0,  # a part of a line costs its share of the km
    ("tariffs", "resource_cost"): 1.0,  # share of the price
    ("vehicle_types", "keel_clearance"): 0.1,  # share of the draught
    ("vehicle_types", "load_per_m"): 0.25,  # share of the load for a metre of draught
}
"""What stands in where a dataset has no default that fits, so that a first corridor answers at all: round figures of
ours, assumptions without a source. The bundled corridor has a default of its own for all of them but servers."""


class Fill(NamedTuple):
    """A value that was missing in a row, and the default that stands in for it."""

    table: str
    row: str
    attribute: str
    default: str
    value: float
    unit: str


@dataclass(slots=True)
class Filler:
    """Looks up defaults, the most specific first, and remembers what it filled."""

    rules: dict[tuple[str, str], list[Default]]
    filled: dict[tuple[str, str, str], Fill] = field(default_factory=dict)
    _found: dict[object, Default | None] = field(default_factory=dict)

    def find(self, table: str, attribute: str, facts: Mapping[str, object]) -> Default | None:
        """Return the default that fits these facts best, or None."""
        memo = (table, attribute, *facts.items())
        try:
            return self._found[memo]
        except KeyError:
            fitting = (d for d in self.rules.get((table, attribute), ()) if _fits(d, facts))
            return self._found.setdefault(memo, max(fitting, key=_specificity, default=None))

    def value(self, table: str, row: str, attribute: str, facts: Mapping[str, object]) -> float:
        """Return the default for a missing value and note that it was filled; what is built in if no default fits."""
        default = self.find(table, attribute, facts)
        if default is None:
            return BUILT_IN[table, attribute]
        key = (table, row, attribute)
        before = self.filled.get(key)
        if before is None or before.default != default.id:
            self.filled[key] = Fill(table, row, attribute, default.id, default.value, default.unit)
        return default.value


def filler(corridor: Corridor) -> Filler:
    """Return a filler for the defaults of a corridor."""
    rules: dict[tuple[str, str], list[Default]] = {}
    for row in corridor.defaults.rows:
        rules.setdefault((row.table, row.attribute), []).append(row)
    return Filler(rules)


def _fits(default: Default, facts: Mapping[str, object]) -> bool:
    return all(wanted is None or wanted == facts.get(name) for name, wanted in _wanted(default))


def _specificity(default: Default) -> int:
    return sum(wanted is not None for _, wanted in _wanted(default))


def _wanted(default: Default) -> Iterable[tuple[str, object]]:
    return ((name, getattr(default, name)) for name in FACTS)
