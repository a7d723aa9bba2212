"""Changes of groups by people stay, are marked, and are made once."""

import pytest

from plenara.contributions.actions.submission import revise
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted
from plenara.summaries.groups import groups_of
from plenara.summaries.groups.actions import editing as actions
from plenara.summaries.groups.actions import making
from plenara.summaries.models import Group, Member
from tests import world
from tests.summaries.groups import meaning
from tests.summaries.groups.conftest import run_all

pytestmark = pytest.mark.django_db


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def pks(group, count=None):
    return list(group.members.order_by("rank").values_list("pk", flat=True)[:count])


def rest_of(groups):
    return Group.objects.get(grouping=groups[0].grouping_id, is_rest=True)


def verbs():
    return list(
        AuditEntry.objects.filter(actor_id__isnull=False, verb__startswith="summary.")
        .order_by("pk")
        .values_list("verb", flat=True)
    )[1:]


@pytest.fixture
def more(thread, moderator):
    """A function that publishes more contributions on the first topic."""

    def publish(count=3):
        person = world.person("New person", stakeholder_group="technical_academic")
        topic = next(iter(meaning.TOPICS.values()))
        return [
            world.published(person, moderator, thread, f"{topic[at % 4]} says later{at:04}.") for at in range(count)
        ]

    return publish


def cost(groups):
    return next(each for each in groups if "onnection costs" in each.members.first().words)


def test_a_name_is_given_once(groups, rapporteur):
    named = actions.rename_group(actor=rapporteur, group=groups[0], name="  Cost\n of access ", was="")
    assert (named.name, named.by, named.by_person) == ("Cost of access", rapporteur, True)
    actions.rename_group(actor=rapporteur, group=fresh(groups[0]), name="Cost of access", was="")
    assert verbs() == ["summary.group_renamed"]


def test_of_two_who_name_a_group_the_second_hears_it(groups, rapporteur, other_rapporteur):
    actions.rename_group(actor=other_rapporteur, group=groups[0], name="Prices", was="")
    with pytest.raises(ActionRefused, match="Prices") as refused:
        actions.rename_group(actor=rapporteur, group=groups[0], name="Cost", was="")
    assert refused.value.code == "changed"
    assert fresh(groups[0]).name == "Prices"


def test_a_name_is_not_longer_than_a_line(groups, rapporteur):
    with pytest.raises(InvalidInput, match="201 characters"):
        actions.rename_group(actor=rapporteur, group=groups[0], name="x" * 201, was="")


def test_merged_groups_are_one_and_a_second_click_changes_nothing(groups, rapporteur, summary):
    one, other = groups[0], groups[1]
    moved = set(pks(one))
    for _click in range(2):
        try:
            actions.merge_groups(actor=rapporteur, group=one, into=other, stamps=(0, 0))
        except AlreadyDone:
            pass
    assert not Group.objects.filter(pk=one.pk).exists()
    assert moved < set(pks(other))
    assert fresh(other).by_person
    by_person_of = {each.id: each.by_person for group in groups_of(summary) for each in group.members}
    assert {pk for pk, by_person in by_person_of.items() if by_person} == moved
    assert [each for each in verbs() if each != "summary.grouped"] == ["summary.groups_merged"]
    assert sorted(Member.objects.filter(group=other).values_list("rank", flat=True)) == list(range(1, 9))


def test_groups_that_changed_meanwhile_are_not_merged(groups, rapporteur, other_rapporteur):
    actions.move_members(actor=other_rapporteur, group=groups[2], members=pks(groups[2], 1), to=groups[0])
    with pytest.raises(ActionRefused) as refused:
        actions.merge_groups(actor=rapporteur, group=groups[0], into=groups[1], stamps=(0, 0))
    assert refused.value.code == "changed"
    assert fresh(groups[0]).members.count() == 5


def test_a_group_is_not_merged_with_itself_or_with_what_is_not_grouped(groups, rapporteur):
    with pytest.raises(InvalidInput):
        actions.merge_groups(actor=rapporteur, group=groups[0], into=groups[0], stamps=(0, 0))
    with pytest.raises(InvalidInput):
        actions.merge_groups(actor=rapporteur, group=groups[0], into=rest_of(groups), stamps=(0, 0))


def test_sentences_are_split_off_into_a_new_group_once(groups, rapporteur):
    chosen = pks(groups[0], 2)
    new = actions.split_group(actor=rapporteur, group=groups[0], members=chosen, name="Villages")
    with pytest.raises(AlreadyDone):
        actions.split_group(actor=rapporteur, group=groups[0], members=chosen, name="Villages")
    assert Group.objects.filter(name="Villages").count() == 1
    assert set(pks(new)) == set(chosen)
    assert new.number == 4
    assert fresh(groups[0]).by_person
    assert fresh(groups[0]).members.count() == 2
    assert verbs() == ["summary.group_split"]


def test_not_all_sentences_are_split_off_and_not_none(groups, rapporteur):
    with pytest.raises(InvalidInput):
        actions.split_group(actor=rapporteur, group=groups[0], members=pks(groups[0]))
    with pytest.raises(InvalidInput):
        actions.split_group(actor=rapporteur, group=groups[0], members=[])
    assert fresh(groups[0]).members.count() == 4


def test_a_sentence_is_moved_and_keeps_its_words(groups, rapporteur):
    (pk,) = pks(groups[0], 1)
    words = Member.objects.get(pk=pk).words
    actions.move_members(actor=rapporteur, group=groups[0], members=[pk], to=groups[1])
    with pytest.raises(AlreadyDone):
        actions.move_members(actor=rapporteur, group=groups[0], members=[pk], to=groups[1])
    member = Member.objects.get(pk=pk)
    assert (member.group, member.words, member.by, member.by_person) == (groups[1], words, rapporteur, True)


def test_a_group_whose_last_sentence_is_moved_is_gone(groups, rapporteur):
    actions.move_members(actor=rapporteur, group=groups[0], members=pks(groups[0]), to=rest_of(groups))
    assert not Group.objects.filter(pk=groups[0].pk).exists()
    assert rest_of(groups).members.count() == 4


def test_sentences_that_somebody_else_moved_meanwhile_are_not_moved(groups, rapporteur, other_rapporteur):
    chosen = pks(groups[0], 2)
    actions.move_members(actor=other_rapporteur, group=groups[0], members=chosen[:1], to=groups[2])
    with pytest.raises(ActionRefused) as refused:
        actions.move_members(actor=rapporteur, group=groups[0], members=chosen, to=groups[1])
    assert refused.value.code == "changed"
    assert Member.objects.get(pk=chosen[1]).group == groups[0]


def test_a_sentence_of_another_summary_is_not_moved(groups, rapporteur, consultation):
    from tests.summaries import making as summaries

    other = summaries.summary(rapporteur, consultation)
    actions.ask_groups(actor=rapporteur, summary=other)
    run_all()
    foreign = Group.objects.filter(grouping__summary=other).exclude(members=None).first()
    with pytest.raises(ActionRefused):
        actions.move_members(actor=rapporteur, group=groups[0], members=pks(foreign, 1), to=groups[1])
    with pytest.raises(ActionRefused):
        actions.move_members(actor=rapporteur, group=groups[0], members=pks(groups[0], 1), to=foreign)


def test_a_group_is_set_aside_and_taken_up_again(groups, rapporteur, summary):
    for _click in range(2):
        actions.set_group_aside(actor=rapporteur, group=groups[0])
    assert [each.is_set_aside for each in groups_of(summary) if each.id == groups[0].pk] == [True]
    for _click in range(2):
        actions.take_group_up(actor=rapporteur, group=groups[0])
    assert verbs() == ["summary.group_set_aside", "summary.group_taken_up"]


def test_what_is_not_grouped_has_no_name(groups, rapporteur):
    with pytest.raises(InvalidInput):
        actions.rename_group(actor=rapporteur, group=rest_of(groups), name="Rest", was="")
    with pytest.raises(InvalidInput):
        actions.set_group_aside(actor=rapporteur, group=rest_of(groups))


@pytest.mark.parametrize("role", ["translator", "organizer", "moderator", "participant", "outsider"])
def test_only_a_rapporteur_has_a_hand_in_groups(role, groups, summary, request):
    person = request.getfixturevalue(role)
    for act in (
        lambda: actions.ask_groups(actor=person, summary=summary),
        lambda: actions.pause_groups(actor=person, summary=summary),
        lambda: actions.resume_groups(actor=person, summary=summary),
        lambda: actions.rename_group(actor=person, group=groups[0], name="Mine", was=""),
        lambda: actions.merge_groups(actor=person, group=groups[0], into=groups[1], stamps=(0, 0)),
        lambda: actions.split_group(actor=person, group=groups[0], members=pks(groups[0], 1)),
        lambda: actions.move_members(actor=person, group=groups[0], members=pks(groups[0], 1), to=groups[1]),
        lambda: actions.set_group_aside(actor=person, group=groups[0]),
        lambda: actions.take_group_up(actor=person, group=groups[0]),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not Group.objects.filter(by_person=True).exists()


def test_grouped_again_a_named_group_stays_and_like_sentences_join_it(groups, grouped, more, rapporteur):
    named = actions.rename_group(actor=rapporteur, group=cost(groups), name="Cost", was="")
    before = set(pks(named))
    new = more(4)
    after = grouped()
    kept = Group.objects.get(name="Cost")
    assert kept.pk == named.pk
    assert before < set(pks(kept))
    joined = Member.objects.filter(group=kept, edition__in=new)
    assert joined.count() >= 3
    assert not joined.filter(by_person=True).exists()
    assert kept.stamp > named.stamp
    assert {each.pk for each in after} & {each.pk for each in groups} == {named.pk}


def test_grouped_again_a_moved_sentence_is_where_the_person_put_it(groups, grouped, rapporteur):
    (pk,) = pks(groups[0], 1)
    actions.move_members(actor=rapporteur, group=groups[0], members=[pk], to=groups[1])
    left_out = pks(groups[2], 1)
    actions.move_members(actor=rapporteur, group=groups[2], members=left_out, to=rest_of(groups))
    grouped()
    assert Member.objects.get(pk=pk).group_id == groups[1].pk
    assert Member.objects.get(pk=left_out[0]).group.is_rest
    edition_place = Member.objects.values_list("edition_id", "place")
    assert len(edition_place) == len(set(edition_place)) == 12


def test_a_sentence_that_is_still_said_in_a_revision_stays_in_its_group(
    groups, grouped, contributed, rapporteur, moderator
):
    named = actions.rename_group(actor=rapporteur, group=cost(groups), name="Cost", was="")
    member = named.members.select_related("edition__contribution__author").first()
    old, author = member.edition, member.edition.contribution.author
    text = f"A first sentence that was not there before at all. {old.text.content}"
    revise(actor=author, contribution=old.contribution, text=text, language=old.language)
    revised = world.decided(old.contribution, moderator).editions.get(in_force=True)
    assert revised.pk != old.pk
    grouped()
    member = Member.objects.get(pk=member.pk)
    assert (member.edition_id, member.place, member.group_id) == (revised.pk, 2, named.pk)


def test_a_sentence_that_is_said_no_more_leaves_its_group(groups, grouped, rapporteur, moderator):
    named = actions.rename_group(actor=rapporteur, group=cost(groups), name="Cost", was="")
    member = named.members.select_related("edition__contribution__author").first()
    old = member.edition
    revise(
        actor=old.contribution.author,
        contribution=old.contribution,
        text="Something else altogether is said here about turnips and carrots.",
        language=old.language,
    )
    world.decided(old.contribution, moderator)
    grouped()
    assert not Member.objects.filter(pk=member.pk).exists()
    assert Group.objects.get(name="Cost").members.count() == 3


def test_a_person_who_changes_groups_while_they_are_made_is_not_overwritten(groups, summary, rapporteur, monkeypatch):
    group, done = making.clustering.group, []

    def meanwhile(material):
        made = group(material)
        if not done:
            done.append(actions.rename_group(actor=rapporteur, group=groups[0], name="Mine", was=""))
        return made

    monkeypatch.setattr(making.clustering, "group", meanwhile)
    actions.ask_groups(actor=rapporteur, summary=summary)
    run_all()
    assert Group.objects.get(name="Mine").members.count() == 4
    assert Group.objects.filter(grouping__summary=summary, is_rest=False).count() == 3


def test_the_hand_of_a_person_stays_when_their_account_does_not(
    groups, summary, consultation, rapporteur, other_rapporteur
):
    actions.rename_group(actor=other_rapporteur, group=groups[0], name="Cost", was="")
    other_rapporteur.delete()
    group = fresh(groups[0])
    assert (group.by, group.by_person) == (None, True)
