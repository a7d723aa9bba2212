"""Addresses of the pages that gather around a theme and around an organization, inside `archive:`."""

from django.urls import URLPattern, path

from plenara.directory.queries.lookup import FOLDERS
from plenara.exports.views.public.directory import FigureSvg, ListCsv, ListFeed, ListJson
from plenara.site.views.public.organizations import OrganizationCalendar, OrganizationContributions, OrganizationPage

_organization = "organizations/<int:number>/"

#: An organization with all that belongs to it, and the directory's lists in other forms.
_directory: list[URLPattern] = [
    path(_organization, OrganizationPage.as_view(), name="organization"),
    path(f"{_organization}calendar.ics", OrganizationCalendar.as_view(), name="organization_calendar"),
    path(f"{_organization}contributions/", OrganizationContributions.as_view(), name="organization_contributions"),
    path(
        f"{_organization}contributions/from/<int:start>/",
        OrganizationContributions.as_view(),
        name="organization_contributions_from",
    ),
    *(
        path(f"{folder}/{ending}", view.as_view(), {"kind": kind}, name=f"{folder}_{name}")
        for kind, folder in FOLDERS.items()
        for ending, name, view in (
            ("feed.atom", "feed", ListFeed),
            ("data.csv", "csv", ListCsv),
            ("data.json", "json", ListJson),
            ("figures/<slug:what>.svg", "figure", FigureSvg),
        )
    ),
]

urlpatterns: list[URLPattern] = [*_directory]
