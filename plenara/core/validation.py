"""Validation of texts in one language and in several. Each answer names its form field."""

import datetime
from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.models import AuditEntry
from plenara.core.prepared import planned_once
from plenara.core.refusals import Answer, Denied, Sentence
from plenara.core.vocabulary import language_name


def short_enough(text: str, most: int, field: str | None, sentence: str = "") -> Answer:
    """A text has at most `limit` characters. A custom `sentence` has the placeholders `count` and `limit`."""
    sentence = sentence or _("This text has %(count)d characters. The limit is %(limit)d: shorten the text.")
    return len(text) <= most or Denied(sentence % {"count": len(text), "limit": most}, "too_long", field)


def text_fits(name: str, code: str, text: str, most: int) -> Answer:
    """A text in one of the six languages is not empty and not too long."""
    field = f"{name}_{code}"
    if code not in NAMES:
        return Denied(_("The text must be in one of the six languages."), "language", field)
    if len(text) > most:
        return Denied(
            _("%(language)s: this text has %(count)d characters. The limit is %(limit)d: shorten the text.")
            % {"language": language_name(code), "count": len(text), "limit": most},
            "too_long",
            field,
        )
    if not any(letter.isalnum() for letter in text):
        return Denied(
            _("%(language)s: this text contains no words. Enter at least one word.")
            % {"language": language_name(code)},
            "empty",
            field,
        )
    return True


def texts_fit(name: str, texts: Mapping[str, str], most: int) -> list[Answer]:
    """A text in several languages fits in each; return the errors."""
    answers = (text_fits(name, code, text, most) for code, text in texts.items())
    return [answer for answer in answers if not answer]


def in_some_language(name: str, texts: Mapping[str, str], sentence: Sentence, language: str) -> Answer:
    """A text exists in at least one language."""
    return any(texts.values()) or Denied(sentence, "missing", f"{name}_{language}")


def count_within_an_hour(actor_id: int, *verbs: str) -> int:
    """Return how often somebody has done one of these within the last hour. One query."""
    since = clock.now() - datetime.timedelta(hours=1)
    return sum(_count_since(actor_id, list(verbs), since))


@planned_once
def _count_since(actor_id: int, verbs: list[str], since: datetime.datetime) -> QuerySet[AuditEntry, int]:
    done = AuditEntry.objects.filter(actor_id=actor_id, verb__in=verbs, at__gt=since)
    return done.values("actor_id").annotate(count=Count("id")).values_list("count", flat=True)
