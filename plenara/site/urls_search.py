"""Addresses of the search."""

from django.urls import URLPattern, path

from plenara.site.views.public import search
from plenara.site.views.public.search import SearchPage

urlpatterns: list[URLPattern] = [
    path("", SearchPage.as_view(), name="search"),
    path("feed.atom", search.SearchFeed.as_view(), name="search_feed"),
    path("data.csv", search.SearchCsv.as_view(), name="search_csv"),
    path("data.json", search.SearchJson.as_view(), name="search_json"),
    path("opensearch.xml", search.SearchDescription.as_view(), name="search_description"),
]
