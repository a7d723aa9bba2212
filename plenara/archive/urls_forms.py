"""Other forms of public pages, below their own addresses."""

from django.urls import URLPattern, path, register_converter

from plenara.archive import told
from plenara.archive.formats import citations
from plenara.archive.public import (
    calendar_forms,
    citing,
    dossiers,
    downloads,
    embedding,
    feeds,
    figured,
    listings,
    outcome_forms,
    printed,
    register,
)
from plenara.documents.printing import files
from plenara.outcomes.printing import making as dossier_making


class CiteEnding:
    """The ending of a reference's address."""

    regex = "|".join(citations.FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PaperEnding(CiteEnding):
    """The ending of a paper's address."""

    regex = "|".join([*told.ENDINGS.values(), "bin"])


class DossierEnding(CiteEnding):
    """The ending of a dossier's address."""

    regex = "|".join(dossier_making.FORMS)


class PrintedEnding(CiteEnding):
    """The ending of a printed summary's address."""

    regex = "|".join(files.FORMS)


register_converter(CiteEnding, "cite")
register_converter(PrintedEnding, "printed")
register_converter(DossierEnding, "dossier")
register_converter(PaperEnding, "paper")

_consultation = "consultations/<slug:slug>/"
_thread = f"{_consultation}threads/<int:number>/"
_contribution = f"{_consultation}contributions/<int:number>/"
_edition = f"{_contribution}rev/<int:rev>/"
_summary = f"{_consultation}summaries/<int:number>/"
_outcome = "outcomes/<slug:body>/<slug:outcome>/"
_version = f"{_outcome}rev/<int:revision>/"
_paragraph = "paragraphs/<int:mark>/cite.<cite:ending>"
_decisions = f"{_consultation}decisions/"
_figures = f"{_consultation}figures/"

urlpatterns: list[URLPattern] = [
    path("feed.atom", feeds.SiteFeed.as_view(), name="feed"),
    path("events/calendar.ics", calendar_forms.CalendarIcs.as_view(), name="calendar_ics"),
    path("events/feed.atom", calendar_forms.CalendarFeed.as_view(), name="calendar_feed"),
    path("events/data.csv", calendar_forms.CalendarCsv.as_view(), name="calendar_csv"),
    path("events/data.json", calendar_forms.CalendarJson.as_view(), name="calendar_json"),
    path("events/<int:number>/event.ics", calendar_forms.EventIcs.as_view(), name="event_ics"),
    path("events/<int:number>/dossier/dossier.<dossier:ending>", dossiers.DossierFiles.as_view(), name="dossier_file"),
    path("events/embed/", embedding.EmbeddedCalendar.as_view(), name="embed_calendar"),
    path(f"{_consultation}embed/", embedding.EmbeddedConsultation.as_view(), name="embed_consultation"),
    path(f"{_thread}embed/", embedding.EmbeddedThread.as_view(), name="embed_thread"),
    path(f"{_summary}embed/", embedding.EmbeddedSummary.as_view(), name="embed_summary"),
    path(f"{_consultation}cite.<cite:ending>", citing.CiteConsultation.as_view(), name="cite_consultation"),
    path(f"{_thread}cite.<cite:ending>", citing.CiteThread.as_view(), name="cite_thread"),
    path(f"{_consultation}feed.atom", feeds.ListFeed.as_view(), name="consultation_feed"),
    path(f"{_consultation}feed/<int:block>.atom", feeds.ListFeed.as_view(), name="consultation_feed_archive"),
    path(f"{_consultation}data.csv", listings.DataCsv.as_view(), name="consultation_csv"),
    path(f"{_consultation}data.json", listings.DataJson.as_view(), name="consultation_json"),
    path(f"{_thread}feed.atom", feeds.ListFeed.as_view(), name="thread_feed"),
    path(f"{_thread}feed/<int:block>.atom", feeds.ListFeed.as_view(), name="thread_feed_archive"),
    path(f"{_thread}data.csv", listings.DataCsv.as_view(), name="thread_csv"),
    path(f"{_thread}data.json", listings.DataJson.as_view(), name="thread_json"),
    path(f"{_thread}raw.txt", listings.RawText.as_view(), name="thread_text"),
    path(f"{_thread}mbox.gz", listings.Mailbox.as_view(), name="thread_mailbox"),
    path(f"{_contribution}cite.<cite:ending>", citing.CiteContribution.as_view(), name="cite"),
    path(f"{_edition}cite.<cite:ending>", citing.CiteContribution.as_view(), name="cite_edition"),
    path(f"{_contribution}document.<paper:ending>", downloads.Document.as_view(), name="document"),
    path(f"{_edition}document.<paper:ending>", downloads.Document.as_view(), name="edition_document"),
    path(f"{_summary}summary.<printed:ending>", printed.PrintedSummary.as_view(), name="printed_summary"),
    path(
        "outcomes/<slug:body>/<slug:outcome>/outcome.<printed:ending>",
        printed.PrintedOutcome.as_view(),
        name="printed_outcome",
    ),
    path(f"{_summary}cite.<cite:ending>", citing.CiteSummary.as_view(), name="cite_summary"),
    path(f"{_summary}rev/<int:rev>/cite.<cite:ending>", citing.CiteSummary.as_view(), name="cite_summary_edition"),
    path(f"{_outcome}matrix.csv", outcome_forms.MatrixCsv.as_view(), name="matrix_csv"),
    path(f"{_outcome}cite.<cite:ending>", outcome_forms.CiteOutcome.as_view(), name="cite_outcome"),
    path(f"{_version}cite.<cite:ending>", outcome_forms.CiteOutcome.as_view(), name="cite_version"),
    path(f"{_outcome}{_paragraph}", outcome_forms.CiteOutcome.as_view(), name="cite_paragraph"),
    path(f"{_version}{_paragraph}", outcome_forms.CiteOutcome.as_view(), name="cite_version_paragraph"),
    path(f"{_decisions}data.csv", register.DecisionsCsv.as_view(), name="decisions_csv"),
    path(f"{_decisions}data.json", register.DecisionsJson.as_view(), name="decisions_json"),
    path(f"{_decisions}schema.json", register.DecisionsSchema.as_view(), name="decisions_schema"),
    path(f"{_decisions}turnaround.csv", register.TurnaroundCsv.as_view(), name="turnaround_csv"),
    path(f"{_decisions}turnaround.svg", register.TurnaroundSvg.as_view(), name="turnaround_svg"),
    path(f"{_figures}figures.csv", figured.FiguresCsv.as_view(), name="figures_csv"),
    path(f"{_figures}figures.json", figured.FiguresJson.as_view(), name="figures_json"),
    path(f"{_figures}days.svg", figured.DaysSvg.as_view(), name="figures_days"),
]
