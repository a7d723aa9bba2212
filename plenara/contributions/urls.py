"""Addresses of contributing. Reading them is a matter of the archive, which gathers what cites them."""

from django.urls import path

from plenara.contributions import member

app_name = "contributions"
urlpatterns = [
    path("contribute/<slug:slug>/<int:thread>/", member.Contribute.as_view(), name="contribute"),
    path("contribute/<slug:slug>/<int:thread>/draft/", member.KeepDraft.as_view(), name="keep_draft"),
    path("contribute/<slug:slug>/<int:thread>/reply/<int:number>/", member.Contribute.as_view(), name="reply"),
    path(
        "contribute/<slug:slug>/<int:thread>/reply/<int:number>/draft/", member.KeepDraft.as_view(), name="keep_reply"
    ),
    path("my/contributions/<int:pk>/revise/", member.Revise.as_view(), name="revise"),
    path("my/contributions/<int:pk>/withdraw/", member.Withdraw.as_view(), name="withdraw"),
    path("my/drafts/<int:pk>/delete/", member.DeleteDraft.as_view(), name="delete_draft"),
]
