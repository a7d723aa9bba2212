"""Views for owners and representatives of an organization: disputing a byline, and withdrawing that."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations.presenters import wording
from plenara.contributions.forms import DisputeForm
from plenara.contributions.models import Dispute, Edition
from plenara.contributions.organizations import actions, permissions
from plenara.contributions.organizations.queries import disputes_with_context
from plenara.core.languages import in_language
from plenara.core.refusals import ActionRefused, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.directory.models import Listing


class DisputeByline(MemberView):
    """Disputing, for one's own organization, the byline of the edition of a contribution that is in force.

    Other people see who can dispute it.
    """

    template_name = "contributions/organizations/dispute.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        found = Edition.objects.select_related("consultation", "thread", "byline", "text", "contribution", "paper")
        edition = found.filter(contribution__public_id=self.kwargs["public_id"], in_force=True).first()
        if edition is None or edition.is_gone or not edition.consultation.is_public:
            raise Http404
        self.edition = edition
        self.organizations = permissions.named_ones(self.person, edition)
        return super().enter(request, *args, **kwargs)

    def organization(self, request: HttpRequest) -> Listing | None:
        """Return the organization that the form names; the only possible one by default."""
        organization_id = number_in(request.POST.get("organization", ""))
        named = [each for each in self.organizations if each.pk == organization_id]
        return next(iter(named or self.organizations), None)

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.show(request, DisputeForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = DisputeForm(request.POST)
        organization = self.organization(request)
        if organization is None:
            return self.show(request, form, status=403)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            actions.dispute(
                actor=self.person,
                edition=self.edition,
                organization=organization,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
            )
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=refused.status)
        messages.success(request, _("The contribution was marked as disputed. A moderator will decide."))
        return redirect("contributions:my_disputes")

    def show(self, request: HttpRequest, form: DisputeForm, status: int = 200) -> HttpResponse:
        organization = self.organizations[0] if self.organizations else None
        answer = permissions.may_dispute(self.person, self.edition, organization) if organization else None
        context = {
            "form": form,
            "edition": self.edition,
            "consultation": self.edition.consultation,
            "base": wording.address(self.edition.consultation),
            "organizations": [(each.pk, in_language(each.details.get("name")).text) for each in self.organizations],
            "refused": getattr(answer, "sentence", "") if not form.errors else "",
            "nav_current": "my",
        }
        return self.page(request, context, status=status)


class MyDisputes(MemberView):
    """The person's disputes, the newest first; a pending one can be withdrawn."""

    template_name = "contributions/organizations/my_disputes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = disputes_with_context().filter(person=self.person).order_by("-pk")[:50]
        rows = [(each, wording.address(each.edition.consultation)) for each in found]
        return self.page(request, {"disputes": rows, "nav_current": "my"})

    def post(self, request: HttpRequest) -> HttpResponse:
        dispute = Dispute.objects.filter(pk=number_in(request.POST.get("dispute", ""))).first()
        if dispute is None:
            raise Http404
        require(permissions.may_withdraw_dispute(self.person, dispute) or dispute.status == Dispute.Status.WITHDRAWN)
        actions.withdraw_dispute(actor=self.person, dispute=dispute)
        messages.success(
            request, _("You have withdrawn the dispute. The contribution is no longer marked as disputed.")
        )
        return redirect("contributions:my_disputes")
