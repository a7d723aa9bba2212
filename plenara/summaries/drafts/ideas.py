"""Ideas that several participants share, and the choice of ideas for a draft."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Protocol

from plenara.summaries.drafts.sentences import Nearness, Sentence, Words, is_courtesy, one_each
from plenara.summaries.groups.queries import GroupView


class Near(Protocol):
    """Pairwise comparison of sentences, by their places."""

    def same(self, at: int) -> list[int]: ...


@dataclass(frozen=True)
class Idea:
    """Sentences with nearly the same meaning, the most typical first, one of each contribution."""

    thread: int  # the question that they answer
    sentences: tuple[Sentence, ...]
    contributions: int  # that have it, counting each of a campaign
    order: int  # its place among the ideas found
    topic: int = 0  # the number of its group; 0 for none

    @cached_property
    def groups(self) -> frozenset[str]:
        """The stakeholder groups of its sentences."""
        return frozenset(each.group for each in self.sentences)

    @property
    def rank(self) -> tuple[int, int, int]:
        """The sort key: more stakeholder groups first, then more contributions."""
        return (-len(self.groups), -self.contributions, self.order)


def from_groups(
    groups: Sequence[GroupView],
    left_out: set[int],
    most: int,
    also: Mapping[int, int] | None = None,
    near: Callable[[Sequence[Sentence]], Near] = Nearness,
) -> list[Idea]:
    """Return the ideas of a period whose sentences are grouped, each with its group.

    Groups that a person set aside are left out, and so are contributions in `left_out` (ids). `also` has the number of
    further contributions of a campaign by the number of its first.
    """
    topics: dict[Sentence, int] = {}
    for group in groups:
        for each in group.members:
            if group.is_set_aside or each.contribution_id in left_out or is_courtesy(each.words):
                continue
            sentence = Sentence(
                each.edition_id, each.contribution_id, each.number, each.place, each.words, each.language,
                each.stakeholder_group, each.thread, each.campaign,
            )  # fmt: skip
            topics[sentence] = 0 if group.is_rest else group.number
    return _ideas(sorted(topics, key=lambda each: (each.number, each.place)), most, topics, also or {}, near)


def from_words(sentences: Sequence[Sentence], most: int) -> list[Idea]:
    """Return the ideas of a period without groups: other words are another idea."""
    return _ideas(sentences, most, {}, {}, None)


def _ideas(
    sentences: Sequence[Sentence],
    most: int,
    topics: Mapping[Sentence, int],
    also: Mapping[int, int],
    near: Callable[[Sequence[Sentence]], Near] | None,
) -> list[Idea]:
    """Return up to `most` ideas for each question: the sentences whose words its contributions share.

    Each comes with the sentences of the same meaning, by their words or their vectors. After each, its words weigh
    less. A stakeholder group without a sentence among them comes last, with its most central one.
    """
    found: list[Idea] = []
    central: dict[str, Sentence] = {}  # by stakeholder group
    for thread in sorted({each.thread for each in sentences}):
        here = [each for each in sentences if each.thread == thread]
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
    heard = {each.group for idea in found for each in idea.sentences}
    for code, each in sorted(central.items()):
        if code not in heard:
            found.append(Idea(each.thread, (each,), 1, len(found), topics.get(each, 0)))
    return found


#: Contributions that a statement cites, at most: as many as a person can read through before accepting it.
MOST_CITED = 6


def choose(
    ideas: Sequence[Idea], most: int, *, cites: Callable[[Idea], set[int]] | None = None, cited: Iterable[int] = ()
) -> list[Idea]:
    """Return at most `most` ideas in the order of a draft: by question, the most widespread first.

    They are chosen one after another: first the most widespread of each question, then of each stakeholder group
    without a citation (earlier if the remaining places are needed for them), then the most widespread, with less weight
    for questions and groups that have ideas already. The same ideas give the same draft.

    With `cites`, which returns the numbers of the contributions that an idea cites, each contribution is cited once;
    those in `cited` are already.
    """
    left = sorted(ideas, key=lambda idea: idea.rank)
    if cites:
        left = _without(left, set(cited))
    heard = {id(idea): frozenset(each.group for each in voices(idea)) for idea in left}
    silent = {group for groups in heard.values() for group in groups}
    unheard = {idea.thread for idea in left}
    taken: Counter[int] = Counter()  # by question
    taken_by_topic: Counter[int] = Counter()  # by group of like sentences
    chosen: list[Idea] = []
    while left and len(chosen) < most:
        needed = most - len(chosen) <= len(silent)
        best_worth: tuple[float, ...] = (-1.0,)
        for idea in left:  # the first of equals stays
            adds = len(heard[id(idea)] & silent)
            share = idea.contributions * len(idea.groups) / (1 + taken[idea.thread]) / (1 + taken_by_topic[idea.topic])
            worth = (adds if needed else 0, idea.thread in unheard, adds > 0 and not unheard, share)
            if worth > best_worth:
                best, best_worth = idea, worth
        left = [idea for idea in left if idea is not best]
        chosen.append(best)
        silent -= heard[id(best)]
        unheard.discard(best.thread)
        taken[best.thread] += 1
        taken_by_topic[best.topic] += best.topic > 0
        if cites:
            left = _without(left, cites(best))
            heard = {id(idea): frozenset(each.group for each in voices(idea)) for idea in left}
            silent &= {group for groups in heard.values() for group in groups}
            unheard &= {idea.thread for idea in left}
    return sorted(chosen, key=lambda idea: (idea.thread, idea.rank))


def _without(ideas: Sequence[Idea], cited: set[int]) -> list[Idea]:
    """Return ideas without the sentences of cited contributions. Ideas without any sentence left are dropped."""
    found = []
    for idea in ideas:
        sentences = tuple(each for each in idea.sentences if each.campaign not in cited)
        if len(sentences) == len(idea.sentences):
            found.append(idea)
        elif sentences:
            gone = len(idea.sentences) - len(sentences)
            found.append(
                replace(idea, sentences=sentences, contributions=max(idea.contributions - gone, len(sentences)))
            )
    return found


def voices(idea: Idea, most: int = MOST_CITED) -> list[Sentence]:
    """Return the sentences that represent an idea: the most typical, then those that add a group or a language."""
    chosen, left = [idea.sentences[0]], list(idea.sentences[1 : most * 8])
    seldom = {group: each for each in reversed(idea.sentences) for group in [each.group]}  # the first of each group
    left += [each for each in seldom.values() if each not in left and each is not chosen[0]]
    while left and len(chosen) < most:
        groups = {each.group for each in chosen}
        languages = {each.language for each in chosen}
        best = max(left, key=lambda each: 2 * (each.group not in groups) + (each.language not in languages))
        left.remove(best)
        chosen.append(best)
    return chosen
