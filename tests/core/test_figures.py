"""Figures: what is drawn, from which side, and that nobody's words become markup."""

import re

import pytest

from plenara.core.figures import Bar, Column, Legend, alone, bars, columns, steps

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
        alone(ROWS, title="<i>", below="&", language="ar", direction="rtl"),
    ):
        assert "<b>" not in drawing and "<script>" not in drawing and "<i>" not in drawing
        assert "style" not in drawing


def texts(drawing):
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing)


@pytest.mark.parametrize(
    ("most", "numbers"),
    [(0, [0]), (1, [0, 1]), (3, [0, 1, 2, 3]), (6, [0, 2, 4, 6]), (40, [0, 10, 20, 30, 40]), (999, [0, 500])],
)
def test_an_axis_has_at_most_four_round_steps(most, numbers):
    assert steps(most) == numbers


def test_bars_have_an_axis_with_its_name_and_a_legend_of_their_two_parts():
    drawing = bars(ROWS, title="T", axis="Hours", legend=Legend("Half", "Nine of ten"))
    assert texts(drawing)[:2] == ["Half", "Nine of ten"]
    assert texts(drawing)[2:8] == ["0", "10", "20", "30", "40", "Hours"]
    assert drawing.count("<line ") == 5 and "style" not in drawing


def test_columns_have_an_axis_with_its_name_and_say_when_the_first_the_middle_and_the_last_were():
    shown = [Column(f"day {at}", at) for at in range(9)]
    drawing = columns(shown, title="T", axis="Contributions")
    assert texts(drawing) == ["Contributions", "0", "2", "4", "6", "8", "day 0", "day 4", "day 8"]
    assert columns([], title="T", axis="C").count("<rect") == 0
    shorter = columns([Column(f"day {at} of 2026", at, f"day {at}") for at in range(9)], title="T", axis="C")
    assert texts(shorter)[-3:] == ["day 0 of 2026", "day 4", "day 8 of 2026"]  # three long labels would touch
    mirrored = columns(shown, title="T", axis="C", direction="rtl")
    assert '<text x="100%" y="14"' in mirrored and 'x2="0"' in mirrored


def test_a_figure_alone_brings_its_colours_and_what_it_is_of():
    drawing = alone(ROWS, title="T", below="Of what", axis="Hours", legend=Legend("Half", "All"), language="en")
    assert texts(drawing)[:2] == ["T", "Of what"] and "class=" not in drawing and 'stroke="#d8d4c9"' in drawing
