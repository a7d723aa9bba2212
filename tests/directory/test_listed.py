"""A listing in each state: its owner's permissions, and the effect of a moderator's decision."""

import pytest

from plenara.core import tasks
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused
from plenara.directory import actions, personal_data
from plenara.directory.models import Listing
from plenara.email import delivery
from plenara.moderation.actions import appeal, decide_appeal, remove, restore
from plenara.moderation.models import Code, Decision
from tests import world
from tests.directory import making

pytestmark = pytest.mark.django_db

#: The owner's permissions, by the state of the entry.
ALLOWED = {
    State.PENDING: {"revise", "withdraw"},
    State.RETURNED: {"send_again", "withdraw"},
    State.REJECTED: set(),
    State.PUBLISHED: {"revise", "withdraw", "confirm", "hand_over", "ask_for_proof"},
    State.WITHDRAWN: {"withdraw"},  # a double click changes nothing
    State.REMOVED: set(),
}
CHANGED = {**making.ORGANIZATION, "acronym": "ReSN"}
ACTS = {
    "revise": lambda owner, it: actions.revise(actor=owner, listing=it, details=CHANGED, language="en"),
    "send_again": lambda owner, it: actions.send_again(actor=owner, listing=it, details=CHANGED, language="en"),
    "withdraw": lambda owner, it: actions.withdraw(actor=owner, listing=it),
    "confirm": lambda owner, it: actions.confirm(actor=owner, listing=it),
    "hand_over": lambda owner, it: actions.hand_over(actor=owner, listing=it, address="x@x.example"),
    "ask_for_proof": lambda owner, it: actions.ask_for_proof(actor=owner, organization=it, mailbox="info"),
    "name_representative": lambda owner, it: actions.name_representative(
        actor=owner, organization=it, address="x@x.example"
    ),
}


@pytest.fixture
def owner(db):
    return world.person("Aminata Diallo")


@pytest.fixture
def curator(db):
    return making.curator()


def in_state(state, owner, curator):
    """Return a listing in a state that the product's own actions led to."""
    listing = making.proposed(owner)
    if state == State.RETURNED:
        return making.decided(listing, curator, Code.RETURNED, reason="E1")
    if state == State.REJECTED:
        return making.decided(listing, curator, Code.REJECTED, reason="E1")
    if state in {State.PUBLISHED, State.REMOVED}:
        listing = making.decided(listing, curator)
    if state == State.REMOVED:
        remove(actor=curator, kind="organization", pk=listing.pk, reason="E6")
    if state == State.WITHDRAWN:
        actions.withdraw(actor=owner, listing=listing)
    return Listing.objects.get(pk=listing.pk)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State.values)
def test_each_act_in_each_state(state, act, owner, curator):
    listing = in_state(state, owner, curator)
    assert listing.state == state
    before = AuditEntry.objects.count()
    if act in ALLOWED[state]:
        ACTS[act](owner, listing)
        return
    with pytest.raises(ActionRefused) as refused:
        ACTS[act](owner, listing)
    assert len(str(refused.value)) > 10 and AuditEntry.objects.count() == before


def test_what_a_moderator_removed_comes_back_as_it_was(owner, curator):
    listing = making.verified(owner, curator)
    remove(actor=curator, kind="organization", pk=listing.pk, reason="E6")
    assert not Listing.objects.get(pk=listing.pk).places.exists()
    restore(actor=curator, kind="organization", pk=listing.pk)
    again = Listing.objects.get(pk=listing.pk)
    assert again.details == making.ORGANIZATION and again.places.exists()


def test_an_appeal_that_is_upheld_publishes(owner, curator):
    import datetime

    from plenara.core import clock

    with clock.at(clock.now() - datetime.timedelta(minutes=1)):
        listing = making.decided(making.proposed(owner), curator, Code.REJECTED, reason="E1")
    decision = Decision.objects.get(kind="organization", object_id=listing.pk)
    made = appeal(actor=owner, kind="organization", pk=listing.pk, decision_id=decision.pk, text="It is one.")
    decide_appeal(actor=making.curator("Second"), appeal_id=made.pk, outcome="upheld", answer="So it is.")
    assert Listing.objects.get(pk=listing.pk).state == "published"


def test_a_mail_server_that_is_away_loses_nothing(owner, curator, monkeypatch, mailoutbox):
    monkeypatch.setattr(delivery, "is_possible", lambda: False)
    listing = making.published(owner, curator)
    actions.ask_for_proof(actor=owner, organization=listing, mailbox="info")
    tasks.run_all(limit=5)
    assert not mailoutbox and BackgroundTask.objects.filter(task="directory.send_proof", done_at=None).exists()


@pytest.mark.parametrize("details", [
    {"name": {"en": "<script>alert(1)</script>"}, "group": "other"},
    {"name": {"en": "Line\r\nBcc: all@x.example"}, "group": "other"},
    {"name": {"en": "\u202egnp.exe", "xx": "no language"}, "group": "other", "unknown": 1, "themes": "C1"},
])  # fmt: skip
def test_hostile_names_stay_words(details, owner, curator, sign_in, mailoutbox):
    listing = actions.propose(actor=owner, kind="organization", details=details, language="en")
    kept = listing.versions.get().details
    assert set(kept) <= {"name", "group"} and set(kept["name"]) == {"en"} and "\n" not in kept["name"]["en"]
    tasks.run_all()
    assert "Bcc" not in mailoutbox[0].extra_headers
    page = sign_in(owner).get(f"/en/my/listings/{listing.pk}/").content.decode()
    assert "<script>alert" not in page and "\u202e" not in page


def test_the_reason_of_an_erasure_is_its_own(owner, curator):
    from plenara.accounts.actions import erase

    listing = making.published(owner, curator, "person")
    erase(actor=owner, choice="tombstones")
    assert Listing.objects.get(pk=listing.pk).reason == personal_data.REASON
