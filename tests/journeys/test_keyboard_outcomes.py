"""Outcomes by keyboard alone: every page from end to end, and what members and readers do there."""

import pytest

from plenara.outcomes.models import Position
from tests import world
from tests.journeys.keyboard import Keys, faults_of_walk
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import making
from tests.outcomes import meetings_everywhere as meetings
from tests.outcomes import public_everywhere as public
from tests.summaries import making as summaries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

#: Who opens which pages.
PAGES = {
    None: [*public.PUBLIC, *meetings.PUBLIC, *comments.PUBLIC],
    "organizer": [bodies.HOME, *bodies.SEEN, *bodies.KEPT, *bodies.ARRANGED, *comments.SEEN, *comments.LED],
    "rapporteur": [
        *meetings.SEEN, *meetings.KEPT, *outcomes.SEEN, *outcomes.WRITTEN, *outcomes.OF_STATEMENTS,
        outcomes.RESOLVED, *outcomes.TRANSLATED, outcomes.RETURNED,
    ],
}  # fmt: skip


@pytest.fixture
def place(consultation, organizer, rapporteur, moderator, translator, edition):
    """Bodies with outcomes of every kind, and the ids that the pages above name."""
    summary = summaries.summary(rapporteur, consultation)
    summaries.statement(rapporteur, summary.document, "Nothing was contributed to question 2.", kind="frame")
    summaries.statement_of(rapporteur, summary, edition)
    summaries.published(rapporteur, organizer, summary)
    return {
        **outcomes.places(consultation, rapporteur, edition),
        **public.places(consultation, edition),
        **comments.places(moderator),
        **bodies.places(),
        **meetings.places(rapporteur, edition),
    }


@pytest.mark.parametrize(("language", "width"), [("en", "desk"), ("ar", "phone")])
def test_every_page_can_be_gone_through(language, width, place, visitor, request):
    faults = []
    for role, paths in PAGES.items():
        someone = visitor(language=language, width=width)
        if role:
            someone.is_signed_in_as(request.getfixturevalue(role))
        for path in paths:
            faults += faults_of_walk(someone.goes_to(f"/{language}/{path.format(**place)}"), path)
    assert not faults, "\n".join(faults)


def test_a_member_objects_without_a_mouse(visitor, consultation, organizer, rapporteur, edition):
    body = making.body(organizer, consultation)
    writer = making.member(organizer, body, rapporteur, "rapporteur")
    member = making.member(organizer, body, world.person("Yusuf Demir"))
    paragraph = making.paragraph(writer, making.outcome(organizer, body), cites=edition)
    page = visitor().is_signed_in_as(member).goes_to(f"/en/desk/outcomes/wgig/report/paragraphs/{paragraph.pk}/")
    keys = Keys(page).past_the_navigation()
    keys.to("I object").press("Enter")
    keys.to("Why do you object?").types("It says too much.")
    keys.to("Object").sends()
    position = Position.objects.get()
    assert (position.holds, position.reason) == ("objects", "It says too much.")


def test_a_reader_goes_from_a_contribution_to_the_reason_without_a_mouse(
    visitor, consultation, organizer, rapporteur, edition
):
    body = making.body(organizer, consultation)
    writer = making.member(organizer, body, rapporteur, "rapporteur")
    chair = making.member(organizer, body, world.person("Nitin Rao"), "chair")
    it = making.outcome(organizer, body)
    making.paragraph(writer, it, cites=edition)
    making.published(writer, chair, it)
    page = visitor().goes_to(f"/en/consultations/{consultation.slug}/contributions/{edition.number}/")
    Keys(page).past_the_navigation().to("Report of the Working Group, paragraph 1").sends()
    assert making.REASON in page.locator("main").inner_text()
    Keys(page).past_the_navigation().to("Every contribution it rests on").sends()
    assert making.REASON in page.locator("main").inner_text()
