"""What a session stores: the destination of a person who had to sign in first, and their last visit."""

import datetime
import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from plenara.accounts.models import Person, Session
from plenara.core import clock
from plenara.core.languages import NAMES, current
from plenara.core.views import BaseView, Destination, PublicView

_DESTINATION_KEY = "destination"
#: What an e-mail may name: a page of ours by its path, perhaps with a number or the slug of a consultation. An e-mail
#: is sent to any address that is typed, so it must not carry sentences.
_FOR_EMAIL = re.compile(r"/[\w/.-]{1,200}(\?[a-z_]{1,20}=\d{1,9}|\?consultation=[\w-]{1,80})?", re.ASCII)
#: Pages where one signs in or up, to which allauth redirects without the destination.
_ENTRANCES = ("account_login", "account_signup", "account_request_login_code", "account_confirm_login_code",
              "account_email_verification_sent", "account_reset_password", "account_confirm_password_reset_code",
              "account_complete_password_reset", "mfa_authenticate", "socialaccount_signup")  # fmt: skip
#: Those of them that ask for a code.
_ASKS_FOR_CODE = ("account_login", "account_request_login_code")


def next_address(request: HttpRequest) -> str:
    """Return the destination that the request names, if that is a page of this site.

    It is in the language of the requested page: a person can change it on the way.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return _in_this_language(wanted) if _is_ours(request, wanted) else ""


def next_page(request: HttpRequest) -> Destination | None:
    """Return the subject of the destination page, if its view names one."""
    wanted = next_address(request)
    try:
        found = resolve(wanted.partition("?")[0])
    except Resolver404:
        return None
    view = getattr(found.func, "view_class", None)
    return view.destination(found) if view and issubclass(view, BaseView) else None


def restore_destination(request: HttpRequest) -> None:
    """Add a missing destination to a request at an entrance; store the one that a form was sent with."""
    wanted = next_address(request)
    if wanted and request.method == "POST":
        request.session[_DESTINATION_KEY] = wanted
    wanted = wanted or request.session.get(_DESTINATION_KEY, "") or _public_page_before(request)
    if wanted and request.GET.get("next") != wanted:
        query = request.GET.copy()
        query["next"] = wanted
        request.GET = query  # type: ignore[assignment]


def forget_destination(request: HttpRequest) -> None:
    """Delete the destination: the person is signed in, and redirected there."""
    request.session.pop(_DESTINATION_KEY, None)


def pass_destination_on(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Add the destination to a redirect to another entrance, and to the links of a page."""
    wanted = next_address(request)
    if not wanted:
        return response
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data["next_query"] = "?" + urlencode({"next": wanted})
        response.context_data["next_page"] = next_page(request)
    elif isinstance(response, HttpResponseRedirect) and response.url in _addresses(_ENTRANCES):
        response["Location"] = with_next(response.url, wanted)
    elif isinstance(response, HttpResponseRedirect) and _in_this_language(response.url) == wanted:
        response["Location"] = wanted  # allauth stores it in the language of the first page
    return response


def say_that_code_ended(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say that the code has expired when its page redirects back, unless another message does."""
    is_led_back = isinstance(response, HttpResponseRedirect) and response.url in _addresses(_ASKS_FOR_CODE)
    if is_led_back and not getattr(messages.get_messages(request), "added_new", False):
        messages.warning(
            request,
            _("This code is not valid. It has expired, or you asked for it in another browser. Ask for a new one."),
        )


def with_next(address: str, wanted: str) -> str:
    """Return the address of an entrance with a destination."""
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


def destination_for_email(request: HttpRequest | None) -> str:
    """Return the destination for the links of an e-mail, or "" if they may not name it."""
    wanted = next_address(request) if request is not None else ""
    return wanted if _FOR_EMAIL.fullmatch(wanted) and _view_at(wanted) is not None else ""


def view_name_at(address: str) -> str:
    """Return the name of the view at an address of ours, or "" if there is none."""
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
    """Return the public page that the person came from: the header's link is the same on every page."""
    before = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    if request.method != "GET" or not before.startswith(f"{origin}/"):
        return ""
    path = before.removeprefix(origin)
    view = getattr(_view_at(path), "view_class", None)
    return path if view and issubclass(view, PublicView) and _is_ours(request, path) else ""


def _view_at(address: str) -> object:
    try:
        return resolve(address.partition("?")[0]).func
    except Resolver404:
        return None


def _addresses(names: tuple[str, ...]) -> set[str]:
    return {reverse(name) for name in names}


#: Lifetime in seconds of a session in which nobody has signed in yet.
UNFINISHED = 24 * 3600


def limit_unfinished(request: HttpRequest) -> None:
    """Shorten the life of a session in which nobody has signed in yet: it holds a typed address, and perhaps a code.

    `Adapter.login` gives a session its usual life.
    """
    if request.session.modified and not request.user.is_authenticated:
        request.session.set_expiry(UNFINISHED)


_VISIT_KEY = "visit"
#: After this time without a view of their page, the next view is another visit.
VISIT_PAUSE = datetime.timedelta(hours=2)
#: Within this time a view counts as the last one, and nothing is written.
VISIT_RELOAD = datetime.timedelta(minutes=5)


def begin_visits(request: HttpRequest, previous: datetime.datetime | None) -> None:
    """Begin the visits of a session with the last sign-in before it."""
    request.session[_VISIT_KEY] = {"since": previous.isoformat() if previous else "", "seen": ""}


def note_visit(request: HttpRequest) -> datetime.datetime | None:
    """Store that the person views their page, and return when their last visit was."""
    now, visit = clock.now(), _visit_of(request)
    seen = _moment(visit["seen"])
    if seen and now - seen < VISIT_RELOAD:
        return _moment(visit["since"])
    since = visit["seen"] if seen and now - seen > VISIT_PAUSE else visit["since"]
    until = Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True)
    request.session.set_expiry(until.first())  # this does not prolong the session
    request.session[_VISIT_KEY] = {"since": since, "seen": now.isoformat()}
    return _moment(since)


def last_visit_at(request: HttpRequest, person: Person) -> datetime.datetime:
    """Return when the person last viewed their page."""
    visit = _visit_of(request)
    return _moment(visit["seen"]) or _moment(visit["since"]) or person.joined_at


def _visit_of(request: HttpRequest) -> dict[str, str]:
    return request.session.get(_VISIT_KEY) or {"since": "", "seen": ""}


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
