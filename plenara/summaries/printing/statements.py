"""Statements of the record as a paper has them, each with the notes that it rests on.

Everything is from the record, in the active language, or in the source's where that is missing, which it says. Four
queries, whatever the number of statements and citations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from plenara.common.languages import current
from plenara.contributions.models import Edition
from plenara.documents.models import Kind, PublishedCitation, PublishedParagraph, PublishedText, Side
from plenara.summaries import holding
from plenara.summaries.holding import Line
from plenara.summaries.kind import SUMMARY
from plenara.summaries.printing import paper
from plenara.summaries.printing.bylines import byline_of
from plenara.summaries.printing.paper import Name, Note


@dataclass
class Told:
    """Statements, and the notes to them in the order of their numbers."""

    statements: list[tuple[PublishedParagraph, paper.Statement]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def told(paragraphs: QuerySet[PublishedParagraph], *, is_compiled: bool = False) -> Told:
    """Return paragraphs as statements. Compiled from several summaries, each says where it stands."""
    asked = current()
    texts = PublishedText.objects.filter(rendition__in_force=True)
    texts = texts.filter(Q(language=asked) | Q(language=F("paragraph__edition__source_language")))
    cited = PublishedCitation.objects.select_related("edition__text", "edition__byline")
    found = paragraphs.select_related("edition__summary", "thread").prefetch_related(
        Prefetch("texts", texts), Prefetch("citations", cited)
    )
    it = Told()
    held: dict[int, dict[int, list[Line]]] = {}  # who holds each statement, by edition
    for each in found:
        if each.edition_id not in held:
            held[each.edition_id] = holding.lines(each.edition.summary.figures)
        if statement := _statement(each, it.notes, asked, held[each.edition_id], is_compiled=is_compiled):
            it.statements.append((each, statement))
    return it


def _statement(
    each: PublishedParagraph, notes: list[Note], asked: str, lines: dict[int, list[Line]], *, is_compiled: bool
) -> paper.Statement | None:
    texts = {text.language: text for text in each.texts.all()}
    source = texts.get(each.edition.source_language)
    text = texts.get(asked) or source
    if text is None:
        return None
    number, symbol = each.number, each.edition.symbol
    anchor = f"s{each.edition.number}-{number}" if is_compiled else f"s{number}"
    citations = list(each.citations.all())
    sided = next((one for one in (text, source) if one and one.against), None)
    against = [citation for citation in citations if sided and citation.side == Side.AGAINST]
    held = [citation for citation in citations if citation not in against]
    holders = {line.side: line.sentence for line in lines.get(number, [])}
    first = paper.Side(
        paper.words(text.text, text.language),
        tuple(_notes(held, notes, anchor, number)),
        label=str(Side.HELD.label) if sided else "",
        holder=holders.get(Side.HELD, ""),
    )
    sides = [first]
    if sided:
        second = paper.Side(
            paper.words(sided.against, sided.language),
            tuple(_notes(against, notes, anchor, number)),
            label=str(Side.AGAINST.label),
            holder=holders.get(Side.AGAINST, ""),
        )
        sides.append(second)
    remarks = []
    if text.language != asked:
        remarks.append(_("not translated yet"))
    elif source and text.source_digest != source.source_digest:
        remarks.append(_("outdated: the original has changed"))
    return paper.Statement(
        number=number,
        anchor=anchor,
        sides=tuple(sides),
        kind=str(Kind(each.kind).label) if each.kind in Kind.values and each.kind != Kind.FRAME else "",
        is_frame=each.kind == Kind.FRAME,
        heading=paper.words(text.heading, text.language) if text.heading else None,
        source=_("%(summary)s (%(symbol)s), statement %(number)d")
        % {"summary": SUMMARY.label(each.edition.number), "symbol": symbol, "number": number}
        if is_compiled
        else "",
        remarks=tuple(remarks),
    )


def _notes(citations: list[PublishedCitation], notes: list[Note], anchor: str, statement: int) -> Iterator[int]:
    """Add a note for each citation, and yield their numbers."""
    for citation in citations:
        edition = citation.edition
        words = words_of(citation)
        number = len(notes) + 1
        notes.append(
            Note(
                number=number,
                anchor=anchor,
                statement=statement,
                symbol=edition.symbol,
                address=address_of(edition),
                byline=(Name(edition.symbol, is_own=True),) if words is None else byline_of(edition.byline),
                words=paper.words(words or "", edition.language),
                gone=_("withdrawn or removed; its words are no longer shown") if words is None else "",
            )
        )
        yield number


def words_of(citation: PublishedCitation) -> str | None:
    """Return the words cited; None of what is withdrawn, removed or erased, which nothing quotes any more."""
    edition = citation.edition
    if edition.is_gone or edition.text is None or edition.text.erased_at is not None:
        return None
    return citation.words


def address_of(edition: Edition) -> str:
    """Return the permalink of the edition that has the words, whatever the language of who follows it.

    The symbol of a first edition names the contribution, whatever its edition in force: where that is a later one, the
    first has `/Rev.0` in its permalink.
    """
    first = "/Rev.0" if edition.revision == 0 and not edition.in_force else ""
    return f"{settings.SITE_URL}/s/{edition.symbol}{first}"
