"""The way of a contribution by keyboard alone."""

import pytest

from tests.journeys.keyboard import Keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_all_of_it_works_by_keyboard_alone(visitor, participant, edition):
    page = visitor().is_signed_in_as(participant).goes_to("/en/consultations/internet-governance/threads/1/")
    keys = Keys(page).past_the_navigation()
    keys.to("Contribute to Question 1").sends()
    page.wait_for_url("**/contribute/**")
    keys.to("Your contribution").types("Written without a mouse, from the first word to the last.")
    keys.to("Preview, then submit").sends()
    page.wait_for_selector(".preview")
    keys.to("Submit to the moderators").sends()
    page.wait_for_url("**/my/contributions/**")
    assert "has been received" in page.get_by_role("heading", level=1).inner_text()
