"""django-allauth's adapter for identity providers: which there are, what is taken of what they say, and whom they name.

Providers are those of the settings alone, never rows of the database.
"""

import logging

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.base import Provider as AnyProvider
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts import session
from plenara.accounts.permissions import is_known
from plenara.accounts.sign_on import actions, queries
from plenara.accounts.sign_on.configuration import SAML, IdentityProvider
from plenara.accounts.sign_on.validation import Claims
from plenara.core.refusals import ActionRefused
from plenara.core.rows import Json

log = logging.getLogger("plenara.sign_on")
#: How long metadata of SAML are used before they are read again, and how long that may take.
_METADATA_SECONDS = {"metadata_cache_timeout": 15 * 60, "metadata_request_timeout": 5}


class UnknownProvider(SocialApp.DoesNotExist, ValueError):
    """A provider that the settings no longer name: what a session stores of it is void."""


class NoKey(Exception):
    """An encrypted answer, where the settings have no key for the provider."""

    reason = "the answer is encrypted, and the settings have no key_file"


class SignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's adapter for identity providers."""

    # --- which there are ----------------------------------------------------------------------------------------------

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [_app(each) for each in queries.providers() if provider in {None, each.id, each.protocol}]

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        if (found := queries.provider(provider)) is None:
            raise UnknownProvider
        return _app(found)

    def get_requests_session(self) -> object:
        requests_session = super().get_requests_session()
        # No proxy, .netrc or certificate file of the environment decides where a secret is sent.
        requests_session.trust_env = False
        return requests_session

    # --- whom they name -----------------------------------------------------------------------------------------------

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Json) -> None:
        """Take nothing of allauth's own reading of the claims; `describe` follows."""

    def describe(self, login: SocialLogin, claims: Claims) -> None:
        """Write into a login what its provider says of the person."""
        person = login.user
        person.name, person.email = claims.name, claims.email
        person.organization, person.country = claims.organization, claims.country
        login.account.extra_data = {"roles": list(claims.roles)} if claims.roles else {}
        login.email_addresses = (
            [EmailAddress(email=claims.email, verified=claims.is_vouched_for, primary=True)] if claims.email else []
        )

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect the identity, if that was asked for; send the owner of a known address to sign in first."""
        sociallogin.token = None  # of no use to us, so that no session stores it
        provider = queries.provider(sociallogin.account.provider)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_connect(request, sociallogin.account.uid, provider))
        address = vouched_address(sociallogin)
        if not sociallogin.is_existing and address and queries.is_known_address(address):
            raise ImmediateHttpResponse(to_sign_in_first(request, provider))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: AnyProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: Json | None = None,
    ) -> None:
        """Say on the sign-in page, which has the other ways, what happened."""
        name = {"name": provider.name}
        if error == AuthError.CANCELLED:
            sentence = _("You did not sign in with %(name)s. You can try again, or choose another way.") % name
        elif isinstance(exception, OSError) or isinstance(getattr(exception, "__cause__", None), OSError):
            sentence = _("%(name)s does not answer. Try again later, or choose another way to sign in.") % name
        elif isinstance(exception, NoKey):
            sentence = (
                _(
                    "%(name)s sent an encrypted answer, which this site cannot read. Contact the people who run this "
                    "site, or choose another way to sign in."
                )
                % name
            )
        else:
            sentence = _("We could not sign you in with %(name)s. Try again, or choose another way.") % name
        if error != AuthError.CANCELLED:
            # Of other errors the type alone: what a provider writes may hold a name or an address.
            cause = getattr(exception, "__cause__", None) or exception
            reason = getattr(cause, "reason", "") or (type(cause).__name__ if cause else str(error))
            log.warning("sign-on failed", extra={"provider": provider.app.provider_id, "error": reason})
        messages.error(request, sentence)
        raise ImmediateHttpResponse(HttpResponseRedirect(_place(request)))


def vouched_address(login: SocialLogin) -> str:
    """Return the address that the provider has verified, or "" if there is none."""
    return next((each.email for each in login.email_addresses if each.verified), "")


def to_sign_in_first(request: HttpRequest, provider: IdentityProvider | None) -> HttpResponseRedirect:
    """Redirect the owner of an address that has an account: to signing in, and then to connecting the identity."""
    messages.info(
        request,
        _(
            "Your e-mail address already has an account on this site. Sign in to your account. On the next page, you "
            "can connect %(name)s."
        )
        % {"name": provider.name if provider else ""},
    )
    return HttpResponseRedirect(session.with_next(reverse("account_login"), reverse("socialaccount_connections")))


def _app(entry: IdentityProvider) -> SocialApp:
    """Return allauth's form of an entry of the settings. It is in no table."""
    of_protocol = (
        {
            "idp": {"metadata_url": entry.address, "entity_id": entry.entity_id or None, **_METADATA_SECONDS},
            "advanced": {
                "allow_single_label_domains": True,
                "want_attribute_statement": False,
                "x509cert": entry.certificate,
                "private_key": entry.key,
            },
        }
        if entry.protocol == SAML
        else {"server_url": entry.address, "scope": list(entry.scopes), "oauth_pkce_enabled": True}
    )
    found = SocialApp(
        provider=entry.protocol,
        provider_id=entry.id,
        name=entry.name,
        client_id=entry.client_id or entry.id,  # of SAML: what our addresses name the provider by
        secret=entry.client_secret,
        settings=of_protocol,
    )
    found.entry = entry
    return found


def _connect(request: HttpRequest, uid: str, provider: IdentityProvider | None) -> HttpResponseRedirect:
    person = request.user
    if is_known(person) and provider is not None:
        try:
            actions.connect(actor=person, provider=provider.id, uid=uid)
        except ActionRefused as refused:
            messages.error(request, str(refused.sentence))
        else:
            messages.success(request, _("From now on, you can sign in with %(name)s.") % {"name": provider.name})
    return HttpResponseRedirect(reverse("socialaccount_connections"))


def _place(request: HttpRequest) -> str:
    return reverse("socialaccount_connections" if request.user.is_authenticated else "account_login")
