"""What a citation says of an edition of a contribution, a summary or an outcome, of a consultation or a question of it.

It names the very edition that it is of, which can still be read when another has succeeded it.
"""

from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.archive import addresses, symbols, told
from plenara.archive.formats.citations import Kind, Reference
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.languages import current, html_code, in_language
from plenara.core.vocabulary import licence_name
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition, Signature
from plenara.outcomes.places import Place
from plenara.outcomes.reading import renditions_of
from plenara.outcomes.shown import body_name, called, stage_of, title_of


def of_edition(edition: Edition, consultation: Consultation) -> Reference:
    """Return the reference to one edition of a contribution, for good. One query."""
    byline = edition.byline
    question = in_language(edition.thread.question).text
    place = _("Contribution %(number)d to Question %(question)d: %(words)s")
    return Reference(
        symbol=edition.symbol,
        title=edition.title or place % {"number": edition.number, "question": edition.thread.number, "words": question},
        container=in_language(consultation.title).text,
        publisher=installation().name,
        url=symbols.for_good(edition),
        language=edition.language,
        authors=[told.name(byline) or told.name_in_words(byline)],
        on=edition.dated_at,
        note=" · ".join(told.standing_of(edition)),
        licence=licence_name(consultation.licence),
    )


def of_document(edition: DocumentEdition, consultation: Consultation) -> Reference:
    """Return the reference to one edition of a document, in the active language or its source's. Three queries."""
    renditions = {each.language: each for each in PublishedRendition.objects.filter(edition=edition, in_force=True)}
    source = renditions.get(edition.source_language)
    shown = renditions.get(current()) or source
    signed = Signature.objects.filter(edition=edition, part=Signature.Part.WROTE).exclude(name="")
    name, title = kind_of(edition.kind).label(edition.number), shown.title if shown else ""
    publisher = installation().name
    return Reference(
        symbol=edition.symbol,
        title=_("%(name)s: %(title)s") % {"name": name, "title": title} if title else name,
        container=in_language(consultation.title).text,
        publisher=publisher,
        url=symbols.for_good(edition),
        language=html_code(shown.language if shown else edition.source_language),
        kind=Kind.REPORT,
        authors=[each.name for each in signed] or [publisher],
        on=edition.published_at,
        licence=licence_name(consultation.licence),
    )


def of_outcome(
    place: Place, mark: int | None = None, renditions: dict[str, PublishedRendition] | None = None
) -> Reference:
    """Return the reference to a version of an outcome for good, or to a paragraph of it, by its body. Two queries."""
    edition = place.version.edition
    renditions = renditions_of(edition) if renditions is None else renditions
    title = title_of(renditions, edition.source_language)
    known = {"title": called(place.version, title), "stage": stage_of(place.version), "number": mark}
    return Reference(
        symbol=f"{edition.symbol}#s{mark}" if mark is not None else edition.symbol,
        title=(_("%(title)s (%(stage)s), paragraph %(number)d") if mark is not None else _("%(title)s (%(stage)s)"))
        % known,
        container=in_language(place.consultation.title).text,
        publisher=installation().name,
        url=place.for_good if mark is None else f"{place.for_good}#s{mark}",
        language=html_code(title.language),
        kind=Kind.REPORT,
        authors=[body_name(place.body).text],
        on=edition.published_at,
        licence=licence_name(place.consultation.licence),
    )


def of_consultation(consultation: Consultation) -> Reference:
    """Return the reference to a consultation: a set of data, by whoever held it. One query."""
    title, publisher = in_language(consultation.title), installation().name
    return Reference(
        symbol=consultation.symbol,
        title=title.text,
        container=publisher,
        publisher=publisher,
        url=addresses.of_symbol(consultation.symbol),
        language=html_code(title.language),
        kind=Kind.DATASET,
        authors=[publisher],
        on=consultation.opens_at,
        licence=licence_name(consultation.licence),
    )


def of_thread(thread: Thread, consultation: Consultation) -> Reference:
    """Return the reference to a question with all that was contributed to it. One query."""
    question, publisher = in_language(thread.question), installation().name
    symbol = f"{consultation.symbol}/Q{thread.number}"
    title = _("Question %(number)d: %(question)s")
    return Reference(
        symbol=symbol,
        title=title % {"number": thread.number, "question": question.text},
        container=in_language(consultation.title).text,
        publisher=publisher,
        url=addresses.of_symbol(symbol),
        language=html_code(question.language),
        kind=Kind.DATASET,
        authors=[publisher],
        on=consultation.opens_at,
        licence=licence_name(consultation.licence),
    )
