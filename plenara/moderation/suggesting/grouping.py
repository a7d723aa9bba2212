"""Putting together what is nearly the same: three texts of three people, below one question, are a campaign.

Called in the transaction of the act that notices, by one at a time.
"""

from dataclasses import dataclass
from typing import Any

from plenara.moderation.models import Campaign, CampaignMember, Item, Suggestion
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import likeness
from plenara.moderation.suggesting.same import Likened

#: Texts, each of another author, that make a campaign.
FEWEST = 3


@dataclass(frozen=True)
class Match:
    """A text that is nearly the same as one that came in, and how much of it is shared."""

    version: Any
    likened: Likened
    percent: int

    @property
    def pk(self) -> int:
        return int(self.version.contribution_id)


def group(kind: str, version: Any, *, suggests: bool) -> dict[str, Any] | None:
    """Keep the bands of a version, group it with what is nearly the same, and return what a moderator is told of it."""
    thing = version.contribution
    likened = Likened.of(version.text.content)
    if not suggests:
        likeness.keep(kind, thing.pk, thing.consultation_id, likened.bands)
        return None
    leave(kind, thing.pk)
    matches = _matches(kind, version, likened)
    taken_out = CampaignMember.objects.filter(kind=kind, object_id=thing.pk).exists()
    own = Match(version, likened, 100)
    campaign = None if taken_out else _join(kind, own, matches) or _begin(kind, own, matches)
    if campaign:
        return {"campaign": campaign.pk}
    likeness.keep(kind, thing.pk, thing.consultation_id, likened.bands)
    for match in matches:
        _tell(kind, match.version, thing.pk, match.percent)
    return {"with": [[match.pk, match.percent] for match in matches]} if matches else None


def _matches(kind: str, version: Any, likened: Likened) -> list[Match]:
    """Return what is nearly the same, the oldest first. Two queries, whatever the size of the consultation."""
    thing = version.contribution
    if not likened.bands:
        return []
    near = likeness.candidates(kind, thing.consultation_id, likened.bands, thing.pk)
    found = []
    for other in KINDS[kind].standing(near).values():
        compared = Likened.of(other.text.content)
        shared = likened.shared_with(compared)
        if shared.is_same:
            found.append(Match(other, compared, shared.percent))
    return sorted(found, key=lambda match: match.pk)


def _place(match: Match) -> tuple[int, int | None]:
    """Return where a text stands: a page shows a campaign once, so all of it must stand in one place."""
    thing = match.version.contribution
    return thing.thread_id, thing.in_reply_to_id


def _join(kind: str, own: Match, matches: list[Match]) -> Campaign | None:
    """Let a text belong to a campaign whose first it is nearly the same as, if nothing else of its author does."""
    by_pk = {match.pk: match for match in matches if _place(match) == _place(own)}
    campaign = Campaign.objects.filter(kind=kind, first_id__in=by_pk).order_by("pk").first()
    if campaign is None:
        return None
    thing = own.version.contribution
    if thing.author_id:
        theirs = KINDS[kind].by_author(thing.author_id, thing.consultation_id)
        if campaign.members.filter(object_id__in=theirs).exists():
            return None
    _add(campaign, own, by_pk[campaign.first_id].percent)
    return campaign


def _begin(kind: str, own: Match, matches: list[Match]) -> Campaign | None:
    """Make a campaign of a text and of those that are nearly the same and stand in none yet."""
    known = CampaignMember.objects.filter(kind=kind, object_id__in=[match.pk for match in matches])
    theirs = set(known.values_list("object_id", flat=True))
    alike = [match for match in matches if match.pk not in theirs and _place(match) == _place(own)]
    alike = sorted([*alike, own], key=lambda match: match.pk)
    first, authors, members = alike[0], set(), []
    for match in alike:
        # What was entered for somebody has no author here: each counts as of another.
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
    likeness.keep(kind, first.pk, thing.consultation_id, first.likened.bands)
    return campaign


def _add(campaign: Campaign, match: Match, percent: int) -> None:
    CampaignMember.objects.create(campaign=campaign, kind=campaign.kind, object_id=match.pk, shared=percent)
    likeness.forget(campaign.kind, match.pk)  # the first stands for all
    _suggest(campaign.kind, match.version, {"campaign": campaign.pk})
    waits = Item.objects.filter(kind=campaign.kind, object_id=match.pk, version_id=match.version.pk)
    waits.filter(why=Item.Why.PENDING).update(campaign=campaign)


def _tell(kind: str, version: Any, other: int, percent: int) -> None:
    """Let a text know of one that came after it."""
    kept = Suggestion.objects.filter(kind=kind, version_id=version.pk, what=Suggestion.What.SAME).first()
    if kept and "campaign" in kept.details:
        return
    others = [each for each in (kept.details["with"] if kept else []) if each[0] != other]
    _suggest(kind, version, {"with": [*others, [other, percent]][: likeness.MOST]})


def _suggest(kind: str, version: Any, details: dict[str, Any]) -> None:
    Suggestion.objects.update_or_create(
        kind=kind,
        version_id=version.pk,
        what=Suggestion.What.SAME,
        defaults={"object_id": version.contribution_id, "details": details},
    )
    Item.objects.filter(kind=kind, object_id=version.contribution_id, version_id=version.pk).update(is_flagged=True)


def leave(kind: str, pk: int) -> None:
    """Let a thing that has other words now belong to no campaign. What a moderator took out stays known as such."""
    member = (
        CampaignMember.objects.filter(kind=kind, object_id=pk, taken_out_at=None).select_related("campaign").first()
    )
    if member:
        member.delete()
        Item.objects.filter(kind=kind, object_id=pk).update(campaign=None)
        pass_on(member.campaign, pk)


def pass_on(campaign: Campaign, pk: int) -> None:
    """Where a thing was the first of its campaign and is so no more, let the next one be it and stand for all."""
    likeness.forget(campaign.kind, pk)
    if campaign.first_id != pk:
        return
    members = campaign.members.filter(taken_out_at=None).exclude(object_id=pk).order_by("object_id")
    for some in (members[:50], members[50:1000]):
        standing = KINDS[campaign.kind].standing(some.values_list("object_id", flat=True))
        if standing:
            following = standing[min(standing)]
            campaign.first_id = following.contribution_id
            campaign.save(update_fields=["first_id"])
            bands = Likened.of(following.text.content).bands
            likeness.keep(campaign.kind, campaign.first_id, campaign.consultation_id, bands)
            return
