"""Contributions in full, as a paper has them: each whole, in the language in which it was written."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from plenara.contributions.models import Edition
from plenara.core.templatetags.plenara import date_in_words, language_name
from plenara.documents.printing.bylines import byline_of, isolated, signed_by
from plenara.documents.printing.paper import Entry, Words, words


def anchor_of(edition: Edition) -> str:
    """Return where a contribution stands in a paper that has it in full."""
    return f"c{edition.contribution_id}"


def entry_of(edition: Edition, *, is_linked: bool = False) -> Entry:
    """Return a contribution as it stands. `edition` comes with its text, byline, thread and contribution.

    With `is_linked` it has an anchor, for a paper that links to it.
    """
    anchor = anchor_of(edition) if is_linked else ""
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
            anchor=anchor,
        )
    return Entry(
        number=edition.number,
        symbol=edition.symbol,
        address=address,
        byline=byline_of(edition),
        told=tuple(_told(edition)),
        title=words(edition.title, edition.language) if edition.title else None,
        words=words(edition.text.content, edition.language),
        signed=tuple(signed_by(each) for each in edition.also_signed_by),
        anchor=anchor,
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
