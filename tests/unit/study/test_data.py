"""What a dataset says of itself: its problems, one noun in full, and what it rests on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.sketch import DAY, FORM, SOURCE, sketch, with_rows, without_rows
from transcaspian.errors import DataError, RequestError
from transcaspian.io import load, write_corridor
from transcaspian.model.corridor import TABLES
from transcaspian.model.corridor.evidence import trust_of
from transcaspian.model.corridor.ids import CountryId, PlaceId
from transcaspian.model.corridor.resource import Closure
from transcaspian.model.spelling import plain
from transcaspian.routing import ask
from transcaspian.routing.plan import short_name
from transcaspian.study.data import check_dataset, coverage, show

WORLD = sketch("A--300--B~~C==D", countries={"c": "az", "d": "az"})


def test_a_sound_folder_has_no_problem(tmp_path: Path) -> None:
    write_corridor(WORLD, tmp_path / "sound")
    report = check_dataset(tmp_path / "sound")
    assert report.problems == ()
    assert report.rows == sum(len(WORLD.table(name)) for name in TABLES)
    assert "no problem found" in str(report)


def test_a_folder_tells_what_its_rows_say_wrong(tmp_path: Path) -> None:
    spoilt = with_rows(WORLD, replace(WORLD.places["a"], timezone="Asia/Aktua"))
    write_corridor(spoilt, tmp_path / "spoilt")
    report = check_dataset(tmp_path / "spoilt")
    assert [(p.table, p.row, p.column) for p in report.problems] == [("places", "a", "timezone")]
    assert "1 problem\n" in str(report)


def test_what_cannot_be_read_hides_what_it_would_break(tmp_path: Path) -> None:
    folder = tmp_path / "torn"
    write_corridor(WORLD, folder)
    change(folder, "places", "40,50,", "north,50,")
    # The row of A is lost with its latitude; links from A would be false alarms.
    report = check_dataset(folder)
    assert {(p.table, p.column) for p in report.problems} == {("places", "lat")}
    assert "1 row cannot be read" in str(report)


def change(folder: Path, table: str, old: str, new: str) -> None:
    """Replace a text that stands once in the file of a table."""
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (table, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def test_every_kind_of_problem_is_found_in_one_run(tmp_path: Path) -> None:
    # The bundled corridor, broken in fifteen ways, each somewhere else: cells, references, and what only rules see.
    corridor = load()
    spoilt = with_rows(
        without_rows(corridor, "steps", "dostyk-reload-1435-1520", "dostyk-reload-1520-1435"),
        replace(corridor.places["poti"], timezone="Asia/Poti"),
        replace(corridor.places["batumi"], country=CountryId("gg")),
        replace(corridor.places["izmir"], id=PlaceId("nowhere"), lat=10.0, lon=10.0),
        replace(corridor.fleets["kmtf-feeders"], vehicles=0.1),
        replace(corridor.links["rail-altynkol-zhetygen"], source=None),
        replace(corridor.links["road-aktobe-kandyagash"], km=9.0, note=None),
        replace(corridor.scenarios["northern-closed"], extends="iran-open"),
        replace(corridor.scenarios["iran-open"], extends="northern-closed"),
        replace(corridor.tariffs.rows[0], currency="XAU"),
        replace(corridor.backgrounds.rows[0], unit="barrel"),
        replace(next(e for e in corridor.evidence.rows if e.table == "tariffs"), high=0.0, low=-1.0),
    )
    folder = write_corridor(spoilt, tmp_path / "spoilt")
    change(folder, "vehicle_types", "Black Sea services,sea,", "Black Sea services,see,")
    with (folder / "place_gauges.csv").open("a", encoding="utf-8") as file:
        file.write("aktau,wide\naktau,1520\n")
    with (folder / "service_links.csv").open("a", encoding="utf-8") as file:
        file.write("aktau-alat-feeder,9,sea-aktau-alatt,no\n")
    report = check_dataset(folder)
    assert {(p.table, p.row.partition(" (")[0], p.column) for p in report.problems} == {
        ("place_gauges", "aktau:wide", "gauge"),
        ("place_gauges", "aktau:1520", ""),  # twice
        ("vehicle_types", "feeder-black-sea", "mode"),
        ("places", "batumi", "country"),
        ("service_links", "aktau-alat-feeder:9", "link"),
        ("uses", "dostyk-reload-1435-1520:dostyk-reload", "user"),
        ("uses", "dostyk-reload-1520-1435:dostyk-reload", "user"),
        ("steps", "dostyk", "to_state"),  # boxes would have to go over the yard from one gauge to the other
        ("places", "poti", "timezone"),
        ("places", "nowhere", ""),
        ("fleets", "kmtf-feeders", "vehicles"),
        ("evidence", "fleets:kmtf-feeders:vehicles", "low"),
        ("scenarios", "northern-closed", "extends"),
        ("scenarios", "iran-open", "extends"),
        ("links", "rail-altynkol-zhetygen", "km"),  # no source
        ("links", "rail-altynkol-zhetygen", "source"),  # and graded H
        ("sources", "docslib-org-c294a9", ""),  # nobody cites it any more
        ("links", "road-aktobe-kandyagash", "km"),
        ("backgrounds", "track-altynkol-zhetygen:2025:0:passenger trains", "unit"),
        ("exchange_rates", "XAU:2025", ""),
        ("evidence", "tariffs:aktau-alat-dry-cargo-bulk:amount", "low"),
    }
    with pytest.raises(DataError) as refused:
        load(folder)
    assert refused.value.problems == report.problems


def test_show_tells_all_of_a_noun() -> None:
    (shown,) = show(WORLD, "rail-a-b")
    assert ("km", "300", "km") in shown.attributes
    assert ("tracks", "unknown", "") in shown.attributes
    assert shown.sources == ((SOURCE, "Whoever drew it, A drawing, licence CC-BY-4.0, grade H"),)
    assert shown.used_by == (("service_links", "a-b-rail:1"), ("service_links", "b-a-rail:1"))
    assert "used by 2 rows" in str(shown)


def test_show_finds_what_a_closure_shuts() -> None:
    shut = with_rows(WORLD, Closure(target="places:b", from_date=DAY, until_date=DAY.replace(day=9), reason="storm"))
    (shown,) = show(shut, "b")
    assert ("closures", f"places:b:{DAY}") in shown.used_by


def test_an_id_of_two_tables_shows_both_and_a_table_tells_them_apart() -> None:
    # The crossing from B to C by sea is named as the service is.
    assert [s.table for s in show(WORLD, "b-c-sea")] == ["services", "crossings"]
    assert [s.table for s in show(WORLD, "crossings:b-c-sea")] == ["crossings"]
    assert [s.key for s in show(WORLD, "waits:b-c-sea:0")] == ["b-c-sea:0"]


def test_an_unknown_id_gets_the_nearest() -> None:
    with pytest.raises(RequestError, match=f"'{FORM}'"):
        show(WORLD, "box-40h")


def test_trust_follows_source_and_grade() -> None:
    link = WORLD.links["rail-a-b"]
    assert trust_of(link) == "measured"
    assert trust_of(replace(link, grade="L")) == "derived"
    assert trust_of(replace(link, source=None)) == "assumed"
    assert trust_of(replace(link, grade="U")) == "assumed"  # a page that is cited does not make a guess a fact


def test_coverage_counts_rows() -> None:
    # Three links; one derived, one assumed.
    links = WORLD.links
    mixed = with_rows(WORLD, replace(links["rail-a-b"], grade="L"), replace(links["sea-b-c"], source=None))
    (share,) = [s for s in coverage(mixed).tables if s.what == "links"]
    assert (share.values, share.measured, share.derived, share.assumed) == (3, *[pytest.approx(1 / 3)] * 3)


def test_coverage_counts_what_defaults_fill() -> None:
    # Nothing is missing in a sketch; a speed taken away has no default here, so nothing is filled either.
    assert coverage(WORLD).filled == ()


@pytest.mark.parametrize("text", ["Khorgos", "horgos", "Хоргос"])
def test_a_name_of_several_places_is_asked_about(text: str) -> None:
    # The border station of China and that of Kazakhstan both go by it, and so does the dry port beside them.
    corridor, both = load(), ("Altynkol station", "Khorgos China (Huo'erguosi)")
    question: dict[str, Any] = {"cargo": "1x40HC", "commodity": "general", "depart": "2026-07-06"}
    for asked in (
        lambda: show(corridor, text),
        lambda: ask(corridor, text, "poti", **question),
        lambda: ask(corridor, "xian", "poti", avoid=[text], **question),
    ):
        with pytest.raises(RequestError) as found:
            asked()
        assert all(name in str(found.value) for name in both)


def test_no_name_means_two_places() -> None:
    corridor = load()
    claims: dict[str, set[str]] = {}
    for place in corridor.places.rows:
        claims.setdefault(plain(short_name(place.name)), set()).add(place.id)
        claims.setdefault(plain(place.name), set()).add(place.id)
    for row in corridor.place_names.rows:
        claims.setdefault(plain(row.name), set()).add(row.place)
    assert {name: places for name, places in claims.items() if len(places) > 1} == {}
