"""Addresses of accounts that have no language."""

from django.urls import path, register_converter

from plenara.accounts.views import public


class Sha256:
    """A SHA-256 in an address, in lower-case hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")
urlpatterns = [path("mark/<sha256:sha256>.png", public.Mark.as_view(), name="mark")]
