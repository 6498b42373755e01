"""Corridor to integer-indexed arrays and back: the only translator of id, unit and index."""

from transcaspian.network.compile import compile_network
from transcaspian.network.network import Network, drawn
from transcaspian.network.window import Window, months

__all__ = ["Network", "Window", "compile_network", "drawn", "months"]
