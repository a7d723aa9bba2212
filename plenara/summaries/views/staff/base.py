"""What the views to one summary at the desk share: finding it, and the frame of its pages."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.views.staff.base import OfConsultation, crumbs
from plenara.core.languages import direction, html_code
from plenara.documents import permissions as document_rules
from plenara.documents import states
from plenara.documents.views.staff.base import OfDocument
from plenara.summaries import permissions
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Summary


class ConsultationView(OfConsultation):
    """A view to the summaries of one consultation, for those who write, translate or approve them."""

    section = "summaries:desk"
    rule = staticmethod(permissions.may_see_summaries)

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.slug = kwargs.pop("slug")
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: Any) -> Any:
        return super().allowed(self.slug)


class SummaryView(ConsultationView, OfDocument):
    """A view to one summary. What is done there has rules of its own."""

    nav = "summaries/desk/nav.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.pk = kwargs.pop("pk")
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: Any) -> Any:
        answer = super().allowed()
        found = Summary.objects.select_related("document__consultation", "consultation")
        self.summary = get_object_or_404(found, pk=self.pk, consultation=self.consultation)
        self.document = self.summary.document
        return answer and self.may()

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if "get" not in self.http_method_names:
            # A button of the workbench: after sign-in there is a page to look at, and nothing typed to keep.
            return redirect_to_login(reverse("summaries:workbench", args=[self.kwargs["slug"], self.kwargs["pk"]]))
        return super().sign_in_first(request)

    def address(self, name: str, *args: Any) -> str:
        """Return the address of another view to this summary."""
        return reverse(f"summaries:{name}", args=[self.consultation.slug, self.summary.pk, *args])

    @property
    def name(self) -> str:
        """What the summary is called."""
        return SUMMARY.label(self.document.number) if self.document.number else _("Summary in the making")

    def tools(self) -> list[tuple[str, str]]:
        """Return the glossary and the memory of the consultation."""
        here = [self.consultation.slug]
        return [
            (_("Glossary"), reverse("summaries:glossary", args=here)),
            (_("Translation memory"), reverse("summaries:memory", args=here)),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every page about this summary shows."""
        code = self.document.source_language
        may_write, is_draft = document_rules.may_write(self.person, self.document), self.document.state == "draft"
        here = [(_("Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")]
        return {
            **self.frame(),
            "writer": self.writer(),
            "crumbs": [*crumbs(self.consultation, is_inner=True), *here, (self.name, self.address("workbench"), "")],
            "summary": self.summary,
            "document": self.document,
            "due_at": self.summary.translations_due_at,
            "name": self.name,
            "title": self.document.title.get(code, ""),
            "source": code,
            "source_lang": html_code(code),
            "source_dir": direction(code),
            "may_write": may_write,
            "is_draft": is_draft,
            "no_changes": getattr(states.allows(self.document.state, "edit"), "sentence", ""),
            "may_edit": bool(may_write) and is_draft,
            **more,
        }
