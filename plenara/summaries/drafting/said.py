"""A sentence that somebody wrote, exactly as it stands in their contribution."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from plenara.contributions.models import Edition
from plenara.summaries.coverage import editions_of
from plenara.summaries.drafting.courtesies import is_courtesy
from plenara.summaries.models import Summary
from plenara.summaries.understanding.choosing import candidates


@dataclass(frozen=True)
class Said:
    """One sentence of an edition in force, and who wrote it."""

    edition: int
    contribution: int
    number: int  # of the contribution
    place: int  # of the sentence in it, from 1
    words: str
    language: str
    group: str  # stakeholder group
    thread: int  # number of the question
    campaign: int  # number under which the same words stand once; its own where they are its alone

    @property
    def key(self) -> tuple[int, str]:
        """What names it in a draft: the edition and the words."""
        return (self.edition, self.words)


def open_editions(summary: Summary) -> QuerySet[Edition]:
    """Return what a draft may draw on: the period's editions in force that nobody has set aside."""
    aside = summary.set_aside.values("edition__contribution_id")
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    return period.exclude(contribution__in=aside).order_by("number")


def sentences_of(summary: Summary, threads: Iterable[int] | None = None) -> list[Said]:
    """Return the sentences of a period that can stand for what somebody contributed, by number and place. One query.

    Of a campaign only the text under which it stands. `threads` are numbers of questions; without them, of all.
    """
    editions = open_editions(summary).filter(campaign_of=None, text__isnull=False)
    if threads is not None:
        editions = editions.filter(thread__number__in=list(threads))
    rows = editions.values_list(
        "pk", "contribution_id", "number", "text__content", "language", "stakeholder_group", "thread__number"
    )
    return [
        Said(pk, contribution, number, place, words, language, group, thread, number)
        for pk, contribution, number, content, language, group, thread in rows.iterator(chunk_size=500)
        for place, words in candidates(content)
        if not is_courtesy(words)
    ]


def one_each(said: Sequence[Said]) -> list[Said]:
    """Return the first sentence of each contribution, in the order given; a campaign counts as one."""
    first: dict[int, Said] = {}
    for each in said:
        first.setdefault(each.campaign, each)
    return list(first.values())
