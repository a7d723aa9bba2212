"""Addresses of outcomes: for readers, and at the desk."""

from django.urls import include, path

from plenara.outcomes.views.staff import bodies, comments, meetings, outcome, paragraphs, responses, writing

app_name = "outcomes"
_body = "outcomes/<slug:body>/"
_outcome = f"{_body}<slug:outcome>/"
_desk = f"desk/{_body}"
_one = f"desk/{_outcome}"
_meeting = f"{_desk}meetings/<int:number>/"
_paragraph = f"{_one}paragraphs/<int:paragraph>/"
_rendition = f"{_one}renditions/<slug:language>/"
_file = outcome.RenditionFile

urlpatterns = [
    path("desk/consultations/<slug:slug>/outcomes/", bodies.Bodies.as_view(), name="desk"),
    path("desk/consultations/<slug:slug>/outcomes/new/", bodies.NewBody.as_view(), name="new_body"),
    path("desk/outcomes/", bodies.MyBodies.as_view(), name="my_bodies"),
    path(_desk, bodies.BodyPage.as_view(), name="desk_body"),
    path(f"{_desk}edit/", bodies.EditBody.as_view(), name="edit_body"),
    path(f"{_desk}publish/", bodies.PublishBody.as_view(), name="publish_body"),
    path(f"{_desk}members/", bodies.Members.as_view(), name="members"),
    path(f"{_desk}members/new/", bodies.NewMember.as_view(), name="new_member"),
    path(f"{_desk}members/<int:member>/", bodies.EditMember.as_view(), name="member"),
    path(f"{_desk}members/<int:member>/invite/", bodies.InviteMember.as_view(), name="invite_member"),
    path(f"{_desk}members/<int:member>/remove/", bodies.RemoveMember.as_view(), name="remove_member"),
    path(f"{_desk}new/", bodies.NewOutcome.as_view(), name="new_outcome"),
    path(f"{_desk}meetings/", meetings.Meetings.as_view(), name="meetings"),
    path(_meeting, meetings.Meeting.as_view(), name="meeting"),
    path(f"{_meeting}intro/", meetings.EditIntro.as_view(), name="meeting_intro"),
    path(f"{_meeting}items/new/", meetings.NewItem.as_view(), name="new_item"),
    path(f"{_meeting}items/<int:item>/", meetings.EditItem.as_view(), name="item"),
    path(f"{_meeting}items/<int:item>/matters/", meetings.Matters.as_view(), name="matters"),
    path(f"{_meeting}report/", meetings.Report.as_view(), name="report"),
    path(f"{_meeting}decisions/new/", meetings.NewDecision.as_view(), name="new_decision"),
    path(f"{_meeting}decisions/<int:decision>/", meetings.EditDecision.as_view(), name="decision"),
    path(f"{_meeting}dossier-<slug:language>.<slug:ending>", meetings.MeetingFile.as_view(), name="meeting_file"),
    # Addresses below an outcome come last: its slug can be any word.
    path(_one, outcome.Workbench.as_view(), name="workbench"),
    path(f"{_one}settings/", bodies.Settings.as_view(), name="settings"),
    path(f"{_one}sections/", writing.Sections.as_view(), name="sections"),
    path(f"{_one}sections/new/", writing.NewSection.as_view(), name="new_section"),
    path(f"{_one}sections/<int:section>/", writing.EditSection.as_view(), name="section"),
    path(f"{_one}review/", outcome.Review.as_view(), name="review"),
    path(f"{_one}history/", outcome.History.as_view(), name="history"),
    path(_rendition, outcome.Rendition.as_view(), name="rendition"),
    path(f"{_rendition}reasons/", outcome.Phrases.as_view(), name="reasons"),
    path(f"{_rendition}files/", outcome.Files.as_view(), name="files"),
    path(f"{_rendition}<slug:which>.xlf", _file.as_view(), {"ending": "xlf"}, name="rendition_xlf"),
    path(f"{_rendition}<slug:which>.docx", _file.as_view(), {"ending": "docx"}, name="rendition_docx"),
    path(f"{_rendition}files/<int:file>/", outcome.ReturnedFile.as_view(), name="returned"),
    path(f"{_one}agree/", paragraphs.AgreeWithMany.as_view(), name="agree_with_many"),
    path(f"{_one}move/", outcome.Move.as_view(), name="move"),
    path(f"{_one}paragraphs/new/", writing.NewParagraph.as_view(), name="new_paragraph"),
    path(_paragraph, paragraphs.ParagraphPage.as_view(), name="paragraph"),
    path(f"{_paragraph}edit/", writing.EditParagraph.as_view(), name="edit_paragraph"),
    path(f"{_paragraph}place/", writing.Place.as_view(), name="place"),
    path(f"{_paragraph}delete/", writing.DeleteParagraph.as_view(), name="delete_paragraph"),
    path(f"{_paragraph}hold/", paragraphs.TakePosition.as_view(), name="hold"),
    path(f"{_paragraph}declare/", paragraphs.Declare.as_view(), name="declare"),
    path(f"{_paragraph}propose/", paragraphs.Propose.as_view(), name="propose"),
    path(f"{_one}proposals/<int:proposal>/", paragraphs.OneProposal.as_view(), name="proposal"),
    path(f"{_one}contributions/", responses.Answers.as_view(), name="to_answer"),
    path(f"{_one}contributions/<int:edition>/", responses.Cite.as_view(), name="cite"),
    path(f"{_one}statements/", responses.Statements.as_view(), name="statements"),
    path(f"{_one}citations/<int:given>/", responses.OneCitation.as_view(), name="citation"),
    path(f"{_one}references/<int:given>/", responses.OneReference.as_view(), name="reference"),
    path(f"{_one}opening/", outcome.OpenForComment.as_view(), name="opening"),
    path(f"{_one}public-comments/", comments.Received.as_view(), name="received"),
    path(f"{_one}public-comments/sections/<int:section>/", comments.ReceivedIn.as_view(), name="received_in"),
    path(f"{_paragraph}public-comments/", comments.ReceivedOn.as_view(), name="received_on"),
    path(f"{_one}comments/", comments.Comments.as_view(), name="comments"),
    path(f"{_one}comments/new/", comments.NewComment.as_view(), name="new_comment"),
    path(f"{_one}comments/<int:comment>/", comments.Resolve.as_view(), name="resolve"),
    path("", include("plenara.outcomes.urls_public")),
]
