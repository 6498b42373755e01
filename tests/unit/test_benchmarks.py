"""What is measured must be right: generated corridors plan, and ours and scipy's shortest ways are as long."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.models.equilibrium import city
from benchmarks.models.generated import across, corners, generated
from benchmarks.models.growth import answer
from benchmarks.models.one_criterion import graph_of, ours, pairs_of, rivals
from benchmarks.patterns.awkward import PATTERNS
from benchmarks.report import BEGIN, END, keep
from transcaspian.assignment.standard import equilibrium
from transcaspian.model.corridor import Corridor
from transcaspian.model.rules.reach import unreachable_places
from transcaspian.model.rules.references import unknown_references
from transcaspian.model.rules.services import broken_lines, uncrossable_borders
from transcaspian.network import Network, compile_network, months
from transcaspian.routing import ask, plan

WINDOW = months(date(2026, 12, 1))


@pytest.fixture(scope="module")
def network() -> Network:
    return compile_network(generated(1_000), WINDOW)


def test_the_size_asked_for_is_about_the_size_made(network: Network) -> None:
    assert 700 < network.arcs < 1_300


def test_the_same_seed_makes_the_same_corridor() -> None:
    assert generated(1_000) == generated(1_000)
    assert generated(1_000) != generated(1_000, seed=2)


def test_a_generated_corridor_is_whole() -> None:
    corridor = generated(1_000)
    rules = (unknown_references, broken_lines, uncrossable_borders, unreachable_places)
    assert [problem for rule in rules for problem in rule(corridor)] == []


@pytest.mark.parametrize("ends", [across, corners])
def test_a_generated_corridor_plans_over_its_ports(
    network: Network, ends: Callable[[Corridor], tuple[str, str]]
) -> None:
    corridor = generated(1_000)
    request = ask(corridor, *ends(corridor), cargo="12x40HC", commodity="electronics", depart="2026-12-01", draws=100)
    answer = plan(network, corridor, request)
    # The sea lies between the two ends, so every way passes one port on each shore at least.
    assert all(len(i.family) >= 2 for i in answer.itineraries)
    assert answer.families >= 2
    sure = answer.best.reliability
    assert sure is not None and sure.p90_hours > sure.p50_hours


def test_our_shortest_ways_are_as_long_as_those_of_scipy(network: Network) -> None:
    graph = graph_of(network)
    sparse = csr_array((graph.weight, graph.head, graph.first), shape=(network.vertices, network.vertices))
    wanted = dijkstra(sparse)
    found = ours(graph)
    for source, target in pairs_of(network, graph, count=50):
        assert found(source, target) == pytest.approx(wanted[source, target], rel=1e-12)


def test_all_rivals_answer_alike(network: Network) -> None:
    graph = graph_of(network)
    pairs = pairs_of(network, graph, count=3)
    answers = [[ask(*pair) for pair in pairs] for ask in (ours(graph), *rivals(graph).values())]
    np.testing.assert_allclose(answers, [answers[0]] * len(answers), rtol=1e-9)


@pytest.mark.parametrize("name", PATTERNS)
def test_awkward_corridors_plan(name: str) -> None:
    corridor, ends = PATTERNS[name][0](12)
    assert answer(compile_network(corridor, WINDOW), corridor, ends) >= 1


def test_a_generated_city_is_congested_and_solved() -> None:
    network, demand = city(6, 8)
    answer = equilibrium(network, demand)
    # Streets both ways, 2 * 2 * 6 * 5, and a door each way for 8 zones.
    assert len(network.tail) == 120 + 16
    assert 1 < (answer.volume / network.capacity).max() < 3
    # Doors carry what the zones send and receive.
    assert answer.volume[-16:-8] == pytest.approx(demand.sum(axis=1))
    assert answer.volume[-8:] == pytest.approx(demand.sum(axis=0))


def test_measured_tables_replace_those_before(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Head\n\nText.\n", encoding="utf-8")
    keep(page, "first")
    keep(page, "second")
    assert page.read_text(encoding="utf-8") == f"# Head\n\nText.\n\n{BEGIN}\n\nsecond\n\n{END}\n"
