"""What members and readers do with outcomes by keyboard alone. Its pages are walked in `test_every_page.py`."""

import pytest

from plenara.outcomes.models import Position
from tests import world
from tests.journeys.keyboard import Keys
from tests.outcomes import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_member_objects_without_a_mouse(visitor, consultation, organizer, rapporteur, edition):
    body = making.body(organizer, consultation)
    writer = making.member(organizer, body, rapporteur, "rapporteur")
    member = making.member(organizer, body, world.person("Yusuf Demir"))
    paragraph = making.paragraph(writer, making.outcome(organizer, body), cites=edition)
    page = visitor().is_signed_in_as(member).goes_to(f"/en/desk/outcomes/wgig/report/paragraphs/{paragraph.pk}/")
    keys = Keys(page).past_the_navigation()
    keys.to("Object to this wording").press("Enter")
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
    Keys(page).past_the_navigation().to(
        "All contributions on which this paragraph is based, with responses and reasons"
    ).sends()
    assert making.REASON in page.locator("main").inner_text()
