"""Encoding the texts of a period as vectors, a piece at a time, and making groups from them."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import batched

import numpy

from plenara.contributions.models import Edition
from plenara.core import audit, clock
from plenara.core.resources import niced
from plenara.core.transaction import writes
from plenara.documents.validation.words import sentences
from plenara.search import vector_store
from plenara.search.actions import index as search_actions
from plenara.summaries.groups import clustering
from plenara.summaries.groups.embedding import embedded, encoder_name
from plenara.summaries.groups.queries import VECTOR_KIND
from plenara.summaries.models import Group, Grouping, Member, Summary
from plenara.summaries.queries.coverage import editions_of


@dataclass(frozen=True)
class PeriodText:
    """A text of the period, by the edition that represents it."""

    edition_id: int
    contribution_id: int
    number: int
    language: str
    sha256: str


def texts_of(summary: Summary) -> list[PeriodText]:
    """Return the texts of a summary's period by number; of a campaign only the first. One query."""
    rows = (
        editions_of(summary.consultation, summary.period_from, summary.period_to)
        .filter(text__isnull=False)
        .order_by("number")
        .values_list("pk", "contribution_id", "number", "language", "text__sha256", "campaign_of")
    )
    found: dict[int, PeriodText] = {}
    for pk, contribution, number, language, sha256, under in rows:
        found.setdefault(under or number, PeriodText(pk, contribution, number, language, sha256 or ""))
    return sorted(found.values(), key=lambda each: each.number)


def unread(texts: list[PeriodText]) -> list[PeriodText]:
    """Return those whose vectors are missing, or are of other words or another model."""
    known = vector_store.digests(VECTOR_KIND, [each.edition_id for each in texts], encoder_name())
    return [each for each in texts if known.get(each.edition_id) != each.sha256]


def contents(edition_ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield (edition id, text) of editions whose words are public at this moment. A query for some hundred."""
    public_editions = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED, text__erased_at=None)
    for some in batched(edition_ids, 500):
        yield from public_editions.filter(pk__in=some).values_list("pk", "text__content")


def sentence_at(text: str, places: Iterable[int]) -> dict[int, str]:
    """Return the sentences of a text at these places, as far as it has them."""
    every = sentences(text)
    return {place: every[place - 1] for place in places if 0 < place <= len(every)}


type Place = tuple[int, int]  # edition id, place of the sentence in it


@dataclass
class Found:
    """The sentences of a period in their order, with their vectors."""

    places: list[Place]
    words: dict[Place, str]
    material: clustering.Material


@dataclass
class ByHand:
    """Groups made by people in their order, and the present place of each of their sentences."""

    groups: list[Group]
    #: By place: the group, from 0; -1 for sentences that a person left out of all groups.
    put: dict[Place, int] = field(default_factory=dict)
    members: dict[Place, Member] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)  # ids of members whose words are no longer in the period

    @property
    def stamps(self) -> list[tuple[int, int]]:
        return [(each.pk, each.stamp) for each in self.groups]


def make(grouping: Grouping) -> bool:
    """Group a period's sentences and save the groups; return whether it was done.

    It was not done if a person changed groups or paused it in the meantime: then it must be repeated.
    """
    texts = texts_of(grouping.summary)
    by_hand = _by_hand(grouping, texts)
    found = _found(texts, by_hand)
    grouped = clustering.group(found.material)  # some seconds: it need not give way
    with writes():
        held = Grouping.objects.select_for_update().get(pk=grouping.pk)
        now = Group.objects.filter(grouping=grouping, by_person=True).order_by("pk").values_list("pk", "stamp")
        if held.run != grouping.run or held.paused_at or list(now) != by_hand.stamps:
            return False
        _save(held, by_hand, found, grouped)
        held.of, held.made_at, held.is_running = _digest(found), clock.now(), False
        held.save(update_fields=["of", "made_at", "is_running"])
        audit.log("summary.grouped", actor=None, about=grouping.summary, consultation=grouping.summary.consultation)
    return True


def _by_hand(grouping: Grouping, texts: list[PeriodText]) -> ByHand:
    """Return the groups made by people, with the place of each sentence in the editions in force."""
    found = ByHand(list(Group.objects.filter(grouping=grouping, by_person=True).order_by("pk")))
    index = {each.pk: at for at, each in enumerate(found.groups)}
    members = Member.objects.filter(group__grouping=grouping).select_related("group", "edition").order_by("pk")
    kept = [each for each in members if each.group_id in index or (each.group.is_rest and each.by_person)]
    present = {each.contribution_id: each.edition_id for each in texts}
    elsewhere = {present[each.edition.contribution_id] for each in kept if each.edition.contribution_id in present}
    now = dict(contents(sorted(elsewhere)))
    for each in kept:
        edition = present.get(each.edition.contribution_id)
        place = _place_of(each, edition, now.get(edition or 0, ""))
        if edition is None or place is None or (edition, place) in found.put:
            found.gone.append(each.pk)
            continue
        each.edition_id, each.place = edition, place
        found.put[edition, place] = index.get(each.group_id, -1)
        found.members[edition, place] = each
    return found


def _place_of(member: Member, edition: int | None, text: str) -> int | None:
    """Return the place of a member's words in an edition of its contribution; None if they are not there."""
    if member.edition_id == edition and sentence_at(text, [member.place]).get(member.place) == member.words:
        return member.place
    every = sentences(text)
    return every.index(member.words) + 1 if member.words in every else None


def _found(texts: list[PeriodText], by_hand: ByHand) -> Found:
    """Return the sentences of the period with stored vectors, by number and place."""
    known = {each.edition_id: at for at, each in enumerate(texts)}
    kept = vector_store.stored_vectors(VECTOR_KIND, known, encoder_name())
    order = sorted(range(len(kept.places)), key=lambda at: (known[kept.object_ids[at]], kept.places[at]))
    wholes = {kept.object_ids[at]: at for at in order if kept.places[at] == 0}
    rows = [at for at in order if kept.places[at] and kept.object_ids[at] in wholes]
    words = _words([(kept.object_ids[at], kept.places[at]) for at in rows])
    # Sentences that a person left out of all groups are not grouped.
    rows = [
        at
        for at in rows
        if (place := (kept.object_ids[at], kept.places[at])) in words and by_hand.put.get(place, 0) != -1
    ]
    places = [(kept.object_ids[at], kept.places[at]) for at in rows]
    return Found(
        places,
        words,
        clustering.Material(
            sentences=kept.numbers[rows],
            wholes=kept.numbers[[wholes[edition] for edition, _place in places]],
            languages=[texts[known[edition]].language for edition, _place in places],
            owners=[known[edition] for edition, _place in places],
            given=len(by_hand.groups),
            fixed=[by_hand.put.get(place, -1) for place in places],
        ),
    )


def _words(places: Iterable[Place]) -> dict[Place, str]:
    """Return the sentences at these places, of texts that are public at this moment."""
    wanted: dict[int, list[int]] = {}
    for edition, place in places:
        wanted.setdefault(edition, []).append(place)
    found: dict[Place, str] = {}
    for edition, text in contents(wanted):
        for place, words in sentence_at(text, wanted[edition]).items():
            found[edition, place] = words
    return found


def _save(grouping: Grouping, by_hand: ByHand, found: Found, grouped: clustering.Grouped) -> None:
    """Save groups and members. Rows of people's groups stay, those of the machine are replaced."""
    rest, _made = Group.objects.get_or_create(grouping=grouping, is_rest=True, defaults={"number": 0})
    Member.objects.filter(pk__in=by_hand.gone).delete()
    Member.objects.filter(group__grouping=grouping, group__by_person=False, group__is_rest=False).delete()
    Member.objects.filter(group=rest, by_person=False).delete()
    Group.objects.filter(grouping=grouping, by_person=False, is_rest=False).delete()
    given = by_hand.groups
    made = [Group(grouping=grouping, number=0, at=clock.now()) for _each in range(max(grouped.count - len(given), 0))]
    Group.objects.bulk_create(made)
    groups = [*given, *made]
    likeness = {place: float(grouped.likeness[at]) for at, place in enumerate(found.places)}
    where = {place: int(grouped.groups[at]) for at, place in enumerate(found.places)}
    # A sentence that a person placed stays, even without a vector.
    where |= {place: at for place, at in by_hand.put.items() if place not in where}
    order = {place: at for at, place in enumerate(found.places)}
    inside: dict[int, list[Place]] = {}
    for place, at in where.items():
        inside.setdefault(at, []).append(place)
    rows: list[Member] = []
    for at, places in inside.items():
        places.sort(key=lambda place: (-likeness.get(place, -1.0), order.get(place, len(order)), place))
        group = groups[at] if at >= 0 else rest
        for rank, place in enumerate(places, 1):
            member = by_hand.members.get(place)
            if member is None:
                edition, number = place
                member = Member(edition_id=edition, place=number, words=found.words[place])
            member.group, member.rank = group, rank
            rows.append(member)
    new, kept = [each for each in rows if each.pk is None], [each for each in rows if each.pk]
    Member.objects.bulk_create(new, batch_size=1000)
    Member.objects.bulk_update(kept, ["edition", "place", "rank"], batch_size=500)
    # Words removed during the grouping are dropped.
    Member.objects.filter(group__grouping=grouping).exclude(edition__status=Edition.Status.PUBLISHED).delete()
    grown = {each.group_id for each in new}
    for group in given:
        group.stamp += group.pk in grown
    _number(groups, rest, inside, found)


def _number(groups: list[Group], rest: Group, inside: dict[int, list[Place]], found: Found) -> None:
    """Number the groups by their contributions, the most first; groups set aside and the ungrouped last."""
    held = {at: len({edition for edition, _place in places}) for at, places in inside.items()}
    order = sorted(range(len(groups)), key=lambda at: (groups[at].is_set_aside, -held.get(at, 0), at))
    for number, at in enumerate(order, 1):
        groups[at].number = number
    rest.number = len(groups) + 1
    Group.objects.bulk_update([*groups, rest], ["number", "stamp"], batch_size=200)


def _digest(found: Found) -> str:
    """Return the SHA-256 of all data that determine the groups."""
    hashed = hashlib.sha256(encoder_name().encode())
    material = found.material
    for at, place in enumerate(found.places):
        facts = (material.owners[at], place[1], material.languages[at], material.fixed[at], found.words[place])
        hashed.update(repr(facts).encode())
    hashed.update(numpy.ascontiguousarray(material.sentences).tobytes())
    hashed.update(numpy.ascontiguousarray(material.wholes).tobytes())
    return hashed.hexdigest()


#: Seconds of a piece, after which the worker runs other tasks.
PIECE_SECONDS = 15.0
#: Texts that are saved together, and seconds after which the vectors so far are saved: on a busy machine a text can
#: take long, since encoding has a low priority, and a task has less than two minutes.
AT_ONCE, AT_ONCE_SECONDS = 20, 4.0


def read_on(grouping: Grouping, *, goes_on: Callable[[], bool]) -> bool:
    """Encode texts for some seconds, and at least a few; return whether all of the period's are encoded.

    Stops when paused. Texts whose words were removed in the meantime are skipped.
    """
    texts = texts_of(grouping.summary)
    left = unread(texts)
    until = time.monotonic() + PIECE_SECONDS
    done = len(texts) - len(left)
    _progress(grouping, done, len(texts))
    while left:
        some = left[:AT_ONCE]
        also = _put_by_hand(grouping, [each.contribution_id for each in some])
        words = dict(contents(each.edition_id for each in some))
        rows = niced(partial(_read, some, words, also))
        left = left[len(rows) :]
        with writes():
            # Words erased during the encoding are dropped.
            public_editions = Edition.objects.filter(
                pk__in=rows, in_force=True, status=Edition.Status.PUBLISHED, text__erased_at=None
            )
            kept = {pk: rows[pk] for pk in public_editions.values_list("pk", flat=True) if rows[pk]}
            search_actions.save_vectors(VECTOR_KIND, kept, encoder=encoder_name())
            done += len(rows)
            _progress(grouping, done, len(texts))
        if not goes_on():
            return False
        if time.monotonic() > until:
            break
    return not left


def _read(
    texts: list[PeriodText], words: dict[int, str], also: dict[int, set[str]]
) -> dict[int, dict[int, search_actions.Row]]:
    """Return the vectors of as many of these texts as possible in some seconds, at least of the first."""
    until, rows = time.monotonic() + AT_ONCE_SECONDS, dict[int, dict[int, search_actions.Row]]()
    for each in texts:
        text = words.get(each.edition_id)  # words removed in the meantime cannot be encoded
        rows[each.edition_id] = embedded(text, also.get(each.contribution_id, ())) if text is not None else {}
        if time.monotonic() > until:
            break
    return rows


def _progress(grouping: Grouping, done: int, wanted: int) -> None:
    Grouping.objects.filter(pk=grouping.pk, run=grouping.run).update(done=done, wanted=wanted)


def _put_by_hand(grouping: Grouping, contribution_ids: list[int]) -> dict[int, set[str]]:
    """Return, by contribution, the words in groups that a person made."""
    put: dict[int, set[str]] = {}
    rows = Member.objects.filter(
        group__grouping=grouping, group__by_person=True, edition__contribution__in=contribution_ids
    )
    for contribution, words in rows.values_list("edition__contribution_id", "words"):
        put.setdefault(contribution, set()).add(words)
    return put
