"""The pages on which events are proposed and decided on: accessible, nothing scrolls sideways, no script needed."""

import pytest

from plenara.consultations.community import community
from plenara.events.models import Event
from tests import world
from tests.events import everywhere, making
from tests.journeys.conftest import axe_script
from tests.journeys.test_every_page import faults_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

#: Who opens which pages.
PAGES = {
    None: ["about/decisions/", "about/decisions/turnaround/", "events/{event_number}/report/"],
    "author": [
        "events/propose/?consultation=internet-governance", "my/events/", "my/events/{event}/",
        "my/events/{event_waits}/", "my/events/{event_refused}/", "my/events/{event}/change/",
        "my/events/{series}/cancel/", "my/events/{event}/withdraw/", "my/events/{event}/outcome/",
        "my/events/import/", "my/events/import/{calendar_file}/", "my/appeals/event/{event_refused}/",
    ],
    "head": [
        "desk/", "desk/moderation/", "desk/moderation/event/{event_waits}/", "desk/moderation/event/{event}/published/",
        "desk/consultations/community/", "desk/consultations/community/roles/",
        "desk/consultations/community/moderation/",
    ],
}  # fmt: skip


@pytest.fixture
def head(db):
    """Who organizes calendar and directory."""
    return world.grant(world.person("Olga Lind"), community(), "organizer")


@pytest.fixture
def calendar(consultation, author, head):
    ids = everywhere.places(author)
    return {**ids, "series": making.published(author, head, making.series(3)).pk}


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_is_accessible(language, calendar, visitor, request):
    axe, faults = axe_script(), []
    for role, paths in PAGES.items():
        someone = visitor(language=language)
        if role:
            someone.is_signed_in_as(request.getfixturevalue(role))
        for path in paths:
            faults += faults_of(someone.goes_to(f"/{language}/{path.format(**calendar)}"), axe, path)
    assert not faults, "\n".join(faults)


def test_an_event_is_proposed_on_a_phone_without_a_script(author, head, visitor):
    someone = visitor(scripts=False, width="phone")
    someone.is_signed_in_as(author)
    page = someone.goes_to("/en/events/propose/")
    page.get_by_label("Title", exact=True).first.fill("A walk through the archive")
    page.get_by_label("Time zone of the place").select_option("Europe/Zurich")
    page.get_by_label("Day", exact=True).fill("2030-05-02")
    page.get_by_label("Begins at").fill("10:00")
    page.get_by_label("Ends at").fill("09:00")
    page.get_by_label("Title", exact=True).first.press("Enter")
    assert page.get_by_text("The end must come after the beginning.").count() == 2
    page.get_by_label("Ends at").fill("12:00")
    page.get_by_role("button", name="Add a date").click()
    assert page.get_by_label("Day", exact=True).nth(1).input_value() == "2030-05-09"
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Place").fill("The reading room")
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Name of the document").first.fill("Plan")
    page.get_by_label("Its address").first.fill("https://a.example/plan")
    page.get_by_role("button", name="Continue").last.click()
    assert page.get_by_text("9 May 2030, 10:00 to 12:00").count() == 1
    page.get_by_role("button", name="Send it").click()
    assert page.get_by_text("We have received it").count() == 1
    assert Event.objects.get().versions.get().details["place"] == "The reading room"
    assert not someone.faults
