"""Every version is stored: each action on a paragraph leaves its words, the actor, and the version before."""

import pytest

from plenara.core.refusals import ActionRefused
from plenara.documents import actions
from plenara.documents.models import Change
from plenara.documents.queries.history import by_others, changes_of, last_change, version_of, versions
from tests.documents import making

pytestmark = pytest.mark.django_db


def acts(document):
    return list(Change.objects.filter(document=document).values_list("what", "number", "language"))


def edit(actor, paragraph, text, **more):
    known = {"kind": "concern", "was": making.stamp(paragraph), **more}
    return actions.edit_paragraph(actor=actor, paragraph=paragraph, text=text, **known)


def test_every_act_leaves_a_version(rapporteur, translator, document, edition):
    first, second = (making.statement(rapporteur, document, text) for text in ("one", "two"))
    citation = making.cited(rapporteur, first, edition)
    edit(rapporteur, second, "two, better")
    actions.move_paragraph(actor=rapporteur, paragraph=second, to=1)
    actions.uncite(actor=rapporteur, citation=citation)
    making.translated(translator, document, "ar")
    actions.edit_title(actor=rapporteur, document=document, title="Another", was="What was said")
    actions.delete_paragraph(actor=rapporteur, paragraph=second, was=making.stamp(second), citations=0)
    source = [each[:2] for each in acts(document) if each[2] == "en"]
    assert source == [
        ("added", 1), ("added", 2), ("cited", 1), ("edited", 2), ("moved", 1), ("uncited", 2), ("edited", 0),
        ("deleted", 1),
    ]  # fmt: skip
    assert [each[0] for each in acts(document) if each[2] == "ar"] == ["translated"] * 3
    assert Change.objects.get(what="deleted").text == "two, better"


def test_what_is_refused_or_changes_nothing_leaves_none(rapporteur, other_rapporteur, document, statement):
    before = acts(document)
    edit(rapporteur, statement, making.source(statement).text)
    with pytest.raises(ActionRefused):
        edit(rapporteur, statement, "")
    with pytest.raises(actions.ChangedMeanwhile):
        edit(other_rapporteur, statement, "Stale.", was="older")
    assert acts(document) == before


def test_a_version_knows_the_one_before_it(rapporteur, other_rapporteur, document, statement):
    edit(other_rapporteur, statement, "Documents come far too late.", kind="proposal")
    last = versions(changes_of(document, statement.pk)[:1])[0]
    assert last.parts == [("text", "Documents come too late.", "Documents come far too late.")]
    assert (last.kind_was, last.kind_now, last.change.by) == ("Concern", "Proposal", other_rapporteur)


def test_words_older_than_the_keeping_are_kept_before_their_first_change(rapporteur, document, statement):
    Change.objects.all().delete()
    edit(rapporteur, statement, "New.")
    assert list(Change.objects.values_list("what", "text")) == [
        ("added", "Documents come too late."),
        ("edited", "New."),
    ]


def test_the_version_that_a_form_was_opened_on_is_found_by_its_stamp(rapporteur, document, statement):
    opened = making.stamp(statement)
    for text in ("Second.", "Third."):
        edit(rapporteur, statement, text)
    assert version_of(document, statement.pk, opened).text == "Documents come too late."
    assert version_of(document, statement.pk, "no such stamp") is None


def test_changes_of_others_are_listed_without_ones_own(rapporteur, other_rapporteur, document, statement):
    since = last_change(document)
    edit(rapporteur, statement, "Mine.")
    edit(other_rapporteur, statement, "Theirs.")
    assert [each.text for each in by_others(document, since, rapporteur)] == ["Theirs."]
    assert [each.text for each in by_others(document, since, other_rapporteur)] == ["Mine."]


@pytest.mark.once
def test_a_page_of_versions_takes_as_many_queries_whatever_its_length(
    rapporteur, document, statement, django_assert_num_queries
):
    for number in range(12):
        edit(rapporteur, statement, f"Version {number}.")
    for length in (2, 12):
        with django_assert_num_queries(2):
            assert len([each.parts for each in versions(changes_of(document)[:length])]) == length


def test_a_citation_or_a_move_tells_no_words_again(rapporteur, document, statement):
    making.statement(rapporteur, document, "Second.")
    actions.move_paragraph(actor=rapporteur, paragraph=statement, to=2)
    assert [(each.change.what, each.parts) for each in versions(changes_of(document, statement.pk)[:2])] == [
        ("moved", []),
        ("cited", []),
    ]
