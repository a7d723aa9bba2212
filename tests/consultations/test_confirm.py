"""A second organizer confirms an announcement, where the installation asks for it; and opening before the date."""

import pytest

from plenara.accounts.models import Installation
from plenara.consultations import actions, permissions
from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters import desk
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.core.tasks import run_all
from tests import world
from tests.consultations.pages import at, text

pytestmark = pytest.mark.django_db

NOT_ASKED = (
    "No one has asked for this announcement, or the draft has changed since then. Ask for the announcement again."
)


@pytest.fixture
def takes_two(db):
    Installation.objects.update_or_create(pk=1, defaults={"announcing_takes_two": True})


@pytest.fixture
def second(draft):
    return world.grant(world.person("Second Organizer"), draft, "organizer")


def request(who, draft):
    return actions.request_announcement(actor=who, consultation=draft)


def announce(who, draft):
    return actions.announce(actor=who, consultation=draft)


def test_another_organizer_confirms_and_both_are_recorded(founder, draft, second, takes_two):
    request(founder, draft)
    assert announce(second, draft).state == State.ANNOUNCED
    act = AuditEntry.objects.get(verb="consultation.announced")
    assert (act.actor_id, act.details) == (second.pk, {"requested_by": founder.pk})
    assert AuditEntry.objects.get(verb="consultation.announcement_requested").actor_id == founder.pk


def test_an_organizer_cannot_confirm_her_own_request(founder, draft, second, takes_two):
    request(founder, draft)
    with pytest.raises(InvalidInput, match=r"You asked for the announcement. Another organizer must confirm it."):
        announce(founder, draft)
    assert not Consultation.objects.get(pk=draft.pk).is_public


def test_nothing_is_announced_without_a_request(founder, draft, second, takes_two):
    with pytest.raises(InvalidInput, match=NOT_ASKED):
        announce(founder, draft)


def test_an_organizer_who_is_alone_cannot_request_an_announcement(founder, draft, takes_two):
    with pytest.raises(InvalidInput, match="only organizer"):
        request(founder, draft)
    assert not AuditEntry.objects.filter(verb="consultation.announcement_requested").exists()


@pytest.mark.parametrize("change", ["details", "question"])
def test_a_change_of_the_draft_ends_the_request(founder, draft, second, takes_two, change):
    request(founder, draft)
    if change == "details":
        actions.edit(actor=founder, consultation=draft, intro={"en": "Read this first."})
    else:
        actions.move_thread(actor=founder, thread=draft.threads.get(number=1), to=2)
    with pytest.raises(InvalidInput, match=NOT_ASKED):
        announce(second, draft)


def test_the_other_organizers_are_asked_by_e_mail_in_their_language(founder, draft, second, takes_two, mailoutbox):
    third = world.grant(world.person("Third Organizer", language="fr"), draft, "organizer")
    world.grant(world.person("Suspended", suspended_at=clock.now()), draft, "organizer")
    world.grant(world.person("Moderator"), draft, "moderator")
    request(founder, draft)
    run_all()
    letters = {letter.to[0]: letter for letter in mailoutbox if "/state/" in letter.body}
    assert set(letters) == {second.email, third.email}
    assert letters[second.email].subject.endswith(": confirm the announcement")
    french = letters[third.email]
    assert french.subject.endswith("\N{NO-BREAK SPACE}: confirmez l’annonce")
    assert founder.name in french.body and f"/fr/desk/consultations/{draft.slug}/state/" in french.body


@pytest.mark.parametrize("end", ["changed", "announced", "role"])
def test_nobody_is_asked_by_e_mail_once_the_request_has_ended(founder, draft, second, takes_two, mailoutbox, end):
    request(founder, draft)
    if end == "changed":
        actions.edit(actor=founder, consultation=draft, intro={"en": "Read this first."})
    elif end == "announced":
        announce(second, draft)
    else:
        draft.roles.filter(person=second).delete()
    run_all()
    assert not [letter for letter in mailoutbox if "/state/" in letter.body]


def test_a_role_that_is_given_in_the_meantime_does_not_end_the_request(founder, draft, second, takes_two, participant):
    request(founder, draft)
    actions.grant_role(actor=founder, consultation=draft, person=participant, name="moderator")
    assert announce(second, draft).is_public


def test_a_request_ends_with_the_role_of_the_organizer_who_asked(founder, draft, second, takes_two):
    request(founder, draft)
    draft.roles.filter(person=founder).delete()
    with pytest.raises(InvalidInput, match=NOT_ASKED):
        announce(second, draft)


def test_two_organizers_who_ask_at_once_make_one_request(founder, draft, second, takes_two):
    request(founder, draft)
    for who in (founder, second):
        with pytest.raises(AlreadyDone):
            request(who, draft)
    assert AuditEntry.objects.filter(verb="consultation.announcement_requested").count() == 1


def test_where_the_site_does_not_ask_for_it_one_organizer_announces(founder, draft, second):
    assert announce(founder, draft).is_public


def test_the_desk_says_what_each_organizer_can_do(sign_in, founder, draft, second, takes_two):
    page = text(sign_in(founder).get(at(draft, "state/")))
    assert "Ask a second organizer to confirm" in page and "Announce the consultation" not in page
    assert sign_in(founder).post(at(draft, "state/"), {"do": "request"}).status_code == 302
    page = text(sign_in(founder).get(at(draft, "state/")))
    assert "you asked for the announcement" in page and "Confirm and announce the consultation" not in page
    assert [task.verb for task in desk.organizer_tasks(founder, [draft])] == ["See the request"]
    assert sign_in(founder).post(at(draft, "state/"), {"do": "announce"}).status_code == 409
    page = text(sign_in(second).get(at(draft)))
    assert "Fatou Ndiaye asks you to confirm the announcement." in page
    assert "Confirm and announce the consultation" in text(sign_in(second).get(at(draft, "state/")))
    assert sign_in(second).post(at(draft, "state/"), {"do": "announce"}).status_code == 302
    assert Consultation.objects.get(pk=draft.pk).is_public


def test_the_desk_leads_an_organizer_who_is_alone_to_the_invitations(sign_in, founder, draft, takes_two):
    page = sign_in(founder).get(at(draft, "state/")).content.decode()
    assert "You are the only organizer of this consultation" in page
    assert f"{at(draft, 'roles/')}#invite" in page
    assert 'value="request"' not in page


@pytest.mark.once
def test_what_waits_at_the_desk_costs_the_same_for_many_drafts(
    founder, draft, second, takes_two, django_assert_num_queries
):
    request(founder, draft)
    others = [world.consultation(f"draft-{number}", stage="draft") for number in range(3)]
    for other in others:
        world.grant(second, other, "organizer")
    permissions.forget_roles(second)
    permissions.roles_of(second)
    with django_assert_num_queries(5):  # questions, roles, the site's setting, acts, the organizers who asked
        desk.organizer_tasks(second, [draft, *others])


# --- opening before the date ---


def test_an_announced_consultation_is_opened_now_and_its_date_says_so(founder, draft):
    announced = announce(founder, draft)
    run_all()
    before = revision(draft.cache_tag)
    opened = actions.open_now(actor=founder, consultation=announced)
    assert opened.is_open and opened.opens_at <= clock.now() < announced.opens_at
    assert permissions.takes_contributions(opened)
    assert revision(draft.cache_tag) == before + 1 and revision("consultations") == 2
    act = AuditEntry.objects.get(verb="consultation.opened_early")
    assert act.details["announced_for"] == announced.opens_at.isoformat()
    with clock.at(announced.opens_at):
        run_all()
        assert not AuditEntry.objects.filter(verb="consultation.opened").exists()  # the old date turns nothing
    with clock.at(draft.closes_at):
        run_all()
        assert Consultation.objects.get(pk=draft.pk).state == State.CLOSED


def test_opening_twice_opens_once(sign_in, founder, draft):
    announce(founder, draft)
    client = sign_in(founder)
    assert "Open the consultation now" in text(client.get(at(draft, "state/")))
    for _click in range(2):
        assert client.post(at(draft, "state/"), {"do": "open"}).status_code == 302
    assert AuditEntry.objects.filter(verb="consultation.opened_early").count() == 1
    assert "The consultation is already open." in text(client.get(at(draft, "state/")))


def test_a_draft_is_not_offered_to_be_opened(sign_in, founder, draft):
    assert "Open the consultation now" not in text(sign_in(founder).get(at(draft, "state/")))
