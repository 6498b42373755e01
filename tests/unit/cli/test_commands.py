"""The command line as a person meets it: answers, and bad input said at once with exit code 2 and no traceback."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from transcaspian.cli import main
from transcaspian.io import bundled, load, write_corridor
from transcaspian.results.itinerary import Plan
from transcaspian.results.jsonable import json_schema

Cli = Callable[..., tuple[int, str, str]]
"""Words of a command to its exit code, output and errors."""

QUESTION = [
    "plan",
    "Xi'an",
    "Constanța",
    "--cargo",
    "12x40HC",
    "--commodity",
    "electronics",
    "--depart",
    "2026-12-01",
    "--draws",
    "200",
]


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of the command line."""
    monkeypatch.setattr(sys, "argv", ["transcaspian", *words])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    return code, said.out, said.err


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return lambda *words: run(monkeypatch, capsys, *words)


def test_plan_prints_ways_and_a_chain(cli: Cli) -> None:
    code, out, _ = cli(*QUESTION)
    assert code == 0
    assert "via Brest" in out and "via Aktau, Poti" in out and "via Suez" not in out
    assert "SMGS consignment note" in out


def test_plan_as_json_keeps_its_schema(cli: Cli) -> None:
    code, out, _ = cli(*QUESTION, "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, json_schema(Plan))
    assert code == 0
    first = answer["itineraries"][0]
    assert first["p50"] < first["p90"]
    assert first["co2e"] > first["co2e_hubs"] > 0
    # Alternatives differ in kind: no two of the first five share their gateways.
    assert len({tuple(i["family"]) for i in answer["itineraries"][:5]}) == 5


def test_plan_as_csv_is_a_table(cli: Cli) -> None:
    _, out, _ = cli(*QUESTION, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [int(r["rank"]) for r in rows] == list(range(1, len(rows) + 1))
    assert all(float(r["price_eur"]) > 0 and float(r["km"]) > 0 for r in rows)


def test_why_names_what_was_filled(cli: Cli) -> None:
    _, out, _ = cli(*QUESTION, "--why")
    assert "filled from defaults" in out and "hub-container" in out
    _, out, _ = cli(*QUESTION, "--why", "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, json_schema(Plan))
    assert "hub-container" in {f["default"] for f in answer["why"]}
    code, _, err = cli(*QUESTION, "--why", "--csv")
    assert code == 2 and "--json" in err


def test_everything_wrong_is_said_at_once(cli: Cli) -> None:
    code, out, err = cli(
        "plan",
        "Aktua",
        "Poti",
        "--cargo",
        "-3x40HC",
        "--commodity",
        "electronic",
        "--depart",
        "2026-02-30",
        "--prefer",
        "quick",
        "--avoid",
        "Rusia",
    )
    assert code == 2 and out == ""
    assert "6 problems" in err
    for word in ("'Aktau", "more than nothing", "'electronics'", "a day of the calendar", "'fast'", "'Russia'"):
        assert word in err, word


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cargo", "2x40HC", "--tonnes", "31"), "at most 26.58 t net"),
        (("--cargo", "0x40HC"), "more than nothing"),
        (("--cargo", "2xbarrel"), "a form"),
        (("--cargo", "2x40HC", "--latest", "2026-11-01"), "after the departure"),
        (("--cargo", "2x40HC", "--scenario", "nothern-closed"), "'northern-closed'"),
        (("--cargo", "2x40HC", "--show", "99"), "1 to"),
        (("--cargo", "2x40HC", "--draws", "5"), "100 or more"),
        (("--cargo", "2x40HC", "--avoid", "Constanta"), "the destination Constanta port is there"),
        (("--cargo", "2x40HC", "--data", "no-such-folder"), "a folder with one CSV file"),
    ],
)
def test_bad_input_is_said(cli: Cli, words: tuple[str, ...], said: str) -> None:
    code, _, err = cli("plan", "Xi'an", "Constanta", "--commodity", "electronics", "--depart", "2026-12-01", *words)
    assert code == 2
    assert said in err


def test_no_way_is_an_answer_of_its_own(cli: Cli) -> None:
    code, _, err = cli(*QUESTION, "--avoid", "Russia", "--avoid", "sea")
    assert code == 3
    assert "avoid Russia" in err and "avoid sea" in err


def test_a_closed_place_is_left_out(cli: Cli) -> None:
    _, out, _ = cli(*QUESTION, "--without", "aktau", "--csv")
    assert "aktau" not in out


def test_iran_is_off_and_a_scenario_opens_it(cli: Cli) -> None:
    question = [
        "plan",
        "Altynkol",
        "Kayseri",
        "--cargo",
        "2x40HC",
        "--commodity",
        "machinery",
        "--depart",
        "2026-06-01",
        "--draws",
        "0",
        "--require",
        "Iran",
    ]
    code, _, err = cli(*question)
    assert code == 3 and "require Iran" in err
    # What would open it is said, by reason; Suez, closed too, has nothing to do with it.
    assert "11 services, 6 crossings (sanctions" in err and "scenario iran-open opens them" in err and "Cape" not in err
    code, out, _ = cli(*question, "--scenario", "iran-open")
    assert code == 0 and "Incheh Borun" in out


ELECTRONICS = ("--cargo", "12x40HC", "--commodity", "electronics", "--depart", "2026-12-01", "--draws", "0")


def test_a_closed_country_is_said_shortly(cli: Cli) -> None:
    code, _, err = cli("plan", "Xi'an", "Tehran", *ELECTRONICS)
    assert code == 3 and "scenario iran-open" in err and "Suez" not in err and len(err) < 300


def test_without_draws_nothing_is_called_p50(cli: Cli) -> None:
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--prefer", "fast")
    assert "expected arrival" in out and "ranked by expected arrival" in out and "P50" not in out
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--csv")
    row = next(csv.DictReader(io.StringIO(out)))
    assert row["p50_hours"] == row["p90_hours"] == row["p90"] == row["missed"] == ""
    code, _, err = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--prefer", "sure")
    assert code == 2 and "P90 is of drawn travels" in err


def test_a_latest_day_ends_at_the_destination(cli: Cli) -> None:
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--latest", "2026-12-31", "--json")
    assert json.loads(out)["shipment"]["latest"] == "2026-12-31T22:00:00Z"
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--latest", "2026-12-31")
    assert "expected there by the end of 31 Dec 2026, Constanta time" in out


def test_what_is_taken_out_is_called_so(cli: Cli) -> None:
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--without", "kuryk")
    assert "without Kuryk" in out and "avoid" not in out
    code, _, err = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--without", "kurik")
    assert code == 2 and "column without" in err


def test_a_point_far_from_everything_is_refused_and_one_near_may_have_a_space(cli: Cli) -> None:
    code, _, err = cli("plan", "0,0", "Constanta", *ELECTRONICS)
    assert code == 2 and "within 500 km" in err and "Piraeus, is 4,863 km away" in err
    code, out, _ = cli("plan", "43.0 75.0", "Constanta", *ELECTRONICS)
    assert code == 0 and "43,75 to Constanta" in out


def test_places_that_handle_the_cargo_are_named(cli: Cli) -> None:
    question = ("--cargo", "6000t", "--commodity", "crude oil", "--depart", "2026-12-01")
    code, _, err = cli("plan", "Tengiz", "Baku", *question)
    assert code == 2 and "Dubendi" in err and "Sangachal" in err


def test_an_own_train_starts_where_it_is_loaded(cli: Cli) -> None:
    _, out, _ = cli("plan", "Xi'an", "Constanta", *ELECTRONICS, "--cargo", "50x40HC", "--json")
    legs = [p for i in json.loads(out)["itineraries"] for p in i["chain"] if p.get("offer") == "own block train"]
    first = load().services
    assert legs
    calls = {row.service: row for row in reversed(load().service_links.rows) if row.service in first}
    links = load().links
    for leg in legs:
        row = calls[leg["service"]]
        start = links[row.link].destination if row.reverse else links[row.link].origin
        assert leg["origin"] == start, leg["name"]


def test_matrix_is_exported_whole(cli: Cli, tmp_path: Path) -> None:
    code, _, _ = cli("matrix", "--depart", "2026-12-01", "--out", str(tmp_path / "m.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text(encoding="utf-8"))))
    assert code == 0 and len(rows) > 3000
    assert {p.name for p in tmp_path.iterdir()} == {"m.csv"}
    code, _, err = cli("matrix", "--depart", "2026-12-01", "--out", str(tmp_path / "m.xls"))
    assert code == 2 and ".parquet" in err


def test_data_commands_answer(cli: Cli) -> None:
    code, out, _ = cli("data", "check")
    assert code == 0 and "no problem found" in out
    code, out, _ = cli("data", "show", "aktau-alat-feeder", "--json")
    assert code == 0 and json.loads(out)[0]["table"] == "services"
    code, _, err = cli("data", "show", "aktau-alat-feder")
    assert code == 2 and "aktau-alat-feeder" in err
    code, out, _ = cli("data", "coverage")
    assert code == 0 and "over Aktau port" in out
    code, out, _ = cli("scenario", "list")
    assert code == 0 and "iran-open" in out
    code, out, _ = cli("scenario", "diff", "digital-transit")
    assert code == 0 and "altynkol-rail-cn-kz-2-digital" in out


def test_a_broken_dataset_is_named_row_by_row(cli: Cli, tmp_path: Path) -> None:
    folder = write_corridor(load(bundled()), tmp_path / "corridor")
    links = (folder / "links.csv").read_text(encoding="utf-8").splitlines()
    links[1] = links[1].replace(",rail,", ",rial,", 1).replace(",road,", ",raod,", 1)
    (folder / "links.csv").write_text("\n".join(links)[:-30], encoding="utf-8")
    code, out, _ = cli("data", "check", str(folder))
    assert code == 2
    assert "half-written" in out or "rial" in out or "raod" in out


def test_assign_prints_differences_and_keeps_flows(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("assign", "--year", "2024", "--out", str(tmp_path / "flows"), "--by", "country")
    assert code == 0 and "carried by country" in out and "one more saves" in out
    assert {p.name for p in (tmp_path / "flows").iterdir()} > {"ways.parquet", "flows.json"}
    code, out, _ = cli("assign", "--year", "2024", "--against", "base", "--csv")
    assert code == 0 and out.splitlines()[0] == "key,month,before_t,after_t,change_t"
    assert all(line.endswith(",0.0") for line in out.splitlines()[1:])  # a year less itself


def test_assign_says_what_is_wrong_with_a_question(cli: Cli) -> None:
    code, out, err = cli("assign", "--year", "2024", "--by", "colour")
    assert code == 2 and not out and "colour" in err and "country" in err
    code, out, err = cli("assign", "--year", "2024", "--select", "brest", "--against", "base")
    assert code == 2 and not out and "one of the two" in err
