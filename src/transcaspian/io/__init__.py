"""Readers and writers of corridor data. ``load``, ``read`` and ``export`` know all formats; ``package`` comes first."""

from transcaspian.io.formats import export, load, read
from transcaspian.io.package import bundled, read_corridor, read_tables, write_corridor

__all__ = ["bundled", "export", "load", "read", "read_corridor", "read_tables", "write_corridor"]
