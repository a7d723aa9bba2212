"""Addresses that begin with a language: public pages with their other forms, "My page" and the home of the desk."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter

from plenara.directory.queries.lookup import FOLDERS
from plenara.documents.actions import printed_files
from plenara.exports.presenters import attribution, references
from plenara.exports.views.public import calendar, contributions, directory, documents, downloads
from plenara.outcomes.actions import printed_files as dossier_making
from plenara.site.views import member, staff
from plenara.site.views.public import (
    about,
    consultations,
    embedding,
    home,
    machines,
    moderation,
    organizations,
    search,
    themes,
)
from plenara.themes.urls_machines import CODE


def _register_ending(name: str, endings: Iterable[str]) -> None:
    """Register a converter for the last part of a file's address, which is one of these endings."""
    register_converter(type(name, (StringConverter,), {"regex": "|".join(endings)}), name)


_register_ending("cite", references.FORMS)
_register_ending("printed", printed_files.FORMS)
_register_ending("dossier", dossier_making.FORMS)
_register_ending("paper", [*attribution.ENDINGS.values(), "bin"])

_consultation = "consultations/<slug:slug>/"
_preview = "desk/consultations/<slug:slug>/preview/"
_thread = f"{_consultation}threads/<int:number>/"
_contribution = f"{_consultation}contributions/<int:number>/"
_edition = f"{_contribution}rev/<int:rev>/"
_signatories = f"{_contribution}signatories/"
_summary = f"{_consultation}summaries/<int:number>/"
_outcome = "outcomes/<slug:body>/<slug:outcome>/"
_version = f"{_outcome}rev/<int:revision>/"
_paragraph = "paragraphs/<int:mark>/cite.<cite:ending>"
_decisions = f"{_consultation}decisions/"
_figures = f"{_consultation}figures/"
_community = "about/decisions/"
_organization = "organizations/<int:number>/"

_pages: list[URLPattern] = [
    path("", home.Home.as_view(), name="home"),
    path("consultations/", home.Consultations.as_view(), name="consultations"),
    path(_consultation, consultations.ConsultationPage.as_view(), name="consultation"),
    path(_thread, consultations.ThreadPage.as_view(), name="thread"),
    path(f"{_thread}from/<int:start>/", consultations.ThreadPage.as_view(), name="thread_from"),
    path(_contribution, consultations.ContributionPage.as_view(), name="contribution"),
    path(_edition, consultations.ContributionPage.as_view(), name="edition"),
    path(_signatories, consultations.SignatoriesPage.as_view(), name="signatories"),
    path(f"{_signatories}<int:page>/", consultations.SignatoriesPage.as_view(), name="signatories_page"),
    path(_decisions, moderation.Register.as_view(), name="decisions"),
    path(f"{_decisions}from/<int:start>/", moderation.Register.as_view(), name="decisions_from"),
    path(f"{_decisions}turnaround/", moderation.TurnaroundPage.as_view(), name="turnaround"),
    path(f"{_consultation}downloads/", consultations.Downloads.as_view(), name="downloads"),
    path("community/downloads/", downloads.CommunityDownloads.as_view(), name="community_downloads"),
    path(_preview, staff.Preview.as_view(), name="preview"),
    path(f"{_preview}threads/<int:number>/", staff.PreviewThread.as_view(), name="preview_thread"),
    path("search/", search.SearchPage.as_view(), name="search"),
    path(_community, moderation.Register.as_view(), name="community_decisions"),
    path(f"{_community}from/<int:start>/", moderation.Register.as_view(), name="community_decisions_from"),
    path(f"{_community}turnaround/", moderation.TurnaroundPage.as_view(), name="community_turnaround"),
    path("about/<slug:page>/", about.About.as_view(), name="about"),
    path(_organization, organizations.OrganizationPage.as_view(), name="organization"),
    path(
        f"{_organization}contributions/",
        organizations.OrganizationContributions.as_view(),
        name="organization_contributions",
    ),
    path(
        f"{_organization}contributions/from/<int:start>/",
        organizations.OrganizationContributions.as_view(),
        name="organization_contributions_from",
    ),
    re_path(rf"^themes/{CODE}/$", themes.ThemePage.as_view(), name="theme"),
    path("events/embed/", embedding.EmbeddedCalendar.as_view(), name="embed_calendar"),
    path(f"{_consultation}embed/", embedding.EmbeddedConsultation.as_view(), name="embed_consultation"),
    path(f"{_thread}embed/", embedding.EmbeddedThread.as_view(), name="embed_thread"),
    path(f"{_summary}embed/", embedding.EmbeddedSummary.as_view(), name="embed_summary"),
]

#: Other forms of these pages, each below the address of its page.
_forms: list[URLPattern] = [
    path("feed.atom", machines.SiteFeed.as_view(), name="feed"),
    path("search/feed.atom", search.SearchFeed.as_view(), name="search_feed"),
    path("search/data.csv", search.SearchCsv.as_view(), name="search_csv"),
    path("search/data.json", search.SearchJson.as_view(), name="search_json"),
    path("search/opensearch.xml", search.SearchDescription.as_view(), name="search_description"),
    path("events/calendar.ics", calendar.CalendarIcs.as_view(), name="calendar_ics"),
    path("events/feed.atom", calendar.CalendarFeed.as_view(), name="calendar_feed"),
    path("events/data.csv", calendar.CalendarCsv.as_view(), name="calendar_csv"),
    path("events/data.json", calendar.CalendarJson.as_view(), name="calendar_json"),
    path("events/<int:number>/event.ics", calendar.EventIcs.as_view(), name="event_ics"),
    path("events/<int:number>/dossier/dossier.<dossier:ending>", downloads.DossierFiles.as_view(), name="dossier_file"),
    path(f"{_organization}calendar.ics", organizations.OrganizationCalendar.as_view(), name="organization_calendar"),
    *(
        path(f"{folder}/{ending}", view.as_view(), {"kind": kind}, name=f"{folder}_{name}")
        for kind, folder in FOLDERS.items()
        for ending, name, view in (
            ("feed.atom", "feed", directory.ListFeed),
            ("data.csv", "csv", directory.ListCsv),
            ("data.json", "json", directory.ListJson),
            ("figures/<slug:what>.svg", "figure", directory.FigureSvg),
        )
    ),
    re_path(rf"^themes/{CODE}/feed\.atom$", themes.ThemeFeed.as_view(), name="theme_feed"),
    re_path(rf"^themes/{CODE}/calendar\.ics$", themes.ThemeCalendar.as_view(), name="theme_calendar"),
    path(f"{_consultation}cite.<cite:ending>", contributions.CiteConsultation.as_view(), name="cite_consultation"),
    path(f"{_thread}cite.<cite:ending>", contributions.CiteThread.as_view(), name="cite_thread"),
    path(f"{_consultation}feed.atom", machines.ListFeed.as_view(), name="consultation_feed"),
    path(f"{_consultation}feed/<int:block>.atom", machines.ListFeed.as_view(), name="consultation_feed_archive"),
    path(f"{_consultation}data.csv", contributions.DataCsv.as_view(), name="consultation_csv"),
    path(f"{_consultation}data.json", contributions.DataJson.as_view(), name="consultation_json"),
    path(f"{_thread}feed.atom", machines.ListFeed.as_view(), name="thread_feed"),
    path(f"{_thread}feed/<int:block>.atom", machines.ListFeed.as_view(), name="thread_feed_archive"),
    path(f"{_thread}data.csv", contributions.DataCsv.as_view(), name="thread_csv"),
    path(f"{_thread}data.json", contributions.DataJson.as_view(), name="thread_json"),
    path(f"{_thread}raw.txt", contributions.RawText.as_view(), name="thread_text"),
    path(f"{_thread}mbox.gz", contributions.Mailbox.as_view(), name="thread_mailbox"),
    path(f"{_contribution}cite.<cite:ending>", contributions.CiteContribution.as_view(), name="cite"),
    path(f"{_edition}cite.<cite:ending>", contributions.CiteContribution.as_view(), name="cite_edition"),
    path(f"{_contribution}document.<paper:ending>", downloads.Document.as_view(), name="document"),
    path(f"{_edition}document.<paper:ending>", downloads.Document.as_view(), name="edition_document"),
    path(f"{_summary}summary.<printed:ending>", documents.PrintedSummary.as_view(), name="printed_summary"),
    path(f"{_outcome}outcome.<printed:ending>", documents.PrintedOutcome.as_view(), name="printed_outcome"),
    path(f"{_summary}cite.<cite:ending>", contributions.CiteSummary.as_view(), name="cite_summary"),
    path(
        f"{_summary}rev/<int:rev>/cite.<cite:ending>", contributions.CiteSummary.as_view(), name="cite_summary_edition"
    ),
    path(f"{_outcome}matrix.csv", contributions.MatrixCsv.as_view(), name="matrix_csv"),
    path(f"{_outcome}cite.<cite:ending>", contributions.CiteOutcome.as_view(), name="cite_outcome"),
    path(f"{_version}cite.<cite:ending>", contributions.CiteOutcome.as_view(), name="cite_version"),
    path(f"{_outcome}{_paragraph}", contributions.CiteOutcome.as_view(), name="cite_paragraph"),
    path(f"{_version}{_paragraph}", contributions.CiteOutcome.as_view(), name="cite_version_paragraph"),
    path(f"{_decisions}data.csv", moderation.DecisionsCsv.as_view(), name="decisions_csv"),
    path(f"{_decisions}data.json", moderation.DecisionsJson.as_view(), name="decisions_json"),
    path(f"{_decisions}schema.json", moderation.DecisionsSchema.as_view(), name="decisions_schema"),
    path(f"{_decisions}turnaround.csv", moderation.TurnaroundCsv.as_view(), name="turnaround_csv"),
    path(f"{_decisions}turnaround.svg", moderation.TurnaroundSvg.as_view(), name="turnaround_svg"),
    path(f"{_community}data.csv", moderation.DecisionsCsv.as_view(), name="community_decisions_csv"),
    path(f"{_community}data.json", moderation.DecisionsJson.as_view(), name="community_decisions_json"),
    path(f"{_community}schema.json", moderation.DecisionsSchema.as_view(), name="community_decisions_schema"),
    path(f"{_community}turnaround.csv", moderation.TurnaroundCsv.as_view(), name="community_turnaround_csv"),
    path(f"{_community}turnaround.svg", moderation.TurnaroundSvg.as_view(), name="community_turnaround_svg"),
    path(f"{_figures}figures.csv", contributions.FiguresCsv.as_view(), name="figures_csv"),
    path(f"{_figures}figures.json", contributions.FiguresJson.as_view(), name="figures_json"),
    path(f"{_figures}days.svg", contributions.DaysSvg.as_view(), name="figures_days"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([*_pages, *_forms], "site"))),
    path("my/", member.My.as_view(), name="my"),
    path("my/header.json", member.Header.as_view(), name="my_header"),
    path("desk/", staff.Desk.as_view(), name="desk"),
]
