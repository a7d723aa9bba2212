"""Addresses of this package's views; those for readers stand in `urls_public`."""

from django.urls import URLPattern, URLResolver, path

from plenara.events import staff, urls_public
from plenara.events.member import importing, own, proposing

app_name = "events"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_public.urlpatterns,
    path("desk/events/", staff.Desk.as_view(), name="desk"),
    path("events/propose/", proposing.Propose.as_view(), name="propose"),
    path("my/events/", own.Mine.as_view(), name="mine"),
    path("my/events/import/", importing.Upload.as_view(), name="import"),
    path("my/events/import/<int:pk>/", importing.Confirm.as_view(), name="import_confirm"),
    path("my/events/<int:pk>/change/", proposing.Revise.as_view(), name="revise"),
    path("my/events/<int:pk>/cancel/", own.Cancel.as_view(), name="cancel"),
    path("my/events/<int:pk>/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("my/events/<int:pk>/outcome/", own.Outcome.as_view(), name="outcome"),
]
