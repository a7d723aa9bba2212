"""A participant's own page: drafts, contributions and where they stand."""

from django.http import HttpRequest, HttpResponse

from plenara.common.doors import MemberView
from plenara.contributions.models import Contribution, Draft

#: Contributions that the page lists: the newest.
MOST = 100


class My(MemberView):
    """What one is writing, what one has sent, and what became of it."""

    template_name = "web/my.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        contributions = (
            Contribution.objects.filter(author=self.person)
            .select_related("thread", "consultation")
            .order_by("-created_at")[:MOST]
        )
        drafts = Draft.objects.filter(person=self.person).select_related(
            "thread__consultation", "in_reply_to", "revises"
        )
        return self.page(request, {"contributions": list(contributions), "drafts": list(drafts), "nav_current": "my"})
