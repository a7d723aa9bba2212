"""The consultation's own texts: what is missing or outdated, saved as drafts, public once they are reviewed."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.consultations import actions, queries
from plenara.consultations.actions.translations import Typed
from plenara.consultations.models import Consultation, TextTranslation
from plenara.consultations.presenters.desk import pending_texts
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.core.text import digest
from tests import world
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
TEXTS = "/en/desk/consultations/internet-governance/translations/"


@pytest.fixture
@made_once
def consultation(db):
    """In English and French alone."""
    made = world.consultation(languages=["en"], title={"en": "Cables", "fr": "Câbles"}, intro={"en": "Two questions."})
    for thread in made.threads.all():
        thread.question, thread.guidance = {"en": f"Who pays for cable {thread.number}?"}, {}
        thread.save()
    return made


@pytest.fixture
@made_once
def translator(consultation):
    return world.grant(world.person("Claire Dubois"), consultation, "translator", "fr")


@pytest.fixture
@made_once
def organizer(consultation):
    return world.grant(world.person("Fatou Ndiaye"), consultation, "organizer")


def fresh(consultation):
    return Consultation.objects.get(pk=consultation.pk)


def pairs(consultation, language="fr"):
    return {each.place.key: each for each in queries.pairs_of(fresh(consultation), language)}


def typed(consultation, words, language="fr", **more):
    known = pairs(consultation, language)
    return {
        key: Typed(text, was=digest(known[key].text), source=known[key].made_from, **more)
        for key, text in words.items()
    }


def saved(someone, consultation, words, language="fr", **more):
    return actions.save_texts(
        actor=someone, consultation=consultation, language=language, typed=typed(consultation, words, language, **more)
    )


def sentences(person, consultation):
    return [each.sentence for each in pending_texts(world.Person.objects.get(pk=person.pk), [fresh(consultation)])]


def test_what_is_missing_in_a_language_waits_at_the_desk_of_its_translator(consultation, translator, sign_in):
    assert sentences(translator, consultation) == ["3 texts of the consultation are waiting for translation (French)."]
    client = sign_in(translator)
    desk = client.get("/en/desk/").content.decode()
    assert f"{TEXTS}fr/" in desk and "You have no tasks" not in desk
    assert f"{TEXTS}fr/" in client.get("/en/desk/translations/").content.decode()
    page = client.get(f"{TEXTS}fr/").content.decode()
    assert "Who pays for cable 1?" in page and page.count("not translated</span>") == 4  # each, and the count


def test_a_translation_is_a_draft_until_somebody_else_reviews_it_and_says_who_may(
    consultation, translator, organizer, sign_in
):
    thread = consultation.threads.get(number=1)
    client, key = sign_in(translator), f"question:{thread.pk}"
    page = client.get(f"{TEXTS}fr/").content.decode()
    form = {name: html.unescape(value) for name, value in re.findall(r'name="((?:w|s)-[^"]+)" value="([^"]*)"', page)}
    form |= {f"t-{key}": "Qui paie le câble 1 ?", "t-intro": "Deux questions.", "t-title": "Câbles"}
    after = client.post(f"{TEXTS}fr/", form, follow=True).content.decode()
    assert "2 to be reviewed" in after and "These people can review what you translated: Fatou Ndiaye" in after
    assert "Mark as reviewed" not in after
    assert "fr" not in fresh(consultation).intro  # not public yet
    assert actions.review_texts(actor=translator, consultation=consultation, language="fr") == 0
    assert "2 translated texts of the consultation are waiting for review (French)." in sentences(
        organizer, consultation
    )
    client = sign_in(organizer)
    assert "2 texts have been reviewed." in client.post(f"{TEXTS}fr/", {"act": "review"}, follow=True).content.decode()
    thread.refresh_from_db()
    assert (thread.question["fr"], fresh(consultation).intro["fr"]) == ("Qui paie le câble 1 ?", "Deux questions.")
    row = TextTranslation.objects.get(place=key)
    assert (row.translator, row.reviewer) == (translator, organizer)
    assert "Qui paie le câble 1 ?" in client.get("/fr/consultations/internet-governance/threads/1/").content.decode()
    assert sentences(organizer, consultation) == []


def test_a_changed_original_makes_its_translations_outdated_and_no_other(consultation, translator, organizer):
    actions.edit(actor=organizer, consultation=consultation, title={"en": "Cables at sea", "fr": "Câbles"})
    assert pairs(consultation)["title"].is_outdated
    actions.edit(actor=organizer, consultation=consultation, title={"en": "Sea cables", "fr": "Câbles sous-marins"})
    assert not pairs(consultation)["title"].is_outdated
    actions.edit(actor=organizer, consultation=consultation, intro={"en": "Three questions."})
    assert not pairs(consultation)["title"].is_outdated
    actions.edit(actor=organizer, consultation=consultation, title={"en": "All cables", "fr": "Câbles sous-marins"})
    saved(translator, consultation, {"title": "Câbles sous-marins"}, confirmed=True)
    assert pairs(consultation)["title"].needs_review
    assert actions.review_texts(actor=organizer, consultation=consultation, language="fr") == 1
    assert not pairs(consultation)["title"].is_outdated and not pairs(consultation)["title"].is_draft


def test_where_there_is_nobody_else_the_translator_reviews(consultation, translator):
    saved(translator, consultation, {"intro": "Deux questions."})
    assert actions.review_texts(actor=translator, consultation=consultation, language="fr") == 1
    assert fresh(consultation).intro["fr"] == "Deux questions."


def test_words_that_readers_saw_stay_readable_when_a_reviewed_translation_replaces_them(
    consultation, translator, organizer
):
    thread = consultation.threads.get(number=1)
    thread.question["fr"] = "Qui paie ?"
    thread.save()
    saved(translator, consultation, {f"question:{thread.pk}": "Qui paie le câble ?"})
    actions.review_texts(actor=organizer, consultation=consultation, language="fr")
    thread.refresh_from_db()
    assert [each["earlier"] for each in thread.rewordings] == ["Qui paie ?"]


def test_of_two_who_write_at_once_nobody_loses_a_word(consultation, translator, organizer, sign_in):
    own = typed(consultation, {"intro": "À moi.", "title": "Câbles"})
    saved(organizer, consultation, {"intro": "À elle."})
    conflicts = actions.save_texts(actor=translator, consultation=consultation, language="fr", typed=own)
    assert conflicts == ["intro"] and pairs(consultation)["intro"].text == "À elle."
    form = {"t-intro": "À moi.", "w-intro": digest(""), "s-intro": own["intro"].source}
    answer = sign_in(translator).post(f"{TEXTS}fr/", form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "À moi." in page and "À elle." in page


def test_who_does_not_translate_into_the_language_neither_sees_nor_writes_it(
    consultation, translator, moderator, sign_in
):
    assert sign_in(translator).get(f"{TEXTS}ru/").status_code == 403
    assert sign_in(translator).get(f"{TEXTS}xx/").status_code == 404
    for someone, language in ((translator, "ru"), (moderator, "fr"), (world.person("Stranger"), "fr")):
        with pytest.raises(NotPermitted):
            saved(someone, consultation, {"intro": "X"}, language)
        with pytest.raises(NotPermitted):
            actions.review_texts(actor=someone, consultation=consultation, language=language)


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_field(consultation, translator, sign_in):
    with pytest.raises(InvalidInput):
        saved(translator, consultation, {"title": "x" * 2000})
    form = {"t-title": "x" * 2000, "w-title": digest("Câbles"), "s-title": ""}
    answer = sign_in(translator).post(f"{TEXTS}fr/", form)
    assert answer.status_code == 422 and "x" * 2000 in answer.content.decode()


def test_a_machine_makes_drafts_that_are_labelled_and_that_a_person_reviews(
    consultation, translator, settings, machine, sign_in
):
    client = sign_in(translator)
    assert "Request machine translation of the missing texts" not in client.get(f"{TEXTS}fr/").content.decode()
    with pytest.raises(InvalidInput):
        actions.ask_machine_for_texts(actor=translator, consultation=consultation, language="fr")
    settings.TRANSLATION = machine.model(name="small-model")
    machine.answer = lambda request: {
        "translations": [f"[fr] {each}" for each in json.loads(request.body["messages"][1]["content"])["texts"]]
    }
    assert (
        "The machine translation is in progress."
        in client.post(f"{TEXTS}fr/", {"act": "ask"}, follow=True).content.decode()
    )
    run_all()
    page = client.get(f"{TEXTS}fr/").content.decode()
    assert "[fr] Two questions." in page and page.count("machine translation by <bdi>small-model</bdi>") == 3
    assert "fr" not in fresh(consultation).intro
    saved(translator, consultation, {"intro": "Deux questions."})
    assert TextTranslation.objects.get(place="intro").machine == ""
    assert "Mark as reviewed" in client.get(f"{TEXTS}fr/").content.decode()


def test_the_number_of_queries_does_not_grow_with_questions_or_consultations(consultation, translator):
    def queries(where):
        person = world.Person.objects.get(pk=translator.pk)
        with CaptureQueriesContext(connection) as found:
            pending_texts(person, where)
        return len(found)

    few = queries([fresh(consultation)])
    others = [world.consultation(f"other-{number}", threads=5) for number in range(3)]
    for each in others:
        world.grant(translator, each, "translator", "ru")
    assert queries([fresh(each) for each in (consultation, *others)]) == few
