"""Addresses of this package's views; those for readers stand in `urls_public`."""

from django.urls import URLPattern, URLResolver, path

from plenara.events import urls_public
from plenara.events.views import member, staff

app_name = "events"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_public.urlpatterns,
    path("desk/events/", staff.Desk.as_view(), name="desk"),
    path("events/propose/", member.Propose.as_view(), name="propose"),
    path("my/events/", member.OwnEvents.as_view(), name="own_events"),
    path("my/events/import/", member.UploadFile.as_view(), name="import"),
    path("my/events/import/<int:pk>/", member.ConfirmFile.as_view(), name="import_confirm"),
    path("my/events/<int:pk>/change/", member.Revise.as_view(), name="revise"),
    path("my/events/<int:pk>/cancel/", member.Cancel.as_view(), name="cancel"),
    path("my/events/<int:pk>/withdraw/", member.Withdraw.as_view(), name="withdraw"),
    path("my/events/<int:pk>/outcome/", member.Outcome.as_view(), name="outcome"),
]
