"""A meeting's dossier: created for an event of the calendar, with an agenda, published, with a report and decisions."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.outcomes import actions
from plenara.outcomes.models import AgendaItem, Dossier
from tests import world
from tests.events import entered
from tests.outcomes import making

pytestmark = pytest.mark.django_db

AFTER = datetime.datetime(2026, 12, 2, 9, 0, tzinfo=datetime.UTC)


def test_a_dossier_is_made_once_for_an_event(dossier, drafter, body, event, organizer):
    assert actions.make_dossier(actor=organizer, body=body, event=event) == dossier
    assert Dossier.objects.count() == 1
    assert dossier.published_at is None


def test_who_does_not_write_for_the_body_makes_none(body, event, member, observer, participant):
    for person in (member, observer, participant):
        with pytest.raises(NotPermitted):
            actions.make_dossier(actor=person, body=body, event=event)


def test_an_event_of_another_consultation_or_body_is_refused(drafter, body, event, organizer, consultation, dossier):
    with pytest.raises(InvalidInput, match="in the calendar"):
        actions.make_dossier(actor=drafter, body=body, event=entered.event("Elsewhere"))
    other = making.body(organizer, consultation, "bureau")
    with pytest.raises(InvalidInput, match="Another body"):
        actions.make_dossier(actor=organizer, body=other, event=event)


def test_items_are_numbered_without_a_gap_wherever_they_go(drafter, dossier, item):
    second = actions.add_item(actor=drafter, dossier=dossier, title={"en": "The roles"}, note={"en": "Two hours."})
    assert (
        actions.add_item(actor=drafter, dossier=dossier, title={"en": "The roles"}, note={"en": "Two hours."}) == second
    )
    third = actions.add_item(actor=drafter, dossier=dossier, title={"en": "Closing", "fr": "Clôture"})
    actions.move_item(actor=drafter, item=third, to=1)
    assert list(dossier.items.values_list("title__en", flat=True)) == ["Closing", "The definition", "The roles"]
    actions.delete_item(actor=drafter, item=item)
    actions.delete_item(actor=drafter, item=item)
    assert list(dossier.items.values_list("number", "title__en")) == [(1, "Closing"), (2, "The roles")]


def test_two_who_edit_an_item_lose_nothing(drafter, organizer, item):
    actions.edit_item(actor=drafter, item=item, title={"en": "The working definition"}, note={}, stamp=0)
    with pytest.raises(InvalidInput) as refused:
        actions.edit_item(actor=organizer, item=item, title={"en": "Definition"}, note={}, stamp=0)
    assert refused.value.code == "stale"
    assert AgendaItem.objects.get().title == {"en": "The working definition"}


def test_an_item_needs_words_in_some_language(drafter, dossier):
    for title in ({}, {"en": "—"}, {"en": "x" * 301}, {"de": "Begriff"}):
        with pytest.raises(InvalidInput):
            actions.add_item(actor=drafter, dossier=dossier, title=title)


def test_an_item_discusses_paragraphs_outcomes_and_contributions_each_once(drafter, item, version, outcome, edition):
    one = actions.add_matter(actor=drafter, item=item, outcome=outcome, mark=1)
    assert actions.add_matter(actor=drafter, item=item, outcome=outcome, mark=1) == one
    actions.add_matter(actor=drafter, item=item, outcome=outcome)
    actions.add_matter(actor=drafter, item=item, contribution=edition.contribution)
    assert list(item.matters.values_list("position", "mark")) == [(1, 1), (2, None), (3, None)]
    actions.take_matter(actor=drafter, matter=one)
    actions.take_matter(actor=drafter, matter=one)
    assert item.matters.count() == 2


def test_what_is_not_public_or_of_another_consultation_is_not_discussed(
    drafter, item, outcome, paragraph, author, moderator, elsewhere
):
    with pytest.raises(InvalidInput, match="No version"):
        actions.add_matter(actor=drafter, item=item, outcome=outcome)
    moderator = world.grant(moderator, elsewhere, "moderator")
    away = world.published(author, moderator, elsewhere.threads.first(), "Of something else.")
    with pytest.raises(InvalidInput):
        actions.add_matter(actor=drafter, item=item, contribution=away.contribution)


def test_an_unknown_paragraph_is_not_discussed(drafter, item, version, outcome):
    with pytest.raises(InvalidInput, match="has a paragraph 9"):
        actions.add_matter(actor=drafter, item=item, outcome=outcome, mark=9)


def test_showing_an_agenda_notifies_the_authors_once(drafter, dossier, item, edition):
    with pytest.raises(InvalidInput):
        actions.publish_dossier(actor=drafter, dossier=_other(drafter, dossier))
    actions.add_matter(actor=drafter, item=item, contribution=edition.contribution)
    actions.publish_dossier(actor=drafter, dossier=dossier)
    actions.publish_dossier(actor=drafter, dossier=dossier)
    assert BackgroundTask.objects.filter(task="outcomes.notify_discussions").count() == 1
    actions.delete_dossier(actor=drafter, dossier=dossier)
    assert Dossier.objects.filter(pk=dossier.pk).exists()


def _other(drafter, dossier):
    event = entered.event("Third meeting", prepares=dossier.body.consultation.slug)
    return actions.make_dossier(actor=drafter, body=dossier.body, event=event)


def test_a_dossier_that_was_never_shown_can_be_taken_away(drafter, dossier, member):
    with pytest.raises(NotPermitted):
        actions.delete_dossier(actor=member, dossier=dossier)
    actions.delete_dossier(actor=drafter, dossier=dossier)
    actions.delete_dossier(actor=drafter, dossier=dossier)
    assert not Dossier.objects.exists()


def test_nothing_is_decided_or_reported_before_the_meeting(drafter, dossier, item, noon):
    with pytest.raises(InvalidInput, match="not started"):
        actions.write_decision(actor=drafter, dossier=dossier, text={"en": "Adopted."})
    with pytest.raises(InvalidInput, match="not started"):
        actions.write_report(actor=drafter, dossier=dossier, report={"en": "It met."}, is_shown=True)
    kept = actions.write_report(actor=drafter, dossier=dossier, report={"en": "It will meet."})
    assert kept.reported_at is None


def test_decisions_keep_their_numbers_and_name_what_they_changed(drafter, dossier, item, version, outcome):
    with clock.at(AFTER):
        first = actions.write_decision(
            actor=drafter,
            dossier=dossier,
            text={"en": "The definition is adopted."},
            item=item,
            paragraphs=[(outcome, 1)],
        )
        again = actions.write_decision(
            actor=drafter,
            dossier=dossier,
            text={"en": "The definition is adopted."},
            item=item,
            paragraphs=[(outcome, 1)],
        )
        second = actions.write_decision(actor=drafter, dossier=dossier, text={"en": "It meets again in May."})
        assert (first, first.number, second.number) == (again, 1, 2)
        actions.edit_decision(
            actor=drafter, decision=first, text={"en": "The working definition is adopted."}, item=item, paragraphs=[],
            stamp=0,
        )  # fmt: skip
        with pytest.raises(InvalidInput):
            actions.edit_decision(actor=drafter, decision=first, text={"en": "No."}, item=None, paragraphs=[], stamp=0)
        with pytest.raises(InvalidInput, match="has a paragraph 7"):
            actions.write_decision(actor=drafter, dossier=dossier, text={"en": "More."}, paragraphs=[(outcome, 7)])
    assert list(dossier.decisions.values_list("number", "text__en")) == [
        (1, "The working definition is adopted."),
        (2, "It meets again in May."),
    ]
    assert not first.paragraphs.exists()


def test_a_report_is_shown_for_good_and_can_be_corrected(drafter, organizer, dossier, item):
    with clock.at(AFTER):
        with pytest.raises(InvalidInput, match="Write the report"):
            actions.write_report(actor=drafter, dossier=dossier, report={}, is_shown=True)
        shown = actions.write_report(actor=drafter, dossier=dossier, report={"en": "It met."}, is_shown=True)
        assert shown.reported_at and shown.published_at
        later = actions.write_report(
            actor=organizer, dossier=dossier, report={"en": "It met twice."}, stamp=shown.stamp
        )
        with pytest.raises(InvalidInput):
            actions.write_report(actor=drafter, dossier=dossier, report={"en": "It met."}, stamp=shown.stamp)
    assert later.reported_at == shown.reported_at
