"""What several said: an idea, from the groups that were made by meaning, else from the words that sentences share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Protocol

from plenara.summaries.drafting.courtesies import is_courtesy
from plenara.summaries.drafting.nearness import Nearness
from plenara.summaries.drafting.overlap import Words
from plenara.summaries.drafting.said import Said, one_each
from plenara.summaries.understanding.groups import GroupView


class Near(Protocol):
    """Sentences compared each with each, by their places."""

    def same(self, at: int) -> list[int]: ...


@dataclass(frozen=True)
class Idea:
    """Sentences that say nearly the same, the most typical first, one of each contribution."""

    thread: int  # the question under which they stand
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


def from_groups(
    groups: Sequence[GroupView],
    left_out: set[int],
    most: int,
    also: Mapping[int, int] | None = None,
    near: Callable[[Sequence[Said]], Near] = Nearness,
) -> list[Idea]:
    """Return the ideas of a period whose sentences are grouped: each with the group that it is of.

    Groups that a person set aside are not there, nor contributions in `left_out` (ids). `also` says how many more
    contributions stand under a number, of a campaign.
    """
    topics: dict[Said, int] = {}
    for group in groups:
        for each in group.members:
            if group.is_set_aside or each.contribution_id in left_out or is_courtesy(each.words):
                continue
            said = Said(
                each.edition_id, each.contribution_id, each.number, each.place, each.words, each.language,
                each.stakeholder_group, each.thread, each.campaign,
            )  # fmt: skip
            topics[said] = 0 if group.is_rest else group.number
    return _ideas(sorted(topics, key=lambda each: (each.number, each.place)), most, topics, also or {}, near)


def from_words(said: Sequence[Said], most: int) -> list[Idea]:
    """Return the ideas of a period without groups: what is said in other words is another idea."""
    return _ideas(said, most, {}, {}, None)


def _ideas(
    said: Sequence[Said],
    most: int,
    topics: Mapping[Said, int],
    also: Mapping[int, int],
    near: Callable[[Sequence[Said]], Near] | None,
) -> list[Idea]:
    """Return up to `most` ideas a question: the sentences whose words its contributions share, one after another.

    Each with those that say the same, in its words or, by their vectors, in others. After each the words that were told
    weigh less. A stakeholder group none of whose sentences is among them comes last, with its most central one.
    """
    found: list[Idea] = []
    central: dict[str, Said] = {}  # by stakeholder group
    for thread in sorted({each.thread for each in said}):
        here = [each for each in said if each.thread == thread]
        words, compared = Words(here), near(here) if near else None
        for at in sorted(range(len(here)), key=lambda at: (-words.weight(at), at)):
            central.setdefault(here[at].group, here[at])
        taken: set[int] = set()
        for lead in islice(words.in_turn(taken), most):
            like = dict.fromkeys([lead, *words.like(lead), *(compared.same(lead) if compared else ())])
            some = [at for at in like if at not in taken]
            taken.update(some)
            voices = tuple(one_each([here[at] for at in some]))
            held = sum(1 + also.get(each.campaign, 0) for each in voices)
            found.append(Idea(thread, voices, held, len(found), topics.get(here[lead], 0)))
    heard = {each.group for idea in found for each in idea.said}
    for code, each in sorted(central.items()):
        if code not in heard:
            found.append(Idea(each.thread, (each,), 1, len(found), topics.get(each, 0)))
    return found
