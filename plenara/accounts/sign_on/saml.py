"""SAML 2.0 by django-allauth and python3-saml, and what both leave to their users.

They accept an assertion without an audience or an end, one that answers no request, and an identifier that changes
with each sign-in. Profiles for the OASIS SAML 2.0, 4.1.4.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_auth, build_saml_config, fetch_metadata_url_config
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from plenara.accounts.sign_on.adapter import NoKey
from plenara.accounts.sign_on.validation import claims_of
from plenara.core import clock
from plenara.core.rows import Json

#: How long our metadata hold: nothing in them changes.
METADATA_LIFE = datetime.timedelta(days=3650)
#: Attributes that identify a person for good, if a provider sends one (SAML Subject Identifier Attributes 1.0).
_SUBJECTS = tuple(f"urn:oasis:names:tc:SAML:attribute:{each}-id" for each in ("subject", "pairwise"))


class Refused(Exception):
    """An answer that signs nobody in, and why: for the log."""

    @property
    def reason(self) -> str:
        return str(self)


class Away(Refused):
    """Metadata that cannot be read."""


class Provider(SAMLProvider):
    """A provider that the settings name."""

    def redirect(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.prepare(request)
        return super().redirect(request, *args, **kwargs)

    def prepare(self, request: HttpRequest) -> None:
        """Read the metadata, and fill in what allauth expects of a request."""
        request.META.setdefault("HTTP_HOST", request.get_host())
        with reading_metadata():
            fetch_metadata_url_config(self.app.settings["idp"])

    def serialize(self) -> dict[str, str]:
        return {"id": self.app.provider_id}

    def extract_uid(self, data: OneLogin_Saml2_Auth) -> str:
        attributes = data.get_attributes()
        for name in (*self.app.entry.claims["id"], *_SUBJECTS):
            for value in attributes.get(name, ()):
                return _identifier(value)
        if data.get_nameid_format() == Constants.NAMEID_TRANSIENT:
            raise Refused("an identifier for this sign-in alone")
        return _identifier(data.get_nameid())

    def extract_extra_data(self, data: OneLogin_Saml2_Auth) -> Json:
        return {}  # nothing of it is stored

    def extract_common_fields(self, data: OneLogin_Saml2_Auth) -> Json:
        return {}  # the claims have it

    def sociallogin_from_response(self, request: HttpRequest, response: OneLogin_Saml2_Auth) -> SocialLogin:
        login: SocialLogin = super().sociallogin_from_response(request, response)
        attributes = dict(response.get_attributes())
        if response.get_nameid_format() == Constants.NAMEID_EMAIL_ADDRESS:
            attributes.setdefault("NameID", [response.get_nameid()])
        get_adapter().describe(login, claims_of(self.app.entry, attributes.get, is_verified=True))
        return login


def answer(request: HttpRequest, provider: Provider, sent: str) -> HttpResponse:
    """Return the response to a person whose browser brought an answer of the provider."""
    try:
        login = _login(request, provider, sent)
    except (Refused, NoKey) as error:
        return render_authentication_error(request, provider, exception=error)
    return complete_social_login(request, login)


def metadata(request: HttpRequest, provider: Provider) -> bytes:
    """Return what the provider needs to know of this site, as XML."""
    provider.prepare(request)
    config = build_saml_config(request, provider.app.settings, provider.app.client_id)
    del config["sp"]["singleLogoutService"]  # signing out ends the session here alone
    # Our certificate to encrypt for; what comes unencrypted is accepted all the same.
    config["security"]["wantAssertionsEncrypted"] = bool(provider.app.entry.key)
    # Two days by default, after which a provider that was given a file would refuse us.
    config["security"]["metadataValidUntil"] = f"{clock.now() + METADATA_LIFE:%Y-%m-%dT%H:%M:%SZ}"
    xml: bytes = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return xml


@contextmanager
def reading_metadata() -> Iterator[None]:
    """Make one kind of error of whatever keeps us from a provider's metadata: python3-saml raises bare exceptions."""
    try:
        yield
    except Exception as error:
        raise Away(type(error).__name__) from OSError(type(error).__name__)


def _login(request: HttpRequest, provider: Provider, sent: str) -> SocialLogin:
    provider.prepare(request)
    request.POST = QueryDict(urlencode({"SAMLResponse": sent}))  # type: ignore[assignment] # what was brought before
    try:
        auth = build_auth(request, provider)
        auth.process_response(request_id=None)
        if auth.get_errors() or not auth.is_authenticated():
            raise Refused(_plain(auth.get_last_error_reason() or "not signed in there"))
        request_id = auth.get_last_response_in_response_to()
        _require_whole(auth, request_id)
        login = provider.sociallogin_from_response(request, auth)
    except Refused:
        raise
    except OneLogin_Saml2_Error as error:
        raise (NoKey if error.code == error.PRIVATE_KEY_NOT_FOUND else Refused)(type(error).__name__) from None
    except Exception as error:  # whatever python3-saml and lxml make of what anybody may send
        raise Refused(type(error).__name__) from error
    state = statekit.unstash_state(request, state_id=request_id, provider_id=provider.sub_id)
    if state is None:
        raise Refused("not requested by this browser, or answered before")
    login.state = state
    return login


def _require_whole(auth: OneLogin_Saml2_Auth, request_id: str | None) -> None:
    """Require of a checked assertion what python3-saml checks only if it is there."""
    document = Xml.to_etree(auth.get_last_response_xml())
    (assertion,) = document.iter(f"{{{Constants.NS_SAML}}}Assertion")
    names = {"saml": Constants.NS_SAML}
    if not assertion.xpath("saml:Conditions/saml:AudienceRestriction/saml:Audience", namespaces=names):
        raise Refused("no audience")
    confirmed = assertion.xpath(
        "saml:Subject/saml:SubjectConfirmation[@Method=$method]/saml:SubjectConfirmationData"
        "[@InResponseTo=$request and @NotOnOrAfter and @Recipient]",
        namespaces=names,
        method=Constants.CM_BEARER,
        request=request_id or "",
    )
    if not request_id or not confirmed:
        raise Refused("no answer to a request")


def _plain(reason: str) -> str:
    """Return the words of python3-saml's reason, without what it quotes of an answer that anybody may have sent."""
    words = (word.strip(".,:()") for word in reason.partition(" -> ")[0].split())
    return " ".join(word for word in words if word.isalpha())[:80]


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 191:
        raise Refused("no identifier")
    return value
