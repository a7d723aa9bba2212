"""django-allauth's OpenID Connect with what it leaves to others: a nonce, checked signatures, a clock that is off.

allauth accepts an ID token unread when it comes over TLS, compares no nonce, and allows no second between two clocks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce

import jwt
from allauth.account.models import EmailAddress
from allauth.core.internal.datakit import parse_bool_safely
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from plenara.accounts.sign_on.validation import claims_of
from plenara.core.rows import Json

#: Seconds by which the provider's clock may differ from ours.
LEEWAY = 120
#: Signatures by a public key of the provider. One by the client's secret, or none, is refused.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class Refused(OAuth2Error):
    """An answer that signs nobody in, and why: for the log."""

    @property
    def reason(self) -> str:
        return str(self)


@contextmanager
def reading() -> Iterator[None]:
    """Make one kind of error of whatever is wrong with an answer of the provider, or with the way to it."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise OAuth2Error(type(error).__name__) from error


class Adapter(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider."""

    nonce = ""  # that the ID token must have

    @property
    def openid_config(self) -> Json:
        with reading():
            config: Json = super().openid_config
            config["authorization_endpoint"], config["token_endpoint"], config["jwks_uri"]
            if config["issuer"].rstrip("/") != self.get_provider().app.entry.address:
                raise Refused("another issuer")  # OpenID Connect Discovery 1.0, 4.3
        return config

    def get_access_token_data(self, *args: object, **kwargs: object) -> Json:
        with reading():
            return super().get_access_token_data(*args, **kwargs)

    def complete_login(self, *args: object, **kwargs: object) -> SocialLogin:
        with reading():
            return super().complete_login(*args, **kwargs)

    def _fetch_user_info(self, access_token: str) -> Json:
        # A provider without this endpoint puts everything into the ID token.
        return super()._fetch_user_info(access_token) if "userinfo_endpoint" in self.openid_config else {}

    def _decode_id_token(self, app: object, id_token: str) -> Json:
        """Return the claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
        client_id, header = self.get_provider().app.client_id, jwt.get_unverified_header(id_token)
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(response.json()).keys if key.public_key_use in {None, "sig"}]
        if kid := header.get("kid"):
            keys = [key for key in keys if key.key_id == kid]
        if len(keys) != 1:
            raise Refused("no key for this signature")
        found = jwt.decode(
            id_token,
            keys[0].key,
            algorithms=ALGORITHMS,
            issuer=self.openid_config["issuer"],
            audience=client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        is_for_others = isinstance(found["aud"], list) and found["aud"] != [client_id]
        if found.get("azp", None if is_for_others else client_id) != client_id:
            raise Refused("another audience")
        if not self.nonce or found.get("nonce") != self.nonce:
            raise Refused("another nonce")
        return found


class Provider(OpenIDConnectProvider):
    """A provider that the settings name."""

    oauth2_adapter_class = Adapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: object = None, **kwargs: object
    ) -> HttpResponse:
        nonce = get_random_string(32)
        params = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, auth_params=params)

    def serialize(self) -> dict[str, str]:
        return {"id": self.app.provider_id}  # two providers may have given us the same client id

    def extract_uid(self, data: Json) -> str:
        userinfo, subject = data.get("userinfo") or {}, data["id_token"]["sub"]
        if userinfo.get("sub", subject) != subject:
            raise Refused("the claims are of another person")  # OpenID Connect Core 1.0, 5.3.2
        if not isinstance(subject, str) or not 0 < len(subject) <= 191:
            raise Refused("no subject")
        return subject

    def extract_extra_data(self, data: Json) -> Json:
        return {}  # nothing of it is stored

    def extract_email_addresses(self, data: Json) -> list[EmailAddress]:
        return []  # the claims have it

    def extract_common_fields(self, data: Json) -> Json:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: Json) -> SocialLogin:
        login: SocialLogin = super().sociallogin_from_response(request, response)
        values: object = {**response["id_token"], **(response.get("userinfo") or {})}

        def find(name: str) -> object:
            whole = _below(values, name)
            return reduce(_below, name.split("."), values) if whole is None else whole

        said = find("email_verified")
        is_verified = said is None or parse_bool_safely(said)
        get_adapter().describe(login, claims_of(self.app.entry, find, is_verified=is_verified))
        return login


def _below(values: object, name: str) -> object:
    return values.get(name) if isinstance(values, dict) else None


class Callback(OAuth2CallbackView):
    """Takes the provider's answer."""

    adapter: Adapter

    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Json | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response
