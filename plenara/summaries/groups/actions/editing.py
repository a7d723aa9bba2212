"""Actions on groups of similar sentences: requests, the machine's work in pieces, changes by people. No numpy."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit, clock
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, require, require_valid
from plenara.core.tasks import task
from plenara.core.text import clean_line
from plenara.core.transaction import writes, writing
from plenara.search.actions import index as search_actions
from plenara.summaries import permissions
from plenara.summaries.groups.queries import VECTOR_KIND, is_stuck
from plenara.summaries.models import Group, Grouping, Member, Summary
from plenara.summaries.validation import inputs


def under_way(grouping_id: int, run: int) -> Grouping | None:
    """Return a grouping as it is now, if this run is still current: not paused, not requested again."""
    found = Grouping.objects.select_related("summary__consultation")
    return found.filter(pk=grouping_id, run=run, is_running=True, paused_at=None).first()


@task
def read_period(*, grouping_id: int, run: int, piece: int) -> None:
    """Encode a piece of a period and enqueue the next, or the grouping."""
    grouping = under_way(grouping_id, run)
    if grouping is None:
        return
    from plenara.summaries.groups.actions import making

    is_done = making.read_on(grouping, goes_on=lambda: under_way(grouping_id, run) is not None)
    with writes():
        if under_way(grouping_id, run) is None:
            return  # paused in the meantime: resuming enqueues it again
        if is_done:
            group.using(key=f"groups-{grouping_id}-{run}-made").enqueue(grouping_id=grouping_id, run=run)
        else:
            enqueue_reading(grouping, piece + 1)


def enqueue_reading(grouping: Grouping, piece: int) -> None:
    """Enqueue a piece of the encoding for the present run."""
    key = f"groups-{grouping.pk}-{grouping.run}-{piece}"
    read_period.using(key=key).enqueue(grouping_id=grouping.pk, run=grouping.run, piece=piece)


@task
def group(*, grouping_id: int, run: int) -> None:
    """Make the groups. Repeat it if a person changed them in the meantime."""
    from plenara.summaries.groups.actions import making

    for _attempt in range(3):
        grouping = under_way(grouping_id, run)
        if grouping is None or making.make(grouping):
            return
    raise TimeoutError  # somebody is editing the groups: try later


@task
def forget_vectors(*, edition_id: int) -> None:
    """Delete the vectors of an edition whose words were removed, and its sentences in all groups."""
    with writes():
        search_actions.forget_vectors(VECTOR_KIND, [edition_id])
        Member.objects.filter(edition_id=edition_id).delete()


def changed_meanwhile() -> ActionRefused:
    """Return the refusal of a change that was based on an older state of the groups."""
    return ActionRefused(
        _(
            "Someone else has changed these groups since you opened them, or the groups were created again. Look at "
            "the current groups."
        ),
        "changed",
    )


@writing
def ask_groups(*, actor: Person, summary: Summary) -> Grouping:
    """Request the groups of a summary's period, or new ones. Two requests at once count as one."""
    require(permissions.may_group(actor, summary))
    Grouping.objects.get_or_create(summary=summary)
    grouping = _lock_grouping(summary)
    if grouping.is_running and not is_stuck(grouping):
        return grouping
    grouping.asked_by, grouping.asked_at, grouping.paused_at = actor, clock.now(), None
    grouping.done = grouping.wanted = 0
    return _run(grouping, actor, "summary.groups_asked")


@writing
def pause_groups(*, actor: Person, summary: Summary) -> Grouping:
    """Pause the machine. The vectors stay."""
    require(permissions.may_group(actor, summary))
    grouping = _lock_grouping(summary)
    if not grouping.is_running or grouping.paused_at:
        return grouping
    grouping.paused_at = clock.now()
    grouping.save(update_fields=["paused_at"])
    audit.log("summary.groups_paused", actor=actor, about=summary, consultation=summary.consultation)
    return grouping


@writing
def resume_groups(*, actor: Person, summary: Summary) -> Grouping:
    """Resume the machine's work."""
    require(permissions.may_group(actor, summary))
    grouping = _lock_grouping(summary)
    if not grouping.paused_at:
        return grouping
    grouping.paused_at = None
    return _run(grouping, actor, "summary.groups_resumed")


def _run(grouping: Grouping, actor: Person, verb: str) -> Grouping:
    """Begin a run. The tasks of earlier runs no longer do anything."""
    grouping.run += 1
    grouping.is_running = True
    grouping.save()
    enqueue_reading(grouping, 1)
    audit.log(verb, actor=actor, about=grouping.summary, consultation=grouping.summary.consultation, run=grouping.run)
    return grouping


@writing
def rename_group(*, actor: Person, group: Group, name: str, was: str) -> Group:
    """Set or remove the name of a group. `was` is the name that the form showed."""
    group = _lock_group(actor, group)
    name = clean_line(name)
    require_valid(inputs.group_name_fits(name))
    if name == group.name:
        return group
    if was != group.name:
        raise ActionRefused(
            _(
                "Someone else has named this group “%(name)s”. What you typed is still in the form: save again if you "
                "want to use it."
            )
            % {"name": group.name},
            "changed",
            "name",
        )
    group.name = name
    _touched(group, actor)
    _log("summary.group_renamed", actor, group)
    return group


@writing
def merge_groups(*, actor: Person, group: Group, into: Group, stamps: tuple[int, int]) -> Group:
    """Move all sentences of a group into another, and delete it. `stamps` are those of both that the form showed."""
    summary = group.grouping.summary
    require(permissions.may_group(actor, summary))
    grouping = _lock_grouping(summary)
    found = {each.pk: each for each in Group.objects.filter(grouping=grouping, pk__in=[group.pk, into.pk])}
    if group.pk not in found and into.pk in found and found[into.pk].stamp == stamps[1] + 1:
        raise AlreadyDone(_("These groups have already been merged. Nothing has changed."))  # a double click
    if len(found) < 2 and group.pk != into.pk:
        raise changed_meanwhile()
    if group.pk == into.pk:
        raise InvalidInput(_("Choose another group."), "same", "to")
    one, other = found[group.pk], found[into.pk]
    _changeable(one, other)
    if (one.stamp, other.stamp) != stamps:
        raise changed_meanwhile()
    _put(list(one.members.all()), other, actor)
    one.delete()
    other.name = other.name or one.name
    _touched(other, actor)
    _log("summary.groups_merged", actor, other, merged=group.pk)
    return other


@writing
def split_group(*, actor: Person, group: Group, members: Collection[int], name: str = "") -> Group:
    """Create a new group from some sentences of a group."""
    group = _lock_group(actor, group, rest_too=True)
    name = clean_line(name)
    require_valid(inputs.group_name_fits(name))
    chosen = _chosen(group, members, actor)
    if not group.is_rest and len(chosen) == group.members.count():
        raise InvalidInput(
            _("Leave at least one sentence in the group, or change the name of the group instead."), "all", "members"
        )
    new = Group.objects.create(
        grouping_id=group.grouping_id, number=_last_number(group.grouping) + 1, name=name, by=actor, by_person=True
    )
    _put(chosen, new, actor)
    _note_removal(group, actor)
    _log("summary.group_split", actor, group, into=new.pk, members=[each.pk for each in chosen])
    return new


@writing
def move_members(*, actor: Person, group: Group, members: Collection[int], to: Group) -> Group:
    """Move some sentences of a group into another, or into the one of ungrouped sentences."""
    group = _lock_group(actor, group, rest_too=True)
    target = Group.objects.filter(pk=to.pk, grouping_id=group.grouping_id).first()
    if target is None:
        raise changed_meanwhile()
    if target.pk == group.pk:
        raise InvalidInput(_("Choose another group."), "same", "to")
    chosen = _chosen(group, members, actor)
    _put(chosen, target, actor)
    if not target.is_rest:
        _touched(target, actor)
    _note_removal(group, actor)
    _log("summary.sentences_moved", actor, group, to=target.pk, members=[each.pk for each in chosen])
    return target


@writing
def set_group_aside(*, actor: Person, group: Group) -> Group:
    """Set a group aside for this summary. Its contributions are not set aside by this."""
    return _aside(actor, group, True, "summary.group_set_aside")


@writing
def take_group_up(*, actor: Person, group: Group) -> Group:
    """Include a group again that was set aside."""
    return _aside(actor, group, False, "summary.group_taken_up")


def _aside(actor: Person, group: Group, is_set_aside: bool, verb: str) -> Group:
    group = _lock_group(actor, group)
    if group.is_set_aside == is_set_aside:
        return group
    group.is_set_aside = is_set_aside
    _touched(group, actor)
    _log(verb, actor, group)
    return group


def _lock_grouping(summary: Summary) -> Grouping:
    """Return the summary's grouping, locked, so that changes of its groups happen one after the other."""
    grouping = Grouping.objects.select_for_update(of=("self",)).filter(summary=summary).first()
    if grouping is None:
        raise changed_meanwhile()
    grouping.summary = summary
    return grouping


def _lock_group(actor: Person, group: Group, *, rest_too: bool = False) -> Group:
    """Return a group as it is now, locked, for a person who may change it."""
    summary = group.grouping.summary
    require(permissions.may_group(actor, summary))
    grouping = _lock_grouping(summary)
    present = Group.objects.filter(pk=group.pk, grouping=grouping).first()
    if present is None:
        raise changed_meanwhile()
    if not rest_too:
        _changeable(present)
    present.grouping = grouping
    return present


def _changeable(*groups: Group) -> None:
    if any(each.is_rest for each in groups):
        raise InvalidInput(
            _("“Not grouped” is not a group. Choose sentences from it and move them to a group."), "rest"
        )


def _chosen(group: Group, members: Collection[int], actor: Person) -> list[Member]:
    """Return the chosen sentences, which must all still be in the group.

    If the same person has moved all of them to one other group, it was a double click.
    """
    if not members:
        raise InvalidInput(_("Choose at least one sentence."), "empty", "members")
    found = list(group.members.filter(pk__in=members))
    if len(found) == len(set(members)):
        return found
    moved = Member.objects.filter(pk__in=members, by=actor, by_person=True, group__grouping_id=group.grouping_id)
    where = list(moved.exclude(group=group).values_list("group_id", flat=True))
    if len(where) == len(set(members)) and len(set(where)) == 1:
        raise AlreadyDone(_("You have already moved these sentences. Nothing has changed."))
    raise changed_meanwhile()


def _put(members: list[Member], group: Group, actor: Person) -> None:
    """Move sentences into a group, each to those of about the same rank."""
    own = list(group.members.all())
    for each in members:
        each.group, each.by, each.by_person = group, actor, True
    every = sorted([*own, *members], key=lambda each: (each.rank, each.by_person, each.pk))
    for rank, each in enumerate(every, 1):
        each.rank = rank
    Member.objects.bulk_update(every, ["group", "by", "by_person", "rank"], batch_size=500)


def _note_removal(group: Group, actor: Person) -> None:
    """Record that sentences were moved out of a group; delete it if it is empty."""
    if group.is_rest:
        return
    if group.members.exists():
        _touched(group, actor)
    else:
        group.delete()


def _touched(group: Group, actor: Person) -> None:
    group.by, group.by_person, group.at = actor, True, clock.now()
    group.stamp += 1
    group.save()


def _last_number(grouping: Grouping) -> int:
    numbers = Group.objects.filter(grouping=grouping, is_rest=False).values_list("number", flat=True)
    return max(numbers, default=0)


def _log(verb: str, actor: Person, group: Group, **details: object) -> None:
    summary = group.grouping.summary
    audit.log(verb, actor=actor, about=summary, consultation=summary.consultation, **{"group": group.pk, **details})
