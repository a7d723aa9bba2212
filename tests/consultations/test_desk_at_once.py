"""Two people at one form of the desk: the second hears of the first, and nothing that either typed is lost."""

import pytest

from plenara.consultations.models import Consultation
from tests import world
from tests.consultations.pages import at, filled, text
from tests.consultations.test_desk_forms import send

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the acts behind them are tested on both


@pytest.fixture
def desk(sign_in, founder, draft):
    """The browser of the draft's organizer."""
    return sign_in(founder)


@pytest.fixture
def other(draft):
    """A second organizer of the draft, with a browser of their own."""
    from django.test import Client

    person = world.grant(world.person("Wei Zhang"), draft, "organizer")
    client = Client()
    client.force_login(person, backend="plenara.accounts.adapter.Backend")
    return client


def test_of_two_who_edit_different_things_the_second_hears_it_and_saves_both(desk, draft, other):
    address = at(draft, "edit/")
    typed = filled(desk.get(address), title_fr="Les câbles")
    send(other, address, word_limit="900")
    response = desk.post(address, typed)
    assert response.status_code == 409
    assert "Wei Zhang" in text(response)
    merged = filled(response)
    assert (merged["title_fr"], merged["word_limit"]) == (["Les câbles"], ["900"])
    assert Consultation.objects.get(pk=draft.pk).title["fr"] == "Des câbles sous la mer"
    assert desk.post(address, merged).status_code == 302
    kept = Consultation.objects.get(pk=draft.pk)
    assert (kept.title["fr"], kept.word_limit) == ("Les câbles", 900)


def test_of_two_who_edit_the_same_the_second_sees_both_and_decides(desk, draft, other):
    address = at(draft, "edit/")
    typed = filled(desk.get(address), title_en="Mine", languages=["en", "fr", "es"], intro_en="A\r\nB")
    send(other, address, title_en="Theirs", languages=["en", "fr", "ru"])
    response = desk.post(address, typed)
    page = text(response)
    assert "Title in English" in page
    assert "Theirs" in page
    again = filled(response)
    assert (again["title_en"], again["languages"]) == (["Mine"], ["en", "fr", "es"])
    desk.post(address, again)
    assert Consultation.objects.get(pk=draft.pk).title["en"] == "Mine"


def test_a_error_and_a_conflict_together_lose_nothing(desk, draft, other):
    address = at(draft, "edit/")
    typed = filled(desk.get(address), title_fr="Les câbles", word_limit="0")
    send(other, address, title_ru="Кабели")
    response = desk.post(address, typed)
    assert response.status_code == 422
    response = desk.post(address, filled(response, word_limit="10"))
    assert response.status_code == 409
    assert filled(response)["title_ru"] == ["Кабели"]
    assert desk.post(address, filled(response)).status_code == 302


def test_a_second_click_on_save_is_no_conflict(desk, draft):
    data = filled(desk.get(at(draft, "edit/")), word_limit="900")
    assert [desk.post(at(draft, "edit/"), data).status_code for _click in range(2)] == [302, 302]


def test_two_who_edit_one_question_hear_of_it(desk, draft, other):
    address = at(draft, "threads/1/")
    typed = filled(desk.get(address), question_ru="Кто чинит?")
    send(other, address, question_en="Who mends?", question_ru="Кто?")
    response = desk.post(address, typed)
    assert response.status_code == 409
    assert "Question in Russian" in text(response)
    again = filled(response)
    assert (again["question_en"], again["question_ru"]) == (["Who mends?"], ["Кто чинит?"])
    assert desk.post(address, again).status_code == 302


def test_a_question_that_moved_in_the_meantime_is_still_the_one_that_is_saved(desk, draft, other):
    typed = filled(desk.get(at(draft, "threads/1/")), question_es="¿Quién?")
    other.post(at(draft, "threads/"), {"thread": draft.threads.get(number=1).pk, "to": "2"})
    desk.post(at(draft, "threads/1/"), typed)
    assert draft.threads.get(number=2).question["es"] == "¿Quién?"


def test_what_was_typed_for_a_question_that_was_removed_comes_back(desk, draft, other):
    typed = filled(desk.get(at(draft, "threads/2/")), question_es="¿Quién repara?")
    other.post(at(draft, "threads/"), {"thread": draft.threads.get(number=2).pk, "do": "remove"})
    response = desk.post(at(draft, "threads/2/"), typed)
    assert response.status_code == 409
    assert "¿Quién repara?" in response.content.decode()
