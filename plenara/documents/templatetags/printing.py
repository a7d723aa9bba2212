"""Filters for papers: words in their own language and direction."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plenara.core.languages import direction, html_code
from plenara.documents.presenters.paper import DOT, Byline, Words, goes_right_to_left, name_runs

register = template.Library()

#: Characters of a last word that may be kept on one line with its note.
MOST_END = 24


@register.filter
def tongue(words: Words) -> SafeString:
    """Return the attributes for the language of words; none if it is the paper's."""
    if not words.language:
        return mark_safe("")
    return format_html(' lang="{}" dir="{}"', html_code(words.language), direction(words.language))


@register.filter
def apart(text: str) -> SafeString:
    """Return a text with each isolated name in an element with its own direction."""
    return format_html_join(
        "", "{}", ((_name(piece) if is_name else format_html("{}", piece),) for piece, is_name in name_runs(text))
    )


@register.filter
def end(text: str) -> str:
    """Return the last word of a text, in Chinese its last character and mark: no note's number begins a line."""
    tail = text[-MOST_END:]
    return text[-2:] if ord(max(tail, default=" ")) > 0x2E80 else tail.rpartition(" ")[2]


@register.filter
def but_end(text: str) -> str:
    """Return a text without what `end` returns of it."""
    return text.removesuffix(end(text))


@register.filter
def signed(byline: Byline) -> SafeString:
    """Return a byline: each part in an element, so that none is drawn into another's direction."""
    parts = []
    for each in byline:
        html = _name(each.text) if each.is_own else apart(each.text)
        parts.append((format_html("<b>{}</b>", html) if each.is_strong else format_html("<span>{}</span>", html),))
    return format_html_join(mark_safe(f"<span>{DOT}</span>"), "{}", parts)  # noqa: S308 - our own dot


def _name(text: str) -> SafeString:
    return format_html('<span dir="{}">{}</span>', "rtl" if goes_right_to_left(text) else "ltr", text)
