"""Charts: what is drawn is what is said, within the place given."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import charts, french
from core.charts import Bar, Part, Point

SVG = "{http://www.w3.org/2000/svg}"
amounts = st.floats(min_value=0, max_value=1e6, allow_nan=False)
words = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), min_size=1, max_size=40)


def drawn(svg: str) -> ElementTree.Element:
    """The picture as a tree: fails when it is not well formed."""
    return ElementTree.fromstring(svg)


def rects(svg: str, css: str) -> list[float]:
    return [float(r.get("width")) for r in drawn(svg).iter(f"{SVG}rect") if r.get("class") == css]


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in drawn(svg).iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_values_and_start_at_zero():
    svg = charts.bars([Bar("Entreprises", 8), Bar("Formations", 4), Bar("Associations", 0)], label="Conventions")
    long, half, nothing = rects(svg, "chart-now")
    assert half == pytest.approx(long / 2, abs=0.1)
    assert nothing == 1  # a trace that says « known, and zero »
    assert texts(svg) == ["Entreprises", "8", "Formations", "4", "Associations", "0"]


def test_the_image_says_every_value_and_last_years():
    svg = charts.bars(
        [Bar("CAP", 0.71, 0.66), Bar("Term.", None, 0.7)],
        label="Bénéficiaires",
        write=french.percent,
        before_label="2025-2026",
        top=1,
    )
    picture = drawn(svg)
    assert picture.get("role") == "img"
    said = picture.get("aria-label").replace("\u202f", " ")
    assert said == "Bénéficiaires : CAP 71,0 % (2025-2026 66,0 %), Term. n.d. (2025-2026 70,0 %)."
    assert picture.find(f"{SVG}title").text == picture.get("aria-label")


def test_an_unknown_value_is_not_drawn_as_zero():
    svg = charts.bars([Bar("CAP", None), Bar("2de", 3)], label="Élèves")
    assert len(rects(svg, "chart-now")) == 1
    assert "n.d." in texts(svg)


def test_shares_keep_the_scale_of_a_whole():
    half = rects(charts.bars([Bar("CAP", 0.5)], label="Part", top=1), "chart-now")
    whole = rects(charts.bars([Bar("CAP", 1.0)], label="Part", top=1), "chart-now")
    assert half[0] < whole[0]


def test_a_late_bar_has_the_tone_of_what_is_late():
    assert rects(charts.bars([Bar("Sans place", 4, late=True)], label="Élèves"), "chart-late")


def test_long_labels_stand_above_and_are_whole_in_the_label_of_the_image():
    label = "Installation électrique, bâtiment et travaux publics, énergie"
    svg = charts.bars([Bar(label, 74)], label="Secteurs", width=208)
    assert texts(svg)[0].endswith("…")
    assert label in drawn(svg).get("aria-label")


def test_a_stacked_bar_fills_its_width_and_says_its_empty_parts():
    svg = charts.stacked(
        [Part("faites", 3), Part("en cours", 1, "before"), Part("perdues", 0, "late")], label="Conventions", width=200
    )
    assert rects(svg, "chart-now")[0] == pytest.approx(3 / 4 * 198.5, abs=0.1)
    assert "perdues 0" in drawn(svg).get("aria-label")


def test_a_missing_point_cuts_the_line():
    svg = charts.line([Point("sept.", 9), Point("oct.", None), Point("nov.", 13)], label="Actions")
    (path,) = (p for p in drawn(svg).iter(f"{SVG}path") if p.get("class") == "chart-line")
    assert path.get("d").count("M") == 2
    assert len(list(drawn(svg).iter(f"{SVG}circle"))) == 2
    assert "oct. n.d." in drawn(svg).get("aria-label")


def test_last_year_has_its_key():
    svg = charts.line([Point("sept.", 9, 6), Point("oct.", 15, 11)], label="Actions", before_label="2025-2026")
    assert texts(svg)[-1] == "2025-2026"


def test_a_spark_says_where_it_goes():
    assert drawn(charts.spark([4, 7, 12], label="Élèves")).get("aria-label") == "Élèves : de 4 à 12."


def test_a_share_is_silent_because_its_numbers_stand_beside_it():
    assert drawn('<svg xmlns="http://www.w3.org/2000/svg">' + charts.share(16, 23).partition(">")[2]) is not None
    assert 'aria-hidden="true"' in charts.share(16, 23)
    assert charts.share(0, 0).count("<rect") == 1


@pytest.mark.parametrize(
    "empty", [charts.bars([], label="x"), charts.stacked([], label="x"), charts.stacked([Part("a", 0)], label="x"), charts.line([], label="x"), charts.line([Point("a", None)], label="x"), charts.spark([3], label="x")]
)  # fmt: skip
def test_nothing_to_draw_draws_nothing(empty):
    assert empty == ""


def test_what_people_wrote_is_text_and_never_markup():
    svg = charts.bars([Bar('<script>"&', 3)], label='<b onload="x">')
    assert "<script" not in svg
    assert "<b " not in svg
    assert '<script>"&' in texts(svg)


@given(
    st.lists(st.tuples(words, st.none() | amounts, st.none() | amounts), min_size=1, max_size=8), st.integers(160, 600)
)
def test_every_mark_stays_inside_the_picture(rows, width):
    svg = charts.bars([Bar(*row) for row in rows], label="Valeurs", width=width, before_label="avant")
    picture = drawn(svg)
    assert float(picture.get("width")) == width
    for rect in picture.iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= 0
        assert float(rect.get("x")) + float(rect.get("width")) <= width + 0.2
        assert float(rect.get("y")) + float(rect.get("height")) <= float(picture.get("height")) + 0.2
    assert all(float(t.get("font-size")) >= 12 for t in picture.iter(f"{SVG}text"))


@given(st.lists(st.tuples(words, st.none() | amounts), min_size=1, max_size=24), st.integers(160, 600))
def test_points_stay_inside_and_no_number_is_lost(points, width):
    svg = charts.line([Point(*point) for point in points], label="Valeurs", width=width)
    if all(value is None for _, value in points):
        assert svg == ""
        return
    picture = drawn(svg)
    for circle in picture.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= width
        assert 0 <= float(circle.get("cy")) <= float(picture.get("height"))
    assert len(list(picture.iter(f"{SVG}circle"))) == sum(value is not None for _, value in points)


@given(st.lists(amounts, min_size=1, max_size=6))
def test_the_same_numbers_give_the_same_bytes(values):
    rows = [Bar(f"n{i}", value) for i, value in enumerate(values)]
    assert charts.bars(rows, label="x") == charts.bars(rows, label="x")


def test_no_inline_style_and_paper_knows_every_class():
    svg = charts.bars([Bar("a", 1, 2), Bar("b", None)], label="x", before_label="avant") + charts.line([Point("a", 1, 2), Point("b", 2, 3)], label="x", before_label="avant")  # fmt: skip
    svg += charts.stacked(
        [Part("a", 1, tone) for tone in ("now", "before", "other", "late")], label="x"
    ) + charts.share(1, 2)
    assert "style=" not in svg
    used = {name for names in re.findall(r'class="([^"]+)"', svg) for name in names.split()} - {"chart-share"}
    assert used <= set(re.findall(r"\.([a-z-]+)", charts.PAPER_CSS))
