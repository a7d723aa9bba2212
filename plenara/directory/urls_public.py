"""Addresses of the directory's pages for readers; an organization's own page is the archive's."""

from django.urls import URLPattern, path

from plenara.directory.queries.lookup import FOLDERS
from plenara.directory.views.public import DirectoryFigures, Organizations, People, PersonPage, ProjectPage, Projects

urlpatterns: list[URLPattern] = [
    path("organizations/", Organizations.as_view(), name="organizations"),
    path("people/", People.as_view(), name="people"),
    path("people/<int:number>/", PersonPage.as_view(), name="person"),
    path("projects/", Projects.as_view(), name="projects"),
    path("projects/<int:number>/", ProjectPage.as_view(), name="project"),
    *(
        path(f"{folder}/figures/", DirectoryFigures.as_view(), {"kind": kind}, name=f"{folder}_figures")
        for kind, folder in FOLDERS.items()
    ),
]
