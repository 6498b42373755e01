"""Study files: the same question, the same bytes; another dataset, program, scenario or key is refused, all at once."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from transcaspian import __version__
from transcaspian.errors import RequestError
from transcaspian.io import load
from transcaspian.io.traffic import with_traffic
from transcaspian.model.corridor import Corridor, Table
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.study.question import Question
from transcaspian.study.question_file import TERMS, read_question, write_question

EVERY = Question(
    "eu-2025",
    ("eu-aktau-port", "kmtf-six-ships"),
    "kazakhstan",
    "do-minimum",
    ("eu-aktau-port:5",),
    False,
    True,
    12,
    7,
    True,
    500e6,
    False,
    ("named", "red-sea-open"),
)
"""A question none of whose terms is left as it is without the option."""


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return load()


@pytest.mark.parametrize("asked", [Question("eu-2025"), EVERY, Question("eu-2025", rate=0.055)])
def test_a_question_comes_back_as_it_was(tmp_path: Path, corridor: Corridor, asked: Question) -> None:
    path = tmp_path / "study.toml"
    write_question(path, corridor, asked)
    assert read_question(path, corridor) == (corridor, asked)
    first = path.read_bytes()
    write_question(path, corridor, read_question(path, corridor)[1])
    assert path.read_bytes() == first


def test_it_pins_data_program_and_scenarios(tmp_path: Path, corridor: Corridor) -> None:
    path = tmp_path / "study.toml"
    write_question(path, corridor, EVERY)
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (content["program"], content["dataset"]) == (__version__, corridor_id(corridor))
    assert set(content["scenarios"]) >= {"do-minimum", "red-sea-open", "official"}
    assert set(TERMS) <= set(content), "every term is written where it differs"


def test_an_amount_and_a_rate_may_be_words(tmp_path: Path, corridor: Corridor) -> None:
    path = tmp_path / "study.toml"
    write_question(path, corridor, Question("eu-2025", rate=0.09, budget=5e8))
    text = path.read_text(encoding="utf-8")
    assert "rate = 0.09" in text and "budget = 500000000.0" in text
    path.write_text(text.replace("0.09", '"9%"').replace("500000000.0", '"500M"'), encoding="utf-8")
    assert read_question(path, corridor)[1] == Question("eu-2025", rate=0.09, budget=5e8)


def test_everything_wrong_is_said_at_once(tmp_path: Path, corridor: Corridor) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'program = "0.0.1"\ndataset = "another"\npackage = "eu-2025"\nprojects = "eu-aktau-port"\nbudgte = 1\n'
        'draws = 1.5\nresponse = "no"\nbudget = "much"\n',
        encoding="utf-8",
    )
    with pytest.raises(RequestError) as caught:
        read_question(path, corridor)
    said = {p.column: str(p) for p in caught.value.problems}
    assert set(said) == {"program", "dataset", "projects", "budgte", "draws", "response", "budget"}
    assert "'budget'" in said["budgte"] and "a list of texts" in said["projects"]
    assert f"'{corridor_id(corridor)}'" in said["dataset"] and __version__ in said["program"]
    assert all(p.row == str(path) for p in caught.value.problems)


def test_what_is_wrong_with_the_question_is_said_beside_what_is_wrong_with_the_file(
    tmp_path: Path, corridor: Corridor
) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        f'program = "{__version__}"\ndataset = "another"\npackage = "eu-2025"\nprojects = ["eu-aktau-prot"]\n'
        'under = ["red-sea-opne"]\nminimum = "do-nothing"\nrate = "nobody"\n',
        encoding="utf-8",
    )
    with pytest.raises(RequestError) as caught:
        read_question(path, corridor)
    text = str(caught.value)
    for name in ("another", "eu-aktau-prot", "red-sea-opne", "do-nothing", "nobody"):
        assert f"'{name}'" in text


def test_another_dataset_is_refused(tmp_path: Path, corridor: Corridor) -> None:
    path = tmp_path / "study.toml"
    write_question(path, corridor, Question("eu-2025"))
    rows = [replace(r, value=r.value * 1.01) if r.id == "carbon" else r for r in corridor.unit_values.rows]
    with pytest.raises(RequestError, match="dataset"):
        read_question(path, replace(corridor, unit_values=Table(rows)))


def test_a_scenario_in_a_file_is_pinned(tmp_path: Path, corridor: Corridor) -> None:
    storm = tmp_path / "storm.toml"
    text = '[[change]]\ntarget = "resources:aktau-crane"\nattribute = "capacity"\noperation = "scale"\nvalue = 0.9\n'
    storm.write_text(text, encoding="utf-8")
    path = tmp_path / "study.toml"
    asked = Question("eu-2025", under=(str(storm),))
    write_question(path, corridor, asked)
    assert read_question(path, corridor)[1] == asked
    storm.write_text(text.replace("0.9", "0.8"), encoding="utf-8")
    with pytest.raises(RequestError, match=r"storm\.toml"):
        read_question(path, corridor)


def test_counts_of_traffic_are_part_of_the_dataset(tmp_path: Path, corridor: Corridor) -> None:
    rows = [f"{r.section},{r.vehicle},{r.year},{2 * r.aadt},0,{r.growth}" for r in corridor.section_traffic.rows]
    counts = tmp_path / "counts.csv"
    counts.write_text("section,vehicle,year,aadt,corridor,growth\n" + "\n".join(rows) + "\n", encoding="utf-8")
    path = tmp_path / "study.toml"
    counted = with_traffic(corridor, counts)
    write_question(path, counted, Question("eu-2025"), counts)
    assert 'traffic = "counts.csv"' in path.read_text(encoding="utf-8"), "seen from the file"
    assert read_question(path, corridor) == (counted, Question("eu-2025"))
    counts.unlink()
    with pytest.raises(RequestError) as caught:
        read_question(path, corridor)
    assert {"section_traffic", "study"} <= {p.table for p in caught.value.problems}


@pytest.mark.parametrize("text", ["package = ", None])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, corridor: Corridor, text: str | None) -> None:
    path = tmp_path / "study.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match=r"study\.toml"):
        read_question(path, corridor)
