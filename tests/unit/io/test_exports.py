# mypy: disable-error-code="arg-type"
"""Exports and readers of a dataset: valid files for others, one error with everything that is wrong, nothing half-written."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import rows
from transcaspian.errors import DataError, Problem
from transcaspian.io import export, load, read_corridor
from transcaspian.io.formats import FORMATS
from transcaspian.io.geopackage import APPLICATION_ID, VERSION, read_geopackage
from transcaspian.io.tables import Reading, csv_text
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.place import Place
from transcaspian.model.schema import key_of

NAMES = {"package": "corridor", "gpkg": "corridor.gpkg", "parquet": "parquet", "gmns": "gmns"}
LINKS = "id,origin,destination,mode,km,direction,gauge,grade\n"


def links(*lines: str, header: str = LINKS) -> tuple[list[str], list[Problem]]:
    """Return the ids read from a links.csv of the lines given, and the problems."""
    problems: list[Problem] = []
    reading = Reading("links", problems)
    reading.add_csv(header + "".join(lines), "links.csv")
    return [row.id for row in reading.rows], problems


@pytest.mark.parametrize(
    ("line", "column", "found", "right"),
    [
        ("rail-a-b,a,,rail,100,both,1520,M\n", "destination", "", "a value"),
        ("rail-a-b,a,b,rail,far,both,1520,M\n", "km", "far", "a number"),
        ("rail-a-b,a,b,rail,nan,both,1520,M\n", "km", "nan", "a number"),
        ("rail-a-b,a,b,rail,0,both,1520,M\n", "km", "0", "above 0"),  # a length of 0 is no link
        ("rail-a-b,a,b,rail,40001,both,1520,M\n", "km", "40001", "up to 40000"),  # longer than the equator
        ("rail-a-b,a,b,rail,unlimited,both,1520,M\n", "km", "unlimited", "no meaning"),
        ("rail-a-b,a,b,rial,100,both,,M\n", "mode", "rial", "'rail'"),
        ("Rail A,a,b,rail,100,both,1520,M\n", "id", "Rail A", "of the form"),
        ("sea-a-b,a,b,sea,100,both,1520,M\n", "gauge", "1520", "an empty cell"),  # only rails have a gauge
    ],
)
def test_a_wrong_cell_is_named_with_what_would_be_right(line: str, column: str, found: str, right: str) -> None:
    ids, problems = links(line, "rail-b-c,b,c,rail,50,both,1520,M\n")
    assert ids == ["rail-b-c"]  # the sound row stays
    assert [(p.table, p.column, p.found) for p in problems] == [("links", column, found)]
    assert right in problems[0].right
    assert "links.csv:2" in problems[0].row  # the header is line 1


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    _, problems = links("rail-a-b,a,b,rail,100,1520\n", header="id,origin,destination,mode,km,gage\n")
    assert [(p.column, "'gauge'" in p.right) for p in problems] == [("gage", True)]


def test_a_missing_and_a_double_column_are_found() -> None:
    _, problems = links(header="id,origin,origin,mode,km\n")
    assert {p.column for p in problems} == {"origin", "destination"}


def test_a_second_row_with_a_key_is_left_out() -> None:
    ids, problems = links("rail-a-b,a,b,rail,100,both,1520,M\n", "rail-a-b,a,b,rail,90,both,1520,M\n")
    assert ids == ["rail-a-b"]
    assert len(problems) == 1
    assert "links.csv:2 has this one" in problems[0].right


@pytest.mark.parametrize("line", ["rail-a-b,a,b,rail,1", "rail-a-b,a,b\n", 'rail-a-b,a,b,"rail\n'])
def test_a_half_written_line_is_no_row(line: str) -> None:
    ids, problems = links("rail-b-c,b,c,rail,50,both,1520,M\n", line)
    assert "rail-a-b" not in ids
    assert len(problems) == 1
    assert "half-written" in problems[0].right


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(load(), tmp_path_factory.mktemp("original") / "corridor")


def copy_of(original: Path, folder: Path) -> Path:
    """Return a copy of a data package without its descriptor, so that names alone decide what a file is."""
    folder.mkdir()
    for path in original.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_all_that_is_wrong_with_a_folder_comes_in_one_error(original: Path, tmp_path: Path) -> None:
    folder = copy_of(original, tmp_path / "corridor")
    (folder / "plaices.csv").write_text("id\n", encoding="utf-8")  # no such table
    (folder / "operators.csv").write_bytes("id,name\nktz,Қазақстан\n".encode("utf-16"))  # not UTF-8
    text = (folder / "links.csv").read_text(encoding="utf-8")
    (folder / "links.csv").write_text(text[:-10], encoding="utf-8")  # half-written
    (folder / "countries.csv").write_text("id,name,name_ru\nkz,Kazakhstan,Казахстан\n", encoding="utf-8")  # no customs
    with pytest.raises(DataError) as caught:
        read_corridor(folder)
    found = {(p.table, p.column) for p in caught.value.problems}
    assert found == {("dataset", ""), ("operators", ""), ("links", ""), ("countries", "customs")}
    assert "'places'" in str(caught.value)
    assert "UTF-8" in str(caught.value)


def test_an_empty_folder_and_no_folder_are_no_dataset(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(DataError, match="one CSV file for each table"):
            load(folder)


@pytest.mark.parametrize("table", TABLES)
def test_drawn_rows_are_read_from_csv_as_they_were_written(table: str) -> None:
    @settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(drawn=st.lists(rows(table), max_size=4, unique_by=key_of))
    def law(drawn: list[object]) -> None:
        problems: list[Problem] = []
        reading = Reading(table, problems)
        reading.add_csv(csv_text(drawn, TABLES[table]), f"{table}.csv")
        assert problems == []
        assert reading.rows == drawn

    law()


def test_an_unknown_format_names_the_valid_ones(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        export(Corridor(), tmp_path / "out", "shapefile")
    assert all(repr(name) in str(caught.value) for name in FORMATS)
    assert list(tmp_path.iterdir()) == []


def test_the_name_decides_the_format(tmp_path: Path) -> None:
    assert export(load(), tmp_path / "c.gpkg").is_file()
    assert (export(load(), tmp_path / "c") / "places.csv").is_file()


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_written_if_a_value_could_not_be_read_back(format: str, tmp_path: Path) -> None:
    # An empty text is the same in a file as an unknown value.
    place = Place(id="a", name="", country="kz", kind="city", lat=43.0, lon=51.0, timezone="Asia/Aqtau")
    with pytest.raises(DataError, match="column name"):
        export(Corridor(places=Table([place])), tmp_path / NAMES[format], format)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["package", "parquet", "gmns"])
def test_a_folder_with_something_else_in_it_is_left_alone(format: str, tmp_path: Path) -> None:
    folder = tmp_path / NAMES[format]
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(DataError, match=r"thesis\.txt"):
        export(load(), folder, format)
    assert [p.name for p in folder.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_takes_the_place_of_an_older_one(format: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[format]
    export(load(), path, format)
    export(load(), path, format)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]  # no temporary file stays


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = export(load(), tmp_path_factory.mktemp("geopackage") / "c.gpkg")
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def test_a_geopackage_says_what_it_is(base: sqlite3.Connection) -> None:
    assert base.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"GPKG"
    assert base.execute("PRAGMA user_version").fetchone() == (VERSION,)  # 10300 is version 1.3
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_noun_is_a_table_and_places_and_links_are_layers(base: sqlite3.Connection) -> None:
    kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {name: "features" if name in ("places", "links") else "attributes" for name in TABLES}
    layers = base.execute("SELECT table_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns").fetchall()
    assert sorted(layers) == [("links", "LINESTRING", 4326, 0, 0), ("places", "POINT", 4326, 0, 0)]
    systems = {number for (number,) in base.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert systems >= {4326, 0, -1}  # the three that the standard requires


def test_a_place_is_a_point_of_longitude_and_latitude(base: sqlite3.Connection) -> None:
    for blob, lon, lat in base.execute("SELECT geom, lon, lat FROM places"):
        magic, version, flags, srs, order, kind, x, y = struct.unpack("<2sBBiBI2d", blob)
        # Flag 1 is little-endian without an envelope; kind 1 of well-known binary is a point.
        assert (magic, version, flags, srs, order, kind) == (b"GP", 0, 1, 4326, 1, 1)
        assert (x, y) == (lon, lat)


def test_a_link_is_a_line_between_its_places_through_its_points(base: sqlite3.Connection) -> None:
    corridor = load()
    between: dict[str, list[tuple[int, float, float]]] = {}
    for point in corridor.geometries.rows:
        between.setdefault(point.link, []).append((point.seq, point.lon, point.lat))
    for key, blob in base.execute("SELECT id, geom FROM links"):
        magic, version, flags, srs, *box = struct.unpack_from("<2sBBi4d", blob)
        assert (magic, version, flags, srs) == (b"GP", 0, 3, 4326)  # 3: little-endian, envelope of x and y
        order, kind, count = struct.unpack_from("<BII", blob, 40)  # 8 bytes of header and 4 x 8 of envelope
        flat = struct.unpack_from(f"<{2 * count}d", blob, 49)
        assert (order, kind, len(blob)) == (1, 2, 49 + 16 * count)
        points = list(zip(flat[::2], flat[1::2], strict=True))
        ends = [corridor.places[end] for end in (corridor.links[key].origin, corridor.links[key].destination)]
        inner = [(lon, lat) for _, lon, lat in sorted(between.get(key, []))]
        assert points == [(ends[0].lon, ends[0].lat), *inner, (ends[1].lon, ends[1].lat)]
        assert box == [min(flat[::2]), max(flat[::2]), min(flat[1::2]), max(flat[1::2])]


def test_an_edited_geopackage_gives_every_problem_at_once(tmp_path: Path) -> None:
    path = export(load(), tmp_path / "c.gpkg")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE places SET lat = 143 WHERE id = 'aktau'")
        opened.execute("UPDATE links SET km = -1 WHERE fid = 1")
        opened.commit()
    with pytest.raises(DataError) as caught:
        read_geopackage(path)
    assert {(p.table, p.column, p.found) for p in caught.value.problems} == {
        ("places", "lat", "143"),
        ("links", "km", "-1"),
    }


@pytest.mark.parametrize("content", [b"", b"no database at all, whatever its name says"])
def test_what_is_no_geopackage_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    path.write_bytes(content)
    with pytest.raises(DataError, match="a GeoPackage that can be read"):
        load(path)


def test_a_parquet_file_that_was_cut_is_found(tmp_path: Path) -> None:
    folder = export(load(), tmp_path / "parquet")
    whole = (folder / "places.parquet").read_bytes()
    (folder / "places.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="a Parquet file that is whole"):
        load(folder)
