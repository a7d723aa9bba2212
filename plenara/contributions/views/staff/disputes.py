"""Views for moderators of a consultation: disputed bylines, and deciding on one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations import permissions as consultation_rules
from plenara.consultations.presenters import wording
from plenara.consultations.views.staff.base import OfConsultation
from plenara.contributions.forms import DisputeDecisionForm
from plenara.contributions.models import Dispute
from plenara.contributions.organizations import actions, permissions
from plenara.contributions.organizations.queries import attach_byline_statuses, disputes_with_context
from plenara.core.languages import in_language
from plenara.core.refusals import ActionRefused

#: Disputes on the page, pending ones first.
MOST = 100


class Disputed(OfConsultation):
    """Base of the views of a consultation's disputed bylines."""

    section = "contributions:disputes"
    rule = staticmethod(consultation_rules.may_moderate)


class Disputes(Disputed):
    """Every disputed byline of a consultation, pending ones first."""

    template_name = "contributions/organizations/desk_list.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = disputes_with_context().filter(edition__consultation=self.consultation)
        pending = found.filter(status=Dispute.Status.PENDING).order_by("at", "pk")[:MOST]
        decided = found.exclude(status=Dispute.Status.PENDING).order_by("-decided_at", "-pk")[:MOST]
        rows = [(each, name_of(each)) for each in (*pending, *decided)]
        return self.page(request, {**self.frame(), "rows": rows})


def name_of(dispute: Dispute) -> str:
    """Return the organization's name, in the active language if possible."""
    return in_language(dispute.organization.details.get("name")).text


class Decide(Disputed):
    """Deciding on one: the contribution, the organization's reason, the decision with its reason."""

    template_name = "contributions/organizations/desk_decide.html"

    def find(self, pk: int) -> Dispute:
        dispute = disputes_with_context().filter(edition__consultation=self.consultation, pk=pk).first()
        if dispute is None:
            raise Http404
        return dispute  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return self.show(request, self.find(pk), DisputeDecisionForm())

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        dispute, form = self.find(pk), DisputeDecisionForm(request.POST)
        if not form.is_valid():
            return self.show(request, dispute, form, status=422)
        data = form.cleaned_data
        try:
            actions.decide_dispute(
                actor=self.person,
                dispute=dispute,
                status=data["status"],
                answer=data["answer"],
                language=data["answer_language"],
            )
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, self.find(pk), form, status=refused.status)
        messages.success(request, _("The dispute was decided. The author and the organization have been notified."))
        return redirect("contributions:disputes", slug=slug)

    def show(
        self, request: HttpRequest, dispute: Dispute, form: DisputeDecisionForm, status: int = 200
    ) -> HttpResponse:
        attach_byline_statuses([dispute.edition])
        context: dict[str, object] = {
            **self.frame(),
            "dispute": dispute,
            "edition": dispute.edition,
            "organization": name_of(dispute),
            "base": wording.address(self.consultation),
            "form": form,
            "may_decide": permissions.may_decide_dispute(self.person, dispute),
        }
        return self.page(request, context, status=status)
