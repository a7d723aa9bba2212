"""What waits at the desk: requests for correction to be answered, of organizers those that are late; and put right."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import has_role
from plenara.consultations.todo import ToDo, Urgency, waits
from plenara.core.templatetags.plenara import date_in_words
from plenara.documents.models import Signature, State
from plenara.summaries.correcting import rules
from plenara.summaries.correcting.upheld import to_put_right
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction, CorrectionState


@waits
def corrections_waiting(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation, the requests that a person may answer, and those that are late. Three queries.

    Who wrote in a summary sees its requests only where they are late and they organize it: whether nobody else is left
    to answer is asked on the page itself.
    """
    where = {each.pk: each for each in consultations if has_role(person, each, *rules.ANSWER)}
    if not where:
        return []
    found = list(
        Correction.objects.filter(
            consultation__in=where, state=CorrectionState.PUBLISHED, verdict="", answer_due_at__isnull=False
        )
        .exclude(person=person)
        .select_related("edition", "consultation")
        .order_by("answer_due_at", "pk")
    )
    if not found:
        return []
    wrote = _written_by(person, {each.edition_id for each in found})
    tasks = []
    for pk, consultation in where.items():
        here = [each for each in found if each.consultation_id == pk]
        mine = [each for each in here if each.edition_id not in wrote]
        late = [each for each in here if each.is_late]
        organizes = has_role(person, consultation, RoleName.ORGANIZER)
        if late and (organizes or any(each in mine for each in late)):
            tasks.append(_task(consultation, late, is_late=True))
        elif mine:
            tasks.append(_task(consultation, mine, is_late=False))
    return tasks


@waits
def corrections_upheld(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for its rapporteurs, each summary of which something was upheld that nobody has put right. One query."""
    where = {each.pk: each for each in consultations if has_role(person, each, RoleName.RAPPORTEUR)}
    if not where:
        return []
    found = to_put_right().filter(consultation__in=where, edition__document__state__in=[State.DRAFT, State.PUBLISHED])
    rows = found.values_list("consultation", "edition__document__summary", "edition__document__number")
    return [
        ToDo(
            ngettext(
                "%(count)d request for correction is upheld and not put right yet: %(summary)s.",
                "%(count)d requests for correction are upheld and not put right yet: %(summary)s.",
                count,
            )
            % {"count": count, "summary": SUMMARY.label(number)},
            reverse("summaries:workbench", args=[where[pk].slug, summary]),
            _("Correct the summary"),
            Urgency.SOON,
            where[pk],
        )
        for pk, summary, number, count in rows.annotate(count=Count("pk")).order_by("edition__document__number")
    ]


def _written_by(person: Any, editions: set[int]) -> set[int]:
    """Return those of some editions in which a person wrote. Two queries."""
    signed = Signature.objects.filter(edition__in=editions, part=Signature.Part.WROTE, person=person)
    found = set(signed.values_list("edition_id", flat=True))
    writing = Correction.objects.filter(edition__in=editions, edition__document__writers=person)
    return found | set(writing.values_list("edition_id", flat=True))


def _task(consultation: Consultation, some: list[Correction], *, is_late: bool) -> ToDo:
    if is_late:
        sentence = ngettext(
            "%(count)d request for correction should have been answered by now.",
            "%(count)d requests for correction should have been answered by now.",
            len(some),
        ) % {"count": len(some)}
    else:
        sentence = ngettext(
            "%(count)d request for correction waits for an answer, until %(day)s.",
            "%(count)d requests for correction wait for an answer, the first until %(day)s.",
            len(some),
        ) % {"count": len(some), "day": date_in_words(some[0].due_day)}
    address = reverse("summaries:desk_corrections", args=[consultation.slug])
    urgency = Urgency.NOW if is_late else Urgency.SOON
    return ToDo(sentence, address, _("Answer"), urgency, consultation, some[0].published_at)
