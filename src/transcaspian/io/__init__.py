"""Readers and writers of corridor data."""

from transcaspian.io.package import bundled, load, read_corridor, read_tables, write_corridor

__all__ = ["bundled", "load", "read_corridor", "read_tables", "write_corridor"]
