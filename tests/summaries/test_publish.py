"""The number and the symbol of a summary, and publishing twice."""

import pytest

from plenara.core.models import BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition
from plenara.summaries.actions import summaries
from tests.summaries import making

pytestmark = pytest.mark.django_db


def test_numbers_count_from_one_in_the_order_of_publication(rapporteur, organizer, consultation, edition):
    first, second = (making.summary(rapporteur, consultation) for _ in range(2))
    for each in (second, first):
        making.statement_of(rapporteur, each, edition)
        making.published(rapporteur, organizer, each)
    consultation.refresh_from_db()
    assert (second.document.symbol, consultation.last_summary) == (None, 2)
    assert making.fresh(second.document).symbol == f"{consultation.symbol}/SUM/1"
    assert making.fresh(first.document).symbol == f"{consultation.symbol}/SUM/2"


def test_a_refused_publication_uses_no_number(rapporteur, summary, statement, consultation):
    with pytest.raises(ActionRefused):
        summaries.publish(actor=rapporteur, summary=summary)
    consultation.refresh_from_db()
    assert consultation.last_summary == 0


def test_a_double_click_publishes_once(rapporteur, published, summary, consultation):
    with pytest.raises(AlreadyDone):
        summaries.publish(actor=rapporteur, summary=summary)
    consultation.refresh_from_db()
    assert (DocumentEdition.objects.count(), consultation.last_summary) == (1, 1)
    assert BackgroundTask.objects.filter(task="summaries.notify_cited").count() == 1


def test_a_revision_keeps_the_number(rapporteur, organizer, published, summary, statement, consultation):
    document_actions.reopen(actor=rapporteur, document=summary.document)
    again = making.published(rapporteur, organizer, summary)
    consultation.refresh_from_db()
    assert (again.number, again.symbol, consultation.last_summary) == (1, f"{published.symbol}/Rev.1", 1)
    document_actions.reopen(actor=rapporteur, document=summary.document)
    assert making.published(rapporteur, organizer, summary, is_correction=True).symbol == f"{published.symbol}/Corr.1"
