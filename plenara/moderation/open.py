"""Doors for readers: reporting what is published, and confirming that one has the address one named.

Programs that read mail follow links; so a GET shows a button, and a POST acts. Who is signed in has a verified address
already, so what they report counts at once; the page asks them for none.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.accounts.rules import may_act
from plenara.common.doors import OpenView, gone
from plenara.common.languages import current
from plenara.common.refusals import Invalid
from plenara.consultations import shown
from plenara.contributions.models import Edition
from plenara.moderation import actions, reasons, reports, rules
from plenara.moderation.forms import ReportForm


class ReportDoor(OpenView):
    """What both doors share: the edition in force that is reported."""

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
            "base": shown.address(edition.consultation),
            "nav_current": "consultations",
        }

    def tombstone(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Say that there is nothing left to report."""
        question = f"{shown.address(edition.consultation)}threads/{edition.thread.number}/"
        links = [(_("The question and its contributions"), question)]
        sentence = _("This contribution is not public any more, so there is nothing to report.")
        return gone(request, {"sentence": sentence, "symbol": edition.symbol, "links": links})


class Report(ReportDoor):
    """Takes a reader's report of a published contribution: a reason, words of their own, an address."""

    template_name = "moderation/report.html"

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        return self.show(request, self.edition_or_404(slug, number), self.form(request))

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        edition, form = self.edition_or_404(slug, number), self.form(request, request.POST)
        if not rules.may_be_reported(edition.contribution):
            return self.tombstone(request, edition)
        if not form.is_valid():
            return self.show(request, edition, form, status=422)
        address = form.cleaned_data.get("address", "")
        reader: Any = None if form.asks_address else request.user
        try:
            limits.spend("report", ip=limits.ip_of(request), address=reader.email if reader else address)
            actions.report(
                actor=reader,
                kind="contribution",
                pk=edition.contribution_id,
                reason=form.cleaned_data["reason"],
                text=form.cleaned_data["text"],
                address=address,
                language=current(),
            )
        except (limits.TooMany, Invalid) as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, edition, form, status=getattr(refused, "status", 422))
        context = {**self.context_of(edition), "address": address, "counts": reader is not None}
        return self.page(request, {**context, "is_sent": True})

    def form(self, request: HttpRequest, data: Any = None) -> ReportForm:
        return ReportForm(data, asks_address=not may_act(request.user))

    def show(self, request: HttpRequest, edition: Edition, form: ReportForm, status: int = 200) -> HttpResponse:
        if edition.is_gone:
            return self.tombstone(request, edition)
        return self.page(request, {**self.context_of(edition), "form": form}, status=status)


class ConfirmReport(ReportDoor):
    """Shows what was reported, and lets it count for who received the link."""

    template_name = "moderation/report_confirm.html"

    def get(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        return self.show(request, slug, number, token)

    def post(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        actions.confirm_report(token=token)
        return self.show(request, slug, number, token)

    def show(self, request: HttpRequest, slug: str, number: int, token: str) -> HttpResponse:
        found = reports.find(token)
        edition = self.edition_or_404(slug, number)
        if found is None or (found.kind, found.object_id) != ("contribution", edition.contribution_id):
            return self.page(request, {**self.context_of(edition), "is_over": True}, status=410)
        if edition.is_gone and not found.verified_at:
            return self.tombstone(request, edition)
        context = {"report": found, "reason": reasons.label(found.reason)}
        return self.page(request, {**self.context_of(edition), **context})
