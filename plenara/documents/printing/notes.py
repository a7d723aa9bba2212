"""Notes: whose words a paragraph rests on, which, and where they stand for good."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from plenara.contributions.models import Edition
from plenara.documents.models import PublishedCitation
from plenara.documents.printing import paper
from plenara.documents.printing.bylines import byline_of
from plenara.documents.printing.paper import Name, Note


def notes_of(citations: Iterable[PublishedCitation], notes: list[Note], anchor: str, statement: int) -> Iterator[int]:
    """Add a note for each citation, and yield their numbers."""
    for citation in citations:
        edition = citation.edition
        words = words_of(citation)
        number = len(notes) + 1
        notes.append(
            Note(
                number=number,
                anchor=anchor,
                statement=statement,
                symbol=edition.symbol,
                address=address_of(edition),
                byline=(Name(edition.symbol, is_own=True),) if words is None else byline_of(edition),
                words=paper.words(words or "", edition.language),
                gone=_("withdrawn or removed; its words are no longer shown") if words is None else "",
            )
        )
        yield number


def words_of(citation: PublishedCitation) -> str | None:
    """Return the words cited; None of what is withdrawn, removed or erased, which nothing quotes any more."""
    edition = citation.edition
    if edition.is_gone or edition.text is None or edition.text.erased_at is not None:
        return None
    return citation.words


def address_of(edition: Edition) -> str:
    """Return the permalink of the edition that has the words, whatever the language of who follows it.

    The symbol of a first edition names the contribution, whatever its edition in force: where that is a later one, the
    first has `/Rev.0` in its permalink.
    """
    first = "/Rev.0" if edition.revision == 0 and not edition.in_force else ""
    return f"{settings.SITE_URL}/s/{edition.symbol}{first}"
