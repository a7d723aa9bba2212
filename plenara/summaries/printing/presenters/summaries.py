"""A summary as a paper, and the compilation of all: as on their pages, with every citation as a note."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import NAMES, current, django_code, in_language, join_sentences
from plenara.core.templatetags.plenara import group_label, number
from plenara.documents.actions.printed_files import Printer
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.documents.presenters.editions import (
    address_passage,
    licence_passage,
    published_in_words,
    translation_notices,
)
from plenara.documents.presenters.noted_paragraphs import NotedParagraphs
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Paper,
    Passage,
    Point,
    Points,
    Table,
    Words,
    address_of,
    byline_of,
    localized,
    passage,
    words_in,
)
from plenara.documents.queries.editions import Reading, read_edition
from plenara.summaries import periods, presenters
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.queries import statement_holders


@dataclass
class NotedStatements(NotedParagraphs):
    """The statements of a summary, or compiled from several, each with its source."""

    is_compiled: bool = False
    #: The sentence on each statement's contributions, by edition and number.
    holders: dict[int, dict[int, list[statement_holders.Line]]] = field(default_factory=dict)

    def read(self, paragraphs: QuerySet[PublishedParagraph]) -> QuerySet[PublishedParagraph]:
        return super().read(paragraphs).select_related("edition__summary")

    def anchor(self, it: PublishedParagraph) -> str:
        return f"s{it.edition.number}-{it.number}" if self.is_compiled else f"s{it.number}"

    def holder(self, it: PublishedParagraph, side: str) -> str:
        if it.edition_id not in self.holders:
            self.holders[it.edition_id] = statement_holders.lines(it.edition.summary.figures)
        lines = self.holders[it.edition_id].get(it.number, [])
        return next((line.sentence for line in lines if line.side == side), "")

    def source(self, it: PublishedParagraph) -> str:
        if not self.is_compiled:
            return ""
        names = {"summary": SUMMARY.label(it.edition.number), "symbol": it.edition.symbol, "number": it.number}
        return _("%(summary)s (%(symbol)s), statement %(number)d") % names


def summary_paper(edition: DocumentEdition, language: str, reading: Reading | None = None) -> Paper:
    """Return an edition of a summary as a paper in a language. `edition` comes with consultation and summary.

    Ten queries, half of them if it was read already.
    """
    with translation.override(django_code(language)):
        consultation, reading = edition.consultation, reading or read_edition(edition, language)
        name = SUMMARY.label(edition.number)
        noted = NotedStatements()
        noted.add(edition.paragraphs.order_by("number"))
        blocks = [
            *_by_question(noted),
            *noted.note_blocks(_("Notes: the words cited")),
            *coverage_blocks(edition),
            *_about(reading, consultation),
        ]
        return Paper(
            language=language,
            symbol=edition.symbol,
            eyebrow=name,
            title=words_in(reading.title, reading.language) if reading.title else Words(name),
            author=installation().name,
            about=in_language(consultation.title).text,
            dated_at=reading.rendition.published_at or edition.published_at or edition.minted_at,
            head=tuple(_head(reading, consultation)),
            blocks=tuple(blocks),
        )


def _by_question(noted: NotedParagraphs) -> Iterator[Block]:
    """Yield the statements in their order, consecutive ones on a question below it."""
    here: int | None = 0
    for place, (paragraph, statement) in enumerate(noted.statements):
        if paragraph.thread_id != here:
            yield question_heading(paragraph.thread, is_first=not place)
            here = paragraph.thread_id
        yield statement


def question_heading(thread: Thread | None, *, is_first: bool) -> Heading:
    """Return the heading above the statements on a question, or on the whole."""
    if thread is None:
        whole = (
            pgettext("label", "Statements")
            if is_first
            else pgettext("place of a statement", "No question: about the whole consultation")
        )
        return Heading(Words(whole))
    return Heading(question_in_words(thread))


def question_in_words(thread: Thread) -> Words:
    """Return a question with its number."""
    asked = in_language(thread.question)
    named = pgettext("label", "Question %(number)d: %(question)s") % {"number": thread.number, "question": asked.text}
    return words_in(named, asked.language)


def _head(reading: Reading, consultation: Consultation) -> Iterator[Passage]:
    edition, summary = reading.edition, reading.edition.summary
    period = periods.in_words(summary.period_from, summary.period_to, consultation)
    yield Passage(localized(in_language(consultation.title)), "lede")
    sentence = ngettext(
        "%(count)d statement on the contributions from the period %(period)s. The notes quote the "
        "words on which it is based and give their source.",
        "%(count)d statements on the contributions from the period %(period)s. The notes quote "
        "the words on which each is based and give their source.",
        len(reading.paragraphs),
    )
    yield passage(sentence % {"count": len(reading.paragraphs), "period": period})
    yield passage(join_sentences(*presenters.signatures_in_words(reading), published_in_words(edition)), "soft")
    yield from translation_notices(
        reading.rendition,
        _("This summary is not available in %(asked)s yet. You are reading the original (%(shown)s)."),
    )
    if reading.rendition.self_reviewed and not reading.is_by_machine:
        yield passage(_("The translator reviewed this translation, because no one else was available."), "soft")


def coverage_blocks(edition: DocumentEdition) -> Iterator[Block]:
    """Yield the share of its period that a summary cites, the groups represented, and what it leaves out. One query."""
    figures: dict[str, object] = edition.summary.figures
    ticks = str(figures.get("ticks", ""))
    if not ticks:
        return
    yield Heading(Words(pgettext("label", "Coverage")), anchor="coverage")
    sentence = ngettext(
        "%(cited)s of %(all)s contribution from the period is cited.",
        "%(cited)s of %(all)s contributions from the period are cited.",
        len(ticks),
    )
    yield passage(sentence % {"cited": number(ticks.count("1")), "all": number(len(ticks))})
    yield Table(
        _("Contributions from the period by stakeholder group"),
        (pgettext("label", "Stakeholder group"), pgettext("label", "All"), pgettext("label", "Cited")),
        tuple((group_label(it.group), number(it.all), number(it.cited)) for it in presenters.represented(figures)),
    )
    yield Table(
        _("Contributions from the period by language"),
        (pgettext("label", "Language"), pgettext("label", "All")),
        tuple((name, number(count)) for name, count in presenters.languages_of(figures)),
    )
    yield from _left_out(edition)


def _left_out(edition: DocumentEdition) -> Iterator[Block]:
    left_out = edition.summary.left_out.select_related("edition__byline", "edition__text")
    found = list(left_out.order_by("edition__number"))
    if not found:
        return
    attach_byline_statuses(each.edition for each in found)
    heading = ngettext(
        "The contribution that is not cited", "The %(shown)s contributions that are not cited", len(found)
    ) % {"shown": number(len(found))}
    yield Heading(Words(heading), level=3)
    points = (
        Point(
            Words(each.edition.symbol),
            address=address_of(each.edition),
            byline=() if each.edition.is_gone else byline_of(each.edition),
            label=pgettext("label", "Set aside:") if each.is_set_aside else "",
            more=words_in(each.reason, edition.source_language) if each.is_set_aside else None,
        )
        for each in found
    )
    yield Points(tuple(points))


def _about(reading: Reading, consultation: Consultation) -> Iterator[Block]:
    edition = reading.edition
    yield Heading(Words(pgettext("label", "In six languages")))
    states = {each["code"]: str(each["word"]) for each in presenters.six_languages(reading, consultation.slug)}
    yield Table(
        _("State of this summary in each language"),
        (pgettext("label", "Language"), pgettext("label", "State")),
        tuple((name, states[code]) for code, name in NAMES.items()),
    )
    yield Heading(Words(_("Where to find this document")))
    yield address_passage(
        pgettext("label", "Permanent address: %(address)s"), f"{settings.SITE_URL}/s/{edition.symbol}"
    )
    yield page_passage(consultation)
    yield licence_passage(consultation)


def page_passage(consultation: Consultation) -> Passage:
    """Return a sentence with the address of a consultation's page."""
    page = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
    return address_passage(_("Consultation: %(address)s"), page)


def consultation_paper(
    consultation: Consultation,
    language: str,
    eyebrow: str,
    dated_at: datetime.datetime,
    *,
    head: Iterator[Passage],
    blocks: Iterator[Block],
    symbol: str = "",
) -> Paper:
    """Return a paper about a whole consultation, with its title."""
    title = in_language(consultation.title)
    return Paper(
        language=language,
        symbol=symbol or consultation.symbol,
        eyebrow=eyebrow,
        title=localized(title),
        author=installation().name,
        about=title.text,
        dated_at=dated_at,
        head=tuple(head),
        blocks=tuple(blocks),
    )


def compilation_paper(consultation: Consultation, language: str) -> Paper:
    """Return the compilation of a consultation as a paper in a language."""
    with translation.override(django_code(language)):
        editions = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True)
        latest = editions.order_by("-minted_at").values_list("minted_at", flat=True).first()
        paragraphs = PublishedParagraph.objects.filter(
            edition__consultation=consultation, edition__kind=NAME, edition__in_force=True
        )
        noted = NotedStatements(is_compiled=True)
        noted.add(paragraphs.order_by("thread__number", "edition__number", "number"))
        count = len(noted.statements)
        sentence = ngettext(
            "%(count)s statement of the summaries published so far, by question.",
            "%(count)s statements of the summaries published so far, by question.",
            count,
        )
        return consultation_paper(
            consultation,
            language,
            pgettext("label", "Compilation"),
            latest or consultation.created_at,
            head=iter([passage(sentence % {"count": number(count)})]),
            blocks=_compilation(noted, consultation),
        )


def _compilation(noted: NotedParagraphs, consultation: Consultation) -> Iterator[Block]:
    here: object = ()
    # Statements on the whole come first, however a database sorts NULL.
    for paragraph, statement in sorted(
        noted.statements, key=lambda pair: pair[0].thread.number if pair[0].thread else 0
    ):
        if paragraph.thread != here:
            here = paragraph.thread
            yield question_heading(paragraph.thread, is_first=False)
        yield statement
    yield from noted.note_blocks(_("Notes: the words cited"))
    yield Heading(Words(_("Where to find this document")))
    yield page_passage(consultation)


PRINTER = Printer(
    kind=NAME,
    package="summaries",
    folder="printed.files",
    paper=summary_paper,
    cache_tags=lambda consultation: [consultation.cache_tag],
    related=("summary",),
)
