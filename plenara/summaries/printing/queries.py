"""What is printed: the statements of the record with the notes that they rest on, and what a conference pack is
about.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import current
from plenara.documents.models import DocumentEdition, Kind, PublishedCitation, PublishedParagraph, PublishedText, Side
from plenara.documents.presenters import paper
from plenara.documents.presenters.paper import Note, notes_of
from plenara.summaries import periods
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.queries import statement_holders
from plenara.summaries.queries.coverage import editions_of
from plenara.summaries.queries.statement_holders import Line


@dataclass(frozen=True)
class Scope:
    """What a pack is about."""

    consultation: Consultation
    edition: DocumentEdition | None  # none: the compilation
    asked_at: datetime.datetime

    def citations(self) -> QuerySet[PublishedCitation]:
        """Return what its statements cite."""
        if self.edition:
            return PublishedCitation.objects.filter(paragraph__edition=self.edition)
        return PublishedCitation.objects.filter(
            paragraph__edition__consultation=self.consultation,
            paragraph__edition__kind=NAME,
            paragraph__edition__in_force=True,
        )

    def contributions(self) -> QuerySet[Edition]:
        """Return the contributions it is about, as they stand now: notices of those that are gone, too."""
        of_then = Q(contribution__editions__revision=0, contribution__editions__minted_at__lte=self.asked_at)
        found = Edition.objects.filter(of_then, consultation=self.consultation, in_force=True)
        if self.edition:
            summary = self.edition.summary
            of_period = editions_of(self.consultation, summary.period_from, summary.period_to).values("contribution")
            cited = self.citations().values("edition__contribution")
            found = found.filter(Q(contribution__in=of_period) | Q(contribution__in=cited))
        return found.order_by("number").distinct()

    def cited(self) -> set[int]:
        """Return the ids of the contributions that a statement cites. One query."""
        return set(self.citations().values_list("edition__contribution_id", flat=True))

    def period(self) -> str:
        """Return the period of its summary in words; nothing of a compilation."""
        if self.edition is None:
            return ""
        return periods.in_words(self.edition.summary.period_from, self.edition.summary.period_to, self.consultation)


@dataclass
class PaperStatements:
    """Statements, and the notes to them in the order of their numbers."""

    statements: list[tuple[PublishedParagraph, paper.Statement]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def paper_statements(paragraphs: QuerySet[PublishedParagraph], *, is_compiled: bool = False) -> PaperStatements:
    """Return paragraphs as statements. Compiled from several summaries, each says where it stands."""
    asked = current()
    texts = PublishedText.objects.filter(rendition__in_force=True)
    texts = texts.filter(Q(language=asked) | Q(language=F("paragraph__edition__source_language")))
    cited = PublishedCitation.objects.select_related("edition__text", "edition__byline")
    found = paragraphs.select_related("edition__summary", "thread").prefetch_related(
        Prefetch("texts", texts), Prefetch("citations", cited)
    )
    attach_byline_statuses(citation.edition for each in found for citation in each.citations.all())
    it = PaperStatements()
    held: dict[int, dict[int, list[Line]]] = {}  # who holds each statement, by edition
    for each in found:
        if each.edition_id not in held:
            held[each.edition_id] = statement_holders.lines(each.edition.summary.figures)
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
        paper.words_in(text.text, text.language),
        tuple(notes_of(held, notes, anchor, number)),
        label=str(Side.HELD.label) if sided else "",
        holder=holders.get(Side.HELD, ""),
    )
    sides = [first]
    if sided:
        second = paper.Side(
            paper.words_in(sided.against, sided.language),
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
        heading=paper.words_in(text.heading, text.language) if text.heading else None,
        source=_("%(summary)s (%(symbol)s), statement %(number)d")
        % {"summary": SUMMARY.label(each.edition.number), "symbol": symbol, "number": number}
        if is_compiled
        else "",
        remarks=tuple(remarks),
    )
