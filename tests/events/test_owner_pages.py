"""The pages on which an event is proposed, changed and cancelled: steps that lose nothing, without a script."""

import re

import pytest

from plenara.core import clock
from plenara.events import actions
from plenara.events.forms import WhereForm
from plenara.events.models import Event
from plenara.moderation.models import Code
from tests import world
from tests.events import making

pytestmark = pytest.mark.django_db

PROPOSE = "/en/events/propose/"
WHAT = {
    "title_en": "Workshop on village networks",
    "description_en": "How villages run their own networks.",
    "timezone": "Europe/Zurich",
    "rows": "1",
    "day_0": "2026-12-01",
    "from_0": "09:00",
    "until_0": "12:30",
}
WHERE = {"place": "Palais des Nations", "country": "CH", "languages": ["en", "fr"]}
ABOUT = {"organizer": "Réseau Sahel Numérique", "papers": "3", "paper_0": "Agenda", "address_0": "https://a.example/a"}


def held(answer):
    return re.search(r'name="held" value="([^"]+)"', answer.content.decode())[1]


def send(client, answer, step, go="next", address=PROPOSE, **values):
    return client.post(address, {"held": held(answer), "step": step, "go": go, **values})


def at(answer):
    return re.search(r'name="step" value="([^"]+)"', answer.content.decode())[1]


def walked(client, **about):
    """Return the review step of a proposal that was filled in step by step."""
    answer = client.get(PROPOSE)
    answer = send(client, answer, "what", **WHAT)
    assert at(answer) == "where"
    answer = send(client, answer, "where", **WHERE)
    assert at(answer) == "about"
    return send(client, answer, "about", **{**ABOUT, **about})


def test_four_steps_lead_to_a_proposal_that_is_pending(client, participant, noon):
    client.force_login(participant)
    answer = walked(client)
    assert at(answer) == "check"
    text = answer.content.decode()
    assert "1 December 2026, 09:00 to 12:30 in Zurich" in text and "Switzerland" in text and "Agenda" in text
    sent = send(client, answer, "check", "send")
    event = Event.objects.get()
    assert sent["Location"] == f"/en/my/events/{event.pk}/"
    assert b"Waiting for a moderator" in client.get(sent["Location"]).content
    details = event.versions.get().details
    assert details["dates"] == [{"number": 1, "start": "2026-12-01T09:00", "end": "2026-12-01T12:30"}]
    assert details["organizer_name"] == "Réseau Sahel Numérique" and details["languages"] == ["en", "fr"]


def test_pressing_send_twice_proposes_once(client, participant, noon):
    client.force_login(participant)
    answer = walked(client)
    first = send(client, answer, "check", "send")
    assert send(client, answer, "check", "send")["Location"] == first["Location"]
    assert Event.objects.count() == 1


def test_an_error_is_at_its_field_and_nothing_typed_is_lost(client, participant, noon):
    client.force_login(participant)
    answer = send(client, client.get(PROPOSE), "what", **{**WHAT, "day_0": "2026-02-31", "title_en": ""})
    assert answer.status_code == 422 and at(answer) == "what"
    text = answer.content.decode()
    assert 'href="#id_title_en"' in text and 'href="#id_day_0"' in text
    assert 'value="2026-02-31"' in text and "How villages run their own networks." in text


def test_an_error_in_a_later_row_is_shown_at_that_row(client, participant, noon):
    client.force_login(participant)
    rows = {"rows": "3", "day_2": "2026-12-08", "from_2": "10:00", "until_2": "09:00"}
    answer = send(client, client.get(PROPOSE), "what", **{**WHAT, **rows})
    assert answer.status_code == 422
    assert 'href="#id_until_2"' in answer.content.decode()


def test_a_further_date_goes_on_as_the_series_has_begun(client, participant, noon):
    client.force_login(participant)
    answer = send(client, client.get(PROPOSE), "what", "date", **WHAT)
    assert 'name="day_1" value="2026-12-08"' in answer.content.decode()
    two = {"rows": "2", "day_1": "2026-12-15", "from_1": "09:00", "until_1": "12:30"}
    answer = send(client, answer, "what", "date", **{**WHAT, **two})
    assert 'name="day_2" value="2026-12-29"' in answer.content.decode()


def test_without_hours_an_event_is_of_whole_days(client, participant, noon):
    client.force_login(participant)
    days = {**WHAT, "from_0": "", "until_0": "", "last_0": "2026-12-03"}
    answer = send(client, client.get(PROPOSE), "what", **days)
    answer = send(client, send(client, answer, "where", **WHERE), "about", **ABOUT)
    assert "1 December 2026 to 3 December 2026" in answer.content.decode()


def test_going_back_keeps_what_was_typed_and_leads_on_to_the_last_look(client, participant, noon):
    client.force_login(participant)
    answer = send(client, walked(client), "check", "to:where")
    assert at(answer) == "where" and "Palais des Nations" in answer.content.decode()
    answer = send(client, answer, "where", **{**WHERE, "place": "Elsewhere"})
    assert at(answer) == "check" and "Elsewhere" in answer.content.decode()


def test_what_may_be_the_same_event_is_asked_and_can_be_sent_all_the_same(client, participant, author, noon):
    making.published(author, making.curator())
    client.force_login(participant)
    answer = walked(client)
    assert "Is one of these entries the same as yours?" in answer.content.decode()
    assert send(client, answer, "check", "send").status_code == 302


def test_pending_events_of_others_are_not_shown_as_similar(client, participant, author, noon):
    making.proposed(author)
    client.force_login(participant)
    assert "Is one of these entries the same as yours?" not in walked(client).content.decode()


@pytest.mark.parametrize("forged", ["", "nothing", "a:b:c", "x" * 400_000])
def test_a_forged_or_old_form_sends_nothing(forged, client, participant, noon):
    client.force_login(participant)
    answer = client.post(PROPOSE, {"held": forged, "step": "check", "go": "send"})
    assert answer.status_code == 200 and not Event.objects.exists()


def test_the_form_of_one_person_is_of_no_use_to_another(client, participant, author, noon):
    client.force_login(participant)
    answer = walked(client)
    client.force_login(author)
    assert send(client, answer, "check", "send").status_code == 200
    assert not Event.objects.exists()


def test_what_was_typed_is_there_again_after_signing_in(client, participant, noon):
    client.force_login(participant)
    answer = client.get(PROPOSE)
    client.logout()
    away = send(client, answer, "what", **WHAT)
    assert away.status_code == 302 and "login" in away["Location"]
    session = client.session
    kept = session["kept_event"]
    client.force_login(participant)
    session = client.session
    session["kept_event"] = kept
    session.save()
    assert "Workshop on village networks" in client.get(PROPOSE).content.decode()


def test_it_can_be_announced_from_a_consultation(client, participant, consultation, noon):
    client.force_login(participant)
    answer = client.get(f"{PROPOSE}?consultation={consultation.slug}")
    answer = send(client, send(client, answer, "what", **WHAT), "where", **WHERE)
    assert f'<option value="{consultation.slug}" selected>' in answer.content.decode()
    assert client.get(f"{PROPOSE}?consultation=%00").status_code == 200


def test_a_change_begins_at_the_last_look_with_what_is_there(client, participant, noon):
    event = making.published(participant, making.curator(), making.series(2))
    client.force_login(participant)
    address = f"/en/my/events/{event.pk}/change/"
    answer = client.get(address)
    assert at(answer) == "check" and "Palais des Nations" in answer.content.decode()
    answer = send(client, answer, "check", "to:where", address)
    answer = send(client, answer, "where", address=address, **{**WHERE, "place": "Room XXI"})
    assert send(client, answer, "check", "send", address).status_code == 302
    waits = event.versions.get(state="pending").details
    assert waits["place"] == "Room XXI"
    assert [each["number"] for each in waits["dates"]] == [1, 2]


def test_a_language_that_came_with_a_file_stays_when_its_owner_changes_the_event(client, participant, noon):
    event = making.published(participant, making.curator(), making.details(languages=["en", "bm", "fj"]))
    client.force_login(participant)
    address = f"/en/my/events/{event.pk}/change/"
    answer = client.get(address)
    assert at(answer) == "check" and "Fijian" in answer.content.decode()
    answer = send(client, answer, "check", "to:where", address)
    where = {"place": "Room XXI", "country": "CH", "languages": ["en", "bm"]}
    answer = send(client, answer, "where", address=address, **where)
    assert send(client, answer, "check", "send", address).status_code == 302
    assert event.versions.get(state="pending").details["languages"] == ["en", "bm"]
    answer = send(client, client.get(address), "where", address=address, **{**where, "languages": ["en", "qqq"]})
    assert answer.status_code == 422


def test_other_languages_of_a_meeting_are_written_by_their_names(db):
    step = WhereForm({"place": "Bamako", "country": "ML", "languages": ["fr"], "languages_more": "Bambara, French"})
    assert step.is_valid() and step.details()["languages"] == ["fr", "bm"]
    step = WhereForm({"place": "Bamako", "languages_more": "Nosuchish"})
    assert "Nosuchish" in str(step.errors["languages_more"])


def test_a_change_without_a_change_is_reported(client, participant, noon):
    event = making.published(participant, making.curator())
    client.force_login(participant)
    address = f"/en/my/events/{event.pk}/change/"
    answer = send(client, client.get(address), "check", "send", address)
    assert answer.status_code == 422 and b"You have not changed anything" in answer.content


def test_cancelling_and_withdrawing_ask_first(client, participant, noon):
    event = making.published(participant, making.curator(), making.series(2))
    client.force_login(participant)
    page = f"/en/my/events/{event.pk}/cancel/"
    assert b"The whole event" in client.get(page).content
    assert client.post(page, {}).status_code == 422
    client.post(page, {"date": "1"})
    event.refresh_from_db()
    assert event.details["dates"][0]["cancelled"] and not event.cancelled_at
    client.post(page, {"date": "all"})
    assert b"Cancelled" in client.get(f"/en/my/events/{event.pk}/").content
    assert client.get(page).status_code == 403
    assert client.get(f"/en/my/events/{event.pk}/withdraw/").status_code == 200
    client.post(f"/en/my/events/{event.pk}/withdraw/")
    event.refresh_from_db()
    assert event.state == "withdrawn"


@pytest.mark.parametrize("page", ["", "change/", "cancel/", "withdraw/", "outcome/"])
def test_the_event_of_another_is_not_there(page, client, participant, author, noon):
    event = making.published(author, making.curator())
    client.force_login(participant)
    assert client.get(f"/en/my/events/{event.pk}/{page}").status_code == 404


def test_ones_events_are_on_one_page_with_their_states(client, participant, noon):
    curator = making.curator()
    making.published(participant, curator)
    other = making.proposed(participant, making.details(title={"fr": "Autre"}, description=None))
    making.decided(other, curator, Code.REJECTED, reason="E3")
    client.force_login(participant)
    text = client.get("/en/my/events/").content.decode()
    assert "Workshop on village networks" in text and 'lang="fr"' in text
    assert "First date: 1 December 2026" in text
    assert b"My events" in client.get("/en/my/").content


def test_a_rejection_can_be_appealed_from_the_events_page_once_it_is_final(client, participant, noon):
    from plenara.core import clock
    from plenara.moderation.models import UNDO_TIME, Appeal

    event = making.decided(making.proposed(participant), making.curator(), Code.REJECTED, reason="E3")
    client.force_login(participant)
    assert b"appeal" not in client.get(f"/en/my/events/{event.pk}/").content.lower()
    with clock.at(clock.now() + UNDO_TIME):
        page = client.get(f"/en/my/events/{event.pk}/").content.decode()
        address = f"/en/my/appeals/event/{event.pk}/"
        assert address in page
        shown = client.get(address).content.decode()
        decision = re.search(r'name="decision" value="(\d+)"', shown)[1]
        assert client.post(address, {"decision": decision, "text": "It is no advertisement."}).status_code == 302
    assert Appeal.objects.count() == 1


def test_whoever_is_signed_out_or_suspended_does_not_get_in(client, noon):
    from plenara.core import clock

    assert client.get(PROPOSE).status_code == 302
    client.force_login(world.person(suspended_at=clock.now()))
    assert client.get(PROPOSE).status_code == 403


def test_a_key_written_by_hand_is_in_nobodys_way(client, participant, author, noon):
    curator = making.curator()
    theirs, own = making.published(author, curator), making.published(participant, curator, making.series(2))
    client.force_login(participant)
    sent = {"report_text": "It was good.", "report_language": "en", "key": f"cancel-{theirs.pk}-all"}
    with clock.at(noon.replace(year=2027)):
        client.force_login(participant)
        assert client.post(f"/en/my/events/{own.pk}/outcome/", sent).status_code == 302
        assert actions.cancel(actor=author, event=theirs).cancelled_at
