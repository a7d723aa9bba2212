"""What waits at the desk of the consultation's own texts: to be translated, and to be reviewed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation
from plenara.consultations.own_texts import Left, left_for
from plenara.consultations.todo import ToDo, Urgency, waits
from plenara.core.vocabulary import language_name


@waits
def texts_waiting(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation and language, the texts that wait for a person."""
    return [task for left in left_for(person, consultations) for task in _tasks(left)]


def _tasks(left: Left) -> Iterator[ToDo]:
    url = reverse("desk_texts_in", args=[left.consultation.slug, left.language])
    count = left.missing + left.outdated
    if left.is_mine and count:
        sentence = ngettext(
            "%(count)d text of the consultation waits to be translated (%(language)s).",
            "%(count)d texts of the consultation wait to be translated (%(language)s).",
            count,
        )
        yield _task(sentence, count, left, url, Urgency.IN_TIME)
    if left.may_review:
        sentence = ngettext(
            "%(count)d translated text of the consultation is to be reviewed (%(language)s).",
            "%(count)d translated texts of the consultation are to be reviewed (%(language)s).",
            left.may_review,
        )
        yield _task(sentence, left.may_review, left, url, Urgency.SOON)


def _task(sentence: str, count: int, left: Left, url: str, urgency: Urgency) -> ToDo:
    values = {"count": count, "language": language_name(left.language)}
    return ToDo(sentence % values, url, _("Open the translation"), urgency, left.consultation)
