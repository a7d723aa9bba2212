""" "My page": drafts, contributions and their state; and the header for signed-in people on public pages."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts import session
from plenara.accounts.presenters import person_has_desk
from plenara.contributions.models import Contribution, Draft, Version
from plenara.core.life_cycle import State, state_for_author
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.moderation.models import Redaction
from plenara.site.queries import overviews
from plenara.summaries.corrections.queries import own_corrections

#: The most contributions, and drafts, on one page; and requests for correction, which have their own page too.
PAGE, FEW = 20, 5


class My(MemberView):
    """A person's drafts and contributions with their state, the newest first.

    Knows `before` (a contribution's id) and `drafts_before` (a draft's): where a further page of each begins.
    """

    template_name = "site/my.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        contributions = Contribution.objects.filter(author=self.person).order_by("-pk")
        if before := number_in(request.GET.get("before", "")):
            contributions = contributions.filter(pk__lt=before)
        latest = Version.objects.filter(contribution=OuterRef("pk")).order_by("-number")
        asked = Redaction.objects.filter(
            kind="contribution", object_id=OuterRef("pk"), consented_at=None, declined_at=None
        )
        annotations = {
            "latest": Subquery(latest.values("state")[:1]),
            "title": Subquery(latest.values("title")[:1]),
            "is_asked": Exists(asked),
        }
        found = list(
            contributions.select_related("thread", "consultation", "in_reply_to").annotate(**annotations)[: PAGE + 1]
        )
        for each in found:
            state = state_for_author(each)
            each.shown_state = "asked" if state == State.PENDING and each.is_asked else state  # type: ignore[attr-defined]
        drafts = list(self.drafts(number_in(request.GET.get("drafts_before", "")))[: PAGE + 1])
        corrections = own_corrections(self.person, most=FEW)
        since = session.note_visit(request)
        context: dict[str, object] = {
            "since": since,
            "news": overviews.news_after(self.person, since) if since else [],
            "corrections": corrections[:FEW],
            "more_corrections": len(corrections) > FEW,
            "contributions": found[:PAGE],
            "older": found[PAGE - 1].pk if len(found) > PAGE else None,
            "is_later": bool(before),
            "drafts": drafts[:PAGE],
            "older_drafts": drafts[PAGE - 1].pk if len(drafts) > PAGE else None,
            "is_later_drafts": "drafts_before" in request.GET,
            "nav_current": "my",
        }
        return self.page(request, context)

    def drafts(self, before: int) -> QuerySet[Draft]:
        """Return the drafts, the last saved first; those after the one with this id, if it is given."""
        drafts = Draft.objects.filter(person=self.person).order_by("-saved_at", "-pk")
        drafts = drafts.select_related("thread__consultation", "in_reply_to", "revises")
        begins = Draft.objects.filter(person=self.person, pk=before).values_list("saved_at", flat=True).first()
        if before and begins:
            drafts = drafts.filter(Q(saved_at__lt=begins) | Q(saved_at=begins, pk__lt=before))
        return drafts


class Header(MemberView):
    """The header for a person who is signed in, for the script of public pages, which are the same for all."""

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        return JsonResponse({}, status=403)

    def get(self, request: HttpRequest) -> HttpResponse:
        count = len(overviews.news_after(self.person, session.last_visit_at(request, self.person)))
        label = _("My page (%(count)s new)") % {"count": count} if count else pgettext("option", "My page")
        pages = [
            [label, reverse("my")],
            *([[pgettext("label", "Desk"), reverse("desk")]] if person_has_desk(request) else []),
        ]
        leave = [pgettext("option", "Sign out"), reverse("account_logout")]
        return JsonResponse({"name": self.person.name or pgettext("label", "My page"), "pages": pages, "leave": leave})
