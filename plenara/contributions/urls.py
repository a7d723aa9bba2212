"""Addresses of contributing. Reading them is a matter of the archive, which gathers what cites them."""

from django.urls import path

from plenara.contributions import open as open_doors
from plenara.contributions.member import clearance, own, papers, writing

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
    path("my/drafts/<int:pk>/", clearance.DraftPage.as_view(), name="draft"),
    path("my/drafts/<int:pk>/paper/", papers.OneDrafts.as_view(), name="draft_paper"),
    path("my/papers/<int:pk>/", papers.OneVersions.as_view(), name="paper"),
    path("my/drafts/<int:pk>/delete/", own.DeleteDraft.as_view(), name="delete_draft"),
    path("shared/<str:token>/", open_doors.SharedDraft.as_view(), name="shared"),
    path("shared/<str:token>/draft.txt", open_doors.SharedText.as_view(), name="shared_text"),
    path("sign/<str:token>/", open_doors.Sign.as_view(), name="sign"),
]
