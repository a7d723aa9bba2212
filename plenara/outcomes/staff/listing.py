"""The bodies of a consultation at the desk, and those in which somebody works."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.rules import may_use_desk
from plenara.consultations.staff.base import OfConsultation
from plenara.core.refusals import Answer, Invalid
from plenara.core.views import StaffView
from plenara.outcomes import actions, rules
from plenara.outcomes.desk_shown import bodies_of, rows_of
from plenara.outcomes.forms.bodies import NewBodyForm


class Bodies(OfConsultation):
    """The bodies whose home a consultation is, with what they write."""

    template_name = "outcomes/desk/bodies.html"
    section = "outcomes:desk"
    rule = staticmethod(rules.may_see_bodies)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = self.consultation.bodies.select_related("consultation").order_by("pk")
        context = {
            **self.frame(),
            "rows": rows_of(found),
            "may_make": bool(rules.may_make_body(self.person, self.consultation)),
        }
        return self.page(request, context)


class NewBody(OfConsultation):
    """Making a body."""

    template_name = "outcomes/desk/body_form.html"
    section = "outcomes:desk"
    rule = staticmethod(rules.may_make_body)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, NewBodyForm(self.kept(request)))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = NewBodyForm(request.POST)
        if form.is_valid():
            try:
                body = actions.make_body(actor=self.person, consultation=self.consultation, **form.said())
            except Invalid as refused:
                form.put(refused)
            else:
                return redirect("outcomes:desk_body", body=body.slug)
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: NewBodyForm, status: int = 200) -> HttpResponse:
        here = (_("Outcomes"), reverse("outcomes:desk", args=[self.consultation.slug]), "")
        frame = self.frame()
        context = {**frame, "crumbs": [*frame["crumbs"], here], "writer": self.writer(), "form": form}
        return self.page(request, context, status=status)


class MyBodies(StaffView):
    """The bodies of which somebody is a member, or whose home they work in."""

    template_name = "outcomes/desk/my_bodies.html"

    def allowed(self, **more: Any) -> Answer:
        return may_use_desk(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = bodies_of(self.person)
        memberships = rules.memberships_of(self.person)
        rows = [{**row, "member": memberships.get(row["body"].pk)} for row in rows_of(found)]
        return self.page(request, {"rows": rows, "crumbs": [(_("Desk"), reverse("desk"), "")], "nav_current": "desk"})
