"""Views for readers: reporting a published thing, and confirming the reader's address.

A public page leads to the form by a button, not by a link: crawlers follow links, and every form is rendered for one
reader, with a CSRF token.
Programs that read e-mail follow links; so a GET shows a button, and a POST acts. A signed-in reader has a verified
address already, so their report counts at once; the page asks them for no address.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plenara.accounts import limits
from plenara.accounts.permissions import is_known, may_act
from plenara.consultations.presenters import wording
from plenara.contributions.models import Edition
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated
from plenara.core.refusals import InvalidInput
from plenara.core.views import OpenView, gone
from plenara.moderation import actions, kinds, permissions
from plenara.moderation.forms import ReportForm
from plenara.moderation.kinds import KINDS
from plenara.moderation.kinds.entries import Entries
from plenara.moderation.queries import decisions


class OfContribution(OpenView):
    """The reported contribution, by the edition in force."""

    kind = "contribution"
    reported: Moderated

    def find(self) -> bool:
        """Find the reported thing; return whether it is still public."""
        found = Edition.objects.filter(
            consultation__slug=self.kwargs["slug"], number=self.kwargs["number"], in_force=True
        )
        self.edition = get_object_or_404(
            found.select_related("consultation", "thread", "contribution", "text", "byline")
        )
        if not self.edition.consultation.is_public:
            raise Http404
        self.reported = self.edition.contribution
        return not self.edition.is_gone

    def context(self) -> dict[str, object]:
        return {
            "edition": self.edition,
            "consultation": self.edition.consultation,
            "thread": self.edition.thread,
            "base": wording.address(self.edition.consultation),
            "nav_current": "consultations",
        }

    def tombstone(self, request: HttpRequest) -> HttpResponse:
        """Return the page of a thing that is no longer public."""
        question = f"{wording.address(self.edition.consultation)}threads/{self.edition.thread.number}/"
        links = [(_("The question and its contributions"), question)]
        sentence = _("This contribution is no longer public, so you cannot report it.")
        return gone(request, {"sentence": sentence, "symbol": self.edition.symbol, "links": links})


class OfEntry(OfContribution):
    """The reported published event or listing. `kind` is in the address."""

    def find(self) -> bool:
        moderated_kind = KINDS[self.kind]
        assert isinstance(moderated_kind, Entries)
        found = moderated_kind.by_number(self.kwargs["number"])
        if found is None:
            raise Http404
        self.reported = found
        return bool(found.is_published)

    def context(self) -> dict[str, object]:
        moderated_kind = KINDS[self.kind]
        title = moderated_kind.email_context(self.reported, None, current())["title"]
        return {"kind": moderated_kind, "title": title, "url": moderated_kind.public_path(self.reported, current())}

    def tombstone(self, request: HttpRequest) -> HttpResponse:
        return gone(request, {"sentence": _("This entry is no longer public, so you cannot report it.")})


class Report(OfContribution):
    """Takes a reader's report of a published thing: a reason, words of their own, an address."""

    template_name = "moderation/report.html"

    def get(self, request: HttpRequest, **where: object) -> HttpResponse:
        return self.show(request, self.form(request)) if self.find() else self.tombstone(request)

    def post(self, request: HttpRequest, **where: object) -> HttpResponse:
        is_public, form = self.find(), self.form(request, request.POST)
        if not is_public or not permissions.may_be_reported(self.reported):
            return self.tombstone(request)
        if not form.is_valid():
            return self.show(request, form, status=422)
        address = form.cleaned_data.get("address", "")
        reader = request.user if is_known(request.user) and not form.asks_address else None
        try:
            limits.spend("report", ip=limits.ip_of(request), address=reader.email if reader else address)
            actions.report(
                actor=reader,
                kind=self.kind,
                pk=self.reported.pk,
                reason=form.cleaned_data["reason"],
                text=form.cleaned_data["text"],
                address=address,
                language=current(),
            )
        except (limits.TooMany, InvalidInput) as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=refused.status)
        sent = {"address": address, "counts": reader is not None, "is_sent": True}
        return self.page(request, {**self.context(), **sent})

    def form(self, request: HttpRequest, data: QueryDict | None = None) -> ReportForm:
        return ReportForm(data, kind=KINDS[self.kind], asks_address=not may_act(request.user))

    def show(self, request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
        return self.page(request, {**self.context(), "form": form}, status=status)


# The pages with the button are cached, the same for everybody, and so without a token. This view changes nothing, so
# it needs none; the form that it leads to has one.
@method_decorator(csrf_exempt, name="dispatch")
class StartReport(OpenView):
    """Leads from the button of a public page to the form for a report."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, **where: object) -> HttpResponse:
        return HttpResponseRedirect(request.path.removesuffix("start/"))


class ConfirmReport(OfContribution):
    """Shows the report, and counts it for the person who received the link."""

    template_name = "moderation/report_confirm.html"

    def get(self, request: HttpRequest, token: str, **where: object) -> HttpResponse:
        is_public, found = self.find(), decisions.report_of_token(token)
        if found is None or (found.kind, found.object_id) != (self.kind, self.reported.pk):
            shown = self.context() if self.kind == "contribution" else {}
            return self.page(request, {**shown, "is_over": True}, status=410)
        if not is_public and not found.verified_at:
            return self.tombstone(request)
        context = {"report": found, "reason": kinds.reason_label(found.reason)}
        return self.page(request, {**self.context(), **context})

    def post(self, request: HttpRequest, token: str, **where: object) -> HttpResponse:
        actions.confirm_report(token=token)
        return self.get(request, token, **where)


class ReportEntry(OfEntry, Report):
    """The same for an event or a listing."""

    template_name = "moderation/entries/report.html"


class ConfirmEntryReport(OfEntry, ConfirmReport):
    """The same for an event or a listing."""

    template_name = "moderation/entries/report_confirm.html"
