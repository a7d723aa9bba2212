"""A bar of the paragraphs that are agreed, in brackets and open."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plenara.outcomes.models import Agreement

register = template.Library()

#: The states in order, with their CSS classes; the figures are beside the bar in words.
_PARTS = ((Agreement.AGREED, ""), (Agreement.BRACKETED, "held"), (Agreement.OPEN, "all"))


@register.simple_tag
def agreement_bar(counts: Mapping[str, int]) -> SafeString:
    """Return a bar of all paragraphs, divided by their agreement."""
    total, at, parts = sum(counts.values()) or 1, 0.0, []
    for state, kind in _PARTS:
        width = 100 * counts.get(state, 0) / total
        if width:
            parts.append((kind, f"{at:.2f}", f"{width:.2f}"))
        at += width
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="10"/>', parts),
    )
