"""Several at once, in threads of their own: numbers are given once, and nothing is done twice or lost."""

import pytest

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, DocumentEdition
from plenara.summaries.actions import summaries
from plenara.summaries.models import Summary
from tests.consultations.test_at_once import at_once, refused
from tests.summaries import making

pytestmark = pytest.mark.django_db(transaction=True)


def again(person):
    return Person.objects.get(pk=person.pk)


def test_summaries_published_at_once_get_numbers_of_their_own(rapporteur, organizer, consultation, edition):
    drafts = [making.summary(rapporteur, consultation) for _ in range(4)]
    for each in drafts:
        making.statement_of(rapporteur, each, edition)
        document_actions.submit_for_review(actor=rapporteur, document=each.document)
        document_actions.approve(actor=organizer, document=each.document)

    def publish(pk):
        return lambda: summaries.publish(actor=again(organizer), summary=Summary.objects.get(pk=pk))

    results = at_once(*[publish(each.pk) for each in drafts])
    assert sorted(each.number for each in results) == [1, 2, 3, 4]


def test_one_summary_published_by_six_clicks_is_one_edition(rapporteur, organizer, summary, statement):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.approve(actor=organizer, document=summary.document)
    click = lambda: summaries.publish(actor=again(organizer), summary=Summary.objects.get(pk=summary.pk))  # noqa: E731
    results = at_once(*[click] * 6)
    assert len(refused(results)) == 5
    assert DocumentEdition.objects.count() == 1
    assert AuditEntry.objects.filter(verb="document.published").count() == 1


def test_of_many_who_change_one_statement_one_is_first_and_the_others_hear_it(
    rapporteur, other_rapporteur, summary, statement
):
    opened = making.stamp(statement)

    def edit(person, text):
        return lambda: document_actions.edit_paragraph(
            actor=again(person), paragraph=making.fresh(statement), kind="concern", text=text, was=opened
        )

    people = [rapporteur, other_rapporteur] * 3
    results = at_once(*[edit(person, f"Words {number}.") for number, person in enumerate(people)])
    assert [isinstance(each, document_actions.ChangedMeanwhile) for each in results].count(True) == 5
    kept = document_actions.source_of(statement, statement.document).text
    assert kept in {f"Words {number}." for number in range(6)}


def test_statements_added_and_moved_at_once_keep_their_numbers_without_gap(rapporteur, summary, statement):
    def add(number):
        return lambda: making.statement(
            again(rapporteur), making.fresh(summary.document), f"Number {number}.", kind="frame"
        )

    def move():
        return document_actions.move_paragraph(actor=again(rapporteur), paragraph=making.fresh(statement), to=3)

    results = at_once(*[add(number) for number in range(5)], move)
    assert not refused(results)
    assert list(summary.document.paragraphs.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_same_words_cited_at_once_are_one_citation(rapporteur, other_rapporteur, statement, edition):
    def cite(person):
        return lambda: making.cited(again(person), making.fresh(statement), edition, "a language that we read")

    results = at_once(*[cite(person) for person in (rapporteur, other_rapporteur) * 3])
    assert not [each for each in results if isinstance(each, ActionRefused)]
    assert Citation.objects.filter(words="a language that we read").count() == 1
