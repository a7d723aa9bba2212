"""Saving the suggestions of a machine about a text; near-duplicate texts, how to find them, and grouping three of them
as a campaign.
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from plenara.accounts import queries
from plenara.contributions.models import Contribution, Version
from plenara.contributions.queries.submissions import CURRENT, current_versions, is_quarantined
from plenara.core.life_cycle import Moderated, State
from plenara.core.rows import Json
from plenara.core.tasks import task
from plenara.core.text import plain
from plenara.core.transaction import writes, writing
from plenara.moderation.kinds import KINDS, latest_version
from plenara.moderation.models import Campaign, CampaignMember, Item, Likeness, Suggestion
from plenara.moderation.queries import hints
from plenara.search.entries import Array

ROWS, BANDS = 2, 20
#: Percent that two near-duplicates must share.
LEAST = 80
#: Shorter texts are not compared: thousands share four words and are no campaign.
FEWEST_UNITS = 8
#: A change of so few units can reverse a sentence's meaning.
SHORT_CHANGE = 4

_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+(?:[’'][^\W_]+)*")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# Vowel marks and the stretching line of Arabic, which some people write and some do not.
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىة", "اااايه")

#: Words that reverse a sentence's meaning, in our six languages: a text with one more of them is another text,
#: however much it shares. Chinese has them as characters, Arabic also with its prefixes.
_TURNS = frozenset(
    word
    for words in (
        "no not never none neither nor without cannot against unless except",
        "oppose opposes opposed reject rejects refuse disagree support supports agree accept",
        "ne n pas jamais aucun aucune sans ni non contre sauf refuse refusons opposons rejetons soutenons acceptons",
        "nunca jamás tampoco sin ningún ninguna contra salvo rechazamos rechazo apoyamos apoyo aceptamos",
        "не нет ни без никогда никакой против отвергаем возражаем поддерживаем",
        "لا لن لم ليس ليست غير بدون دون ولا ولن ولم ضد نرفض نعارض نويد ندعم الا",
        "不 没 無 无 非 未 勿 别 莫 否 反",
    )
    for word in words.split()
)
_CONTRACTED = re.compile(r"^n[’'](?=.)")


def units(text: str) -> list[str]:
    """Return the units of a text that are compared: words without case, accents of writing and marks."""
    text = unicodedata.normalize("NFKC", plain(text)).casefold().replace("’", "'")
    text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return _UNIT.findall(text)


@dataclass(frozen=True)
class Likened:
    """A text prepared for comparisons."""

    units: list[str]

    @classmethod
    def of(cls, text: str) -> "Likened":
        return cls(units(text))

    @cached_property
    def length(self) -> int:
        """The number of units in a run."""
        wide = sum(1 for unit in self.units if _WIDE.match(unit))
        return 5 if wide * 2 > len(self.units) else 3

    @cached_property
    def runs(self) -> list[str]:
        return [" ".join(self.units[at : at + self.length]) for at in range(len(self.units) - self.length + 1)]

    @property
    def is_comparable(self) -> bool:
        """Whether the text is long enough to be compared."""
        return len(self.units) >= FEWEST_UNITS * (2 if self.length == 5 else 1)

    @cached_property
    def bands(self) -> list[int]:
        """The bands of its signature, each a signed 64-bit number; none for a text that is too short."""
        return _bands(self.runs) if self.is_comparable else []

    def shared_with(self, other: "Likened") -> "Shared":
        """Return how much two texts share, and whether a small change reverses the meaning."""
        if self.units == other.units:
            return Shared(100, turned=False)
        if not self.runs or not other.runs:
            return Shared(0, turned=False)
        own, others = self._outside(other), other._outside(self)
        share = min(_percent(self.units, own), _percent(other.units, others))
        return Shared(share, turned=_turns(own) != _turns(others))

    def _outside(self, other: "Likened") -> list[list[str]]:
        """Return the pieces of this text that are in no run of the other."""
        left = Counter(other.runs)
        covered = bytearray(len(self.units))
        for at, run in enumerate(self.runs):
            if left[run]:
                left[run] -= 1
                covered[at : at + self.length] = b"\1" * self.length
        pieces: list[list[str]] = []
        for unit, inside, before in zip(self.units, covered, b"\1" + covered, strict=False):
            if not inside:
                if before:
                    pieces.append([])
                pieces[-1].append(unit)
        return pieces


@dataclass(frozen=True)
class Shared:
    """The percentage of words that two texts share; and whether they contradict each other somewhere, word for word."""

    percent: int
    turned: bool

    @property
    def is_same(self) -> bool:
        return self.percent >= LEAST and not self.turned


def _percent(all_of: Sequence[str], outside: list[list[str]]) -> int:
    inside = len(all_of) - sum(map(len, outside))
    return inside * 100 // len(all_of)


def _turns(pieces: list[list[str]]) -> Counter[str]:
    """Return the words that reverse a sentence's meaning, where a change is too short to be a sentence of its own."""
    words = (unit for piece in pieces if len(piece) <= SHORT_CHANGE for unit in piece)
    return Counter(word for unit in words for word in _turning(unit))


def _turning(unit: str) -> list[str]:
    if unit in _TURNS or unit.endswith("n't"):
        return ["not" if unit.endswith("n't") or unit in {"cannot", "not"} else unit]
    return ["ne"] if _CONTRACTED.match(unit) else []


def _bands(runs: list[str]) -> list[int]:
    import numpy

    hashes = numpy.fromiter({zlib.crc32(run.encode()) for run in runs}, dtype=numpy.uint64)
    # Multiply and shift (Dietzfelbinger): odd factors reorder all runs, the upper half of the product is even.
    factors = _factors()
    firsts = ((hashes[None, :] * factors[:, :1] + factors[:, 1:]) >> numpy.uint64(32)).min(axis=1)
    high, low = firsts[0::ROWS], firsts[1::ROWS]
    # The position of a band is part of its number, or texts would match in bands of different positions.
    place = numpy.arange(1, BANDS + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    mixed = ((high << numpy.uint64(32)) | low) * numpy.uint64(0xBF58476D1CE4E5B9) + place
    return [int(each) for each in mixed.astype(numpy.int64)]


def _factors() -> Array:
    """Return the forty pairs of numbers that order the runs. Never change them: stored bands would become useless."""
    import numpy

    state, numbers = 0x243F6A8885A308D3, []
    for _each in range(ROWS * BANDS * 2):  # SplitMix64
        state = (state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
        numbers.append((mixed ^ (mixed >> 31)) | 1)
    return numpy.array(numbers, dtype=numpy.uint64).reshape(-1, 2)


#: Texts that are compared in full with a new one: those that share most bands with it.
MOST_CANDIDATES = 20
#: Rows that are read for it: hundreds share a band only where somebody writes texts to be matched.
MOST_ROWS = 20_000
#: The number of our advisory lock in the database.
_LOCK = 20_030


def lock_likeness(consultation_id: int) -> None:
    """Serialize the comparison of texts in a consultation, until the transaction ends.

    Two copies that are sent at the same time must see each other. On SQLite the write lock ensures that already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, consultation_id])


def save_likeness(kind: str, pk: int, consultation_id: int, bands: Iterable[int]) -> None:
    """Save the bands of a text in place of the earlier ones of its thing."""
    delete_likeness(kind, pk)
    Likeness.objects.bulk_create(
        Likeness(kind=kind, object_id=pk, consultation_id=consultation_id, band=band) for band in bands
    )


def delete_likeness(kind: str, pk: int) -> None:
    """Delete the bands of a text: it was erased, withdrawn, or rejected long ago."""
    Likeness.objects.filter(kind=kind, object_id=pk).delete()


def like_candidates(kind: str, consultation_id: int, bands: list[int], but: int) -> list[int]:
    """Return the things that share bands with a text, those with most bands first. One query."""
    # Counted here: grouped by thing, SQLite would walk through the index of all things.
    found = Likeness.objects.filter(consultation_id=consultation_id, band__in=bands).values_list("kind", "object_id")
    shared = Counter(pk for of, pk in found[:MOST_ROWS] if of == kind and pk != but)
    return sorted(shared, key=lambda pk: (-shared[pk], pk))[:MOST_CANDIDATES]


def rebuild_likeness(kind: str, consultation_id: int, pks: Iterable[int]) -> None:
    """Save the bands of contributions again, as after an import."""
    for pk, version in current_versions(pks).items():
        save_likeness(kind, pk, consultation_id, Likened.of(version.text.content).bands)


#: Texts of an import that are compared in one transaction: short enough for other writers in between.
LEARNED_AT_ONCE = 200


@task
def learn(*, of: str, consultation_id: int, after: int = 0) -> None:
    """Save the bands of imported contributions, some hundred at a time, so that new ones are compared with them."""
    found = Contribution.objects.filter(consultation_id=consultation_id, state=State.PUBLISHED, pk__gt=after)
    published = list(found.order_by("pk").values_list("pk", flat=True)[:LEARNED_AT_ONCE])
    if not published:
        return
    with writes():
        rebuild_likeness(of, consultation_id, published)
        last = published[-1]
        key = f"learn-{of}-{consultation_id}-{last}"
        learn.using(key=key).enqueue(of=of, consultation_id=consultation_id, after=last)


#: Texts, each of another author, that form a campaign.
FEWEST = 3


@dataclass(frozen=True)
class Match:
    """A text that is nearly the same as a new one, and the percentage that they share."""

    version: Version
    likened: Likened
    percent: int

    @property
    def pk(self) -> int:
        return int(self.version.contribution_id)


def group(kind: str, version: Version, *, suggests: bool) -> dict[str, object] | None:
    """Save the bands of a version, group it with near-duplicates, and return the suggestion for the moderator."""
    thing = version.contribution
    likened = Likened.of(version.text.content)
    if not suggests:
        save_likeness(kind, thing.pk, thing.consultation_id, likened.bands)
        return None
    leave(kind, thing.pk)
    matches = _matches(kind, version, likened)
    taken_out = CampaignMember.objects.filter(kind=kind, object_id=thing.pk).exists()
    own = Match(version, likened, 100)
    campaign = None if taken_out else _join(kind, own, matches) or _begin(kind, own, matches)
    if campaign:
        return {"campaign": campaign.pk}
    save_likeness(kind, thing.pk, thing.consultation_id, likened.bands)
    for match in matches:
        _notify(kind, match.version, thing.pk, match.percent)
    return {"with": [[match.pk, match.percent] for match in matches]} if matches else None


def _matches(kind: str, version: Version, likened: Likened) -> list[Match]:
    """Return the near-duplicates, the oldest first. Two queries, whatever the size of the consultation."""
    thing = version.contribution
    if not likened.bands:
        return []
    near = like_candidates(kind, thing.consultation_id, likened.bands, thing.pk)
    found = []
    for other in current_versions(near).values():
        compared = Likened.of(other.text.content)
        shared = likened.shared_with(compared)
        if shared.is_same:
            found.append(Match(other, compared, shared.percent))
    return sorted(found, key=lambda match: match.pk)


def _place(match: Match) -> tuple[int, int | None]:
    """Return where a text is: a page shows a campaign once, so all of it must be in one place."""
    thing = match.version.contribution
    return thing.thread_id, thing.in_reply_to_id


def _join(kind: str, own: Match, matches: list[Match]) -> Campaign | None:
    """Add a text to the campaign of a near-duplicate, unless it has another text of the same author."""
    by_pk = {match.pk: match for match in matches if _place(match) == _place(own)}
    campaign = Campaign.objects.filter(kind=kind, first_id__in=by_pk).order_by("pk").first()
    if campaign is None:
        return None
    thing = own.version.contribution
    if thing.author_id:
        theirs = KINDS[kind].of_author(thing.author_id).values("pk")
        if campaign.members.filter(object_id__in=theirs).exists():
            return None
    _add(campaign, own, by_pk[campaign.first_id].percent)
    return campaign


def _begin(kind: str, own: Match, matches: list[Match]) -> Campaign | None:
    """Create a campaign of a text and its near-duplicates that are in none yet."""
    known = CampaignMember.objects.filter(kind=kind, object_id__in=[match.pk for match in matches])
    theirs = set(known.values_list("object_id", flat=True))
    alike = [match for match in matches if match.pk not in theirs and _place(match) == _place(own)]
    alike = sorted([*alike, own], key=lambda match: match.pk)
    first, authors, members = alike[0], set(), []
    for match in alike:
        # An entry on behalf of another person has no author here: each counts as a different one.
        author = match.version.contribution.author_id or -match.pk
        shared = first.likened.shared_with(match.likened)
        if shared.is_same and author not in authors:
            authors.add(author)
            members.append((match, shared.percent))
    if len(members) < FEWEST or own not in [match for match, _percent in members]:
        return None
    thing = own.version.contribution
    campaign = Campaign.objects.create(consultation_id=thing.consultation_id, kind=kind, first_id=first.pk)
    for match, percent in members:
        _add(campaign, match, percent)
    save_likeness(kind, first.pk, thing.consultation_id, first.likened.bands)
    return campaign


def _add(campaign: Campaign, match: Match, percent: int) -> None:
    CampaignMember.objects.create(campaign=campaign, kind=campaign.kind, object_id=match.pk, shared=percent)
    delete_likeness(campaign.kind, match.pk)  # the first represents all
    _suggest(campaign.kind, match.version, {"campaign": campaign.pk})
    rows = Item.objects.filter(kind=campaign.kind, object_id=match.pk, version_id=match.version.pk)
    rows.filter(why=Item.Why.PENDING).update(campaign=campaign)


def _notify(kind: str, version: Version, other: int, percent: int) -> None:
    """Add a suggestion to a text about one that came after it."""
    saved = Suggestion.objects.filter(kind=kind, version_id=version.pk, what=Suggestion.What.SAME).first()
    if saved and "campaign" in saved.details:
        return
    others = [each for each in (saved.details["with"] if saved else []) if each[0] != other]
    _suggest(kind, version, {"with": [*others, [other, percent]][:MOST_CANDIDATES]})


def _suggest(kind: str, version: Version, details: Json) -> None:
    Suggestion.objects.update_or_create(
        kind=kind,
        version_id=version.pk,
        what=Suggestion.What.SAME,
        defaults={"object_id": version.contribution_id, "details": details},
    )
    Item.objects.filter(kind=kind, object_id=version.contribution_id, version_id=version.pk).update(is_flagged=True)


def leave(kind: str, pk: int) -> None:
    """Remove a thing whose text has changed from its campaign. A moderator's removal stays recorded."""
    member = (
        CampaignMember.objects.filter(kind=kind, object_id=pk, taken_out_at=None).select_related("campaign").first()
    )
    if member:
        member.delete()
        Item.objects.filter(kind=kind, object_id=pk).update(campaign=None)
        pass_on(member.campaign, pk)


def pass_on(campaign: Campaign, pk: int) -> None:
    """Replace the first of a campaign, if it no longer is the first, by the next one."""
    delete_likeness(campaign.kind, pk)
    if campaign.first_id != pk:
        return
    members = campaign.members.filter(taken_out_at=None).exclude(object_id=pk).order_by("object_id")
    for some in (members[:50], members[50:1000]):
        versions = current_versions(some.values_list("object_id", flat=True))
        if versions:
            following = versions[min(versions)]
            campaign.first_id = following.contribution_id
            campaign.save(update_fields=["first_id"])
            bands = Likened.of(following.text.content).bands
            save_likeness(campaign.kind, campaign.first_id, campaign.consultation_id, bands)
            return


@task
def make_suggestions(*, of: str, version_id: int) -> None:
    """Create the suggestions for a version of this kind."""
    version = KINDS[of].load([version_id]).get(version_id)
    if version is not None:
        notice(kind=of, version_id=version_id, found=hints.find(of, version))


@writing
def notice(*, kind: str, version_id: int, found: dict[str, Json]) -> bool:
    """Save the suggestions for a version, and group it with near-duplicates; return whether it still exists.

    A second call changes nothing: existing groups stay.
    """
    version = KINDS[kind].load([version_id]).get(version_id)
    if version is None:
        return False
    thing = version.thing
    lock_likeness(thing.consultation_id)
    latest = latest_version(thing, *CURRENT)
    if thing.state not in CURRENT or latest is None or latest.pk != version_id:
        return False  # withdrawn or sent again in the meantime
    saved = Suggestion.objects.filter(kind=kind, object_id=thing.pk)
    if not saved.filter(version_id=version_id, what=Suggestion.What.SAME).exists():
        saved.filter(what=Suggestion.What.SAME).delete()
        suggests = Suggestion.What.SAME not in thing.consultation.suggestions_off
        compares = Suggestion.What.SAME in KINDS[kind].hints
        if compares and (same := group(kind, version, suggests=suggests)):
            found = {**found, Suggestion.What.SAME.value: same}
    saved.exclude(version_id=version_id, what=Suggestion.What.SAME).exclude(
        version_id=version_id, what__in=found
    ).delete()
    for what, details in found.items():
        Suggestion.objects.update_or_create(
            kind=kind, version_id=version_id, what=what, defaults={"object_id": thing.pk, "details": details}
        )
    _quarantine(kind, thing)
    flagged = Suggestion.objects.filter(kind=kind, version_id=version_id).exists()
    Item.objects.filter(kind=kind, object_id=thing.pk, version_id=version_id).update(is_flagged=flagged)
    return True


def _quarantine(kind: str, thing: Moderated) -> None:
    """Quarantine the pending texts of all accounts created in bulk with the author's: the first passed unnoticed."""
    if kind == "contribution" and thing.author and is_quarantined(thing.author, thing.consultation):
        company = queries.sign_ups_around(thing.author).values("pk")
        rows = Item.objects.filter(kind=kind, consultation=thing.consultation, why=Item.Why.PENDING, in_bulk=False)
        rows.filter(author__in=company, by_newcomer=True).update(in_bulk=True)
