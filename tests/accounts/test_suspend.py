"""Finding people, suspending them, and who organizes the installation."""

import pytest
from django.core import mail

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world
from tests.accounts.conftest import sent, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, organizer, sign_in):
    """An organizer at the desk."""
    return sign_in(organizer)


def find(desk, who):
    return [each.name for each in desk.post("/en/desk/people/", {"who": who}).context["found"]]


def test_a_person_is_found_by_exact_address_or_a_part_of_the_name(desk, participant, author):
    assert find(desk, participant.email.upper()) == ["Daniel Okafor"]
    assert find(desk, participant.email[:-1]) == []
    assert find(desk, "kaf") == ["Daniel Okafor"]
    assert find(desk, "nobody") == []


def test_no_address_stands_on_the_pages_or_in_their_addresses(desk, participant):
    page = desk.post("/en/desk/people/", {"who": participant.name}).content.decode()
    page += desk.get(f"/en/desk/people/{participant.pk}/").content.decode()
    assert participant.email not in page
    assert 'method="post"' in page


def test_who_never_verified_an_address_is_not_found(desk, another_browser):
    sign_up(another_browser, name="Noor Haddad")
    assert find(desk, "Noor") == []


def test_suspending_is_recorded_with_its_reason_and_the_person_is_notified_in_their_language(desk, organizer, author):
    answer = desk.post(f"/en/desk/people/{author.pk}/", {"do": "suspend", "reason": "spam"})
    assert answer.url == f"/en/desk/people/{author.pk}/"
    assert Person.objects.get(pk=author.pk).is_suspended
    act = AuditEntry.objects.get(verb="person.suspended")
    assert (act.actor_id, act.about_id, act.details) == (organizer.pk, str(author.pk), {"reason": "spam"})
    (letter,) = sent()
    assert letter.to == [author.email]
    assert letter.extra_headers["Content-Language"] == "fr"
    page = desk.get(answer.url).content.decode()
    assert "Advertising, or texts sent in bulk" in page


def test_a_second_suspension_and_its_end_have_emails_of_their_own(organizer, author):
    for _turn in range(2):
        actions.suspend(actor=organizer, person=author, reason="rules")
        sent()
        actions.unsuspend(actor=organizer, person=author)
        sent()
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 4


def test_a_reason_is_needed(desk, organizer, author):
    answer = desk.post(f"/en/desk/people/{author.pk}/", {"do": "suspend"})
    assert answer.status_code == 422
    with pytest.raises(InvalidInput):
        actions.suspend(actor=organizer, person=author, reason="dislike")
    assert not Person.objects.get(pk=author.pk).is_suspended


def test_a_suspended_person_can_sign_in_and_read_but_not_act(client, organizer, author, sign_in):
    actions.suspend(actor=organizer, person=author, reason="rules")
    sign_in(author)
    assert client.get("/en/my/").status_code == 200
    assert client.get("/en/about/how/").status_code == 200
    answer = client.post("/en/my/settings/", {"name": "Another", "language": "en"})
    assert "You can only read." in answer.content.decode()
    assert Person.objects.get(pk=author.pk).name == "Aminata Diallo"


def test_the_end_of_a_suspension_lets_them_act_again(desk, organizer, author):
    actions.suspend(actor=organizer, person=author, reason="rules")
    desk.post(f"/en/desk/people/{author.pk}/", {"do": "unsuspend"})
    person = Person.objects.get(pk=author.pk)
    assert not person.is_suspended
    actions.set_profile(actor=person, name="Another", language="fr")


def test_twice_is_once(organizer, author):
    actions.suspend(actor=organizer, person=author, reason="rules")
    actions.suspend(actor=organizer, person=author, reason="spam")
    assert AuditEntry.objects.filter(verb="person.suspended").count() == 1
    actions.unsuspend(actor=organizer, person=author)
    actions.unsuspend(actor=organizer, person=author)
    assert AuditEntry.objects.filter(verb="person.unsuspended").count() == 1


def test_only_an_organizer_of_the_installation_may(participant, moderator, operator, author):
    for other in (participant, moderator, operator):
        with pytest.raises(NotPermitted):
            actions.suspend(actor=other, person=author, reason="rules")
        with pytest.raises(NotPermitted):
            actions.set_organizer(actor=other, person=other, is_organizer=True)


def test_nobody_suspends_or_unmakes_themselves_so_one_organizer_always_remains(desk, organizer):
    with pytest.raises(NotPermitted, match=r"You cannot suspend your own account. Another organizer can do this."):
        actions.suspend(actor=organizer, person=organizer, reason="rules")
    with pytest.raises(NotPermitted, match=r"You cannot change your own role. Another organizer can do this."):
        actions.set_organizer(actor=organizer, person=organizer, is_organizer=False)
    assert desk.post(f"/en/desk/people/{organizer.pk}/", {"do": "revoke"}).status_code == 422
    assert Person.objects.get(pk=organizer.pk).is_organizer


def test_the_role_of_an_organizer_is_given_and_taken(desk, author):
    address = f"/en/desk/people/{author.pk}/"
    desk.post(address, {"do": "grant"})
    assert Person.objects.get(pk=author.pk).is_organizer
    assert "Aminata Diallo" in desk.get("/en/desk/people/").content.decode()
    desk.post(address, {"do": "revoke"})
    assert not Person.objects.get(pk=author.pk).is_organizer
    assert [act.verb for act in AuditEntry.objects.filter(about_id=str(author.pk), about_kind="person")] == [
        "person.made_organizer",
        "person.unmade_organizer",
    ]


def test_an_organizer_from_whom_the_role_was_taken_in_the_meantime_may_not_act_on_it(organizer):
    second = world.person("Ana Prieto", is_organizer=True)
    actions.set_organizer(actor=second, person=organizer, is_organizer=False)
    with pytest.raises(NotPermitted):  # `organizer` still says so of itself, the database does not
        actions.set_organizer(actor=organizer, person=second, is_organizer=False)


def test_somebody_who_is_not_there_is_not_found(desk):
    assert desk.get("/en/desk/people/999999/").status_code == 404
