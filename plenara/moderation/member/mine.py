"""A participant's view of one of their contributions: where it stands, and what was decided on it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from plenara.consultations import shown
from plenara.consultations.models import Thread
from plenara.contributions import rules
from plenara.contributions.member.own import mine_or_404
from plenara.contributions.models import Contribution, State, Version
from plenara.contributions.organizations.reading import tell
from plenara.contributions.quarantine import is_quarantined
from plenara.contributions.reading import answered_by_text, as_edition
from plenara.core.views import MemberView
from plenara.core.vocabulary import licence_name
from plenara.moderation import appeals, checks, reasons, redactions
from plenara.moderation import rules as moderation_rules
from plenara.moderation.afterwards import parts_on
from plenara.moderation.timeline import Told, told_of


class Mine(MemberView):
    """One of one's own contributions: what happened to it, what can be done next, and its versions.

    Knows `version`, the number of the version that is shown with its receipt; the last one if unset.
    """

    template_name = "moderation/mine.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = mine_or_404(self.person, pk)
        consultation = contribution.consultation
        versions = list(contribution.versions.order_by("number"))
        latest = versions[-1]
        shown_version, earlier = self.chosen(contribution, request.GET.get("version", ""), latest.number)
        told = told_of(contribution, versions)
        decision = told.on(latest)
        edition = contribution.editions.filter(version=shown_version, status="published").select_related(
            "text", "byline", "paper"
        )
        shown_edition = edition.first() or as_edition(shown_version)
        tell([shown_edition])
        context = {
            "contribution": contribution,
            "consultation": consultation,
            "thread": self.thread(contribution, told),
            "told": told,
            "versions": versions,
            "latest": latest,
            "version": shown_version,
            "earlier": earlier,
            "edition": shown_edition,
            "base": shown.address(consultation),
            "answered": answered_by_text(contribution.in_reply_to),
            "licence": licence_name(consultation.licence),
            "decision": decision,
            "reason_label": reasons.label(decision.reason) if decision and decision.reason else "",
            "reason_text": reasons.text(decision.reason) if decision and decision.reason else "",
            "parts": parts_on(contribution),
            "is_held": told.state == State.PENDING and is_quarantined(self.person, consultation),
            "nav_current": "my",
            **self.next(contribution, latest, told),
        }
        if proposal := redactions.asked("contribution", pk):
            context |= {
                "redaction": proposal,
                "signed": latest.signatories.filter(confirmed_at__isnull=False).count(),
                "can_come_back": checks.can_come_back(contribution),
            }
        return self.page(request, context)

    def chosen(self, contribution: Contribution, asked: str, last: int) -> tuple[Version, Version | None]:
        """Return the version that the page shows, and the one before it. One query."""
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else last
        found = contribution.versions.select_related("text", "byline", "paper").filter(number__in=[number - 1, number])
        by_number = {each.number: each for each in found}
        if number not in by_number:
            raise Http404
        return by_number[number], by_number.get(number - 1)

    def thread(self, contribution: Contribution, told: Told) -> Thread:
        """Return the question under which the author finds it: a move that may still be undone is not told."""
        if told.thread_id == contribution.thread_id:
            return contribution.thread
        return Thread.objects.select_related("consultation").get(pk=told.thread_id or 0)

    def next(self, contribution: Contribution, latest: Version, told: Told) -> dict[str, Any]:
        """Return what the author can do now. What may still be undone cannot be answered yet."""
        standing = appeals.decision_on("contribution", contribution)
        is_told = told.state == contribution.state
        may_appeal = moderation_rules.may_appeal(self.person, standing, contribution)
        waits = latest.state == State.PENDING
        seems_to_wait = waits or (told.state == State.PENDING and not is_told)
        may_correct = seems_to_wait and rules.may_correct_waiting(self.person, contribution)
        may_revise = not waits and rules.may_revise(self.person, contribution)
        return {
            "may_send_again": is_told and rules.may_send_again(self.person, contribution),
            "may_correct": may_correct,
            "may_revise": may_revise,
            "may_withdraw": rules.may_withdraw(self.person, contribution) if is_told else True,
            "may_appeal": may_appeal,
            "appeal_until": appeals.last_day(standing, contribution.consultation) if standing and may_appeal else None,
            "appeal": appeals.last_of("contribution", contribution),
        }
