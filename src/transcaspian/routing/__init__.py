"""Ways of a shipment: ``plan`` and ``matrix`` over a compiled network, and ``ask`` for the question."""

from transcaspian.routing.matrix import matrix
from transcaspian.routing.plan import plan
from transcaspian.routing.request import Request, ask

__all__ = ["Request", "ask", "matrix", "plan"]
