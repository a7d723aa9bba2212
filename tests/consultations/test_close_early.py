"""Closing early: before the closing that was announced, in public, with a reason, mailed to participants."""

import pytest
from django.core import mail
from django.utils import translation

from plenara.consultations import actions
from plenara.consultations.models import Consultation, Extension, State
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.core.tasks import run_all
from tests import world
from tests.consultations.conftest import days
from tests.consultations.pages import at, errors, filled, text
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db
REASON = {"en": "The **final text** has been agreed.", "fr": "Le texte final est adopté."}


def close(who, consultation, reason=None):
    return actions.close_early(actor=who, consultation=consultation, reason=REASON if reason is None else reason)


def test_it_closes_now_and_its_pages_show_it(organizer, consultation):
    was = consultation.closes_at
    closing = close(organizer, consultation)
    consultation.refresh_from_db()
    assert consultation.state == State.CLOSED and consultation.closes_at == closing.closes_at <= clock.now()
    assert (closing.closed_at, closing.reason) == (was, REASON)
    assert (revision(consultation.cache_tag), revision("consultations")) == (1, 1)


def test_the_act_holds_languages_and_not_the_reason(organizer, consultation):
    close(organizer, consultation)
    act = AuditEntry.objects.get(verb="consultation.closed_early")
    assert (act.actor_id, act.details["languages"]) == (organizer.pk, ["en", "fr"])
    assert "agreed" not in str(act.details)


def test_a_double_click_closes_once_and_writes_once(organizer, consultation):
    close(organizer, consultation)
    with pytest.raises(AlreadyDone):
        close(organizer, consultation)
    run_all()
    assert Extension.objects.count() == 1 and len(mail.outbox) == 1


@pytest.mark.parametrize("reason", [{}, {"en": "  "}, {"en": "word " * 10_000}, {"xx": "why"}])
def test_a_reason_is_needed_and_has_a_limit(organizer, consultation, reason):
    with pytest.raises(InvalidInput) as refused:
        close(organizer, consultation, reason)
    assert refused.value.field.startswith("reason_")


@pytest.mark.parametrize("opens_at", [True, False])
def test_a_consultation_without_a_closing_is_closed_at_the_desk_and_no_earlier_date_is_shown(
    organizer, sign_in, client, consultation, author, thread, opens_at
):
    world.submitted(author, thread, "One.")
    Consultation.objects.filter(pk=consultation.pk).update(
        closes_at=None, **({} if opens_at else {"opens_at": None, "stage": State.OPEN})
    )
    browser = sign_in(organizer)
    assert at(consultation, "close/") in browser.get(at(consultation, "state/")).content.decode()
    mail.outbox.clear()
    with translation.override("en"):
        closing = close(organizer, consultation)
    run_all()
    consultation.refresh_from_db()
    assert (consultation.state, closing.is_early_closing, closing.had_closing) == (State.CLOSED, True, False)
    page = client.get(f"/en/consultations/{consultation.slug}/").content.decode()
    assert "No closing date had been announced. The consultation closed on " in page and "instead of" not in page
    message = next(each for each in mail.outbox if each.to == [author.email] and "Le texte final" in each.body)
    assert "au lieu du" not in message.body and "Elle a été close le " in message.body
    answer = client.get(f"/api/v1/consultations/{consultation.slug}").json()
    assert answer["extensions"][0]["closed_at"] == answer["extensions"][0]["closes_at"]


def test_each_participant_gets_one_message_in_their_language(organizer, consultation, author, thread):
    world.submitted(author, thread, "One.")
    mail.outbox.clear()
    close(organizer, consultation)
    run_all()
    to = {letter.to[0]: letter for letter in mail.outbox}
    message = to[author.email]
    assert "close avant la date prévue" in message.subject and "Le texte final est adopté." in message.body
    assert f"/fr/consultations/{consultation.slug}/" in message.body
    assert "提前截止" in to[organizer.email].subject  # reads Chinese
    assert "The final text has been agreed." in to[organizer.email].body


def test_one_that_was_opened_again_is_not_mailed_as_closed(organizer, consultation):
    close(organizer, consultation)
    actions.extend(actor=organizer, consultation=consultation, closes_at=days(40), reason={"en": "We go on."})
    run_all()
    assert Consultation.objects.get(pk=consultation.pk).is_open
    assert ["开放至" in each.subject for each in mail.outbox] == [True]


def test_readers_read_when_and_why_it_closed(client, organizer, consultation):
    close(organizer, consultation)
    page = body(client.get(f"/en/consultations/{consultation.slug}/"))
    assert "Closed early, on " in page and "<strong>final text</strong>" in page
    assert "Extended:" not in page
    assert "Le texte final est adopté." in body(client.get(f"/fr/consultations/{consultation.slug}/"))


def test_its_organizer_closes_it_at_the_desk(sign_in, organizer, consultation):
    desk = sign_in(organizer)
    assert f'href="{at(consultation, "close/")}"' in desk.get(at(consultation, "state/")).content.decode()
    form = filled(desk.get(at(consultation, "close/")))
    refused = desk.post(at(consultation, "close/"), form)
    assert (
        refused.status_code == 422
        and errors(refused)[0] == "Enter the reason in at least one language. The reason will be published."
    )
    for _click in range(2):
        answer = desk.post(at(consultation, "close/"), {**form, "reason_ru": "Текст согласован."})
        assert answer["Location"] == at(consultation, "state/")
    assert Extension.objects.get().reason == {"ru": "Текст согласован."}
    state = desk.get(at(consultation, "state/"))
    assert "The consultation has closed. We will notify the participants by e-mail." in text(state) and at(
        consultation, "close/"
    ) not in text(state)
    assert "The consultation has already closed." in text(desk.get(at(consultation, "close/")))
    overview = text(desk.get(at(consultation)))
    assert "Closed early." in overview and "Текст согласован." in overview


def test_a_draft_cannot_be_closed_and_says_so(sign_in, founder, draft):
    desk = sign_in(founder)
    assert "Announce the consultation first" in text(desk.get(at(draft, "close/")))
    assert desk.post(at(draft, "close/"), {"reason_en": "Why not."}).status_code == 409
