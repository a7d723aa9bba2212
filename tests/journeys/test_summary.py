"""From contributions to a summary that cites them, in two languages, in a browser; and the way by keyboard alone."""

import pytest
from django.core import mail

from plenara.ledger.errands import run_all
from tests import world
from tests.journeys.conftest import press

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/en/desk/consultations/internet-governance/summaries/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_summary_is_written_approved_translated_and_read(
    scripts, visitor, edition, rapporteur, organizer, translator, author
):
    # The rapporteur begins a summary, writes a frame, and lets a statement cite whole sentences.
    page = visitor(scripts=scripts).is_signed_in_as(rapporteur).goes_to(f"{DESK}new/")
    page.locator("select[name=source_language]").select_option("en")
    page.locator("input[name=title]").fill("What was said")
    press(page, page.locator("main form button").first)
    workbench = page.url
    page.goto(f"{workbench}statements/new/")
    page.get_by_label("Kind").select_option("frame")
    page.locator("textarea[name=text]").fill("This covers ten days.")
    press(page, page.get_by_role("button", name="Add the statement"))
    page.goto(f"{workbench}contributions/1/")
    page.locator("summary", has_text="Choose whole sentences").click()
    page.get_by_label(world.WORDS).check()
    page.locator("select[name=statement]").select_option("new")
    page.locator("summary", has_text="Write a new statement").click()
    page.locator("textarea[name=text]").fill("Documents come too late.")
    page.get_by_label("Kind").select_option("concern")
    press(page, page.locator("form.decision .buttons button").first)
    page.goto(f"{workbench}review/")
    assert "Nothing stands against it" in page.locator("main").inner_text()
    press(page, page.get_by_role("button", name="Send to review"))

    # An organizer who did not write it approves; then it is published.
    page = visitor(scripts=scripts).is_signed_in_as(organizer).goes_to(f"{workbench}review/")
    press(page, page.get_by_role("button", name="Approve"))
    press(page, page.get_by_role("button", name="Publish"))

    # The reader follows a statement to the words that it rests on, and a language that is missing says so.
    page = visitor(scripts=scripts, width="phone").goes_to("/en/consultations/internet-governance/summaries/1/")
    statement = page.locator("#s2")
    assert "Documents come too late." in statement.inner_text()
    statement.locator("summary").click()
    assert statement.locator("mark").inner_text() == world.WORDS
    statement.locator(".quotes a.n").click()
    assert page.url.endswith("/contributions/1/rev/0/")
    assert "Documents come too late." in page.locator("main").inner_text()
    page.goto("/ar/consultations/internet-governance/summaries/1/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("#s2 .words").first.get_attribute("lang") == "en"

    # The author is told, in French, where the words went.
    run_all()
    letter = [each for each in mail.outbox if author.email in each.to][-1]
    assert "/consultations/internet-governance/summaries/1/" in letter.body

    # A translator renders it side by side; reviewed, it is there in Arabic.
    page = visitor(scripts=scripts).is_signed_in_as(translator).goes_to(f"{workbench}renditions/ar/")
    fields = page.locator("form.pairs :is(textarea, input[type=text])")
    for index in range(fields.count()):
        fields.nth(index).fill(f"نص مترجم {index}")
    press(page, page.get_by_role("button", name="Save").first)
    page = visitor(scripts=scripts).is_signed_in_as(rapporteur).goes_to(f"{workbench}renditions/ar/")
    press(page, page.get_by_role("button", name="Mark as reviewed"))
    press(page, page.locator("button[value=publish]"))
    page = visitor(scripts=scripts).goes_to("/ar/consultations/internet-governance/summaries/1/")
    assert page.locator("#s2 .words").first.get_attribute("lang") == "ar"


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
