"""What a citation says of a contribution, an edition of it, or a summary."""

from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.archive import addresses, symbols, told
from plenara.archive.formats.citations import Reference
from plenara.common.languages import current, html_code, in_language
from plenara.common.vocabulary import licence_name
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition, Signature


def of_edition(edition: Edition, consultation: Consultation, *, for_good: bool = False) -> Reference:
    """Return the reference to a contribution as it stands, or to this one edition of it for good. One query."""
    byline = edition.byline
    question = in_language(edition.thread.question).text
    place = _("Contribution %(number)d to Question %(question)d: %(words)s")
    return Reference(
        symbol=edition.symbol,
        title=edition.title or place % {"number": edition.number, "question": edition.thread.number, "words": question},
        container=in_language(consultation.title).text,
        publisher=installation().name,
        url=symbols.for_good(edition) if for_good else addresses.of_symbol(edition.symbol),
        language=edition.language,
        authors=[told.name(byline) or told.name_in_words(byline)],
        on=edition.dated_at,
        note=" · ".join(told.standing(byline)),
        licence=licence_name(consultation.licence),
    )


def of_document(edition: DocumentEdition, consultation: Consultation) -> Reference:
    """Return the reference to a published document, in the active language or its source's. Three queries."""
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
        url=addresses.of_symbol(edition.symbol),
        language=html_code(shown.language if shown else edition.source_language),
        is_report=True,
        authors=[each.name for each in signed] or [publisher],
        on=edition.published_at,
        licence=licence_name(consultation.licence),
    )
