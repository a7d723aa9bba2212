"""Addresses of contributing. Reading them is a matter of the archive, which gathers what cites them."""

from django.urls import path

from plenara.contributions.member import own, writing

app_name = "contributions"
urlpatterns = [
    path("contribute/<slug:slug>/<int:thread>/", writing.Contribute.as_view(), name="contribute"),
    path("contribute/<slug:slug>/<int:thread>/draft/", writing.KeepDraft.as_view(), name="keep_draft"),
    path("contribute/<slug:slug>/<int:thread>/reply/<int:number>/", writing.Contribute.as_view(), name="reply"),
    path(
        "contribute/<slug:slug>/<int:thread>/reply/<int:number>/draft/", writing.KeepDraft.as_view(), name="keep_reply"
    ),
    path("my/contributions/<int:pk>/revise/", writing.Revise.as_view(), name="revise"),
    path("my/contributions/<int:pk>/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("my/drafts/<int:pk>/delete/", own.DeleteDraft.as_view(), name="delete_draft"),
]
