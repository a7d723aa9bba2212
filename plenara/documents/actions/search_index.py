"""The search index of documents: each published paragraph in each of its languages.

Readers are shown a paragraph in their own language if it is published in it, else in its source language. So each
entry has the languages whose readers are shown another text instead (`not_for`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import QuerySet
from django.utils.translation import pgettext

from plenara.consultations.models import State
from plenara.core.languages import CODES
from plenara.core.prepared import prepared
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, DocumentEdition, PublishedText
from plenara.search.actions import index
from plenara.search.entries import Content, Found, register

_BATCH = 200


def findable() -> QuerySet[PublishedText]:
    """Return the texts to index: of renditions in force of editions in force."""
    found = PublishedText.objects.filter(rendition__in_force=True, paragraph__edition__in_force=True)
    return found.exclude(paragraph__edition__consultation__stage=State.DRAFT)


@prepared
def _texts(texts: list[int]) -> QuerySet[PublishedText]:
    found = findable().filter(pk__in=texts)
    return found.select_related("paragraph__edition__consultation", "paragraph__thread")


def index_edition(edition: DocumentEdition) -> None:
    """Index an edition in place of all others of its document. Called in the transaction that publishes it."""
    index.lock_rows(Document, [edition.document_id])
    texts = PublishedText.objects.filter(paragraph__edition__document_id=edition.document_id)
    there = set(findable().filter(pk__in=texts.values("pk")).values_list("pk", flat=True))
    index.take_out(STATEMENT.code, set(texts.values_list("pk", flat=True)) - there)
    index.put(STATEMENT.contents(there))


@task
def index_thread(*, thread_id: int) -> None:
    """Index the statements on a question by its present themes."""
    editions = DocumentEdition.objects.filter(in_force=True, paragraphs__thread=thread_id).distinct()
    for edition in editions.order_by("pk"):
        with writes():  # one at a time, so that others can write in between
            index_edition(edition)


class Statements:
    """Paragraphs of documents."""

    code, number = "statement", 3

    @property
    def name(self) -> str:
        return pgettext("option", "Statement")

    @property
    def names(self) -> str:
        return pgettext("option", "Statements")

    def contents(self, text_ids: Iterable[int]) -> Iterator[Content]:
        """Yield the index entries of some texts. Two queries for two hundred."""
        for some in batched(sorted(text_ids), _BATCH):
            rows = list(
                findable().filter(pk__in=some).select_related("paragraph__edition", "paragraph__thread").order_by("pk")
            )
            others: dict[int, set[str]] = defaultdict(set)
            for paragraph, language in (
                findable()
                .filter(paragraph__in={each.paragraph_id for each in rows})
                .values_list("paragraph", "language")
            ):
                others[paragraph].add(language)
            yield from (_content(each, others[each.paragraph_id]) for each in rows)

    def keep(self, object_ids: Iterable[int]) -> None:
        """Index the editions that have these texts."""
        ids = list(object_ids)
        of = dict(PublishedText.objects.filter(pk__in=ids).values_list("pk", "paragraph__edition__document"))
        index.take_out(self.code, [each for each in ids if each not in of])
        for edition in DocumentEdition.objects.filter(in_force=True, document__in=set(of.values())).order_by(
            "document"
        ):
            index_edition(edition)

    def everything(self) -> Iterator[Content]:
        """Yield all entries of the index."""
        last = 0
        while ids := list(findable().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
            yield from self.contents(ids)
            last = ids[-1]

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return paragraphs as a list shows them. One query."""
        return {each.pk: _found(each) for each in _texts(list(object_ids))}


def _content(text: PublishedText, languages: set[str]) -> Content:
    paragraph, edition = text.paragraph, text.paragraph.edition
    is_source = text.language == edition.source_language
    return Content(
        kind=STATEMENT.code,
        object_id=text.pk,
        at=edition.published_at,
        language=text.language,
        title=text.heading,
        text="\n\n".join(filter(None, [text.text, text.against])),
        filters={
            "consultation": [str(edition.consultation_id)],
            "thread": [str(paragraph.thread_id)] if paragraph.thread_id else [],
            "language": [text.language],
            "theme": list(paragraph.thread.themes) if paragraph.thread else [],
            "symbol": [edition.symbol],
            "not_for": [each for each in CODES if each != text.language and (each in languages or not is_source)],
        },
    )


def _found(text: PublishedText) -> Found:
    paragraph, edition = text.paragraph, text.paragraph.edition
    kind = kind_of(edition.kind)
    page = kind.url(edition.consultation.slug, edition.number, address=edition.address)
    return Found(
        url=f"{page}#s{paragraph.public_number}",
        symbol=edition.symbol,
        title=text.heading,
        text="\n\n".join(filter(None, [text.text, text.against])),
        language=text.language,
        at=edition.published_at,
        consultation=edition.consultation,
        thread_number=paragraph.thread.number if paragraph.thread else None,
        label=kind.passage(edition.number, paragraph.public_number),
    )


STATEMENT = Statements()
register(STATEMENT)
