"""What differs between an edition of a document and the one before it, by paragraph. From the record alone."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from plenara.consultations.models import Thread
from plenara.documents.models import (
    DocumentEdition,
    Kind,
    PublishedCitation,
    PublishedParagraph,
    PublishedText,
)

ADDED, GONE, CHANGED, SAME = "added", "gone", "changed", "same"


@dataclass(frozen=True)
class Words:
    """A statement's words in one edition, in one language."""

    heading: str
    text: str
    against: str


NO_WORDS = Words("", "", "")


@dataclass(frozen=True)
class Changed:
    """A statement before and after."""

    number: int  # as readers have it in the later edition; of one that is gone, in the earlier
    was: PublishedParagraph | None
    now: PublishedParagraph | None
    before: Words
    after: Words
    language: str
    is_original: bool  # shown in the source's language, since the reader's does not tell the change

    @property
    def what(self) -> str:
        """Return `added`, `gone`, `changed` or `same`. A place among the others is no change."""
        if self.was is None or self.now is None:
            return ADDED if self.was is None else GONE
        differs = self.before != self.after or self.kind_was or self.has_moved_question
        return CHANGED if differs or self.cited or self.uncited or self.treated_anew else SAME

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """The parts of its words that differ, each before and after; of what came or went, all of them."""
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
        return bool(self.was and self.now and self.was.told_as != self.now.told_as)

    @cached_property
    def cited(self) -> list[PublishedCitation]:
        """Citations that came."""
        return _only(self.now, self.was)

    @cached_property
    def uncited(self) -> list[PublishedCitation]:
        """Citations that went."""
        return _only(self.was, self.now)

    @cached_property
    def treated_anew(self) -> list[tuple[PublishedCitation, PublishedCitation]]:
        """Citations that stayed and are treated in another way, each before and after."""
        if self.was is None or self.now is None:
            return []
        before = {(each.edition_id, each.words, each.side): each for each in self.was.citations.all()}
        pairs = [(before.get((each.edition_id, each.words, each.side)), each) for each in self.now.citations.all()]
        return [(was, now) for was, now in pairs if was and was.treatment != now.treatment]


def _only(here: PublishedParagraph | None, there: PublishedParagraph | None) -> list[PublishedCitation]:
    if here is None:
        return []
    known = {(each.edition_id, each.words, each.side) for each in there.citations.all()} if there else set()
    # Words that were erased are blank in one edition and in the other: only which contribution is told.
    return [each for each in here.citations.all() if (each.edition_id, each.words, each.side) not in known]


def changes_between(earlier: DocumentEdition, later: DocumentEdition, language: str) -> list[Changed]:
    """Return the statements of two editions, those that are gone after the others. Eight queries.

    Words are told in `language` where both editions have them in it, made from the source of their edition; else in the
    source's: a translation that has not followed yet would hide what changed.
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
    mine = [_words(each, language, source) for each, source in zip((was, now), sources, strict=True)]
    shown = language
    if None in mine:
        mine = [_words(each, source, source) for each, source in zip((was, now), sources, strict=True)]
        shown = sources[1]
    paragraph = now or was
    assert paragraph is not None
    return Changed(
        number=paragraph.told_as,
        was=was,
        now=now,
        before=mine[0] or NO_WORDS,
        after=mine[1] or NO_WORDS,
        language=shown,
        is_original=shown != language,
    )


def _words(paragraph: PublishedParagraph | None, language: str, source: str) -> Words | None:
    """Return a statement's words in a language; nothing where they are not there, or are of an older source."""
    if paragraph is None:
        return NO_WORDS
    texts = {each.language: each for each in paragraph.texts.all()}
    mine, original = texts.get(language), texts.get(source)
    if mine is None or (original is not None and mine.source_digest != original.source_digest):
        return None
    return Words(mine.heading, mine.text, mine.against)


def titles_of(edition: DocumentEdition, language: str) -> dict[str, str]:
    """Return an edition's titles in a language and in its source's, by language. One query."""
    found = edition.renditions.filter(in_force=True, language__in=[language, edition.source_language])
    return dict(found.values_list("language", "title"))
