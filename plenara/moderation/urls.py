"""Addresses of the moderation desk, and of one's own contributions with what was decided on them."""

from django.urls import path

from plenara.moderation.member import mine
from plenara.moderation.staff import after, deciding, notes, queue, settings

app_name = "moderation"
urlpatterns = [
    path("desk/moderation/", queue.Queue.as_view(), name="queue"),
    path("desk/moderation/published/<slug:slug>/<int:number>/", after.AfterPublication.as_view(), name="after"),
    path("desk/moderation/<slug:kind>/<int:pk>/notes/", notes.Notes.as_view(), name="notes"),
    path("desk/consultations/<slug:slug>/moderation/", settings.Settings.as_view(), name="settings"),
    path("desk/moderation/<slug:kind>/<int:pk>/", deciding.Decide.as_view(), name="decide"),
    path("my/contributions/<int:pk>/", mine.Mine.as_view(), name="mine"),
]
