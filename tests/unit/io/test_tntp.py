"""Files of standard networks: what is read, what is refused, and that flows come back as they were."""

from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcaspian.errors import DataError
from transcaspian.io.tntp import (
    Flows,
    read_flows,
    read_network,
    read_nodes,
    read_trips,
    write_flows,
    write_network,
    write_trips,
)
from transcaspian.network.standard import StandardNetwork

NET = """<NUMBER OF ZONES> 2\t
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 2 ~ a comment
<ORIGINAL HEADER>~ \tInit node \tTerm node\t;
<END OF METADATA>

~ \tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;
\t1\t3\t900.5\t2\t6\t0.15\t4\t0\t1\t1\t;
\t3\t2\t1e3\t0\t0\t0\t0\t60\t0\t2;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 6.5
<END OF METADATA>

Origin 1
    1 :      0.0;     2 :    6.0;
Origin \t2
1:.5;
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "a.tntp"
    path.write_text(text, encoding="utf-8")
    return path


def said(caught: pytest.ExceptionInfo[DataError]) -> list[str]:
    return str(caught.value).splitlines()


def test_a_network_is_read(tmp_path: Path) -> None:
    network = read_network(file(tmp_path, NET))
    assert (network.zones, network.nodes, network.first_thru) == (2, 3, 3)
    assert (network.tail.tolist(), network.head.tolist()) == ([1, 3], [3, 2])
    assert network.capacity.tolist() == [900.5, 1000]
    assert (network.length.tolist(), network.free_time.tolist(), network.toll.tolist()) == ([2, 0], [6, 0], [1, 0])
    assert (network.b.tolist(), network.power.tolist()) == ([0.15, 0], [4, 0])
    # 6 * (1 + 0.15 * 2 ** 4) = 20.4
    assert network.times(np.array([1801.0, 5.0])) == pytest.approx([20.4, 0])
    assert repr(network) == "StandardNetwork of 2 zones, 3 nodes, 2 lines"


def test_every_problem_of_a_network_has_its_line(tmp_path: Path) -> None:
    text = NET.replace("<FIRST THRU NODE> 3", "<FIRST THRU NODE> 9").replace("LINKS> 2", "LINKS> 7")
    text += "\t1\t7\t-1\t2\tx\t0.15\t4\t0\t1\t1\t;\n 1 2 3 ;\n 1.5 2 1 1 1 1 1 1 1 1 ;\n 1 8 -1 1 1 1 0.5 1 1 1 ;\n"
    with pytest.raises(DataError) as caught:
        read_network(file(tmp_path, text))
    assert said(caught) == [
        "a.tntp, row line 11, column free_time: found 'x'; right would be a number",
        "a.tntp, row line 12: found '3 values'; right would be 10 values: tail, head, capacity, length, free_time, b, "
        "power, speed, toll, type",
        "a.tntp, row line 13, column tail: found '1.5'; right would be a whole number",
        "a.tntp, column NUMBER OF LINKS: found '7'; right would be 6, the rows there are; is the file cut off?",
        "a.tntp, column first_thru: found '9'; right would be 1 to 4",
        "a.tntp, row line 14, column head: found '8'; right would be a node from 1 up to 3",
        "a.tntp, row line 14, column capacity: found '-1'; right would be a number of 0 or more",
        "a.tntp, row line 14, column power: found '0.5'; right would be 0, or 1 and above",
    ]


def test_a_network_without_its_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_network(file(tmp_path, "<NUMBER OF NODES> two\n1 2 1 1 1 1 1 1 1 1 ;\n"))
    assert said(caught) == [
        "a.tntp: found 'no end of the head'; right would be a row '<END OF METADATA>'",
        "a.tntp, column NUMBER OF ZONES: found ''; right would be a row '<NUMBER OF ZONES> number' in the head",
        "a.tntp, column NUMBER OF NODES: found 'two'; right would be a whole number",
        "a.tntp, column FIRST THRU NODE: found ''; right would be a row '<FIRST THRU NODE> number' in the head",
        "a.tntp, column NUMBER OF LINKS: found ''; right would be a row '<NUMBER OF LINKS> number' in the head",
    ]


@pytest.mark.parametrize("read", [read_network, read_trips, read_flows, read_nodes])
def test_what_is_no_text_file_is_refused(tmp_path: Path, read: object) -> None:
    (tmp_path / "binary.tntp").write_bytes(b"\xff\xfe\x00")
    for name in ("absent.tntp", "binary.tntp"):
        with pytest.raises(DataError, match="right would be a text file in UTF-8"):
            read(tmp_path / name)  # type: ignore[operator]


def test_trips_are_read(tmp_path: Path) -> None:
    assert read_trips(file(tmp_path, TRIPS)).tolist() == [[0, 6], [0.5, 0]]


def test_every_problem_of_trips_has_its_line(tmp_path: Path) -> None:
    text = TRIPS + "Origin 3\n 1 : 4;\nOrigin 1\n 2 : 5; 2 : -1; 4 : 1; x : 1; 1 : y; 1 2;\n"
    with pytest.raises(DataError) as caught:
        read_trips(file(tmp_path, text))
    assert said(caught) == [
        "a.tntp, row line 9, column origin: found '3'; right would be a zone from 1 up to 2",
        "a.tntp, row line 12, column demand: found '1 to 2 again'; right would be each pair once",
        "a.tntp, row line 12, column demand: found '-1'; right would be 0 or more",
        "a.tntp, row line 12, column demand: found '1 to 2 again'; right would be each pair once",
        "a.tntp, row line 12, column destination: found '4'; right would be a zone from 1 up to 2",
        "a.tntp, row line 12, column destination: found 'x'; right would be a zone from 1 up to 2",
        "a.tntp, row line 12, column demand: found 'y'; right would be a number",
        "a.tntp, row line 12, column demand: found '1 to 1 again'; right would be each pair once",
        "a.tntp, row line 12: found '1 2'; right would be 'destination : demand;' behind a row 'Origin zone'",
    ]


def test_trips_that_are_cut_off_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"TOTAL OD FLOW: found '6.5'; right would be 6, the sum .* cut off"):
        read_trips(file(tmp_path, TRIPS.replace("1:.5;", "")))


def test_flows_with_and_without_names_are_read(tmp_path: Path) -> None:
    for head in ("From \tTo \tVolume \tCost \n", ""):
        flows = read_flows(file(tmp_path, head + "1 \t3 \t4494.65 \t6.0008 \n3 \t2 \t0 \t1e-8 \n"))
        assert (flows.tail.tolist(), flows.head.tolist()) == ([1, 3], [3, 2])
        assert (flows.volume.tolist(), flows.cost.tolist()) == ([4494.65, 0], [6.0008, 1e-8])


def test_wrong_flows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_flows(file(tmp_path, "From To Volume Cost\n1 2 x 4\n1 2 3\n"))
    assert [problem.row for problem in caught.value.problems] == ["line 2", "line 3"]


NUMBERS = st.floats(0, 1e12, allow_nan=False)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99), NUMBERS, NUMBERS), max_size=6))
def test_flows_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, float, float]]
) -> None:
    table = np.array(rows, float).reshape(-1, 4)
    flows = Flows(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3])
    back = read_flows(write_flows(tmp_path_factory.mktemp("flows") / "a_flow.tntp", flows))
    for name in ("tail", "head", "volume", "cost"):
        assert getattr(back, name).tolist() == getattr(flows, name).tolist()


def test_nodes_are_read(tmp_path: Path) -> None:
    places = read_nodes(file(tmp_path, "Node\tX\tY\t;\n3\t-96.7\t43.6\t;\n1\t1\t2\t;\n"))
    wanted = np.array([(1, 2), (np.nan, np.nan), (-96.7, 43.6)])
    assert np.array_equal(places, wanted, equal_nan=True)


def test_wrong_nodes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_nodes(file(tmp_path, "Node X Y ;\n1 2 3;\n0 1 1;\n1 5 5;\n2 x 1;\n"))
    assert [(p.row, p.column) for p in caught.value.problems] == [
        ("line 5", "x"),
        ("line 3", "node"),
        ("line 4", "node"),
    ]


@given(st.lists(st.floats(0, 1e9), min_size=9, max_size=9))
def test_networks_and_trips_come_back_as_they_were(values: list[float]) -> None:
    cells = np.array(values)
    network = StandardNetwork(
        2, 3, 3, np.array([1, 3, 2]), np.array([3, 2, 1]), cells[:3], cells[3:6], cells[6:], cells[:3],
        np.array([0.0, 1.0, 4.0]), cells[3:6],
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        again = read_network(write_network(Path(folder) / "net.tntp", network))
        trips = read_trips(write_trips(Path(folder) / "trips.tntp", cells.reshape(3, 3)))
    for field in fields(StandardNetwork):
        assert np.array_equal(getattr(again, field.name), getattr(network, field.name)), field.name
    assert np.array_equal(trips, cells.reshape(3, 3))
