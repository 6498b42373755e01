"""Readers and writers of corridor data. ``load`` and ``export`` know every format; ``package`` is the original."""

from transcaspian.io.formats import export, load
from transcaspian.io.package import bundled, read_corridor, read_tables, write_corridor

__all__ = ["bundled", "export", "load", "read_corridor", "read_tables", "write_corridor"]
