"""This module owns where every uncertain datum stands in the arrays, so that a draw needs no compile."""

from collections.abc import Sequence

import numpy as np

from transcaspian.network.builder import Arc, Draft
from transcaspian.network.network import SLOT_ARRAYS, Slots


def slots_of(
    draft: Draft, arcs: Sequence[Arc], waits: list[tuple[int, str, int]], shape: tuple[int, int, int], periods: int
) -> Slots:
    """Return where every uncertain datum stands in the arrays."""
    corridor = draft.corridor
    number: dict[tuple[str, str, str], int] = {}
    rows: list[tuple[int, int, int, float, int]] = []

    def put(array: str, key: tuple[str, str, str], index: int, factor: float, power: int = 1) -> None:
        if key in draft.ranged:
            rows.append((number.setdefault(key, len(number)), SLOT_ARRAYS.index(array), index, factor, power))

    owners, count, forms = shape
    for a, arc in enumerate(arcs):
        for array, table, key, attribute, factor, power in arc.parts:
            put(array, (table, key, attribute), a, factor, power)
        for table, key, attribute, entries, factor in arc.vector.parts if arc.vector else ():
            if (table, key, attribute) in draft.ranged:
                for entry in range(owners * forms) if entries is None else entries.tolist():
                    owner, form = divmod(entry, forms)
                    put("price", (table, key, attribute), (owner * count + a) * forms + form, factor * arc.weight)
    for a, key, p in waits:
        put("wait", ("waits", key, "hours"), a * periods + p, 1.0)
    for s, site in enumerate(draft.sites):
        for p, period in enumerate(draft.window.periods):
            put("weather_share", ("weather", f"{site}:{period.month}", "closed_share"), s * periods + p, 1.0)
            put("weather_spell", ("weather", f"{site}:{period.month}", "mean_spell_h"), s * periods + p, 1.0)
    for r, resource in enumerate(corridor.resources.rows):
        for p in range(periods if resource.servers is not None else 0):
            put("servers", ("resources", resource.id, "servers"), r * periods + p, 1.0)
    for g, fleet in enumerate(corridor.fleets.rows):
        for p in range(periods):
            put("vehicles", ("fleets", fleet.id, "availability"), g * periods + p, fleet.vehicles)
    central = [float(getattr(corridor.table(t)[k], a)) for t, k, a in number]
    return Slots(
        evidence=tuple(":".join(key) for key in number),
        central=np.array(central, dtype=np.float64),
        value=np.array([row[0] for row in rows], dtype=np.int32),
        array=np.array([row[1] for row in rows], dtype=np.int16),
        index=np.array([row[2] for row in rows], dtype=np.int64),
        factor=np.array([row[3] for row in rows], dtype=np.float64),
        power=np.array([row[4] for row in rows], dtype=np.int8),
    )
