"""Addresses of contributing. Those for reading contributions are in the archive, which collects their citations."""

from django.urls import path, re_path

from plenara.contributions.views import open as open_views
from plenara.contributions.views.member import contributions, drafts
from plenara.contributions.views.member import disputes as disputing
from plenara.contributions.views.staff import disputes as disputed
from plenara.contributions.views.staff import entries, translations

app_name = "contributions"
_LETTERS = "desk/consultations/<slug:slug>/letters/"
urlpatterns = [
    path("contribute/<slug:slug>/<int:thread>/", contributions.Contribute.as_view(), name="contribute"),
    path("contribute/<slug:slug>/<int:thread>/draft/", contributions.KeepDraft.as_view(), name="keep_draft"),
    path("contribute/<slug:slug>/<int:thread>/reply/<int:number>/", contributions.Contribute.as_view(), name="reply"),
    path(
        "contribute/<slug:slug>/<int:thread>/reply/<int:number>/draft/",
        contributions.KeepDraft.as_view(),
        name="keep_reply",
    ),
    path("my/contributions/<int:pk>/revise/", contributions.Revise.as_view(), name="revise"),
    path("my/contributions/<int:pk>/withdraw/", contributions.Withdraw.as_view(), name="withdraw"),
    path("my/drafts/<int:pk>/", drafts.DraftPage.as_view(), name="draft"),
    path("my/drafts/<int:pk>/paper/", drafts.OneDrafts.as_view(), name="draft_paper"),
    path("my/papers/<int:pk>/", drafts.OneVersions.as_view(), name="paper"),
    path("my/drafts/<int:pk>/delete/", contributions.DeleteDraft.as_view(), name="delete_draft"),
    path("my/disputes/", disputing.MyDisputes.as_view(), name="my_disputes"),
    path("my/disputes/new/<slug:public_id>/", disputing.DisputeByline.as_view(), name="dispute"),
    path("desk/consultations/<slug:slug>/disputes/", disputed.Disputes.as_view(), name="disputes"),
    path("desk/consultations/<slug:slug>/disputes/<int:pk>/", disputed.Decide.as_view(), name="decide_dispute"),
    path("shared/<str:token>/", open_views.SharedDraft.as_view(), name="shared"),
    path("shared/<str:token>/draft.txt", open_views.SharedText.as_view(), name="shared_text"),
    path("shared/<str:token>/document/", open_views.SharedPaper.as_view(), name="shared_paper"),
    path("sign/<str:token>/document/", open_views.SignPaper.as_view(), name="sign_paper"),
    path("sign/<str:token>/", open_views.Sign.as_view(), name="sign"),
    path("desk/consultations/<slug:slug>/texts/", translations.Untranslated.as_view(), name="untranslated"),
    path(
        "desk/consultations/<slug:slug>/texts/<int:text>/<slug:language>/",
        translations.Translate.as_view(),
        name="translate",
    ),
    path(_LETTERS, entries.List.as_view(), name="entered"),
    path(f"{_LETTERS}new/", entries.Enter.as_view(), name="enter"),
    path(f"{_LETTERS}<int:pk>/", entries.One.as_view(), name="entered_one"),
    path(f"{_LETTERS}<int:pk>/correct/", entries.Correct.as_view(), name="entered_correct"),
    path(f"{_LETTERS}<int:pk>/withdraw/", entries.TakeBack.as_view(), name="entered_withdraw"),
    path(f"{_LETTERS}<int:pk>/original/", entries.Original.as_view(), name="entered_original"),
    path(f"{_LETTERS}sheet/", entries.UploadSheet.as_view(), name="enter_sheet"),
    path(f"{_LETTERS}sheet/<int:pk>/", entries.ConfirmSheet.as_view(), name="sheet"),
    re_path(
        r"^desk/consultations/(?P<slug>[-a-zA-Z0-9_]+)/letters/sheet/template\.(?P<ending>csv|xlsx)$",
        entries.SheetTemplate.as_view(),
        name="sheet_template",
    ),
]
