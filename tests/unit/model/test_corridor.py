"""A corridor as it is printed in a terminal and shown in a notebook: what it is, and how much there is of it."""

from dataclasses import replace
from xml.etree import ElementTree

from tests.worlds.sketch import sketch, with_rows
from transcaspian.model.corridor import Corridor

WORLD = sketch("A--B~~C")


def test_a_corridor_prints_as_one_line() -> None:
    about = WORLD.about.rows[0]
    head = f"{about.title}, version {about.version}, base year {about.base_year}"
    assert repr(WORLD) == f"{head}: 3 places, 4 services, 2 links, 0 rows of demand"
    assert repr(Corridor()) == "Corridor: 0 places, 0 services, 0 links, 0 rows of demand"


def test_a_notebook_shows_it_as_a_table() -> None:
    named = with_rows(WORLD, replace(WORLD.about.rows[0], title="A & B <C>"))
    page = ElementTree.fromstring(named._repr_html_())
    assert (page.findtext("caption") or "").startswith("A & B <C>, version ")
    assert [(row.findtext("th"), row.findtext("td")) for row in page.iter("tr")] == [
        ("places", "3"),
        ("services", "4"),
        ("links", "2"),
        ("rows of demand", "0"),
    ]
