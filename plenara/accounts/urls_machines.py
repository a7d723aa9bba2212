"""Addresses of accounts that have no language."""

from django.urls import path, register_converter

from plenara.accounts.views import open, public


class Sha256:
    """A SHA-256 in an address, in lower-case hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Colour:
    """A colour in an address."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        return f"#{value}"

    def to_url(self, value: str) -> str:
        return value[1:]


register_converter(Sha256, "sha256")
register_converter(Colour, "colour")
urlpatterns = [
    path("mark/<sha256:sha256>.<slug:mark_type>", public.Mark.as_view(), name="mark"),
    path("look/<colour:accent>-<colour:header>.<slug:name>.css", public.Colours.as_view(), name="colours"),
    # An operator registers it with the provider, which knows one address, in no language.
    path("sign-on/<slug:provider_id>/answer/", open.OpenIDConnectAnswer.as_view(), name="openid_connect_callback"),
    path("sign-on/<slug:organization_slug>/saml/", open.SamlAnswer.as_view(), name="saml_acs"),
    path("sign-on/<slug:organization_slug>/saml/", open.SamlAnswer.as_view(), name="saml_sls"),  # allauth wants a name
    path("sign-on/<slug:organization_slug>/metadata/", open.SamlMetadata.as_view(), name="saml_metadata"),
]
