"""Reading anybody's GMNS, and what ours looks like to others."""

import csv
from pathlib import Path

import pytest

from transcaspian.errors import DataError
from transcaspian.io import load
from transcaspian.io.gmns import read_gmns, write_gmns
from transcaspian.model.corridor import Corridor
from transcaspian.model.corridor.evidence import Source
from transcaspian.model.corridor.ids import SourceId

NODES = "node_id,name,x_coord,y_coord,node_type\n1,Beyneu,55.2,45.3,intersection\nN_2,,52.9,43.9,\n"
LINKS = (
    "link_id,from_node_id,to_node_id,directed,length,free_speed,facility_type,lanes,grade,geometry\n"
    '7,1,N_2,true,10,50,rail,1,-2,"LINESTRING (55.2 45.3, 54 44.5, 53.5 44.1, 52.9 43.9)"\n'
    "8,N_2,1,0,2.5,,freeway,2,0,\n"
)
CONFIG = "dataset_name,long_length,speed,crs\nMangystau,mile,mph,EPSG:4326\n"
SOURCE = Source(id=SourceId("their-net"), publisher="Somebody", title="A road network")


def folder_of(path: Path, nodes: str = NODES, links: str = LINKS, config: str | None = CONFIG) -> Path:
    (path / "node.csv").write_text(nodes, encoding="utf-8")
    (path / "link.csv").write_text(links, encoding="utf-8")
    if config is not None:
        (path / "config.csv").write_text(config, encoding="utf-8")
    return path


def plain(path: Path) -> Corridor:
    return read_gmns(path, country="kz", timezone="Asia/Aqtau").whole()


def found(error: DataError) -> set[tuple[str, str]]:
    return {(problem.table, problem.column) for problem in error.problems}


def test_miles_become_km(tmp_path: Path) -> None:
    links = plain(folder_of(tmp_path)).links
    # 10 mi = 16.09344 km; 50 mph = 80.4672 km/h; no free speed stays unknown
    assert (links["7"].km, links["7"].speed_km_h) == (16.09344, 80.4672)
    assert links["8"].km == pytest.approx(4.02336)
    assert links["8"].speed_km_h is None


def test_nodes_become_places(tmp_path: Path) -> None:
    places = plain(folder_of(tmp_path)).places
    assert list(places) == ["1", "n-2"]
    assert (places["1"].name, places["n-2"].name) == ("Beyneu", "N_2")
    assert (places["1"].lat, places["1"].lon, places["1"].kind) == (45.3, 55.2, "junction")
    assert {(place.country, place.timezone) for place in places.values()} == {("kz", "Asia/Aqtau")}


def test_mode_and_direction_are_read_from_their_words(tmp_path: Path) -> None:
    links = plain(folder_of(tmp_path)).links
    assert [(link.mode, link.direction) for link in links.values()] == [("rail", "forward"), ("road", "both")]
    assert links["7"].grade == "U", "their grade is a slope and not our trust"


def test_units_may_be_told_where_config_is_silent(tmp_path: Path) -> None:
    folder_of(tmp_path, config=None)
    told = read_gmns(tmp_path, country="kz", timezone="Asia/Aqtau", length="meter", speed="kph").whole()
    assert told.links["7"].km == 0.01
    with pytest.raises(DataError) as caught:
        plain(tmp_path)
    assert found(caught.value) == {("config", "long_length"), ("config", "speed")}


def test_shapes_are_kept_with_their_source_alone(tmp_path: Path) -> None:
    folder_of(tmp_path)
    assert not plain(tmp_path).geometries
    known = read_gmns(tmp_path, country="kz", timezone="Asia/Aqtau", source=SOURCE).whole()
    # four points in the file, of which the ends are places
    assert [(row.link, row.seq, row.lon, row.lat) for row in known.geometries.rows] == [
        ("7", 1, 54.0, 44.5),
        ("7", 2, 53.5, 44.1),
    ]
    assert {row.source for name in ("places", "links", "geometries") for row in known.table(name).rows} == {"their-net"}


def test_country_and_time_zone_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"freight_country, or country=.* when reading") as caught:
        load(folder_of(tmp_path))
    assert found(caught.value) == {("places", "country"), ("places", "timezone"), ("links", "km")}  # km has no source
    assert "'xx'" not in str(caught.value)


def test_every_problem_is_found_at_once(tmp_path: Path) -> None:
    nodes = "node_id,x_coord,y_coord\n1,east,45\n1,55,95\n"
    links = "link_id,from_node_id,to_node_id,directed,length\n7,1,1,perhaps,0\n8,1\n"
    folder_of(tmp_path, nodes, links, "long_length,crs\nparsec,EPSG:3857\n")
    with pytest.raises(DataError) as caught:
        plain(tmp_path)
    assert found(caught.value) == {
        ("config", "crs"),
        ("config", "long_length"),
        ("places", "lon"),
        ("places", "lat"),
        ("links", "direction"),
        ("links", "km"),
        ("links", ""),
    }


@pytest.mark.parametrize("broken", ['node_id,name\n1,"Bey', "node_id,x_coord,y_coord\n1,2,3\n4,5"])
def test_a_half_written_file_is_a_problem(broken: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="half-written"):
        plain(folder_of(tmp_path, nodes=broken))


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    folder_of(tmp_path)
    (tmp_path / "link.csv").unlink()
    with pytest.raises(DataError, match=r"link\.csv"):
        plain(tmp_path)


def test_a_line_that_is_no_well_known_text_is_a_problem(tmp_path: Path) -> None:
    folder_of(tmp_path, links=LINKS.replace("LINESTRING", "CURVE"))
    with pytest.raises(DataError, match="LINESTRING"):
        read_gmns(tmp_path, country="kz", timezone="Asia/Aqtau", source=SOURCE).whole()


def test_ours_has_the_fields_that_the_specification_requires(tmp_path: Path) -> None:
    folder = write_gmns(load(), tmp_path / "gmns")
    with (folder / "node.csv").open(encoding="utf-8", newline="") as file:
        nodes = {row["node_id"]: row for row in csv.DictReader(file)}
    with (folder / "link.csv").open(encoding="utf-8", newline="") as file:
        links = list(csv.DictReader(file))
    for link in links:
        assert link["from_node_id"] in nodes
        assert link["to_node_id"] in nodes
        assert link["directed"] in ("true", "false")
        first = link["geometry"].removeprefix("LINESTRING (").split(",", 1)[0]
        assert first == f"{nodes[link['from_node_id']]['x_coord']} {nodes[link['from_node_id']]['y_coord']}"
    with (folder / "config.csv").open(encoding="utf-8", newline="") as file:
        (config,) = csv.DictReader(file)
    assert (config["long_length"], config["version_number"]) == ("kilometer", "0.96")


def test_what_others_change_in_ours_is_read(tmp_path: Path) -> None:
    # The files of the specification are the original of places and links, not a copy beside the extension.
    folder = write_gmns(load(), tmp_path / "gmns")
    text = (folder / "link.csv").read_text(encoding="utf-8")
    assert "\nsea-aktau-alat,aktau,alat,false,468," in text
    (folder / "link.csv").write_text(text.replace("aktau,alat,false,468,", "aktau,alat,false,470,"), encoding="utf-8")
    assert load(folder).links["sea-aktau-alat"].km == 470
