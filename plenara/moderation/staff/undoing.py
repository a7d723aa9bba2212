"""What one has decided a moment ago, with the views that undo it or publish it at once."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plenara.contributions.models import State
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.refusals import Refused
from plenara.moderation import actions, rules
from plenara.moderation.models import APPROVING, UNDO_TIME, Code, Decision
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.looking import WithinQueue

#: Decisions that a page offers to undo, and published texts to which it leads: the newest.
MOST, MOST_PUBLISHED = 5, 2
#: How long a page leads to what one has approved.
SHOWN = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class JustDecided:
    """A decision that can be undone for some seconds more, or one that has published a text."""

    decision: Decision
    seconds: int = 0
    label: str = ""  # of the published text
    url: str = ""
    after_url: str = ""  # where it is removed
    is_underway: bool = False  # it cannot be undone any more, and its text is being published

    @property
    def publishes(self) -> bool:
        """Whether a text is published once it cannot be undone any more, and can be at once."""
        return self.decision.code in APPROVING


def just_decided(person: Any) -> list[JustDecided]:
    """Return what a person decided a moment ago and can undo, and what they have published, the newest first.

    One query, and one for each published text.
    """
    now = clock.now()
    recent = Decision.objects.filter(moderator=person, version_id__isnull=False, at__gt=now - SHOWN, undone_at=None)
    decisions = list(recent.order_by("-pk")[: MOST * 4])
    fresh = [each for each in decisions if each.is_undoable and each.at and each.at > now - UNDO_TIME]
    others = [each for each in decisions if each not in fresh and _publishes(each)]
    made = [JustDecided(each, seconds_left(each)) for each in fresh[:MOST]]
    return made + [found for each in others[:MOST_PUBLISHED] if (found := _published(each))]


def seconds_left(decision: Decision) -> int:
    """Return how many whole seconds are left to undo a decision."""
    return max(0, int((decision.at + UNDO_TIME - clock.now()).total_seconds())) if decision.at else 0


def _publishes(decision: Decision) -> bool:
    return decision.code in APPROVING or (decision.code == Code.MOVED and bool(decision.before.get("publishes")))


def _published(decision: Decision) -> JustDecided | None:
    """Return where the text is that a decision has published, or that it is being published; else nothing."""
    publishable = KINDS[decision.kind]
    thing = publishable.find(decision.object_id or 0)
    if thing is None:
        return None
    # A revision that is not out yet is not what its earlier text shows.
    waiting = publishable.waiting_version(thing)
    if waiting is not None and waiting.pk == decision.version_id:
        return JustDecided(decision, is_underway=True)
    if thing.number is None or thing.state != State.PUBLISHED:
        return None
    path = publishable.public_path(thing, current())
    return JustDecided(decision, 0, publishable.label(thing), path, publishable.after_url(thing))


class Undo(WithinQueue):
    """Undoing one's own decision before anything is mailed or published."""

    http_method_names = ["post"]
    #: Refusals that are no more than too late: the queue says so.
    late = frozenset({"too_late", "overtaken", "not_undoable", "not_approved", "undone"})

    def allowed(self, pk: int) -> Any:
        self.decision = get_object_or_404(Decision.objects.select_related("consultation"), pk=pk)
        if self.decision.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        return rules.may_open_queue(self.person)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.decision.moderator_id == self.person.pk and self.decision.undone_at:
            return self.back()  # a double click
        try:
            actions.undo(actor=self.person, decision=self.decision)
        except Refused as refused:
            return self.too_late(request, refused)
        messages.success(
            request,
            str(KINDS[self.decision.kind].says["undone"]) % {"decision": self.decision.symbol},
        )
        return self.back()

    def too_late(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        """Say in the queue that it is too late; anything else is not for this person to do."""
        if refused.code not in self.late:
            raise refused
        messages.warning(request, str(refused))
        return self.to_queue()

    def back(self) -> HttpResponse:
        """Lead back to what was decided on."""
        url = reverse("moderation:decide", args=[self.decision.kind, self.decision.object_id or 0])
        return redirect(url + self.within)


class PublishNow(Undo):
    """Publishing at once what one has approved, without the half minute in which that can be undone."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_published = self.decision.code in APPROVING and not self.decision.is_undoable
        if is_published and self.decision.moderator_id == self.person.pk:
            return self.onward()  # a double click: it is published, and the next page leads to it
        try:
            actions.publish_now(actor=self.person, decision=self.decision)
        except Refused as refused:
            return self.too_late(request, refused)
        return self.onward()
