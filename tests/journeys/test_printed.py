"""Pages on paper, in a real browser: what they are of is said, and nothing is printed that only a screen can use."""

import pytest
from playwright.sync_api import expect

# The acts behind it are tested on both databases.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

HERE = "/en/consultations/internet-governance/"


def printed(page):
    page.emulate_media(media="print")
    return page


def test_a_printed_contribution_says_where_it_stands_and_offers_no_files(visitor, edition):
    page = visitor().goes_to(f"{HERE}contributions/1/")
    expect(page.get_by_role("link", name="BibTeX")).to_be_visible()
    printed(page)
    expect(page.get_by_role("navigation", name="You are here")).to_be_visible()
    expect(page.get_by_text("Permanent address of this edition")).to_be_visible()
    expect(page.get_by_text("BibTeX")).to_be_hidden()


def test_a_printed_queue_is_a_list_alone(visitor, moderator, pending):
    page = visitor().is_signed_in_as(moderator).goes_to("/en/desk/moderation/")
    for name in ("Your moderation settings", "Waiting for the author (0)"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    printed(page)
    for name in ("Your moderation settings", "Waiting for the author (0)"):
        expect(page.get_by_text(name)).to_be_hidden()
    expect(page.locator(".queue > li").first).to_be_visible()
