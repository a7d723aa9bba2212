"""Figures drawn on the server: bars on an axis, and columns day by day, with a table beside each."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plenara.core.templatetags.plenara import number

#: Height of a row and of its bar, and the base line of its text.
ROW, BAR, BASE = 28, 10, 18
#: Height of a line of the legend, and of the axis with its numbers and its name.
LEGEND, AXIS = 24, 44
#: Where the bars begin and how far they reach, in hundredths of the width.
FIRST, WIDTH = 36, 42
#: The most steps of an axis.
MOST_STEPS = 4
#: The text colour of a figure in its own file (plenara.css has it as a token).
INK = "#1c1b18"


class Paint(NamedTuple):
    """The attributes that colour a figure: the whole, the part of it, lines, and secondary text."""

    whole: SafeString
    part: SafeString
    rule: SafeString
    soft: SafeString


ON_PAGE = Paint(SafeString(' class="all"'), SafeString(""), SafeString(""), SafeString(' class="soft"'))
#: The colours of the light page, for a figure in its own file.
ALONE = Paint(
    SafeString(' fill="#bdd3cb"'),
    SafeString(' fill="#00594a"'),
    SafeString(' stroke="#d8d4c9"'),
    SafeString(' fill="#55524a"'),
)


class Bar(NamedTuple):
    """One row: its label, the whole, the dark part of it, and the number as it is read aloud."""

    label: str
    whole: float
    part: float
    value: str


class Legend(NamedTuple):
    """The labels of the dark part of each bar and of the whole."""

    part: str
    whole: str


def steps(most: float) -> list[int]:
    """Return the numbers of an axis up to `most`: 0, and then whole round steps, none beyond `most`."""
    if most < 1:
        return [0]
    rough = most / MOST_STEPS
    power = 10 ** math.floor(math.log10(rough)) if rough > 1 else 1
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
    return list(range(0, math.floor(most) + 1, step))


def bars(
    rows: Sequence[Bar], *, title: str, axis: str = "", legend: Legend | None = None, direction: str = "ltr"
) -> SafeString:
    """Return a figure for a page. Screen readers read its title; the numbers are in the table."""
    drawing, height = _drawn(rows, axis, legend, direction, ON_PAGE)
    return on_page(drawing, height=height, title=title, direction=direction)


def on_page(drawing: SafeString, *, height: int, title: str, direction: str) -> SafeString:
    """Return a drawing of a height as a figure of a page."""
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}" direction="{}">{}</svg>',
        height,
        title,
        direction,
        drawing,
    )


def alone(
    rows: Sequence[Bar],
    *,
    title: str,
    below: str,
    language: str,
    axis: str = "",
    legend: Legend | None = None,
    direction: str = "ltr",
) -> SafeString:
    """Return a figure as a file of its own, with its title and a description below."""
    drawing, height = _drawn(rows, axis, legend, direction, ALONE)
    return framed(drawing, height=height, title=title, below=below, language=language, direction=direction)


def framed(
    drawing: SafeString, *, height: int, title: str, below: str, language: str, direction: str = "ltr"
) -> SafeString:
    """Return a drawing of a height as a file of its own, below its title and description."""
    start = "100%" if direction == "rtl" else "0"
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{}" lang="{}" direction="{}" role="img" '
        'font-family="sans-serif" font-size="15" fill="{}"><title>{}</title>'
        '<rect width="100%" height="100%" fill="#fff"/><svg x="16" y="16" width="688" height="{}">'
        '<text x="{}" y="18" font-size="18">{}</text><text x="{}" y="42">{}</text>'
        '<svg y="60" width="100%" height="{}">{}</svg></svg></svg>\n',
        height + 92,
        language,
        direction,
        INK,
        title,
        height + 60,
        start,
        title,
        start,
        below,
        height,
        drawing,
    )


def _drawn(
    rows: Sequence[Bar], axis: str, legend: Legend | None, direction: str, paint: Paint
) -> tuple[SafeString, int]:
    """Return the drawing and its height: the legend, the rows, and the axis below them."""
    top = LEGEND * len(legend) if legend else 0
    end = top + len(rows) * ROW
    most = max((row.whole for row in rows), default=0)
    parts = [_axis(most, axis, direction, paint, top, end)] if most else []
    parts.append(_rows(rows, most, direction, paint, top))
    if legend:
        parts.insert(0, _legend(legend, direction, paint))
    return format_html_join("", "{}", ((part,) for part in parts)), end + (AXIS if most else 0)


def _legend(legend: Legend, direction: str, paint: Paint) -> SafeString:
    mirrored = direction == "rtl"
    return format_html_join(
        "",
        '<rect x="{}"{} y="{}" width="14" height="{}"{}/><text x="{}" dx="{}" y="{}">{}</text>\n',
        (
            (
                "100%" if mirrored else "0",
                SafeString(' transform="translate(-14)"') if mirrored else "",
                at * LEGEND + 4,
                BAR,
                colour,
                "100%" if mirrored else "0",
                -22 if mirrored else 22,
                at * LEGEND + 14,
                words,
            )
            for at, (words, colour) in enumerate(((legend.part, paint.part), (legend.whole, paint.whole)))
        ),
    )


def _axis(most: float, name: str, direction: str, paint: Paint, top: int, end: int) -> SafeString:
    """Return a line for each step, its number below it, and the name of the axis below that."""

    def place(amount: float) -> float:
        at = FIRST + WIDTH * amount / most
        return round(100 - at if direction == "rtl" else at, 1)

    lines = format_html_join(
        "",
        '<line x1="{}%" x2="{}%" y1="{}" y2="{}"{}/><text x="{}%" y="{}" text-anchor="middle"{}>{}</text>\n',
        (
            (place(step), place(step), top, end + 4, paint.rule, place(step), end + 18, paint.soft, number(step))
            for step in steps(most)
        ),
    )
    named = format_html('<text x="{}%" y="{}"{}>{}</text>\n', place(0), end + 36, paint.soft, name) if name else ""
    return format_html("{}{}", lines, named)


def _rows(rows: Sequence[Bar], most: float, direction: str, paint: Paint, top: int) -> SafeString:
    mirrored = direction == "rtl"
    start, end = ("100%", "0") if mirrored else ("0", "100%")

    def drawn(amount: float, y: int, attributes: SafeString) -> SafeString:
        width = round(WIDTH * min(max(amount / most, 0), 1), 1) if most else 0
        x = round(100 - FIRST - width, 1) if mirrored else FIRST
        return format_html('<rect x="{}%" y="{}" width="{}%" height="{}"{}/>', x, y, width, BAR, attributes)

    return format_html_join(
        "",
        # The space and the line are for text browsers.
        '<text x="{}" y="{}">{}</text> {}{}<text x="{}" y="{}" text-anchor="end">{}</text>\n',
        (
            (
                start,
                base,
                row.label,
                drawn(row.whole, base - BAR, paint.whole),
                drawn(row.part, base - BAR, paint.part),
                end,
                base,
                row.value,
            )
            for row, base in ((row, top + at * ROW + BASE) for at, row in enumerate(rows))
        ),
    )


#: From the top: the name of the upright axis, the tallest column, the base line, the labels below it.
TOP, TALL, COLUMN_BASE, HEIGHT = 14, 120, 148, 176
#: Hundredths of the width beside the columns for the numbers of the axis, and for each of their digits.
BESIDE, DIGIT = 1.5, 2.7
#: From this number of columns on, the one in the middle has a label too.
MANY = 7


class Column(NamedTuple):
    """One column: its label, its value, and a shorter label for a place between two others."""

    label: str
    value: int
    short: str = ""


def columns(shown: Sequence[Column], *, title: str, axis: str, direction: str = "ltr") -> SafeString:
    """Return a drawing for a page; `axis` names what is counted. Screen readers read the title."""
    return on_page(_drawn_columns(shown, axis, direction, ON_PAGE), height=HEIGHT, title=title, direction=direction)


def columns_alone(
    shown: Sequence[Column], *, title: str, below: str, axis: str, language: str, direction: str = "ltr"
) -> SafeString:
    """Return the drawing as a file of its own, with its title and a description below."""
    drawing = _drawn_columns(shown, axis, direction, ALONE)
    return framed(drawing, height=HEIGHT, title=title, below=below, language=language, direction=direction)


def _drawn_columns(shown: Sequence[Column], axis: str, direction: str, paint: Paint) -> SafeString:
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
            for y, words in ((COLUMN_BASE - height(step), words) for step, words in marks)
        ),
    )
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}%" height="{}"{}/>',
        (
            (across(begin + wide if mirrored else begin), COLUMN_BASE - tall, round(wide, 3), tall, paint.part)
            for begin, each in ((first + slot * at, each) for at, each in enumerate(shown))
            # A column above zero is always visible, even one of ten thousand.
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
    """Return the labels of the first, the last and a middle column, each below a small stroke."""
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
            (x, x, COLUMN_BASE, COLUMN_BASE + 6, paint.rule, across(text), COLUMN_BASE + 22, anchor, paint.soft, words)
            for at, anchor, x, text in places
            for words in [(anchor == "middle" and shown[at].short) or shown[at].label]
        ),
    )
