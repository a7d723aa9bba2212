"""Other forms of public pages, below their own addresses."""

from django.urls import URLPattern, path, register_converter

from plenara.documents import printed_files
from plenara.exports.presenters import attribution, references
from plenara.exports.views.public import calendar, contributions, documents, downloads
from plenara.outcomes import printed_files as dossier_making
from plenara.site.views.public import embedding, machines, moderation


class CiteEnding:
    """The ending of a reference's address."""

    regex = "|".join(references.FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PaperEnding(CiteEnding):
    """The ending of a paper's address."""

    regex = "|".join([*attribution.ENDINGS.values(), "bin"])


class DossierEnding(CiteEnding):
    """The ending of a dossier's address."""

    regex = "|".join(dossier_making.FORMS)


class PrintedEnding(CiteEnding):
    """The ending of a printed summary's address."""

    regex = "|".join(printed_files.FORMS)


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
    path("feed.atom", machines.SiteFeed.as_view(), name="feed"),
    path("events/calendar.ics", calendar.CalendarIcs.as_view(), name="calendar_ics"),
    path("events/feed.atom", calendar.CalendarFeed.as_view(), name="calendar_feed"),
    path("events/data.csv", calendar.CalendarCsv.as_view(), name="calendar_csv"),
    path("events/data.json", calendar.CalendarJson.as_view(), name="calendar_json"),
    path("events/<int:number>/event.ics", calendar.EventIcs.as_view(), name="event_ics"),
    path("events/<int:number>/dossier/dossier.<dossier:ending>", downloads.DossierFiles.as_view(), name="dossier_file"),
    path("events/embed/", embedding.EmbeddedCalendar.as_view(), name="embed_calendar"),
    path(f"{_consultation}embed/", embedding.EmbeddedConsultation.as_view(), name="embed_consultation"),
    path(f"{_thread}embed/", embedding.EmbeddedThread.as_view(), name="embed_thread"),
    path(f"{_summary}embed/", embedding.EmbeddedSummary.as_view(), name="embed_summary"),
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
    path(
        "outcomes/<slug:body>/<slug:outcome>/outcome.<printed:ending>",
        documents.PrintedOutcome.as_view(),
        name="printed_outcome",
    ),
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
    path(f"{_figures}figures.csv", contributions.FiguresCsv.as_view(), name="figures_csv"),
    path(f"{_figures}figures.json", contributions.FiguresJson.as_view(), name="figures_json"),
    path(f"{_figures}days.svg", contributions.DaysSvg.as_view(), name="figures_days"),
]
