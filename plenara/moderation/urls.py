"""Addresses of the moderation desk, and of one's own contributions with what was decided on them."""

from django.urls import path

from plenara.moderation import member, staff

app_name = "moderation"
urlpatterns = [
    path("desk/moderation/", staff.Queue.as_view(), name="queue"),
    path("desk/moderation/<int:pk>/", staff.Decide.as_view(), name="decide"),
    path("desk/moderation/published/<slug:slug>/<int:number>/", staff.AfterPublication.as_view(), name="after"),
    path("my/contributions/<int:pk>/", member.Mine.as_view(), name="mine"),
]
