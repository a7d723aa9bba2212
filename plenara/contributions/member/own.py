"""Views for authors: what one has sent, and what one has begun."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.contributions import actions, rules
from plenara.contributions.models import Contribution, Draft
from plenara.core.refusals import require
from plenara.core.views import MemberView


def mine_or_404(person: Any, pk: int) -> Contribution:
    """Return one's own contribution; to anybody else it is not there."""
    contribution = (
        Contribution.objects.select_related("thread__consultation", "consultation", "author").filter(pk=pk).first()
    )
    if contribution is None or not rules.is_author(person, contribution):
        raise Http404
    return contribution


class Withdraw(MemberView):
    """Taking one's contribution back, after a question whether one is sure."""

    template_name = "contributions/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = mine_or_404(self.person, pk)
        require(rules.may_withdraw(self.person, contribution))
        return self.page(request, {"contribution": contribution, "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, contribution=mine_or_404(self.person, pk))
        messages.success(request, _("Your contribution is withdrawn."))
        return redirect("moderation:mine", pk=pk)


class DeleteDraft(MemberView):
    """Deleting a draft, after a question whether one is sure."""

    template_name = "contributions/delete_draft.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk, person=self.person)
        return self.page(request, {"draft": draft, "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk, person=self.person)
        actions.delete_draft(actor=self.person, draft=draft)
        messages.success(request, _("The draft is deleted."))
        return redirect("my")
