"""A summary from its first statement to a reader in another language, in a real browser."""

import pytest
from playwright.sync_api import expect

from plenara.documents.models import Citation
from plenara.summaries.models import Summary
from tests.summaries import making

# The acts behind it are tested on both databases.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

DESK = "/en/desk/consultations/internet-governance/summaries/"
SENTENCE = "Documents should reach us three weeks before a meeting, and in a language that we read."


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_statement_to_a_reader(
    scripts, visitor, rapporteur, organizer, translator, consultation, edition
):
    writer = visitor(scripts=scripts).is_signed_in_as(rapporteur)
    page = writer.goes_to(f"{DESK}new/")
    page.get_by_label("Language in which you write").select_option("en")
    page.get_by_label("First day of the period").fill("2026-01-01")
    page.get_by_label("Last day of the period").fill("2027-12-31")
    page.get_by_label("Title").fill("What was said")
    page.get_by_role("button", name="Start a summary").click()

    # A note first, then a contribution is opened and cited in a new statement.
    page.get_by_role("link", name="Write a note").click()
    page.get_by_label("Statement", exact=True).fill(
        "This covers one contribution. Nothing was contributed to question 2."
    )
    page.get_by_role("button", name="Add the statement").click()
    # The page with the form has this link too, and would still be left for the statement's.
    expect(page.get_by_text("This covers one contribution.")).to_be_visible()
    page.get_by_role("link", name=f"{edition.number} Aminata Diallo").click()
    if scripts:
        words = page.locator("#source .words p")
        box = words.bounding_box()
        words.click(click_count=3, position={"x": 60, "y": box["height"] / 2})
        expect(page.get_by_label("The exact words")).to_have_value(SENTENCE)
    else:
        page.get_by_text("Choose whole sentences instead").click()
        page.get_by_label(SENTENCE).check()
    expect(page.get_by_label("Text of the new statement")).to_be_hidden()
    page.get_by_label("Which statement cites these words?").select_option("new")
    expect(page.get_by_label("Text of the new statement")).to_be_visible()
    page.get_by_label("Kind of the new statement").select_option("concern")
    page.get_by_label("Text of the new statement").fill("Documents come too late.")
    page.get_by_role("button", name="Cite").click()
    expect(page.get_by_role("status")).to_contain_text("The words are now cited in statement 2.")
    assert Citation.objects.get().words == SENTENCE

    # The second moves up and down again; the publication checks allow it.
    page.get_by_role("button", name="Move up 2").click()
    page.get_by_role("button", name="Move down 1").click()
    page.get_by_role("link", name="Review and publication").click()
    expect(page.get_by_text("Nothing prevents publication")).to_be_visible()
    page.get_by_role("button", name="Send for review").click()

    summary = Summary.objects.get()
    chair = visitor(scripts=scripts).is_signed_in_as(organizer)
    page = chair.goes_to(f"{DESK}{summary.pk}/review/")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("The summary has been published.")

    # A translator follows, the rapporteur reviews and publishes.
    page = (
        visitor(scripts=scripts, language="ar")
        .is_signed_in_as(translator)
        .goes_to(f"{DESK}{summary.pk}/renditions/ar/")
    )
    page.get_by_label("Title").fill("ما قيل")
    page.get_by_label("Statement 1 (Arabic)").fill("هذا ملخص يتناول مساهمة. ولم يقدَّم شيء بشأن السؤال 2.")
    page.get_by_label("Statement 2 (Arabic)").fill("الوثائق تصل متأخرة.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 of 2 texts are translated")).to_be_visible()
    page = writer.goes_to(f"{DESK}{summary.pk}/renditions/ar/")
    page.get_by_role("button", name="Mark as reviewed").click()
    page.get_by_role("button", name="Publish this translation").click()

    # A reader opens the citation and goes to the words.
    reader = visitor(scripts=False, language="ar", width="phone")
    page = reader.goes_to("/ar/consultations/internet-governance/summaries/1/")
    assert page.evaluate("document.documentElement.dir") == "rtl" if scripts else True
    expect(page.get_by_text("الوثائق تصل متأخرة.")).to_be_visible()
    page.locator("#s2 summary").click()
    expect(page.locator("#s2 mark")).to_have_text(SENTENCE)
    assert reader.context.cookies() == []
    page.locator("#s2 .quotes a.n").click()
    assert page.url.endswith(f"/contributions/{edition.number}/rev/0/")


def test_a_printed_summary_has_its_citations_unfolded(visitor, rapporteur, organizer, consultation, edition):
    summary = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, summary, edition)
    making.statement(rapporteur, summary.document, "Nothing was contributed to question 2.", kind="frame")
    making.published(rapporteur, organizer, summary)
    page = visitor().goes_to("/en/consultations/internet-governance/summaries/1/")
    expect(page.locator("#s1 mark")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#s1 mark")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
