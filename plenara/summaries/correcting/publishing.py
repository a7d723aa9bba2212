"""The way of requests between the working side and the record: into the record, out of it, and back.

Called inside the transaction of the act that decided it; never by a view.
"""

import datetime
from typing import Any

from django.db.models import Max

from plenara.consultations.models import Consultation
from plenara.core import audit, clock, waiting
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require
from plenara.summaries import tasks
from plenara.summaries.correcting import searching, states
from plenara.summaries.correcting.deadlines import REMIND_DAYS, answer_due
from plenara.summaries.models import Correction, CorrectionState, CorrectionVersion


def publish(version: CorrectionVersion, *, actor: Any) -> Correction:
    """Let a request stand on its summary's page: with a number, its words and byline, and a day for its answer."""
    correction = version.correction
    require(states.allows(correction.state, "publish"))
    # Numbers count in the summary, whatever the edition; the consultation's row is held by whoever publishes in it.
    Consultation.objects.select_for_update(no_key=True).get(pk=correction.consultation_id)
    if correction.number is None:
        asked = Correction.objects.filter(edition__document_id=correction.edition.document_id)
        correction.number = 1 + (asked.aggregate(last=Max("number"))["last"] or 0)
    version.state = CorrectionState.PUBLISHED
    version.save(update_fields=["state"])
    _show(correction, version)
    correction.published_at = clock.now()
    correction.answer_due_at = answer_due(correction.published_at, correction.consultation)
    stand(correction, CorrectionState.PUBLISHED, "")
    audit.log("correction.published", actor=actor, about=correction, consultation=correction.consultation)
    about = {"correction_id": correction.pk}
    reminded_at = correction.answer_due_at - datetime.timedelta(days=REMIND_DAYS)
    for occasion, due_at in (("asked", clock.now()), ("soon", reminded_at), ("late", correction.answer_due_at)):
        key = f"correction-{occasion}-{correction.pk}"
        tasks.tell_answerers.using(key=key, run_after=due_at).enqueue(occasion=occasion, **about)
    invalidate(correction.consultation.cache_tag, nothing_goes=True)
    return correction


def _show(correction: Correction, version: CorrectionVersion) -> None:
    """Copy a version's words and byline into the record."""
    byline = version.byline
    correction.byline, correction.name = byline, byline.name[:120]
    correction.stakeholder_group = byline.stakeholder_group
    correction.language, correction.text = version.language, version.text.content


def take_down(correction: Correction, state: str, *, reason: str) -> Correction:
    """Leave a notice where a request stood, and stop what waits. Its words go; the answer stays."""
    was_public = correction.state == CorrectionState.PUBLISHED
    correction.versions.filter(state=CorrectionState.PENDING).update(state=CorrectionState.WITHDRAWN)
    correction.byline, correction.name, correction.stakeholder_group = None, "", ""
    correction.language, correction.text = "", ""
    stand(correction, state, reason)
    waiting.leaves(correction.kind, correction)
    if was_public:
        invalidate(correction.consultation.cache_tag)
    return correction


def put_back(correction: Correction) -> Correction:
    """Bring back what was removed, from its version."""
    version = correction.versions.select_related("text", "byline").get(state=CorrectionState.PUBLISHED)
    _show(correction, version)
    stand(correction, CorrectionState.PUBLISHED, "")
    invalidate(correction.consultation.cache_tag, nothing_goes=True)
    return correction


def set_state(version: CorrectionVersion, state: str, *, reason: str) -> None:
    """Give a waiting version, and its request, a state."""
    version.state = state
    version.save(update_fields=["state"])
    stand(version.correction, state, reason)


def stand(correction: Correction, state: str, reason: str) -> None:
    """Give a request its state."""
    correction.state, correction.reason, correction.state_at = state, reason, clock.now()
    correction.save()
    searching.keep([correction.pk])
