"""Addresses of the API. Any other address below it is answered by a problem too."""

from django.urls import re_path

from plenara.api.views.public import community, consultations, contributions, documents
from plenara.directory.queries.lookup import FOLDERS

_number = r"(?P<number>[0-9]{1,10})"
_consultation = r"^consultations/(?P<slug>[-a-zA-Z0-9_]+)"
_contribution = rf"{_consultation}/contributions/(?P<number>[0-9]{{1,10}})"
_summary = rf"{_consultation}/summaries/(?P<number>[0-9]{{1,10}})"
_outcome = r"^outcomes/(?P<body>[-a-zA-Z0-9_]+)/(?P<outcome>[-a-zA-Z0-9_]+)"
_edition = r"/editions/(?P<revision>[0-9]{1,10})"

urlpatterns = [
    re_path(r"^$", consultations.Index.as_view(), name="api"),
    re_path(r"^openapi\.json$", consultations.Document.as_view(), name="api_document"),
    re_path(r"^search/?$", contributions.SearchView.as_view(), name="api_search"),
    re_path(r"^consultations/?$", consultations.Consultations.as_view(), name="api_consultations"),
    re_path(rf"{_consultation}/?$", consultations.OneConsultation.as_view(), name="api_consultation"),
    re_path(rf"{_consultation}/threads/?$", consultations.Threads.as_view(), name="api_threads"),
    re_path(
        rf"{_consultation}/threads/(?P<number>[0-9]{{1,10}})/?$", consultations.OneThread.as_view(), name="api_thread"
    ),
    re_path(rf"{_consultation}/figures/?$", consultations.Figures.as_view(), name="api_figures"),
    re_path(rf"{_consultation}/themes/?$", consultations.Themes.as_view(), name="api_themes"),
    re_path(rf"{_consultation}/contributions/?$", contributions.Contributions.as_view(), name="api_contributions"),
    re_path(rf"{_contribution}/?$", contributions.OneContribution.as_view(), name="api_contribution"),
    re_path(rf"{_contribution}/editions/?$", contributions.Editions.as_view(), name="api_editions"),
    re_path(rf"{_contribution}{_edition}/?$", contributions.OneContribution.as_view(), name="api_edition"),
    re_path(rf"{_consultation}/summaries/?$", documents.Summaries.as_view(), name="api_summaries"),
    re_path(rf"{_summary}/?$", documents.OneSummary.as_view(), name="api_summary"),
    re_path(rf"{_summary}{_edition}/?$", documents.OneSummary.as_view(), name="api_summary_edition"),
    re_path(rf"{_summary}/corrections/?$", documents.Corrections.as_view(), name="api_corrections"),
    re_path(rf"{_consultation}/decisions/?$", contributions.Decisions.as_view(), name="api_decisions"),
    re_path(r"^outcomes/?$", documents.Outcomes.as_view(), name="api_outcomes"),
    re_path(rf"{_outcome}/?$", documents.OneOutcome.as_view(), name="api_outcome"),
    re_path(rf"{_outcome}/versions/(?P<revision>[0-9]{{1,10}})/?$", documents.OneOutcome.as_view(), name="api_version"),
    re_path(r"^events/?$", community.Events.as_view(), name="api_events"),
    re_path(rf"^events/{_number}/?$", community.OneEvent.as_view(), name="api_event"),
    *(
        found
        for kind, folder in FOLDERS.items()
        for found in (
            re_path(rf"^{folder}/?$", community.Listings.as_view(), {"kind": kind.value}, name=f"api_{folder}"),
            re_path(
                rf"^{folder}/{_number}/?$", community.OneListing.as_view(), {"kind": kind.value}, name=f"api_{kind}"
            ),
        )
    ),
    re_path(r"^themes/?$", community.Themes.as_view(), name="api_theme_list"),
    re_path(r"^themes/(?P<code>[A-Za-z0-9._-]{1,100})/?$", community.OneTheme.as_view(), name="api_theme"),
    re_path("", consultations.Nothing.as_view(), name="api_nothing"),
]
