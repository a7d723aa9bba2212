"""An author's answer to a moderator who proposes to leave out some words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.contributions.member.own import mine_or_404
from plenara.contributions.models import State
from plenara.core.refusals import AlreadyDone, Refused
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.moderation import actions, checks, redactions
from plenara.moderation.publishable import KINDS


class RedactionAsked(MemberView):
    """The words in question, and the answer: publish it so, no, or taking it back to change it oneself."""

    template_name = "moderation/redaction.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = mine_or_404(self.person, pk)
        proposal = redactions.asked("contribution", pk)
        if proposal is None:
            return redirect("moderation:mine", pk=pk)
        version = KINDS["contribution"].waiting_version(contribution)
        return self.page(
            request,
            {
                "contribution": contribution,
                "consultation": contribution.consultation,
                "thread": contribution.thread,
                "redaction": proposal,
                "version": version,
                "signed": version.signatories.filter(confirmed_at__isnull=False).count() if version else 0,
                "can_come_back": checks.can_come_back(contribution),
                "nav_current": "my",
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = mine_or_404(self.person, pk)
        about: dict[str, Any] = {
            "actor": self.person,
            "kind": "contribution",
            "pk": pk,
            "redaction_id": number_in(request.POST.get("redaction", "")),
        }
        try:
            if "consent" in request.POST:
                version = actions.consent(**about)
                if version.state == State.PUBLISHED:
                    messages.success(request, _("Thank you. It is published without these words."))
                else:
                    messages.success(request, _("Thank you. A moderator decides on it without these words."))
            elif "decline" in request.POST:
                actions.decline(**about)
                messages.success(request, _("Nothing is left out. A moderator decides on your text as you sent it."))
            elif "take_back" in request.POST:
                actions.take_back(**about)
                messages.success(request, _("You have your text back. Change it and send it again."))
                return redirect("contributions:revise", pk=contribution.pk)
            else:
                return redirect("moderation:redaction", pk=pk)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("moderation:redaction", pk=pk)
        return redirect("moderation:mine", pk=pk)
