"""A summary as a paper, and the compilation of all: what their pages show, with every citation as a note."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import NAMES, current, django_code, in_language
from plenara.core.templatetags.plenara import date_in_words, group_label, language_name, number
from plenara.core.vocabulary import licence_name
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Notes,
    Paper,
    Passage,
    Point,
    Points,
    Table,
    Words,
    address_of,
    byline_of,
    isolated,
    words_in,
)
from plenara.documents.printed_files import Printer
from plenara.documents.queries.editions import Reading, read_edition
from plenara.summaries import periods, presenters
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.printing import queries


def summary_paper(edition: DocumentEdition, language: str, reading: Reading | None = None) -> Paper:
    """Return an edition of a summary as it is shown in a language. `edition` comes with consultation and summary.

    Ten queries, half of them where it was read already.
    """
    with translation.override(django_code(language)):
        consultation, reading = edition.consultation, reading or read_edition(edition, language)
        name = SUMMARY.label(edition.number)
        title = words_in(reading.title, reading.language) if reading.title else Words(name)
        printed = queries.paper_statements(edition.paragraphs.order_by("number"))
        blocks = _by_question(printed)
        if printed.notes:
            blocks += [Heading(Words(_("Notes: the words cited")), anchor="notes"), Notes(tuple(printed.notes))]
        blocks += coverage_blocks(edition)
        blocks += _about(reading, consultation)
        return Paper(
            language=language,
            symbol=edition.symbol,
            eyebrow=name,
            title=title,
            author=installation().name,
            about=in_language(consultation.title).text,
            dated_at=reading.rendition.published_at or edition.published_at or edition.minted_at,
            head=tuple(_head(reading, consultation)),
            blocks=tuple(blocks),
        )


def _by_question(printed: queries.PaperStatements) -> list[Block]:
    """Return the statements in their order; where several in a row stand under a question, below it."""
    blocks: list[Block] = []
    here: int | None = 0
    for paragraph, statement in printed.statements:
        if paragraph.thread_id != here:
            blocks.append(question_heading(paragraph.thread, is_first=not blocks))
            here = paragraph.thread_id
        blocks.append(statement)
    return blocks


def question_heading(thread: Thread | None, *, is_first: bool) -> Heading:
    """Return the heading above the statements on a question, or on the whole."""
    if thread is None:
        whole = _("Statements") if is_first else pgettext("where a statement stands", "No question: of the whole")
        return Heading(Words(whole))
    asked = in_language(thread.question)
    named = _("Question %(number)d: %(question)s") % {"number": thread.number, "question": asked.text}
    return Heading(words_in(named, asked.language))


def _head(reading: Reading, consultation: Consultation) -> Iterator[Passage]:
    edition, summary = reading.edition, reading.edition.summary
    period = periods.in_words(summary.period_from, summary.period_to, consultation)
    whole = in_language(consultation.title)
    yield Passage(words_in(whole.text, whole.language), "lede")
    yield Passage(
        Words(
            ngettext(
                "%(count)d statement on what was contributed from %(period)s. Its notes give the words on which it "
                "rests, and where they stand.",
                "%(count)d statements on what was contributed from %(period)s. The notes to each give the words on "
                "which it rests, and where they stand.",
                len(reading.paragraphs),
            )
            % {"count": len(reading.paragraphs), "period": period}
        )
    )
    published = (
        _("Published on %(date)s.") % {"date": date_in_words(edition.published_at)}
        if edition.published_at
        else _("Undated.")
    )
    yield Passage(Words(" ".join([*presenters.signatures_in_words(reading), published])), "soft")
    rendition = reading.rendition
    if not reading.is_translated:
        yield Passage(
            Words(
                _("This summary is not there in this language yet (%(asked)s). You read the original (%(shown)s).")
                % {"asked": language_name(reading.asked), "shown": language_name(reading.language)}
            ),
            "notice",
        )
    elif rendition.outdated:
        yield Passage(
            Words(_("The original has changed since this was translated. What is outdated is marked.")), "notice"
        )
    if reading.is_by_machine:
        yield Passage(Words(_("Machine translation, reviewed by a person.")), "notice")
    elif rendition.self_reviewed:
        yield Passage(Words(_("This translation was reviewed by its translator: there was nobody else.")), "soft")


def coverage_blocks(edition: DocumentEdition) -> Iterator[Block]:
    """Yield what of its period a summary cites, who is represented, and what it leaves out. One query."""
    figures: dict[str, Any] = edition.summary.figures
    ticks = str(figures.get("ticks", ""))
    if not ticks:
        return
    yield Heading(Words(_("Coverage")), anchor="coverage")
    yield Passage(
        Words(
            ngettext(
                "%(cited)s of %(all)s contribution of the period is cited.",
                "%(cited)s of %(all)s contributions of the period are cited.",
                len(ticks),
            )
            % {"cited": number(ticks.count("1")), "all": number(len(ticks))}
        )
    )
    yield Table(
        _("Contributions of the period by stakeholder group"),
        (_("Stakeholder group"), _("All"), _("Cited")),
        tuple((group_label(it.group), number(it.all), number(it.cited)) for it in presenters.represented(figures)),
    )
    languages = presenters.languages_of(figures)
    yield Table(
        _("Contributions of the period by language"),
        (_("Language"), _("All")),
        tuple((name, number(count)) for name, count in languages),
    )
    yield from _left_out(edition)


def _left_out(edition: DocumentEdition) -> Iterator[Block]:
    found = list(
        edition.summary.left_out.select_related("edition__byline", "edition__text").order_by("edition__number")
    )
    if not found:
        return
    attach_byline_statuses(each.edition for each in found)
    yield Heading(
        Words(ngettext("The other one", "The other %(shown)s", len(found)) % {"shown": number(len(found))}),
        level=3,
    )
    points = []
    for each in found:
        points.append(
            Point(
                Words(each.edition.symbol),
                address=address_of(each.edition),
                byline=() if each.edition.is_gone else byline_of(each.edition),
                label=_("Set aside:") if each.is_set_aside else "",
                more=words_in(each.reason, edition.source_language) if each.is_set_aside else None,
            )
        )
    yield Points(tuple(points))


def _about(reading: Reading, consultation: Consultation) -> Iterator[Block]:
    edition = reading.edition
    yield Heading(Words(_("In six languages")))
    states = {each["code"]: str(each["word"]) for each in presenters.six_languages(reading, consultation.slug)}
    yield Table(
        _("Where this summary stands in each language"),
        (_("Language"), _("State")),
        tuple((name, states[code]) for code, name in NAMES.items()),
    )
    yield Heading(Words(_("Where this stands")))
    permanent = f"{settings.SITE_URL}/s/{edition.symbol}"
    yield Passage(Words(_("Permanent address: %(address)s") % {"address": isolated(permanent)}), "soft", permanent)
    page = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
    yield Passage(Words(_("Consultation: %(address)s") % {"address": isolated(page)}), "soft", page)
    licence = licence_name(consultation.licence)
    yield Passage(Words(_("Licence: %(licence)s") % {"licence": isolated(licence)}), "soft")


def compilation_paper(consultation: Consultation, language: str) -> Paper:
    """Return the compilation of a consultation as it is shown in a language."""
    with translation.override(django_code(language)):
        title = in_language(consultation.title)
        found = PublishedParagraph.objects.filter(
            edition__consultation=consultation, edition__kind=NAME, edition__in_force=True
        )
        printed = queries.paper_statements(
            found.order_by("thread__number", "edition__number", "number"), is_compiled=True
        )
        blocks: list[Block] = []
        here: object = ()
        # What is said of the whole comes first, wherever a database sorts what is of no question.
        in_order = sorted(printed.statements, key=lambda pair: pair[0].thread.number if pair[0].thread else 0)
        for paragraph, statement in in_order:
            if paragraph.thread != here:
                here = paragraph.thread
                blocks.append(question_heading(paragraph.thread, is_first=False))
            blocks.append(statement)
        if printed.notes:
            blocks += [Heading(Words(_("Notes: the words cited")), anchor="notes"), Notes(tuple(printed.notes))]
        page = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
        blocks += [
            Heading(Words(_("Where this stands"))),
            Passage(Words(_("Consultation: %(address)s") % {"address": isolated(page)}), "soft", page),
        ]
        return Paper(
            language=language,
            symbol=consultation.symbol,
            eyebrow=_("Compilation"),
            title=words_in(title.text, title.language),
            author=installation().name,
            about=title.text,
            dated_at=_latest(consultation),
            head=(
                Passage(
                    Words(
                        ngettext(
                            "%(count)s statement of the summaries published so far, by question.",
                            "%(count)s statements of the summaries published so far, by question.",
                            len(printed.statements),
                        )
                        % {"count": number(len(printed.statements))}
                    )
                ),
            ),
            blocks=tuple(blocks),
        )


def _latest(consultation: Consultation):  # type: ignore[no-untyped-def]
    found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True)
    latest = found.order_by("-minted_at").values_list("minted_at", flat=True).first()
    return latest or consultation.created_at


PRINTER = Printer(
    kind=NAME,
    package="summaries",
    folder="printed.files",
    paper=summary_paper,
    cache_tags=lambda consultation: [consultation.cache_tag],
    related=("summary",),
)
