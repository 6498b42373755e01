"""The nouns of a corridor. Read ``place``, ``link``, ``service``, ``step`` and ``resource`` in that order."""

from transcaspian.model.corridor.corridor import TABLES, Corridor, Table

__all__ = ["TABLES", "Corridor", "Table"]
