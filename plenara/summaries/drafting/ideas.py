"""What several said: an idea, from the groups that were made by meaning, else from the words that sentences share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

from plenara.summaries.drafting.overlap import Words
from plenara.summaries.drafting.said import Said, one_each
from plenara.summaries.understanding.groups import GroupView

#: Sentences that are like no other and are looked at all the same, for a stakeholder group that nobody else hears.
MOST_ALONE = 400


@dataclass(frozen=True)
class Idea:
    """Sentences that say nearly the same, the most typical first, one of each contribution."""

    thread: int  # the question under which most of them stand
    said: tuple[Said, ...]
    contributions: int  # that hold it, those of campaigns counted each
    order: int  # its place among those it was found with

    @cached_property
    def groups(self) -> frozenset[str]:
        """The stakeholder groups that hold it."""
        return frozenset(each.group for each in self.said)

    @property
    def rank(self) -> tuple[int, int, int]:
        """What comes first: held by more stakeholder groups, then by more contributions."""
        return (-len(self.groups), -self.contributions, self.order)


def idea_of(said: Sequence[Said], contributions: int, order: int) -> Idea:
    """Return sentences, the most typical first, as an idea."""
    voices = tuple(one_each(said))
    threads = Counter(each.thread for each in voices)
    return Idea(min(threads, key=lambda thread: (-threads[thread], thread)), voices, contributions, order)


def from_groups(groups: Sequence[GroupView], left_out: set[int]) -> list[Idea]:
    """Return the ideas of groups; what is like nothing else follows, sentence by sentence.

    Groups that a person set aside are not there, nor contributions in `left_out` (ids).
    """
    found: list[Idea] = []
    for group in groups:
        said = [
            Said(
                each.edition_id, each.contribution_id, each.number, each.place, each.words, each.language,
                each.stakeholder_group, each.thread, each.campaign,
            )
            for each in group.members
            if each.contribution_id not in left_out
        ]  # fmt: skip
        if group.is_set_aside or not said:
            continue
        if group.is_rest:
            found += [idea_of([each], 1, len(found)) for each in one_each(said)[:MOST_ALONE]]
        else:
            gone = len({each.contribution_id for each in group.members} & left_out)
            found.append(idea_of(said, max(group.contributions - gone, 1), len(found)))
    return found


def from_words(said: Sequence[Said], most: int) -> list[Idea]:
    """Return up to `most` ideas a question: its most central sentences by the words that its contributions share.

    Each with the sentences of others that are like it. After each the words that were told weigh less.
    """
    found: list[Idea] = []
    for thread in sorted({each.thread for each in said}):
        words = Words([each for each in said if each.thread == thread])
        # Weights only fall: what was central when it was put here is looked at again before it is taken.
        heap = [(-words.weight(at), at) for at in range(len(words.said))]
        heapify(heap)
        taken: set[int] = set()
        turns = 0
        while heap and turns < most:
            before, lead = heappop(heap)
            if lead in taken:
                continue
            if -words.weight(lead) > before:
                heappush(heap, (-words.weight(lead), lead))
                continue
            like = [lead, *(at for at in words.like(lead) if at not in taken)]
            taken.update(like)
            voices = one_each([words.said[at] for at in like])
            found.append(idea_of(voices, len(voices), len(found)))
            words.told(lead)
            turns += 1
    return found
