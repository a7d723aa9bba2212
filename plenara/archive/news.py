"""Summaries and consultations as entries of a feed."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import ngettext

from plenara.archive import addresses
from plenara.archive.feeds import tag
from plenara.archive.finding import public_consultations
from plenara.consultations.models import Consultation
from plenara.core import atom, clock
from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import to_html
from plenara.core.vocabulary import licence_name
from plenara.summaries.reading import latest_summaries

#: Summaries that a feed tells of: more than any consultation has.
MOST = 200
#: Consultations that the feed of the whole site tells of.
MOST_CONSULTATIONS = 50


def summaries(consultations: Iterable[Consultation], limit: int = MOST) -> list[atom.Entry]:
    """Return the latest published summaries, one entry each, which changes with every edition. Two queries."""
    entries = []
    for each in latest_summaries([it.pk for it in consultations], limit):
        consultation = each.edition.consultation
        dates = {"first": date_in_words(each.period_from), "last": date_in_words(each.period_to)}
        sentence = ngettext(
            "What was contributed from %(first)s to %(last)s: %(cited)d of %(count)d contribution is cited.",
            "What was contributed from %(first)s to %(last)s: %(cited)d of %(count)d contributions are cited.",
            each.contributions,
        )
        renditions = [it.published_at for it in each.edition.renditions.all() if it.in_force and it.published_at]
        first = each.published_at or each.edition.minted_at
        entries.append(
            atom.Entry(
                id=tag(consultation, f"{consultation.symbol}/SUM/{each.number}"),
                title=f"{each.label}: {each.title.text}" if each.title.text else each.label,
                updated=max([first, *renditions]),
                published=first,
                url=settings.SITE_URL + each.url,
                html=format_html("<p>{}</p>", sentence % {**dates, "cited": each.cited, "count": each.contributions}),
                categories=((f"{settings.SITE_URL}/kinds", "summary"),),
                rights=licence_name(consultation.licence),
            )
        )
    return entries


def of_consultations(consultations: Iterable[Consultation]) -> list[atom.Entry]:
    """Return the consultations, one entry each, which comes again whenever it opens, closes or moves on."""
    return [_consultation(each) for each in consultations]


def _consultation(consultation: Consultation) -> atom.Entry:
    title, intro = in_language(consultation.title), in_language(consultation.intro)
    first = consultation.imported_at or consultation.announced_at or consultation.created_at
    return atom.Entry(
        id=tag(consultation, consultation.symbol),
        title=title.text,
        updated=max([first, *_turns(consultation)]),
        published=first,
        url=addresses.consultation(consultation.slug),
        language=title.language,
        html=format_html("<p>{}</p>{}", consultation.state_label, to_html(intro.text)),
        categories=((f"{settings.SITE_URL}/kinds", "consultation"),),
        rights=licence_name(consultation.licence),
    )


def _turns(consultation: Consultation) -> list[datetime.datetime]:
    """Return the moments at which it opened, closed or moved on, as far as they are past and happened here."""
    if consultation.imported_at:
        return []
    now = clock.now()
    moments = [
        consultation.opens_at,
        consultation.closes_at,
        consultation.synthesis_at,
        consultation.reported_at,
        consultation.archived_at,
    ]
    return [each for each in moments if each and each <= now]


def listed() -> list[Consultation]:
    """Return the public consultations that moved last. One query."""
    return list(public_consultations().order_by("-created_at")[:MOST_CONSULTATIONS])
