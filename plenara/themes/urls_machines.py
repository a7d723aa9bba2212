"""Addresses of the vocabulary that have no language. Addresses of its files are in `site.urls_machines`."""

from django.urls import URLPattern, re_path

from plenara.themes.views.public import PermanentAddress

app_name = "vocabulary"

#: A code in an address. It is checked when it is set (`validation.code_fits`).
CODE = r"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]{0,99})"

urlpatterns: list[URLPattern] = [
    re_path(r"^themes/?$", PermanentAddress.as_view(), name="list"),
    re_path(rf"^themes/{CODE}/?$", PermanentAddress.as_view(), name="theme"),
]
