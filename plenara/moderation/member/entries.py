"""An owner's page of an entry: where it stands, what was decided on it, what can be done next. For every kind."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from plenara.core.languages import current
from plenara.core.views import MemberView
from plenara.moderation import appeals, reasons, rules
from plenara.moderation.entries import Entries
from plenara.moderation.publishable import KINDS
from plenara.moderation.timeline import told_of


class MineEntry(MemberView):
    """One of one's own entries. `kind` is named by its address."""

    template_name = "moderation/entries/mine.html"
    kind = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        publishable: Any = KINDS[self.kind]
        assert isinstance(publishable, Entries)
        thing = publishable.find(pk)
        if thing is None or thing.owner_id != self.person.pk:
            raise Http404
        latest = publishable.latest_version(thing)
        versions = [*publishable.earlier(latest)[::-1], latest]
        # What was done at once, without a moderator, is told by the entry itself.
        sent = [each for each in versions if not (each.key or "").startswith("cancel-")]
        told = told_of(thing, sent)
        standing = appeals.decision_on(thing.kind, thing)
        may_appeal = rules.may_appeal(self.person, standing, thing)
        decision = told.on(latest)
        is_told = told.state == thing.state
        context = {
            "kind": publishable,
            "thing": thing,
            "told": told,
            "latest": latest,
            "title": publishable.title(latest.details, current()) or publishable.says["name"],
            "edition": publishable.shown(latest),
            "consultation": thing.consultation,
            "public_url": publishable.public_path(thing, current()) if thing.is_published else "",
            "steps": publishable.steps(self.person, thing) if is_told else [],
            "decision": decision,
            "reason_label": reasons.label(decision.reason) if decision and decision.reason else "",
            "reason_text": reasons.text(decision.reason) if decision and decision.reason else "",
            "may_appeal": may_appeal,
            "appeal_until": appeals.last_day(standing, thing.consultation) if standing and may_appeal else None,
            "appeal_url": publishable.appeal_path(thing, current()),
            "appeal": appeals.last_of(thing.kind, thing),
            "nav_current": "my",
        }
        return self.page(request, context)
