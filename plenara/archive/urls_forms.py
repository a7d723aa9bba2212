"""Other forms of public pages, below their own addresses."""

from django.urls import URLPattern, path, register_converter

from plenara.archive import told
from plenara.archive.public import citing, downloads, feeds, listings, printed, register
from plenara.summaries.printing import files


class CiteEnding:
    """The ending of a reference's address."""

    regex = "|".join(citing.FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PaperEnding(CiteEnding):
    """The ending of a paper's address."""

    regex = "|".join([*told.ENDINGS.values(), "bin"])


class PrintedEnding(CiteEnding):
    """The ending of a printed summary's address."""

    regex = "|".join(files.FORMS)


register_converter(CiteEnding, "cite")
register_converter(PrintedEnding, "printed")
register_converter(PaperEnding, "paper")

_consultation = "consultations/<slug:slug>/"
_thread = f"{_consultation}threads/<int:number>/"
_contribution = f"{_consultation}contributions/<int:number>/"
_edition = f"{_contribution}rev/<int:rev>/"
_summary = f"{_consultation}summaries/<int:number>/"
_decisions = f"{_consultation}decisions/"

urlpatterns: list[URLPattern] = [
    path("feed.atom", feeds.SiteFeed.as_view(), name="feed"),
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
    path(f"{_summary}cite.<cite:ending>", citing.CiteSummary.as_view(), name="cite_summary"),
    path(f"{_decisions}data.csv", register.DecisionsCsv.as_view(), name="decisions_csv"),
    path(f"{_decisions}data.json", register.DecisionsJson.as_view(), name="decisions_json"),
    path(f"{_decisions}schema.json", register.DecisionsSchema.as_view(), name="decisions_schema"),
    path(f"{_decisions}turnaround.csv", register.TurnaroundCsv.as_view(), name="turnaround_csv"),
    path(f"{_decisions}turnaround.svg", register.TurnaroundSvg.as_view(), name="turnaround_svg"),
]
