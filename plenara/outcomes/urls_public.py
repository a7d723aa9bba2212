"""Public addresses of outcomes. `members` and `feed.atom` below a body are not outcomes."""

from django.urls import path

from plenara.outcomes.views.public import bodies, outcome, responses

_body = "outcomes/<slug:body>/"
_outcome = f"{_body}<slug:outcome>/"
_version = f"{_outcome}rev/<int:revision>/"
_section = "sections/<slug:section>/"
_commented = f"{_outcome}comments/<int:revision>/paragraphs/<int:mark>/"
_on_section = f"{_outcome}comments/<int:revision>/sections/<int:thread>/"

urlpatterns = [
    path("outcomes/", bodies.Bodies.as_view(), name="bodies"),
    path("events/<int:number>/dossier/", bodies.DossierPage.as_view(), name="dossier"),
    path(_body, bodies.BodyPage.as_view(), name="body"),
    path(f"{_body}feed.atom", bodies.Feed.as_view(), name="feed"),
    path(f"{_body}members/", bodies.Members.as_view(), name="body_members"),
    path(f"{_body}members/from/<int:start>/", bodies.Members.as_view(), name="body_members_from"),
    path(_outcome, outcome.OutcomePage.as_view(), name="outcome"),
    path(f"{_outcome}{_section}", outcome.SectionPage.as_view(), name="outcome_section"),
    path(f"{_outcome}{_section}from/<int:start>/", outcome.SectionPage.as_view(), name="outcome_section_from"),
    path(f"{_outcome}paragraphs/<int:mark>/", outcome.ParagraphPage.as_view(), name="outcome_paragraph"),
    path(_version, outcome.OutcomePage.as_view(), name="version"),
    path(f"{_version}{_section}", outcome.SectionPage.as_view(), name="version_section"),
    path(f"{_version}{_section}from/<int:start>/", outcome.SectionPage.as_view(), name="version_section_from"),
    path(f"{_version}paragraphs/<int:mark>/", outcome.ParagraphPage.as_view(), name="version_paragraph"),
    path(f"{_outcome}changes/<int:revision>/", outcome.Changes.as_view(), name="changes"),
    path(f"{_outcome}changes/<int:revision>/from/<int:start>/", outcome.Changes.as_view(), name="changes_from"),
    path(f"{_outcome}outcome.txt", outcome.OutcomeText.as_view(), name="text"),
    path(f"{_outcome}matrix/", responses.Matrix.as_view(), name="matrix"),
    path(f"{_outcome}matrix/from/<int:start>/", responses.Matrix.as_view(), name="matrix_from"),
    path(f"{_outcome}coverage/", responses.Coverage.as_view(), name="coverage"),
    path(f"{_outcome}answers/", responses.Answers.as_view(), name="answers"),
    path(f"{_outcome}answers/from/<int:start>/", responses.Answers.as_view(), name="answers_from"),
    path(f"{_outcome}unanswered/", responses.Unanswered.as_view(), name="unanswered"),
    path(f"{_outcome}comments/", responses.Comments.as_view(), name="public_comments"),
    path(_commented, responses.CommentsOnParagraph.as_view(), name="public_comments_on"),
    path(f"{_commented}from/<int:start>/", responses.CommentsOnParagraph.as_view(), name="public_comments_on_from"),
    path(_on_section, responses.CommentsOnSection.as_view(), name="public_comments_in"),
    path(f"{_on_section}from/<int:start>/", responses.CommentsOnSection.as_view(), name="public_comments_in_from"),
    path(
        f"{_outcome}unanswered/from/<slug:consultation>/<int:number>/",
        responses.Unanswered.as_view(),
        name="unanswered_from",
    ),
]
