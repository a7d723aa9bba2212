"""What people do in calendar, directory and themes, by keyboard alone: no step of it needs a mouse."""

import pytest

from plenara.contributions.models import Dispute
from plenara.core import clock
from plenara.core.models import UNDO_TIME
from plenara.core.tasks import run_all
from plenara.directory.models import Listing
from plenara.events.models import Event
from plenara.themes import actions as themes
from plenara.themes.models import Theme
from tests import world
from tests.directory import making as listings
from tests.events import entered
from tests.events import making as events
from tests.journeys.keyboard import Keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//EN
BEGIN:VEVENT
UID:one@x.example
DTSTART;TZID=Africa/Bamako:20300301T090000
DTEND;TZID=Africa/Bamako:20300301T110000
SUMMARY:Read from a file
LOCATION:Bamako
END:VEVENT
BEGIN:VEVENT
UID:two@x.example
DTSTART;TZID=Africa/Bamako:20300302T090000
DTEND;TZID=Africa/Bamako:20300302T110000
SUMMARY:Left out
LOCATION:Bamako
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.fixture
def hands(visitor):
    """A function that gives somebody's hands on a page."""

    def open_page(path, person=None):
        someone = visitor()
        return Keys((someone.is_signed_in_as(person) if person else someone).goes_to(path))

    return open_page


@pytest.fixture
def head(db):
    """Who moderates calendar and directory."""
    return listings.curator("Olga Lind")


def to_the_first_error(keys):
    """See that the error has the focus, and follow its link to the field."""
    assert keys.page.evaluate("document.activeElement.className") == "errors", "what is wrong is told first"
    keys.press("Tab", "Enter")
    keys.page.wait_for_function("document.activeElement.matches('input, select, textarea')")
    return keys


def chooses_a_file(keys, name, content):
    """Open the dialogue for files from the field that has the focus, and choose one."""
    with keys.page.expect_file_chooser() as dialogue:
        # Playwright does not wait until Chromium hands dialogues over: the answer to a later question says so.
        assert keys.here()["name"]
        keys.press("Space")
    dialogue.value.set_files({"name": name, "mimeType": "text/plain", "buffer": content.encode()})
    return keys


def text_of(keys):
    return keys.page.locator("main").inner_text()


def test_the_calendar_is_narrowed_and_an_event_opened(hands, consultation):
    entered.event("Réunion de Bamako", country="ML", prepares=consultation.slug)
    entered.event("Meeting in Suva", country="FJ", timezone="Pacific/Fiji")
    keys = hands("/en/events/")
    keys.past_the_navigation().to("Country", limit=8).types("Mali").to("Show").sends()
    assert "Suva" not in text_of(keys)
    keys.to("Réunion de Bamako").sends()
    keys.to("Also show times in").types("Tokyo").to("Show").sends()
    assert "?tz=Asia" in keys.page.url
    keys.page.go_back()
    keys.page.go_back()
    keys.to("December 2026").sends()
    assert keys.page.url.endswith("/en/events/month/2026-12/?country=ML&tz=UTC")


def test_an_event_is_proposed_and_put_right(hands, author, head):
    themes.install_wsis()
    keys = hands("/en/events/propose/", author)
    keys.to("Title").types("A walk through the archive")
    keys.to("Time zone of the place").types("Europe/Zurich")
    keys.to("Day").types("05022030").to("Start time").types("1000AM").to("End time").types("0900AM")
    keys.to("Continue").sends()
    to_the_first_error(keys)
    assert "End time" in keys.here()["name"]
    keys.types("0100PM").to("Continue").sends()
    keys.to("Place").types("The reading room").to("Français")
    keys.press("Space")
    keys.to("Continue").sends()
    keys.to("Capacity building")
    keys.press("Space")
    keys.to("Name of the document").types("Plan").to("Web address of the document").types("https://a.example/plan")
    keys.to("Continue").sends()
    assert "2 May 2030, 10:00 to 13:00" in text_of(keys)
    keys.to("Submit").sends()
    details = Event.objects.get().versions.get().details
    assert (details["languages"], details["themes"]) == (["fr"], ["C4"])


def test_a_calendar_file_is_brought_in(hands, author, head):
    keys = hands("/en/my/events/import/", author)
    keys.to("Upload the file").sends()
    to_the_first_error(keys)
    chooses_a_file(keys, "a.ics", FILE).to("Upload the file").sends()
    keys.to("Left out")
    keys.press("Space")
    keys.to("Propose the selected events").sends()
    assert [event.versions.get().details["title"] for event in Event.objects.all()] == [{"en": "Read from a file"}]


def test_an_event_is_cancelled_on_one_of_its_dates(hands, author, head):
    series = events.published(author, head, events.series(3))
    keys = hands(f"/en/my/events/{series.pk}/cancel/", author)
    keys.to("The whole event")
    keys.press("ArrowDown", "ArrowDown")
    keys.to("Cancel the event").sends()
    assert [one.cancelled_at is not None for one in series.occurrences.order_by("number")] == [False, True, False]


def test_an_organization_is_found_proposed_and_put_right(hands, author, head):
    listings.published(author, head, country="ML")
    keys = hands("/en/organizations/", author)
    keys.to("Stakeholder group").types("Civil").to("Show").sends()
    keys.to("Réseau" if "Réseau" in text_of(keys) else "Sahel Digital Network").sends()
    keys.page.goto("/en/organizations/propose/")
    keys.past_the_navigation().to("English").types("Sahel Digital Net").to("Continue").sends()
    to_the_first_error(keys)
    keys.press("ArrowDown", "ArrowDown", "ArrowDown")
    keys.to("Country").types("Mali").to("Continue").sends()
    assert "Is one of these entries the same as yours?" in text_of(keys)
    keys.to("Submit").sends()
    details = Listing.objects.get(state="pending").versions.get().details
    assert (details["group"], details["country"]) == ("civil_society", "ML")


def test_a_byline_is_disputed_and_decided_on(hands, author, head, moderator, edition):
    owner = world.person("Moussa Keita")
    listings.verified(owner, head)
    keys = hands(f"/en/consultations/internet-governance/contributions/{edition.number}/", owner)
    keys.page.goto(f"/en/my/disputes/new/{edition.contribution.public_id}/")
    keys.to("Why does this contribution not speak for the organization?").types("She left us.").to(
        "Dispute this byline"
    ).sends()
    dispute = Dispute.objects.get()
    keys = hands("/en/desk/consultations/internet-governance/disputes/", moderator)
    keys.to(edition.symbol).sends()
    keys.to("Decide").sends()
    to_the_first_error(keys)
    keys.press("Space")
    keys.to("The reason").types("The letter says so.").to("Decide").sends()
    dispute.refresh_from_db()
    assert (dispute.status, dispute.answer) == ("upheld", "The letter says so.")


def test_two_entries_are_merged_and_one_is_verified(hands, author, head):
    goes, stays = listings.published(author, head), listings.published(author, head, name={"en": "The other"})
    keys = hands("/en/desk/directory/", head)
    keys.to("Number of the entry to merge into the other").types(str(goes.number)).to("Continue").sends()
    to_the_first_error(keys).types(str(stays.number)).to("Continue").sends()
    keys.to("Merge the entries").sends()
    with clock.at(clock.now() + UNDO_TIME):
        run_all()
    goes.refresh_from_db()
    assert goes.merged_into == stays
    keys.page.goto("/en/desk/directory/")
    keys.to("Name, acronym or number").types("The other").to("Find").sends()
    keys.to("The other").sends()
    keys.to("How did you confirm the identity of the organization?").types("By telephone.").to(
        "Verify the organization"
    ).sends()
    with clock.at(clock.now() + UNDO_TIME):
        run_all()
    assert stays.verifications.get().note == "By telephone."


def test_themes_are_added_retired_and_brought_in(hands, organizer):
    themes.install_wsis()
    keys = hands("/en/desk/themes/", organizer)
    keys.to("Add a theme").sends()
    keys.to("Save").sends()
    to_the_first_error(keys).types("X1")
    keys.to("Label").to("Label").to("Label").types("Space").to("Save").sends()
    assert Theme.objects.get(code="X1").labels == {"en": "Space"}
    keys.page.goto("/en/desk/themes/X1/retire/")
    keys.to("Which theme replaces this theme?").types("Media").to("Retire the theme").sends()
    assert Theme.objects.get(code="X1").replaced_by.code == "C9"
    keys.page.goto("/en/desk/themes/")
    keys.to("Import a file").sends()
    chooses_a_file(keys.to("File"), "themes.csv", "code,label_en\r\nX2,Oceans\r\n").to("Show the changes").sends()
    keys.to("Change the list").sends()
    assert Theme.objects.get(code="X2").labels == {"en": "Oceans"}
