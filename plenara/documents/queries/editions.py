"""Published documents, from the record: an edition in the reader's language, its changes, and who cites an edition."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.db.models import Case, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from plenara.consultations.models import Thread
from plenara.contributions.models import Byline
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.core.prepared import fill_related, prepared
from plenara.core.text import words_in_context
from plenara.documents.kinds import kind_of
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


@dataclass(frozen=True)
class Place:
    """A published paragraph that cites an edition: its address and its words."""

    kind: str
    document: int  # the document's number
    symbol: str
    number: int  # the paragraph's
    slug: str  # the consultation's
    words: str  # the words cited
    text: str  # the paragraph's, in `language`; of a disagreement, the side that cites
    language: str
    response: str = ""  # `Response`, of an outcome
    address: str = ""  # of a document that is not below its consultation

    @property
    def label(self) -> str:
        """The text of a link to it: "Cited in Summary 2, statement 7"."""
        return kind_of(self.kind).place(self.document, self.number)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{kind_of(self.kind).url(self.slug, self.document, address=self.address)}#s{self.number}"


def cited_in(edition_ids: Iterable[int], language: str | None = None) -> dict[int, list[Place]]:
    """Return, by edition id, the paragraphs in force that cite it, in the order of documents and numbers.

    Their words are in `language` (default: the active one) if published in it, else in their source language. One
    query.
    """
    found: dict[int, list[Place]] = {}
    for edition, *place in _citing(list(edition_ids), language or current()):
        found.setdefault(edition, []).append(Place(*place))  # type: ignore[arg-type]  # as its columns are listed
    return found


@prepared
def _citing(editions: list[int], language: str) -> QuerySet[PublishedCitation, tuple[int, *tuple[object, ...]]]:
    texts = PublishedText.objects.filter(paragraph=OuterRef("paragraph"), rendition__in_force=True)
    translated = texts.filter(language=language)
    source = texts.filter(language=OuterRef("paragraph__edition__source_language"))
    return (
        PublishedCitation.objects.filter(edition_id__in=editions, paragraph__edition__in_force=True)
        .annotate(
            held=Coalesce(Subquery(translated.values("text")[:1]), Subquery(source.values("text")[:1])),
            against=Coalesce(Subquery(translated.values("against")[:1]), Subquery(source.values("against")[:1])),
            shown=Case(When(Q(side=Side.AGAINST) & ~Q(against=""), then=F("against")), default=F("held")),
            public_number=Coalesce("paragraph__mark", "paragraph__number"),
            shown_in=Coalesce(Subquery(translated.values("language")[:1]), F("paragraph__edition__source_language")),
        )
        .order_by(
            F("paragraph__edition__published_at").asc(nulls_last=True),
            "paragraph__edition__symbol",
            "paragraph__number",
            "position",
        )
        .values_list(
            "edition_id",
            "paragraph__edition__kind",
            "paragraph__edition__number",
            "paragraph__edition__symbol",
            "public_number",
            "paragraph__edition__consultation__slug",
            "words",
            "shown",
            "shown_in",
            "response",
            "paragraph__edition__address",
        )
    )


ADDED, GONE, CHANGED, SAME = "added", "gone", "changed", "same"


@dataclass(frozen=True)
class Words:
    """A statement's words in one edition, in one language."""

    heading: str
    text: str
    against: str


NO_WORDS = Words("", "", "")


def words_in(paragraph: PublishedParagraph | None, language: str, source: str) -> Words | None:
    """Return a paragraph's words in a language; None if missing or outdated.

    Its `texts` are prefetched.
    """
    if paragraph is None:
        return NO_WORDS
    texts = {each.language: each for each in paragraph.texts.all()}
    translated, original = texts.get(language), texts.get(source)
    if translated is None or (original is not None and translated.source_digest != original.source_digest):
        return None
    return Words(translated.heading, translated.text, translated.against)


@dataclass(frozen=True)
class Changed:
    """A statement before and after."""

    number: int  # as readers see it in the later edition; of a deleted one, in the earlier
    was: PublishedParagraph | None
    now: PublishedParagraph | None
    before: Words
    after: Words
    language: str
    is_original: bool  # shown in the source language, since the reader's does not show the change

    @property
    def what(self) -> str:
        """Return `added`, `gone`, `changed` or `same`. Another place is no change."""
        if self.was is None or self.now is None:
            return ADDED if self.was is None else GONE
        differs = self.before != self.after or self.kind_was or self.has_moved_question
        return CHANGED if differs or self.cited or self.uncited or self.with_other_response else SAME

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """The parts that differ, each before and after; of an added or deleted one, all of them."""
        names = ("heading", "text", "against")
        pairs = [(name, getattr(self.before, name), getattr(self.after, name)) for name in names]
        return [(name, before, after) for name, before, after in pairs if before != after]

    @property
    def kind_was(self) -> str:
        if self.was is None or self.now is None or self.was.kind == self.now.kind:
            return ""
        return str(dict(Kind.choices).get(self.was.kind, self.was.kind))

    @property
    def kind_now(self) -> str:
        return str(dict(Kind.choices).get(self.now.kind, self.now.kind)) if self.now else ""

    @property
    def thread(self) -> Thread | None:
        return self.now.thread if self.now else None

    @property
    def has_moved_question(self) -> bool:
        return bool(self.was and self.now and self.was.thread_id != self.now.thread_id)

    @property
    def has_moved(self) -> bool:
        """Say whether it has another number now."""
        return bool(self.was and self.now and self.was.public_number != self.now.public_number)

    @cached_property
    def cited(self) -> list[PublishedCitation]:
        """Added citations."""
        return _only(self.now, self.was)

    @cached_property
    def uncited(self) -> list[PublishedCitation]:
        """Removed citations."""
        return _only(self.was, self.now)

    @cached_property
    def with_other_response(self) -> list[tuple[PublishedCitation, PublishedCitation]]:
        """Citations with another response or reason, each before and after."""
        if self.was is None or self.now is None:
            return []
        before = {(each.edition_id, each.words, each.side): each for each in self.was.citations.all()}
        pairs = [(before.get((each.edition_id, each.words, each.side)), each) for each in self.now.citations.all()]
        return [(was, now) for was, now in pairs if was and was.response != now.response]


def _only(here: PublishedParagraph | None, there: PublishedParagraph | None) -> list[PublishedCitation]:
    if here is None:
        return []
    known = {(each.edition_id, each.words, each.side) for each in there.citations.all()} if there else set()
    # Erased words are blank in both editions: only the contribution is shown.
    return [each for each in here.citations.all() if (each.edition_id, each.words, each.side) not in known]


def changes_between(earlier: DocumentEdition, later: DocumentEdition, language: str) -> list[Changed]:
    """Return the statements of two editions, deleted ones last. Eight queries.

    Words are in `language` if both editions have an up-to-date translation in it, else in the source language: an
    outdated translation would hide the changes.
    """
    sources = (earlier.source_language, later.source_language)
    before, after = _paragraphs(earlier, language), _paragraphs(later, language)
    found = []
    for origin, now in after.items():
        was = before.get(origin)
        found.append(_changed(was, now, language, sources))
    gone = [each for origin, each in before.items() if origin not in after]
    return found + [_changed(each, None, language, sources) for each in gone]


def _paragraphs(edition: DocumentEdition, language: str) -> dict[int, PublishedParagraph]:
    texts = PublishedText.objects.filter(rendition__in_force=True, language__in=[language, edition.source_language])
    citations = PublishedCitation.objects.select_related("edition")
    found = edition.paragraphs.select_related("thread")
    found = found.prefetch_related(Prefetch("texts", texts), Prefetch("citations", citations))
    return {each.origin: each for each in found}


def _changed(
    was: PublishedParagraph | None, now: PublishedParagraph | None, language: str, sources: tuple[str, str]
) -> Changed:
    words = [words_in(each, language, source) for each, source in zip((was, now), sources, strict=True)]
    shown = language
    if None in words:
        words = [words_in(each, source, source) for each, source in zip((was, now), sources, strict=True)]
        shown = sources[1]
    paragraph = now or was
    assert paragraph is not None
    return Changed(
        number=paragraph.public_number,
        was=was,
        now=now,
        before=words[0] or NO_WORDS,
        after=words[1] or NO_WORDS,
        language=shown,
        is_original=shown != language,
    )


def titles_of(edition: DocumentEdition, language: str) -> dict[str, str]:
    """Return an edition's titles in a language and in its source language, by language. One query."""
    found = edition.renditions.filter(in_force=True, language__in=[language, edition.source_language])
    return dict(found.values_list("language", "title"))


#: Characters of context around the words cited, by the number of quotations on a page, which must stay light.
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
    """One side of a paragraph, with its citations. Only a disagreement has two."""

    side: str
    text: str
    language: str
    quotes: list[Quote]

    @property
    def word(self) -> str:
        """The name of the side."""
        return str(Side(self.side).label)

    @property
    def beads(self) -> list[Quote]:
        """One quotation of each contribution cited."""
        return list({quote.number: quote for quote in reversed(self.quotes)}.values())[::-1]


@dataclass(frozen=True)
class ReadParagraph:
    """A published paragraph as a reader sees it."""

    number: int
    kind: str
    heading: str
    text: str
    language: str
    is_outdated: bool  # its source has changed since it was translated
    is_untranslated: bool  # shown in the source language, since the reader's is missing
    quotes: list[Quote] = field(default_factory=list)
    against: str = ""  # of a disagreement: the opposing view
    against_language: str = ""  # the source's, if added after the translation
    thread: Thread | None = None  # the question that it is about

    @property
    def is_frame(self) -> bool:
        return self.kind == Kind.FRAME

    @property
    def sides(self) -> list[Part]:
        """The view and the opposing view, each with its quotations; for other kinds, the one part."""
        held = [each for each in self.quotes if each.side == Side.HELD or not self.against]
        parts = [Part(Side.HELD, self.text, self.language, held)]
        if self.against:
            against = [each for each in self.quotes if each.side == Side.AGAINST]
            parts.append(Part(Side.AGAINST, self.against, self.against_language, against))
        return parts


@dataclass(frozen=True)
class Under:
    """Consecutive paragraphs about one question, or about none."""

    thread: Thread | None
    paragraphs: list[ReadParagraph]


@dataclass(frozen=True)
class Reading:
    """A published document in a reader's language, or in its source language if that is missing."""

    edition: DocumentEdition
    asked: str  # the reader's language
    language: str  # the language shown
    title: str
    rendition: PublishedRendition
    renditions: dict[str, PublishedRendition]  # those in force, by language
    paragraphs: list[ReadParagraph]
    writers: list[str]  # names; a withheld one is blank
    approver: str | None  # None: not shown

    @property
    def questions(self) -> list[Under]:
        """The paragraphs in their order, consecutive ones about one question together."""
        runs = groupby(self.paragraphs, key=lambda each: each.thread.pk if each.thread else None)
        found = [list(run) for _thread, run in runs]
        return [Under(run[0].thread, run) for run in found]

    @property
    def is_translated(self) -> bool:
        """Whether it is in the requested language."""
        return self.language == self.asked

    @property
    def others(self) -> list[dict[str, str]]:
        """The languages in which it can be read, with their HTML tags."""
        return [
            {"code": code, "name": name, "html_lang": html_code(code), "dir": direction(code)}
            for code, name in NAMES.items()
            if code in self.renditions and code != self.asked
        ]

    @property
    def is_by_machine(self) -> bool:
        return self.rendition.origin == Origin.MACHINE


def read_edition(edition: DocumentEdition, language: str) -> Reading:
    """Return an edition as read in a language. Five queries."""
    renditions = {each.language: each for each in _renditions_in_force(edition.pk)}
    shown = language if language in renditions else edition.source_language
    rendition, source = renditions[shown], renditions[edition.source_language]
    paragraphs = list(_paragraphs_of(edition.pk))
    fill_related(paragraphs, "texts", _texts(sorted({rendition.pk, source.pk})), "paragraph_id")
    fill_related(paragraphs, "citations", _citations(edition.pk), "paragraph_id")
    around = _context(sum(len(each.citations.all()) for each in paragraphs))
    signatures = list(_signatures(edition.pk))
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


@prepared
def _renditions_in_force(edition: int) -> QuerySet[PublishedRendition]:
    return PublishedRendition.objects.filter(edition=edition, in_force=True)


@prepared
def _paragraphs_of(edition: int) -> QuerySet[PublishedParagraph]:
    return PublishedParagraph.objects.filter(edition=edition).select_related("thread").order_by("number")


@prepared
def _texts(renditions: list[int]) -> QuerySet[PublishedText]:
    return PublishedText.objects.filter(rendition__in=renditions)


@prepared
def _citations(edition: int) -> QuerySet[PublishedCitation]:
    found = PublishedCitation.objects.filter(paragraph__edition=edition)
    return found.select_related("edition__text", "edition__byline").order_by("position")


@prepared
def _signatures(edition: int) -> QuerySet[Signature]:
    return Signature.objects.filter(edition=edition).order_by("pk")


def _context(quotes: int) -> int:
    return next((around for most, around in CONTEXT if quotes <= most), 0)


def _read_paragraph(
    paragraph: PublishedParagraph, rendition: PublishedRendition, source: PublishedRendition, around: int
) -> ReadParagraph:
    texts = {text.rendition_id: text for text in paragraph.texts.all()}
    original = texts.get(source.pk)
    translated = texts.get(rendition.pk)
    text = translated or original
    sided = next((each for each in (translated, original) if each and each.against), None)
    return ReadParagraph(
        number=paragraph.number,
        kind=paragraph.kind,
        heading=text.heading if text else "",
        text=text.text if text else "",
        language=text.language if text else source.language,
        is_outdated=bool(translated and original and translated.source_digest != original.source_digest),
        is_untranslated=translated is None and rendition.pk != source.pk,
        quotes=[quote_of(each, around) for each in paragraph.citations.all()],
        against=sided.against if sided else "",
        against_language=sided.language if sided else "",
        thread=paragraph.thread,
    )


def quote_of(citation: PublishedCitation, around: int) -> Quote:
    """Return the words of a citation within `around` characters of context. Its edition comes with text and byline."""
    edition = citation.edition
    # Withdrawn, removed or erased texts are never quoted.
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
