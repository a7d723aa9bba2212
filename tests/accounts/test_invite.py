"""Inviting an address, and taking up what was offered."""

import datetime

import pytest

from plenara.accounts import actions, invitations, limits
from plenara.accounts.models import Invitation, Person
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from tests import world
from tests.accounts.conftest import NEW, join, sent

pytestmark = pytest.mark.django_db

ENDED = "This invitation has expired or been withdrawn. Ask the person who invited you for a new one."


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    """Register a kind of invitation, and return what it opened for whom."""
    done = []
    monkeypatch.setattr(invitations, "_openers", {})
    monkeypatch.setattr(invitations, "_sentences", {})

    @invitations.opens("tea")
    def pour(invitation, person):
        done.append((invitation.purpose, person.pk))
        return "/en/about/how/"

    @invitations.says("tea")
    def sentence(purpose):
        from plenara.core.languages import current

        return {"fr": "Vous êtes invité à prendre le thé."}.get(current(), "You are invited to tea.")

    return done


@pytest.fixture
def token(organizer):
    return actions.invite(actor=organizer, address=NEW, purpose={"kind": "tea", "cup": 7})[1]


@pytest.fixture
def invited(db):
    return actions.register(name="Noor Haddad", email=NEW)


def test_the_e_mail_goes_out_in_the_language_that_the_inviter_chose(client, organizer):
    _invitation, token = actions.invite(actor=organizer, address=NEW, purpose={"kind": "tea"}, language="fr")
    (letter,) = sent()
    assert letter.to == [NEW]
    assert letter.extra_headers["Content-Language"] == "fr"
    assert "Vous êtes invité à prendre le thé." in letter.body
    assert f"/fr/account/invitations/{token}/" in letter.body


def test_opening_the_link_shows_the_offer_and_does_nothing(client, token, opened):
    answer = client.get(f"/en/account/invitations/{token}/")
    page = answer.content.decode()
    assert "You are invited to tea." in page
    assert "Wei Zhang" in page
    assert NEW not in page
    assert opened == []
    assert Invitation.objects.get().is_pending


def test_a_stranger_signs_up_comes_back_and_accepts(client, token, opened):
    here = f"/en/account/invitations/{token}/"
    assert f"/en/account/signup/?next={here.replace('/', '%2F')}" in client.get(here).content.decode()
    join(client, next=here)
    assert "<button>Accept the invitation</button>" in client.get(here).content.decode()
    assert client.post(here).url == "/en/about/how/"
    assert opened == [({"kind": "tea", "cup": 7}, Person.objects.get(email=NEW).pk)]


def test_who_is_not_signed_in_is_sent_to_sign_in_first(client, token, opened):
    answer = client.post(f"/en/account/invitations/{token}/")
    assert answer.url.startswith("/en/account/login/?next=")
    assert opened == []


def test_it_is_taken_up_by_who_has_the_address_only(client, token, opened, participant, sign_in):
    sign_in(participant)
    page = client.get(f"/en/account/invitations/{token}/").content.decode()
    assert "This invitation was sent to a different address. Sign in with the address that received it." in page
    assert NEW not in page
    assert client.post(f"/en/account/invitations/{token}/").status_code == 403
    assert opened == []


def test_an_address_that_was_not_verified_does_not_count(token, opened):
    person = actions.sign_up(name="Noor", email=NEW, language="en")
    with pytest.raises(NotPermitted):
        actions.accept_invitation(actor=person, token=token)


def test_the_address_is_forgotten_once_it_is_taken_up(token, invited):
    actions.accept_invitation(actor=invited, token=token)
    invitation = Invitation.objects.get()
    assert (invitation.address, invitation.accepted_by) == ("", invited)
    sent()
    assert NEW not in str(list(BackgroundTask.objects.values())) + str(list(AuditEntry.objects.values()))


def test_twice_is_once(token, invited, opened):
    actions.accept_invitation(actor=invited, token=token)
    with pytest.raises(AlreadyDone):
        actions.accept_invitation(actor=invited, token=token)
    assert len(opened) == 1


def test_after_fourteen_days_it_is_over(client, token, invited, opened, noon):
    with clock.at(noon + datetime.timedelta(days=60)):
        with pytest.raises(InvalidInput, match=ENDED):
            actions.accept_invitation(actor=invited, token=token)
        assert client.get(f"/en/account/invitations/{token}/").status_code == 410
    assert opened == []


def test_one_that_was_taken_back_opens_nothing_and_is_not_mailed_any_more(client, organizer, token, invited, opened):
    actions.revoke_invitation(actor=organizer, invitation=Invitation.objects.get())
    assert Invitation.objects.get().address == ""
    assert sent() == []
    with pytest.raises(InvalidInput, match=ENDED):
        actions.accept_invitation(actor=invited, token=token)
    assert client.get(f"/en/account/invitations/{token}/").status_code == 410


def test_who_is_invited_twice_has_one_link_and_taking_it_back_leaves_none(organizer, token, invited, opened):
    other = actions.invite(actor=organizer, address="other@people.example", purpose={"kind": "tea", "cup": 7})[0]
    cup = actions.invite(actor=organizer, address=NEW, purpose={"kind": "tea", "cup": 8})[0]
    again = actions.invite(actor=organizer, address=NEW.upper(), purpose={"kind": "tea", "cup": 7})[0]
    waiting = Invitation.objects.filter(revoked_at=None)
    assert set(waiting) == {other, cup, again}  # another person's, and another part, are not touched
    actions.revoke_invitation(actor=organizer, invitation=again)
    with pytest.raises(InvalidInput, match=ENDED):
        actions.accept_invitation(actor=invited, token=token)
    assert not opened


def test_an_invented_token_opens_nothing(client, invited):
    with pytest.raises(
        InvalidInput, match=r"This invitation is not valid. Ask the person who invited you for a new one."
    ):
        actions.accept_invitation(actor=invited, token="x")
    assert client.get("/en/account/invitations/invented/").status_code == 404


def test_the_token_itself_is_not_kept(token):
    assert token not in str(list(Invitation.objects.values()))
    sent()
    assert token not in str(list(BackgroundTask.objects.values()))


def test_what_is_offered_must_be_something(organizer):
    with pytest.raises(InvalidInput):
        actions.invite(actor=organizer, address=NEW, purpose={"kind": "moon"})


@pytest.mark.parametrize("address", ["", "noor", "noor@people.example\nBcc: all@people.example"])
def test_an_address_must_be_one(organizer, address):
    with pytest.raises(InvalidInput):
        actions.invite(actor=organizer, address=address, purpose={"kind": "tea"})


def test_who_is_suspended_invites_nobody(organizer):
    other = world.person("Ana Prieto")
    actions.suspend(actor=organizer, person=other, reason="spam")
    other.refresh_from_db()
    with pytest.raises(NotPermitted):
        actions.invite(actor=other, address=NEW, purpose={"kind": "tea"})


def test_an_address_gets_no_more_than_ten_invitations_an_hour_whoever_sends_them(organizer, participant):
    for turn in range(10):
        actions.invite(actor=(organizer, participant)[turn % 2], address="NEW@people.example", purpose={"kind": "tea"})
    with pytest.raises(limits.TooMany):
        actions.invite(actor=participant, address="new@people.example", purpose={"kind": "tea"})
    assert actions.invite(actor=participant, address="other@people.example", purpose={"kind": "tea"})
