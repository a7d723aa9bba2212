"""A text that waits is corrected by its author, and one that was returned is revised beside what was asked for."""

import datetime

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise
from plenara.contributions.models import Contribution
from plenara.core import clock
from plenara.core.refusals import AlreadyDone, NotPermitted
from plenara.moderation.actions import decide
from plenara.moderation.models import UNDO_TIME, Item
from tests import world
from tests.consultations.pages import filled, text

pytestmark = pytest.mark.django_db

LATER = UNDO_TIME + datetime.timedelta(seconds=1)


@pytest.fixture
def waiting(author, thread):
    return world.submitted(author, thread, "The text with a mistake.")


def corrected(author, waiting, words="The text without one."):
    return revise(actor=author, contribution=waiting, text=words, language="en")


def test_the_receipt_leads_to_correcting_it(sign_in, author, waiting):
    client = sign_in(author)
    receipt = client.get(f"/en/my/contributions/{waiting.pk}/")
    form = f"/en/my/contributions/{waiting.pk}/revise/"
    assert f'href="{form}"' in receipt.content.decode() and "Revise your text" in text(receipt)
    opened = client.get(form)
    assert filled(opened)["text"] == ["The text with a mistake."]
    for _click in range(2):
        answer = client.post(form, filled(opened, text="The text without one.", send=""))
        assert answer["Location"].endswith(f"/my/contributions/{waiting.pk}/")
    versions = waiting.versions.order_by("number").values_list("text__content", "state")
    assert list(versions) == [("The text with a mistake.", "withdrawn"), ("The text without one.", "pending")]
    assert "What you changed since version 1" in text(client.get(answer["Location"]))


def test_the_moderator_decides_on_the_corrected_text_alone(author, moderator, waiting):
    read = waiting.versions.get()
    row = Item.objects.get()
    corrected(author, waiting)
    assert Item.objects.get().pk != row.pk  # who chose the row among others did not read these words
    with pytest.raises(AlreadyDone, match="submitted a new version"):
        decide(actor=moderator, kind="contribution", pk=waiting.pk, version_id=read.pk, code="APPROVED")
    world.decided(waiting, moderator)
    assert waiting.editions.get().text.content == "The text without one."


def test_nobody_else_corrects_it_and_nobody_does_after_the_seven_days(author, participant, waiting, consultation):
    with pytest.raises(NotPermitted, match="Only the author"):
        corrected(participant, waiting)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=clock.now() - datetime.timedelta(days=8))
    waiting = Contribution.objects.get(pk=waiting.pk)
    with pytest.raises(NotPermitted, match="seven days"):
        corrected(author, waiting)
    assert waiting.versions.get().state == "pending"


def test_what_the_moderator_asked_for_is_beside_the_text(sign_in, author, moderator, waiting):
    world.decided(waiting, moderator, "RETURNED_FOR_REVISION", reason="R3", sentence="Leave the name out.")
    client, form = sign_in(author), f"/en/my/contributions/{waiting.pk}/revise/"
    assert "Leave the name out." not in text(client.get(form))  # it may still be undone
    with clock.at(clock.now() + LATER):
        page = client.get(form)
        assert "Leave the name out." in text(page) and "Returned for revision" in text(page)
        assert page.content.decode().index("Leave the name out.") < page.content.decode().index('name="text"')
        corrected(author, waiting)
        assert "Leave the name out." in text(client.get(form))
        world.decided(waiting, moderator)
        assert "Leave the name out." not in text(client.get(form))
