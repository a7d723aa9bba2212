"""Paragraphs of the record as a paper has them, of outcomes and of summaries: each with the notes that it rests on.

Everything is from the record, in the active language, or in the source's where that is missing, which it says. Ten
queries, whatever the number of paragraphs and citations.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.contributions.organizations.reading import tell
from plenara.core.languages import current, in_language
from plenara.core.templatetags.plenara import number as figure
from plenara.documents.models import (
    Kind,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedText,
    Side,
    Treatment,
)
from plenara.documents.printing import notes as citing
from plenara.documents.printing import paper
from plenara.documents.printing.entries import anchor_of
from plenara.documents.printing.paper import Name, Note, Point, words
from plenara.outcomes.models import Agreement, PublishedObjection, PublishedStand
from plenara.outcomes.shown import statement_label, statement_url

#: Notes that a paper has. Of more, each paragraph has the first ones, and says where the others are told.
MOST_NOTES = 600


def room(paragraphs: Iterable[int]) -> int:
    """Return the notes that each of some paragraphs may have in one paper; 0: all of them. Two queries."""
    ids = list(paragraphs)
    cited = PublishedCitation.objects.filter(paragraph__in=ids).count()
    cited += PublishedReference.objects.filter(paragraph__in=ids).count()
    return 0 if cited <= MOST_NOTES else max(1, MOST_NOTES // len(ids))


@dataclass
class Told:
    """Paragraphs in their order, and the notes to them in the order of their numbers."""

    statements: list[tuple[PublishedParagraph, paper.Statement]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    #: Contributions that are in full in the same paper: notes lead there.
    whole: frozenset[int] = frozenset()
    #: Contributions that each paragraph cites in a note, and statements; 0: all.
    most: int = 0

    def add(self, paragraphs: QuerySet[PublishedParagraph], *, prefix: str = "") -> list[PublishedParagraph]:
        """Tell more paragraphs. With a prefix, for anchors, each says where it stands."""
        found = list(_with_all(paragraphs, self.most))
        tell(citation.edition for each in found for citation in each.cited)  # type: ignore[attr-defined]
        for each in found:
            if statement := self._statement(each, prefix):
                self.statements.append((each, statement))
        return found

    def _statement(self, it: PublishedParagraph, prefix: str) -> paper.Statement | None:
        texts = {text.language: text for text in it.texts.all()}
        source = texts.get(it.edition.source_language)
        text = texts.get(current()) or source
        if text is None:
            return None
        stand = getattr(it, "stand", None)
        anchor = f"{prefix}s{it.told_as}"
        sided = next((one for one in (text, source) if one and one.against), None)
        cited: list[PublishedCitation] = it.cited  # type: ignore[attr-defined]
        against = [each for each in cited if sided and each.side == Side.AGAINST]
        held = [each for each in cited if each not in against]
        body = f"[{text.text}]" if stand and stand.agreement == Agreement.BRACKETED else text.text
        first = paper.Side(
            words(body, text.language),
            (*self._notes(held, anchor, it.told_as), *self._references(it, anchor)),
            label=str(Side.HELD.label) if sided else "",
            holder=" · ".join(filter(None, [_state(it, stand), self._further(it)])),
        )
        sides = [first]
        if sided:
            numbers = tuple(self._notes(against, anchor, it.told_as))
            sides.append(paper.Side(words(sided.against, sided.language), numbers, label=str(Side.AGAINST.label)))
        return paper.Statement(
            number=it.told_as,
            anchor=anchor,
            sides=tuple(sides),
            kind=_kind(it),
            is_frame=it.kind == Kind.FRAME,
            heading=words(text.heading, text.language) if text.heading else None,
            source=f"{statement_label(it)} ({it.edition.symbol})" if prefix else "",
            remarks=tuple(_remarks(text, source)),
            said=tuple(_objection(each) for each in stand.objections.all()) if stand else (),
        )

    def _further(self, it: PublishedParagraph) -> str:
        """Say that a paragraph cites more than its notes tell."""
        rest = it.count - len(it.cited) if self.most else 0  # type: ignore[attr-defined]
        if rest <= 0:
            return ""
        said = ngettext(
            "%(count)s further contribution in the traceability matrix",
            "%(count)s further contributions in the traceability matrix",
            rest,
        )
        return said % {"count": figure(rest)}

    def _notes(self, citations: list[PublishedCitation], anchor: str, number: int) -> Iterator[int]:
        """Add a note for each citation, with its treatment and reason, and yield their numbers."""
        for each, made in zip(citations, citing.notes_of(citations, self.notes, anchor, number), strict=True):
            edition = each.edition
            self.notes[-1] = paper.treated(
                self.notes[-1],
                _treatment(each.treatment),
                _reason(each.reason),
                anchor_of(edition) if edition.contribution_id in self.whole else "",
            )
            yield made

    def _references(self, it: PublishedParagraph, anchor: str) -> Iterator[int]:
        """Add a note for each statement or paragraph of another document that is cited."""
        for each in it.referred_to:  # type: ignore[attr-defined]
            statement = each.statement
            texts = {text.language: text.text for text in statement.texts.all()}
            said = in_language(texts)
            number = len(self.notes) + 1
            self.notes.append(
                Note(
                    number=number,
                    anchor=anchor,
                    statement=it.told_as,
                    symbol=statement.edition.symbol,
                    address=f"{settings.SITE_URL}{statement_url(statement)}",
                    byline=(Name(statement_label(statement)), Name(statement.edition.symbol, is_own=True)),
                    words=words(said.text, said.language),
                    treatment=_treatment(each.treatment),
                    reason=_reason(each.reason),
                )
            )
            yield number


def _with_all(paragraphs: QuerySet[PublishedParagraph], most: int) -> Iterable[PublishedParagraph]:
    in_words = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    texts = PublishedText.objects.filter(in_words, rendition__in_force=True)
    cited = PublishedCitation.objects.select_related("edition__text", "edition__byline", "reason__edition")
    references = PublishedReference.objects.select_related("statement__edition__consultation", "reason__edition")
    cited, references = cited.order_by("position"), references.order_by("position")
    if most:
        paragraphs = paragraphs.annotate(count=Count("citations"))
        cited, references = cited[:most], references[:most]
    return paragraphs.select_related("edition__consultation", "stand__section", "thread").prefetch_related(
        Prefetch("texts", texts),
        Prefetch("citations", cited, to_attr="cited"),
        Prefetch("references", references, to_attr="referred_to"),
        Prefetch("referred_to__statement__texts", texts),  # type: ignore[misc]
        "stand__objections",
    )


def _kind(it: PublishedParagraph) -> str:
    return str(Kind(it.kind).label) if it.kind in Kind.values and it.kind != Kind.FRAME else ""


def _state(it: PublishedParagraph, stand: PublishedStand | None) -> str:
    """Return where a paragraph of an outcome stands, and what it is: "agreed · Recommendation"."""
    if stand is None:
        return ""
    return " · ".join(filter(None, [str(Agreement(stand.agreement).label), _kind(it)]))


def _objection(it: PublishedObjection) -> Point:
    who = Name(it.name, is_own=True) if it.name else Name(pgettext("of a body", "A member"))
    return Point(words(it.reason, it.language), byline=(who,), label=_("Objection by"))


def _remarks(text: PublishedText, source: PublishedText | None) -> Iterator[str]:
    if text.language != current():
        yield _("not translated yet")
    elif source and text.source_digest != source.source_digest:
        yield _("outdated: the original has changed")


def _treatment(code: str) -> str:
    return str(Treatment(code).label) if code in Treatment.values else ""


def _reason(it: PublishedReason | None) -> paper.Words | None:
    if it is None:
        return None
    found = in_language(it.words())
    return words(found.text, found.language)
