"""This module owns where every uncertain datum stands in the arrays, so that a draw needs no compile."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from transcaspian.network.builder import Arcs, Draft
from transcaspian.network.network import SLOT_ARRAYS, Slots

Key = tuple[str, str, str]
"""table, key of the row, attribute"""

Put = Callable[[str, Key, int, float, int], None]
"""Notes a slot: array, datum, flat index, factor, power."""


def slots_of(draft: Draft, arcs: Arcs, waits: Mapping[str, Sequence[str]], shape: tuple[int, int, int]) -> Slots:
    """Return where every uncertain datum stands.

    Parameters
    ----------
    draft, arcs : the network under construction, its arcs in order
    waits : keys of rows in ``waits`` by (what is waited for, period); empty where no row says
    shape : (owner, arc, form) of prices
    """
    number: dict[Key, int] = {}
    rows: list[tuple[int, int, int, float, int]] = []

    def put(array: str, key: Key, index: int, factor: float, power: int) -> None:
        if key in draft.ranged:
            rows.append((number.setdefault(key, len(number)), SLOT_ARRAYS.index(array), index, factor, power))

    _of_arcs(draft, arcs, shape, put)
    periods = len(draft.window.periods)
    for a, number_of_work in enumerate(arcs.work.tolist()):
        for p, row in enumerate(waits.get(arcs.works[number_of_work].wait, ())):
            if row in draft.corridor.waits:
                put("wait", ("waits", row, "hours"), a * periods + p, 1.0, 1)
    _of_weather(draft, put)
    _of_stock(draft, put)
    return Slots(
        evidence=tuple(":".join(key) for key in number),
        central=np.array([float(getattr(draft.corridor.table(t)[k], a)) for t, k, a in number], dtype=np.float64),
        value=np.array([row[0] for row in rows], dtype=np.int32),
        array=np.array([row[1] for row in rows], dtype=np.int16),
        index=np.array([row[2] for row in rows], dtype=np.int64),
        factor=np.array([row[3] for row in rows], dtype=np.float64),
        power=np.array([row[4] for row in rows], dtype=np.int8),
    )


def _of_arcs(draft: Draft, arcs: Arcs, shape: tuple[int, int, int], put: Put) -> None:
    owners, count, forms = shape
    for a, number in enumerate(arcs.work.tolist()):
        work = arcs.works[number]
        for array, table, key, attribute, factor, power in work.parts:
            put(array, (table, key, attribute), a, factor, power)
        for table, key, attribute, entries, factor in work.vector.parts:
            if (table, key, attribute) in draft.ranged:
                for entry in range(owners * forms) if entries is None else entries.tolist():
                    owner, form = divmod(entry, forms)
                    index = (owner * count + a) * forms + form
                    put("price", (table, key, attribute), index, factor * work.weight, 1)


def _of_weather(draft: Draft, put: Put) -> None:
    periods = draft.window.periods
    for s, site in enumerate(draft.sites):
        for p, period in enumerate(periods):
            key = f"{site}:{period.month}"
            put("weather_share", ("weather", key, "closed_share"), s * len(periods) + p, 1.0, 1)
            put("weather_spell", ("weather", key, "mean_spell_h"), s * len(periods) + p, 1.0, 1)


def _of_stock(draft: Draft, put: Put) -> None:
    periods = len(draft.window.periods)
    for r, resource in enumerate(draft.corridor.resources.rows):
        for p in range(periods if resource.servers is not None else 0):
            put("servers", ("resources", resource.id, "servers"), r * periods + p, 1.0, 1)
    for g, fleet in enumerate(draft.corridor.fleets.rows):
        for p, state in enumerate(draft.states):
            vehicles = state.fleets.get(fleet.id, fleet).vehicles
            put("vehicles", ("fleets", fleet.id, "availability"), g * periods + p, vehicles, 1)
