"""What the pages and e-mails of summaries ask for."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from plenara.contributions.models import Channel
from plenara.core.text import excerpt, plain
from plenara.core.vocabulary import StakeholderGroup

register = template.Library()


@register.filter
def at(found: Mapping[int, Any], key: int) -> Any:
    """Return what is found under a key; nothing where nothing is."""
    return found.get(key) if found else None


@register.filter
def group_word(group: str) -> str:
    """Return the word for a bead, for those who do not see its shape."""
    return str(StakeholderGroup(group).label) if group in StakeholderGroup.values else _("no longer shown")


@register.filter
def opening(text: str) -> str:
    """Return how a contribution begins, in one line, without its marks."""
    return excerpt(" ".join(plain(text[:1200]).split()), 160)[0]


@register.filter
def channel_name(code: str) -> str:
    """Return how contributions reached us, in words."""
    return str(Channel(code).label) if code in Channel.values else code
