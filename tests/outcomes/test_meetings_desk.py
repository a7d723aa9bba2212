"""Meetings at the desk: an event gets an agenda, matters are found, files requested, decisions added."""

import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.tasks import run_all
from plenara.documents.presenters import pdf
from plenara.outcomes import actions
from plenara.outcomes.models import AgendaItem, Dossier, ItemMatter, MeetingDecision
from tests.outcomes.making import fresh
from tests.outcomes.test_meetings import AFTER

pytestmark = pytest.mark.django_db

DESK = "/en/desk/outcomes/wgig/meetings/"


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


@pytest.fixture
def desk(sign_in, drafter):
    return sign_in(drafter)


@pytest.fixture
def page(dossier):
    return f"{DESK}{dossier.event.number}/"


def test_an_event_of_the_calendar_gets_a_dossier(desk, event):
    assert "Second meeting" in desk.get(DESK).content.decode()
    answer = desk.post(DESK, {"event": event.pk})
    assert answer["Location"] == f"{DESK}{event.number}/"
    assert desk.post(DESK, {"event": event.pk}).status_code == 422  # it is no longer offered
    assert Dossier.objects.count() == 1
    assert desk.post(DESK, {"event": ""}).status_code == 422


def test_without_an_event_the_page_says_what_to_do(desk, body):
    assert "Propose an event" in desk.get(DESK).content.decode()


def test_an_agenda_is_written_in_order(desk, page, dossier, item):
    answer = desk.post(f"{page}items/new/", {"title_en": "The roles", "title_fr": "Les rôles", "note_en": "Two hours."})
    made = AgendaItem.objects.get(number=2)
    assert answer["Location"] == f"{page}items/{made.pk}/"
    assert made.title == {"en": "The roles", "fr": "Les rôles"}
    desk.post(page, {"item": made.pk, "to": 1})
    assert list(dossier.items.values_list("title__en", flat=True)) == ["The roles", "The definition"]
    desk.post(page, {"item": made.pk, "do": "delete"})
    assert (
        "Someone else has removed this item"
        in desk.post(page, {"item": made.pk, "do": "delete"}, follow=True).content.decode()
    )
    assert dossier.items.get() == item


def test_what_was_typed_comes_back_with_the_error(desk, page):
    answer = desk.post(f"{page}items/new/", {"note_en": "Two hours."})
    assert answer.status_code == 422
    assert "Two hours." in answer.content.decode()


def test_two_who_edit_an_item_both_see_their_words(desk, page, item, organizer):
    form = desk.get(f"{page}items/{item.pk}/").context["form"]
    sent = {"title_en": "Mine", "stamp": form.initial["stamp"], "seen": form.initial["seen"]}
    actions.edit_item(actor=organizer, item=item, title={"en": "Theirs"}, note={})
    answer = desk.post(f"{page}items/{item.pk}/", sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Mine" in html and "Theirs" in html


def test_matters_are_found_added_and_taken_away(desk, page, item, version, outcome, edition):
    where = f"{page}items/{item.pk}/"
    assert f'value="outcome:{outcome.pk}"' in desk.get(where).content.decode()
    assert f'value="outcome:{outcome.pk}:1"' in desk.get(f"{where}?q=management").content.decode()
    found = desk.get(f"{where}?q={edition.symbol}").content.decode()
    assert f'value="contribution:{edition.contribution_id}"' in found
    assert "No text was found" in desk.get(f"{where}?q=zzzz%00").content.decode()
    chosen = [f"outcome:{outcome.pk}:1", f"contribution:{edition.contribution_id}", "outcome:x", "summary:99999"]
    answer = desk.post(f"{where}matters/", {"chosen": chosen})
    assert answer["Location"] == f"{where}#matters"
    assert ItemMatter.objects.count() == 2
    desk.post(f"{where}matters/", {"chosen": chosen})
    assert ItemMatter.objects.count() == 2
    desk.post(f"{where}matters/", {"take": ItemMatter.objects.first().pk})
    assert ItemMatter.objects.count() == 1
    assert "Choose at least one text" in desk.post(f"{where}matters/", {}, follow=True).content.decode()


def test_the_agenda_is_shown_and_its_files_are_made_with_progress(desk, page, dossier, item, version, outcome, client):
    actions.add_matter(actor=dossier.created_by, item=item, outcome=outcome)
    desk.post(page, {"do": "publish"})
    assert fresh(dossier).published_at
    desk.post(page, {"do": "files", "language": "en"})
    assert "requested" in desk.get(page).content.decode()
    run_all()
    html = desk.get(page).content.decode()
    assert f"{page}dossier-en.pdf" in html and "Create again" in html
    answer = desk.get(f"{page}dossier-en.zip")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert desk.get(f"{page}dossier-fr.zip").status_code == 404
    assert "could not" not in html
    desk.post(page, {"do": "files", "language": "de"})


def test_decisions_and_the_report_are_written_after_the_meeting(desk, page, item, version, outcome, dossier, client):
    early = desk.post(f"{page}decisions/new/", {"text_en": "Adopted."})
    assert early.status_code == 422 and "has not started" in early.content.decode()
    with clock.at(AFTER):
        sent = {"text_en": "The definition is adopted.", "item": item.pk, f"paragraphs_{outcome.pk}": "1"}
        assert desk.post(f"{page}decisions/new/", {**sent, f"paragraphs_{outcome.pk}": "1, 7"}).status_code == 422
        assert desk.post(f"{page}decisions/new/", sent)["Location"] == f"{page}#decisions"
        decision = MeetingDecision.objects.get()
        assert list(decision.paragraphs.values_list("outcome", "mark")) == [(outcome.pk, 1)]
        form = desk.get(f"{page}decisions/1/").context["form"]
        stamps = {"stamp": form.initial["stamp"], "seen": form.initial["seen"]}
        desk.post(f"{page}decisions/1/", {**sent, "text_en": "The working definition is adopted.", **stamps})
        form = desk.get(f"{page}report/").context["form"]
        stamps = {"stamp": form.initial["stamp"], "seen": form.initial["seen"]}
        desk.post(f"{page}report/", {"report_en": "Forty met.", "is_shown": "on", **stamps})
    assert fresh(dossier).reported_at
    html = client.get(f"/en/events/{dossier.event.number}/dossier/").content.decode()
    assert "The working definition is adopted." in html and "Forty met." in html


def test_observers_read_and_change_nothing(sign_in, observer, page, item):
    desk = sign_in(observer)
    html = desk.get(page).content.decode()
    assert "The definition" in html and "Add an item" not in html
    assert desk.get(f"{page}items/new/").status_code == 403
    assert desk.post(page, {"do": "publish"}).status_code == 403
    assert fresh(item.dossier).published_at is None


def test_the_wrong_hand_changes_nothing(sign_in, observer, page, item, event):
    desk, before = sign_in(observer), AuditEntry.objects.count()
    sent = {
        DESK: {"event": event.pk},
        page: {"do": "files", "language": "en"},
        f"{page}intro/": {"intro_en": "Owned"},
        f"{page}items/new/": {"title_en": "Owned"},
        f"{page}items/{item.pk}/": {"title_en": "Owned"},
        f"{page}items/{item.pk}/matters/": {"chosen": "outcome:1"},
        f"{page}report/": {"report_en": "Owned"},
        f"{page}decisions/new/": {"text_en": "Owned"},
    }
    assert {address: desk.post(address, form).status_code for address, form in sent.items()} == dict.fromkeys(sent, 403)
    assert AuditEntry.objects.count() == before


def test_who_is_not_of_the_body_sees_no_meeting(sign_in, participant, page, body):
    assert sign_in(participant).get(page).status_code in {403, 404}


def test_an_address_that_names_nothing_is_not_there(desk, page, item):
    for address in (f"{DESK}99/", f"{page}items/99999/", f"{page}decisions/3/"):
        assert desk.get(address).status_code == 404


def test_the_words_of_a_long_matter_end_with_a_word():
    words = SimpleNamespace(text="Interconnection and its prices " * 20, language="en")
    each = SimpleNamespace(url="/x", label="Paragraph 2", words=words)
    shown = render_to_string("outcomes/matter.html", {"each": each})
    assert re.search(r"\b(Interconnection|and|its|prices)\xa0…", shown), shown
