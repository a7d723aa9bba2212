"""A row of columns drawn on the server: how much there was, day by day. A table stands beside each.

As in `core/figures.py`: widths are shares of the whole, so that the letters keep their size on a telephone; time runs
in the direction in which the page is read.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plenara.core.figures import ALONE, ON_PAGE, Paint, framed, on_page, steps
from plenara.core.templatetags.plenara import number

#: From the top: the name of the upright axis, the tallest column, the base line, the labels below it.
TOP, TALL, BASE, HEIGHT = 14, 120, 148, 176
#: Hundredths of the width that are left beside the columns for the numbers of the axis, and for each of their digits.
BESIDE, DIGIT = 1.5, 2.7
#: Columns from which on the one in the middle has a label too.
MANY = 7


class Column(NamedTuple):
    """One column: what it is of, how much, and what it is of in fewer letters, for a label between two others."""

    label: str
    value: int
    short: str = ""


def columns(shown: Sequence[Column], *, title: str, axis: str, direction: str = "ltr") -> SafeString:
    """Return a drawing for a page; `axis` says what is counted. Screen readers hear the title."""
    return on_page(_drawn(shown, axis, direction, ON_PAGE), height=HEIGHT, title=title, direction=direction)


def columns_alone(
    shown: Sequence[Column], *, title: str, below: str, axis: str, language: str, direction: str = "ltr"
) -> SafeString:
    """Return the drawing as a file of its own, with its title and below that what it shows."""
    drawing = _drawn(shown, axis, direction, ALONE)
    return framed(drawing, height=HEIGHT, title=title, below=below, language=language, direction=direction)


def _drawn(shown: Sequence[Column], axis: str, direction: str, paint: Paint) -> SafeString:
    mirrored = direction == "rtl"
    start, end = ("100%", "0") if mirrored else ("0", "100%")
    largest = max((each.value for each in shown), default=0)
    marks = [(step, number(step)) for step in steps(largest)]
    first = BESIDE + DIGIT * max(len(words) for _step, words in marks)
    slot = (100 - first) / max(len(shown), 1)
    wide = min(slot * 0.8, 6)

    def across(at: float) -> str:
        return f"{round(100 - at if mirrored else at, 3)}%"

    def height(value: float) -> float:
        return round(TALL * value / largest, 1) if largest else 0

    lines = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}"{}/><text x="{}" y="{}"{}>{}</text>\n',
        (
            (across(first), end, y, y, paint.rule, start, y + 4, paint.soft, words)
            for y, words in ((BASE - height(step), words) for step, words in marks)
        ),
    )
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}%" height="{}"{}/>',
        (
            (across(begin + wide if mirrored else begin), BASE - tall, round(wide, 3), tall, paint.part)
            for begin, each in ((first + slot * at, each) for at, each in enumerate(shown))
            # Whatever there was is seen, be it one of ten thousand.
            if each.value and largest and (tall := max(height(each.value), 1))
        ),
    )
    return format_html(
        '<text x="{}" y="{}"{}>{}</text>\n{}{}\n{}',
        start,
        TOP,
        paint.soft,
        axis,
        lines,
        drawn,
        _labels(shown, first, slot, wide, across, paint),
    )


def _labels(
    shown: Sequence[Column], first: float, slot: float, wide: float, across: Callable[[float], str], paint: Paint
) -> SafeString:
    """Return what the first column, the last and one in the middle are of, each below a small stroke."""
    last = len(shown) - 1
    named = {0: "start", last: "end"} if last else {0: "start"}
    if last >= MANY - 1:
        named[last // 2] = "middle"
    middles = {at: first + slot * at + wide / 2 for at in named}
    places = [
        (at, anchor, across(middles[at]), {"start": first, "end": 100}.get(anchor, middles[at]))
        for at, anchor in sorted(named.items())
        if shown
    ]
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}"{}/><text x="{}" y="{}" text-anchor="{}"{}>{}</text>\n',
        (
            (x, x, BASE, BASE + 6, paint.rule, across(text), BASE + 22, anchor, paint.soft, words)
            for at, anchor, x, text in places
            for words in [(anchor == "middle" and shown[at].short) or shown[at].label]
        ),
    )
