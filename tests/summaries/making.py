"""Helpers that make summaries."""

import datetime
from typing import Any

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition, Paragraph
from plenara.documents.validation.words import sentences
from plenara.summaries.actions import summaries as actions
from plenara.summaries.models import Group, Grouping, Member, Summary
from tests.documents.making import WORDS_CITED, cited, fresh, reviewed, stamp, statement, translated

__all__ = [
    "WORDS_CITED",
    "actions",
    "cited",
    "fresh",
    "group_of",
    "published",
    "reviewed",
    "stamp",
    "statement",
    "summary",
    "translated",
]


def summary(actor: Any, consultation: Consultation, **more: Any) -> Summary:
    """Return a draft in English that covers everything from the opening to tomorrow."""
    known: dict[str, Any] = {
        "source_language": "en",
        "period_from": consultation.opens_at,
        "period_to": clock.now() + datetime.timedelta(days=1),
        "title": "What was said",
        **more,
    }
    return actions.create(actor=actor, consultation=consultation, **known)


def published(rapporteur: Any, organizer: Any, it: Summary, **more: Any) -> DocumentEdition:
    """Review, approve and publish a draft."""
    document_actions.submit_for_review(actor=rapporteur, document=it.document)
    document_actions.approve(actor=organizer, document=it.document)
    return actions.publish(actor=rapporteur, summary=it, **more)


def statement_of(
    actor: Any, it: Summary, edition: Any, text: str = "Documents come too late.", **more: Any
) -> Paragraph:
    """Return a statement of a summary that cites an edition."""
    made = statement(actor, it.document, text, **more)
    cited(actor, made, edition)
    return made


def group_of(it: Summary, editions: Any, **more: Any) -> Group:
    """Return a group as the machine makes it: the first sentence of each edition, and no ungrouped ones."""
    grouping, _made = Grouping.objects.get_or_create(
        summary=it, defaults={"made_at": clock.now(), "run": 1, "done": len(editions), "wanted": len(editions)}
    )
    Group.objects.get_or_create(grouping=grouping, is_rest=True, defaults={"number": 99})
    number = 1 + grouping.groups.filter(is_rest=False).count()
    group = Group.objects.create(grouping=grouping, number=number, **more)
    Member.objects.bulk_create(
        Member(group=group, edition=each, place=1, words=sentences(each.text.content)[0], rank=rank)
        for rank, each in enumerate(editions, 1)
    )
    return group
