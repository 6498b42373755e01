"""Laws of files: what is written is read back, whatever the format; identity depends on the rows alone."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.strategies import corridors, rows, values
from transcaspian.io import export, load, read
from transcaspian.io.formats import FORMATS
from transcaspian.io.package import read_tables, write_corridor
from transcaspian.io.schemas import json_row, json_schema
from transcaspian.model.cells import parse_value, text_of
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.identity import corridor_id
from transcaspian.model.schema import columns

few = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
NAMES = {"package": "corridor", "gpkg": "corridor.gpkg", "parquet": "parquet", "gmns": "gmns"}


def as_released(corridor: Corridor) -> Corridor:
    """Return a corridor whose one row about itself is of the format that is read."""
    return replace(corridor, about=Table([replace(row, format=1) for row in corridor.about.rows]))


@pytest.mark.parametrize("format", FORMATS)
@few
@given(drawn=corridors())
def test_a_drawn_corridor_is_read_as_it_was_written(format: str, drawn: Corridor) -> None:
    corridor = as_released(drawn)
    with TemporaryDirectory() as folder:
        again = read(export(corridor, Path(folder) / NAMES[format], format)).whole()
    assert again == corridor
    assert corridor_id(again) == corridor_id(corridor)


@pytest.mark.parametrize("format", FORMATS)
def test_the_bundled_corridor_is_read_as_it_was_written(format: str, tmp_path: Path) -> None:
    corridor = load()
    again = load(export(corridor, tmp_path / NAMES[format], format))
    assert again == corridor
    assert corridor_id(again) == corridor_id(corridor)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_corridor_makes_the_same_bytes(format: str, tmp_path: Path) -> None:
    corridor = load()
    once, twice = (export(corridor, tmp_path / n / NAMES[format], format) for n in ("once", "twice"))
    again = export(load(once), tmp_path / "again" / NAMES[format], format)
    assert files(once) == files(twice) == files(again)


def files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


@few
@given(drawn=corridors(), data=st.data())
def test_identity_does_not_depend_on_the_order_of_rows(drawn: Corridor, data: st.DataObject) -> None:
    shuffled = Corridor(**{name: Table(data.draw(st.permutations(drawn.table(name).rows))) for name in TABLES})
    assert corridor_id(shuffled) == corridor_id(drawn)


@few
@given(drawn=corridors(), data=st.data())
def test_identity_depends_on_every_value(drawn: Corridor, data: st.DataObject) -> None:
    about = drawn.about.rows[0]
    column = data.draw(st.sampled_from(columns(TABLES["about"])))
    changed = replace(about, **{column.name: data.draw(values(column))})
    same = changed == about
    assert (corridor_id(replace(drawn, about=Table([changed]))) == corridor_id(drawn)) is same


@pytest.mark.parametrize(
    ("table", "attribute"), [(table, c.name) for table, cls in TABLES.items() for c in columns(cls)]
)
def test_a_value_is_read_as_it_is_written(table: str, attribute: str) -> None:
    column = next(c for c in columns(TABLES[table]) if c.name == attribute)

    @settings(deadline=None, max_examples=5)
    @given(value=values(column))
    def law(value: Any) -> None:
        assert parse_value(TABLES[table], attribute, text_of(value)) == value

    law()


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_valid_by_the_json_schema_of_their_noun(table: str) -> None:
    schema = json_schema(TABLES[table])
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema)
    for row in load().table(table).rows:
        valid.validate(json_row(row))

    @settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
    @given(row=rows(table))
    def law(row: Any) -> None:
        valid.validate(json_row(row))

    law()


@few
@given(drawn=corridors(), cut=st.floats(0.0, 1.0, exclude_max=True))
def test_no_row_of_a_file_that_was_cut_is_another_row(drawn: Corridor, cut: float) -> None:
    # A cut at the end of a line leaves a shorter file that is whole: nothing in CSV can tell. Any other cut is found.
    corridor = as_released(drawn)
    with TemporaryDirectory() as room:
        folder = write_corridor(corridor, Path(room) / "cut")
        (folder / "datapackage.json").unlink()
        path = folder / "places.csv"
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * cut)])
        again = read_tables(folder)
    assert all(row == corridor.places[row.id] for row in again.corridor.places.rows)
    assert again.unreadable or whole[int(len(whole) * cut) - 1 :].startswith(b"\n")
