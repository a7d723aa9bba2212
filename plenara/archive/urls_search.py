"""Addresses of the search."""

from django.urls import URLPattern, path

from plenara.archive.public import search_forms
from plenara.archive.public.search import SearchPage

urlpatterns: list[URLPattern] = [
    path("", SearchPage.as_view(), name="search"),
    path("feed.atom", search_forms.SearchFeed.as_view(), name="search_feed"),
    path("data.csv", search_forms.SearchCsv.as_view(), name="search_csv"),
    path("data.json", search_forms.SearchJson.as_view(), name="search_json"),
    path("opensearch.xml", search_forms.SearchDescription.as_view(), name="search_description"),
]
