"""Opening the version in force for comment, and the consultations that versions were opened as."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations import shown
from plenara.consultations.rules import may_work_in
from plenara.core.refusals import Answer
from plenara.outcomes import actions, rules
from plenara.outcomes.checks import can_be_opened
from plenara.outcomes.forms.opening import OpeningForm
from plenara.outcomes.models import Opening, OutcomeEdition
from plenara.outcomes.shown import stage_of
from plenara.outcomes.staff.base import OutcomeView


class OpenForComment(OutcomeView):
    """The form that opens the version in force, and what was opened so far."""

    template_name = "outcomes/desk/opening.html"

    def may(self) -> Answer:
        return rules.may_open_for_comment(self.person, self.body)

    def find(self) -> Answer:
        found = super().find()
        versions = OutcomeEdition.objects.filter(outcome=self.outcome).select_related("edition")
        self.version = versions.filter(edition__in_force=True).first()
        if self.version:
            self.version.outcome = self.outcome
        return found

    def get(self, request: HttpRequest) -> HttpResponse:
        form = OpeningForm(self.kept(request), version=self.version) if self.version else None
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        version = self.version
        if version is None or Opening.objects.filter(edition=version).exists():
            return redirect(self.address("opening"))  # a double click
        form = OpeningForm(request.POST, version=version)
        if self.attempt(
            request, form, lambda: actions.open_for_comment(actor=self.person, version=version, **form.said())
        ):
            self.say(request, _("It is open for comment. Everybody can read it and say what they think of it."))
            return redirect(self.address("opening"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: OpeningForm | None) -> HttpResponse:
        openings = list(
            Opening.objects.filter(outcome=self.outcome)
            .select_related("edition__edition", "consultation")
            .order_by("-edition")
        )
        is_opened = any(each.edition_id == self.version.pk for each in openings) if self.version else False
        refused = can_be_opened(self.version) if self.version and not is_opened else True
        return self.page(
            request,
            self.context(
                form=form,
                version=self.version,
                stage=stage_of(self.version) if self.version else "",
                is_opened=is_opened,
                refused="" if refused else getattr(refused, "sentence", ""),
                openings=[self.row(each) for each in openings],
                sections=[each.title for each in self.version.sections.all()] if self.version else [],
            ),
            status=self.status,
        )

    def row(self, opening: Opening) -> dict[str, Any]:
        """Return what the page says of one opening."""
        it = opening.consultation
        return {
            "stage": stage_of(opening.edition),
            "consultation": it,
            "url": shown.address(it),
            "mark": shown.mark(it),
            "closing": shown.closing(it),
            "has_desk": bool(may_work_in(self.person, it)),
        }
