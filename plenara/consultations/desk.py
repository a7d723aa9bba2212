"""The pages of one consultation at the desk. Packages above add theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plenara.consultations import rules
from plenara.consultations.models import Consultation
from plenara.core.refusals import Answer


@dataclass(frozen=True)
class Section:
    """One page of a consultation's desk: its address takes the slug."""

    label: Any
    url_name: str
    rule: Callable[[Any, Consultation], Answer]


#: The pages that the community has too: it asks no questions, opens and closes nothing.
OF_COMMUNITY = frozenset({"desk_consultation", "desk_roles", "moderation:settings"})
_sections = [
    Section(_("Overview"), "desk_consultation", rules.may_work_in),
    Section(_("Details"), "desk_edit", rules.may_organize),
    Section(_("Questions"), "desk_threads", rules.may_organize),
    Section(_("Translations"), "desk_texts", rules.may_see_texts),
    Section(_("Roles"), "desk_roles", rules.may_organize),
    Section(_("State"), "desk_state", rules.may_organize),
]


def add_section(label: Any, url_name: str, rule: Callable[[Any, Consultation], Answer]) -> None:
    """Let a package above show its page beside these."""
    section = Section(label, url_name, rule)
    if all(other.url_name != url_name for other in _sections):
        _sections.append(section)


def sections(person: Any, consultation: Consultation, current: str) -> list[dict[str, Any]]:
    """Return the pages of a consultation's desk that a person may open, for `consultations/desk/subnav.html`."""
    return [
        {
            "text": section.label,
            "url": reverse(section.url_name, args=[consultation.slug]),
            "current": section.url_name == current,
        }
        for section in _sections
        if (not consultation.is_community or section.url_name in OF_COMMUNITY) and section.rule(person, consultation)
    ]
