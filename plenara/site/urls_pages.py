"""Addresses of the pages that readers see."""

from django.urls import include, path

from plenara.exports.views.public.downloads import CommunityDownloads
from plenara.site.views.public.about import About
from plenara.site.views.public.consultations import (
    ConsultationPage,
    ContributionPage,
    Downloads,
    SignatoriesPage,
    ThreadView,
)
from plenara.site.views.public.home import Consultations, Home
from plenara.site.views.public.moderation import Register, TurnaroundPage
from plenara.site.views.staff import Preview, PreviewThread

app_name = "archive"
_consultation = "consultations/<slug:slug>/"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("consultations/", Consultations.as_view(), name="consultations"),
    path(_consultation, ConsultationPage.as_view(), name="consultation"),
    path(f"{_consultation}threads/<int:number>/", ThreadView.as_view(), name="thread"),
    path(f"{_consultation}threads/<int:number>/from/<int:start>/", ThreadView.as_view(), name="thread_from"),
    path(f"{_consultation}contributions/<int:number>/", ContributionPage.as_view(), name="contribution"),
    path(f"{_consultation}contributions/<int:number>/rev/<int:rev>/", ContributionPage.as_view(), name="edition"),
    path(f"{_consultation}contributions/<int:number>/signatories/", SignatoriesPage.as_view(), name="signatories"),
    path(
        f"{_consultation}contributions/<int:number>/signatories/<int:page>/",
        SignatoriesPage.as_view(),
        name="signatories_page",
    ),
    path(f"{_consultation}decisions/", Register.as_view(), name="decisions"),
    path(f"{_consultation}decisions/from/<int:start>/", Register.as_view(), name="decisions_from"),
    path(f"{_consultation}decisions/turnaround/", TurnaroundPage.as_view(), name="turnaround"),
    path(f"{_consultation}downloads/", Downloads.as_view(), name="downloads"),
    path("community/downloads/", CommunityDownloads.as_view(), name="community_downloads"),
    path("desk/consultations/<slug:slug>/preview/", Preview.as_view(), name="preview"),
    path(
        "desk/consultations/<slug:slug>/preview/threads/<int:number>/", PreviewThread.as_view(), name="preview_thread"
    ),
    path("search/", include("plenara.site.urls_search")),
    path("", include("plenara.site.urls_decisions")),
    path("about/<slug:page>/", About.as_view(), name="about"),
    path("", include("plenara.site.urls_community")),
    path("", include("plenara.site.urls_themes")),
    path("", include("plenara.site.urls_forms")),
]
