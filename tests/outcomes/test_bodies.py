"""A body: created, edited, published; sections and settings. Refusals of the actions, and invalidated pages."""

import datetime

import pytest

from plenara.core.models import AuditEntry, Revision
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents.models import Paragraph
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Outcome, Section
from plenara.outcomes.validation import contents
from tests import world
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def revision(consultation):
    row = Revision.objects.filter(cache_tag=consultation.cache_tag).first()
    return row.number if row else 0


def test_made_twice_it_is_one(organizer, consultation):
    assert making.body(organizer, consultation) == making.body(organizer, consultation)
    assert AuditEntry.objects.filter(verb="body.made").count() == 1


@pytest.mark.once
@pytest.mark.parametrize("slug", ["", "Two Words", "-a", "a--b", "é", "a" * 81, "members", "new", "../x", "a/b"])
def test_an_address_is_well_formed(organizer, consultation, slug):
    with pytest.raises(InvalidInput):
        making.body(organizer, consultation, slug)


def test_an_address_is_one_bodys(organizer, consultation, body):
    with pytest.raises(InvalidInput, match="Another body"):
        making.body(organizer, consultation, name={"en": "Another"})


def test_an_organizer_of_its_home_keeps_it_and_nobody_else(body, rapporteur, drafter, chair, consultation):
    for who in (rapporteur, drafter, chair):
        with pytest.raises(NotPermitted):
            actions.publish_body(actor=who, body=body)
        with pytest.raises(NotPermitted):
            making.body(who, consultation, "other")


def test_while_it_is_prepared_no_page_changes_and_afterwards_each_does(organizer, body, consultation, elsewhere):
    outcome = making.outcome(organizer, body, consultations=[elsewhere])
    before = revision(consultation), revision(elsewhere)
    words = {"mandate": {"en": "To think."}, "begins_on": None, "ends_on": datetime.date(2027, 1, 1)}
    actions.edit_body(actor=organizer, body=body, name={"en": "Group"}, **words)
    assert (revision(consultation), revision(elsewhere)) == before
    actions.publish_body(actor=organizer, body=body)
    shown = making.fresh(body).published_at
    actions.publish_body(actor=organizer, body=body)
    assert making.fresh(body).published_at == shown
    assert revision(consultation) == before[0] + 1 and revision(elsewhere) == before[1] + 1
    assert set(outcome.consultations.all()) == {consultation, elsewhere}


def test_an_edit_of_what_was_changed_meanwhile_is_refused(organizer, body):
    words = {"mandate": {}, "begins_on": None, "ends_on": None}
    actions.edit_body(actor=organizer, body=body, name={"en": "First"}, stamp=0, **words)
    actions.edit_body(actor=organizer, body=body, name={"en": "First"}, stamp=0, **words)  # the same again is harmless
    with pytest.raises(InvalidInput) as refused:
        actions.edit_body(actor=organizer, body=body, name={"en": "Second"}, stamp=0, **words)
    assert refused.value.code == "stale"
    assert making.fresh(body).name == {"en": "First"}


def test_its_days_are_in_order(organizer, body):
    with pytest.raises(InvalidInput) as refused:
        actions.edit_body(
            actor=organizer, body=body, name={"en": "Group"}, mandate={}, begins_on=datetime.date(2027, 1, 2),
            ends_on=datetime.date(2027, 1, 1),
        )  # fmt: skip
    assert refused.value.field == "ends_on"


def test_settings_of_an_outcome_change_while_it_is_a_draft(organizer, outcome, elsewhere, drafter):
    known = {"title": "Final report", "slug": "final-report", "consultations": [elsewhere]}
    actions.edit_outcome(actor=organizer, outcome=outcome, **known)
    changed = Outcome.objects.get(pk=outcome.pk)
    assert changed.document.title["en"] == "Final report"
    assert changed.document.address == "outcomes/wgig/final-report/"
    assert elsewhere in changed.consultations.all() and outcome.body.consultation in changed.consultations.all()
    assert not changed.document.writers.filter(pk=organizer.pk).exists()
    with pytest.raises(NotPermitted):
        actions.edit_outcome(actor=drafter, outcome=outcome, **known)


def test_a_published_outcome_keeps_its_address(organizer, version, outcome, drafter):
    making.reopened(drafter, outcome)
    with pytest.raises(InvalidInput) as refused:
        actions.edit_outcome(actor=organizer, outcome=outcome, title="Report", slug="other", consultations=[])
    assert refused.value.code == "published"


def test_an_outcome_has_a_title_and_answers_what_is_public(organizer, body):
    with pytest.raises(InvalidInput):
        making.outcome(organizer, body, title=" ")
    with pytest.raises(InvalidInput):
        making.outcome(organizer, body, consultations=[world.consultation("hidden", stage="draft")])
    assert not Outcome.objects.exists()


def test_sections_move_with_their_paragraphs(drafter, outcome):
    first = making.paragraph(drafter, outcome, "One.", section=1)
    second = making.paragraph(drafter, outcome, "Two.", section=2)
    third = making.paragraph(drafter, outcome, "Three.", section=1)
    actions.move_section(actor=drafter, section=outcome.sections.get(number=2), to=1)
    assert [each.slug for each in outcome.sections.all()][:2] == ["policy-issues", "definition"]
    assert [Paragraph.objects.get(pk=each.pk).number for each in (second, first, third)] == [1, 2, 3]
    assert [each.number for each in outcome.sections.all()] == [1, 2, 3, 4]
    actions.move_section(actor=drafter, section=outcome.sections.get(number=1), to=99)
    assert Paragraph.objects.get(pk=second.pk).number == 3


def test_only_an_empty_section_is_deleted_and_twice_is_harmless(drafter, outcome):
    making.paragraph(drafter, outcome, section=1)
    full, empty = outcome.sections.get(number=1), outcome.sections.get(number=2)
    with pytest.raises(InvalidInput, match="This section contains paragraphs"):
        actions.delete_section(actor=drafter, section=full)
    for _click in range(2):
        actions.delete_section(actor=drafter, section=empty)
    assert [each.number for each in outcome.sections.all()] == [1, 2, 3]


def test_sections_are_arranged_by_who_keeps_the_body_or_writes_for_it(
    organizer, drafter, member, observer, translator, outcome
):
    section = outcome.sections.get(number=1)
    for who in (organizer, drafter):
        actions.edit_section(actor=who, section=section, title={"en": f"By {who.name}"})
    for who in (member, observer, translator):
        with pytest.raises(NotPermitted):
            actions.move_section(actor=who, section=section, to=2)
    assert Section.objects.get(pk=section.pk).title == {"en": f"By {drafter.name}"}


def test_sections_of_what_is_in_review_stay(drafter, outcome):
    from plenara.core.refusals import ActionRefused

    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    with pytest.raises(ActionRefused):
        actions.move_section(actor=drafter, section=outcome.sections.get(number=1), to=2)


def test_there_are_at_most_as_many_sections_and_members_as_said(organizer, drafter, outcome, body, monkeypatch):
    monkeypatch.setattr(contents, "MOST_SECTIONS", 4)
    with pytest.raises(InvalidInput):
        actions.add_section(actor=drafter, outcome=outcome, slug="annex", title={"en": "Annex"})
    monkeypatch.setattr(contents, "MOST_MEMBERS", body.members.count())
    with pytest.raises(InvalidInput):
        actions.add_member(actor=organizer, body=body, part="member", name="One more")
    assert Body.objects.get().members.count() == contents.MOST_MEMBERS
