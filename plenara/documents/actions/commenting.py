"""What reviewers say of a document, and that it is settled, one by one."""

from typing import Any

from plenara.core import audit, clock
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.documents import checks, rules, states
from plenara.documents.actions.present import locked
from plenara.documents.models import Comment, Document, Paragraph


@writing
def comment(
    *,
    actor: Any,
    document: Document,
    paragraph: Paragraph | None,
    text: str,
    key: str | None = None,
    language: str = "",
) -> Comment:
    """Say something of a paragraph, or of the whole; of its translation where a language is given.

    `key` names the form: sent twice, it is taken once.
    """
    document = locked(document)
    require(rules.may_comment(actor, document, language))
    if not language:
        states.after(document.state, "comment")
    if key and (earlier := Comment.objects.filter(key=key, document=document).first()):
        return earlier
    text = clean(text)
    require_valid(checks.says_something(text, "comment"), checks.paragraph_of(paragraph, document))
    made = Comment.objects.create(
        document=document,
        paragraph=paragraph,
        number=paragraph.number if paragraph else 0,
        language=language,
        text=text,
        by=actor,
        key=key,
    )
    audit.log(
        "document.commented", actor=actor, about=document, consultation=document.consultation,
        comment=made.pk, language=language,
    )  # fmt: skip
    return made


@writing
def resolve(*, actor: Any, comment: Comment, answer: str = "") -> Comment:
    """Say that a comment is settled, perhaps with an answer. A second time changes nothing."""
    document = locked(comment.document)
    comment = Comment.objects.get(pk=comment.pk)
    require(rules.may_resolve(actor, comment, document))
    if comment.resolved_at is not None:
        return comment
    answer = clean(answer)
    require_valid(not answer or checks.says_something(answer, "answer"))
    comment.resolved_by, comment.resolved_at, comment.answer = actor, clock.now(), answer
    comment.save(update_fields=["resolved_by", "resolved_at", "answer"])
    audit.log(
        "document.comment_resolved", actor=actor, about=document, consultation=document.consultation,
        comment=comment.pk, language=comment.language,
    )  # fmt: skip
    return comment
