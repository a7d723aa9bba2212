"""Views for people who are signed in: the byline, the settings, connected accounts, rules that have changed."""

import time
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.accounts import actions, queries, session
from plenara.accounts.adapter import first_of_all
from plenara.accounts.forms.settings import BylineForm, EraseForm, SettingsForm
from plenara.accounts.models import Person
from plenara.accounts.permissions import may_act
from plenara.accounts.personal_data import export
from plenara.accounts.personal_data.erasure import may_erase, published_by
from plenara.accounts.session import next_address
from plenara.accounts.sign_on import actions as sign_on
from plenara.accounts.sign_on import exchange
from plenara.accounts.sign_on.queries import connections, name_of, providers
from plenara.accounts.views.sign_in import confirmed_first
from plenara.core.refusals import require
from plenara.core.text import number_in
from plenara.core.views import FormPage, MemberView


def onward(request: HttpRequest, person: Person, otherwise: str) -> HttpResponseRedirect:
    """Redirect to what has to be done first, else to the person's destination, else to `otherwise`."""
    wanted = next_address(request)
    if not wanted:
        return HttpResponseRedirect(otherwise)
    first = first_of_all(person)
    if first and first != request.path:
        return HttpResponseRedirect(f"{first}?{urlencode({'next': wanted})}")
    return HttpResponseRedirect(wanted)


def _onward(request: HttpRequest) -> dict[str, object]:
    """Return what a page shows of the person's destination."""
    return {"next": next_address(request), "next_page": session.next_page(request)}


class Byline(FormPage[BylineForm], MemberView):
    """Asks once, before the first contribution, for whom somebody speaks; and may be changed at any time."""

    template_name = "accounts/byline.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        require(may_act(self.person))
        return super().enter(request, *args, **kwargs)

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> BylineForm:
        return BylineForm.of(self.person) if data is None else BylineForm(data)

    def save(self, form: BylineForm) -> HttpResponse:
        actions.set_byline(actor=self.person, **form.cleaned_data)
        messages.success(self.request, _("Your details have been saved. Your future contributions will show them."))
        return onward(self.request, self.person, reverse("settings"))

    def context(self) -> dict[str, object]:
        return {**_onward(self.request), "nav_current": "my"}


class Settings(FormPage[SettingsForm], MemberView):
    """A person's name and language, and the ways to their address, password and passkeys."""

    template_name = "accounts/settings.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> SettingsForm:
        return SettingsForm(data, initial={"name": self.person.name, "language": self.person.language})

    def save(self, form: SettingsForm) -> HttpResponse:
        actions.set_profile(actor=self.person, **form.cleaned_data)
        messages.success(self.request, _("Your settings have been saved."))
        return onward(self.request, self.person, reverse("settings"))

    def context(self) -> dict[str, object]:
        return {
            "next": next_address(self.request),
            "has_password": self.person.has_usable_password(),
            "has_passkey": is_mfa_enabled(self.person),
            "may_connect": bool(providers() or connections(self.person)),
            "nav_current": "my",
        }


class Sessions(MemberView):
    """Lists where a person is signed in, and ends one session or all others."""

    template_name = "accounts/sessions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.open_sessions(self.person, request.session.session_key)
        return self.page(request, {"sessions": found, "nav_current": "my"})

    def post(self, request: HttpRequest) -> HttpResponse:
        name = request.POST.get("session", "")
        ended = actions.end_sessions(actor=self.person, current_key=request.session.session_key, name=name)
        if ended:
            sentence = _("The session has ended.") if name else _("All other sessions have ended.")
            messages.success(request, sentence)
        return HttpResponseRedirect(reverse("sessions"))


class ConfirmedView(MemberView):
    """A member view that requires reauthentication, as the page for changing the address does."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return confirmed_first(super().enter)(request, *args, **kwargs)


class Connections(ConfirmedView):
    """Lists the accounts with other providers with which a person signs in, and disconnects one."""

    template_name = "accounts/connections.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = connections(self.person)
        return self.page(request, {"connections": found, "providers": providers(), "nav_current": "my"})

    def post(self, request: HttpRequest) -> HttpResponse:
        sign_on.disconnect(actor=self.person, connection=number_in(request.POST.get("disconnect")))
        messages.success(request, _("The account is disconnected. You can no longer sign in with it."))
        return HttpResponseRedirect(reverse("socialaccount_connections"))


class Connect(ConfirmedView):
    """Leads to an identity provider, as `open.SignOn` does, to connect an account there."""

    template_name = "accounts/sign_on.html"

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("socialaccount_connections"))

    def post(self, request: HttpRequest, provider: str) -> HttpResponseBase:
        require(may_act(self.person))
        to = exchange.address_to_leave_for(request, provider, process="connect", wanted="")
        return self.page(request, {"to": to, "name": name_of(provider)}) if isinstance(to, str) else to


class MyData(ConfirmedView):
    """Offers a person's data as one file, and links to erasing the account."""

    template_name = "accounts/my_data.html"
    #: A larger file is on disk, not in memory.
    in_memory = 1_000_000

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, {"parts": export.parts(), "nav_current": "my"})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        # Completed before it is sent: neither a thread nor a database transaction waits for a slow client.
        file = cast(IO[bytes], SpooledTemporaryFile(self.in_memory, "w+b", dir=str(settings.DATA)))  # noqa: SIM115
        export.write_export(self.person, file)
        file.seek(0)
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # a ZIP is compressed already
        return FileResponse(file, as_attachment=True, filename=export.file_name(), content_type="application/zip")


class Erase(FormPage[EraseForm], ConfirmedView):
    """Says what goes and what stays, takes the choice, and erases the account."""

    template_name = "accounts/erase.html"
    #: Seconds after signing in by a code without further proof; after that, people with nothing else sign in again.
    fresh = 15 * 60

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> EraseForm:
        return EraseForm(data, published=published_by(self.person))

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        if not self.has_just_come(request):
            logout(request)
            return redirect_to_login(request.path)
        return super().post(request, **kwargs)

    def save(self, form: EraseForm) -> HttpResponse:
        actions.erase(actor=self.person, choice=form.cleaned_data["choice"])
        logout(self.request)
        return HttpResponseRedirect(reverse("erased"))

    def context(self) -> dict[str, object]:
        return {
            "published": published_by(self.person),
            "answer": may_erase(self.person),
            "is_fresh": self.has_just_come(self.request),
            "nav_current": "my",
        }

    def has_just_come(self, request: HttpRequest) -> bool:
        """Return whether the person reauthenticated (`ConfirmedView`), or has just signed in by a code."""
        if get_reauthentication_flows(self.person):
            return True
        records = get_authentication_records(request, self.person)
        return bool(records) and time.time() - records[-1]["at"] < self.fresh


class AcceptRules(MemberView):
    """Shows that the rules or the licence have changed, and takes the acceptance."""

    template_name = "accounts/accept_rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, _onward(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.accept_rules(actor=self.person)
        return onward(request, self.person, reverse("my"))
