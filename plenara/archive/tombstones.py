"""The page that stands where a contribution was."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.archive import addresses, told
from plenara.contributions.models import Edition
from plenara.core.views import gone
from plenara.documents.citations import cited_in
from plenara.outcomes.trails import trails_of

#: Statements and paragraphs that a tombstone names.
MOST_NAMED = 20


def tombstone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Return 410 with symbol, date and reason code; none of the words. `edition` comes with consultation and thread."""
    question = addresses.thread(edition.consultation.slug, edition.thread.number)
    return gone(
        request,
        {
            "sentence": told.what_happened(edition),
            "symbol": edition.symbol,
            "reason": told.reason(edition),
            "links": [(_("The question and its contributions"), question), *_rested(edition)],
        },
    )


def _rested(edition: Edition) -> list[tuple[str, str]]:
    """Return (text, address) of the statements and paragraphs that rested on it, so that they can be read again."""
    places = [place for place in cited_in([edition.pk]).get(edition.pk, []) if not place.treatment]
    trail = trails_of([edition.contribution_id]).get(edition.contribution_id)
    found = [(place.label, place.url) for place in places]
    found += [(each.label, each.url) for each in (trail.treated if trail else [])]
    return list(dict.fromkeys(found))[:MOST_NAMED]
