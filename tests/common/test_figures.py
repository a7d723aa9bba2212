"""Figures: what is drawn, from which side, and that nobody's words become markup."""

import re

from plenara.common.figures import Bar, alone, bars

ROWS = [Bar("Q1", 40, 10, "10, 40"), Bar("<b>Q2</b>", 20, 20, "20, 20"), Bar("Q3", 0, 0, "")]


def widths(drawing):
    return [
        (float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.]+)%" y="\d+" width="([\d.]+)%"', drawing)
    ]


def test_the_longest_bar_reaches_its_whole_width_and_the_others_their_part():
    assert widths(bars(ROWS, title="T")) == [(36, 42), (36, 10.5), (36, 21), (36, 21), (36, 0), (36, 0)]


def test_where_a_page_runs_from_the_right_so_do_the_bars():
    drawing = bars(ROWS, title="T", direction="rtl")
    assert widths(drawing)[:2] == [(22, 42), (53.5, 10.5)]
    assert '<text x="100%" y="18">Q1</text>' in drawing


def test_nothing_to_draw_is_an_empty_figure():
    assert widths(bars([], title="T")) == [] == widths(bars([Bar("a", 0, 0, "")], title="T"))[1:-1]


def test_labels_are_text_and_nothing_is_styled():
    for drawing in (
        bars(ROWS, title='"><script>'),
        alone(ROWS, title="<i>", legend="&", language="ar", direction="rtl"),
    ):
        assert "<b>" not in drawing and "<script>" not in drawing and "<i>" not in drawing
        assert "style" not in drawing
