"""The annex of a conference pack: the contributions by symbol, whole, each in its own language."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models.functions import Length
from django.utils import translation
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.common.languages import django_code, in_language
from plenara.common.templatetags.plenara import date_in_words, language_name
from plenara.contributions.models import Edition
from plenara.summaries.printing.bylines import byline_of, isolated
from plenara.summaries.printing.paper import Entry, Paper, Passage, Words, words
from plenara.summaries.printing.scope import Scope

#: Contributions in one file, and characters: a file of these is set in some ten seconds.
PART, MOST_CHARACTERS = 100, 300_000


def parts(scope: Scope) -> list[tuple[int, int]]:
    """Return the first and last number of each part. One query."""
    found: list[list[int]] = []
    room = 0
    told = scope.contributions().annotate(size=Length("text__content")).values_list("number", "size")
    for number, size in told:
        if not found or len(found[-1]) == PART or room < (size or 0):
            found.append([])
            room = MOST_CHARACTERS
        found[-1].append(number)
        room -= size or 0
    return [(numbers[0], numbers[-1]) for numbers in found]


def annex_paper(scope: Scope, language: str, first: int, last: int) -> Paper:
    """Return the contributions from one number to another as a paper. Four queries."""
    with translation.override(django_code(language)):
        found = scope.contributions().filter(number__range=(first, last))
        editions = found.select_related("text", "byline", "thread", "contribution")
        entries = [_entry(each) for each in editions.prefetch_related("signatories__byline")]
        title = in_language(scope.consultation.title)
        return Paper(
            language=language,
            symbol=scope.consultation.symbol,
            eyebrow=_("Annex: contributions %(first)d to %(last)d") % {"first": first, "last": last},
            title=words(title.text, title.language),
            author=installation().name,
            about=title.text,
            dated_at=scope.asked_at,
            head=(Passage(Words(_("In the order of their numbers, each in the language in which it was written."))),),
            blocks=tuple(entries),
        )


def _entry(edition: Edition) -> Entry:
    address = f"{settings.SITE_URL}/c/{edition.contribution.public_id}"
    if edition.is_gone or edition.text is None or edition.text.erased_at is not None:
        return Entry(
            number=edition.number,
            symbol=edition.symbol,
            address=address,
            byline=(),
            told=(),
            title=None,
            words=Words(""),
            gone=_("withdrawn or removed; its words are no longer shown"),
        )
    return Entry(
        number=edition.number,
        symbol=edition.symbol,
        address=address,
        byline=byline_of(edition.byline),
        told=tuple(_told(edition)),
        title=words(edition.title, edition.language) if edition.title else None,
        words=words(edition.text.content, edition.language),
        signed=tuple(byline_of(each) for each in edition.also_signed_by),
    )


def _told(edition: Edition) -> Sequence[str]:
    told = [_("Question %(number)d") % {"number": edition.thread.number}, language_name(edition.language)]
    if edition.dated_at:
        told.append(date_in_words(edition.dated_at))
    if edition.in_reply_to:
        told.append(_("in reply to %(number)d") % {"number": edition.in_reply_to})
    if edition.paper_id:
        told.append(isolated(_("with a document, which is on its page")))
    return told
