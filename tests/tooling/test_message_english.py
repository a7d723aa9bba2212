"""The checks of the English messages, each seen to find what it is for."""

import pytest

from tools.messages import english
from tools.messages.source import Message

PAGE = "plenara/site/templates/site/a.html"


def found(text, *, plural=None, context=None, files=(PAGE,)):
    return list(english.problems(Message(text, plural, context, list(files))))


@pytest.mark.parametrize(
    "text",
    [
        "Possible once this is mended.", "How it is reckoned", "Your password was set anew",
        "You can send no more texts.",
        "Your appeal was overruled.", "No contribution is treated so.", "Somebody else has changed this.",
        "What stands above",
        "The translation is taken away.", "The invitation is over.", "Follow by mail", "Kept.",
        "Opposing views: held against",
        "Background errands", "You shall accept the rules.", "You can’t undo this.", "We have sent you a letter.",
    ],
)  # fmt: skip
def test_words_that_a_message_does_not_use(text):
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Follow by e-mail", "E-mails to the organizers", "No mail server is set up.", "Use two capital letters.",
        "It is too late to undo this decision.", "No more than three themes", "Who can take part?",
        "Responses to your text",
    ],
)  # fmt: skip
def test_words_that_it_may_use(text):
    assert not found(text)


def test_a_letter_is_on_paper():
    assert found("Download the letter.")
    assert not found("Download the letter.", files=["plenara/contributions/forms.py"])


def test_who_has_a_noun_before_it():
    assert found("Who runs this site can help you.")
    assert found("The invitation has expired. Who invited you can send another.") == []  # not at the beginning
    assert not found("The person who runs this site can help you.")
    assert not found("Who decides on this?")


def test_a_message_begins_with_its_thing_or_has_a_context():
    assert found("It has been published.")
    assert found("Its page is public.")
    assert not found("It has been published.", context="summary")
    assert not found("The summary has been published.")


def test_a_sentence_has_25_words_and_so_has_a_message_unless_it_is_law():
    words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert not found(f"{words}. Two.")
    assert found(f"{words} {words}")
    assert found(f"{words}. {words}.")
    assert found("%(n)s", plural=f"{words}. {words}.")
    assert not found(f"{words}. {words}.", context="rules")
    assert found(f"{words} {words}", context="rules")


def test_a_short_message_that_several_places_use_has_a_context():
    two = [PAGE, "plenara/a.py"]
    assert found("Open", files=two)
    assert not found("Open", files=[PAGE])
    assert not found("Open", files=two, context="button")
    assert not found("Open the public page", files=two)


def test_a_number_on_a_page_is_filled_from_its_constant():
    page = ["plenara/accounts/pages/rules.md"]
    assert found("You can appeal within 30 days.", files=page, context="rules")
    assert not found("You can appeal within {appeal_days}.", files=page, context="rules")
