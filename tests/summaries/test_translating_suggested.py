"""Translating a summary: suggestions of the memory and of a machine, and taking them over."""

import re

import pytest

from plenara.core.tasks import run_all
from plenara.documents.actions.suggestions import ask_for_suggestions
from plenara.documents.models import ParagraphText
from tests.summaries import making
from tests.summaries.answers import body, textarea, translation_form
from tests.summaries.test_translating import ARABIC, brought, pks, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(desk):
    return f"{desk}renditions/ar/"


def test_an_earlier_translation_is_taken_over_and_everything_typed_stays(
    sign_in, translator, rapporteur, consultation, summary, statement, address
):
    second = making.statement(rapporteur, summary.document, "Another.", kind="frame")
    brought(consultation, "Documents come too late for us.", ARABIC)
    client = sign_in(translator)
    opened = client.get(address)
    assert "from a translators’ file" in body(opened)
    assert re.search(r"<del>.*?for us.*?</del>", body(opened))
    take = re.search(rf'name="take" value="(t{statement.pk}:\w+)"', body(opened))[1]
    form = translation_form(opened, "") | {
        f"t{second.pk}": "typed", f"t{statement.pk}": "stood here", "title": "عنوان", "take": take,
    }  # fmt: skip
    answer = client.post(address, form)
    assert answer.status_code == 200
    assert textarea(answer, f"t{statement.pk}") == ARABIC
    assert textarea(answer, f"t{second.pk}") == "typed"
    assert 'value="عنوان"' in body(answer)
    assert "stood here" in body(answer)
    assert not ParagraphText.objects.filter(language="ar").exists(), "taking over saves nothing"
    saved = translation_form(answer, "") | {f"t{statement.pk}": ARABIC, "act": "save"}
    client.post(address, saved)
    assert text_of(statement) == ARABIC


def test_what_is_asked_for_and_is_not_there_changes_nothing(sign_in, translator, statement, address):
    client = sign_in(translator)
    form = translation_form(client.get(address), "typed")
    for take in (
        "",
        ":",
        "t0:machine",
        f"t{statement.pk}:0123",
        f"t{statement.pk}:machine",
        "t99999999999999:theirs",
        "x1:y",
    ):
        answer = client.post(address, form | {"take": take})
        assert (answer.status_code, textarea(answer, f"t{statement.pk}")) == (200, "typed")


def test_a_suggestion_is_asked_for_shown_with_its_machine_and_taken_over(
    sign_in, translator, statement, summary, address, machine, settings
):
    client = sign_in(translator)
    assert 'value="ask"' not in body(client.get(address))
    settings.TRANSLATION = machine.translator()
    opened = client.get(address)
    assert client.post(address, translation_form(opened, "") | {"act": "ask"}).status_code == 302
    assert "is working" in body(client.get(address))
    run_all(besides=("documents.compare",))
    opened = client.get(address)
    assert "machine translation by <bdi>LibreTranslate</bdi>" in body(opened)
    form = translation_form(opened, "")
    taken = client.post(address, form | {"take": f"t{statement.pk}:machine"})
    words = textarea(taken, f"t{statement.pk}")
    assert words == "[ar] Documents come too late."
    client.post(address, translation_form(taken, words) | {"title": "عنوان", "act": "save"})
    page = body(client.get(address))
    assert "by LibreTranslate, a machine: not edited by a person" in page
    assert "mostly machine translation" in page
    assert pks(client.get(f"{address}?show=machine")) == [statement.pk]


def test_a_failure_is_shown_as_a_sentence_and_asking_again_is_possible(
    sign_in, translator, statement, summary, address, machine, settings
):
    settings.TRANSLATION = machine.translator()
    machine.way = "denied"
    ask_for_suggestions(actor=translator, document=summary.document, language="ar")
    run_all(besides=("documents.compare",))
    page = body(sign_in(translator).get(address))
    assert "The server refused the request" in page
    assert 'value="ask"' in page


def test_what_was_typed_is_kept_when_the_machine_is_asked(sign_in, translator, statement, address, machine, settings):
    settings.TRANSLATION = machine.translator()
    client = sign_in(translator)
    client.post(address, translation_form(client.get(address), ARABIC) | {"act": "ask"})
    assert text_of(statement) == ARABIC
