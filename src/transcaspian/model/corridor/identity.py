"""This module owns the identity of a corridor: equal tables have equal identities, wherever they were read from."""

import hashlib
import json
from operator import attrgetter
from typing import Any

from transcaspian.model.cells import text_of
from transcaspian.model.corridor.corridor import TABLES, Corridor
from transcaspian.model.schema import columns


def corridor_id(corridor: Corridor) -> str:
    """Return the identity of a corridor: the SHA-256 of its canonical rows (conventions, 6).

    Canonical is: every table that has rows, every row as the texts of its cells, rows in order of their key. The
    order of rows in a file, and how a table was split over files, does not count.

    >>> corridor_id(Corridor())
    '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945'
    """
    # A corridor never changes, so its identity is worked out once and kept with it.
    kept = vars(corridor)
    if "_identity" not in kept:
        kept["_identity"] = hashlib.sha256(_canonical(corridor).encode()).hexdigest()
    identity: str = kept["_identity"]
    return identity


def _canonical(corridor: Corridor) -> str:
    tables: list[Any] = []
    for name, cls in TABLES.items():
        table = corridor.table(name)
        if table:
            names = [column.name for column in columns(cls)]
            cells = attrgetter(*names)
            tables.append([name, names, [[text_of(v) for v in cells(table[key])] for key in sorted(table)]])
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
