"""A participant's view of one of their contributions: where it stands, and what was decided on it."""

from django.http import HttpRequest, HttpResponse

from plenara.common.doors import MemberView
from plenara.common.vocabulary import licence_name
from plenara.consultations import shown
from plenara.contributions import rules
from plenara.contributions.member.own import mine_or_404
from plenara.contributions.models import State
from plenara.contributions.reading import as_edition
from plenara.moderation import reasons
from plenara.moderation.models import Code, Decision


class Mine(MemberView):
    """One of one's own contributions: its receipt, its state, the decision on it, and what can be done next."""

    template_name = "moderation/mine.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = mine_or_404(self.person, pk)
        version = contribution.versions.select_related("text", "byline", "paper").latest("number")
        editions = contribution.editions.select_related("text", "byline")
        edition = editions.filter(version=version, status="published").first()
        decision = (
            Decision.objects.filter(kind="contribution", object_id=pk)
            .exclude(code=Code.APPROVED)
            .order_by("-number")
            .first()
        )
        return self.page(
            request,
            {
                "contribution": contribution,
                "version": version,
                "edition": edition or as_edition(version),
                "base": shown.address(contribution.consultation),
                "consultation": contribution.consultation,
                "licence": licence_name(contribution.consultation.licence),
                "thread": contribution.thread,
                "decision": decision,
                "reason_label": reasons.label(decision.reason) if decision and decision.reason else "",
                "reason_text": reasons.text(decision.reason) if decision and decision.reason else "",
                "may_send_again": rules.may_send_again(self.person, contribution),
                "may_revise": version.state != State.PENDING and rules.may_revise(self.person, contribution),
                "may_withdraw": rules.may_withdraw(self.person, contribution),
                "nav_current": "my",
            },
        )
