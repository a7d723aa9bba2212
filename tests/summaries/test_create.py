"""Creating a summary, its period, and contributions set aside."""

import datetime

import pytest

from plenara.contributions.actions import revise
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents.actions import ChangedMeanwhile
from plenara.summaries.actions import summaries
from plenara.summaries.models import Summary
from tests import world
from tests.summaries import making

pytestmark = pytest.mark.django_db


def days(count):
    return clock.now() + datetime.timedelta(days=count)


def test_a_rapporteur_begins_a_summary_of_a_period(rapporteur, consultation):
    made = making.summary(rapporteur, consultation)
    assert (made.document.kind, made.document.state, made.document.title) == (
        "summary",
        "draft",
        {"en": "What was said"},
    )
    assert made.document.number is None


def test_a_period_does_not_end_before_it_begins(rapporteur, consultation):
    with pytest.raises(InvalidInput) as refused:
        making.summary(rapporteur, consultation, period_from=days(2), period_to=days(1))
    assert refused.value.field == "period_to"
    assert not Summary.objects.exists()


def test_nobody_else_begins_one(organizer, moderator, translator, participant, outsider, consultation):
    for person in (organizer, moderator, translator, participant, outsider):
        with pytest.raises(NotPermitted):
            making.summary(person, consultation)


def test_a_period_is_changed_and_a_stale_form_hears_of_it(rapporteur, other_rapporteur, summary):
    was = (summary.period_from, summary.period_to)
    new = (days(-5), days(-1))
    summaries.edit_period(actor=rapporteur, summary=summary, period_from=new[0], period_to=new[1], was=was)
    with pytest.raises(ChangedMeanwhile):
        summaries.edit_period(
            actor=other_rapporteur, summary=making.fresh(summary), period_from=days(-9), period_to=days(-1), was=was
        )
    kept = making.fresh(summary)
    assert (kept.period_from, kept.period_to) == new


def test_setting_aside_has_a_reason_and_can_be_taken_back(rapporteur, summary, edition):
    for reason in ("It is about the form.", "It is about the form only."):
        summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason=reason)
    assert summary.set_aside.get().reason == "It is about the form only."
    for _click in range(2):
        summaries.bring_back(actor=rapporteur, summary=summary, edition=edition)
    assert not summary.set_aside.exists()
    assert AuditEntry.objects.filter(verb="summary.brought_back").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_without_a_fit_reason_nothing_is_set_aside(rapporteur, summary, edition, reason):
    with pytest.raises(InvalidInput):
        summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason=reason)
    assert not summary.set_aside.exists()


def test_what_is_cited_is_not_set_aside(rapporteur, summary, statement, edition):
    with pytest.raises(InvalidInput):
        summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason="Why not.")


def test_the_reason_stands_once_when_the_contribution_is_revised(rapporteur, author, moderator, summary, edition):
    summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason="It is about the form.")
    version = revise(actor=author, contribution=edition.contribution, text="Other words, later.", language="en")
    world.decided(version.contribution, moderator)
    revised = edition.contribution.editions.get(in_force=True)
    summaries.set_aside(actor=rapporteur, summary=summary, edition=revised, reason="Said elsewhere.")
    assert [each.reason for each in summary.set_aside.all()] == ["Said elsewhere."]


def test_a_contribution_cited_after_all_is_not_recorded_as_set_aside(rapporteur, organizer, summary, edition):
    summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason="It is about the form.")
    making.statement_of(rapporteur, summary, edition)
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.approve(actor=organizer, document=summary.document)
    published = summaries.publish(actor=organizer, summary=summary)
    assert not published.summary.left_out.exists()


def test_a_contribution_of_another_consultation_is_not_set_aside(
    rapporteur, summary, author, elsewhere, moderator_elsewhere
):
    other = world.published(author, moderator_elsewhere, elsewhere.threads.get(number=1))
    with pytest.raises(InvalidInput):
        summaries.set_aside(actor=rapporteur, summary=summary, edition=other, reason="Elsewhere.")


def test_in_review_neither_period_nor_what_is_set_aside_changes(rapporteur, summary, statement, edition):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    was = (summary.period_from, summary.period_to)
    with pytest.raises(ActionRefused):
        summaries.edit_period(actor=rapporteur, summary=summary, period_from=days(-3), period_to=days(-1), was=was)
    with pytest.raises(ActionRefused):
        summaries.set_aside(actor=rapporteur, summary=summary, edition=edition, reason="Late.")


def test_nobody_else_sets_aside(organizer, moderator, translator, participant, summary, edition):
    for person in (organizer, moderator, translator, participant):
        with pytest.raises(NotPermitted):
            summaries.set_aside(actor=person, summary=summary, edition=edition, reason="Because.")
