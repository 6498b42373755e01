"""The plain answer and the reports of an appraisal say what the results hold, in both languages."""

import re
from dataclasses import replace

import pytest

from transcaspian.io import load
from transcaspian.report.appraise import appraisal_text, by_country, hand_words
from transcaspian.report.appraise_answer import sentences
from transcaspian.report.appraise_movers import movers_of_section, ordered_assumptions
from transcaspian.report.appraise_page import appraisal_html, document
from transcaspian.report.appraise_words import WORDS, way_name
from transcaspian.report.document import Bullets, Cells, Drawing, Text
from transcaspian.report.numbers import Language
from transcaspian.results.appraisal import (
    Appraisal,
    BindingResult,
    CauseResult,
    LineResult,
    PlaceResult,
    PortfolioResult,
    RiskResult,
    SectionResult,
    SpreadResult,
    TrainsResult,
    UnpricedResult,
)
from transcaspian.results.flows import Counted
from transcaspian.study.appraise import appraise

YEAR = (0.97,) * 12
RANKS = {"overrun": -0.2, "delay": 0.4, "carbon-factor": 0.6}
"""Rank correlations of causes with the net present value, as draws might give them."""

LANGUAGES: tuple[Language, ...] = ("en", "ru")


@pytest.fixture(scope="module")
def answer() -> Appraisal:
    return appraise(load(), "eu-2025")


@pytest.fixture(scope="module")
def detailed() -> Appraisal:
    return appraise(load(), "eu-2025", projects=["eu-aktau-port"], detail=True)


def said(answer: Appraisal, start: str, language: Language = "en") -> str:
    return next(s for s in sentences(answer, language) if s.startswith(start))


def risky(answer: Appraisal, *causes: CauseResult) -> Appraisal:
    """Return the answer with draws whose median is EUR 10 m under the run as announced."""
    port = answer.projects[0]
    assert port.npv is not None
    spread = SpreadResult(port.id, 200, port.npv - 20e6, port.npv - 10e6, port.npv + 5e6, 0.01, ())
    return replace(answer, risk=RiskResult((spread,), causes, None, 0, ()))


def test_one_run_is_as_announced_and_no_middle(answer: Appraisal) -> None:
    found = said(answer, "How sure")
    assert "as announced" in found and "middle" not in found
    assert "cost of a port +20 %" in found and "years of delay: 1" in found and "90 % of the effect" in found


def test_what_could_come_next_is_the_best_with_a_cost_and_the_best_without(answer: Appraisal) -> None:
    assert not [s for s in sentences(answer, "en") if s.startswith("What could come next")]
    places = tuple(
        PlaceResult(name, 1e6, worth, worth, None, None, name.title(), name.title())
        for name, worth in (("quay", 2e6), ("ships", -5e6))
    )
    free = UnpricedResult("papers", "Papers as data", "Документы", 114e6), UnpricedResult("x", "X", "Икс", 0.0)
    folio = PortfolioResult(None, None, None, None, 0.0, places, (), (), (), 4, free)
    found = said(replace(answer, portfolio=folio), "What could come next")
    assert (
        "Quay is worth most (EUR 2.0 m alone)" in found and "Papers as data, which may cost up to EUR 114.0 m" in found
    )
    none = replace(folio, places=places[1:], unpriced=free[1:])
    poor = said(replace(answer, portfolio=none), "What could come next")
    assert "none pays alone" in poor and "without one" not in poor
    assert "Документы" in said(replace(answer, portfolio=folio), "Что могло бы", "ru")


def test_what_is_lacked_and_what_may_be_paid_is_said(answer: Appraisal) -> None:
    port = answer.projects[0]
    assert port.lacks is not None and f"EUR {port.lacks / 1e6:.1f} m a year more, from 2028 on" in said(
        answer, port.name
    )
    pays = replace(answer, projects=(replace(port, lacks=None),))
    assert "To pay as announced" not in said(pays, port.name)
    for worth, words in ((12.3e6, "it pays if that is less than EUR 12.3 m"), (-1e6, "it pays at no cost")):
        unpriced = replace(port, npv=None, lacks=None, affordable=worth)
        assert words in said(replace(answer, projects=(unpriced,)), port.name)
    assert "стоит меньше 12,3" in said(
        replace(answer, projects=(replace(port, npv=None, affordable=12.3e6),)), port.name_ru, "ru"
    )


def test_trains_of_others_are_said_to_be_assumed_and_with_how_many_it_pays(answer: Appraisal) -> None:
    port = answer.projects[0]
    line = LineResult("other trains", "benefit", (), 7e6, None)
    railway = replace(port, lines=(*port.lines, line), trains=TrainsResult(3.0, 1.0, 8.0, False, 12.4))
    shown = replace(answer, projects=(railway,))
    found = said(shown, "Trains of others")
    assert "3 pairs a day (1 to 8) are assumed" in found and "EUR 7.0 m" in found and "with 12 it would pay" in found
    assert "3 (от 1 до 8), принято" in said(shown, "Чужие поезда", "ru")
    assert not [s for s in sentences(answer, "en") if s.startswith("Trains of others")]


def test_draws_lead_with_their_median(answer: Appraisal) -> None:
    drawn, port = risky(answer), answer.projects[0]
    assert port.npv is not None
    middle = f"{(port.npv - 10e6) / 1e6:,.1f}"
    assert (
        f"the median (P50) of the net present value is EUR {middle} m, EUR 10.0 m below the run as announced"
        in said(drawn, "How sure")
    )
    verdict = said(drawn, port.name)
    assert verdict.index(middle) < verdict.index(f"{port.npv / 1e6:,.1f}")


def test_the_fact_that_decides_is_named(answer: Appraisal) -> None:
    causes = (
        CauseResult("delay", "delay of opening", 0.02, 0.0, 0.09, None, -0.1),
        CauseResult("overrun", "cost overrun", 0.19, 0.10, 0.28, None, -0.4),
        CauseResult("water-capacity", "room at sea", 0.18, 0.11, 0.27, None, -0.5),
    )
    found = said(risky(answer, *causes), "What would change the answer most")
    assert "cost overrun; alone it makes 19 % of the spread" in found
    assert "as much may come of room at sea 18 %" in found and "delay" not in found
    few = tuple(replace(c, first=None, first_low=None, first_high=None) for c in causes)
    found = said(risky(answer, *few), "What would change the answer most")
    assert "room at sea (rank correlation with the net present value -0.50)" in found
    assert not [s for s in sentences(answer, "en") if s.startswith("What would change")], "one run spreads nothing"


def test_a_switching_value_out_of_its_range_is_said_to_be(answer: Appraisal) -> None:
    found = said(answer, "What is assumed")
    assert re.search(r"if capital changes by -\d\d %, which is out of its range of -3 % to \+44 %", found)
    port = answer.projects[0]
    lines = tuple(replace(x, switching=0.3) if x.name == "capital" else x for x in port.lines)
    near = replace(answer, projects=(replace(port, lines=lines),))
    assert "which is within its range of -3 % to +44 %" in said(near, "What is assumed")


def test_what_binds_already_is_said_with_its_chance(answer: Appraisal) -> None:
    last = answer.anchor_years[-1]
    autumn = (0.0,) * 8 + (0.15, 0.81, 0.52, 0.19)
    rows = [
        BindingResult(limit, name, "yard", case, last, months)
        for case in ("without", "with")
        for limit, name, months in (
            ("a:from-ge", "Bridge", YEAR),
            ("a:from-az", "Bridge", (0.5,) * 12),
            ("b", "Yard", autumn),
        )
    ]
    drawn = replace(risky(answer), binding=tuple(rows))
    found = said(drawn, "What binds next")
    assert "Bridge (from Georgia), every month 97; Yard, Sep 15, Oct 81, Nov 52, Dec 19." in found
    assert "nothing new" in found
    ships = BindingResult("c", "Ships", "fleet", "with", last, (0.0,) * 11 + (0.22,))
    assert "newly make bind: Ships, Dec 22." in said(replace(drawn, binding=(*rows, ships)), "What binds next")


def test_numbers_are_written_as_russian_writes_them(answer: Appraisal) -> None:
    """No digit stands before a decimal point or a comma of thousands, in the terminal, on the page and in charts."""
    drawn = risky(answer, CauseResult("overrun", "cost overrun", 0.19, 0.10, 0.28, None, -0.4))
    text = appraisal_text(drawn, "ru")
    page = re.sub(
        r"(?s)<style>.*?</style>|<svg[^>]*>|<(?:rect|line|polyline|text)[^>]*>", "", appraisal_html(drawn, "ru")
    )
    for words in (text, page):
        assert re.findall(r"(?<!\d)[1-9]\d{0,2},\d{3}(?!\d)", words) == []
        plain = re.sub(r"\d\d\.\d\d\.\d{4}|</?[^>]+>|\d\. [А-Я]", "", words)
        assert re.findall(r"\d\.\d", plain) == []
    assert "1\N{NO-BREAK SPACE}019" in text and f"{(answer.projects[0].npv or 0) / 1e6:,.1f}".replace(".", ",") in text


def test_nothing_has_a_sign_and_years_have_no_comma(answer: Appraisal) -> None:
    for language in ("en", "ru"):
        assert not re.search(r"[-+]0[.,]?0*(?![\d.,])", re.sub(r"e-0\d|\d-\d\d", "", appraisal_text(answer, language)))
    tables = [b for b in document(answer, "en") if isinstance(b, Cells)]
    assumed = next(t for t in tables if t.head[0] == "assumed")
    cells = {row[0]: row for row in assumed.rows}
    ends = cells[WORDS["unit_values.growth-ends"][0]]
    assert (ends[1], ends[3:5]) == ("2032", ("2030", "2040"))
    port = cells[f"{WORDS['projects.opens'][0]}: {answer.projects[0].name}"]
    assert port[1] == "2028"
    aadt = cells[f"{WORDS['section_traffic.aadt'][0]}: {answer.sections[0].name}, Cars"]
    assert aadt[1] == "2,288"
    assert answer.sections[2].aadt_high == 11_000


def test_the_russian_report_speaks_russian(answer: Appraisal) -> None:
    """Sentences, notes, lists and reasons have no English words; publishers and commands stand in them as they are."""
    publishers = {load().sources[row.source].publisher for row in answer.wider}
    for block in document(answer, "ru"):
        texts = block.items if isinstance(block, Bullets) else (block.text,) if isinstance(block, Text) else ()
        if isinstance(block, Cells):
            texts = (*block.head, *(cell for row in block.rows for cell in row))
        for text in texts:
            if text in publishers:
                continue
            words = re.findall(r"(?<![\w:=-])[a-z]{3,}(?![\w:-])", text)
            assert set(words) <= {"capacity", "tonnes", "vehicles", "draws", "defaults", "data", "coverage"}, text
    assert all(p.notes_ru and re.search("[а-я]", p.notes_ru[0]) for p in answer.projects)


def test_a_report_prints_no_ids(detailed: Appraisal) -> None:
    """What the dataset keeps under an id has a name in the report: counts, demands, what is changed, sources."""
    corridor = load()
    kept = {row.series for row in corridor.observations.rows} | set(corridor.sources) | set(corridor.demand)
    kept |= {f"{t}:{key}" for t in ("resources", "vehicle_types", "fleets", "steps") for key in corridor.table(t)}
    for language in LANGUAGES:
        for block in document(detailed, language):
            texts = block.items if isinstance(block, Bullets) else (block.text,) if isinstance(block, Text) else ()
            if isinstance(block, Cells):
                texts = (*block.head, *(cell for row in block.rows for cell in row))
            for text in texts:
                assert not re.search(r"\w_\w|-box-", text), text
                assert not kept & set(re.split(r"[^\w:.-]+", text)), text


def amount(cell: str) -> float:
    return float(cell.replace(",", ""))


def test_what_moves_the_answer_most_stands_first(detailed: Appraisal) -> None:
    """Lines, rates and scenarios by how far they move the net present value; lines without a range by switching value."""
    port = detailed.projects[0]
    table = next(b for b in document(detailed, "en") if isinstance(b, Cells) and b.head[:2] == (port.name, "from"))
    by = [amount(row[5]) for row in table.rows if row[5]]
    assert len(by) > 3 and by == sorted(by, reverse=True)
    rest = [row for row in table.rows if not row[5]]
    assert rest == list(table.rows[len(by) :]) and all(row[1] == "no range known" for row in rest)
    turns = [abs(amount(row[6].removesuffix(" %"))) for row in rest]
    assert turns == sorted(turns) and turns
    capital, npv = next(line for line in port.lines if line.name == "capital"), port.npv or 0.0
    assert capital.low is not None and capital.high is not None
    row = next(row for row in table.rows if row[0] == "capital")
    want = [f"{(npv + share * capital.value) / 1e6:+,.1f}" for share in (capital.low, capital.high)]
    assert list(row[3:5]) == want and row[1:3] == ("-3 %", "+44 %")
    scenario = next(row for row in table.rows if row[0] == "operators leave their fleets as they are")
    assert scenario[1:3] == ("no", "yes") and amount(scenario[5]) == pytest.approx(
        abs(detailed.under[0].npv - npv) / 1e6, abs=0.05
    )


def test_what_moves_a_road_most_stands_first(answer: Appraisal) -> None:
    for section in answer.sections:
        movers = movers_of_section(section, "en")
        assert movers and [m.by for m in movers] == sorted((m.by for m in movers), reverse=True)
        npvs = {p.npv for p in section.grid}
        assert all(m.values is not None and set(m.values) <= npvs for m in movers)
        assert all(m.ends[0] != m.ends[1] for m in movers), "a table of one roughness says nothing of roughness"


def test_assumptions_stand_in_the_order_of_what_they_move(answer: Appraisal) -> None:
    rows = ordered_assumptions(answer, "en")
    moves = [by for _, by in rows if by is not None]
    assert len(moves) > 3 and moves == sorted(moves, reverse=True)
    assert [by for _, by in rows[: len(moves)]] == moves, "what is not worked out comes last"
    assert sorted(a.id for a, _ in rows) == sorted(a.id for a in answer.assumptions)
    rest = [a for a, by in rows if by is None]
    assert rest == [a for a in answer.assumptions if a in rest]


def test_draws_rank_the_assumptions(answer: Appraisal) -> None:
    causes = [CauseResult(name, name, None, None, None, None, rank) for name, rank in RANKS.items()]
    rows = [a.attribute for a, _ in ordered_assumptions(risky(answer, *causes), "en")]
    assert rows[:2] == ["carbon-factor", "opens"], "the rank of a delay is that of the year of opening"
    text = [b.text for b in document(risky(answer, *causes), "en") if isinstance(b, Text)]
    assert any(t.startswith("First what is drawn") for t in text)
    assert not any(
        t.startswith("First what is drawn") for t in [b.text for b in document(answer, "en") if isinstance(b, Text)]
    )


def test_one_run_tells_months_and_no_chances(answer: Appraisal) -> None:
    """What one run binds is yes or no: no per cent, and no word of runs beside it."""
    for language in LANGUAGES:
        words = {"en": "yes or no", "ru": "да или нет, а не вероятность"}[language]
        blocks = document(answer, language)
        table = next(b for b in blocks if isinstance(b, Cells) and b.shades)
        assert {cell for row in table.rows for cell in row[3:]} == {"", "x"}
        note = next(b.text for b in blocks if isinstance(b, Text) and words in b.text)
        assert "%" not in note
        assert "% of runs" not in appraisal_text(answer, language) and "% прогонов" not in appraisal_text(
            answer, language
        )
    assert "(in the one run: months, not chances)" in said(answer, "What binds next")
    spread = risky(answer)
    table = next(b for b in document(spread, "en") if isinstance(b, Cells) and b.shades)
    assert {cell for row in table.rows for cell in row[3:]} == {"", "100"}
    assert "% of runs by month" in appraisal_text(spread, "en")


def test_counts_are_named_in_both_languages(detailed: Appraisal) -> None:
    """A minister reads what was counted and in which months, in each language."""
    heads = {"en": ("series", "Containers on the Middle Corridor"), "ru": ("ряд", "Контейнеры на ТМТМ")}
    for language in LANGUAGES:
        head, name = heads[language]
        tables = [b for b in document(detailed, language) if isinstance(b, Cells) and b.head[0] == head]
        assert len(tables) == 2, "every count, and the worst misses"
        rows = {(row[0], row[1]): row for row in tables[0].rows}
        assert (name, "2024") in rows and len(rows) == len(tables[0].rows)
        assert all(re.fullmatch(r"\d{4}|\w{3}([-–]\w{3})? \d{4}", period) for _, period in rows)
        assert {row[5] for row in tables[0].rows} <= {
            WORDS[k][language == "ru"] for k in WORDS if k.startswith("unit_")
        }


def test_ways_in_russian(answer: Appraisal) -> None:
    assert way_name("via Kuryk + truck, change at Baku", answer, "ru") == "через Kuryk + автомобиль, перегрузка: Baku"
    assert way_name("by rail, Dostyk", answer, "ru") == "по железной дороге, Dostyk"
    assert way_name("via Kuryk by truck", answer, "en") == "via Kuryk by truck"


def test_every_shipment_shows_the_way_over_its_gateways(detailed: Appraisal) -> None:
    """A reader of an appraisal of a port sees the way over it, however it ranks, in the item of times and of cost."""
    assert all("Aktau" in s.via for s in detailed.shipments)
    for s in detailed.shipments:
        for case in ("without", "with"):
            sought = [way for way in s.ways if way.case == case and way.sought]
            assert sought and all(place in way.label for place in s.via for way in sought), s
    published = next(way for way in detailed.shipments[0].ways if way.label == "via Altynkol, Aktau, Poti")
    assert published.sought and published.assumed < 0.1  # the corridor's own way has a through rate
    russian = next(b for b in document(detailed, "ru") if isinstance(b, Text) and "сквозной ставке" in b.text)
    assert "(Актау, Поти)" in russian.text
    tables = [b for b in document(detailed, "en") if isinstance(b, Cells)]
    for name in ("mean days", "Xi'an International Port (Xinzhu) - Constanta port, 12 × 40HC, Electronics"):
        rows = [row[0] for row in next(t for t in tables if t.head[0] == name).rows]
        assert sum(row.startswith("via Altynkol, Aktau, Poti") for row in rows) == 2, "without and with"


def test_a_way_drawn_is_a_way_priced(detailed: Appraisal) -> None:
    """Item 6 leaves out the fourth way and those behind it, item 7 none."""
    first = detailed.shipments[0]
    drawn = next(b for b in document(detailed, "en") if isinstance(b, Cells) and b.head[0] == "mean days").rows
    apart = [w for case in ("without", "with") for w in [x for x in first.ways if x.case == case][3:] if not w.sought]
    assert len(drawn) == len(first.ways) - len(apart)


def test_misses_are_of_counts_and_not_of_bounds(answer: Appraisal) -> None:
    counts = (
        Counted("met", "2024", "kt", 100.0, 90.0, "validation", "s"),
        Counted("bounded", "2024", "kt", 100.0, 1.0, "bound", "s"),
        Counted("later", "2025", "kt", 100.0, 70.0, "validation", "s"),
    )
    blocks = document(replace(answer, counts=counts), "en")
    missed = next(b for b in blocks if isinstance(b, Cells) and b.head == ("series", "period", "differs"))
    assert missed.rows == (("later", "2025", "-30 %"), ("met", "2024", "-10 %"))


def test_the_last_counted_year_stands_beside_the_base_year(detailed: Appraisal) -> None:
    found = {(c.series, c.period): c for c in detailed.counts}
    boxes = [found["titr_containers", year] for year in ("2024", "2025")]
    assert [c.observed for c in boxes] == [56.5, 77.0] and boxes[0].modelled < boxes[1].modelled < 77
    assert len(found) == len(detailed.counts)  # a bound is there once


def test_the_largest_part_is_one_of_what_is_said_before_it(detailed: Appraisal) -> None:
    port = detailed.projects[0]
    own = {m.measure: m.users + m.operators for m in detailed.measures if m.project == port.id}
    most = max(own[name] for name in own if name != "all-together")
    found = said(detailed, "What EUR 45.0 m buy")
    assert found.endswith(f"The largest part comes from shorter crane time: EUR {most / 1e6:.1f} m alone.")
    last = port.anchors[-1]
    assert most < last.users + last.operators


def test_why_flows_bring_less_than_the_check_by_hand_is_said(detailed: Appraisal) -> None:
    row = detailed.ladders[0]
    found = next(rung for rung in row.rungs if rung.name == "all-together")
    assert f"all measures together bring {found.teu:,.0f} TEU" in hand_words(row, "en")
    as_much = tuple(replace(r, teu=row.teu) if r.name == "all-together" else r for r in row.rungs)
    assert "all measures together" not in hand_words(replace(row, rungs=as_much), "en")


def test_years_before_the_opening_are_explained(detailed: Appraisal) -> None:
    assert "Years before 2028, when it opens" in appraisal_text(detailed, "en")
    later = replace(detailed.projects[0], opens=2027)
    assert "Years before" not in appraisal_text(replace(detailed, projects=(later,)), "en")


def test_emissions_are_no_country(answer: Appraisal) -> None:
    port = answer.projects[0]
    assert "world" in {s.name for s in port.by_country} and "world" not in {s.name for s in by_country(port)}
    countries = appraisal_text(answer).partition("country  ")[2].partition("seen from")[0]
    worth = next(s.value for s in port.by_country if s.name == "world")
    assert ("everybody (emissions)" in countries) == (abs(worth) >= 5e4) and "world" not in countries


def test_the_owner_is_named_after_grants(answer: Appraisal) -> None:
    """The owner bears what is spent less what comes back and what others give, and the name says so."""
    port = answer.projects[0]
    shares = {s.name: s.value for s in port.by_actor}
    lines = {line.name: line.value for line in port.lines}
    spent = lines["capital"] + lines["operation"] + lines["residual value"]
    found = shares["owner of the project, after grants"]
    assert found == pytest.approx(spent - shares["taxpayers abroad (grants)"]) and found > spent


def _section_blocks(answer: Appraisal, section: SectionResult) -> list[Cells]:
    blocks = [b for b in document(answer, "en") if isinstance(b, Cells) and b.head[0] == "the section built whole"]
    return [b for b in blocks if b.rows[-1][1] == f"{sum(x.value for x in section.lines) / 1e6:+,.1f}"]


def test_a_section_is_shown_line_by_line(answer: Appraisal) -> None:
    for section in answer.sections:
        (table,) = _section_blocks(answer, section)
        assert [row[0] for row in table.rows][3:] == [
            "time", "vehicle operating cost", "accidents", "fuel", "greenhouse gases", "pollution", "net",
        ]  # fmt: skip
        saved = sum(x.value for x in section.lines[3:])
        assert 0 < section.corridor_gain < saved
    charts = [b.svg for b in document(answer, "en") if isinstance(b, Drawing)]
    curves = [svg for svg in charts if "IRI" in svg]
    assert [svg.count("<polyline") for svg in curves] == [3, 1, 3], "a curve for each roughness"


def test_gains_by_commodity_add_up(answer: Appraisal) -> None:
    port = answer.projects[0]
    table = next(b for b in document(answer, "en") if isinstance(b, Cells) and b.head[0] == "by commodity")
    values = [float(row[1].replace(",", "")) for row in table.rows]
    assert len(values) > 5 and values[:-2] == sorted(values[:-2], reverse=True), (
        "other goods and what is nobody's come last"
    )
    assert sum(values) == pytest.approx((port.npv or 0) / 1e6, abs=1.0)
