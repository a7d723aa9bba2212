"""What the owner of an organization does besides: proving that it is it, saying who speaks for it; stepping down."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.refusals import Refused, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.directory import actions, invitations, rules, telling, verified, verifying
from plenara.directory.forms import AddressForm, MailboxForm
from plenara.directory.identifiers import host_of
from plenara.directory.member.own import OfOne, taken_back
from plenara.directory.models import Representative


class Prove(OfOne):
    """Asking for a link to an address of the organization's own domain. What follows is told the same in every case."""

    template_name = "directory/prove.html"

    def context(self) -> dict[str, Any]:
        domain = host_of(str(self.listing.details.get("site", "")))
        answer = verifying.is_own_domain(domain)
        return {
            **super().context(),
            "domain": domain,
            "refused": "" if answer else getattr(answer, "sentence", ""),
            "standing": verified.standing([self.listing.pk]).get(self.listing.pk),
        }

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_prove(self.person, self.listing))
        return self.show(request, form=MailboxForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MailboxForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.ask_for_proof(actor=self.person, organization=self.listing, mailbox=form.cleaned_data["mailbox"])
        except Refused as refused:
            return self.again(request, form, refused)
        messages.success(
            request,
            _("If there is such a mailbox, a link is on its way to it. It is good for three days, and used once."),
        )
        return redirect(request.path)


class Representatives(OfOne):
    """Who speaks for a verified organization: inviting somebody, taking an invitation back, ending it."""

    template_name = "directory/representatives.html"

    def context(self) -> dict[str, Any]:
        acting = self.listing.representatives.filter(until=None).select_related("person").order_by("since", "pk")
        return {
            **super().context(),
            "acting": list(acting),
            "invited": invitations.latest(self.listing, invitations.REPRESENTATIVE),
            "may_name": rules.may_name(self.person, self.listing),
        }

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_prove(self.person, self.listing))
        return self.show(request, form=AddressForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if taken_back(self, request, invitations.REPRESENTATIVE):
            return redirect(request.path)
        if "end" in request.POST:
            found = self.listing.representatives.filter(pk=number_in(request.POST["end"])).first()
            if found:
                actions.end_representation(actor=self.person, representative=found)
                messages.success(request, _("This is ended. What was said for the organization keeps its mark."))
            return redirect(request.path)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.name_representative(
                actor=self.person,
                organization=self.listing,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
            )
        except Refused as refused:
            return self.again(request, form, refused)
        messages.success(request, _("The invitation is on its way. It holds from when it is accepted."))
        return redirect(request.path)


class StepDown(MemberView):
    """Not speaking for an organization any more, after a question whether one is sure."""

    template_name = "directory/step_down.html"

    def find(self, pk: int) -> Representative:
        found = Representative.objects.filter(pk=pk, person=self.person, until=None).select_related("organization")
        representative = found.first()
        if representative is None:
            raise Http404
        return representative

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(pk)
        return self.page(request, {"title": telling.title(found.organization), "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.end_representation(actor=self.person, representative=self.find(pk))
        messages.success(request, _("You do not speak for it any more. What you said for it keeps its mark."))
        return redirect("directory:mine")
