"""The glossary at the desk: finding, adding and changing terms through forms, export and import of files."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import Words
from plenara.documents.models import IncomingFile, Term
from tests.documents.making import fresh
from tests.hostile import EVERYTHING
from tests.summaries.answers import body, hidden
from tests.summaries.harmless import assert_is_harmless

pytestmark = pytest.mark.django_db

HERE = "/en/desk/consultations/internet-governance/glossary/"


@pytest.fixture
def term(rapporteur, consultation):
    words = {"en": Words("hub", ("node",)), "ar": Words("مركز")}
    return glossary.add_term(actor=rapporteur, consultation=consultation, words=words, note="A place.")


def form_of(answer):
    """Return what the page's form would send."""
    page = body(answer)
    form = {name: hidden(answer, name) for name in re.findall(r'name="((?:was_\w\w|note_was|key|word_\w\w))"', page)}
    found = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return form | {name: text.strip() for name, text in found}


def csv(text, name="terms.csv"):
    return SimpleUploadedFile(name, text.encode())


def test_a_term_is_added_through_the_form_and_found(sign_in, rapporteur, consultation):
    client = sign_in(rapporteur)
    form = form_of(client.get(f"{HERE}new/")) | {"word_en": "hub", "also_en": "node\nhub site", "word_zh": "节点"}
    for _ in range(2):  # a double click
        assert client.post(f"{HERE}new/", form).url == HERE
    term = Term.objects.get()
    assert (term.words, term.also) == ({"en": "hub", "zh": "节点"}, {"en": ["node", "hub site"]})
    assert "节点" in body(client.get(HERE))
    assert "节点" in body(client.get(f"{HERE}?q=NODE"))
    assert "No term contains these characters. Check the spelling." in body(client.get(f"{HERE}?q=zebra"))


def test_a_wrong_form_keeps_what_was_typed(sign_in, rapporteur, consultation):
    client = sign_in(rapporteur)
    form = {"word_en": "x" * 121, "also_fr": "pôle", "note": "Typed."}
    answer = client.post(f"{HERE}new/", form)
    assert answer.status_code == 422
    for text in form.values():
        assert text in body(answer)
    assert not Term.objects.exists()


def test_a_term_is_changed_and_a_stale_form_gets_409_and_loses_nothing(sign_in, rapporteur, organizer, term):
    client = sign_in(rapporteur)
    form = form_of(client.get(f"{HERE}{term.pk}/"))
    was = {"ar": glossary.words_of(term, "ar").stamp}
    glossary.edit_term(actor=organizer, term=term, words={"ar": Words("محور")}, was=was)
    answer = client.post(f"{HERE}{term.pk}/", form | {"word_ar": "عقدة", "word_fr": "pôle"})
    assert answer.status_code == 409
    for text in ("محور", "عقدة", "pôle"):
        assert text in body(answer)
    assert fresh(term).words == {"en": "hub", "ar": "محور"}
    again = form_of(answer)
    assert client.post(f"{HERE}{term.pk}/", again).status_code == 302
    assert fresh(term).words == {"en": "hub", "ar": "عقدة", "fr": "pôle"}
    assert fresh(term).also == {"en": ["node"]}


def test_a_translator_changes_one_language_whatever_they_send(sign_in, translator, term):
    client = sign_in(translator)
    page = client.get(f"{HERE}{term.pk}/")
    assert re.findall(r'name="word_(\w\w)"', body(page)) == ["ar"]
    sent = form_of(page) | {"word_ar": "محور", "word_en": "Owned", "note": "Owned"}
    assert client.post(f"{HERE}{term.pk}/", sent).status_code == 302
    assert fresh(term).words == {"en": "hub", "ar": "محور"}
    assert fresh(term).note == "A place."
    for address in (f"{HERE}new/", f"{HERE}{term.pk}/delete/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"word_ar": "Owned", "was": glossary.stamp(fresh(term))}).status_code == 403


def test_a_term_is_deleted_after_a_last_look(sign_in, rapporteur, organizer, term):
    client = sign_in(rapporteur)
    seen = hidden(client.get(f"{HERE}{term.pk}/delete/"), "was")
    glossary.edit_term(actor=organizer, term=term, words={"fr": Words("pôle")}, was={"fr": Words().stamp})
    answer = client.post(f"{HERE}{term.pk}/delete/", {"was": seen})
    assert answer.status_code == 409
    assert "pôle" in body(answer)
    for _ in range(2):
        assert client.post(f"{HERE}{term.pk}/delete/", {"was": hidden(answer, "was")}).url == HERE
    assert not Term.objects.exists()


def test_a_term_of_another_consultation_is_not_here(sign_in, rapporteur, elsewhere):
    term = Term.objects.create(consultation=elsewhere, words={"en": "theirs"})
    client = sign_in(rapporteur)
    for address in (f"{HERE}{term.pk}/", f"{HERE}{term.pk}/delete/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{HERE}{term.pk}/", {"word_en": "Owned"}).status_code == 404


def test_hostile_words_stay_words(sign_in, rapporteur, consultation):
    fitting = [each for each in EVERYTHING if 0 < len(each) <= glossary.MOST_WORD and "|" not in each]
    for each in fitting[:45]:
        words = {"en": glossary.words_typed(each, ""), "ar": glossary.words_typed("x", each)}
        term = glossary.add_term(actor=rapporteur, consultation=consultation, words=words, note=each)
    client = sign_in(rapporteur)
    for address in (HERE, f"{HERE}{term.pk}/", f"{HERE}{term.pk}/delete/"):
        assert_is_harmless(body(client.get(address)))


@pytest.mark.once
def test_the_list_asks_the_same_whatever_its_length(sign_in, rapporteur, consultation, term):
    client = sign_in(rapporteur)
    client.get(HERE)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HERE).status_code == 200
        return len(asked)

    few = queries()
    Term.objects.bulk_create(Term(consultation=consultation, words={"en": f"w{n}"}) for n in range(300))
    assert queries() == few
    assert body(client.get(f"{HERE}?from=101")).count("<tr>") == 51
    assert client.get(f"{HERE}?from=99999999999999999999").status_code == 200


@pytest.mark.parametrize(("ending", "kind"), [("csv", "text/csv; charset=utf-8"), ("tbx", "application/x-tbx")])
def test_the_glossary_leaves_as_a_file_with_its_name_and_type(ending, kind, sign_in, translator, term):
    answer = sign_in(translator).get(f"{HERE}glossary.{ending}")
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="internet-governance-glossary.{ending}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "مركز".encode() in answer.content


def test_a_file_is_shown_before_it_is_taken(sign_in, rapporteur, term):
    client = sign_in(rapporteur)
    file = csv("en,fr,ru\nhub,pôle,\nwire,,провод\n,,\n" + "x" * 121 + ",,\n")
    answer = client.post(f"{HERE}import/", {"file": file})
    shown = body(client.get(answer.url))
    for text in ("pôle", "провод", "This text has 121 characters."):
        assert text in shown
    assert Term.objects.count() == 1
    assert client.post(answer.url).url == HERE
    assert fresh(term).words["fr"] == "pôle"
    assert Term.objects.count() == 2
    assert client.post(answer.url).status_code == 302  # a double click
    assert Term.objects.count() == 2
    assert "already been imported" in body(client.get(answer.url))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose the file."),
        (csv(""), "The file is empty. Choose another file."),
        (csv("word,translation\na,b"), "The first row must contain the column names"),
        (csv("<martif><!-- not closed", "a.tbx"), "The file cannot be read"),
        (csv("<html></html>", "a.tbx"), "This is not a TBX file. Upload a TBX file."),
        (csv('<!DOCTYPE martif [<!ENTITY a "b">]><martif>&a;</martif>', "a.tbx"), "declares its own XML entities"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_kept_nowhere(file, sentence, sign_in, rapporteur, consultation):
    if file:
        file.seek(0)
    answer = sign_in(rapporteur).post(f"{HERE}import/", {"file": file} if file else {})
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert not IncomingFile.objects.exists()


def test_a_file_waits_for_whoever_uploaded_it_alone(sign_in, rapporteur, organizer, consultation):
    address = sign_in(rapporteur).post(f"{HERE}import/", {"file": csv("en\nwire")}).url
    client = sign_in(organizer)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert not Term.objects.exists()


def test_the_consultations_desk_leads_to_the_glossary(sign_in, translator, moderator, consultation):
    assert HERE in body(sign_in(translator).get("/en/desk/consultations/internet-governance/summaries/"))
    assert sign_in(moderator).get(HERE).status_code == 403
