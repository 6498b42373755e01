"""Each thing that can be wrong with a cell, a line or a file: found, placed, and told what would be right."""

from dataclasses import replace
from typing import Any

import pytest

from transcaspian.errors import DataError, Problem
from transcaspian.io.tables import Reading, check_values, csv_text
from transcaspian.model.corridor import TABLES, Corridor, Table
from transcaspian.model.corridor.ids import CountryId, PlaceId, SourceId
from transcaspian.model.corridor.place import Country, PlaceGauge
from transcaspian.model.schema import UNLIMITED

KZ = CountryId("kz")
LINK = "id,origin,destination,mode,km"
FLEET = "id,name,vehicle_type,vehicles,availability"


def problems_of(table: str, text: str) -> list[Problem]:
    problems: list[Problem] = []
    Reading(table, problems).add_csv(text, f"{table}.csv")
    return problems


@pytest.mark.parametrize(
    ("table", "text", "row", "column", "found", "right"),
    [
        ("links", f"{LINK}\na,b,c,rail,long\n", "a (links.csv:2)", "km", "long", "a number above 0"),
        ("links", f"{LINK}\na,b,c,rail,-3\n", "a (links.csv:2)", "km", "-3", "a number above 0 up to 40000 (km)"),
        ("links", f"{LINK}\na,b,c,rail,nan\n", "a (links.csv:2)", "km", "nan", "a number above 0"),
        ("links", f"{LINK}\na,b,c,rail,1_0\n", "a (links.csv:2)", "km", "1_0", "a number above 0"),
        ("links", f"{LINK}\na,b,c,rail,1e999\n", "a (links.csv:2)", "km", "1e999", "a number above 0"),
        ("links", f"{LINK}\na,b,c,rail,\n", "a (links.csv:2)", "km", "", "a value: Length."),
        ("links", f"{LINK}\na,b,c,rail,unlimited\n", "a (links.csv:2)", "km", "unlimited", "has no meaning here"),
        ("links", f"{LINK}\na,b,c,rial,3\n", "a (links.csv:2)", "mode", "rial", "one of 'rail'"),
        ("links", f"{LINK}\nRail_A,b,c,rail,3\n", "Rail_A (links.csv:2)", "id", "Rail_A", "text of the form"),
        ("links", f"{LINK},gauge\na,b,c,road,3,1520\n", "a (links.csv:2)", "gauge", "1520", "only where mode is rail"),
        ("links", f"{LINK},gauge\na,b,c,rail,3,1520.5\n", "a (links.csv:2)", "gauge", "1520.5", "a whole number"),
        ("links", f"{LINK}\na,b,c,rail,3\n\na,b,c,road,4\n", "links.csv:3", "", "0 cells", "5 cells"),
        ("links", f"{LINK}\na,b,c,rail,3\na,b,d,road,4\n", "a (links.csv:3)", "", "a", "links.csv:2 has this one"),
        ("links", f"{LINK}\na,b,c,ra", "links.csv, last line", "", "a,b,c,ra", "half-written"),
        ("links", f"{LINK}\na,b,c\n", "links.csv:2", "", "3 cells", "5 cells, as the header"),
        ("links", f'{LINK}\na,b,c,"rail,3\n', "links.csv:2", "", "unexpected end of data", "half-written"),
        ("links", "", "links.csv", "", "an empty file", "a header"),
        ("links", f"{LINK},speed\na,b,c,rail,3,5\n", "header (links.csv)", "speed", "speed", "'speed_km_h'"),
        ("links", f"{LINK},km\na,b,c,rail,3,3\n", "header (links.csv)", "km", "km", "each column once"),
        ("links", "id,origin,destination,mode\na,b,c,rail\n", "header (links.csv)", "km", "", "which every row needs"),
        ("fleets", f"{FLEET}\na,A,b,many,0.9\n", "a (fleets.csv:2)", "vehicles", "many", "or the word 'unlimited'"),
        ("forms", "id,loaded\na,true\n", "a (forms.csv:2)", "loaded", "true", "'yes' or 'no'"),
        ("about", "released\n2026-13-01\n", "about.csv:2", "released", "2026-13-01", "a day such as 2026-12-01"),
        ("about", "released\n2026-W01-1\n", "about.csv:2", "released", "2026-W01-1", "a day such as 2026-12-01"),
    ],
)  # fmt: skip
def test_a_problem_says_where_what_and_what_would_be_right(
    table: str, text: str, row: str, column: str, found: str, right: str
) -> None:
    problem = next(p for p in problems_of(table, text) if p.row == row and p.column == column)
    assert (problem.table, problem.found) == (table, found)
    assert right in problem.right


def test_every_problem_of_a_file_is_found_at_once() -> None:
    text = f"{LINK},gauge,colour\na,b,c,rial,x,1520,red\nb,b,c,road,0,1520,red\n,,,,,,\n"
    wrong = [(p.row, p.column) for p in problems_of("links", text)]
    assert wrong == [
        ("header (links.csv)", "colour"),
        ("a (links.csv:2)", "mode"),
        ("a (links.csv:2)", "km"),
        ("b (links.csv:3)", "km"),
        ("b (links.csv:3)", "gauge"),
        *[("links.csv:4", name) for name in LINK.split(",")],
    ]


def test_rows_beside_a_wrong_one_are_kept() -> None:
    problems: list[Problem] = []
    reading = Reading("place_gauges", problems)
    reading.add_csv("place,gauge\na,1520\nb,wide\n", "place_gauges.csv")
    reading.add_csv("gauge,place\n1435,c\n1520,a\n", "place_gauges-osm.csv")
    assert reading.rows == [PlaceGauge(place=PlaceId("a"), gauge=1520), PlaceGauge(place=PlaceId("c"), gauge=1435)]
    assert [p.row for p in problems] == ["b:wide (place_gauges.csv:3)", "a:1520 (place_gauges-osm.csv:3)"]


def test_unlimited_unknown_and_zero_are_three_things() -> None:
    problems: list[Problem] = []
    reading = Reading("resources", problems)
    text = "id,name,kind,servers,buffer\na,A,berth,unlimited,0\nb,B,berth,,unlimited\n"
    reading.add_csv(text, "resources.csv")
    assert [(row.servers, row.buffer) for row in reading.rows] == [(UNLIMITED, 0), (None, UNLIMITED)]
    assert problems_of("resources", text.replace("unlimited,0", "0,0"))[0].right.startswith("a number above 0")


def test_what_applies_follows_a_default() -> None:
    # `rule` is required and absent: one problem about it, none about what hangs on it.
    text = "service,seq,rule,headway_h\na,1,,24\n"
    assert [p.column for p in problems_of("departures", text)] == ["rule"]


def test_line_ends_and_a_mark_of_the_byte_order_are_read() -> None:
    assert not problems_of("place_gauges", "place,gauge\r\na,1520\r\n")


def test_cells_with_commas_quotes_and_breaks_are_quoted() -> None:
    row = Country(id=KZ, name='a,"b"\rc\nd', name_ru="Қ", customs="eaeu")
    problems: list[Problem] = []
    reading = Reading("countries", problems)
    reading.add_csv(csv_text([row], Country), "countries.csv")
    assert (reading.rows, problems) == ([row], [])


@pytest.mark.parametrize("name", ["", None])
def test_a_value_that_no_file_can_hold_is_refused(name: str | None) -> None:
    row = Country(id=KZ, name="Kazakhstan", name_ru="Казахстан", customs="eaeu")
    spoilt: dict[str, Any] = {"name": name}
    with pytest.raises(DataError, match="countries, row kz"):
        check_values(Corridor(countries=Table([replace(row, **spoilt)])))


def test_a_value_that_would_come_back_as_another_is_refused() -> None:
    row = Country(id=KZ, name="Kazakhstan", name_ru="Казахстан", customs="eaeu", source=SourceId(""))
    with pytest.raises(DataError, match="read as None"):
        check_values(Corridor(countries=Table([row])))


@pytest.mark.parametrize("table", TABLES)
def test_a_header_alone_is_a_table_without_rows(table: str) -> None:
    assert not problems_of(table, csv_text([], TABLES[table]))
