"""Files in, flows out, and what is said when it cannot be."""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from transcaspian.cli import main
from transcaspian.io.tntp import read_flows

HEAD = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    # Two lines that cost 1 + x and 5: of 10, 4 take the first (user), or 2, where 1 + 2 x = 5 (system).
    (tmp_path / "net").write_text(HEAD + "1 2 1 0 1 1 1 0 0 1;\n1 2 1 0 5 0 1 0 0 1;\n", encoding="utf-8")
    (tmp_path / "trips").write_text("<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n2 : 10;\n", encoding="utf-8")
    return [str(tmp_path / "net"), str(tmp_path / "trips")]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["transcaspian", "equilibrium", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_flows_are_written(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *files, "--principle", "system", "--out", str(tmp_path / "flows"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["total_cost"] == pytest.approx(2 * 3 + 8 * 5)
    assert read_flows(tmp_path / "flows").volume == pytest.approx([2, 8])


def test_the_answer_in_words(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *files) == 0
    assert "user equilibrium of 10 between 2 zones on 2 lines\ntotal cost 50;" in capsys.readouterr().out


def test_bad_files_and_principles_are_refused(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, files[1], files[0]) == 2
    assert "NUMBER OF NODES" in capsys.readouterr().err
    assert run(monkeypatch, *files, "--principle", "none") == 2


def test_all_that_is_wrong_is_told_at_once(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    none = [str(tmp_path / "nofile"), str(tmp_path / "none")]
    assert run(monkeypatch, *none, "--gap", "-1", "--principle", "foo") == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ("4 problems", "nofile", "none", "'foo'", "'-1'"))


def test_demand_is_read_from_an_omx_file(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "trips.omx")
    with h5py.File(path, "w") as file:
        for name, trips in (("cars", 10.0), ("lorries", 6.0)):
            file.create_dataset(f"data/{name}", data=np.array([[0.0, trips], [0.0, 0.0]]))
        file.create_dataset("data/line", data=np.zeros(2))
    assert run(monkeypatch, files[0], path, "--matrix", "cars", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total_cost"] == pytest.approx(10 * 5)
    for words, said in (((), "one of 'cars', 'line', 'lorries'"), (("--matrix", "line"), "a square matrix")):
        assert run(monkeypatch, files[0], path, *words) == 2
        assert said in capsys.readouterr().err
    assert run(monkeypatch, files[0], str(tmp_path / "none.omx")) == 2
