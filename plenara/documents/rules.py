"""Who may: writing, reviewing, approving, publishing a document, and rendering it in other languages."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.common.refusals import Answer, No
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.rules import has_role, may_organize, may_report, may_translate
from plenara.documents.models import Comment, Document, Rendition


def may_see(person: Any, document: Document) -> Answer:
    """On the working side: rapporteurs, organizers and translators of its consultation."""
    return has_role(person, document.consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR) or No(
        _("Only those who write, translate or approve it can see this.")
    )


def may_write(person: Any, document: Document) -> Answer:
    """A rapporteur of its consultation."""
    return may_report(person, document.consultation)


def may_comment(person: Any, document: Document, language: str = "") -> Answer:
    """Who writes, approves or translates it; on a translation, a translator only of that language."""
    answer = may_see(person, document)
    if not answer or not language:
        return answer
    if has_role(person, document.consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER):
        return True
    return may_render(person, document, language)


def may_resolve(person: Any, comment: Comment, document: Document) -> Answer:
    """Who may change what it is about, an organizer, or whoever made it."""
    mine = comment.by_id == person.pk and may_see(person, document)
    changes = may_render(person, document, comment.language) if comment.language else may_write(person, document)
    return (
        mine
        or changes
        or may_organize(person, document.consultation)
        or No(_("Whoever writes this, an organizer, or whoever made the comment resolves it."))
    )


def may_send_back(person: Any, document: Document) -> Answer:
    """An organizer, who found something; or a rapporteur, who did."""
    return may_organize(person, document.consultation) or may_report(person, document.consultation)


def has_written(person: Any, document: Document) -> bool:
    """Say whether a person wrote or cited in it."""
    return document.writers.filter(pk=getattr(person, "pk", None)).exists()


def other_organizers(person: Any, document: Document) -> bool:
    """Say whether there is another organizer who did not write it and can act."""
    roles = Role.objects.filter(
        consultation_id=document.consultation_id,
        name=RoleName.ORGANIZER,
        person__is_active=True,
        person__suspended_at=None,
    )
    return roles.exclude(person_id=person.pk or 0).exclude(person__in=document.writers.all()).exists()


def is_self_approval(person: Any, document: Document) -> bool:
    """Say whether an approval by this person would be of what they wrote themselves."""
    return has_written(person, document)


def may_approve(person: Any, document: Document) -> Answer:
    """An organizer who did not write it; one who did, only where there is no other."""
    answer = may_organize(person, document.consultation)
    if not answer:
        return answer
    if has_written(person, document) and other_organizers(person, document):
        return No(_("You wrote in it. Another organizer of this consultation approves it."), "wrote_it")
    return True


def may_publish(person: Any, document: Document) -> Answer:
    """An organizer, or a rapporteur: it was approved before."""
    return may_organize(person, document.consultation) or may_report(person, document.consultation)


def may_reopen(person: Any, document: Document) -> Answer:
    """A rapporteur, to mend what is published; or an organizer, who asks for it."""
    return may_report(person, document.consultation) or may_organize(person, document.consultation)


def may_render(person: Any, document: Document, language: str) -> Answer:
    """A translator into the language, or a rapporteur; not into the language it is written in."""
    if language == document.source_language:
        return No(_("This is the language it is written in."), "source_language")
    return may_translate(person, document.consultation, language)


def other_reviewers(person: Any, document: Document, language: str) -> bool:
    """Say whether somebody else could review a rendition in this language."""
    roles = Role.objects.filter(
        consultation_id=document.consultation_id, person__is_active=True, person__suspended_at=None
    ).exclude(person_id=person.pk or 0)
    return (
        roles.filter(name=RoleName.RAPPORTEUR).exists()
        or roles.filter(name=RoleName.TRANSLATOR, language=language).exists()
    )


def may_review_rendition(person: Any, rendition: Rendition) -> Answer:
    """Whoever may render it and did not; the translator, only where there is nobody else."""
    answer = may_render(person, rendition.document, rendition.language)
    if not answer:
        return answer
    if rendition.translator_id == person.pk and other_reviewers(person, rendition.document, rendition.language):
        return No(_("You translated it. Somebody else who writes in this language reviews it."), "translated_it")
    return True


def may_publish_rendition(person: Any, rendition: Rendition) -> Answer:
    """Whoever may render it, or an organizer: it was reviewed before."""
    answer = may_render(person, rendition.document, rendition.language)
    return answer or may_organize(person, rendition.document.consultation) or answer


def may_see_glossary(person: Any, consultation: Consultation) -> Answer:
    """Whoever writes, approves or translates in the consultation."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR) or No(
        _("Only rapporteurs, organizers and translators of this consultation can see its glossary.")
    )


def may_keep_glossary(person: Any, consultation: Consultation) -> Answer:
    """An organizer or a rapporteur: adds and deletes concepts, and writes their notes."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER) or No(
        _("Only rapporteurs and organizers of this consultation can add a term, delete it or change its note.")
    )


def may_change_words(person: Any, consultation: Consultation, language: str) -> Answer:
    """An organizer or a rapporteur; a translator, in their own language."""
    return (
        may_keep_glossary(person, consultation)
        or has_role(person, consultation, RoleName.TRANSLATOR, language=language)
        or No(_("You can change the words of the language that you translate into, and no others."))
    )


def may_bring_memory(person: Any, consultation: Consultation, language: str) -> Answer:
    """A translator into the language, or a rapporteur, as with what the memory is for."""
    return may_translate(person, consultation, language)
