"""Tags for the pages and e-mails of summaries."""

from collections.abc import Mapping

from django import template

from plenara.contributions.models import Channel
from plenara.core.text import excerpt, plain

register = template.Library()


@register.filter
def at(found: Mapping[int, object], key: int) -> object:
    """Return the value of a key; None if missing."""
    return found.get(key) if found else None


@register.filter
def opening(text: str) -> str:
    """Return the beginning of a contribution, in one line, without Markdown."""
    return excerpt(" ".join(plain(text[:1200]).split()), 160)[0]


@register.filter
def channel_name(code: str) -> str:
    """Return the name of a channel."""
    return str(Channel(code).label) if code in Channel.values else code
