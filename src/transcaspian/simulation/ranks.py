"""This module owns who goes first at a station or aboard a fleet: priorities and prices of the table ``rations``.

Bans and quotas are kept by the flows that are simulated, and have no rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.scene import LEVELS
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.resource import Ration
from transcaspian.network import Network
from transcaspian.simulation.loads import Load

Row = tuple[int, ...]
"""A rank for every period of the network."""

LAST = LEVELS - 1
"""Rank of what no rule of a resource puts first."""


@dataclass
class Ranks:
    """The rows of ranks that activities point at; the first is of resources without rules."""

    network: Network
    corridor: Corridor
    loads: Sequence[Load]
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows.append((0,) * len(self.network.window.periods))

    @cached_property
    def rules(self) -> dict[str, list[Ration]]:
        """Rules of resources where some cargo goes before other, in their order."""
        found: dict[str, list[Ration]] = {}
        for row in sorted(self.corridor.rations.rows, key=lambda r: r.seq):
            found.setdefault(row.resource, []).append(row)
        return {key: rows for key, rows in found.items() if any(r.rule in ("priority", "price") for r in rows)}

    @cached_property
    def dear(self) -> float:
        """EUR per tonne and hour of waiting above which cargo is among the dearer half of what is sent."""
        hours = [load.hour for load in self.loads if load.hour > 0]
        return float(np.median(hours)) if hours else 0.0

    def of(self, resource: str, loads: Sequence[Load]) -> int:
        """Return the row of who brings these loads to a resource: of the most urgent of them; of none, the last."""
        if resource not in self.rules:
            return 0
        each = [self._rank(self.rules[resource], load) for load in loads]
        row = tuple(np.min(each, axis=0).tolist()) if each else (LAST,) * len(self.rows[0])
        if row not in self.rows[1:]:
            self.rows.append(row)
        return self.rows.index(row, 1)

    def _rank(self, rules: Sequence[Ration], load: Load) -> NDArray[np.int64]:
        """Return the rank of a load in every period, by the first rule that fits and is in force half of the period."""
        found = np.full(len(self.rows[0]), LAST)
        left = np.ones(len(found), np.bool_)
        for rule in rules:
            if rule.commodity in (None, load.commodity) and rule.kind in (None, load.kind):
                here = left & (np.array(self.network.window.in_force(rule.from_date, rule.until_date)) >= 0.5)
                if rule.rule == "priority":
                    found[here] = 0
                elif rule.rule == "price":
                    found[here] = 1 if load.hour > self.dear else 2
                left &= ~here
        return found
