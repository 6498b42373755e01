"""This module owns the filling of missing values from the table ``defaults``, and the record of what was filled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import Default

FACTS = ("mode", "product", "kind", "group", "gauge", "tracks", "terrain", "country")
"""What a default may depend on."""


@dataclass(frozen=True, slots=True)
class Fill:
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
        if memo not in self._found:
            fitting = (d for d in self.rules.get((table, attribute), ()) if _fits(d, facts))
            self._found[memo] = max(fitting, key=_specificity, default=None)
        return self._found[memo]

    def value(self, table: str, row: str, attribute: str, facts: Mapping[str, object], otherwise: float = 0.0) -> float:
        """Return the default for a missing value and note that it was filled; ``otherwise`` if no default fits."""
        default = self.find(table, attribute, facts)
        if default is None:
            return otherwise
        self.filled[table, row, attribute] = Fill(table, row, attribute, default.id, default.value, default.unit)
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
