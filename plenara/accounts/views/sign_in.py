"""django-allauth's views under our addresses, each in one wrapper.

allauth does the authenticating. The wrapper adds our rules: the status of a response shows the result of
a form, signing up and requesting codes is one transaction, and what is stored to sign in again names no place.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login, get_pending_stage
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from plenara.accounts import actions, session
from plenara.accounts.forms.sign_in import LoginForm, RequestLoginCodeForm
from plenara.accounts.permissions import is_known
from plenara.accounts.queries import SECOND_FACTORS
from plenara.accounts.sign_on import queries
from plenara.core.transaction import writes
from plenara.core.views import with_separators

#: A view, whatever its arguments.
type View = Callable

#: What allauth stores of a request while a person reauthenticates: no IP address, browser or cookies.
_REMEMBERED = frozenset(
    {
        "CONTENT_TYPE",
        "HTTP_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "PATH_INFO",
        "QUERY_STRING",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
    }
)


def wrap(
    view: View,
    *,
    entrance: bool = False,
    restarts: bool = False,
    at_once: bool = False,
    confirmed: bool = False,
    code: bool = False,
) -> View:
    """Return one of allauth's views, adapted to our addresses and pages.

    An `entrance` is on the way to signing in, and stores the destination. `code` says why it redirects back.
    `restarts` lets a form begin again, where allauth would redirect to the code that was requested
    before, perhaps for a mistyped address. `at_once` makes a POST one transaction, so that the response takes
    the same time whatever is written in it. `confirmed` requires reauthentication before the page is
    shown, not only when it is sent.
    """
    view = confirmed_first(view) if confirmed else _without_place(view)

    @never_cache
    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        is_stranger = not request.user.is_authenticated
        if entrance and is_stranger:
            session.restore_destination(request)
        if restarts and request.method == "POST" and is_stranger:
            clear_login(request)
        if at_once and request.method == "POST":
            with writes():
                response = view(request, *args, **kwargs)
        else:
            response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.status_code = _status(request, response)
            response.add_post_render_callback(_separate)
        if code and is_stranger and not request.user.is_authenticated:
            session.say_that_code_ended(request, response)
        if entrance and is_stranger:
            response = session.pass_destination_on(request, response)
        session.limit_unfinished(request)
        return response

    return enter


def confirmed_first(view: View) -> View:
    """Return a view that requires reauthentication within the last five minutes."""
    return _without_place(reauthentication_required(view, app="allauth.account"))


def _without_place(view: View) -> View:
    """Remove place and browser from what allauth stores of a request while a person reauthenticates."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ReauthenticationRequired:
            request.POST  # noqa: B018 - read while it still can be
            request.META = {name: value for name, value in request.META.items() if name in _REMEMBERED}
            raise

    return enter


def _separate(response: HttpResponseBase) -> None:
    """Add the separators to a page of allauth, as `BaseView.page` does to ours."""
    assert isinstance(response, TemplateResponse)
    response.content = with_separators(response.content.decode()).encode()


def _status(request: HttpRequest, response: TemplateResponse) -> int:
    """Return 429 at a limit, 422 for an invalid form."""
    if getattr(request, "too_many", False):
        return 429
    forms = (value for value in (response.context_data or {}).values() if isinstance(value, BaseForm))
    return 422 if any(form.is_bound and form.errors for form in forms) else response.status_code


def _with_both_ways(view: View) -> View:
    """Show both forms on the sign-in page, whichever of the two was sent."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            form = response.context_data["form"]
            typed = str(form["email" if "email" in form.fields else "login"].value() or "")
            response.context_data["code_form"] = (
                form if isinstance(form, RequestLoginCodeForm) else RequestLoginCodeForm(initial={"email": typed})
            )
            response.context_data["password_form"] = (
                form
                if isinstance(form, LoginForm)
                else LoginForm(request=request, initial={"login": typed}, prefix=None)
            )
            response.context_data["providers"] = queries.providers()
        return response

    return enter


def _with_code_form(view: View) -> View:
    """Let the sign-up page also accept the address of a person who has an account."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["code_form"] = RequestLoginCodeForm(auto_id="known_%s")
            response.context_data["providers"] = queries.providers()
        return response

    return enter


def _with_next_page(view: View) -> View:
    """Add the name of the next page to a page of reauthentication."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["confirms_for"] = session.view_name_at(session.next_address(request))
        return response

    return enter


def _beside_signing_up(view: View) -> View:
    """Show the sign-in page also during a sign-up: the e-mail says that the person has an account.

    allauth would redirect to the code for signing up, which in this case is never sent. It still works afterwards.
    """

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        stage = get_pending_stage(request) if request.method == "GET" else None
        if stage is None or not stage.login.signup:
            return view(request, *args, **kwargs)
        pending = request.session.pop(LOGIN_SESSION_KEY)
        try:
            return view(request, *args, **kwargs)
        finally:
            request.session[LOGIN_SESSION_KEY] = pending

    return enter


def _restarting(view: View) -> View:
    """Let a person sign in again whose second factors were removed while the page that asks for one was open.

    allauth would redirect in a loop between this page, which has nothing to ask for, and the sign-in page.
    """

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        stage = get_pending_stage(request)
        if stage is None or stage.key != AuthenticateStage.key or is_mfa_enabled(stage.login.user, SECOND_FACTORS):
            return view(request, *args, **kwargs)
        clear_login(request)
        messages.info(
            request,
            _("Your account no longer has a passkey or an authenticator app. Ask for a code to sign in."),
        )
        return HttpResponseRedirect(reverse("account_login"))

    return enter


def _with_factors(view: View) -> View:
    """Let the page that asks for a second factor name those that the person has."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            user = response.context_data["form"].user
            response.context_data["has_passkey"] = is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN])
            response.context_data["has_app"] = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        return response

    return enter


def _ending_others(view: View) -> View:
    """End a person's other sessions when a second factor is removed: it may be in other hands."""

    @wraps(view)
    def enter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        had = Authenticator.objects.filter(user_id=request.user.pk, type__in=SECOND_FACTORS).count()
        response = view(request, *args, **kwargs)
        if (
            is_known(request.user)
            and had > Authenticator.objects.filter(user_id=request.user.pk, type__in=SECOND_FACTORS).count()
        ):
            actions.end_sessions(actor=request.user, current_key=request.session.session_key)
        return response

    return enter


urlpatterns = [
    path(
        "signup/",
        wrap(_with_code_form(views.signup), entrance=True, restarts=True, at_once=True),
        name="account_signup",
    ),
    path(
        "signup/complete/",
        wrap(socialaccount.signup, entrance=True, at_once=True),
        name="socialaccount_signup",
    ),
    path(
        "login/",
        wrap(_beside_signing_up(_with_both_ways(views.login)), entrance=True, restarts=True),
        name="account_login",
    ),
    path(
        "login/code/",
        wrap(_with_both_ways(views.request_login_code), entrance=True, restarts=True, at_once=True),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        wrap(views.confirm_login_code, entrance=True, code=True),
        name="account_confirm_login_code",
    ),
    path("logout/", wrap(views.logout), name="account_logout"),
    path("inactive/", wrap(views.account_inactive), name="account_inactive"),
    path("reauthenticate/", wrap(_with_next_page(views.reauthenticate)), name="account_reauthenticate"),
    path("email/", wrap(views.email, confirmed=True), name="account_email"),
    path(
        "confirm-email/",
        wrap(views.email_verification_sent, entrance=True, code=True),
        name="account_email_verification_sent",
    ),
    path("password/change/", wrap(views.password_change), name="account_change_password"),
    path("password/set/", wrap(views.password_set, confirmed=True), name="account_set_password"),
    path("password/reset/", wrap(views.password_reset, entrance=True, at_once=True), name="account_reset_password"),
    path(
        "password/reset/confirm/",
        wrap(views.confirm_password_reset_code, entrance=True, code=True),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        wrap(views.complete_password_reset, entrance=True),
        name="account_complete_password_reset",
    ),
    path("password/reset/done/", wrap(views.password_reset_from_key_done), name="account_password_reset_completed"),
    path("2fa/", wrap(mfa.index), name="mfa_index"),
    path(
        "2fa/authenticate/", wrap(_restarting(_with_factors(mfa.authenticate)), entrance=True), name="mfa_authenticate"
    ),
    path("2fa/reauthenticate/", wrap(_with_next_page(mfa.reauthenticate)), name="mfa_reauthenticate"),
    path("2fa/app/add/", wrap(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/app/remove/", wrap(_ending_others(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", wrap(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", wrap(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", wrap(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("2fa/passkeys/", wrap(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", wrap(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", wrap(webauthn.login_webauthn, entrance=True), name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        wrap(_with_next_page(webauthn.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/<int:pk>/edit/", wrap(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", wrap(_ending_others(webauthn.remove_webauthn)), name="mfa_remove_webauthn"),
]
