"""Addresses of this package's views; those for readers are in `urls_public`."""

from django.urls import URLPattern, URLResolver, path

from plenara.events import urls_public
from plenara.events.views import staff
from plenara.events.views.member import calendar_files, events, proposals

app_name = "events"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_public.urlpatterns,
    path("desk/events/", staff.Desk.as_view(), name="desk"),
    path("events/propose/", proposals.Propose.as_view(), name="propose"),
    path("my/events/", events.OwnEvents.as_view(), name="own_events"),
    path("my/events/import/", calendar_files.UploadFile.as_view(), name="import"),
    path("my/events/import/<int:pk>/", calendar_files.ConfirmFile.as_view(), name="import_confirm"),
    path("my/events/<int:pk>/change/", proposals.Revise.as_view(), name="revise"),
    path("my/events/<int:pk>/cancel/", events.Cancel.as_view(), name="cancel"),
    path("my/events/<int:pk>/withdraw/", events.Withdraw.as_view(), name="withdraw"),
    path("my/events/<int:pk>/outcome/", events.Outcome.as_view(), name="outcome"),
]
