"""Base classes for the desk views of bodies and outcomes: loading them, their pages, edits by two people at once."""

from typing import NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import pgettext, pgettext_lazy

from plenara.consultations.permissions import may_act, may_work_in
from plenara.consultations.views.staff.base import crumbs
from plenara.consultations.views.staff.details import Conflict
from plenara.core.languages import html_code, in_language
from plenara.core.refusals import ActionRefused, Answer, InvalidInput, NotPermitted
from plenara.documents import permissions as document_permissions
from plenara.documents.views.staff.base import Acting, OfDocument
from plenara.outcomes import permissions
from plenara.outcomes.forms.common import Edited
from plenara.outcomes.models import Body, Outcome

#: A breadcrumb: its text, its address and the text's language ("": the page's).
type Step = tuple[str, str, str]


class Page(NamedTuple):
    """One of an outcome's pages, for `outcomes/desk/nav.html`."""

    name: str
    text: str
    url: str


class BodyView(Acting):
    """A view of one body at the desk. Its actions have their own permissions (`may`)."""

    section = "outcomes:desk"
    body: Body

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.body_slug = kwargs.pop("body")
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: object) -> Answer:
        found = Body.objects.select_related("consultation").filter(slug=self.body_slug).first()
        if found is None or not (found.is_public or permissions.may_see_body(self.person, found)):
            raise Http404
        self.body, self.consultation = found, found.consultation
        return may_act(self.person) and self.find() and self.may()

    def page_of_buttons(self) -> str:
        return reverse("outcomes:desk_body", args=[self.kwargs["body"]])

    def find(self) -> Answer:
        """Load further objects that the address names. For views of something within a body."""
        return True

    def may(self) -> Answer:
        """Return the permission for this body."""
        return permissions.may_see_body(self.person, self.body)

    def body_address(self, name: str, *args: object) -> str:
        """Return the address of another view of this body."""
        return reverse(f"outcomes:{name}", args=[self.body.slug, *args])

    def address(self, name: str, *args: object) -> str:
        """Return the address of another view of the same object."""
        return self.body_address(name, *args)

    def way(self) -> list[Step]:
        """Return the breadcrumbs to this body's page that the person may open."""
        name = in_language(self.body.name)
        if may_work_in(self.person, self.consultation):
            way = crumbs(self.consultation, is_inner=True)
            if permissions.may_see_bodies(self.person, self.consultation):
                way.append((pgettext("label", "Outcomes"), reverse("outcomes:desk", args=[self.consultation.slug]), ""))
        else:
            way = [
                *crumbs(self.consultation, is_inner=False),
                (pgettext("label", "Outcomes"), reverse("outcomes:my_bodies"), ""),
            ]
        return [*way, (name.text, self.body_address("desk_body"), html_code(name.language))]

    def context(self, **more: object) -> dict[str, object]:
        """Return the context of every page about this body."""
        return {
            **self.frame(),
            "writer": self.writer(),
            "crumbs": self.way(),
            "body": self.body,
            "may_keep": bool(permissions.may_manage_body(self.person, self.body)),
            **more,
        }


class OutcomeView(BodyView, OfDocument):
    """A view of one outcome."""

    outcome: Outcome
    nav = "outcomes/desk/nav.html"
    paragraph_page = "paragraph"
    unnumbered = pgettext_lazy("option", "Outcome in preparation")

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.outcome_slug = kwargs.pop("outcome")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        found = self.body.outcomes.select_related("document__consultation").filter(slug=self.outcome_slug).first()
        if found is None:
            raise Http404
        found.body = found.document.outcome.body = self.body
        self.outcome, self.document = found, found.document
        return True

    def may(self) -> Answer:
        return OfDocument.may(self)

    def page_of_buttons(self) -> str:
        return reverse("outcomes:workbench", args=[self.kwargs["body"], self.kwargs["outcome"]])

    def address(self, name: str, *args: object) -> str:
        return self.body_address(name, self.outcome.slug, *args)

    def pages(self) -> list[Page]:
        """Return the pages of this outcome that a person may open."""
        found = [
            ("workbench", pgettext("label", "Workbench"), True),
            (
                "to_answer",
                pgettext("label", "Contributions to answer"),
                document_permissions.may_write(self.person, self.document),
            ),
            ("received", pgettext("label", "Public comments"), True),
            ("comments", pgettext("label", "Members’ comments"), True),
            ("history", pgettext("label", "All versions"), True),
            ("sections", pgettext("label", "Sections"), permissions.may_arrange(self.person, self.body)),
            ("review", pgettext("label", "Review and publication"), True),
            (
                "opening",
                pgettext("label", "Rounds of comments"),
                permissions.may_open_for_comment(self.person, self.body),
            ),
            ("settings", pgettext("label", "Settings"), permissions.may_manage_body(self.person, self.body)),
        ]
        return [Page(name, text, self.address(name)) for name, text, may in found if may]

    def context(self, **more: object) -> dict[str, object]:
        """Return the context of every page about this outcome."""
        shown = self.document_context()
        return super().context(
            **{
                **shown,
                "crumbs": [*self.way(), (self.name, self.address("workbench"), "")],
                "outcome": self.outcome,
                "may_arrange": bool(permissions.may_arrange(self.person, self.body)) and shown["is_draft"],
                **more,
            }
        )


class ManagementView(BodyView):
    """A mixin for views for the people who manage the body."""

    def may(self) -> Answer:
        return permissions.may_manage_body(self.person, self.body)


class Adding[F: forms.Form](Acting):
    """Base class for forms that add something."""

    def form(self, data: QueryDict | None = None) -> F:
        """Return the form."""
        raise NotImplementedError

    def add(self, form: F) -> str:
        """Add what was typed; return the address to go to."""
        raise NotImplementedError

    def context(self, **more: object) -> dict[str, object]:
        """Return the context of the page."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        return self.show(request, self.form(self.kept(request)))

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        form, onward = self.form(request.POST), list[str]()
        if self.attempt(request, form, lambda: onward.append(self.add(form))):
            return redirect(onward[0])
        return self.show(request, form)

    def show(self, request: HttpRequest, form: F) -> HttpResponse:
        return self.page(request, self.context(form=form), status=self.status)


class Editing[F: Edited](BodyView):
    """Base class for forms of data that two people may edit at once."""

    #: The attribute with the edited object, as named in audit entries.
    edited = "body"

    def form(self, data: QueryDict | None = None) -> F:
        """Return the form with the saved values."""
        raise NotImplementedError

    def save(self, form: F, stamp: int) -> str:
        """Save the typed values; return the address to go to."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        return self.show(request, self.form(self.kept(request)))

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        stamp = form.cleaned_data["stamp"]
        try:
            where = self.save(form, -1 if stamp is None else stamp)
        except InvalidInput as refused:
            if refused.code == "stale":
                return self.differ(request)
            if not refused.field:
                raise
            form.put(refused)
            return self.show(request, form, status=422)
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=403 if isinstance(refused, NotPermitted) else 409)
        return redirect(where)

    def differ(self, request: HttpRequest) -> HttpResponse:
        """Show the typed values over those that somebody else saved in the meantime."""
        self.body.refresh_from_db()
        self.find()
        form = self.form(request.POST)
        form.full_clean()
        form.merge(form.initial["stamp"])
        return self.show(request, form, status=409, conflict=Conflict(form, self.edited, getattr(self, self.edited).pk))

    def show(self, request: HttpRequest, form: F, status: int = 200, **more: object) -> HttpResponse:
        return self.page(request, self.context(form=form, **more), status=status)
