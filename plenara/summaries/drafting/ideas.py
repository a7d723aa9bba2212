"""What several said: an idea, from the groups that were made by meaning, else from the words that sentences share."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush

from plenara.summaries.drafting.courtesies import is_courtesy
from plenara.summaries.drafting.nearness import gathered
from plenara.summaries.drafting.overlap import Words
from plenara.summaries.drafting.said import Said, one_each
from plenara.summaries.understanding.groups import GroupView

#: Sentences of a group that are near no other and are looked at all the same, for those whom nobody else hears.
MOST_ALONE = 40


@dataclass(frozen=True)
class Idea:
    """Sentences that say nearly the same, the most typical first, one of each contribution."""

    thread: int  # the question under which most of them stand
    said: tuple[Said, ...]
    contributions: int  # that hold it, those of campaigns counted each
    order: int  # its place among those it was found with
    topic: int = 0  # the number of the group that it is of; of none 0

    @cached_property
    def groups(self) -> frozenset[str]:
        """The stakeholder groups that hold it."""
        return frozenset(each.group for each in self.said)

    @property
    def rank(self) -> tuple[int, int, int]:
        """What comes first: held by more stakeholder groups, then by more contributions."""
        return (-len(self.groups), -self.contributions, self.order)


def idea_of(said: Sequence[Said], contributions: int, order: int, topic: int = 0) -> Idea:
    """Return sentences, the most typical first, as an idea."""
    voices = tuple(one_each(said))
    threads = Counter(each.thread for each in voices)
    return Idea(min(threads, key=lambda thread: (-threads[thread], thread)), voices, contributions, order, topic)


def from_groups(
    groups: Sequence[GroupView],
    left_out: set[int],
    also: Mapping[int, int] | None = None,
    gather: Callable[[Sequence[Said]], Iterable[list[Said]]] = gathered,
) -> list[Idea]:
    """Return the ideas of groups: within each, the sentences that are near the same one.

    What stands alone follows, the most typical of each group first. Groups that a person set aside are not there, nor
    contributions in `left_out` (ids). `also` says how many more contributions stand under a number, of a campaign.
    """
    shared: list[Idea] = []
    alone: list[Idea] = []
    for group in groups:
        said = [
            Said(
                each.edition_id, each.contribution_id, each.number, each.place, each.words, each.language,
                each.stakeholder_group, each.thread, each.campaign,
            )
            for each in group.members
            if each.contribution_id not in left_out and not is_courtesy(each.words)
        ]  # fmt: skip
        if group.is_set_aside or not said:
            continue
        lone = 0
        for near in gather(said):
            voices = one_each(near)
            held = sum(1 + (also or {}).get(each.campaign, 0) for each in voices)
            if len(voices) > 1 or held > 1:
                shared.append(idea_of(voices, held, len(shared), group.number))
            elif lone < MOST_ALONE:
                lone += 1
                alone.append(idea_of(voices, held, len(alone), group.number))
    return [*shared, *(replace(each, order=len(shared) + each.order) for each in alone)]


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
