"""Published paragraphs in a paper: statements and their notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import current
from plenara.documents import models
from plenara.documents.models import Kind, PublishedCitation, PublishedParagraph, PublishedText
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Note,
    Notes,
    Point,
    Side,
    Statement,
    Words,
    notes_of,
    words_in,
)

type Noted = tuple[PublishedParagraph, Statement]


@dataclass
class NotedParagraphs:
    """Paragraphs and their notes, each in their order."""

    statements: list[Noted] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, paragraphs: QuerySet[PublishedParagraph]) -> None:
        """Add paragraphs with their notes."""
        found = list(self.read(paragraphs))
        attach_byline_statuses(citation.edition for each in found for citation in cited_by(each))
        for each in found:
            if statement := self.statement(each):
                self.statements.append((each, statement))

    def read(self, paragraphs: QuerySet[PublishedParagraph]) -> QuerySet[PublishedParagraph]:
        """Return paragraphs with everything that a paper shows."""
        cited = Prefetch("citations", self.citations(), to_attr="cited")
        found = paragraphs.select_related("edition__consultation", "thread")
        return found.prefetch_related(Prefetch("texts", shown_texts()), cited)

    def citations(self) -> QuerySet[PublishedCitation]:
        """Return the citations that have a note."""
        return PublishedCitation.objects.select_related("edition__text", "edition__byline")

    def statement(self, it: PublishedParagraph) -> Statement | None:
        """Return a paragraph as a statement, and add its notes; None if it has no text."""
        texts = {text.language: text for text in it.texts.all()}
        source = texts.get(it.edition.source_language)
        text = texts.get(current()) or source
        if text is None:
            return None
        anchor = self.anchor(it)
        sided = next((one for one in (text, source) if one and one.against), None)
        against = [each for each in cited_by(it) if sided and each.side == models.Side.AGAINST]
        held = [each for each in cited_by(it) if each not in against]
        first = Side(
            words_in(self.body(it, text), text.language),
            (*self.add_notes(it, held, anchor), *self.add_references(it, anchor)),
            label=str(models.Side.HELD.label) if sided else "",
            holder=self.holder(it, models.Side.HELD),
        )
        sides = [first]
        if sided:
            second = Side(
                words_in(sided.against, sided.language),
                tuple(self.add_notes(it, against, anchor)),
                label=str(models.Side.AGAINST.label),
                holder=self.holder(it, models.Side.AGAINST),
            )
            sides.append(second)
        return Statement(
            number=it.public_number,
            anchor=anchor,
            sides=tuple(sides),
            kind=kind_in_words(it),
            is_frame=it.kind == Kind.FRAME,
            heading=words_in(text.heading, text.language) if text.heading else None,
            source=self.source(it),
            remarks=tuple(_remarks(text, source)),
            objections=self.objections(it),
        )

    def anchor(self, it: PublishedParagraph) -> str:
        """Return the anchor of a paragraph in the paper."""
        return f"s{it.public_number}"

    def body(self, it: PublishedParagraph, text: PublishedText) -> str:
        """Return the words of a paragraph."""
        return text.text

    def holder(self, it: PublishedParagraph, side: str) -> str:
        """Return a sentence below one side of a paragraph, such as how many contributions have this view."""
        return ""

    def source(self, it: PublishedParagraph) -> str:
        """Return the document of a paragraph, if the paper has paragraphs of several."""
        return ""

    def objections(self, it: PublishedParagraph) -> tuple[Point, ...]:
        """Return who objects to a paragraph."""
        return ()

    def add_notes(self, it: PublishedParagraph, citations: list[PublishedCitation], anchor: str) -> Iterator[int]:
        """Add a note for each citation, and yield their numbers."""
        return notes_of(citations, self.notes, anchor, it.public_number)

    def add_references(self, it: PublishedParagraph, anchor: str) -> Iterator[int]:
        """Add a note for each paragraph of another document that is cited, and yield their numbers."""
        return iter(())

    def note_blocks(self, heading: str) -> list[Block]:
        """Return the notes under a heading, if there are any."""
        return [Heading(Words(heading), anchor="notes"), Notes(tuple(self.notes))] if self.notes else []


def cited_by(it: PublishedParagraph) -> list[PublishedCitation]:
    """Return the prefetched citations of a paragraph."""
    found: list[PublishedCitation] = it.cited  # type: ignore[attr-defined]
    return found


def shown_texts() -> QuerySet[PublishedText]:
    """Return the texts of paragraphs in the active language and in their source's."""
    shown = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    return PublishedText.objects.filter(shown, rendition__in_force=True)


def kind_in_words(it: PublishedParagraph) -> str:
    """Return the kind of a paragraph, such as "Recommendation"; blank for a frame."""
    return str(Kind(it.kind).label) if it.kind in Kind.values and it.kind != Kind.FRAME else ""


def _remarks(text: PublishedText, source: PublishedText | None) -> Iterator[str]:
    if text.language != current():
        yield pgettext("label", "not translated yet")
    elif source and text.source_digest != source.source_digest:
        yield _("outdated: the original has changed")
