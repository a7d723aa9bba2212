"""One's own entries: the list of them, withdrawing one, saying that it holds, handing it over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.accounts.actions import revoke_invitation
from plenara.core.languages import current
from plenara.core.refusals import NotAllowed, Refused, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.directory import actions, checks, invitations, rules, telling
from plenara.directory.forms import AddressForm, Mended
from plenara.directory.member.writing import mine_or_404
from plenara.directory.mine import PAGE, of_person, represented_by


class Mine(MemberView):
    """All one's entries, the newest first, and for whom one speaks. Knows `before`, where a further page begins."""

    template_name = "directory/mine.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = number_in(request.GET.get("before", ""))
        found = of_person(self.person, before)
        context = {
            "listings": found[:PAGE],
            "older": found[PAGE - 1].pk if len(found) > PAGE else None,
            "is_later": bool(before),
            "represented": represented_by(self.person) if not before else [],
            "may_list_oneself": bool(checks.one_each(self.person)),
            "nav_current": "my",
        }
        return self.page(request, context)


class OfOne(MemberView):
    """What pages about one of one's entries share: it is found, a form is shown, an action refuses at its field."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.listing = mine_or_404(self.person, kwargs["pk"])
        return super().enter(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"listing": self.listing, "title": telling.title(self.listing), "nav_current": "my"}

    def back(self) -> HttpResponse:
        return redirect(f"/{current()}/my/listings/{self.listing.pk}/")

    def show(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        return self.page(request, {**self.context(), **more}, status=status)

    def again(self, request: HttpRequest, form: Mended, refused: Refused, **more: Any) -> HttpResponse:
        """Show the form with what was typed, and why it was refused."""
        form.put(refused)
        status = getattr(refused, "status", 403 if isinstance(refused, NotAllowed) else 422)
        return self.show(request, status=status, form=form, **more)


class Withdraw(OfOne):
    """Taking an entry back, after a question whether one is sure."""

    template_name = "directory/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_withdraw(self.person, self.listing))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, listing=self.listing)
        messages.success(request, _("Your entry is withdrawn."))
        return self.back()


class StillHolds(OfOne):
    """Saying that an entry still holds."""

    template_name = "directory/still_holds.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_confirm(self.person, self.listing))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.confirm(actor=self.person, listing=self.listing)
        messages.success(request, _("Thank you. Readers are told that it was confirmed today."))
        return self.back()


class HandOver(OfOne):
    """Inviting somebody to keep an entry in one's place, and taking an invitation back."""

    template_name = "directory/hand_over.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "invited": invitations.latest(self.listing, invitations.OWNER)}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_hand_over(self.person, self.listing))
        return self.show(request, form=AddressForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if taken_back(self, request, invitations.OWNER):
            return redirect(request.path)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.hand_over(
                actor=self.person,
                listing=self.listing,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
            )
        except Refused as refused:
            return self.again(request, form, refused)
        messages.success(request, _("The invitation is on its way. Until it is accepted, you keep the entry."))
        return redirect(request.path)


def taken_back(view: OfOne, request: HttpRequest, kind: str) -> bool:
    """Take back an invitation that the form names, if it is one to this entry; say whether the form did."""
    if "revoke" not in request.POST:
        return False
    waiting = invitations.pending(view.listing, kind).filter(pk=number_in(request.POST["revoke"])).first()
    if waiting:
        revoke_invitation(actor=view.person, invitation=waiting)
    return True
