"""What of a person's requests for correction goes with their account, and what stays under "A participant"."""

from typing import Any

from django.db.models import Count, Q

from plenara.accounts.erasing import Choice, Erasure, Published, erases, foresees, holds
from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, State
from plenara.contributions.models import Byline, Text
from plenara.moderation.erasing import forget_gone, forget_submitted
from plenara.summaries.correcting import searching
from plenara.summaries.correcting.publishing import take_down
from plenara.summaries.models import Correction, CorrectionState

REASON = "ERASED"
_UNDECIDED = frozenset({CorrectionState.PENDING, CorrectionState.RETURNED, CorrectionState.PUBLISHED})


@foresees
def published(person: Person) -> Published:
    """Return how many requests of a person stand in the record. One query."""
    counts = Correction.objects.filter(person=person, state=CorrectionState.PUBLISHED).aggregate(
        all=Count("pk"), bound=Count("pk", filter=Q(consultation__stage=State.ARCHIVED))
    )
    return Published(free=counts["all"] - counts["bound"], bound=counts["bound"])


@holds
def hold(person: Person) -> None:
    """Wait for whoever decides on a request of the person, and let nobody begin to."""
    list(Correction.objects.filter(person=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def corrections(erasure: Erasure) -> None:
    """Take every request out of the working side, and out of the record those that are to go. Answers stay."""
    mine = list(Correction.objects.filter(person=erasure.person).select_related("consultation", "edition"))
    if not mine:
        return
    list(Consultation.objects.filter(corrections__in=mine).select_for_update(of=("self",), no_key=True).order_by("pk"))
    gone = []
    for each in mine:
        if _stays(each, erasure.choice):
            _blank(each.versions.exclude(state=CorrectionState.PUBLISHED), erasure)
        else:
            gone.append(each.pk)
            _blank(each.versions.all(), erasure)
            _take_away(each)
        _unname(each, erasure)
        erasure.cache_tags.add(each.consultation.cache_tag)
    searching.keep([each.pk for each in mine])
    forget_submitted(erasure, "correction", [each.pk for each in mine])
    forget_gone("correction", gone)


def _stays(correction: Correction, choice: str) -> bool:
    is_archived = correction.consultation.stage == State.ARCHIVED
    return correction.state == CorrectionState.PUBLISHED and (choice == Choice.PARTICIPANT or is_archived)


def _take_away(correction: Correction) -> None:
    if correction.state in _UNDECIDED:
        take_down(correction, CorrectionState.WITHDRAWN, reason=REASON)
    elif correction.state == CorrectionState.REMOVED:
        # Its notice stays as it is; what is withdrawn is never restored.
        Correction.objects.filter(pk=correction.pk).update(state=CorrectionState.WITHDRAWN, reason=REASON)


def _blank(versions: Any, erasure: Erasure) -> None:
    """Blank the words of versions."""
    texts = Text.objects.filter(pk__in=versions.values("text"), erased_at=None)
    texts.update(content="", erased_at=erasure.at)


def _unname(correction: Correction, erasure: Erasure) -> None:
    """Blank who asked. The group stays with what stays, as it does of a contribution."""
    bylines = Byline.objects.filter(pk__in=correction.versions.values("byline"))
    bylines.update(name="", withheld=False, organization="", organization_verified=None, erased_at=erasure.at)
    Correction.objects.filter(pk=correction.pk).update(name="")
