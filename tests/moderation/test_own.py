"""What a moderator wrote or signed is another's to decide, and what the desk says of it is not for them."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from plenara.contributions import actions
from plenara.contributions.queries.signatures import draft_digest
from plenara.core.refusals import NotPermitted
from plenara.moderation.actions import decide, hold, leave_note
from plenara.moderation.models import Item
from plenara.moderation.queries import queue
from tests import world

pytestmark = pytest.mark.django_db

LENA = {"name": "Lena Brandt", "stakeholder_group": "government", "capacity": "individual", "country": "DE"}


def desk_of(contribution):
    return f"/en/desk/moderation/contribution/{contribution.pk}/"


def rejected_by(moderator, contribution):
    decide(
        actor=moderator,
        kind="contribution",
        pk=contribution.pk,
        version_id=contribution.versions.get().pk,
        code="REJECTED",
        reason="R5",
    )


@pytest.fixture
def signed(participant, moderator, thread):
    """What a participant sent in, and a moderator has signed."""
    EmailAddress.objects.get_or_create(user=moderator, email=moderator.email.lower(), defaults={"verified": True})
    draft = actions.save_draft(actor=participant, thread=thread, key="k", text=world.WORDS, language="en")
    (asked,) = actions.ask_to_sign(actor=participant, draft=draft, addresses=[moderator.email.upper()], language="en")
    actions.confirm(signatory=asked, sha256=draft_digest(draft), **LENA)
    return actions.submit(actor=participant, thread=thread, text=world.WORDS, language="en", key="k")


def test_an_author_who_moderates_reads_neither_who_decided_nor_what_was_noted(
    sign_in, author, moderator, pending, consultation
):
    leave_note(actor=moderator, kind="contribution", pk=pending.pk, text="Ask the lawyers.")
    client = sign_in(world.grant(author, consultation, "moderator"))
    waits = client.get(desk_of(pending))
    rejected_by(moderator, pending)
    for answer in (waits, client.get(desk_of(pending))):
        assert answer.status_code == 403
        shown = answer.content.decode()
        assert "You wrote this text yourself" in shown
        assert moderator.name not in shown
        assert "lawyers" not in shown


def test_its_author_does_not_see_why_a_text_rests(
    sign_in, author, moderator, other_moderator, pending, consultation, noon
):
    item, tomorrow = Item.objects.get(), (noon + datetime.timedelta(days=1)).date()
    hold(actor=moderator, item=item, reason="We ask the law office.", until=tomorrow)
    world.grant(author, consultation, "moderator")
    queue_of = {
        each: sign_in(each).get("/en/desk/moderation/?tab=held").content.decode() for each in (author, moderator)
    }
    assert "law office" in queue_of[moderator]
    assert "Your own text: another moderator decides" in queue_of[author] and "law office" not in queue_of[author]


def test_a_person_who_signed_a_text_does_not_decide_on_it(sign_in, signed, moderator, other_moderator):
    with pytest.raises(NotPermitted):
        rejected_by(moderator, signed)
    with pytest.raises(NotPermitted):
        leave_note(actor=moderator, kind="contribution", pk=signed.pk, text="Mine.")
    assert sign_in(moderator).get(desk_of(signed)).status_code == 403
    assert queue.next_after(moderator) is None
    assert not Item.objects.get().claimed_by_id
    assert queue.next_after(other_moderator).item.object_id == signed.pk
    rejected_by(other_moderator, signed)
