"""The publication checks of a document."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import withdraw
from plenara.core.refusals import InvalidInput
from plenara.documents import actions
from plenara.documents.actions import publication
from plenara.documents.models import Citation
from plenara.documents.validation.publication import errors_of
from plenara.moderation.actions import remove
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def codes(document):
    return [(error.paragraph, error.code) for error in errors_of(document)]


def test_an_empty_document_says_so(document):
    assert codes(document) == [(0, "empty")]


def test_a_statement_that_cites_has_nothing_against_it(document, statement):
    assert codes(document) == []


def test_a_statement_without_citation_is_named_and_a_frame_is_not(rapporteur, document, statement):
    making.statement(rapporteur, document, "This covers May.", kind="frame", at=1)
    making.statement(rapporteur, document, "Some say so.", kind="agreement")
    assert codes(document) == [(3, "no_citation")]


@pytest.fixture
def another(author, moderator, thread):
    """A second contribution to the same question, so that it is not empty without the first."""
    return world.published(author, moderator, thread, f"{world.WORDS} Another says so too.")


def test_a_withdrawn_contribution_is_named(document, statement, author, edition, another):
    withdraw(actor=author, contribution=edition.contribution)
    assert codes(document) == [(1, "gone")]
    assert edition.symbol in errors_of(document)[0].sentence


def test_a_removed_contribution_is_named(document, statement, moderator, edition, another):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    assert codes(document) == [(1, "gone")]


def test_a_quotation_that_is_not_exact_is_named(document, statement):
    Citation.objects.update(words="four weeks before a meeting")
    assert codes(document) == [(1, "not_exact")]


def test_what_has_errors_is_not_approved(rapporteur, organizer, document):
    making.statement(rapporteur, document)
    actions.submit_for_review(actor=rapporteur, document=document)
    with pytest.raises(InvalidInput):
        actions.approve(actor=organizer, document=document)
    assert making.fresh(document).state == "in_review"


def test_what_was_withdrawn_between_approval_and_publication_is_not_published(
    rapporteur, organizer, document, statement, author, edition
):
    making.approved(rapporteur, organizer, document)
    withdraw(actor=author, contribution=edition.contribution)
    with pytest.raises(InvalidInput):
        publication.publish(actor=organizer, document=document, number=1)
    assert making.fresh(document).state == "approved"
    assert making.fresh(document).number is None


@pytest.mark.once
def test_the_gate_takes_the_same_queries_for_five_and_for_fifty(rapporteur, document, edition):
    counts = []
    for number in (5, 50):
        for _ in range(number - document.paragraphs.count()):
            making.cited(rapporteur, making.statement(rapporteur, document, heading="Time to read"), edition)
        document = making.fresh(document)
        with CaptureQueriesContext(connection) as queries:
            assert errors_of(document) == []
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
