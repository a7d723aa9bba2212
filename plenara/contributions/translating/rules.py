"""Who may: translations of contributions."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import RoleName
from plenara.consultations.rules import has_role, may_moderate, may_organize
from plenara.contributions.translating.finding import Original
from plenara.core.refusals import Answer, No


def may_see_original(person: Any, original: Original) -> Answer:
    """What waits: who moderates. What is published: everybody who works in the consultation."""
    if not original.is_published:
        return may_moderate(person, original.consultation)
    return has_role(person, original.consultation, *RoleName.values) or No(
        _("Only those who work in this consultation can do this.")
    )


def may_translate_original(person: Any, original: Original, language: str) -> Answer:
    """What waits: who moderates. What is published: also rapporteurs, and translators into the language."""
    if original.source == language:
        return No(_("This is the language it is written in."), "source_language")
    answer = may_moderate(person, original.consultation)
    if answer or not original.is_published:
        return answer
    return (
        has_role(person, original.consultation, RoleName.RAPPORTEUR)
        or has_role(person, original.consultation, RoleName.TRANSLATOR, language=language)
        or No(_("Only a translator into this language can do this."))
    )


def may_show_machine_translations(person: Any, consultation: Any) -> Answer:
    """An organizer: nothing that a machine made reaches readers before somebody has decided that it may."""
    return may_organize(person, consultation)
