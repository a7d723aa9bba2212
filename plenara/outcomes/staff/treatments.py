"""How one thing is treated that a paragraph cites: changed, or taken away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Reference
from plenara.documents.naming import part_of
from plenara.outcomes import actions
from plenara.outcomes.actions.treating import treated_as
from plenara.outcomes.forms.citing import TreatmentForm
from plenara.outcomes.shown import statement_label, statement_url
from plenara.outcomes.staff.citing import CitingView
from plenara.outcomes.staff.given import words_of


class Treatment(CitingView):
    """How one thing is treated that a paragraph cites: changed, or taken away. Not a view itself."""

    template_name = "outcomes/desk/treatment.html"
    model: type[Citation] | type[Reference]

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.given_pk = kwargs.pop("given")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Any:
        answer = super().find()
        found = self.model.objects.filter(paragraph__document=self.document, pk=self.given_pk)
        self.given = found.select_related("paragraph__document", "reason", *self.related).first()
        return answer

    related: tuple[str, ...] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.given is None:
            return redirect(self.address("workbench"))
        reason = self.given.reason.text if self.given.reason else ""
        initial = {"treatment": self.given.treatment, "reason": reason, "was": treated_as(self.given)}
        return self.show(request, TreatmentForm(self.kept(request), initial=initial, **self.known()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TreatmentForm(request.POST, **self.known())
        given = self.given
        if given is None:
            self.say(request, _("Somebody took this away already."))
            return redirect(self.address("workbench"))

        def change() -> None:
            typed = form.cleaned_data
            if "take_away" in request.POST:
                self.take_away(given)
            else:
                actions.change_treatment(
                    actor=self.person, given=given, treatment=typed["treatment"], reason=typed["reason"],
                    was=typed["was"],
                )  # fmt: skip

        if self.attempt(request, form, change):
            self.say(request, _("It is taken away.") if "take_away" in request.POST else _("Saved."))
            return redirect(self.address("paragraph", given.paragraph_id) + "#cites")
        return self.show(request, form)

    def take_away(self, given: Any) -> None:
        """Take it away."""
        raise NotImplementedError

    def about(self, given: Any) -> dict[str, Any]:
        """Return what the page shows of what is cited."""
        raise NotImplementedError

    def show(self, request: HttpRequest, form: TreatmentForm) -> HttpResponse:
        assert self.given is not None
        if self.conflict:
            self.given.refresh_from_db()
            data = request.POST.copy()
            data["was"] = treated_as(self.given)
            form.data = data
        paragraph = self.given.paragraph
        return self.page(
            request,
            self.context(
                form=form,
                given=self.given,
                conflict=self.conflict,
                paragraph=paragraph,
                part=part_of(self.document, paragraph),
                **self.about(self.given),
            ),
            status=self.status,
        )


class OneCitation(Treatment):
    """How a contribution is treated."""

    model = Citation
    related = ("edition__byline", "edition__text", "edition__consultation")

    def take_away(self, given: Citation) -> None:
        document_actions.uncite(actor=self.person, citation=given)

    def about(self, given: Citation) -> dict[str, Any]:
        return {"edition": given.edition}


class OneReference(Treatment):
    """How a statement is treated."""

    model = Reference
    related = ("statement__edition__consultation",)

    def take_away(self, given: Reference) -> None:
        actions.take_back(actor=self.person, reference=given)

    def about(self, given: Reference) -> dict[str, Any]:
        statement = given.statement
        return {
            "label": statement_label(statement),
            "url": statement_url(statement),
            "words": words_of([statement]).get(statement.pk),
        }
