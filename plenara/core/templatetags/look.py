"""Small drawings and parts of forms for the templates (docs/pattern-book.md shows each in use).

Drawings are SVG with attributes, never styles: the content security policy refuses those. They are hidden from screen
readers, because the same numbers are always beside them as text.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plenara.core import metadata

register = template.Library()

#: From this number of sections on, the page lists them.
FEWEST_SECTIONS = 3
_SECTION = re.compile(r'<h2(?! class="hidden")[^>]*? id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")

#: Ticks in one row, and the most ticks before a bar is clearer.
TICKS_A_ROW = 50
MOST_TICKS = 600


@register.simple_block_tag
def side(content: str) -> str:
    """Return the side column around a page's `aside` block; nothing if the block is empty."""
    return side_of(content.strip())


def side_of(inner: str) -> str:
    """Return the side column around HTML."""
    return format_html('<aside class="side">{}</aside>', mark_safe(inner)) if inner else ""  # noqa: S308 - a template's own


@register.simple_block_tag(takes_context=True)
def outlined(context: Context, content: str) -> str:
    """Return a page's text and side column; the column lists the sections of a public page with several."""
    text, end, beside = content.partition("</main>")
    sections = [(name, mark_safe(_LINK.sub("", words))) for name, words in _SECTION.findall(text)]  # noqa: S308 - our HTML
    if len(sections) < FEWEST_SECTIONS or (context.get("person") and not context.get("is_preview")):
        return mark_safe(content)  # noqa: S308
    outline = format_html(
        '<nav class="outline contents no-print" aria-labelledby="outline"><h2 id="outline">{}</h2><ul>{}</ul></nav>',
        _("On this page"),
        format_html_join("", '<li><a href="#{}">{}</a></li>', sections),
    )
    beside = beside.replace("</aside>", f"{outline}</aside>") if "</aside>" in beside else side_of(outline)
    return mark_safe(f"{text}{end}{beside}")  # noqa: S308


@register.simple_tag
def bar(most: float, all_of_it: float, part: float | None = None) -> SafeString:
    """Return a bar as long as `all_of_it` is of `most`; with `part`, pale and dark up to it."""
    whole = _percent(all_of_it, most)
    dark = whole if part is None else _percent(part, most)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}'
        '<rect width="{}" height="10"/></svg>',
        "" if part is None else format_html('<rect class="all" width="{}" height="10"/>', whole),
        dark,
    )


@register.simple_tag
def frame_html(path: str, title: object) -> SafeString:
    """Return the code by which another site shows the page at `path` in a frame, as text to copy."""
    return escape(metadata.frame_html(f"{settings.SITE_URL}{path}", str(title)))


@register.simple_tag
def age(hours: float, promise: float) -> SafeString:
    """Return the elapsed part of the promised time, as a thin bar that changes its colour past half."""
    elapsed = _percent(hours, promise)
    return format_html(
        '<svg class="age{}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="4"/></svg>',
        " late" if elapsed > 50 else "",
        elapsed,
    )


@register.simple_tag
def ticks(cited: Iterable[bool]) -> SafeString:
    """Return a row of ticks, one for each contribution: filled if it is cited, hollow if not."""
    flags = [bool(each) for each in cited]
    if not flags:
        return mark_safe("")
    if len(flags) > MOST_TICKS:
        return bar(len(flags), len(flags), sum(flags))
    columns = min(TICKS_A_ROW, max(len(flags), 40))
    filled, hollow = [], []
    for place, is_cited in enumerate(flags):
        x, y = place % columns * 8, place // columns * 24
        if is_cited:
            filled.append(f"M{x} {y}h5v18h-5z")
        else:
            hollow.append(f"M{x}.5 {y}.5h4v17h-4z")
    rows = -(-len(flags) // columns)
    return format_html(
        '<svg class="ticks" viewBox="0 0 {} {}" aria-hidden="true"><path d="{}"/>{}</svg>',
        columns * 8 - 3,
        rows * 24 - 6,
        "".join(filled),
        format_html('<path class="off" d="{}"/>', "".join(hollow)) if hollow else "",
    )


class Problem(NamedTuple):
    """One error of a form, and its field."""

    text: str
    anchor: str


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id that a link to a field points to: for a group of choices, the first one's."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label or field.auto_id)


@register.filter
def choice_hint(field: BoundField, value: object) -> str:
    """Return the hint below a choice's label: from the widget's `hints`, by the choice's value."""
    return getattr(field.field.widget, "hints", {}).get(str(value), "")


@register.simple_tag(takes_context=True)
def problems(context: Context) -> list[Problem]:
    """Return the errors of the `form`, or the `forms`, of the context, in the order of the fields."""
    forms: Sequence[BaseForm] = context.get("forms") or ([context["form"]] if context.get("form") else [])
    found = []
    for form in forms:
        if not form.is_bound:
            continue
        found += [Problem(str(error), "") for error in form.non_field_errors()]
        for field in form:
            found += [Problem(str(error), anchor(field)) for error in field.errors]
    return found


def _percent(part: float, whole: float) -> float:
    """Return a share of a whole between 0 and 100, to a tenth; 0 if the whole is 0."""
    return round(min(max(part / whole, 0), 1) * 100, 1) if whole else 0
