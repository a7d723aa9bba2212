"""The short texts beside a document's paragraphs that are translated too: headings of sections, reasons of treatments.

A reason that is given for many contributions is there once, and is translated once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from plenara.core.text import digest
from plenara.documents.kinds import kind_of
from plenara.documents.models import Citation, Document, Reason, Reference

HEADING, REASON = PHRASES = ("section", "reason")


@dataclass(frozen=True)
class Phrase:
    """A short text in its document's language, and its translation."""

    what: str  # HEADING or REASON
    pk: int
    number: int  # of its section; of reasons 1, 2, … in the order in which they were first given
    source: str
    text: str  # "": not translated yet

    @property
    def key(self) -> str:
        """What names it in forms and files, for good."""
        return key_of(self.what, self.pk)

    @property
    def name(self) -> str:
        """What it is called."""
        if self.what == HEADING:
            return _("Section %(number)d") % {"number": self.number}
        return _("Reason %(number)d") % {"number": self.number}

    @property
    def was(self) -> str:
        """What a form that was opened now has to say of the translation."""
        return digest(self.text)

    @property
    def made_from(self) -> str:
        """What names its source's words."""
        return digest(self.source)


def key_of(what: str, pk: int) -> str:
    """Return what names a phrase in forms and files."""
    return f"{what}-{pk}"


def given_reasons(documents: Sequence[Document]) -> QuerySet[Reason]:
    """Return the reasons that some citation or reference has, in the order in which they were first given."""
    cited, referred = Citation.objects.filter(reason=OuterRef("pk")), Reference.objects.filter(reason=OuterRef("pk"))
    return Reason.objects.filter(Exists(cited) | Exists(referred), document__in=documents).order_by("document", "pk")


def phrases_of(document: Document, language: str) -> list[Phrase]:
    """Return what a document has of them, headings first. Two queries; none where its kind has no such."""
    return phrases_of_many([document], [language]).get((document.pk, language), [])


def phrases_of_many(documents: Sequence[Document], languages: Sequence[str]) -> dict[tuple[int, str], list[Phrase]]:
    """Return them of several documents in several languages, by document and language. Two queries for each kind."""
    sources: dict[int, list[tuple[str, int, int, dict[str, str]]]] = {}
    for kind in {each.kind for each in documents}:
        known, mine = kind_of(kind), [each for each in documents if each.kind == kind]
        if known.headings:
            for pk, headings in known.headings.of([each.pk for each in mine]).items():
                sources.setdefault(pk, []).extend((HEADING, each.pk, each.number, each.texts) for each in headings)
        if known.treats:
            counts: Counter[int] = Counter()
            languages_of = {each.pk: each.source_language for each in mine}
            for reason in given_reasons(mine):
                counts[reason.document_id] += 1
                texts = {**reason.texts, languages_of[reason.document_id]: reason.text}
                row = (REASON, reason.pk, counts[reason.document_id], texts)
                sources.setdefault(reason.document_id, []).append(row)
    return {
        (document.pk, language): [
            Phrase(what, pk, number, texts[document.source_language], texts.get(language, ""))
            for what, pk, number, texts in sources.get(document.pk, [])
            if texts.get(document.source_language)
        ]
        for document in documents
        for language in languages
        if language != document.source_language
    }


def readers(document: Document) -> Counter[int]:
    """Return how many contributions each reason is given for, by its id; through statements too. One query."""
    itself = Citation.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", "edition__contribution"
    )
    beneath = Reference.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", F("statement__citations__edition__contribution")
    )
    found = itself.order_by().union(beneath.order_by()).order_by()
    return Counter(reason for reason, contribution in found if contribution)
