"""Base classes for the desk views of one summary."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import pgettext, pgettext_lazy

from plenara.consultations.views.staff.base import OfConsultation, crumbs
from plenara.core.refusals import Answer
from plenara.documents.views.staff.base import OfDocument
from plenara.summaries import permissions
from plenara.summaries.models import Summary


class ConsultationView(OfConsultation):
    """A view of the summaries of one consultation, for people who write, translate or approve them."""

    section = "summaries:desk"
    rule = staticmethod(permissions.may_see_summaries)

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.slug = str(kwargs.pop("slug"))
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: object) -> Answer:
        return super().allowed(self.slug)


class SummaryView(ConsultationView, OfDocument):
    """A view of one summary. Its actions have their own permissions."""

    nav = "summaries/desk/nav.html"
    unnumbered = pgettext_lazy("option", "Summary in preparation")

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.pk = kwargs.pop("pk")
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: object) -> Answer:
        answer = super().allowed()
        found = Summary.objects.select_related("document__consultation", "consultation")
        self.summary = get_object_or_404(found, pk=self.pk, consultation=self.consultation)
        self.document = self.summary.document
        return answer and self.find() and self.may()

    def page_of_buttons(self) -> str:
        return reverse("summaries:workbench", args=[self.kwargs["slug"], self.kwargs["pk"]])

    def address(self, name: str, *args: object) -> str:
        """Return the address of another view of this summary."""
        return reverse(f"summaries:{name}", args=[self.consultation.slug, self.summary.pk, *args])

    def context(self, **more: object) -> dict[str, object]:
        """Return the context of every page about this summary."""
        here = [(pgettext("label", "Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")]
        return {
            **self.frame(),
            "writer": self.writer(),
            **self.document_context(),
            "crumbs": [*crumbs(self.consultation, is_inner=True), *here, (self.name, self.address("workbench"), "")],
            "summary": self.summary,
            "due_at": self.summary.translations_due_at,
            **more,
        }
