"""A period is encoded in pieces and grouped: killed, paused, requested twice, revised, withdrawn or erased on the
way.
"""

import pytest
from django.db import transaction

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.contributions.actions.publication import take_down
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.tasks import run, take
from plenara.documents.validation.words import sentences
from plenara.search.models import Vector
from plenara.summaries import personal_data
from plenara.summaries.groups import groups_of
from plenara.summaries.groups.actions import editing as actions
from plenara.summaries.groups.actions import making
from plenara.summaries.models import Group, Grouping, Member
from tests import world
from tests.summaries.groups import meaning
from tests.summaries.groups.conftest import run_all

pytestmark = pytest.mark.django_db


def memberships(summary):
    """Return the contents of the groups, without ids."""
    return [
        [(each.number, each.place, each.words, each.rank) for each in group.members] for group in groups_of(summary)
    ]


def step():
    """Run the next task of the groups that is due."""
    others = set(BackgroundTask.objects.exclude(task__startswith="summaries.").values_list("task", flat=True))
    (one,) = take(limit=1, besides=others)
    return one, run(one)


def test_the_sentences_of_a_group_are_those_that_can_be_cited(contributed, groups, summary):
    found = groups_of(summary)
    assert len(groups) == 3
    for each in (member for group in found for member in group.members):
        edition = next(it for it in contributed if it.pk == each.edition_id)
        assert sentences(edition.text.content)[each.place - 1] == each.words


def test_groups_follow_what_is_said_and_show_who_holds_it(groups, summary):
    found = [each for each in groups_of(summary) if not each.is_rest]
    topics = [
        {next(t for t, all_ in meaning.TOPICS.items() if any(x in m.words for x in all_)) for m in g.members}
        for g in found
    ]
    assert [len(each) for each in topics] == [1, 1, 1]
    assert [each.contributions for each in found] == [4, 4, 4]
    for each in found:
        assert sum(count for _group, count in each.by_stakeholder_group) == 4
        assert set(each.languages) == {"en", "fr"}
        assert not each.by_person


def test_three_sentences_stand_for_a_group_of_different_groups_where_there_are(groups, summary):
    for each in groups_of(summary):
        if each.is_rest:
            continue
        assert len(each.typical) == 3
        assert len({one.contribution_id for one in each.typical}) == 3
        assert len({one.stakeholder_group for one in each.typical}) > 1


def test_a_text_is_read_once_for_all_summaries(groups, grouped, encoded):
    read = len(encoded)
    assert read == 12
    grouped()
    assert len(encoded) == read


def test_a_campaign_is_read_once_and_each_of_it_counts(grouped, contributed, summary, thread, moderator, encoded):
    lead = contributed[0]
    for at in range(2):
        other = world.published(
            world.person(f"Person {at}", stakeholder_group="other"), moderator, thread, lead.text.content
        )
        type(other).objects.filter(pk=other.pk).update(campaign_of=lead.number)
    grouped()
    assert len(encoded) == 12
    group = next(each for each in groups_of(summary) if lead.number in {m.number for m in each.members})
    assert dict(group.by_stakeholder_group)["other"] == 2
    assert group.contributions == 6


def test_the_same_period_gives_the_same_groups_whatever_order_it_was_read_in(groups, grouped, summary, monkeypatch):
    before, of = memberships(summary), Grouping.objects.get().of
    Vector.objects.all().delete()
    Grouping.objects.all().delete()
    unread = making.unread
    monkeypatch.setattr(making, "unread", lambda texts: list(reversed(unread(texts))))
    grouped()
    assert memberships(summary) == before
    assert Grouping.objects.get().of == of


def test_it_is_read_in_pieces_and_progress_is_recorded(contributed, summary, rapporteur, monkeypatch):
    monkeypatch.setattr(making, "PIECE_SECONDS", -1)
    monkeypatch.setattr(making, "AT_ONCE", 5)
    actions.ask_groups(actor=rapporteur, summary=summary)
    seen = []
    while step()[0].task == "summaries.read_period":
        grouping = Grouping.objects.get()
        seen.append((grouping.done, grouping.wanted))
    assert seen == [(5, 12), (10, 12), (12, 12)]
    assert Grouping.objects.get().made_at
    assert not Grouping.objects.get().is_running


def test_on_a_busy_machine_a_piece_ends_in_time_all_the_same(contributed, summary, rapporteur, monkeypatch):
    monkeypatch.setattr(making, "PIECE_SECONDS", -1)
    monkeypatch.setattr(making, "AT_ONCE_SECONDS", -1)
    actions.ask_groups(actor=rapporteur, summary=summary)
    step()
    assert Grouping.objects.get().done == 1
    run_all()
    assert Member.objects.count() == 12


def test_killed_between_pieces_nothing_is_read_twice(contributed, summary, rapporteur, monkeypatch, encoded):
    monkeypatch.setattr(making, "PIECE_SECONDS", -1)
    monkeypatch.setattr(making, "AT_ONCE", 5)
    actions.ask_groups(actor=rapporteur, summary=summary)
    one, _is_done = step()
    # Killed before the task was marked as done: it runs again beside the one that it enqueued.
    BackgroundTask.objects.filter(pk=one.pk).update(done_at=None, lease_until=None, arguments=one.arguments)
    run_all()
    assert len(encoded) == 12
    assert AuditEntry.objects.filter(verb="summary.grouped").count() == 1
    assert Member.objects.count() == 12


def test_killed_while_a_text_is_kept_none_of_its_vectors_stays(contributed, summary, rapporteur, monkeypatch):
    actions.ask_groups(actor=rapporteur, summary=summary)
    progress = making._progress
    calls = []

    def killed(*args):
        calls.append(args)
        if len(calls) > 1:
            raise KeyboardInterrupt
        progress(*args)

    monkeypatch.setattr(making, "_progress", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        step()
    assert not Vector.objects.exists()
    monkeypatch.setattr(making, "_progress", progress)
    BackgroundTask.objects.update(lease_until=None)
    run_all()
    assert Group.objects.filter(is_rest=False).count() == 3


def test_killed_while_groups_are_written_the_old_ones_stay(groups, grouped, summary, rapporteur, monkeypatch):
    before = memberships(summary)
    actions.ask_groups(actor=rapporteur, summary=summary)
    monkeypatch.setattr(making, "_number", lambda *args: 1 / 0)
    run_all()
    assert memberships(summary) == before
    assert Grouping.objects.get().is_running


def test_paused_it_stops_after_what_it_does_and_goes_on_where_it_was(
    contributed, summary, rapporteur, monkeypatch, encoded
):
    monkeypatch.setattr(making, "AT_ONCE", 4)
    actions.ask_groups(actor=rapporteur, summary=summary)
    monkeypatch.setattr(
        making, "niced", lambda work: (actions.pause_groups(actor=rapporteur, summary=summary), work())[1]
    )
    run_all()
    assert len(encoded) == 4
    assert not Group.objects.exists()
    assert not BackgroundTask.objects.filter(task__startswith="summaries.", done_at=None).exists()
    monkeypatch.undo()
    monkeypatch.setattr("plenara.search.encoder.vectors", meaning.vectors)
    actions.resume_groups(actor=rapporteur, summary=summary)
    run_all()
    assert len(encoded) == 12
    assert Group.objects.filter(is_rest=False).count() == 3


def test_asked_twice_paused_twice_resumed_twice_it_is_done_once(contributed, summary, rapporteur):
    for act in (actions.ask_groups, actions.pause_groups, actions.resume_groups):
        for _time in range(2):
            act(actor=rapporteur, summary=summary)
    run_all()
    verbs = AuditEntry.objects.filter(verb__startswith="summary.group").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "summary.groups_asked",
        "summary.groups_paused",
        "summary.groups_resumed",
        "summary.grouped",
    ]


def test_a_task_of_an_earlier_asking_does_nothing(groups, summary, rapporteur):
    from plenara.summaries.groups.actions.editing import group, read_period

    stamp = Grouping.objects.get().made_at
    read_period.call(grouping_id=Grouping.objects.get().pk, run=0, piece=1)
    group.call(grouping_id=Grouping.objects.get().pk, run=0)
    assert Grouping.objects.get().made_at == stamp
    group.call(grouping_id=10**9, run=1)


def test_what_was_given_up_can_be_asked_for_again(contributed, summary, rapporteur, monkeypatch):
    monkeypatch.setattr(making, "embedded", lambda *args: 1 / 0)
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    BackgroundTask.objects.filter(task="summaries.read_period").update(failed_at="2026-01-01T00:00Z")
    monkeypatch.undo()
    monkeypatch.setattr("plenara.search.encoder.vectors", meaning.vectors)
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    assert Group.objects.filter(is_rest=False).count() == 3


def test_what_is_withdrawn_is_not_shown_at_once_and_forgotten_with_the_day(contributed, groups, summary):
    gone = contributed[0]
    take_down(gone.contribution, "withdrawn", reason="")
    assert gone.number not in {m.number for g in groups_of(summary) for m in g.members}
    assert personal_data.delete_unpublished_vectors() == 1
    assert not Vector.objects.filter(object_id=gone.pk).exists()
    assert not Member.objects.filter(edition=gone).exists()
    assert Vector.objects.filter(object_id=contributed[1].pk).exists()


def test_erased_words_leave_neither_vector_nor_sentence(contributed, groups, summary, participant):
    own_editions = [each.pk for each in contributed if each.contribution.author_id == participant.pk]
    assert Member.objects.filter(edition__in=own_editions).exists()
    erase(actor=participant, choice=ErasureChoice.TOMBSTONES)
    run_all()
    assert not Member.objects.filter(edition__in=own_editions).exists()
    assert not Vector.objects.filter(object_id__in=own_editions).exists()
    assert Member.objects.exclude(edition__in=own_editions).exists()


def test_words_that_are_erased_while_they_are_read_leave_nothing(contributed, summary, rapporteur, monkeypatch):
    actions.ask_groups(actor=rapporteur, summary=summary)
    niced = making.niced

    def erased(work):
        rows = niced(work)
        take_down(contributed[0].contribution, "removed", reason="R1")
        return rows

    monkeypatch.setattr(making, "niced", erased)
    run_all()
    assert not Vector.objects.filter(object_id=contributed[0].pk).exists()
    assert not Member.objects.filter(edition=contributed[0]).exists()
    assert Member.objects.count() == 11


def test_words_that_go_while_they_are_grouped_are_in_no_group(contributed, summary, rapporteur, monkeypatch):
    group = making.clustering.group

    def removed(material):
        made = group(material)
        take_down(contributed[0].contribution, "removed", reason="R1")
        return made

    monkeypatch.setattr(making.clustering, "group", removed)
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    assert Member.objects.exists()
    assert not Member.objects.filter(edition=contributed[0]).exists()


def test_vectors_of_another_encoder_are_made_again(contributed, groups, grouped, encoded):
    Vector.objects.filter(object_id=contributed[0].pk).update(encoder="another")
    grouped()
    assert len(encoded) == 13
    assert not Vector.objects.filter(encoder="another").exists()


def test_a_period_without_contributions_has_no_groups(summary, rapporteur):
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    assert groups_of(summary)[0].is_rest
    assert groups_of(summary)[0].members == []


def test_few_contributions_stand_in_one_list(summary, rapporteur, participant, moderator, thread):
    for text in meaning.texts(4):
        world.published(participant, moderator, thread, text)
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    (rest,) = groups_of(summary)
    assert rest.is_rest
    assert len(rest.members) == 4
