"""The desk's review and its translations through their forms; nothing typed is lost."""

import re

import pytest

from plenara.contributions.actions import withdraw
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition
from tests import world
from tests.summaries import making
from tests.summaries.answers import body, textarea, translation_form

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


def test_review_approval_and_publication_by_their_buttons(sign_in, rapporteur, organizer, summary, statement, desk):
    client = sign_in(rapporteur)
    assert "Nothing prevents publication" in body(client.get(f"{desk}review/"))
    for _click in range(2):
        assert client.post(f"{desk}review/", {"act": "submit_for_review"}).url == f"{desk}review/"
    assert 'value="approve"' not in body(client.get(f"{desk}review/"))
    for form in (f"{desk}statements/{statement.pk}/", f"{desk}statements/new/"):  # shown before anybody writes
        assert "Only a draft can be changed." in body(client.get(form))
    assert client.post(f"{desk}review/", {"act": "approve"}).status_code == 403
    client = sign_in(organizer)
    assert 'value="approve"' in body(client.get(f"{desk}review/"))
    for act in ("approve", "approve", "publish", "publish"):
        assert client.post(f"{desk}review/", {"act": act}).status_code == 302
    assert DocumentEdition.objects.get().number == 1
    assert "/en/consultations/internet-governance/summaries/1/" in body(client.get(f"{desk}review/"))
    client.post(f"{desk}review/", {"act": "reopen"})
    assert making.fresh(summary.document).state == "draft"
    assert client.post(f"{desk}review/", {"act": "burn"}).status_code == 404


def test_the_gate_is_listed_and_keeps_it_from_approval(
    sign_in, rapporteur, organizer, author, summary, statement, edition, desk
):
    making.statement(rapporteur, summary.document, "Nobody said so.")
    withdraw(actor=author, contribution=edition.contribution)
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    client = sign_in(organizer)
    found = body(client.get(f"{desk}review/"))
    assert f"This text cites {edition.symbol}, which was withdrawn or removed." in found
    assert "This text has no citations." in found
    answer = client.post(f"{desk}review/", {"act": "approve"})
    assert answer.status_code == 422
    assert "3 problems prevent publication" in body(answer)  # the question is empty without it


def test_sending_back_keeps_a_note_that_is_too_long(sign_in, rapporteur, organizer, summary, statement, desk):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    client = sign_in(organizer)
    answer = client.post(f"{desk}review/", {"act": "send_back", "note": "x" * 4001})
    assert answer.status_code == 422
    assert textarea(answer, "note") == "x" * 4001
    client.post(f"{desk}review/", {"act": "send_back", "note": "Who says so?"})
    assert "Who says so?" in body(sign_in(rapporteur).get(desk))


def test_a_translator_translates_and_another_reviews_and_publishes(
    sign_in, rapporteur, organizer, translator, published, summary, desk
):
    address = f"{desk}renditions/ar/"
    client = sign_in(translator)
    form = {**translation_form(client.get(address), "تصل الوثائق متأخرة."), "title": "عنوان", "act": "save"}
    assert client.post(address, form).status_code == 302
    opened = client.get(address)
    assert "1 of 1 texts are translated" in body(opened)
    assert 'value="review"' not in body(opened)
    client = sign_in(rapporteur)
    theirs = client.get(address)
    assert 'value="review"' in body(theirs)
    form = {**translation_form(theirs, "تصل الوثائق متأخرة."), "title": "عنوان", "act": "review"}
    assert client.post(address, form).status_code == 302
    assert client.post(address, {"act": "publish"}).status_code == 302
    assert "عنوان" in body(client.get("/ar/consultations/internet-governance/summaries/1/"))


def test_two_translators_hear_of_each_other_and_nothing_typed_is_lost(
    sign_in, rapporteur, translator, consultation, summary, statement, desk
):
    other = world.grant(world.person("Samir Haddad", language="ar"), consultation, "translator", "ar")
    second = making.statement(rapporteur, summary.document, "Second.", kind="frame")
    third = making.statement(rapporteur, summary.document, "Third.", kind="frame")
    address = f"{desk}renditions/ar/"
    client = sign_in(translator)
    form = translation_form(client.get(address), "mine {}")
    form[f"t{third.pk}"] = ""
    their = sign_in(other)
    theirs = translation_form(their.get(address), "theirs {}") | {"title": "Theirs"}
    theirs[f"t{second.pk}"] = ""
    their.post(address, theirs)
    answer = sign_in(translator).post(address, form | {"title": "Mine", "act": "save"})
    assert answer.status_code == 409
    page = body(answer)
    assert "Samir Haddad" in page
    assert textarea(answer, f"t{statement.pk}") == f"mine {statement.pk}"
    assert f"theirs {statement.pk}" in page
    assert textarea(answer, f"t{second.pk}") == f"mine {second.pk}"
    # Untouched fields show the other person's words, so that saving again does not undo them.
    assert textarea(answer, f"t{third.pk}") == f"theirs {third.pk}"
    assert 'value="Mine"' in page
    assert "Theirs" in page


def test_an_outdated_statement_shows_what_changed_and_can_be_confirmed(
    sign_in, rapporteur, translator, summary, statement, desk
):
    making.translated(translator, summary.document, "ar")
    document_actions.edit_paragraph(
        actor=rapporteur,
        paragraph=statement,
        kind="concern",
        text="Documents come far too late.",
        was=making.stamp(statement),
    )
    address, client = f"{desk}renditions/ar/", sign_in(translator)
    opened = client.get(address)
    assert re.search(r"<ins>.*?\bfar\b.*?</ins>", body(opened))
    form = translation_form(opened, "") | {f"t{statement.pk}": textarea(opened, f"t{statement.pk}")}
    client.post(address, form | {f"ok{statement.pk}": "on", "act": "save"})
    assert "<ins>" not in body(client.get(address))


def test_a_long_summary_is_translated_page_by_page(sign_in, rapporteur, translator, summary, desk):
    for number in range(60):
        making.statement(rapporteur, summary.document, f"Number {number}.", kind="frame")
    address, client = f"{desk}renditions/ar/", sign_in(translator)
    assert len(re.findall(r"<textarea id=.t", body(client.get(address)))) == 40
    assert len(re.findall(r"<textarea id=.t", body(client.get(f"{address}?from=41")))) == 20
    form = translation_form(client.get(f"{address}?from=41"), "نص {}") | {"act": "save"}
    assert client.post(f"{address}?from=41", form).url == f"{address}?from=41"
    for wrong in ("nonsense", "0", "9" * 5000):
        assert len(re.findall(r"<textarea id=.t", body(client.get(f"{address}?from={wrong}")))) == 40


def test_a_translation_that_is_refused_keeps_what_was_typed(sign_in, rapporteur, translator, statement, summary, desk):
    address, client = f"{desk}renditions/ar/", sign_in(translator)
    form = translation_form(client.get(address), "x" * 4001) | {"act": "save"}
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert textarea(answer, f"t{statement.pk}") == "x" * 4001
    assert client.post(f"{desk}renditions/ru/", form).status_code == 403
    assert client.post(f"{desk}renditions/en/", form).status_code == 403
    assert client.get(f"{desk}renditions/de/").status_code == 404
