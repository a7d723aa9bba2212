"""From a proposal to everybody's calendar, and from a name in the directory to a mark on a contribution."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client

from plenara.contributions.models import OrganizationMark
from plenara.core import clock
from plenara.core.tasks import run_all
from plenara.directory import actions as directory
from plenara.directory.models import Listing
from plenara.events.models import Event
from plenara.themes import actions as themes
from tests import world
from tests.directory import making as listings
from tests.events import making as events
from tests.journeys.conftest import press

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Evening of the river networks"


def letter_to(address):
    run_all()
    return [letter for letter in mail.outbox if address in letter.to][-1]


def calendar():
    """Return what a calendar program gets, as one text with its lines unfolded."""
    answer = Client().get("/en/events/calendar.ics")
    return b"".join(answer).decode().replace("\r\n ", "")


def approve(visitor, moderator, name):
    """Let a moderator of the community open what waits of somebody, and approve it."""
    desk = visitor().is_signed_in_as(moderator).goes_to("/en/desk/moderation/")
    desk.get_by_role("link", name=name).first.click()
    desk.get_by_label("Approve and publish").check()
    press(desk, desk.get_by_role("button", name="Approve and publish"))
    press(desk, desk.get_by_role("button", name="Publish the text now"))


def test_a_newcomer_announces_an_event_and_everybodys_calendar_gets_it_and_its_cancellation(visitor, consultation):
    themes.install_wsis()
    moderator, newcomer = events.curator(), world.person("Salote Vakaloloma", country="FJ")
    day = (clock.now() + datetime.timedelta(days=40)).date()

    # Three steps and a last look, without a script and on a phone.
    page = visitor(scripts=False, width="phone").is_signed_in_as(newcomer).goes_to("/en/events/")
    page.get_by_role("link", name="Propose an event").first.click()
    page.locator("[name=title_en]").fill(TITLE)
    page.locator("[name=timezone]").fill("Pacific/Fiji")
    page.locator("[name=day_0]").fill(day.isoformat())
    page.locator("[name=from_0]").fill("18:00")
    page.locator("[name=until_0]").fill("17:00")
    press(page, page.locator("button[value=next]").last)
    assert "Enter an end that is after the start." in page.locator("main").inner_text()
    assert page.locator("[name=title_en]").input_value() == TITLE
    page.locator("[name=until_0]").fill("20:00")
    press(page, page.locator("button[value=next]").last)
    page.locator("[name=place]").fill("Library of Ilima")
    press(page, page.locator("button[value=next]").last)
    page.locator("[name=themes][value=C2]").check()
    press(page, page.locator("button[value=next]").last)
    assert TITLE in page.locator(".preview").inner_text()
    press(page, page.locator("button[value=send]"))
    assert "We have received your proposal." in page.locator("body").inner_text()
    assert TITLE not in calendar()

    approve(visitor, moderator, "Salote Vakaloloma")

    # It stands in the calendar, in the search, on the theme's page, and in the feed for programs.
    event = Event.objects.get()
    reader = visitor(scripts=False).goes_to("/en/events/")
    for path in ("/en/events/", "/en/search/?q=river+networks&kind=event", "/en/themes/C2/"):
        reader.goto(path)
        assert TITLE in reader.locator("main").inner_text(), path
    reader.get_by_role("link", name=TITLE).first.click()
    assert reader.url.endswith(f"/en/events/{event.number}/")
    assert "Library of Ilima" in reader.locator("main").inner_text()
    first = calendar()
    assert TITLE in first and "STATUS:CANCELLED" not in first
    assert "TZID=Pacific/Fiji" in first
    assert reader.context.cookies() == []

    # Its owner cancels it: it stays, marked, and programs see a higher sequence.
    page.goto(f"/en/my/events/{event.pk}/cancel/")
    press(page, page.get_by_role("button", name="Cancel the event"))
    reader.goto("/en/events/")
    assert TITLE in reader.locator("main").inner_text()
    assert "cancelled" in reader.locator("main").inner_text().lower()
    later = calendar()
    assert "STATUS:CANCELLED" in later
    assert sequence_of(later) > sequence_of(first)


def sequence_of(text):
    """Return the sequence of the event in a calendar with our title."""
    entry = next(part for part in text.split("BEGIN:VEVENT") if TITLE in part)
    return int(re.search(r"^SEQUENCE:(\d+)", entry, re.MULTILINE)[1])


def test_an_organization_is_listed_verified_by_a_link_and_speaks(visitor, consultation, moderator, thread):
    curator, owner = listings.curator("Nadia Keeper"), world.person("Aminata Diallo")
    there = listings.published(world.person("Daniel Okafor"), curator, name={"fr": "Réseau Sahel Numérique"})
    speaker = world.person("Fatou Ndiaye", capacity="organization", organization="Sahel River Network")

    page = visitor(scripts=False).is_signed_in_as(owner).goes_to("/en/organizations/")
    page.get_by_role("link", name="Propose an organization").first.click()
    page.locator("[name=name_en]").fill("Sahel River Network")
    page.locator("main form details summary").first.click()
    page.locator("[name=name_fr]").fill("Réseau Sahel Numerique")
    page.locator("[name=group][value=civil_society]").check()
    page.locator("[name=country]").select_option("ML")
    page.locator("[name=site]").fill("https://www.sahel-river.example/")
    press(page, page.get_by_role("button", name="Continue"))
    assert "Is one of these entries the same as yours?" in page.locator("main").inner_text()
    assert "Réseau Sahel Numérique" in page.locator("main").inner_text()
    press(page, page.get_by_role("button", name="Submit"))

    approve(visitor, curator, "Aminata Diallo")
    listing = Listing.objects.exclude(pk=there.pk).get()
    path = f"/en/organizations/{listing.number}/"
    reader = visitor(scripts=False).goes_to(path)
    assert "Sahel River Network" in reader.get_by_role("heading", level=1).inner_text()

    # A link goes to a mailbox of its own domain; whoever reads that one confirms it.
    page.goto(f"/en/my/listings/{listing.pk}/verify/")
    page.locator("[name=mailbox]").fill("office")
    press(page, page.get_by_role("button", name="Send the link"))
    found = re.search(r"/en/organizations/verify/[\w-]+/", letter_to("office@sahel-river.example").body)
    mailbox = visitor(scripts=False).goes_to(found[0])
    assert not listing.verifications.exists()
    press(mailbox, mailbox.get_by_role("button", name="Confirm this entry"))
    assert listing.verifications.get().method == "mail"

    # Its owner names who speaks for it; what is contributed in its name then is marked, and stands on its page.
    directory.name_representative(actor=owner, organization=listing, address=speaker.email)
    invited = re.search(r"/en/account/invitations/[\w-]+/", letter_to(speaker.email).body)
    other = visitor(scripts=False).is_signed_in_as(speaker).goes_to(invited[0])
    press(other, other.locator("main form button").first)
    edition = world.published(speaker, moderator, thread)
    run_all()
    assert OrganizationMark.objects.get().edition == edition
    reader.goto(f"/en/consultations/{consultation.slug}/contributions/1/")
    assert "erified" in reader.locator("main").inner_text()
    reader.goto(path)
    assert world.WORDS[:30] in reader.locator("main").inner_text()
