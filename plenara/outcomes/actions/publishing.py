"""An outcome's way into the record: a version, with its sections, where each paragraph stands, and every trace."""

from collections.abc import Mapping
from typing import Any

from plenara.consultations.actions.common import clean_texts
from plenara.consultations.models import Consultation
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import publishing
from plenara.documents import states as document_states
from plenara.documents.models import Document, DocumentEdition, PublishedParagraph
from plenara.outcomes import checks, rules, states, tasks
from plenara.outcomes import tasks as printing
from plenara.outcomes.behind import cache_tags_to_publish
from plenara.outcomes.figures import reckoned
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import (
    Agreement,
    Outcome,
    OutcomeEdition,
    PublishedObjection,
    PublishedSection,
    PublishedStand,
    Section,
    Stage,
    Stand,
)
from plenara.outcomes.standing import standings_of
from plenara.outcomes.tracing import keep_traces
from plenara.outcomes.unanswered import left_now


@writing
def publish(
    *,
    actor: Any,
    outcome: Outcome,
    stage: str,
    why_left: Mapping[str, str] | None = None,
    is_correction: bool = False,
) -> OutcomeEdition:
    """Publish an approved outcome as a version of a stage.

    A final text that leaves contributions unanswered needs a public sentence why (`why_left`). Its body is shown with
    it where it was not before.
    """
    document = document_actions.locked(outcome.document)
    outcome = Outcome.objects.select_related("body__consultation").get(pk=outcome.pk)
    require(rules.may_publish_outcome(actor, outcome.body))
    require_valid(checks.home_is_public(outcome.body))
    document_states.after(document.state, "publish")
    why = clean_texts(why_left, clean_line)
    left = left_now(outcome).count()
    earlier = outcome.editions.filter(edition__in_force=True).first()
    require_valid(
        states.may_follow(earlier.stage if earlier else "", stage),
        checks.texts_fit("why_left", why),
        checks.left_is_explained(stage, left, why, document.source_language),
    )
    number = _number(document)
    # All cache tags in one order, after the home whose number is given: two who publish never wait for each other.
    for cache_tag in cache_tags_to_publish(outcome):
        invalidate(cache_tag, nothing_goes=True)
    edition = publishing.publish(actor=actor, document=document, number=number, is_correction=is_correction)
    version = OutcomeEdition.objects.create(
        edition=edition,
        outcome=outcome,
        stage=stage,
        draft=outcome.editions.filter(stage=Stage.DRAFT).count() + 1 if stage == Stage.DRAFT else 0,
        why_left=why if stage == Stage.FINAL and left else {},
    )
    _keep_stands(version, edition, outcome)
    keep_traces(version)
    version.figures = reckoned(version)
    version.save(update_fields=["figures"])
    if outcome.body.published_at is None:
        outcome.body.published_at = edition.published_at
        outcome.body.save(update_fields=["published_at"])
    audit.log(
        "outcome.published", actor=actor, about=outcome, consultation=document.consultation, edition=edition.pk,
        stage=stage, left=left,
    )  # fmt: skip
    printing.print_edition.using(key=f"outcome-print-{edition.pk}-0").enqueue(edition_id=edition.pk)
    tasks.tell_treated.using(key=f"outcome-treated-{edition.pk}").enqueue(edition_id=version.pk)
    return version


def _number(document: Document) -> int:
    """Return the document's number: at its first publication the next one of its consultation."""
    if document.number is not None:
        return document.number
    Consultation.objects.select_for_update(no_key=True).get(pk=document.consultation_id)
    last = DocumentEdition.objects.filter(consultation=document.consultation_id, kind=NAME).order_by("-number")
    return (last.values_list("number", flat=True).first() or 0) + 1


def _keep_stands(version: OutcomeEdition, edition: DocumentEdition, outcome: Outcome) -> None:
    sections = list(Section.objects.filter(outcome=outcome))
    copies = PublishedSection.objects.bulk_create(
        PublishedSection(edition=version, number=each.number, slug=each.slug, title=each.title, origin=each.pk)
        for each in sections
    )
    by_section = {each.pk: copy for each, copy in zip(sections, copies, strict=True)}
    paragraphs = {each.origin: each for each in PublishedParagraph.objects.filter(edition=edition)}
    standings = standings_of(outcome)
    stands = list(Stand.objects.filter(paragraph__in=paragraphs).order_by("paragraph__number"))
    published = PublishedStand.objects.bulk_create(
        PublishedStand(
            paragraph=paragraphs[each.paragraph_id],
            section=by_section[each.section_id],
            agreement=standings[each.paragraph_id].agreement,
        )
        for each in stands
    )
    PublishedObjection.objects.bulk_create(
        PublishedObjection(
            stand=copy,
            person_id=objection.member.person_id,
            name=objection.member.name,
            reason=objection.reason,
            language=edition.source_language,
        )
        for each, copy in zip(stands, published, strict=True)
        if copy.agreement == Agreement.BRACKETED
        for objection in standings[each.paragraph_id].objections
    )
