"""The annex of a conference pack: the contributions by symbol, whole, each in its own language."""

from django.db.models.functions import Length
from django.utils import translation
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.contributions.organizations.reading import is_marked
from plenara.core.languages import django_code, in_language
from plenara.documents.printing.entries import entry_of
from plenara.documents.printing.paper import Paper, Passage, Words, words
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
        editions = found.select_related("text", "byline", "thread", "contribution").annotate(is_marked=is_marked())
        entries = [entry_of(each) for each in editions.prefetch_related("signatories__byline")]
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
