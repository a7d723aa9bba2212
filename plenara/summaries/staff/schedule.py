"""The schedule of a consultation's summaries: set by its organizers, seen by everybody who works on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.rules import may_organize
from plenara.consultations.staff.base import crumbs
from plenara.core.refusals import Refused, require
from plenara.summaries.forms_schedule import ScheduleForm
from plenara.summaries.models import Schedule
from plenara.summaries.scheduling.actions import set_schedule
from plenara.summaries.scheduling.dates import schedule_of
from plenara.summaries.staff.base import ConsultationView


class ScheduleView(ConsultationView):
    """When summaries are due: how often, on which day, in how many working days."""

    template_name = "summaries/desk/schedule.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        schedule = schedule_of(self.consultation)
        form = ScheduleForm(self.kept(request), initial=self.initial(schedule))
        return self.show(request, form, schedule)

    def initial(self, schedule: Schedule | None) -> dict[str, Any]:
        """Return what is set, or what a consultation would begin with."""
        known = schedule or Schedule(source_language=self.person.language)
        names = ("every", "weekday", "source_language", "writing_days", "translating_days")
        is_on = known.is_on if schedule else True
        return {name: getattr(known, name) for name in names} | {"is_on": is_on, "was": known.stamp}

    def post(self, request: HttpRequest) -> HttpResponse:
        require(may_organize(self.person, self.consultation))
        form, status = ScheduleForm(request.POST), 422
        if form.is_valid():
            try:
                set_schedule(actor=self.person, consultation=self.consultation, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
                status = 409 if refused.code == "changed" else 422
                if refused.code == "changed":
                    # The next attempt is made on what the person has now seen.
                    data, found = request.POST.copy(), schedule_of(self.consultation)
                    data["was"] = str(found.stamp if found else 0)
                    form.data = data
            else:
                messages.success(request, _("Saved."))
                return redirect("summaries:schedule", self.consultation.slug)
        return self.show(request, form, schedule_of(self.consultation), status)

    def show(
        self, request: HttpRequest, form: ScheduleForm, schedule: Schedule | None, status: int = 200
    ) -> HttpResponse:
        here = (_("Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")
        context = {
            **self.frame(),
            "form": form,
            "schedule": schedule,
            "next_day": schedule.next_at.astimezone(self.consultation.zone).date()
            if schedule and schedule.next_at
            else None,
            "may_set": may_organize(self.person, self.consultation),
            "writer": self.writer(),
            "crumbs": [*crumbs(self.consultation, is_inner=True), here],
        }
        return self.page(request, context, status=status)
