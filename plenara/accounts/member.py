"""Doors for who is signed in: the byline, the settings, rules that have changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from plenara.accounts import actions
from plenara.accounts.adapter import first_of_all
from plenara.accounts.forms import BylineForm, SettingsForm
from plenara.accounts.models import Person
from plenara.accounts.rules import may_act
from plenara.common.doors import MemberView
from plenara.common.refusals import Refused, require


def next_address(request: HttpRequest) -> str:
    """Return where somebody was on their way to, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def onward(request: HttpRequest, person: Person, otherwise: str) -> HttpResponseRedirect:
    """Lead to where the person was on their way to, past what has to be done before; else to `otherwise`."""
    wanted = next_address(request)
    if not wanted:
        return HttpResponseRedirect(otherwise)
    first = first_of_all(person)
    if first and first != request.path:
        return HttpResponseRedirect(f"{first}?{urlencode({'next': wanted})}")
    return HttpResponseRedirect(wanted)


class Byline(MemberView):
    """Asks once, before the first contribution, for whom somebody speaks; and may be changed at any time."""

    template_name = "accounts/byline.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        require(may_act(self.person))
        return self.show(request, BylineForm.of(self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(may_act(self.person))
        form = BylineForm(request.POST)
        if form.is_valid():
            try:
                actions.set_byline(actor=self.person, **form.cleaned_data)
            except Refused as refused:
                form.put(refused)
            else:
                messages.success(request, _("Kept. What you contribute from now on appears with it."))
                return onward(request, self.person, reverse("settings"))
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: BylineForm, status: int = 200) -> HttpResponse:
        return self.page(request, {"form": form, "next": next_address(request), "nav_current": "my"}, status=status)


class Settings(MemberView):
    """A person's name and language, and the ways to their address, password and passkeys."""

    template_name = "accounts/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, SettingsForm(initial={"name": self.person.name, "language": self.person.language}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST)
        if form.is_valid():
            try:
                actions.set_profile(actor=self.person, **form.cleaned_data)
            except Refused as refused:
                form.put(refused)
            else:
                messages.success(request, _("Your settings are kept."))
                return onward(request, self.person, reverse("settings"))
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "next": next_address(request),
            "has_password": self.person.has_usable_password(),
            "nav_current": "my",
        }
        return self.page(request, context, status=status)


class AcceptRules(MemberView):
    """Shows that the rules or the licence have changed, and takes the acceptance."""

    template_name = "accounts/accept_rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, {"next": next_address(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.accept_rules(actor=self.person)
        return onward(request, self.person, reverse("my"))
