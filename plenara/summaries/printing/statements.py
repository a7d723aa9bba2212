"""Statements of the record as a paper has them, each with the notes that it rests on.

Everything is from the record, in the active language, or in the source's where that is missing, which it says. Four
queries, whatever the number of statements and citations.
"""

from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from plenara.contributions.organizations.reading import tell
from plenara.core.languages import current
from plenara.documents.models import Kind, PublishedCitation, PublishedParagraph, PublishedText, Side
from plenara.documents.printing import paper
from plenara.documents.printing.notes import notes_of
from plenara.documents.printing.paper import Note
from plenara.summaries import holding
from plenara.summaries.holding import Line
from plenara.summaries.kind import SUMMARY


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
    tell(citation.edition for each in found for citation in each.citations.all())
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
        tuple(notes_of(held, notes, anchor, number)),
        label=str(Side.HELD.label) if sided else "",
        holder=holders.get(Side.HELD, ""),
    )
    sides = [first]
    if sided:
        second = paper.Side(
            paper.words(sided.against, sided.language),
            tuple(notes_of(against, notes, anchor, number)),
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
