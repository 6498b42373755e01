"""What others read of a noun's declaration."""

import pytest
from jsonschema import Draft202012Validator

from transcaspian.io import load
from transcaspian.io.schemas import json_row, json_schema, markdown_table, table_schema
from transcaspian.model.corridor import TABLES
from transcaspian.model.schema import columns


def field(table: str, name: str) -> dict[str, object]:
    found: dict[str, object] = next(f for f in table_schema(TABLES[table])["fields"] if f["name"] == name)
    return found


def test_a_table_schema_carries_what_was_declared() -> None:
    assert field("links", "km") == {
        "name": "km",
        "type": "number",
        "description": "Length.",
        "unit": "km",
        "constraints": {"required": True, "maximum": 40000, "exclusiveMinimum": 0},
    }
    assert field("links", "direction")["constraints"] == {"enum": ["both", "forward"]}
    assert field("service_links", "reverse")["trueValues"] == ["yes"]
    assert field("fleets", "vehicles")["type"] == "any", "a number or the word unlimited"


def test_a_key_of_several_tables_is_named_and_not_enforced() -> None:
    schema = table_schema(TABLES["waits"])
    assert field("waits", "target")["references"] == ["services", "steps"]
    assert [key["fields"] for key in schema["foreignKeys"]] == ["source"]


def test_a_key_of_a_table_in_parts_is_named_and_not_enforced() -> None:
    schema = table_schema(TABLES["links"], {"sources"})
    assert [key["fields"] for key in schema["foreignKeys"]] == ["source"]
    assert field("links", "origin")["references"] == ["places"]


def test_a_key_of_the_table_itself_has_no_resource() -> None:
    keys = table_schema(TABLES["scenarios"])["foreignKeys"]
    assert {"fields": "extends", "reference": {"fields": "id"}} in keys


@pytest.mark.parametrize(
    "change",
    [
        {"km": None},
        {"km": 0},
        {"mode": "rial"},
        {"mode": "road"},
        {"id": "Rail_A"},
        {"colour": "red"},
        {"gauge": "wide"},
    ],
    ids=str,
)
def test_a_json_schema_refuses_what_the_reader_refuses(change: dict[str, object]) -> None:
    row = next(json_row(r) for r in load().links.rows if r.mode == "rail" and r.gauge is not None)
    valid = Draft202012Validator(json_schema(TABLES["links"]))
    assert valid.is_valid(row)
    assert not valid.is_valid(row | change)


@pytest.mark.parametrize("table", TABLES)
def test_a_documentation_table_has_a_row_for_each_attribute(table: str) -> None:
    lines = markdown_table(TABLES[table]).splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == [column.name for column in columns(TABLES[table])]
