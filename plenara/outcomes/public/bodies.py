"""Views for readers: all bodies, one with its outcomes and meetings, and who is in it."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.core import clock
from plenara.core.views import PublicView
from plenara.outcomes.listing import outcomes_of_bodies
from plenara.outcomes.meetings_shown import meetings_of
from plenara.outcomes.membership import FEW, PAGE, members_in_order
from plenara.outcomes.places import body_or_404, body_url, public_bodies

#: Bodies in the list, the newest first; the others are found by their consultations.
MOST = 60


class Bodies(PublicView):
    """Every body, with its outcomes."""

    template_name = "outcomes/bodies.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        bodies = list(public_bodies().order_by("-published_at", "slug")[:MOST])
        outcomes = outcomes_of_bodies(each.pk for each in bodies)
        return self.page(
            request,
            {
                "bodies": [(each, body_url(each), outcomes.get(each.pk, [])) for each in bodies],
                "nav_current": "consultations",
            },
        )


class BodyPage(PublicView):
    """A body: its name, its mandate, who is in it, what it has written, when it meets."""

    template_name = "outcomes/body.html"

    def get(self, request: HttpRequest, body: str) -> HttpResponse:
        found = body_or_404(body)
        members = members_in_order(found)
        count = found.members.count()
        shown = list(members[:FEW])
        return self.page(
            request,
            {
                "body": found,
                "consultation": found.consultation,
                "body_url": body_url(found),
                "outcomes": outcomes_of_bodies([found.pk]).get(found.pk, []),
                "members": [each for each in shown if not each.is_former],  # type: ignore[attr-defined]
                "former": [each for each in shown if each.is_former],  # type: ignore[attr-defined]
                "count": count,
                "is_more": count > FEW,
                "meetings": meetings_of(found),
                "has_ended": found.ends_on is not None and found.ends_on < clock.now().date(),
                "nav_current": "consultations",
            },
        )


class Members(PublicView):
    """All members of a body, former ones last, a hundred a page."""

    template_name = "outcomes/members.html"

    def get(self, request: HttpRequest, body: str, start: int = 1) -> HttpResponse:
        found = body_or_404(body)
        members = members_in_order(found)
        if start < 1 or start > 100_000 or (start - 1) % PAGE:
            raise Http404
        shown = list(members[start - 1 : start + PAGE])
        if start > 1 and not shown:
            raise Http404
        base, shown, further = f"{body_url(found)}members/", shown[:PAGE], len(shown) > PAGE
        return self.page(
            request,
            {
                "body": found,
                "body_url": body_url(found),
                "members": [each for each in shown if not each.is_former],  # type: ignore[attr-defined]
                "former": [each for each in shown if each.is_former],  # type: ignore[attr-defined]
                "first_url": base if start > 1 else "",
                "next_url": f"{base}from/{start + PAGE}/" if further else "",
                "nav_current": "consultations",
            },
        )
