"""Reading a published document: its paragraphs in the reader's language, each with the words that it rests on.

Everything is from the record. Five queries, whatever the number of paragraphs and citations.
"""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from plenara.consultations.models import Thread
from plenara.contributions.models import Byline
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.text import words_in_context
from plenara.documents.models import (
    DocumentEdition,
    Kind,
    Origin,
    PublishedCitation,
    PublishedParagraph,
    PublishedRendition,
    PublishedText,
    Side,
    Signature,
)

#: Characters of context around the words cited, by how many quotations a page has at most: it must stay light.
CONTEXT = ((30, 110), (60, 6), (120, 4))


@dataclass(frozen=True)
class Quote:
    """The words that a paragraph cites, within their context."""

    number: int
    revision: int
    symbol: str
    is_gone: bool
    group: str
    byline: Byline | None
    language: str
    words: str
    html: SafeString | str
    side: str = Side.HELD


@dataclass(frozen=True)
class Part:
    """One side of a paragraph, with the words that it rests on. Only a disagreement has two."""

    side: str
    text: str
    language: str
    quotes: list[Quote]

    @property
    def word(self) -> str:
        """What the side is called."""
        return str(Side(self.side).label)

    @property
    def beads(self) -> list[Quote]:
        """One quotation of each contribution cited."""
        return list({quote.number: quote for quote in reversed(self.quotes)}.values())[::-1]


@dataclass(frozen=True)
class ReadParagraph:
    """A published paragraph as a reader meets it."""

    number: int
    kind: str
    heading: str
    text: str
    language: str
    is_outdated: bool  # its source has changed since it was translated
    is_untranslated: bool  # shown in the source's language, for want of the reader's
    quotes: list[Quote] = field(default_factory=list)
    against: str = ""  # of a disagreement: what is held against it
    against_language: str = ""  # the source's, where that was added since it was translated
    thread: Thread | None = None  # the question under which it stands

    @property
    def is_frame(self) -> bool:
        return self.kind == Kind.FRAME

    @property
    def sides(self) -> list[Part]:
        """What is held and what is held against it, each with its quotations; of anything else, the one part."""
        held = [each for each in self.quotes if each.side == Side.HELD or not self.against]
        parts = [Part(Side.HELD, self.text, self.language, held)]
        if self.against:
            against = [each for each in self.quotes if each.side == Side.AGAINST]
            parts.append(Part(Side.AGAINST, self.against, self.against_language, against))
        return parts


@dataclass(frozen=True)
class Under:
    """Paragraphs that stand one after the other under a question, or under none."""

    thread: Thread | None
    paragraphs: list[ReadParagraph]


@dataclass(frozen=True)
class Reading:
    """A published document in a reader's language, or in its source's where it is not there yet."""

    edition: DocumentEdition
    asked: str  # the reader's language
    language: str  # the language shown
    title: str
    rendition: PublishedRendition
    renditions: dict[str, PublishedRendition]  # those in force, by language
    paragraphs: list[ReadParagraph]
    writers: list[str]  # names; a withheld one is blank
    approver: str | None  # None: not told

    @property
    def questions(self) -> list[Under]:
        """The paragraphs in their order, where several in a row stand under a question together with it."""
        runs = groupby(self.paragraphs, key=lambda each: each.thread.pk if each.thread else None)
        found = [list(run) for _thread, run in runs]
        return [Under(run[0].thread, run) for run in found]

    @property
    def is_translated(self) -> bool:
        """Whether it is there in the language that was asked for."""
        return self.language == self.asked

    def state_of(self, language: str) -> str:
        """Return `original`, `published`, `outdated` or `missing`."""
        rendition = self.renditions.get(language)
        if rendition is None:
            return "missing"
        if language == self.edition.source_language:
            return "original"
        return "outdated" if rendition.outdated else "published"

    @property
    def others(self) -> list[dict[str, str]]:
        """The languages in which it can be read, with the tags that HTML wants."""
        return [
            {"code": code, "name": name, "html_lang": html_code(code), "dir": direction(code)}
            for code, name in NAMES.items()
            if code in self.renditions and code != self.asked
        ]

    @property
    def is_by_machine(self) -> bool:
        return self.rendition.origin == Origin.MACHINE


def read(edition: DocumentEdition, language: str) -> Reading:
    """Return an edition as read in a language."""
    renditions = {each.language: each for each in edition.renditions.filter(in_force=True)}
    shown = language if language in renditions else edition.source_language
    rendition, source = renditions[shown], renditions[edition.source_language]
    texts = PublishedText.objects.filter(rendition__in={rendition, source})
    citations = PublishedCitation.objects.select_related("edition__text", "edition__byline")
    found = edition.paragraphs.select_related("thread")
    paragraphs = list(found.prefetch_related(Prefetch("texts", texts), Prefetch("citations", citations)))
    around = _context(sum(len(each.citations.all()) for each in paragraphs))
    signatures = list(edition.signatures.all())
    return Reading(
        edition=edition,
        asked=language,
        language=shown,
        title=rendition.title or source.title,
        rendition=rendition,
        renditions=renditions,
        paragraphs=[_read_paragraph(each, rendition, source, around) for each in paragraphs],
        writers=[each.name for each in signatures if each.part == Signature.Part.WROTE],
        approver=next((each.name for each in signatures if each.part == Signature.Part.APPROVED), None),
    )


def _context(quotes: int) -> int:
    return next((around for most, around in CONTEXT if quotes <= most), 0)


def _read_paragraph(
    paragraph: PublishedParagraph, rendition: PublishedRendition, source: PublishedRendition, around: int
) -> ReadParagraph:
    texts = {text.rendition_id: text for text in paragraph.texts.all()}
    original = texts.get(source.pk)
    mine = texts.get(rendition.pk)
    text = mine or original
    sided = next((each for each in (mine, original) if each and each.against), None)
    return ReadParagraph(
        number=paragraph.number,
        kind=paragraph.kind,
        heading=text.heading if text else "",
        text=text.text if text else "",
        language=text.language if text else source.language,
        is_outdated=bool(mine and original and mine.source_digest != original.source_digest),
        is_untranslated=mine is None and rendition.pk != source.pk,
        quotes=[quote_of(each, around) for each in paragraph.citations.all()],
        against=sided.against if sided else "",
        against_language=sided.language if sided else "",
        thread=paragraph.thread,
    )


def quote_of(citation: PublishedCitation, around: int) -> Quote:
    """Return the words of a citation within `around` characters of context. Its edition comes with text and byline."""
    edition = citation.edition
    # What is withdrawn, removed or erased is quoted no more, whatever rests on it.
    gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    words = "" if gone else citation.words
    return Quote(
        number=edition.number,
        revision=edition.revision,
        symbol=edition.symbol,
        is_gone=gone,
        group="gone" if gone else edition.stakeholder_group,
        byline=None if gone else edition.byline,
        language=edition.language,
        words=words,
        html=words_in_context(edition.text.content, words, around) if words and edition.text else "",
        side=citation.side,
    )
