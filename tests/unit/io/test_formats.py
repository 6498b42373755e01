"""The formats beside the data package: what they look like to others, and what makes them unreadable."""

import json
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from transcaspian.errors import DataError
from transcaspian.io import export, load
from transcaspian.io.geopackage import read_geopackage, write_geopackage
from transcaspian.io.parquet import read_parquet, write_parquet
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.schema import columns


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    return load()


@pytest.fixture
def base(corridor: Corridor, tmp_path: Path) -> Path:
    return write_geopackage(corridor, tmp_path / "corridor.gpkg")


def asked(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as open_base:
        return open_base.execute(question).fetchall()


def test_a_geopackage_says_that_it_is_one(base: Path) -> None:
    assert asked(base, "PRAGMA application_id") == [(int.from_bytes(b"GPKG", "big"),)]
    assert asked(base, "PRAGMA user_version") == [(10300,)]
    assert asked(base, "PRAGMA integrity_check") == [("ok",)]
    assert asked(base, "PRAGMA foreign_key_check") == []
    assert {row[0] for row in asked(base, "SELECT srs_id FROM gpkg_spatial_ref_sys")} == {-1, 0, 4326}


def test_places_and_links_are_layers_and_all_else_attributes(base: Path) -> None:
    kinds: Any = asked(base, "SELECT table_name, data_type FROM gpkg_contents")
    assert dict(kinds) == {name: "features" if name in ("places", "links") else "attributes" for name in TABLES}
    assert asked(base, "SELECT * FROM gpkg_geometry_columns ORDER BY 1") == [
        ("links", "geom", "LINESTRING", 4326, 0, 0),
        ("places", "geom", "POINT", 4326, 0, 0),
    ]


def test_a_link_runs_from_its_origin_through_its_shape(corridor: Corridor, base: Path) -> None:
    shaped = corridor.geometries.rows[0].link
    link = corridor.links[shaped]
    ends = [corridor.places[end] for end in (link.origin, link.destination)]
    between = sorted((row.seq, row.lon, row.lat) for row in corridor.geometries.rows if row.link == shaped)
    points = [(ends[0].lon, ends[0].lat), *((lon, lat) for _, lon, lat in between), (ends[1].lon, ends[1].lat)]
    ((blob,),) = asked(base, f"SELECT geom FROM links WHERE id = '{shaped}'")
    assert isinstance(blob, bytes)
    magic, version, flags, system = struct.unpack_from("<2sBBi", blob)
    assert (magic, version, flags, system) == (b"GP", 0, 0b0011, 4326)
    xs, ys = zip(*points, strict=True)
    assert struct.unpack_from("<4d", blob, 8) == (min(xs), max(xs), min(ys), max(ys))
    order, kind, count = struct.unpack_from("<BII", blob, 40)
    assert (order, kind, count) == (1, 2, len(points))
    assert struct.unpack_from(f"<{2 * count}d", blob, 49) == tuple(v for point in points for v in point)


def test_a_link_without_its_places_has_no_line(corridor: Corridor, tmp_path: Path) -> None:
    bare = Corridor(links=corridor.links)
    path = write_geopackage(bare, tmp_path / "bare.gpkg")
    assert asked(path, "SELECT COUNT(*) FROM links WHERE geom IS NULL") == [(len(corridor.links),)]
    assert read_geopackage(path).whole() == bare


def test_numbers_are_numbers_in_a_geopackage(base: Path) -> None:
    kinds = asked(base, "SELECT DISTINCT typeof(km), typeof(origin), typeof(tracks) FROM links WHERE tracks NOT NULL")
    assert kinds == [("real", "text", "integer")]


def test_numbers_are_numbers_in_parquet(corridor: Corridor, tmp_path: Path) -> None:
    folder = write_parquet(corridor, tmp_path / "parquet")
    frame = pl.read_parquet(folder / "links.parquet")
    assert frame.columns == [column.name for column in columns(TABLES["links"])]
    kinds = {"km": pl.Float64(), "tracks": pl.Int64(), "id": pl.String()}
    assert {name: frame.schema[name] for name in kinds} == kinds
    assert pl.read_parquet(folder / "about.parquet").schema["released"] == pl.Date()


def test_parquet_keeps_licences_apart(corridor: Corridor, tmp_path: Path) -> None:
    folder = write_parquet(corridor, tmp_path / "parquet")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    licences = {r["path"]: r["licenses"][0]["name"] for r in descriptor["resources"]}
    assert licences.keys() == {path.name for path in folder.glob("*.parquet")}
    assert licences["links-osm.parquet"] == "ODbL-1.0"


def test_a_wrong_value_in_a_table_is_found_in_any_format(corridor: Corridor, base: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(base)) as changed:
        changed.execute("UPDATE links SET mode = 'rial', km = -1 WHERE fid = 1")
        changed.commit()
    with pytest.raises(DataError) as caught:
        load(base)
    assert {(p.table, p.column) for p in caught.value.problems} == {("links", "mode"), ("links", "km")}
    folder = write_parquet(corridor, tmp_path / "parquet")
    frame = pl.read_parquet(folder / "links.parquet")
    frame.with_columns(km=pl.lit(-1.0)).head(2).write_parquet(folder / "links.parquet")
    with pytest.raises(DataError) as caught:
        load(folder)
    assert [(p.table, p.column) for p in caught.value.problems][:2] == [("links", "km")] * 2


@pytest.mark.parametrize("content", [b"", b"not a database at all", None])
def test_what_is_no_geopackage_is_a_problem(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match="a GeoPackage that can be read"):
        load(path)


def test_a_geopackage_of_something_else_is_a_problem(base: Path) -> None:
    with closing(sqlite3.connect(base)) as other:
        other.execute("DELETE FROM gpkg_contents")
        other.commit()
    with pytest.raises(DataError, match="tables such as places, links"):
        load(base)


def test_a_cut_geopackage_is_a_problem(base: Path) -> None:
    base.write_bytes(base.read_bytes()[:50_000])
    with pytest.raises(DataError):
        load(base)


def test_a_cut_or_strange_file_among_parquet_is_a_problem(corridor: Corridor, tmp_path: Path) -> None:
    folder = write_parquet(corridor, tmp_path / "parquet")
    (folder / "links.parquet").write_bytes((folder / "links.parquet").read_bytes()[:500])
    (folder / "lines.parquet").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        read_parquet(folder).whole()
    assert [(p.table, p.row) for p in caught.value.problems] == [
        ("dataset", "lines.parquet"),
        ("links", "links.parquet"),
    ]


@pytest.mark.parametrize(
    ("name", "format", "right"),
    [
        ("out", "gpgk", "one of 'gpkg'"),
        ("out.csv", None, "without an ending, or one in .package, .gpkg, .parquet, .gmns"),
        ("out.txt", None, "without an ending, or one in .package, .gpkg, .parquet, .gmns"),
        ("out.v2", None, "without an ending, or one in .package, .gpkg, .parquet, .gmns"),
    ],
)
def test_a_format_that_is_not_there(name: str, format: str | None, right: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=right):
        export(Corridor(), tmp_path / name, format)
    assert not list(tmp_path.iterdir())


def test_a_folder_whose_name_has_a_dot_is_asked_for_by_its_format_or_is_there(tmp_path: Path) -> None:
    assert export(Corridor(), tmp_path / "corridor.v2", "package").is_dir()
    assert export(Corridor(), tmp_path / "corridor.v2").is_dir()


@pytest.mark.parametrize("format", ["package", "gpkg", "parquet", "gmns"])
def test_nothing_is_written_of_a_corridor_that_no_file_can_hold(
    format: str, corridor: Corridor, tmp_path: Path
) -> None:
    place = replace(corridor.places["aktau"], name="")
    with pytest.raises(DataError, match="places, row aktau"):
        export(Corridor(places=Table([place])), tmp_path / "out", format)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("format", ["parquet", "gmns"])
def test_folders_of_others_are_not_written_over(format: str, corridor: Corridor, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"notes\.txt"):
        export(corridor, tmp_path, format)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_is_not_written_over_by_a_file(corridor: Corridor, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the name of a file"):
        write_geopackage(corridor, tmp_path)


def test_a_path_with_marks_of_an_address_is_a_path(corridor: Corridor, tmp_path: Path) -> None:
    path = write_geopackage(corridor, tmp_path / "a b?mode=rwc#c%20.gpkg")
    assert load(path) == corridor
