"""Publication: publish a version with its traces, open it for comment."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched

from plenara.accounts.models import Person
from plenara.consultations.actions.announcement import announce_child
from plenara.consultations.actions.lifecycle import clean_texts
from plenara.consultations.models import Consultation
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import states as document_states
from plenara.documents.actions import publication
from plenara.documents.models import (
    Document,
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedReference,
)
from plenara.outcomes import emails, permissions, states, tasks
from plenara.outcomes.actions.bodies import invalidate_body
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import (
    Agreement,
    Opening,
    Outcome,
    OutcomeEdition,
    OutcomeParagraph,
    PublishedObjection,
    PublishedOutcomeParagraph,
    PublishedSection,
    Section,
    SectionThread,
    Stage,
    Trace,
)
from plenara.outcomes.queries import openings
from plenara.outcomes.queries.consultations import cache_tags_to_publish
from plenara.outcomes.queries.contributions import count_figures, unanswered_now
from plenara.outcomes.queries.positions import paragraph_states
from plenara.outcomes.validation import contents


@writing
def open_for_comment(
    *,
    actor: Person,
    version: OutcomeEdition,
    slug: str,
    symbol: str,
    title: Mapping[str, str],
    languages: Sequence[str],
    closes_at: datetime.datetime | None,
    opens_at: datetime.datetime | None = None,
    **terms: object,
) -> Opening:
    """Open the version in force for comment, from `opens_at` (None: now) to `closes_at`.

    A version that is open already (a double click) stays as it is. `terms` are the child consultation's word limit and
    moderation. Afterwards its title, dates and terms are edited like any consultation's.
    """
    # If two people open it at once, the second waits here and finds it open.
    Outcome.objects.select_for_update(of=("self",)).get(pk=version.outcome_id)
    found = OutcomeEdition.objects.select_related("edition", "outcome__body__consultation")
    version = found.get(pk=version.pk)
    body = version.outcome.body
    require(permissions.may_open_for_comment(actor, body))
    earlier = Opening.objects.select_related("consultation").filter(edition=version).first()
    if earlier:
        return earlier
    asked = openings.questions_of(version)
    require_valid(
        contents.can_be_opened(version), *contents.sections_named(openings.unnamed_sections(version, list(languages)))
    )
    invalidate_body(body, nothing_withdrawn=True)  # in a fixed order, before the home's cache tag is locked alone
    child = announce_child(
        actor=actor, parent=body.consultation, slug=slug, symbol=symbol, title=title, intro=openings.intro(),
        questions=[question for _section, question in asked], languages=languages, opens_at=opens_at,
        closes_at=closes_at, **terms,
    )  # fmt: skip
    made = Opening.objects.create(edition=version, outcome=version.outcome, consultation=child)
    threads = child.threads.order_by("number")
    SectionThread.objects.bulk_create(
        SectionThread(opening=made, thread=thread, section=section)
        for thread, (section, _question) in zip(threads, asked, strict=True)
    )
    audit.log(
        "outcome.opened_for_comment", actor=actor, about=version.outcome, consultation=body.consultation,
        edition=version.edition_id, child=child.pk,
    )  # fmt: skip
    return made


_BATCH = 500


def write_traces(edition: OutcomeEdition) -> int:
    """Write the traces of a version; return how many. In the transaction that publishes it."""
    count = 0
    for some in batched(_traces(edition), _BATCH):
        Trace.objects.bulk_create(some)
        count += len(some)
    return count


def _traces(edition: OutcomeEdition) -> Iterator[Trace]:
    own = PublishedCitation.objects.filter(paragraph__edition=edition.edition_id).select_related("edition")
    for each in own.order_by("paragraph__number", "position").iterator(chunk_size=_BATCH):
        yield _trace(edition, each.paragraph_id, each, each.response, each.reason_id)
    references = PublishedReference.objects.filter(paragraph__edition=edition.edition_id)
    for some in batched(references.order_by("paragraph__number", "position"), _BATCH):
        beneath: dict[int, list[PublishedCitation]] = {}
        cited = PublishedCitation.objects.filter(paragraph__in={each.statement_id for each in some})
        for citation in cited.select_related("edition").order_by("position"):
            beneath.setdefault(citation.paragraph_id, []).append(citation)
        for reference in some:
            for citation in beneath.get(reference.statement_id, []):
                yield _trace(
                    edition, reference.paragraph_id, citation, reference.response, reference.reason_id,
                    statement=reference.statement_id,
                )  # fmt: skip


def _trace(
    edition: OutcomeEdition,
    paragraph: int,
    citation: PublishedCitation,
    response: str,
    reason: int | None,
    statement: int | None = None,
) -> Trace:
    cited = citation.edition
    return Trace(
        edition=edition, paragraph_id=paragraph, contribution_id=cited.contribution_id, cited=cited,
        statement_id=statement, response=response, reason_id=reason, consultation_id=cited.consultation_id,
        number=cited.number,
    )  # fmt: skip


@writing
def publish(
    *,
    actor: Person,
    outcome: Outcome,
    stage: str,
    why_left: Mapping[str, str] | None = None,
    is_correction: bool = False,
) -> OutcomeEdition:
    """Publish an approved outcome as a version of a stage.

    A final text that leaves contributions unanswered needs a public reason (`why_left`). Its body is published with it,
    if it was not before.
    """
    document = document_actions.lock_document(outcome.document)
    outcome = Outcome.objects.select_related("body__consultation").get(pk=outcome.pk)
    require(permissions.may_publish_outcome(actor, outcome.body))
    require_valid(contents.home_is_public(outcome.body))
    document_states.after(document.state, "publish")
    why = clean_texts(why_left, clean_line)
    left = unanswered_now(outcome).count()
    earlier = outcome.editions.filter(edition__in_force=True).first()
    require_valid(
        states.may_follow(earlier.stage if earlier else "", stage),
        contents.texts_fit("why_left", why),
        contents.left_is_explained(stage, left, why, document.source_language),
    )
    number = _number(document)
    # All cache tags in a fixed order, after the home that gives the number, so that two publications never deadlock.
    for cache_tag in cache_tags_to_publish(outcome):
        invalidate(cache_tag, nothing_withdrawn=True)
    edition = publication.publish(actor=actor, document=document, number=number, is_correction=is_correction)
    version = OutcomeEdition.objects.create(
        edition=edition,
        outcome=outcome,
        stage=stage,
        draft=outcome.editions.filter(stage=Stage.DRAFT).count() + 1 if stage == Stage.DRAFT else 0,
        why_left=why if stage == Stage.FINAL and left else {},
    )
    _publish_stands(version, edition, outcome)
    write_traces(version)
    version.figures = count_figures(version)
    version.save(update_fields=["figures"])
    if outcome.body.published_at is None:
        outcome.body.published_at = edition.published_at
        outcome.body.save(update_fields=["published_at"])
    audit.log(
        "outcome.published", actor=actor, about=outcome, consultation=document.consultation, edition=edition.pk,
        stage=stage, left=left,
    )  # fmt: skip
    tasks.print_edition.using(key=f"outcome-print-{edition.pk}-0").enqueue(edition_id=edition.pk)
    emails.notify_responses.using(key=f"outcome-treated-{edition.pk}").enqueue(edition_id=version.pk)
    return version


def _number(document: Document) -> int:
    """Return the document's number; at its first publication the next one of its consultation."""
    if document.number is not None:
        return document.number
    Consultation.objects.select_for_update(no_key=True).get(pk=document.consultation_id)
    last = DocumentEdition.objects.filter(consultation=document.consultation_id, kind=NAME).order_by("-number")
    return (last.values_list("number", flat=True).first() or 0) + 1


def _publish_stands(version: OutcomeEdition, edition: DocumentEdition, outcome: Outcome) -> None:
    sections = list(Section.objects.filter(outcome=outcome))
    copies = PublishedSection.objects.bulk_create(
        PublishedSection(edition=version, number=each.number, slug=each.slug, title=each.title, origin=each.pk)
        for each in sections
    )
    by_section = {each.pk: copy for each, copy in zip(sections, copies, strict=True)}
    paragraphs = {each.origin: each for each in PublishedParagraph.objects.filter(edition=edition)}
    by_paragraph = paragraph_states(outcome)
    outcome_paragraphs = list(OutcomeParagraph.objects.filter(paragraph__in=paragraphs).order_by("paragraph__number"))
    published = PublishedOutcomeParagraph.objects.bulk_create(
        PublishedOutcomeParagraph(
            paragraph=paragraphs[each.paragraph_id],
            section=by_section[each.section_id],
            agreement=by_paragraph[each.paragraph_id].agreement,
        )
        for each in outcome_paragraphs
    )
    PublishedObjection.objects.bulk_create(
        PublishedObjection(
            outcome_paragraph=copy,
            person_id=objection.member.person_id,
            name=objection.member.name,
            reason=objection.reason,
            language=edition.source_language,
        )
        for each, copy in zip(outcome_paragraphs, published, strict=True)
        if copy.agreement == Agreement.BRACKETED
        for objection in by_paragraph[each.paragraph_id].objections
    )
