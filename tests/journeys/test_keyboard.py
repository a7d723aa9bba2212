"""The way of a contribution by keyboard alone."""

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_all_of_it_works_by_keyboard_alone(visitor, participant, edition):
    page = visitor().is_signed_in_as(participant).goes_to("/en/consultations/internet-governance/threads/1/")
    keys = page.keyboard

    def tab_to(text, limit=60):
        for _press in range(limit):
            keys.press("Tab")
            focused = page.evaluate(
                "(each => (each.labels?.[0] ?? each).innerText || each.name)(document.activeElement)"
            )
            if focused and text in focused:
                box = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert box != "none", f"focus on {text} can be seen"
                return
        raise AssertionError(f"the keyboard never reaches {text!r}")

    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop leads past the navigation"
    keys.press("Enter")
    tab_to("Contribute to Question 1")
    keys.press("Enter")
    page.wait_for_url("**/contribute/**")
    tab_to("Your contribution")
    keys.type("Written without a mouse, from the first word to the last.")
    tab_to("Preview")
    keys.press("Enter")
    page.wait_for_selector(".preview")
    tab_to("Send to the moderators")
    keys.press("Enter")
    page.wait_for_url("**/my/contributions/**")
    assert "has been received" in page.get_by_role("heading", level=1).inner_text()
