"""An event is proposed on a phone: no script is needed. How the pages look is seen in `test_every_page.py`."""

import pytest

from plenara.consultations.community import community
from plenara.events.models import Event
from tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def head(db):
    """Who organizes calendar and directory."""
    return world.grant(world.person("Olga Lind"), community(), "organizer")


def test_an_event_is_proposed_on_a_phone_without_a_script(author, head, visitor):
    someone = visitor(scripts=False, width="phone")
    someone.is_signed_in_as(author)
    page = someone.goes_to("/en/events/propose/")
    page.get_by_label("Title", exact=True).first.fill("A walk through the archive")
    page.get_by_label("Time zone of the place").fill("Europe/Zurich")
    page.get_by_label("Day", exact=True).fill("2030-05-02")
    page.get_by_label("Start time").fill("10:00")
    page.get_by_label("End time").fill("09:00")
    page.get_by_label("Title", exact=True).first.press("Enter")
    assert page.get_by_text("Enter an end that is after the start.").count() == 2
    page.get_by_label("End time").fill("12:00")
    page.get_by_role("button", name="Add a date").click()
    assert page.get_by_label("Day", exact=True).nth(1).input_value() == "2030-05-09"
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Place").fill("The reading room")
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Name of the document").first.fill("Plan")
    page.get_by_label("Web address of the document").first.fill("https://a.example/plan")
    page.get_by_role("button", name="Continue").last.click()
    assert page.get_by_text("9 May 2030, 10:00 to 12:00").count() == 1
    page.get_by_role("button", name="Submit").click()
    assert page.get_by_text("We have received your proposal.").count() == 1
    assert Event.objects.get().versions.get().details["place"] == "The reading room"
    assert not someone.errors
