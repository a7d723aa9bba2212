"""Machine suggestions: requested by a person, made in pieces, with failures shown and a label when used."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.documents import actions
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.actions.renditions import Typed, review_rendition, save_rendition
from plenara.documents.actions.suggestions import ask_for_suggestions, is_running, suggest
from plenara.documents.models import Asking, ParagraphText, Rendition, Suggestion
from tests import machines
from tests.documents import making
from tests.hostile import SCRIPTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def translating(machine, settings):
    """A server that translates, as the settings would name it."""
    settings.TRANSLATION = machine.translator()
    return machine


def ask(actor, document, language="ar", run=True):
    asking = ask_for_suggestions(actor=actor, document=document, language=language)
    if run:
        run_all(besides=("documents.compare",))
    asking.refresh_from_db()
    return asking


def suggested(language="ar"):
    return {each.paragraph_id: each.text for each in Suggestion.objects.filter(language=language)}


def take(actor, document, paragraph, language="ar", **more):
    """Save a machine's suggestion for a paragraph, as a person who takes it over does."""
    it = Suggestion.objects.get(paragraph=paragraph, language=language)
    was = (ParagraphText.objects.filter(paragraph=paragraph, language=language).first() or ParagraphText()).digest
    words = {"heading": it.heading, "text": it.text, "against": it.against, **more}
    save_rendition(
        actor=actor,
        document=document,
        language=language,
        typed={paragraph.pk: Typed(**words, was=was, source=it.source_digest)},
    )
    return ParagraphText.objects.get(paragraph=paragraph, language=language)


def test_what_is_missing_or_outdated_is_suggested_and_nothing_of_it_is_translated(
    translating, translator, rapporteur, document, statement
):
    both = making.statement(
        rapporteur, document, "Held.", kind="disagreement", heading="On time", against="Held against."
    )
    done = making.statement(rapporteur, document, "Translated.", kind="frame")
    typed = {done.pk: Typed("", "منقول", was=ParagraphText().digest, source=making.source(done).digest)}
    save_rendition(actor=translator, document=document, language="ar", typed=typed)
    asking = ask(translator, document)
    assert (asking.failure, asking.unusable, asking.done_at is not None) == ("", 0, True)
    assert suggested() == {
        None: "[ar] What was said",
        statement.pk: "[ar] Documents come too late.",
        both.pk: "[ar] Held.",
    }
    kept = Suggestion.objects.get(paragraph=both)
    assert (kept.heading, kept.against, kept.machine) == ("[ar] On time", "[ar] Held against.", "LibreTranslate")
    assert ParagraphText.objects.filter(language="ar").count() == 1
    assert Rendition.objects.get().state == "draft"


def test_sixty_statements_come_in_pieces_and_nothing_is_asked_twice(translating, translator, rapporteur, document):
    for number in range(60):
        making.statement(rapporteur, document, f"Statement {number}.", kind="frame")
    ask(translator, document)
    assert len(suggested()) == 61
    assert max(len([q for q in each.body["q"] if q]) for each in translating.requests) <= 12
    before = len(translating.requests)
    ask(translator, document)
    assert len(translating.requests) == before


def test_a_piece_that_runs_twice_makes_nothing_twice(translating, translator, document, statement):
    ask(translator, document, run=False)
    arguments = BackgroundTask.objects.get(task="documents.suggest").arguments
    for _turn in range(2):
        suggest.call(**arguments)
    run_all(besides=("documents.compare",))
    assert Suggestion.objects.count() == 2
    assert Asking.objects.get().done_at is not None


def test_two_clicks_ask_once(translating, translator, document, statement):
    ask(translator, document, run=False)
    with pytest.raises(AlreadyDone):
        ask(translator, document, run=False)
    assert BackgroundTask.objects.filter(task="documents.suggest").count() == 1
    with clock.at(clock.now() + datetime.timedelta(hours=1)):
        assert not is_running(Asking.objects.get())  # the worker died silently


@pytest.mark.parametrize("way", ["cut_off", "html", "list", "null", "denied", "busy", "enormous", "redirect"])
def test_a_failure_of_the_machine_is_recorded_and_nothing_is_kept(translating, translator, document, statement, way):
    translating.way = way
    ask(translator, document)
    for seconds in (21, 120):  # temporary failures are retried twice, a little later
        with clock.at(clock.now() + datetime.timedelta(seconds=seconds)):
            run_all(besides=("documents.compare",))
    asking = Asking.objects.get()
    assert (asking.failure, asking.done_at is not None) == (machines.WAYS[way], True)
    assert suggested() == {}
    assert not BackgroundTask.objects.filter(task="documents.suggest", done_at=None).exists()
    translating.way = ""
    assert ask(translator, document).failure == ""
    assert len(suggested()) == 2


def test_what_cannot_be_used_is_counted_and_left_out(translating, translator, rapporteur, document, statement):
    long = making.statement(rapporteur, document, "x" * 3900, kind="frame")
    translating.translated = lambda text, _source, _target: text * 2 if len(text) > 1000 else "رابط http://evil.example"
    asking = ask(translator, document)
    assert (asking.unusable, suggested()) == (3, {})
    assert not ParagraphText.objects.filter(paragraph=long, language="ar").exists()


def test_hostile_words_stay_words(translating, translator, document, statement):
    translating.translated = lambda _text, _source, _target: SCRIPTS[0]
    ask(translator, document)
    assert suggested()[statement.pk]  # shown as the characters they are: test_translating walks the page


def test_a_source_that_changed_meanwhile_asks_for_another(translating, translator, rapporteur, document, statement):
    ask(translator, document)
    old = Suggestion.objects.get(paragraph=statement)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Later.", was=making.stamp(statement)
    )
    assert old.source_digest != making.source(statement).digest
    ask(translator, document)
    assert suggested()[statement.pk] == "[ar] Later."


def test_what_is_taken_over_is_labelled_until_a_person_changes_the_words(
    translating, translator, rapporteur, organizer, document, statement
):
    ask(translator, document)
    assert take(translator, document, statement).machine == "LibreTranslate"
    rendition = Rendition.objects.get()
    assert rendition.origin == "machine"
    text = take(translator, document, statement, heading="عنوان")
    assert text.machine == "LibreTranslate", "a heading above does not make the text a person's"
    assert take(translator, document, statement, text="تصل الوثائق متأخرة جدا.").machine == ""
    rendition.refresh_from_db()
    assert rendition.origin == "human"


def test_a_rendition_that_is_mostly_a_machines_says_so_when_published(
    translating, translator, rapporteur, organizer, document, statement
):
    frame = making.statement(rapporteur, document, "By a person.", kind="frame")
    making.statement(rapporteur, document, "By a machine too.", kind="frame")
    ask(translator, document)
    for each in document.paragraphs.all():
        take(translator, document, each)
    take(translator, document, frame, text="بقلم إنسان.")
    save_rendition(
        actor=translator, document=document, language="ar", typed={}, title="عنوان", title_was="", title_confirmed=True
    )
    making.published(rapporteur, organizer, document)
    rendition = review_rendition(actor=rapporteur, rendition=Rendition.objects.get())
    assert publish_rendition(actor=rapporteur, rendition=rendition).origin == "machine"


def test_who_may_ask(translating, translator, organizer, moderator, participant, document, statement):
    for person in (organizer, moderator, participant):
        with pytest.raises(NotPermitted):
            ask_for_suggestions(actor=person, document=document, language="ar")
    with pytest.raises(NotPermitted):
        ask_for_suggestions(actor=translator, document=document, language="ru")


def test_without_a_machine_nothing_is_asked(settings, translator, document, statement):
    settings.TRANSLATION = None
    with pytest.raises(InvalidInput):
        ask_for_suggestions(actor=translator, document=document, language="ar")
    assert not Asking.objects.exists()


@pytest.mark.parametrize(("source", "text"), [("ar", "تصل الوثائق متأخرة جدا."), ("zh", "文件来得太晚。")])
def test_any_language_can_be_the_source(translating, rapporteur, consultation, source, text):
    document = making.document(rapporteur, consultation, source_language=source, title=text)
    paragraph = making.statement(rapporteur, document, text, kind="frame")
    ask(rapporteur, document, "en")
    assert suggested("en")[paragraph.pk] == f"[en] {text}"
    assert translating.requests[0].body["source"] == source
