"""What was found as entries of a feed. A contribution's entry is the one that every other feed has."""

import datetime
from collections.abc import Iterator

from django.conf import settings

from plenara.archive import addresses, feeds
from plenara.archive.searching.results import Result, Results
from plenara.archive.searching.snippets import as_text
from plenara.consultations.models import Consultation
from plenara.core import atom
from plenara.core.text import first_words

#: The day of ids of what belongs to the site itself, as of its own feed.
_BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def entries(results: Results) -> Iterator[feeds.Told]:
    """Yield what was found, in its order. Two queries."""
    symbols = [each.found.symbol for each in results.rows if each.kind.code == "contribution"]
    known = feeds.of_symbols(symbols)
    for each in results.rows:
        entry = known.get(each.found.symbol) if each.kind.code == "contribution" else None
        entry = entry or _of_another(each)
        if entry:
            yield entry


def _of_another(result: Result) -> atom.Entry | None:
    """Return the entry of a thing of another kind; nothing of one that has no date."""
    found = result.found
    consultation = found.consultation if isinstance(found.consultation, Consultation) else None
    place = found.url.rsplit("#", 1)[1] if "#" in found.url else ""
    at = found.at or (consultation.created_at if consultation else None)
    if at is None:
        return None
    title = [found.label or result.kind.name, found.title or first_words(found.text, 80)]
    return atom.Entry(
        # A statement is an entry of its own in each language, as each is found for itself.
        id=feeds.tag(consultation, f"{found.symbol}?{result.kind.code}={place}&language={found.language}")
        if consultation and found.symbol
        # Whatever is no consultation's has an address of its own, which is the same in each language but for its name.
        else atom.tag(settings.SITE_URL, _BEGAN, f"/{found.url.split('/', 2)[-1]}"),
        title=" · ".join(filter(None, title)),
        updated=at,
        published=at,
        url=addresses.site(found.url),
        language=found.language,
        author=found.byline.name if found.byline and not found.byline.withheld else "",
        summary=as_text(result.snippet),
    )
