"""The open, executable model of the Trans-Caspian International Transport Route.

>>> import transcaspian as tc
>>> corridor = tc.load()
>>> answer = tc.plan(corridor, "Xi'an", "Poti", cargo="2x40HC", commodity="electronics", depart="2026-12-01")
>>> answer.best.p90 > answer.best.p50
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcaspian.errors import DataError, InputError, NoRouteError, RequestError, ScenarioError, TranscaspianError
    from transcaspian.io import export, load
    from transcaspian.model.corridor import Corridor
    from transcaspian.network import Network, compile_network, months
    from transcaspian.results.itinerary import Itinerary, Plan
    from transcaspian.results.matrix import Matrix
    from transcaspian.study.plan import matrix, plan

_HOME = {
    "Appraisal": "transcaspian.results.appraisal",
    "Corridor": "transcaspian.model.corridor",
    "DataError": "transcaspian.errors",
    "Flows": "transcaspian.results.flows",
    "InputError": "transcaspian.errors",
    "Itinerary": "transcaspian.results.itinerary",
    "Matrix": "transcaspian.results.matrix",
    "Network": "transcaspian.network",
    "NoRouteError": "transcaspian.errors",
    "Plan": "transcaspian.results.itinerary",
    "RequestError": "transcaspian.errors",
    "ScenarioError": "transcaspian.errors",
    "TranscaspianError": "transcaspian.errors",
    "appraise": "transcaspian.study.appraise",
    "assign": "transcaspian.study.assign",
    "compile_network": "transcaspian.network",
    "export": "transcaspian.io",
    "load": "transcaspian.io",
    "matrix": "transcaspian.study.plan",
    "Simulated": "transcaspian.results.events",
    "months": "transcaspian.network",
    "plan": "transcaspian.study.plan",
    "simulate": "transcaspian.study.simulate",
}
"""Where each public name lives; it is imported at its first use."""

__all__ = [
    "Appraisal",
    "Corridor",
    "DataError",
    "Flows",
    "InputError",
    "Itinerary",
    "Matrix",
    "Network",
    "NoRouteError",
    "Plan",
    "RequestError",
    "ScenarioError",
    "Simulated",
    "TranscaspianError",
    "appraise",
    "assign",
    "compile_network",
    "export",
    "load",
    "matrix",
    "months",
    "plan",
    "simulate",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
