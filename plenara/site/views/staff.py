"""The desk's home; and previews of the public pages of a draft, for its organizers, which are not cached."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plenara.consultations import permissions
from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters import wording
from plenara.consultations.presenters.desk import pending_tasks
from plenara.consultations.views.staff.base import OfConsultation
from plenara.core import clock
from plenara.core.refusals import Answer
from plenara.core.views import StaffView
from plenara.outcomes.queries.desk import bodies_of
from plenara.site.presenters.descriptions import describe_consultation, describe_thread
from plenara.site.presenters.desk import own_consultations, panels
from plenara.site.views.public.consultations import ThreadPage, consultation_context


class Desk(StaffView):
    """The next tasks of a person with a role, and their consultations and bodies."""

    template_name = "site/desk.html"

    def allowed(self) -> Answer:
        return permissions.may_use_desk(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        consultations = own_consultations(self.person)
        # A member of a body may have no role in the consultation that the body belongs to.
        known = {one.pk for one in consultations}
        homes = [body.consultation for body in bodies_of(self.person) if body.consultation_id not in known]
        context = {
            "tasks": pending_tasks(self.person, [*consultations, *homes]),
            "panels": panels(self.person, consultations),
            "nav_current": "desk",
        }
        return self.page(request, context)


class Preview(OfConsultation):
    """The page of a consultation as readers will see it once it is announced."""

    template_name = "site/preview.html"
    section = "desk_state"
    rule = staticmethod(permissions.may_organize)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.consultation.is_public:
            return redirect(wording.address(self.consultation))
        announced = self.as_announced()
        return self.page(
            request, {**self.notice(), **consultation_context(announced, describe_consultation(announced))}
        )

    def as_announced(self) -> Consultation:
        """Return the draft as it will be just after the announcement. It is never saved."""
        it = Consultation.objects.get(pk=self.consultation.pk)
        it.stage, it.announced_at = State.ANNOUNCED, clock.now()
        # A past date cannot be announced. The list of what is missing has it.
        it.opens_at = it.opens_at if it.opens_at and it.opens_at > clock.now() else None
        it.closes_at = it.closes_at if it.closes_at and it.closes_at > clock.now() else None
        return it

    def notice(self) -> dict[str, object]:
        """Return the notice above the page."""
        slug = self.consultation.slug
        return {
            "is_preview": True,
            "back": reverse("desk_state", args=[slug]),
            "base": reverse("site:preview", args=[slug]),
        }


class PreviewThread(Preview):
    """The page of one question of a draft."""

    template_name = "site/preview_thread.html"

    def get(self, request: HttpRequest, slug: str, number: int = 0) -> HttpResponse:
        thread = self.consultation.threads.filter(number=number).first()
        if thread is None:
            raise Http404
        if self.consultation.is_public:
            return redirect("site:thread", slug, number)
        thread.consultation = self.as_announced()
        description = describe_thread(thread, thread.consultation)
        return self.page(request, {**ThreadPage().page_of(request, thread, description), **self.notice()})
