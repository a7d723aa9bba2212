"""Personal data of requesters and answerers: export, erasure, retention."""

import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import (
    Erasure,
    ErasureChoice,
    PublishedTexts,
    counts_published,
    erases,
    locks_before_erasure,
)
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.consultations.models import Consultation, State
from plenara.contributions.models import Byline, Text
from plenara.core import clock
from plenara.core.life_cycle import State as ItemState
from plenara.core.transaction import writing
from plenara.moderation.personal_data import forget_deleted, forget_submitted
from plenara.summaries.corrections.actions import search_index, take_down
from plenara.summaries.models import Correction, CorrectionVersion

REASON = "ERASED"
_UNDECIDED = frozenset({ItemState.PENDING, ItemState.RETURNED, ItemState.PUBLISHED})


@counts_published
def published_corrections(person: Person) -> PublishedTexts:
    """Return how many requests of a person are in the record. One query."""
    counts = Correction.objects.filter(person=person, state=ItemState.PUBLISHED).aggregate(
        all=Count("pk"), bound=Count("pk", filter=Q(consultation__stage=State.ARCHIVED))
    )
    return PublishedTexts(free=counts["all"] - counts["bound"], bound=counts["bound"])


@locks_before_erasure
def lock_corrections(person: Person) -> None:
    """Lock the person's requests, so that nobody decides on them in the meantime."""
    list(Correction.objects.filter(person=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def erase_corrections(erasure: Erasure) -> None:
    """Erase all requests on the working side, and the chosen ones in the record. Answers stay."""
    corrections = list(Correction.objects.filter(person=erasure.person).select_related("consultation", "edition"))
    if not corrections:
        return
    list(
        Consultation.objects.filter(corrections__in=corrections)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    gone = []
    for each in corrections:
        if _stays(each, erasure.choice):
            _blank(each.versions.exclude(state=ItemState.PUBLISHED), erasure)
        else:
            gone.append(each.pk)
            _blank(each.versions.all(), erasure)
            _take_away(each)
        _unname(each, erasure)
        erasure.cache_tags.add(each.consultation.cache_tag)
    search_index.index([each.pk for each in corrections])
    forget_submitted(erasure, "correction", [each.pk for each in corrections])
    forget_deleted("correction", gone)


def _stays(correction: Correction, choice: str) -> bool:
    is_archived = correction.consultation.stage == State.ARCHIVED
    return correction.state == ItemState.PUBLISHED and (choice == ErasureChoice.PARTICIPANT or is_archived)


def _take_away(correction: Correction) -> None:
    if correction.state in _UNDECIDED:
        take_down(correction, ItemState.WITHDRAWN, reason=REASON)
    elif correction.state == ItemState.REMOVED:
        # Its notice stays as it is; withdrawn requests are never restored.
        Correction.objects.filter(pk=correction.pk).update(state=ItemState.WITHDRAWN, reason=REASON)


def _blank(versions: QuerySet, erasure: Erasure) -> None:
    """Blank the words of versions."""
    texts = Text.objects.filter(pk__in=versions.values("text"), erased_at=None)
    texts.update(content="", erased_at=erasure.at)


def _unname(correction: Correction, erasure: Erasure) -> None:
    """Blank the requester. Remaining requests keep the stakeholder group, like contributions."""
    bylines = Byline.objects.filter(pk__in=correction.versions.values("byline"))
    bylines.update(name="", withheld=False, organization="", organization_verified=None, erased_at=erasure.at)
    Correction.objects.filter(pk=correction.pk).update(name="")


@exports(
    "corrections",
    _("Your requests for correction of summaries, with every text that you submitted and the answers"),
    of=["summaries.Correction.person"],
    purpose=Purpose.CONTRIBUTIONS,
)
def corrections(person: Person) -> Rows:
    """Yield the person's requests, each text a row."""
    found = CorrectionVersion.objects.filter(correction__person=person)
    for each in found.select_related("correction__edition", "correction__about", "text", "byline").order_by("pk"):
        it = each.correction
        yield {
            "summary": it.edition.symbol,
            "request": it.number,
            "statement": it.statement,
            "left_out": it.about.symbol if it.about else None,
            "state": it.state,
            "version": each.number,
            "submitted_at": each.submitted_at,
            "language": each.language,
            "text": each.text.content,
            "name": each.byline.name,
            "stakeholder_group": each.byline.stakeholder_group,
            "verdict": it.verdict,
            "answer": it.answer,
            "answered_at": it.answered_at,
        }


@exports(
    "answers",
    _("Your answers to requests for correction"),
    of=["summaries.Correction.answered_by"],
    purpose=Purpose.WORK,
)
def answers(person: Person) -> Rows:
    """Yield the person's answers."""
    for each in Correction.objects.filter(answered_by=person).select_related("edition").order_by("pk"):
        yield {
            "summary": each.edition.symbol,
            "request": each.number,
            "verdict": each.verdict,
            "answer": each.answer,
            "language": each.answer_language,
            "at": each.answered_at,
        }


@writing
def blank_rejected() -> int:
    """Blank the texts of requests that were rejected so long ago that no appeal is possible; return how many.

    The decision stays, with its code; the digest stays too, so that a receipt can still be checked against it.
    """
    now = clock.now()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = CorrectionVersion.objects.filter(
        state=ItemState.REJECTED,
        correction__state=ItemState.REJECTED,
        correction__state_at__lt=before,
    )
    return Text.objects.filter(pk__in=old.values("text"), erased_at=None).update(content="", erased_at=now)
