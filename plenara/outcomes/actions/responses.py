"""Actions on an outcome's citations of contributions and statements, each with a response and a reason."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.contributions.models import Edition
from plenara.core.refusals import ActionRefused, require_valid
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents.actions import changes
from plenara.documents.actions.changes import lock_draft, source_changed
from plenara.documents.models import Citation, Document, Paragraph, PublishedParagraph, Reason, Reference
from plenara.documents.validation.contents import may_cite
from plenara.outcomes.kind import scope
from plenara.outcomes.validation import contents

#: Contributions that one action can answer.
MOST_AT_ONCE = 200


@writing
def respond(
    *, actor: Person, paragraph: Paragraph, edition: Edition, response: str, reason: str, words: str = ""
) -> Citation:
    """Cite a contribution, or words of it, in a paragraph, with a response and a reason.

    The same words a second time change the response and the reason.
    """
    citation = document_actions.cite(actor=actor, paragraph=paragraph, edition=edition, words=words)
    require_valid(contents.known_response(response), contents.reason_given(clean_line(reason)))
    document = citation.paragraph.document
    citation.response, citation.reason = response, _reason(document, reason, actor)
    citation.save(update_fields=["response", "reason"])
    changes.log("outcome.responded", actor, document, paragraph=paragraph.pk, response=response, edition=edition.pk)
    return citation


@writing
def respond_to_many(
    *, actor: Person, paragraph: Paragraph, editions: Iterable[Edition], response: str, reason: str
) -> list[Citation]:
    """Cite several whole contributions with one response and reason, such as a group of comments."""
    chosen = list(editions)
    require_valid(contents.few_enough(len(chosen), MOST_AT_ONCE))
    return [
        respond(actor=actor, paragraph=paragraph, edition=each, response=response, reason=reason) for each in chosen
    ]


@writing
def refer(
    *, actor: Person, paragraph: Paragraph, statement: PublishedParagraph, response: str, reason: str
) -> Reference:
    """Cite a statement of a summary, or a paragraph of another outcome, with a response and a reason.

    The response applies to the contributions that the statement cites.
    """
    document = lock_draft(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    statement = PublishedParagraph.objects.select_related("edition").get(pk=statement.pk)
    require_valid(
        may_cite(paragraph),
        contents.may_be_referred_to(statement, paragraph, scope(document)),
        contents.known_response(response),
        contents.reason_given(clean_line(reason)),
    )
    last = paragraph.references.order_by("-position").values_list("position", flat=True).first() or 0
    found, _made = Reference.objects.update_or_create(
        paragraph=paragraph,
        statement=statement,
        defaults={"response": response, "reason": _reason(document, reason, actor)},
        create_defaults={
            "response": response,
            "reason": _reason(document, reason, actor),
            "position": last + 1,
            "cited_by": actor,
        },
    )
    changes.log("outcome.responded", actor, document, paragraph=paragraph.pk, response=response, statement=statement.pk)
    return found


@writing
def refer_many(
    *, actor: Person, paragraph: Paragraph, statements: Iterable[PublishedParagraph], response: str, reason: str
) -> list[Reference]:
    """Cite several statements with one response and reason."""
    chosen = list(statements)
    require_valid(contents.few_enough(len(chosen), MOST_AT_ONCE))
    return [
        refer(actor=actor, paragraph=paragraph, statement=each, response=response, reason=reason) for each in chosen
    ]


@writing
def change_response(*, actor: Person, given: Citation | Reference, response: str, reason: str, was: str) -> None:
    """Change the response to a citation, or its reason.

    `was` is the `response_stamp` that the form was opened on; raises `ChangedMeanwhile` when it has changed.
    """
    document = lock_draft(actor, given.paragraph.document)
    present = type(given).objects.select_related("reason", "paragraph").filter(pk=given.pk).first()
    if present is None:
        raise ActionRefused(_("Someone else has removed this citation. You can add it again."), "gone")
    reason = clean_line(reason)
    require_valid(contents.known_response(response), contents.reason_given(reason))
    if (response, reason) == (present.response, present.reason.text if present.reason else ""):
        return
    if was != response_stamp(present):
        raise document_actions.ChangedMeanwhile(None, "reason")
    present.response, present.reason = response, _reason(document, reason, actor)
    present.save(update_fields=["response", "reason"])
    what = {"edition": present.edition_id} if isinstance(present, Citation) else {"statement": present.statement_id}
    changes.log("outcome.responded", actor, document, paragraph=present.paragraph.pk, response=response, **what)


def response_stamp(given: Citation | Reference) -> str:
    """Return the stamp that a form carries, to detect that a response or its reason changed after it was opened."""
    return digest(f"{given.response}\n{given.reason.text if given.reason else ''}")[:20]


@writing
def take_back(*, actor: Person, reference: Reference) -> None:
    """Remove the link to a statement. If it was already removed, do nothing."""
    document = lock_draft(actor, reference.paragraph.document)
    gone, _kinds = Reference.objects.filter(pk=reference.pk).delete()
    if gone:
        changes.log(
            "outcome.reference_taken_back",
            actor,
            document,
            paragraph=reference.paragraph_id,
            statement=reference.statement_id,
        )


def _reason(document: Document, text: str, actor: Person) -> Reason:
    """Return the reason with these words, shared by all responses that have it, so that it is translated once."""
    text = clean_line(text)
    found, made = Reason.objects.get_or_create(
        document=document, digest=digest(text), defaults={"text": text, "made_by": actor}
    )
    if made:
        source_changed(document)  # reviewed renditions now lack one text of their source
    return found
