"""Translators' files at the desk: download, upload with a confirmation, and the memory."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.documents.exchange.validation import MOST_BYTES
from plenara.documents.models import IncomingFile, MemoryUnit, ParagraphText, Rendition
from tests.documents.exchange.making import away, translated_docx, translated_xliff
from tests.documents.exchange.xliff_structure import errors
from tests.summaries import making
from tests.summaries.answers import body
from tests.summaries.harmless import assert_is_harmless

pytestmark = pytest.mark.django_db

MEMORY = "/en/desk/consultations/internet-governance/memory/"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TMX = (
    b'<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>Yes</seg></tuv>'
    b'<tuv xml:lang="ar"><seg>\xd9\x86\xd8\xb9\xd9\x85</seg></tuv>'
    b'<tuv xml:lang="fr"><seg>Oui</seg></tuv></tu></body></tmx>'
)


@pytest.fixture
def files(desk, statement):
    """The address of the files of the summary in Arabic."""
    return f"{desk}renditions/ar/files/"


def sent(client, address, data, name="returned.xlf"):
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("which", ["rendition", "open"])
def test_a_rendition_leaves_with_its_name_and_type(which, sign_in, translator, desk, summary, statement):
    client = sign_in(translator)
    part = "-open" if which == "open" else ""
    for ending, kind in (("xlf", "application/xliff+xml"), ("docx", DOCX)):
        answer = client.get(f"{desk}renditions/ar/{which}.{ending}")
        assert answer["Content-Type"] == kind
        name = f"internet-governance-summary-draft-{summary.document_id}-ar{part}.{ending}"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    assert errors(client.get(f"{desk}renditions/ar/{which}.xlf").content) == []


def test_what_is_open_is_nothing_once_all_is_translated(sign_in, translator, desk, summary, statement):
    making.translated(translator, summary.document, "ar")
    client = sign_in(translator)
    answer = client.get(f"{desk}renditions/ar/open.xlf")
    assert answer.status_code == 409
    assert "Every text is already translated" in body(answer)
    assert "Nothing is missing or outdated." in body(client.get(f"{desk}renditions/ar/files/"))


def test_there_is_no_file_of_the_source_or_of_another_part(sign_in, translator, desk, statement):
    client = sign_in(translator)
    for address in (
        "renditions/en/rendition.xlf",
        "renditions/en/files/",
        "renditions/ar/half.xlf",
        "renditions/de/files/",
    ):
        assert client.get(f"{desk}{address}").status_code == 404


@pytest.mark.parametrize(("change", "ending"), [(translated_xliff, "xlf"), (translated_docx, "docx")])
def test_a_file_is_shown_and_then_taken_once(change, ending, sign_in, translator, files, summary, statement):
    client = sign_in(translator)
    data = change(away(summary.document, ending=ending), {"*": "وصلت الوثائق متأخرة."})
    answer = sent(client, files, data, f"returned.{ending}")
    shown = body(client.get(answer.url))
    assert "Import the correct texts" in shown
    assert 'lang="ar" dir="rtl"' in shown
    assert not ParagraphText.objects.filter(language="ar").exists()
    assert client.post(answer.url).url == files.removesuffix("files/")
    assert ParagraphText.objects.get(language="ar").text == "وصلت الوثائق متأخرة."
    assert Rendition.objects.get().state == "draft"
    second = client.post(answer.url, follow=True)  # a double click
    assert "already been imported" in body(second)
    assert "already been imported" in body(client.get(answer.url))
    assert ParagraphText.objects.filter(language="ar").count() == 1


def test_refused_parts_are_listed_with_their_reason_and_the_rest_is_taken(
    sign_in, translator, files, summary, statement, rapporteur
):
    making.statement(rapporteur, summary.document, "It covers 3 weeks.", kind="frame")
    client = sign_in(translator)
    words = {"*": "تغطي 4 أسابيع.", f"s{statement.pk}-text": "وصلت الوثائق متأخرة."}
    data = translated_xliff(away(summary.document), words)
    data = data.replace(b'id="title"', b'id="intruder"')
    address = sent(client, files, data).url
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 200
        page = body(answer)
        assert "<code>intruder</code>" in page
        assert "is in the original but not in the translation" in page
        assert "Statement 2" in page
    assert [each.paragraph_id for each in ParagraphText.objects.filter(language="ar")] == [statement.pk]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (None, "", "Choose the file."),
        (b"", "a.xlf", "The file is empty. Choose another file."),
        (b"not a file", "a.xlf", "The file cannot be read"),
        (b"not a file", "a.docx", "This is not a DOCX file."),
        (b"<tmx/>", "a.xlf", "This is not an XLIFF file. Upload an XLIFF file."),
        (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "a.xlf", "another version of XLIFF"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xliff>&a;</xliff>', "a.xlf", "declares its own XML entities"),
        (b" " * (MOST_BYTES + 1), "a.xlf", "larger than 10 MB"),
        (b" " * (3 * MOST_BYTES), "a.xlf", "larger than 10 MB"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_kept_nowhere(data, name, sentence, sign_in, translator, files):
    client = sign_in(translator)
    answer = sent(client, files, data, name) if data is not None else client.post(files, {})
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert not IncomingFile.objects.exists()


def test_a_file_of_another_language_or_document_is_refused(
    sign_in, rapporteur, consultation, files, summary, statement
):
    client = sign_in(rapporteur)
    french = sent(client, files, away(summary.document, "fr"))
    assert french.status_code == 422
    assert "This file is in Français" in body(french)
    other = making.summary(rapporteur, consultation)
    elsewhere = sent(client, files, away(other.document))
    assert "This file belongs to another document." in body(elsewhere)
    assert not IncomingFile.objects.exists()


def test_only_a_translator_of_the_language_returns_a_file(sign_in, organizer, consultation, files, summary, statement):
    from tests import world

    french = world.grant(world.person("Luc Petit", language="fr"), consultation, "translator", "fr")
    data = translated_xliff(away(summary.document), {"*": "نص"})
    for somebody in (organizer, french):
        client = sign_in(somebody)
        assert client.get(files).status_code == 200
        answer = sent(client, files, data)
        assert answer.status_code == 403
        assert "Only translators into this language can do this. Ask one of them." in body(answer)
    assert not IncomingFile.objects.exists()


def test_a_file_waits_for_whoever_uploaded_it_alone(sign_in, translator, rapporteur, files, summary, statement):
    address = sent(sign_in(translator), files, translated_xliff(away(summary.document), {"*": "نص"})).url
    client = sign_in(rapporteur)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert client.get(address.replace("/ar/", "/fr/")).status_code == 404


def test_hostile_words_of_a_file_stay_words(sign_in, translator, files, summary, statement):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202e"
    client = sign_in(translator)
    data = translated_xliff(away(summary.document), {"*": hostile})
    data = data.replace(b'id="title"', b'id="&lt;script&gt;"')
    address = sent(client, files, data, '"><script>alert(1)</script>.xlf').url
    assert_is_harmless(body(client.get(address)))


@pytest.mark.once
def test_the_look_asks_the_same_whatever_the_number_of_statements(
    sign_in, translator, rapporteur, files, summary, statement
):
    client = sign_in(translator)

    def queries():
        address = sent(client, files, translated_xliff(away(summary.document), {"*": "نص: {}"})).url
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = queries()
    for number in range(20):
        making.statement(rapporteur, summary.document, f"Statement about {number} things.", kind="frame")
    assert queries() == few


def test_the_page_of_the_translation_leads_to_the_files(sign_in, translator, desk, files):
    assert files in body(sign_in(translator).get(f"{desk}renditions/ar/"))


def test_a_memory_leaves_in_the_chosen_languages(sign_in, translator, rapporteur, organizer, summary, published):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    client = sign_in(translator)
    page = body(client.get(MEMORY))
    assert len(re.findall('name="language"', page)) == 6
    answer = client.get(f"{MEMORY}memory.tmx?language=ar")
    assert answer["Content-Type"] == "application/x-tmx"
    assert answer["Content-Disposition"] == 'attachment; filename="internet-governance-memory.tmx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"<tmx" in b"".join(answer.streaming_content)


def test_a_memory_is_shown_and_then_taken_once(sign_in, translator, consultation):
    client = sign_in(translator)
    address = sent(client, MEMORY, TMX, "memory.tmx").url
    shown = body(client.get(address))
    assert "نعم" in shown
    assert "Oui" not in shown
    for _ in range(2):
        assert client.post(address).url == MEMORY
    assert [(each.language, each.target) for each in MemoryUnit.objects.all()] == [("ar", "نعم")]
    assert "already been imported" in body(client.get(address))


@pytest.mark.parametrize(
    ("data", "sentence"), [(b"<xliff/>", "not a TMX file"), (b"<tmx/>", "This file has no pair of texts")]
)
def test_a_wrong_memory_is_refused_with_a_sentence(data, sentence, sign_in, translator, consultation):
    answer = sent(sign_in(translator), MEMORY, data, "memory.tmx")
    assert answer.status_code == 422
    assert sentence in body(answer)


def test_who_does_not_translate_takes_a_memory_away_and_brings_none(sign_in, organizer, consultation):
    client = sign_in(organizer)
    assert client.get(MEMORY).status_code == 200
    assert sent(client, MEMORY, TMX, "memory.tmx").status_code == 403
    assert not IncomingFile.objects.exists()
