import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.web import charts

TODAY = date(2026, 11, 20)
points = st.floats(0, 100)
series = st.lists(st.none() | points, max_size=20)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


def shapes(svg: str) -> list[ElementTree.Element]:
    """Every element of a drawing; fails on what is not well formed, or carries a style."""
    root = ElementTree.fromstring(str(svg))
    assert root.tag == "svg"
    assert "style" not in svg
    return list(root.iter())


@pytest.mark.parametrize(
    ("risk", "level", "word"),
    [(0, 1, "faible"), (24.4, 1, "faible"), (24.5, 2, "modéré"), (50, 3, "élevé"), (75, 4, "critique")],
)
def test_a_risk_has_a_level_and_its_word(risk: float, level: int, word: str) -> None:
    assert (charts.level_of(risk), charts.level_word(risk)) == (level, word)


@given(st.floats(0, 60), st.floats(0, 40))
def test_the_solid_and_hatched_parts_add_up_to_the_risk(missing: float, unproven: float) -> None:
    track, solid, hatched, *notches = shapes(charts.risk_bar(missing, unproven))[1:]
    widths = [float(part.get("width", "").rstrip("%")) for part in (solid, hatched)]
    assert sum(widths) == pytest.approx(missing + unproven, abs=0.11)
    assert track.get("width") == "100%"
    assert hatched.get("fill") == f"url(#hatch-{charts.level_of(missing + unproven)})"
    assert [notch.get("x1") for notch in notches] == ["25%", "50%", "75%"]


@given(series, words)
def test_lines_survive_missing_months_and_any_label(values: list[float | None], label: str) -> None:
    drawn = shapes(charts.trend(values, label, label, label or "risque"))
    assert drawn[0].get("aria-label") == (label or "risque")
    assert shapes(charts.spark(values, 2))


def test_a_line_ends_where_its_last_value_is() -> None:
    rising, falling = charts.trend([40, 60], "a", "b", "c"), charts.trend([60, 40], "a", "b", "c")
    ends = [[float(c.get("cy", 0)) for c in shapes(svg) if c.tag == "circle"] for svg in (rising, falling)]
    assert ends[0][0] > ends[0][1]
    assert ends[1][0] < ends[1][1]


@given(st.lists(st.tuples(points, st.sampled_from(["commune", "enterprise"])), max_size=60))
def test_each_client_is_one_dot_while_they_can_be_told_apart(clients: list[tuple[float, str]]) -> None:
    drawn = [shape.tag for shape in shapes(charts.distribution(clients, "clients"))]
    if len(clients) <= 14:
        assert drawn.count("circle") == sum(kind == "commune" for _, kind in clients)
        assert drawn.count("rect") == sum(kind == "enterprise" for _, kind in clients)


def test_ten_thousand_clients_weigh_no_more_than_a_few_hundred() -> None:
    many = {(float(risk), kind): 50 for risk in range(100) for kind in ("commune", "enterprise")}
    assert len(charts.distribution(many, "clients")) < 10_000


def test_counted_and_listed_clients_draw_the_same() -> None:
    listed = [(12.0, "commune"), (12.0, "commune"), (80.0, "enterprise")]
    assert charts.distribution(listed, "x") == charts.distribution(
        {(12.0, "commune"): 2, (80.0, "enterprise"): 1}, "x"
    )


def test_a_waffle_has_one_square_each_then_becomes_a_bar() -> None:
    assert len([s for s in shapes(charts.waffle(9, 10, 5, "comptes")) if s.tag == "rect"]) == 24
    assert len(shapes(charts.waffle(9000, 10, 5, "comptes"))) < 10


def test_certainty_shares_out_the_whole() -> None:
    _, _, proven, declared = shapes(charts.certainty_bar(22, 34, 10))
    assert [proven.get("width"), declared.get("width")] == ["33.3%", "51.5%"]
    assert shapes(charts.certainty_bar(0, 0, 0))


@given(st.floats(-10, 0), st.floats(-10, 0))
def test_a_gain_never_leaves_its_meter(gain: float, best: float) -> None:
    fill = shapes(charts.gain_meter(gain, best))[-1].get("width", "")
    assert 0 <= float(fill.rstrip("%")) <= 100


def test_progress_knows_an_empty_work() -> None:
    assert shapes(charts.progress(0, 0))[-1].get("width") == "0%"
    assert shapes(charts.progress(12, 6))[-1].get("width") == "100%"


def test_the_small_drawings_are_well_formed() -> None:
    assert len(shapes(charts.posture_squares(9, 10, 5, "mesures"))) == 1 + 9 + 20 + 5
    assert len([s for s in shapes(charts.impact_squares(2)) if "ma-f-ink3" in s.get("class", "")]) == 2
    assert len(shapes(charts.nights(["ok", "failed", "missing", ""], "nuits"))) == 4
    assert shapes(charts.scenario_bar(40, 12, "fraude"))
    with pytest.raises(KeyError):
        charts.mark("unicorn")


@given(st.integers(-400, 800), st.integers(-30, 800))
def test_a_deadline_stays_in_its_drawing(until: int, notice: int) -> None:
    axis = charts.Axis(TODAY)
    act_by = TODAY + timedelta(days=until)
    shapes(charts.timeline(axis, act_by, act_by + timedelta(days=notice), "échéance"))
    assert 0 < axis.x(act_by) < axis.width


def test_a_deadline_within_two_weeks_stands_out() -> None:
    axis = charts.Axis(TODAY)
    drawn = [charts.timeline(axis, TODAY + timedelta(days=days), None, "x") for days in (-7, 15, 16)]
    assert ["ma-f3" in svg for svg in drawn] == [True, True, False]
    assert charts.timeline_head(axis).count("<text") == 4


@given(st.floats(0, 60), st.floats(0, 40))
def test_on_paper_a_drawing_needs_no_stylesheet(missing: float, unproven: float) -> None:
    text = charts.standalone(charts.risk_bar(missing, unproven, "100%", 12), width=190)
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "class=" not in text
    assert 'width="190"' in text
    assert set(re.findall(r"url\(#([^)]+)\)", text)) == set(re.findall(r'pattern id="([^"]+)"', text))


def test_on_paper_text_has_its_font() -> None:
    text = charts.standalone(charts.trend([1, 2], "déc.", "nov.", "risque"))
    assert text.count('font-family="Source Sans 3"') == 3
