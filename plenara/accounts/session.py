"""What a session remembers: where somebody was going when they had to sign in first, and when they were here before."""

import datetime
import re
from typing import Any

from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES, current
from plenara.core.views import BaseView, Destination, PublicView

_DESTINATION_KEY = "destination"
#: What an e-mail may name: a page of ours by its path, perhaps with a number or the slug of a consultation. An e-mail
#: goes to any address that is typed, so it has no room for sentences.
_FOR_EMAIL = re.compile(r"/[\w/.-]{1,200}(\?[a-z_]{1,20}=\d{1,9}|\?consultation=[\w-]{1,80})?", re.ASCII)
#: Pages where one signs in or up, to which allauth redirects without the destination.
_ENTRANCES = ("account_login", "account_signup", "account_request_login_code", "account_confirm_login_code",
              "account_email_verification_sent", "account_reset_password", "account_confirm_password_reset_code",
              "account_complete_password_reset", "mfa_authenticate")  # fmt: skip
#: Those of them where a code is asked for.
_ASKS_FOR_CODE = ("account_login", "account_request_login_code")


def next_address(request: HttpRequest) -> str:
    """Return where somebody was on their way to, as the request says, if that is a page of this site.

    It is in the language of the page that is asked for: that can be changed on the way.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return _in_this_language(wanted) if _is_ours(request, wanted) else ""


def next_page(request: HttpRequest) -> Destination | None:
    """Return what the page is about to which somebody was on their way, where it says so."""
    wanted = next_address(request)
    try:
        found = resolve(wanted.partition("?")[0])
    except Resolver404:
        return None
    view = getattr(found.func, "view_class", None)
    return view.destination(found.kwargs) if view and issubclass(view, BaseView) else None


def restore_destination(request: HttpRequest) -> None:
    """Give a request at an entrance the destination that it lacks; and remember the one that a form was sent with."""
    wanted = next_address(request)
    if wanted and request.method == "POST":
        request.session[_DESTINATION_KEY] = wanted
    wanted = wanted or request.session.get(_DESTINATION_KEY, "") or _public_page_before(request)
    if wanted and request.GET.get("next") != wanted:
        query = request.GET.copy()
        query["next"] = wanted
        request.GET = query  # type: ignore[assignment]


def forget_destination(request: HttpRequest) -> None:
    """Forget the destination: the person is signed in, and led there."""
    request.session.pop(_DESTINATION_KEY, None)


def pass_destination_on(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let a redirect to another entrance, and the links of a page, lead to the destination too."""
    wanted = next_address(request)
    if not wanted:
        return response
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data["next_query"] = "?" + urlencode({"next": wanted})
        response.context_data["next_page"] = next_page(request)
    elif isinstance(response, HttpResponseRedirect) and response.url in _addresses(_ENTRANCES):
        response["Location"] = with_next(response.url, wanted)
    elif isinstance(response, HttpResponseRedirect) and _in_this_language(response.url) == wanted:
        response["Location"] = wanted  # allauth remembers it in the language in which somebody began
    return response


def say_that_code_ended(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say why the page for a code leads back to where one asks for it, where nothing says so yet."""
    is_led_back = isinstance(response, HttpResponseRedirect) and response.url in _addresses(_ASKS_FOR_CODE)
    if is_led_back and not getattr(messages.get_messages(request), "added_new", False):
        messages.warning(
            request,
            _("The code no longer works here. It has expired, or it belongs to another browser. Ask for a new one."),
        )


def with_next(address: str, wanted: str) -> str:
    """Return an address of an entrance that leads on to a page."""
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


def destination_for_email(request: HttpRequest | None) -> str:
    """Return the destination as the links of an e-mail may name it, or "" where they may not."""
    wanted = next_address(request) if request is not None else ""
    return wanted if _FOR_EMAIL.fullmatch(wanted) and _view_at(wanted) is not None else ""


def view_name_at(address: str) -> str:
    """Return the name of the view at an address of ours, or "" where there is none."""
    try:
        return resolve(address.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""


def _is_ours(request: HttpRequest, wanted: str) -> bool:
    return url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())


def _in_this_language(wanted: str) -> str:
    language, slash, rest = wanted.removeprefix("/").partition("/")
    return f"/{current()}/{rest}" if slash and wanted.startswith("/") and language in NAMES else wanted


def _public_page_before(request: HttpRequest) -> str:
    """Return the public page from whose header somebody came: its link is the same on every page, and names none."""
    before = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    if request.method != "GET" or not before.startswith(f"{origin}/"):
        return ""
    path = before.removeprefix(origin)
    view = getattr(_view_at(path), "view_class", None)
    return path if view and issubclass(view, PublicView) and _is_ours(request, path) else ""


def _view_at(address: str) -> Any:
    try:
        return resolve(address.partition("?")[0]).func
    except Resolver404:
        return None


def _addresses(names: tuple[str, ...]) -> set[str]:
    return {reverse(name) for name in names}


_VISIT_KEY = "visit"
#: After so long without a look at one's page, the next look is another visit.
VISIT_PAUSE = datetime.timedelta(hours=2)
#: Within this time a look is the same as the last one, and nothing is written.
VISIT_RELOAD = datetime.timedelta(minutes=5)


def begin_visits(request: HttpRequest, previous: datetime.datetime | None) -> None:
    """Begin the visits of a session with the last sign-in before it."""
    request.session[_VISIT_KEY] = {"since": previous.isoformat() if previous else "", "seen": ""}


def note_visit(request: HttpRequest) -> datetime.datetime | None:
    """Note that the person looks at their page, and return when they were here the last time before this visit."""
    now, visit = clock.now(), _visit_of(request)
    seen = _moment(visit["seen"])
    if seen and now - seen < VISIT_RELOAD:
        return _moment(visit["since"])
    since = visit["seen"] if seen and now - seen > VISIT_PAUSE else visit["since"]
    until = Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True)
    request.session.set_expiry(until.first())  # what is written here does not prolong the session
    request.session[_VISIT_KEY] = {"since": since, "seen": now.isoformat()}
    return _moment(since)


def last_visit_at(request: HttpRequest, person: Person) -> datetime.datetime:
    """Return since when the person has not looked at their page."""
    visit = _visit_of(request)
    return _moment(visit["seen"]) or _moment(visit["since"]) or person.joined_at


def _visit_of(request: HttpRequest) -> dict[str, str]:
    return request.session.get(_VISIT_KEY) or {"since": "", "seen": ""}


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
