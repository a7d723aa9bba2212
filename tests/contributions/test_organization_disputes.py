"""An organization disputes a byline that names it: the edition is marked until a moderator has decided."""

import datetime

import pytest

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.contributions.models import Dispute, Edition
from plenara.contributions.organizations import actions
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.contributions.personal_data import delete_expired
from plenara.core import clock, tasks
from plenara.core.cache_tags import revision
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from tests import world
from tests.directory import making
from tests.directory.test_represent import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return world.person("Moussa Keita")


@pytest.fixture
def organization(owner):
    return making.verified(owner, making.curator("Keeper"))


@pytest.fixture
def dispute(owner, organization, edition):
    return actions.dispute(
        actor=owner, edition=edition, organization=organization, text="She left us in May.", language="en"
    )


def byline_status(edition):
    found = Edition.objects.select_related("byline").get(pk=edition.pk)
    attach_byline_statuses([found])
    return found.speaks_for


def test_the_edition_says_so_and_its_author_gets_an_email(dispute, edition, author, client, mailoutbox):
    page = client.get(f"/en/consultations/{edition.consultation.slug}/contributions/{edition.number}/")
    assert "The organization says that this contribution does not speak for it" in page.content.decode()
    assert "She left us" not in page.content.decode()
    tasks.run_all()
    assert [each.to for each in mailoutbox if edition.symbol in each.body][-1:] == [[author.email]]


def test_a_second_click_makes_no_second_one(dispute, owner, organization, edition):
    again = actions.dispute(
        actor=owner, edition=edition, organization=organization, text="She left us in May.", language="en"
    )
    assert again == dispute
    with pytest.raises(NotPermitted, match="already"):
        actions.dispute(actor=owner, edition=edition, organization=organization, text="Again.", language="en")


def test_an_upheld_dispute_is_shown_for_good_and_its_mark_is_not(
    owner, organization, author, moderator, thread, mailoutbox
):
    speaking = named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    assert byline_status(edition).number == organization.number and speaking
    made = actions.dispute(actor=owner, edition=edition, organization=organization, text="Not ours.", language="en")
    before = revision(edition.consultation.cache_tag)
    actions.decide_dispute(actor=moderator, dispute=made, status="upheld", answer="So it is.", language="en")
    assert byline_status(edition).is_upheld and byline_status(edition).number is None
    assert revision(edition.consultation.cache_tag) > before
    tasks.run_all()
    assert {each.to[0] for each in mailoutbox if "does not speak for" in each.body} >= {owner.email}


def test_dismissed_or_taken_back_the_mark_goes(dispute, owner, edition, moderator, organization):
    actions.withdraw_dispute(actor=owner, dispute=dispute)
    actions.withdraw_dispute(actor=owner, dispute=dispute)
    assert byline_status(edition) is None
    again = actions.dispute(actor=owner, edition=edition, organization=organization, text="Once more.", language="en")
    actions.decide_dispute(actor=moderator, dispute=again, status="dismissed", answer="She does.", language="en")
    assert byline_status(edition) is None


def test_a_second_and_different_decision_is_refused_as_already_made(dispute, moderator, other_moderator):
    for _twice in range(2):
        actions.decide_dispute(actor=moderator, dispute=dispute, status="upheld", answer="So.", language="en")
    with pytest.raises(AlreadyDone):
        actions.decide_dispute(actor=other_moderator, dispute=dispute, status="dismissed", answer="No.", language="en")


def test_nobody_else_disputes_decides_or_takes_back(
    organization, edition, owner, author, participant, moderator, moderator_elsewhere, consultation
):
    for person in (participant, moderator, author):
        with pytest.raises(NotPermitted):
            actions.dispute(actor=person, edition=edition, organization=organization, text="No.", language="en")
    made = actions.dispute(actor=owner, edition=edition, organization=organization, text="No.", language="en")
    world.grant(owner, consultation, "moderator")
    for person in (participant, author, moderator_elsewhere, type(owner).objects.get(pk=owner.pk)):
        with pytest.raises(NotPermitted):
            actions.decide_dispute(actor=person, dispute=made, status="upheld", answer="Yes.", language="en")
    with pytest.raises(NotPermitted):
        actions.withdraw_dispute(actor=participant, dispute=made)


def test_what_does_not_name_it_is_not_disputed(organization, owner, moderator, thread):
    other = world.person("Other", capacity="organization", organization="Another body")
    edition = world.published(other, moderator, thread)
    with pytest.raises(NotPermitted, match="does not name"):
        actions.dispute(actor=owner, edition=edition, organization=organization, text="No.", language="en")


def test_a_reason_is_given(owner, organization, edition, moderator):
    for text in ("", " … ", "x" * 2001):
        with pytest.raises(InvalidInput):
            actions.dispute(actor=owner, edition=edition, organization=organization, text=text, language="en")


def test_it_is_disputed_decided_and_read_on_pages(organization, owner, edition, moderator, sign_in):
    client = sign_in(owner)
    path = f"/en/my/disputes/new/{edition.contribution.public_id}/"
    assert "You dispute the byline on behalf of" in client.get(path).content.decode()
    assert client.post(path, {"text": "", "language": "en"}).status_code == 422
    assert client.post(path, {"text": "She left.", "language": "en"}).status_code == 302
    assert "Withdraw the dispute" in client.get("/en/my/disputes/").content.decode()
    made = Dispute.objects.get()
    staff = sign_in(moderator)
    desk = f"/en/desk/consultations/{edition.consultation.slug}/disputes/"
    assert edition.symbol in staff.get(desk).content.decode()
    assert "An organization disputes 1 byline" in staff.get("/en/desk/").content.decode()
    assert "She left." in staff.get(f"{desk}{made.pk}/").content.decode()
    form = {"status": "upheld", "answer": "So it is.", "answer_language": "en"}
    assert staff.post(f"{desk}{made.pk}/", form).status_code == 302
    assert "So it is." in staff.get(f"{desk}{made.pk}/").content.decode()


def test_a_person_who_acts_for_no_organization_reads_who_can(edition, participant, sign_in):
    client = sign_in(participant)
    path = f"/en/my/disputes/new/{edition.contribution.public_id}/"
    assert "Only a person who maintains the entry" in client.get(path).content.decode()
    assert client.post(path, {"text": "x", "language": "en"}).status_code == 403


def test_the_api_has_what_readers_see(owner, organization, author, moderator, thread, client):
    named(owner, organization, author)
    edition = world.published(author, moderator, thread)
    path = f"/api/v1/consultations/{edition.consultation.slug}/contributions/{edition.number}"
    said = client.get(path).json()
    assert said["organization_says"]["verified"]["organization"] == organization.number
    assert "disputed" not in said["organization_says"] and said["organization_verified"] is True
    made = actions.dispute(actor=owner, edition=edition, organization=organization, text="No.", language="en")
    actions.decide_dispute(actor=moderator, dispute=made, status="upheld", answer="So.", language="en")
    said = client.get(path).json()
    assert said["organization_says"] == {"disputed": "upheld"} and not said.get("organization_verified")


def test_an_account_that_goes_takes_the_words_of_disputes_about_it_with_it(dispute, author):
    erase(actor=author, choice=ErasureChoice.PARTICIPANT)
    dispute.refresh_from_db()
    assert (dispute.text, dispute.answer, dispute.status) == ("", "", "withdrawn")


@pytest.mark.parametrize("outcome", ["upheld", "dismissed", "withdrawn"])
def test_what_was_said_in_it_is_blank_a_year_after_it_was_decided_and_the_outcome_stays(
    dispute, owner, edition, moderator, outcome
):
    if outcome == "withdrawn":
        actions.withdraw_dispute(actor=owner, dispute=dispute)
    else:
        actions.decide_dispute(actor=moderator, dispute=dispute, status=outcome, answer="Because.", language="fr")
    for days, swept in ((364, 0), (366, 1), (366, 0)):
        with clock.at(clock.now() + datetime.timedelta(days=days)):
            assert delete_expired()["disputes"] == swept
    dispute.refresh_from_db()
    assert (dispute.status, dispute.text, dispute.answer, dispute.answer_language) == (outcome, "", "", "")
    assert (byline_status(edition) is not None) is (outcome == "upheld")


def test_the_words_of_a_pending_dispute_are_kept(dispute):
    with clock.at(clock.now() + datetime.timedelta(days=4000)):
        assert delete_expired()["disputes"] == 0
    dispute.refresh_from_db()
    assert dispute.text == "She left us in May."
