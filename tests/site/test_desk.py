"""The desk's home: whoever opens it knows what to do next."""

import datetime

import pytest

from plenara.accounts.queries import installation_row
from plenara.consultations.models import Consultation, Role
from plenara.core import clock
from plenara.core.models import BackgroundTask
from tests import world
from tests.consultations.pages import text

pytestmark = pytest.mark.django_db

DESK = "/en/desk/"


def test_a_moderator_sees_how_many_wait_and_for_how_long(sign_in, moderator, pending):
    with clock.at(clock.now() + datetime.timedelta(hours=14)):
        page = text(sign_in(moderator).get(DESK))
    waits = (
        "1 contribution is waiting for a decision. Longest wait: 14 of the promised 24 hours (only working days count)."
    )
    assert f"{waits} Open the queue urgent" in page


def test_where_two_consultations_have_something_waiting_each_leads_to_its_own_part_of_the_queue(
    sign_in, moderator, pending, elsewhere
):
    world.grant(moderator, elsewhere, "moderator")
    world.submitted(world.person("There"), elsewhere.threads.get(number=1), "Elsewhere.")
    page = sign_in(moderator).get(DESK).content.decode()
    for one in (pending.consultation, elsewhere):
        assert f'href="/en/desk/moderation/?consultation={one.slug}"' in page


def test_what_waits_elsewhere_is_not_shown(sign_in, moderator_elsewhere, pending):
    assert "You have no tasks at the moment." in text(sign_in(moderator_elsewhere).get(DESK))


def test_an_organizer_sees_the_next_step_of_each_consultation(sign_in, organizer, consultation):
    page = text(sign_in(organizer).get(DESK))
    assert "There is no rapporteur yet" in page
    assert "The consultation closes automatically on" in page
    assert "New consultation" in page


def test_an_organizer_of_the_installation_without_any_consultation_is_led_to_the_first(sign_in, db):
    page = text(sign_in(world.person("New", is_organizer=True)).get(DESK))
    assert "You have no role in a consultation yet" in page
    assert "New consultation" in page
    assert "This site does not yet have its own name" in page


def test_an_operator_sees_the_installation_and_no_consultation(sign_in, operator, consultation):
    page = text(sign_in(operator).get(DESK))
    assert "This site" in page
    assert "New consultation" not in page
    assert consultation.title["en"] not in page


def test_a_consultations_desk_leads_to_its_summaries(sign_in, rapporteur, consultation):
    page = sign_in(rapporteur).get(f"/en/desk/consultations/{consultation.slug}/").content.decode()
    assert f"/en/desk/consultations/{consultation.slug}/summaries/" in page
    assert f"/en/desk/consultations/{consultation.slug}/edit/" not in page


def test_who_has_no_role_has_no_desk(sign_in, participant, client):
    assert client.get(DESK).status_code == 302
    assert sign_in(participant).get(DESK).status_code == 403


def test_a_suspended_moderator_is_refused_with_the_reason(sign_in, moderator):
    moderator.suspended_at = clock.now()
    moderator.save()
    response = sign_in(moderator).get(DESK)
    assert response.status_code == 403
    assert "suspended" in text(response)


def test_missing_mail_and_given_up_e_mails_are_seen(sign_in, operator, settings):
    settings.MAILERS = {}
    BackgroundTask.objects.create(task="moderation.notify_author", key="a", failed_at=clock.now())
    page = text(sign_in(operator).get(DESK))
    assert "No mail server is set up" in page
    assert "1 e-mail or other task has failed after many attempts" in page


def test_tasks_that_nobody_runs_are_seen(sign_in, operator):
    BackgroundTask.objects.create(
        task="moderation.notify_author", key="a", due_at=clock.now() - datetime.timedelta(minutes=11)
    )
    assert "whether a worker is running" in text(sign_in(operator).get(DESK))


def test_a_moderator_sees_nothing_of_the_installation(sign_in, moderator):
    BackgroundTask.objects.create(task="moderation.notify_author", key="a", failed_at=clock.now())
    page = text(sign_in(moderator).get(DESK))
    assert "given up" not in page
    assert "This site does not yet have its own name" not in page


def test_an_installation_that_is_set_up_says_no_more_of_it(sign_in, operator):
    it = installation_row()
    it.is_set_up = True
    it.save()
    assert "has no name" not in text(sign_in(operator).get(DESK))


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_the_desk_opens_in_every_language(sign_in, organizer, language):
    assert sign_in(organizer).get(f"/{language}/desk/").status_code == 200


@pytest.mark.once
def test_its_queries_do_not_grow_with_the_consultations(
    sign_in, organizer, consultation, django_assert_max_num_queries
):
    for number in range(12):
        Role.objects.create(person=organizer, consultation=world.consultation(f"c{number}"), name="organizer")
    assert Consultation.objects.count() == 13
    client = sign_in(organizer)
    client.get(DESK)
    with django_assert_max_num_queries(32):
        client.get(DESK)
