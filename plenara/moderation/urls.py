"""Addresses of the moderation desk, and of the author's own contributions with their decisions."""

from django.urls import path

from plenara.moderation.views import member
from plenara.moderation.views import open as views
from plenara.moderation.views.staff import decisions, items, published, queue

app_name = "moderation"
_ENTRIES = {"event": "events", "organization": "organizations", "person": "people", "project": "projects"}
_CONTRIBUTION = "consultations/<slug:slug>/contributions/<int:number>/"

urlpatterns = [
    path("desk/moderation/", queue.Queue.as_view(), name="queue"),
    path("desk/moderation/count/", queue.Count.as_view(), name="count"),
    path("desk/moderation/preferences/", queue.Preferences.as_view(), name="preferences"),
    path("desk/moderation/items/<int:pk>/claim/", items.Claim.as_view(), name="claim"),
    path("desk/moderation/items/<int:pk>/hold/", items.Hold.as_view(), name="hold"),
    path("desk/moderation/published/<slug:slug>/<int:number>/", published.OfContribution.as_view(), name="after"),
    path(
        "desk/moderation/<slug:kind>/<int:pk>/published/",
        published.AfterPublication.as_view(),
        name="after_publication",
    ),
    path("desk/moderation/decisions/<int:pk>/undo/", decisions.Undo.as_view(), name="undo"),
    path("desk/moderation/decisions/<int:pk>/publish/", decisions.PublishNow.as_view(), name="publish_now"),
    path("desk/moderation/<slug:kind>/<int:pk>/redact/", decisions.Redact.as_view(), name="redact"),
    path("desk/moderation/<slug:kind>/<int:pk>/notes/", items.Notes.as_view(), name="notes"),
    path("desk/consultations/<slug:slug>/moderation/", queue.Settings.as_view(), name="settings"),
    path("desk/moderation/appeals/<int:pk>/", published.AppealDesk.as_view(), name="appeal_desk"),
    path("desk/moderation/campaigns/<int:pk>/", queue.CampaignDesk.as_view(), name="campaign"),
    path("desk/moderation/<slug:kind>/<int:pk>/", decisions.Decide.as_view(), name="decide"),
    path("my/contributions/<int:pk>/", member.OwnContribution.as_view(), name="own_contribution"),
    path("my/contributions/<int:pk>/redaction/", member.RedactionAsked.as_view(), name="redaction"),
    path("my/contributions/<int:pk>/appeal/", member.Appealing.as_view(), name="appeal"),
    path("my/events/<int:pk>/", member.OwnEntry.as_view(kind="event"), name="own_event"),
    path("my/listings/<int:pk>/", member.OwnListing.as_view(), name="own_listing"),
    path("my/appeals/<slug:kind>/<int:pk>/", member.Appealing.as_view(), name="appeal_of"),
    path(f"{_CONTRIBUTION}report/", views.Report.as_view(), name="report"),
    path(f"{_CONTRIBUTION}report/start/", views.StartReport.as_view(), name="report_start"),
    path(f"{_CONTRIBUTION}report/confirm/<str:token>/", views.ConfirmReport.as_view(), name="report_confirm"),
    *(
        path(f"{folder}/<int:number>/report/", views.ReportEntry.as_view(kind=kind), name=f"report_{kind}")
        for kind, folder in _ENTRIES.items()
    ),
    *(
        path(f"{folder}/<int:number>/report/start/", views.StartReport.as_view(), name=f"report_{kind}_start")
        for kind, folder in _ENTRIES.items()
    ),
    *(
        path(
            f"{folder}/<int:number>/report/confirm/<str:token>/",
            views.ConfirmEntryReport.as_view(kind=kind),
            name=f"report_{kind}_confirm",
        )
        for kind, folder in _ENTRIES.items()
    ),
]
