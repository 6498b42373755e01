"""Exports beside what each format has of its own: names, older files, lost files, and everything wrong at once."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import rows
from transcaspian.errors import DataError, Problem
from transcaspian.io import export, load
from transcaspian.io.formats import FORMATS
from transcaspian.io.parquet import read_parquet
from transcaspian.io.tables import Reading, csv_text
from transcaspian.model.corridor import TABLES, Corridor
from transcaspian.model.schema import key_of

NAMES = {"package": "corridor", "gpkg": "corridor.gpkg", "parquet": "parquet", "gmns": "gmns"}


@pytest.mark.parametrize("table", TABLES)
def test_drawn_rows_are_read_from_csv_as_they_were_written(table: str) -> None:
    @settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(drawn=st.lists(rows(table), max_size=4, unique_by=key_of))
    def law(drawn: list[object]) -> None:
        problems: list[Problem] = []
        reading = Reading(table, problems)
        reading.add_csv(csv_text(drawn, TABLES[table]), f"{table}.csv")
        assert (reading.rows, problems) == (drawn, [])

    law()


def test_all_that_is_wrong_with_a_folder_comes_in_one_error(tmp_path: Path) -> None:
    folder = export(load(), tmp_path / "corridor")
    (folder / "datapackage.json").unlink()  # names alone decide what a file is
    (folder / "plaices.csv").write_text("id\n", encoding="utf-8")  # no such table
    (folder / "operators.csv").write_bytes("id,name\nktz,Қазақстан\n".encode("utf-16"))  # not UTF-8
    text = (folder / "links.csv").read_text(encoding="utf-8")
    (folder / "links.csv").write_text(text[:-10], encoding="utf-8")  # half-written
    (folder / "countries.csv").write_text("id,name,name_ru\nkz,Kazakhstan,Казахстан\n", encoding="utf-8")  # no customs
    with pytest.raises(DataError, match="'places'") as caught:
        load(folder)
    found = {(p.table, p.column) for p in caught.value.problems}
    assert found == {("dataset", ""), ("operators", ""), ("links", ""), ("countries", "customs")}


def test_an_unknown_format_names_the_valid_ones(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        export(Corridor(), tmp_path / "out", "shapefile")
    assert all(repr(name) in str(caught.value) for name in FORMATS)


@pytest.mark.parametrize(
    ("name", "file"),
    [("c.gpkg", ""), ("c", "places.csv"), ("c.parquet", "places.parquet"), ("c-gmns", "node.csv")],
)
def test_the_name_decides_the_format(name: str, file: str, tmp_path: Path) -> None:
    assert (export(load(), tmp_path / name) / file).is_file()


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_takes_the_place_of_an_older_one(format: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[format]
    export(Corridor(about=load().about), path, format)
    export(load(), path, format)
    assert load(path) == load()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]  # no temporary file stays


def test_a_place_is_a_point_of_longitude_and_latitude(tmp_path: Path) -> None:
    path = export(load(), tmp_path / "c.gpkg")
    with closing(sqlite3.connect(path)) as base:
        found = base.execute("SELECT geom, lon, lat FROM places").fetchall()
    for blob, lon, lat in found:
        # Flag 1 is little-endian without an envelope; kind 1 of well-known binary is a point.
        assert struct.unpack("<2sBBiBI2d", blob) == (b"GP", 0, 1, 4326, 1, 1, lon, lat)


def test_a_parquet_file_that_was_lost_is_found(tmp_path: Path) -> None:
    folder = export(load(), tmp_path / "parquet")
    (folder / "links.parquet").unlink()
    with pytest.raises(DataError, match=r"datapackage\.json, row links\.parquet, column path"):
        load(folder)


def test_parquet_without_a_descriptor_is_read_by_its_names(tmp_path: Path) -> None:
    folder = export(load(), tmp_path / "parquet")
    (folder / "datapackage.json").unlink()
    assert load(folder) == load()
    (folder / "lines.parquet").write_bytes(b"")
    with pytest.raises(DataError, match=r"<table>\.parquet"):
        load(folder)


@pytest.mark.parametrize("name", ["", "missing"])
def test_an_empty_or_missing_folder_is_no_parquet_dataset(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one Parquet file for each table"):
        read_parquet(tmp_path / name).whole()
