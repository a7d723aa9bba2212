"""Pending translations, of one document and across all consultations of a person; and the translation memory."""

import datetime
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from rapidfuzz import fuzz, process

from plenara.accounts.models import Person
from plenara.consultations.models import Role, RoleName
from plenara.consultations.permissions import roles_of
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.text import digest
from plenara.documents.kinds import Translating, kind_of, translated_kinds
from plenara.documents.models import (
    Document,
    MemoryUnit,
    ParagraphText,
    PublishedText,
    Rendition,
    RenditionState,
    State,
    digest_of,
)
from plenara.documents.queries.drafts import Phrase, phrases_of_many

#: The number of a published paragraph for readers (`PublishedParagraph.public_number`).
PUBLIC_NUMBER = Coalesce("paragraph__mark", "paragraph__number")
#: Below this per cent, two texts share only words that every text has.
LEAST = 70
#: Matches shown for one text.
MOST_MATCHES = 3
#: Pairs read from the record, and from imported memories.
MOST_PUBLISHED, MOST_BROUGHT = 3_000, 2_000
#: Characters of all texts times characters of all candidates: about a second.
MOST_COMPARED = 60_000_000_000


@dataclass(frozen=True)
class Segment:
    """A text and its translation, and their place. `number` 0: imported."""

    source: str
    target: str
    is_heading: bool | None  # None: either
    kind: str = ""
    number: int = 0
    statement: int = 0
    symbol: str = ""

    @property
    def name(self) -> str:
        """The name of the paragraph with its document; blank if imported."""
        return kind_of(self.kind).passage(self.number, self.statement) if self.number else ""


@dataclass(frozen=True)
class Match:
    """A segment with a source similar to a text to translate: 100 is identical."""

    score: int
    segment: Segment

    @property
    def is_exact(self) -> bool:
        """Whether the text is identical."""
        return self.score == 100


def name_of(match: Match) -> str:
    """Return the name of a match in a form, which stays valid when the memory grows."""
    return digest(match.segment.target)[:16]


def segments(document: Document, language: str, texts: Iterable[str], digests: Iterable[str]) -> list[Segment]:
    """Return the memory from a document's language into another, the most likely segments first. Two queries.

    `texts` are to be translated; `digests` are those of its whole paragraphs. Identical texts come first, then those
    of the same consultation, then newer ones.
    """
    return [*_published(document, language, list(digests)), *_brought(document, language, texts)]


def _published(document: Document, language: str, digests: list[str]) -> Iterable[Segment]:
    # Two languages of one statement are a pair, whichever was the source, if made from the same words.
    pairs = PublishedText.objects.filter(
        language=language,
        rendition__in_force=True,
        paragraph__texts__language=document.source_language,
        paragraph__texts__rendition__in_force=True,
        paragraph__texts__source_digest=F("source_digest"),
    ).exclude(text="")
    pairs = pairs.order_by(
        _first(source_digest__in=digests),
        _first(paragraph__edition__consultation=document.consultation_id),
        "-paragraph__edition_id",
        "paragraph__number",
    )
    edition = "paragraph__edition__"
    rows = pairs.values_list(
        *(f"paragraph__texts__{each}" for each in ("heading", "text", "against")), "heading", "text", "against",
        f"{edition}kind", f"{edition}number", PUBLIC_NUMBER, f"{edition}symbol",
    )  # fmt: skip
    for row in rows[:MOST_PUBLISHED]:
        for place in range(3):
            if row[place] and row[place + 3]:
                yield Segment(row[place], row[place + 3], place == 0, *row[6:])


def _brought(document: Document, language: str, texts: Iterable[str]) -> Iterable[Segment]:
    units = MemoryUnit.objects.filter(
        consultation=document.consultation_id, source_language=document.source_language, language=language
    )
    exact = [digest(each) for each in texts if each]
    rows = units.order_by(_first(source_digest__in=exact), "-pk").values_list("source", "target")
    for source, target in rows[:MOST_BROUGHT]:
        yield Segment(source, target, None)


def _first(**condition: object) -> Case:
    """Return an order that puts rows that meet a condition first."""
    if [] in condition.values():
        return Case(default=Value(1), output_field=IntegerField())
    return Case(When(**condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def memory_matches[K](
    wanted: Mapping[K, str], found: list[Segment], *, headings: bool = False, most: int = MOST_MATCHES
) -> dict[K, list[Match]]:
    """Return the best matches of each text by its key, the best first; equals in the order of `found`."""
    wanted = {key: text for key, text in wanted.items() if text}
    found = [each for each in found if each.is_heading in (None, headings)]
    if not wanted or not found:
        return {}
    room = MOST_COMPARED // sum(len(each) for each in wanted.values())
    candidates: list[str] = []
    for each in found:
        room -= len(each.source)
        if room < 0:
            break
        candidates.append(_plain(each.source))
    return {key: _best(text, candidates, found, most) for key, text in wanted.items()}


def _best(text: str, candidates: list[str], found: list[Segment], most: int) -> list[Match]:
    plain, best = _plain(text), dict[str, Match]()
    # More than are shown: the same translation may be in several editions.
    near = process.extract(plain, candidates, scorer=fuzz.ratio, processor=None, score_cutoff=LEAST, limit=most * 8)
    for source, score, place in near:
        segment = found[place]
        # Only identical texts are 100: a different figure in a long text must not look like none.
        best.setdefault(segment.target, Match(100 if source == plain else min(int(score), 99), segment))
    return list(best.values())[:most]


def _plain(text: str) -> str:
    return " ".join(text.split())


_WORD = re.compile(r"[^\W_]+(?:[’'\-.,][^\W_]+)*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Left:
    """The pending work on a document in one language."""

    document: Document
    language: str
    rendition: Rendition | None
    total: int  # statements
    missing: int
    outdated: int
    title_is_pending: bool
    phrases: int  # headings of sections and reasons that are missing
    words: int  # of missing or outdated texts, in the source: characters, if it is Chinese

    @property
    def state(self) -> RenditionState:
        """The state of the rendition."""
        return RenditionState(self.rendition.state) if self.rendition else RenditionState.MISSING

    @property
    def ready(self) -> int:
        """Statements that are translated from the present source."""
        return self.total - self.missing - self.outdated

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to translate."""
        return not (self.missing or self.outdated or self.title_is_pending or self.phrases)

    @property
    def in_draft(self) -> int:
        """Statements that are translated while others are not, or that nobody has reviewed."""
        return self.ready if self.state in (RenditionState.DRAFT, RenditionState.OUTDATED) else 0

    @property
    def to_review(self) -> int:
        """Statements that only need a review."""
        return self.in_draft if self.is_complete else 0


def length_of(text: str, language: str) -> int:
    """Return the length of a text to translate: words, in Chinese characters."""
    return len(_SPACE.sub("", text)) if language == "zh" else len(_WORD.findall(text))


def is_missing(target: ParagraphText, source: ParagraphText) -> bool:
    """Return whether a translation lacks a part of its source: heading, text, opposing view."""
    return lacks((target.heading, target.text, target.against), (source.heading, source.text, source.against))


def is_old(target: ParagraphText, source: ParagraphText) -> bool:
    """Return whether a translation is complete and made from another source than the present one."""
    return not is_missing(target, source) and bool(target.text) and target.source_digest != source.digest


def lacks(now: Sequence[str], source: Sequence[str]) -> bool:
    """Return whether any source text has no translation."""
    return any(there and not here for there, here in zip(source, now, strict=True))


def workload(documents: Sequence[Document], languages: Mapping[int, Collection[str]]) -> list[Left]:
    """Return the pending work on documents in the languages given by id. Two queries, whatever their number.

    For a kind with reasons and sections, two more.
    """
    codes = {code for some in languages.values() for code in some} | {each.source_language for each in documents}
    rows = ParagraphText.objects.filter(paragraph__document__in=documents, language__in=codes).values_list(
        "paragraph__document", "paragraph", "language", "heading", "text", "against", "source_digest"
    )
    texts: dict[tuple[int, str], dict[int, tuple[str, ...]]] = {}
    for document, paragraph, code, *words in rows.iterator(chunk_size=2000):
        texts.setdefault((document, code), {})[paragraph] = tuple(words)
    renditions = {
        (each.document_id, each.language): each
        for each in Rendition.objects.filter(document__in=documents, language__in=codes).select_related("translator")
    }
    phrases = phrases_of_many(documents, sorted(codes))
    return [
        _left(document, code, texts, renditions.get((document.pk, code)), phrases.get((document.pk, code), []))
        for document in documents
        for code in languages.get(document.pk, ())
        if code != document.source_language
    ]


def _left(
    document: Document,
    code: str,
    texts: dict[tuple[int, str], dict[int, tuple[str, ...]]],
    rendition: Rendition | None,
    phrases: Sequence[Phrase],
) -> Left:
    sources = texts.get((document.pk, document.source_language), {})
    translated = texts.get((document.pk, code), {})
    missing = outdated = words = 0
    for paragraph, (*source, _none) in sources.items():
        *now, made_from = translated.get(paragraph, ("", "", "", ""))
        is_absent = lacks(now, source)
        is_old = not is_absent and made_from != digest_of(*source)
        missing, outdated = missing + is_absent, outdated + is_old
        if is_absent or is_old:
            words += sum(length_of(each, document.source_language) for each in source)
    title = document.title.get(document.source_language, "")
    title_is_pending = bool(title) and (
        not document.title.get(code) or rendition is None or rendition.title_digest != digest(title)
    )
    if title_is_pending:
        words += length_of(title, document.source_language)
    beside = [each for each in phrases if not each.text]
    words += sum(length_of(each.source, document.source_language) for each in beside)
    return Left(document, code, rendition, len(sources), missing, outdated, title_is_pending, len(beside), words)


#: Roles that see the state of every language, whether they translate or not.
SEE_ALL = (RoleName.RAPPORTEUR, RoleName.ORGANIZER)
_NONE_DUE = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class PendingTranslation:
    """A document in one language that must still be translated, reviewed or published."""

    left: Left
    is_own: bool  # whether the person is a translator into the language
    translators: list[str] = field(default_factory=list)

    @property
    def document(self) -> Document:
        return self.left.document

    @property
    def name(self) -> str:
        """The name of the document."""
        number = self.document.number
        return kind_of(self.document.kind).label(number) if number else self._kind.in_making()

    @property
    def url(self) -> str:
        """The address of its translation."""
        return self._kind.url(self.document, self.left.language)

    @property
    def is_settled(self) -> bool:
        """Whether the original is approved. Before, it may still change."""
        return self.document.state in (State.APPROVED, State.PUBLISHED)

    @property
    def due_at(self) -> datetime.datetime | None:
        """When it should be published."""
        return self._kind.due_at(self.document)

    @property
    def is_late(self) -> bool:
        """Whether that moment has passed."""
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def since(self) -> datetime.datetime:
        """When work could begin."""
        return self.document.approved_at or self.document.created_at

    @property
    def _kind(self) -> Translating:
        return translated_kinds()[self.document.kind]


def pending_translations(person: Person) -> list[PendingTranslation]:
    """Return the unpublished translations, the most urgent and oldest first. Five queries at most.

    If there are documents with reasons or sections, two more.
    """
    languages = _languages(person)
    if not languages:
        return []
    documents = _documents(languages)
    done = _done(documents)
    wanted = {
        each.pk: [code for code in languages[each.consultation_id] if (each.pk, code) not in done] for each in documents
    }
    documents = [each for each in documents if any(code != each.source_language for code in wanted[each.pk])]
    translators = _translators(languages)
    own_languages = {(where, code) for where, name, code in roles_of(person) if name == RoleName.TRANSLATOR}
    found = [
        PendingTranslation(
            left,
            (left.document.consultation_id, left.language) in own_languages,
            translators.get((left.document.consultation_id, left.language), []),
        )
        for left in workload(documents, wanted)
        if left.total
    ]
    return sorted(found, key=lambda each: (each.due_at or _NONE_DUE, each.since, each.document.pk))


def _documents(consultations: Iterable[int]) -> list[Document]:
    kinds = translated_kinds()
    related = {name for each in kinds.values() for name in each.related}
    found = Document.objects.filter(consultation__in=list(consultations), kind__in=kinds)
    return list(found.select_related("consultation", *sorted(related)))


def _languages(person: Person) -> dict[int, list[str]]:
    """Return the languages whose state a person may see, by consultation."""
    found: dict[int, set[str]] = {}
    for where, name, code in roles_of(person):
        if name in SEE_ALL:
            found.setdefault(where, set()).update(NAMES)
        elif name == RoleName.TRANSLATOR:
            found.setdefault(where, set()).add(code)
    return {where: [code for code in NAMES if code in codes] for where, codes in found.items()}


def _done(documents: Iterable[Document]) -> set[tuple[int, str]]:
    """Return the documents and languages without pending work: published, or waiting only for the original."""
    states = {each.pk: each.state for each in documents}
    rows = Rendition.objects.filter(
        document__in=states, state__in=(RenditionState.PUBLISHED, RenditionState.REVIEWED)
    ).values_list("document", "language", "state")
    return {
        (document, code)
        for document, code, state in rows
        if state == RenditionState.PUBLISHED or states[document] != State.PUBLISHED
    }


def _translators(consultations: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    rows = Role.objects.filter(
        consultation__in=list(consultations),
        name=RoleName.TRANSLATOR,
        person__is_active=True,
        person__suspended_at=None,
    )
    found: dict[tuple[int, str], list[str]] = {}
    for where, code, name in rows.order_by("pk").values_list("consultation", "language", "person__name"):
        found.setdefault((where, code), []).append(name)
    return found
