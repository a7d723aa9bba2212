"""Addresses of this package's views."""

from django.urls import URLPattern, URLResolver, path, re_path

from plenara.themes.urls_machines import CODE
from plenara.themes.views import staff
from plenara.themes.views.public import List

app_name = "themes"

urlpatterns: list[URLPattern | URLResolver] = [
    path("themes/", List.as_view(), name="list"),
    path("desk/themes/", staff.Desk.as_view(), name="desk"),
    path("desk/themes/new/", staff.Add.as_view(), name="add"),
    path("desk/themes/import/", staff.Import.as_view(), name="import"),
    path("desk/themes/import/<int:pk>/", staff.ImportFile.as_view(), name="import_file"),
    re_path(rf"^desk/themes/{CODE}/$", staff.Edit.as_view(), name="edit"),
    re_path(rf"^desk/themes/{CODE}/retire/$", staff.Retire.as_view(), name="retire"),
]
