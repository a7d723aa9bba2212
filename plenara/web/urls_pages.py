"""Addresses of the pages that gather from every package: one's own page, and the desk's."""

from django.urls import URLPattern, URLResolver, path

from plenara.web import member

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/", member.My.as_view(), name="my"),
]
