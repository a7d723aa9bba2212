"""Figures drawn on the server: horizontal bars on an axis, with a table beside each.

Inside a page a figure takes the page's fonts and colours; as a file of its own it brings them along. Widths are shares
of the whole, so that the letters keep their size on a telephone. Attributes alone, never styles: the content security
policy refuses those.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plenara.core.templatetags.plenara import number

#: Height of a row, of its bar, and where the letters stand in it.
ROW, BAR, BASE = 28, 10, 18
#: Height of a line of the legend, and of the axis with its numbers and its name.
LEGEND, AXIS = 24, 44
#: Where the bars begin and how far they reach, in hundredths of the width.
FIRST, WIDTH = 36, 42
#: Steps of an axis, at most.
MOST_STEPS = 4
#: The ink of a figure that stands alone (plenara.css has it as a token).
INK = "#1c1b18"


class Paint(NamedTuple):
    """The attributes that colour the parts of a figure: the whole, the part of it, lines, and what is said softly."""

    whole: SafeString
    part: SafeString
    rule: SafeString
    soft: SafeString


ON_PAGE = Paint(SafeString(' class="all"'), SafeString(""), SafeString(""), SafeString(' class="soft"'))
#: The colours of the light page, for a figure that stands alone.
ALONE = Paint(
    SafeString(' fill="#bdd3cb"'),
    SafeString(' fill="#00594a"'),
    SafeString(' stroke="#d8d4c9"'),
    SafeString(' fill="#55524a"'),
)


class Bar(NamedTuple):
    """One row: what it is of, the whole, the part of it that is dark, and the number as it is read."""

    label: str
    whole: float
    part: float
    value: str


class Legend(NamedTuple):
    """What the dark part of each bar is, and what the whole."""

    part: str
    whole: str


def steps(most: float) -> list[int]:
    """Return where an axis up to `most` has its numbers: 0, and then whole round steps, none beyond `most`."""
    if most < 1:
        return [0]
    rough = most / MOST_STEPS
    power = 10 ** math.floor(math.log10(rough)) if rough > 1 else 1
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
    return list(range(0, math.floor(most) + 1, step))


def bars(
    rows: Sequence[Bar], *, title: str, axis: str = "", legend: Legend | None = None, direction: str = "ltr"
) -> SafeString:
    """Return a figure for a page. Screen readers hear its title; the numbers are in the table."""
    drawing, height = _drawn(rows, axis, legend, direction, ON_PAGE)
    return on_page(drawing, height=height, title=title, direction=direction)


def on_page(drawing: SafeString, *, height: int, title: str, direction: str) -> SafeString:
    """Return a drawing so high as a figure of a page."""
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
    """Return a figure as a file of its own, with its title and below that what it shows."""
    drawing, height = _drawn(rows, axis, legend, direction, ALONE)
    return framed(drawing, height=height, title=title, below=below, language=language, direction=direction)


def framed(
    drawing: SafeString, *, height: int, title: str, below: str, language: str, direction: str = "ltr"
) -> SafeString:
    """Return a drawing so high as a file of its own, below its title and what it shows."""
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
        # The space and the line are for browsers that know text alone.
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
