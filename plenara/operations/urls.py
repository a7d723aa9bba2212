"""Addresses of the desk's pages on the installation."""

from django.urls import URLPattern, path

from plenara.operations.views import staff

urlpatterns: list[URLPattern] = [
    path("desk/background-tasks/", staff.BackgroundTasks.as_view(), name="desk_tasks"),
    path("desk/state/", staff.State.as_view(), name="desk_state"),
    path("desk/processing/", staff.Processing.as_view(), name="desk_processing"),
    path("desk/search/", staff.Search.as_view(), name="desk_search"),
]
