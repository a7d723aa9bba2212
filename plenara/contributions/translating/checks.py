"""What a translation of a contribution may be."""

from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.core.machines import translation as machine
from plenara.core.refusals import Answer, No

#: Characters of a translation, and of its title: some languages need half as many again as the original.
MOST_CHARACTERS, MOST_TITLE = 200_000, 600


def known_language(language: str) -> Answer:
    """It is in one of the six languages."""
    return language in NAMES or No(_("Choose one of the six languages."), "language", "language")


def says_something(content: str) -> Answer:
    """It has words, and not too many."""
    if not content:
        return No(_("Write the translation."), "empty", "content")
    return len(content) <= MOST_CHARACTERS or No(
        _("The text has %(count)d characters. It can have %(limit)d at most.")
        % {"count": len(content), "limit": MOST_CHARACTERS},
        "too_long",
        "content",
    )


def title_fits(title: str) -> Answer:
    """Its title fits a line or two."""
    return len(title) <= MOST_TITLE or No(
        _("This has %(count)d characters. It can have %(limit)d at most.") % {"count": len(title), "limit": MOST_TITLE},
        "too_long",
        "title",
    )


def has_machine() -> Answer:
    """The operator has set up a machine that translates."""
    return machine.is_configured() or No(_("No machine that translates is set up here."), "no_machine")


def machine_knows(source: str) -> Answer:
    """A machine translates from one of the six languages."""
    return bool(source) or No(
        _("It is written in none of the six languages: a person has to translate it."), "no_source"
    )
