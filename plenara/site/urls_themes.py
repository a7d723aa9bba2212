"""Addresses of a theme's page, its feed and its calendar, inside `archive:`."""

from django.urls import URLPattern, re_path

from plenara.site.views.public import themes
from plenara.themes.urls_machines import CODE

urlpatterns: list[URLPattern] = [
    re_path(rf"^themes/{CODE}/$", themes.ThemePage.as_view(), name="theme"),
    re_path(rf"^themes/{CODE}/feed\.atom$", themes.ThemeFeed.as_view(), name="theme_feed"),
    re_path(rf"^themes/{CODE}/calendar\.ics$", themes.ThemeCalendar.as_view(), name="theme_calendar"),
]
