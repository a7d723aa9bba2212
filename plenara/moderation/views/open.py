"""Views for readers: reporting what is published, and confirming that one has the address one named.

Programs that read mail follow links; so a GET shows a button, and a POST acts. Who is signed in has a verified address
already, so what they report counts at once; the page asks them for none.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.accounts.permissions import may_act
from plenara.consultations.presenters import wording
from plenara.contributions.models import Edition
from plenara.core.languages import current
from plenara.core.refusals import InvalidInput
from plenara.core.views import OpenView, gone
from plenara.moderation import actions, permissions, publishable
from plenara.moderation.forms import ReportForm
from plenara.moderation.publishable import KINDS
from plenara.moderation.queries import decisions


class ReportView(OpenView):
    """What both views share: the edition in force that is reported."""

    def edition_or_404(self, slug: str, number: int) -> Edition:
        found = Edition.objects.filter(consultation__slug=slug, number=number, in_force=True)
        edition = get_object_or_404(found.select_related("consultation", "thread", "contribution", "text", "byline"))
        if not edition.consultation.is_public:
            raise Http404
        return edition

    def context_of(self, edition: Edition) -> dict[str, Any]:
        return {
            "edition": edition,
            "consultation": edition.consultation,
            "thread": edition.thread,
            "base": wording.address(edition.consultation),
            "nav_current": "consultations",
        }

    def tombstone(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Say that there is nothing left to report."""
        question = f"{wording.address(edition.consultation)}threads/{edition.thread.number}/"
        links = [(_("The question and its contributions"), question)]
        sentence = _("This contribution is not public any more, so there is nothing to report.")
        return gone(request, {"sentence": sentence, "symbol": edition.symbol, "links": links})


class Report(ReportView):
    """Takes a reader's report of a published contribution: a reason, words of their own, an address."""

    template_name = "moderation/report.html"

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        return self.show(request, self.edition_or_404(slug, number), self.form(request))

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        edition, form = self.edition_or_404(slug, number), self.form(request, request.POST)
        if not permissions.may_be_reported(edition.contribution):
            return self.tombstone(request, edition)
        sent, status = take(request, form, "contribution", edition.contribution_id)
        if sent is None:
            return self.show(request, edition, form, status=status)
        return self.page(request, {**self.context_of(edition), **sent})

    def form(self, request: HttpRequest, data: Any = None) -> ReportForm:
        return ReportForm(data, kind=KINDS["contribution"], asks_address=not may_act(request.user))

    def show(self, request: HttpRequest, edition: Edition, form: ReportForm, status: int = 200) -> HttpResponse:
        if edition.is_gone:
            return self.tombstone(request, edition)
        return self.page(request, {**self.context_of(edition), "form": form}, status=status)


class ConfirmReport(ReportView):
    """Shows what was reported, and lets it count for who received the link."""

    template_name = "moderation/report_confirm.html"

    def get(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        return self.show(request, slug, number, token)

    def post(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        actions.confirm_report(token=token)
        return self.show(request, slug, number, token)

    def show(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        found = decisions.report_of_token(token)
        edition = self.edition_or_404(slug, number)
        if found is None or (found.kind, found.object_id) != ("contribution", edition.contribution_id):
            return self.page(request, {**self.context_of(edition), "is_over": True}, status=410)
        if edition.is_gone and not found.verified_at:
            return self.tombstone(request, edition)
        context = {"report": found, "reason": publishable.reason_label(found.reason)}
        return self.page(request, {**self.context_of(edition), **context})


def take(request: HttpRequest, form: ReportForm, kind: str, pk: int) -> tuple[dict[str, Any] | None, int]:
    """Keep a reader's report; return what the page tells then, or nothing and the status where the form is in error."""
    if not form.is_valid():
        return None, 422
    address = form.cleaned_data.get("address", "")
    reader: Any = None if form.asks_address else request.user
    try:
        limits.spend("report", ip=limits.ip_of(request), address=reader.email if reader else address)
        actions.report(
            actor=reader,
            kind=kind,
            pk=pk,
            reason=form.cleaned_data["reason"],
            text=form.cleaned_data["text"],
            address=address,
            language=current(),
        )
    except (limits.TooMany, InvalidInput) as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None, refused.status
    return {"address": address, "counts": reader is not None, "is_sent": True}, 200


class EntryView(OpenView):
    """What both views of an entry share: the published event or listing that is reported. `kind` is its address's."""

    kind = ""

    def find(self, number: int) -> Any:
        publishable: Any = KINDS[self.kind]
        found = publishable.by_number(number)
        if found is None:
            raise Http404
        return found

    def context_of(self, thing: Any) -> dict[str, Any]:
        publishable = KINDS[self.kind]
        context = publishable.email_context(thing, None, current())
        return {"kind": publishable, "title": context["title"], "url": publishable.public_path(thing, current())}

    def tombstone(self, request: HttpRequest, thing: Any) -> HttpResponse:
        """Say that there is nothing left to report."""
        return gone(request, {"sentence": _("This is not public any more, so there is nothing to report.")})


class ReportEntry(EntryView):
    """Takes a reader's report of a published event or listing: a reason, words of their own, an address."""

    template_name = "moderation/entries/report.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.show(request, self.find(number), self.form(request))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        thing, form = self.find(number), self.form(request, request.POST)
        if not permissions.may_be_reported(thing):
            return self.tombstone(request, thing)
        sent, status = take(request, form, self.kind, thing.pk)
        if sent is None:
            return self.show(request, thing, form, status=status)
        return self.page(request, {**self.context_of(thing), **sent})

    def form(self, request: HttpRequest, data: Any = None) -> ReportForm:
        return ReportForm(data, kind=KINDS[self.kind], asks_address=not may_act(request.user))

    def show(self, request: HttpRequest, thing: Any, form: ReportForm, status: int = 200) -> HttpResponse:
        if not thing.is_published:
            return self.tombstone(request, thing)
        return self.page(request, {**self.context_of(thing), "form": form}, status=status)


class ConfirmEntryReport(EntryView):
    """Shows what was reported, and lets it count for who received the link."""

    template_name = "moderation/entries/report_confirm.html"

    def get(self, request: HttpRequest, number: int, token: str) -> HttpResponse:
        return self.show(request, number, token)

    def post(self, request: HttpRequest, number: int, token: str) -> HttpResponse:
        actions.confirm_report(token=token)
        return self.show(request, number, token)

    def show(self, request: HttpRequest, number: int, token: str) -> HttpResponse:
        found, thing = decisions.report_of_token(token), self.find(number)
        if found is None or (found.kind, found.object_id) != (self.kind, thing.pk):
            return self.page(request, {"is_over": True}, status=410)
        if not thing.is_published and not found.verified_at:
            return self.tombstone(request, thing)
        context = {"report": found, "reason": publishable.reason_label(found.reason)}
        return self.page(request, {**self.context_of(thing), **context})
