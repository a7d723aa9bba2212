"""The public page of a draft, shown to its organizers before they announce it."""

import re

import pytest

from plenara.accounts.models import Installation
from plenara.consultations import actions
from plenara.consultations.models import Consultation, Role, State
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import AuditEntry, Revision
from tests import world
from tests.consultations.conftest import days
from tests.consultations.pages import at, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; what they ask is asked on both by test_odd_requests.py


@pytest.fixture
def draft(organizer):
    made = world.consultation("cables", stage="draft", opens_at=days(5), closes_at=days(20))
    world.grant(organizer, made, "organizer")
    return made


def main_of(response):
    """Return the text of a page's middle, without what is above it."""
    page = response.content.decode()
    return re.sub(r"\s+", " ", page[page.index('<header class="head">') : page.index("<footer")])


@pytest.mark.parametrize("language", CODES)
def test_the_preview_is_the_public_page_in_each_language(sign_in, organizer, draft, client, language):
    with clock.at(clock.now()):
        shown = sign_in(organizer).get(at(draft, "preview/", language))
        actions.announce(actor=organizer, consultation=draft)
    assert shown.status_code == 200
    with clock.at(Consultation.objects.get(pk=draft.pk).announced_at):
        public = client.get(f"/{language}/consultations/cables/")
    here = f"/{language}/desk/consultations/cables/preview/threads/"
    assert main_of(shown).replace(here, f"/{language}/consultations/cables/threads/") == main_of(public)


def test_the_preview_of_a_question_is_its_public_page(sign_in, organizer, draft):
    page = sign_in(organizer).get(at(draft, "preview/threads/1/"))
    assert "Question 1? (en)" in text(page)
    assert f'href="{at(draft, "preview/threads/2/")}"' in page.content.decode()
    assert sign_in(organizer).get(at(draft, "preview/threads/9/")).status_code == 404


def test_no_cache_and_no_search_engine_keeps_it_and_nothing_is_recorded(sign_in, organizer, draft):
    client = sign_in(organizer)
    acts, cache_tags = AuditEntry.objects.count(), list(Revision.objects.values())
    response = client.get(at(draft, "preview/"))
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert 'rel="canonical"' not in response.content.decode() and "ld+json" not in response.content.decode()
    assert not response.has_header("Link")
    assert (AuditEntry.objects.count(), list(Revision.objects.values())) == (acts, cache_tags)
    assert Consultation.objects.get(pk=draft.pk).stage == State.DRAFT


def test_only_organizers_see_it(sign_in, draft, client, participant):
    assert client.get(at(draft, "preview/")).status_code == 302
    assert sign_in(participant).get(at(draft, "preview/")).status_code == 404
    moderator = world.grant(world.person("Moderator"), draft, "moderator")
    assert sign_in(moderator).get(at(draft, "preview/")).status_code == 403


def test_once_announced_the_preview_leads_to_the_public_page(sign_in, organizer, draft):
    actions.announce(actor=organizer, consultation=draft)
    client = sign_in(organizer)
    assert client.get(at(draft, "preview/"))["Location"] == "/en/consultations/cables/"
    assert client.get(at(draft, "preview/threads/2/"))["Location"] == "/en/consultations/cables/threads/2/"


def test_a_draft_with_nothing_written_has_a_preview_too(sign_in, organizer, draft):
    Consultation.objects.filter(pk=draft.pk).update(title={}, intro={}, opens_at=None, closes_at=None, languages=[])
    draft.threads.all().delete()
    assert sign_in(organizer).get(at(draft, "preview/")).status_code == 200


def test_what_is_missing_is_listed_beside_the_button_with_its_page(sign_in, organizer, draft):
    Consultation.objects.filter(pk=draft.pk).update(title={"en": "Cables", "fr": "Câbles"}, intro={})
    Installation.objects.update_or_create(pk=1, defaults={"contact": ""})
    response = sign_in(organizer).get(at(draft, "state/"))
    page = response.content.decode()
    for sentence in (
        "title missing.",
        "The introduction is empty.",
        "The guidance for moderators is empty.",
        "There is no moderator yet. Until there is one, the organizers decide on contributions.",
        "The site has no contact address.",
        "The site uses the default rules. Check that they are right for this site.",
    ):
        assert sentence in text(response)
    assert f'href="{at(draft, "edit/")}#id_title_ru"' in page
    assert 'value="announce"' in page  # none of it prevents the announcement
    assert f'href="{at(draft, "preview/")}"' in page
    assert f'href="{at(draft, "state/")}"' in sign_in(organizer).get(at(draft, "preview/")).content.decode()


def test_what_is_required_takes_the_button_away(sign_in, organizer, draft):
    Consultation.objects.filter(pk=draft.pk).update(closes_at=None)
    page = sign_in(organizer).get(at(draft, "state/")).content.decode()
    assert f'href="{at(draft, "edit/")}#id_closes_at"' in page
    assert 'value="announce"' not in page


def test_mail_that_cannot_be_sent_is_listed(sign_in, organizer, draft, settings):
    settings.MAILERS = {}
    page = text(sign_in(organizer).get(at(draft, "state/")))
    assert "No mail server is set up, so no one can sign up or receive e-mails." in page


def test_an_organizer_of_the_consultation_alone_is_not_sent_to_pages_of_the_site(sign_in, draft):
    someone = world.grant(world.person("Only here"), draft, "organizer")
    assert Role.objects.filter(consultation=draft).count() == 2
    page = sign_in(someone).get(at(draft, "state/")).content.decode()
    assert "The site has no contact address." in page
    assert "/en/desk/installation/" not in page
