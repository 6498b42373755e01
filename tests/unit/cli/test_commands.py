"""The command line as a person meets it: answers, and bad input said at once with exit code 2 and no traceback."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from docs import generate
from tests.unit.cli.conftest import Cli
from transcaspian.io import bundled, load, write_corridor
from transcaspian.results.itinerary import Plan
from transcaspian.results.jsonable import json_schema

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


def test_plan_prints_ways_and_a_chain(cli: Cli) -> None:
    code, out, _ = cli(*QUESTION)
    assert code == 0
    assert "via Dostyk, Brest" in out and "via Altynkol, Aktau, Poti" in out and "via Suez" not in out
    assert "SMGS consignment note" in out


@pytest.mark.parametrize("constraint", ["--require", "--avoid"])
@pytest.mark.parametrize(("gate", "name"), [("altynkol", "Altynkol"), ("dostyk", "Dostyk")])
@pytest.mark.parametrize("destination", ["Constanta", "Almaty"])
def test_a_way_says_by_which_gate_it_leaves_china(
    destination: str, gate: str, name: str, constraint: str, cli: Cli
) -> None:
    asked = ("--cargo", "2x40HC", "--commodity", "machinery", "--depart", "2026-12-01", "--draws", "0")
    code, out, _ = cli("plan", "Xi'an", destination, *asked, constraint, gate, "--json")
    ways = json.loads(out)["itineraries"]
    assert code == 0 and ways
    for way in ways:
        passes = any(c["place"] == gate for c in way["crossings"])
        assert passes is (constraint == "--require") and (name in way["label"]) is passes


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


def test_all_that_is_wrong_with_a_question_is_said_at_once(cli: Cli) -> None:
    wrong = [
        "plan",
        "Aktau",
        "Nowhere at all",
        "--cargo",
        "1.5x40HC",
        "--commodity",
        "gunpowder",
        "--depart",
        "2026-12-01",
    ]
    wrong += [
        "--latest",
        "2026-11-01",
        "--scenario",
        "nope",
        "--require",
        "georgia",
        "--avoid",
        "georgia",
        "--avoid",
        "ship",
    ]
    code, _, err = cli(*wrong)
    assert code == 2 and "7 problems" in err
    assert "a whole number of units, such as 2" in err and "it is required too" in err and "row nope" in err
    assert "after the departure 2026-12-01" in err and "pipeline, rail, road, sea" in err


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
    (tmp_path / "plain").touch()
    assert (tmp_path / "m.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode  # others may read it
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


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--by", "foo", "--gap", "7", "--most", "0", "--scenario", "nope"), 4),
        (("--select", "aktau-berth-bux", "--by", "foo"), 2),
        (("--against", "nope", "--year", "1850", "--select", "brest"), 3),
    ],
)
def test_assign_says_all_that_is_wrong_at_once_before_anything_is_solved(
    words: tuple[str, ...], count: int, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transcaspian.study.assign.base_of", lambda *_: pytest.fail("solved"))
    code, out, _ = cli("assign", "--year", "2024", *words, "--json")
    assert code == 2 and len(json.loads(out)["problems"]) == count


def test_a_fleet_without_ships_is_an_error_and_services_that_are_closed_refuse_what_only_they_carry(
    cli: Cli, tmp_path: Path
) -> None:
    told = tmp_path / "told.toml"
    told.write_text('[[change]]\ntarget = "fleets:caspian-tankers"\nattribute = "vehicles"\nvalue = 0\n')
    code, out, err = cli("assign", "--year", "2024", "--scenario", str(told))
    assert code == 2 and not out and "Traceback" not in err
    assert "fleets, row caspian-tankers, column vehicles: found '0" in err and "above 0" in err
    closed = '[[change]]\ntarget = "services:{}"\nattribute = "status"\nvalue = "closed"\nreason = "a trial"\n'
    told.write_text("".join(closed.format(f"aktau-{port}-tanker") for port in ("sangachal", "dubendi")))
    code, out, _ = cli("assign", "--year", "2024", "--scenario", str(told))
    assert code == 0 and "refused" in out and "tengiz-dubendi-crude-oil-liquid-t: no way is left" in out


def test_select_and_by_change_what_json_and_csv_say(cli: Cli) -> None:
    _, out, _ = cli("assign", "--year", "2024", "--select", "Aktau-berth-OIL", "--json")
    told = json.loads(out)
    jsonschema.validate(told, schema("assign --select"))
    assert told["what"] == "aktau-berth-oil" and {u["commodity"] for u in told["uses"]} == {"crude-oil"}
    _, out, _ = cli("assign", "--year", "2024", "--select", "aktau-berth-oil", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {r["origin"] for r in rows} == {u["origin"] for u in told["uses"]} and len(rows) == 12 * len(told["uses"])
    _, out, _ = cli("assign", "--year", "2024", "--by", "country", "--json")
    sums = json.loads(out)
    jsonschema.validate(sums, schema("assign --by"))
    _, out, _ = cli("assign", "--year", "2024", "--by", "country", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["key"] for r in rows[::12]] == [t["key"] for t in sums] and {"kz", "ge"} < {r["key"] for r in rows}
    _, out, _ = cli("assign", "--year", "2024", "--select", "kuryk-berth-grain")
    assert out == "kuryk-berth-grain: nobody uses it in 2024\n"
    _, out, _ = cli("assign", "--year", "2024", "--select", "kuryk-berth-grain", "--csv")
    assert out == "origin,destination,commodity,month,tonnes\n"


SPOILT = [
    ("season_months", "grain,1,0.066667", "grain,1,0.166667", "months that add up to 1"),
    ("demand", ",contracted,547000,547000,", ",contracted,0,547000,", "the load units of 547000 t"),
    ("backgrounds", ",2,pairs/day,", ",2,share,", "a share of capacity up to 1"),
    ("backgrounds", ",13,pairs/day,", ",13,calls/day,", "'share' or 'pairs/day'"),
    ("shares", ",1,kuryk,,0.96,", ",1,turkmenbashi,,0.96,", "a place that no row before has"),
    ("shares", ",0.04,", ",0.14,", "shares that add up to 1"),
    ("observations", ",759,kt,", ",759,Mt,", "unit=Mt"),
    ("fleets", ",kmtf,4,", ",kmtf,0,", "found '0 vehicles x 0.9'"),
]
"""Table, text in it, what is written instead, and what is said of it."""


def test_a_dataset_that_breaks_rules_is_refused_with_all_of_them(cli: Cli, tmp_path: Path) -> None:
    folder = write_corridor(load(bundled()), tmp_path / "corridor")
    for table, old, new, _ in SPOILT:
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for words in (("assign", "--year", "2024"), ("simulate", "--year", "2024", "--replications", "0")):
        code, out, err = cli(*words, "--data", str(folder))
        assert code == 2 and not out and f"{len(SPOILT)} problems" in err
        assert all(said in err for *_, said in SPOILT)
    code, out, err = cli(*QUESTION, "--data", str(folder))
    assert code == 2 and not out and "3 problems" in err and "vehicles" in err  # what is no matter of ways is not told


SUMS = {"assign --against", "assign --by", "assign --select"}
ROOT = Path(__file__).parents[3]

CHEAP: dict[str, tuple[str, ...]] = {
    "plan": tuple(QUESTION[1:]),
    "matrix": ("--depart", "2026-12-01"),
    "appraise": ("eu-2025", "--projects", "eu-highways"),
    "assign": ("--year", "2024"),
    "assign --against": ("--year", "2024", "--against", "base"),
    "assign --by": ("--year", "2024", "--by", "country"),
    "assign --select": ("--year", "2024", "--select", "brest"),
    "simulate": ("--year", "2024", "--replications", "1", "--workers", "1", "--out", "{tmp}/runs"),
    "equilibrium": ("{tmp}/net.tntp", "{tmp}/trips.tntp"),
    "data check": (),
    "data show": ("Alat",),
    "data list": ("places",),
    "data coverage": (),
    "data export": ("{tmp}/corridor.gpkg",),
    "scenario list": (),
    "scenario diff": ("digital-transit",),
}
"""Arguments of each command that cost little."""

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 2
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 2
<END OF METADATA>
~ init term capacity length free_flow_time b power speed toll type ;
 1 2 10 1 1 0.15 4 0 0 1 ;
 2 1 10 1 1 0.15 4 0 0 1 ;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 5
<END OF METADATA>
Origin 1
 2 : 5.0;
Origin 2
 1 : 0.0;
"""


def schema(words: str) -> dict[str, object]:
    """Return the schema that the page of results gives for a command."""
    section = generate.results().split(f"\n## {words}\n")[1].split("```json\n")[1].split("```")[0]
    found: dict[str, object] = json.loads(section)
    return found


def test_every_command_has_a_schema_and_is_tried() -> None:
    commands = {" ".join(words) for words, _ in generate.command_tree()}
    assert commands | SUMS == set(generate.RESULTS) == set(CHEAP)


@pytest.mark.parametrize("words", CHEAP)
def test_json_keeps_the_schema_on_the_page(words: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "net.tntp").write_text(NET, encoding="utf-8")
    (tmp_path / "trips.tntp").write_text(TRIPS, encoding="utf-8")
    arguments = [word.replace("{tmp}", str(tmp_path)) for word in CHEAP[words]]
    code, out, _ = cli(*words.partition(" --")[0].split(), *arguments, "--json")
    assert code == 0
    jsonschema.validate(json.loads(out), schema(words))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("plan", "Xyzzy", "Poti", "--cargo", "0x40HC", "--commodity", "general", "--depart", "2026-12-01"), 2),
        (("plan", "Aktau"), 4),  # a destination and three options
        (("plan", "Aktau", "Poti", "--colour", "red"), 1),
        (("assign", "--year", "soon"), 1),
        (("data", "show", "nosuchthing"), 1),
        (("data", "list", "plaices"), 1),
        (("data", "coverage", "--data", "no-such-folder"), 1),
        (("data", "export", "/proc/nowhere"), 1),
        (("scenario", "diff", "nope"), 1),
    ],
)
def test_bad_input_is_json_where_json_is_asked_for(words: tuple[str, ...], count: int, cli: Cli) -> None:
    code, out, err = cli(*words, "--json")
    assert code == 2 and not err
    answer = json.loads(out)
    jsonschema.validate(answer, schema("exit code 2"))
    assert len(answer["problems"]) == count
    code, again, err = cli(*words)
    assert code == 2 and not again and err


def test_no_way_is_json_where_json_is_asked_for(cli: Cli) -> None:
    code, out, _ = cli(*QUESTION, "--avoid", "Russia", "--avoid", "sea", "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, schema("exit code 3"))
    assert code == 3 and "avoid Russia" in answer["reason"]


def test_all_that_is_missing_is_said_at_once(cli: Cli) -> None:
    code, out, err = cli("plan", "Aktau", "--tonnes", "many")
    assert code == 2 and not out
    for word in ("5 problems", "DESTINATION", "--cargo", "--commodity", "--depart", "'many'"):
        assert word in err, word


FORMS = [
    words
    for words, command in generate.command_tree()
    if {"as_json", "as_csv"} <= {parameter.name for parameter in generate.parameters(command)}
]


@pytest.mark.parametrize("words", FORMS, ids=" ".join)
def test_an_answer_has_one_form(words: tuple[str, ...], cli: Cli) -> None:
    code, out, _ = cli(*words, *CHEAP[" ".join(words)], "--json", "--csv")
    assert code == 2
    assert [p["found"] for p in json.loads(out)["problems"]] == ["--json --csv"]


OUTPUTS = [
    ("matrix", "--depart", "2026-12-01", "--out"),
    ("assign", "--year", "2024", "--out"),
    ("appraise", "eu-2025", "--report"),
    ("simulate", "--year", "2024", "--out"),
    ("simulate", "--year", "2024", "--trace"),
    ("equilibrium", "net.tntp", "trips.tntp", "--out"),
    ("data", "export"),
    ("data", "export", "--format", "package"),
    ("data", "export", "--format", "gpkg"),
]


@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_a_path_that_cannot_be_written_is_a_problem_before_anything_is_solved(
    words: tuple[str, ...], cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for path in (tmp_path / "file" / "x.csv", Path("/proc/nowhere/x.csv")):
        code, out, err = cli(*words, str(path))
        assert code == 2 and not out
        assert "1 problem" in err and str(path) in err and "a path that can be written" in err
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == {"file": "mine"}


@pytest.mark.parametrize("words", [("assign", "--year", "2024", "--out"), ("data", "export")], ids=" ".join)
def test_an_ending_that_no_format_has_is_a_problem_before_anything_is_solved(
    words: tuple[str, ...], cli: Cli, tmp_path: Path
) -> None:
    code, out, err = cli(*words, str(tmp_path / "foo.txt"))
    assert code == 2 and not out
    assert "'.txt'" in err and ".parquet, .gmns" in err
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_a_problem_and_leaves_nothing(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for words in (("matrix", "--depart", "2026-12-01", "--out", "m.csv"), ("data", "export", "corridor")):
        code, _, err = cli(*words[:-1], str(tmp_path / words[-1]))
        assert code == 2 and "No space left on device" in err
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["Алят", "Port of Baku at Alat", "ələt", "AZALA", "alat"])
def test_show_understands_what_plan_understands(name: str, cli: Cli) -> None:
    code, out, _ = cli("data", "show", name, "--json")
    assert code == 0 and ("places", "alat") in {(s["table"], s["key"]) for s in json.loads(out)}


def test_show_tells_every_row_of_a_name(cli: Cli) -> None:
    _, out, _ = cli("data", "show", "kazakhstan")
    assert out.startswith("3 rows: discount_rates kazakhstan, countries kz, perspectives eu-2025:kazakhstan\n")
    code, out, _ = cli("data", "show", "countries:kz")
    assert code == 0 and out.startswith("countries kz")


def test_where_no_name_is_near_the_command_that_lists_them_is_said(cli: Cli) -> None:
    _, _, err = cli("data", "show", "nosuchthing")
    assert "none of the" in err and "known names is near; `transcaspian data list TABLE` lists them" in err
    _, _, err = cli("scenario", "diff", "nope")
    assert "'base'" in err and "'iran-open'" in err and "'northern-closed'" in err
    code, out, _ = cli("data", "list")
    assert code == 0 and "places" in out
    code, out, _ = cli("data", "list", "scenarios")
    assert code == 0 and "iran-open" in out


@pytest.mark.parametrize("format", ["gpkg", "parquet", "gmns"])
def test_every_format_that_is_written_is_read_everywhere(format: str, cli: Cli, tmp_path: Path) -> None:
    path = str(tmp_path / f"corridor.{format}")
    code, _, _ = cli("data", "export", path)
    assert code == 0
    code, out, _ = cli("data", "check", path)
    assert code == 0 and "no problem found" in out
    code, out, _ = cli("scenario", "list", "--data", path)
    assert code == 0 and "iran-open" in out
