"""Figures drawn on the server: horizontal bars, label at the start, number at the end. A table stands beside each.

Inside a page a figure takes the page's fonts and colours; as a file of its own it brings them along. Widths are shares
of the whole, so that the letters keep their size on a telephone. Attributes alone, never styles: the content security
policy refuses those.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Height of a row, of its bar, and where the letters stand in it.
ROW, BAR, BASE = 28, 10, 18
#: Where the bars begin and how far they reach, in hundredths of the width.
FIRST, WIDTH = 36, 42
#: The colours of a figure that stands alone: ink, the whole, the part (plenara.css has them as tokens).
INK, WHOLE, PART = "#1c1b18", "#bdd3cb", "#00594a"


class Bar(NamedTuple):
    """One row: what it is of, the whole, the part of it that is dark, and the number as it is read."""

    label: str
    whole: float
    part: float
    value: str


def bars(rows: Sequence[Bar], *, title: str, direction: str = "ltr") -> SafeString:
    """Return a figure for a page. Screen readers hear its title; the numbers are in the table."""
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}" direction="{}">{}</svg>',
        len(rows) * ROW,
        title,
        direction,
        _rows(rows, direction),
    )


def alone(rows: Sequence[Bar], *, title: str, legend: str, language: str, direction: str = "ltr") -> SafeString:
    """Return a figure as a file of its own, with its title and what its colours mean."""
    drawing = _rows(rows, direction, f' fill="{WHOLE}"', f' fill="{PART}"')
    return framed(drawing, height=len(rows) * ROW, title=title, legend=legend, language=language, direction=direction)


def framed(
    drawing: SafeString, *, height: int, title: str, legend: str, language: str, direction: str = "ltr"
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
        legend,
        height,
        drawing,
    )


def _rows(rows: Sequence[Bar], direction: str, whole: str = ' class="all"', part: str = "") -> SafeString:
    most = max((row.whole for row in rows), default=0)
    mirrored = direction == "rtl"
    start, end = ("100%", "0") if mirrored else ("0", "100%")

    def drawn(amount: float, y: int, attributes: str) -> SafeString:
        width = round(WIDTH * min(max(amount / most, 0), 1), 1) if most else 0
        x = round(100 - FIRST - width, 1) if mirrored else FIRST
        return format_html('<rect x="{}%" y="{}" width="{}%" height="{}"{}/>', x, y, width, BAR, SafeString(attributes))

    return format_html_join(
        "",
        # The space and the line are for browsers that know text alone.
        '<text x="{}" y="{}">{}</text> {}{}<text x="{}" y="{}" text-anchor="end">{}</text>\n',
        (
            (
                start,
                at * ROW + BASE,
                row.label,
                drawn(row.whole, at * ROW + BASE - BAR, whole),
                drawn(row.part, at * ROW + BASE - BAR, part),
                end,
                at * ROW + BASE,
                row.value,
            )
            for at, row in enumerate(rows)
        ),
    )
