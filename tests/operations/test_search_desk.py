"""The desk's page of the search index: how far the reading is, and pausing it."""

import pytest

from plenara.core.models import AuditEntry, BackgroundTask
from plenara.search.models import Meaning
from tests.consultations.pages import text

pytestmark = pytest.mark.django_db

PAGE = "/en/desk/search/"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.MEANING = True


def test_it_says_how_many_texts_were_read_and_what_can_be_found(sign_in, operator, edition):
    page = text(sign_in(operator).get(PAGE))
    assert "Indexed texts 0 of 1" in page
    assert "Contributions 1" in page
    assert "use-multilingual-3" in page


def test_paused_it_says_since_when_and_goes_on_with_a_button(sign_in, operator, edition):
    client = sign_in(operator)
    client.post(PAGE, {"do": "pause"})
    assert Meaning.objects.get().paused_at
    assert "Indexing has been paused since" in text(client.get(PAGE))
    client.post(PAGE, {"do": "resume"})
    assert Meaning.objects.get().paused_at is None
    acts = AuditEntry.objects.filter(verb__startswith="meaning.").order_by("pk")
    assert [(each.verb, each.actor_id) for each in acts] == [
        ("meaning.paused", operator.pk),
        ("meaning.resumed", operator.pk),
    ]
    assert BackgroundTask.objects.filter(task="search.read", done_at=None).count() == 1


def test_asked_again_every_text_waits(sign_in, organizer, edition):
    client = sign_in(organizer)
    client.post(PAGE, {"do": "reread"})
    assert Meaning.objects.get().is_anew
    client.post(PAGE, {"do": "reread"})
    assert "Someone else has already done this. The page shows the current state." in text(client.get(PAGE))
    assert AuditEntry.objects.filter(verb="meaning.asked_anew").count() == 1


@pytest.mark.parametrize("sent", ["", "x", "paused", "9" * 5000])
def test_what_is_no_verb_changes_nothing(sign_in, operator, sent):
    assert sign_in(operator).post(PAGE, {"do": sent}).status_code == 302
    assert not AuditEntry.objects.filter(verb__startswith="meaning.").exists()


def test_where_it_is_off_it_says_so_and_has_no_buttons(sign_in, operator, settings):
    settings.MEANING = False
    page = sign_in(operator).get(PAGE).content.decode()
    assert "PLENARA_MEANING" in page and 'value="pause"' not in page


def test_only_organizers_and_operators_of_the_installation_may(sign_in, moderator, participant):
    for who in (moderator, participant):
        assert sign_in(who).get(PAGE).status_code == 403
        assert sign_in(who).post(PAGE, {"do": "pause"}).status_code == 403
    assert not Meaning.objects.exists()
