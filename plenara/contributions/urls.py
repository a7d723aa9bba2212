"""Addresses of contributing. Reading them is a matter of the archive, which gathers what cites them."""

from django.urls import path, re_path

from plenara.contributions import open as open_views
from plenara.contributions.member import clearance, own, papers, revising, writing
from plenara.contributions.organizations import member as disputing
from plenara.contributions.organizations import staff as disputed
from plenara.contributions.staff import entered, sheet, translating

app_name = "contributions"
_LETTERS = "desk/consultations/<slug:slug>/letters/"
urlpatterns = [
    path("contribute/<slug:slug>/<int:thread>/", writing.Contribute.as_view(), name="contribute"),
    path("contribute/<slug:slug>/<int:thread>/draft/", writing.KeepDraft.as_view(), name="keep_draft"),
    path("contribute/<slug:slug>/<int:thread>/reply/<int:number>/", writing.Contribute.as_view(), name="reply"),
    path(
        "contribute/<slug:slug>/<int:thread>/reply/<int:number>/draft/", writing.KeepDraft.as_view(), name="keep_reply"
    ),
    path("my/contributions/<int:pk>/revise/", revising.Revise.as_view(), name="revise"),
    path("my/contributions/<int:pk>/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("my/drafts/<int:pk>/", clearance.DraftPage.as_view(), name="draft"),
    path("my/drafts/<int:pk>/paper/", papers.OneDrafts.as_view(), name="draft_paper"),
    path("my/papers/<int:pk>/", papers.OneVersions.as_view(), name="paper"),
    path("my/drafts/<int:pk>/delete/", own.DeleteDraft.as_view(), name="delete_draft"),
    path("my/disputes/", disputing.MyDisputes.as_view(), name="my_disputes"),
    path("my/disputes/new/<slug:public_id>/", disputing.DisputeByline.as_view(), name="dispute"),
    path("desk/consultations/<slug:slug>/disputes/", disputed.Disputes.as_view(), name="disputes"),
    path("desk/consultations/<slug:slug>/disputes/<int:pk>/", disputed.Decide.as_view(), name="decide_dispute"),
    path("shared/<str:token>/", open_views.SharedDraft.as_view(), name="shared"),
    path("shared/<str:token>/draft.txt", open_views.SharedText.as_view(), name="shared_text"),
    path("shared/<str:token>/document/", open_views.SharedPaper.as_view(), name="shared_paper"),
    path("sign/<str:token>/document/", open_views.SignPaper.as_view(), name="sign_paper"),
    path("sign/<str:token>/", open_views.Sign.as_view(), name="sign"),
    path("desk/consultations/<slug:slug>/texts/", translating.Untranslated.as_view(), name="untranslated"),
    path(
        "desk/consultations/<slug:slug>/texts/<int:text>/<slug:language>/",
        translating.Translate.as_view(),
        name="translate",
    ),
    path(_LETTERS, entered.List.as_view(), name="entered"),
    path(f"{_LETTERS}new/", entered.Enter.as_view(), name="enter"),
    path(f"{_LETTERS}<int:pk>/", entered.One.as_view(), name="entered_one"),
    path(f"{_LETTERS}<int:pk>/correct/", entered.Correct.as_view(), name="entered_correct"),
    path(f"{_LETTERS}<int:pk>/withdraw/", entered.TakeBack.as_view(), name="entered_withdraw"),
    path(f"{_LETTERS}<int:pk>/original/", entered.Original.as_view(), name="entered_original"),
    path(f"{_LETTERS}sheet/", sheet.Upload.as_view(), name="enter_sheet"),
    path(f"{_LETTERS}sheet/<int:pk>/", sheet.Confirm.as_view(), name="sheet"),
    re_path(
        r"^desk/consultations/(?P<slug>[-a-zA-Z0-9_]+)/letters/sheet/template\.(?P<ending>csv|xlsx)$",
        sheet.Template.as_view(),
        name="sheet_template",
    ),
]
