"""The review of a document: submitting it, comments, sending it back, approving, reopening."""

from plenara.accounts.models import Person
from plenara.consultations.models import RoleName
from plenara.consultations.queries import role_holders
from plenara.core import clock
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.documents import permissions, states
from plenara.documents.actions.changes import lock_document, log
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.emails import enqueue_about_review, review_emails
from plenara.documents.kinds import kind_of
from plenara.documents.models import Comment, Document, Paragraph, State
from plenara.documents.validation import contents
from plenara.documents.validation.publication import passes_publication_checks


@writing
def comment(
    *,
    actor: Person,
    document: Document,
    paragraph: Paragraph | None,
    text: str,
    key: str | None = None,
    language: str = "",
) -> Comment:
    """Add a comment on a paragraph, or on the whole document; with a language, on its translation.

    `key` names the form: sent twice, it adds once.
    """
    document = lock_document(document)
    require(permissions.may_comment(actor, document, language))
    if not language:
        states.after(document.state, "comment")
    if key and (earlier := Comment.objects.filter(key=key, document=document).first()):
        return earlier
    text = clean(text)
    require_valid(contents.says_something(text, "comment"), contents.paragraph_of(paragraph, document))
    made = Comment.objects.create(
        document=document,
        paragraph=paragraph,
        number=paragraph.number if paragraph else 0,
        language=language,
        text=text,
        by=actor,
        key=key,
    )
    log("document.commented", actor, document, comment=made.pk, language=language)
    return made


@writing
def resolve(*, actor: Person, comment: Comment, answer: str = "") -> Comment:
    """Resolve a comment, with or without an answer. A second time changes nothing."""
    document = lock_document(comment.document)
    comment = Comment.objects.get(pk=comment.pk)
    require(permissions.may_resolve(actor, comment, document))
    if comment.resolved_at is not None:
        return comment
    answer = clean(answer)
    require_valid(not answer or contents.says_something(answer, "answer"))
    comment.resolved_by, comment.resolved_at, comment.answer = actor, clock.now(), answer
    comment.save(update_fields=["resolved_by", "resolved_at", "answer"])
    log("document.comment_resolved", actor, document, comment=comment.pk, language=comment.language)
    return comment


@writing
def submit_for_review(*, actor: Person, document: Document) -> Document:
    """Submit a document for review. The people who may approve it get an e-mail: if possible, only those who did not
    write it.
    """
    document = lock_document(document)
    require(permissions.may_write(actor, document))
    _lead(document, "submit_for_review", actor, note="")
    if emails := review_emails.get(document.kind):
        everybody = permissions.approvers(document) - (set() if emails.to_submitter else {actor.pk})
        writers = set(document.writers.values_list("pk", flat=True))
        for person in sorted(everybody - writers or everybody):
            enqueue_about_review(document, emails.approval, person)
    return document


@writing
def send_back(*, actor: Person, document: Document, note: str = "") -> Document:
    """Send a document back to its writers, who get an e-mail with the note."""
    document = lock_document(document)
    require(permissions.may_send_back(actor, document))
    note = clean(note)
    require_valid(not note or contents.says_something(note))
    _lead(document, "send_back", actor, note=note, approved_by=None, approved_at=None, self_approved=False)
    if emails := review_emails.get(document.kind):
        for person in document.writers.exclude(pk=actor.pk).order_by("pk").values_list("pk", flat=True):
            enqueue_about_review(document, emails.sent_back, person)
    return document


@writing
def approve(*, actor: Person, document: Document) -> Document:
    """Approve a document. The translators whose language is not ready get an e-mail.

    Refused while a publication check finds an error or a comment is open.
    """
    document = lock_document(document)
    require(permissions.may_approve(actor, document))
    states.after(document.state, "approve")
    require_valid(contents.comments_settled(document), passes_publication_checks(document))
    written = permissions.has_written(actor, document)
    _lead(document, "approve", actor, approved_by=actor, approved_at=clock.now(), self_approved=written)
    if approved := kind_of(document.kind).approved:
        approved(document)
    if emails := review_emails.get(document.kind):
        waiting = {each.code for each in rendition_statuses(document) if not each.is_source and not each.is_ready}
        for person, language in role_holders(document.consultation_id, RoleName.TRANSLATOR):
            if language in waiting:
                enqueue_about_review(document, emails.rendition, person, language=language)
    return document


@writing
def reopen(*, actor: Person, document: Document) -> Document:
    """Reopen a published document for changes. The edition in force stays until another is published."""
    document = lock_document(document)
    require(permissions.may_reopen(actor, document))
    _lead(document, "reopen", actor, note="", approved_by=None, approved_at=None, self_approved=False)
    return document


_VERBS = {
    "submit_for_review": "document.submitted",
    "send_back": "document.sent_back",
    "approve": "document.approved",
    "reopen": "document.reopened",
}


def _lead(document: Document, act: str, actor: Person, **changes: object) -> None:
    """Move a document to its next state and add an audit entry."""
    document.state = State(states.after(document.state, act))
    for name, value in changes.items():
        setattr(document, name, value)
    document.save(update_fields=["state", *changes])
    log(_VERBS[act], actor, document)
