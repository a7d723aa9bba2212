"""django-allauth's adapters for our persons, languages, limits and tasks."""

import datetime
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.accounts import emails, limits, queries, session, validation
from plenara.accounts.models import Person
from plenara.accounts.queries import installation
from plenara.accounts.sign_on import actions as sign_on
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.prepared import prepared
from plenara.core.transaction import writes

#: E-mails that hold a code, and for how many seconds the code is valid.
_CODES = {
    "login_code": "LOGIN_BY_CODE_TIMEOUT",
    "email_confirmation": "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "email_confirmation_signup": "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "password_reset_code": "PASSWORD_RESET_BY_CODE_TIMEOUT",
}


class Backend(AuthenticationBackend):
    """allauth's ways to sign in; each request of a signed-in person asks it for their row."""

    def get_user(self, user_id: int) -> Person | None:
        person = next(iter(_person(user_id)), None)
        return person if person and self.user_can_authenticate(person) else None


@prepared
def _person(pk: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=pk)


class Adapter(DefaultAccountAdapter):
    """allauth's account adapter for Plenara."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy(
            "This account is closed. If you have questions, write to the contact address of this site."
        ),
        "duplicate_email": gettext_lazy("This is already your e-mail address. Enter another one."),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or password is wrong. Check both, or ask for a code instead."
        ),
        "email_taken": gettext_lazy("This e-mail address cannot be used. Enter another one."),
        "enter_current_password": gettext_lazy("This is not your current password. Try again."),
        "incorrect_code": gettext_lazy("This is not the code that we sent. Check it, or ask for a new one."),
        "incorrect_password": gettext_lazy("This is not your password. Try again."),
        "too_many_login_attempts": gettext_lazy(
            "There were too many wrong attempts. Ask for a new code, or try again in an hour."
        ),
        "rate_limited": gettext_lazy("There were too many requests. Try again in an hour."),
        "same_as_current": gettext_lazy("This is already your e-mail address. Enter another one."),
    }

    # --- e-mails ------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Enqueue the e-mail, in the language of the page. It is sent after the response: its time reveals nothing."""
        name = template_prefix.rsplit("/", 1)[-1]
        until = ""
        if name in _CODES:
            seconds = getattr(app_settings, _CODES[name])
            until = (clock.now() + datetime.timedelta(seconds=seconds)).isoformat()
        email_name = f"account-{secrets.token_hex(16)}"
        # Somebody waits for it at the screen. Its priority depends on sign-ups from there, not on whether it is known.
        request = allauth_context.request
        is_busy = request is not None and queries.has_many_sign_ups(limits.ip_of(request))
        with writes():
            emails.letter.using(key=email_name, queue_name="default" if is_busy else "urgent").enqueue(
                name=email_name,
                template=name,
                address=email,
                language=current(),
                until=until,
                context={
                    **({"code": str(context["code"])} if "code" in context else {}),
                    **({"next": wanted} if (wanted := session.destination_for_email(request)) else {}),
                },
            )

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.ip_of(request)

    # --- addresses and wrong passwords --------------------------------------------------------------------------------

    def clean_email(self, email: str) -> str:
        answer = validation.an_address(email)
        if not answer:
            raise ValidationError(answer.sentence, code="invalid")  # type: ignore[union-attr]
        return email

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Count an attempt at a password for its address, known or not; a right one does not count."""
        self._attempted = credentials.get("email", "")
        spend(request, "password", address=self._attempted)

    def _rollback_login_failed_rl_usage(self) -> None:
        limits.give_back("password", address=self._attempted)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: object) -> None:
        """Do nothing: allauth would clear its counter in the cache; ours ends with the hour."""

    def login(self, request: HttpRequest, user: Person) -> None:  # type: ignore[override]
        previous = user.last_login
        request.session.set_expiry(None)
        super().login(request, user)
        session.begin_visits(request, previous)

    # --- where to go --------------------------------------------------------------------------------------------------

    def is_safe_url(self, url: str) -> bool:
        """Allow redirects within this very host."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_login_stages(self) -> list[str]:
        """Skip further stages after an operator's one-time link: it is for people who have lost everything else."""
        if getattr(self.request, "came_by_link", False):
            return []
        return super().get_login_stages()

    def post_login(self, request: HttpRequest, user: Person, **kwargs: object) -> HttpResponse:  # type: ignore[override]
        """Redirect to what has to be done first: a name, the installation's set-up, rules that have changed."""
        if login := (kwargs.get("signal_kwargs") or {}).get("sociallogin"):  # type: ignore[attr-defined]
            account, roles = login.account, frozenset(login.account.extra_data.get("roles", ()))
            sign_on.signed_in(person=user, provider=account.provider, uid=account.uid, roles=roles)
        response = super().post_login(request, user, **kwargs)
        session.forget_destination(request)
        if isinstance(response, HttpResponseRedirect) and (first := first_of_all(user)):
            return HttpResponseRedirect(f"{first}?{urlencode({'next': response.url})}")
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    def get_email_verification_redirect_url(self, email_address: object) -> str:
        return reverse("settings") if self.request.user.is_authenticated else reverse("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask nobody to reauthenticate who has neither password nor second factor: they signed in by a code alone."""
        has_a_way = bool(get_reauthentication_flows(self.request.user))
        return has_a_way and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, object]]:
        """Offer a password first, then a passkey; a recovery code last, since each works only once."""
        methods = {each["id"]: each for each in super().get_reauthentication_methods(user)}
        has_app = "mfa_reauthenticate" in methods and is_mfa_enabled(user, [Authenticator.Type.TOTP])
        names = {
            "reauthenticate": _("Confirm with your password"),
            "mfa_reauthenticate:webauthn": _("Confirm with a passkey"),
            "mfa_reauthenticate": (
                _("Confirm with a code from the app, or a recovery code")
                if has_app
                else _("Confirm with a recovery code")
            ),
        }
        return [{**methods[way], "description": name} for way, name in names.items() if way in methods]


class PasskeyAdapter(DefaultMFAAdapter):
    """allauth's adapter for passkeys, authenticator apps and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "We could not confirm that it is you. Try again, or choose another way to confirm."
        ),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "You need a passkey or an authenticator app before you can have recovery codes. Add one first."
        ),
    }

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return installation().name

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code on a white ground: a camera cannot read allauth's on a dark page."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")


def first_of_all(person: Person) -> str | None:
    """Return the address of what a person has to do before anything else, if there is something."""
    here = installation()
    if not person.name:
        return reverse("settings")
    if person.is_organizer and not person.is_suspended and not here.is_set_up:
        return reverse("installation")
    if person.rules_version != here.rules_version:
        return reverse("accept_rules")
    return None


def spend(request: HttpRequest, purpose: str, **who: object) -> None:
    """Count one time (`limits.spend`); too many is an error of the form that is being checked.

    `sign_in.wrap` then answers with status 429.
    """
    try:
        limits.spend(purpose, at=None, **who)
    except limits.TooMany as refused:
        request.too_many = True  # type: ignore[attr-defined]
        raise ValidationError(refused.sentence, code="too_many") from refused


@contextmanager
def attempt(purpose: str, **who: object) -> Iterator[None]:
    """Count an attempt; a right one is given back."""
    spend(allauth_context.request, purpose, **who)
    yield
    limits.give_back(purpose, **who)
