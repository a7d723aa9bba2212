"""The page that stands where a contribution was."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.archive import addresses, told
from plenara.common.doors import gone
from plenara.contributions.models import Edition


def tombstone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Return 410 with symbol, date and reason code; none of the words. `edition` comes with consultation and thread."""
    question = addresses.thread(edition.consultation.slug, edition.thread.number)
    return gone(
        request,
        {
            "sentence": told.what_happened(edition),
            "symbol": edition.symbol,
            "reason": told.reason(edition),
            "links": [(_("The question and its contributions"), question)],
        },
    )
