"""What a dispute and its answer may say, and how often one disputes."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import Act
from plenara.core.refusals import Answer, No

#: Characters of a reason and of an answer; disputes of one person in a day.
MOST_CHARACTERS, MOST_A_DAY = 2_000, 10


def words_fit(text: str, field: str) -> Answer:
    """It says something, and not too much."""
    if not any(character.isalnum() for character in text):
        return No(_("Write why.") if field == "text" else _("Give the reason."), "empty", field)
    return len(text) <= MOST_CHARACTERS or No(
        _("This has %(count)d characters. It can have %(limit)d at most.")
        % {"count": len(text), "limit": MOST_CHARACTERS},
        "too_long",
        field,
    )


def known_language(language: str, field: str) -> Answer:
    """A text is in one of the six languages."""
    return language in CODES or No(_("Choose the language of your text."), "language", field)


def not_too_often(person: Any) -> Answer:
    """A person disputes so many bylines a day."""
    since = clock.now() - datetime.timedelta(days=1)
    sent = Act.objects.filter(actor_id=person.pk, verb="byline.disputed", at__gt=since).count()
    return sent < MOST_A_DAY or No(
        _("You have disputed %(count)d bylines today. Go on tomorrow.") % {"count": sent}, "too_often"
    )
