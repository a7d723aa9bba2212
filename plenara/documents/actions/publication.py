"""Publication: a document becomes an edition with its signatures, and a rendition is added to it."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.refusals import ActionRefused, require, require_valid
from plenara.core.rows import Json
from plenara.core.text import digest
from plenara.core.transaction import writing
from plenara.documents import permissions, states
from plenara.documents.actions import search_index
from plenara.documents.actions.changes import lock_document, log
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    Document,
    DocumentEdition,
    Origin,
    Paragraph,
    ParagraphText,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
    Reason,
    Rendition,
    RenditionState,
    Signature,
    State,
    digest_of,
)
from plenara.documents.validation import contents
from plenara.documents.validation.publication import passes_publication_checks

_GIVEN = Q(citations__isnull=False) | Q(references__isnull=False)


@dataclass(frozen=True)
class Words:
    """A paragraph in one language, to be copied into the record."""

    heading: str
    text: str
    source_digest: str
    against: str = ""  # of a disagreement: the opposing view


@writing
def publish(
    *, actor: Person, document: Document, number: int | None = None, is_correction: bool = False
) -> DocumentEdition:
    """Publish an edition of an approved document, with its source and every reviewed rendition.

    `number` is given at the first publication; later ones are `/Rev.k`, or `/Corr.k` for the correction of an error.
    A language that was not reviewed again keeps its published words; those whose source changed are outdated.
    """
    document = lock_document(document)
    require(permissions.may_publish(actor, document))
    document.state = State(states.after(document.state, "publish"))
    require_valid(passes_publication_checks(document))
    earlier = document.editions.filter(in_force=True).first()
    if document.number is None:
        assert number is not None, "the first publication needs a number"
        document.number = number
        document.symbol = f"{document.consultation.symbol}/{kind_of(document.kind).letters}/{number}"
    document.editions.filter(in_force=True).update(in_force=False)
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=document.consultation,
        kind=document.kind,
        number=document.number,
        revision=_next_revision(document),
        is_correction=bool(earlier) and is_correction,
        symbol=_symbol(document, bool(earlier), is_correction),
        source_language=document.source_language,
        self_approved=document.self_approved,
        published_at=clock.now(),
        address=document.address,
    )
    document.save(update_fields=["state", "number", "symbol"])
    if kind_of(document.kind).numbers_for_good:
        _number_for_good(document)
    _add_signatures(edition, document)
    _copy_texts(edition, document, earlier)
    search_index.index_edition(edition)
    log("document.published", actor, document, edition=edition.pk)
    invalidate(document.consultation.cache_tag, nothing_withdrawn=True)
    return edition


def _number_for_good(document: Document) -> None:
    """Give each paragraph without a permanent number the next one, in order."""
    new = list(document.paragraphs.filter(mark=None).order_by("number"))
    for mark, paragraph in enumerate(new, document.last_mark + 1):
        paragraph.mark = mark
    Paragraph.objects.bulk_update(new, ["mark"], batch_size=200)
    document.last_mark += len(new)
    document.save(update_fields=["last_mark"])


def _next_revision(document: Document) -> int:
    last = document.editions.order_by("-revision").values_list("revision", flat=True).first()
    return 0 if last is None else last + 1


def _symbol(document: Document, succeeds: bool, is_correction: bool) -> str:
    if not succeeds:
        return document.symbol or ""
    ending = "/Corr." if is_correction else "/Rev."
    # The last number is read, not counted: an import has only the edition in force.
    used = [
        int(symbol.rpartition(ending)[2])
        for symbol in document.editions.filter(symbol__contains=ending).values_list("symbol", flat=True)
    ]
    return f"{document.symbol}{ending}{max(used, default=0) + 1}"


def _add_signatures(edition: DocumentEdition, document: Document) -> None:
    people = [(Signature.Part.WROTE, person) for person in document.writers.order_by("pk")]
    if document.approved_by:
        people.append((Signature.Part.APPROVED, document.approved_by))
    Signature.objects.bulk_create(
        Signature(edition=edition, part=part, person=person, name="" if person.withholds_name else person.name)
        for part, person in people
    )


def _copy_texts(edition: DocumentEdition, document: Document, earlier: DocumentEdition | None) -> None:
    paragraphs = list(document.paragraphs.prefetch_related("citations", "references"))
    reasons = _copy_reasons(edition, document, earlier)
    published = PublishedParagraph.objects.bulk_create(
        PublishedParagraph(
            edition=edition,
            number=each.number,
            mark=each.mark,
            kind=each.kind,
            origin=each.pk,
            thread_id=each.thread_id,
        )
        for each in paragraphs
    )
    PublishedCitation.objects.bulk_create(
        PublishedCitation(
            paragraph=copy,
            edition_id=citation.edition_id,
            words=citation.words,
            side=citation.side,
            position=place,
            response=citation.response,
            reason=reasons.get(citation.reason_id),
        )
        for each, copy in zip(paragraphs, published, strict=True)
        for place, citation in enumerate(each.citations.all(), 1)
    )
    PublishedReference.objects.bulk_create(
        PublishedReference(
            paragraph=copy,
            statement_id=reference.statement_id,
            position=place,
            response=reference.response,
            reason=reasons.get(reference.reason_id),
        )
        for each, copy in zip(paragraphs, published, strict=True)
        for place, reference in enumerate(each.references.all(), 1)
    )
    now = edition.published_at
    source, title = working_texts(document, document.source_language), document.title.get(document.source_language, "")
    source = {key: replace(it, source_digest=digest_of(it.heading, it.text, it.against)) for key, it in source.items()}
    add_rendition(
        edition,
        document.source_language,
        source,
        title=title,
        title_digest=digest(title),
        published_at=now,
        paragraphs=published,
    )
    working = {each.language: each for each in document.renditions.all()}
    before = {}
    if earlier:
        before = {
            each.language: each
            for each in earlier.renditions.filter(in_force=True).prefetch_related("texts__paragraph")
        }
    for language in NAMES:
        rendition = working.get(language)
        if language == document.source_language:
            continue
        if rendition and rendition.state == RenditionState.REVIEWED:
            _publish_working(edition, document, rendition, published)
        elif kept := before.get(language):
            texts = {
                each.paragraph.origin: Words(each.heading, each.text, each.source_digest, each.against)
                for each in kept.texts.all()
            }
            add_rendition(
                edition, language, texts, title=kept.title, title_digest=kept.title_digest, origin=kept.origin,
                self_reviewed=kept.self_reviewed, published_at=kept.published_at, paragraphs=published,
            )  # fmt: skip


def _copy_reasons(
    edition: DocumentEdition, document: Document, earlier: DocumentEdition | None
) -> dict[int | None, PublishedReason]:
    """Copy the reasons with their translations into the record; return them by the ids of the working ones.

    In a language that nobody has reviewed, each keeps its published words, if any.
    """
    reviewed = {
        each.language
        for each in document.renditions.all()
        if each.state in (RenditionState.REVIEWED, RenditionState.PUBLISHED)
    }
    before = dict(earlier.reasons.values_list("text", "texts")) if earlier else {}
    given = list(Reason.objects.filter(document=document).filter(_GIVEN).distinct().order_by("pk"))
    copies = PublishedReason.objects.bulk_create(
        PublishedReason(edition=edition, text=each.text, texts=_texts(each, reviewed, before.get(each.text, {})))
        for each in given
    )
    return {each.pk: copy for each, copy in zip(given, copies, strict=True)}


def _texts(reason: Reason, reviewed: Collection[str], before: Mapping[str, str]) -> dict[str, str]:
    now = {code: text for code, text in reason.texts.items() if code in reviewed}
    return {**{code: text for code, text in before.items() if code not in reviewed}, **now}


def _translate_reasons(edition: DocumentEdition, document: Document, language: str) -> None:
    """Add the translations of an edition's reasons in a language that is added to it."""
    now = dict(Reason.objects.filter(document=document).values_list("text", "texts"))
    changed = []
    for each in edition.reasons.all():
        if text := now.get(each.text, {}).get(language):
            each.texts[language] = text
            changed.append(each)
    PublishedReason.objects.bulk_update(changed, ["texts"], batch_size=200)


def _publish_working(
    edition: DocumentEdition, document: Document, rendition: Rendition, paragraphs: list[PublishedParagraph]
) -> PublishedRendition:
    rendition.state, rendition.published_at = RenditionState.PUBLISHED, clock.now()
    rendition.save(update_fields=["state", "published_at"])
    return add_rendition(
        edition,
        rendition.language,
        working_texts(document, rendition.language),
        title=document.title.get(rendition.language, ""),
        title_digest=rendition.title_digest,
        origin=rendition.origin,
        self_reviewed=rendition.self_reviewed,
        published_at=rendition.published_at,
        paragraphs=paragraphs,
    )


def working_texts(document: Document, language: str) -> dict[int, Words]:
    """Return a document's texts in one language, by paragraph id. One query."""
    found = ParagraphText.objects.filter(paragraph__document=document, language=language)
    return {each.paragraph_id: Words(each.heading, each.text, each.source_digest, each.against) for each in found}


def add_rendition(
    edition: DocumentEdition,
    language: str,
    texts: Mapping[int, Words],
    *,
    title: str,
    title_digest: str,
    published_at: datetime.datetime | None,
    paragraphs: list[PublishedParagraph],
    origin: str = Origin.HUMAN,
    self_reviewed: bool = False,
) -> PublishedRendition:
    """Add an edition's words in one language to the record; `texts` by the working paragraph's id.

    It succeeds the one published before. The number of outdated texts is calculated here, once.
    """
    if language == edition.source_language:
        sources, source_title = {key: it.source_digest for key, it in texts.items()}, title_digest
    else:
        source = edition.renditions.get(language=edition.source_language, in_force=True)
        sources = {text.paragraph.origin: text.source_digest for text in source.texts.select_related("paragraph")}
        source_title = source.title_digest if source.title else title_digest
    outdated = sum(
        each.origin not in texts or texts[each.origin].source_digest != sources.get(each.origin) for each in paragraphs
    )
    edition.renditions.filter(language=language, in_force=True).update(in_force=False)
    rendition = PublishedRendition.objects.create(
        edition=edition,
        language=language,
        title=title,
        title_digest=title_digest,
        origin=origin,
        self_reviewed=self_reviewed,
        published_at=published_at,
        outdated=outdated + (title_digest != source_title),
    )
    PublishedText.objects.bulk_create(
        PublishedText(
            rendition=rendition,
            paragraph=each,
            language=language,
            heading=texts[each.origin].heading,
            text=texts[each.origin].text,
            against=texts[each.origin].against,
            source_digest=texts[each.origin].source_digest,
        )
        for each in paragraphs
        if each.origin in texts and texts[each.origin].text
    )
    return rendition


@writing
def publish_rendition(*, actor: Person, rendition: Rendition) -> PublishedRendition:
    """Publish a reviewed rendition of a published document. The others need not wait for it."""
    document = lock_document(rendition.document)
    rendition = (
        Rendition.objects.select_for_update(of=("self",)).select_related("document__consultation").get(pk=rendition.pk)
    )
    require(permissions.may_publish_rendition(actor, rendition))
    states.rendition_after(rendition.state, "publish")
    if document.state != State.PUBLISHED:
        raise ActionRefused(
            _(
                "The original is not published yet, or is being changed. This translation will be "
                "published together with the original."
            ),
            "not_yet",
        )
    require_valid(contents.rendition_is_complete(document, rendition.language))
    edition = document.editions.get(in_force=True)
    published = _publish_working(edition, document, rendition, list(edition.paragraphs.all()))
    _translate_reasons(edition, document, rendition.language)
    if headings := kind_of(document.kind).headings:
        headings.join(edition, rendition.language)
    search_index.index_edition(edition)
    log("document.rendition_published", actor, document, language=rendition.language)
    invalidate(document.consultation.cache_tag, nothing_withdrawn=True)
    return published


#: The key of the signatures in a row of a bundle.
SIGNATURE_KEYS = {Signature.Part.WROTE: "written_by", Signature.Part.APPROVED: "approved_by"}


def signatures_of(edition: DocumentEdition) -> dict[str, object]:
    """Return who wrote and who approved an edition. `signatures` is fetched."""
    found: Json = {}
    for each in edition.signatures.all():
        found.setdefault(SIGNATURE_KEYS[Signature.Part(each.part)], []).append(
            {"name": each.name} if each.name else {"withheld": True}
        )
    return found | ({"self_approved": True} if edition.self_approved else {})


def sign(edition: DocumentEdition, row: Json) -> None:
    """Create the signatures of a row."""
    Signature.objects.bulk_create(
        Signature(edition=edition, part=part, name=each.get("name", ""))
        for part, key in SIGNATURE_KEYS.items()
        for each in row.get(key, ())
    )
