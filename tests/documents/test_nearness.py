"""Texts are compared in meaning by a worker, in pieces, once for every two texts; pages read the result."""

import numpy
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.core.text import digest
from plenara.documents import actions
from plenara.documents.actions import nearness
from plenara.documents.models import Nearness
from plenara.documents.queries.nearness import known, of_renditions, wanted
from plenara.documents.validation import publication
from plenara.search import encoder
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """The texts that the encoder was asked for, one list a call; each gets a direction by its first letter."""
    calls = []

    def vectors(texts):
        calls.append(list(texts))
        rows = numpy.zeros((len(texts), 64))
        for at, text in enumerate(texts):
            rows[at, ord(text[0]) % 64] = 1
        return rows

    monkeypatch.setattr(encoder, "vectors", vectors)
    return calls


def queued():
    return BackgroundTask.objects.filter(task="documents.compare", done_at=None).count()


def test_a_citation_is_compared_with_its_statement_and_only_once(rapporteur, document, edition, asked):
    made = making.statement(rapporteur, document, "documents come too late.")
    making.cited(rapporteur, made, edition)
    run_all()
    assert known({digest("documents come too late.")}) == {
        (digest("documents come too late."), digest(making.WORDS_CITED)): 0
    }
    calls = len(asked)
    actions.move_paragraph(actor=rapporteur, paragraph=made, to=1)
    making.cited(rapporteur, made, edition)
    run_all()
    assert len(asked) == calls


def test_the_nearest_sentence_of_a_statement_counts(rapporteur, document, edition, asked):
    made = making.statement(rapporteur, document, "Documents come late. three weeks are asked for.")
    making.cited(rapporteur, made, edition)
    run_all()
    assert Nearness.objects.get().cosine == 1


def test_every_change_of_words_enqueues_a_comparison(rapporteur, translator, document, statement, edition):
    run = BackgroundTask.objects.filter(task="documents.compare")
    for act in (
        lambda: actions.edit_paragraph(
            actor=rapporteur, paragraph=statement, kind="concern", text="Other.", was=making.stamp(statement)
        ),
        lambda: making.cited(rapporteur, statement, edition, "in a language that we read"),
        lambda: making.translated(translator, document, "ar"),
        lambda: making.statement(rapporteur, document, "New."),
    ):
        before = run.count()
        act()
        assert run.count() == before + 1


def test_many_are_compared_in_pieces_each_scheduling_the_next(rapporteur, document, edition, asked):
    for number in range(90):
        made = making.statement(rapporteur, document, f"{number} statement")
        making.cited(rapporteur, made, edition)
    BackgroundTask.objects.filter(task="documents.compare").delete()
    nearness.enqueue_look(document)
    run_all()
    assert Nearness.objects.count() == 90
    assert max(map(len, asked)) <= nearness.AT_ONCE
    assert queued() == 0


def test_killed_before_it_is_done_it_goes_on_where_it_was(rapporteur, document, statement, asked):
    nearness.compare_next(document.pk)
    nearness.compare_next(document.pk)
    assert len(asked) == 1
    assert nearness.compare_next(10**9) == 0


def test_translations_are_compared_with_their_source(translator, document, statement, asked):
    making.translated(translator, document, "ar")
    assert of_renditions(document, "ar") == {}
    run_all()
    assert of_renditions(document, "ar") == {statement.pk: 0}
    with CaptureQueriesContext(connection) as queries:
        of_renditions(document, "ar")
    assert len(queries) == 2


def test_the_gate_says_that_it_is_being_compared_and_warns_when_it_is(document, statement, asked):
    looked = publication.findings_of(document)
    assert looked.is_being_compared
    assert "meaning" not in {each.code for each in looked.warnings}
    run_all()
    looked = publication.findings_of(document)
    assert not looked.is_being_compared
    assert "meaning" in {each.code for each in looked.warnings}


def test_erased_words_are_compared_no_more(document, statement, asked):
    from plenara.documents.models import Citation

    Citation.objects.update(words="")
    assert wanted(document) == []
    assert not publication.findings_of(document).is_being_compared
