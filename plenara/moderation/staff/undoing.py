"""What one has decided a moment ago, and the door to undo it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plenara.common import clock
from plenara.common.refusals import Refused
from plenara.moderation import actions, rules
from plenara.moderation.models import UNDO_TIME, UNDOABLE, Decision
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.looking import WithinQueue

#: Decisions of the last half minute that a page offers to undo: the newest.
MOST = 5


@dataclass(frozen=True)
class JustDecided:
    """A decision that can be undone for some seconds more."""

    decision: Decision
    seconds: int


def just_decided(person: Any) -> list[JustDecided]:
    """Return what a person decided a moment ago and can undo, the newest first. One query."""
    now = clock.now()
    found = Decision.objects.filter(moderator=person, code__in=UNDOABLE, at__gt=now - UNDO_TIME, undone_at=None)
    made = []
    for decision in found.order_by("-pk")[:MOST]:
        assert decision.at
        made.append(JustDecided(decision, int((decision.at + UNDO_TIME - now).total_seconds())))
    return made


class Undo(WithinQueue):
    """Undoing one's own return, move or rejection."""

    http_method_names = ["post"]

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
            if refused.code not in {"too_late", "overtaken", "not_undoable", "undone"}:
                raise
            messages.warning(request, str(refused))
            return self.to_queue()
        messages.success(
            request,
            str(KINDS[self.decision.kind].says["undone"]) % {"decision": self.decision.symbol},
        )
        return self.back()

    def back(self) -> HttpResponse:
        """Lead back to what was decided on."""
        url = reverse("moderation:decide", args=[self.decision.kind, self.decision.object_id or 0])
        return redirect(url + self.within)
