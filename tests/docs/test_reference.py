"""Whatever a person can name is in the documentation."""

import inspect
import re
from pathlib import Path

import pytest

import transcaspian
from docs import generate
from transcaspian.model.corridor import TABLES
from transcaspian.model.schema import NOUNS, columns

ROOT = Path(__file__).parents[2]
WRITTEN = {
    p: p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*/*.md")] if p.exists()
}
BY_HAND = "\n".join(
    text for page, text in WRITTEN.items() if page.stem not in {page.__name__ for page in generate.PAGES}
)


def test_every_noun_has_a_table() -> None:
    assert set(NOUNS.values()) == set(TABLES.values())


@pytest.mark.parametrize("table", TABLES)
def test_every_attribute_is_in_the_reference(table: str) -> None:
    section = generate.tables().split(f"\n## {table}\n")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0].strip("| `") for line in section.splitlines() if line.startswith("| `")]
    assert rows == [column.name for column in columns(TABLES[table])]


@pytest.mark.parametrize("name", sorted(transcaspian.__all__))
def test_every_public_name_is_documented(name: str) -> None:
    assert f"\n## {name}\n" in generate.python()
    value = getattr(transcaspian, name)
    if inspect.isclass(value) or inspect.isroutine(value):
        sentence = (inspect.getdoc(value) or "").split("\n\n")[0]
        assert re.match(r"[A-Z].*\.$", sentence, re.DOTALL), "its docstring begins with one sentence"
    if inspect.isfunction(value):
        assert ">>>" in (value.__doc__ or ""), "its docstring shows an example that runs"


def test_public_names_are_listed_once_and_loaded() -> None:
    assert len(set(transcaspian.__all__)) == len(transcaspian.__all__)
    assert set(transcaspian.__all__) <= set(dir(transcaspian))


@pytest.mark.parametrize("words", [words for words, _ in generate.command_tree()], ids=" ".join)
def test_every_command_and_option_is_documented(words: tuple[str, ...]) -> None:
    command = dict(generate.command_tree())[words]
    section = generate.commands().split(f"\n## {' '.join(words)}\n")[1].split("\n## ")[0]
    for parameter in generate.parameters(command):
        said = [line for line in section.splitlines() if line.startswith(f"| {generate.names(parameter)} |")]
        assert said, f"{generate.names(parameter)} is not in the reference"
        assert said[0].split(" | ", 1)[1].strip(" |"), f"{generate.names(parameter)} has no sentence of help"


@pytest.mark.parametrize("words", [words for words, _ in generate.command_tree()], ids=" ".join)
def test_every_command_is_met_in_a_page_written_by_hand(words: tuple[str, ...]) -> None:
    assert f"./go {' '.join(words)}" in BY_HAND


def test_the_page_on_data_counts_the_places_without_a_code() -> None:
    places = transcaspian.load().places.rows
    without = sum(place.locode is None for place in places)
    assert f"{without} of the {len(places)} places have none" in BY_HAND.replace("\n", " ")
