"""Who may open which page of a consultation's desk."""

import pytest

from plenara.consultations.models import Role
from plenara.core import clock
from tests import world
from tests.consultations.pages import at, text

pytestmark = pytest.mark.django_db

ORGANIZERS_ONLY = ["edit/", "threads/", "threads/new/", "threads/1/", "roles/", "extend/", "close/", "state/"]


@pytest.fixture
def signed_in(sign_in, request):
    """A function that signs in one of the cast by name."""
    return lambda name: sign_in(request.getfixturevalue(name))


@pytest.mark.once
@pytest.mark.parametrize("tail", ["", *ORGANIZERS_ONLY])
def test_a_stranger_is_sent_to_sign_in(client, consultation, tail):
    response = client.get(at(consultation, tail))
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


@pytest.mark.once
@pytest.mark.parametrize("tail", ["", *ORGANIZERS_ONLY])
def test_its_organizer_opens_every_page(signed_in, consultation, tail):
    assert signed_in("organizer").get(at(consultation, tail)).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("name", ["moderator", "rapporteur", "translator"])
def test_others_with_a_role_see_the_overview_alone(signed_in, consultation, name):
    client = signed_in(name)
    assert client.get(at(consultation)).status_code == 200
    for tail in ORGANIZERS_ONLY:
        assert client.get(at(consultation, tail)).status_code == 403
        assert client.post(at(consultation, tail)).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("name", ["participant", "moderator_elsewhere", "operator", "founder"])
def test_who_has_no_role_in_it_opens_none(signed_in, consultation, name):
    client = signed_in(name)
    for tail in ["", *ORGANIZERS_ONLY]:
        assert client.get(at(consultation, tail)).status_code == 403
        assert client.post(at(consultation, tail)).status_code in {403, 405}


@pytest.mark.once
@pytest.mark.parametrize("name", ["participant", "moderator", "operator", "organizer"])
def test_a_draft_is_not_there_for_who_has_no_role_in_it(signed_in, draft, name):
    client = signed_in(name)
    for tail in ["", *ORGANIZERS_ONLY]:
        assert client.get(at(draft, tail)).status_code == 404
    assert client.get(at("no-such-consultation")).status_code == 404


def test_a_suspended_organizer_is_refused_with_the_reason(sign_in, organizer, consultation):
    organizer.suspended_at = clock.now()
    organizer.save()
    response = sign_in(organizer).get(at(consultation, "edit/"))
    assert response.status_code == 403
    assert "suspended" in text(response)


def test_a_role_that_was_taken_away_closes_the_view_at_the_next_request(sign_in, moderator, consultation):
    client = sign_in(moderator)
    assert client.get(at(consultation)).status_code == 200
    Role.objects.filter(person=moderator).delete()
    assert client.get(at(consultation)).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "status"), [("founder", 200), ("participant", 403), ("moderator", 403), ("operator", 403)]
)
def test_only_organizers_of_the_installation_open_the_form_of_a_new_one(signed_in, consultation, name, status):
    assert signed_in(name).get("/en/desk/consultations/new/").status_code == status


@pytest.mark.parametrize("number", [0, 3, 99999999999999999999])
def test_a_question_that_is_not_there_is_not_found(signed_in, consultation, number):
    assert signed_in("organizer").get(at(consultation, f"threads/{number}/")).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_every_page_opens_in_every_language(signed_in, consultation, language):
    client = signed_in("organizer")
    for tail in ["", *ORGANIZERS_ONLY]:
        assert client.get(at(consultation, tail, language)).status_code == 200


def test_the_overview_shows_the_address_of_its_page_in_one_direction_in_every_language(signed_in, consultation):
    page = signed_in("organizer").get(f"/ar/desk/consultations/{consultation.slug}/").content.decode()
    assert f'<bdi dir="ltr">/ar/consultations/{consultation.slug}/</bdi>' in page


def test_the_overview_needs_a_fixed_number_of_queries(signed_in, consultation, django_assert_max_num_queries):
    client = signed_in("organizer")
    for number in range(10):
        world.grant(world.person(f"M {number}"), consultation, "moderator")
    client.get(at(consultation))
    with django_assert_max_num_queries(30):
        client.get(at(consultation))
