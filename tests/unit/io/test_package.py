"""A dataset as a folder: which files it has, what makes it unreadable, and that it is written whole or not at all."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from transcaspian.errors import DataError
from transcaspian.io import bundled, load, read_corridor, read_tables, write_corridor
from transcaspian.model.corridor import Table


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corridor(load(), tmp_path_factory.mktemp("written") / "corridor")


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "corridor")


def right(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_corridor(path)
    return str(caught.value)


def test_the_bundled_corridor_is_read_by_default() -> None:
    assert load() == read_corridor(bundled()) == load(str(bundled()))


def test_the_bundled_files_stand_as_they_would_be_written(written: Path) -> None:
    # After a change by hand, `./go data export src/transcaspian/data/middle_corridor` writes them so, descriptor too.
    there = {path.name: path for path in bundled().iterdir() if path.suffix in (".csv", ".json")}
    assert there.keys() == {path.name for path in written.iterdir()}
    assert [name for name, path in there.items() if path.read_bytes() != (written / name).read_bytes()] == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "a folder with one CSV file for each table" in right(tmp_path / "nowhere")


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "a folder with one CSV file for each table" in right(tmp_path / "file")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "an empty folder" in right(tmp_path)


def test_a_folder_inside_it_that_has_the_name_of_a_file(folder: Path) -> None:
    (folder / "places.csv").unlink()
    (folder / "places.csv").mkdir()
    assert "places.csv" in right(folder)


def test_a_file_that_was_lost(folder: Path) -> None:
    (folder / "links.csv").unlink()
    assert "datapackage.json, row links.csv, column path" in right(folder)


def test_a_file_that_nobody_listed(folder: Path) -> None:
    (folder / "prices.csv").write_text("id\n", encoding="utf-8")
    assert "a file that datapackage.json lists" in right(folder)
    (folder / "datapackage.json").unlink()
    assert "found 'prices.csv'; right would be the file of a table" in right(folder)


def test_a_descriptor_that_was_half_written(folder: Path) -> None:
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    (folder / "datapackage.json").write_text(text[: len(text) // 2], encoding="utf-8")
    assert "a data package descriptor" in right(folder)


@pytest.mark.parametrize("listed", [[], {"resources": 3}, {"resources": [{}]}, {"resources": ["links.csv"]}])
def test_a_descriptor_of_another_kind(listed: Any, folder: Path) -> None:
    (folder / "datapackage.json").write_text(json.dumps(listed), encoding="utf-8")
    assert "a data package descriptor" in right(folder)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("table", "plaices", "'places'"), ("path", "../places.csv", "the name of a file in the folder")],
)
def test_a_descriptor_that_leads_astray(key: str, value: str, said: str, folder: Path) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    next(r for r in descriptor["resources"] if r["path"] == "places.csv")[key] = value
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert said in right(folder)


def test_a_name_of_a_file_may_be_anything_that_the_descriptor_lists(folder: Path) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    next(r for r in descriptor["resources"] if r["path"] == "places.csv")["path"] = "where.txt"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "places.csv").rename(folder / "where.txt")
    assert read_corridor(folder) == load()


def test_without_a_descriptor_names_decide(folder: Path) -> None:
    (folder / "datapackage.json").unlink()
    assert read_corridor(folder) == load()


def test_bytes_that_are_no_utf_8(folder: Path) -> None:
    lines = (folder / "countries.csv").read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b",", b",\xd0\xff", 1)
    (folder / "countries.csv").write_bytes(b"".join(lines))
    assert "countries, row countries.csv:3" in right(folder)
    assert "text in UTF-8" in right(folder)


def test_a_dataset_says_what_it_is(folder: Path) -> None:
    text = (folder / "about.csv").read_text(encoding="utf-8")
    (folder / "about.csv").write_text(text.splitlines()[0] + "\n", encoding="utf-8")
    assert "about: found '0 rows'" in right(folder)


def test_a_format_of_another_time(folder: Path) -> None:
    corridor = load()
    later = replace(corridor, about=Table([replace(row, format=2) for row in corridor.about.rows]))
    assert "right would be 1, the format this version reads" in right(write_corridor(later, folder))


def test_data_check_keeps_going(folder: Path) -> None:
    path = folder / "place_gauges.csv"
    path.write_text(path.read_text(encoding="utf-8") + "aktau,wide\n", encoding="utf-8")
    (folder / "loads.csv").write_text("half-wr", encoding="utf-8")
    found = read_tables(folder)
    assert {problem.table for problem in found.unreadable} == {"place_gauges", "loads"}
    corridor = found.corridor
    assert corridor.place_gauges == load().place_gauges
    assert corridor.places == load().places


def test_rows_stand_under_the_licence_of_their_source(folder: Path) -> None:
    corridor = load()
    osm = {source.id for source in corridor.sources.rows if source.licence == "ODbL-1.0"}
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    licences = {r["path"]: [entry["name"] for entry in r["licenses"]] for r in descriptor["resources"]}
    for name in ("places", "links", "geometries"):
        assert (licences[f"{name}.csv"], licences[f"{name}-osm.csv"]) == (["CC-BY-4.0"], ["ODbL-1.0"])
        (folder / f"{name}-osm.csv").unlink()
    (folder / "datapackage.json").unlink()
    own = read_corridor(folder)
    for name in ("places", "links", "geometries"):
        assert not {row.source for row in own.table(name).rows} & osm
        assert len(own.table(name)) < len(corridor.table(name))


def test_a_descriptor_names_only_what_is_there(folder: Path) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    names = [resource["name"] for resource in descriptor["resources"]]
    assert len(set(names)) == len(names)
    assert {resource["path"] for resource in descriptor["resources"]} == {p.name for p in folder.glob("*.csv")}
    for resource in descriptor["resources"]:
        header = (folder / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]
        for key in resource["schema"].get("foreignKeys", []):
            assert key["reference"].get("resource", resource["name"]) in names


def test_only_a_dataset_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.csv").write_text("dear\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"letter\.csv"):
        write_corridor(load(), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.csv").read_text(encoding="utf-8") == "dear\n"
    with pytest.raises(DataError, match="a file"):
        write_corridor(load(), tmp_path / "mine" / "letter.csv")


def test_writing_over_a_dataset_keeps_what_is_said_about_it(folder: Path) -> None:
    (folder / "README.md").write_text("Read me.\n", encoding="utf-8")
    (folder / "links-cable.csv").write_text((folder / "links.csv").read_text(encoding="utf-8").split("\n")[0] + "\n")
    write_corridor(load(), folder)
    assert (folder / "README.md").read_text(encoding="utf-8") == "Read me.\n"
    assert not (folder / "links-cable.csv").exists()


def test_a_writing_that_fails_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transcaspian.io.package.write_descriptor", full)
    with pytest.raises(OSError, match="No space"):
        write_corridor(load(), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_swap_that_fails_puts_the_old_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(5, "Input/output error")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="Input/output"):
        write_corridor(load(), folder)
    monkeypatch.undo()
    assert read_corridor(folder) == load()
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_is_written_through_a_link(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    write_corridor(load(), folder.parent / "link")
    assert (folder.parent / "link").is_symlink()
    shutil.rmtree(folder)
    assert not (folder.parent / "link").exists()
