"""Views for the person who imports a calendar file."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts import limits
from plenara.core.languages import current
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.events import actions, permissions
from plenara.events.forms import (
    FileForm,
    ZoneForm,
)
from plenara.events.models import CalendarFile
from plenara.events.presenters.proposals import file_rows
from plenara.events.validation import calendar_files


class UploadFile(MemberView):
    """Choosing the file."""

    template_name = "events/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        require(permissions.may_propose(self.person))
        return self.show(request, FileForm(initial={"language": current()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        form.is_valid()
        file = form.cleaned_data.get("file")
        language = form.cleaned_data.get("language") or current()
        try:
            require(permissions.may_propose(self.person))
            if file is None:
                raise InvalidInput(pgettext("text", "Choose the file."), "file", "file")
            limits.spend("calendar_file", person=self.person)
            data = file.read(calendar_files.MOST_BYTES + 1)
            kept = actions.upload(
                actor=self.person,
                name=file.name or "",
                sha256=hashlib.sha256(data).hexdigest(),
                rows=calendar_files.read_file(data, language),
                language=language,
            )
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else "file", str(refused))
            return self.show(request, form, refused.status)
        return redirect("events:import_confirm", pk=kept.pk)

    def show(self, request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
        most = permissions.most_from_a_file(self.person)
        return self.page(request, {"form": form, "most": most, "nav_current": "my"}, status=status)


class ConfirmFile(MemberView):
    """Shows the events in the file, with checkboxes, and the button that proposes them."""

    template_name = "events/import_confirm.html"

    def file(self, pk: int) -> CalendarFile:
        found = CalendarFile.objects.filter(pk=pk, uploaded_by=self.person).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.file(pk)
        return self.show(request, file, self.zone_form(request.GET))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.file(pk)
        if "forget" in request.POST:
            actions.forget(actor=self.person, file=file)
            messages.success(request, _("Nothing was imported, and the file was deleted."))
            return redirect("events:own_events")
        chosen = {number_in(each) for each in request.POST.getlist("take")[: calendar_files.MOST_EVENTS]}
        form = self.zone_form(request.POST)
        if not form.is_valid():
            return self.show(request, file, form, chosen=chosen, status=422)
        zone = form.cleaned_data["zone"]
        if "look" in request.POST:
            return redirect(f"{reverse('events:import_confirm', args=[pk])}?{urlencode({'zone': zone})}")
        try:
            count = actions.confirm(actor=self.person, file=file, numbers=chosen, zone=zone)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except ActionRefused as refused:
            return self.show(request, file, form, refused=str(refused), chosen=chosen, status=refused.status)
        else:
            sentence = ngettext(
                "%(count)d event was proposed and is waiting for a moderator.",
                "%(count)d events were proposed and are waiting for a moderator.",
                count,
            )
            messages.success(request, sentence % {"count": count})
        return redirect("events:own_events")

    def zone_form(self, data: QueryDict) -> ZoneForm:
        """Return the form of the zone as it was sent, or from the address."""
        return ZoneForm({"zone": data.get("zone", "")})

    def show(
        self,
        request: HttpRequest,
        file: CalendarFile,
        form: ZoneForm,
        *,
        refused: str = "",
        chosen: set[int] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        rows = file_rows(file.rows, form.cleaned_data["zone"] if form.is_valid() else "", person=self.person)
        form.explain(sorted({row.zone_named for row in rows if row.zone_named}))
        most = permissions.most_from_a_file(self.person)
        if chosen is None:
            chosen = set([row.number for row in rows if row.is_preselected][:most])
        context: dict[str, object] = {
            "file": file,
            "rows": [(row, row.number in chosen) for row in rows],
            "good": sum(row.can_be_taken for row in rows),
            "needs_zone": any(row.needs_zone for row in rows),
            "form": form,
            "most": most,
            "refused": refused,
            "nav_current": "my",
        }
        return self.page(request, context, status=status)
