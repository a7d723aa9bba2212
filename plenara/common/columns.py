"""A row of columns drawn on the server: how much there was, day by day. A table stands beside each.

As in `common/figures.py`: widths are shares of the whole, so that the letters keep their size on a telephone; time runs
in the direction in which the page is read.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plenara.common.figures import PART, framed

#: From the top: the line of the largest number, the tallest column, the base line, the labels below it.
TOP, TALL, BASE, HEIGHT = 18, 120, 142, 164


class Column(NamedTuple):
    """One column: what it is of, and how much."""

    label: str
    value: int


def columns(shown: Sequence[Column], *, title: str, most: str, direction: str = "ltr") -> SafeString:
    """Return a drawing for a page; `most` is the largest number as it is read. Screen readers hear the title."""
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}" direction="{}">{}</svg>',
        HEIGHT,
        title,
        direction,
        _drawn(shown, most, direction),
    )


def columns_alone(
    shown: Sequence[Column], *, title: str, legend: str, most: str, language: str, direction: str = "ltr"
) -> SafeString:
    """Return the drawing as a file of its own, with its title and what it shows."""
    drawing = _drawn(shown, most, direction, SafeString(f' fill="{PART}"'))
    return framed(drawing, height=HEIGHT, title=title, legend=legend, language=language, direction=direction)


def _drawn(
    shown: Sequence[Column],
    most: str,
    direction: str,
    fill: SafeString = SafeString(""),  # noqa: B008 - never changed
) -> SafeString:
    mirrored = direction == "rtl"
    start, end = ("100%", "0") if mirrored else ("0", "100%")
    largest = max((each.value for each in shown), default=0)
    slot = 100 / max(len(shown), 1)
    wide = round(min(slot * 0.8, 6), 3)

    def rectangles() -> SafeString:
        return format_html_join(
            "",
            '<rect x="{}%" y="{}" width="{}%" height="{}"{}/>',
            (
                (round(100 - slot * (at + 1) if mirrored else slot * at, 3), BASE - tall, wide, tall, fill)
                for at, each in enumerate(shown)
                # Whatever there was is seen, be it one of ten thousand.
                if each.value and largest and (tall := max(round(TALL * each.value / largest, 1), 1))
            ),
        )

    last = shown[-1].label if len(shown) > 1 else ""
    return format_html(
        '<text x="{}" y="{}">{}</text> {}<rect x="0" y="{}" width="100%" height="1"{}/>\n'
        '<text x="{}" y="{}">{}</text> <text x="{}" y="{}" text-anchor="end">{}</text>\n',
        start,
        TOP - 4,
        most,
        rectangles(),
        BASE,
        fill,
        start,
        HEIGHT - 4,
        shown[0].label if shown else "",
        end,
        HEIGHT - 4,
        last,
    )
