"""The coverage of a period: cited, set aside, read or not, by group, language, country, channel and question."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import Channel, Edition
from plenara.documents.models import Citation
from plenara.summaries.models import Summary

CITED, SET_ASIDE, LEFT = "cited", "set_aside", "left"


class Covered(NamedTuple):
    """A contribution of the period, and its status. A period has thousands, so the row is small."""

    edition_id: int
    contribution_id: int
    number: int
    group: str
    language: str
    thread: int
    country: str
    channel: str
    status: str  # cited, set_aside, left
    is_read: bool  # somebody marked it as read, cited it, or set it aside


@dataclass(frozen=True)
class Share:
    """The coverage of a group, a language, a country, a channel or a question."""

    key: str | int
    all: int
    cited: int
    set_aside: int
    read: int

    @property
    def left(self) -> int:
        return self.all - self.cited - self.set_aside

    @property
    def is_left_out(self) -> bool:
        """Whether none of its contributions is cited."""
        return self.cited == 0


@dataclass(frozen=True)
class Coverage:
    """The contributions of a period by number, with the status of each."""

    contributions: list[Covered]
    #: The contributions of the same campaign, by the id of each: they have one text.
    campaigns: dict[int, list[int]] = field(default_factory=dict)

    @cached_property
    def by_contribution(self) -> dict[int, Covered]:
        return {each.contribution_id: each for each in self.contributions}

    @cached_property
    def all(self) -> int:
        return len(self.contributions)

    def of(self, status: str) -> list[Covered]:
        """Return those that are cited, set aside or left."""
        return [each for each in self.contributions if each.status == status]

    @cached_property
    def cited(self) -> int:
        return len(self.of(CITED))

    @cached_property
    def set_aside(self) -> int:
        return len(self.of(SET_ASIDE))

    @cached_property
    def left(self) -> int:
        return len(self.of(LEFT))

    @cached_property
    def unread(self) -> int:
        return sum(not each.is_read for each in self.contributions)

    @cached_property
    def ticks(self) -> str:
        """One character a contribution, 1 where it is cited."""
        return "".join("1" if each.status == CITED else "0" for each in self.contributions)

    @cached_property
    def groups(self) -> list[Share]:
        return self._shares(lambda each: each.group)

    @cached_property
    def languages(self) -> list[Share]:
        return self._shares(lambda each: each.language)

    @cached_property
    def countries(self) -> list[Share]:
        return self._shares(lambda each: each.country)

    @cached_property
    def channels(self) -> list[Share]:
        return self._shares(lambda each: each.channel)

    @cached_property
    def threads(self) -> list[Share]:
        return sorted(self._shares(lambda each: each.thread), key=lambda share: int(share.key))

    def _shares(self, of: Callable[[Covered], str | int]) -> list[Share]:
        """Return the shares by the property that `of` names, the largest first."""
        counts: dict[str | int, list[int]] = {}
        for each in self.contributions:
            count = counts.setdefault(of(each), [0, 0, 0, 0])
            count[0] += 1
            count[1] += each.status == CITED
            count[2] += each.status == SET_ASIDE
            count[3] += each.is_read
        shares = [Share(key, *count) for key, count in counts.items()]
        return sorted(shares, key=lambda share: (-share.all, str(share.key)))

    def figures(self) -> dict[str, object]:
        """Return the figures for the record."""
        return {
            "ticks": self.ticks,
            "groups": {str(share.key): [share.all, share.cited] for share in self.groups},
            "languages": {str(share.key): share.all for share in self.languages},
            "by_language": {str(share.key): [share.all, share.cited] for share in self.languages},
            "countries": {str(share.key): [share.all, share.cited] for share in self.countries},
            "channels": {str(share.key): [share.all, share.cited] for share in self.channels},
            "threads": {str(share.key): [share.all, share.cited] for share in self.threads},
        }


def editions_of(
    consultation: Consultation, period_from: datetime.datetime, period_to: datetime.datetime
) -> QuerySet[Edition]:
    """Return the editions in force of contributions first published in a period; undated ones by their import."""
    period = (period_from, period_to)
    dated = Q(contribution__editions__published_at__range=period)
    undated = Q(contribution__editions__published_at=None, contribution__editions__minted_at__range=period)
    return Edition.objects.filter(
        dated | undated,
        contribution__editions__revision=0,
        consultation=consultation,
        in_force=True,
        status=Edition.Status.PUBLISHED,
    )


def coverage(summary: Summary) -> Coverage:
    """Return the coverage of a summary's period, by number. Four queries."""
    cited = set(
        Citation.objects.filter(paragraph__document_id=summary.document_id).values_list(
            "edition__contribution_id", flat=True
        )
    )
    set_aside = set(summary.set_aside.values_list("edition__contribution_id", flat=True))
    read = set(summary.read_marks.values_list("edition__contribution_id", flat=True))
    rows = (
        editions_of(summary.consultation, summary.period_from, summary.period_to)
        .order_by("number")
        .values_list(
            "pk", "contribution_id", "number", "stakeholder_group", "language", "thread__number", "byline__country",
            "channel", "campaign_of",
        )
    )  # fmt: skip
    contributions = [(*row[:6], row[6] or "", row[7] or Channel.WEB, row[8]) for row in rows]
    # A campaign has one text: citing one of its contributions cites all of them.
    campaigns = {row[1]: row[8] or row[2] for row in contributions}
    cited_campaigns = {campaigns[key] for key in cited & campaigns.keys()}
    aside_campaigns = {campaigns[key] for key in set_aside & campaigns.keys()}
    cited |= {key for key, campaign in campaigns.items() if campaign in cited_campaigns}
    set_aside |= {key for key, campaign in campaigns.items() if campaign in aside_campaigns}
    read |= cited | set_aside
    mates: dict[int, list[int]] = {}
    for key, campaign in campaigns.items():
        mates.setdefault(campaign, []).append(key)
    return Coverage(
        [Covered(*row[:8], _part_of(row[1], cited, set_aside), row[1] in read) for row in contributions],
        {key: mates[campaign] for key, campaign in campaigns.items() if len(mates[campaign]) > 1},
    )


def _part_of(contribution_id: int, cited: set[int], set_aside: set[int]) -> str:
    if contribution_id in cited:
        return CITED
    return SET_ASIDE if contribution_id in set_aside else LEFT
