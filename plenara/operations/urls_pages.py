"""Addresses of the pages that gather from every package: one's own page, and the desk's."""

from django.urls import URLPattern, URLResolver, path

from plenara.operations.views import staff
from plenara.site.views import member

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/", member.My.as_view(), name="my"),
    path("my/header.json", member.Header.as_view(), name="my_header"),
    path("desk/", staff.Desk.as_view(), name="desk"),
    path("desk/errands/", staff.BackgroundTasks.as_view(), name="desk_tasks"),
    path("desk/state/", staff.State.as_view(), name="desk_state"),
    path("desk/search/", staff.Search.as_view(), name="desk_search"),
]
