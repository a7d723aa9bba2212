"""From an e-mail address to words that are cited, in a browser without scripts. With them: `test_keyboard.py`."""

import pytest
from django.core import mail

from plenara.accounts.models import Person
from plenara.contributions.models import Contribution, Edition
from plenara.core import clock
from plenara.core.tasks import run_all
from plenara.moderation.models import UNDO_TIME, Decision
from tests import world
from tests.journeys.conftest import press, the_code_in

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Our members farm and fish along the river. Put the documents into languages that they read."


def letters_to(address):
    run_all()
    return [letter for letter in mail.outbox if address in letter.to]


def test_a_newcomer_registers_contributes_and_is_published_without_scripts_on_a_phone(visitor, consultation, moderator):
    someone = visitor(scripts=False, width="phone")
    page = someone.goes_to("/en/")
    page.get_by_role("link", name="Read and take part").click()
    page.get_by_role("link", name="Question 1?").first.click()
    page.get_by_role("link", name="Contribute to Question 1").click()

    # A stranger is asked to sign up, with an address and a name; a code comes by mail.
    page.get_by_label("E-mail address").first.fill("salote@library.example")
    page.get_by_label("Name", exact=True).fill("Salote Vakaloloma")
    page.get_by_role("checkbox").first.check()
    press(page, page.get_by_role("button", name="Sign up"))
    page.get_by_label("Code").fill(the_code_in(letters_to("salote@library.example")[-1]))
    press(page, page.locator("main form button").first)

    # Led back to the question; asked once for whom they speak.
    assert page.get_by_role("heading", level=1).inner_text() == "Who you speak for"
    page.get_by_label("Civil society").check()
    page.get_by_label("For an organization").check()
    page.get_by_label("Organization", exact=True).fill("Ilima Library Association")
    page.get_by_label("Country", exact=True).select_option("FJ")
    press(page, page.locator("main form button").first)

    # Two screens: the text, then its preview.
    page.get_by_label("Your contribution").fill(WORDS)
    press(page, page.get_by_role("button", name="Preview"))
    assert page.get_by_label("Language of your text").input_value() == "en"
    assert "Ilima Library Association" in page.locator(".preview").inner_text()
    press(page, page.get_by_role("button", name="Submit to the moderators"))
    assert "has been received" in page.get_by_role("heading", level=1).inner_text()
    contribution = Contribution.objects.get()
    assert contribution.versions.get().text.sha256 in page.content()
    assert contribution.versions.get().text.sha256 in letters_to("salote@library.example")[-1].body

    # A moderator opens the queue, reads it beside its question, and approves.
    desk = visitor(scripts=False, width="phone").is_signed_in_as(moderator)
    page_of_desk = desk.goes_to("/en/desk/moderation/")
    page_of_desk.get_by_role("link", name="Salote Vakaloloma").click()
    page_of_desk.get_by_label("Approve and publish").check()
    press(page_of_desk, page_of_desk.get_by_role("button", name="Approve and publish"))
    assert (
        "Nothing is waiting for a decision. Everything that was submitted has been decided on."
        in page_of_desk.content()
    )
    press(page_of_desk, page_of_desk.get_by_role("button", name="Publish the text now"))
    assert page_of_desk.get_by_role("link", name=Edition.objects.get().symbol).get_attribute("href").startswith("/c/")

    # Everybody reads it, and the author is notified.
    reader = visitor(scripts=False, width="phone").goes_to("/en/consultations/internet-governance/threads/1/")
    entry = reader.locator("#c1")
    assert "Salote Vakaloloma" in entry.inner_text()
    assert WORDS in entry.inner_text()
    assert Edition.objects.get().byline.organization == "Ilima Library Association"
    assert letters_to("salote@library.example")[-1].subject == "Your contribution is published"
    assert reader.context.cookies() == []


def test_a_returned_text_comes_back_better(visitor, author, moderator, pending):
    desk = visitor(scripts=False).is_signed_in_as(moderator).goes_to(f"/en/desk/moderation/contribution/{pending.pk}/")
    desk.get_by_label("Return for revision").check()
    desk.get_by_label("Reason", exact=True).select_option("R3")
    desk.get_by_label("Comment for the author").fill("The first sentence is about a person.")
    press(desk, desk.get_by_role("button", name="Show what the author will read"))
    assert "The first sentence is about a person." in desk.locator(".email-preview").first.inner_text()
    assert desk.locator(".email-preview").first.get_attribute("lang") == "fr"
    press(desk, desk.get_by_role("button", name="Return the text and send this e-mail"))

    # A slip of the finger is undone, and what was written is still there.
    press(desk, desk.get_by_role("button", name="Undo the decision (D/1)"))
    assert desk.get_by_label("Comment for the author").input_value() == "The first sentence is about a person."
    press(desk, desk.get_by_role("button", name="Return the text to the author", exact=True))
    press(desk, desk.get_by_role("button", name="Return the text and send this e-mail"))
    assert "The author will be notified in" in desk.locator("main").inner_text()

    with clock.at(clock.now() + UNDO_TIME):
        letter = letters_to(author.email)[-1]
    assert "R3" not in letter.subject and "The first sentence is about a person." in letter.body
    Decision.objects.update(at=clock.now() - UNDO_TIME)  # the author is notified once it cannot be undone any more
    page = visitor(scripts=False).is_signed_in_as(author).goes_to(f"/en/my/contributions/{pending.pk}/")
    page.get_by_role("link", name="Revise your text").click()
    page.get_by_label("Your contribution").fill("A view, and no person in it.")
    press(page, page.get_by_role("button", name="Preview"))
    press(page, page.get_by_role("button", name="Submit to the moderators"))
    assert "has been received" in page.get_by_role("heading", level=1).inner_text()


def test_two_moderators_at_once_and_one_decision_stands(visitor, moderator, other_moderator, pending):
    first = visitor().is_signed_in_as(moderator).goes_to(f"/en/desk/moderation/contribution/{pending.pk}/")
    second = visitor().is_signed_in_as(other_moderator).goes_to(f"/en/desk/moderation/contribution/{pending.pk}/")
    assert "Ana Prieto has this text open" in second.locator("main").inner_text()
    press(second, second.get_by_role("button", name="Take the text over from Ana Prieto"))
    second.get_by_label("Approve and publish").check()
    first.get_by_label("Reject").check()
    first.get_by_label("Reason", exact=True).select_option("R5")
    press(second, second.get_by_role("button", name="Approve and publish"))
    press(first, first.get_by_role("button", name="Reject"))
    assert "Jean Moreau has already decided: Approved (D/1)" in first.locator("main").inner_text()
    press(second, second.get_by_role("button", name="Publish the text now"))
    pending.refresh_from_db()
    assert pending.state == "published"


def test_a_decision_asks_only_what_it_needs_and_its_button_has_its_name(visitor, moderator, pending):
    """Without scripts, too; what was typed is there again whatever is chosen in between."""
    desk = visitor(scripts=False).is_signed_in_as(moderator).goes_to(f"/en/desk/moderation/contribution/{pending.pk}/")
    reason, question = (
        desk.get_by_label("Reason", exact=True),
        desk.get_by_label("Question to move the contribution to"),
    )
    sentence, button = desk.get_by_label("Comment for the author"), desk.locator("button[name=decide]")

    def shown():
        return reason.is_visible(), question.is_visible(), sentence.is_visible(), button.inner_text().strip()

    assert shown() == (False, False, False, "Decide")
    desk.get_by_label("Return for revision").check()
    assert shown() == (True, False, True, "Return the text to the author")
    sentence.fill("The first sentence is about a person.")
    desk.get_by_label("Approve and publish").check()
    assert shown() == (False, False, True, "Approve and publish")
    desk.get_by_label("Move to another question").check()
    assert shown() == (False, True, True, "Move the contribution")
    desk.get_by_label("Reject").check()
    assert shown() == (True, False, True, "Reject")
    assert sentence.input_value() == "The first sentence is about a person."


def test_shortcuts_are_listed_choose_and_move_but_send_nothing_and_can_be_switched_off(visitor, moderator, pending):
    desk = visitor(alone=True).is_signed_in_as(moderator).goes_to(f"/en/desk/moderation/contribution/{pending.pk}/")

    def active():
        return desk.evaluate("document.activeElement.value || document.activeElement.tagName")

    desk.keyboard.press("?")
    assert "Choose a decision" in desk.locator("#keys").inner_text()
    desk.keyboard.press("2")
    assert active() == "RETURNED_FOR_REVISION"
    desk.keyboard.press("j")
    assert active() == "A"
    desk.keyboard.press("s")
    assert active() == "TEXTAREA"
    desk.keyboard.press("1")  # typed, not chosen
    assert desk.locator("[name=sentence]").input_value() == "1"
    assert desk.locator("[value=RETURNED_FOR_REVISION]").is_checked()
    desk.get_by_label("Use these shortcuts in this browser").uncheck()
    desk.reload()
    desk.keyboard.press("2")
    assert not desk.locator("[value=RETURNED_FOR_REVISION]").is_checked()
    assert not Decision.objects.exists()
    desk.keyboard.press("q")
    assert "/contribution/" in desk.url


def test_what_is_typed_is_counted_and_saved_by_itself(visitor, participant, thread):
    page = visitor(alone=True).is_signed_in_as(participant).goes_to("/en/contribute/internet-governance/1/")
    page.clock.install()
    page.goto("/en/contribute/internet-governance/1/")
    page.get_by_label("Your contribution").fill("Seven words are enough for a test.")
    assert page.locator("#count").inner_text() == "7 of 200 words"
    with page.expect_response("**/draft/"):
        page.clock.run_for(11_000)
    page.goto("/en/contribute/internet-governance/1/")
    assert page.get_by_label("Your contribution").input_value() == "Seven words are enough for a test."


def test_a_delegate_in_dakar_reads_the_question_in_french_and_finds_the_words(visitor, edition):
    page = visitor(width="phone", language="fr", scripts=False).goes_to("/")
    assert page.url.endswith("/fr/")
    page.goto("/c/" + edition.contribution.public_id)
    assert page.url.endswith("/fr/consultations/internet-governance/contributions/1/")
    assert world.WORDS in page.content()


def test_a_person_may_be_found_nowhere_who_withholds_the_name(visitor, moderator, thread):
    shy = world.person("Never Shown", withholds_name=True)
    world.published(shy, moderator, thread)
    page = visitor().goes_to("/en/consultations/internet-governance/threads/1/")
    assert "Name withheld" in page.locator("#c1").inner_text()
    assert Person.objects.filter(name="Never Shown").exists()
    assert "Never Shown" not in page.content()
