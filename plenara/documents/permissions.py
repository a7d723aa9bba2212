"""Permissions: writing, reviewing, approving, publishing and translating a document."""

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import has_role, may_act, may_organize, may_report, may_translate, roles_of
from plenara.consultations.queries import role_holders
from plenara.core.refusals import Answer, Denied
from plenara.documents import states
from plenara.documents.kinds import DocumentPermissions, kind_of
from plenara.documents.models import Comment, Document, Rendition


def _sees(person: Person, document: Document) -> Answer:
    return has_role(
        person, document.consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR
    ) or Denied(
        _(
            "Only people who write, translate or approve this document can see this page. Ask an "
            "organizer of the consultation for access."
        )
    )


def _reviewers(document: Document, language: str) -> set[int]:
    roles = role_holders(document.consultation_id, RoleName.RAPPORTEUR, RoleName.TRANSLATOR)
    return {person for person, code in roles if code in ("", language)}


#: For a kind without its own: people with a role in the document's consultation.
BY_ROLE = DocumentPermissions(
    sees=_sees,
    writes=lambda person, document: may_report(person, document.consultation),
    approves=lambda person, document: may_organize(person, document.consultation),
    renders=lambda person, document, language: may_translate(person, document.consultation, language),
    approvers=lambda document: {person for person, _any in role_holders(document.consultation_id, RoleName.ORGANIZER)},
    reviewers=_reviewers,
)


def _of(document: Document) -> DocumentPermissions:
    return kind_of(document.kind).permissions or BY_ROLE


def may_see(person: Person, document: Document) -> Answer:
    """On the working side: the people whom its kind names, or rapporteurs, organizers and translators of its
    consultation.
    """
    return _of(document).sees(person, document)


def may_write(person: Person | None, document: Document) -> Answer:
    """A writer whom its kind names, or a rapporteur of its consultation."""
    return _of(document).writes(person, document)


def may_see_translations(person: Person) -> Answer:
    """A person who translates, writes or approves documents in some consultation."""
    names = {RoleName.TRANSLATOR, RoleName.RAPPORTEUR, RoleName.ORGANIZER}
    return (bool(may_act(person)) and any(name in names for _where, name, _code in roles_of(person))) or Denied(
        _(
            "Only translators, rapporteurs and organizers of a consultation can see this page. Ask an "
            "organizer for a role."
        )
    )


def may_comment(person: Person, document: Document, language: str = "") -> Answer:
    """A person who writes, approves or translates it; on a translation, a translator only of that language."""
    answer = may_see(person, document)
    if not answer or not language:
        return answer
    if may_write(person, document) or has_role(person, document.consultation, RoleName.ORGANIZER):
        return True
    return may_render(person, document, language)


def may_resolve(person: Person, comment: Comment, document: Document) -> Answer:
    """A person who may change the text that it is about, an organizer, or its author."""
    is_author = comment.by_id == person.pk and may_see(person, document)
    changes = may_render(person, document, comment.language) if comment.language else may_write(person, document)
    return (
        is_author
        or changes
        or _may_decide(person, document)
        or Denied(
            _("Only the people who write this text, an organizer or the person who commented can resolve this comment.")
        )
    )


def may_send_back(person: Person, document: Document) -> Answer:
    """A person who approves it, or one who writes it."""
    return _may_decide(person, document) or may_write(person, document)


def has_written(person: Person, document: Document) -> bool:
    """Return whether a person wrote or cited in it."""
    return document.writers.filter(pk=getattr(person, "pk", None)).exists()


def _may_decide(person: Person, document: Document) -> Answer:
    """A person who approves documents of its kind, whether or not they wrote this one."""
    return _of(document).approves(person, document)


def approvers(document: Document) -> set[int]:
    """Return the ids of all who approve documents of its kind, whether or not they wrote this one."""
    return _of(document).approvers(document)


def other_organizers(person: Person, document: Document) -> bool:
    """Return whether somebody else may approve it, did not write it and is active."""
    return bool(approvers(document) - {person.pk} - set(document.writers.values_list("pk", flat=True)))


def may_approve(person: Person, document: Document) -> Answer:
    """A person who approves and did not write it; one who did, only if there is nobody else."""
    answer = _may_decide(person, document)
    if not answer:
        return answer
    if has_written(person, document) and other_organizers(person, document):
        if kind_of(document.kind).permissions:
            return Denied(_("You wrote part of this text. Someone else has to approve it."), "wrote_it")
        return Denied(
            _("You wrote part of this text. Another organizer of this consultation has to approve it."), "wrote_it"
        )
    return True


def may_publish(person: Person, document: Document) -> Answer:
    """A person who approves or writes it: it was approved before."""
    return _may_decide(person, document) or may_write(person, document)


def may_reopen(person: Person, document: Document) -> Answer:
    """A person who writes or approves it."""
    return may_write(person, document) or _may_decide(person, document)


def act_to_draft(person: Person, document: Document) -> str:
    """Return the action by which a person makes a document a draft again: "reopen", "send_back", or none."""
    acts = {"reopen": may_reopen, "send_back": may_send_back}
    return next((act for act, may in acts.items() if states.allows(document.state, act) and may(person, document)), "")


def may_render(person: Person, document: Document, language: str) -> Answer:
    """A translator into the language, or a rapporteur; not into the language it is written in."""
    if language == document.source_language:
        return Denied(
            _("The original is in this language. Translate the text into another language."), "source_language"
        )
    return _of(document).renders(person, document, language)


def other_reviewers(person: Person, document: Document, language: str) -> bool:
    """Return whether somebody else could review a rendition in this language."""
    return bool(_of(document).reviewers(document, language) - {person.pk})


def reviewer_names(person: Person, document: Document, language: str) -> list[str]:
    """Return the names of the others who may review a rendition in a language."""
    found = Person.objects.filter(pk__in=_of(document).reviewers(document, language))
    return list(found.exclude(pk=person.pk or 0).order_by("name", "pk").values_list("name", flat=True))


def may_review_rendition(person: Person, rendition: Rendition) -> Answer:
    """A person who may translate it and did not; its translator, only if there is nobody else."""
    answer = may_render(person, rendition.document, rendition.language)
    if not answer:
        return answer
    if rendition.translator_id == person.pk and other_reviewers(person, rendition.document, rendition.language):
        return Denied(
            _("You translated this text. Someone else who writes in this language has to review it."), "translated_it"
        )
    return True


def may_publish_rendition(person: Person, rendition: Rendition) -> Answer:
    """A person who may translate it, or an organizer: it was reviewed before."""
    answer = may_render(person, rendition.document, rendition.language)
    return answer or _may_decide(person, rendition.document) or answer


def may_see_glossary(person: Person, consultation: Consultation) -> Answer:
    """A person who writes, approves or translates in the consultation."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR) or Denied(
        _(
            "Only rapporteurs, organizers and translators of this consultation can see its glossary. Ask "
            "an organizer of the consultation for access."
        )
    )


def may_edit_glossary(person: Person, consultation: Consultation) -> Answer:
    """An organizer or a rapporteur: adds and deletes concepts, and writes their notes."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER) or Denied(
        _(
            "Only rapporteurs and organizers of this consultation can add a term, delete it or change "
            "its note. Ask one of them."
        )
    )


def may_change_words(person: Person, consultation: Consultation, language: str) -> Answer:
    """An organizer or a rapporteur; a translator, in their own language."""
    return (
        may_edit_glossary(person, consultation)
        or has_role(person, consultation, RoleName.TRANSLATOR, language=language)
        or Denied(_("You can change only the words of the language that you translate into."))
    )


def may_bring_memory(person: Person, consultation: Consultation, language: str) -> Answer:
    """A translator into the language, or a rapporteur."""
    return may_translate(person, consultation, language)
