"""Calendar and directory as a scope of moderation: who decides there, what waits, what the register tells."""

import json

import pytest

from plenara.consultations import community
from plenara.consultations.actions import grant_role, invite_to_role
from plenara.consultations.models import Consultation, RoleName
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.events.models import Event
from plenara.moderation.actions import appeal, decide, decide_appeal, leave_note, remove, report, restore, undo
from plenara.moderation.models import UNDO_TIME, Appeal, Code, Decision, Item, Report
from plenara.moderation.queries import queue
from tests import world
from tests.events import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(noon):
    return making.curator()


@pytest.fixture
def pending(participant, curator):
    return making.proposed(participant)


@pytest.fixture
def published(pending, curator):
    return making.decided(pending, curator)


def test_there_is_one_community_however_often_it_is_asked_for(noon):
    assert community.existing() is None
    assert community.community().pk == community.community().pk
    assert Consultation.objects.filter(is_community=True).count() == 1


def test_an_organizer_of_the_installation_takes_charge_and_nobody_else(participant, noon):
    chief = world.person(is_organizer=True)
    where = community.take_charge(actor=chief)
    community.take_charge(actor=chief)
    assert where.roles.get().name == RoleName.ORGANIZER
    with pytest.raises(NotPermitted):
        community.take_charge(actor=participant)


def test_it_has_organizers_and_moderators_and_no_other_role(noon):
    chief = making.curator("Olga", role="organizer")
    where = community.community()
    for role in (RoleName.RAPPORTEUR, RoleName.TRANSLATOR):
        with pytest.raises(InvalidInput, match="Choose a role"):
            grant_role(actor=chief, consultation=where, person=world.person(), name=role, language="")
        with pytest.raises(InvalidInput):
            invite_to_role(actor=chief, consultation=where, address="a@b.example", name=role, language="fr")
    grant_role(actor=chief, consultation=where, person=world.person(), name=RoleName.MODERATOR)


def test_a_person_who_moderates_elsewhere_does_not_decide_here(moderator, pending):
    with pytest.raises(NotPermitted):
        making.decided(pending, moderator)


def test_nobody_decides_on_what_is_theirs(curator):
    with pytest.raises(NotPermitted, match="wrote this text yourself"):
        making.decided(making.proposed(curator), curator)


def test_the_queue_shows_it_with_its_title_and_the_promise(client, curator, pending):
    page, waiting = queue.rows(curator)
    assert waiting == 1 and page.rows[0].version.title == "Workshop on village networks"
    client.force_login(curator)
    text = client.get("/en/desk/moderation/").content.decode()
    assert (
        "Workshop on village networks" in text
        and "Waiting time: 0 of the promised " in text
        and "COMMUNITY" not in text
    )


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_the_desks_pages_show_a_waiting_and_a_published_one(language, client, curator, pending):
    client.force_login(curator)
    page = client.get(f"/{language}/desk/moderation/event/{pending.pk}/")
    assert page.status_code == 200 and "Palais des Nations" in page.content.decode()
    making.decided(pending, curator)
    assert client.get(f"/{language}/desk/moderation/event/{pending.pk}/published/").status_code == 200


def test_approving_by_the_form_publishes_and_sends_the_owner_one_email(client, curator, pending, mailoutbox):
    from plenara.core import tasks

    client.force_login(curator)
    page = f"/en/desk/moderation/event/{pending.pk}/"
    version = pending.versions.get().pk
    for _twice in range(2):
        client.post(
            page, {"code": "APPROVED", "version": version, "reason": "", "sentence": "", "sentence_language": ""}
        )
    with clock.at(clock.now() + UNDO_TIME):
        tasks.run_all()
    event = Event.objects.get()
    assert (event.state, event.number) == (State.PUBLISHED, 1)
    emails = [mail for mail in mailoutbox if "published" in mail.subject]
    assert len(emails) == 1 and "/en/events/1/" in emails[0].body


@pytest.mark.parametrize("code", [Code.RETURNED, Code.REJECTED])
def test_the_email_of_a_refusal_has_reason_and_appeal_in_the_owners_language(code, curator, author, mailoutbox):
    from plenara.core import tasks

    event = making.proposed(author)
    making.decided(event, curator, code, reason="E5", sentence="It sells something.", sentence_language="en")
    with clock.at(clock.now() + UNDO_TIME):
        tasks.run_all()
    email = next(
        mail for mail in mailoutbox if "E5" not in mail.subject and f"/fr/my/appeals/event/{event.pk}/" in mail.body
    )
    assert "It sells something." in email.body and "Atelier sur les réseaux de village" in email.subject


def test_undoing_lets_it_wait_again(curator, pending):
    version = pending.versions.get().pk
    decision = decide(actor=curator, kind="event", pk=pending.pk, version_id=version, code=Code.REJECTED, reason="E5")
    undo(actor=curator, decision=decision)
    pending.refresh_from_db()
    assert pending.state == State.PENDING and Item.objects.count() == 1
    assert making.decided(pending, curator).is_published


def test_undoing_the_refusal_of_a_change_leaves_what_is_published(curator, published, participant):
    from plenara.events import actions

    actions.change(actor=participant, event=published, details={**published.details, "place": "XXI"}, language="en")
    version = published.versions.get(state="pending")
    decision = decide(
        actor=curator, kind="event", pk=published.pk, version_id=version.pk, code=Code.REJECTED, reason="E5"
    )
    assert Event.objects.get().details["place"] == making.WORKSHOP["place"]
    undo(actor=curator, decision=decision)
    assert making.decided(published, curator).details["place"] == "XXI"


def test_what_is_removed_leaves_a_notice_and_can_be_restored(curator, published):
    remove(actor=curator, kind="event", pk=published.pk, reason="E6")
    gone = Event.objects.get()
    assert (gone.state, gone.details, gone.number) == (State.REMOVED, {}, 1)
    restore(actor=curator, kind="event", pk=published.pk)
    assert Event.objects.get().details["place"] == making.WORKSHOP["place"]


@pytest.mark.parametrize(("outcome", "state"), [("upheld", State.PUBLISHED), ("overruled", State.REJECTED)])
def test_an_appeal_is_decided_by_another_moderator(outcome, state, participant, curator, pending):
    other = making.curator("Jean Moreau")
    version = pending.versions.get().pk
    decision = decide(actor=curator, kind="event", pk=pending.pk, version_id=version, code=Code.REJECTED, reason="E5")
    with clock.at(clock.now() + UNDO_TIME):
        made = appeal(
            actor=participant, kind="event", pk=pending.pk, decision_id=decision.pk, text="It is no advertising."
        )
        given = {"outcome": outcome, "answer": "I have read it again.", "answer_language": "en"}
        with pytest.raises(NotPermitted):
            decide_appeal(actor=curator, appeal_id=made.pk, **given)
        decide_appeal(actor=other, appeal_id=made.pk, **given)
    assert Event.objects.get().state == state
    assert Appeal.objects.get().status == outcome


def test_readers_report_it_and_get_an_email_with_the_outcome(client, curator, published, mailoutbox):
    from plenara.core import tasks

    address = "/en/events/1/report/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    sent = client.post(address, {"reason": "E6", "text": "Look at it.", "address": "reader@x.example"})
    assert sent.status_code == 200 and not Item.objects.exists()
    tasks.run_all()
    asked = next(mail for mail in mailoutbox if mail.to == ["reader@x.example"])
    link = next(line for line in asked.body.splitlines() if "/report/confirm/" in line)
    path = link[link.index("/en/") :].strip()
    assert client.get(path).status_code == 200 and not Item.objects.exists()
    assert client.post(path).status_code == 200
    assert Item.objects.get().why == Item.Why.REPORT
    client.force_login(curator)
    assert b"Look at it." in client.get(f"/en/desk/moderation/event/{published.pk}/published/").content
    remove(actor=curator, kind="event", pk=published.pk, reason="E6")
    mailoutbox.clear()
    tasks.run_all()
    email = next(mail for mail in mailoutbox if mail.to == ["reader@x.example"])
    assert "removed it" in email.body and "Workshop on village networks" in email.body
    assert Report.objects.get().address == ""
    assert client.get(address).status_code == 410
    assert client.get("/en/events/99/report/").status_code == 404


@pytest.mark.parametrize("code", ["", Code.RETURNED, Code.REJECTED])
def test_a_person_who_reports_sees_nothing_that_is_not_public(
    client, curator, published, participant, mailoutbox, code
):
    from plenara.core import tasks
    from plenara.events.actions import change

    details = making.details(title={"en": "A secret title"})
    version = change(actor=participant, event=published, details=details, language="en")
    if code:
        decide(actor=curator, kind="event", pk=published.pk, version_id=version.pk, code=code, reason="E6")
    page = client.get("/en/events/1/report/").content.decode()
    assert "Workshop on village networks" in page and "A secret title" not in page
    mailoutbox.clear()
    client.post("/en/events/1/report/", {"reason": "E6", "address": "reader@x.example"})
    tasks.run_all()
    asked = [mail.subject + mail.body for mail in mailoutbox if mail.to == ["reader@x.example"]]
    assert asked and "A secret title" not in "".join(asked)


def test_a_person_who_is_signed_in_reports_at_once(participant, published, author):
    report(actor=author, kind="event", pk=published.pk, reason="E5")
    assert Item.objects.get().reports == 1


def test_notes_are_for_moderators_and_not_for_its_owner(curator, pending, participant):
    leave_note(actor=curator, kind="event", pk=pending.pk, text="Ask them.")
    grown = world.grant(participant, community.community(), "moderator")
    with pytest.raises(NotPermitted):
        leave_note(actor=grown, kind="event", pk=pending.pk, text="Mine.")


def test_decisions_are_numbered_in_the_community_and_are_in_a_public_register(client, curator, published, participant):
    making.decided(
        making.proposed(participant, making.details(title={"en": "Hidden words"})), curator, Code.REJECTED, reason="E5"
    )
    assert [str(each) for each in Decision.objects.order_by("number")] == ["D/1", "D/2"]
    text = client.get("/en/about/decisions/").content.decode()
    assert 'href="/en/events/1/"' in text and "Event 1" in text and "D/2" in text
    for never in ("Hidden words", "Workshop", curator.name, participant.name):
        assert never not in text
    assert client.get("/en/about/decisions/from/1/").status_code == 200
    assert client.get("/en/about/decisions/from/0/").status_code == 404
    assert client.get("/en/about/decisions/turnaround/").status_code == 200


def test_the_register_is_data_too_with_its_etag(client, curator, published):
    answer = client.get("/en/about/decisions/data.json")
    rows = json.loads(answer.getvalue())["decisions"]
    assert rows[0]["kind"] == "event" and rows[0]["symbol"] == "events/1" and rows[0]["decision"] == "APPROVED"
    again = client.get("/en/about/decisions/data.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    table = client.get("/en/about/decisions/data.csv").getvalue().decode()
    assert "events/1" in table
    for ending in ("schema.json", "turnaround.csv", "turnaround.svg"):
        assert client.get(f"/en/about/decisions/{ending}").status_code == 200


def test_before_anything_was_proposed_there_is_no_register_and_asking_makes_none(client, db):
    assert client.get("/en/about/decisions/").status_code == 404
    assert community.existing() is None


def test_the_desk_shows_it_with_roles_and_settings_and_no_questions(client, noon, consultation):
    chief = making.curator("Olga", role="organizer")
    client.force_login(chief)
    here = "/en/desk/consultations/community/"
    overview = client.get(here).content.decode()
    assert "Calendar and directory" in overview and "Questions" not in overview and "Draft" not in overview
    for page in ("roles/", "moderation/"):
        assert client.get(f"{here}{page}").status_code == 200
    for page in (
        "edit/",
        "threads/",
        "threads/new/",
        "state/",
        "extend/",
        "summaries/",
        "entered/",
        "packs/",
        "glossary/",
    ):
        assert client.get(f"{here}{page}").status_code == 404, page
    assert "rapporteur" not in client.get(f"{here}roles/").content.decode().lower()
    assert "Calendar and directory" in client.get("/en/desk/").content.decode()


def test_where_nobody_can_decide_an_organizer_of_the_installation_sees_it_and_takes_charge(client, participant, noon):
    making.proposed(participant)
    chief = world.person(is_organizer=True)
    client.force_login(chief)
    desk = client.get("/en/desk/").content.decode()
    assert "1 calendar or directory entry is waiting for a decision, but no one can decide on it." in desk
    answer = client.post("/en/desk/community/take-charge/")
    assert answer["Location"] == "/en/desk/consultations/community/"
    assert "no one can decide" not in client.get("/en/desk/").content.decode()
    client.force_login(participant)
    assert client.post("/en/desk/community/take-charge/").status_code == 403


def test_moderators_get_an_email_about_what_is_pending(curator, pending, mailoutbox):
    import datetime

    from plenara.core import tasks
    from plenara.moderation import emails

    with clock.at(clock.now() + datetime.timedelta(days=1)):
        emails.enqueue_reminders()
        tasks.run_all()
    assert any(mail.to == [curator.email] and "Calendar and directory" in mail.body for mail in mailoutbox)


PUBLIC = [
    "/en/consultations/community/", "/en/consultations/community/decisions/", "/en/consultations/community/feed.atom",
    "/en/consultations/community/figures/", "/en/consultations/community/downloads/",
    "/api/v1/consultations/community/", "/exports/community/community.zip", "/en/contribute/community/1/",
    "/en/my/follow/community/",
]  # fmt: skip
LISTS = [
    "/en/", "/en/consultations/", "/api/v1/consultations/", "/sitemap.xml", "/en/search/?q=community", "/en/feed.atom",
    "/oai?verb=ListSets", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
]  # fmt: skip


def test_the_community_is_no_consultation_that_readers_could_see(client, curator, published, edition):
    client.force_login(curator)
    for address in PUBLIC:
        assert client.get(address).status_code == 404, address
    client.logout()
    for address in LISTS:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"consultations/community" not in body and b"COMMUNITY" not in body, address
