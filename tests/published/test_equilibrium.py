"""Published equilibria of standard networks; where their files are not beside the checkout there is nothing to read."""

from pathlib import Path

import numpy as np
import pytest

from transcaspian.assignment.standard import equilibrium
from transcaspian.io.tntp import read_flows, read_network, read_trips

FILES = Path(__file__).parents[3] / "shared" / "tntp"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the files of the standard networks are not here")


@pytest.mark.parametrize(("principle", "each"), [("user", 92), ("system", 83)])
def test_braess(principle: str, each: float) -> None:
    # Braess (1968): 6 units at 92 each with the new road, 83 each without it, which is the optimum with it.
    network, demand = read_network(FILES / "Braess_net.tntp"), read_trips(FILES / "Braess_trips.tntp")
    assert equilibrium(network, demand, principle=principle, gap=1e-12).total_cost == pytest.approx(6 * each)


@pytest.mark.parametrize(("name", "gap", "apart"), [
    ("SiouxFalls", 1e-6, 1e-4), ("SiouxFalls", 1e-10, 1e-7), ("Anaheim", 1e-6, 1e-2), ("Anaheim", 1e-10, 1e-6),
])  # fmt: skip
def test_flows_are_those_published(name: str, gap: float, apart: float) -> None:
    # A gap bounds costs; flows that cost nearly the same may be further apart, by about its square root.
    network, demand = read_network(FILES / f"{name}_net.tntp"), read_trips(FILES / f"{name}_trips.tntp")
    published = read_flows(FILES / f"{name}_flow.tntp")
    answer = equilibrium(network, demand, gap=gap)
    assert answer.gap <= gap
    assert published.tail.tolist() == network.tail.tolist()
    assert published.head.tolist() == network.head.tolist()
    assert np.abs(answer.volume - published.volume).max() <= apart * published.volume.max()
    assert answer.total_cost == pytest.approx(float(published.volume @ published.cost), rel=10 * gap)
