"""The way to an identity provider and back, for the views. Its libraries are loaded when somebody goes there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation

from plenara.accounts import limits
from plenara.accounts.sign_on import queries
from plenara.core.languages import NAMES, current, django_code

if TYPE_CHECKING:
    from plenara.accounts.sign_on.saml import Provider

_LANGUAGE_KEY = "sign_on_language"


def address_to_leave_for(request: HttpRequest, provider: str, *, process: str, wanted: str) -> HttpResponseBase | str:
    """Return the provider's address with what we ask of it, or a redirect with a sentence if it does not answer.

    `process` is "login" or "connect"; `wanted` is the person's destination.
    """
    if queries.provider(provider) is None:
        raise Http404
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.helpers import render_authentication_error
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    limits.spend("sign_on", ip=limits.ip_of(request))
    request.session[_LANGUAGE_KEY] = current()
    found = get_adapter().get_provider(request, provider)
    try:
        response: HttpResponseBase = found.redirect(request, process, wanted or None)
    except (OAuth2Error, OSError, *_errors_of(found.app.provider)) as error:
        return render_authentication_error(request, found, exception=error)
    return response.url if isinstance(response, HttpResponseRedirect) and "://" in response.url else response


def openid_connect_answer(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Return the response to a person who comes back from a provider of OpenID Connect."""
    if (entry := queries.provider(provider)) is None or entry.protocol != "openid_connect":
        raise Http404
    from allauth.socialaccount.helpers import render_authentication_error
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    from plenara.accounts.sign_on import openid_connect

    adapter = openid_connect.Adapter(request, provider)
    with _language_of_the_way_there(request):
        try:
            return openid_connect.Callback.adapter_view(adapter)(request)
        except OAuth2Error as error:
            return render_authentication_error(request, adapter.get_provider(), exception=error)


def saml_answer(request: HttpRequest, provider: str, sent: str) -> HttpResponseBase:
    """Return the response to a person who comes back from a provider of SAML, with what their browser brought."""
    found = _saml_provider(request, provider)
    from plenara.accounts.sign_on import saml

    with _language_of_the_way_there(request):
        return saml.answer(request, found, sent)


def saml_metadata(request: HttpRequest, provider: str) -> bytes:
    """Return our metadata for a provider of SAML, as XML."""
    found = _saml_provider(request, provider)
    from plenara.accounts.sign_on import saml

    return saml.metadata(request, found)


def require_saml(provider: str) -> None:
    """Raise `Http404` unless the settings name a provider of SAML."""
    if (entry := queries.provider(provider)) is None or entry.protocol != "saml":
        raise Http404


def _saml_provider(request: HttpRequest, provider: str) -> "Provider":
    require_saml(provider)
    from allauth.socialaccount.adapter import get_adapter

    found: Provider = get_adapter().get_provider(request, provider)
    return found


def _errors_of(protocol: str) -> tuple[type[Exception], ...]:
    if protocol != "saml":
        return ()
    from plenara.accounts.sign_on import saml

    return (saml.Refused,)


@contextmanager
def _language_of_the_way_there(request: HttpRequest) -> Iterator[None]:
    """Activate the language in which the person left: the address that a provider knows has none."""
    code = request.session.get(_LANGUAGE_KEY, "")
    with translation.override(django_code(code if code in NAMES else current())):
        yield
